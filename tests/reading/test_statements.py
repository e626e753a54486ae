"""Lines of a block: where statements stand and what the declarations among them say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdderive.reading.statements import (
    MAX_LENGTH,
    MAX_LINES,
    Declaration,
    Formula,
    FunctionDeclaration,
    PremiseLine,
    SizeRelation,
    Unreadable,
    split,
)


def declared(text):
    """Return declarations as (name, shape, properties)."""
    found = split(text)
    assert all(isinstance(s, Declaration) for s in found), found
    return [(s.name, str(s.shape), " ".join(sorted(s.properties))) for s in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: m,  X: m x n,  b: n", [("a", "m", ""), ("X", "m x n", ""), ("b", "n", "")]),
        ("A: n x n, symmetric, x: n; a, b: n", [("A", "n x n", "symmetric"), ("x", "n", ""), ("a", "n", ""), ("b", "n", "")]),
        ("S: n x n, positive  definite, constant", [("S", "n x n", "constant positive definite")]),
        ("A, B: n x n, diagonal", [("A", "n x n", "diagonal"), ("B", "n x n", "diagonal")]),
        (r"X: m \times n; Y: m×n; Z: mxn", [("X", "m x n", ""), ("Y", "m x n", ""), ("Z", "m x n", "")]),
        ("t: scalar, positive", [("t", "scalar", "positive")]),
        ("x: 3, Y: 2 x 4, r: 1 x n, s: 1", [("x", "3", ""), ("Y", "2 x 4", ""), ("r", "1 x n", ""), ("s", "scalar", "")]),
        (r"x \in \mathbb{R}^{n}", [("x", "n", "")]),
        (r"x \in \mathbb R^n", [("x", "n", "")]),
        (r"t \in \mathbb{R}", [("t", "scalar", "")]),
        (
            r"A, B \in \mathbb{R}^{m \times n}, symmetric, x \in \mathbb{R}^n",
            None,
        ),
        (r"A \in \mathbb{R}^{n \times n}, symmetric", [("A", "n x n", "symmetric")]),
        (
            r"\mathbf x: n, W_{1}: n x m, W_{12}: n, \hat{y}: n",
            [(r"\mathbf{x}", "n", ""), ("W_1", "n x m", ""), ("W_{12}", "n", ""), (r"\hat{y}", "n", "")],
        ),
        (r"\Sigma: n x n, d: n, I: n x n", [(r"\Sigma", "n x n", ""), ("d", "n", ""), ("I", "n x n", "")]),
        ("x: n，y: m；z: k", [("x", "n", ""), ("y", "m", ""), ("z", "k", "")]),
        ("x：n_1", [("x", "n_1", "")]),
        ("a: n, % b: m", [("a", "n", "")]),
    ],
)
def test_declarations(text, expected):
    if expected is None:
        found = [s for s in split(text) if isinstance(s, Unreadable)]
        assert [s.finding.code for s in found] == ["DRV121", "DRV121"]
        return
    assert declared(text) == expected


def test_functions_and_relations_and_premises():
    text = "\\sigma: elementwise\nf: scalar  function of Y_{1}\nm >= n\nn \\le m\nk > 2\nm = n\ngiven: \\mathbf{1}^T y = 1"
    sigma, f, *relations, equal, premise = split(text)
    assert sigma == FunctionDeclaration(sigma.span, r"\sigma")
    assert f == FunctionDeclaration(f.span, "f", "Y_1")
    assert [(r.left, r.relation, r.right) for r in relations] == [("m", ">=", "n"), ("m", ">=", "n"), ("k", ">", "2")]
    assert isinstance(equal, SizeRelation)
    assert equal.formula.defines == "m"
    assert isinstance(premise, PremiseLine)
    assert text[premise.formula.start : premise.formula.end] == r"\mathbf{1}^T y = 1"


@pytest.mark.parametrize(
    ("text", "code", "marked", "names"),
    [
        ("lam: scalar", "DRV112", "lam", ()),
        ("X^T: m x n", "DRV112", "X^T", ()),
        (": n", "DRV112", "", ()),
        ("x: vector", "DRV137", "x: vector", ("x",)),
        ("x: 0", "DRV113", "0", ("x",)),
        ("x: n x", "DRV113", "n x", ("x",)),
        ("x:", "DRV113", "x", ("x",)),
        (r"F: \mathbb{R}^n \to \mathbb{R}^m", "DRV113", r"\mathbb{R}^n \to \mathbb{R}^m", ("F",)),
        ("X: m x m, symetric", "DRV114", "symetric", ("X",)),
        ("A: m x n, symmetric", "DRV121", "A", ("A",)),
        ("x: n, y", "DRV127", "y", ("y",)),
    ],
)
def test_a_declaration_that_cannot_be_read(text, code, marked, names):
    (wrong,) = [s for s in split(text) if isinstance(s, Unreadable)]
    span = wrong.finding.span
    assert (wrong.finding.code, text[span.start : span.end], wrong.names) == (code, marked, names)
    assert wrong.finding.message()
    assert wrong.finding.message("zh")


def shown(text):
    return [text[s.span.start : s.span.end] for s in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f = a\n\n  g = b  % c\n", ["f = a", "g = b"]),
        ("f = a, g = b;\nh = c.", ["f = a", "g = b", "h = c."]),
        (r"f = a, \quad g = b", ["f = a", "g = b"]),
        ("f = \\operatorname{tr}(A\n B)\ng = a", ["f = \\operatorname{tr}(A\n B)", "g = a"]),
        ("f = \\frac{a}{ % open\n b}\ng = a", ["f = \\frac{a}{ % open\n b}", "g = a"]),
        ("a = b \\\\\n  = c\nd", ["a = b \\\\\n  = c", "d"]),
        (
            "\\begin{aligned}\nf &= a, \\\\\n &= b\n\\end{aligned}\ng = h",
            ["\\begin{aligned}\nf &= a, \\\\\n &= b\n\\end{aligned}", "g = h"],
        ),
        (r"f = \langle A, B \rangle, g = K_{m,n}", [r"f = \langle A, B \rangle", "g = K_{m,n}"]),
        ("a = 100\\% b % c", ["a = 100\\% b"]),
        ("a = b \\\\% c\n= d", ["a = b \\\\% c\n= d"]),
        ("f = (a\ng = b\nh = c)", ["f = (a\ng = b\nh = c)"]),
        ("f = (a\ng = b", ["f = (a", "g = b"]),
        ("f = [a)\ng = b", ["f = [a)", "g = b"]),
        ("\\begin{aligned}\n(a &= b\n\\end{aligned}\nc = e", ["\\begin{aligned}\n(a &= b\n\\end{aligned}", "c = e"]),
        ("\\begin{aligned}\na &= b\nc = e", ["\\begin{aligned}\na &= b\nc = e"]),
        ("f = \\left( a \\right)\r\ng = b\r\n", ["f = \\left( a \\right)", "g = b"]),
    ],
)
def test_lines_go_on_while_something_is_open(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "defines", "parameter"),
    [
        ("f = a^T x", "f", ""),
        (r"W_{1} := A B", "W_1", ""),
        (r"\mathbf x = A b", r"\mathbf{x}", ""),
        (r"\sigma(x) = \frac{1}{1 + e^{-x}}", r"\sigma", "x"),
        ("df = a", "", ""),
        (r"\frac{\partial f}{\partial x} = a", "", ""),
        ("X^T = X", "", ""),
        ("a b = c", "", ""),
        ("I = A A^{-1}", "", ""),
    ],
)
def test_what_a_line_may_define(text, defines, parameter):
    (formula,) = split(text)
    assert isinstance(formula, Formula)
    assert (formula.defines, formula.parameter) == (defines, parameter)


def test_work_is_bounded():
    long = split("x = " + "a" * MAX_LENGTH + "\ny = a b")
    assert [getattr(s, "finding", None) and s.finding.code for s in long] == ["DRV111", None]
    many = split("x: n\n" * (MAX_LINES + 5))
    assert [s.finding.code for s in many if isinstance(s, Unreadable)] == ["DRV110"]
    assert len(many) == MAX_LINES + 1


SCRAPS = [
    "x",
    "A",
    ":",
    "n",
    " ",
    "\n",
    "m x n",
    ",",
    ";",
    "symmetric",
    "given:",
    "=",
    "\\in",
    "\\mathbb{R}",
    "^",
    "{",
    "}",
    "(",
    ")",
    "\\\\",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(SCRAPS)).map("".join)))
def test_any_text_is_split_and_nothing_is_lost(text):
    """Every character that is no comment, spacing or separator stands in a statement."""
    found = split(text)
    covered = set()
    for s in found:
        assert 0 <= s.span.start <= s.span.end <= len(text)
        covered |= set(range(s.span.start, s.span.end))
    if "%" not in text and not any(isinstance(s, Declaration | FunctionDeclaration | Unreadable) for s in found):
        missed = {text[i] for i in range(len(text)) if i not in covered and not text[i].isspace()}
        assert missed <= set(",;，；\\ ! :")
