"""Every notation reads as the tree it stands for."""

import json
from pathlib import Path

import pytest

from mdderive.engine.match import read_law
from mdderive.latex.elaborate import read, read_equation
from mdderive.latex.parse import parse_statement
from mdderive.model.diagnostics import Finding
from mdderive.rules.book import RULES
from tests.latex.reading import CONTEXT, short

DERIV = "deriv[denominator](apply[f](Y), Y)"
NOTATIONS = [
    # products and scalars
    (r"a^T X b", "mul(transpose(a), X, b)"),
    (r"2 a^T X b", "mul(2, mul(transpose(a), X, b))"),
    (r"x^T B x\, x", "mul(mul(transpose(x), B, x), x)"),
    (r"(x^T y) w", "mul(mul(transpose(x), y), w)"),
    (r"X\, b^T b", "mul(X, mul(transpose(b), b))"),
    (r"(XC)A", "mul(X, C, A)"),
    (r"-X", "mul(-1, X)"),
    (r"-2X", "mul(-2, X)"),
    (r"-(2)", "-2"),
    (r"t(X)", "mul(t, X)"),
    # numbers and fractions
    (r"2.5 X", "mul(5/2, X)"),
    (r"2.0000000000002X", "mul(10000000000001/5000000000000, X)"),
    (r"\frac12 x", "mul(1/2, x)"),
    (r"\frac{2}{3n} X", "mul(2/3, pow(n, -1), X)"),
    (r"\frac{X}{2}", "mul(1/2, X)"),
    (r"\frac{1}{t^2}", "pow(t, -2)"),
    (r"1/2 x", "mul(1/2, x)"),
    (r"t^{1/2}", "pow(t, 1/2)"),
    # transposes, inverses, powers
    *(
        (rf"X^{t} a", "mul(transpose(X), a)")
        for t in ("T", "{T}", r"\top", r"{\top}", r"{\mathsf T}", r"{\intercal}", r"{\rm T}")
    ),
    (r"B^{-1}", "inv(B)"),
    (r"B^{-T}", "transpose(inv(B))"),
    (r"B^{-\top}", "transpose(inv(B))"),
    (r"B^2", "pow(B, 2)"),
    (r"B^{t-1}", "pow(B, add(t, -1))"),
    (r"X^{\odot 2}", "hpow(X, 2)"),
    (r"X^{\circ 2}", "hpow(X, 2)"),
    (r"X^{\odot -1}", "hpow(X, -1)"),
    (r"B^{\#}", "adj(B)"),
    # entrywise and Kronecker products
    (r"2 X \odot Y", "had(mul(2, X), Y)"),
    (r"-X \odot Y", "mul(-1, had(X, Y))"),
    (r"X \odot Y \odot Z", "had(X, Y, Z)"),
    (r"X \circ Y", "had(X, Y)"),
    (r"X \oslash Y", "hdiv(X, Y)"),
    (r"X \otimes Y", "kron(X, Y)"),
    # functions
    *((f"{tr}(A)", "tr(A)") for tr in ("tr", r"\tr", r"\Tr", r"\operatorname{tr}", r"\mathrm{tr}", r"\text{tr}", "trace", "t r")),
    (r"tr(A)A", "mul(tr(A), A)"),
    (r"\det A", "det(A)"),
    (r"|A||B|", "mul(det(A), det(B))"),
    (r"\left|A\right|", "det(A)"),
    (r"\lvert t \rvert", "fn[abs](t)"),
    (r"\log\det A", "fn[log](det(A))"),
    (r"\ln|A|", "fn[log](det(A))"),
    (r"\|x\|_2^2", "pow(norm(x), 2)"),
    (r"\lVert X \rVert_F", "norm(X)"),
    (r"\|x\|_1", "norm1(x)"),
    (r"\|t\|", "fn[abs](t)"),
    (r"\langle X, Y\rangle", "inner(X, Y)"),
    (r"\sigma'(X)", r"fn[\sigma'](X)"),
    (r"\sigma^{\prime}(X)", r"fn[\sigma'](X)"),
    (r"\sigma''(X)", r"fn[\sigma''](X)"),
    (r"e^{Xb}", "fn[exp](mul(X, b))"),
    (r"e^{At}", "mfn[exp](mul(A, t))"),
    (r"\exp(A)", "fn[exp](A)"),
    (r"\sin At", "fn[sin](mul(A, t))"),
    (r"\operatorname{softmax}(x)", "softmax(x)"),
    (r"\operatorname{diag}(x)", "diag(x)"),
    (r"\operatorname{diag}(A)", "diagonal(A)"),
    (r"\operatorname{vec}(X)", "vec(X)"),
    (r"\operatorname{ReLU}(x)", "fn[relu](x)"),
    (r"\sqrt\left(t\right)", "fn[sqrt](t)"),
    # differentials
    *((d, "d(X)") for d in ("dX", "d X", r"\mathrm{d}X", r"\mathrm{dX}", r"\mathrm d X", r"\text{d}X", "(dX)")),
    (r"d X b", "mul(d(X), b)"),
    (r"d(XC)", "d(mul(X, C))"),
    (r"dB^{-1}", "d(inv(B))"),
    (r"dX^T", "d(transpose(X))"),
    (r"d|A|", "d(det(A))"),
    (r"d\log|A|", "d(fn[log](det(A)))"),
    (r"d\sigma(X)", r"d(fn[\sigma](X))"),
    (r"dtr(A)", "d(tr(A))"),
    (r"df", "d(apply[f](Y))"),
    # derivatives
    *(
        (g, DERIV)
        for g in (r"\frac{\partial f}{\partial Y}", r"\frac{df}{dY}", r"\frac{\mathrm{d}f}{\mathrm{d}Y}", r"\nabla_Y f")
    ),
    (r"\frac{\partial{f}}{\partial{Y}}^T", f"transpose({DERIV})"),
    (r"\frac{\partial f}{\partial Y^T}", f"transpose({DERIV})"),
    (r"\frac{\partial f^T}{\partial Y}", f"transpose({DERIV})"),
    (r"\frac{\partial (X b)^T}{\partial b}", "deriv[denominator](mul(X, b), b)"),
    (r"\frac{\partial (X^T)}{\partial X}", "deriv[denominator](transpose(X), X)"),
    (r"\frac{\partial tr(AA)}{\partial A}", "deriv[denominator](tr(mul(A, A)), A)"),
    (r"\frac{d}{dt} e^{At}", "deriv[denominator](mfn[exp](mul(A, t)), t)"),
    (r"\frac{\partial^2 f}{\partial Y \partial Y^T}", "hess[denominator](apply[f](Y), Y)"),
    (r"\nabla^2_Y f", "hess[denominator](apply[f](Y), Y)"),
    # reserved letters
    (r"x^T \mathbf{1}", "mul(transpose(x), ones[n])"),
    (r"\mathbf{1}_{m \times n}", "ones[m x n]"),
    (r"I b", "mul(identity[n x n], b)"),
    (r"I_{mn}", "identity[m n x m n]"),
    (r"0_{m \times n}", "zero[m x n]"),
    (r"K_{m,n}", "m,n"),
    (r"X - 0", "add(X, zero[m x n])"),
]


