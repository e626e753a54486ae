"""Which files are read, which are passed over, and what is said about them: nothing passes unseen, nothing is waited for."""

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from click.testing import CliRunner

from mdderive.cli.main import cli
from mdderive.document import notebook

WRONG = "```derive\nX: n x n\n(X^T)^T = -X\n```\n"
RIGHT = WRONG.replace("-X", "X")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name, text=RIGHT):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


def run(*args):
    """Run in a process of its own with a limit of time, so that waiting for ever is a failure."""
    return subprocess.run(
        [sys.executable, "-m", "mdderive", *args],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def check(*args):
    return CliRunner().invoke(cli, ["check", *args])


def as_json(*args):
    return json.loads(check("--format", "json", *args).stdout)


def read_files(*args):
    return [row["file"] for row in as_json(*args)["files"]]


def bound(name):
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    made = socket.socket(socket.AF_UNIX)
    made.bind(name)
    return made


@pytest.mark.parametrize("suffix", [".md", ".markdown", ".mkd", ".mkdn", ".mdown", ".qmd", ".Rmd", ".mdx", ".MD", ".Markdown"])
def test_a_folder_is_read_for_every_suffix_of_notes(suffix):
    put(f"notes/a{suffix}", WRONG)
    result = check("notes")
    assert result.exit_code == 1
    assert "skipped" not in result.stdout


@pytest.mark.parametrize("suffix", [".tex", ".TEX"])
def test_latex_is_read_as_latex_whatever_the_case_of_its_suffix(suffix):
    put(f"notes/a{suffix}", "\\begin{derive}\nX: n x n\n(X^T)^T = -X\n\\end{derive}\n")
    assert check("notes").exit_code == 1


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a.rst", "b.rst", "deep/c.rst"], "3 files skipped: .rst"),
        (["a.rst"], "1 file skipped: .rst"),
        (["n.txt", "a.rst", "b.RST"], "3 files skipped: .rst (2), .txt (1)"),
        (["LICENSE", "x.tar.gz"], "2 files skipped: without suffix (1), .gz (1)"),
        ([".hidden/a.rst", "node_modules/b.rst"], None),
    ],
)
@pytest.mark.parametrize("form", ["full", "concise"])
def test_what_is_not_read_is_counted_by_suffix(names, said, form):
    put("notes/a.md")
    for name in names:
        put(f"notes/{name}", WRONG)
    result = check("notes", "--format", form)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == ([said] if said else [])


def test_every_format_counts_what_is_not_read():
    put("notes/a.md"), put("notes/a.rst")
    assert as_json("notes")["summary"]["files_skipped"] == {".rst": 1}
    assert check("notes", "--format", "github").stdout == "::notice title=mdderive::1 file skipped: .rst\n"
    [run_] = json.loads(check("notes", "--format", "sarif").stdout)["runs"]
    assert run_["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "1 file skipped: .rst"
    assert "跳过 1 个文件：.rst" in check("notes", "--lang", "zh").stdout
    assert "1 file skipped: .rst" in CliRunner().invoke(cli, ["convert", "notes", "-o", "out"]).stderr


@pytest.mark.parametrize("name", ["n.ipynb", "deep/N.IPYNB"])
def test_a_notebook_is_read_where_nbformat_is_installed_but_never_written(name):
    pytest.importorskip("nbformat")
    cells = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": [WRONG]}]
    book = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    put(name, book)
    assert f"{name}:cell 1:" in check(name, "--fix").stdout
    assert f"{name}:cell 1:" in check(".").stdout
    assert check(name, "--diff").stdout == ""
    assert Path(name).read_text(encoding="utf-8") == book
    right = book.replace("-X", "X")
    put(name, right)
    for options in (["-o", "out.md"], ["--in-place"]):
        assert CliRunner().invoke(cli, ["convert", name, *options]).exit_code == 2
    assert Path(name).read_text(encoding="utf-8") == right
    assert not Path("out.md").exists()


@pytest.mark.parametrize("name", ["n.ipynb", "deep/N.IPYNB"])
def test_a_named_notebook_is_refused_without_nbformat(name, monkeypatch):
    monkeypatch.setattr(notebook, "readable", lambda: False)
    cells = [{"cell_type": "markdown", "source": [WRONG]}]
    put(name, json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})), put("a.md", WRONG)
    for form in ("full", "concise", "json", "github", "sarif"):
        result = check(name, "--format", form)
        assert result.exit_code == 2, form
        assert "DRV193" in result.stdout
    assert "DRV193" in check(name, "a.md").stdout
    assert "DRV402" in check(name, "a.md").stdout
    assert CliRunner().invoke(cli, ["convert", name, "-o", "out.md"]).exit_code == 2
    assert not Path("out.md").exists()
    assert CliRunner().invoke(cli, ["check", "-", "--stdin-filename", name], input="{}").exit_code == 2


