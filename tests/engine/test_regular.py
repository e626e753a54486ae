"""What makes a matrix invertible is read off its form, and never claimed where a sign or a declaration is missing."""

import pytest

from mdderive.engine.normal import normal
from mdderive.engine.regular import regular
from mdderive.latex.elaborate import read
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import make
from mdderive.model.shapes import ONE, SCALAR, Shape, size

M, N = size("m"), size("n")


def symbol(name, shape, *properties):
    return Symbol(name, shape, frozenset(properties))


LETTERS = (
    symbol("X", Shape(M, N)),
    symbol("A", Shape(N, N), "positive definite"),
    symbol("G", Shape(N, N), "invertible"),
    symbol("S", Shape(M, M), "symmetric"),
    symbol("V", Shape(M, M), "positive definite"),
    symbol("B", Shape(N, N)),
    symbol("s", Shape(M, ONE), "positive"),
    symbol("r", Shape(M, ONE)),
    symbol(r"\lambda", SCALAR, "positive"),
    symbol(r"\mu", SCALAR),
)
CONTEXT = Context(symbols={letter.name: letter for letter in LETTERS})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("X^T X", "rank"),
        ("X^T V X", "rank"),
        (r"X^T \operatorname{diag}(s) X", "rank"),
        (r"X^T V^{-1} X", "rank"),
        ("X^T S X", "assumed"),
        (r"X^T \operatorname{diag}(r) X", "assumed"),
        (r"\mu X^T X", "assumed"),
        (r"X^T X + \lambda I_n", "definite"),
        (r"X^T X + \mu I_n", "assumed"),
        (r"X^T X - \lambda I_n", "assumed"),
        ("X^T X + A", "definite"),
        ("X^T X + A^{-1}", "definite"),
        ("X^T X + G", "assumed"),
        ("X^T S X + A", "assumed"),
        ("G^T A G", "known"),
        ("G^T G + A", "definite"),
        ("B", "assumed"),
        ("A + B", "assumed"),
        ("A G", "known"),
        (r"A \otimes I_n + I_n \otimes A", "definite"),
        (r"X^T X \otimes B^T B + \lambda I_{nn}", "definite"),
        (r"n I_n", "trivial"),
        ("r^T r", "rank"),
        ("r^T S r", "assumed"),
        (r"\lambda", "known"),
        (r"\mu", "assumed"),
    ],
)
def test_the_reason_why_a_matrix_is_invertible(text, kind):
    tree = read(text, CONTEXT)
    assert not isinstance(tree, Finding), tree
    assert regular(normal(tree), CONTEXT).kind == kind


def test_a_rank_names_the_factor_without_what_keeps_it():
    tree = read("X^T V^{-1} V^{-1} X", CONTEXT)
    assert not isinstance(tree, Finding)
    found = regular(normal(make("transpose", make("transpose", tree))), CONTEXT)
    assert found.kind == "rank"
    assert found.factor is not None
    assert found.factor.name == "X"
