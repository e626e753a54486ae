"""Integers that are drawn for letters: small ones, those around the numbers of a claim, and how far away others lie."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from math import gcd

# Integers near zero; a matrix that may be singular has a natural exponent.
WHOLE = (2, -3, 5, 0, -1, 4, 1, -6, 3, -2, 7, -4, 6)
NATURAL = (2, 3, 4, 5, 6, 1, 7)
MOST_NEAR, LARGEST_NEAR = 31, 1000
# Every other draw adds a multiple of twelve, up or down, so that no product over the small integers vanishes at all of them. In
# exponents the multiples are small; with digits only, where large powers leave none, there are none.
PERIOD, FAR, FAR_EXPONENT = 12, 10**6, 6


def around(numbers: Iterable[int]) -> tuple[int, ...]:
    """Return small integers, and those around the numbers of a claim."""
    beside = (sign * x + k for x in numbers if abs(x) <= LARGEST_NEAR for sign in (1, -1) for k in (0, 1, -1))
    return tuple(islice(dict.fromkeys((*WHOLE, *beside)), MOST_NEAR))


@lru_cache(maxsize=64)
def in_turn(values: tuple[int, ...]) -> tuple[int, ...]:
    """Return the values and a few more, so that their count is prime to ten: steps of a thousand reach all of them."""
    while gcd(len(values), 10) > 1:
        values = (*values, max(values) + 1)
    return values
