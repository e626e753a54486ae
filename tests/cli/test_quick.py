"""The short answer is that of the command line, to the letter, and nothing is imported for it that reads, derives or judges."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from mdderive.cli import quick
from mdderive.cli.main import cli

HELD = "# A\n\n```derive\nx: n\nx^T x = x^T x\n\\frac{\\partial x^T x}{\\partial x} = ?\n```\n"
FOLDERS = {
    "nothing": {"a.md": "# Title\n\n```python\npass\n```\n", "b.tex": "\\section{A}"},
    "empty": {},
    "others": {"a.md": "text", "a.rst": "text", "b.rst": "", "README": ""},
    "held": {"a.md": HELD, "b/c.md": HELD.replace("x", "y"), "d.md": "text"},
    "skipped": {"a.md": HELD.replace("```derive", '```derive skip="later"')},
    "quoted": {"a.md": "````md\n```derive\n````\n"},
    "latex": {"a.tex": "\\begin{derive}\nx: n\nx + x = 2x\n\\end{derive}\n"},
}
MORE = {
    "wrong": {"a.md": HELD.replace("= x^T x", "= 2 x^T x")},
    "inferred": {"a.md": "```derive\ny^T y = y^T y\n\\frac{\\partial f}{\\partial z} = 0\n```\n"},
    "misspelt": {"a.md": "```deriv\nx: n\n```\n"},
    "not text": {"a.md": b"\xff"},
    "configured": {"pyproject.toml": "[tool.mdderive]\nlang = 'zh'\n", "a.md": HELD},
    "escaped": {"pyproject.toml": '[tool."\\u006ddderive"]\nlang = "zh"\n', "a.md": HELD},
    "other letters": {"a.数": "", "a.md": ""},
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("MDDERIVE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "stdout", open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    (tmp_path / "notes").mkdir()
    monkeypatch.chdir(tmp_path / "notes")
    return tmp_path / "notes"


def fill(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def whole(*arguments):
    run = CliRunner().invoke(cli, ["check", *arguments])
    return run.output, run.exit_code


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("paths", [(), (".",)])
def test_it_is_the_answer_of_the_command_line(name, paths, here):
    fill(here, FOLDERS[name])
    expected = whole(*paths)
    assert (quick.answer(["check", *paths]), 0) == expected


@pytest.mark.parametrize("name", MORE)
def test_whatever_else_there_is_to_say_is_left_to_the_command_line(name, here):
    fill(here, MORE[name])
    whole()
    assert quick.answer(["check"]) is None


LEFT = [[], ["derive"], ["check", "--strict"], ["check", "-"], ["check", "missing.md"], ["check", "--help"]]


@pytest.mark.parametrize("arguments", LEFT)
def test_options_and_other_commands_are_left_to_the_command_line(arguments, here):
    fill(here, FOLDERS["nothing"])
    assert quick.answer(arguments) is None


def test_what_was_judged_under_other_settings_is_not_counted(here):
    fill(here, FOLDERS["held"])
    whole("--layout", "numerator")
    whole("--lang", "zh")
    whole("--no-cache")
    assert quick.answer(["check"]) is None


PROGRAM = """
import atexit, json, sys
from mdderive.cli.entry import main
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
main()
"""


def test_nothing_that_reads_derives_or_judges_is_imported(here):
    fill(here, FOLDERS["held"])
    for turn in range(2):
        run = subprocess.run([sys.executable, "-c", PROGRAM, "check"], capture_output=True, check=True)
        loaded = set(json.loads(run.stderr))
        heavy = {"click", "markdown_it", "dataclasses", "inspect", "mdderive.api", "mdderive.model", "mdderive.check"}
        assert run.stdout == b"nothing wrong: 2 derived, 2 equations hold (3 files, 2 blocks)\n"
        assert bool(loaded & heavy) == (turn == 0)
