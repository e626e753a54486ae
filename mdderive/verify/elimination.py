"""Linear equations, inverses and determinants by elimination; only what the field can divide by is divided by."""

from collections.abc import Sequence

from mdderive.verify.algebra import Algebra, Value, assembled, stacked
from mdderive.verify.field import Numbers, Undefined


def _cleared(algebra: Algebra, row: Value, pivot: Value, factor: Value) -> Value:
    """Return `row - factor pivot`."""
    parts = dict(row.parts)
    for i, (f,) in factor.parts.items():
        for j, y in pivot.parts.items():
            if not i & j:
                x = parts.get(i | j)
                parts[i | j] = [-f * v for v in y] if x is None else [u - f * v for u, v in zip(x, y, strict=True)]
    return Value(1, row.cols, algebra.tidied(parts))


def _rows(a: Value) -> list[Value]:
    n = a.cols
    return [Value(1, n, {key: part[i * n : i * n + n] for key, part in a.parts.items()}) for i in range(a.rows)]


def _entry(row: Value, j: int) -> Value:
    return Value(1, 1, {key: [part[j]] for key, part in row.parts.items() if part[j] or not key})


def solve(algebra: Algebra, a: Value, b: Value) -> Value:
    """Return X with `a X = b` for square a; raises `Undefined` where a is singular."""
    n = a.rows
    algebra.spend(n * n * (n + b.cols))
    zero: Numbers = [0] * b.cols
    keys = a.parts.keys() | b.parts.keys()
    left, right = _rows(a), _rows(b)
    rows = [
        Value(1, n + b.cols, {key: u.parts.get(key, [0] * n) + v.parts.get(key, zero) for key in keys})
        for u, v in zip(left, right, strict=True)
    ]
    for j in range(n):
        at = algebra.over.pivot([row.plain[j] for row in rows[j:]])
        if at is None:
            raise Undefined("singular-matrix")
        rows[j], rows[j + at] = rows[j + at], rows[j]
        rows[j] = algebra.times(algebra.reciprocal(_entry(rows[j], j)), rows[j])
        for i in range(n):
            if i != j and any(part[j] for part in rows[i].parts.values()):
                rows[i] = _cleared(algebra, rows[i], rows[j], _entry(rows[i], j))
    masks = {key for row in rows for key in row.parts} | {0}
    nothing = [0] * (n + b.cols)
    return Value(n, b.cols, {key: [x for row in rows for x in row.parts.get(key, nothing)[n:]] for key in masks})


def inverse(algebra: Algebra, a: Value) -> Value:
    """Return the inverse; raises `Undefined` where a is singular."""
    return solve(algebra, a, algebra.identity(a.rows))


def particular(algebra: Algebra, columns: Sequence[Value], b: Value) -> Value:
    """Return one solution x of `columns x = b`, zero where the columns leave a choice.

    Raises `Undefined` where the equations contradict each other.
    """
    chosen = independent(algebra, [c.plain for c in columns])
    if not chosen:
        if any(algebra.over.pivot(part) is not None for part in b.parts.values()):
            raise Undefined("contradiction")
        return algebra.const(len(columns), 1, [algebra.over.number(0)] * len(columns))
    rows = independent(algebra, [list(row) for row in zip(*(columns[j].plain for j in chosen), strict=True)])
    square = stacked([columns[j].block(rows, [0]).transposed() for j in chosen])
    found = solve(algebra, square.transposed(), b.block(rows, [0]))
    for i in range(b.rows):
        terms = [algebra.times(columns[j].block([i], [0]), found.block([k], [0])) for k, j in enumerate(chosen)]
        rest = algebra.sum(*terms, algebra.negative(b.block([i], [0])))
        if any(algebra.over.pivot(part) is not None for part in rest.parts.values()):
            raise Undefined("contradiction")
    parts: dict[int, Numbers] = {}
    for key, part in found.parts.items():
        parts[key] = [0] * len(columns)
        for k, j in enumerate(chosen):
            parts[key][j] = part[k]
    return Value(len(columns), 1, parts)


def independent(algebra: Algebra, vectors: Sequence[Numbers]) -> list[int]:
    """Return the places of the first vectors that are linearly independent."""
    kept: list[tuple[int, Numbers]] = []
    places: list[int] = []
    for place, vector in enumerate(vectors):
        rest = vector
        for at, base in kept:
            factor = rest[at]
            rest = algebra.over.tidy([x - factor * y for x, y in zip(rest, base, strict=True)])
        at_pivot = algebra.over.pivot(rest)
        if at_pivot is not None:
            inverse = algebra.over.inverse(rest[at_pivot])
            kept.append((at_pivot, algebra.over.tidy([inverse * x for x in rest])))
            places.append(place)
    return places


def det(algebra: Algebra, a: Value) -> Value:
    """Return the determinant: by elimination, and by expansion where no entry of a column can be divided by."""
    if a.rows == 1:
        return a
    algebra.spend(a.rows**3)
    rows = _rows(a)
    at = algebra.over.pivot([row.plain[0] for row in rows])
    if at is None:
        return _expanded(algebra, a)
    pivot = rows.pop(at)
    head = _entry(pivot, 0)
    inverse = algebra.reciprocal(head)
    lower = [_cleared(algebra, row, pivot, algebra.times(inverse, _entry(row, 0))) for row in rows]
    keys = {key for row in lower for key in row.parts}
    nothing = [0] * a.cols
    minor = {key: [x for row in lower for x in row.parts.get(key, nothing)[1:]] for key in keys}
    result = algebra.times(head, det(algebra, Value(a.rows - 1, a.cols - 1, minor)))
    return algebra.negative(result) if at % 2 else result


def _expanded(algebra: Algebra, a: Value) -> Value:
    """Return the determinant by Laplace expansion along the first column."""
    algebra.spend(4**a.rows)
    terms = [algebra.number(0)]
    rows = _rows(a)
    for i, row in enumerate(rows):
        head = _entry(row, 0)
        if any(any(part) for part in head.parts.values()):
            minor = det(algebra, a.block([k for k in range(a.rows) if k != i], range(1, a.cols)))
            terms.append(algebra.times(algebra.negative(head) if i % 2 else head, minor))
    return algebra.sum(*terms)


def adjugate(algebra: Algebra, a: Value) -> Value:
    """Return the transposed matrix of cofactors, each a determinant."""
    n = a.rows
    if n == 1:
        return algebra.number(1)
    every = range(n)
    minors = [det(algebra, a.block([r for r in every if r != j], [c for c in every if c != i])) for i in every for j in every]
    signed = [algebra.negative(m) if (k // n + k % n) % 2 else m for k, m in enumerate(minors)]
    return assembled(n, n, signed)
