"""What is written and where: each file whole or untouched, regular files alone, and nothing left beside them."""

import errno
import os
import random
import resource
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from mdderive.cli.main import cli
from mdderive.output import saving
from mdderive.output.saving import Text, Unwritable, save

RIGHT = "# Note\n\n```derive\nX: n x n\nd(X^{-1}) = -X^{-1} (dX) X^{-1}\n```\n"
WRONG = RIGHT.replace("= -", "= ")
COMMAND = [sys.executable, "-m", "mdderive"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(params=["files without a name", "files with a name", "without links to them"])
def way(request, monkeypatch):
    """Every way of writing that a system may leave open."""
    if request.param == "files with a name":
        monkeypatch.delattr(saving.os, "O_TMPFILE")
    elif request.param == "without links to them":
        monkeypatch.setattr(saving.os, "link", refusing(errno.EXDEV))


def refusing(number, name=None):
    def refuse(*_args, **_more):
        raise OSError(number, os.strerror(number), name)

    return refuse


def put(name, text=RIGHT):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


def run(*args):
    return CliRunner().invoke(cli, args)


def names(place="."):
    return sorted(str(path.relative_to(place)) for path in Path(place).rglob("*"))


def fix(*args):
    return run("check", "--fix", *args)


@pytest.mark.usefixtures("way")
def test_fix_writes_and_leaves_nothing_beside():
    put("a.md", WRONG), put("deep/b.md", WRONG), put("c.md")
    before = os.stat("c.md")
    assert fix(".").exit_code == 0
    assert Path("a.md").read_text() == Path("deep/b.md").read_text() == RIGHT
    assert (os.stat("c.md").st_ino, os.stat("c.md").st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert names() == ["a.md", "c.md", "deep", "deep/b.md"]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_a_file_keeps_its_rights_and_its_owner(mode):
    put("a.md", WRONG)
    os.chmod("a.md", mode)
    if os.getuid() == 0:
        os.chown("a.md", 1234, 2345)
    before = os.stat("a.md")
    assert fix("a.md").exit_code == 0
    after = os.stat("a.md")
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


@pytest.mark.usefixtures("way")
def test_a_new_file_has_the_rights_of_new_files():
    put("a.md"), put("usual")
    assert run("convert", "a.md", "-o", "out/new.md").exit_code == 0
    assert stat.S_IMODE(os.stat("out/new.md").st_mode) == stat.S_IMODE(os.stat("usual").st_mode)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("target", ["real.md", "elsewhere/real.md"])
def test_a_link_is_written_through(target):
    put(target, WRONG)
    os.symlink(os.path.abspath(target), "first.md")
    os.symlink("first.md", "second.md")
    assert fix("second.md").exit_code == 0
    assert Path(target).read_text() == RIGHT
    assert os.path.islink("first.md")
    assert os.path.islink("second.md")
    put("source.md")
    assert run("convert", "source.md", "-o", "second.md").exit_code == 0
    assert "Verified" in Path(target).read_text()
    assert not Path(target).is_symlink()


def test_a_link_to_what_is_not_there_yet_makes_it():
    put("a.md"), Path("deep").mkdir()
    os.symlink("deep/new.md", "link.md")
    assert run("convert", "a.md", "-o", "link.md").exit_code == 0
    assert os.path.islink("link.md")
    assert "Verified" in Path("deep/new.md").read_text()


def make(kind, name):
    match kind:
        case "a FIFO":
            os.mkfifo(name)
        case "a socket":
            socket.socket(socket.AF_UNIX).bind(name)
        case "a folder":
            Path(name, "a.md").mkdir(parents=True)
        case "a link that leads nowhere":
            os.symlink(name, name)


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("kind", ["a FIFO", "a socket", "a link that leads nowhere"])
def test_what_is_no_regular_file_is_never_replaced(kind, linked):
    put("a.md")
    make(kind, "out.md")
    if linked:
        os.symlink("out.md", "link.md")
    before = os.lstat("out.md")
    result = subprocess.run(
        [*COMMAND, "convert", "a.md", "-o", "link.md" if linked else "out.md"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 2
    assert "cannot write" in result.stderr
    assert f"it is {kind}" in result.stderr
    assert "Traceback" not in result.stderr
    assert (os.lstat("out.md").st_ino, os.lstat("out.md").st_mode) == (before.st_ino, before.st_mode)


def test_a_folder_is_never_replaced():
    put("a.md"), make("a folder", "out")
    result = run("convert", "a.md", "-o", "out")
    assert result.exit_code == 2
    assert "it is a folder, and only regular files are written" in result.stderr


def test_fix_of_a_fifo_is_refused():
    os.mkfifo("pipe.md")
    writing = os.open("pipe.md", os.O_RDWR)
    running = subprocess.Popen([*COMMAND, "check", "--fix", "pipe.md"], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    os.write(writing, WRONG.encode())
    time.sleep(1)
    os.close(writing)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 2
    assert "it is a FIFO" in told
    assert stat.S_ISFIFO(os.lstat("pipe.md").st_mode)


@pytest.mark.parametrize("refused", ["last", "first"])
def test_of_several_files_none_is_written_when_one_cannot_be(refused):
    for name in ("a", "b", "c"):
        put(f"notes/{name}.md")
    Path("out").mkdir()
    make("a FIFO", "out/c.md" if refused == "last" else "out/a.md")
    assert run("convert", "notes", "-o", "out").exit_code == 2
    assert len(names("out")) == 1
    put("notes/b.md", WRONG)
    assert run("convert", "notes", "-o", "other").exit_code == 1
    assert not Path("other").exists()


ERRORS = [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EIO]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("number", ERRORS)
@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
def test_a_refusal_of_the_system_is_said_and_changes_nothing(number, call, monkeypatch):
    for name in ("a", "b", "c"):
        put(f"notes/{name}.md", WRONG)
    monkeypatch.setattr(saving.os, call, refusing(number))
    result = fix("notes")
    assert result.exit_code == 2
    assert f"cannot write notes/a.md: {os.strerror(number)}" in result.stderr
    assert [Path(f"notes/{name}.md").read_text() for name in "abc"] == [WRONG] * 3
    assert names("notes") == ["a.md", "b.md", "c.md"]
    put("right.md")
    result = run("convert", "right.md", "-o", "out/deep/right.md")
    assert result.exit_code == 2
    assert os.strerror(number) in result.stderr
    assert not Path("out").exists()


def limited():
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))


def test_a_disk_that_takes_no_more_leaves_every_file_as_it_was():
    put("notes/a.md", RIGHT * 3), put("notes/b.md")
    put("out/a.md", "old")
    command = [*COMMAND, "convert", "notes", "-o", "out"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, preexec_fn=limited)
    assert result.returncode == 2
    assert f"cannot write out/a.md: {os.strerror(errno.EFBIG)}" in result.stderr
    assert names("out") == ["a.md"]
    assert Path("out/a.md").read_text() == "old"


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "args", [["convert", "a.md"], ["check", "--format", "json", "wrong.md"], ["rules"], ["check", "wrong.md"]]
)
def test_an_output_that_takes_no_more_is_an_error(args, unbuffered, monkeypatch):
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    put("a.md"), put("wrong.md", WRONG)
    with open("full", "wb") as full:
        full.write(b"-" * 199)
        full.flush()
        result = subprocess.run(
            [*COMMAND, *args], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60, preexec_fn=limited
        )
    assert result.returncode == 2
    assert f"the output cannot be written: {os.strerror(errno.EFBIG)}" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr


@pytest.mark.usefixtures("way")
def test_a_file_that_changed_meanwhile_is_left_alone_and_this_is_said(monkeypatch):
    put("a.md", WRONG), put("b.md", WRONG)
    saved = saving.save

    def late(texts):
        put("a.md", WRONG + "\nAdded meanwhile.\n")
        return saved(texts)

    monkeypatch.setattr("mdderive.output.saving.save", late)
    result = fix("a.md", "b.md")
    assert result.exit_code == 1
    assert "a.md changed since it was read: left as it is" in result.stderr
    assert "fixed b.md" in result.stderr
    assert Path("a.md").read_text() == WRONG + "\nAdded meanwhile.\n"
    assert Path("b.md").read_text() == RIGHT
    assert names() == ["a.md", "b.md"]


@pytest.mark.usefixtures("way")
def test_a_file_that_is_gone_meanwhile_is_not_made_again():
    assert save([Text(Path("a.md"), RIGHT, WRONG)]) == [Text(Path("a.md"), RIGHT, WRONG)]
    assert names() == []


def test_two_names_of_one_file_are_fixed_once():
    put("a.md", WRONG)
    os.symlink("a.md", "b.md")
    result = fix("a.md", "b.md")
    assert result.exit_code == 0
    assert result.stderr.endswith("fixed a.md\n")
    assert Path("a.md").read_text() == RIGHT


@pytest.mark.parametrize("kind", ["symbolic", "name"])
def test_no_source_is_overwritten_by_another_name(kind):
    put("a.md"), put("b.md"), Path("out").mkdir()
    if kind == "symbolic":
        os.symlink("../b.md", "out/a.md")
        args = ["a.md", "b.md", "-o", "out"]
    else:
        args = ["a.md", "-o", "./deep/../a.md"]
        Path("deep").mkdir()
    result = run("convert", *args)
    assert result.exit_code == 2
    assert "would overwrite a source" in result.stderr
    assert Path("a.md").read_text() == Path("b.md").read_text() == RIGHT


@pytest.mark.parametrize(
    ("output", "written"), [("out/", "out/a.md"), ("out", "out"), ("deep/out/", "deep/out/a.md"), ("./", None)]
)
def test_a_name_that_ends_like_a_folder_is_one(output, written):
    put("source/a.md")
    result = run("convert", "source/a.md", "-o", output)
    assert result.exit_code == 0, result.output
    assert "Verified" in Path(written or "a.md").read_text()


def test_two_targets_that_are_one_file_are_refused():
    put("notes/a.md"), put("notes/b.md"), Path("out").mkdir()
    os.symlink("b.md", "out/a.md")
    assert run("convert", "notes", "-o", "out").exit_code == 2


def test_more_files_than_may_be_open_at_once():
    for number in range(60):
        put(f"notes/{number}.md", "# Nothing\n")

    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (32, 256))

    command = [*COMMAND, "convert", "notes", "-o", "out"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, preexec_fn=few)
    assert result.returncode == 0, result.stderr
    assert len(names("out")) == 60


def test_long_names_are_written():
    name = "n" * 250 + ".md"
    put(name, WRONG)
    assert fix(name).exit_code == 0
    assert names() == [name]


def as_nobody(place, action):
    """Do something in a folder that everybody may write, as a user without rights; return what a refusal said, or nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.chdir(place)
            os.setgid(65534)
            os.setuid(65534)
            action()
        except Unwritable as error:
            os.write(writing, str(error).encode())
        except BaseException as error:
            os.write(writing, repr(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = told.read()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def shared():
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o777)
        yield Path(place)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become somebody else")
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("mode", "owner", "allowed"),
    [(0o644, 65534, True), (0o666, 0, True), (0o444, 65534, False), (0o644, 0, False), (0o400, 65534, False)],
)
def test_a_file_that_may_not_be_written_is_not_replaced_either(shared, mode, owner, allowed):
    note = shared / "a.md"
    note.write_text(WRONG)
    os.chown(note, owner, owner)
    os.chmod(note, mode)
    said = as_nobody(shared, lambda: save([Text(Path("a.md"), RIGHT)]))
    assert said == ("" if allowed else "cannot write a.md: Permission denied")
    assert note.read_text() == (RIGHT if allowed else WRONG)
    assert stat.S_IMODE(note.stat().st_mode) == mode
    assert os.listdir(shared) == ["a.md"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become somebody else")
def test_a_folder_that_may_not_be_written_is_said(shared):
    os.mkdir(shared / "shut", 0o755)
    for name in ("shut/a.md", "shut/deep/a.md"):
        said = as_nobody(shared, lambda name=name: save([Text(Path(name), RIGHT), Text(Path("b.md"), RIGHT)]))
        assert said == f"cannot write {name}: Permission denied"
    assert names(shared) == ["shut"]


@pytest.mark.parametrize(("stream", "args"), [("<&-", "check -"), (">&-", "convert a.md"), ("2>&-", "check --fix a.md")])
def test_closed_streams_are_no_fault(stream, args):
    put("a.md")
    result = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m mdderive {args} {stream}"], capture_output=True, text=True, check=False, timeout=60
    )
    assert result.returncode == (0 if stream == "2>&-" else 2)
    assert "Traceback" not in result.stderr
    assert names() == ["a.md"]
    assert Path("a.md").read_text() == RIGHT


def test_misuse_of_a_path_is_told():
    put("file")
    with pytest.raises(Unwritable, match=r"cannot write file/a\.md"):
        save([Text(Path("file/a.md"), RIGHT)])


@pytest.mark.parametrize("task", ["fix", "convert"])
def test_a_kill_at_any_moment_loses_nothing_and_leaves_nothing(task):
    """A few kills here; `benchmarks/kills.py` makes two hundred."""
    for number in range(20):
        put(f"notes/{number}.md", WRONG if task == "fix" else RIGHT)
    args = ["check", "--fix", "notes"] if task == "fix" else ["convert", "notes", "-o", "out"]
    begin = time.monotonic()
    new = {RIGHT} if task == "fix" else set()
    assert subprocess.run([*COMMAND, *args], capture_output=True, check=False, timeout=60).returncode == 0
    lasts = time.monotonic() - begin
    if task == "convert":
        new = {Path("out/0.md").read_text()}
    draw = random.Random(0)
    for _ in range(3):
        for number in range(20):
            put(f"notes/{number}.md", WRONG if task == "fix" else RIGHT)
            put(f"out/{number}.md", "old")
        running = subprocess.Popen([*COMMAND, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0.5, 1) * lasts)
        running.send_signal(signal.SIGKILL)
        running.wait()
        written = Path("notes" if task == "fix" else "out")
        assert len(names("notes")) == len(names("out")) == 20
        assert {path.read_text() for path in written.iterdir()} <= new | {WRONG if task == "fix" else "old"}
