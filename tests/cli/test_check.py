"""`mdderive check`, `convert`, `explain`, `rules` as people call them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mdderive import __version__
from mdderive.cli.main import cli
from mdderive.model.causes import REASONS
from mdderive.model.diagnostics import CATALOG
from mdderive.output.text import columns

GOOD = r"""# Good

```derive
a: m,  X: m x n,  b: n
f = a^T X b
\frac{\partial f}{\partial X} = a b^T
```
"""
WRONG = r"""---
title: wrong
---

# 迹

```derive
W: m x n,  A: m x m
f = \operatorname{tr}(W^T A W)
\frac{\partial f}{\partial W} = 2 A W
```
"""
PLAIN = "# Nothing to derive\n\n$x = y$\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args, text=None):
    return CliRunner().invoke(cli, args, input=text)


def put(name, text):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


def test_a_good_note_ends_with_zero():
    result = run("check", put("good.md", GOOD))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("nothing wrong: 1 equation holds (1 file, 1 block)")


def test_a_wrong_gradient_ends_with_one_and_names_the_place_in_the_file():
    result = run("check", "--format", "concise", put("wrong.md", WRONG))
    assert result.exit_code == 1
    assert result.stdout.startswith("wrong.md:10:33: DRV401 ")


def test_a_note_without_blocks_is_fine():
    assert run("check", put("plain.md", PLAIN)).exit_code == 0


def test_folders_are_walked_for_notes():
    put("notes/a.md", GOOD), put("notes/deep/b.markdown", PLAIN), put("notes/c.tex", ""), put("notes/d.txt", WRONG)
    put("notes/.hidden/e.md", WRONG), put("notes/node_modules/f.md", WRONG)
    result = run("check", "notes", "--format", "json")
    assert result.exit_code == 0, result.output
    files = [row["file"] for row in json.loads(result.stdout)["files"]]
    assert files == ["notes/a.md", "notes/c.tex", "notes/deep/b.markdown"]


def test_a_named_file_is_read_whatever_its_suffix():
    assert run("check", put("d.txt", WRONG)).exit_code == 1


def test_standard_input_may_have_a_name():
    result = run("check", "-", "--stdin-filename", "docs/x.md", "--format", "concise", text=WRONG)
    assert result.exit_code == 1
    assert result.stdout.startswith("docs/x.md:10:33: DRV401")


def test_exit_zero():
    assert run("check", "--exit-zero", put("wrong.md", WRONG)).exit_code == 0


def test_strict_minds_what_is_not_decided():
    put("open.md", "```derive\nx: n\n\\log(-x^T x) = 0\n```\n")
    assert run("check", "open.md").exit_code == 0
    result = run("check", "--strict", "open.md")
    assert result.exit_code == 1
    assert "warning[DRV404]" in result.stdout


def test_strict_minds_what_is_not_decided_in_the_words_of_a_note():
    put("open.md", "Then $\\nabla_z (z^T M z) = 2 M z$.\n")
    assert run("check", "--equations", "open.md").exit_code == 0
    assert run("check", "--equations", "--strict", "open.md").exit_code == 1


def test_statistics():
    result = run("check", "--statistics", put("wrong.md", WRONG))
    assert result.stdout.endswith("    1  DRV401\n")


def test_json_of_a_wrong_note():
    body = json.loads(run("check", "--format", "json", put("wrong.md", WRONG)).stdout)
    assert body["summary"]["wrong"] == 1
    [finding] = body["findings"]
    assert (finding["line"], finding["column"], finding["latex"]) == (10, 33, "2 A W")


@pytest.mark.parametrize(
    "args",
    [
        ["check", "--write-baseline"],
        ["check", "missing.md"],
        ["check", "--format", "xml", "."],
        ["chek"],
        ["check", "--what", "."],
    ],
)
def test_misuse_ends_with_two(args):
    assert run(*args).exit_code == 2


def test_a_file_that_is_no_text_is_named_and_the_others_are_read():
    put("bad.md", b"\xff\xfe ```derive"), put("wrong.md", WRONG)
    result = run("check", ".", "--format", "concise")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "bad.md:1:1: DRV190 the file cannot be read: byte 1 is not UTF-8"
    assert lines[1].startswith("wrong.md:10:33: DRV401")


def test_settings_come_from_the_nearest_pyproject():
    put("pyproject.toml", '[tool.mdderive]\nlang = "zh"\n')
    assert "没有可判定的内容" in run("check", put("plain.md", PLAIN)).stdout
    assert "nothing to judge" in run("check", "--lang", "en", "plain.md").stdout


@pytest.mark.parametrize("line", ['langs = "zh"', 'lang = "fr"', "steps = 3", "nonsense ="])
def test_unknown_settings_are_errors(line):
    put("pyproject.toml", f"[tool.mdderive]\n{line}\n")
    result = run("check", put("plain.md", PLAIN))
    assert result.exit_code == 2
    assert "pyproject.toml" in result.stderr


def test_diff_shows_and_fix_writes_what_would_be_right():
    text = WRONG.replace("\n", "\r\n")
    put("wrong.md", text)
    shown = run("check", "--diff", "wrong.md")
    assert shown.exit_code == 1
    assert "-\\frac{\\partial f}{\\partial W} = 2 A W" in shown.stdout
    assert "+\\frac{\\partial f}{\\partial W} = (A + A^{\\top}) W" in shown.stdout
    assert Path("wrong.md").read_bytes().decode() == text
    assert run("check", "--fix", "wrong.md").exit_code == 0
    assert Path("wrong.md").read_bytes().decode() == text.replace("2 A W", r"(A + A^{\top}) W")
    assert run("check", "--diff", "wrong.md").stdout == ""


FIXES = [
    ("a: m; b: n; X: m x n\nf = a^T X b\n\\frac{\\partial f}{\\partial X} = <b a^T>", r"a b^{\top}"),
    ("X: m x n, \\sigma: elementwise\nd\\sigma(X) = \\sigma'(<x>) \\odot dX", "X"),
    ("X: n x n\nd(X^{-1}) = <X^{-1} (dX) X^{-1}>  % a comment", "-X^{-1} (dX) X^{-1}"),
    ("x: n; A: n x n\nf = x^T A x\ndf = <2 x^T A dx> = x^T (A + A^T) dx", None),
    ("x: n; A: n x n, constant\nf = x^T A x\ndf = <2 x^T A dx> = x^T (A + A^T) dx", None),
]


@pytest.mark.parametrize(("block", "right"), FIXES, ids=["layout", "lookalike", "sign", "from a wrong side", "nothing verified"])
@pytest.mark.parametrize("prefix", ["", "> ", "  "])
def test_fix_changes_the_place_and_nothing_else(block, right, prefix):
    before, wrong, after = re.split("[<>]", f"Text \u4e2d\u6587.\n\n```derive\n{block}\n```\n\nMore text.\n")
    lines = (lambda text: text.replace("\n", f"\n{prefix}")) if prefix else (lambda text: text)
    head = "- item\n\n" if prefix == "  " else ""
    put("x.md", head + prefix + lines(before + wrong + after))
    run("check", "--fix", "x.md")
    text = Path("x.md").read_text(encoding="utf-8")
    if right is None:
        assert text == head + prefix + lines(before + wrong + after)
        return
    assert text == head + prefix + lines(before + right + after)
    assert run("check", "x.md").exit_code == 0


def test_fix_changes_nothing_on_a_guess():
    text = (
        "```derive\nX: m x n; w: n\nf = \\mathbf{1}^T \\sigma(X w)\n\\frac{\\partial f}{\\partial w} = 2 X^T \\sigma'(X w)\n```\n"
    )
    put("x.md", text)
    assert run("check", "--fix", "x.md").exit_code == 1
    assert Path("x.md").read_text() == text
    assert run("check", "--diff", "x.md").stdout == ""
    [finding] = json.loads(run("check", "--format", "json", "x.md").stdout)["findings"]
    assert finding["edit"] is None
    assert [(hint["code"], hint["edit"]) for hint in finding["hints"]] == [("function", None), ("factor", None)]
    assert "was read as unknown; write \\operatorname{sigmoid}" in finding["hints"][0]["message"]


def test_a_file_that_cannot_be_written_whole_keeps_its_text(monkeypatch):
    def full(*_args):
        raise OSError("no space left")

    put("wrong.md", WRONG)
    monkeypatch.setattr("mdderive.document.files.os.replace", full)
    assert run("check", "--fix", "wrong.md").exit_code != 0
    assert Path("wrong.md").read_text() == WRONG
    assert [path.name for path in Path().iterdir()] == ["wrong.md"]


def test_what_follows_from_a_mistake_counts_once():
    text = "```derive\nx: n; A: n x n\nf = x^T A x\n\\frac{\\partial f}{\\partial x} = 2 A x\n\\nabla^2_x f = 2 A\n```\n"
    put("x.md", f"Text\n\n{text}")
    body = json.loads(run("check", "--format", "json", "x.md").stdout)
    assert [(row["outcome"], row["why"]) for row in body["equations"]] == [("wrong", ""), ("wrong", "follows from 6")]
    assert body["summary"]["wrong"] == 1
    assert [finding["line"] for finding in body["findings"]] == [6]


def test_with_equations_every_relation_of_a_block_has_its_row():
    lines = ["A: n x n, x, y: n, s: scalar", "f = x^T A x", "given: y = s x", "g(t) = t^2", "\\nabla_x f = ?", "f = x^T A^T x"]
    put("x.md", "\n".join(["```derive", *lines, "\\nabla_y (y^T y - 2 y^T x) = 0 \\Rightarrow y = ?", "```", ""]))
    body = json.loads(run("check", "--format", "json", "--equations", "x.md").stdout)
    whys = [row["why"] for row in body["equations"] if row["outcome"] == "not_an_assertion"]
    assert whys == ["defines f", "supposed", "defines g", "a question", "an equation to solve", "a question"]


def test_fix_does_not_write_what_came_from_standard_input():
    put("x.md", PLAIN)
    assert run("check", "--fix", "-", "--stdin-filename", "x.md", text=WRONG).exit_code == 2
    assert Path("x.md").read_text() == PLAIN


def test_fix_leaves_an_equation_that_would_say_nothing():
    text = "```derive\nA, B: n x n\nA B = B A\n```\n"
    put("x.md", text)
    assert run("check", "--fix", "x.md").exit_code == 1
    assert Path("x.md").read_text() == text


def test_convert_writes_the_derivation_and_keeps_the_rest():
    put("good.md", GOOD.replace("# Good", "# Good\r").replace("\n", "\r\n").replace("\r\r", "\r"))
    result = run("convert", "good.md", "-o", "out/good.md")
    assert result.exit_code == 0, result.output
    text = Path("out/good.md").read_bytes().decode()
    assert text.startswith("# Good\r\n\r\n")
    assert "```" not in text
    assert r"\begin{aligned}" in text
    assert "\n" not in text.replace("\r\n", "")


def test_convert_to_standard_output_and_other_forms():
    put("good.md", GOOD)
    assert '<div class="mdderive">' in run("convert", "good.md", "--to", "html").stdout
    assert "\\noindent\\makebox" in run("convert", "good.md", "--to", "tex").stdout
    assert "$$" in run("convert", "-", text=GOOD).stdout


def test_convert_writes_nothing_when_anything_is_wrong():
    put("notes/good.md", GOOD), put("notes/wrong.md", WRONG)
    result = run("convert", "notes", "-o", "out")
    assert result.exit_code == 1
    assert not Path("out").exists()
    assert "notes/wrong.md:10:33" in result.stderr
    assert result.stdout == ""


def test_convert_keeps_the_folders_below_a_source():
    put("notes/good.md", GOOD), put("notes/deep/plain.md", PLAIN)
    assert run("convert", "notes", "-o", "out").exit_code == 0
    assert Path("out/deep/plain.md").read_text() == PLAIN
    assert sorted(p.name for p in Path("out").iterdir()) == ["deep", "good.md"]


@pytest.mark.parametrize("args", [["a.md", "b.md"], ["a.md", "-o", "a.md"], ["a.md", "x/a.md", "-o", "out"], ["x"]])
def test_convert_refuses_what_would_lose_text(args):
    put("a.md", PLAIN), put("b.md", PLAIN), put("x/a.md", PLAIN)
    assert run("convert", *args).exit_code == 2
    assert Path("a.md").read_text() == PLAIN


@pytest.mark.parametrize(("lang", "folder"), [("en", "diagnostics"), ("zh", "zh/diagnostics")])
@pytest.mark.parametrize("code", sorted(CATALOG))
def test_explain_knows_every_code(code, lang, folder):
    result = run("explain", code, "--lang", lang)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{code} ({CATALOG[code].severity}): ")
    assert "{what}" not in result.stdout
    page = (Path(__file__).parents[2] / "site/docs" / folder / f"{code}.md").read_text(encoding="utf-8")
    assert result.stdout.endswith(page.partition("\n")[2].strip() + "\n")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("code", REASONS)
def test_explain_knows_every_reason(code, lang):
    result = run("explain", code, "--lang", lang)
    assert result.exit_code == 0
    first, *advice = result.stdout.splitlines()
    assert first.startswith(code)
    assert advice
    assert max(map(columns, advice)) <= 80
    assert not re.search(r"\{[a-z]+\}", result.stdout)


def test_explain_names_the_nearest_reasons():
    result = run("explain", "condition-stated")
    assert result.exit_code == 2
    assert "condition" in result.stderr.partition("write one of")[2]


@pytest.mark.parametrize(("code", "near"), [("DRV000", ""), ("drv421", "DRV411, DRV420"), ("402", "DRV402"), ("what", "")])
def test_explain_names_the_nearest_codes(code, near):
    result = run("explain", code)
    assert result.exit_code == 2
    named = re.findall(r"DRV\d{3}", result.stderr.partition("write one of")[2])
    assert 1 <= len(named) <= 4
    assert set(near.split(", ")) - {""} <= set(named)


def python(*args, **env):
    return subprocess.run(
        [sys.executable, *args], capture_output=True, text=True, check=False, env={**os.environ, **env}, timeout=60
    )


def test_a_note_without_blocks_loads_no_heavy_library():
    put("plain.md", PLAIN)
    result = python("-X", "importtime", "-m", "mdderive", "check", "plain.md")
    assert result.returncode == 0
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in result.stderr.splitlines()}
    assert "mdderive" in loaded
    assert not loaded & {"sympy", "mpmath", "mkdocs", "markdown_it", "pylatexenc", "numpy"}


def test_python_m_mdderive_has_a_version():
    assert python("-m", "mdderive", "--version").stdout == f"mdderive {__version__}\n"


def test_an_internal_error_says_what_to_report(monkeypatch, capsys):
    import mdderive.cli.main as command_line

    def broken(*_args, **_more):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("mdderive.cli.running.every", broken)
    monkeypatch.setattr(sys, "argv", ["mdderive", "check", put("good.md", GOOD)])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert "error[DRV901]: internal error in mdderive: ZeroDivisionError: by nothing" in told
    assert "Traceback" in told
    assert __version__ in told
    assert "'good.md'" in told
