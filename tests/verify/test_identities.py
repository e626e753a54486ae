"""Equations that everybody knows, and near misses of them."""

from itertools import pairwise

import pytest

from mdderive.verify.moduli import PRIMES
from tests.verify.declared import judged

X, XY, SQUARE = ("X: m x n",), ("X: m x n", "Y: n x p"), ("X: n x n",)
TWO_SQUARES = ("A: n x n", "B: n x n")

TRUE = [
    (r"d(X Y) = (dX) Y + X dY", XY),
    (r"d(X^{-1}) = -X^{-1} (dX) X^{-1}", SQUARE),
    (r"d(\det(X)) = \det(X) \operatorname{tr}(X^{-1} dX)", SQUARE),
    (r"d(\det(X)) = \operatorname{tr}(X^{\#} dX)", SQUARE),
    (r"X X^{\#} = \det(X) I", SQUARE),
    (r"(a b^T)^{\#} = 0", ("a: n", "b: n", "n >= 3")),
    (r"\operatorname{tr}(A B) = \operatorname{tr}(B A)", ("A: m x n", "B: n x m")),
    (r"\operatorname{vec}(A X B) = (B^T \otimes A) \operatorname{vec}(X)", ("A: m x n", "X: n x p", "B: p x q")),
    (r"K_{m,n} \operatorname{vec}(X) = \operatorname{vec}(X^T)", X),
    (r"(A + B)^{-1} = A^{-1} - A^{-1} (A^{-1} + B^{-1})^{-1} A^{-1}", TWO_SQUARES),
    (r"\det(I + a b^T) = 1 + a^T b", ("a: n", "b: n")),
    (r"\operatorname{diag}(a) b = a \odot b", ("a: n", "b: n")),
    (r"\operatorname{diag}(a b^T) = a \odot b", ("a: n", "b: n")),
    (r"X \oslash Y \odot Y = X", ("X: m x n", "Y: m x n")),
    (r"\langle X, Y \rangle = \operatorname{tr}(X^T Y)", ("X: m x n", "Y: m x n")),
    (r"\| X \|^2 = \operatorname{tr}(X^T X)", X),
    (r"\| x y^T \| = \| x \| \| y \|", ("x: n", "y: m")),
    (r"\| x \|_1 = x^T \operatorname{sign}(x)", ("x: n",)),
    (r"\operatorname{tr}(X^3) = \operatorname{tr}(X X X)", SQUARE),
    (r"d(\operatorname{tr}(X^k)) = k \operatorname{tr}(X^{k-1} dX)", (*SQUARE, "k: scalar, integer")),
    (r"d(df) = 2 (dx)^T A dx", ("x: n", "A: n x n, symmetric, constant")),
    (r"d(dX) = 0", X),
    (r"\frac{1}{n} \mathbf{1}^T \mathbf{1}_n = 1", ("x: n",)),
    (r"d\sigma(X) = \sigma'(X) \odot dX", (*X, r"\sigma: elementwise")),
    (r"d(\sigma'(X)) = \sigma''(X) \odot dX", (*X, r"\sigma: elementwise")),
    (r"d\tanh(X) = (\mathbf{1}_{m \times n} - \tanh(X) \odot \tanh(X)) \odot dX", X),
    (r"d \operatorname{softplus}(x) = \operatorname{sigmoid}(x) \odot dx", ("x: n",)),
    (r"\tan(x) = \frac{\sin(x)}{\cos(x)}", ("x: scalar",)),
    (r"e^x = \exp(x)", ("x: scalar",)),
    (r"Q^T Q = I", ("Q: n x n, orthogonal",)),
    (r"\det(Q)^2 = 1", ("Q: n x n, orthogonal",)),
    (r"Q^T dQ = -(dQ)^T Q", ("Q: n x n, orthogonal",)),
    (r"S^T = S", ("S: n x n, positive definite",)),
    (r"dS = (dS)^T", ("S: n x n, symmetric",)),
    (r"D A = A D", ("D: n x n, diagonal", "A: n x n, diagonal")),
    (r"\sqrt{t^2} = t", ("t: scalar, positive",)),
    (r"\operatorname{relu}(2 x) = 2 \operatorname{relu}(x)", ("x: n",)),
]
BY_FIFTY_DIGITS = [
    (r"\exp(X + Y) = \exp(X) \odot \exp(Y)", ("X: m x n", "Y: m x n")),
    (r"\sin(x)^2 + \cos(x)^2 = 1", ("x: scalar",)),
    (r"\log(\det(A B)) = \log(\det(A)) + \log(\det(B))", TWO_SQUARES),
    (r"| x^2 + 1 | = x^2 + 1", ("x: scalar",)),
    (r"x^{1/3} x^{2/3} = x", ("x: scalar",)),
    (r"(t^{1/k})^k = t", ("t: scalar, positive", "k: scalar, integer, constant")),
    (r"\| x \|_k^k = \mathbf{1}^T \operatorname{abs}(x)^{\odot k}", ("x: n", "k: scalar, integer, constant")),
    (r"d(x^a) = a x^{a-1} dx", ("x: scalar", "a: scalar, constant")),
    (r"\cos(\pi) = -1", ("x: scalar",)),
    (r"\log(A x) + \log(A x) = \log(A x \odot A x)", ("A: m x n", "x: n")),
]
FALSE = [
    (r"d(X Y) = X dY + Y dX", ("X: n x n", "Y: n x n")),
    (r"d(X^{-1}) = -X^{-1} X^{-1} dX", SQUARE),
    (r"d(\det(X)) = \det(X) \operatorname{tr}(X^{-T} dX)", SQUARE),
    (r"\operatorname{tr}(A B) = \operatorname{tr}(A) \operatorname{tr}(B)", TWO_SQUARES),
    (r"K_{n,m} \operatorname{vec}(X) = \operatorname{vec}(X^T)", X),
    (r"X^{\#} = \operatorname{tr}(X) I - X", SQUARE),
    (r"X^{\#} = X^2 - \operatorname{tr}(X) X + \frac{1}{2} (\operatorname{tr}(X)^2 - \operatorname{tr}(X^2)) I", SQUARE),
    (r"X^k = X^2", (*SQUARE, "k: scalar, integer")),
    (r"\det(Q) = 1", ("Q: n x n, orthogonal",)),
    (r"S S = I", ("S: n x n, symmetric",)),
    (rf"{PRIMES[0] + 2} X = 2 X", X),
    (rf"({PRIMES[0]} X)^{{-1}} = X^{{-1}}", SQUARE),
    (rf"{PRIMES[0] * PRIMES[1] + 2} X = 2 X", X),
    (r"2.0000000000002 X = 2 X", X),
    (r"\exp(A + B) = \exp(A) \exp(B)", TWO_SQUARES),
    (r"d(\log(\det(X))) = \det(X) \operatorname{tr}(X^{-1} dX)", SQUARE),
    (r"\| x + y \| = \| x \| + \| y \|", ("x: n", "y: n")),
    (r"\operatorname{relu}(a x) = a \operatorname{relu}(x)", ("x: n", "a: scalar")),
    (r"\arctan(x) = \sin(x)", ("x: scalar",)),
    (r"d(x^a) = a x^a dx", ("x: scalar", "a: scalar, constant")),
    (r"\exp(x) = 1 + x + \frac{1}{2} x^2", ("x: scalar",)),
]


