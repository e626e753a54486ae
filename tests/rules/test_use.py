"""Rules in use: every rule of the table has a problem that needs it, a wrong entry prints nothing, and premises are checked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from mdderive.check import goals
from mdderive.check.goals import Told, tell
from mdderive.check.proving import ground
from mdderive.engine import carry, match, named_forms
from mdderive.engine.differentiate import Differentiator
from mdderive.engine.match import read_law
from mdderive.model.context import Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.results import Settings
from mdderive.reading.problems import problem
from mdderive.rules import block_layout, laws
from mdderive.rules.book import RULES, Rule
from mdderive.verify.holds import holds

Problem = tuple[list[str], str, str]
NAMED = {rule.name: rule for rule in RULES}

# Declarations, what is differentiated, and by what.
PROBLEMS: dict[str, Problem] = {
    "norm-squared-vector": (["x: n", "A: m x n", "b: m"], r"\|A x - b\|^2", "x"),
    "norm-squared": (["X: m x n", "B: m x n"], r"\|X - B\|_F^2", "X"),
    "inner-vector": (["x: n", "b: n"], r"\langle b, x \rangle", "x"),
    "inner": (["X: m x n", "B: m x n"], r"\langle B, X \rangle", "X"),
    "tr-kronecker": (["X: n x n", "B: m x m"], r"\operatorname{tr}(X \otimes B)", "X"),
    "symmetric": (["x: n", "S: n x n, symmetric"], r"x^T S x", "x"),
    "symmetric-direction": (["S: n x n, symmetric", "M: n x n"], r"\operatorname{tr}(M S)", "S"),
    "diagonal-direction": (["S: n x n, diagonal", "M: n x n"], r"\operatorname{tr}(M S)", "S"),
    "orthogonal": (["X: n x n", "Q: n x n, orthogonal"], r"\operatorname{tr}(Q^{-1} X)", "X"),
    "d-constant": (["x: n", "b: n"], r"b^T b", "x"),
    "d-sum": (["x: n", "b: n", "c: n"], r"b^T x + c^T x", "x"),
    "d-difference": (["x: n", "b: n", "c: n"], r"b^T x - c^T x", "x"),
    "d-scale": (["x: n", "b: n"], r"3 b^T x", "x"),
    "d-linear": (["x: n", "b: n"], r"b^T x", "x"),
    "d-transpose": (["x: n", "b: n"], r"x^T b", "x"),
    "d-trace": (["X: n x n"], r"\operatorname{tr}(X)", "X"),
    "d-diag": (["x: n", "B: n x n"], r"\operatorname{tr}(B \operatorname{diag}(x))", "x"),
    "d-diagonal": (["X: n x n", "b: n"], r"b^T \operatorname{diag}(X)", "X"),
    "d-vec": (["X: m x n", "A: m x n"], r"\operatorname{vec}(A)^T \operatorname{vec}(X)", "X"),
    "d-inner-square": (["x: n"], r"x^T x", "x"),
    "d-trace-square": (["X: m x n"], r"\operatorname{tr}(X^T X)", "X"),
    "d-trace-power": (["X: n x n", "k: scalar, integer"], r"\operatorname{tr}(X^k)", "X"),
    "d-trace-exponential": (["X: n x n"], r"\operatorname{tr}(e^X)", "X"),
    "d-log-determinant": (["X: n x n, invertible"], r"\log\det(X)", "X"),
    "d-log-sum-exp": (["x: n"], r"\log(\mathbf{1}^T \exp(x))", "x"),
    "d-determinant-power": (["X: n x n, invertible"], r"\det(X^3)", "X"),
    "d-product": (["x: n", "A: n x n"], r"x^T A x", "x"),
    "d-hadamard": (["x: n", "A: n x n", "b: n"], r"b^T (x \odot (A x))", "x"),
    "d-hadamard-quotient": (["x: n", "A: n x n", "b: n"], r"b^T (x \oslash (A x))", "x"),
    "d-hadamard-power": (["x: n", "b: n"], r"b^T x^{\odot 3}", "x"),
    "d-inverse": (["X: n x n, invertible", "a: n", "b: n"], r"a^T X^{-1} b", "X"),
    "d-power": (["x: n", "b: n"], r"(b^T x)^3", "x"),
    "d-power-sum": (["X: n x n", "a: n", "b: n"], r"a^T X^k b", "X"),
    "tr-power-sum": (["X: n x n", "A: n x n"], r"\operatorname{tr}(A X^k)", "X"),
    "d-matrix-power": (["X: n x n", "a: n", "b: n"], r"a^T X^3 b", "X"),
    "d-determinant": (["X: n x n, invertible"], r"\det(X)", "X"),
    "d-determinant-adjugate": (["X: n x n"], r"\det(X)", "X"),
    "d-matrix-exponential": (["t: scalar", "A: n x n", "a: n", "b: n"], r"a^T e^{t A} b", "t"),
    "d-matrix-sine": (["t: scalar", "A: n x n", "a: n", "b: n"], r"a^T \sin(t A) b", "t"),
    "d-matrix-cosine": (["t: scalar", "A: n x n", "a: n", "b: n"], r"a^T \cos(t A) b", "t"),
    "d-adjugate": (["X: n x n, invertible", "B: n x n"], r"\operatorname{tr}(B X^{\#})", "X"),
    "d-function": (["x: n", "b: n", r"\sigma: elementwise"], r"\sigma(b^T x)", "x"),
    "d-elementwise": (["x: n", "b: n"], r"b^T \exp(x)", "x"),
    "d-softmax": (["x: n", "b: n"], r"b^T \operatorname{softmax}(x)", "x"),
    "d-softmax-rows": (["X: m x n", "B: n x m"], r"\operatorname{tr}(B \operatorname{softmax}(X))", "X"),
    "d-sort": (["x: n", "b: n"], r"b^T \operatorname{sort}(x)", "x"),
    "d-norm-vector-square": (["x: n", "a: n"], r"\exp(\|x - a\|^2)", "x"),
    "d-norm-square": (["X: m x n"], r"\exp(\|X\|_F^2)", "X"),
    "d-norm-vector": (["x: n"], r"\|x\|", "x"),
    "d-norm": (["X: m x n"], r"\|X\|_F", "X"),
    "d-norm1-vector": (["x: n"], r"\|x\|_1", "x"),
    "d-norm1": (["X: m x n"], r"\|X\|_1", "X"),
    "d-unknown": (["X: m x n", "A: p x m", "Y: p x n", "f: scalar function of Y"], "f", "X"),
    "tr-scalar": (["X: m x n", "a: m", "b: n"], r"a^T X b", "X"),
    "tr-sum": (["X: n x n", "A: n x n"], r"\operatorname{tr}(A + X A X)", "X"),
    "tr-cycle": (["X: m x n", "A: p x m", "B: n x p"], r"\operatorname{tr}(A X B)", "X"),
    "tr-transpose": (["X: m x n", "A: m x n"], r"\operatorname{tr}(A X^T)", "X"),
    "tr-hadamard": (["X: m x n", "A: n x m", "B: m x n"], r"\operatorname{tr}(A (B \odot X))", "X"),
    "tr-hadamard-quotient": (["X: m x n", "A: n x m", "B: m x n"], r"\operatorname{tr}(A (X \oslash B))", "X"),
    "tr-diag": (["x: n", "B: n x n"], r"\operatorname{tr}(B \operatorname{diag}(x))", "x"),
    "row-transpose": (["x: n", "b: n"], r"x^T b", "x"),
    "row-hadamard": (["x: n", "y: n", "b: n"], r"y^T (b \odot x)", "x"),
    "row-hadamard-quotient": (["x: n", "y: n", "b: n"], r"y^T (x \oslash b)", "x"),
    "row-diag": (["x: n", "y: n", "b: n"], r"y^T \operatorname{diag}(x) b", "x"),
    "row-vec": (["X: m x n", "A: m x n"], r"\operatorname{vec}(A)^T \operatorname{vec}(X)", "X"),
    "row-diagonal": (["X: n x n", "b: n"], r"b^T \operatorname{diag}(X)", "X"),
    "linearity": (["X: n x n", "A: n x n", "B: n x n"], r"\operatorname{tr}(A X) + \operatorname{tr}(B X)", "X"),
    "row-linearity": (["x: n", "b: n", "c: n"], r"b^T x + c^T x", "x"),
    "read-off": (["X: m x n", "A: n x m"], r"\operatorname{tr}(A X)", "X"),
    "vec-product": (["X: m x n", "A: p x m", "B: n x q"], r"A X B", "X"),
    "vec-hadamard": (["X: m x n", "B: m x n"], r"B \odot X", "X"),
    "column-hadamard": (["x: n", "b: n"], r"b \odot x", "x"),
    "column-diag": (["x: n", "b: n"], r"\operatorname{diag}(x) b", "x"),
    "column-scalar": (["x: n", "y: n"], r"(y^T x) x", "x"),
    "exponential-inverse": (["t: scalar", "A: n x n", "a: n", "b: n"], r"a^T (e^{t A})^{-1} b", "t"),
    "exponential-determinant": (["t: scalar", "A: n x n"], r"\det(e^{t A})", "t"),
    "d-below": (["X: m x n", "Y: p x n"], r"\operatorname{tr}(A [X; Y])", "X"),
    "d-beside": (["X: m x n", "Y: m x p"], r"\operatorname{tr}(A \begin{bmatrix} X & Y \end{bmatrix})", "X"),
    "d-kronecker": (["x: n"], r"u^T (x \otimes x)", "x"),
    "d-exponential": (["x: n", "b: n", "a: scalar, positive"], r"a^{b^T x}", "x"),
    "d-power-general": (["x: n", "b: n"], r"(b^T x)^{x^T x}", "x"),
    "d-powers": (["x: n", "y: n", "b: n"], r"b^T (x \odot x)^{\odot (x + y)}", "x"),
    "d-hadamard-exponential": (["x: n, positive", "t: scalar"], r"x^{\odot t}", "t"),
    "d-norm-degree": (["x: n", "k: scalar, integer"], r"\|x\|_k", "x"),
    "d-norm-degree-power": (["x: n", "k: scalar, integer"], r"\|x\|_k^k", "x"),
    "d-maximum": (["x: n", "b: n", "c: n"], r"c^T \max(x, b)", "x"),
    "d-minimum": (["x: n", "b: n", "c: n"], r"c^T \min(x, b)", "x"),
    "d-trace-function": (["X: n x n, positive definite"], r"\operatorname{tr}(\operatorname{logm}(X))", "X"),
    "d-matrix-function": (["X: n x n", "A: n x n"], r"\operatorname{tr}(A e^X)", "X"),
    "tr-function": (["X: n x n", "A: n x n"], r"\operatorname{tr}(A e^X)", "X"),
    "tr-own-function": (["X: n x n"], r"\operatorname{tr}(X e^X)", "X"),
    "vec-matrix-function": (["X: n x n"], r"e^X", "X"),
    "vec-root": (["X: n x n, positive definite"], r"X^{1/2}", "X"),
    "d-cross": (["x: 3", "a: 3", "b: 3"], r"a^T (x \times (b \odot x))", "x"),
    "row-cross-left": (["x: 3", "a: 3", "b: 3"], r"a^T (x \times b)", "x"),
    "row-cross-right": (["x: 3", "a: 3", "b: 3"], r"a^T (b \times x)", "x"),
    "row-cross-matrix": (["x: 3", "a: 3", "b: 3"], r"a^T \operatorname{cross}(x) b", "x"),
    "column-cross-matrix": (["x: 3", "b: 3"], r"\operatorname{cross}(x) b", "x"),
    "column-cross-right": (["x: 3", "b: 3"], r"b \times x", "x"),
    "column-cross-left": (["x: 3", "b: 3"], r"x \times b", "x"),
    "d-cholesky": (["S: n x n, positive definite", "A: n x n"], r"\operatorname{tr}(A \operatorname{cholesky}(S))", "S"),
    "d-largest-entry-vector": (["x: n", "A: m x n"], r"\max(A x)", "x"),
    "d-largest-entry": (["X: m x n"], r"\max(X)", "X"),
    "d-smallest-entry-vector": (["x: n", "A: m x n"], r"\min(A x)", "x"),
    "d-smallest-entry": (["X: m x n"], r"\min(X)", "X"),
    "d-lower-triangle": (["X: n x n"], r"\operatorname{tr}(\operatorname{tril}(X))", "X"),
    "d-upper-triangle": (["X: n x n"], r"\operatorname{tr}(\operatorname{triu}(X))", "X"),
    "tr-lower-triangle": (["X: n x n", "A: n x n"], r"\operatorname{tr}(A \operatorname{tril}(X))", "X"),
    "tr-upper-triangle": (["X: n x n", "A: n x n"], r"\operatorname{tr}(A \operatorname{triu}(X))", "X"),
    "vec-lower-triangle": (["X: n x n"], r"\operatorname{tril}(X)", "X"),
    "vec-upper-triangle": (["X: n x n"], r"\operatorname{triu}(X)", "X"),
    "d-pseudoinverse": (["X: m x n", "A: m x n"], r"\operatorname{tr}(A X^{+})", "X"),
    "d-largest-eigenvalue": (["A: n x n, symmetric"], r"\lambda_{\max}(A)", "A"),
    "d-smallest-eigenvalue": (["A: n x n, symmetric"], r"\lambda_{\min}(A)", "A"),
    "d-largest-singular-value": (["X: m x n"], r"\|X\|_2", "X"),
    "d-largest-eigenvector": (["A: n x n, symmetric", "b: n"], r"b^T q_{\max}(A)", "A"),
    "d-smallest-eigenvector": (["A: n x n, symmetric", "b: n"], r"b^T q_{\min}(A)", "A"),
    "d-left-singular-vector": (["X: m x n", "b: m"], r"b^T u_{\max}(X)", "X"),
    "d-right-singular-vector": (["X: m x n", "b: n"], r"b^T v_{\max}(X)", "X"),
    "d-product-over-index": (["x: n"], r"\prod_{i=1}^n x_i", "x"),
    "log-of-product-over-index": (["x: n"], r"\log \prod_{i=1}^n x_i", "x"),
    "log-of-product": (["x: n", "t: scalar"], r"\log \prod_{i=1}^n (t x_i)", "t"),
    "log-of-power": (["x: n", "t: scalar"], r"\log \prod_{i=1}^n t^{x_i}", "t"),
    "log-of-root": (["x: n", "t: scalar"], r"\log \prod_{i=1}^n \sqrt{t + x_i}", "t"),
    "log-of-exponential": (["x: n", "t: scalar"], r"\log \prod_{i=1}^n \exp(t x_i)", "t"),
    "d-layer-norm": (["x: n", "b: n"], r"b^T \operatorname{LayerNorm}(x)", "x"),
    "d-rms-norm": (["x: n", "b: n"], r"b^T \operatorname{RMSNorm}(x)", "x"),
    "vec-power-sum": (["X: n x n"], r"X^k", "X"),
    "d-nuclear-norm": (["X: m x n"], r"\|X\|_*", "X"),
    "tr-diag-diag": (
        ["x: n", "A: n x n", "B: n x n"],
        r"\operatorname{tr}(A \operatorname{diag}(x) B \operatorname{diag}(x))",
        "x",
    ),
    "vec-transpose": (["X: m x n"], r"X^T", "X"),
    "vec-diag": (["x: n"], r"\operatorname{diag}(x)", "x"),
    "diag-diagonal": (["X: n x n"], r"\operatorname{diag}(\operatorname{diag}(X))", "X"),
    "diagonal-diag": (["x: n", "A: m x n", "B: n x m"], r"\operatorname{diag}(A \operatorname{diag}(x) B)", "x"),
    "diagonal-product": (["X: m x n", "A: n x m"], r"\operatorname{diag}(X A)", "X"),
    "diagonal-entries": (["X: n x n"], r"\operatorname{diag}(X)", "X"),
    "vec-gradient": (["X: m x n", "A: p x m", "Y: p x n", "f: scalar function of Y"], "f", "X"),
    "kronecker-transpose": (["X: m x n", "A: p x q"], r"\operatorname{tr}((X \otimes A)^T B)", "X"),
    "kronecker-inverse": (["X: m x m, invertible", "A: n x n, invertible"], r"\operatorname{tr}((X \otimes A)^{-1} B)", "X"),
    "kronecker-power": (["X: m x m", "A: n x n"], r"\operatorname{tr}((X \otimes A)^3 B)", "X"),
    "kronecker-mixed": (["X: m x n", "A: p x q", "B: n x m", "C: q x p"], r"\operatorname{tr}((X \otimes A) (B \otimes C))", "X"),
    "kronecker-hadamard": (
        ["X: m x m", "A: n x n", "B: m x m", "C: n x n"],
        r"\operatorname{tr}((X \otimes A) \odot (B \otimes C))",
        "X",
    ),
    "log-determinant-kronecker": (["X: m x m, invertible", "A: n x n, invertible"], r"\log\det(X \otimes A)", "X"),
    "determinant-kronecker": (["X: m x m, invertible", "A: n x n, invertible"], r"\det(X \otimes A)", "X"),
    "norm-kronecker": (["X: m x n", "A: p x q"], r"\|X \otimes A\|_F", "X"),
    "norm-vec": (["X: m x n"], r"\|\operatorname{vec}(X)\|", "X"),
    "vec-kronecker-product": (
        ["X: m x n", "A: p x m", "B: n x q", "C: p x q"],
        r"\operatorname{vec}(C)^T (B^T \otimes A) \operatorname{vec}(X)",
        "X",
    ),
    "sum-vec": (["X: m x n"], r"\mathbf{1}^T \operatorname{vec}(X)", "X"),
    "kronecker-ones": (["X: m x n", "A: p x q"], r"\mathbf{1}^T (X \otimes A) \mathbf{1}", "X"),
    "sum-kronecker": (["x: m", "b: n"], r"\mathbf{1}^T (x \otimes b)", "x"),
    "vec-commutation": (["X: m x n", "A: n x m"], r"\operatorname{vec}(A)^T K_{m,n} \operatorname{vec}(X)", "X"),
    "vec-function": (["X: m x n"], r"\mathbf{1}^T \exp(\operatorname{vec}(X))", "X"),
    "tr-kronecker-right": (["X: p x q", "A: m x n"], r"\operatorname{tr}((A \otimes X) B)", "X"),
    "tr-kronecker-left": (["X: p x q", "A: m x n"], r"\operatorname{tr}((X \otimes A) B)", "X"),
    "row-unvec": (["X: m x n"], r"b^T \operatorname{vec}(X)", "X"),
    "vec-unvec": (["X: m x n"], r"\operatorname{vec}(X)^T M \operatorname{vec}(X)", "X"),
    "column-kronecker-right": (["x: n", "b: m"], r"b \otimes x", "x"),
    "column-kronecker-left": (["x: n", "b: m"], r"x \otimes b", "x"),
    "vec-kronecker-right": (["X: m x n", "A: p x q"], r"A \otimes X", "X"),
    "vec-kronecker-left": (["X: m x n", "A: p x q"], r"X \otimes A", "X"),
    "block-product": (["X: m x n", "A: p x m", "B: n x q"], r"A X B", "X"),
    "block-transpose": (["X: m x n", "A: p x n", "B: m x q"], r"A X^T B", "X"),
    "block-scalar": (["X: m x n", "A: n x m", "B: p x q"], r"\operatorname{tr}(A X) B", "X"),
    "block-surroundings": (["X: m x n", "A: p x m", "B: n x q"], r"A \exp(X) B", "X"),
    "block-hadamard": (["X: m x n", "B: m x n"], r"B \odot X", "X"),
    "block-diag": (["x: n"], r"\operatorname{diag}(x)", "x"),
    "block-vec": (["X: m x n"], r"\operatorname{vec}(X)", "X"),
    "block-kronecker-left": (["X: m x n", "B: p x q"], r"X \otimes B", "X"),
    "block-kronecker-right": (["X: m x n", "B: p x q"], r"B \otimes X", "X"),
    "sigmoid-form": (["x: n", "b: n"], r"\log(1 + \exp(b^T x))", "x"),
    "sigmoid-definition": (["x: n", "b: n"], r"(1 + \exp(-b^T x))^{-1}", "x"),
    "tanh-form": (["x: n", "b: n"], r"\log(\cosh(b^T x))", "x"),
    "tan-form": (["x: n", "b: n"], r"\log(\cos(b^T x))", "x"),
    "relu-step": (["x: n", "b: n"], r"\operatorname{relu}(b^T x)^2", "x"),
    "abs-sign": (["x: n", "b: n"], r"|b^T x|^2", "x"),
    "sign-abs": (["x: n", "b: n"], r"\log(|b^T x|)", "x"),
    "softmax-form": (["x: n", "b: n"], r"b^T \exp(x) (\mathbf{1}^T \exp(x))^{-1}", "x"),
    "cancel-right": (["X: n x n, invertible", "A: n x n, invertible"], r"\log\det(X A)", "X"),
    "cancel-left": (["X: n x n, invertible", "A: n x n, invertible"], r"\log\det(A X)", "X"),
}

# What a problem asks besides: a Hessian, or the layout of the rule.
ASKED: dict[str, dict[str, object]] = {
    **{name: {"order": 2} for name in ("vec-gradient", "vec-unvec")},
    **{rule.name: {"layout": "block"} for rule in RULES if rule.when == "layout block"},
}

# Told by the engine without a line of their own: the rule passes silently with the law it stands beside.
SILENT = {rule.name for rule in RULES if not rule.told} | {"read-off"}
# Told rules that no derivation is made by, each with the reason; a wrong one fails its own check and its proof.
CARRIED: dict[str, str] = {
    "symmetric": "it decides where transposes stand, which no statement says",
    **dict.fromkeys(
        (rule.name for rule in block_layout.RULES if rule.name not in ("block-product", "block-transpose", "block-diag")),
        "stated of the variable itself, and carried out on whatever the variable stands in",
    ),
    "vec-unvec": "both sides have one normal form: vec of what it undoes is silent",
    "d-determinant-adjugate": "stated for proofs and the list: the determinant is told in the form with the inverse",
    "read-off": "both sides have one normal form: it says how the last line is read",
}
# Stated for proofs and for the list only: the determinant is told in the form with the inverse.
UNTOLD = {"d-determinant-adjugate"}


def told(asked: Problem, **more: object) -> Told | Finding:
    """Return the full derivation of a problem."""
    let, f, wrt = asked
    functions = "matrix" if r"\sin(" in f or r"\cos(" in f else "elementwise"
    where = {"Y": "A X"} if f == "f" else {}
    row = {"id": 0, "let": let, "where": where, "f": f, "wrt": wrt, "functions": functions, **more}
    meant = problem(row)
    return (
        meant
        if isinstance(meant, Finding)
        else tell(meant.f, meant.wrt, meant.context, order=meant.order, settings=Settings(steps="full"))
    )


def told_for(name: str) -> Told | Finding:
    """Return the full derivation of the problem of a rule."""
    return told(PROBLEMS[name], **ASKED.get(name, {}))


def used(derivation: Told) -> list[str]:
    return [name for line in derivation.lines for name in line.rules]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_every_rule_is_used_in_its_problem(rule: Rule) -> None:
    derivation = told_for(rule.name)
    assert not isinstance(derivation, Finding), derivation
    assert derivation.verdict.outcome == "holds"
    assert (rule.name in used(derivation)) == (rule.name not in SILENT | UNTOLD)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Let a test change the table; every cache of it is emptied before and after."""
    _forget()
    yield monkeypatch
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for cached in (
        match.law,
        match.differential_laws,
        match._differentials,
        match.read_law,
        carry.carriers,
        goals.captions,
        named_forms._entry_forms,
        named_forms._formed,
    ):
        cached.cache_clear()


