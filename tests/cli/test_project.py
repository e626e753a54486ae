"""What a project says once for all its notes: settings, files that are spared, findings that are known."""

import json
import re
from html import unescape
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mdderive import Settings, check, report
from mdderive.cli.help import ZH
from mdderive.cli.main import cli
from mdderive.output import baseline

WRONG = "```derive\nA: m x m,  W: m x n\nf = \\operatorname{tr}(W^T A W)\n\\frac{\\partial f}{\\partial W} = 2 A W\n```\n"
PROSE = "Let $A$ and $B$ be matrices. Then $(AB)^T = A^T B^T$ holds.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args):
    return CliRunner().invoke(cli, args)


def put(name, text):
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def project(text):
    put("pyproject.toml", f"[tool.mdderive]\n{text}\n")


def test_without_a_path_the_folder_is_checked():
    put("notes/a.md", WRONG)
    result = run("check", "--format", "concise")
    assert result.exit_code == 1
    assert result.stdout.startswith("notes/a.md:4:33: DRV401 the stated gradient is wrong; write (A + A^{\\top}) W")


def test_a_project_chooses_the_form_the_language_and_whole_notes():
    project('format = "concise"\nlang = "zh"\nequations = true')
    put("a.md", PROSE)
    result = run("check")
    assert result.stdout.startswith("a.md:1:45: DRV402 该等式不成立")
    assert run("check", "--no-equations").exit_code == 0
    assert "error[DRV402]" in run("check", "--format", "full", "--lang", "en").stdout


def test_excluded_files_are_left_out_of_a_walk_counted_and_read_when_named():
    project('exclude = ["old/", "draft-*.md"]')
    put("old/deep/a.md", WRONG), put("draft-1.md", WRONG), put("b.md", "fine\n")
    result = run("check")
    assert result.exit_code == 0, result.output
    assert "2 files excluded" in result.stdout
    assert run("check", "draft-1.md").exit_code == 1


def test_codes_are_ignored_in_the_files_of_a_pattern_and_counted():
    project('per-file-ignores = {"old/*.md" = ["DRV401"]}')
    put("old/a.md", WRONG), put("b.md", WRONG)
    result = run("check", "--format", "concise")
    assert [line.split(":")[0] for line in result.stdout.splitlines() if "DRV401" in line] == ["b.md"]
    assert "1 finding ignored" in result.stdout


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("colour = true", "unknown key 'colour'"),
        ('equations = "yes"', "possible are true, false"),
        ('format = "xml"', "possible are full, concise"),
        ('exclude = "old"', "write a list of texts"),
        ('per-file-ignores = {"a.md" = "DRV401"}', "write a table such as"),
        ('per-file-ignores = {"a.md" = ["DRV999"]}', "DRV999 is no code"),
    ],
)
def test_what_a_project_cannot_mean_is_an_error(line, said):
    project(line)
    result = run("check")
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_baseline_knows_what_was_found_and_only_as_often():
    put("a.md", WRONG)
    assert run("check", "--baseline", "known.json", "--write-baseline").exit_code == 0
    put("a.md", "# A heading above\n\n" + WRONG)
    again = run("check", "--baseline", "known.json")
    assert again.exit_code == 0
    assert "1 finding known from the baseline" in again.stdout
    put("b.md", WRONG)
    assert run("check", "--baseline", "known.json").exit_code == 1
    put("b.md", WRONG.replace("2 A W", "3 A W"))
    assert "3 A W" in run("check", "--baseline", "known.json").stdout


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"version": 1, "findings": [1]}', '{"version": 2, "findings": []}'])
def test_a_file_that_is_no_baseline_is_refused(text):
    put("known.json", text)
    result = run("check", "--baseline", "known.json")
    assert result.exit_code == 2
    assert "cannot be read as a baseline" in result.stderr


def test_a_baseline_is_json_with_a_line_for_each_kind():
    text = baseline.written([check(WRONG), check(WRONG)])
    assert json.loads(text)["findings"] == [{"code": "DRV401", "text": "2 A W", "count": 2}]
    assert baseline.read(text) == {("DRV401", "2 A W"): 2}


def test_what_asserts_nothing_is_named_by_line_and_with_v_by_reason():
    put("a.md", "Let $f(x) = x^T x$.\n\nIs $AB = BA$?\n")
    assert "no assertion (-v says why): lines 1, 3" in run("check", "--equations").stdout
    told = run("check", "--equations", "-v").stdout
    assert "defines f" in told
    assert "a question: line 3" in told


