"""Every text is answered or refused by a code that says what was too large; none is an internal error.

Time and memory are measured by `benchmarks/bounds.py`.
"""

import pytest

from mdderive.check.glance import checked
from mdderive.model.results import Settings
from mdderive.model.source import Source
from mdderive.output.rows import derive_row
from tests.contracts.hostile import CASES, GOOD, TRUE


@pytest.mark.parametrize("name", sorted(name for name, case in CASES.items() if not case.row))
def test_an_answer_or_a_code_and_no_mark_hides_what_stands_beside_it(name):
    case = CASES[name]
    document = checked(Source(case.text(), case.path), Settings(equations=case.equations))
    assert {f.code for f in document.findings} == set(case.codes.split())
    outcomes = [e.outcome for e in document.equations]
    assert outcomes == ["holds"] or "below a block" not in name
    assert outcomes[-1:] == ["holds"] or "above a formula in LaTeX" not in name


@pytest.mark.parametrize("name", sorted(name for name, case in CASES.items() if case.row))
def test_a_row_is_answered_or_refused_by_a_code(name):
    error = derive_row(CASES[name].row)["error"] or {}
    assert {error["code"]} == {CASES[name].codes} if error else not CASES[name].codes


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
