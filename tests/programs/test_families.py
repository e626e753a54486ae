"""Programs over families compute what the formula says: NumPy over arrays of members, SymPy over members side by side."""

import numpy as np
import pytest

import mdderive
from mdderive.output.rows import derive_row
from mdderive.programs.coder import identifier
from tests.programs.test_sympy import ran

N, D, M = 4, 3, 2
RNG = np.random.default_rng(7)
X, Y, LABELS = RNG.normal(size=(N, D, 1)), RNG.normal(size=(N, M, 1)), RNG.normal(size=N)
W, V = RNG.normal(size=(M, D)), RNG.normal(size=(D, 1))
A, Z = RNG.normal(size=(N, M, D)), RNG.normal(size=(D, 1))
GIVEN = {"x_i": X, "y_i": LABELS, "Y_i": Y, "w": V, "W": W, "A_k": A, "x": Z, "N": N, "K": N, "d": D, "m": M, r"\lambda": 0.3}
LET = {
    "samples": ["x_i: d", "y_i: scalar", "w: d"],
    "pairs": ["x_i: d", "Y_i: m", "W: m x d", r"\lambda: scalar"],
    "matrices": ["A_k: m x d", "x: d"],
}
PROBLEMS = [
    ("samples", r"\sum_{i=1}^N (y_i - w^T x_i)^2", "w", lambda w: sum((LABELS[i] - w.T @ X[i]) ** 2 for i in range(N))),
    (
        "samples",
        r"\sum_{i=1}^N \log(1 + \exp(-y_i w^T x_i))",
        "w",
        lambda w: np.log(1 + np.exp(-LABELS * (X[:, :, 0] @ w)[:, 0])).sum(),
    ),
    (
        "pairs",
        r"\frac1N \sum_{i=1}^N \|W x_i - Y_i\|^2 + \lambda \|W\|^2",
        "W",
        lambda w: np.mean([np.sum((w @ X[i] - Y[i]) ** 2) for i in range(N)]) + 0.3 * np.sum(w**2),
    ),
    ("matrices", r"\sum_{k=1}^K x^T A_k^T A_k x", "x", lambda x: sum(np.sum((A[k] @ x) ** 2) for k in range(N))),
]


def row(kind, f, wrt):
    words = [line for line in LET[kind] if line.partition(":")[0] in f]
    return {"id": f, "let": words, "f": f, "wrt": wrt}


def slopes(f, at):
    """Return the gradient by central differences."""
    out = np.zeros_like(at)
    for place in np.ndindex(*at.shape):
        step = np.zeros_like(at)
        step[place] = 1e-6
        out[place] = (np.squeeze(f(at + step)) - np.squeeze(f(at - step))) / 2e-6
    return out


@pytest.mark.parametrize(("kind", "f", "wrt", "value"), PROBLEMS)
def test_numpy_program_is_the_gradient(kind, f, wrt, value):
    answer = derive_row(row(kind, f, wrt))
    assert answer["status"] == "ok", answer["error"]
    scope = {"np": np} | {python: GIVEN[letter] for letter, python in answer["names"].items()}
    assert np.allclose(eval(answer["numpy"], scope), slopes(value, GIVEN[wrt]), rtol=1e-5)  # the text is our own


@pytest.mark.parametrize(("kind", "f", "wrt", "value"), PROBLEMS)
def test_sympy_program_is_the_gradient(kind, f, wrt, value):
    text = mdderive.derive(f, wrt, let=row(kind, f, wrt)["let"]).sympy
    assert text
    given = {
        identifier(letter): value if np.ndim(value) != 3 else np.concatenate(list(value), axis=1)
        for letter, value in GIVEN.items()
    }
    given |= {"y_i": LABELS.reshape(1, N)}
    [got] = ran([(text, {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in given.items()})])
    assert isinstance(got, list), got
    assert np.allclose(got[1], slopes(value, GIVEN[wrt]), rtol=1e-5)


