"""What was not read is named by its construct."""

import pytest

from mdderive.check.pipeline import check
from mdderive.model.results import Settings


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"u + g(a, 2 b) + 1 = 3 u", "several arguments"),
        (r"(a, b) + u = 3 u", "a list in brackets"),
        (r"u + a_1 + \dots + b_7 = 3 u", "dots"),
        (r"u + \begin{cases} 1 & u > 0 \\ 0 & u < 0 \end{cases} = 3 u", "by cases"),
        (r"\frac{d g}{d t}|_{t_0} + u = 3 u", "where to evaluate"),
        (r"E[a | b] + u = 3 u", "condition"),
    ],
)
def test_a_reason_names_what_was_met(formula, said):
    (row,) = check(f"$${formula}$$", settings=Settings(equations=True)).equations
    assert row.outcome == "unread"
    assert said in row.why
