"""The table of functions at fifty digits: slopes against central differences, meanings against mpmath and NumPy."""

from functools import partial

import mpmath
import numpy as np
import pytest
import scipy.special

from mdderive.latex.elaborate import read
from mdderive.model.context import Context
from mdderive.model.expr import make, sym
from mdderive.model.functions import FUNCTIONS
from mdderive.model.shapes import SCALAR
from mdderive.verify.algebra import Algebra, Value
from mdderive.verify.contents import Contents
from mdderive.verify.entrywise import TAU
from mdderive.verify.evaluate import Evaluation, StraightLine
from mdderive.verify.real import Real
from mdderive.verify.sample import Draw

OVER = Real(50)
POINTS = {
    (0, None): ("0.3", "1.7"),
    (None, None): ("-1.3", "0.4"),
    (-1, 1): ("-0.6", "0.4"),
    (1, None): ("1.2", "2.5"),
    (0, 1): ("0.2", "0.7"),
}
REFERENCE = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "tanh": mpmath.tanh,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "arctan": mpmath.atan,
    **{name: getattr(mpmath, name) for name in ("cot", "sec", "csc", "erf", "erfc", "erfinv", "gamma", "digamma")},
    **{f"ar{kind}{name}": getattr(mpmath, f"a{name}") for kind, name in (("c", "sin"), ("c", "cos"))},
    **{f"ar{name}": getattr(mpmath, f"a{name}") for name in ("sinh", "cosh", "tanh")},
    **{f"{name}gamma": partial(mpmath.psi, order) for order, name in enumerate(("tri", "tetra", "penta"), 1)},
    **{f"besselJ{order}": partial(mpmath.besselj, order) for order in range(4)},
    **{f"besselI{order}": partial(mpmath.besseli, order) for order in range(2)},
    "lgamma": mpmath.loggamma,
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "logit": lambda x: mpmath.log(x / (1 - x)),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "sqrt": mpmath.sqrt,
    "abs": abs,
    "sign": mpmath.sign,
    "relu": lambda x: x if x > 0 else mpmath.mpf(0),
    "step": lambda x: mpmath.mpf(x > 0),
}
ROWS = [(name, point) for name, row in FUNCTIONS.items() for point in POINTS[row.domain]]
SLOPES = [(name, point) for name, point in ROWS if FUNCTIONS[name].derivative]


def at(tree, x):
    """Return a tree in tau at a number."""
    draw = Draw(Algebra(OVER), {}, Context(), frozenset(), 0, cache={(TAU, ()): Value(1, 1, {0: [x]})})
    return Evaluation(draw, StraightLine(Contents(Context()))).value(tree).plain[0]


def function(name):
    return make("fn", sym(TAU, SCALAR), name=name)


def statement(text):
    from mdderive.model.context import Symbol

    return read(text, Context(symbols={TAU: Symbol(TAU, SCALAR)}))


def number(text):
    from fractions import Fraction

    return OVER.number(Fraction(text))


@pytest.mark.parametrize(("name", "point"), SLOPES)
def test_derivative_is_the_central_difference(name, point):
    x, h = number(point), number("1/100000000000000000")
    slope = (at(function(name), x + h) - at(function(name), x - h)) / (2 * h)
    assert abs(slope - at(statement(FUNCTIONS[name].derivative), x)) < 10**-28


@pytest.mark.parametrize(("name", "point"), SLOPES)
def test_a_prime_is_the_derivative(name, point):
    x = number(point)
    assert abs(at(function(name + "'"), x) - at(statement(FUNCTIONS[name].derivative), x)) < 10**-45


@pytest.mark.parametrize(("name", "point"), ROWS)
def test_meaning_is_the_function_of_that_name(name, point):
    with mpmath.workdps(60):
        assert abs(mpmath.mpf(at(function(name), number(point))) - REFERENCE[name](mpmath.mpf(point))) < mpmath.mpf(10) ** -45


@pytest.mark.parametrize(("name", "point"), ROWS)
def test_numpy_column_is_the_function_of_that_name(name, point):
    expression = FUNCTIONS[name].python.format("x")
    found = eval(expression, {"np": np, "scipy": scipy, "x": np.float64(point)})  # the table is our own text
    assert float(REFERENCE[name](mpmath.mpf(point))) == pytest.approx(float(found), rel=1e-12)


def test_every_row_has_a_reference():
    assert REFERENCE.keys() == FUNCTIONS.keys()


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if row.parity])
def test_declared_parity(name):
    x = number("0.7")
    value = at(function(name), x)
    expected = {"even": value, "odd": -value, "inverse": 1 / value}[FUNCTIONS[name].parity]
    assert abs(at(function(name), -x) - expected) < 10**-45
