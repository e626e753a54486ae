"""Sums over an index in matrix form.

A sum is a linear form in what its summand numbers: sum_i x_i y_i = x^T y, sum_i A_ii = tr(A), sum_i f(x_i) = 1^T f(x). The
innermost sum goes first. Where a summand has no such form the sum stays, and differentiating it ends with DRV405.
"""

from collections.abc import Sequence
from functools import lru_cache

from mdderive.engine.arrange import plus, product
from mdderive.engine.normal import normal
from mdderive.engine.transposing import transposed
from mdderive.model.expr import Expr, leaf, make, num, rebuilt, units
from mdderive.model.shapes import ONE, SCALAR, Shape
from mdderive.model.terms import split, weight

TWO = num(2)


class _NoForm(Exception):
    """A summand that is numbered in no way a matrix product has."""


@lru_cache(maxsize=1 << 10)
def matrix_form(e: Expr) -> Expr:
    """Return the normal tree `e` with every sum over an index, where it has one, in matrix form."""
    if not any(node.op == "sum" for node in e.walk()):
        return e
    squares = _squares(e)
    if squares is not None:
        return squares
    args = tuple(matrix_form(a) for a in e.args)
    inside = normal(rebuilt(e, args))
    if inside.op != "sum":
        return inside
    try:
        return _total(inside.args[1], inside.args[0])
    except _NoForm:
        return inside


def _squares(e: Expr) -> Expr | None:
    """Return tr(M^T M) for the sum of the squares of all entries of M."""
    inner = e.args[1] if e.op == "sum" else e
    if inner.op != "sum" or inner.args[1].op != "pow" or inner.args[1].args[1] != TWO:
        return None
    try:
        entries = _entries(matrix_form(inner.args[1].args[0]), e.args[0], inner.args[0])
    except _NoForm:
        return None
    return normal(make("tr", make("mul", make("transpose", entries), entries)))


def _depends(e: Expr, unit: Expr) -> bool:
    return unit.name in units(e)


def _total(e: Expr, unit: Expr) -> Expr:
    """Return the sum of a scalar over the places of a unit vector."""
    if e.op == "add":
        return plus((_total(a, unit) for a in e.args), e.shape)
    number, scalars, chain = split(e)
    if chain not in ((), (unit,)):
        raise _NoForm
    outside = [num(number), *(s for s in scalars if not _depends(s, unit))]
    inside = [s for s in scalars if _depends(s, unit)]
    if len(inside) == 1 and inside[0].op == "pow" and inside[0].args[1] == TWO:
        inside = [inside[0].args[0]] * 2
    if chain:
        return product((*outside, _entrywise([_column(s, unit) for s in inside] or [leaf("ones", unit.shape)])), unit.shape)
    if not inside:
        return product((*outside, _size(unit)), SCALAR)
    around = _around(inside[0], unit) if len(inside) == 1 else None
    if around is not None:
        return product((*outside, normal(make("tr", _turned(around)))), SCALAR)
    columns = [_column(s, unit) for s in inside]
    if len(columns) == 1:
        row = leaf("ones", Shape(ONE, unit.shape.rows))
        return product((*outside, normal(make("mul", row, columns[0]))), SCALAR)
    return product((*outside, _inner(columns[0], _entrywise(columns[1:]))), SCALAR)


def _inner(x: Expr, y: Expr) -> Expr:
    """Return `x^T y` or `y^T x`, whichever is shorter."""
    pairs = ((transposed(x), y), (transposed(y), x))
    row, column = min(pairs, key=lambda pair: (weight(pair[0]) + weight(pair[1]), weight(pair[0])))
    return normal(make("mul", row, column))


def _turned(e: Expr) -> Expr:
    """Return `Y^T X` for `X Y^T`, or `X^T f(Y)` for `X f(Y^T)`, which have the same trace."""
    if e.op == "mul" and len(e.args) == 2 and _is_turned(e.args[1]) and e.args[0].op != "transpose":
        first, last = e.args
        return make("mul", transposed(first), transposed(last)) if last.op != "transpose" else make("mul", last, first)
    return e


def _is_turned(e: Expr) -> bool:
    """Tell whether a factor is a transpose, entry by entry or as a whole."""
    return e.op == "transpose" or (e.op in ("fn", "hpow") and _is_turned(e.args[0]))


def _size(unit: Expr) -> Expr:
    """Return the number of places of a unit vector as a scalar."""
    return normal(make("mul", leaf("ones", unit.shape.transposed), leaf("ones", unit.shape)))


