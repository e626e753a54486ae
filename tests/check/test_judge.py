"""Whole notes without a derive block: what holds, what is wrong, and what is no assertion."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mdderive.check.pipeline import check
from mdderive.model.results import Settings

SHARED = Path(__file__).resolve().parents[3] / "shared"


def rows(text, path="-"):
    return [(e.outcome, e.why) for e in check(text, path, settings=Settings(equations=True)).equations]


def outcomes(text, path="-"):
    return [outcome for outcome, _ in rows(text, path)]


def codes(text):
    return [f.code for f in check(text, settings=Settings(equations=True)).findings if f.severity != "info"]


@pytest.mark.parametrize(
    "formula",
    [
        "$d(XY) = (dX)Y + X(dY)$",
        "$tr(AB) = tr(BA)$",
        r"$d X^{-1} = -X^{-1} dX X^{-1}$",
        r"$$\frac{\partial tr(W^TAW)}{\partial W} = (A + A^T) W$$",
        r"\[ \nabla_x x^T A x = (A + A^T) x \]",
        r"$$df = \operatorname{tr}\left(\left(\frac{\partial f}{\partial X}\right)^T dX\right)$$",
        r"$$d\sigma(X) = \sigma'(X) \odot dX$$",
        r"$$\frac{dy}{dx} = \frac{dy}{du} \frac{du}{dx}$$",
        r"$$\frac{\partial \log \det K}{\partial \theta} = \operatorname{tr}(K^{-1} \frac{\partial K}{\partial \theta})$$",
    ],
)
def test_what_holds_needs_no_declaration(formula):
    assert outcomes(formula) == ["holds"]


@pytest.mark.parametrize(
    "formula",
    [
        "$d(XY) = (dX)Y + (dY)X$",
        "$tr(AB) = tr(A) tr(B)$",
        r"$$\frac{\partial tr(AB)}{\partial A} = 2 B^T$$",
        r"$$\frac{\partial\, \log\det X}{\partial X} = -X^{-T}$$",
    ],
)
def test_what_fails_in_every_reading_is_wrong(formula):
    assert outcomes(formula) == ["wrong"]


@pytest.mark.parametrize(
    "text",
    [
        "Let $A^T = A$.",
        "We want $Ax = b$.",
        "The solution satisfies $X^TXw = X^Ty$.",
        "If $AB = BA$, then all is well.",
        "One cannot write $d(XY) = (dX)Y + (dY)X$.",
        r"Here $\frac{\partial L}{\partial W} = \delta a^T$.",
        "Gradient descent: $w = w - \\eta g$.",
        r"$dW = \frac{1}{m} dZ A^T$ and $dz = a - y$.",
        r"$\frac{\partial f}{\partial x} = 0$",
        r"$6.02^2 = 36.24$",
    ],
)
def test_what_is_assumed_defined_or_demanded_is_not_wrong(text):
    assert not {"wrong", "unread"} & set(outcomes(text))
    assert not codes(text)


def test_a_definition_is_used_by_what_follows():
    text = r"""Let $f = a^T X b$. Then

$$\begin{aligned} df &= a^T dX b \\ &= tr(b a^T dX) \end{aligned}$$

