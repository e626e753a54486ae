"""Letters that are functions of a scalar: where t moves, x(t) moves along its own derivatives.

Each derivative is a draw of its own, so a second one is never taken for zero; a premise `dx/dt = …` gives the first.
"""

from mdderive.model.context import Symbol
from mdderive.model.expr import Expr, sym
from mdderive.model.shapes import SCALAR
from mdderive.verify.algebra import Value
from mdderive.verify.evaluator import Evaluator, Frame
from mdderive.verify.field import Unsupported

Steps = list[tuple[Frame, Value]]


def steps_along(at: Evaluator, curve: Symbol) -> Steps:
    """Return the frames in which the scalar moves that a letter is a function of, with how far it moves in each."""
    parameter = curve.along
    steps: Steps = []
    for frame in at.frames:
        if frame.target == parameter and frame.direction is not None:
            steps.append((frame, frame.direction))
        elif parameter in at.draw.context.definitions:
            raise Unsupported("defined-parameter", name=curve.name, parameter=parameter)
        elif not frame.target and parameter in at.draw.varying:
            value = at.draw.symbol(sym(parameter, SCALAR), (frame.bit,))
            steps.append((frame, value.split(frame.bit)[1]))
    return steps


def moved(at: Evaluator, e: Expr, steps: Steps, order: int = 0) -> Value:
    """Return the derivative of some order of a letter x(t) where t takes these steps: x + e x' for each of them."""
    if not steps:
        rest = at.without([frame for frame, _ in steps_along(at, at.draw.context.symbols[e.name])])
        return rate(rest, e, order) if order else rest.value(e)
    frame, step = steps[-1]
    low, high = (moved(at, e, steps[:-1], k) for k in (order, order + 1))
    return low.joined(at.draw.algebra.times(step, high), frame.bit)


def rate(at: Evaluator, e: Expr, order: int) -> Value:
    """Return the derivative of a letter by its scalar: what a premise says it is, or a draw."""
    given = at.rates_of(e)
    if not given:
        return at.draw.derivative(e, order)
    if order > 1:
        raise Unsupported("given-derivative", order=str(order), name=e.name)
    return at.value(given[0])
