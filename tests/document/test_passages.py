"""Where the formulas of a note stand, and how they are cut into statements."""

import pytest

from mdderive.document.accents import accented
from mdderive.document.passages import passages
from mdderive.latex.macros import expanded, macros_of
from mdderive.latex.normalise import cleaned
from mdderive.latex.relations import sentences
from mdderive.model.source import Source


def formulas(text, *, tex=False):
    found = passages(Source(text), tex=tex).passages
    return [" ".join(p.text.text.split()) for p in found if p.kind in ("inline", "display")]


def codes(text):
    return [f.code for f in passages(Source(text)).findings]


def cut(text):
    return [[s.text[s.span.start : s.span.end] for s in found.sides if s.text] for found in sentences(cleaned_text(text))]


def cleaned_text(text):
    [passage] = [p for p in passages(Source(f"$${text}$$")).passages if p.kind == "display"]
    return cleaned(passage.text)[0].text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one $a$ and $$b$$ in a line", ["a", "b"]),
        ("$$\na = b\n$$", ["a = b"]),
        (r"\( a \) and \[ b \]", ["a", "b"]),
        (r"\\( a \\) and \\[ b \\]", ["a", "b"]),
        ("```math\na = b\n```", ["a = b"]),
        ("$`a = b`$", ["a = b"]),
        ("\\begin{align}\na &= b\n\\end{align}", ["\\begin{align} a &= b \\end{align}"]),
        ("> $$\n> a\n> = b\n> $$", ["a = b"]),
        ("`$a$` and\n\n```\n$b$\n```\n\n```derive\nf = $c$\n```", []),
        ("<!-- $a$ --> | $b$ | $c$ |", ["b", "c"]),
        ("---\ntitle: $5\n---\n$a$", ["a"]),
        ("a dollar \\$ and $a$", ["a"]),
    ],
)
def test_formulas_are_found(text, found):
    assert formulas(text) == found


@pytest.mark.parametrize("text", ["It costs $5 here.\n\nAnd $a$ there.", "价格$5和$6元，两种都可以"])
def test_a_dollar_without_partner_is_reported_and_nothing_is_guessed(text):
    assert "DRV133" in codes(text)
    assert formulas(text) in ([], ["a"])


def test_latex_comments_and_verbatim_hold_no_formula():
    assert formulas("% $a$\n\\begin{verbatim}$b$\\end{verbatim} $c$ 50\\% $d$", tex=True) == ["c", "d"]


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("a = b, c = d", [["a", "b"], ["c", "d"]]),
        (r"a = b \quad \text{where } c = d", [["a", "b"], ["c", "d"]]),
        (r"\begin{aligned} a &= b \\ &= c \\ d &= e \end{aligned}", [["a", "b", "c"], ["d", "e"]]),
        (r"\begin{array}{rcl} a &=& b \\ &=& c \end{array}", [["a", "b", "c"]]),
        (r"a = b + \\ + c", [["a", "b + c"]]),
        (r"a = b \\ = c", [["a", "b", "c"]]),
        ("a = b，其中 c = d。", [["a", "b"], ["c", "d"]]),
        (r"a = b \tag{1} \label{x}", [["a", "b"]]),
        (r"a \overset{(1)}{=} b", [["a", "b"]]),
        (r"a = 0 \Rightarrow b = c", [["a", "0"], ["b", "c"]]),
        (r"f(a, b) = c", [["f(a, b)", "c"]]),
    ],
)
def test_statements_are_cut(text, statements):
    assert [[" ".join(side.split()) for side in sides] for sides in cut(text)] == statements


def test_macros_expand_with_arguments_and_come_to_an_end():
    text = r"\newcommand{\m}[1]{\mathbf{#1}} \DeclareMathOperator{\tr}{tr} \def\x{\x} $\tr(\m{A}) \x$"
    [passage] = [p for p in passages(Source(text)).passages if p.kind == "inline"]
    found = expanded(passage.text, macros_of(text))
    assert found.text.startswith(r"\operatorname{tr}(\mathbf{A})")
    assert len(found.text) == len(found.origins)


@pytest.mark.parametrize(
    "piece", ["<!--", "<!--\n", "`a", "` ``` `` ", "$", "\\[", "\\\\(", "\\begin{align} ", "> ", "* [", "<!-- mdderive: X: n "]
)
def test_twenty_thousand_marks_that_stay_open_hide_nothing_below(piece):
    text = piece * 20_000 + "\n\n\nThen $x^T y = y^T x$.\n"
    assert [p.text.text for p in passages(Source(text)).passages if p.kind == "inline"][-1] == "x^T y = y^T x"


@pytest.mark.parametrize("piece", [r"\begin{tikzcd} ", r"\begin{align} ", "\\[ ", "\\( "])
def test_twenty_thousand_marks_that_stay_open_in_latex(piece):
    text = piece * 20_000 + "\n\n\nThen $x^T y = y^T x$.\n"
    assert [p.text.text for p in passages(Source(text), tex=True).passages if p.kind == "inline"][-1] == "x^T y = y^T x"


def test_accents_of_latex_are_letters_and_words_keep_their_places() -> None:
    text = r"""F"ur $x$ l"osen, \'etant d\'{e}fini, fran\c{c}ais, gr\"o\ss er, "use" this $f'(x)$"""
    spelled = accented(text)
    assert len(spelled) == len(text)
    assert spelled.split() == 'Für $x$ lösen , étant défini , français , größer , "use" this $f\'(x)$'.split()