@pytest.mark.parametrize(("text", "tree"), NOTATIONS)
def test_notation(text, tree):
    found = read(text, CONTEXT)
    assert not isinstance(found, Finding), found
    assert short(found) == tree


def test_zero_takes_the_shape_of_the_other_side():
    found = read_equation("X = 0", CONTEXT)
    assert not isinstance(found, Finding)
    assert short(found[1]) == "zero[m x n]"


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_rule_reads(rule):
    assert read_law(rule).lhs.shape == read_law(rule).rhs.shape


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("a = b = c", [["a", "b", "c"]]),
        (r"\begin{aligned} f &= a\\ &= b \\ g &= c \end{aligned}", [["f", "a", "b"], ["g", "c"]]),
        (r"\begin{aligned} a &= b \\ -c &= d\end{aligned}", [["a", "b"], ["-c", "d"]]),
        (r"\begin{equation}\begin{aligned} a &= b \end{aligned}\end{equation}", [["a", "b"]]),
        ("f = ?", [["f", "?"]]),
        ("a = b.", [["a", "b"]]),
    ],
)
def test_statement(text, sides):
    chains = parse_statement(text)
    assert not isinstance(chains, Finding), chains
    assert [[text[s.span.start : s.span.end] for s in chain.sides] for chain in chains] == sides


SEEDS = Path(__file__).parents[3] / "shared" / "seeds" / "equations.jsonl"


@pytest.mark.skipif(not SEEDS.exists(), reason="the seed notes are not beside the repository")
def test_formulas_of_real_notes_parse():
    """Index sums, explicit matrices and signs of two meanings are refused; everything else in the notes parses."""
    rows = [json.loads(line) for line in SEEDS.read_text(encoding="utf-8").splitlines()]
    latex = [row["latex"] for row in rows if row["checkable"] != "no" and row["delim"] != "prose"]
    beyond = (r"\sum", r"\pm", "matrix", "array", r"\dots", "<")
    within = [text for text in latex if not any(word in text for word in beyond)]
    refused = [text for text in within if isinstance(parse_statement(text), Finding)]
    assert len(within) > 150
    assert len(refused) <= 2, refused
