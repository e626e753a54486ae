"""Functions with branches: what is false on one branch only must never pass, whatever the seed."""

import pytest

from mdderive.verify.holds import holds
from tests.verify.declared import context, equation, judged

FALSE = [
    (r"\operatorname{relu}(x) = x", "x: scalar"),
    (r"\operatorname{abs}(x) = x", "x: scalar"),
    (r"d \operatorname{relu}(x) = dx", "x: scalar"),
    (r"\sqrt{x x} = x", "x: scalar"),
    (r"\operatorname{relu}(2 x) = 2 x", "x: scalar"),
    (r"\operatorname{sign}(x) = 1", "x: scalar"),
    (r"\sqrt{x x} + x = 2 x", "x: scalar"),
]
TRUE = [
    (r"\sqrt{x^2} = | x |", "x: scalar"),
    (r"\operatorname{relu}(x) - \operatorname{relu}(-x) = x", "x: n"),
    (r"\operatorname{step}(x) = \operatorname{step}(x) \odot \operatorname{step}(x)", "x: n"),
    (r"2 \operatorname{relu}(X) = X + \operatorname{abs}(X)", "X: m x n"),
    (r"| a b | = | a | | b |", "a, b: scalar"),
]


@pytest.mark.parametrize(("text", "line"), FALSE, ids=[t for t, _ in FALSE])
def test_never_accepted(text, line):
    ground = context(line)
    sides = equation(text, ground)
    accepted = [seed for seed in range(300) if holds(*sides, ground, seed=seed).outcome != "wrong"]
    assert not accepted


@pytest.mark.parametrize(("text", "line"), TRUE, ids=[t for t, _ in TRUE])
def test_never_refused(text, line):
    lines = [f"{name}: scalar" for name in "ab"] if line.startswith("a, b") else [line]
    ground = context(*lines)
    sides = equation(text, ground)
    refused = [seed for seed in range(20) if holds(*sides, ground, seed=seed).outcome != "holds"]
    assert not refused


def test_every_pattern_of_signs_is_met():
    verdict = judged(r"\operatorname{relu}(x) - \operatorname{relu}(-x) = x", "x: n")
    assert verdict.branches == (4, 4)
    assert verdict.error_probability is None


def test_false_on_one_of_many_branches_only():
    """The right side differs where both entries of x are negative: one pattern of four."""
    text = r"\operatorname{relu}(x) + \operatorname{step}(-a) \operatorname{step}(-b) x = \operatorname{relu}(x)"
    ground = context("x: scalar", "a: scalar", "b: scalar")
    sides = equation(text, ground)
    assert all(holds(*sides, ground, seed=seed).outcome == "wrong" for seed in range(30))


def test_more_branches_than_can_be_met_are_counted():
    verdict = judged(r"2 \operatorname{relu}(X Y) = X Y + \operatorname{abs}(X Y)", "X: m x n", "Y: n x p")
    assert verdict.outcome == "holds"
    assert verdict.branches is not None
    met, of = verdict.branches
    assert 64 <= met < of


HIDDEN = [
    (r"\arctan(\tan(x)) = x", ("x: scalar",)),
    (r"\exp(\frac{1}{2} \log(x^2)) = x", ("x: scalar",)),
    (r"\arctan(x) + \arctan(x^{-1}) = \frac{1}{2} \pi", ("x: scalar",)),
    (r"\log(x^2) + \log(y^2) = 2 \log(x y)", ("x: scalar, positive", "y: scalar")),
    (r"\arctan(x) + \arctan(y) = \arctan(\frac{x + y}{1 - x y})", ("x: scalar", "y: scalar")),
]


@pytest.mark.parametrize(("text", "lines"), HIDDEN[:3] + HIDDEN[4:], ids=[t for t, _ in HIDDEN[:3] + HIDDEN[4:]])
def test_branches_hidden_in_elementary_functions(text, lines):
    ground = context(*lines)
    sides = equation(text, ground)
    accepted = [seed for seed in range(40) if holds(*sides, ground, seed=seed).outcome == "holds"]
    assert not accepted


def test_a_law_of_logarithms_holds_where_both_sides_are_defined():
    text, lines = HIDDEN[3]
    assert judged(text, *lines).outcome == "holds"


def test_the_domain_of_one_line_is_not_that_of_another():
    """The logarithm of x makes x positive in its own line only."""
    from mdderive.verify.holds import holds_pairs

    ground = context("x: scalar")
    root, with_logarithm = (equation(t, ground)[1] for t in ("x = x + 0 x", r"x = x + \log(x) - \log(x)"))
    left = equation(r"\sqrt{x x} = x", ground)[0]
    verdicts = holds_pairs([(left, with_logarithm), (left, root)], ground)
    assert [v.outcome for v in verdicts] == ["holds", "wrong"]