def said(name: str) -> object:
    """Return the lines of the derivation of the problem of a rule, or the diagnostic."""
    derivation = told_for(name)
    return derivation.lines if isinstance(derivation, Told) else derivation


def changes(rule: Rule, table: pytest.MonkeyPatch) -> bool:
    """Tell whether the problem of a rule is answered otherwise, or not at all, where its right side is doubled."""
    right = said(rule.name)
    _forget()
    wrong = replace(rule, rhs=f"2 ({rule.rhs})")
    table.setattr(laws, "RULES", tuple(wrong if other is rule else other for other in RULES))
    try:
        return said(rule.name) != right
    except goals.MdderiveBug:
        return True


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.told], ids=lambda r: r.name)
def test_a_derivation_is_made_by_the_rules_it_tells(rule: Rule, table: pytest.MonkeyPatch) -> None:
    assert changes(rule, table) == (rule.name not in CARRIED), CARRIED.get(rule.name, "a wrong entry changes no derivation")


def test_every_rule_has_its_problem() -> None:
    assert PROBLEMS.keys() == NAMED.keys()
    assert NAMED.keys() >= CARRIED.keys() | UNTOLD


# ---------------------------------------------------------------- premises

PREMISES = [(rule, premise) for rule in RULES for premise in rule.when.split(", ") if premise]
# Premises without which a side has no value: nothing is wrong then, and nothing is told.
HAS_A_VALUE = (
    " invertible",
    " block",
    "S positive definite in d-cholesky",
    "S symmetric in d-largest-eigenvalue",
    "S symmetric in d-smallest-eigenvalue",
    "S symmetric in d-largest-eigenvector",
    "S symmetric in d-smallest-eigenvector",
)
NEEDED = [
    pytest.param(rule, p, id=f"{rule.name}: {p}")
    for rule, p in PREMISES
    if not p.endswith(HAS_A_VALUE) and not f"{p} in {rule.name}".endswith(HAS_A_VALUE)
]


