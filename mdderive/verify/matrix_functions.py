"""Functions and powers of a square matrix at its value, nilpotent parts included, and their derivatives in a direction.

Entire functions are summed by their power series. A square root solves S S = X, a logarithm e^Y = X: from a rough value, which
an iteration of inverses gives (Denman and Beavers 1976), every step adds digits until the equation holds with all of them, for
the nilpotent parts as well. A function made of others is the formula that is its meaning, in which a product of numbers becomes
one of matrices: they commute.
"""

from collections.abc import Callable
from fractions import Fraction
from operator import mul

from mdderive.model.expr import Expr
from mdderive.model.functions import FUNCTIONS
from mdderive.verify.algebra import Algebra, Value
from mdderive.verify.elimination import inverse
from mdderive.verify.entrywise import TAU, meaning
from mdderive.verify.evaluator import Evaluator
from mdderive.verify.field import Inexact, Undefined, Unsupported, absolute
from mdderive.verify.real import Real
from mdderive.verify.series import SERIES, FixedPoint, function_of_matrix

ANY_DEGREE = 8
MOST_STEPS, MOST_ROOTS = 40, 24
WANDERING = 12  # steps after which what is left falls with each, unless there is no root
ROOM = 40  # bits beyond those that are kept
NEAR, ROUGH = 0.1, 1e-12  # so near to the identity a logarithm is summed; so near to a root a rough value is
SMALL, TERMS = 3, 10  # what a series is summed at: a part below 2^-SMALL, by so many terms

_Rough = list[list[float]]


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
    start = _mean_of_inverses(_rough(x))
    return _refined(algebra, x, start, _inverse(_sided(start, start)), lambda fixed, y: fixed.product(y, y))


def _logarithm(algebra: Algebra, x: Value) -> Value:
    """Return the principal logarithm: e^Y = X, whose linear part is found in every direction."""
    start = _by_roots(_rough(x))
    return _refined(algebra, x, start, _inverse(_slope_of_exponential(start)), FixedPoint.exponential)


