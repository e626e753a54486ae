"""SymPy as a second witness of the rules and of derived results: scalar calculus on explicit matrices, 2 x 2 and 2 x 3."""

import pytest

pytest.importorskip("sympy", reason="SymPy is not installed: there is no second witness")

from mdderive.diagnostics import Diagnostic
from mdderive.engine.match import read_law
from mdderive.goals import tell
from mdderive.latex.elaborate import read
from mdderive.proving import ground
from mdderive.rules import RULES
from mdderive.tree import LEAVES, OPS, derivative, make, num, sym
from tests.contracts.test_operators import CONTEXT, WITHOUT_LAW, example
from tests.witness.explicit import differ

pytestmark = pytest.mark.slow

DERIVED = sorted(OPS - LEAVES - {"d", "deriv", "hess"} - WITHOUT_LAW)
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


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_rule_holds_entry_by_entry(rule):
    law = read_law(rule)
    assert not differ(law.lhs, law.rhs, ground(law))


@pytest.mark.parametrize("rule", [r for r in RULES if r.name.startswith("d-")][::4], ids=lambda r: r.name)
def test_twice_a_differential_is_refused(rule):
    law = read_law(rule)
    if law.rhs.op != "zero" and law.rhs != num(0):
        assert differ(law.lhs, make("mul", num(2), law.rhs), ground(law))


@pytest.mark.parametrize("op", DERIVED)
def test_derivative_of_an_operator_entry_by_entry(op):
    tree = example(op)
    letters = {node.name: sym(node.name, node.shape) for node in tree.walk() if node.op == "sym"}
    for letter in letters.values():
        told = tell(tree, letter, CONTEXT)
        assert not isinstance(told, Diagnostic), (op, letter.name, told.message())
        left = derivative("deriv", tree, letter, layout="denominator")
        assert not differ(left, told.gradient, told.context), (op, letter.name)


@pytest.mark.parametrize("name", FORMULAS)
def test_derived_result_entry_by_entry(name):
    text, wrt, order = FORMULAS[name]
    f = read(text, CONTEXT)
    assert not isinstance(f, Diagnostic), f.message()
    x = sym(wrt, CONTEXT.symbols[wrt].shape)
    told = tell(f, x, CONTEXT, order=order)
    assert not isinstance(told, Diagnostic), told.message()
    left = derivative("deriv" if order == 1 else "hess", f, x, layout="denominator")
    assert not differ(left, told.gradient, told.context)
    assert differ(left, make("mul", num(2), told.gradient), told.context)