and $\frac{\partial f}{\partial X} = a b^T$."""
    assert outcomes(text) == ["not_an_assertion", "holds", "holds", "holds"]


def test_the_first_wrong_step_is_the_root():
    text = r"$$d(XY) = (dX)Y + (dY)X = (dX)Y + X(dY)$$"
    assert rows(text) == [("wrong", ""), ("wrong", "follows from 1")]
    assert codes(text) == ["DRV402"]


def test_an_assumption_that_nothing_makes_is_a_warning():
    assert codes(r"$$\frac{\partial x^T A x}{\partial x} = 2 A x$$") == ["DRV411"]
    assert codes(r"With a symmetric matrix $A$: $$\frac{\partial x^T A x}{\partial x} = 2 A x$$") == []
    assert codes(r"其中 $A$ 是对称矩阵，$$\frac{\partial x^T A x}{\partial x} = 2 A x$$") == []


def test_a_chain_goes_on_in_the_next_display():
    text = "$$d(XY)$$\n\n$$= (dX)Y + X(dY)$$"
    assert outcomes(text) == ["holds"]


def test_latex_notes_expand_their_macros():
    text = r"\newcommand{\tp}{^{\top}} \newcommand{\m}[1]{\mathbf{#1}} $(\m{A}\m{B})\tp = \m{B}\tp \m{A}\tp$ % $A = B$"
    assert outcomes(text, "a.tex") == ["holds"]


def test_a_formula_knows_its_place():
    [row] = check("# T\n\n> one $tr(A^T) = tr(A)$", settings=Settings(equations=True)).equations
    assert row.span == (22, 27)


@pytest.mark.parametrize(("folder", "least"), [("seeds", 95)])
def test_real_notes_raise_no_false_alarm(folder, least):
    if not (SHARED / folder).is_dir():
        pytest.skip(f"{SHARED / folder} is not there")
    truth = [json.loads(line) for line in (SHARED / folder / "equations.jsonl").read_text(encoding="utf-8").splitlines()]
    innocent, held = 0, 0
    for file in sorted((SHARED / folder).glob("*.txt")):
        document = check(file.read_text(encoding="utf-8"), file.name, settings=Settings(equations=True))
        for row in document.equations:
            line = document.source.place(row.span.start).line
            near = [t for t in truth if t["file"] == file.name and abs(t["line"] - line) <= 1]
            held += row.outcome == "holds"
            innocent += row.outcome == "wrong" and not any(t["verdict"] in ("wrong", "convention-dependent") for t in near)
    assert innocent == 0
    assert held >= least


def test_the_command_line_judges_formulas_on_demand(tmp_path):
    note = tmp_path / "note.md"
    note.write_text("$tr(AB) = tr(A) tr(B)$", encoding="utf-8")
    run = [sys.executable, "-m", "mdderive", "check", str(note), "--format", "json"]
    assert json.loads(subprocess.run(run, capture_output=True, text=True, check=False).stdout)["equations"] == []
    done = subprocess.run([*run, "--equations"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert [e["outcome"] for e in json.loads(done.stdout)["equations"]] == ["wrong"]


def test_a_formula_may_be_skipped_with_a_reason():
    assert rows("<!-- mdderive: skip a slip on purpose -->\n$$tr(AB) = tr(A) tr(B)$$") == [
        ("not_an_assertion", "skipped: a slip on purpose")
    ]


def test_suggestions_are_declarations_that_help(tmp_path):
    note = tmp_path / "note.md"
    note.write_text("$$\\frac{\\partial x^T A x}{\\partial x} = 2 A x$$\n", encoding="utf-8")
    run = [sys.executable, "-m", "mdderive", "check", str(note), "--equations", "--suggest", "--format", "concise"]
    shown = subprocess.run(run, capture_output=True, text=True, check=False).stdout
    [line] = [line for line in shown.splitlines() if "<!--" in line]
    assert line.endswith("<!-- mdderive: A: n x n, symmetric -->")
    note.write_text(
        line.partition(": <!--")[1][2:] + line.partition(": <!--")[2] + "\n" + note.read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert "DRV411" not in subprocess.run(run, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("formula", "hint"),
    [
        (r"$dI = d(XX^{-1}) = (dX)X^{-1} + x dX^{-1}$", "lookalike"),
        ("Let $E = (Ax - b)^T(Ax - b)$. Then $dE = (Ax - b)^T(Ax - b)$.", "missing-d"),
        (r"$\frac{\partial \ln(A)}{\partial A} = A^{-T}$", "determinant"),
        (r"$df = \sum_{i=1}^{m} \sum_{i=1}^{n} \frac{\partial f}{\partial X_{ij}} dX_{ij}$", "edit"),
    ],
)
def test_slips_of_the_pen_are_named(formula, hint):
    findings = [f for f in check(formula, settings=Settings(equations=True)).findings if f.severity == "error"]
    assert [h.code for f in findings for h in f.hints] == [hint]


def test_index_notation_is_read_with_its_implied_sums():
    text = r"$$\frac{\partial\, tr(AX)}{\partial X} = \frac{\partial (A_{ij} X_{ji})}{\partial X_{kl}} = A_{lk} = A^T$$"
    assert outcomes(text) == ["holds"] * 3
    assert codes(text.replace("= A^T", "= A")) == ["DRV403"]  # true of symmetric matrices only, and nothing makes A square


def test_implied_sums_over_many_indices_are_products_of_matrices():
    text = (
        r"$$\frac{\partial\, tr(A X B X^T)}{\partial X} = \frac{\partial (A_{ij} X_{jk} B_{kl} X_{il})}{\partial X_{pq}}"
        r" = A_{ij} \delta_{jp} \delta_{kq} B_{kl} X_{il} + A_{ij} X_{jk} B_{kl} \delta_{ip} \delta_{lq}"
        r" = A_{ip} X_{il} B_{ql} + A_{pj} X_{jk} B_{kq} = A^T X B^T + A X B$$"
    )
    assert outcomes(text) == ["holds"] * 4
    assert outcomes(text.replace("A_{pj} X_{jk} B_{kq}", "A_{jp} X_{jk} B_{kq}"))[2] != "holds"
    assert outcomes(text.replace("X_{jk} B_{kl} X_{il})", "X_{jk} B_{kl} A_{il})"))[0] == "wrong"
    vectors = (
        r"$$\frac{\partial (x^T A x)}{\partial x} = \frac{\partial (x_i A_{ij} x_j)}{\partial x_k} = A_{kj} x_j + A_{ik} x_i$$"
    )
    assert outcomes(vectors) == ["holds"] * 2


def test_a_shape_that_contradicts_its_use_is_a_warning():
    text = r"Let $f = a^T X b$, where $a$ is $m \times 1$, $X$ is an $m \times 1$ vector and $b$ is $n \times 1$."
    assert codes(text) == ["DRV412"]


APART = (
    r"$$\frac{\partial}{\partial t_k} \frac{\exp(t_i)}{\sum_j \exp(t_j)} = -\frac{\exp(t_i) \exp(t_k)}{(\sum_j \exp(t_j))^2}$$"
)


def test_a_condition_goes_on_below_the_paragraph_that_it_opens():
    assert outcomes("We have\n\n" + APART) == ["wrong"]
    assert outcomes("If $i \\neq k$,\n\n" + APART) == ["not_an_assertion", "holds"]
    assert outcomes("If $i = k$,\n\n" + APART) == ["not_an_assertion", "wrong"]


@pytest.mark.parametrize(
    "text",
    [
        r"$$\left(\frac{\partial y}{\partial x}\right)_{ij} = \frac{\partial y_i}{\partial x_j}$$",
        r"$$\frac{dh}{ds} = \frac{\partial h}{\partial s} + \frac{\partial h}{\partial t} \frac{\partial t}{\partial s}$$",
    ],
)
def test_layouts_and_total_derivatives_are_no_mistakes(text):
    assert "wrong" not in outcomes(text)


@pytest.mark.parametrize(
    "formula",
    [
        r"$$\sum_i b_i z_i = Z^T b$$",
        r"$$\sum_k (s_k - r_k) z_k = Z^T (s - r)$$",
        r"$$\sum_i z_i z_i^T = Z^T Z$$",
        r"$$\sum_i z_i z_i^T = Z Z^T$$",
    ],
)
def test_numbered_vectors_beside_a_capital_are_its_rows_or_its_columns(formula):
    assert outcomes(formula) == ["holds"]


@pytest.mark.parametrize(
    "words",
    [
        r"Let $M$ be a matrix, $M \in \mathbb{S}^n_{++}$.",
        r"Here $M \in \mathcal{S}^n$.",
        r"Take $M$ symmetric.",
        r"Sei $M$ symmetrisch.",
        r"La matrice $M$ est symétrique.",
    ],
)
def test_symmetry_is_understood_in_the_words_of_more_languages(words):
    assert rows(words + "\n\n$$\\nabla_u u^T M u = 2 M u$$")[-1] == ("holds", "")


def test_symmetry_is_tried_for_a_function_whose_argument_alone_varies():
    text = "Let $g(u) = u^T M u$.\n\n$$dg(u) = 2 u^T M du$$"
    assert rows(text)[-1] == ("undecided", "holds if the square matrices are symmetric")


LABELS = r"$$\frac{\partial c}{\partial V} = (\operatorname{softmax}(V u) - t) u^T$$"
FRAME = r"$$\|Y - Y V V^T\|_F^2 = \operatorname{tr}(Y^T Y) - \operatorname{tr}(V^T Y^T Y V)$$"


def test_a_softmax_may_rest_on_labels_that_sum_to_one():
    loss = r"Let $c = -t^T \log\operatorname{softmax}(V u)$."
    assert outcomes(loss + "\n\n" + LABELS)[-1] == "undecided"
    assert outcomes(loss + " The label $t$ is one-hot.\n\n" + LABELS)[-1] == "holds"
    assert outcomes(loss + " 标签 $t$ 是独热向量。\n\n" + LABELS)[-1] == "holds"


def test_algebra_may_rest_on_a_premise_that_stands_elsewhere():
    assert outcomes(FRAME) == ["wrong"]
    assert outcomes(FRAME + "\n\nHere $V^T V = I$.")[0] == "undecided"
    assert outcomes("The columns of $V$ are orthonormal.\n\n" + FRAME) == ["holds"]


def test_algebra_in_which_nothing_can_cancel_rests_on_no_basis():
    slip = "$$M = (P + R)(P - R) = P^2 + R^2 - PR + RP$$"
    assert outcomes("The columns of $V$ are orthonormal.\n\n" + slip) == ["not_an_assertion", "wrong"]
    scaled = r"$$M = (B + C) v + C v = B v + 2 C v + \mu v - B v$$"
    assert outcomes("The eigenvectors are well known.\n\n" + scaled) == ["not_an_assertion", "undecided"]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("$y' = dy$", "not_an_assertion"),
        (r"$\frac{d}{dx} u v = u'v + u v'$", "undecided"),
        ("$d(x'Ax) = x'A dx$", "undecided"),
        (r"$f'(x) = \lim_{h \to 0} \frac{f(x + h) - f(x)}{h}$", "not_an_assertion"),
        (r"$W_{k+1} = W_k - \epsilon \int W_k$", "not_an_assertion"),
        (r"$W_k = W_k - \epsilon \int W_k$", "unread"),
        (r"$h_t = \int h_{t-1}$", "not_an_assertion"),
        (r"$\text{s.t.} A^T A = B$", "not_an_assertion"),
    ],
)
def test_letters_with_a_prime_and_definitions_that_are_not_read_are_not_judged(text, outcome):
    assert outcomes(text) == [outcome]


LEAST_SQUARES = (
    "Let $l = (Xw - y)^T (Xw - y)$.\n\n$$\\frac{\\partial l}{\\partial w} = 2 X^T (Xw - y)$$\n\n"
    "We set $\\frac{\\partial l}{\\partial w} = 0$, so $X^T X w = X^T y$ and $w = (X^T X)^{-1} X^T y$."
)


def test_what_follows_from_a_zero_gradient_is_judged_by_it():
    assert [why for outcome, why in rows(LEAST_SQUARES) if outcome == "holds"] == [
        "",
        "follows from the condition of line 5",
        "follows from the condition of line 5",
    ]
    other = rows(LEAST_SQUARES.replace("$X^T X w = X^T y$", "$X^T X w = X^T X y$").replace("w = (X^T X)^{-1} X^T y", "w = X^T y"))
    assert [outcome for outcome, _ in other].count("holds") == 1
    assert [outcome for outcome, _ in other][-2:] == ["wrong", "wrong"]


@pytest.mark.parametrize(
    ("formula", "codes_found"),
    [
        (r"$\frac{d}{da} \ln |A| = \frac{d}{da} \prod_i \ln(b_i + a) = \sum_i \frac{1}{b_i + a}$", ["DRV402"]),
        (r"$\frac{d}{da} \ln |A| = \frac{d}{da} \ln \prod_i (b_i + a) = \sum_i \frac{1}{b_i + a}$", []),
        (r"$vec(dF) = A \cdot vec(X) = B\, vec(dX)$", ["DRV402"]),
        (r"$vec(dF) = A \cdot vec(dX) = B\, vec(dX)$", []),
    ],
)
def test_slips_that_the_rest_of_a_chain_shows(formula, codes_found):
    assert [code for code in codes(formula) if code.startswith("DRV40")] == codes_found


def test_a_layout_that_the_words_claim_is_held_against_the_gradients():
    gradients = (
        r"$$\frac{\partial a^T x}{\partial x} = a^T$$" + "\n\n" + r"$$\frac{\partial x^T A x}{\partial x} = x^T (A + A^T)$$"
    )
    assert codes("We use denominator layout.\n\n" + gradients) == ["DRV402", "DRV402"]
    assert codes("We use numerator layout.\n\n" + gradients) == []
    assert codes("Numerator layout and denominator layout differ.\n\n" + gradients) == ["DRV411", "DRV411"]


def test_what_names_or_demands_asserts_nothing():
    assert rows(r"$\frac{\partial L}{\partial b} = \delta$")[0][0] == "not_an_assertion"
    assert rows("subject to $A X = B$") == [("not_an_assertion", "a condition that is stated")]
    assert rows("$$\\begin{bmatrix} f_1 \\\\ f_2 \\end{bmatrix} = A x$$")[0][0] == "not_an_assertion"


NETWORK = (
    r"$z_1 = W_1 x + b_1$, $a_1 = \tanh(z_1)$, $z_2 = W_2 a_1 + b_2$, $L = \frac12 \|z_2 - t\|^2$, $\delta_2 = z_2 - t$ and "
    r"$\delta_1 = W_2^T \delta_2 \odot (1 - a_1 \odot a_1)$." + "\n\n"
)


def test_a_number_beside_a_column_stands_in_every_entry():
    right = outcomes(NETWORK + r"$$\frac{\partial L}{\partial W_1} = \delta_1 x^T$$")
    assert right[-1] == "holds"
    turned = rows(
        NETWORK + r"$\frac{\partial L}{\partial W_2} = \delta_2 a_1^T$, $\frac{\partial L}{\partial W_1} = x \delta_1^T$"
    )
    assert [outcome for outcome, _ in turned[-2:]] == ["holds", "undecided"]
    assert "DRV411" in codes(
        NETWORK + r"$\frac{\partial L}{\partial W_2} = \delta_2 a_1^T$, $\frac{\partial L}{\partial W_1} = x \delta_1^T$"
    )


def test_formulas_without_a_sign_of_matrices_may_be_about_numbers():
    assert outcomes("$df = f'(x) dx$") == ["holds"]
    assert outcomes(r"$\frac{d}{dx} (u v w y) = u v w \frac{dy}{dx}$ where $u, v, w$ are constants") == ["holds"]


@pytest.mark.parametrize(
    "text",
    [
        r"$$\frac{\partial z^T M z}{\partial z} = 2 M z, \qquad \text{if } M \text{ is symmetric}$$",
        r"$$if \quad M \quad is \quad symmetric, \quad \frac{\partial z^T M z}{\partial z} = 2 M z$$",
        r"$\frac{\partial z^T M z}{\partial z} = 2 M z$ holds for symmetric $M$ alone.",
        r"Here $C$ is the covariance matrix. $$\frac{\partial z^T C^{-1} z}{\partial z} = 2 C^{-1} z$$",
        r"Take a Gaussian. $$\frac{\partial z^T \Sigma^{-1} z}{\partial z} = 2 \Sigma^{-1} z$$",
    ],
)
def test_symmetry_that_the_words_say_is_no_assumption(text):
    assert outcomes(text) == ["holds"]
    assert not codes(text)


def test_symmetry_said_of_another_letter_or_row_helps_nothing():
    rows = (r"\nabla_z z^T M z &= 2 M z \text{ if } M \text{ is symmetric} \\", r"\nabla_z z^T P z &= 2 P z")
    text = "$$\\begin{aligned}\n" + "\n".join(rows) + "\n\\end{aligned}$$"
    assert outcomes(text) == ["holds", "undecided"]
    assert outcomes(r"$P$ is not symmetric. $$\nabla_z z^T P z = 2 P z$$") == ["undecided"]


def test_an_empty_line_in_a_formula_is_a_space():
    text = "$$\ng(z) = c^T z ;\n\n\\quad \\nabla_z g = c\n$$\n\n$$\n\ng(z) = z^T z ; \\quad \\nabla_z g = 2 z\n$$"
    assert outcomes(text) == ["not_an_assertion", "holds"] * 2


def test_what_is_supposed_in_one_item_of_a_list_does_not_reach_the_next():
    first = r"- $\nabla_z (z^T M z) = (M + M^T) z$. If $M$ is symmetric, this is $2 M z$."
    text = first + "\n" + r"- $\nabla_z \|M z - c\|^2 = 2 M (M z - c)$"
    assert outcomes(text) == ["holds", "wrong"]


def test_zero_is_zero_says_nothing_of_a_product_that_no_variable_moves():
    text = r"$$\frac{\partial pq}{\partial c} = 2 \frac{\partial pq}{\partial y} \frac{\partial y}{\partial c}$$"
    assert outcomes(text) == ["undecided"]
    assert outcomes(r"$$\nabla_z (c^T c) = 0$$") == ["holds"]


def test_spaces_of_matrices_declare():
    text = "Let $z \\in \\mathbb{K}^n$ and $M \\in M_{nn}(\\mathbb{K})$.\n$$z^T M = M^T z$$"
    assert outcomes(text)[-1] == "undecided"


@pytest.mark.parametrize(
    "formula",
    [
        r"$$\frac{\partial \mathbf{Mz}}{\partial \mathbf{z}} = \mathbf{M}^T$$",
        r"$$\mathrm{vec}(\boldsymbol{pq}^T) = \boldsymbol{q} \otimes \boldsymbol{p}$$",
    ],
)
def test_two_letters_in_bold_are_a_product(formula):
    assert outcomes(formula) == ["holds"]


@pytest.mark.parametrize(
    "words",
    ["Let $f(z) = c^T z$ with $c \\in \\mathbb{R}^n$. Then", "设 $f(z) = c^T z$，则", "Given $f(z) = c^T z$, we find"],
)
def test_what_follows_from_a_definition_stands_under_no_condition(words):
    assert outcomes(f"{words}\n$$\\nabla_z f = 2 c$$")[-1] == "wrong"
    assert outcomes(f"{words}\n$$\\nabla_z f = c$$")[-1] == "holds"


@pytest.mark.parametrize(
    "words",
    ["设 $A = A^T$ 可逆，则", "If $f(z) = c^T z$, then", "If $c = b$ we find that"],
)
def test_a_condition_that_does_not_help_excuses_nothing(words):
    assert outcomes(f"{words}\n$$\\nabla_z (c^T z) = 2 c$$")[-1] == "wrong"
    assert outcomes(f"{words}\n$$\\nabla_z (c^T z) = c$$")[-1] == "holds"


def test_words_in_the_next_item_of_a_list_deny_nothing():
    assert outcomes("- $\\nabla_z (c^T z) = 2 c$\n- but not if $z = 0$")[0] == "wrong"
    assert outcomes("- $\\nabla_z (c^T z) = 2 c$ does not hold")[0] == "not_an_assertion"


def test_a_gradient_in_another_layout_than_the_note_claims_does_not_pass():
    text = "We use denominator layout.\n$$\\nabla_z (c^T z) = c$$\n$$\\nabla_A tr(AB) = B$$\n$$\\nabla_X tr(AX) = A$$"
    assert outcomes(text) == ["holds", "wrong", "wrong"]
    assert codes(text) == ["DRV402", "DRV402"]


def test_a_layout_that_nothing_states_is_a_warning_each_time():
    rows = [r"$$\nabla_A tr(AB) = B^T$$", r"$$\nabla_A tr(CA) = C^T$$", r"$$\nabla_X tr(AX) = A$$", r"$$\nabla_X tr(XB) = B$$"]
    assert codes("\n".join(rows)) == ["DRV411", "DRV411"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$\sigma(z) = \frac{1}{1 + e^{-z}}$ has $\sigma'(z) = \sigma(z)(1 - \sigma(z))$.", "holds"),
        (r"$\sigma(z) = \frac{1}{1 + e^{-z}}$ has $\sigma'(z) = \sigma(z)(1 + \sigma(z))$.", "wrong"),
        (r"For $\sigma(z) = \tanh(z)$ we have $\sigma'(z) = 1 - \sigma(z)^2$.", "holds"),
        (r"The sigmoid obeys $\sigma'(z) = \sigma(z)(1 - \sigma(z))$.", "holds"),
        (r"The sigmoid obeys $\sigma'(z) = \sigma(z)(1 + \sigma(z))$.", "wrong"),
        (r"A sigmoid or tanh obeys $\sigma'(z) = 1 - \sigma(z)^2$.", "not_an_assertion"),
        (r"$\psi'(t) = 2 \psi(t)$", "not_an_assertion"),
        ("Let $f(x) = x^2 + 3x$. Then $f'(x) = 2x + 3$.", "holds"),
        ("Let $f(x) = x^2 + 3x$. Then $f''(x) = 2$.", "holds"),
        ("Let $f(x) = x^2 + 3x$. Then $f'(x) = 2x$.", "wrong"),
        ("Let $g(w) = w^T A w$. Then $g'(w) = w^T (A + A^T)$.", "holds"),
    ],
)
def test_a_derivative_with_a_prime_is_judged_where_its_function_is_known(text, expected):
    assert outcomes(text)[-1] == expected


def test_a_wrong_gradient_comes_with_the_right_one():
    found = check("Let $L(w) = \\|X w - y\\|^2$. Then $\\nabla_w L = X^T (X w - y)$.", settings=Settings(equations=True)).findings
    wrong = [f for f in found if f.severity == "error"]
    assert [f.code for f in wrong] == ["DRV401"]
    assert wrong[0].facts["right"].replace(" ", "") == r"\frac{\partialL}{\partialw}=2X^{\top}(Xw-y)"


def test_what_is_proposed_stands_in_the_fonts_of_the_note(tmp_path):
    value = r"For $f(\mathbf{x}) = \mathbf{x}^T \mathbf{A} \mathbf{x}$:"
    text = f"{value}\n\n" + r"$$\nabla_{\mathbf{x}} f = (\mathbf{A} - \mathbf{A}^T) \mathbf{x}$$" + "\n"
    note = tmp_path / "note.md"
    note.write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "mdderive", "check", "--equations", "--fix", str(note)], capture_output=True)
    assert note.read_text(encoding="utf-8") == text.replace("A} - \\mathbf{A}^T", "A} + \\mathbf{A}^{\\top}")
    mixed = tmp_path / "mixed.md"
    mixed.write_text(text + "Here $A$ is square.", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "mdderive", "check", "--equations", "--fix", str(mixed)], capture_output=True)
    assert mixed.read_text(encoding="utf-8") == text + "Here $A$ is square."


GAUSSIAN = (
    r"$$\log p = -\frac{N}{2} \log |\Sigma| - \frac12 \sum_{i=1}^N (x_i - \mu)^T \Sigma^{-1} (x_i - \mu) + c$$"
    "\n\n"
    r"$\Sigma$ is symmetric. "
)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"$$\frac{\partial \log p}{\partial \mu} = \sum_{i=1}^N \Sigma^{-1} (x_i - \mu)$$", "holds"),
        (r"$$\frac{\partial \log p}{\partial \mu} = \sum_{i=1}^N \Sigma (x_i - \mu)$$", "wrong"),
        (
            r"$$\frac{\partial \log p}{\partial \Sigma} = -\frac{N}{2} \Sigma^{-1} + \frac12 \Sigma^{-1} \left( \sum_{i=1}^N"
            r" (x_i - \mu) (x_i - \mu)^T \right) \Sigma^{-1}$$",
            "holds",
        ),
    ],
)
def test_a_logarithm_is_named_where_nothing_else_is_said_of_its_argument(formula, expected):
    assert rows(GAUSSIAN)[0] == ("not_an_assertion", r"defines \log p")
    assert outcomes(GAUSSIAN + formula)[-1] == expected


def test_the_paragraph_below_a_display_may_deny_it():
    formula = r"$$\frac{\partial a^T x}{\partial x} = 2 a$$"
    assert outcomes(formula) == ["wrong"]
    assert outcomes(f"{formula}\n\nHowever, that does not work.") == ["not_an_assertion"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"For a scalar, $s = \operatorname{tr}(s)$.", "holds"),
        (r"$s = s + 1$", "not_an_assertion"),
        (r"$\sum_k t_k = 1$", "not_an_assertion"),
        (r"$\operatorname{vec}(A) = K_{pm} \operatorname{vec}(A T)$", "undecided"),
        (r"$E[m] = N \mu$", "undecided"),
    ],
)
def test_what_claims_is_told_from_what_names_or_demands(text, expected):
    assert outcomes(text)[-1] == expected


def test_what_is_said_to_follow_of_a_name_defined_above_is_a_claim():
    text = "Let $g = x^T A x$. {} $g = 2 x^T A$."
    assert outcomes(text.format("Now let"))[-1] == "not_an_assertion"
    assert outcomes(text.format("Hence we obtain"))[-1] == "undecided"
    assert outcomes(r"We find that $\frac{\partial f}{\partial x} = \beta$.") == ["undecided"]
    assert outcomes("We obtain that\n\n" + r"$$\frac{\partial f}{\partial x} = \beta$$") == ["undecided"]
    assert outcomes(r"$$3 x = y \Rightarrow u = 5$$")[-1] == "undecided"


def test_a_value_that_is_supposed_does_not_follow():
    assert outcomes("We set $3 x - 6 = 0$. Then $x = 2$.")[-1] == "holds"
    assert outcomes("We set $3 x - 6 = 0$. Let $x = 2$.")[-1] == "not_an_assertion"


@pytest.mark.parametrize(
    "words", ["We use denominator layout.", "我们采用分母布局。", "분모 레이아웃을 쓴다.", "分母レイアウトを使う。"]
)
def test_a_claimed_layout_is_understood(words):
    gradients = (
        r"$$\frac{\partial a^T x}{\partial x} = a^T$$" + "\n\n" + r"$$\frac{\partial x^T A x}{\partial x} = x^T (A + A^T)$$"
    )
    assert codes(f"{words}\n\n{gradients}").count("DRV402") == 2


def test_formulas_in_words_are_statements_and_the_row_below_goes_on_with_the_one_outside():
    words = r"\text{where $x = A y$ and $\frac{\partial y^T b}{\partial y} = 2 b$}"
    found = rows(rf"$$\begin{{aligned}} L &= x^T x \quad {words} \\ &= y^T A^T A y \end{{aligned}}$$")
    assert [outcome for outcome, _ in found] == ["not_an_assertion", "not_an_assertion", "wrong", "holds"]


SOFTMAX = r"Let $p = \operatorname{softmax}(z)$ and $L = -y^T \log p$ with $\mathbf{1}^T y = 1$. Then "


def test_a_condition_that_is_stated_is_granted_to_what_stands_behind_it():
    right = r"$\frac{\partial L}{\partial z} = p - y$"
    assert rows(SOFTMAX + right)[-1] == ("holds", "holds under the condition of line 1")
    assert outcomes(SOFTMAX.replace(r" with $\mathbf{1}^T y = 1$", "") + right)[-1] != "holds"
    assert outcomes(SOFTMAX + r"$\frac{\partial L}{\partial z} = p + y$")[-1] != "holds"
    gaussian = r"$$\log p = -\frac12 (x - \mu)^T A (x - \mu)$$" "\n\n# Classes\n\n"
    assert outcomes(gaussian + SOFTMAX + right)[-1] == "holds"


@pytest.mark.parametrize(
    "formula",
    [
        "$$h(u) - h(v) = 0$$",
        r"$$\frac{\partial L(w, a)}{\partial w} = \frac{\partial L(w, b)}{\partial w}$$",
        r"Let $h(u) = \frac12 u^T C u$ with $C$ symmetric. $$h(u) - h(v) = \frac12 (u - v)^T C (u + v)$$",
        r"$$\begin{aligned} h(u) &= h(v) \\ &= h(u) \end{aligned}$$",
    ],
)
def test_a_function_of_two_arguments_in_one_chain_is_not_the_same_thing_twice(formula):
    assert not {"holds", "wrong"} & set(outcomes(formula))


def test_a_function_of_one_argument_may_lose_it():
    assert outcomes(r"Let $h(u) = \frac12 u^T u$. $$\nabla_u h(u) = u, \quad h(u) - \frac12 u^T u = 0$$") == [
        "not_an_assertion",
        "holds",
        "holds",
    ]
    assert outcomes(r"$$\nabla_{\mathbf{u}} h(u) = \nabla_{\mathbf{u}} h(\mathbf{u})$$") == ["holds"]


@pytest.mark.parametrize("slope", [r"\frac{de}{dx}", "{de}/{dx}", r"\frac{\partial e}{\partial w}"])
def test_nobody_differentiates_the_number_e(slope):
    assert outcomes(f"The error $e$ is least when ${slope} = 0$.") == ["not_an_assertion"]
    assert outcomes("We get $$" + r"\frac{d}{dx} e^x" + " = e^x$$") == ["holds"]


def test_a_slip_about_a_function_that_is_not_given_is_found():
    [finding] = check(
        r"$$\frac{\partial (b^2 t)}{\partial t} = 2 b(t) \frac{\partial b(t)}{\partial t}$$", settings=Settings(equations=True)
    ).findings
    assert (finding.code, finding.severity) == ("DRV402", "error")


def test_the_text_report_names_every_line_that_was_not_judged(tmp_path):
    note = tmp_path / "note.md"
    note.write_text("\n\n".join(rf"$$a_{{{i}}} \uplus b = c \ltimes d_{{{i}}}$$" for i in range(20)) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "mdderive", "check", "--equations", str(note)]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    lines = [line.rpartition(": lines ")[2].split(", ") for line in told.splitlines() if line.startswith("  ")]
    assert sorted(int(n) for some in lines for n in some) == list(range(1, 40, 2))
