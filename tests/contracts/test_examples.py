"""The examples of the documentation do what their pages say."""

import io
import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from mdderive.check.pipeline import check
from mdderive.cli.derive import rows
from mdderive.cli.main import cli
from mdderive.model.diagnostics import CATALOG
from mdderive.model.results import Settings
from mdderive.output.machine import general
from mdderive.output.reports import FORMATS, found, report

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site/docs"
QUOTED = re.compile(r"^````(md|json|console)\n(.*?)^````$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"en": SITE / "diagnostics", "zh": SITE / "zh/diagnostics"}
MISTAKE = (
    "\n" * 10 + "```derive\nW: m x n,  A: m x m\nf = \\operatorname{tr}(W^T A W)\n\\frac{\\partial f}{\\partial W} = 2 A W\n```\n"
)
OUTSIDE_BLOCKS = {"DRV133", "DRV134", "DRV410", "DRV411", "DRV412", "DRV414", "DRV415", "DRV417"}
# What no short example shows: blocks, statements and formulas too long, files that are no text or no notes, pages of other
# plugins, a fault of mdderive.
UNSHOWN = {"DRV110", "DRV111", "DRV150", "DRV190", "DRV192", "DRV193", "DRV194", "DRV195", "DRV409", "DRV901"}


def quoted(file):
    return [text for _, text in QUOTED.findall(file.read_text(encoding="utf-8"))]


def codes(text, kind="md", *, equations=False):
    """Return the codes that a note, rows of `derive --batch` or a command come to."""
    match kind:
        case "json":
            answers = [json.loads(row) for row in rows(io.BytesIO(text.encode()))]
            return {answer["error"]["code"] for answer in answers if answer["status"] != "ok"}
        case "console":
            _, *words = shlex.split(text)
            result = CliRunner().invoke(cli, words)
            return set(re.findall(r"DRV\d{3}", result.stderr)) if result.exit_code else set()
    return {finding.code for finding in found(check(text, settings=Settings(equations=equations)))}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", sorted(CATALOG))
def test_an_example_triggers_its_code_and_nothing_else(code, lang):
    text = (LANGUAGES[lang] / f"{code}.md").read_text(encoding="utf-8")
    shown = QUOTED.findall(text)
    if code in UNSHOWN:
        assert not shown
        return
    (kind, example), (_, instead) = shown
    equations = code in OUTSIDE_BLOCKS
    assert codes(example, kind, equations=equations) == {code}
    assert codes(instead, kind, equations=equations) == set()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", sorted(CATALOG))
def test_a_page_has_the_words_of_its_code_and_says_more(code, lang):
    heading, _, rest = (LANGUAGES[lang] / f"{code}.md").read_text(encoding="utf-8").partition("\n")
    colon = {"en": ": ", "zh": "："}[lang]
    assert heading == f"# {code}{colon}{general(CATALOG[code].words[lang])}"
    prose = rest.partition("\n## ")[0].strip()
    assert prose
    assert bool(re.search("[\u4e00-\u9fff]", prose)) == (lang == "zh")


def test_no_page_is_left_of_a_code_that_is_gone():
    for folder in LANGUAGES.values():
        assert {file.stem for file in folder.glob("*.md")} == CATALOG.keys()


@pytest.mark.parametrize("file", sorted(SITE.rglob("*.md")), ids=lambda file: file.relative_to(SITE).as_posix())
def test_every_block_of_the_site_holds(file):
    document = check(file.read_text(encoding="utf-8"), str(file))
    assert not found(document)
    assert all(answer.verdict.outcome == "holds" for block in document.blocks for answer in block.answers)


def test_the_note_of_the_guide_is_wrong_as_it_says_and_right_when_mended():
    [note] = quoted(SITE / "guide/start.md")
    assert codes(note) == {"DRV401"}
    assert codes(note.replace("= A^T (", "= 2 A^T (")) == set()


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_note_of_the_readme_is_derived(name):
    [note] = quoted(ROOT / name)
    [block] = check(note).blocks
    assert [answer.result for answer in block.answers] == [r"\frac{\partial f}{\partial X} = a b^{\top}"]


@pytest.mark.parametrize(
    ("file", "lang"),
    [(ROOT / "README.md", "en"), (ROOT / "README.zh.md", "zh"), (SITE / "index.md", "en"), (SITE / "zh/index.md", "zh")],
    ids=["readme", "readme-zh", "index", "index-zh"],
)
def test_the_report_shown_is_the_report_given(file, lang):
    shown = re.search(r"^```text\n((?:error|错误).*?)^```$", file.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[1]
    assert FORMATS["full"](report([check(MISTAKE, "docs/trace.md")], lang)).startswith(shown)
