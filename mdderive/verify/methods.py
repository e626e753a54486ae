"""What the values of two sides mean: exact ones, and those known to a number of digits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mdderive.model.expr import Number
from mdderive.verify.field import PRIMES, absolute
from mdderive.verify.nilpotent import Value

Outcome = Literal["holds", "wrong", "undecided"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One way of judging: `numbers` are primes or digits, `verdict` says what the values of two sides mean."""

    method: str
    numbers: tuple[int | str, ...]
    exact: bool
    verdict: Callable[[Value, Value], Outcome]


def same(a: Value, b: Value) -> Outcome:
    """Return what exact values mean."""
    return "holds" if a.plain == b.plain else "wrong"


def gap(a: Value, b: Value) -> Number:
    """Return the largest difference of two values."""
    largest: Number = max((absolute(x - y) for x, y in zip(a.plain, b.plain, strict=True)), default=0)
    return largest


# Up to which difference, relative to the larger side, two values are taken for equal.
SPARE_DIGITS = 10


def near(digits: int, wrong_from: int) -> Callable[[Value, Value], Outcome]:
    """Return what two values mean that were computed with this many digits.

    Equal sides agree to nearly all digits; a difference in the first `wrong_from` digits is no rounding. Where the sides nearly
    vanish they may be what rounding left of zero; only more digits tell, and the last resort takes them for zero.
    """

    def verdict(a: Value, b: Value) -> Outcome:
        size: Number = max((absolute(x) for x in (*a.plain, *b.plain)), default=0)
        difference = gap(a, b)
        if difference * 10 ** (digits - SPARE_DIGITS) <= size:
            return "holds"
        if size * 10 ** (digits - SPARE_DIGITS) <= 1:
            rounding = size * 10 ** (digits + 40) >= 1
            return "holds" if rounding and digits > 50 else "undecided"
        return "wrong" if difference * 10**wrong_from > size else "undecided"

    return verdict


EXACT = Trial("exact", PRIMES, True, same)
FIFTY = Trial("50 digits", ("50", "50"), False, near(50, 18))
HUNDRED = Trial("100 digits", ("100", "100"), False, near(100, 60))
