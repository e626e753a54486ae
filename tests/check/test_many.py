"""Notes by several processes: the same documents in the same order, also where a process dies."""

import os
import signal
import subprocess
import sys

import pytest

import mdderive
from mdderive.check import many

NOTES = {f"{n}.md": f"```derive\nx: n\nx^T x + {n} = {n} + x^T x\nx + x = {n % 3} x\n```\n" for n in range(6)}


@pytest.fixture
def folder(tmp_path):
    for name, text in NOTES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_documents_do_not_depend_on_the_number_of_processes(folder, jobs):
    paths = [folder, folder / "missing.md"]
    alone = [*mdderive.check_files(paths, cache=False)]
    assert [*mdderive.check_files(paths, cache=False, jobs=jobs)] == alone
    assert [*mdderive.check_files(paths, cache=folder / "cache", jobs=jobs)] == alone
    assert [*mdderive.check_files(paths, cache=folder / "cache", jobs=jobs)] == alone


def test_the_report_is_the_same_to_the_letter(folder):
    command = [sys.executable, "-m", "mdderive", "check", ".", "--no-cache"]
    said = {subprocess.run([*command, "--jobs", n], cwd=folder, capture_output=True, check=False).stdout for n in "13"}
    assert len(said) == 1
    assert b"4 wrong" in said.pop()


def _dies(source, *_):
    if source.path.endswith("3.md"):
        os.kill(os.getpid(), signal.SIGKILL)
    return many.computed(source, *_[:1], None)


def test_what_a_process_that_dies_leaves_is_made_here(folder, monkeypatch):
    alone = [*mdderive.check_files([folder], cache=False)]
    monkeypatch.setattr(many, "_computed", _dies)
    assert [*mdderive.check_files([folder], cache=False, jobs=2)] == alone


def test_few_notes_need_no_processes(folder, monkeypatch):
    monkeypatch.setattr(many, "_shared", lambda *_: pytest.fail("processes for three notes"))
    assert len([*mdderive.check_files([folder / "1.md", folder / "2.md", folder / "4.md"], cache=False, jobs=2)]) == 3
