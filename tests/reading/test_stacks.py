"""Matrices and lists written out with dots: the sums that they are, and what is left alone as its entries follow no pattern."""

import pytest

from mdderive.check.pipeline import check
from mdderive.model.results import Settings
from mdderive.reading.stacks import unstacked


def outcomes(text):
    return [e.outcome for e in check(text, settings=Settings(equations=True)).equations]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"\begin{bmatrix} b_1 \\ \vdots \\ b_k \end{bmatrix}", r"\left(\sum_{i=1}^{k} e_i (b_{i})\right)"),
        (r"[b_1, b_2, \dots, b_n]", r"\left(\sum_{i=1}^{n} (b_{i}) e_i^T\right)"),
        (
            r"\left[\begin{matrix} c_{11} & \cdots & c_{1n} \\ \vdots & & \vdots \\ c_{m1} & \cdots & c_{mn} \end{matrix}\right]",
            r"\left(\sum_{i=1}^{m} \sum_{j=1}^{n} (c_{i,j}) e_i e_j^T\right)",
        ),
        (
            r"\begin{pmatrix} c_{11} & \dots & c_{1n} \\ \dots & \dots & \dots \\ c_{m1} & \dots & c_{nn} \end{pmatrix}",
            r"\begin{pmatrix} c_{11} & \dots & c_{1n} \\ \dots & \dots & \dots \\ c_{m1} & \dots & c_{nn} \end{pmatrix}",
        ),
        (r"[b_1, b_3, \dots, b_n]", r"[b_1, b_3, \dots, b_n]"),
        (r"[b_1, \dots, c_n]", r"[b_1, \dots, c_n]"),
        (r"[b_1, b_2]", r"[b_1, b_2]"),
    ],
)
def test_entries_of_one_pattern_are_a_sum_over_their_number(text, meant):
    assert unstacked(text) == meant


ROW = r"\begin{bmatrix} b_1 & \cdots & b_n \end{bmatrix}"
COLUMN = r"\begin{bmatrix} y_1 \\ \vdots \\ y_n \end{bmatrix}"
TABLE = r"\begin{bmatrix} c_{11} & \cdots & c_{1n} \\ \vdots & \ddots & \vdots \\ c_{m1} & \cdots & c_{mn} \end{bmatrix}"


@pytest.mark.parametrize(
    ("formula", "outcome"),
    [
        (rf"{ROW} {COLUMN} = b^T y", "holds"),
        (rf"{TABLE} {COLUMN} = C y", "holds"),
        (rf"{COLUMN} {ROW} = y b^T", "holds"),
        (rf"{COLUMN} {ROW} = b y^T", "wrong"),
        (rf"{ROW} {COLUMN} = b^T y + 1", "wrong"),
        (rf"{TABLE} = C", "not_an_assertion"),
    ],
)
def test_a_matrix_with_dots_is_judged_by_its_pattern(formula, outcome):
    assert outcomes(f"$${formula}$$") == [outcome]
