"""Reports for people: pictures, one-line form, counts."""

import pytest

from mdderive.model.diagnostics import Finding, Label
from mdderive.model.source import Span
from mdderive.output.people import cells, shown
from mdderive.output.reports import FORMATS, report, statistics
from tests.documents import WRONG_TEXT, document, equation, fence, wrong

FULL = r"""error[DRV401]: the stated gradient is wrong
 --> note.md:6:33
  |
4 | W: m x n,  A: m x m
  |            -------- declared here
...
6 | \frac{\partial f}{\partial W} = 2 A W
  |                                 ^^^^^
  = note: it would hold if A were symmetric
  = help: \frac{\partial f}{\partial W} = (A + A^T) W
  = witness: A = [[0, 1], [0, 0]], W = [[1], [1]]: stated [[2], [0]], true [[1], [1]]

1 wrong or unreadable: 1 wrong (1 file, 1 block)
"""


def faulty(**more):
    block = fence(WRONG_TEXT, answers=(), findings=(wrong(),))
    rows = (equation(WRONG_TEXT, "2 A W", "wrong", "differ"),)
    return document(WRONG_TEXT, block, findings=(wrong(),), equations=rows, **more)


def at(text, part, code="DRV402", labels=()):
    start = text.index(part)
    return Finding(code, Span(start, start + len(part)), labels=labels)


def full(text, *findings, lang="en"):
    return FORMATS["full"](report([document(text, findings=findings)], lang)).splitlines()


def test_full_shows_the_place_its_labels_hints_help_and_witness():
    assert FORMATS["full"](report([faulty()])) == FULL


def test_full_speaks_chinese():
    lines = FORMATS["full"](report([faulty()], "zh")).splitlines()
    assert lines[0] == "错误[DRV401]: 所给的导数有误"
    assert lines[4].endswith("-------- 声明于此")
    assert "若 A 对称则成立" in lines[8]


def test_concise_is_one_line_a_finding():
    lines = FORMATS["concise"](report([faulty(path="a/b.md")])).splitlines()
    assert lines[0] == "a/b.md:6:33: DRV401 the stated gradient is wrong; write (A + A^T) W"
    assert len(lines) == 2


def test_findings_come_by_file_line_and_column():
    text = "x = 1\ny = 2, z = 3\n"
    second = document(text, path="b.md", findings=(at(text, "z = 3"), at(text, "x = 1"), at(text, "y = 2")))
    first = document(text, path="a.md", findings=(at(text, "y = 2"),))
    lines = FORMATS["concise"](report([second, first])).splitlines()[:-1]
    assert [line.split(": ")[0] for line in lines] == ["a.md:2:1", "b.md:1:1", "b.md:2:1", "b.md:2:8"]


@pytest.mark.parametrize(
    ("text", "part", "picture", "underline"),
    [
        ("设 $x = y$ 则", "x = y", "设 $x = y$ 则", "    ^^^^^"),
        ("数 矩阵 等", "矩阵", "数 矩阵 等", "   ^^^^"),
        ("\tx = y", "x", "    x = y", "    ^"),
        ("a\tx", "x", "a   x", "    ^"),
        ("e\u0301 = y", "y", "e\u0301 = y", "    ^"),
        ("\x1b[31m x = y", "x = y", "\ufffd[31m x = y", "      ^^^^^"),
        ("a\tb", "\t", "a   b", " ^^^"),
    ],
)
def test_underline_stands_below_its_characters(text, part, picture, underline):
    lines = full(text, at(text, part))
    assert lines[3:5] == [f"1 | {picture}", f"  | {underline}"]


def test_a_span_over_lines_is_underlined_on_each():
    text = "a = b\n  + c\nd\n"
    lines = full(text, at(text, "b\n  + c"))
    assert lines[3:7] == ["1 | a = b", "  |     ^", "2 |   + c", "  |   ^^^"]


def test_a_long_line_is_cropped_around_its_place():
    text = "字" * 300 + " x = y " + "z" * 300
    lines = full(text, at(text, "x = y"))
    picture, underline = lines[3], lines[4]
    assert picture.startswith("1 | … 字")
    assert picture.endswith(" …")
    start = picture.index("x = y")
    assert underline[:4] == "  | "
    assert underline.index("^") == cells(picture[:start])
    assert cells(picture) < 250


def test_labels_on_the_line_of_the_finding_stand_below_it():
    text = "a + b"
    lines = full(text, at(text, "b", labels=(Label(Span(0, 1), {"en": "a column", "zh": "列向量"}),)))
    assert lines[3:6] == ["1 | a + b", "  |     ^", "  | - a column"]


def test_an_empty_span_at_the_end_is_shown():
    lines = full("x =", Finding("DRV402", Span(3, 3)))
    assert lines[1] == " --> note.md:1:4"
    assert lines[3:5] == ["1 | x =", "  |    ^"]


def test_statistics_count_codes():
    text = "x = 1\ny = 2\n"
    made = report([document(text, findings=(at(text, "x = 1"), at(text, "y = 2"))), faulty()])
    assert statistics(made) == "    2  DRV402\n    1  DRV401\n"


def test_control_characters_never_reach_the_terminal():
    assert shown("a\x1b]0;b\x07\x9b") == "a\ufffd]0;b\ufffd\ufffd"
