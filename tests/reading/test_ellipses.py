"""Sums with dots, and lists that say what a derivative or a letter is."""

import pytest

from mdderive.check.pipeline import check
from mdderive.latex.ellipses import summed_dots, writes_out
from mdderive.model.results import Settings
from mdderive.model.traced import traced


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"b_1x_1 + b_2x_2 + \cdots + b_nx_n = y", r"\sum_{i=1}^{n}b_{i}x_{i}=y"),
        (r"(x_1^2+\dots+x_d^2)", r"(\sum_{i=1}^{d}x_{i}^2)"),
        (r"c_i = a_{1} b_{i} + \ldots + a_{m} b_{i}", r"c_i=\sum_{j=1}^{m}a_{j}b_{i}"),
        (r"x_1 + x_3 + \dots + x_n", r"x_1+x_3+\dots+x_n"),
        (r"x_1 + \dots + y_n", r"x_1+\dots+y_n"),
    ],
)
def test_dots_between_terms_of_one_form_are_a_sum(text, meant):
    assert "".join(summed_dots(traced(text, 0, len(text))).text.split()) == meant


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        (r"\nabla_x f(x)", r"[\frac{\partial f}{\partial x_1}, \dots, \frac{\partial f}{\partial x_n}]^T", "written-out"),
        (
            r"\frac{d\mathbf{y}}{dx}",
            r"\begin{bmatrix} \frac{\partial y_1}{\partial x} \\ \vdots \\ \frac{\partial y_m}{\partial x} \end{bmatrix}",
            "written-out",
        ),
        (r"\begin{bmatrix} b_1 \\ \vdots \\ b_n \end{bmatrix}", r"\mathbf{b}", "names-entries"),
        (r"\frac{\partial y}{\partial x}", r"[\frac{\partial y}{\partial z_1}, \dots, \frac{\partial y}{\partial z_n}]", ""),
        (r"\nabla_x f(x)", r"[2 x_1, \dots, 2 x_n]", ""),
        ("y", "[x_1, x_2]", ""),
    ],
)
def test_a_list_of_entries_explains_what_is_listed(left, right, said):
    reason = writes_out(left, right)
    assert (reason.code if reason else "") == said


def test_a_sum_with_dots_is_judged():
    text = r"$$\frac{\partial}{\partial x} (a_1 x_1 + \dots + a_n x_n) = a$$"
    assert [e.outcome for e in check(text, settings=Settings(equations=True)).equations] == ["holds"]
