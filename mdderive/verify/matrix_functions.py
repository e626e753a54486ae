"""Functions and powers of a square matrix at its value, nilpotent parts included, and their derivatives in a direction.

Entire functions are summed by their power series. A square root solves S S = X, a logarithm e^Y = X: from a rough value, which
an iteration of inverses gives (Denman and Beavers 1976), every step adds digits until the equation holds with all of them, for
the nilpotent parts as well. A function made of others is the formula that is its meaning, in which a product of numbers becomes
one of matrices: they commute.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random

from mdderive.model.expr import Expr, Number
from mdderive.model.functions import FUNCTIONS
from mdderive.verify.algebra import Algebra, Value
from mdderive.verify.elimination import inverse
from mdderive.verify.entrywise import TAU, meaning
from mdderive.verify.evaluator import Evaluator
from mdderive.verify.field import Field, Inexact, Numbers, Undefined, Unsupported, absolute
from mdderive.verify.real import Real
from mdderive.verify.series import SERIES, FixedPoint, function_of_matrix

ANY_DEGREE = 8
MOST_STEPS, MOST_ROOTS = 40, 24
ROOM = 40  # bits beyond those that are kept
NEAR, ROUGH = 0.1, 1e-12  # so near to the identity a logarithm is summed; so near to a root a rough value is


def of_matrix(at: Evaluator, name: str, x: Value) -> Value:
    """Return a function of a square matrix."""
    algebra = at.draw.algebra
    if name.rstrip("'") not in FUNCTIONS:
        return _any(algebra, name, x)
    if not isinstance(algebra.over, Real):
        raise Inexact("no-exact-value", name=name)
    if name in SERIES:
        found, work = function_of_matrix(name, x, algebra.over)
        algebra.spend(work // algebra.over.cost)
        return found
    if name == "log":
        return _logarithm(algebra, x)
    if name == "sqrt":
        return _root(algebra, x)
    body = meaning(name)
    if body is None:
        raise Unsupported("matrix-function", name=name)
    return _made(at, body, x)


def root_of_matrix(at: Evaluator, x: Value, exponent: Fraction) -> Value:
    """Return the principal power of a square matrix by an exponent between 0 and 1."""
    algebra = at.draw.algebra
    if not isinstance(algebra.over, Real):
        raise Inexact("no-exact-value", name="power")
    if exponent == Fraction(1, 2):
        return _root(algebra, x)
    return of_matrix(at, "exp", algebra.times(algebra.number(exponent), _logarithm(algebra, x)))


def along(at: Evaluator, f: Callable[[Value], Value], x: Value, direction: Value) -> Value:
    """Return how a function changes when its argument moves in a direction."""
    bit = 1 << max(x.mask() | direction.mask(), at.bit - 1).bit_length()
    return f(x.joined(direction, bit)).split(bit)[1]


def _made(at: Evaluator, e: Expr, x: Value) -> Value:
    """Return the scalar tree `e` with a square matrix for its letter: numbers are multiples of the identity."""
    algebra = at.draw.algebra
    if e.op == "sym" and e.name == TAU:
        return x
    if all(node.name != TAU for node in e.walk()):
        return algebra.times(at.value(e), algebra.identity(x.rows))
    match e.op:
        case "add":
            return algebra.sum(*(_made(at, a, x) for a in e.args))
        case "mul":
            result = _made(at, e.args[0], x)
            for a in e.args[1:]:
                result = algebra.product(result, _made(at, a, x))
            return result
        case "pow" if e.args[1].op == "num" and isinstance(e.args[1].value, int) and e.args[1].value:
            k, base = e.args[1].value, _made(at, e.args[0], x)
            return algebra.power(inverse(algebra, base) if k < 0 else base, abs(k), algebra.product)
        case "fn":
            return of_matrix(at, e.name, _made(at, e.args[0], x))
    raise Unsupported("operator-inside", name=e.op)


def _any(algebra: Algebra, name: str, x: Value) -> Value:
    """Return a function that a rule leaves open, or its derivative: a polynomial of a degree above the sizes that are tried."""
    base = name.rstrip("'")
    slopes = [(k, algebra.over.unknown(base, (), (algebra.over.number(k),))) for k in range(ANY_DEGREE)]
    for _ in range(len(name) - len(base)):
        slopes = [(k - 1, algebra.over.number(k) * c) for k, c in slopes if k]
    powers = [algebra.identity(x.rows), x]
    while len(powers) < ANY_DEGREE:
        powers.append(algebra.product(powers[-1], x))
    return algebra.sum(*(algebra.times(algebra.const(1, 1, [c]), powers[k]) for k, c in slopes))


def _root(algebra: Algebra, x: Value) -> Value:
    """Return the principal square root: S S = X, whose linear part is S E + E S."""
    rough = Algebra(_Rough())
    start = _mean_of_inverses(rough, _plain(rough, x))
    one = rough.identity(x.rows)
    slope = rough.sum(rough.kron(start, one), rough.kron(one, start.transposed()))
    return _refined(algebra, x, (start, inverse(rough, slope)), lambda fixed, y: fixed.product(y, y))


def _logarithm(algebra: Algebra, x: Value) -> Value:
    """Return the principal logarithm: e^Y = X, whose linear part is found in every direction."""
    rough, n = Algebra(_Rough()), x.rows
    start = _by_roots(rough, _plain(rough, x))
    columns = []
    for k in range(n * n):
        unit: Numbers = [int(k == i) for i in range(n * n)]
        columns.append(_exponential(rough, Value(n, n, start.parts | {1: unit})).parts[1])
    slope = rough.const(n * n, n * n, [column[i] for i in range(n * n) for column in columns])
    return _refined(algebra, x, (start, inverse(rough, slope)), FixedPoint.exponential)


def _refined(algebra: Algebra, x: Value, start: tuple[Value, Value], f: Callable[[FixedPoint, Value], Value]) -> Value:
    """Return Y with f(Y) = X from a rough value and the inverse of the linear part of f there: each step adds as many digits."""
    n, over = x.rows, algebra.over
    assert isinstance(over, Real)
    fixed = FixedPoint(n, over.bits + ROOM)
    x = x.mapped(n, n, lambda part: [over.fixed(t, fixed.bits) for t in part])
    y, step = (v.mapped(v.rows, v.cols, lambda part: [int(Fraction(t) * 2**fixed.bits) for t in part]) for v in start)
    for _ in range(MOST_STEPS):
        gap = fixed.whole.sum(x, fixed.whole.negative(f(fixed, y)))
        if max(absolute(t) for part in gap.parts.values() for t in part) < 2**ROOM:
            algebra.spend(fixed.whole.work // over.cost)
            return y.mapped(n, n, lambda part: [over.floating(t, fixed.bits) for t in part])
        change = fixed.product(step, Value(n * n, 1, gap.parts))
        y = fixed.whole.sum(y, Value(n, n, change.parts))
    raise Undefined("beyond-domain", name="log")


# ---------------------------------------------------------------- rough values, where the search for exact digits begins


class _Rough(Field):
    """Numbers of the machine."""

    exact = False

    def number(self, value: Number) -> Number:
        return float(value)  # type: ignore[return-value]

    def inverse(self, x: Number) -> Number:
        if not x:
            raise Undefined("division")
        return 1 / x  # type: ignore[return-value]

    def pivot(self, column: Sequence[Number]) -> int | None:
        best = max(range(len(column)), key=lambda i: absolute(column[i]))
        return best if column[best] else None

    def known(self, name: str, x: Number) -> Number:
        raise Unsupported("operator", name=name)

    def unknown(self, name: str, indices: tuple[int, ...], entries: Sequence[Number]) -> Number:
        raise Unsupported("operator", name=name)

    def random(self, rng: Random) -> Number:
        raise Unsupported("operator", name="random")


def _plain(rough: Algebra, x: Value) -> Value:
    return rough.const(x.rows, x.cols, [rough.over.number(t) for t in x.plain])


def _size(a: Value) -> float:
    return float(max(absolute(t) for part in a.parts.values() for t in part))


def _mean_of_inverses(rough: Algebra, x: Value) -> Value:
    """Return the square root: the mean of Y and the inverse of Z, and the other way round, until nothing changes."""
    y, z, half = x, rough.identity(x.rows), rough.number(Fraction(1, 2))
    for _ in range(MOST_STEPS):
        y, z = (rough.times(half, rough.sum(a, inverse(rough, b))) for a, b in ((y, z), (z, y)))
        if _size(rough.sum(rough.product(y, y), rough.negative(x))) < ROUGH * (1 + _size(x)):
            return y
    raise Undefined("beyond-domain", name="sqrt")


def _by_roots(rough: Algebra, x: Value) -> Value:
    """Return the logarithm: 2^s times that of the root of order 2^s, which is near the identity."""
    one = rough.identity(x.rows)
    for roots in range(MOST_ROOTS):
        step = rough.sum(x, rough.negative(one))
        if _size(step) < NEAR:
            z = rough.product(step, inverse(rough, rough.sum(x, one)))
            square, power, total = rough.product(z, z), z, z
            for k in range(3, 15, 2):
                power = rough.product(power, square)
                total = rough.sum(total, rough.times(rough.number(Fraction(1, k)), power))
            return rough.times(rough.number(2 ** (roots + 1)), total)
        x = _mean_of_inverses(rough, x)
    raise Undefined("beyond-domain", name="log")


def _exponential(rough: Algebra, x: Value) -> Value:
    """Return the exponential: the sum of the series at a small part, squared back."""
    halvings = max(0, int(_size(x)).bit_length() + 4)
    x = rough.times(rough.number(Fraction(1, 2**halvings)), x)
    term = total = rough.identity(x.rows)
    for k in range(1, 14):
        term = rough.times(rough.number(Fraction(1, k)), rough.product(term, x))
        total = rough.sum(total, term)
    for _ in range(halvings):
        total = rough.product(total, total)
    return total
