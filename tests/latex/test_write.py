"""What is written reads back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from mdderive.engine.normal import normal
from mdderive.latex.elaborate import read
from mdderive.latex.write import write
from mdderive.model.context import Context, ElementwiseFunction, Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr, leaf, make
from mdderive.model.shapes import ONE, Shape, size
from tests.latex.reading import CONTEXT as LETTERS
from tests.trees import CONTEXT, trees

WITH_FUNCTION = replace(CONTEXT, elementwise={r"\sigma": ElementwiseFunction(r"\sigma")})


@given(trees())
@settings(max_examples=150, deadline=None)
def test_normal_tree_reads_back_the_same(tree: Expr) -> None:
    once = normal(tree)
    assert read(write(once, WITH_FUNCTION), WITH_FUNCTION) == once


@given(trees())
@settings(max_examples=100, deadline=None)
def test_any_tree_reads_back_with_its_value(tree: Expr) -> None:
    found = read(write(tree, WITH_FUNCTION), WITH_FUNCTION)
    assert not isinstance(found, Finding), found
    assert normal(found) == normal(tree)


@pytest.mark.parametrize(
    "text",
    [
        r"a^{\top} X b",
        r"B^{-\top}",
        r"(A + A^{\top}) X",
        r"\log\det(A)",
        r"\| x \|^{2}",
        r"\| X \|_F^{2}",
        r"\mathbf{1}_{n}^{\top} x",
        r"(dX) b",
        r"d(B^{-1})",
        r"x^{\top} B x\, x",
        r"-2 X + Y - Z",
        r"X - (Y - Z)",
        r"\frac{2}{n} X",
        r"\sigma'(X)",
        r"2 A X \odot Y",
        r"x^{\odot -1}",
        r"\frac{\partial f}{\partial Y}",
        r"\left( t + \frac{1}{c} \right) X",
    ],
)
def test_spelling_is_kept(text):
    assert write(read(text, LETTERS), LETTERS) == text


def test_declared_d_makes_the_differential_upright():
    n = size("n")
    context = Context(symbols={"d": Symbol("d", Shape(n, ONE)), "x": Symbol("x", Shape(n, ONE))})
    tree = read(r"d^T \mathrm{d}x", context)
    assert write(tree, context) == r"d^{\top}\, \mathrm{d}x"


def test_a_row_of_ones_has_its_superscript_in_parentheses_under_another():
    tree = make("transpose", leaf("ones", Shape(ONE, size("m"))))
    text = write(tree, CONTEXT)
    assert text == r"(\mathbf{1}_{m}^{\top})^{\top}"
    assert not isinstance(read(text, CONTEXT), Finding)