REFUSED = [
    ({"let": ["z: n"], "f": r"\log p_y", "wrt": "z"}, "DRV251"),
    ({"let": ["z: n"], "where": {"f": r"q_s^T q_s"}, "f": "f", "wrt": "z"}, "DRV251"),
    ({"let": ["p, y: n"], "f": r"\sum_{i=1}^n y_i\log p_i+(1-y_i)\log(1-p_i)", "wrt": "p"}, "DRV255"),
    ({"let": ["X: N x d", "w: d"], "f": r"\sum_{i=1}^N (y_i - w^T x_i)^2", "wrt": "w"}, "DRV251"),
    ({"let": ["x_i: d"], "f": r"\sum_{i=1}^N \|x_i\|^4", "wrt": "x_k", "order": 2}, "DRV254"),
    ({"let": ["A_i: m x n", "x_i: n"], "f": r"\sum_{i=1}^N A_i x_i", "wrt": "x_k"}, "DRV254"),
    ({"let": ["x_i, w: d"], "f": r"\sum_{i<j} (w^T x_i)^2", "wrt": "w"}, "DRV234"),
    ({"let": ["x_i, w: d"], "f": r"\mathbb{E}[w^T x_i]", "wrt": "w"}, "DRV231"),
    ({"let": ["w: d"], "f": r"\sum_{i=1}^N w^T x^{(i)}", "wrt": "w"}, "DRV252"),
    ({"let": ["x: k"], "where": {"i": "2"}, "f": r"\sum_{i=1}^k x_i", "wrt": "x"}, "DRV253"),
    ({"let": ["x: k"], "where": {"j": "2"}, "f": r"\sum_{i=1}^k x_i^2", "wrt": "x"}, "DRV142"),
]


@pytest.mark.parametrize(("asked", "code"), REFUSED)
def test_what_an_index_leaves_open_is_refused_by_name(asked, code):
    answer = derive_row(asked)
    assert answer["error"] is not None, answer["latex"]
    assert answer["error"]["code"] == code


def test_a_product_over_samples_is_derived_as_itself_times_a_sum():
    answer = derive_row({"let": ["x_i, w: d"], "f": r"\prod_{i=1}^N w^T x_i", "wrt": "w"})
    found = r"(\prod_{i=1}^{N} w^{\top} x_{i}) \sum_{i=1}^{N} \frac{1}{w^{\top} x_{i}} x_{i}"
    assert (answer["status"], answer["latex"]) == ("ok", found)


def test_an_index_with_a_value_is_a_place():
    answer = derive_row({"let": ["x: k"], "where": {"i": "2"}, "f": "x_i^2", "wrt": "x"})
    assert (answer["status"], answer["latex"]) == ("ok", r"2 x_{2} \mathbf{e}_{2}")


def test_a_defined_exponent_has_its_value():
    answer = derive_row({"let": ["X: k x k"], "where": {"j": "3"}, "f": r"\det(X^j)", "wrt": "X"})
    assert (answer["status"], answer["latex"]) == ("ok", r"j \det(X^{j}) X^{-\top}")


def test_a_letter_below_a_column_is_a_place():
    answer = derive_row({"let": ["z: n"], "where": {"p": r"\operatorname{softmax}(z)"}, "f": r"-\log p_y", "wrt": "z"})
    assert (answer["status"], answer["latex"]) == ("ok", r"p - \mathbf{e}_{y}")


CLUSTERS = r"\sum_{i=1}^N \sum_{l=1}^M r_{il} \|x_i - c_l\|^2"
LETTERS = {"x": "x_i: d", r"\mu": r"\mu: d", "r": "r_{il}: scalar", "c": "c_l: d"}
MEMBERS = [
    ("x_k", r"\sum_{i=1}^N \|x_i - \mu\|^2", r"2 (x_{k} - \mu)"),
    ("x_k", r"\sum_{i=1}^N \sum_{j=1}^N \|x_i - x_j\|^2", r"4 \sum_{j=1}^{N} (x_{k} - x_{j})"),
    ("x_2", r"\sum_{i=1}^N r_{i3} \|x_i\|^2", r"2 r_{23} x_{2}"),
    ("x_k", CLUSTERS, r"2 \sum_{l=1}^{M} r_{kl} (x_{k} - c_{l})"),
    ("c_k", CLUSTERS, r"-2 \sum_{i=1}^{N} r_{ik} (x_{i} - c_{k})"),
    ("r_{jk}", CLUSTERS, r"\| x_{j} - c_{k} \|^{2}"),
    ("x_j", r"\sum_{i=1}^N \|x_i\|^2 + c_1^T x_j", r"2 x_{j} + c_{1}"),
]


@pytest.mark.parametrize(("wrt", "f", "gradient"), MEMBERS)
def test_the_derivative_by_a_member(wrt, f, gradient):
    let = [line for letter, line in LETTERS.items() if f"{letter}_" in f or (letter == r"\mu" and letter in f)]
    answer = derive_row({"let": let, "f": f, "wrt": wrt})
    assert (answer["status"], answer["latex"]) == ("ok", gradient), answer["error"]
