"""Small changes to an expression that authors commonly have in mind when they write something false.

Each is yielded with the code of the mistake it would mend. Whether it does is for the judge to say; a change whose shapes do not
fit is not yielded.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from mdderive.model.expr import Expr, Number, make, num, rebuilt
from mdderive.model.functions import FUNCTIONS
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import ShapeError
from mdderive.model.terms import factors_of

Edit = tuple[str, Expr]
MOST_EDITS = 400
MISTAKEN: Mapping[str, tuple[str, ...]] = {
    "sin": ("cos",),
    "cos": ("sin",),
    "exp": ("log",),
    "log": ("exp",),
    "sigmoid": ("tanh",),
    "tanh": ("sigmoid",),
    "relu": ("step", "abs"),
    "step": ("relu", "sign"),
    "sign": ("abs", "step"),
}


def edits(e: Expr, *, differentials: bool) -> Iterator[Edit]:
    """Yield the changes to a tree, the likelier ones first, at most `MOST_EDITS`; those to a `dX` only with `differentials`."""
    seen = {e}
    for code, changed in _all(e):
        if code == "missing-d" and not differentials:
            continue
        if changed not in seen and changed.shape == e.shape:
            seen.add(changed)
            yield code, changed
        if len(seen) > MOST_EDITS:
            return


def _all(e: Expr) -> Iterator[Edit]:
    for rewrite in (_negated, _transposed, _swapped, _multiplied, _differentiated, _powered, _renamed):
        yield from _at_one_place(e, rewrite)
    yield from _transposed_everywhere(e)


def _at_one_place(e: Expr, rewrite: Callable[[Expr], Iterator[Edit]]) -> Iterator[Edit]:
    """Yield the tree with one node rewritten, outer nodes first."""
    yield from rewrite(e)
    for i, arg in enumerate(e.args):
        for code, changed in _at_one_place(arg, rewrite):
            try:
                yield code, rebuilt(e, (*e.args[:i], changed, *e.args[i + 1 :]))
            except ShapeError:
                continue


def flipped(e: Expr) -> Expr:
    """Return the transpose, taken into sums and products."""
    if e.scalar:
        return e
    match e.op:
        case "transpose":
            return e.args[0]
        case "add" | "had":
            return rebuilt(e, tuple(map(flipped, e.args)))
        case "mul":
            scalars = [a for a in e.args if a.scalar]
            return make("mul", *scalars, *(flipped(a) for a in reversed(e.args) if not a.scalar))
    return make("transpose", e)


def _transposed(e: Expr) -> Iterator[Edit]:
    if not e.scalar:
        yield "transpose", flipped(e)


def _negated(e: Expr) -> Iterator[Edit]:
    if e.op == "add":
        for i, term in enumerate(e.args):
            yield "sign", rebuilt(e, (*e.args[:i], multiple(term, -1), *e.args[i + 1 :]))


def multiple(e: Expr, factor: Number) -> Expr:
    """Return a rational multiple of a tree, with one number in front and none where it is 1."""
    if e.op == "num":
        return num(factor * e.value)
    if e.op == "add" and factor == -1:
        return rebuilt(e, tuple(multiple(a, factor) for a in e.args))
    rest: tuple[Expr, ...] = (e,)
    if e.op == "mul" and (not e.scalar or any(a.scalar for a in e.args)):
        rest = e.args
        if e.args[0].op == "num":
            factor, rest = factor * e.args[0].value, e.args[1:]
    if factor != 1:
        return make("mul", num(factor), *rest)
    return rest[0] if len(rest) == 1 else make("mul", *rest)


def times_power(e: Expr, base: Expr, exponent: int) -> Expr:
    """Return a tree times a power of a scalar, joined with a power of it that is a factor already."""
    factors = factors_of(e)
    for i, factor in enumerate(factors):
        found = 1 if factor == base else 0
        if factor.op == "pow" and factor.args[0] == base and factor.args[1].op == "num":
            found = int(factor.args[1].value) if factor.args[1].value == int(factor.args[1].value) else 0
        if found:
            joined = _power(base, found + exponent)
            rest = (*factors[:i], *joined, *factors[i + 1 :])
            return num(1) if not rest else rest[0] if len(rest) == 1 else make("mul", *rest)
    return make("mul", *_power(base, exponent), e)


def _power(base: Expr, exponent: int) -> tuple[Expr, ...]:
    if exponent == 0:
        return ()
    return (base,) if exponent == 1 else (make("pow", base, num(exponent)),)


def _swapped(e: Expr) -> Iterator[Edit]:
    if e.op not in ("mul", "kron"):
        return
    for i, j in combinations(range(len(e.args)), 2):
        args = list(e.args)
        args[i], args[j] = args[j], args[i]
        try:
            yield "order", rebuilt(e, tuple(args))
        except ShapeError:
            continue


def _multiplied(e: Expr) -> Iterator[Edit]:
    """Yield Hadamard for matrix products of neighbours, and the reverse."""
    pairs = {"had": ("mul", "kron"), "mul": ("had",), "kron": ("mul",)}
    for op in pairs.get(e.op, ()):
        if len(e.args) == 2:
            yield from _built("product", lambda op=op: make(op, *e.args))  # type: ignore[misc]
            continue
        for i in range(len(e.args) - 1):
            yield from _built(
                "product",
                lambda i=i, op=op: make(e.op, *e.args[:i], make(op, *e.args[i : i + 2]), *e.args[i + 2 :]),  # type: ignore[misc]
            )
            yield from _built(
                "product",
                lambda i=i, op=op: make(op, make(e.op, *e.args[: i + 1]) if i else e.args[0], _rest(e, i + 1)),  # type: ignore[misc]
            )


def _rest(e: Expr, i: int) -> Expr:
    return e.args[i] if i == len(e.args) - 1 else make(e.op, *e.args[i:])


def _built(code: str, build: Callable[[], Expr]) -> Iterator[Edit]:
    try:
        yield code, build()
    except ShapeError:
        return


def _differentiated(e: Expr) -> Iterator[Edit]:
    if e.op == "sym":
        yield "missing-d", make("d", e)


def _powered(e: Expr) -> Iterator[Edit]:
    """Yield other exponents, and inverses put on or taken off."""
    if e.op in ("pow", "hpow") and e.args[1].op == "num":
        for step in (-1, 1):
            yield "edit", rebuilt(e, (e.args[0], num(e.args[1].value + step)))
        yield "edit", e.args[0]
    elif e.op == "inv":
        yield "edit", e.args[0]
    elif e.op == "sym" and not e.scalar and e.shape.rows == e.shape.cols:
        yield "edit", make("inv", e)


def _renamed(e: Expr) -> Iterator[Edit]:
    """Yield functions that are easily mistaken for another, and primes put on or taken off."""
    if e.op == "fn":
        base = e.name.rstrip("'")
        if base not in FUNCTIONS:
            yield "function", make("fn", *e.args, name=f"{base}'" if base == e.name else base)
        for other in MISTAKEN.get(e.name, ()):
            yield "function", make("fn", *e.args, name=other)


_TURNED = frozenset({"sym", "transpose", "deriv", "fn"})


def _transposed_everywhere(e: Expr) -> Iterator[Edit]:
    """Yield the tree with one or two different factors transposed wherever they stand."""
    factors = [f for f in dict.fromkeys(e.walk()) if not f.scalar and (f.op in _TURNED or OPERATORS[f.op].keeps_square)]
    for chosen in (*((f,) for f in factors), *combinations(factors[:8], 2)):
        try:
            yield "transpose", _replaced(e, {f: flipped(f) for f in chosen})
        except ShapeError:
            continue


def _replaced(e: Expr, table: dict[Expr, Expr]) -> Expr:
    if e in table:
        return table[e]
    return rebuilt(e, tuple(_replaced(a, table) for a in e.args))


def rewritten(e: Expr, rewrite: Callable[[Expr], Expr]) -> Expr:
    """Return a tree rewritten at every node, from the leaves up."""
    args = tuple(rewritten(a, rewrite) for a in e.args)
    return rewrite(rebuilt(e, args))


def det_for_norm(e: Expr) -> Expr:
    """Return the determinant in place of the norm of a square matrix."""
    square = e.op == "norm" and not e.args[0].scalar and e.args[0].shape.rows == e.args[0].shape.cols
    return make("det", e.args[0]) if square else e


def entries_for_matrix(e: Expr) -> Expr:
    """Return a function of every entry in place of one of the matrix."""
    return make("fn", e.args[0], name=e.name) if e.op == "mfn" and e.name in FUNCTIONS else e


def matrix_for_entries(e: Expr) -> Expr:
    """Return a function of a square matrix in place of one of every entry."""
    square = e.op == "fn" and not e.scalar and e.shape.rows == e.shape.cols and e.name in ("exp", "sin", "cos")
    return make("mfn", e.args[0], name=e.name) if square else e
