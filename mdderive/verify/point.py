"""The two sides of an equation at one point, and what their values mean: exact ones, and those known to a number of digits.

A derivative that stands alone on one side is judged by its action on one random direction E: the directional derivative on the
one side, the other side applied to E on the other. A wrong derivative agrees on a random E only by chance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Literal

from mdderive.model.expr import LETTERS, Expr, Number
from mdderive.model.reasons import Reason
from mdderive.verify.algebra import Algebra, Value, stacked
from mdderive.verify.contents import Comparison
from mdderive.verify.evaluate import Evaluation
from mdderive.verify.field import NotASquare, Undefined, Unsupported, absolute
from mdderive.verify.moduli import PRIMES
from mdderive.verify.real import Real

Outcome = Literal["holds", "wrong", "undecided"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One way of judging: `numbers` are primes, or digits, of which the first `wrong_from` tell what is wrong."""

    method: str
    numbers: tuple[int | str, ...]
    exact: bool
    wrong_from: int = 0


def gap(a: Value, b: Value) -> Number:
    """Return the largest difference of two values."""
    largest: Number = max((absolute(x - y) for x, y in zip(a.plain, b.plain, strict=True)), default=0)
    return largest


# Up to which difference, relative to the larger side, two values are taken for equal.
SPARE_DIGITS = 10


def near(a: Value, b: Value, digits: int, wrong_from: int) -> Outcome:
    """Return what two values mean that were computed with this many digits.

    Equal sides agree to nearly all digits; a difference in the first `wrong_from` digits is no rounding. Where the sides nearly
    vanish they may be what rounding left of zero; only more digits tell, and the last resort takes them for zero.
    """
    size: Number = max((absolute(x) for x in (*a.plain, *b.plain)), default=0)
    difference = gap(a, b)
    if difference * 10 ** (digits - SPARE_DIGITS) <= size:
        return "holds"
    if size * 10 ** (digits - SPARE_DIGITS) <= 1:
        rounding = size * 10 ** (digits + 40) >= 1
        return "holds" if rounding and digits > 50 else "undecided"
    return "wrong" if difference * 10**wrong_from > size else "undecided"


# How many times smaller than what is told by digits the change must be that four times the digits bring.
STABLE = 1000
MOST_DIGITS = 4000  # that are computed where numbers of very different sizes are added
ENOUGH_POINTS = 2  # at which that many are
EXACT = Trial("exact", PRIMES, True)
FIFTY = Trial("50 digits", ("50", "50"), False, 18)
HUNDRED = Trial("100 digits", ("100", "100"), False, 60)


