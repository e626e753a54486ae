"""Sums over an index become the matrix product they stand for, and are differentiated as that."""

import pytest

from mdderive.check.goals import tell
from mdderive.engine.normal import normal
from mdderive.engine.sums import matrix_form
from mdderive.latex.elaborate import read
from mdderive.latex.write import write
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import sym
from tests.latex.reading import CONTEXT

FORMS = [
    (r"\sum_i x_i", r"\mathbf{1}_{n}^{\top} x"),
    (r"\sum_i x_i^2", r"x^{\top} x"),
    (r"\sum_i b_i x_i", r"b^{\top} x"),
    (r"\sum_i (b_i - x_i)^2", r"(b - x)^{\top} (b - x)"),
    (r"\sum_{i=1}^m (a_i - \sum_j X_{ij} x_j)^2", r"(a - X x)^{\top} (a - X x)"),
    (r"\sum_i A_{ii}", r"\operatorname{tr}(A)"),
    (r"\sum_{i,j} A_{ij} S_{ij}", r"\operatorname{tr}(S^{\top} A)"),
    (r"\sum_{i,j} (X_{ij} - a_i x_j)^2", r"\operatorname{tr}((X - a x^{\top})^{\top} (X - a x^{\top}))"),
    (r"\sum_i \sum_j a_i X_{ij} x_j", r"a^{\top} X x"),
    (r"\sum_{i,j} X_{ij}", r"\mathbf{1}_{m}^{\top} X \mathbf{1}_{n}"),
    (r"\sum_i e^{x_i}", r"\mathbf{1}_{n}^{\top} \exp(x)"),
    (r"\sum_i \log \sum_j e^{X_{ij}}", r"\mathbf{1}_{m}^{\top} \log(\exp(X) \mathbf{1}_{n})"),
    (r"\sum_i x_i \log x_i", r"x^{\top} \log(x)"),
    (r"\sum_k X_{ik} B_{kj}", r"\mathbf{e}_{i}^{\top} X B \mathbf{e}_{j}"),
    (r"\sum_{i=1}^n t", r"n t"),
    (r"\sum_i x_i B_{ii}", r"x^{\top} \operatorname{diag}(B)"),
]
GRADIENTS = [
    (r"\sum_i x_i^2", "x", "2 x"),
    (r"\log \sum_j e^{x_j}", "x", r"\operatorname{softmax}(x)"),
    (r"\sum_{i,j} X_{ij} Y_{ij}", "X", "Y"),
    (r"\frac{1}{n} \sum_{i=1}^n (x_i - y_i)^2", "x", r"\frac{2}{n} (x - y)"),
    (r"\sum_{i=1}^m (a_i - \sum_j X_{ij} x_j)^2", "x", r"-2 X^{\top} (a - X x)"),
    (r"X_{ij}", "X", r"\mathbf{e}_{i} \mathbf{e}_{j}^{\top}"),
    (r"\sum_i \max(x_i, y_i)", "x", r"\operatorname{step}(x - y)"),
]


def tree(text):
    found = read(text, CONTEXT)
    assert not isinstance(found, Finding), found
    return found


@pytest.mark.parametrize(("text", "form"), FORMS)
def test_matrix_form(text, form):
    assert write(matrix_form(normal(tree(text))), CONTEXT) == form


@pytest.mark.parametrize(("text", "letter", "gradient"), GRADIENTS)
def test_gradient_of_a_sum(text, letter, gradient):
    told = tell(tree(text), sym(letter, CONTEXT.symbols[letter].shape), CONTEXT)
    assert not isinstance(told, Finding), told
    assert told.verdict.outcome == "holds"
    assert write(told.gradient, told.context) == gradient
    assert any(line.caption["en"] == "sum over indices in matrix form" for line in told.lines) == ("sum" in text)


def test_a_sum_without_matrix_form_is_differentiated_term_by_term():
    told = tell(tree(r"\sum_{i,j,k} \sin(B_{ij} B_{jk} B_{ki})"), sym("B", CONTEXT.symbols["B"].shape), CONTEXT)
    assert not isinstance(told, Finding), told
    assert told.verdict.outcome == "holds"
    assert any("sum-linearity" in line.rules for line in told.lines)
