"""Systems that are not POSIX: files are saved without forks, modes and files without a name; paths have backslashes."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from mdderive.api import check, report
from mdderive.cli.config import Project
from mdderive.output import machine, saving


@pytest.fixture
def windows(monkeypatch):
    """Take away what Windows has not."""
    for name in ("fork", "setsid", "chown", "listxattr", "O_TMPFILE", "getppid"):
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.setattr(saving, "_BY_HANDLE", False)
    change = os.chmod

    def chmod(path, mode, **_):
        assert not isinstance(path, int)
        change(path, mode)

    move, opened = os.replace, []

    def place(source, target):
        opened.extend(f for f in Path("/proc/self/fd").glob("*") if os.path.realpath(f) == os.path.realpath(source))
        move(source, target)

    monkeypatch.setattr(os, "chmod", chmod)
    monkeypatch.setattr(os, "replace", place)
    monkeypatch.setattr(os.path, "isdir", lambda path: not str(path).startswith("/proc") and Path(path).is_dir())
    yield
    assert not opened  # Windows moves no open file


def test_texts_are_saved_whole(windows, tmp_path):
    old, new = tmp_path / "old.md", tmp_path / "folder" / "new.md"
    old.write_text("before\n", encoding="utf-8")
    assert saving.save([saving.Text(old, "after\n", "before\n"), saving.Text(new, "new\r\n")]) == []
    assert old.read_bytes() == b"after\n"
    assert new.read_bytes() == b"new\r\n"
    changed = saving.Text(old, "again\n", "before\n")
    assert saving.save([changed]) == [changed]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["folder", "new.md", "old.md"]


def test_what_cannot_be_written_is_told_and_leaves_nothing(windows, tmp_path):
    with pytest.raises(saving.Unwritable):
        saving.save([saving.Text(tmp_path, "text")])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("separator", ["/", "\\"])
def test_references_and_patterns_have_slashes(separator, monkeypatch):
    path = separator.join(["notes", "a b.md"])
    monkeypatch.setattr(os, "sep", separator)
    document = check("```derive\nx: n\nx = 2 x\n```\n", path=path)
    assert '"uri": "notes/a%20b.md"' in report([document], "sarif")
    monkeypatch.setattr(os.path, "relpath", lambda seen, start: seen)
    project = replace(Project(), folder=".", exclude=("notes/",), ignored={"notes/*.md": ("DRV402",)})
    assert project.excludes(path)
    assert project.ignores(path, "DRV402")
    assert machine._uri(path) == "notes/a%20b.md"