@pytest.mark.parametrize(("rule", "premise"), NEEDED)
def test_a_rule_is_wrong_without_its_premise(rule: Rule, premise: str) -> None:
    law = read_law(replace(rule, when=", ".join(w for w in rule.when.split(", ") if w != premise)))
    assert holds(law.lhs, law.rhs, ground(law)).outcome == "wrong"
    complete = read_law(rule)
    assert holds(complete.lhs, complete.rhs, ground(complete)).outcome == "holds"


# What happens where the premise of a told rule is missing: another rule, or the code of a refusal.
WITHOUT: dict[str, tuple[Problem, str]] = {
    **{name: (PROBLEMS[name], "") for name, more in ASKED.items() if "layout" in more},
    "d-exponential": ((["a: scalar, positive", "t: scalar"], "a^t", "a"), ""),
    "d-hadamard-exponential": ((["a: n, positive", "t: scalar"], r"a^{\odot t}", "a"), ""),
    "symmetric": ((["x: n", "S: n x n"], r"x^T S x", "x"), ""),
    "symmetric-direction": ((["S: n x n", "M: n x n"], r"\operatorname{tr}(M S)", "S"), ""),
    "diagonal-direction": ((["S: n x n", "M: n x n"], r"\operatorname{tr}(M S)", "S"), ""),
    "orthogonal": ((["X: n x n", "Q: n x n, invertible"], r"\operatorname{tr}(Q^{-1} X)", "X"), ""),
    "d-matrix-exponential": ((["t: scalar", "A: n x n", "a: n", "b: n"], r"a^T e^{t A} b", "A"), ""),
    "d-matrix-sine": ((["t: scalar", "A: n x n", "a: n", "b: n"], r"a^T \sin(t A) b", "A"), ""),
    "d-matrix-cosine": ((["t: scalar", "A: n x n", "a: n", "b: n"], r"a^T \cos(t A) b", "A"), ""),
    "d-cholesky": ((["A: n x n"], r"\operatorname{tr}(\operatorname{cholesky}(A))", "A"), "DRV405"),
    "d-largest-eigenvalue": ((["A: n x n"], r"\lambda_{\max}(A)", "A"), "DRV405"),
    "d-smallest-eigenvalue": ((["A: n x n"], r"\lambda_{\min}(A)", "A"), "DRV405"),
    "d-largest-eigenvector": ((["A: n x n"], r"q_{\max}(A)", "A"), "DRV405"),
    "d-smallest-eigenvector": ((["A: n x n"], r"q_{\min}(A)", "A"), "DRV405"),
    "tr-own-function": ((["X: n x n", "A: n x n"], r"\operatorname{tr}(A e^X)", "X"), ""),
    "d-trace-function": ((["X: n x n", r"\sigma: elementwise"], r"\operatorname{tr}(\sigma(X))", "X"), ""),
    "d-matrix-function": ((["X: n x n", "A: n x n", r"\sigma: elementwise"], r"\operatorname{tr}(A \sigma(X))", "X"), ""),
}


