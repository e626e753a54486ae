"""Whether an equation between numbers may be one that is to be solved, by what is left of it when all is on one side."""

from fractions import Fraction

from mdderive.engine.seen_through import inlined
from mdderive.model.context import Context
from mdderive.model.expr import Expr, of_numbers
from mdderive.verify.field import Unsupported
from mdderive.verify.polynomial import Polynomial, added, constant, times, variable

LARGEST_POWER = 8


def solvable(left: Expr, right: Expr, context: Context) -> bool:
    """Tell whether two sides are polynomials in numbers that have no term in common, and differ by several.

    A claim with a slip in it has terms on both sides that are alike, or leaves a single one that does not vanish.
    """
    places: dict[str, int] = {}
    try:
        a, b = (_polynomial(inlined(e, context), places) for e in (left, right))
    except Unsupported:
        return False
    return a is not None and b is not None and not a.items() & b.items() and len(added(a, b, -1)) > 1


def _polynomial(e: Expr, places: dict[str, int]) -> Polynomial | None:
    """Return an expression as a polynomial in its letters, which are numbered in `places`; None where it is none."""
    e = of_numbers(e)
    if not e.scalar:
        return None
    if e.op == "num":
        return constant(e.value)
    if e.op == "sym":
        return variable(places.setdefault(e.name, len(places)))
    parts = [_polynomial(arg, places) for arg in e.args]
    found = [p for p in parts if p is not None]
    if len(found) < len(parts) or not found:
        return None
    match e.op:
        case "add":
            return _joined(found, plus=True)
        case "mul":
            return _joined(found, plus=False)
        case "pow":
            return _power(found[0], e.args[1])
    return None


def _joined(parts: list[Polynomial], *, plus: bool) -> Polynomial:
    total = parts[0]
    for part in parts[1:]:
        total = added(total, part) if plus else times(total, part)
    return total


def _power(base: Polynomial, exponent: Expr) -> Polynomial | None:
    n = exponent.value if exponent.op == "num" else None
    if n == -1 and base.keys() == {()}:
        return constant(1 / Fraction(base[()]))
    if not isinstance(n, int) or not 0 <= n <= LARGEST_POWER:
        return None
    return _joined([constant(1), *[base] * n], plus=False)