@pytest.mark.parametrize(("text", "lines"), TRUE, ids=[t for t, _ in TRUE])
def test_holds_exactly(text, lines):
    where = {"f": "x^T A x"} if "df" in text else None
    verdict = judged(text, *lines, where=where)
    assert (verdict.outcome, verdict.method) == ("holds", "exact"), verdict


def test_a_multiple_of_a_fixed_prime_is_asked_modulo_primes_of_its_own():
    verdict = judged(r"(2305843009213693951 X)^{-1} = \frac{1}{2305843009213693951} X^{-1}", *SQUARE)
    assert (verdict.outcome, verdict.method) == ("holds", "exact")
    assert verdict.error_probability < 1e-14


@pytest.mark.parametrize(("text", "lines"), BY_FIFTY_DIGITS, ids=[t for t, _ in BY_FIFTY_DIGITS])
def test_holds_at_fifty_digits(text, lines):
    verdict = judged(text, *lines)
    assert (verdict.outcome, verdict.method) == ("holds", "50 digits"), verdict
    assert verdict.error_probability is None


@pytest.mark.parametrize(("text", "lines"), FALSE, ids=[t for t, _ in FALSE])
@pytest.mark.parametrize("seed", range(3))
def test_is_wrong(text, lines, seed):
    verdict = judged(text, *lines, seed=seed)
    assert verdict.outcome == "wrong"
    assert verdict.witness is not None or text.startswith("5316911983139663")


def test_matrix_exponential_is_judged_at_fifty_digits():
    from mdderive.verify.holds import holds
    from tests.verify.declared import context, equation

    ground = context("A: n x n, constant", "t: scalar")
    right = holds(*equation(r"\frac{d}{dt} e^{A t} = A e^{A t}", ground), ground)
    wrong = holds(*equation(r"\frac{d}{dt} e^{A t} = A^T e^{A t}", ground), ground)
    assert (right.outcome, right.method, wrong.outcome) == ("holds", "50 digits", "wrong")