@pytest.mark.parametrize("name", sorted(WITHOUT))
def test_a_rule_is_not_told_without_its_premise(name: str) -> None:
    asked, code = WITHOUT[name]
    derivation = told(asked)
    if isinstance(derivation, Finding):
        assert derivation.code == code
        return
    assert not code
    assert derivation.verdict.outcome == "holds"
    assert name not in used(derivation)
    complete = told_for(name)
    assert isinstance(complete, Told)
    assert complete.lines[-1].right != derivation.lines[-1].right


@pytest.mark.parametrize("name", ["d-constant", "d-scale", "d-linear"])
def test_a_silent_rule_passes_over_constants_only(name: str) -> None:
    law = read_law(NAMED[name])
    context = ground(law)
    constant = {letter for letter, prop in law.premises if prop == "constant"}
    inner = law.lhs.args[0]
    letters = {node.name for node in inner.walk() if node.op == "sym"}
    assert Differentiator(frozenset(letters - constant), context).of(inner) == law.rhs
    for letter in constant:
        other = Differentiator(frozenset(letters - constant | {letter}), context).of(inner)
        assert other != law.rhs
        free = {**context.symbols, letter: Symbol(letter, context.symbols[letter].shape)}
        assert holds(law.lhs, other, replace(context, symbols=free), varying=frozenset(letters)).outcome == "holds"


