"""Where a polynomial in one variable changes its sign, over exact fractions."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

Coefficients = Sequence[Fraction]  # of the powers 0, 1, 2, …
HALVINGS = 140


def value(p: Coefficients, x: Fraction) -> Fraction:
    """Return the value at a point."""
    total = Fraction(0)
    for c in reversed(p):
        total = total * x + c
    return total


def turning_points(p: Coefficients) -> list[Fraction]:
    """Return, nearly, the roots of a polynomial and of its derivatives in increasing order."""
    p = list(p)
    while p and not p[-1]:
        p.pop()
    if len(p) < 2:
        return []
    inner = turning_points([k * c for k, c in enumerate(p)][1:])
    bound = 1 + max(abs(c / p[-1]) for c in p[:-1])
    ends = [-bound, *inner, bound]
    return sorted({*inner, *(_between(p, a, b) for a, b in pairwise(ends) if value(p, a) * value(p, b) < 0)})


def _between(p: Coefficients, low: Fraction, high: Fraction) -> Fraction:
    """Return a root between two points of different signs, to forty digits where it is not zero."""
    if len(p) == 2:
        return -p[0] / p[1]
    rising = value(p, high) > 0
    for _ in range(HALVINGS):
        middle = _short((low + high) / 2)
        if not low < middle < high:
            break
        found = value(p, middle)
        if not found:
            return middle
        low, high = (low, middle) if (found > 0) == rising else (middle, high)
    return (low + high) / 2


def _short(x: Fraction) -> Fraction:
    """Return a fraction near another one whose denominator is a power of two."""
    size = max(0, x.denominator.bit_length() - x.numerator.bit_length() + 160)
    return Fraction(round(x * 2**size), 2**size)


def samples(points: Sequence[Fraction], part: Fraction) -> list[Fraction]:
    """Return a number in every interval between points, and beyond the outer ones."""
    if not points:
        return []
    outer = (points[0] - part * (1 + abs(points[0])), points[-1] + part * (1 + abs(points[-1])))
    return [outer[0], *(a + part * (b - a) for a, b in pairwise(points)), outer[1]]
