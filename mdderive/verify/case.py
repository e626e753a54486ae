"""The ground on which trees are compared: their context, what varies, and the points drawn so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mdderive.context import Constraint, Context
from mdderive.tree import Expr
from mdderive.verify.algebra import Algebra
from mdderive.verify.contents import Contents
from mdderive.verify.evaluate import Scope
from mdderive.verify.field import Field, Modular, digest
from mdderive.verify.point import Point
from mdderive.verify.premises import settled
from mdderive.verify.real import Real
from mdderive.verify.sample import Draw, Sizes, sizings


@dataclass(frozen=True, slots=True)
class Case:
    """The trees of a claim with all that is the same for each of them, and the points already drawn."""

    trees: tuple[Expr, ...]
    context: Context
    contents: Contents
    varying: frozenset[str]
    key: int
    seed: int
    thorough: bool
    positive: frozenset[str]
    whole: frozenset[str]
    points: dict[tuple[object, ...], Point] = field(default_factory=dict)

    def sizings(self, lowest: int, extra: tuple[Constraint, ...] = ()) -> Iterator[dict[str, int]]:
        """Yield sizes to try, the natural ones first."""
        few = "products" in self.contents.kinds(*self.trees)
        return sizings(
            self.contents.sizes(*self.trees), (*self.context.constraints, *extra), few=few and lowest > 2, lowest=lowest
        )

    def point(self, number: int | str, sizes: Sizes, index: int, *, positive: bool = False) -> Point:
        """Return the draw `index` at these sizes, modulo the prime `number` or with that many digits."""
        name = (number, tuple(sizes.items()), index, positive)
        if name not in self.points:
            key = digest(self.key, *name)
            over: Field = Modular(number, key) if isinstance(number, int) else Real(int(number), key)
            self.points[name] = Point(Scope(self.draw(Algebra(over), sizes, key, index, positive=positive), self.contents))
        return self.points[name]

    def draw(self, algebra: Algebra, sizes: Sizes, key: int, index: int, *, positive: bool = False) -> Draw:
        """Return a draw for the letters of the claim."""
        forced = self.contents.letters_of(*self.trees) if positive else self.positive
        return Draw(
            algebra,
            sizes,
            self.context,
            self.varying,
            key,
            index,
            forced,
            self.whole,
            self.contents.residuals,
        )


def case_of(
    trees: Sequence[Expr],
    context: Context,
    *,
    varying: frozenset[str] | None = None,
    seed: int = 0,
    thorough: bool = False,
    text: str = "",
) -> Case:
    """Return the ground on which these trees are compared; raises `Unsupported` for a premise that cannot be sampled."""
    context, residuals = settled(context)
    contents = Contents(context, residuals)
    if varying is None:
        letters = contents.letters_of(*trees)
        fixed = {name for name, symbol in context.symbols.items() if "constant" in symbol.properties}
        varying = letters - fixed - context.definitions.keys() - context.unknown.keys()
    said = sorted((s.name, str(s.shape), *sorted(s.properties)) for s in context.symbols.values())
    return Case(
        tuple(trees),
        context,
        contents,
        varying,
        digest(seed, text, said),
        seed,
        thorough,
        contents.positive_letters(*trees),
        contents.whole_numbers(*trees),
    )
