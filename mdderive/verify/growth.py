"""How the sides of a claim grow with a size that stands as a number in them: n, 1^T 1, tr(I), 2^n, (-1)^n.

At one point of its letters a side is a sum of polynomials in the size times powers of fixed bases, so a linear recurrence in it:
if it vanishes at as many sizes in a row as the recurrence is long, it vanishes at all of them.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from mdderive.model.expr import Expr
from mdderive.model.operators import OPERATORS
from mdderive.verify.contents import Contents

CONSTANTS = frozenset({"size", "identity", "ones", "commutation", "sum"})
MOST_BASES = 16
Base = tuple[object, ...]
PLAIN: Base = ()


class Growth(NamedTuple):
    """Degrees of the polynomials in numerator and denominator, and the bases of the powers."""

    over: int
    under: int
    bases: frozenset[Base]


NONE = Growth(0, 0, frozenset({PLAIN}))


def length(left: Expr, right: Expr, name: str, contents: Contents) -> int:
    """Return at how many sizes in a row the sides must agree to agree at all of them; 1 where the size is no number in them."""
    memo: dict[Expr, Growth] = {}
    a, b = (_growth(e, name, contents, memo) for e in (left, right))
    return (1 + max(a.over + b.under, b.over + a.under)) * len(a.bases | b.bases)


def counts(contents: Contents, *trees: Expr) -> bool:
    """Whether a size may stand as a number in trees: cheap to ask."""
    return any(e.op in CONSTANTS or (e.op == "det" and _scaled(e)) for e in contents.nodes(*trees))


def _growth(e: Expr, name: str, contents: Contents, memo: dict[Expr, Growth]) -> Growth:
    found = memo.get(e)
    if found is None:
        if e.op == "pow" and e.args[1].op != "num":
            found = _of_power(e, name, contents, memo)
        else:
            more = _summed(e, name, contents)
            found = _of(e, name, [_growth(a, name, contents, memo) for a in contents.inside(e)], more)
        memo[e] = found
    return found


def _summed(e: Expr, name: str, contents: Contents) -> int:
    """Return how often a node sums constants over a size: 1^T 1, tr(I), a sum over an index."""

    def constant(a: Expr) -> bool:
        return any(node.op in ("ones", "identity") for node in contents.nodes(a))

    match e.op:
        case "mul":
            chain = [a for a in e.args if not a.scalar]
            return sum(name in a.shape.cols.names and constant(a) and constant(b) for a, b in pairwise(chain))
        case "sum":
            return int(name in _dims(e.args[:1]))
    return int(OPERATORS[e.op].to_number and name in _dims(e.args) and all(map(constant, e.args)))


def _of(e: Expr, name: str, args: list[Growth], more: int) -> Growth:
    match e.op:
        case "size":
            return Growth(int(e.name == name), 0, NONE.bases)
        case "add" | "matrix":
            under = sum(a.under for a in args)
            bases = frozenset[Base]().union(*(a.bases for a in args))
            return Growth(max(a.over + under - a.under for a in args), under, bases)
        case "sum":
            return _product(args[1:], more)
        case "det" if name in _dims(e.args) and _scaled(e):
            return Growth(args[0].over + args[0].under + more, 0, frozenset({("det", e)}))
        case "pow" | "hpow" | "inv" | "hdiv":
            return _quotient(e, args)
        case "fn" if e.name == "log" and args[0].bases != NONE.bases:  # the logarithm of c^n is n times a number
            return Growth(args[0].over + 1, args[0].under, NONE.bases)
    return _product(args, more) if args else NONE


def _of_power(e: Expr, name: str, contents: Contents, memo: dict[Expr, Growth]) -> Growth:
    """Return the growth of a power whose exponent is a formula: a base of its own, or several that take turns for a sign."""
    degree = _growth(e.args[1], name, contents, memo).over
    if not degree:
        return _growth(e.args[0], name, contents, memo)
    turns = 1 << degree.bit_length() if degree > 1 and e.args[0].op == "num" and abs(e.args[0].value) == 1 else 1
    return Growth(degree if degree > 1 and turns == 1 else 0, 0, frozenset(("power", e, k) for k in range(turns)))


def _product(args: Iterable[Growth], more: int) -> Growth:
    over, under, bases = more, 0, NONE.bases
    for a in args:
        over, under = over + a.over, under + a.under
        if a.bases != NONE.bases and len(bases) < MOST_BASES:
            bases = frozenset((*x, *y) for x in bases for y in a.bases)
    return Growth(over, under, bases)


def _quotient(e: Expr, args: list[Growth]) -> Growth:
    if e.op == "hdiv":
        return _product((args[0], Growth(args[1].under, args[1].over, args[1].bases)), 0)
    times = int(e.args[1].value) if e.op != "inv" else -1
    whole = _product([args[0]] * max(1, abs(times)), 0)
    return whole if times > 0 else Growth(whole.under, whole.over, whole.bases)


def _dims(args: Iterable[Expr]) -> frozenset[str]:
    return frozenset(n for a in args for n in (*a.shape.rows.names, *a.shape.cols.names))


def _scaled(e: Expr) -> bool:
    """Whether a number or a letter scales the matrix of a determinant."""
    return any((node.op == "num" and node.value != 1) or (node.op != "num" and node.scalar) for node in e.args[0].walk())
