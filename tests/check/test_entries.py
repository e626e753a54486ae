r"""Equations between entries: letters numbered by an index, $\delta_{ij}$, sums that are implied, and cases of two indices."""

import pytest

from tests.check.test_judge import outcomes, rows

SOFT = r"""We set $$q_j = \frac{e^{v_j}}{\sum_k e^{v_k}}$$

"""


@pytest.mark.parametrize(
    "text",
    [
        r"Let $h(y) = c^T y$. Then $\frac{\partial h}{\partial y_i} = c_i$.",
        r"$$\mathbf{y}^\top B \mathbf{y} = y_i b_{ij} y_j$$",
        r"$$\frac{d}{dy_k} y_i b_{ij} y_j = b_{kj} y_j + y_i b_{ik}$$",
        r"$$\sum_i c_i (\delta_{ij} - v_j) = c_j - v_j \sum_i c_i$$",
    ],
)
def test_letters_numbered_by_an_index_are_entries(text):
    assert outcomes(text)[-1] == "holds"


def test_what_fails_between_entries_is_not_said_to_hold():
    assert outcomes(r"$$\mathbf{y}^\top B \mathbf{y} = y_i b_{ij} y_j + y_i$$")[-1] != "holds"
    assert outcomes(r"Let $h(y) = c^T y$. Then $\frac{\partial h}{\partial y_i} = 2 c_i$.")[-1] != "holds"


def test_a_letter_that_is_defined_entry_by_entry_is_known():
    assert outcomes(SOFT + r"$$\frac{\partial q_i}{\partial v_j} = q_i (\delta_{ij} - q_j)$$") == ["not_an_assertion", "holds"]
    assert outcomes(SOFT + r"$$\frac{\partial q_i}{\partial v_j} = q_i (\delta_{ij} + q_j)$$")[-1] == "undecided"


def test_a_case_of_two_indices_must_be_said():
    claim = r"$$\frac{\partial q_i}{\partial v_j} = -q_i q_j$$"
    assert rows(SOFT + r"For $i \neq j$ we find" + claim)[-1] == ("holds", "where i ≠ j")
    assert rows(SOFT + claim)[-1][0] == "undecided"
    assert rows(SOFT + r"For $i = j$ we find" + claim)[-1][0] == "undecided"
    assert rows(SOFT + r"For $i = j$ it is $$\frac{\partial q_i}{\partial v_j} = q_i (1 - q_i)$$")[-1] == ("holds", "where i = j")
    assert rows(SOFT + r"For $i \neq j$ we find $$\frac{\partial q_i}{\partial v_j} = -2 q_i q_j$$")[-1][0] == "undecided"


def test_an_expansion_is_equal_up_to_its_remainder():
    assert outcomes(r"$$g(t + h) = g(t) + h g'(t) + \mathcal{O}(h^2)$$") == ["not_an_assertion"]


def test_a_definition_below_is_used_but_a_solution_is_not():
    claim = r"""We use $$\frac{\partial r}{\partial y} = 2 y + s$$ """
    assert outcomes(claim + "where $r = y^T y + s^T y$.")[0] == "holds"
    assert outcomes(claim + "where $r = y^T y + 3 s^T y$.")[0] != "holds"
    assert outcomes("We need $$B Y = C.$$ The answer is $Y = B^{-1} C$.")[0] != "holds"


def test_subscripts_that_may_be_no_indices_make_nothing_wrong():
    text = r"Let $h(y) = c^T y$. Then $$\frac{\partial h}{\partial y_i} = %s$$"
    assert outcomes(text % "c_i")[-1] == "holds"
    assert rows(text % "3 c_i")[-1] == ("undecided", "subscripts may be indices")


def test_what_a_note_solves_for_is_not_known_above():
    text = r"The matrix $Y$ is unknown. $$N = \|Y\|_F^2 - M^T (B Y - C)"
    text += r" = \operatorname{tr}(Y^T Y) - \operatorname{tr}(M^T (B Y - C))$$ "
    assert "holds" not in outcomes(text + "Hence $Y = B^T (B B^T)^{-1} C$.")
    assert "holds" not in outcomes(text.replace("The matrix $Y$ is unknown. ", "") + "Hence $Y = B^T (B B^T)^{-1} C$.")
