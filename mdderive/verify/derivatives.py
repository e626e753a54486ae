"""Derivatives by basis directions, one for each entry of a letter, and along letters that are functions of a scalar.

Where t moves, x(t) moves along its own derivatives. Each of them is a draw of its own, so a second one is never taken for zero; a
premise `dx/dt = …` gives the first.
"""

from mdderive.model.context import Symbol
from mdderive.model.expr import LETTERS, Expr, Number, sym
from mdderive.model.shapes import SCALAR
from mdderive.verify.algebra import Value, assembled
from mdderive.verify.evaluator import Evaluator, Frame
from mdderive.verify.field import Unsupported


def gradient(at: Evaluator, e: Expr) -> Value:
    """Return a derivative by basis directions, arranged as its layout says."""
    f, x = e.args
    if x.op not in LETTERS:
        raise Unsupported("by-no-letter")
    rows, cols = at.draw.dims(x.shape)
    at.draw.algebra.spend(100 * rows * cols)
    slopes = [[at.derivative(f, x, basis(at, x, i, j)) for j in range(cols)] for i in range(rows)]
    return arranged(slopes, e)


def basis(at: Evaluator, x: Expr, i: int, j: int) -> Value:
    """Return the direction of one entry, the part of it in which the letter moves as it is declared."""
    rows, cols = at.draw.dims(x.shape)
    part: list[Number] = [0] * (rows * cols)
    part[i * cols + j] = at.draw.algebra.over.number(1)
    return at.draw.directed(x, at.draw.algebra.const(rows, cols, part))


def hessian(at: Evaluator, e: Expr) -> Value:
    """Return the second derivative by pairs of basis directions, in the order of vec."""
    f, x = e.args
    if x.op not in LETTERS:
        raise Unsupported("by-no-letter")
    rows, cols = at.draw.dims(x.shape)
    cells = [(i, j) for j in range(cols) for i in range(rows)]
    at.draw.algebra.spend(100 * len(cells) ** 2)
    entries: dict[tuple[int, int], Value] = {}
    for k, first in enumerate(cells):
        once = at.along(x, basis(at, x, *first))
        for q in range(k, len(cells)):
            twice = once.derivative(f, x, basis(at, x, *cells[q]))
            entries[k, q] = entries[q, k] = twice.split(once.frames[-1].bit)[1]
    n = len(cells)
    return assembled(n, n, [entries[k, q] for k in range(n) for q in range(n)])


def arranged(slopes: list[list[Value]], e: Expr) -> Value:
    """Return the derivative `e` whose entry (i, j) of the letter gave `slopes[i][j]`, in its layout."""
    f, x = e.args
    rows, cols = range(len(slopes)), range(len(slopes[0]))
    if x.scalar:
        return slopes[0][0]
    if f.scalar:
        whole = assembled(len(rows), len(cols), [slope for row in slopes for slope in row])
    elif e.name == "block":
        height, width = slopes[0][0].rows, slopes[0][0].cols
        places = [(i, a, j, b) for i in rows for a in range(height) for j in cols for b in range(width)]
        cells = [slopes[i][j].block([a], [b]) for i, a, j, b in places]
        return assembled(len(rows) * height, len(cols) * width, cells)
    else:
        stacked = [slopes[i][j].vec() for j in cols for i in rows]
        whole = assembled(len(stacked), stacked[0].rows, [s.block([k], [0]) for s in stacked for k in range(s.rows)])
    return whole.transposed() if e.name == "numerator" else whole


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
