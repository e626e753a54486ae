"""What formulas of notes spell in their own way, as it reaches the reader."""

import pytest

from mdderive.check.pipeline import check
from mdderive.latex.normalise import cleaned
from mdderive.model.results import Settings
from mdderive.model.traced import traced


def spelled(text):
    return "".join(cleaned(traced(text, 0, len(text)))[0].text.split())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"\mathbf x^T \boldsymbol\phi_n", r"\mathbf{x}^T\boldsymbol{\phi}_n"),
        (r"\partial y_i/\partial x", r"\frac{\partialy_i}{\partialx}"),
        (r"\partial J/\partial W^{(2)}", r"\frac{\partialJ}{\partialW_{(2)}}"),
        (r"\partial J/\partial W^{q}", r"\partialJ/\partialW^{q}"),
        (r"\underset{n \times 1}{x} \stackrel{(1)}{=} y \overset{!}= 0", "{x}=y=0"),
        (r"\underset{x}{\arg\min} f", r"\arg\min_{x}f"),
        ("a \\\n&= b \\\\\\\n&= c", r"a\\&=b\\&=c"),
        (r"\mathop{\mathrm{tr}}(A) + \mathop{\rm vec}(B)", r"\operatorname{tr}(A)+\operatorname{vec}(B)"),
        (r"\mathop{A} x", r"{A}x"),
        (r"w^{[l]^{T}} x", r"w_{[l]}^Tx"),
        (r"\begin{bmatrix*}[r] 1 \end{bmatrix*}", r"\begin{bmatrix}1\end{bmatrix}"),
        (r"a & {\begin{pmatrix*}[l] \text{as $a$} \\ \text{is} \end{pmatrix*}}", r"a&\text{as$a$is}"),
        (r"\begin{pmatrix} \text{a} + b \end{pmatrix}", r"\begin{pmatrix}\text{a}+b\end{pmatrix}"),
        (r"\begin{bmatrix} y_{1}.\frac{a}{b} \end{bmatrix}", r"\begin{bmatrix}y_{1}\cdot\frac{a}{b}\end{bmatrix}"),
    ],
)
def test_what_only_the_typesetter_needs_is_spelled_plainly(text, meant):
    assert spelled(text) == meant


def test_a_comment_behind_a_row_end_leaves_the_row_end(tmp_path):
    text = "$$\\begin{bmatrix} a \\\\%[1em]\nb \\end{bmatrix}^T = \\begin{bmatrix} a & b \\end{bmatrix}$$"
    found = check(text, "note.tex", settings=Settings(equations=True)).equations
    assert [e.outcome for e in found] == ["holds"]


def test_thin_spaces_behind_nabla_and_square_sizes_of_the_identity_are_read():
    text = r"$\nabla_X\,\operatorname{tr}(A X) = A^T$ and $I_{3 \times 3} A = A$"
    assert [e.outcome for e in check(text, settings=Settings(equations=True)).equations] == ["holds", "holds"]
