"""Mistakes that only go on from an earlier one: what an author derives correctly from a wrong line is no mistake of its own.

A relation follows from a false one where it would hold if that one did: one side of the false equation is put in for the other,
and the judge is asked again. A gradient and the differential it is read off count as one statement, and a Hessian goes on from
the gradient. Nothing that follows is ever passed: it stays wrong, and names the line that it follows from.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mdderive.model.expr import Expr, derivative, make, rebuilt
from mdderive.model.shapes import ShapeError
from mdderive.model.source import Span

Sides = tuple[Expr, Expr]
MOST_ROOTS = 8
CONSTANTS = frozenset({"num", "zero", "ones", "identity", "unit"})


@dataclass(frozen=True, slots=True)
class Root:
    """A false equation that later lines may go on from, and the place of the mistake it comes from."""

    span: Span
    sides: Sides


def root_of(left: Expr, right: Expr, roots: Sequence[Root], judge: Callable[[Expr, Expr], bool]) -> Root | None:
    """Return the false equation, the latest first, with which the false `left = right` would hold; None where there is none."""
    for root in reversed(roots[-MOST_ROOTS:]):
        for false in _said(*root.sides):
            for claim in _said(left, right):
                if any(judge(*granted) for granted in _granted(claim, false)):
                    return root
    return None


def granted_gradient(gradient: Expr, roots: Sequence[Root]) -> Iterator[tuple[Root, Expr]]:
    """Yield what the roots say a derivative to be, the latest first."""
    for root in reversed(roots[-MOST_ROOTS:]):
        for old, new in _said(*root.sides):
            if old == gradient:
                yield root, new


def _said(left: Expr, right: Expr) -> Iterator[Sides]:
    """Yield an equation, then as one of differentials where it states a derivative in denominator layout."""
    yield left, right
    if left.op != "deriv" or left.name == "numerator" or left.name == "block":
        return
    f, x = left.args
    dx = make("d", x)
    try:
        if x.scalar:
            yield make("d", f), make("mul", right, dx)
        elif f.scalar and x.shape.cols.names != () and x.shape.rows.names != ():
            yield make("d", f), make("tr", make("mul", make("transpose", right), dx))
        elif f.scalar or (f.shape.cols == x.shape.cols and not x.shape.cols.names):
            yield make("d", f), make("mul", make("transpose", right), dx)
    except ShapeError:
        return


def _granted(claim: Sides, false: Sides) -> Iterator[Sides]:
    """Yield a claim with one side of a false equation put in for the other, where the claim has it."""
    for old, new in (false, false[::-1]):
        if old.op in CONSTANTS:
            continue
        for turned in (False, True):
            try:
                changed = _put(claim[0], old, new, turned), _put(claim[1], old, new, turned)
            except ShapeError:
                continue
            if changed != claim:
                yield changed


def _put(e: Expr, old: Expr, new: Expr, turned: bool) -> Expr:
    """Return a tree with `new` for every `old`; `turned` says whether a Hessian is the transpose of the gradient's derivative."""
    if e == old:
        return new
    if e.op == "hess" and old.op == "deriv" and e.args == old.args:
        second = derivative("deriv", new, e.args[1], layout=e.name)
        return make("transpose", second) if turned else second
    if not e.args:
        return e
    if e.op == old.op == "mul" and len(old.args) < len(e.args):
        count = len(old.args)
        for i in range(len(e.args) - count + 1):
            if e.args[i : i + count] == old.args:
                return make("mul", *e.args[:i], new, *e.args[i + count :])
    if e.op == old.op == "add" and set(old.args) < set(e.args):
        rest = [a for a in e.args if a not in old.args]
        return make("add", new, *(_put(a, old, new, turned) for a in rest))
    return rebuilt(e, tuple(_put(a, old, new, turned) for a in e.args))
