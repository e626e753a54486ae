"""Functions of a square matrix by their power series, in fixed point: entries are integers that count units of 2^-bits."""

from collections.abc import Mapping

from mdderive.model.expr import Number
from mdderive.verify.algebra import Algebra, Value
from mdderive.verify.field import Numbers, Rational, Undefined, absolute
from mdderive.verify.real import Real

SERIES: Mapping[str, tuple[int, int, int]] = {"exp": (0, 1, 1), "sin": (1, 2, -1), "cos": (0, 2, -1)}
"""Matrix functions by their power series: first exponent, step, and the factor of the sign from term to term."""
LARGEST_NORM = 200
GUARD_BITS, HALVINGS = 64, 8


def function_of_matrix(name: str, a: Value, over: Real) -> tuple[Value, int]:
    """Return the function `name` of the table `SERIES` at a square matrix, and the multiplications it took.

    The exponential is summed at a small part of the matrix and squared back. Raises `Undefined` for a matrix so large that
    digits of the result would be lost.
    """
    n = a.rows
    norm = 1 + int(max(sum(map(absolute, a.plain[i : i + n])) for i in range(0, n * n, n)))
    if norm > LARGEST_NORM:
        raise Undefined("of-large-matrix", name=name)
    series = FixedPoint(n, over.bits + GUARD_BITS + 3 * norm + 2 * HALVINGS)  # so that e^-norm keeps its digits
    a = a.mapped(n, n, lambda part: [over.fixed(x, series.bits) for x in part])
    total = series.exponential(a) if name == "exp" else series.sum(name, a)
    return total.mapped(n, n, lambda part: [over.floating(x, series.bits) for x in part]), series.whole.work


class FixedPoint:
    """Products and power series of n x n matrices in units of 2^-bits."""

    def __init__(self, n: int, bits: int) -> None:
        self.n = n
        self.bits = bits
        self.whole = Algebra(Rational())

    def _cut(self, part: Numbers) -> Numbers:
        return [int(x) >> self.bits for x in part]

    def _divided(self, a: Value, by: int) -> Value:
        return a.mapped(self.n, self.n, lambda part: [x // by for x in part])

    def product(self, a: Value, b: Value) -> Value:
        """Return the matrix product."""
        return self.whole.product(a, b).mapped(self.n, self.n, self._cut)

    def exponential(self, a: Value) -> Value:
        """Return the exponential: its series at a small part of the matrix, squared back."""
        largest = int(max(absolute(x) for x in a.plain)) >> self.bits
        halvings = (self.n * (1 + largest)).bit_length() + HALVINGS
        total = self.sum("exp", a.mapped(self.n, self.n, lambda part: [int(x) >> halvings for x in part]))
        for _ in range(halvings):
            total = self.product(total, total)
        return total

    def sum(self, name: str, a: Value) -> Value:
        """Return the sum of a power series of the table."""
        first, step, sign = SERIES[name]
        one: Number = 1 << self.bits
        term = self.whole.times(self.whole.number(one), self.whole.identity(self.n)) if first == 0 else a
        total, power, k = term, a if step == 1 else self.product(a, a), first
        while any(absolute(x) > 1 for part in term.parts.values() for x in part):
            k += step
            divisor = sign * (k if step == 1 else k * (k - 1))
            term = self._divided(self.product(term, power), divisor)
            total = self.whole.sum(total, term)
        return total
