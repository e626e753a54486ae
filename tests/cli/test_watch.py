"""`mdderive check --watch` as a process of its own: it sees files saved, renamed, made and removed, and ends by Ctrl-C."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from mdderive.cli.main import cli

RIGHT = "```derive\nA: n x n, symmetric,  x: n\nf = x^T A x\n\\frac{\\partial f}{\\partial x} = 2 A x\n```\n"
WRONG = RIGHT.replace("= 2", "= 3")
SUMMARY = re.compile(r"(?:nothing wrong|\d wrong or unreadable)[^)]*\)|no such file")
PATIENCE = 60


class Watching:
    """The process, seen through a terminal or a pipe."""

    def __init__(self, folder, *arguments, terminal):
        self.ours, theirs = pty.openpty() if terminal else os.pipe()
        command = [sys.executable, "-m", "mdderive", "check", "--watch", *arguments]
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, preexec_fn=_heard
        )
        os.close(theirs)
        self.text = ""

    def said(self):
        """Return what is said up to the next summary."""
        until = time.monotonic() + PATIENCE
        while not (found := SUMMARY.search(self.text)):
            assert time.monotonic() < until, self.text
            if select.select([self.ours], [], [], 1)[0]:
                self.text += os.read(self.ours, 65536).decode()
        told, self.text = self.text[: found.end()], self.text[found.end() :]
        return told

    def end(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        while select.select([self.ours], [], [], 0)[0]:
            try:
                more = os.read(self.ours, 65536).decode()
            except OSError:  # nobody has the other end of the terminal any more
                break
            self.text += more
            if not more:
                break
        os.close(self.ours)
        return code, self.text


def _heard():
    """Have Ctrl-C count, as in a terminal; what shells start in the background passes it over."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def renamed(file: Path, text: str) -> None:
    """Save as editors do: another file takes the place."""
    beside = file.with_suffix(".new")
    beside.write_text(text)
    beside.replace(file)


def test_a_file_on_a_terminal(tmp_path):
    note = tmp_path / "note.md"
    note.write_text(WRONG)
    seen = Watching(tmp_path, "note.md", terminal=True)
    first = seen.said()
    assert "DRV401" in first
    assert "1 wrong or unreadable" in first
    renamed(note, RIGHT)
    again = seen.said()
    assert "\x1b[2J" in again
    assert "nothing wrong" in again
    note.unlink()
    assert "no such file" in seen.said()
    note.write_text(WRONG)
    assert "1 wrong or unreadable" in seen.said()
    code, rest = seen.end()
    assert code == 0
    assert "Traceback" not in rest
    assert "Aborted" not in rest


def test_a_folder_in_a_pipe(tmp_path):
    (tmp_path / "one.md").write_text(RIGHT)
    seen = Watching(tmp_path, "--no-cache", "--lang", "en", terminal=False)
    assert "(1 file, 1 block)" in seen.said()
    (tmp_path / "two.md").write_text(WRONG)
    again = seen.said()
    assert "two.md:4" in again
    assert "\x1b" not in again
    assert "(2 files, 2 blocks)" in again
    assert seen.end()[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["-"], "standard input is read once"), (["--fix", "."], "--watch only reads"), (["--diff", "."], "--watch only reads")],
)
def test_what_cannot_be_watched(arguments, said):
    result = CliRunner().invoke(cli, ["check", "--watch", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_is_missing_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    result = CliRunner().invoke(cli, ["check", "--watch", str(tmp_path)])
    assert result.exit_code == 2
    assert "pip install 'mdderive[watch]'" in result.stderr