def _around(e: Expr, unit: Expr) -> Expr | None:
    """Return A for a run `u^T A u`."""
    if e.op != "mul" or len(e.args) < 3 or e.args[-1] != unit or not _is_row(e.args[0], unit):
        return None
    inner = product(e.args[1:-1], Shape(unit.shape.rows, unit.shape.rows))
    return None if _depends(inner, unit) else inner


def _is_row(e: Expr, unit: Expr) -> bool:
    return e.op == "transpose" and e.args[0] == unit


def _column(e: Expr, unit: Expr) -> Expr:
    """Return the column whose entries are the values of a scalar at the places of a unit vector."""
    run = _run(e, unit)
    if run is not None:
        return run
    others = sorted(units(e).keys() - {unit.name})
    if not others:
        return _entries(e, unit, None)
    if len(others) > 1:
        raise _NoForm
    other = units(e)[others[0]]
    return product((_entries(e, unit, other), other), unit.shape)


def _run(e: Expr, unit: Expr) -> Expr | None:
    """Return R for a run `u^T R` or `R^T u` in which u stands once."""
    if e.op != "mul" or any(a.scalar for a in e.args):
        return None
    if _is_row(e.args[0], unit) and not any(_depends(a, unit) for a in e.args[1:]):
        return product(e.args[1:], unit.shape)
    if e.args[-1] == unit and not any(_depends(a, unit) for a in e.args[:-1]):
        return transposed(product(e.args[:-1], unit.shape.transposed))
    return None


def _entries(e: Expr, unit: Expr, other: Expr | None) -> Expr:
    """Return the matrix K with `e = u^T K w` for unit vectors u and w; without w, the column K with `e = u^T K`."""
    shape = Shape(unit.shape.rows, other.shape.rows if other is not None else ONE)
    here, there = _depends(e, unit), other is not None and _depends(e, other)
    if not here and not there:
        return product((e, leaf("ones", shape)), shape)
    if other is not None and not (here and there):
        if here:
            return normal(make("mul", _column(e, unit), leaf("ones", other.shape.transposed)))
        return normal(make("mul", leaf("ones", unit.shape), transposed(_column(e, other))))
    if e.op == "mul" and not any(a.scalar for a in e.args):
        return _run_entries(e, unit, other)

    def entries(part: Expr) -> Expr:
        return _entries(part, unit, other)

    match e.op:
        case "add":
            return plus(map(entries, e.args), shape)
        case "mul":
            return _scaled(e, unit, other, shape)
        case "pow" if not (_depends(e.args[1], unit) or (other is not None and _depends(e.args[1], other))):
            return normal(make("hpow", entries(e.args[0]), e.args[1]))
        case "fn" | "max" | "min":
            return normal(make(e.op, *map(entries, e.args), name=e.name))
    raise _NoForm


def _run_entries(e: Expr, unit: Expr, other: Expr | None) -> Expr:
    """Return K for a run `u^T K w` or `w^T K^T u`; of one unit vector, for `u^T K`, `K^T u` or the diagonal of A in `u^T A u`."""
    if other is None:
        around = _around(e, unit)
        found = _run(e, unit) if around is None else normal(make("diagonal", around))
    else:
        inner = product(e.args[1:-1], Shape(e.args[0].shape.cols, e.args[-1].shape.rows))
        straight = _is_row(e.args[0], unit) and e.args[-1] == other
        turned = _is_row(e.args[0], other) and e.args[-1] == unit
        found = None if units(inner) else inner if straight else transposed(inner) if turned else None
    if found is None:
        raise _NoForm
    return found


def _scaled(e: Expr, unit: Expr, other: Expr | None, shape: Shape) -> Expr:
    """Return K for a product of scalars; what one unit vector numbers alone scales rows or columns."""
    number, scalars, _ = split(e)
    rows = [s for s in scalars if _depends(s, unit)]
    cols = [s for s in scalars if other is not None and _depends(s, other)]
    outside = (num(number), *(s for s in scalars if s not in rows and s not in cols))
    if other is None:
        return product((*outside, _entrywise([_entries(s, unit, None) for s in rows])), shape)
    both = [_entries(s, unit, other) for s in rows if s in cols]
    left = [_column(s, unit) for s in rows if s not in cols]
    right = [_column(s, other) for s in cols if s not in rows]
    if not both:
        return product((*outside, _entrywise(left), transposed(_entrywise(right))), shape)
    diagonals = [[normal(make("diag", _entrywise(side)))] if side else [] for side in (left, right)]
    return product((*outside, *diagonals[0], _entrywise(both), *diagonals[1]), shape)


def _entrywise(parts: Sequence[Expr]) -> Expr:
    return parts[0] if len(parts) == 1 else normal(make("had", *parts))
