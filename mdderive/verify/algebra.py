"""Matrices over a field with nilpotents: the arithmetic in which differentials are exact.

An entry is `a + b e1 + c e2 + d e1 e2 + …` with every `e*e = 0`. A `Value` keeps one flat row-major list for each product of
nilpotents that occurs, under its bit mask; mask 0 is the plain value and always there. Nothing here is a formula of matrix
calculus: sums and products are all there is, and `elimination`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import add, mul
from typing import NamedTuple

from mdderive.model.expr import Number
from mdderive.verify.field import Field, Numbers, Unsupported

Bilinear = Callable[[Numbers, Numbers], Numbers]
WORK_BOUND = 6_000_000
MAX_ENTRIES = 1_000_000  # of one matrix


class Value(NamedTuple):
    """A matrix of numbers with its nilpotent parts."""

    rows: int
    cols: int
    parts: dict[int, Numbers]

    @property
    def plain(self) -> Numbers:
        """The entries without nilpotent part."""
        return self.parts[0]

    @property
    def scalar(self) -> bool:
        """Whether it is one number."""
        return self.rows == self.cols == 1

    def mask(self) -> int:
        """Return the union of all nilpotents that occur."""
        union = 0
        for key in self.parts:
            union |= key
        return union

    def mapped(self, rows: int, cols: int, move: Callable[[Numbers], Numbers]) -> "Value":
        """Return the value with `move`, which only rearranges or adds entries, applied to every part."""
        return Value(rows, cols, {key: move(part) for key, part in self.parts.items()})

    def transposed(self) -> "Value":
        """Return the transpose."""
        rows, cols = self.rows, self.cols
        if rows == 1 or cols == 1:
            return Value(cols, rows, self.parts)
        return self.mapped(cols, rows, lambda part: [x for j in range(cols) for x in part[j::cols]])

    def vec(self) -> "Value":
        """Return the columns stacked."""
        return Value(self.rows * self.cols, 1, self.transposed().parts)

    def block(self, rows: Sequence[int], cols: Sequence[int]) -> "Value":
        """Return the entries in the given rows and columns."""
        return self.mapped(len(rows), len(cols), lambda part: [part[i * self.cols + j] for i in rows for j in cols])

    def split(self, bit: int) -> "tuple[Value, Value]":
        """Return `low` and `high` with `low + e high` for this value, for the nilpotent of one bit."""
        low = {key: part for key, part in self.parts.items() if not key & bit}
        high = {key ^ bit: part for key, part in self.parts.items() if key & bit}
        high.setdefault(0, [0] * (self.rows * self.cols))
        return Value(self.rows, self.cols, low), Value(self.rows, self.cols, high)

    def joined(self, high: "Value", bit: int) -> "Value":
        """Return this value `+ e high`."""
        return Value(self.rows, self.cols, self.parts | {key | bit: part for key, part in high.parts.items() if any(part)})


def stacked(values: Sequence[Value]) -> Value:
    """Return the values one under the other."""
    keys = {key for value in values for key in value.parts}
    cols = values[0].cols
    parts = {key: [x for v in values for x in v.parts.get(key, [0] * (v.rows * cols))] for key in keys}
    return Value(sum(v.rows for v in values), cols, parts)


def assembled(rows: int, cols: int, entries: Sequence[Value]) -> Value:
    """Return the matrix of these scalars, row by row."""
    keys = {key for entry in entries for key in entry.parts}
    return Value(rows, cols, {key: [entry.parts.get(key, [0])[0] for entry in entries] for key in keys})


def _product(n: int, k: int, m: int) -> Bilinear:
    def multiply(x: Numbers, y: Numbers) -> Numbers:
        columns = [y[j::m] for j in range(m)] if m > 1 else [y]
        rows = [x[i : i + k] for i in range(0, n * k, k)]
        return [sum(map(mul, row, column)) for row in rows for column in columns]

    return multiply


def entrywise_product(x: Numbers, y: Numbers) -> Numbers:
    """Return the products of entries at one place."""
    return list(map(mul, x, y))


def _scaled(x: Numbers, y: Numbers) -> Numbers:
    c = x[0]
    return [c * entry for entry in y]


@dataclass(slots=True)
class Algebra:
    """The operations over one field; `work` counts multiplications and is bounded."""

    over: Field
    work: int = 0

    def spend(self, amount: int) -> None:
        """Count work; raises `Unsupported` past the bound."""
        self.work += amount * self.over.cost
        if self.work > WORK_BOUND:
            raise Unsupported("bound-on-work")

    def make_room(self, entries: int) -> None:
        """Count the entries of a new matrix as work; raises `Unsupported` for more than one matrix may have."""
        if entries > MAX_ENTRIES:
            raise Unsupported("bound-on-work")
        self.spend(entries)

    def tidied(self, parts: dict[int, Numbers]) -> dict[int, Numbers]:
        """Return the parts, which nobody else holds, with all numbers in standard form."""
        over = self.over
        if p := over.characteristic:
            for key, part in parts.items():
                parts[key] = [x % p for x in part]
            return parts
        return {key: over.tidy(part) for key, part in parts.items()}

    def const(self, rows: int, cols: int, values: Numbers) -> Value:
        """Return a value without nilpotent part."""
        return Value(rows, cols, {0: values})

    def number(self, value: Number) -> Value:
        """Return a scalar constant."""
        return Value(1, 1, {0: [self.over.number(value)]})

    def _bilinear(self, rows: int, cols: int, a: Value, b: Value, multiply: Bilinear) -> Value:
        if len(a.parts) == len(b.parts) == 1:
            return Value(rows, cols, self.tidied({0: multiply(a.parts[0], b.parts[0])}))
        parts: dict[int, Numbers] = {}
        for i, x in a.parts.items():
            for j, y in b.parts.items():
                if i & j:
                    continue
                term = multiply(x, y)
                parts[i | j] = list(map(add, parts[i | j], term)) if i | j in parts else term
        return Value(rows, cols, self.tidied(parts))

    def product(self, a: Value, b: Value) -> Value:
        """Return the matrix product; a scalar multiplies every entry."""
        n, k, m = a.rows, a.cols, b.cols
        if n == k == 1 or b.rows == m == 1:
            return self.times(a, b)
        self.make_room(n * m)
        self.spend(n * k * m)
        return self._bilinear(n, m, a, b, _product(n, k, m))

    def times(self, a: Value, b: Value) -> Value:
        """Return the entrywise product; a scalar multiplies every entry."""
        if b.rows == b.cols == 1:
            a, b = b, a
        self.spend(b.rows * b.cols)
        return self._bilinear(b.rows, b.cols, a, b, _scaled if a.rows == a.cols == 1 else entrywise_product)

    def chain(self, *factors: Value) -> Value:
        """Return the product of matrices, from the side that is cheaper, and of scalars wherever they stand."""
        matrices = [v for v in factors if v.rows != 1 or v.cols != 1]
        result: Value | None = None
        if matrices and matrices[-1].cols < matrices[0].rows:
            result = matrices[-1]
            for v in reversed(matrices[:-1]):
                result = self.product(v, result)
        else:
            for v in matrices:
                result = v if result is None else self.product(result, v)
        for v in factors if len(matrices) < len(factors) else ():
            if v.rows == v.cols == 1:
                result = v if result is None else self.times(v, result)
        assert result is not None
        return result

    def hadamard(self, first: Value, *others: Value) -> Value:
        """Return the entrywise product of several values."""
        for v in others:
            first = self.times(first, v)
        return first

    def inner(self, a: Value, b: Value) -> Value:
        """Return the sum of the products of entries."""
        return self.total(self.times(a, b))

    def kron(self, a: Value, b: Value) -> Value:
        """Return the Kronecker product."""
        self.make_room(a.rows * a.cols * b.rows * b.cols * len(a.parts) * len(b.parts))

        def multiply(x: Numbers, y: Numbers) -> Numbers:
            return [
                x[i * a.cols + k] * y[j * b.cols + q]
                for i in range(a.rows)
                for j in range(b.rows)
                for k in range(a.cols)
                for q in range(b.cols)
            ]

        return self._bilinear(a.rows * b.rows, a.cols * b.cols, a, b, multiply)

    def sum(self, first: Value, *others: Value) -> Value:
        """Return the sum of values of one shape."""
        parts = dict(first.parts)
        for term in others:
            for key, part in term.parts.items():
                parts[key] = list(map(add, parts[key], part)) if key in parts else part
        return Value(first.rows, first.cols, self.tidied(parts))

    def negative(self, a: Value) -> Value:
        """Return -a."""
        return Value(a.rows, a.cols, self.tidied({key: [-x for x in part] for key, part in a.parts.items()}))

    def total(self, a: Value) -> Value:
        """Return the sum of all entries."""
        return Value(1, 1, self.tidied({key: [sum(part)] for key, part in a.parts.items()}))

    def trace(self, a: Value) -> Value:
        """Return the sum of the diagonal."""
        return Value(1, 1, self.tidied({key: [sum(part[:: a.cols + 1])] for key, part in a.parts.items()}))

    def transpose(self, a: Value) -> Value:
        """Return the transpose."""
        return a.transposed()

    def vec(self, a: Value) -> Value:
        """Return the columns stacked."""
        return a.vec()

    def diagonal(self, a: Value) -> Value:
        """Return the diagonal as a column."""
        return a.mapped(a.rows, 1, lambda part: part[:: a.cols + 1])

    def diag(self, a: Value) -> Value:
        """Return the diagonal matrix of a column."""
        n = a.rows
        self.make_room(n * n)
        return a.mapped(n, n, lambda part: [part[i] if i == j else 0 for i in range(n) for j in range(n)])

    def identity(self, n: int) -> Value:
        """Return the identity."""
        self.make_room(n * n)
        one, nil = self.over.number(1), self.over.number(0)
        return self.const(n, n, [one if i == j else nil for i in range(n) for j in range(n)])

    def reciprocal(self, a: Value) -> Value:
        """Return 1/x for every entry x, by solving `x y = 1` for one part of y after the other."""
        inverse = [self.over.inverse(x) for x in a.plain]
        parts = {0: inverse}
        masks = {0}
        for key in a.parts:
            masks |= {mask | key for mask in masks}
        for mask in sorted(masks - {0}):
            below = [key for key in a.parts if key and key | mask == mask and mask ^ key in parts]
            known = [entrywise_product(a.parts[key], parts[mask ^ key]) for key in below]
            parts[mask] = self.over.tidy([-i * sum(xs) for i, *xs in zip(inverse, *known, strict=True)])
        return Value(a.rows, a.cols, parts)

    def quotient(self, a: Value, b: Value) -> Value:
        """Return the entrywise quotient."""
        return self.times(a, self.reciprocal(b))

    def power(self, a: Value, exponent: int, multiply: Callable[[Value, Value], Value]) -> Value:
        """Return the power of a by an exponent of at least 1."""
        result: Value | None = None
        while True:
            if exponent & 1:
                result = a if result is None else multiply(result, a)
            exponent >>= 1
            if not exponent:
                assert result is not None
                return result
            a = multiply(a, a)
