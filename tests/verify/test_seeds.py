"""Verdicts that hang by a thread are the same under every seed."""

import pytest

from mdderive.latex.elaborate import read_equation
from mdderive.model.context import Context
from mdderive.reading.meaning import interpret
from mdderive.verify.holds import holds

SCALAR, PAIR, VECTOR, WHOLE = ("x: scalar",), ("x, y: scalar",), ("v: n",), ("p, q: scalar, integer",)
MATRIX = ("A: m x n",)
BORDERLINE = (
    (r"\max(x, -10^9) = x", SCALAR, "wrong"),
    (r"\max(x^2, -10^9) = x^2", SCALAR, "holds"),
    (r"\operatorname{relu}(x - 10^9) = 0", SCALAR, "wrong"),
    (r"\operatorname{relu}(-x^2 - 10^{-9}) = 0", SCALAR, "holds"),
    (r"\operatorname{sign}(x) = \operatorname{sign}(x + 10^{-12})", SCALAR, "wrong"),
    (r"\operatorname{sign}(x) = \operatorname{sign}(x + 10^{-12} x)", SCALAR, "holds"),
    (r"|x - 10^{-9}| = |x| - 10^{-9} \operatorname{sign}(x)", SCALAR, "wrong"),
    (r"|x - 1| |x + 1| = |x^2 - 1|", SCALAR, "holds"),
    (r"|x^2 - 10^{-12}| = x^2 - 10^{-12}", SCALAR, "wrong"),
    (r"|x^2 + 10^{-12}| = x^2 + 10^{-12}", SCALAR, "holds"),
    (r"\sqrt{x^2} = x", SCALAR, "wrong"),
    (r"\sqrt{x^4} = x^2", SCALAR, "holds"),
    (r"|11 x| = -11 |x|", SCALAR, "wrong"),
    (r"|47 x| = 47 |x|", SCALAR, "holds"),
    (r"\operatorname{relu}(\exp(x) - 10^6) = 0", SCALAR, "wrong"),
    (r"\operatorname{relu}(\exp(x)) = \exp(x)", SCALAR, "holds"),
    (r"\operatorname{relu}(\tanh(x)) = \tanh(\operatorname{relu}(x))", SCALAR, "holds"),
    (r"\operatorname{relu}(\tanh(x)) = \tanh(x)", SCALAR, "wrong"),
    (r"|\exp(x) - x| = \exp(x) - x", SCALAR, "undecided"),
    (r"\arctan(\tan(x)) = x", SCALAR, "wrong"),
    (r"\max(\max(x, y), -10^4) = \max(x, y)", PAIR, "wrong"),
    (r"\max(\max(x, y), x) = \max(x, y)", PAIR, "holds"),
    (r"\max(x - 10^5, 0) \max(y - 10^5, 0) = 0", PAIR, "wrong"),
    (r"\max(x - 1, 0) \max(-x, 0) = 0", PAIR, "holds"),
    (r"|x^2 + y^2 - 2.0001 x y| = x^2 + y^2 - 2.0001 x y", PAIR, "wrong"),
    (r"|x^2 + y^2 - 2 x y| = x^2 + y^2 - 2 x y", PAIR, "holds"),
    (r"|(x - 3)^2 + (y - 4)^2 - 10^{-8}| = (x - 3)^2 + (y - 4)^2 - 10^{-8}", PAIR, "wrong"),
    (r"|(x - 3)^2 + (y - 4)^2| = (x - 3)^2 + (y - 4)^2", PAIR, "holds"),
    (r"\operatorname{sign}(x) \operatorname{sign}(x + 10^{-12} y^2) = 1", PAIR, "wrong"),
    (r"\operatorname{sign}(x) \operatorname{sign}(x y^2) = 1", PAIR, "holds"),
    (r"\max(|x|, |y|)^2 = \max(x^2, y^2)", PAIR, "holds"),
    (r"|x y| = |x| y", PAIR, "wrong"),
    (r"\operatorname{relu}(v - 10^9 \mathbf{1}) = 0", VECTOR, "wrong"),
    (r"\|v\| = \mathbf{1}^T v", VECTOR, "wrong"),
    (r"|v^T v + 1| = v^T v + 1", VECTOR, "holds"),
    (r"|\|v\| - 10^6| = 10^6 - \|v\|", VECTOR, "wrong"),
    (r"\|3 v\| = 3 \|v\|", VECTOR, "holds"),
    (r"\max(p, -10^9) = p", WHOLE, "wrong"),
    (r"|p + q + 6| = p + q + 6", WHOLE, "wrong"),
    (r"\max(p q, -16) = p q", WHOLE, "wrong"),
    (r"\operatorname{relu}(p) \operatorname{relu}(1 - p) = 0", WHOLE, "holds"),
    (r"\operatorname{relu}(p) \operatorname{relu}(2 - p) = 0", WHOLE, "wrong"),
    (r"\sqrt{p^2 + 6 p + 9} = p + 3", WHOLE, "wrong"),
    (r"\sqrt{p^2 + 6 p + 9} = |p + 3|", WHOLE, "holds"),
    (r"|p| x^p = p x^p", (*WHOLE, *SCALAR), "wrong"),
    (r"(x^2)^{p/2} = x^p", (*WHOLE, *SCALAR), "wrong"),
    (r"(x^2)^{p/2} = |x|^p", (*WHOLE, *SCALAR), "holds"),
    (r"\max(p, -9) x^p = p x^p", (*WHOLE, *SCALAR), "wrong"),
    (r"|p| = p", ("p: scalar, integer, positive",), "holds"),
    (r"|p - 2| = p - 2", ("p: scalar, integer, positive",), "wrong"),
    (r"|A A^T| = 0", (*MATRIX, "m >= n"), "wrong"),
    (r"|A A^T| = 0", (*MATRIX, "m > n"), "holds"),
    (r"|A A^T| |A^T A| = 0", MATRIX, "wrong"),
    (r"(m - 1) (m - 2) (m - 3) A = 0", MATRIX, "wrong"),
    (r"(m - n) (m + n) A = m^2 A - n^2 A", MATRIX, "holds"),
    (r"(-1)^{\frac{n (n + 1)}{2}} v = v", VECTOR, "wrong"),
    (r"(-1)^{n (n + 1)} v = v", VECTOR, "holds"),
    (r"\operatorname{tr}(I_n)^2 v = 7 n v - 12 v", VECTOR, "wrong"),
    (r"|Q| = 1", ("Q: n x n, orthogonal",), "wrong"),
    (r"|Q|^2 = 1", ("Q: n x n, orthogonal",), "holds"),
)
NAMES = [f"{text} [{', '.join(lines)}]" for text, lines, _ in BORDERLINE]


def verdict(text, lines, seed):
    ground = interpret("\n".join(lines), Context()).context
    sides = read_equation(text, ground)
    assert isinstance(sides, tuple)
    return holds(*sides, ground, seed=seed, text=text).outcome


def test_there_are_sixty():
    assert len(BORDERLINE) >= 60


@pytest.mark.parametrize(
    ("text", "lines", "outcome"), BORDERLINE, ids=[f"{t} [{', '.join(lines)}]" for t, lines, _ in BORDERLINE]
)
def test_a_verdict_is_the_same_under_other_seeds(text, lines, outcome):
    """`benchmarks/seeds.py` tries all of 0 to 50."""
    assert {verdict(text, lines, seed) for seed in (0, 17, 31, 50)} == {outcome}
