"""Whole notes: what is read in them beyond the notation of derive blocks, and what of it holds."""

import pytest

from mdderive.check.pipeline import check
from mdderive.model.results import Settings


def rows(text, path="-"):
    return [(e.outcome, e.why) for e in check(text, path, settings=Settings(equations=True)).equations]


def outcomes(text, path="-"):
    return [outcome for outcome, _ in rows(text, path)]


@pytest.mark.parametrize(
    "formula",
    [
        r"\sum_{j \neq i} c_j z_j = \sum_j c_j z_j - c_i z_i",
        r"\sum_{j=1, j \neq i}^n c_{ij} z_j = \sum_j c_{ij} z_j - c_{ii} z_i",
        r"2 \cdot -3 = -6",
        r"\sum_i -z_i = -\sum_i z_i",
        r"\mathrm{d}_z[z^T C z] = z^T (C + C^T) \mathrm{d}z",
        r"\frac{d}{dv_{ab}} \|C - U V\|_F^2 = -2 [U^T (C - U V)]_{ab}",
        r"\frac{\partial}{\partial U} \|C - U V\|_2^2 = -2 (C - U V) V^T",
        r"\frac{\partial}{\partial z} \operatorname{ReLU}(z) = \mathbf{1}_{z > 0}",
        r"\sum_k c_{kb} u_{ak} = [U C]_{ab}",
        r"\operatorname{tr}(A ( B + \\ & \quad C)) = \operatorname{tr}(A B) + \operatorname{tr}(A C)",
        r"\arg\max_W \operatorname{tr}(W^T C W) = \arg\max_W \operatorname{tr}(C W W^T)",
        r"p(u \mid v) + p(u \vert v) = 2 p(u | v)",
        r"[a, 2]^T + [b, 3]^T = [a + b, 5]^T",
    ],
)
def test_what_holds_is_read(formula):
    assert outcomes(f"$${formula}$$") == ["holds"]


@pytest.mark.parametrize(
    "formula",
    [
        r"\sum_{j \neq i} c_j z_j = \sum_j c_j z_j + c_i z_i",
        r"\sum_i -z_i = \sum_i z_i",
        r"\frac{d}{dv_{ab}} \|C - U V\|_F^2 = -2 [U^T (C - U V)]_{ba}",
        r"\frac{\partial}{\partial U} \|C - U V\|_2^2 = 2 (C - U V) V^T",
        r"\arg\max_W \operatorname{tr}(W^T C W) = \arg\max_W \operatorname{tr}(C W)",
        r"\arg\max_W \operatorname{tr}(W C) = \arg\max_C \operatorname{tr}(W C)",
        r"p(u | v) = p(v | u)",
        r"p(u | v) = \frac{p(u, v)}{p(v)}",
        r"\frac{\partial}{\partial u} \log p(u | v) = 0 u",
        r"\sum_k p(k) = \sum_k 2 p(k)",
        "[1, 2] = [1, 3]",
        "[A, B] = A B",
    ],
)
def test_what_does_not_hold_or_is_not_known_is_never_said_to(formula):
    assert "holds" not in outcomes(f"$p(u | v) < 1$ and $${formula}$$")


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"g'(x) = D g(x) = D_x g(x)", "two ways to write one derivative"),
        (r"\frac{\partial g}{\partial X} = \left(\frac{\partial g}{\partial X_{ij}}\right)_{i,j=1}^{n,m}", "entry by entry"),
        (r"p(x | \mu) = \mathcal{N}(x | \mu, 1)", "defines"),
    ],
)
def test_notation_and_definitions_are_no_assertions(formula, said):
    found = rows(f"$${formula}$$")
    assert {outcome for outcome, _ in found} == {"not_an_assertion"}
    assert all(said in why for _, why in found)


PICTURE = "\\begin{tikzpicture}\n  \\node (a) {$A = B$};\n\\end{tikzpicture}"


def test_a_picture_is_not_read_and_hides_nothing():
    text = rf"""\[ {PICTURE} = 3 u \]
\begin{{walign}}
  \frac{{\partial}}{{\partial X}} \operatorname{{tr}}(X^2 B) &= (X B + B X)^T && {PICTURE} \\
  &&&= {PICTURE} \\[1em]
  \frac{{\partial}}{{\partial X}} \operatorname{{tr}}(X B) &= 2 B
\end{{walign}}"""
    assert outcomes(text, "note.tex") == ["unread", "holds", "unread", "wrong"]


def test_a_side_is_held_against_the_last_one_that_was_read():
    chain = r"\frac{\partial}{\partial z} (z^T z) = \int_0^1 g(t) \, dt"
    assert rows(rf"$${chain} = 2 z$$")[1] == ("holds", "what stands between was not read")
    assert outcomes(rf"$${chain} = 3 z$$") == ["unread", "unread"]
    assert outcomes(r"$$w = \int_0^1 g(t) \, dt = 3 z$$")[1] != "holds"


def test_a_derivative_by_an_entry_is_the_same_in_every_layout():
    true, false = (
        rf"$\frac{{\partial \operatorname{{tr}}(A X)}}{{\partial X_{{ij}}}} = A_{{{places}}}$" for places in ("ji", "ij")
    )
    assert outcomes(true) == ["holds"]
    assert outcomes(false) != ["holds"]
    block = '```derive layout="numerator"\nA: n x m, X: m x n\n%s\n```\n'
    assert outcomes(block % true.strip("$")) == ["holds"]
    assert outcomes(block % false.strip("$")) != ["holds"]


def test_a_letter_with_a_prime_that_the_note_defines_is_a_letter():
    text = r"Let $C' = A + B$. Then $\operatorname{tr}(C' Z) = \operatorname{tr}(A Z) + \operatorname{tr}(B Z)$"
    assert outcomes(text) == ["not_an_assertion", "holds"]


def test_blocks_read_no_more_than_before():
    for formula in (r"\operatorname{tr}(A) \cdot -1 = t", r"[t, t] = x", "p(x | y) = t"):
        (row,) = check(f"```derive\nA: n x n, x: n, y: n, t: scalar\n{formula}\n```\n").equations
        assert row.outcome == "unread"


@pytest.mark.parametrize("formula", [r"\frac{a}{b = c", r"f(x = y", r"p( \mu | D = \mu"])
def test_an_equation_behind_a_bracket_that_is_not_closed_is_not_passed_over(formula):
    assert outcomes(f"Here ${formula}$ stands.") == ["unread"]
    assert outcomes("For the indices $(i = 1, 2)$ it stands.") == ["not_an_assertion"]
