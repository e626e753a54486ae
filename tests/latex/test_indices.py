"""Entries, unit vectors and sums over an index: how they read, how they are written, and what is refused."""

import pytest

from mdderive.latex.elaborate import read, read_equation
from mdderive.latex.write import write
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import units
from mdderive.verify.holds import holds
from tests.latex.reading import CONTEXT, short

X_IJ = "mul(transpose(i), X, j)"
READ = [
    ("x_i", "mul(transpose(i), x)"),
    ("x_1", "mul(transpose(1), x)"),
    ("X_{ij}", X_IJ),
    ("X_{i,j}", X_IJ),
    ("X_{i j}", X_IJ),
    ("[X]_{ij}", X_IJ),
    ("(X)_{ij}", X_IJ),
    (r"\mathbf{e}_i^T X \mathbf{e}_j", X_IJ),
    ("X_{12}", "mul(transpose(1), X, 2)"),
    ("(X b)_i", "mul(transpose(i), X, b)"),
    (r"\operatorname{softmax}(x)_j", "mul(transpose(j), softmax(x))"),
    ("X_{ij}^2", f"pow({X_IJ}, 2)"),
    ("e_2^T x", "mul(transpose(2), x)"),
    ("W_{12}", "W_{12}"),
    ("A^{-1}_{ij}", "mul(transpose(i), inv(A), j)"),
    ("A^T_{ij}", "mul(transpose(i), transpose(A), j)"),
    (r"\frac{\partial f}{\partial Y_{ij}}", "mul(transpose(i), deriv[denominator](apply[f](Y), Y), j)"),
    (r"\frac{\partial^2 t^2}{\partial x_i \partial x_j}", "mul(transpose(i), hess[denominator](pow(t, 2), x), j)"),
    (r"\sum_i x_i", "sum(i, mul(transpose(i), x))"),
    (r"\sum\limits_{i=1}^{n} x_i", "sum(i, mul(transpose(i), x))"),
    (r"\sum_{1 \le i \le n} x_i", "sum(i, mul(transpose(i), x))"),
    (r"\sum_{i,j} X_{ij}", f"sum(i, sum(j, {X_IJ}))"),
    (r"\sum_{ij} X_{ij}", f"sum(i, sum(j, {X_IJ}))"),
    (r"\sum_{i=1}^m \sum_{j=1}^n X_{ij}", f"sum(i, sum(j, {X_IJ}))"),
    (r"\sum_s x_s y_s", "sum(s, mul(mul(transpose(s), x), mul(transpose(s), y)))"),
    (r"\sum_{i=1}^n t", "sum(i, t)"),
    (r"\sum_i x_i + t", "add(sum(i, mul(transpose(i), x)), t)"),
    (r"x_i \sum_i y_i", "mul(mul(transpose(i), x), sum(i, mul(transpose(i), y)))"),
    (r"\log \sum_j e^{x_j}", "fn[log](sum(j, fn[exp](mul(transpose(j), x))))"),
    (r"\max_i x_i", "largest(x)"),
    (r"\max_i |x_i|", "largest(fn[abs](x))"),
    (r"\min_{i,j} X_{ij}", "smallest(X)"),
]
REFUSED = [
    ("DRV234", r"\sum_{i<i} A_{ii}", r"\sum_{i<i}"),
    ("DRV234", r"\sum_{i=0}^{n} x_i", r"\sum_{i=0}^{n}"),
    ("DRV234", r"\sum_{i=1}^{n-1} x_i", r"\sum_{i=1}^{n-1}"),
    ("DRV234", r"\sum x_i", r"\sum"),
    ("DRV234", r"\sum_i \sum_i X_{ii}", r"\sum_i"),
    ("DRV234", r"\sum_i i x_i", "i"),
    ("DRV234", r"\sum_i t", r"\sum_i t"),
    ("DRV234", r"\max_i (x_i + y_i)", r"\max_i (x_i + y_i)"),
    ("DRV224", r"\sum_i x_{i+1}", "x_{i+1}"),
    ("DRV235", r"\sum_k A_k", "A_k"),
    ("DRV235", "x_{ij}", "x_{ij}"),
    ("DRV301", r"\sum_{i=1}^m x_i", r"\sum_{i=1}^m x_i"),
    ("DRV301", r"\sum_i a_i x_i", "x_i"),
    ("DRV301", "X_{ii}", "X_{ii}"),
    ("DRV235", r"\sum_i x_i x_i^T", "x_i"),
    ("DRV224", "x^T_1 y", "x^T_1"),
    ("DRV235", r"\sum_i \|x_i - y_i\|^2", "x_i"),
    ("DRV214", r"\frac{\partial^2 f}{\partial x_i^2}", r"\frac{\partial^2 f}{\partial x_i^2}"),
]
HOLD = [
    (r"\sum_k X_{ik} B_{kj}", "(X B)_{ij}"),
    (r"\sum_i A_{ii}", r"\operatorname{tr}(A)"),
    (r"\sum_{i,j} X_{ij} Y_{ij}", r"\langle X, Y \rangle"),
    (r"\sum_j X_{ij}", r"(X \mathbf{1})_i"),
    (r"\sum_i x_i \mathbf{e}_i", "x"),
    (r"X_{ij} Y_{ij}", r"(X \odot Y)_{ij}"),
    (r"(X^T)_{ji}", "X_{ij}"),
    (r"\frac{\partial x_i}{\partial x}", r"\mathbf{e}_i"),
    (r"\frac{\partial (x^T B x)}{\partial x}", r"\sum_i \mathbf{e}_i \sum_j (B_{ij} + B_{ji}) x_j"),
    (r"\mathbf{e}_1^T \mathbf{e}_1 x_1", "x_1"),
    (r"\frac{\partial (X b)_i}{\partial b_j}", "X_{ij}"),
    (r"\frac{\partial \operatorname{tr}(C X)}{\partial X_{ij}}", "C_{ji}"),
    (r"\frac{\partial^2 (x^T B x)}{\partial x_i \partial x_j}", "B_{ij} + B_{ji}"),
    (r"B^{-1}_{ij} \det(B)", r"\operatorname{adj}(B)_{ij}"),
    (r"\operatorname{softmax}(x)_i", r"\frac{e^{x_i}}{\sum_j e^{x_j}}"),
]
WRONG = [
    ("A_{ij}", "A_{ji}"),
    ("x_i", "x_1"),
    (r"\sum_k X_{ik} B_{kj}", "(X B^T)_{ij}"),
    (r"\sum_i x_i^2", r"(\sum_i x_i)^2"),
    (r"\sum_j x_j x_i", r"x_i^2"),
    (r"A_{ij} A_{ji}", r"A_{ij}^2"),
    (r"\mathbf{e}_i^T \mathbf{e}_j x_i", "x_i"),
]