# The inverse in a rule exists only where its letter is invertible. Of a matrix that never is, nothing is told to hold.
SINGULAR: dict[str, Problem] = {
    "cancel-right": (["a: n", "b: n", "A: n x n"], r"\log\det(a b^T A)", "a"),
    "cancel-left": (["a: n", "b: n", "A: n x n"], r"\log\det(A a b^T)", "a"),
    "d-log-determinant": (["a: n", "b: n"], r"\log\det(a b^T)", "a"),
    "d-determinant-power": (["a: n", "b: n"], r"\det((a b^T)^3)", "a"),
    "d-inverse": (["a: n", "b: n", "c: n"], r"c^T (a b^T)^{-1} c", "a"),
    "d-determinant": (["a: n", "b: n"], r"\det(a b^T)", "a"),
    "d-adjugate": (["a: n", "b: n", "B: n x n"], r"\operatorname{tr}(B (a b^T)^{\#})", "a"),
}


@pytest.mark.parametrize("name", sorted(SINGULAR))
def test_a_rule_for_invertible_matrices_proves_nothing_of_a_singular_one(name: str) -> None:
    derivation = told(SINGULAR[name])
    if not isinstance(derivation, Finding) and name in used(derivation):
        assert derivation.verdict.outcome == "undecided"
    regular = told_for(name)
    assert isinstance(regular, Told)
    assert regular.verdict.outcome == "holds"


