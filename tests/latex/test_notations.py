r"""How people write what the reader knows under another spelling, and what is remarked upon or refused.

The letters are those of `reading`: X, Y, Z are m x n, A, S m x m, B n x n, C n x m, a, u of size m, b, x, y, w of size n.
"""

import pytest

from mdderive.check.pipeline import check
from mdderive.latex.elaborate import Elaborator, read
from mdderive.latex.letters import names_of
from mdderive.latex.parse import parse
from mdderive.latex.write import write
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.shapes import SCALAR
from mdderive.output.reports import found
from tests.latex.reading import CONTEXT, short

NABLA = "deriv[denominator](apply[f](Y), Y)"
LSE = "fn[log](mul(ones[1 x n], fn[exp](x)))"
SPELLINGS = {
    # maxima, absolute values, norms
    "max(X, Y)": (r"\max(X, Y)", r"\max\left(X, Y\right)", r"\max\{X, Y\}", r"\operatorname{max}(X, Y)"),
    "max(max(x, y), w)": (r"\max(x, y, w)",),
    "min(t, c)": (r"\min(t, c)", r"\min\{t, c\}", "min(t, c)"),
    "fn[relu](x)": (r"\max(0, x)", r"\max\{x, 0\}", r"\operatorname{ReLU}(x)", r"\text{ReLU}(x)"),
    "largest(x)": (r"\max(x)",),
    "smallest(X)": (r"\min(X)",),
    "fn[abs](x)": ("|x|", r"\left|x\right|", r"\operatorname{abs}(x)"),
    "fn[sign](x)": (r"\operatorname{sign}(x)", r"\operatorname{sgn}(x)", r"\mathrm{sign}(x)"),
    "largest(fn[abs](x))": (r"\|x\|_\infty", r"\lVert x \rVert_{\infty}", r"\max(|x|)"),
    "normp(x, 3)": (r"\|x\|_3", r"\left\| x \right\|_{3}"),
    "normp(x, 3/2)": (r"\|x\|_{3/2}", r"\|x\|_{1.5}"),
    "pow(normp(x, p), p)": (r"\|x\|_p^p", r"\|x\|^p_p"),
    "normp(x, c)": (r"\|x\|_c",),
    "normp(x, n)": (r"\|x\|_n",),
    "pow(norm(x), 2)": (r"\Vert x \Vert^2", r"\left\Vert x \right\Vert_2^2", r"\big\| x \big\|^2", r"\lVert x \rVert_2^2"),
    "norm(X)": (r"\|X\|_F", r"\|X\|_{F}", r"\|X\|_{\mathrm{F}}", r"\left\|X\right\|_\text{F}"),
    # inner and entrywise products
    "inner(A, S)": ("A : S", "(A : S)", r"\langle A, S\rangle", r"\left\langle A, S \right\rangle_F", r"\langle A, S\rangle_{F}"),
    "add(inner(A, S), t)": ("A : S + t", "(A:S) + t"),
    "inner(mul(2, A), mul(S, A))": ("2 A : S A",),
    "inner(x, y)": (r"x \cdot y", r"x \bullet y"),
    "inner(a, mul(X, b))": (r"a \cdot X b",),
    "mul(inner(x, y), w)": (r"(x \cdot y) w",),
    "mul(X, b)": (r"X \cdot b", r"X \times b", r"X \, b", r"X \; b", r"X \! b", r"X ~ b", "X{}b", "{X}{b}", r"X \quad b"),
    "mul(t, X)": (r"t \cdot X", r"t \bullet X", r"t \times X", r"{\color{red} t} X", r"\textcolor{blue}{t} X"),
    "had(X, Y)": (r"X \odot Y", r"X \circ Y", r"X \ast Y"),
    "hpow(X, 2)": (r"X^{\circ 2}", r"X^{\odot 2}", r"X^{\circ{2}}"),
    # named operators
    "tr(A)": (
        r"\mathsf{tr}(A)",
        r"\mathbf{tr}(A)",
        r"\operatorname{Tr} A",
        r"\operatorname{tr}\left[A\right]",
        r"\text{Trace}(A)",
    ),
    "fn[exp](tr(A))": (r"\operatorname{etr}(A)",),
    "diag(diagonal(A))": (r"\operatorname{dg}(A)", r"\operatorname{dg} A"),
    LSE: (r"\operatorname{logsumexp}(x)", r"\operatorname{lse}(x)", r"\mathrm{LSE}(x)", r"\text{logsumexp}(x)"),
    "mul(ones[1 x m], X, ones[n])": (r"\operatorname{sum}(X)",),
    "softmax(mul(B, x))": (r"\mathrm{softmax}(Bx)", r"\text{softmax}(Bx)"),
    # transposes and inverses
    "transpose(X)": (r"X^{\mathrm T}", r"X^{\bf T}", r"X^{\mathsf{T}}", r"X^{\text{T}}", r"X^\intercal"),
    "transpose(inv(A))": (r"A^{-1\top}", r"A^{-1 T}", r"A^{-\mathsf{T}}", r"A^{-\intercal}", "{A^{-1}}^T"),
    "det(A)": ("|A|", r"\lvert A \rvert", r"\Big| A \Big|", r"\vert A \vert", r"\operatorname{det} A"),
    # ones, zeros, identities
    "mul(ones[1 x n], x)": (
        *(rf"{one}^T x" for one in (r"\mathbf 1", r"\mathbb 1", r"\mathbb{1}", r"\mathbbm{1}", r"\mathds{1}", r"\bm{1}")),
        r"\mathbf{1}^\top_n x",
        r"\mathbf{1}_n^\top x",
    ),
    "add(X, zero[m x n])": (r"X + \mathbf{0}", r"X + \boldsymbol{0}", "X + 0"),
    "mul(identity[n x n], b)": (r"\mathbb{I}_n b", r"\boldsymbol{I} b", r"\mathbf I b", "I_n b"),
    # fractions
    "mul(1/2, t)": (r"\cfrac{t}{2}", r"{t \over 2}", r"\tfrac12 t", "t/2", "{1 \\over 2} t", r"t \over 2"),
    "pow(add(t, c), -1)": (r"{1 \over t + c}", r"\dfrac{1}{t+c}"),
    # derivatives and differentials
    NABLA: (r"\nabla f", r"\nabla f(Y)", r"\partial_Y f", r"\nabla_{Y} f", r"f_Y"),
    "hess[denominator](apply[f](Y), Y)": (r"\nabla^2 f", r"\nabla_Y^2 f", r"\partial_Y^2 f"),
    "d(X)": (r"\operatorname{d} X", r"\operatorname{d}\!X", r"\mathsf{d} X", r"\operatorname d X"),
    # matrices
    "matrix(1, t, c, 4)": (
        r"\begin{bmatrix} 1 & t \\ c & 4 \end{bmatrix}",
        r"\begin{pmatrix} 1 & t \\ c & 4 \\ \end{pmatrix}",
        r"\left[\begin{matrix} 1 & t \\ c & 4 \end{matrix}\right]",
    ),
    "matrix(1, -2)": (r"\begin{pmatrix} 1 & -2 \end{pmatrix}", r"\begin{bmatrix} 1 & - 2 \end{bmatrix}"),
    "det(matrix(1, t, c, 4))": (r"\begin{vmatrix} 1 & t \\ c & 4 \end{vmatrix}",),
    # looks
    "mul(X, x)": (r"\boxed{X x}", r"\color{red}{X x}", r"X x \tag{3}"),
}
CASES = [(text, tree) for tree, texts in SPELLINGS.items() for text in texts]
REFUSED = [
    ("DRV220", r"\|X\|_{3,1}", r"\|X\|_{3,1}"),
    ("DRV220", r"\|x\|_{0.5}", r"\|x\|_{0.5}"),
    ("DRV231", r"\operatorname{vech}(A)", r"\operatorname{vech}"),
    ("DRV231", r"\mathbb{E}[x]", r"\mathbb"),
    ("DRV231", r"\prod_{i=1}^n A", r"\prod_{i=1}^n A"),
    ("DRV301", r"\max(X, t)", "t"),
    ("DRV301", r"t \ast X", "X"),
    ("DRV206", r"A : S \odot S", r"\odot"),
    ("DRV302", r"x \cdot a", "a"),
    ("DRV302", r"x \, y", "y"),
    ("DRV214", "D f", "D"),
    ("DRV214", r"\nabla t", r"\nabla t"),
    ("DRV304", "|x|^2", "|x|"),
    ("DRV213", "X'X", "X'"),
    ("DRV202", r"\color{red X", "{"),
    ("DRV202", r"\begin{bmatrix} 1 & 2", r"\begin{bmatrix}"),
    ("DRV202", r"\frac{\frac{t}{2}}{\frac{c}{3}", "{"),
    ("DRV212", r"\frac{\frac{t}{2}}}{3}", "}"),
    ("DRV211", r"\begin{bmatrix} 1 \end{pmatrix}", r"\end{pmatrix}"),
    ("DRV232", r"\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}", r"\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}"),
    ("DRV233", r"\begin{bmatrix} A & 1 \end{bmatrix}", "A"),
    ("DRV204", r"{t \over }", "}"),
    ("DRV204", r"\sin()", ")"),
    ("DRV204", r"\begin{bmatrix} t & \\ c & 1 \end{bmatrix}", r"\\"),
]
REMARKED = [
    ("1/2t", r"\frac{1}{2} t", r"\frac{1}{2 t}"),
    ("1/2x_i", r"\frac{1}{2} x_{i}", r"\frac{1}{2 x_{i}}"),
    ("1/2 n", r"\frac{1}{2} n", r"\frac{1}{2 n}"),
    ("t/cn^2", r"\frac{t}{c} n", r"\frac{t}{c n}"),
    ("|x|", r"\operatorname{abs}(x)", r"\|x\|"),
]


