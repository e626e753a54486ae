"""What must not be read as something else: each of these once passed silently, or raised."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mdderive.latex.elaborate import read
from mdderive.latex.parse import parse_statement
from mdderive.latex.write import write
from mdderive.model.diagnostics import Finding
from tests.latex.reading import CONTEXT, short

READ = [
    ("det(A)", "det(A)"),
    ("diag(x)", "diag(x)"),
    ("tr A A", "tr(mul(A, A))"),
    (r"cosX \odot X", "had(fn[cos](X), X)"),
    (r"\sqrt[3]{t}", "pow(t, 1/3)"),
    (r"\log|A|^2", "fn[log](pow(det(A), 2))"),
    (r"\frac{\partial X^T}{\partial X}", "deriv[denominator](transpose(X), X)"),
    (r"X^\mathrm{T} a", "mul(transpose(X), a)"),
    (r"{\rm d}X", "d(X)"),
    (r"d\, X", "d(X)"),
    (r"\|x\|^2_2", "pow(norm(x), 2)"),
]
REFUSED = [
    ("DRV203", "t²"),
    ("DRV203", "x_1²"),
    ("DRV204", r"x \cdot"),
    ("DRV204", "X_"),
    ("DRV214", r"\partial^2 f"),
    ("DRV214", r"\nabla_x x^T B x"),
    ("DRV215", "9" * 5000),
    ("DRV215", r"\frac{1}{" * 99 + "t" + "}" * 99),
    ("DRV215", "d " * 300 + "X"),
    ("DRV223", "B^{(1)}"),
    ("DRV224", r"I_{m \times n}"),
    ("DRV224", "K_{m,}"),
    ("DRV223", "2^T x"),
    ("DRV225", "1/0"),
    ("DRV235", "x_{ij}"),
    ("DRV223", r"\sin^{-1}(t)"),
]
STATEMENTS = [
    (r"\begin{aligned} f &= a \\ & + b \\ &= c \end{aligned}", [r"f", r"a \\ & + b", "c"]),
    (r"\begin{aligned} f &= a + \\ & b \end{aligned}", ["f", r"a + \\ & b"]),
]


@pytest.mark.parametrize(("text", "tree"), READ)
def test_reads_as_meant(text, tree):
    found = read(text, CONTEXT)
    assert not isinstance(found, Finding), found
    assert short(found) == tree


@pytest.mark.parametrize(("code", "text"), REFUSED, ids=lambda v: v[:24])
def test_is_refused(code, text):
    found = read(text, CONTEXT)
    assert isinstance(found, Finding), short(found)
    assert found.code == code
    assert found.message("en")
    assert found.message("zh")


@pytest.mark.parametrize(("text", "sides"), STATEMENTS)
def test_row_that_goes_on(text, sides):
    chains = parse_statement(text)
    assert not isinstance(chains, Finding), chains
    assert [[text[s.span.start : s.span.end] for s in chain.sides] for chain in chains] == [sides]


@pytest.mark.parametrize("text", [r"a = b \quad c = d", r"a = b, c = d", r"a &= b & c &= d", "a = b \\\\[2pt] c = d"])
def test_statements_apart(text):
    chains = parse_statement(text)
    assert not isinstance(chains, Finding), chains
    assert [[text[s.span.start : s.span.end] for s in chain.sides] for chain in chains] == [["a", "b"], ["c", "d"]]


def test_scalar_run_behind_a_matrix_is_written_in_brackets():
    tree = read(r"X\, b^T b", CONTEXT)
    assert read(write(tree, CONTEXT), CONTEXT) == tree


PIECES = [
    r"\frac", r"\partial", "{", "}", "(", ")", "^", "_", "d", "X", "x", "|", r"\|", r"\left", "'", "T", "-", "+", "=", r"\\", "&",
    r"\begin{aligned}", r"\end{aligned}", r"\text", r"\mathbf", "12", ".", ",", r"\,", r"\odot", "\\", "中", "²", r"\nabla",
    r"\sqrt", "[", "]", "%", "\n", "$", "tr", "exp", r"\langle", "/", "I_", "K_", "0_", "e", r"\prime", r"\#",
]  # fmt: skip


@given(st.one_of(st.text(max_size=20), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)))
@settings(max_examples=300, deadline=None, derandomize=True)
@example("²")
@example("K_{m,}")
def test_no_text_raises(text):
    for found in (read(text, CONTEXT), parse_statement(text)):
        if isinstance(found, Finding):
            found.message("en")
            found.help("zh")
            assert 0 <= found.span.start <= found.span.end <= len(text)
