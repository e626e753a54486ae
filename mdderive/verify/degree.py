"""How large a claim is: its degrees in letters and the bits of its coefficients, and how it grows with a size.

As a quotient of polynomials of a degree in its letters, its degree bounds the chance that a false claim holds at a random point:
a nonzero polynomial of degree D vanishes at one of p values with probability at most D/p (Schwartz 1980, Zippel 1979).

In a size that stands as a number (n, 1^T 1, tr(I), 2^n, (-1)^n) a side is, at one point of its letters, a sum of polynomials
times powers of fixed bases, so a linear recurrence: if it vanishes at as many sizes in a row as the recurrence is long, it
vanishes at all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import NamedTuple

from mdderive.model.context import ElementwiseFunction
from mdderive.model.expr import POWERS, Expr
from mdderive.model.operators import OPERATORS
from mdderive.verify.contents import Contents
from mdderive.verify.matrix_functions import ANY_DEGREE
from mdderive.verify.operators import MEANING
from mdderive.verify.sizes import Sizes

LARGE_SIZE = 5


class Degree(NamedTuple):
    """Degrees of numerator and common denominator of all entries."""

    over: int
    under: int

    @property
    def whole(self) -> int:
        """The degree when denominators are cleared."""
        return self.over + self.under


Inside = Mapping[Expr, tuple[Expr, ...]]
Functions = Mapping[str, ElementwiseFunction]
Degrees = dict[tuple[int, ...], dict[Expr, "Degree"]]


def degree(trees: Sequence[Expr], contents: Contents, sizings: Sequence[Sizes], known: Degrees) -> Degree:
    """Return a bound for the degree of a sum of rational trees at the worst sizes; unknown functions count as letters.

    `known` keeps the degrees of nodes, by sizes.
    """
    nodes = contents.in_order(*trees)
    found: list[Degree] = []
    for sizes in sizings:
        memo = known.setdefault(tuple(sizes.values()), {})
        for node, inside in nodes.items():
            if node not in memo:
                memo[node] = _degree(node, [memo[a] for a in inside], sizes)
        found.append(Degree(sum(memo[e].over for e in trees), sum(memo[e].under for e in trees)))
    return max(found, key=sum)


def _degree(e: Expr, args: list[Degree], sizes: Sizes) -> Degree:
    match e.op:
        case "member":
            return Degree(2, 0)
        case "sym":
            return args[0] if args and not e.args else Degree(2, 0)
        case "add" | "below" | "beside":
            under = sum(a.under for a in args)
            return Degree(max(a.over + under - a.under for a in args), under)
        case "hdiv":
            entries = e.args[1].shape.entries.number(sizes)
            return Degree(args[0].over + entries * args[1].whole, args[0].under + entries * args[1].whole)
        case "sum":
            count = e.args[0].shape.rows.number(sizes)
            return Degree(args[1].over + count * args[1].under, count * args[1].under)
        case "product":
            count = e.args[0].shape.rows.number(sizes)
            return Degree(count * args[1].over, count * args[1].under)
        case "mfn" | "frechet" | "frechetmatrix":  # left open, a polynomial
            whole = ANY_DEGREE * sum(a.whole for a in args)
            return Degree(whole, whole)
        case "matrix":
            return Degree(sum(a.whole for a in args), sum(a.under for a in args))
        case "pow" | "hpow":
            return _of_power(e, args[0], sizes)
        case "powersum" | "powersummatrix":
            factors = sum(a.whole for a in args[: len(e.args) - 1])
            whole = (_largest(e.args[-1], sizes) + 1) * 2 * e.shape.rows.number(sizes) * factors
            return Degree(whole, whole)
        case "fn" if len(args) == 2:  # of a function defined by a body: its degree times that of the argument
            whole = 3 ** e.name.count("'") * args[1].whole * max(1, args[0].whole)
            return Degree(whole, whole)
        case "fn" | "apply":
            return Degree(args[0].whole + 1, args[0].under)
        case "at":
            whole = args[0].whole * max(1, args[2].whole)
            return Degree(whole, whole)
        case "along":
            return Degree(3 * args[0].whole + args[2].whole, 3 * args[0].under + args[2].under)
        case "d" | "deriv" | "hess":
            return Degree(3 * args[0].whole, 3 * args[0].under)
    return _of_operator(e, args, sizes)


def _of_operator(e: Expr, args: list[Degree], sizes: Sizes) -> Degree:
    """Return the degree of an operator as its meaning says."""
    match MEANING[e.op].degree:
        case "number":
            return Degree(0, 0)
        case "product":
            return Degree(sum(a.over for a in args), sum(a.under for a in args))
        case "determinant":
            n = e.args[0].shape.rows.number(sizes)
            return Degree(n * args[0].over, n * args[0].under)
        case "pseudoinverse":
            n = max(e.shape.rows.number(sizes), e.shape.cols.number(sizes))
            return Degree(4 * n * args[0].whole, 4 * n * args[0].whole)
        case "inverse":
            n = e.args[0].shape.rows.number(sizes)
            return Degree((n - 1) * args[0].over + args[0].under, n * args[0].over)
    return args[0]


def _of_power(e: Expr, a: Degree, sizes: Sizes) -> Degree:
    times = _largest(e.args[1], sizes) + 1
    n = e.shape.rows.number(sizes) if e.op == "pow" else e.shape.entries.number(sizes)
    return Degree(times * n * a.whole, times * n * a.whole)


def _largest(exponent: Expr, sizes: Sizes) -> int:
    """Return a bound for the absolute value of an exponent made of numbers and sizes."""
    match exponent.op:
        case "num":
            return abs(int(exponent.value)) + 1
        case "size":
            return sizes[exponent.name]
        case "mul":
            return prod(_largest(a, sizes) for a in exponent.args)
    return sum(_largest(a, sizes) for a in exponent.args)


def coefficient_bits(trees: Sequence[Expr], contents: Contents) -> int:
    """Return a bound for the bits of coefficients: numbers count as often as definitions and functions repeat them."""
    nodes = contents.in_order(*trees)
    memo: dict[Expr, int] = {}
    return max(_bits(e, nodes, contents.context.elementwise, memo, {}) for e in trees)


def _bits(e: Expr, nodes: Inside, functions: Functions, memo: dict[Expr, int], bound: Mapping[str, int]) -> int:
    """Return the bits of a node; `bound` are those of the parameters of the functions around, in whose body it stands."""
    found = memo.get(e)
    if found is None:
        found = memo[e] = _bits_of(e, nodes, functions, memo, bound)
    return found


def _bits_of(e: Expr, nodes: Inside, functions: Functions, memo: dict[Expr, int], bound: Mapping[str, int]) -> int:
    if e.op == "num":
        value = Fraction(e.value)
        return value.numerator.bit_length() + value.denominator.bit_length()
    if e.op == "sym" and e.name in bound:
        return bound[e.name]
    own = functions.get(e.name.rstrip("'")) if e.op == "fn" else None
    if own is not None and own.body is not None:
        return _bits(own.body, nodes, functions, {}, {**bound, own.parameter: _bits(e.args[0], nodes, functions, memo, bound)})
    parts = [_bits(a, nodes, functions, memo, bound) for a in nodes[e]]
    match e.op:
        case "add":
            return sum(parts) + (len(parts) - 1).bit_length()
        case "pow" | "hpow":
            if e.args[1].op == "num":  # the exponent itself is no coefficient
                return parts[0] * (abs(int(e.args[1].value)) + 1)
            return parts[0] * LARGE_SIZE + parts[-1]
    large = e.op in MEANING and MEANING[e.op].degree in ("determinant", "inverse", "pseudoinverse")
    return parts[0] * LARGE_SIZE if large else sum(parts)


CONSTANTS = frozenset({"size", "identity", "ones", "commutation", "sum", "product"})
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
        if e.op in POWERS and e.args[-1].op != "num":
            found = _power(e, name, contents, memo)
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
            return sum(name in a.shape.cols.letters and constant(a) and constant(b) for a, b in pairwise(chain))
        case "sum":
            return int(name in _dims(e.args[:1]))
    return int(OPERATORS[e.op].to_number and name in _dims(e.args) and all(map(constant, e.args)))


def _of(e: Expr, name: str, args: list[Growth], more: int) -> Growth:
    match e.op:
        case "size":
            return Growth(int(e.name == name), 0, NONE.bases)
        case "add" | "matrix" | "below" | "beside":
            under = sum(a.under for a in args)
            bases = frozenset[Base]().union(*(a.bases for a in args))
            return Growth(max(a.over + under - a.under for a in args), under, bases)
        case "sum":
            return _product(args[1:], more)
        case "product" if name in _dims(e.args[:1]):
            return Growth(args[1].over + args[1].under, 0, frozenset({("power", e, 0)}))
        case "det" if name in _dims(e.args) and _scaled(e):
            return Growth(args[0].over + args[0].under + more, 0, frozenset({("det", e)}))
        case "pow" | "hpow" | "inv" | "hdiv":
            return _quotient(e, args)
        case "fn" if e.name == "log" and args[0].bases != NONE.bases:  # the logarithm of c^n is n times a number
            return Growth(args[0].over + 1, args[0].under, NONE.bases)
    return _product(args, more) if args else NONE


def _power(e: Expr, name: str, contents: Contents, memo: dict[Expr, Growth]) -> Growth:
    """Return the growth of a power whose exponent is a formula: a base of its own, or several that take turns for a sign."""
    degree = _growth(e.args[-1], name, contents, memo).over
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
    return frozenset(n for a in args for n in (*a.shape.rows.letters, *a.shape.cols.letters))


def _scaled(e: Expr) -> bool:
    """Whether a number or a letter scales the matrix of a determinant."""
    return any((node.op == "num" and node.value != 1) or (node.op != "num" and node.scalar) for node in e.args[0].walk())