def test_every_premise_has_a_test() -> None:
    silent = {"d-constant", "d-scale", "d-linear"}
    assert {rule.name for rule, _ in PREMISES} == WITHOUT.keys() | SINGULAR.keys() | silent


# Exponents of entries are constant, or the base is; and only square matrices have what needs a square.
REFUSED: Sequence[tuple[Problem, str]] = (
    ((["a: n", "b: n", "t: scalar"], r"b^T (t a)^{\odot t}", "t"), "DRV405"),
    ((["X: m x n"], r"\det(X)", "X"), "DRV303"),
    ((["X: m x n"], r"\log\det(X)", "X"), "DRV303"),
    ((["X: m x n"], r"\operatorname{tr}(X)", "X"), "DRV303"),
    ((["X: m x n", "a: m", "b: n"], "a^T X^{-1} b", "X"), "DRV303"),
    ((["X: m x n", "a: m", "b: n"], "a^T X^3 b", "X"), "DRV308"),
)


@pytest.mark.parametrize(("asked", "code"), REFUSED, ids=lambda case: case[1] if isinstance(case, tuple) else case)
def test_a_rule_does_not_fire_on_what_its_letters_do_not_mean(asked: Problem, code: str) -> None:
    derivation = told(asked)
    assert isinstance(derivation, Finding)
    assert derivation.code == code


# A letter for a column takes no matrix: each shape has its own rule.
@pytest.mark.parametrize(("f", "name"), [(r"\|Z\|_F", "d-norm"), (r"\|z\|", "d-norm-vector"), (r"\|Z\|_1", "d-norm1")])
def test_a_letter_takes_the_shapes_it_stands_for(f: str, name: str) -> None:
    derivation = told((["Z: m x n"], f, "Z") if "Z" in f else (["z: n"], f, "z"))
    assert isinstance(derivation, Told)
    assert used(derivation)[:1] == [name]
