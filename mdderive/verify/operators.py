"""The operators whose value follows from the values of their arguments alone."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Literal

from mdderive.model.expr import Expr, Number, make, num, ordered, power_named
from mdderive.verify.algebra import Algebra, Value, assembled, stacked
from mdderive.verify.elimination import adjugate, det, inverse
from mdderive.verify.entrywise import filled, known, power
from mdderive.verify.evaluator import Evaluator
from mdderive.verify.matrix_functions import along, of_matrix, root_of_matrix
from mdderive.verify.spectra import eigenpair, nuclear, polar, pseudoinverse, refuse_asymmetric, singular


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the judge knows of an operator: its value, and how claims about it can be judged.

    `value` is a function of the algebra and of the values of the arguments. Where more is asked for (a shape, a name, an exponent
    that is no value), `node` takes the evaluation and the node instead.
    `kinds` are those of `Contents.kinds`. `degree` is that of its value as a quotient of polynomials: of a number, of its first
    argument, of the product of its arguments, of the determinant, the inverse or the pseudo-inverse of its argument; more is said
    in `degree`.
    """

    value: Callable[..., Value] | None = None
    kinds: tuple[str, ...] = ()
    degree: Literal["number", "argument", "product", "determinant", "inverse", "pseudoinverse"] = "argument"
    node: Callable[[Evaluator, Expr], Value] | None = None


def squared_norm(e: Expr) -> bool:
    """Whether a node is an even power of a norm, which needs no square root."""
    if e.op != "pow" or e.args[0].op != "norm" or e.args[1].op != "num":
        return False
    exponent = Fraction(e.args[1].value)
    return exponent.denominator == 1 and exponent > 0 and exponent % 2 == 0