@pytest.mark.parametrize(("text", "tree"), READ)
def test_reads_and_is_written_back(text, tree):
    found = read(text, CONTEXT)
    assert not isinstance(found, Finding), found
    assert short(found) == tree
    assert read(write(found, CONTEXT), CONTEXT) == found


@pytest.mark.parametrize(("text", "spelled"), [("X_{ij}", "X_{ij}"), (r"\sum_i x_i^2", r"\sum_{i=1}^{n} x_{i}^{2}")])
def test_spelling_is_kept(text, spelled):
    found = read(text, CONTEXT)
    assert not isinstance(found, Finding)
    assert write(found, CONTEXT) == spelled


@pytest.mark.parametrize(("code", "text", "place"), REFUSED)
def test_refusal_names_its_place(code, text, place):
    finding = read(text, CONTEXT)
    assert isinstance(finding, Finding), short(finding)
    assert (finding.code, text[finding.span.start : finding.span.end]) == (code, place)


def judged(left, right):
    sides = read_equation(f"{left} = {right}", CONTEXT)
    assert not isinstance(sides, Finding), sides
    return holds(*sides, CONTEXT).outcome


@pytest.mark.parametrize(("left", "right"), HOLD)
def test_holds_at_every_place(left, right):
    assert judged(left, right) == "holds"


@pytest.mark.parametrize(("left", "right"), WRONG)
def test_is_wrong_at_some_place(left, right):
    assert judged(left, right) == "wrong"


def test_a_place_that_never_exists_is_not_judged():
    sides = read_equation(r"\mathbf{e}_9^T \mathbf{1}_2 = 1", CONTEXT)
    assert not isinstance(sides, Finding)
    assert holds(*sides, CONTEXT).outcome == "undecided"


def test_indices_that_no_sum_binds():
    found = read(r"a_i \sum_j X_{ij} x_j", CONTEXT)
    assert not isinstance(found, Finding)
    assert set(units(found)) == {"i"}
