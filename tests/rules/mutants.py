"""Single edits of a tree: a letter transposed, neighbours swapped, a term or an inverse dropped, the sign or a factor changed."""

from collections.abc import Iterator

from mdderive.engine.arrange import product
from mdderive.engine.normal import normal
from mdderive.engine.transposing import tidy_transposes, transposed
from mdderive.model.expr import Expr, make, num, rebuilt
from mdderive.model.shapes import Shape, ShapeError
from mdderive.model.terms import signature, split

# Operators that do not see a transpose of their whole argument.
BLIND = frozenset({"tr", "det", "norm", "norm1", "diagonal"})


def mutants(e: Expr) -> Iterator[tuple[str, Expr]]:
    """Yield the well-shaped mutants of a tree that are not the same formula turned around, each with the name of its edit."""
    seen = {turned(normal(e))}
    for name, mutant in _edits(e):
        try:
            tidy = turned(normal(mutant))
        except ShapeError:
            continue
        if tidy.shape == e.shape and tidy not in seen:
            seen.add(tidy)
            yield name, mutant


def turned(e: Expr) -> Expr:
    """Return a tree in one spelling: the first of the cycles of a trace and its transpose, of a scalar run and its transpose."""
    if not e.args or e.op in ("deriv", "hess", "along", "at"):
        return e
    e = tidy_transposes(normal(rebuilt(e, tuple(turned(a) for a in e.args))))
    if e.op in ("d", "pow") and e.args[0].op == "transpose":
        return make("transpose", rebuilt(e, (e.args[0].args[0], *e.args[1:])))
    if e.op in BLIND and e.args[0].op == "transpose":
        return rebuilt(e, e.args[0].args)
    if e.op in ("tr", "diagonal"):
        chain = split(e.args[0])[2]
        flipped = tuple(transposed(f) for f in reversed(chain))
        turns = [c[i:] + c[:i] for c in (chain, flipped) for i in range(len(c) if e.op == "tr" else 1)]
        return min((make(e.op, product(t, Shape(t[0].shape.rows, t[-1].shape.cols))) for t in _square(turns)), key=signature)
    if e.op == "mul" and e.scalar and not any(a.scalar for a in e.args):
        return min((e, transposed_run(e)), key=signature)
    return e


def transposed_run(e: Expr) -> Expr:
    """Return a scalar run read from its end."""
    return product(tuple(transposed(f) for f in reversed(e.args)), e.shape)


def _square(turns: list[tuple[Expr, ...]]) -> list[tuple[Expr, ...]]:
    return [t for t in turns if t[0].shape.rows == t[-1].shape.cols]


def _edits(e: Expr) -> Iterator[tuple[str, Expr]]:
    yield "sign", make("mul", num(-1), e)
    yield "factor", make("mul", num(2), e)
    yield from _everywhere(e)


def _everywhere(e: Expr) -> Iterator[tuple[str, Expr]]:
    yield from _here(e)
    for i, arg in enumerate(e.args):
        if e.op in ("deriv", "hess"):
            continue
        for name, other in _everywhere(arg):
            try:
                yield name, rebuilt(e, (*e.args[:i], other, *e.args[i + 1 :]))
            except ShapeError:
                continue


def _here(e: Expr) -> Iterator[tuple[str, Expr]]:
    match e.op:
        case "sym" | "fn" | "inv" | "adj" if not e.scalar:
            yield "transpose", make("transpose", e)
        case "transpose":
            yield "transpose dropped", e.args[0]
    if e.op in ("mul", "add"):
        for i in range(len(e.args)):
            rest = (*e.args[:i], *e.args[i + 1 :])
            try:
                if e.op == "add":
                    yield "term dropped", rest[0] if len(rest) == 1 else make(e.op, *rest)
                elif i:
                    swapped = (*e.args[: i - 1], e.args[i], e.args[i - 1], *e.args[i + 1 :])
                    yield "swapped", make("mul", *swapped)
            except ShapeError:
                continue
    if e.op == "inv":
        yield "inverse dropped", e.args[0]
