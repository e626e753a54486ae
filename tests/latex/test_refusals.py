"""What cannot be read is refused with its code, at its place."""

from dataclasses import replace

import pytest

from mdderive.latex.elaborate import read, read_equation
from mdderive.latex.parse import parse_statement
from mdderive.model.context import Symbol
from mdderive.model.diagnostics import CATALOG, Finding
from mdderive.model.shapes import Shape
from mdderive.model.source import Span
from tests.latex.reading import CONTEXT, M

REFUSED = [
    ("DRV201", r"X + \foo X", r"\foo"),
    ("DRV202", r"2 (X + Y", "("),
    ("DRV202", r"2 |A", "|"),
    ("DRV202", r"\frac{t}{c", "{", 2),
    ("DRV203", "X + ? + Y", "?"),
    ("DRV204", "X +", ""),
    ("DRV205", "2 d x^2", "x^2"),
    ("DRV206", r"X \odot Y \otimes Z", r"\otimes"),
    ("DRV207", "||A|B|", "||"),
    ("DRV208", r"\operatorname{foo}(X)", r"\operatorname{foo}"),
    ("DRV209", r"\frac{X}{Y}", "Y"),
    ("DRV212", "(X]", "]"),
    ("DRV213", "C X'", "X'"),
    ("DRV214", r"\nabla t", r"\nabla t"),
    ("DRV216", "X^{T}^{-1}", "^", 2),
    ("DRV217", "t^12", "12"),
    ("DRV219", "X + g(X)", "g(X)"),
    ("DRV220", r"t \|X\|_{3,1}", r"\|X\|_{3,1}"),
    ("DRV221", r"a^T \mathbf{X} b", r"\mathbf{X}"),
    ("DRV222", "B^*", "B^*"),
    ("DRV301", "X + A", "A"),
    ("DRV302", "X a", "a"),
    ("DRV303", r"\det(X)", "X"),
    ("DRV304", "t |X|", "|X|"),
    ("DRV305", "t^{X}", "X"),
    ("DRV306", r"\operatorname{logsumexp}(X)", "X"),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]}-{row[1]}")
def test_refusal(row):
    code, text, at, *which = row
    found = read(text, CONTEXT)
    assert isinstance(found, Finding), found
    place = text[found.span.start : found.span.end]
    assert (found.code, place) in [(code, at), (code, at + "_2")]
    if which:
        assert found.span.start == [i for i in range(len(text)) if text.startswith(at, i)][which[0] - 1]
    for lang in ("en", "zh"):
        assert found.message(lang)
        assert "{" not in found.message(lang).replace("'{'", "").replace("“{”", "") or found.facts
        found.help(lang)


@pytest.mark.parametrize(
    ("code", "text", "span"),
    [
        ("DRV210", r"\begin{cases} a \end{cases}", Span(0, 13)),
        ("DRV211", r"\begin{aligned} a = b \end{align}", Span(22, 33)),
    ],
)
def test_refused_environment(code, text, span):
    found = parse_statement(text)
    assert isinstance(found, Finding)
    assert (found.code, found.span) == (code, span)
    assert code == "DRV210" or found.labels[0].span == Span(0, 15)


def test_deep_nesting_meets_its_bound():
    found = read("(" * 500 + "t" + ")" * 500, CONTEXT)
    assert isinstance(found, Finding)
    assert found.code == "DRV215"


def test_many_tokens_meet_their_bound():
    found = read("t" + "+ t" * 20_000, CONTEXT)
    assert isinstance(found, Finding)
    assert found.code == "DRV215"


def test_an_expression_is_no_equation():
    found = read_equation("X + Y", CONTEXT)
    assert isinstance(found, Finding)
    assert found.code == "DRV218"


def test_shape_conflict_names_the_declaration():
    placed = Symbol("A", Shape(M, M), span=Span(70, 78))
    found = read("X + A", replace(CONTEXT, symbols={**CONTEXT.symbols, "A": placed}))
    assert isinstance(found, Finding)
    assert {label.span for label in found.labels} == {Span(0, 1), Span(70, 78)}


def test_sizes_are_never_made_equal():
    found = read_equation("X = C", CONTEXT)
    assert isinstance(found, Finding)
    assert found.code.startswith("DRV3")


def test_every_row_of_the_reader_has_words_in_both_languages():
    rows = {code: entry for code, entry in CATALOG.items() if code[3] in "23"}
    assert rows
    assert all(entry.words[lang] and entry.help[lang] for entry in rows.values() for lang in ("en", "zh"))
