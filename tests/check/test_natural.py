"""What a reader takes at once: the base of a power is a number, a plain letter not the bold one, a function of a letter known."""

import pytest

from tests.check.test_judge import outcomes, rows


@pytest.mark.parametrize(
    "text",
    [
        r"Let $h = (p + q)^2$. Then $\frac{\partial h}{\partial p} = 2(p + q)$.",
        r"$$\frac{d}{dv} (y - rv)^2 = -2 (y - rv) r$$",
        r"$\frac{dh}{dy} = 4y^3 - 6y$ where $h = y^4 - 3y^2$.",
        r"For $\mathbf{y}$ see below. We have $$dg = g'(y)\, dy$$",
        r"As $p'(y)$ exists, $$\frac{d}{dy} \frac{p(y)}{q(y)} = \frac{q(y) \frac{d}{dy} p(y) - p(y) \frac{d}{dy} q(y)}{q^2(y)}$$",
    ],
)
def test_the_reading_at_hand_is_natural(text):
    assert "holds" in outcomes(text)
    assert "undecided" not in outcomes(text)


def test_a_power_of_something_transposed_leaves_its_letters_open():
    text = r"$$\frac{\partial}{\partial w} (t - x^T w)^2 = -2 (t - x^T w) %s$$"
    assert outcomes(text % "x") == ["holds"]
    assert outcomes(text % "t") != ["holds"]


def test_a_function_in_braces_is_defined():
    assert rows(r"$${g(y)} = {c^T} \cdot {y}$$") == [("not_an_assertion", "defines g")]


def test_a_normalisation_that_is_demanded_asserts_nothing():
    assert outcomes(r"We look for $v$ under the constraint that it is short: $\|v\| = 1$") == ["not_an_assertion"]


def test_what_is_said_of_random_variables_is_not_judged():
    assert rows(r"$$var[k] = N \mu (1 - \mu)$$")[0] == ("undecided", "an expectation or a variance")


@pytest.mark.parametrize("text", ["$Mx = xM$", "Let $r = Mx$. Then $r = xM$.", "$xM + Mx = 2Mx$"])
def test_a_letter_on_both_sides_of_a_matrix_is_no_number_unless_it_is_said(text):
    assert not {"holds", "wrong"} & set(outcomes(text))


@pytest.mark.parametrize("text", [r"$Mx = xM$ for a scalar $x$.", r"$M \lambda = \lambda M$", r"$kM + Mk = 2kM$"])
def test_numbers_stand_on_both_sides_of_a_matrix(text):
    assert "holds" in outcomes(text)


@pytest.mark.parametrize(
    "text",
    [
        r"Let $k(r) = \tanh(r)$. $$k'(r) = 1 - k^2(r)$$",
        r"Let $k(r) = \frac{1}{1 + e^{-r}}$. $$k'(r) = k(r) - k^{2}(r)$$",
        r"The sigmoid function $\sigma$ has $$\sigma'(r) = \sigma(r) - \sigma^2(r)$$",
        r"$$\frac{d}{dr} k^2(r) = 2 k(r) k'(r)$$",
    ],
)
def test_the_square_of_a_function_is_that_of_its_value(text):
    assert outcomes(text)[-1] == "holds"


def test_a_power_before_a_bracket_is_a_factor_where_nothing_is_applied():
    assert outcomes(r"$$\frac{d}{dr} \left( k^2 (r) + r^2 k \right) = k^2 + 2 r k$$") == ["holds"]
