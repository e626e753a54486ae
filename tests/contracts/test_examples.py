"""The examples of the documentation do what their pages say."""

import re
from pathlib import Path

import pytest

from mdderive.pipeline import check
from mdderive.report import FORMATS, found, report
from mdderive.results import Settings

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site/docs"
QUOTED = re.compile(r"^````md\n(.*?)^````$", re.MULTILINE | re.DOTALL)
MISTAKE = (
    "\n" * 10 + "```derive\nW: m x n,  A: m x m\nf = \\operatorname{tr}(W^T A W)\n\\frac{\\partial f}{\\partial W} = 2 A W\n```\n"
)
OUTSIDE_BLOCKS = {"DRV133", "DRV134", "DRV410", "DRV411", "DRV412"}
UNSHOWN = {"DRV110", "DRV111", "DRV131", "DRV190", "DRV191", "DRV218", "DRV405", "DRV409", "DRV430", "DRV901"}


def quoted(file):
    return QUOTED.findall(file.read_text(encoding="utf-8"))


def codes(text, *, equations=False):
    return {finding.code for finding in found(check(text, settings=Settings(equations=equations)))}


@pytest.mark.parametrize("file", sorted((SITE / "diagnostics").glob("*.md")), ids=lambda file: file.stem)
def test_an_example_triggers_its_code_and_nothing_else(file):
    if file.stem in UNSHOWN:
        assert not quoted(file)
        return
    example, instead = quoted(file)
    equations = file.stem in OUTSIDE_BLOCKS
    assert codes(example, equations=equations) == {file.stem}
    assert codes(instead, equations=equations) == set()


@pytest.mark.parametrize("file", sorted(SITE.rglob("*.md")), ids=lambda file: file.relative_to(SITE).as_posix())
def test_every_block_of_the_site_holds(file):
    document = check(file.read_text(encoding="utf-8"), str(file))
    assert not found(document)
    assert all(answer.judgement.outcome == "holds" for block in document.blocks for answer in block.answers)


def test_the_note_of_the_guide_is_wrong_as_it_says_and_right_when_mended():
    [note] = quoted(SITE / "guide/start.md")
    assert codes(note) == {"DRV401"}
    assert codes(note.replace("= A^T (", "= 2 A^T (")) == set()


def test_the_note_of_the_readme_is_derived():
    [note] = quoted(ROOT / "README.md")
    [block] = check(note).blocks
    assert [answer.result for answer in block.answers] == [r"\frac{\partial f}{\partial X} = a b^{\top}"]


@pytest.mark.parametrize("file", [ROOT / "README.md", SITE / "index.md"], ids=lambda file: file.name)
def test_the_report_shown_is_the_report_given(file):
    shown = re.search(r"^```text\n(error.*?)^```$", file.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[1]
    assert FORMATS["full"](report([check(MISTAKE, "docs/trace.md")])).startswith(shown)
