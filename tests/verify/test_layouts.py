"""Derivatives: every layout, symmetric letters, composition, second order, and duals against central differences."""

import pytest
from hypothesis import assume, given, settings

from mdderive.model.context import Symbol
from mdderive.model.expr import derivative, leaf, make, num, sym
from mdderive.model.shapes import ONE, Shape, size
from mdderive.verify.algebra import Algebra, Value
from mdderive.verify.contents import Contents
from mdderive.verify.evaluate import Evaluation, StraightLine
from mdderive.verify.field import Undefined
from mdderive.verify.holds import holds
from mdderive.verify.real import Real
from mdderive.verify.sample import Draw
from tests.trees import CONTEXT, trees
from tests.verify.declared import context, equation, expression, judged

GROUND = context("A: m x n", "x: n", "X: n x p", "b: p", "t: scalar")
LINEAR = [
    ("denominator", "A x", "x", "A^T"),
    ("numerator", "A x", "x", "A"),
    ("block", "A x", "x", r"\operatorname{vec}(A)"),
    ("denominator", "A X", "X", r"I_p \otimes A^T"),
    ("numerator", "A X", "X", r"I_p \otimes A"),
    ("denominator", "b^T X^T x", "X", "x b^T"),
    ("numerator", "b^T X^T x", "X", "b x^T"),
    ("denominator", "t A", "t", "A"),
    ("numerator", "t A", "t", "A"),
]


@pytest.mark.parametrize(("layout", "f", "x", "stated"), LINEAR)
def test_layouts(layout, f, x, stated):
    left = derivative("deriv", expression(f, GROUND), sym(x, GROUND.symbols[x].shape), layout=layout)
    right = expression(stated, GROUND)
    assert holds(left, right, GROUND).outcome == "holds"
    assert holds(make("add", left, leaf("zero", left.shape)), right, GROUND).outcome == "holds", "by basis directions"
    assert holds(make("mul", num(3), left), make("mul", num(2), right), GROUND).outcome == "wrong"


GRADIENTS = [
    ("(A + A^T) x", "x^T A x", "x", ("x: n", "A: n x n")),
    (r"X^{-T}", r"\log(\det(X))", "X", ("X: n x n, invertible",)),
    ("2 x^T", "x^T x", "x^T", ("x: n",)),
    (r"\operatorname{softmax}(x)", r"\log(\mathbf{1}^T \exp(x))", "x", ("x: n",)),
    (r"\frac{1}{2} (A + A^T)", r"\operatorname{tr}(A S)", "S", ("A: n x n", "S: n x n, symmetric")),
    (r"A + A^T - A \odot I_n", r"\operatorname{tr}(A S)", "S", ("A: n x n", "S: n x n, symmetric")),
]


@pytest.mark.parametrize(("stated", "f", "x", "lines"), GRADIENTS)
def test_gradients(stated, f, x, lines):
    verdict = judged(rf"\frac{{\partial f}}{{\partial {x}}} = {stated}", *lines, where={"f": f})
    assert verdict.outcome == "holds"
    assert verdict.why == ("holds for tied entries" if "odot" in stated else "")
    twice = judged(rf"\frac{{\partial f}}{{\partial {x}}} = 2 ({stated})", *lines, where={"f": f})
    assert twice.outcome == "wrong"


def test_a_gradient_by_a_definition_leaves_what_it_is_made_of_alone():
    lines = ("A: m x n", "X: n x p", "M: m x m, symmetric")
    where = {"Y": "A X", "f": r"\operatorname{tr}(Y^T M Y) + \operatorname{tr}(X^T X)"}
    assert judged(r"\frac{\partial f}{\partial Y} = 2 M Y", *lines, where=where).outcome == "holds"
    assert judged(r"\frac{\partial f}{\partial X} = 2 A^T M Y + 2 X", *lines, where=where).outcome == "holds"


def test_composition_through_an_unknown_function():
    lines = ("X: n x p", "A: m x n", "B: p x q", "f: scalar function of Y")
    good = judged(r"\frac{\partial f}{\partial X} = A^T \frac{\partial f}{\partial Y} B^T", *lines, where={"Y": "A X B"})
    assert (good.outcome, good.method) == ("holds", "exact")
    bad = judged(r"\frac{\partial f}{\partial X} = A^T \frac{\partial f}{\partial Y} B^T + X", *lines, where={"Y": "A X B"})
    assert bad.outcome == "wrong"


@pytest.mark.parametrize(("factor", "outcome"), [("", "holds"), ("2 ", "wrong")])
def test_hessians(factor, outcome):
    lines = ("x: n", "A: m x n", r"\sigma: elementwise")
    text = rf"\frac{{\partial^2 f}}{{\partial x \partial x^T}} = {factor}A^T \operatorname{{diag}}(\sigma''(A x)) A"
    assert judged(text, *lines, where={"f": r"\mathbf{1}^T \sigma(A x)"}).outcome == outcome


def test_hessian_by_basis_directions():
    ground = context("X: m x n")
    f = expression("X", ground)
    square = make("tr", make("mul", make("transpose", f), f))
    hessian = derivative("hess", square, f, layout="denominator")
    twice = make("mul", num(2), leaf("identity", hessian.shape))
    assert holds(make("add", hessian, leaf("zero", hessian.shape)), twice, ground).outcome == "holds"


def test_only_what_varies_has_a_differential():
    ground = context("A: m x n", "x: n", where={"y": "A x"})
    sides = equation("dy = A dx", ground)
    assert holds(*sides, ground, varying=frozenset({"x"})).outcome == "holds"
    assert holds(*sides, ground).outcome == "wrong"
    of_y = equation("d(y^T y) = 2 y^T dy", ground)
    assert holds(*of_y, ground, varying=frozenset({"y"})).outcome == "holds"
    assert holds(*equation("dy = A dx", ground), ground, varying=frozenset({"y"})).outcome == "wrong"


# ---------------------------------------------------------------------- an oracle that knows no nilpotents

OVER = Real(50)
SIZES = {"m": 2, "n": 3}


def evaluate(tree, cache):
    draw = Draw(Algebra(OVER), SIZES, CONTEXT, frozenset(), 1, cache=dict(cache))
    return Evaluation(draw, StraightLine(Contents(CONTEXT))).value(tree)


@given(trees())
@settings(max_examples=60, deadline=None)
def test_duals_agree_with_central_differences(tree):
    names = frozenset(CONTEXT.symbols)
    draw = Draw(Algebra(OVER), SIZES, CONTEXT, names, 1)
    h = OVER.number(1) / 10**17
    moved = [{}, {}]
    for name, symbol in CONTEXT.symbols.items():
        value = draw.symbol(sym(name, symbol.shape), (1,))
        for cache, sign in zip(moved, (1, -1), strict=True):
            entries = [x + sign * h * dx for x, dx in zip(value.plain, value.parts[1], strict=True)]
            cache[name, ()] = Value(value.rows, value.cols, {0: entries})
    try:
        inside = Evaluation(draw, StraightLine(Contents(CONTEXT))).differential()
        exact = inside.change(tree).plain
        up, down = (evaluate(tree, cache).plain for cache in moved)
    except Undefined:
        assume(False)
    assume(max(abs(x) for x in (*exact, *up)) < 10**6)
    for dx, a, b in zip(exact, up, down, strict=True):
        assert abs(dx - (a - b) / (2 * h)) < 10**-15 * (1 + abs(dx))


def test_symbols_of_size_one_are_not_scalars_by_luck():
    ground = context("x: n")
    one = Shape(ONE, ONE)
    assert Symbol("s", one).shape == expression("x^T x", ground).shape
    assert size("n") != ONE
