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
    verdict = judged("X = X", "X: n x n", given=("X^T X = X^2",))
    assert verdict.outcome == "undecided"
    assert verdict.why.startswith("premise cannot be sampled: ")


@pytest.mark.parametrize(
    ("given", "true", "false"),
    [
        ("X^T X = I", "X^{-1} = X^T", "X = X^T"),
        ("I = X X^T", "(X^T)^{-1} = X", "X^2 = I"),
        ("X^{-1} = X^T", r"\det(X)^2 = 1", r"\det(X) = 1"),
        ("X = X^T", "X^2 = X X^T", "X^3 = X"),
        ("X^2 = X", "(I - X)^2 = I - X", "X^T = X"),
        ("X X = X", "X^5 = X", "X = I"),
        ("Y^T Y = I", "(Y Y^T)^2 = Y Y^T", "Y Y^T = I"),
        ("Y Y^T = I", "(Y^T Y)^2 = Y^T Y", "Y^T Y = I"),
        ("x^T x = 1", "(x x^T)^2 = x x^T", "x x^T = I"),
        (r"\|x\| = 1", "x^T x = 1", r"\mathbf{1}^T x = 1"),
    ],
)
def test_a_premise_that_states_a_property(given, true, false):
    letters = ("X: n x n", "Y: n x m", "x: n")
    assert judged(true, *letters, given=(given,)).outcome == "holds"
    assert judged(false, *letters, given=(given,)).outcome == "wrong"


def test_premises_that_contradict_each_other():
    verdict = judged(r"\mathbf{1}^T y = 1", "y: n", given=(*SUM, r"\mathbf{1}^T y = 2"))
    assert verdict.outcome == "undecided"
    assert "contradict" in verdict.why


LOWER_RANKS = [
    ("P P = P", ("P: n x n", "Q: n x n"), ("P Q = Q",), "Q is singular"),
    ("P a = a", ("P: n x n", "S: n x n, symmetric", "a: n"), ("P S = S",), "S is singular"),
    ("a^T b = b^T b", ("a: m", "b: m", "x: n"), ("a x^T = b x^T",), "x is zero"),
]


@pytest.mark.parametrize(("text", "lines", "given", "where"), LOWER_RANKS, ids=[t for t, *_ in LOWER_RANKS])
def test_what_a_premise_settles_for_invertible_letters_only(text, lines, given, where):
    """P Q = Q makes P the identity where Q is invertible; where it is not, P may be a projection."""
    verdict = judged(text, *lines, given=given)
    assert verdict.outcome == "undecided"
    assert where in verdict.why


@pytest.mark.parametrize("declared", ["invertible", "orthogonal", "positive definite"])
def test_what_a_premise_settles_for_invertible_letters(declared):
    assert judged("P P = I", "P: n x n", f"Q: n x n, {declared}", given=("P Q = Q",)).outcome == "holds"


def test_what_holds_at_lower_ranks_too():
    assert judged("P P Q = Q", "P: n x n", "Q: n x n", given=("P Q = Q",)).outcome == "holds"


def test_a_premise_that_always_holds_binds_nothing():
    assert judged("x + y = y + x", "x: n", "y: n", given=("x^T y - y^T x = 0",)).outcome == "holds"
    assert judged("x = y", "x: n", "y: n", given=("x^T y - y^T x = 0",)).outcome == "wrong"
