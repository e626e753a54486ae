"""SymPy as a second witness of the rules and of derived results: scalar calculus on explicit matrices of sizes 2 to 5."""

import re
from dataclasses import replace

import pytest

pytest.importorskip("sympy", reason="SymPy is not installed: there is no second witness")

import sympy as sp

from mdderive.check.goals import tell
from mdderive.check.proving import ground
from mdderive.engine.match import read_law
from mdderive.latex.elaborate import read, read_equation
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import derivative, make, num, sym
from mdderive.model.operators import LEAVES, OPERATORS
from mdderive.model.shapes import Shape
from mdderive.rules.book import RULES
from mdderive.verify.holds import holds
from tests.contracts.test_operators import CONTEXT, WITHOUT_LAW, M, N, example
from tests.witness.explicit import Explicit, differ

pytestmark = pytest.mark.slow

DERIVED = sorted(OPERATORS.keys() - LEAVES - {"d", "deriv", "hess", "along", "at"} - WITHOUT_LAW)
TURNED = [
    pytest.param(rule, f"{rule.rhs[: k.start()]}K_{{{k[2]},{k[1]}}}{rule.rhs[k.end() :]}", id=f"{rule.name} {k[0]}")
    for rule in RULES
    for k in re.finditer(r"K_\{(\w),(\w)\}", rule.rhs)
]
BASES = {
    "d-powers": "X",
    "d-hadamard-exponential": "A",
}  # letters with real exponents, which points drawn at random seldom make positive
LEAST = {"d-layer-norm": 3, "layernorm": 3}  # two entries less their mean, over their deviation, never change
FORMULAS = {
    "quadratic form": (r"x^T X x + a^T Y x", "x", 1),
    "quadratic form, twice": (r"x^T X x", "x", 2),
    "log-determinant": (r"\log\det(Y^T Y + X^T X)", "Y", 1),
    "layer": (r"\mathbf{1}^T \sigma(Y x)", "Y", 1),
    "layer, twice": (r"\mathbf{1}^T \sigma(Y x)", "x", 2),
    "softmax regression": (r"\log(\mathbf{1}^T \exp(Y x)) - a^T Y x", "Y", 1),
    "quotient": (r"\frac{x^T X x}{x^T x}", "x", 1),
    "trace of an inverse": (r"\operatorname{tr}(Z X^{-1})", "X", 1),
    "column by column": (r"\sigma(Y x) \odot (Y X x)", "x", 1),
    "matrix by matrix": (r"Y X^{-1} Y^T", "X", 1),
    "matrix by matrix, transposed": (r"X Y^T", "Y", 1),
    "matrix by number": (r"e^{t X} Z", "t", 1),
    "composition": (r"g(Y)^2", "Y", 1),
    "diagonal": (r"\operatorname{tr}(\operatorname{diag}(x) X) + x^T \operatorname{diag}(X)", "x", 1),
}


def doubled(tree):
    return make("mul", num(2), tree)


def is_zero(tree):
    return tree.op == "zero" or tree == num(0)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_rule_holds_entry_by_entry_and_doubled_does_not(rule):
    law = read_law(rule)
    context = ground(law).declaring(BASES.get(rule.name, ()), "positive")
    least = LEAST.get(rule.name, 2)
    assert not differ(law.lhs, law.rhs, context, least=least)
    assert is_zero(law.rhs) or differ(law.lhs, doubled(law.rhs), context, least=least)


@pytest.mark.parametrize(("rule", "turned"), TURNED)
def test_a_commutation_turned_is_refused(rule, turned):
    law = read_law(replace(rule, rhs=turned))
    assert differ(law.lhs, law.rhs, ground(law))


@pytest.mark.parametrize("op", sorted(OPERATORS))
def test_every_operator_has_a_value(op):
    tree = example(op)
    here = Explicit(CONTEXT)
    assert here.value(tree).shape == here.sides(tree.shape)


@pytest.mark.parametrize(("op", "picked"), [("largest", max), ("smallest", min)])
def test_an_extreme_entry_is_an_entry_that_no_other_exceeds(op, picked):
    tree = example(op)
    here = Explicit(CONTEXT)
    assert here.value(tree)[0] == picked(here.value(tree.args[0]))


@pytest.mark.parametrize("shape", [Shape(N, N), Shape(M, N), Shape(N, M)], ids=str)
def test_an_orthogonal_letter_stays_orthogonal_along_its_direction(shape):
    q = sym("Q", shape)
    here = Explicit(Context(symbols={"Q": Symbol("Q", shape, frozenset({"orthogonal"}))}))
    value, direction = here.drawn(q), here.drawn(q, "direction")
    if value.rows < value.cols:
        value, direction = value.T, direction.T
    assert value.T * value == sp.eye(value.cols)
    assert value.T * direction + direction.T * value == sp.zeros(value.cols)
    assert any(direction)


def test_a_premise_that_is_not_drawn_is_refused():
    letter = sym("X", Shape(N, N))
    with pytest.raises(NotImplementedError, match="stochastic"):
        Explicit(Context(symbols={"X": Symbol("X", letter.shape, frozenset({"stochastic"}))})).value(letter)


@pytest.mark.parametrize("op", DERIVED)
def test_derivative_of_an_operator_entry_by_entry(op):
    tree = example(op)
    letters = {node.name: sym(node.name, node.shape) for node in tree.walk() if node.op == "sym"}
    for letter in letters.values():
        told = tell(tree, letter, CONTEXT)
        assert not isinstance(told, Finding), (op, letter.name, told.message())
        left = derivative("deriv", tree, letter, layout="denominator")
        least = LEAST.get(op, 2)
        assert not differ(left, told.gradient, told.context, least=least), (op, letter.name)
        assert differ(left, doubled(told.gradient), told.context, least=least), (op, letter.name)


@pytest.mark.parametrize("name", FORMULAS)
def test_derived_result_entry_by_entry(name):
    text, wrt, order = FORMULAS[name]
    f = read(text, CONTEXT)
    assert not isinstance(f, Finding), f.message()
    x = sym(wrt, CONTEXT.symbols[wrt].shape)
    told = tell(f, x, CONTEXT, order=order)
    assert not isinstance(told, Finding), told.message()
    left = derivative("deriv" if order == 1 else "hess", f, x, layout="denominator")
    assert not differ(left, told.gradient, told.context)
    assert differ(left, doubled(told.gradient), told.context)


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        (r"D_X (X^T X)[Z]", r"Z^T X + X^T Z", True),
        (r"D_X (X^T X)[Z]", r"2 X^T Z", False),
        (r"\frac{\partial (x^T x)}{\partial x} |_{x = \mathbf{1}}", r"2 \cdot \mathbf{1}_n", True),
        (r"\frac{\partial (x^T x)}{\partial x} |_{x = \mathbf{1}}", "2 x", False),
    ],
)
def test_directions_and_values_agree_with_the_judge(left, right, agree):
    sides = read_equation(f"{left} = {right}", CONTEXT)
    assert not isinstance(sides, Finding)
    assert holds(*sides, CONTEXT).outcome == ("holds" if agree else "wrong")
    assert bool(differ(*sides, CONTEXT)) != agree