@pytest.mark.parametrize("link", ["b.md", "deep/b.md", "b.markdown"])
def test_a_link_to_a_note_that_the_folder_holds_is_the_same_note(link):
    put("notes/z.md", WRONG), Path("notes/deep").mkdir()
    os.symlink(os.path.abspath("notes/z.md"), f"notes/{link}")
    assert read_files("notes") == ["notes/z.md"]


def test_a_link_to_what_the_walk_would_not_enter_is_followed():
    put("notes/.parts/a.md", WRONG), put("notes/.more/deep/b.md"), put("notes/plain.txt")
    os.symlink(".parts/a.md", "notes/a.md")
    os.symlink(".more", "notes/more")
    os.symlink("plain.txt", "notes/plain.md")
    assert read_files("notes") == ["notes/a.md", "notes/more/deep/b.md", "notes/plain.md"]
    assert as_json("notes")["summary"]["files_skipped"] == {".txt": 1}


def test_links_in_circles_are_walked_once():
    put("notes/a.md"), put("notes/deep/b.md")
    os.symlink("..", "notes/deep/up")
    os.symlink("deep", "notes/again")
    os.symlink("self.md", "notes/self.md")
    os.symlink("two", "notes/one")
    os.symlink("one", "notes/two")
    result = run("check", "notes", "--format", "json")
    assert result.returncode == 0
    body = json.loads(result.stdout)
    assert [row["file"] for row in body["files"]] == ["notes/a.md", "notes/deep/b.md", "notes/self.md"]
    [finding] = body["findings"]
    assert (finding["code"], finding["file"], finding["severity"]) == ("DRV194", "notes/self.md", "warning")


@pytest.mark.parametrize("target", ["outside/a.md", "outside", "outside/missing.md"])
def test_a_link_out_of_the_folder_is_not_followed_and_this_is_said(target):
    put("outside/a.md", WRONG), put("notes/b.md")
    os.symlink(os.path.abspath(target), "notes/link.md")
    result = check("notes")
    assert result.exit_code == 0
    assert "warning[DRV194]: this is a link that leads out of the folder" in result.stdout
    assert "notes/link.md" in result.stdout
    assert check("notes/link.md").exit_code == (2 if "missing" in target else 1)


@pytest.mark.parametrize("name", ["pipe.md", "deep/pipe.tex", "pipe.QMD"])
def test_a_fifo_in_a_folder_is_said_and_not_opened(name):
    put("notes/a.md"), Path("notes/deep").mkdir()
    os.mkfifo(f"notes/{name}")
    result = run("check", "notes")
    assert result.returncode == 0
    assert "warning[DRV194]: this is a FIFO and is not read" in result.stdout
    assert f"notes/{name}" in result.stdout
    assert "(1 file, 1 block)" in result.stdout


def test_a_socket_in_a_folder_is_said_and_others_are_counted():
    put("notes/a.md")
    with bound("notes/s.md"), bound("notes/s.sock"):
        result = run("check", "notes")
    assert result.returncode == 0
    assert "this is a socket and is not read" in result.stdout
    assert "1 file skipped: .sock" in result.stdout


def test_a_link_to_a_fifo_is_one():
    os.mkdir("notes")
    os.mkfifo("notes/.pipe")
    os.symlink(".pipe", "notes/a.md")
    result = run("check", "notes")
    assert "this is a FIFO and is not read" in result.stdout


def test_a_named_fifo_is_read_when_somebody_writes_and_refused_otherwise():
    os.mkfifo("pipe")
    refused = run("check", "pipe")
    assert refused.returncode == 2
    assert "DRV192" in refused.stdout
    assert "FIFO" in refused.stdout
    writing = os.open("pipe", os.O_RDWR)
    reading = subprocess.Popen([sys.executable, "-m", "mdderive", "check", "pipe"], stdout=subprocess.PIPE, text=True)
    threading.Timer(1.0, lambda: (os.write(writing, WRONG.encode()), os.close(writing))).start()
    told, _ = reading.communicate(timeout=60)
    assert reading.returncode == 1
    assert "DRV402" in told