def given_names(text, context=CONTEXT):
    syntax = parse(text, names=names_of(context))
    assert not isinstance(syntax, Finding), syntax
    reader = Elaborator(context)
    reader.expression(syntax)
    return reader.notices


@pytest.mark.parametrize(("text", "tree"), CASES, ids=lambda v: v[:40])
def test_spelling_reads_and_is_written_back(text, tree):
    tree_read = read(text, CONTEXT)
    assert not isinstance(tree_read, Finding), tree_read
    assert short(tree_read) == tree
    context = CONTEXT if "p)" not in tree else _with_p()
    assert read(write(tree_read, context), context) == tree_read


def _with_p():
    return Context(symbols={**CONTEXT.symbols, "p": Symbol("p", SCALAR)})


@pytest.mark.parametrize(("code", "text", "place"), REFUSED, ids=lambda v: v[:40])
def test_refusal_names_its_place(code, text, place):
    finding = read(text, CONTEXT)
    assert isinstance(finding, Finding), short(finding)
    assert finding.code == code
    assert text[finding.span.start : finding.span.end].startswith(place)
    assert finding.message("en") != finding.message("zh")


@pytest.mark.parametrize(("text", "reading", "other"), REMARKED)
def test_two_readings_are_both_said(text, reading, other):
    (notice,) = given_names(text)
    assert (notice.code, notice.facts["reading"], notice.facts["other"]) == ("DRV230", reading, other)


@pytest.mark.parametrize("text", [r"1/2 x^T x", r"\frac12 t", "t/2", r"1/2 \|x\|^2", r"1/2 \, t", "x^T x"])
def test_nothing_is_remarked_on_what_has_one_reading(text):
    assert given_names(text) == []


def test_transpose_by_a_declared_letter_is_remarked_on():
    context = Context(symbols={**CONTEXT.symbols, "T": Symbol("T", SCALAR)})
    for text in ("x^T x", r"B^{-T} x"):
        assert [n.code for n in given_names(text, context)] == ["DRV230"]
    assert short(read(r"t^{\,T}", context)) == "pow(t, T)"
    assert given_names(r"x^\top x", context) == []


def test_colon_of_a_declaration_and_of_an_inner_product_in_one_block():
    note = "```derive\nA, X: m x n\nf = A : X\n\\frac{\\partial f}{\\partial X} = A\n(A : X) = \\operatorname{tr}(A^T X)\n```\n"
    assert not found(check(note))
