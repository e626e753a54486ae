"""Notebooks: the text cells are one note, places are told by cell and are exact in the file."""

import json

import pytest

import mdderive
from mdderive import Settings
from mdderive.check.glance import checked
from mdderive.document.files import source_of
from mdderive.document.notebook import Cells, cells
from mdderive.model.source import Source

pytest.importorskip("nbformat")

DEFAULTS = Settings()
DEFINED, GOAL = "```derive\nx: n\nf = x^T x\n```\n", "```derive\n\\frac{\\partial f}{\\partial x} = 3 x\n```"


def judged(text, path, settings=DEFAULTS):
    source = source_of(text, path)
    return checked(source, settings) if isinstance(source, Source) else source


def notebook(*told, indent=1, ascii=False, listed=True):
    made = []
    for kind, text in told:
        cell = {"cell_type": kind, "id": f"c{len(made)}", "metadata": {"source": "x"}}
        cell |= {"execution_count": None, "outputs": []} if kind == "code" else {}
        made.append(cell | {"source": text.splitlines(keepends=True) if listed else text})
    book = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=indent, ensure_ascii=ascii)


CELLS = [
    ("markdown", '# é "quoted" \\ 矩阵\n\n' + DEFINED),
    ("code", GOAL),
    ("markdown", "文字 𝔸\n\n" + GOAL),
    ("raw", GOAL),
    ("markdown", ""),
    ("markdown", GOAL),
]


@pytest.mark.parametrize("indent", [1, None, 4])
@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("listed", [False, True])
def test_what_is_found_is_told_by_cell_and_exactly_where_it_stands_in_the_file(indent, ascii, listed):
    text = notebook(*CELLS, indent=indent, ascii=ascii, listed=listed)
    document = judged(text, path="n.ipynb")
    told = mdderive.report([document], "concise")
    assert "n.ipynb:cell 3:4:33: DRV401" in told
    assert "n.ipynb:cell 6:2:33: DRV401" in told
    assert told.count("DRV401") == 2
    rows = json.loads(mdderive.report([document], "json"))["findings"]
    lines = text.split("\n")
    for row in rows:
        line = lines[row["line"] - 1]
        assert line[row["column"] - 1 : row["end_column"] - 1] == "3 x"
        edit = row["edit"]
        fixed = line[: edit["column"] - 1] + edit["text"] + line[edit["end_column"] - 1 :]
        changed = "\n".join([*lines[: row["line"] - 1], fixed, *lines[row["line"] :]])
        assert len(judged(changed, path="n.ipynb").findings) == len(rows) - 1


def test_a_fence_or_formula_left_open_ends_with_its_cell():
    document = judged(notebook(("markdown", "```python\nopen"), ("markdown", DEFINED + GOAL)), path="n.ipynb")
    assert [block.sound for block in document.blocks] == [True, False]
    assert "n.ipynb:cell 2:6:33" in mdderive.report([document], "concise")


def test_formulas_are_judged_with_what_cells_above_say():
    text = notebook(("markdown", "Let $A$ and $B$ be $n \\times n$ matrices."), ("code", "1"), ("markdown", "Then $A B = B A$."))
    document = judged(text, path="n.ipynb", settings=Settings(equations=True))
    assert "n.ipynb:cell 3:1:" in mdderive.report([document], "concise")
    assert [e.outcome for e in document.equations] == ["wrong"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"cells": 1}', notebook() + "x"])
def test_what_is_no_notebook_is_said(text):
    [finding] = judged(text, path="n.ipynb").findings
    assert finding.code == "DRV190"
    assert "no notebook" in finding.message()


def test_a_notebook_of_an_older_version_is_read():
    old = {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": [{"cell_type": "markdown", "metadata": {}, "source": [DEFINED, GOAL]}]}],
    }
    assert "n.ipynb:cell 1:6:33: DRV401" in mdderive.report([judged(json.dumps(old), path="n.ipynb")], "concise")


def test_a_notebook_without_text_is_empty():
    assert isinstance(cells(notebook(("code", GOAL)), "n.ipynb"), Cells)
    assert judged(notebook(("code", GOAL)), path="n.ipynb").findings == ()


def test_files_are_read_by_the_api(tmp_path):
    (tmp_path / "n.ipynb").write_text(notebook(*CELLS), encoding="utf-8")
    [document] = mdderive.check_files([tmp_path])
    assert "n.ipynb:cell 3:4:33: DRV401" in mdderive.report([document], "concise")
