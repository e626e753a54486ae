"""What a verdict says of its own error: a bound where one is derived, digits and threshold elsewhere, branches met of all."""

from dataclasses import replace

import pytest

from mdderive.model.context import ElementwiseFunction
from mdderive.verify.holds import holds
from mdderive.verify.moduli import PRIMES
from tests.verify.declared import context, equation, expression, judged


def test_a_bound_by_degree_and_prime():
    """Both sides have degree 2 in the entries: the bound is (2 + 2 + 2) / p and at least the degree over p."""
    verdict = judged("X Y = X Y + 0 X Y", "X: m x n", "Y: n x p")
    assert verdict.error_probability is not None
    assert 2 / min(PRIMES) <= verdict.error_probability <= 100 / min(PRIMES)


def test_higher_degrees_have_higher_bounds():
    low, high = (judged(text, "X: n x n").error_probability for text in ("X X^{-1} = I", "X^{30} X^{-30} = I"))
    assert low is not None
    assert high is not None
    assert low < high < 1e-12


def test_symbolic_exponents_made_of_sizes_count_in_full():
    small, large = (judged(text, "x: scalar", "A: m x n").error_probability for text in ("x^m = x^m", "x^{m n} = x^{m n}"))
    assert small is not None
    assert large is not None
    assert large > 2 * small


def test_the_degree_of_a_defined_function_counts():
    g = ElementwiseFunction("g", "t", expression("t^{50}", context("t: scalar")))
    ground = replace(context("x: scalar"), elementwise={"g": g})
    verdict = holds(*equation("g(g(x)) = x^{2500}", ground), ground)
    assert verdict.outcome == "holds"
    assert verdict.error_probability is not None
    assert verdict.error_probability >= 2500 / min(PRIMES)


CLAIMS_NONE = [
    (r"\operatorname{relu}(x) - \operatorname{relu}(-x) = x", ("x: n",), ()),
    (r"\exp(x + y) = \exp(x) \odot \exp(y)", ("x: n", "y: n"), ()),
    (r"y^T \mathbf{1} \mathbf{1}^T y = 1", ("y: n",), (r"\mathbf{1}^T y = 1",)),
    ("Q^T Q = I", ("Q: n x n, orthogonal",), ()),
]


@pytest.mark.parametrize(("text", "lines", "given"), CLAIMS_NONE, ids=[t for t, *_ in CLAIMS_NONE])
def test_no_bound_is_claimed_where_none_is_derived(text, lines, given):
    verdict = judged(text, *lines, given=given)
    assert verdict.outcome == "holds"
    assert verdict.error_probability is None


def test_digits_state_their_threshold():
    assert judged(r"\exp(x + y) = \exp(x) \odot \exp(y)", "x: n", "y: n").threshold == 1e-40
    assert judged("X X^{-1} = I", "X: n x n").threshold is None
