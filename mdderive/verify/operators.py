"""The operators whose value follows from the values of their arguments alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Literal, Protocol

from mdderive.model.expr import Expr, Number, make, num, placed
from mdderive.verify.algebra import Value, assembled, block, transpose, vec
from mdderive.verify.field import Inexact, Unsupported
from mdderive.verify.meanings import SERIES
from mdderive.verify.real import Real
from mdderive.verify.sample import Draw
from mdderive.verify.series import function_of_matrix


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the judge knows of an operator: its value, and how claims about it can be judged.

    `kinds` are those of `Contents.kinds`. `degree` is that of its value as a quotient of polynomials: of a number, of its first
    argument, of the product of its arguments, of the determinant or the inverse of its argument; more is said in `degree`.
    """

    value: Callable[["Evaluator", Expr], Value]
    kinds: tuple[str, ...] = ()
    degree: Literal["number", "argument", "product", "determinant", "inverse"] = "argument"


class Evaluator(Protocol):
    """What an operator may ask for."""

    @property
    def draw(self) -> Draw: ...  # noqa: D102
    def value(self, e: Expr) -> Value: ...  # noqa: D102
    def known(self, name: str, x: Value) -> Value: ...  # noqa: D102
    def power(self, base: Value, exponent: Expr, *, matrix: bool = False) -> Value: ...  # noqa: D102
    def filled(self, rows: int, cols: int, number: Number) -> Value: ...  # noqa: D102


def _product(scope: Evaluator, e: Expr) -> Value:
    """Return a product: the scalars first, the others from the side that is cheaper."""
    algebra = scope.draw.algebra
    scalars = [scope.value(a) for a in e.args if a.scalar]
    chain = [scope.value(a) for a in e.args if not a.scalar]
    result: Value | None = None
    if chain and chain[-1].cols < chain[0].rows:
        result = chain[-1]
        for v in reversed(chain[:-1]):
            result = algebra.product(v, result)
    else:
        for v in chain:
            result = v if result is None else algebra.product(result, v)
    for v in scalars:
        result = v if result is None else algebra.times(v, result)
    assert result is not None
    return result


def _hadamard(scope: Evaluator, e: Expr) -> Value:
    result = scope.value(e.args[0])
    for a in e.args[1:]:
        result = scope.draw.algebra.times(result, scope.value(a))
    return result


def _quotient(scope: Evaluator, e: Expr) -> Value:
    over, under = (scope.value(a) for a in e.args)
    return scope.draw.algebra.times(over, scope.draw.algebra.reciprocal(under))


def squared_norm(e: Expr) -> bool:
    """Whether a node is an even power of a norm, which needs no square root."""
    if e.op != "pow" or e.args[0].op != "norm" or e.args[1].op != "num":
        return False
    exponent = Fraction(e.args[1].value)
    return exponent.denominator == 1 and exponent > 0 and exponent % 2 == 0


