"""What a note holds reaches terminals, build servers and viewers as text, and nothing else."""

import json
import re

import pytest

import mdderive
from mdderive.check.pipeline import check
from mdderive.output.reports import FORMATS, report
from tests.documents import document
from tests.output.test_escaping import BLOCKS, PAGES, PAYLOADS, Elements, placed

MORE = (
    "::error file=x::y",
    "##[error]x",
    "x\r::warning::y",
    "%0A::error::x",
    "\x1b]8;;http://a.b\x07x",
    "\x9b31m",
    "x\u2028y",
    "\x08\x08",
)
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
STATED = 'title="a" @'
NOTES = [
    *BLOCKS,
    f"~~~derive {STATED}\nx: n\nx = 2 x\n~~~\n",
    "~~~derive\nx: n, @: n\nx = 2 x @\n~~~\n",
    "~~~derive\n@\n~~~\n",
    "$x @ = @$",
]


@pytest.mark.parametrize("note", range(len(NOTES)))
@pytest.mark.parametrize("payload", [*PAYLOADS, *MORE])
def test_reports_hold_a_payload_as_text(payload, note):
    made = report([check(placed(NOTES[note], payload), "note.md")])
    for form in ("full", "concise", "github"):
        assert not STEERING.search(FORMATS[form](made)), form
    lines = FORMATS["github"](made).splitlines()
    assert len(lines) == len(made.findings())
    assert all(re.match(r"::(error|warning|notice) title=mdderive DRV\d{3},file=note\.md,", line) for line in lines)
    assert not any(line.lstrip().startswith("::") for line in FORMATS["concise"](made).splitlines())
    for result in json.loads(FORMATS["sarif"](made))["runs"][0]["results"]:
        assert not re.search(r"\]\(", result["message"]["text"])
    assert json.loads(FORMATS["json"](made))["version"] == 1


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("prefix", ["", "- item\n\n    "])
def test_the_box_of_a_page_that_is_served_has_no_elements_but_its_own(payload, prefix):
    indent = " " * 4 * bool(prefix)
    text = f'~~~derive title={payload} oops="x"\nx: n\nx = x\n~~~\n'
    text = prefix + text.replace("\n", "\n" + indent)
    found = check(text, f"docs/{payload}.md")
    shown = mdderive.convert(found, boxes="en")
    assert "<div" in shown
    assert "~~~derive" not in shown
    for page in PAGES.values():
        elements = Elements(page(shown))
        assert {tag[0] for tag in elements.tags if isinstance(tag, tuple)} <= {"div", "b", "pre", "span", "p", "ul", "li"}
        assert {key for key, _ in elements.attributes()} <= {"class", "style"}


def test_titles_steer_no_terminal():
    from mdderive.output.pages import OUTPUTS
    from mdderive.output.story import story
    from tests.documents import fence

    text = "```derive\nf\n```\n"
    lines = OUTPUTS["text"](story(document(text, fence(text, title="\x1b[31mred\x07\u202e")).blocks[0]))
    assert not STEERING.search("\n".join(lines))