def test_what_a_shell_puts_in_place_of_a_command_is_read():
    put("a.md", WRONG)
    command = f"{sys.executable} -m mdderive check <(cat a.md)"
    assert subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=60).returncode == 1


def test_a_named_socket_is_refused():
    with bound("s.md"):
        result = run("check", "s.md")
    assert result.returncode == 2
    assert "it is a socket" in result.stdout


def test_a_folder_that_cannot_be_listed_is_an_error(monkeypatch):
    put("notes/a.md", WRONG), put("notes/shut/b.md", WRONG)
    listing = os.scandir

    def refusing(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr("mdderive.document.files.os.scandir", refusing)
    result = check("notes")
    assert result.exit_code == 2
    assert "DRV192" in result.stdout
    assert "notes/shut" in result.stdout
    assert "Permission denied" in result.stdout
    assert "DRV402" in result.stdout


def test_a_file_that_may_not_be_read_is_an_error(monkeypatch):
    def refusing(*_args):
        raise PermissionError(13, "Permission denied")

    put("a.md", WRONG)
    monkeypatch.setattr("mdderive.document.files.os.open", refusing)
    result = check("a.md")
    assert result.exit_code == 2
    assert "the file cannot be opened: Permission denied" in result.stdout


NAMES = {
    "line end": "a\nb.md",
    "command": "::error::gone.md",
    "old command": "##[error]gone.md",
    "command after a line end": "a\n::error::gone.md",
    "colours": "a\x1b[31mred.md",
    "percent": "100%0A%s{}.md",
    "tab": "a\tb.md",
    "carriage return": "a\rb.md",
    "no UTF-8": os.fsdecode(b"caf\xe9.md"),
    "right to left": "a\u202egm.md",
    "separator": "a\u2028b.md",
    "quotes": "\"a\" 'b' \\ <b>&.md",
    "Chinese": "笔记 一.md",
}


UNSHOWN = set("\x1b\t\r\u2028\u202e\x00")


def command(text):
    """Return the lines that a build server would take for a command, but for findings."""
    return [line for line in text.splitlines() if line.startswith("::error::") or "##[" in line]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("where", ["", "notes/"])
def test_a_name_is_escaped_in_every_format(name, where):
    put(f"{where}{name}", WRONG)
    shown = {}
    for form in ("full", "concise", "json", "github", "sarif"):
        result = check("--format", form, "--", where or name)
        assert result.exit_code == 1, result.output
        assert not set(result.stdout) & UNSHOWN, form
        assert not command(result.stdout)
        shown[form] = result.stdout
    assert len(shown["concise"].splitlines()) == 2
    assert len(shown["github"].splitlines()) == 1
    assert shown["github"].startswith("::error title=mdderive DRV402,file=")
    [finding] = json.loads(shown["json"])["findings"]
    path = f"{where}{name}"
    assert finding["file"] == path.replace("\udce9", "\\xe9")
    [found] = json.loads(shown["sarif"])["runs"][0]["results"]
    uri = found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert uri.isprintable()
    assert unquote_to_bytes(uri) == os.fsencode(path)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_escaped_in_what_is_said_beside_the_report(name):
    for args in (["check", "--", f"missing {name}"], ["convert", "-o", name, "--", name]):
        put(name)
        result = CliRunner().invoke(cli, args)
        assert result.exit_code == 2
        assert not set(result.stderr) & UNSHOWN
        assert not command(result.stderr)
    put(name, WRONG.replace("(X^T)^T = -X", "d(X^{-1}) = X^{-1} (dX) X^{-1}"))
    for args, code in ((["--diff"], 1), (["--fix"], 0)):
        result = check(*args, "--", name)
        assert result.exit_code == code, result.output
        assert not set(result.output) & (UNSHOWN - set("\t"))
        assert not command(result.output)
    assert result.stderr.startswith("fixed ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("args", [["check"], ["check", "--format", "json"], ["check", "--fix"], ["convert"]])
def test_a_name_that_is_no_utf_8_reaches_a_terminal_escaped(args):
    put(NAMES["no UTF-8"], WRONG)
    result = run(*args, "--", NAMES["no UTF-8"])
    assert result.returncode == (0 if "--fix" in args else 1)
    assert "Traceback" not in result.stderr
    assert r"caf\xe9.md" in (result.stdout + result.stderr).replace(r"\\", "\\")
