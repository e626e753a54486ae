"""Notes by the workers of a cluster: the same documents in the same order, also where a worker dies, and where none is left."""

import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

import mdderive
from mdderive.check import cluster
from mdderive.cli.main import cli
from mdderive.document import files
from mdderive.model.results import Settings
from mdderive.model.source import Source

BLOCK = "```derive\nx: n, A: n x n\nx^T A x + {n} = {n} + x^T A^T x\nx + x = {k} x\n```\n"


@pytest.fixture(scope="module")
def two():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as made:
        made.wait_for_workers(2, timeout=300)
        yield made


@pytest.fixture
def folder(tmp_path):
    for n in range(24):
        text = "".join(BLOCK.format(n=n * 8 + i, k=1 + n % 3) for i in range(8))
        (tmp_path / f"{n:02}.md").write_text(text, encoding="utf-8")
    (tmp_path / "same.md").write_text((tmp_path / "05.md").read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def _killed(address):
    """Kill one of two workers; the cluster begins another one in its place."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)


@pytest.mark.slow
def test_a_worker_that_dies_loses_nothing(two, folder):
    alone = [*mdderive.check_files([folder], cache=False)]
    made = cluster.every(map(files.read, files.notes([str(folder)]).paths), Settings(), None, two.scheduler_address)
    found = [next(made)]
    _killed(two.scheduler_address)
    assert [*found, *made] == alone


@pytest.mark.slow
def test_what_comes_back_is_remembered_and_not_sent_again(two, folder, tmp_path, monkeypatch):
    from mdderive.cache.memory import opened

    memory = opened(str(tmp_path / "cache"))
    two.wait_for_workers(2, timeout=300)
    first = [*cluster.every(map(files.read, files.notes([str(folder)]).paths), Settings(), memory, two.scheduler_address)]
    monkeypatch.setattr(cluster, "_sent", lambda *_: pytest.fail("a known note was sent"))
    again = [*cluster.every(map(files.read, files.notes([str(folder)]).paths), Settings(), memory, two.scheduler_address)]
    assert again == first == [*mdderive.check_files([folder], cache=False)]


@pytest.mark.slow
def test_the_report_is_the_same_to_the_letter(two, folder):
    command = [sys.executable, "-m", "mdderive", "check", "--no-cache", "."]
    more = ["--cluster", two.scheduler_address]
    here, there = (subprocess.run([*command, *m], cwd=folder, capture_output=True, check=False) for m in ([], more))
    assert there.stdout == here.stdout
    assert there.returncode == here.returncode == 1


@pytest.mark.slow
def test_what_no_worker_does_is_done_here(monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with distributed.LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1") as none:
        source = Source(BLOCK.format(n=1, k=3), "a.md")
        found = [*cluster.every([source], Settings(), None, none.scheduler_address)]
    assert found == [mdderive.check(source.text, path="a.md")]


def test_another_program_judges_nothing():
    with pytest.raises(RuntimeError):
        cluster.judged(Source("", "a.md"), Settings(), "another")


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["--cluster", "tcp://127.0.0.1:1"], 2, "no cluster answers at tcp://127.0.0.1:1"),
        (["--cluster", "nothing"], 2, "no cluster answers at nothing"),
        (["--cluster", "tcp://127.0.0.1:1", "--jobs", "2"], 2, "--cluster judges elsewhere"),
    ],
)
def test_what_cannot_be_asked_is_said(tmp_path, monkeypatch, args, code, words):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    (tmp_path / "a.md").write_text(BLOCK.format(n=1, k=2), encoding="utf-8")
    result = CliRunner().invoke(cli, ["check", str(tmp_path), *args])
    assert result.exit_code == code
    assert words in " ".join(result.output.split())


def test_without_the_extra_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    (tmp_path / "a.md").write_text(BLOCK.format(n=1, k=2), encoding="utf-8")
    result = CliRunner().invoke(cli, ["check", str(tmp_path), "--cluster", "tcp://127.0.0.1:1"])
    assert result.exit_code == 2
    assert "pip install 'mdderive[cluster]'" in " ".join(result.output.split())
