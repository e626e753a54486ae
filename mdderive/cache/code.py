"""Which program gives the answers: its own files, the Python that runs it and the packages beside it.

An answer is used again by the same program only. That is told by the text of all its modules and of its words. Reading them takes
longer than looking at sizes and times, so the hash of the text is kept under those. A file that was changed after this process
began is not what it runs, and then nothing is kept or used.
"""

import os
import sys
from collections.abc import Iterator
from hashlib import blake2b

from mdderive import __began__
from mdderive.cache.store import Store

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ANSWERING = (".py", ".txt")  # modules, and the words of languages
INSTALLED = (".dist-info", ".egg-info")


def identity(store: Store) -> bytes:
    """Return what tells this program from every other one; nothing where its files cannot be seen or have changed."""
    files = [*_files(PACKAGE)]
    if not files or not _as_begun(files):
        return b""
    stamp = blake2b(repr(files).encode(), digest_size=20).digest()
    text = store.get(stamp)
    if text is None:
        text = _text([path for path, *_ in files])
        store.put([(stamp, text)])
    beside = repr((sys.version, sys.platform, sorted(_packages())))
    return blake2b(text + beside.encode("utf-8", "backslashreplace"), digest_size=20).digest()


def digest() -> bytes:
    """Return what tells the text of this program from that of others."""
    return _text([path for path, *_ in _files(PACKAGE)])


def as_begun() -> bool:
    """Tell whether the files are what this process runs."""
    return _as_begun([*_files(PACKAGE)])


def _as_begun(files: list[tuple[str, int, int, int, int]]) -> bool:
    return all(max(written, changed) <= __began__ for _, _, written, changed, _ in files)


def _files(folder: str) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield the path of each module with its size, when it was written and changed, and its number on the disk."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.endswith(ANSWERING):
            seen = entry.stat()
            yield entry.path, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino
        elif entry.is_dir() and entry.name != "__pycache__":
            yield from _files(entry.path)


def _text(paths: list[str]) -> bytes:
    whole = blake2b(digest_size=20)
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        name = os.path.relpath(path, PACKAGE).replace(os.sep, "/")
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.digest()


def _packages() -> Iterator[str]:
    """Yield the names, which tell the versions, of the packages that can be imported."""
    for folder in sys.path:
        try:
            yield from (name for name in os.listdir(folder or os.curdir) if name.endswith(INSTALLED))
        except OSError:
            continue
