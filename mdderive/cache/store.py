"""Values by their keys in one SQLite file, which many processes read and write at the same time.

A value that comes back is the one that was put there: every row holds a hash of its key and its value. A file that is damaged is
thrown away. Whatever else goes wrong (no room, no right to write, a writer that does not end), there is no value from then on,
and no error.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import blake2b

from mdderive.cache import place

FILE = "results-1.sqlite"
MOST = 256 << 20  # bytes that the file may take
LEFT = 0.8  # of them, behind a clearing of what was not used for longest
HOUR = 3600  # how finely it is noted when a value was used last: unchanged runs write nothing
PATIENCE = 5.0  # seconds for which a writer waits for others
HEADER = 16
# What may go by without a change of the file: others write, or this user may not, or there is no room.
PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_PERM}
PASSING |= {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT}
OLDEST = "DELETE FROM kept WHERE key IN (SELECT key FROM kept ORDER BY used LIMIT 1 + (SELECT count(*) FROM kept) / 20)"
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    Answer = TypeVar("Answer")


class Store:
    """The values in a folder, which is made where it is missing; `most` bounds the bytes of the file."""

    def __init__(self, folder: str, most: int = MOST) -> None:
        self.folder = folder
        self.path = os.path.join(folder, FILE)
        self._most = most
        self._open: sqlite3.Connection | None = None
        self._given_up = False  # so that nobody waits twice

    def get(self, key: bytes) -> bytes | None:
        """Return the value of a key."""
        return self._tried(lambda file: _got(file, key), None)

    def put(self, values: Iterable[tuple[bytes, bytes]]) -> None:
        """Put values under their keys, all or none, and let those go that were not used for longest where there is no room."""
        rows = [(key, _now(), blake2b(key + value, digest_size=HEADER).digest() + value) for key, value in values]
        if rows:
            self._tried(lambda file: _put(file, rows, self._most), None)

    def clear(self) -> None:
        """Throw all values away."""
        self.close()
        _discarded(self.path)

    def count(self) -> tuple[int, int]:
        """Return how many values there are, and how many bytes they take."""
        if not os.path.exists(self.path):
            return 0, 0
        return self._tried(lambda file: (int(file.execute("SELECT count(*) FROM kept").fetchone()[0]), _size(file)), (0, 0))

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            with suppress(sqlite3.Error):
                self._open.close()
            self._open = None

    def _tried(self, work: "Callable[[sqlite3.Connection], Answer]", otherwise: "Answer") -> "Answer":
        if self._given_up:
            return otherwise
        try:
            if self._open is None:
                self._open = _opened(self.folder, self.path)
            return work(self._open)
        except OSError:
            return otherwise
        except (sqlite3.Error, ValueError) as error:  # also where what SQLite says of a damaged file is no text
            code: int | None = getattr(error, "sqlite_errorcode", None)
            self.close()
            self._given_up = code is not None and code & 0xFF in PASSING
            if not self._given_up:
                _discarded(self.path)
            return otherwise


def _opened(folder: str, path: str) -> sqlite3.Connection:
    place.made(folder)
    file = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        file.text_factory = bytes
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=NORMAL")
        file.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, used INTEGER, value BLOB) WITHOUT ROWID")
        file.execute("CREATE INDEX IF NOT EXISTS used ON kept (used)")
    except (sqlite3.Error, ValueError):
        file.close()
        raise
    return file


def _got(file: sqlite3.Connection, key: bytes) -> bytes | None:
    row = file.execute("SELECT used, value FROM kept WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    used, held = row
    if not isinstance(held, bytes) or blake2b(key + held[HEADER:], digest_size=HEADER).digest() != held[:HEADER]:
        raise sqlite3.DatabaseError("a value is not what was put there")
    if used != _now():
        with suppress(sqlite3.OperationalError):  # while another writes, or where nobody may
            file.execute("UPDATE kept SET used = ? WHERE key = ?", (_now(), key))
    return held[HEADER:]


def _put(file: sqlite3.Connection, rows: list[tuple[bytes, int, bytes]], most: int) -> None:
    file.execute("BEGIN IMMEDIATE")
    try:
        file.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
        if _size(file) > most:
            while _size(file) > LEFT * most and file.execute("SELECT 1 FROM kept").fetchone():
                file.execute(OLDEST)
        file.execute("COMMIT")
    except (sqlite3.Error, ValueError):
        with suppress(sqlite3.Error, ValueError):
            file.execute("ROLLBACK")
        raise


def _size(file: sqlite3.Connection) -> int:
    """Return how many bytes of the file hold something."""
    told = (file.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count", "page_size"))
    pages, free, page = (int(row[0]) for row in told)
    return (pages - free) * page


def _discarded(path: str) -> None:
    """Remove a file with what SQLite puts beside it; the file itself goes last, so that nothing of it outlives it."""
    for name in (f"{path}-wal", f"{path}-shm", path):
        with suppress(OSError):
            os.remove(name)


def _now() -> int:
    return int(time.time()) // HOUR
