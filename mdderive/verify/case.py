"""The ground on which trees are compared: their context, what varies, and the points drawn so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from mdderive.context import Constraint, Context
from mdderive.tree import Expr
from mdderive.verify.algebra import Algebra
from mdderive.verify.contents import Contents
from mdderive.verify.degree import Degree, degree
from mdderive.verify.evaluate import Scope
from mdderive.verify.field import Field, Modular, digest
from mdderive.verify.point import Point
from mdderive.verify.premises import settled
from mdderive.verify.real import Real
from mdderive.verify.sample import Draw, Sizes, sizings

SIZINGS_TRIED = 10


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
    whole: frozenset[str]
    bits: list[int] = field(default_factory=list)
    points: dict[tuple[object, ...], Point] = field(default_factory=dict)
    tried: dict[int, tuple[dict[str, int], ...]] = field(default_factory=dict)
    degrees: dict[tuple[int, ...], dict[Expr, Degree]] = field(default_factory=dict)

    def sizings(self, lowest: int, extra: tuple[Constraint, ...] = ()) -> Iterator[dict[str, int]]:
        """Yield sizes to try, the natural ones first."""
        few = "products" in self.contents.kinds(*self.trees)
        return sizings(
            self.contents.sizes(*self.trees), (*self.context.constraints, *extra), few=few and lowest > 2, lowest=lowest
        )

    def few_sizings(self, lowest: int) -> tuple[dict[str, int], ...]:
        """Return as many sizes as are tried, the same for every line."""
        if lowest not in self.tried:
            self.tried[lowest] = tuple(islice(self.sizings(lowest), SIZINGS_TRIED))
        return self.tried[lowest]

    def degree(self, e: Expr, sizes: Sizes) -> int:
        """Return a bound for the degree of a tree, denominators cleared."""
        return degree(e, self.contents, sizes, self.degrees.setdefault(tuple(sizes.values()), {})).whole

    def point(
        self, number: int | str, sizes: Sizes, index: int, *, positive: tuple[str, ...] | None = None, scale: int = 1
    ) -> Point:
        """Return the draw `index` at these sizes, modulo the prime `number` or with that many digits.

        `positive` names letters that are taken positive (those that must be, if None); `scale` is the size of real numbers.
        """
        if positive is None:
            positive = tuple(sorted(self.contents.positive_letters(*self.trees)))
        name = (number, tuple(sizes.items()), index, scale)
        point = self.points.get((name, positive))
        if point is None:
            key = digest(self.key, *name)
            over: Field = Modular(number, key) if isinstance(number, int) else Real(int(number), key, scale=scale)
            draw = self.draw(Algebra(over), sizes, key, index, frozenset(positive))
            point = self.points[name, positive] = Point(Scope(draw, self.contents))
        return point

    def draw(self, algebra: Algebra, sizes: Sizes, key: int, index: int, positive: frozenset[str]) -> Draw:
        """Return a draw for the letters of the claim."""
        residuals = self.contents.residuals
        return Draw(algebra, sizes, self.context, self.varying, key, index, positive, self.whole, residuals)


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
        contents.exponents(*trees),
    )
