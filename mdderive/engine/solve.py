"""A gradient set to zero, solved for its unknown where it enters linearly on one side.

The gradient is multiplied out only as far as the unknown requires, its terms are sorted into `A w = b` (or `W A = B`), and the
solution is `A^{-1} b`. Equations with the unknown between two matrices, or more than once in a term, are left undecided.
"""

from dataclasses import dataclass
from fractions import Fraction

from mdderive.engine.arrange import magnitude, negative, plus, product, split
from mdderive.engine.definitions import letters_of
from mdderive.engine.differentiate import chain_shape, terms_of
from mdderive.engine.fold import fold
from mdderive.engine.normal import normal
from mdderive.shapes import Shape
from mdderive.tree import Expr, Number, make, num, rebuilt


@dataclass(frozen=True, slots=True)
class Solution:
    """`left = right` is the equation with the unknown alone on the left beside `matrix`; `value` solves it."""

    left: Expr
    right: Expr
    matrix: Expr
    value: Expr


def solve(gradient: Expr, unknown: Expr) -> Solution | None:
    """Return the solution of `gradient = 0` for the letter `unknown`, or None where it does not enter linearly on one side."""
    spread = _spread(gradient, unknown)
    with_unknown = [t for t in terms_of(spread) if _has(t, unknown)]
    others = [t for t in terms_of(spread) if not _has(t, unknown)]
    sides = [_beside(t, unknown) for t in with_unknown]
    found = [s for s in sides if s is not None]
    if not found or len(found) < len(sides):
        return None
    on_left = all(s.right is None for s in found)
    if on_left:
        parts = [s.left for s in found]
    else:
        parts = [_scaled(s) for s in found if s.right is not None and _no_matrix(s.left)]
    if len(parts) < len(found):
        return None
    matrix = fold(plus(parts, parts[0].shape))
    scale = _common_number([matrix, *others])
    matrix = _over(matrix, scale)
    right = fold(negative(_over(plus(others, gradient.shape), scale)))
    inverse = normal(make("inv", matrix))
    factors = (matrix, unknown) if on_left else (unknown, matrix)
    value = (inverse, right) if on_left else (right, inverse)
    return Solution(product(factors, unknown.shape), right, matrix, fold(product(value, unknown.shape)))


def _no_matrix(e: Expr) -> bool:
    return all(f.op == "identity" for f in split(e)[2])


def _scaled(sides: "_Sides") -> Expr:
    """Return the right side with the numbers and scalars of the left."""
    assert sides.right is not None
    number, scalars, _ = split(sides.left)
    return product((num(number), *scalars, sides.right), sides.right.shape)


def substituted(e: Expr, unknown: Expr, value: Expr) -> Expr:
    """Return `e` with every occurrence of the letter `unknown` replaced."""
    if e.op == "sym" and e.name == unknown.name:
        return value
    if not e.args:
        return e
    return rebuilt(e, tuple(substituted(a, unknown, value) for a in e.args))


def _has(e: Expr, unknown: Expr) -> bool:
    return unknown.name in letters_of(e)


def _spread(e: Expr, unknown: Expr) -> Expr:
    """Multiply out the sums in which the unknown stands."""
    if e.op not in ("mul", "add") or not _has(e, unknown):
        return e
    args = tuple(_spread(a, unknown) for a in e.args)
    for i, a in enumerate(args):
        if e.op == "mul" and a.op == "add" and _has(a, unknown):
            parts = (_spread(normal(rebuilt(e, (*args[:i], t, *args[i + 1 :]))), unknown) for t in a.args)
            return plus(parts, e.shape)
    return normal(rebuilt(e, args))


@dataclass(frozen=True, slots=True)
class _Sides:
    """What stands left and right of the unknown in one term; None for nothing."""

    left: Expr
    right: Expr | None


def _beside(term: Expr, unknown: Expr) -> _Sides | None:
    """Return the sides of a term `L unknown R` with the unknown once, numbers and scalars on the left."""
    number, scalars, chain = split(term)
    if unknown.scalar:
        rest = [s for s in scalars if s != unknown]
        if len(rest) != len(scalars) - 1 or any(_has(f, unknown) for f in (*rest, *chain)):
            return None
        return _Sides(product((num(number), *rest, *chain), term.shape), None)
    places = [i for i, f in enumerate(chain) if _has(f, unknown)]
    if len(places) != 1 or chain[places[0]] != unknown or any(_has(s, unknown) for s in scalars):
        return None
    before, after = chain[: places[0]], chain[places[0] + 1 :]
    shape = Shape(before[0].shape.rows if before else unknown.shape.rows, unknown.shape.rows)
    left = product((num(number), *scalars, *before), shape)
    return _Sides(left, product(after, chain_shape(after)) if after else None)


def _over(e: Expr, number: Number) -> Expr:
    """Return a sum with each term divided by a number."""
    return plus((product((num(Fraction(1) / number), t), e.shape) for t in terms_of(e)), e.shape)


def _common_number(terms: list[Expr]) -> Number:
    """Return the number that all terms share."""
    numbers = {magnitude(split(t)[0]) for term in terms for t in terms_of(term)}
    return numbers.pop() if len(numbers) == 1 else 1
