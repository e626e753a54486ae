"""How large a claim is as a quotient of polynomials: bounds for its degree and for the size of its coefficients.

They bound the chance that a false claim holds at a random point: a nonzero polynomial of degree D vanishes at one of p values
with probability at most D/p (Schwartz 1980, Zippel 1979).
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import NamedTuple

from mdderive.model.expr import Expr
from mdderive.verify.contents import Contents
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


def degree(trees: Sequence[Expr], contents: Contents, sizings: Sequence[Sizes]) -> Degree:
    """Return a bound for the degree of a sum of rational trees at the worst sizes; unknown functions count as letters."""
    nodes = contents.in_order(*trees)
    found: list[Degree] = []
    for sizes in sizings:
        memo: dict[Expr, Degree] = {}
        for node, inside in nodes.items():
            memo[node] = _degree(node, [memo[a] for a in inside], sizes)
        found.append(Degree(sum(memo[e].over for e in trees), sum(memo[e].under for e in trees)))
    return max(found, key=sum)


def _degree(e: Expr, args: list[Degree], sizes: Sizes) -> Degree:
    match e.op:
        case "member":
            return Degree(2, 0)
        case "sym":
            return args[0] if args and not e.args else Degree(2, 0)
        case "add":
            under = sum(a.under for a in args)
            return Degree(max(a.over + under - a.under for a in args), under)
        case "hdiv":
            entries = e.args[1].shape.entries.number(sizes)
            return Degree(args[0].over + entries * args[1].whole, args[0].under + entries * args[1].whole)
        case "sum":
            count = e.args[0].shape.rows.number(sizes)
            return Degree(args[1].over + count * args[1].under, count * args[1].under)
        case "matrix":
            return Degree(sum(a.whole for a in args), sum(a.under for a in args))
        case "pow" | "hpow":
            return _of_power(e, args[0], sizes)
        case "fn" if len(args) == 2:  # of a function defined by a body: its degree times that of the argument
            whole = 3 ** e.name.count("'") * args[1].whole * max(1, args[0].whole)
            return Degree(whole, whole)
        case "fn" | "apply":
            return Degree(args[0].whole + 1, args[0].under)
        case "d" | "deriv" | "hess":
            return Degree(3 * args[0].whole, 3 * args[0].under)
    match MEANING[e.op].degree:
        case "number":
            return Degree(0, 0)
        case "product":
            return Degree(sum(a.over for a in args), sum(a.under for a in args))
        case "determinant":
            n = e.args[0].shape.rows.number(sizes)
            return Degree(n * args[0].over, n * args[0].under)
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
    bits = _bits(trees, contents, {})
    return max(bits[e] for e in trees)


def _bits(trees: Sequence[Expr], contents: Contents, bound: Mapping[str, int]) -> Mapping[Expr, int]:
    """Return the bits of all nodes; `bound` are those of the parameters of the functions around."""
    memo: dict[Expr, int] = {}
    for node, inside in contents.in_order(*trees).items():
        memo[node] = _bits_of(node, [memo[a] for a in inside], contents, bound)
    return memo


def _bits_of(e: Expr, parts: Sequence[int], contents: Contents, bound: Mapping[str, int]) -> int:
    if e.op == "num":
        value = Fraction(e.value)
        return value.numerator.bit_length() + value.denominator.bit_length()
    if e.op == "sym" and e.name in bound:
        return bound[e.name]
    own = contents.context.elementwise.get(e.name.rstrip("'")) if e.op == "fn" else None
    if own is not None and own.body is not None:
        return _bits([own.body], contents, {**bound, own.parameter: parts[0]})[own.body]
    match e.op:
        case "add":
            return sum(parts) + (len(parts) - 1).bit_length()
        case "pow" | "hpow":
            if e.args[1].op == "num":  # the exponent itself is no coefficient
                return parts[0] * (abs(int(e.args[1].value)) + 1)
            return parts[0] * LARGE_SIZE + parts[-1]
    large = e.op in MEANING and MEANING[e.op].degree in ("determinant", "inverse")
    return parts[0] * LARGE_SIZE if large else sum(parts)
