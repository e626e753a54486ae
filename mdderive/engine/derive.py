"""Derivations: of a gradient or a Hessian, of several gradients at once, of a derivative in a direction; or why there is none."""

from collections.abc import Sequence
from dataclasses import replace

from mdderive.engine.fold import fold
from mdderive.engine.lecture import Derived, Lecture, Rewrite
from mdderive.engine.normal import normal
from mdderive.engine.seen_through import opened_for
from mdderive.engine.transposing import tidy_transposes
from mdderive.latex.write import write
from mdderive.model.conjugation import moving_with
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import Expr, make, rebuilt
from mdderive.model.source import Span

TOO_DEEP = "operators inside each other, through all definitions"


def derive(f: Expr, wrt: Expr, context: Context, *, order: int = 1, full: bool = False) -> Derived | Finding:
    """Return the derivation of ∂f/∂wrt in the layout of `context`, or of the Hessian of a scalar f where `order` is 2.

    `f` is a defined name, or an unknown scalar function applied to one; `full` gives every law a line of its own. The
    diagnostic is DRV405 for an operator without a law, DRV254 for what is not told of one of many and DRV409 for a bound on work.
    """
    if wrt.op == "member" and (order > 1 or not f.scalar):
        return Finding("DRV254", wrt.span or f.span or Span(0, 0), {"name": write(wrt, context)})
    try:
        opened = opened_for(f, wrt, context)
        freed = {name: e for name, e in opened.definitions.items() if name != wrt.name}  # a variable stands for itself
        conjugates = moving_with(wrt, context)[1:] if order == 1 and f.scalar and context.layout == "denominator" else ()
        lecture = Lecture(f, wrt, replace(opened, definitions=freed), full=full, also=conjugates)
        lecture.restate = opened.definitions.get(f.name) != context.definitions.get(f.name)
        if conjugates:
            return lecture.together()[0]
        return lecture.told() if order == 1 else lecture.second()
    except Refusal as refusal:
        return refusal.diagnostic
    except RecursionError:
        return Finding("DRV409", f.span or Span(0, 0), {"bound": TOO_DEEP})


def derive_together(f: Expr, variables: Sequence[Expr], context: Context, *, full: bool = False) -> tuple[Derived, ...] | Finding:
    """Return the gradients of a scalar f by several variables, in denominator layout, each read off one df.

    The derivations share all steps but the last; diagnostics as for `derive`.
    """
    try:
        opened_up = context
        for x in variables:
            opened_up = opened_for(f, x, opened_up)
        lecture = Lecture(f, variables[0], opened_up, full=full, also=variables[1:])
        lecture.restate = opened_up.definitions.get(f.name) != context.definitions.get(f.name)
        return lecture.together()
    except Refusal as refusal:
        return refusal.diagnostic
    except RecursionError:
        return Finding("DRV409", f.span or Span(0, 0), {"bound": TOO_DEEP})


def directional(f: Expr, wrt: Expr, direction: Expr, context: Context) -> tuple[Rewrite, ...] | Finding:
    """Return the steps to the derivative of f, a name or an unknown function, as the letter `wrt` moves in a direction.

    The last line is the differential with the direction in place of that of the letter; diagnostics as for `derive`.
    """
    try:
        lecture = Lecture(f, wrt, opened_for(f, wrt, context), full=False)
        line = lecture.differential()
    except Refusal as refusal:
        return refusal.diagnostic
    except RecursionError:
        return Finding("DRV409", f.span or Span(0, 0), {"bound": TOO_DEEP})
    value = fold(tidy_transposes(normal(_moved_by(line, make("d", wrt), direction)), lecture.symmetric))
    return (*lecture.steps, Rewrite(make("along", f, wrt, direction), value, ("direction",)))


def _moved_by(e: Expr, differential: Expr, direction: Expr) -> Expr:
    if e == differential:
        return direction
    return rebuilt(e, tuple(_moved_by(a, differential, direction) for a in e.args))
