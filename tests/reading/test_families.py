r"""What indices may be written like: odd blocks are answered or refused with a code, never with an internal error."""

import random

import pytest

from mdderive.check.pipeline import check
from mdderive.reading.families import bound_in

DECLARED = (
    *("x_i: d, w: d, y_i: scalar, i = 1..N", "x: n, w: n", "x_i, y_i: scalar, w: 2", "X_i: n x n, x_i: n, w: n", "x_i, w: d"),
    *(
        "x_i: d\nX = [x_1, \\dots, x_N]",
        "x_{ij}: d",
        "x_i: d, x_j: n",
        "x: n, x_i: scalar",
        "i = 2\nx: n",
        "x_i: i",
        "x_i: d, i = 1..0",
        "N: scalar, x_i: d",
    ),
)
FORMULAS = (
    *(
        "x_i",
        "x_1",
        "x_{10}",
        "x_{ij}",
        "x_{i+1}",
        "x_i^T w",
        "x^T_i",
        "x^{(i)}",
        "x_i'",
        "(x_i)_j",
        "x_i^{x_i}",
        "N x_1",
        "0",
        "w",
    ),
    *(r"\sum_i x_i", r"\sum_{i=1}^N x_i", r"\sum^N_{i=1} x_i", r"\sum_{i=1}^0 x_i", r"\sum_{i=1}^i x_i", r"\sum_{i=1}^{2n} x_i"),
    *(
        r"\sum_{i=1}^N \sum_{j=1}^N x_i^T x_j",
        r"\sum_{i,j} x_i^T x_j",
        r"\|\sum_i x_i\|^2",
        r"\sum_{i=1}^N i",
        r"\sum_i \sum_i x_i",
    ),
    *(r"[x_1, \dots, x_N]", r"[x_1^T; \dots; x_N^T]", r"[x_1, \dots, y_N]", r"\max_i x_i", r"\prod_i x_i", r"\sum_{i<j} x_i"),
    *(r"\sigma(x_i)", "f(x_i)", "dx_i", r"\frac{\partial x_i}{\partial x_j}", r"\nabla_{x_i} \sum_i x_i^T w", r"\sum_i X_i^{-1}"),
)
SHAPES = (
    "{a} = {b}",
    "f = {a}\n\\frac{{\\partial f}}{{\\partial w}} = ?",
    "\\frac{{\\partial ({a})}}{{\\partial x}} = {b}",
    "\\sigma(x_i) = {a}",
)


@pytest.mark.parametrize("seed", range(8))
def test_odd_indices_are_answered_or_refused(seed):
    rng = random.Random(seed)
    for _ in range(60):
        lines = [rng.choice(SHAPES).format(a=rng.choice(FORMULAS), b=rng.choice(FORMULAS)) for _ in range(2)]
        blocks = [f"```derive\n{rng.choice(DECLARED)}\n{line}\n```\n" for line in lines]
        found = check("\n".join(blocks), "note.md")
        faults = [finding.message() for finding in found.findings if finding.code == "DRV901"]
        assert not faults, "\n".join((*blocks, *faults))


@pytest.mark.parametrize(
    ("text", "indices", "sizes"),
    [
        (r"\sum_{i=1}^{N} x_i", "i", "N"),
        (r"\sum^N_{n=1} x_n", "n", "N"),
        (r"\sum_{i,j} X_{ij} + \max_k x_k", "ijk", ""),
        (r"\sum_{1 \le s \le T} x_s", "s", "T"),
        (r"\sum_{i<j} x_i", "ij", ""),
        (r"\prod_{t \in S} x_t, \forall q", "tq", ""),
        (r"\sum_{i=1}^{10} x_i, X = [x_1, \dots, x_M]", "i", "M"),
        (r"\sum_{\text{all}} x, \sum_{\ell} y", "", ""),
    ],
)
def test_what_a_text_binds(text, indices, sizes):
    assert bound_in(text) == (type(bound_in(text)))(frozenset(indices), frozenset(sizes))