def _refined(algebra: Algebra, x: Value, start: _Rough, slope: _Rough, f: Callable[[FixedPoint, Value], Value]) -> Value:
    """Return Y with f(Y) = X from a rough value and the inverse of the linear part of f there: each step adds as many digits."""
    n, over = x.rows, algebra.over
    assert isinstance(over, Real)
    fixed = FixedPoint(n, over.bits + ROOM)
    x = x.mapped(n, n, lambda part: [over.fixed(t, fixed.bits) for t in part])
    y, step = (Value(len(a), len(a), {0: [_units(t, fixed.bits) for row in a for t in row]}) for a in (start, slope))
    for _ in range(MOST_STEPS):
        gap = fixed.whole.sum(x, fixed.whole.negative(f(fixed, y)))
        if max(absolute(t) for part in gap.parts.values() for t in part) < 2**ROOM:
            algebra.spend(fixed.whole.work // over.cost)
            return y.mapped(n, n, lambda part: [over.floating(t, fixed.bits) for t in part])
        change = fixed.product(step, Value(n * n, 1, gap.parts))
        y = fixed.whole.sum(y, Value(n, n, change.parts))
    raise Undefined("beyond-domain", name="log")


# ---------------------------------------------------------------- rough values, where the search for exact digits begins


def _rough(x: Value) -> _Rough:
    return [[float(t) for t in x.plain[i : i + x.cols]] for i in range(0, len(x.plain), x.cols)]


def _units(x: float, bits: int) -> int:
    above, below = x.as_integer_ratio()
    return (above << bits) // below


def _one(n: int) -> _Rough:
    return [[float(i == j) for j in range(n)] for i in range(n)]


def _product(a: _Rough, b: _Rough) -> _Rough:
    columns = list(zip(*b, strict=True))
    return [[sum(map(mul, row, column)) for column in columns] for row in a]


def _combined(c: float, a: _Rough, d: float, b: _Rough) -> _Rough:
    """Return `c a + d b`."""
    return [[c * x + d * y for x, y in zip(u, v, strict=True)] for u, v in zip(a, b, strict=True)]


def _inverse(a: _Rough) -> _Rough:
    n = len(a)
    rows = [u + v for u, v in zip(a, _one(n), strict=True)]
    for j in range(n):
        best = max(range(j, n), key=lambda i: abs(rows[i][j]))
        rows[j], rows[best] = rows[best], rows[j]
        if not (head := rows[j][j]):
            raise Undefined("singular-matrix")
        pivot = rows[j] = [x / head for x in rows[j]]
        for i, row in enumerate(rows):
            if i != j and (factor := row[j]):
                rows[i] = [x - factor * y for x, y in zip(row, pivot, strict=True)]
    return [row[n:] for row in rows]


def _size(a: _Rough) -> float:
    return max(abs(t) for row in a for t in row)


def _mean_of_inverses(x: _Rough) -> _Rough:
    """Return the square root: the mean of Y and the inverse of Z, and the other way round, until nothing changes."""
    _with_a_root(x)
    y, z, last = x, _one(len(x)), 0.0
    for step in range(MOST_STEPS):
        y, z = (_combined(0.5, a, 0.5, _inverse(b)) for a, b in ((y, z), (z, y)))
        rest = _size(_combined(1, _product(y, y), -1, x))
        if rest < ROUGH * (1 + _size(x)):
            return y
        if step > WANDERING and rest >= last:  # an eigenvalue on the negative axis, beside which a number never settles
            break
        last = rest
    raise Undefined("beyond-domain", name="sqrt")


def _with_a_root(x: _Rough) -> None:
    """Refuse a matrix with an eigenvalue on the negative axis where elimination shows one: by inertia, or by the determinant."""
    rows, negative = x, 0
    while rows:
        (head, *pivot), *below = rows
        if abs(head) < ROUGH**0.5:
            return  # nothing is certain
        negative += head < 0
        rows = [[a - row[0] / head * b for a, b in zip(row[1:], pivot, strict=True)] for row in below]
    if negative % 2 or (negative and x == [list(column) for column in zip(*x, strict=True)]):
        raise Undefined("beyond-domain", name="sqrt")


def _by_roots(x: _Rough) -> _Rough:
    """Return the logarithm: 2^s times that of the root of order 2^s, which is near the identity."""
    one = _one(len(x))
    for roots in range(MOST_ROOTS):
        step = _combined(1, x, -1, one)
        if _size(step) < NEAR:
            power = total = z = _product(step, _inverse(_combined(1, x, 1, one)))
            square = _product(z, z)
            for k in range(3, 15, 2):
                power = _product(power, square)
                total = _combined(1, total, 1 / k, power)
            return _combined(2.0 ** (roots + 1), total, 0, total)
        x = _mean_of_inverses(x)
    raise Undefined("beyond-domain", name="log")


def _slope_of_exponential(x: _Rough) -> _Rough:
    """Return what leads from E to the change of the exponential: its series at a small part, squared back."""
    halvings = int(len(x) * _size(x)).bit_length() + SMALL
    one = _one(len(x))
    nil = _combined(0, one, 0, one)
    x = _combined(0.5**halvings, x, 0, nil)
    around = _sided(x, _combined(-1, x, 0, nil))
    total = one
    change = every = _one(len(around))
    for k in range(TERMS, 0, -1):  # as Horner does
        change = _combined(1, every, 1 / (k + 1), _product(around, change))
        total = _combined(1, one, 1 / k, _product(x, total))
    change = _product(_sided(nil, total), change)
    for _ in range(halvings):
        change, total = _product(_sided(total, total), change), _product(total, total)
    return _combined(0.5**halvings, change, 0, change)


def _sided(a: _Rough, b: _Rough) -> _Rough:
    """Return what leads from the entries of E, row by row, to those of a E + E b."""
    every = range(len(a))
    return [[a[i][k] * (j == q) + b[q][j] * (i == k) for k in every for q in every] for i in every for j in every]
