"""Premises hold at every point by construction; what cannot be sampled is said."""

import pytest

from tests.verify.declared import judged

SUM = (r"\mathbf{1}^T y = 1",)
TRUE = [
    (r"y^T \mathbf{1} \mathbf{1}^T y = 1", ("y: n",), SUM),
    (r"\mathbf{1}^T dy = 0", ("y: n",), SUM),
    (r"\| y \|_1 = 1", ("y: n, positive",), SUM),
    (r"A dx + (dA) x = db", ("A: m x n", "x: n", "b: m"), ("A x = b",)),
    (r"A dx + (dA) x = db", ("A: m x n", "x: n", "b: m"), ("A x - b = 0",)),
    (r"dA^T = dA", ("A: n x n",), ("A^T = A",)),
    (r"\| x + y \|^2 = \| x \|^2 + \| y \|^2", ("x: n", "y: n"), ("x^T y = 0",)),
    (r"Y = X^{-1}", ("X: n x n", "Y: n x n"), ("X Y = I",)),
    (r"\mathbf{1}^T (y + w) = 2", ("y: n", "w: n"), (*SUM, r"\mathbf{1}^T w = 1")),
    (r"\mathbf{1}^T y + a^T y = 3", ("y: n", "a: n"), (*SUM, "a^T y = 2")),
]


@pytest.mark.parametrize(("text", "lines", "given"), TRUE, ids=[t for t, _, _ in TRUE])
def test_holds_under_premises_and_not_without(text, lines, given):
    assert judged(text, *lines, given=given).outcome == "holds"
    assert judged(text, *lines).outcome == "wrong"


def test_premises_do_not_make_everything_true():
    assert judged(r"y = \mathbf{1}_n", "y: n", given=SUM).outcome == "wrong"
    assert judged(r"A dx = db", "A: m x n", "x: n", "b: m", given=("A x - b = 0",)).outcome == "wrong"


def test_gradient_of_cross_entropy_needs_its_premise():
    where = {"f": r"-y^T \log(\operatorname{softmax}(x))"}
    text = r"\frac{\partial f}{\partial x} = \operatorname{softmax}(x) - y"
    assert judged(text, "x: n", "y: n", where=where, given=SUM).outcome == "holds"
    assert judged(text, "x: n", "y: n", where=where).outcome == "wrong"


def test_a_premise_that_cannot_be_sampled():
    verdict = judged("X = X", "X: n x n", given=("X^T X = I",))
    assert verdict.outcome == "undecided"
    assert verdict.why.startswith("premise cannot be sampled: ")


def test_premises_that_contradict_each_other():
    verdict = judged(r"\mathbf{1}^T y = 1", "y: n", given=(*SUM, r"\mathbf{1}^T y = 2"))
    assert verdict.outcome == "undecided"
    assert "contradict" in verdict.why
