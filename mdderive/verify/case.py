"""The ground on which trees are compared: their context, what varies, and the points drawn so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from math import prod
from typing import NamedTuple, TypedDict, Unpack

from mdderive.model.context import Constraint, Context, ElementwiseFunction
from mdderive.model.expr import Expr, make, num, rebuilt, sym
from mdderive.verify.algebra import Algebra
from mdderive.verify.contents import Contents
from mdderive.verify.degree import Degrees, counts, length
from mdderive.verify.evaluate import Evaluation, StraightLine
from mdderive.verify.field import Field, digest
from mdderive.verify.integers import WHOLE, around
from mdderive.verify.moduli import residues
from mdderive.verify.point import Point
from mdderive.verify.premises import factors, settled, tied
from mdderive.verify.real import Real
from mdderive.verify.sample import Draw
from mdderive.verify.sizes import Sizes, coincidences, in_a_row, sizings

RANK_IS_FREE = frozenset({"constant", "symmetric"})

SIZINGS_TRIED = 10
MOST_SIZES_IN_A_ROW = 36


class Sampling(NamedTuple):
    """Where a point is drawn: modulo the prime `number`, with so many digits or in a field that is given (0), at these
    sizes, in some `turn`.

    `scale` is the size of real numbers; `positive` names letters that are taken positive (those that must be, if None);
    `deficient` is a letter of a premise, or a factor there, and its rank.
    """

    number: int | str
    sizes: tuple[tuple[str, int], ...]
    turn: int
    scale: int = 1
    positive: tuple[str, ...] | None = None
    deficient: tuple[Expr, int] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """The trees of a claim with all that is the same for each of them, and the points already drawn.

    In one of them a size may be `counted`, stand as a number.
    """

    trees: tuple[Expr, ...]
    context: Context
    contents: Contents
    program: StraightLine
    varying: frozenset[str]
    key: int
    seed: int
    thorough: bool
    whole: frozenset[str]
    naturals: frozenset[str]
    near: tuple[int, ...]
    letters: tuple[Expr, ...]
    counted: bool
    bits: list[int] = field(default_factory=list)
    points: dict[Sampling, Point] = field(default_factory=dict)
    defined: dict[tuple[object, ...], int] = field(default_factory=dict)
    tried: dict[int, tuple[dict[str, int], ...]] = field(default_factory=dict)
    degrees: Degrees = field(default_factory=dict)

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

    def coinciding(self) -> tuple[dict[str, int], ...]:
        """Return small sizes with every coincidence that is allowed, the same for every line."""
        if 1 not in self.tried:
            self.tried[1] = tuple(coincidences(self.contents.sizes(*self.trees), self.context.constraints))
        return self.tried[1]

    def in_a_row(self, left: Expr, right: Expr) -> tuple[Iterator[dict[str, int]], str]:
        """Return the sizes that tell what sizes as numbers do in a line, and of which size there would be too many."""
        if not self.counted or not counts(self.contents, left, right):
            return iter(()), ""
        names = self.contents.sizes(*self.trees)
        lengths = {name: length(left, right, name, self.contents) for name in names}
        if max(lengths.values(), default=1) <= 2:
            return iter(()), ""
        many = prod(lengths.values()) > MOST_SIZES_IN_A_ROW
        longest = max(lengths, key=lambda name: lengths[name])
        lengths = {name: min(n, MOST_SIZES_IN_A_ROW if name == longest else 1) if many else n for name, n in lengths.items()}
        return in_a_row(names, self.context.constraints, lengths), longest if many else ""

    def point(self, place: Sampling) -> Point:
        """Return what is drawn at a place."""
        point = self.points.get(place)
        if point is None:
            number, sizes, turn, scale, *_ = place
            key = digest(self.key, number, sizes, turn, scale)
            over = residues(number, key) if isinstance(number, int) else Real(int(number), key, scale=scale)
            point = self.points[place] = self.placed(over, place, key)
        return point

    def degenerate(self, sizes: Sizes) -> Iterator[tuple[Expr, int]]:
        """Yield the letters and factors of premises, and letters of pseudo-inverses, that may have lower ranks, with each rank.

        A letter that a premise settles where the others are invertible may be free where they are not.
        """
        used = self.contents.letters_of(*self.trees)
        residuals = {name: found for name, found in self.contents.residuals.items() if name in used}
        letters = {e for some in residuals.values() for residual in some for e in self.contents.nodes(residual) if e.op == "sym"}
        inverted = (e for tree in self.trees for e in self.contents.nodes(tree) if e.op == "pinv")
        letters |= {node for e in inverted for node in self.contents.nodes(e) if node.op == "sym"}
        for e in sorted(letters, key=lambda e: e.name):
            symbol = self.context.symbols.get(e.name)
            defined = e.name in self.contents.residuals or e.name in self.context.definitions or e.name in self.context.unknown
            if symbol is not None and not defined and symbol.properties <= RANK_IS_FREE:
                yield from _lower_ranks(e, sizes)
        for factor in dict.fromkeys(factor for factor, _ in factors(self.context, residuals, self.contents.residuals)):
            yield from _lower_ranks(factor, sizes)

    def _deficient(self, draw: Draw, e: Expr, rank: int) -> Draw:
        """Return a draw in which a letter has a rank, or a factor of a premise, by a letter of it that gives way."""
        by = dict(factors(self.context, self.contents.residuals, self.contents.residuals)).get(e)
        if by is None:
            return replace(draw, deficient=(e.name, rank))
        value = sym("value of a factor", e.shape)
        gap = make("add", e, make("mul", num(-1), value))
        return replace(draw, deficient=(value.name, rank), residuals={**draw.residuals, by: (gap,)})

    def placed(self, over: Field, place: Sampling, key: int) -> Point:
        """Return the claim at a draw for its letters over a field, whose key says what is drawn."""
        positive = self.contents.positive_letters(*self.trees) if place.positive is None else place.positive
        properties = (frozenset(positive), self.whole, self.naturals, self.near or WHOLE)
        algebra, sizes, residuals = Algebra(over), dict(place.sizes), self.contents.residuals
        draw = Draw(algebra, sizes, self.context, self.varying, key, place.turn, *properties, residuals)
        draw = draw if place.deficient is None else self._deficient(draw, *place.deficient)
        return Point(Evaluation(draw.take(self.letters), self.program))


def _lower_ranks(e: Expr, sizes: Sizes) -> Iterator[tuple[Expr, int]]:
    rank = min(e.shape.rows.number(sizes), e.shape.cols.number(sizes))
    yield from ((e, lower) for lower in range(rank - 1, -1, -1))


class Judging(TypedDict, total=False):
    """How a claim is judged.

    `varying` names the letters that have a differential (all that are not constant, if None); `seed` and `text` tell which points
    are drawn, `thorough` whether there are more of them.
    """

    varying: frozenset[str] | None
    seed: int
    thorough: bool
    text: str


def case_of(trees: Sequence[Expr], context: Context, **how: Unpack[Judging]) -> Case:
    """Return the ground on which these trees are compared; raises `Unsupported` for a premise that cannot be sampled."""
    varying, seed = how.get("varying"), how.get("seed", 0)
    apart = {n: _apart(f) if f.parameter in context.symbols else f for n, f in context.elementwise.items()}
    context = replace(context, elementwise=apart)
    context, residuals = settled(context, tied(trees, context))
    contents = Contents(context, residuals)
    if varying is None:
        letters = contents.letters_of(*trees)
        fixed = {name for name, symbol in context.symbols.items() if "constant" in symbol.properties}
        varying = letters.difference(fixed, context.definitions, context.unknown)
    whole = contents.exponents(*trees)
    said = sorted((s.name, str(s.shape), *sorted(s.properties)) for s in context.symbols.values())
    return Case(
        tuple(trees),
        context,
        contents,
        StraightLine(contents),
        frozenset(varying),
        digest(seed, how.get("text", ""), said),
        seed,
        how.get("thorough", False),
        whole,
        contents.naturals(*trees),
        around(e.value for e in contents.nodes(*trees) if e.op == "num" and isinstance(e.value, int)) if whole else (),
        tuple(e for e, inside in contents.in_order(*trees).items() if e.op == "sym" and not inside and e.name not in residuals),
        counts(contents, *trees),
    )


def _apart(f: ElementwiseFunction) -> ElementwiseFunction:
    """Return a function whose parameter has a name that no letter can have: what holds for it is not said of a letter."""
    if f.body is None:
        return f
    name = f"{f.parameter} of {f.name}"

    def renamed(e: Expr) -> Expr:
        if e.op == "sym" and e.name == f.parameter:
            return sym(name, e.shape, e.span)
        return rebuilt(e, tuple(map(renamed, e.args)))

    return ElementwiseFunction(f.name, name, renamed(f.body))
