"""Every text is answered or refused by a code that says what was too large; none is an internal error.

Time and memory are measured by `benchmarks/bounds.py`.
"""

import pytest

from mdderive.check.glance import checked
from mdderive.model.results import Settings
from mdderive.model.source import Source
from mdderive.output.rows import derive_row
from tests.contracts.hostile import CASES, GOOD, TRUE


def found(case):
    if case.row:
        error = derive_row(case.row)["error"] or {}
        return {error["code"]} if error else set()
    document = checked(Source(case.text(), case.path), Settings(equations=case.equations))
    return {f.code for f in document.findings}


@pytest.mark.parametrize("name", sorted(CASES))
def test_an_answer_or_a_code(name):
    assert found(CASES[name]) == set(CASES[name].codes.split())


@pytest.mark.parametrize("name", [name for name in sorted(CASES) if "below a block" in name])
def test_no_mark_hides_the_block_above_it(name):
    document = checked(Source(CASES[name].text()), Settings())
    assert [e.outcome for e in document.equations] == ["holds"]


@pytest.mark.parametrize("name", [name for name in sorted(CASES) if "above a formula in LaTeX" in name])
def test_no_mark_hides_the_formula_below_it(name):
    document = checked(Source(CASES[name].text(), "note.tex"), Settings(equations=True))
    assert [e.outcome for e in document.equations][-1:] == ["holds"]


@pytest.mark.parametrize("filler", ["word ", "word\n", "$x$ ", "\r", "\r\n", "字"])
def test_a_file_beyond_the_bound_is_refused_as_a_whole(filler):
    text = filler * (4_000_001 // len(filler) + 1)
    for document in (checked(Source(f"{text}\n\n{GOOD}"), Settings()), checked(Source(text + TRUE), Settings(equations=True))):
        assert [f.code for f in document.findings] == ["DRV150"]
        assert not document.blocks
        assert not document.equations


def test_the_largest_file_is_read():
    text = ("word " * 8 + "\n") * 90_000 + GOOD
    assert len(text) < 4_000_000
    assert [e.outcome for e in checked(Source(text), Settings()).equations] == ["holds"]
