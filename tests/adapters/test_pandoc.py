"""The filter for pandoc: trees with right blocks are expanded, wrong ones stop pandoc; also with pandoc itself."""

import json
import shutil
import subprocess
import sys

import pytest

from mdderive.adapters.pandoc import Unmet, filtered
from tests.adapters.notes import BLOCK, RIGHT, STATED, WRONG, run, write

BODY = "\n".join(BLOCK.splitlines()[1:-1])
FALSE = BODY.replace(STATED, "= 2 a b^T")


def code(body, *classes, **attributes):
    return {
        "t": "CodeBlock",
        "c": [["", list(classes), [[key.replace("_", "-"), value] for key, value in attributes.items()]], body],
    }


def tree(*blocks, **options):
    meta = {name: {"t": "MetaInlines", "c": [{"t": "Str", "c": value}]} for name, value in options.items()}
    return {
        "pandoc-api-version": [1, 22],
        "meta": {"mdderive": {"t": "MetaMap", "c": meta}} if options else {},
        "blocks": [*blocks],
    }


def header(level):
    return {"t": "Header", "c": [level, ["", [], []], [{"t": "Str", "c": "A"}]]}


def formulas(value):
    if isinstance(value, dict):
        if value.get("t") == "Math":
            yield value["c"][1]
        value = [*value.values()]
    if isinstance(value, list):
        for inner in value:
            yield from formulas(inner)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda block: block,
        lambda block: {"t": "BlockQuote", "c": [block]},
        lambda block: {"t": "BulletList", "c": [[{"t": "Plain", "c": []}, block]]},
        lambda block: {"t": "Div", "c": [["", ["note"], []], [block]]},
    ],
    ids=["page", "quote", "list", "div"],
)
def test_a_right_block_is_formulas_and_a_wrong_one_stops(wrap):
    made = filtered(tree(wrap(code(BODY, "derive"))))
    assert any(r"\begin{aligned}" in latex for latex in formulas(made))
    assert "CodeBlock" not in json.dumps(made)
    with pytest.raises(Unmet, match="derive block 1:4:33"):
        filtered(tree(wrap(code(FALSE, "derive"))))


def test_what_is_no_block_stays():
    given = tree(
        {"t": "Para", "c": [{"t": "Code", "c": [["", [], []], "derive --batch rows.jsonl"]}]},
        header(1),
        code("derive = 1", "python"),
        {"t": "Para", "c": [{"t": "Code", "c": [["", [], []], "derive --batch"]}, {"t": "Space"}]},
    )
    assert filtered(given) == given


def test_definitions_hold_to_the_end_of_their_section():
    defined, _, goal = BODY.rpartition("\n")
    assert filtered(tree(header(1), code(defined, "derive"), header(2), code(goal, "derive")))
    with pytest.raises(Unmet):
        filtered(tree(header(1), code(defined, "derive"), header(1), code(goal, "derive")))


def test_options_of_blocks_and_of_the_metadata():
    told = json.dumps(filtered(tree(code(BODY, "derive", "new", steps="result", title='A "t"'))), ensure_ascii=False)
    assert r"\begin{aligned}" not in told
    assert '\\"t\\"' in told
    assert "已验证" in json.dumps(filtered(tree(code(BODY, "derive"), lang="zh")), ensure_ascii=False)
    with pytest.raises(Unmet, match="DRV104"):
        filtered(tree(code(BODY, "derive", laout="block")))
    for options in ({"laout": "block"}, {"layout": "sideways"}, {"equations": "warn"}):
        with pytest.raises(Unmet, match=next(iter(options))):
            filtered(tree(code(BODY, "derive"), **options))


@pytest.mark.parametrize("classes", [("derives",), ("{.derive",)])
def test_what_looks_like_a_block_stops(classes):
    with pytest.raises(Unmet, match="reads no derive block"):
        filtered(tree(code(BODY, *classes)))


def test_an_opening_that_pandoc_does_not_know_stops():
    for text in (f'derive steps="brief" {BODY}', f"{{.derive new}} {BODY}"):
        with pytest.raises(Unmet, match="reads no derive block"):
            filtered(tree({"t": "Para", "c": [{"t": "Code", "c": [["", [], []], text.replace("\n", " ")]}]}))


def test_places_are_those_of_the_file_where_it_is_known(tmp_path):
    with pytest.raises(Unmet, match=r"a\.md:43:33"):
        filtered(tree(code(FALSE, "derive", data_pos="a.md@40:1-45:1")))
    note = tmp_path / "note.md"
    note.write_text(f"{RIGHT}\n{WRONG}", encoding="utf-8")
    line = next(n for n, text in enumerate(note.read_text(encoding="utf-8").splitlines(), 1) if "2 a b^T" in text)
    with pytest.raises(Unmet, match=rf"note\.md:{line}:33"):
        filtered(tree(code(BODY, "derive"), code(FALSE, "derive", "new"), source=str(note)))


FILTER = "#!{}\nfrom mdderive.adapters.pandoc import main\n\nmain()\n"


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")
class TestPandoc:
    @pytest.mark.parametrize("form", ["markdown", "gfm", "commonmark_x"])
    def test_a_right_page_is_converted_and_a_wrong_one_stops_pandoc(self, form, tmp_path):
        write(tmp_path, {"right.md": RIGHT, "wrong.md": WRONG, "filter.py": FILTER.format(sys.executable)})
        (tmp_path / "filter.py").chmod(0o755)
        command = ["pandoc", "-f", form, "--mathjax", "--filter", "./filter.py"]
        right = run(tmp_path, *command, "right.md")
        assert right.returncode == 0, right.stderr
        assert r"\begin{aligned}" in right.stdout
        assert 'class="math display"' in right.stdout
        wrong = run(tmp_path, *command, "wrong.md", "-o", "out.html")
        assert wrong.returncode == 83
        assert "DRV401" in wrong.stderr
        assert "derive block 1:4:33" in wrong.stderr
        assert "Traceback" not in wrong.stderr
        assert not (tmp_path / "out.html").exists()

    def test_formulas_go_to_latex_and_to_office(self, tmp_path):
        write(tmp_path, {"right.md": RIGHT, "filter.py": FILTER.format(sys.executable)})
        (tmp_path / "filter.py").chmod(0o755)
        tex = run(tmp_path, "pandoc", "--filter", "./filter.py", "-t", "latex", "right.md").stdout
        assert r"\begin{aligned}" in tex
        assert run(tmp_path, "pandoc", "--filter", "./filter.py", "-o", "right.docx", "right.md").returncode == 0


def test_the_program_reads_and_writes_trees():
    command = [sys.executable, "-c", "from mdderive.adapters.pandoc import main; main()", "html"]
    for body, status in ((BODY, 0), (FALSE, 1)):
        given = json.dumps(tree(code(body, "derive"))).encode()
        done = subprocess.run(command, input=given, capture_output=True, check=False, timeout=60)
        assert done.returncode == status
        assert (b"DRV401" in done.stderr) == bool(status)
        assert bool(done.stdout) != bool(status)