def test_on_a_terminal_what_is_long_hangs_below_itself_and_is_coloured(capsys):
    from mdderive.output import terminal
    from mdderive.output.reports import report as reported

    class Terminal:
        def __init__(self):
            self.text = ""

        def write(self, text):
            self.text += text

        def flush(self):
            pass

        def isatty(self):
            return True

    document = check(WRONG.replace("2 A W", "2 A W" + " + 0 W" * 30))
    out = Terminal()
    terminal.put(reported([document]), "full", out, coloured=True)
    assert "\x1b[1;31merror[DRV401]\x1b[0m" in out.text
    plain = Terminal()
    terminal.put(reported([document]), "full", plain, coloured=False)
    lines = plain.text.splitlines()
    assert "\x1b" not in plain.text
    assert max(map(len, lines)) <= 80
    assert lines[0] == "error[DRV401]: the stated gradient is wrong"


def test_a_pipe_has_no_colours_unless_it_is_asked_for():
    put("a.md", WRONG)
    assert "\x1b[" not in run("check").stdout
    assert "\x1b[" in CliRunner().invoke(cli, ["check", "--color", "always"], color=True).stdout


def _texts(command):
    yield command.help
    for param in command.params:
        if isinstance(param, click.Option) and not param.hidden:
            yield param.help


def test_every_word_of_the_help_is_chinese_too():
    texts = {text.partition("\n\n")[0] for command in (cli, *cli.commands.values()) for text in _texts(command)}
    assert texts - {*ZH} == set()
    for command in cli.commands:
        shown = run(command, "--help", "--lang", "zh").stdout
        assert shown.startswith("用法")
        assert shown == run("--lang", "zh", command, "--help").stdout
        assert not any(text in shown for text in texts)


def test_the_help_of_a_chinese_project_is_chinese():
    project('lang = "zh"')
    assert "验证文件和文件夹中的推导块" in run("check", "-h").stdout
    assert "Verify the derive blocks" in run("check", "-h", "--lang", "en").stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_first_note_is_verified_and_nothing_is_overwritten(lang):
    made = run("new", "notes", "--lang", lang)
    assert made.exit_code == 0, made.output
    told = run("check", "notes", "--lang", "en")
    assert told.stdout == "nothing wrong: 1 derived, 1 equation holds (1 file, 2 blocks)\n"
    again = run("new", "notes")
    assert again.exit_code == 2
    assert "there already" in again.stderr


def test_a_new_site_builds_with_its_note_expanded(folder):
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    assert run("new", "site", "--mkdocs").exit_code == 0
    build(load_config(str(folder / "site" / "mkdocs.yml"), site_dir=str(folder / "out")))
    page = (folder / "out" / "index.html").read_text(encoding="utf-8")
    assert "2 X^{\\top}" in unescape(page)
    assert page.count('class="mdderive-rows"') == 2
    assert not re.search("(?:<code|```)[^>]*derive", page)


def test_gitlab_keeps_the_name_of_a_finding_where_lines_are_added():
    (row,) = json.loads(report([check(WRONG, path="a.md")], "gitlab"))
    (moved,) = json.loads(report([check("# Above\n\n" + WRONG, path="a.md")], "gitlab"))
    assert row["location"] == {"path": "a.md", "lines": {"begin": 4, "end": 4}}
    assert (row["severity"], row["check_name"]) == ("major", "DRV401")
    assert row["fingerprint"] == moved["fingerprint"]
    twice = json.loads(report([check(WRONG + "\n" + WRONG, path="a.md")], "gitlab"))
    assert len({row["fingerprint"] for row in twice}) == 2


def test_sarif_brings_the_change_that_sets_a_finding_right():
    (result,) = json.loads(report([check(WRONG, path="a.md")], "sarif"))["runs"][0]["results"]
    (replaced,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replaced["deletedRegion"] == result["locations"][0]["physicalLocation"]["region"]
    lines = WRONG.splitlines()
    region = replaced["deletedRegion"]
    line = lines[region["startLine"] - 1]
    mended = line[: region["startColumn"] - 1] + replaced["insertedContent"]["text"] + line[region["endColumn"] - 1 :]
    assert not check("\n".join([*lines[:3], mended, *lines[4:]]), settings=Settings()).blocks[0].findings


def test_fix_says_that_it_leaves_a_notebook_as_it_is():
    pytest.importorskip("nbformat")
    cell = {"cell_type": "markdown", "metadata": {}, "id": "a", "source": WRONG}
    put("n.ipynb", json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    before = Path("n.ipynb").read_bytes()
    result = run("check", "--fix", "n.ipynb")
    assert result.exit_code == 1
    assert "n.ipynb is a notebook: left as it is" in result.stderr
    assert Path("n.ipynb").read_bytes() == before
    assert run("check", "--diff", "n.ipynb").stdout == ""
    assert "DRV401" in run("check", "n.ipynb").stdout


def test_the_project_is_read_once(monkeypatch):
    project('lang = "zh"')
    put("a.md", "fine\n")
    read = Path.read_text
    seen = []
    monkeypatch.setattr(Path, "read_text", lambda self, *args, **more: seen.append(self.name) or read(self, *args, **more))
    assert "没有可判定的内容" in run("check", "a.md").stdout
    assert seen.count("pyproject.toml") == 1