def _power(scope: Evaluator, e: Expr) -> Value:
    base, exponent = e.args
    if squared_norm(e):
        algebra = scope.draw.algebra
        return algebra.power(_squares(scope, base.args[0]), int(exponent.value) // 2, algebra.times)
    return scope.power(scope.value(base), exponent, matrix=e.op == "pow" and not base.scalar)


def _squares(scope: Evaluator, e: Expr) -> Value:
    x = scope.value(e)
    return scope.draw.algebra.total(scope.draw.algebra.times(x, x))


def _ones(scope: Evaluator, e: Expr) -> Value:
    return scope.filled(*scope.draw.dims(e.shape), 1)


def _zero(scope: Evaluator, e: Expr) -> Value:
    return scope.filled(*scope.draw.dims(e.shape), 0)


def _commutation(scope: Evaluator, e: Expr) -> Value:
    """Return K with K vec(A) = vec(A^T) for A of the size in its name."""
    rows, cols = (prod(int(n) if n.isdigit() else scope.draw.sizes[n] for n in side.split("*")) for side in e.name.split(","))
    n, algebra = rows * cols, scope.draw.algebra
    algebra.make_room(n * n)
    one = algebra.over.number(1)
    part: list[Number] = [0] * (n * n)
    for i in range(rows):
        for j in range(cols):
            part[(i * cols + j) * n + j * rows + i] = one
    return algebra.const(n, n, part)


def _constant(scope: Evaluator, e: Expr) -> Value:
    if e.name == "e":
        return scope.known("exp", scope.draw.algebra.number(1))
    four = scope.draw.algebra.number(4)
    return scope.draw.algebra.times(four, scope.known("arctan", scope.draw.algebra.number(1)))


def _inner(scope: Evaluator, e: Expr) -> Value:
    x, y = (scope.value(a) for a in e.args)
    return scope.draw.algebra.total(scope.draw.algebra.times(x, y))


def _norm1(scope: Evaluator, e: Expr) -> Value:
    return scope.draw.algebra.total(scope.known("abs", scope.value(e.args[0])))


def _larger(scope: Evaluator, e: Expr) -> Value:
    """Return the larger or smaller of two: half of `x + y` plus or minus `|x - y|`."""
    return _extreme(scope, scope.value(e.args[0]), scope.value(e.args[1]), least=e.op == "min")


def _extreme(scope: Evaluator, x: Value, y: Value, *, least: bool) -> Value:
    algebra = scope.draw.algebra
    gap = scope.known("abs", algebra.sum([x, algebra.negative(y)]))
    return algebra.times(algebra.number(Fraction(1, 2)), algebra.sum([x, y, algebra.negative(gap) if least else gap]))


def _largest(scope: Evaluator, e: Expr) -> Value:
    """Return the largest or smallest of all entries."""
    value = scope.value(e.args[0])
    cells = [block(value, [i], [j]) for i in range(value.rows) for j in range(value.cols)]
    result = cells[0]
    for cell in cells[1:]:
        result = _extreme(scope, result, cell, least=e.op == "smallest")
    return result


def _unit(scope: Evaluator, e: Expr) -> Value:
    """Return the column with 1 at a place that is a number."""
    rows, _ = scope.draw.dims(e.shape)
    place = scope.draw.place(e)
    one: Number = scope.draw.algebra.over.number(1)
    return scope.draw.algebra.const(rows, 1, [one if i + 1 == place else 0 for i in range(rows)])


def _sum(scope: Evaluator, e: Expr) -> Value:
    """Return a sum over an index by putting in every place."""
    index, body = e.args
    count, _ = scope.draw.dims(index.shape)
    scope.draw.algebra.spend(1_000 * count)
    return scope.draw.algebra.sum([scope.value(placed(body, index.name, str(i + 1))) for i in range(count)])


def _matrix(scope: Evaluator, e: Expr) -> Value:
    return assembled(*scope.draw.dims(e.shape), [scope.value(a) for a in e.args])


def _normp(scope: Evaluator, e: Expr) -> Value:
    inner, degree = e.args
    powers = scope.draw.algebra.total(scope.power(scope.known("abs", scope.value(inner)), degree))
    return scope.power(powers, make("pow", degree, num(-1)))


def _softmax(scope: Evaluator, e: Expr) -> Value:
    algebra = scope.draw.algebra
    powers = scope.known("exp", scope.value(e.args[0]))
    return algebra.times(algebra.reciprocal(algebra.total(powers)), powers)


def _diagonal(scope: Evaluator, e: Expr) -> Value:
    a = scope.value(e.args[0])
    return a.mapped(a.rows, 1, lambda part: part[:: a.cols + 1])


def _matrix_function(scope: Evaluator, e: Expr) -> Value:
    """Return a function of a square matrix by its power series."""
    algebra = scope.draw.algebra
    if e.name not in SERIES:
        raise Unsupported("matrix-function", name=e.name)
    if not isinstance(algebra.over, Real):
        raise Inexact("no-exact-value", name=e.name)
    found, work = function_of_matrix(e.name, scope.value(e.args[0]), algebra.over)
    algebra.spend(work // algebra.over.cost)
    return found


MEANING: Mapping[str, Meaning] = {
    "num": Meaning(lambda s, e: s.draw.algebra.number(e.value), degree="number"),
    "size": Meaning(lambda s, e: s.draw.algebra.number(s.draw.sizes[e.name]), degree="number"),
    "const": Meaning(_constant, ("transcendental",), degree="number"),
    "identity": Meaning(lambda s, e: s.draw.algebra.identity(s.draw.dims(e.shape)[0]), degree="number"),
    "ones": Meaning(_ones, degree="number"),
    "zero": Meaning(_zero, degree="number"),
    "commutation": Meaning(_commutation, ("products",), degree="number"),
    "add": Meaning(lambda s, e: s.draw.algebra.sum([s.value(a) for a in e.args])),
    "mul": Meaning(_product, degree="product"),
    "had": Meaning(_hadamard, degree="product"),
    "hdiv": Meaning(_quotient),
    "pow": Meaning(_power),
    "hpow": Meaning(_power),
    "transpose": Meaning(lambda s, e: transpose(s.value(e.args[0]))),
    "inv": Meaning(lambda s, e: s.draw.algebra.inverse(s.value(e.args[0])), degree="inverse"),
    "tr": Meaning(lambda s, e: s.draw.algebra.trace(s.value(e.args[0]))),
    "det": Meaning(lambda s, e: s.draw.algebra.det(s.value(e.args[0])), degree="determinant"),
    "adj": Meaning(lambda s, e: s.draw.algebra.adjugate(s.value(e.args[0])), degree="determinant"),
    "kron": Meaning(lambda s, e: s.draw.algebra.kron(s.value(e.args[0]), s.value(e.args[1])), ("products",), degree="product"),
    "vec": Meaning(lambda s, e: vec(s.value(e.args[0])), ("products",)),
    "diag": Meaning(lambda s, e: s.draw.algebra.diag(s.value(e.args[0]))),
    "diagonal": Meaning(_diagonal),
    "mfn": Meaning(_matrix_function, ("matrix function", "transcendental")),
    "softmax": Meaning(_softmax, ("transcendental",)),
    "norm": Meaning(lambda s, e: s.known("sqrt", _squares(s, e.args[0])), ("branch", "root")),
    "norm1": Meaning(_norm1, ("branch",)),
    "normp": Meaning(_normp, ("branch", "transcendental")),
    "inner": Meaning(_inner, degree="product"),
    "max": Meaning(_larger, ("branch",)),
    "min": Meaning(_larger, ("branch",)),
    "largest": Meaning(_largest, ("branch",)),
    "smallest": Meaning(_largest, ("branch",)),
    "matrix": Meaning(_matrix),
    "unit": Meaning(_unit, degree="number"),
    "sum": Meaning(_sum),
}
