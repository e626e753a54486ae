"""Matrices over a field with nilpotents: the arithmetic in which differentials are exact.

An entry is `a + b e1 + c e2 + d e1 e2 + …` with every `e*e = 0`. A `Value` keeps one flat row-major list for each product of
nilpotents that occurs, under its bit mask; mask 0 is the plain value and always there. Nothing here is a formula of matrix
calculus: products, and elimination over scalars, are all there is.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import add, mul

from mdderive.model.expr import Number
from mdderive.verify.field import Field, Numbers, Undefined, Unsupported
from mdderive.verify.nilpotent import Value, assembled, block, stacked, transpose

Bilinear = Callable[[Numbers, Numbers], Numbers]
WORK_BOUND = 6_000_000
MAX_ENTRIES = 1_000_000  # of one matrix


def _product(n: int, k: int, m: int) -> Bilinear:
    def multiply(x: Numbers, y: Numbers) -> Numbers:
        columns = [y[j::m] for j in range(m)] if m > 1 else [y]
        rows = [x[i : i + k] for i in range(0, n * k, k)]
        return [sum(map(mul, row, column)) for row in rows for column in columns]

    return multiply


def _entrywise(x: Numbers, y: Numbers) -> Numbers:
    return list(map(mul, x, y))


def _scaled(x: Numbers, y: Numbers) -> Numbers:
    c = x[0]
    return [c * entry for entry in y]


@dataclass(slots=True)
class Algebra:
    """The operations over one field; `work` counts multiplications and is bounded."""

    over: Field
    work: int = field(default=0)

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

    def const(self, rows: int, cols: int, values: Numbers) -> Value:
        """Return a value without nilpotent part."""
        return Value(rows, cols, {0: values})

    def number(self, value: Number) -> Value:
        """Return a scalar constant."""
        return Value(1, 1, {0: [self.over.number(value)]})

    def _bilinear(self, rows: int, cols: int, a: Value, b: Value, multiply: Bilinear) -> Value:
        tidy = self.over.tidy
        if len(a.parts) == len(b.parts) == 1:
            return Value(rows, cols, {0: tidy(multiply(a.parts[0], b.parts[0]))})
        parts: dict[int, Numbers] = {}
        for i, x in a.parts.items():
            for j, y in b.parts.items():
                if i & j:
                    continue
                term = multiply(x, y)
                parts[i | j] = list(map(add, parts[i | j], term)) if i | j in parts else term
        return Value(rows, cols, {key: tidy(part) for key, part in parts.items()})

    def product(self, a: Value, b: Value) -> Value:
        """Return the matrix product; a scalar multiplies every entry."""
        if a.scalar or b.scalar:
            return self.times(a, b)
        self.make_room(a.rows * b.cols)
        self.spend(a.rows * a.cols * b.cols)
        return self._bilinear(a.rows, b.cols, a, b, _product(a.rows, a.cols, b.cols))

    def times(self, a: Value, b: Value) -> Value:
        """Return the entrywise product; a scalar multiplies every entry."""
        if b.scalar:
            a, b = b, a
        self.spend(b.rows * b.cols)
        return self._bilinear(b.rows, b.cols, a, b, _scaled if a.scalar else _entrywise)

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

    def sum(self, terms: Iterable[Value]) -> Value:
        """Return the sum of values of one shape."""
        first, *rest = terms
        parts = dict(first.parts)
        for term in rest:
            for key, part in term.parts.items():
                parts[key] = list(map(add, parts[key], part)) if key in parts else part
        tidy = self.over.tidy
        return Value(first.rows, first.cols, {key: tidy(part) for key, part in parts.items()})

    def negative(self, a: Value) -> Value:
        """Return -a."""
        return a.mapped(a.rows, a.cols, lambda part: self.over.tidy([-x for x in part]))

    def total(self, a: Value) -> Value:
        """Return the sum of all entries."""
        return a.mapped(1, 1, lambda part: self.over.tidy([sum(part)]))

    def trace(self, a: Value) -> Value:
        """Return the sum of the diagonal."""
        return a.mapped(1, 1, lambda part: self.over.tidy([sum(part[:: a.cols + 1])]))

    def identity(self, n: int) -> Value:
        """Return the identity."""
        self.make_room(n * n)
        one, nil = self.over.number(1), self.over.number(0)
        return self.const(n, n, [one if i == j else nil for i in range(n) for j in range(n)])

    def diag(self, a: Value) -> Value:
        """Return the diagonal matrix of a column."""
        n = a.rows
        self.make_room(n * n)
        return a.mapped(n, n, lambda part: [part[i] if i == j else 0 for i in range(n) for j in range(n)])

    def reciprocal(self, a: Value) -> Value:
        """Return 1/x for every entry x, by solving `x y = 1` for one part of y after the other."""
        inverse = [self.over.inverse(x) for x in a.plain]
        parts = {0: inverse}
        masks = {0}
        for key in a.parts:
            masks |= {mask | key for mask in masks}
        for mask in sorted(masks - {0}):
            below = [key for key in a.parts if key and key | mask == mask and mask ^ key in parts]
            known = [_entrywise(a.parts[key], parts[mask ^ key]) for key in below]
            parts[mask] = self.over.tidy([-i * sum(xs) for i, *xs in zip(inverse, *known, strict=True)])
        return Value(a.rows, a.cols, parts)

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

    # ------------------------------------------------------------------ elimination

    def _cleared(self, row: Value, pivot: Value, factor: Value) -> Value:
        """Return `row - factor pivot`."""
        parts = dict(row.parts)
        for i, (f,) in factor.parts.items():
            for j, y in pivot.parts.items():
                if not i & j:
                    x = parts.get(i | j)
                    parts[i | j] = [-f * v for v in y] if x is None else [u - f * v for u, v in zip(x, y, strict=True)]
        tidy = self.over.tidy
        return Value(1, row.cols, {key: tidy(part) for key, part in parts.items()})

    def _rows(self, a: Value) -> list[Value]:
        n = a.cols
        return [Value(1, n, {key: part[i * n : i * n + n] for key, part in a.parts.items()}) for i in range(a.rows)]

    def _entry(self, row: Value, j: int) -> Value:
        return Value(1, 1, {key: [part[j]] for key, part in row.parts.items() if part[j] or not key})

    def solve(self, a: Value, b: Value) -> Value:
        """Return X with `a X = b` for square a; raises `Undefined` where a is singular."""
        n = a.rows
        self.spend(n * n * (n + b.cols))
        zero: Numbers = [0] * b.cols
        keys = a.parts.keys() | b.parts.keys()
        left, right = self._rows(a), self._rows(b)
        rows = [
            Value(1, n + b.cols, {key: u.parts.get(key, [0] * n) + v.parts.get(key, zero) for key in keys})
            for u, v in zip(left, right, strict=True)
        ]
        for j in range(n):
            at = self.over.pivot([row.plain[j] for row in rows[j:]])
            if at is None:
                raise Undefined("singular-matrix")
            rows[j], rows[j + at] = rows[j + at], rows[j]
            rows[j] = self.times(self.reciprocal(self._entry(rows[j], j)), rows[j])
            for i in range(n):
                if i != j and any(part[j] for part in rows[i].parts.values()):
                    rows[i] = self._cleared(rows[i], rows[j], self._entry(rows[i], j))
        masks = {key for row in rows for key in row.parts} | {0}
        nothing = [0] * (n + b.cols)
        return Value(n, b.cols, {key: [x for row in rows for x in row.parts.get(key, nothing)[n:]] for key in masks})

    def inverse(self, a: Value) -> Value:
        """Return the inverse; raises `Undefined` where a is singular."""
        return self.solve(a, self.identity(a.rows))

    def particular(self, columns: Sequence[Value], b: Value) -> Value:
        """Return one solution x of `columns x = b`, zero where the columns leave a choice.

        Raises `Undefined` where the equations contradict each other.
        """
        chosen = self._independent([c.plain for c in columns])
        if not chosen:
            if any(self.over.pivot(part) is not None for part in b.parts.values()):
                raise Undefined("contradiction")
            return self.const(len(columns), 1, [self.over.number(0)] * len(columns))
        rows = self._independent([list(row) for row in zip(*(columns[j].plain for j in chosen), strict=True)])
        square = stacked([transpose(block(columns[j], rows, [0])) for j in chosen])
        found = self.solve(transpose(square), block(b, rows, [0]))
        for i in range(b.rows):
            terms = [self.times(block(columns[j], [i], [0]), block(found, [k], [0])) for k, j in enumerate(chosen)]
            rest = self.sum([*terms, self.negative(block(b, [i], [0]))])
            if any(self.over.pivot(part) is not None for part in rest.parts.values()):
                raise Undefined("contradiction")
        parts: dict[int, Numbers] = {}
        for key, part in found.parts.items():
            parts[key] = [0] * len(columns)
            for k, j in enumerate(chosen):
                parts[key][j] = part[k]
        return Value(len(columns), 1, parts)

    def _independent(self, vectors: Sequence[Numbers]) -> list[int]:
        """Return the places of the first vectors that are linearly independent."""
        kept: list[tuple[int, Numbers]] = []
        places: list[int] = []
        for place, vector in enumerate(vectors):
            rest = vector
            for at, base in kept:
                factor = rest[at]
                rest = self.over.tidy([x - factor * y for x, y in zip(rest, base, strict=True)])
            at_pivot = self.over.pivot(rest)
            if at_pivot is not None:
                inverse = self.over.inverse(rest[at_pivot])
                kept.append((at_pivot, self.over.tidy([inverse * x for x in rest])))
                places.append(place)
        return places

    def det(self, a: Value) -> Value:
        """Return the determinant: by elimination, and by expansion where no entry of a column can be divided by."""
        if a.rows == 1:
            return a
        self.spend(a.rows**3)
        rows = self._rows(a)
        at = self.over.pivot([row.plain[0] for row in rows])
        if at is None:
            return self._expanded(a)
        pivot = rows.pop(at)
        head = self._entry(pivot, 0)
        inverse = self.reciprocal(head)
        lower = [self._cleared(row, pivot, self.times(inverse, self._entry(row, 0))) for row in rows]
        keys = {key for row in lower for key in row.parts}
        nothing = [0] * a.cols
        minor = {key: [x for row in lower for x in row.parts.get(key, nothing)[1:]] for key in keys}
        result = self.times(head, self.det(Value(a.rows - 1, a.cols - 1, minor)))
        return self.negative(result) if at % 2 else result

    def _expanded(self, a: Value) -> Value:
        """Return the determinant by Laplace expansion along the first column."""
        self.spend(4**a.rows)
        terms = [self.number(0)]
        rows = self._rows(a)
        for i, row in enumerate(rows):
            head = self._entry(row, 0)
            if any(any(part) for part in head.parts.values()):
                minor = self.det(block(a, [k for k in range(a.rows) if k != i], range(1, a.cols)))
                terms.append(self.times(self.negative(head) if i % 2 else head, minor))
        return self.sum(terms)

    def adjugate(self, a: Value) -> Value:
        """Return the transposed matrix of cofactors, each a determinant."""
        n = a.rows
        if n == 1:
            return self.number(1)
        every = range(n)
        minors = [self.det(block(a, [r for r in every if r != j], [c for c in every if c != i])) for i in every for j in every]
        signed = [self.negative(m) if (k // n + k % n) % 2 else m for k, m in enumerate(minors)]
        return assembled(n, n, signed)
