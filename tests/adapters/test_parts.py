"""The blocks of a page judged together: the pieces are those of the story, the places those of the file."""

import pytest

import mdderive
from mdderive.adapters.gate import gate
from mdderive.adapters.parts import Centred, Heading, Inline, Wording, Written, answered, meant, pieces
from mdderive.output.markdown import aligned, formula, markdown
from mdderive.output.story import Displayed, Math, Prose, Remark, Steps, Title, story
from tests.adapters.notes import BLOCK

DEFINED, ASKED = "x: n\nf = x^T x", r"\frac{\partial f}{\partial x} = 2 x"
TITLE = r"A * \ [b](c) $5$ <b> `code` _x_ # {{ y }} --8<-- | ~"
NOTES = [
    BLOCK,
    BLOCK.replace("derive", "derive " + f"title='{TITLE}'").replace("```", "~~~"),
    BLOCK.replace("derive", 'derive lang="zh" steps="full"'),
    BLOCK.replace("derive", 'derive skip="later *and* $x$"'),
    BLOCK.replace("a b^T", "2 a b^T").replace("derive", 'derive expect="DRV401"'),
    "```derive\nX: m x n, w: n, y: m\n"
    "\\frac{\\partial}{\\partial w} \\|Xw - y\\|^2 = 0 \\Rightarrow w = (X^T X)^{-1} X^T y\n```\n",
]


def words(given):
    """Return the words of a story as pieces have them: side by side as one."""
    return tuple(Inline(formula(w.latex)) if isinstance(w, Math) else w for w in joined(given))


def joined(given):
    out = []
    for word in given:
        if isinstance(word, str) and out and isinstance(out[-1], str):
            out[-1] += word
        else:
            out.append(word)
    return out


def told(piece):
    match piece:
        case Title(text):
            return Wording((text,), "strong")
        case Prose(given):
            return Wording(words(given), "plain")
        case Remark(given):
            return Wording(words(given), "emphasis")
        case Steps(rows):
            return Centred("\n".join(aligned(rows)))
        case Displayed(latex):
            return Centred(formula(latex))


@pytest.mark.parametrize("text", NOTES)
def test_the_pieces_of_a_derivation_are_those_of_its_story(text):
    document = mdderive.check(text)
    assert [block.sound for block in document.blocks] == [True]
    written = [piece for piece in story(document.blocks[0], name_layout=True) if markdown([piece])]
    assert [*pieces(mdderive.convert(document))] == [told(piece) for piece in written]


@pytest.mark.parametrize(
    ("between", "outcomes"),
    [([], [True, True]), ([Heading(2)], [True, True]), ([Heading(1)], [True, False])],
    ids=["one section", "a section below", "a section beside"],
)
def test_definitions_hold_to_the_end_of_their_section(between, outcomes):
    given = [Heading(1), Written("", DEFINED, "a.rst", 3), *between, Written("", ASKED, "a.rst", 9)]
    answers = answered(given, gate({}))
    assert [not answer.document.findings for answer in answers] == outcomes
    assert bool(answers[1].pieces) == outcomes[1]


def test_what_is_found_has_the_place_of_its_file():
    wrong = ASKED.replace("2", "3")
    given = [Written("", f"{DEFINED}\n{ASKED}", "a.rst", 3), Written("new", f"{DEFINED}\n{wrong}", "b.rst", 40)]
    right, false = answered(given, gate({}))
    assert right.document.findings == ()
    assert "b.rst:43:33: DRV401" in mdderive.report([false.document], "concise")
    assert "write 2 x" in mdderive.report([false.document], "concise")
    assert false.pieces == ()
    assert right.pieces


@pytest.mark.parametrize("body", ["x: n\n```\n````\nx = x", "```derive\nx: n", "</div>\n# x", "", "\n\n"])
def test_no_body_leaves_its_fence(body):
    first, second = answered([Written("", body, "a"), Written("new", f"{DEFINED}\n{ASKED}", "b")], gate({}))
    assert second.pieces
    assert second.document.findings == ()
    assert all(f.span.start < len(first.document.source.text) for f in first.document.findings)


@pytest.mark.parametrize(
    ("info", "expected"),
    [("derive", True), ("Derive", True), ("derives x", True), ("python", False), ("", False), ("{.derive", True)],
)
def test_what_is_meant_for_a_block(info, expected):
    assert meant(info) is expected


@pytest.mark.parametrize(
    "options", [{"laout": "block"}, {"layout": "none"}, {"equations": "on"}, {"undecided": "off"}, {"lang": "fr"}, {"steps": 3}]
)
def test_options_that_cannot_be_meant_are_errors(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        gate(options)
