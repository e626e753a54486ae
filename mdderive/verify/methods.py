"""What the values of two sides mean: exact ones, and those known to a number of digits."""

from dataclasses import dataclass
from typing import Literal

from mdderive.model.expr import Number
from mdderive.model.reasons import Reason
from mdderive.verify.algebra import Value
from mdderive.verify.contents import Comparison
from mdderive.verify.field import NotASquare, Undefined, absolute
from mdderive.verify.moduli import PRIMES
from mdderive.verify.point import Point

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
