"""All single edits of a formula: what an author who slips once may write instead of it."""

from collections.abc import Iterator

from mdderive.model.context import Context
from mdderive.model.expr import Expr, make, num, rebuilt, sym
from mdderive.model.shapes import ShapeError

Edit = tuple[str, Expr]


def mutants(e: Expr, context: Context) -> Iterator[Edit]:
    """Yield every different tree that one edit makes of `e`, with the name of the edit; shapes may not fit any more."""
    seen = {e}
    for kind, changed in _everywhere(e, _letters(context)):
        if changed not in seen:
            seen.add(changed)
            yield kind, changed


def _letters(context: Context) -> list[Expr]:
    hidden = context.unknown.keys()
    return [sym(s.name, s.shape) for s in context.symbols.values() if s.name not in hidden]


def _everywhere(e: Expr, letters: list[Expr]) -> Iterator[Edit]:
    yield from _here(e, letters)
    if e.op in ("deriv", "hess"):
        return
    for i, arg in enumerate(e.args):
        if e.op == "sum" and not i:
            continue  # the letter that the sum runs over
        for kind, changed in _everywhere(arg, letters):
            yield kind, again(e, (*e.args[:i], changed, *e.args[i + 1 :]))


def again(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """Return the node with other arguments, with its old shape where they do not fit."""
    try:
        return rebuilt(e, args)
    except ShapeError:
        return Expr(e.op, args, e.shape, e.name, e.value)


def _here(e: Expr, letters: list[Expr]) -> Iterator[Edit]:
    yield "sign", make("mul", num(-1), e)
    if e.op == "num":
        yield from (("number", num(e.value * 2)), ("number", num(e.value + 1)), ("sign", num(-e.value)))
        return
    yield "factor", make("mul", num(2), e)
    if not e.scalar:
        yield "transpose", e.args[0] if e.op == "transpose" else make("transpose", e)
    if e.op == "inv":
        yield "inverse", e.args[0]
    elif e.shape.rows == e.shape.cols and not e.scalar:
        yield "inverse", make("inv", e)
    if e.op == "sym":
        yield from (("letter", other) for other in letters if other.shape == e.shape and other.name != e.name)
    if e.op in ("add", "mul", "had"):
        yield from _shorter(e)
    if e.op in ("mul", "kron"):
        yield from _swapped(e)
    yield from _other_product(e)


def _shorter(e: Expr) -> Iterator[Edit]:
    """Drop a term, a factor, a number."""
    for i, arg in enumerate(e.args):
        rest = (*e.args[:i], *e.args[i + 1 :])
        kind = "term" if e.op == "add" else "factor" if arg.op == "num" else "dropped"
        yield kind, rest[0] if len(rest) == 1 else again(e, rest)
        if e.op == "add":
            yield "sign", again(e, (*e.args[:i], make("mul", num(-1), arg), *e.args[i + 1 :]))


def _swapped(e: Expr) -> Iterator[Edit]:
    for i in range(len(e.args)):
        for j in range(i):
            if e.op == "kron" or not (e.args[i].scalar or e.args[j].scalar):
                args = list(e.args)
                args[i], args[j] = args[j], args[i]
                yield "order", again(e, tuple(args))


def _other_product(e: Expr) -> Iterator[Edit]:
    """Put a Hadamard product for a product of neighbours and the other way round."""
    if e.op == "had":
        yield "product", _made("mul", e.args, e)
    if e.op == "mul":
        for i, (a, b) in enumerate(zip(e.args, e.args[1:], strict=False)):
            if not (a.scalar or b.scalar):
                both = _made("had", (a, b), e)
                rest = (*e.args[:i], both, *e.args[i + 2 :])
                yield "product", both if len(rest) == 1 else again(e, rest)


def _made(op: str, args: tuple[Expr, ...], e: Expr) -> Expr:
    try:
        return make(op, *args)
    except ShapeError:
        return Expr(op, args, e.shape)