def test_what_rounding_leaves_of_zero_takes_a_hundred_digits():
    verdict = judged(r"\sin(\pi) = 0", "x: scalar")
    assert (verdict.outcome, verdict.method) == ("holds", "100 digits")


def test_a_rational_claim_has_a_bound_on_its_error():
    verdict = judged(r"d(X^{-1}) = -X^{-1} (dX) X^{-1}", "X: n x n")
    assert verdict.error_probability is not None
    assert 0 < verdict.error_probability < 1e-15
    assert verdict.points == 8  # two for each prime at two sizes, one at n = 1 and n = 2
    assert [dict(s) for s in verdict.sizes] == [{"n": 3}, {"n": 4}]


def test_sizes_are_distinct_and_obey_constraints():
    verdict = judged("X Y = X Y + Z - Z", "X: m x n", "Y: n x p", "Z: m x p", "m >= p", "n = p")
    assert verdict.outcome == "holds"
    for sizes in verdict.sizes:
        assert sizes["m"] > sizes["p"] == sizes["n"]


@pytest.mark.parametrize("more", [(), ("Y: p x n", "p >= n")])
def test_singular_by_shape_is_judged_where_defined_and_said(more):
    verdict = judged("(X^T X)^{-1} X^T X = I", "X: m x n", *more)
    assert verdict.outcome == "holds"
    assert verdict.why == "singular for m < n; declare m >= n"


def test_singular_as_declared_is_undecided():
    verdict = judged("(X^T X)^{-1} X^T X = I", "X: m x n", "n > m")
    assert verdict.outcome == "undecided"
    assert "singular" in verdict.why


def test_what_is_defined_nowhere_is_undecided():
    verdict = judged(r"\sqrt{-x^2 - 1} = 3", "x: scalar")
    assert verdict.outcome == "undecided"
    assert "no point was found" in verdict.why


def test_constants_have_no_differential():
    assert judged("d(A X) = A dX", "A: n x n, constant", "X: n x m").outcome == "holds"
    assert judged("d(A X) = A dX", "A: n x n", "X: n x m").outcome == "wrong"


def test_fewer_than_two_digits_of_difference_in_a_root_are_seen():
    assert judged(r"\sqrt{t} = t^{0.5000000000001}", "t: scalar, positive").outcome == "wrong"


def test_thorough_looks_at_more_sizes():
    from mdderive.verify.holds import holds
    from tests.verify.declared import context, equation

    ground = context("X: m x n")
    verdict = holds(*equation("X + X = 2 X", ground), ground, thorough=True)
    assert (verdict.outcome, len(verdict.sizes), verdict.points) == ("holds", 3, 14)


@pytest.mark.parametrize(
    "text",
    [
        r"\exp(x) + 0.000000000000000000000000000001 = \exp(x)",
        r"\exp(-10000) x = 0 x",
        r"\exp(-100 x^2) = 0 x",
        rf"\exp(x) + \frac{{1}}{{{10**60}}} = \exp(x)",
        rf"\exp(x) + \frac{{1}}{{{10**120}}} = \exp(x)",
    ],
)
def test_a_difference_below_the_digits_is_never_accepted(text):
    assert judged(text, "x: scalar").outcome != "holds"


def test_many_sizes_with_constraints():
    names = "abcdefgh"
    lines = [f"X_{p}: {p} x {q}" for p, q in pairwise(names)]
    constraints = [f"{p} >= {q}" for p, q in pairwise(names)]
    product = " ".join(f"X_{p}" for p in names[:-1])
    verdict = judged(rf"({product})^T = ({product})^T", *lines, *constraints)
    assert verdict.outcome == "holds"
    for sizes in verdict.sizes:
        values = [sizes[name] for name in names]
        assert values == sorted(set(values), reverse=True)


def test_fixed_sizes_are_kept_and_large_ones_bounded():
    small = judged(r"\operatorname{tr}(A B) = \operatorname{tr}(B A)", "A: 2 x 3", "B: 3 x 2")
    assert (small.outcome, small.points) == ("holds", 4)
    large = judged(r"A B = A B + C - C", "A: 900 x 900", "B: 900 x 900", "C: 900 x 900")
    assert (large.outcome, large.why) == ("undecided", "bound on work met")


def test_logarithm_of_a_determinant_that_vanishes_by_shape():
    where = {"f": r"\log(\det(X^T X))"}
    verdict = judged(r"\frac{\partial f}{\partial X} = 2 X (X^T X)^{-1}", "X: m x n", where=where)
    assert (verdict.outcome, verdict.why) == ("holds", "singular for m < n; declare m >= n")