def _power(at: Evaluator, e: Expr) -> Value:
    base, exponent = e.args
    if squared_norm(e):
        algebra = at.draw.algebra
        return algebra.power(_squares(at, base.args[0]), int(exponent.value) // 2, algebra.times)
    return power(at, at.value(base), exponent, matrix=e.op == "pow" and not base.scalar)


def _squares(at: Evaluator, e: Expr) -> Value:
    x = at.value(e)
    return at.draw.algebra.inner(x, x)


def _ones(at: Evaluator, e: Expr) -> Value:
    return filled(at, *at.draw.dims(e.shape), 1)


def _zero(at: Evaluator, e: Expr) -> Value:
    return filled(at, *at.draw.dims(e.shape), 0)


def _commutation(at: Evaluator, e: Expr) -> Value:
    """Return K with K vec(A) = vec(A^T) for A of the size in its name."""
    rows, cols = (
        sum(prod(int(n) if n.isdigit() else at.draw.sizes[n] for n in term.split("*")) for term in side.split("+"))
        for side in e.name.split(",")
    )
    n, algebra = rows * cols, at.draw.algebra
    algebra.make_room(n * n)
    one = algebra.over.number(1)
    part: list[Number] = [0] * (n * n)
    for i in range(rows):
        for j in range(cols):
            part[(i * cols + j) * n + j * rows + i] = one
    return algebra.const(n, n, part)


def _constant(at: Evaluator, e: Expr) -> Value:
    if e.name == "e":
        return known(at, "exp", at.draw.algebra.number(1))
    four = at.draw.algebra.number(4)
    return at.draw.algebra.times(four, known(at, "arctan", at.draw.algebra.number(1)))


def _norm1(at: Evaluator, e: Expr) -> Value:
    return at.draw.algebra.total(known(at, "abs", at.value(e.args[0])))


def _larger(at: Evaluator, e: Expr) -> Value:
    """Return the larger or smaller of two: half of `x + y` plus or minus `|x - y|`."""
    return _extreme(at, at.value(e.args[0]), at.value(e.args[1]), least=e.op == "min")


def _extreme(at: Evaluator, x: Value, y: Value, *, least: bool) -> Value:
    algebra = at.draw.algebra
    gap = known(at, "abs", algebra.sum(x, algebra.negative(y)))
    return algebra.times(algebra.number(Fraction(1, 2)), algebra.sum(x, y, algebra.negative(gap) if least else gap))


def _largest(at: Evaluator, e: Expr) -> Value:
    """Return the largest or smallest of all entries."""
    return _largest_of(at, at.value(e.args[0]), least=e.op == "smallest")


def _at_extreme(at: Evaluator, e: Expr) -> Value:
    """Return how the largest or smallest entry changes with every entry: it changes with itself."""
    value, least = at.value(e.args[0]), e.op == "atsmallest"
    one, count = at.draw.algebra.over.number(1), value.rows * value.cols
    units = [Value(value.rows, value.cols, {0: [one if i == k else 0 for i in range(count)]}) for k in range(count)]
    changes = [along(at, lambda moved: _largest_of(at, moved, least=least), value, unit) for unit in units]
    return assembled(value.rows, value.cols, changes)


def _largest_of(at: Evaluator, value: Value, *, least: bool) -> Value:
    cells = [value.block([i], [j]) for i in range(value.rows) for j in range(value.cols)]
    result = cells[0]
    for cell in cells[1:]:
        result = _extreme(at, result, cell, least=least)
    return result


def _sort(at: Evaluator, x: Value) -> Value:
    """Return the entries of a column in ascending order: two neighbours after the other are put in it."""
    cells = [x.block([i], [0]) for i in range(x.rows)]
    for last in range(x.rows - 1, 0, -1):
        for i in range(last):
            cells[i : i + 2] = [_extreme(at, *cells[i : i + 2], least=least) for least in (True, False)]
    return assembled(x.rows, 1, cells)


def _sorting(at: Evaluator, e: Expr) -> Value:
    """Return how the sorted entries change with every entry: each is one of them."""
    x = at.value(e.args[0])
    units = [at.draw.algebra.const(x.rows, 1, [int(i == k) for i in range(x.rows)]) for k in range(x.rows)]
    return stacked([along(at, lambda moved: _sort(at, moved), x, unit).transposed() for unit in units]).transposed()


def _unit(at: Evaluator, e: Expr) -> Value:
    """Return the column with 1 at a place that is a number."""
    rows, _ = at.draw.dims(e.shape)
    place = at.draw.place(e)
    one: Number = at.draw.algebra.over.number(1)
    return at.draw.algebra.const(rows, 1, [one if i + 1 == place else 0 for i in range(rows)])


def _indicator(at: Evaluator, e: Expr) -> Value:
    """Return one where two places are in an order, zero elsewhere."""
    first, second = map(at.draw.place, e.args)
    return at.draw.algebra.number(int(_ORDERS[e.name](first, second)))


def _sum(at: Evaluator, e: Expr) -> Value:
    """Return a sum over an index by putting in every place."""
    count, _ = at.draw.dims(e.args[0].shape)
    at.draw.algebra.spend(1_000 * count)
    summed = [at.value(b) for b in at.summands(e, count) if not _left_out(at, b)]
    return at.draw.algebra.sum(*summed or [filled(at, *at.draw.dims(e.shape), 0)])


def _over_places(at: Evaluator, e: Expr) -> Value:
    """Return a product over an index by putting in every place."""
    count, _ = at.draw.dims(e.args[0].shape)
    at.draw.algebra.spend(1_000 * count)
    result = at.draw.algebra.number(1)
    for factor in at.summands(e, count):
        result = at.draw.algebra.times(result, at.value(factor))
    return result


def _left_out(at: Evaluator, body: Expr) -> bool:
    """Tell whether a summand is weighted with zero: what is left out of a sum need not have a value."""
    pair, _ = ordered(body)
    if pair is None or not all(unit.name in at.draw.places or unit.name.isdigit() for unit in pair.args):
        return False
    return not _ORDERS[pair.name](*map(at.draw.place, pair.args))


def _matrix(at: Evaluator, e: Expr) -> Value:
    return assembled(*at.draw.dims(e.shape), [at.value(a) for a in e.args])


def _normp(at: Evaluator, e: Expr) -> Value:
    inner, degree = e.args
    powers = at.draw.algebra.total(power(at, known(at, "abs", at.value(inner)), degree))
    return power(at, powers, make("pow", degree, num(-1)))


def _powers(at: Evaluator, e: Expr) -> Value:
    base, exponents = map(at.value, e.args)
    return known(at, "exp", at.draw.algebra.times(exponents, known(at, "log", base)))


def _softmax(at: Evaluator, e: Expr) -> Value:
    algebra = at.draw.algebra
    powers = known(at, "exp", at.value(e.args[0]))
    return algebra.times(algebra.reciprocal(algebra.total(powers)), powers)


def _softmax_of_rows(at: Evaluator, e: Expr) -> Value:
    algebra = at.draw.algebra
    powers = known(at, "exp", at.value(e.args[0]))
    totals = algebra.product(powers, filled(at, powers.cols, powers.cols, 1))
    return algebra.quotient(powers, totals)


def _layer_norm(at: Evaluator, e: Expr) -> Value:
    """Return a column less the mean of its entries, over the root of the mean of their squares then."""
    algebra, x = at.draw.algebra, at.value(e.args[0])
    mean = algebra.times(algebra.number(Fraction(-1, x.rows)), algebra.total(x))
    return _over_root_of_mean_square(at, algebra.sum(x, algebra.times(mean, filled(at, x.rows, 1, 1))))


def _rms_norm(at: Evaluator, e: Expr) -> Value:
    return _over_root_of_mean_square(at, at.value(e.args[0]))


def _over_root_of_mean_square(at: Evaluator, x: Value) -> Value:
    algebra = at.draw.algebra
    root = known(at, "sqrt", algebra.times(algebra.number(Fraction(1, x.rows)), algebra.inner(x, x)))
    return algebra.times(algebra.reciprocal(root), x)


def _of_matrix(at: Evaluator, name: str, x: Value) -> Value:
    """Return a function of a square matrix, or a power of it."""
    exponent = power_named(name)
    if exponent is None:
        return of_matrix(at, name, x)
    whole, rest = divmod(exponent, 1)
    root = root_of_matrix(at, x, rest)
    return at.draw.algebra.product(power(at, x, num(whole), matrix=True), root) if whole else root


def _frechet(at: Evaluator, e: Expr) -> Value:
    """Return how a function of a square matrix changes in a direction."""
    return along(at, lambda moved: _of_matrix(at, e.name, moved), *map(at.value, e.args))


def _power_sum(at: Evaluator, e: Expr) -> Value:
    """Return the upper right block of the power of a block triangle: the sum of X^r Y X^(k-1-r) for a natural k."""
    x, y = map(at.value, e.args[:2])
    n, nothing = x.rows, filled(at, x.rows, x.rows, 0)
    rows = [stacked([a.transposed(), b.transposed()]).transposed() for a, b in ((x, y), (nothing, x))]
    return power(at, stacked(rows), e.args[2], matrix=True).block(range(n), range(n, 2 * n))


def _power_sum_matrix(at: Evaluator, e: Expr) -> Value:
    """Return the sums with each entry alone among the powers, column by column, side by side."""
    algebra, x = at.draw.algebra, at.value(e.args[0])
    left, right = (algebra.kron(*pair) for pair in ((algebra.identity(x.rows), x), (x.transposed(), algebra.identity(x.rows))))
    n, one = left.rows, algebra.identity(left.rows)
    rows = [stacked([a.transposed(), b.transposed()]).transposed() for a, b in ((left, one), (filled(at, n, n, 0), right))]
    return power(at, stacked(rows), e.args[1], matrix=True).block(range(n), range(n, 2 * n))


def _frechet_matrix(at: Evaluator, e: Expr) -> Value:
    """Return the derivatives in the directions of all entries, column by column, side by side."""
    x = at.value(e.args[0])
    n = x.rows
    units = [at.draw.algebra.const(n, n, [int(k == i + n * j) for i in range(n) for j in range(n)]) for k in range(n * n)]
    columns = [along(at, lambda moved: _of_matrix(at, e.name, moved), x, unit).vec() for unit in units]
    return stacked([column.transposed() for column in columns]).transposed()


def _cross(algebra: Algebra, a: Value, b: Value) -> Value:
    return algebra.product(_cross_matrix(algebra, a), b)


def _cross_matrix(algebra: Algebra, a: Value) -> Value:
    x, y, z = (a.block([i], [0]) for i in range(3))
    nil = algebra.number(0)
    return assembled(3, 3, [nil, algebra.negative(z), y, z, nil, algebra.negative(x), algebra.negative(y), x, nil])


def _cholesky(at: Evaluator, e: Expr) -> Value:
    """Return the lower factor, column by column; of a matrix that is not its own transpose there is none."""
    algebra, a = at.draw.algebra, at.value(e.args[0])
    n = a.rows
    refuse_asymmetric(algebra, a, "cholesky")
    low = {(i, j): algebra.number(0) for i in range(n) for j in range(n)}
    for j in range(n):
        for i in range(j, n):
            known_part = [algebra.negative(algebra.times(low[i, k], low[j, k])) for k in range(j)]
            rest = algebra.sum(a.block([i], [j]), *known_part)
            low[i, j] = known(at, "sqrt", rest) if i == j else algebra.times(rest, algebra.reciprocal(low[j, j]))
    return assembled(n, n, [low[i, j] for i in range(n) for j in range(n)])


def _triangle(a: Value, *, lower: bool) -> Value:
    """Return the entries on one side of the diagonal and on it."""
    kept = [i >= j if lower else i <= j for i in range(a.rows) for j in range(a.cols)]
    return a.mapped(a.rows, a.cols, lambda part: [x if keep else 0 for x, keep in zip(part, kept, strict=True)])


_ORDERS = {"<": operator.lt, r"\leq": operator.le, r"\neq": operator.ne}
SPECTRAL = ("matrix function", "transcendental")
MEANING: Mapping[str, Meaning] = {
    "num": Meaning(node=lambda at, e: at.draw.algebra.number(e.value), degree="number"),
    "size": Meaning(node=lambda at, e: at.draw.algebra.number(at.draw.sizes[e.name]), degree="number"),
    "const": Meaning(node=_constant, kinds=("transcendental",), degree="number"),
    "identity": Meaning(node=lambda at, e: at.draw.algebra.identity(at.draw.dims(e.shape)[0]), degree="number"),
    "ones": Meaning(node=_ones, degree="number"),
    "zero": Meaning(node=_zero, degree="number"),
    "commutation": Meaning(node=_commutation, kinds=("products",), degree="number"),
    "add": Meaning(Algebra.sum),
    "mul": Meaning(Algebra.chain, degree="product"),
    "had": Meaning(Algebra.hadamard, degree="product"),
    "hdiv": Meaning(Algebra.quotient),
    "pow": Meaning(node=_power),
    "hpow": Meaning(node=_power),
    "powers": Meaning(node=_powers, kinds=("transcendental",)),
    "transpose": Meaning(Algebra.transpose),
    "inv": Meaning(inverse, degree="inverse"),
    "tr": Meaning(Algebra.trace),
    "det": Meaning(det, degree="determinant"),
    "adj": Meaning(adjugate, degree="determinant"),
    "kron": Meaning(Algebra.kron, ("products",), degree="product"),
    "vec": Meaning(Algebra.vec, ("products",)),
    "below": Meaning(lambda _, a, b: stacked([a, b])),
    "beside": Meaning(lambda _, a, b: stacked([a.transposed(), b.transposed()]).transposed()),
    "diag": Meaning(Algebra.diag),
    "diagonal": Meaning(Algebra.diagonal),
    "mfn": Meaning(node=lambda at, e: _of_matrix(at, e.name, at.value(e.args[0])), kinds=("matrix function", "transcendental")),
    "frechet": Meaning(node=_frechet, kinds=("matrix function", "transcendental")),
    "powersum": Meaning(node=_power_sum),
    "powersummatrix": Meaning(node=_power_sum_matrix, kinds=("products",)),
    "frechetmatrix": Meaning(node=_frechet_matrix, kinds=("matrix function", "transcendental", "products")),
    "pinv": Meaning(pseudoinverse, ("rank",), degree="pseudoinverse"),
    "cross": Meaning(_cross, degree="product"),
    "crossmatrix": Meaning(lambda algebra, a: _cross_matrix(algebra, a)),
    "cholesky": Meaning(node=_cholesky, kinds=("branch", "root")),
    "atlargest": Meaning(node=_at_extreme, kinds=("branch",)),
    "atsmallest": Meaning(node=_at_extreme, kinds=("branch",)),
    "sort": Meaning(node=lambda at, e: _sort(at, at.value(e.args[0])), kinds=("branch",)),
    "sorting": Meaning(node=_sorting, kinds=("branch",)),
    "tril": Meaning(lambda algebra, a: _triangle(a, lower=True)),
    "triu": Meaning(lambda algebra, a: _triangle(a, lower=False)),
    "eigmax": Meaning(node=lambda at, e: eigenpair(at, at.value(e.args[0]), "max")[0], kinds=SPECTRAL),
    "eigmin": Meaning(node=lambda at, e: eigenpair(at, at.value(e.args[0]), "min")[0], kinds=SPECTRAL),
    "eigvecmax": Meaning(node=lambda at, e: eigenpair(at, at.value(e.args[0]), "max")[1], kinds=SPECTRAL),
    "eigvecmin": Meaning(node=lambda at, e: eigenpair(at, at.value(e.args[0]), "min")[1], kinds=SPECTRAL),
    "leftvector": Meaning(node=lambda at, e: singular(at, at.value(e.args[0]))[0], kinds=SPECTRAL),
    "sigmamax": Meaning(node=lambda at, e: singular(at, at.value(e.args[0]))[1], kinds=SPECTRAL),
    "rightvector": Meaning(node=lambda at, e: singular(at, at.value(e.args[0]))[2], kinds=SPECTRAL),
    "nuclear": Meaning(node=lambda at, e: nuclear(at, at.value(e.args[0])), kinds=SPECTRAL),
    "polar": Meaning(node=lambda at, e: polar(at, at.value(e.args[0])), kinds=SPECTRAL),
    "softmax": Meaning(node=_softmax, kinds=("transcendental",)),
    "rowsoftmax": Meaning(node=_softmax_of_rows, kinds=("transcendental",)),
    "layernorm": Meaning(node=_layer_norm, kinds=("branch", "root")),
    "rmsnorm": Meaning(node=_rms_norm, kinds=("branch", "root")),
    "norm": Meaning(node=lambda at, e: known(at, "sqrt", _squares(at, e.args[0])), kinds=("branch", "root")),
    "norm1": Meaning(node=_norm1, kinds=("branch",)),
    "normp": Meaning(node=_normp, kinds=("branch", "transcendental")),
    "inner": Meaning(Algebra.inner, degree="product"),
    "max": Meaning(node=_larger, kinds=("branch",)),
    "min": Meaning(node=_larger, kinds=("branch",)),
    "largest": Meaning(node=_largest, kinds=("branch",)),
    "smallest": Meaning(node=_largest, kinds=("branch",)),
    "matrix": Meaning(node=_matrix),
    "unit": Meaning(node=_unit, degree="number"),
    "sum": Meaning(node=_sum),
    "product": Meaning(node=_over_places),
    "indicator": Meaning(node=_indicator, degree="number"),
}
