"""Values in a file: what comes back was put there, whoever else reads, writes, dies or damages the file meanwhile."""

import multiprocessing
import os
import random
import signal
import sqlite3
import time

import pytest

from mdderive.cache.store import FILE, Store

VALUES = {f"{n:020}".encode(): f"{n}:".encode() * 500 for n in range(60)}


def test_what_comes_back_is_what_was_put_there(tmp_path):
    store = Store(str(tmp_path / "new" / "folder"))
    assert store.get(b"key") is None
    store.put(VALUES.items())
    store.put([(b"key", b""), (b"other", b"\0\xff")])
    again = Store(store.folder)
    assert (again.get(b"key"), again.get(b"other"), again.get(b"none")) == (b"", b"\0\xff", None)
    assert all(again.get(key) == value for key, value in VALUES.items())
    assert again.count()[0] == len(VALUES) + 2


def test_git_passes_over_the_folder(tmp_path):
    Store(str(tmp_path)).put([(b"key", b"value")])
    assert (tmp_path / ".gitignore").read_text() == "*\n"


def test_it_is_bounded_and_what_was_used_last_stays(tmp_path, monkeypatch):
    most = 1 << 20
    store = Store(str(tmp_path), most)
    for n in range(400):
        monkeypatch.setattr("mdderive.cache.store._now", lambda n=n: n)
        store.put([(f"{n}".encode(), b"x" * 10_000)])
        assert store.get(b"0"), "what is used at every turn was let go"
    count, size = store.count()
    assert 40 < count < 100
    assert size <= most
    assert (tmp_path / FILE).stat().st_size <= 1.2 * most
    assert store.get(b"399")
    assert store.get(b"10") is None


def test_clearing_leaves_nothing(tmp_path):
    store = Store(str(tmp_path))
    store.put(VALUES.items())
    store.clear()
    assert store.count() == (0, 0)
    assert not [name for name in os.listdir(tmp_path) if name.startswith(FILE)]
    assert all(store.get(key) is None for key in VALUES)


def test_a_folder_that_cannot_be_is_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    store = Store(str(tmp_path / "file"))
    store.put(VALUES.items())
    assert store.get(next(iter(VALUES))) is None
    assert store.count() == (0, 0)


@pytest.mark.parametrize("text", [b"", b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_thrown_away(tmp_path, text):
    (tmp_path / FILE).write_bytes(text)
    store = Store(str(tmp_path))
    assert store.get(b"key") is None
    store.put([(b"key", b"value")])
    assert Store(str(tmp_path)).get(b"key") == b"value"


def test_bytes_that_were_changed_are_never_taken_for_a_value(tmp_path):
    rng = random.Random(0)
    whole = Store(str(tmp_path))
    whole.put(VALUES.items())
    whole.close()
    data = (tmp_path / FILE).read_bytes()
    lost = 0
    for n in range(200):
        folder = tmp_path / f"{n}"
        folder.mkdir()
        damaged = bytearray(data)
        for _ in range(rng.choice((1, 10, 1000))):
            damaged[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        (folder / FILE).write_bytes(damaged)
        store = Store(str(folder))
        found = {key: store.get(key) for key in VALUES}
        assert all(found[key] in (None, value) for key, value in VALUES.items())
        lost += None in found.values()
        store.put(VALUES.items())
        store.close()
        store.put(VALUES.items())  # what was found to be damaged by the first is thrown away
        assert all(store.get(key) in (None, value) for key, value in VALUES.items())
        store.close()
    assert lost > 50, "the damage did not reach the values"


def test_a_damaged_value_is_thrown_away_though_the_file_is_whole(tmp_path):
    store = Store(str(tmp_path))
    store.put(VALUES.items())
    store.close()
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("UPDATE kept SET value = (SELECT value FROM kept ORDER BY key LIMIT 1)")  # whole values of another key
    file.close()
    assert not any(store.get(key) for key in [*VALUES][1:])


def _write(folder, begin):
    store = Store(folder)
    for turn in range(10_000):
        store.put([(key, value) for key, value in VALUES.items() if (turn + begin) % 3 == len(key + value) % 3 or turn % 2])


def test_writers_beside_each_other_and_killed_lose_nothing(tmp_path):
    rng = random.Random(1)
    folder = str(tmp_path)
    fixed = {b"fixed" + key: value for key, value in VALUES.items()}
    Store(folder).put(fixed.items())
    spawn = multiprocessing.get_context("fork")
    for turn in range(10):
        writers = [spawn.Process(target=_write, args=(folder, n)) for n in range(2)]
        for writer in writers:
            writer.start()
        time.sleep(rng.uniform(0.01, 0.1))
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
            writer.join()
        store = Store(folder)
        assert all(store.get(key) == value for key, value in fixed.items()), f"lost in turn {turn}"
        assert all(store.get(key) in (None, value) for key, value in VALUES.items())
        store.close()
    with sqlite3.connect(tmp_path / FILE) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    file.close()
    assert Store(folder).get(next(iter(VALUES)))
