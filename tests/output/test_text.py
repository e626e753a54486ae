"""Formulas and derivations for the terminal."""

import pytest

from mdderive.output.pages import expand
from mdderive.output.plain import plain
from mdderive.output.text import WIDTH
from tests.documents import document, fence


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{\partial f}{\partial X} = a b^T", "∂f/∂X = a bᵀ"),
        (r"\frac{\partial^2 f}{\partial x \partial x^T}", "∂²f/(∂x ∂xᵀ)"),
        (r"\operatorname{tr}((A + A^T) W)", "tr((A + Aᵀ) W)"),
        (r"X^{-1} (dX) X^{-T}", "X⁻¹ (dX) X⁻ᵀ"),
        (r"W_{12} \odot \sigma'(\mathbf{x}_i)", "W₁₂ ⊙ σ'(xᵢ)"),
        (r"\frac{1}{2} \left\| X w - y \right\|^2", "1/2 ‖ X w - y ‖²"),
        (r"e^{A t}", "e^(A t)"),
        (r"x^{\top}", "xᵀ"),
        (r"a \in \mathbb{R}^{m \times n}", "a ∈ ℝ^(m × n)"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "[a, b; c, d]"),
        (r"\hat{y} - y", "y\u0302 - y"),
        (r"\sqrt{x + y}", "√(x + y)"),
        (r"\unknown{x}", "unknownx"),
        (r"{{a", "a"),
        ("^", "^"),
        ("}", "}"),
    ],
)
def test_plain(latex, text):
    assert plain(latex) == text


def test_captions_stand_below_each_other():
    text = "```derive\nf\n```"
    lines = expand(document(text, fence(text)), "text").splitlines()
    rows = [line for line in lines if "product rule" in line or "cyclic" in line]
    assert rows[0].index("product rule") == rows[1].index("cyclic")
    assert max(len(line) for line in lines) <= WIDTH
    assert "    ∂f/∂X = a bᵀ" in lines
