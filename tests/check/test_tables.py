"""Matrices written out by names: what they define, derivatives by them, and words and layouts that a note should explain."""

import pytest

from tests.check.test_judge import codes, outcomes, rows

ENTRIES = r"""
$$U = \begin{bmatrix} u_{1,1} & u_{1,2} \\ u_{2,1} & u_{2,2} \end{bmatrix}$$

$$V = \begin{bmatrix} v_{1,1} & v_{1,2} \\ v_{2,1} & v_{2,2} \end{bmatrix}
= \begin{bmatrix} 2u_{1,1} & u_{1,2} u_{2,1} \\ u_{2,1}^2 & u_{2,2} \end{bmatrix}$$
"""
GRADIENT = r"""
$$\frac{\partial h}{\partial U} = \begin{bmatrix} 2 \frac{\partial h}{\partial v_{1,1}} &
u_{2,1} \frac{\partial h}{\partial v_{1,2}} \\ u_{1,2} \frac{\partial h}{\partial v_{1,2}}
+ 2 u_{2,1} \frac{\partial h}{\partial v_{2,1}} & %s \end{bmatrix}$$"""


def test_a_table_of_names_defines_its_entries():
    assert [outcome for outcome, _ in rows(ENTRIES)] == ["not_an_assertion"] * 3
    assert rows(ENTRIES)[2][1] == "defines the entries v_{1,1}, …"
    again = ENTRIES + r"$$\frac{\partial v_{2,1}}{\partial u_{2,1}} = 2 u_{2,1}$$"
    assert outcomes(again)[-1] == "holds"


def test_a_gradient_by_a_table_is_the_table_of_derivatives():
    assert outcomes(ENTRIES + GRADIENT % r"\frac{\partial h}{\partial v_{2,2}}")[-1] == "holds"
    assert outcomes(ENTRIES + GRADIENT % r"3 \frac{\partial h}{\partial v_{2,2}}")[-1] != "holds"


def test_what_may_depend_on_entries_that_go_unmentioned_is_not_said_to_hold():
    assert outcomes(ENTRIES + GRADIENT % "0")[-1] != "holds"


def test_matrices_read_row_by_row_have_jacobians_in_one_table():
    product = r"""
$$\frac{\partial V}{\partial U} \frac{\partial h}{\partial V} = \begin{bmatrix} 2 & 0 & 0 & 0 \\ 0 & u_{2,1} & 0 & 0
\\ 0 & u_{1,2} & 2 u_{2,1} & 0 \\ 0 & 0 & 0 & %s \end{bmatrix} \begin{bmatrix} \frac{\partial h}{\partial v_{1,1}} \\
\frac{\partial h}{\partial v_{1,2}} \\ \frac{\partial h}{\partial v_{2,1}} \\
\frac{\partial h}{\partial v_{2,2}} \end{bmatrix}$$"""
    assert outcomes(ENTRIES + product % "1")[-1] == "holds"
    assert outcomes(ENTRIES + product % "2")[-1] != "holds"


def test_functions_of_a_scalar_are_differentiated_entry_by_entry():
    text = r"""
$$g(t) = \left[\begin{array}{c} g_1 \\ g_2 \end{array}\right] = \left[\begin{array}{c} t^3 \\ \sin(t) \end{array}\right]$$

$$\frac{dg}{dt} = \left[\begin{array}{c} \frac{dg_1}{dt} \\ \frac{dg_2}{dt} \end{array}\right]
= \left[\begin{array}{c} 3t^2 \\ \cos(t) \end{array}\right]$$
"""
    assert outcomes(text) == ["not_an_assertion", "not_an_assertion", "holds", "holds"]
    assert outcomes(text.replace("3t^2", "2t^2"))[-1] != "holds"


def test_the_order_of_entries_is_a_convention_and_disorder_is_not():
    jacobian = r"""$$\frac{\partial \mathbf{q}}{\partial \mathbf{p}} = \begin{bmatrix} \frac{\partial q_1}{\partial p_1}
& \frac{\partial q_2}{\partial p_1} \\ \frac{\partial q_1}{\partial p_2} & \frac{\partial q_2}{\partial p_2} \end{bmatrix}$$"""
    assert outcomes(jacobian) == ["not_an_assertion"]
    last = r"\frac{\partial q_1}{\partial p_2} & \frac{\partial q_2}{\partial p_2}"
    assert outcomes(jacobian.replace(last, " & ".join(reversed(last.split(" & "))))) != ["not_an_assertion"]


@pytest.mark.parametrize(
    "formula", [r"v^{t+1} = v^t - \rho \nabla_v Q", r"s_{k+1} = s_k + B c_k", r"h_t = \tanh(P h_{t-1} + R x_t)"]
)
def test_the_next_iterate_is_defined(formula):
    assert outcomes(f"$${formula}$$") == ["not_an_assertion"]


def test_a_derivative_that_is_known_to_vanish_beside_others_says_so():
    text = r"$$p = 3a$$ $$q = b^2$$ $$\begin{bmatrix} \frac{\partial p}{\partial a} & \frac{\partial p}{\partial b} \\"
    text += r"\frac{\partial q}{\partial a} & \frac{\partial q}{\partial b} \end{bmatrix}"
    text += r" = \begin{bmatrix} 3 & 0 \\ %s & 2b \end{bmatrix}$$"
    assert outcomes(text % "0")[-1] == "holds"
    assert outcomes(text % "1")[-1] != "holds"


def test_a_word_that_stands_for_a_letter_is_a_warning():
    assert codes(r"The rule $\operatorname{tr}(\text{number}) = c$ is plain.") == ["DRV411"]
    assert codes(r"Here $\text{cost} = c$ and $\operatorname{tr}(\text{number}) = c + 1$.") == []


def test_derivatives_in_blocks_are_no_claimed_layout():
    text = r"""We write in denominator layout throughout.

$$\frac{dG}{dY} = \begin{pmatrix} \frac{\partial G}{\partial y_{11}} & \cdots & \frac{\partial G}{\partial y_{1q}} \\
\vdots & & \vdots \\ \frac{\partial G}{\partial y_{p1}} & \cdots & \frac{\partial G}{\partial y_{pq}} \end{pmatrix}$$
"""
    inner = r"""
$$\frac{\partial G}{\partial y_{11}} = \begin{pmatrix} \frac{\partial g_{11}}{\partial y_{11}} & \cdots &
\frac{\partial g_{1s}}{\partial y_{11}} \\ \vdots & & \vdots \\ \frac{\partial g_{r1}}{\partial y_{11}} & \cdots &
\frac{\partial g_{rs}}{\partial y_{11}} \end{pmatrix}$$
"""
    assert codes(text + inner) == ["DRV411"]
    assert codes(text) == []  # the gradient of a scalar G
    assert codes((text + inner).replace("denominator layout", "blocks")) == []
