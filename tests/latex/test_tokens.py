"""Tokens: their kinds, their places, and that nothing between them is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdderive.latex.elaborate import Printed, read_equation
from mdderive.latex.parser import MAX_NESTING
from mdderive.latex.tokens import MAX_DIGITS, tokens
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.shapes import Shape, size

PIECES = [
    "\\",
    "a",
    "B",
    "12",
    "\n",
    " ",
    "% no\n",
    "{",
    "}",
    r"\left",
    r"\big",
    r"\bigl",
    r"\;",
    r"\,",
    "^",
    "_",
    r"\rm",
    ".",
    "$$",
]


def words(text):
    return [(t.kind, t.text) for t in tokens(text)[:-1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"2.5X_1", [("number", "2.5"), ("letter", "X"), ("sign", "_"), ("number", "1")]),
        (r"\left( \alpha\right)", [("sign", "("), ("command", r"\alpha"), ("sign", ")")]),
        (r"\leftarrow\ \bigl|", [("command", r"\leftarrow"), ("sign", "|")]),
        (r"a \\[2pt] b", [("letter", "a"), ("command", r"\\"), ("letter", "b")]),
        (r"\begin{align*} a \end {align*}", [("begin", "align*"), ("letter", "a"), ("end", "align*")]),
        ("a % a remark\n b \\%", [("letter", "a"), ("letter", "b"), ("command", r"\%")]),
        (r"{\rm d}x", [("command", r"\mathrm"), ("sign", "{"), ("letter", "d"), ("sign", "}"), ("letter", "x")]),
        ("a\n\nb", [("letter", "a"), ("sign", "\n\n"), ("letter", "b")]),
        ("a \\", [("letter", "a"), ("sign", "\\")]),
        (r"\|x\|", [("command", r"\|"), ("letter", "x"), ("command", r"\|")]),
    ],
)
def test_kinds(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(("text", "code"), [(r"\begin a", "DRV203"), ("1" * (MAX_DIGITS + 1), "DRV215")])
def test_what_is_refused(text, code):
    with pytest.raises(Refusal) as refused:
        tokens(text)
    assert refused.value.diagnostic.code == code


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_only_space_comments_and_spacing_stand_between_tokens(text):
    found = sorted(tokens(text), key=lambda t: t.span)
    at = 0
    for token in found:
        between = text[at : token.span.start]
        assert not re.sub(r"%[^\n]*|\\(?:left|bigl?|[;!: ])|\s", "", between), between
        at = max(at, token.span.end)
    assert at == len(text)


def test_lines_read_one_by_one_and_together_are_the_same():
    square = Shape(size("n"), size("n"))
    context = Context(symbols={name: Symbol(name, square) for name in "AX"})
    printed = Printed(context)
    lines = [("dX", "A dX"), ("dX", "A X - X + 0"), ("A X", "A dX"), ("A X", "X A"), ("A", "I"), ("A", "X +")]
    lines += [("X", "A (X + A^{-1} (A + X)) A"), ("X", "(A + X)^{-1} (X + A^{-1} (A + X))"), ("X", "((A + X) I) (A + X)^{2}")]
    for left, right in lines:
        assert printed.equation(left, right) == read_equation(f"{left} = {right}", context)


def test_what_is_known_between_brackets_counts_as_deep_as_it_is():
    square = Shape(size("n"), size("n"))
    context = Context(symbols={name: Symbol(name, square) for name in "AX"})
    printed = Printed(context)
    half = "(" * (MAX_NESTING // 2) + "A + X" + ")" * (MAX_NESTING // 2)
    assert not isinstance(printed.equation("A", half), Finding)
    for more, code in ((MAX_NESTING // 2, ""), (MAX_NESTING // 2 + 1, "DRV215")):
        found = printed.equation("A", "(" * more + half + ")" * more)
        assert (found.code if isinstance(found, Finding) else "") == code