@dataclass(frozen=True, slots=True)
class Point:
    """An evaluation without frames, and what derivatives gave in it."""

    at: Evaluation
    probes: dict[Expr, Value] = field(default_factory=dict)
    directions: dict[tuple[Expr, str], Value] = field(default_factory=dict)
    undefined: dict[Expr, Reason] = field(default_factory=dict)

    def needed(self) -> int:
        """Return how many digits the sides need here beyond those they were computed with; 0 where these are enough."""
        over = self.at.draw.algebra.over
        return over.needed if isinstance(over, Real) and over.needed > over.digits else 0

    def finer(self, digits: int = 0) -> "Point":
        """Return the same point computed with so many digits, or four times as many; this one where numbers are exact."""
        over = self.at.draw.algebra.over
        if not isinstance(over, Real):
            return self
        finer = replace(over, digits=digits or 4 * over.digits, signs={}, magnitudes={0})
        return Point(Evaluation(replace(self.at.draw, algebra=Algebra(finer), cache={}), self.at.program))

    def sides(self, both: Comparison, *, tied: bool = False) -> tuple[Value, Value]:
        """Return two values that are equal where the equation holds; see `Evaluation.value` for what may be raised.

        `tied` reads the derivative by a symmetric letter as the one by its free entries. An index that no sum binds stands for
        every place: the values of all of them are stacked.
        """
        if not both.indices:
            return self.sides_here(both.left, both.right, tied=tied)
        found = [point.sides_here(both.left, both.right, tied=tied) for point in self.at_places(both.indices)]
        return stacked([a.vec() for a, _ in found]), stacked([b.vec() for _, b in found])

    def at_places(self, free: Mapping[str, Expr]) -> Iterator["Point"]:
        """Yield this point once for every choice of places of the indices that no sum binds."""
        draw = self.at.draw
        if not free:
            yield self
            return
        for places in product(*(range(1, draw.dims(unit.shape)[0] + 1) for unit in free.values())):
            draw.algebra.spend(1000)
            yield Point(self.at.placed(dict(zip(free, map(str, places), strict=True))))

    def sides_here(self, left: Expr, right: Expr, *, tied: bool = False) -> tuple[Value, Value]:
        """Return the two values for the places that indices have in this point."""
        if left.op not in ("deriv", "hess") and right.op in ("deriv", "hess"):
            left, right = right, left
        for side in (left, right):
            if side in self.undefined:
                raise Undefined(self.undefined[side].code, **self.undefined[side].facts)
        try:
            side = left
            first = self._tied(left) if tied else self._probed(left) if left.op in ("deriv", "hess") else self.at.value(left)
            side = right
            second = self.at.value(right)
        except Undefined as undefined:
            self.undefined[side] = undefined.reason
            raise
        return first, second if tied or left.op not in ("deriv", "hess") else self._applied(left, second)

    def _probed(self, e: Expr) -> Value:
        """Return how the function of a derivative changes in the direction of the probe."""
        if e not in self.probes:
            self.probes[e] = self._second(e) if e.op == "hess" else self._first(e)
        return self.probes[e]

    def _direction(self, e: Expr, word: str) -> Value:
        x = e.args[1]
        if x.op not in LETTERS:
            raise Unsupported("by-no-letter")
        if (x, word) not in self.directions:
            self.directions[x, word] = self.at.draw.direction(x, word)
        return self.directions[x, word]

    def _first(self, e: Expr) -> Value:
        f, x = e.args
        change = self.at.derivative(f, x, self._direction(e, "probe"))
        return change if x.scalar or f.scalar or e.name == "block" else change.vec()

    def _second(self, e: Expr) -> Value:
        f, x = e.args
        once = self.at.along(x, self._direction(e, "probe"))
        return once.derivative(f, x, self._direction(e, "second probe")).split(once.frames[-1].bit)[1]

    def _applied(self, e: Expr, value: Value) -> Value:
        """Return the other side, applied to the directions of the probe."""
        algebra = self.at.draw.algebra
        f, x = e.args
        first = self._direction(e, "probe")
        if e.op == "hess":
            second = self._direction(e, "second probe")
            return algebra.product(first.vec().transposed(), algebra.product(value, second.vec()))
        if x.scalar:
            return algebra.times(value, first)
        if e.name == "numerator":
            value = value.transposed()
        if f.scalar:
            return algebra.total(algebra.times(value, first))
        if e.name != "block":
            return algebra.product(value.transposed(), first.vec())
        height, width = self.at.draw.dims(f.shape)
        blocks = [
            algebra.times(
                first.block([i], [j]),
                value.block(range(i * height, (i + 1) * height), range(j * width, (j + 1) * width)),
            )
            for i in range(first.rows)
            for j in range(first.cols)
        ]
        return algebra.sum(*blocks)

    def _tied(self, e: Expr) -> Value:
        """Return 2G - G o I for the derivative G by a symmetric letter."""
        algebra = self.at.draw.algebra
        gradient = self.at.value(e)
        diagonal = algebra.times(gradient, algebra.identity(gradient.rows))
        return algebra.sum(gradient, gradient, algebra.negative(diagonal))


@dataclass(slots=True)
class Tally:
    """What the points of one comparison have said so far: `outcome` is the worst met.

    Points at which a side is undefined leave a reason; `by_chance` says that it is one of residues, and not of numbers.
    """

    both: Comparison
    trial: Trial
    tied: bool
    points: int = 0
    outcome: Outcome = "holds"
    reason: Reason | None = None
    by_chance: bool = False
    work: int = 0
    enough: int = 0

    def compared(self, point: Point) -> bool:
        """Compare at a point; return whether that says anything."""
        algebra = point.at.draw.algebra
        before = algebra.work
        try:
            sides = point.sides(self.both, tied=self.tied)
        except Undefined as undefined:
            self.reason, self.by_chance = undefined.reason, isinstance(undefined, NotASquare)
            return False
        finally:
            self.work += algebra.work - before
        if self.trial.exact:
            outcome: Outcome = "holds" if sides[0].parts[0] == sides[1].parts[0] else "wrong"
        else:
            outcome = near(*sides, int(self.trial.numbers[0]), self.trial.wrong_from)
            needed = point.needed() if outcome == "holds" and self.enough < ENOUGH_POINTS else 0
            if needed > MOST_DIGITS:
                self.reason = Reason("some-digits")
                return False  # such a point says nothing
            self.enough += needed > 0
            outcome = self._finer(point, needed, sides) if needed or outcome != "holds" else outcome
        self.points += algebra.over.points
        if outcome != "holds" and self.outcome != "wrong":
            self.outcome = outcome
        return True

    def _finer(self, point: Point, needed: int, sides: tuple[Value, Value]) -> Outcome:
        """Return what more digits say: beside a large number a small one may have been lost, or rounding left a difference."""
        try:
            finer = point.finer(needed + 2 * SPARE_DIGITS if needed else 0).sides(self.both, tied=self.tied)
        except Undefined:
            return "undecided"
        if needed:
            return near(*finer, needed + 2 * SPARE_DIGITS, needed)
        difference = gap(*finer)
        stable = all(STABLE * gap(a, b) <= difference for a, b in zip(sides, finer, strict=True))
        outcome = near(*finer, int(self.trial.numbers[0]), self.trial.wrong_from)
        return outcome if stable or outcome == "holds" else "undecided"
