"""A gradient set to zero, solved for its unknown where it enters linearly.

The gradient is multiplied out only as far as the unknown requires and its terms are sorted: `A w = b`, `W A = B` or `A X B = C`
where one matrix stands beside the unknown, else (Sylvester) `M vec(X) = vec(C)` by vec(AXB) = (B^T ⊗ A) vec(X). Every matrix that
is inverted is named, with what makes it invertible.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from mdderive.engine.arrange import negative, plus, product, raised
from mdderive.engine.carry import kron
from mdderive.engine.differentiate import LINEAR
from mdderive.engine.fold import fold, leading_positive
from mdderive.engine.normal import normal
from mdderive.engine.regular import Regular, regular
from mdderive.engine.transposing import cost, tidy_transposes, transposed
from mdderive.model.context import Context
from mdderive.model.expr import Expr, Number, leaf, make, num, rebuilt
from mdderive.model.shapes import ONE, SCALAR, Shape
from mdderive.model.terms import chain_shape, letters_of, magnitude, split, terms_of

ONE_TIME = num(1)
MOST_DENOMINATORS = 4


@dataclass(frozen=True, slots=True)
class Relation:
    """`left = right`: the gradient set to zero (no law) without the invertible factors `cancelled`, or what a law makes of it.

    It was multiplied by its denominators, `times`.
    """

    left: Expr
    right: Expr
    law: str = ""
    cancelled: tuple[Regular, ...] = ()
    times: Expr = ONE_TIME


@dataclass(frozen=True, slots=True)
class Solution:
    """`steps` lead from the gradient set to zero to `unknown = value`; `inverted` says why each matrix has an inverse.

    `unknown` is the letter, or its vec where the letter stands between different matrices.
    """

    steps: tuple[Relation, ...]
    unknown: Expr
    value: Expr
    inverted: tuple[Regular, ...]


def solve(gradient: Expr, unknown: Expr, context: Context) -> Solution | None:
    """Return the solution of `gradient = 0` for the letter `unknown`, or None where it does not enter linearly."""
    own = frozenset({unknown.name} if context.has(unknown.name, "symmetric") else ())
    cleared, times = _cleared(_spread(gradient, unknown), unknown)
    spread = tidy_transposes(cleared, own)
    terms = [t for t in terms_of(spread) if _has(t, unknown)]
    others = [t for t in terms_of(spread) if not _has(t, unknown)]
    if terms and all(_turned(t, unknown) for t in terms):
        terms, others = [transposed(t) for t in terms], [transposed(t) for t in others]
    sides = [found for t in terms if (found := _beside(t, unknown)) is not None]
    if not sides or len(sides) < len(terms):
        return None
    scale = _common_number([*terms, *others])
    scale = -scale if all(split(t)[0] < 0 for t in terms) else scale
    right = _shorter(plus((negative(_over(t, scale)) for t in others), terms[0].shape))
    sides = [_Sides(_over(s.left, scale), s.right) for s in sides]
    solved = _between(sides, right, unknown, context) or _by_vec(sides, right, unknown, context)
    return solved and replace(solved, steps=(replace(solved.steps[0], times=times), *solved.steps[1:]))


def _cleared(e: Expr, unknown: Expr) -> tuple[Expr, Expr]:
    """Return a sum, multiplied out, times the denominators in which an unknown number stands, and their product."""
    times = ONE_TIME
    for _ in range(MOST_DENOMINATORS if unknown.scalar else 0):
        below: dict[Expr, Number] = {}
        for s in (s for t in terms_of(e) for s in split(t)[1]):
            if s.op == "pow" and _has(s.args[0], unknown) and s.args[1].op == "num" and s.args[1].value < 0:
                below[s.args[0]] = max(below.get(s.args[0], 0), -s.args[1].value)
        if not below:
            break
        factor = _product(*(raised(base, num(k)) for base, k in below.items()))
        times = _product(times, factor)
        e = _spread(plus((_product(factor, t) for t in terms_of(e)), e.shape), unknown)
    return e, times


def _shorter(e: Expr) -> Expr:
    """Return a sum folded; one of scalars with its runs as they stand or turned round, whichever is shorter."""
    folded = leading_positive(fold(e))
    if not e.scalar:
        return folded
    turned = leading_positive(fold(plus(map(_turned_round, terms_of(e)), SCALAR)))
    return turned if cost(turned) < cost(folded) else folded


def _turned_round(term: Expr) -> Expr:
    number, scalars, _ = split(term)
    runs = (_product(*(transposed(f) for f in reversed(s.args))) if s.op == "mul" else s for s in scalars)
    return product((num(number), *runs), SCALAR)


def _between(sides: Sequence["_Sides"], right: Expr, unknown: Expr, context: Context) -> Solution | None:
    """Solve L X R = C, where all terms share what stands on one side of the unknown."""
    if all(s.right == sides[0].right for s in sides):
        before, after = fold(plus((s.left for s in sides), sides[0].left.shape)), sides[0].right
    else:
        moved = [_scalars_moved(s) for s in sides]
        if any(m.left != moved[0].left for m in moved):
            return None
        before, after = moved[0].left, fold(plus((m.right for m in moved), Shape(unknown.shape.cols, unknown.shape.cols)))
    before, after, right, cancelled = _without_common(before, after, right, context)
    left = _product(before, unknown, after)
    steps = (Relation(left, right, "", cancelled),)
    inverted = tuple(_told(regular(m, context)) for m in (before, after) if not _trivial(m))
    value = fold(_product(_inverse(before, context), right, _inverse(after, context)))
    return Solution(steps, unknown, value, tuple(r for r in inverted if r is not None))


def _by_vec(sides: Sequence["_Sides"], right: Expr, unknown: Expr, context: Context) -> Solution | None:
    """Solve a sum of L X R = C (Sylvester's equation among them) for vec(X)."""
    if unknown.shape.cols == ONE:
        return None
    entries = unknown.shape.entries
    left = plus((_product(s.left, unknown, s.right) for s in sides), unknown.shape)
    matrix = plus((_kronecker(transposed(s.right), s.left) for s in sides), Shape(entries, entries))
    column, value = normal(make("vec", unknown)), normal(make("vec", right))
    steps = (Relation(left, right), Relation(_product(matrix, column), value, "vec-product"))
    known = _told(regular(matrix, context))
    solved = _product(normal(make("inv", matrix)), value)
    return Solution(steps, column, solved, (known,) if known else ())


def _kronecker(a: Expr, b: Expr) -> Expr:
    """Return a ⊗ b with identities kept: they show the shape."""
    (m, s, c), (k, t, d) = split(a), split(b)
    if (a.op == "identity") == (b.op == "identity"):
        return kron(a, b)
    inner = make("kron", product(c, a.shape), product(d, b.shape))
    return product((num(m), *s, num(k), *t, inner), inner.shape)


def _without_common(before: Expr, after: Expr, right: Expr, context: Context) -> tuple[Expr, Expr, Expr, tuple[Regular, ...]]:
    """Cancel invertible factors that both sides of `before X after = right` begin or end with."""
    used: list[Regular] = []

    def stripped(matrix: Expr, value: Expr) -> tuple[Expr, Expr] | None:
        """Return both without their first factor, where it is the same and has an inverse."""
        number, scalars, chain = split(value)
        parts = [(n, s, _behind(c, chain[0])) for n, s, c in map(split, terms_of(matrix))] if chain else []
        if not parts or any(c is None for _, _, c in parts) or matrix.shape != chain[0].shape:
            return None
        known = regular(chain[0], context)
        if known.kind not in ("known", "definite"):
            return None
        used.append(known)
        rest = fold(plus((product((num(n), *s, *(c or ())), matrix.shape) for n, s, c in parts), matrix.shape))
        return rest, product((num(number), *scalars, *chain[1:]), value.shape)

    while (found := stripped(before, right)) is not None:
        before, right = found
    after, right = transposed(after), transposed(right)
    while (found := stripped(after, right)) is not None:
        after, right = found
    told = (_told(r) for r in used)
    return before, transposed(after), transposed(right), tuple(r for r in told if r is not None)


def _behind(chain: tuple[Expr, ...], first: Expr) -> tuple[Expr, ...] | None:
    """Return what follows the factor `first` in a chain that begins with it or with a power of it."""
    if chain and chain[0] == first:
        return chain[1:]
    power = chain[0] if chain and chain[0].op == "pow" and chain[0].args[0] == first else None
    if power is None or power.args[1].op != "num" or power.args[1].value < 2:
        return None
    return (raised(first, num(power.args[1].value - 1)), *chain[1:])


def _told(r: Regular) -> Regular | None:
    """Return what makes a matrix invertible where there is something to say."""
    return None if r.kind == "trivial" else r


def _inverse(e: Expr, context: Context) -> Expr:
    """Return the inverse; that of an orthogonal matrix is its transpose."""
    inverse = normal(make("inv", e))
    core = inverse.args[0] if inverse.op in ("inv", "transpose") else inverse
    core = core.args[0] if core.op == "inv" else core
    if core.op != "sym" or not context.has(core.name, "orthogonal"):
        return inverse
    return core if e.op == "transpose" else normal(make("transpose", core))


def _trivial(e: Expr) -> bool:
    return e.op == "identity" or (e.op == "num")


def _product(*factors: Expr) -> Expr:
    """Return a product of matrices (or of scalars, where the unknown is one)."""
    matrices = [f.shape for f in factors if f.shape != SCALAR]
    return product(factors, Shape(matrices[0].rows, matrices[-1].cols) if matrices else SCALAR)


def _scalars_moved(s: "_Sides") -> "_Sides":
    """Return the sides with numbers and scalars on the right of the unknown."""
    number, scalars, chain = split(s.left)
    if s.left.scalar:
        return s
    right = product((num(number), *scalars, s.right), s.right.shape)
    return _Sides(product(chain, s.left.shape), right)


def substituted(e: Expr, unknown: Expr, value: Expr) -> Expr:
    """Return `e` with every occurrence of the letter `unknown` replaced."""
    if e == unknown or (e.op == unknown.op == "sym" and e.name == unknown.name):
        return value
    if not e.args:
        return e
    return rebuilt(e, tuple(substituted(a, unknown, value) for a in e.args))


def _has(e: Expr, unknown: Expr) -> bool:
    return unknown.name in letters_of(e)


def _spread(e: Expr, unknown: Expr) -> Expr:
    """Multiply out the sums in which the unknown stands, through products and linear operators."""
    if not _has(e, unknown) or not (e.op in ("mul", "add", "had", "sum") or e.op in LINEAR):
        return e
    if e.op == "sum":
        terms = terms_of(_spread(e.args[1], unknown))
        return plus((_out_of_sum(e.args[0], t, unknown) for t in terms), e.shape)
    args = tuple(_spread(a, unknown) for a in e.args)
    if e.op == "transpose" and args[0].op == "mul":
        return _spread(transposed(args[0]), unknown)
    for i, a in enumerate(args):
        if e.op != "add" and a.op == "add" and _has(a, unknown):
            parts = (_spread(normal(rebuilt(e, (*args[:i], t, *args[i + 1 :]))), unknown) for t in a.args)
            return plus(parts, e.shape)
    e = normal(rebuilt(e, args))
    return _as_matrix(e, unknown) if e.op == "had" and e.shape.cols == ONE else e


def _out_of_sum(unit: Expr, term: Expr, unknown: Expr) -> Expr:
    """Return the sum of a term over an index, the unknown outside where it stands at an end."""
    sides = None if unknown.scalar or not _has(term, unknown) else _beside(term, unknown)
    if sides is None or not (_trivial(sides.right) or _trivial(sides.left)):
        return normal(make("sum", unit, term))
    if _trivial(sides.right):
        number, scalars, chain = split(sides.left)
        alone = [f for f in chain if f.op != "identity"]
        summed = product((num(number), *scalars, *alone), sides.left.shape if alone else SCALAR)
        return _product(normal(make("sum", unit, summed)), unknown)
    return _product(sides.left, unknown, normal(make("sum", unit, sides.right)))


def _as_matrix(e: Expr, unknown: Expr) -> Expr:
    """Return b ⊙ z as diag(b) z, for a column z with the unknown."""
    inner = [a for a in e.args if _has(a, unknown)]
    rest = [a for a in e.args if not _has(a, unknown)]
    if len(inner) != 1:
        return e
    return _product(normal(make("diag", rest[0] if len(rest) == 1 else make("had", *rest))), inner[0])


@dataclass(frozen=True, slots=True)
class _Sides:
    """What stands left (with numbers and scalars) and right of the unknown in one term."""

    left: Expr
    right: Expr


def _turned(term: Expr, unknown: Expr) -> bool:
    """Tell whether the unknown stands transposed in a term."""
    return any(f.op == "transpose" and f.args[0] == unknown for f in split(term)[2])


def _beside(term: Expr, unknown: Expr) -> _Sides | None:
    """Return the sides of a term `L unknown R` with the unknown once."""
    number, scalars, chain = split(term)
    if unknown.scalar:
        rest = [s for s in scalars if s != unknown]
        if len(rest) != len(scalars) - 1 or any(_has(f, unknown) for f in (*rest, *chain)):
            return None
        return _Sides(product((num(number), *rest, *chain), term.shape), num(1))
    inside = [s for s in scalars if _has(s, unknown)]
    if inside:
        return _in_scalar(number, scalars, chain, inside, unknown)
    places = [i for i, f in enumerate(chain) if _has(f, unknown)]
    if len(places) != 1 or chain[places[0]] != unknown:
        return None
    rows, cols = unknown.shape
    before, after = chain[: places[0]], chain[places[0] + 1 :]
    left = product((num(number), *scalars, *before), Shape(before[0].shape.rows if before else rows, rows))
    return _Sides(left, product(after, chain_shape(after)) if after else _identity(cols))


def _identity(dim: object) -> Expr:
    """Return the identity of a size; of size 1 the number."""
    return num(1) if dim == ONE else leaf("identity", Shape(dim, dim))  # type: ignore[arg-type]


def _in_scalar(
    number: Number, scalars: tuple[Expr, ...], chain: tuple[Expr, ...], inside: list[Expr], unknown: Expr
) -> _Sides | None:
    """Return the sides of `(y^T A w) c`, a column c times a number in which the column w stands: c y^T A."""
    if len(inside) != 1 or inside[0].op != "mul" or not chain or chain[-1].shape.cols != ONE:
        return None
    if any(_has(f, unknown) for f in chain):
        return None
    run = inside[0].args
    if run[-1] != unknown:
        run = tuple(transposed(f) for f in reversed(run))
    if run[-1] != unknown or any(_has(f, unknown) for f in run[:-1]):
        return None
    rest = [s for s in scalars if s is not inside[0]]
    return _Sides(product((num(number), *rest, *chain, *run[:-1]), Shape(chain[0].shape.rows, unknown.shape.rows)), num(1))


def _over(e: Expr, number: Number) -> Expr:
    """Return a sum with each term divided by a number."""
    return plus((product((raised(num(number), num(-1)), t), e.shape) for t in terms_of(e)), e.shape)


def _common_number(terms: list[Expr]) -> Number:
    """Return the number that all terms share, or else the smallest where it divides all others."""
    numbers = {magnitude(split(t)[0]) for term in terms for t in terms_of(term)}
    if len(numbers) == 1:
        return numbers.pop()
    least = min(numbers)
    return least if all((Fraction(n) / Fraction(least)).denominator == 1 for n in numbers) else Fraction(1)
