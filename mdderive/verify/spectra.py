"""Eigenvalues and singular values at many digits, and pseudo-inverses, nilpotent parts included.

An eigenvalue of a symmetric matrix and its vector are found for the plain part and then solve `A v = l v`, `v^T v = 1` with the
nilpotent parts: Newton's step for these equations uses sums, products and elimination alone. The sign of a vector is drawn with
the point, so that what depends on it holds nowhere.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from mdderive.model.expr import Number
from mdderive.verify.algebra import Algebra, Value, stacked
from mdderive.verify.elimination import independent, inverse, solve
from mdderive.verify.entrywise import known
from mdderive.verify.evaluator import Evaluator
from mdderive.verify.field import Inexact, Undefined, absolute, digest
from mdderive.verify.matrix_functions import root_of_matrix
from mdderive.verify.real import Real

STEPS = 8
End = Literal["max", "min"]


def eigenpair(at: Evaluator, a: Value, end: End) -> tuple[Value, Value]:
    """Return the largest or smallest eigenvalue of a symmetric matrix and its unit vector; it must be simple."""
    algebra, n = at.draw.algebra, a.rows
    over = algebra.over
    if not isinstance(over, Real):
        raise Inexact("no-exact-value", name="eigenvalue")
    algebra.spend(100 * n**3)
    refuse_asymmetric(algebra, a, "eigenvalue of a symmetric matrix")
    values, vectors = over.eigen(a.plain, n)
    at_end = max(range(n), key=lambda i: values[i]) if end == "max" else min(range(n), key=lambda i: values[i])
    if any(absolute(values[i] - values[at_end]) < over.number(Fraction(1, 1000)) for i in range(n) if i != at_end):
        raise Undefined("beyond-domain", name="eigenvalue")
    pair = algebra.const(1, 1, [values[at_end]]), algebra.const(n, 1, _signed(at, vectors[at_end]))
    for _ in range(STEPS):
        pair, size = _improved(algebra, a, *pair)
        if size < over.number(Fraction(1, 10**over.digits)):
            return pair
    raise Undefined("beyond-domain", name="eigenvalue")


def _signed(at: Evaluator, vector: list[Number]) -> list[Number]:
    """Return a vector with the sign that is drawn for this point; its largest entry is positive where none is drawn."""
    return [-x for x in vector] if _against(at, vector) else vector


def _against(at: Evaluator, vector: Sequence[Number]) -> bool:
    largest, over = max(vector, key=absolute), at.draw.algebra.over
    up = (isinstance(over, Real) and not over.turns) or digest(at.draw.key, "sign of a vector") % 2 == 0
    return (largest > 0) != up


def _improved(algebra: Algebra, a: Value, value: Value, vector: Value) -> tuple[tuple[Value, Value], Number]:
    """Return a pair after a step of Newton's method, and the size of the step."""
    n = a.rows
    two = algebra.number(2)
    shifted = algebra.sum(a, algebra.negative(algebra.times(value, algebra.identity(n))))
    turned = vector.transposed()
    gap = stacked(
        [
            algebra.negative(algebra.product(shifted, vector)),
            algebra.sum(algebra.number(1), algebra.negative(algebra.product(turned, vector))),
        ]
    )
    above = stacked([shifted.transposed(), algebra.negative(turned)]).transposed()
    below = stacked([algebra.times(two, vector), algebra.number(0)]).transposed()
    step = solve(algebra, stacked([above, below]), gap)
    change, rate = step.block(range(n), [0]), step.block([n], [0])
    size = max(absolute(x) for part in step.parts.values() for x in part)
    return (algebra.sum(value, rate), algebra.sum(vector, change)), size


def refuse_asymmetric(algebra: Algebra, a: Value, name: str) -> None:
    """Raise `Undefined` for a matrix that is not its own transpose, nilpotent parts included."""
    gap = algebra.sum(a, algebra.negative(a.transposed()))
    if any(algebra.over.pivot(part) is not None for part in gap.parts.values()):
        raise Undefined("beyond-domain", name=name)


def singular(at: Evaluator, x: Value) -> tuple[Value, Value, Value]:
    """Return the left vector, the value and the right vector of the largest singular value, which must be simple."""
    algebra = at.draw.algebra
    tall = x.rows >= x.cols
    turned = x.transposed()
    squared, vector = eigenpair(at, algebra.product(turned, x) if tall else algebra.product(x, turned), "max")
    value = known(at, "sqrt", squared)
    other = algebra.times(algebra.reciprocal(value), algebra.product(x if tall else turned, vector))
    left, right = (other, vector) if tall else (vector, other)
    return (algebra.negative(left), value, algebra.negative(right)) if _against(at, right.plain) else (left, value, right)


def polar(at: Evaluator, x: Value) -> Value:
    """Return U V^T of the singular value decomposition of a matrix of full rank."""
    algebra = at.draw.algebra
    if x.scalar:
        return known(at, "sign", x)
    turned = x.transposed()
    if x.rows >= x.cols:
        return algebra.product(x, inverse(algebra, root_of_matrix(at, algebra.product(turned, x), Fraction(1, 2))))
    return algebra.product(inverse(algebra, root_of_matrix(at, algebra.product(x, turned), Fraction(1, 2))), x)


def nuclear(at: Evaluator, x: Value) -> Value:
    """Return the sum of the singular values of a matrix of full rank."""
    algebra = at.draw.algebra
    turned = x.transposed()
    gram = algebra.product(turned, x) if x.rows >= x.cols else algebra.product(x, turned)
    return algebra.trace(root_of_matrix(at, gram, Fraction(1, 2)))


def pseudoinverse(algebra: Algebra, a: Value) -> Value:
    """Return the pseudo-inverse by a factorisation A = C F with C the first independent columns.

    Raises `Undefined` where the nilpotent parts change the rank.
    """
    columns = [a.block(range(a.rows), [j]) for j in range(a.cols)]
    chosen = independent(algebra, [column.plain for column in columns])
    if not chosen:
        if any(algebra.over.pivot(part) is not None for part in a.parts.values()):
            raise Undefined("singular-matrix")
        return algebra.const(a.cols, a.rows, [algebra.over.number(0)] * (a.rows * a.cols))
    c = a.block(range(a.rows), chosen)
    left = algebra.product(inverse(algebra, algebra.product(c.transposed(), c)), c.transposed())
    f = algebra.product(left, a)
    rest = algebra.sum(a, algebra.negative(algebra.product(c, f)))
    if any(algebra.over.pivot(part) is not None for part in rest.parts.values()):
        raise Undefined("singular-matrix")
    right = algebra.product(f.transposed(), inverse(algebra, algebra.product(f, f.transposed())))
    return algebra.product(right, left)
