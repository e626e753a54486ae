"""Files in: paths to notes, bytes to text, which keeps the line ends of its file."""

import errno
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mdderive.document.walk import KINDS, NOTEBOOK, STDIN, walked
from mdderive.model.diagnostics import Finding
from mdderive.model.results import Document
from mdderive.model.source import Source, Span, printable


@dataclass(frozen=True, slots=True)
class Notes:
    """What paths stand for: `paths` to read, `passed` with what is said about the rest, the other files counted by suffix."""

    paths: tuple[str, ...]
    passed: tuple[Document, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)


def notes(paths: Sequence[str]) -> Notes:
    """Return the files that paths stand for, as `walk.walked` finds them; raises `FileNotFoundError`."""
    found, passed, skipped = walked(paths)
    return Notes(found, tuple(_document(path, code, facts) for path, code, facts in passed), skipped)


def _refused(code: str, name: str, why: str) -> Document:
    return _document(name, code, {"why": why})


def _document(name: str, code: str, facts: Mapping[str, str]) -> Document:
    return Document(Source("", name), findings=(Finding(code, Span(0, 0), facts),))


def targets(sources: Sequence[str], paths: Sequence[str], output: str | None, suffix: str = "") -> list[Path | None]:
    """Return where the text of each path goes, None for standard output; raises `ValueError` where text would be lost.

    `paths` are the files that `sources` stand for. What lies below a source folder keeps its place below the output folder, with
    the `suffix` if one is given.
    """
    single = len(paths) == 1 and not Path(sources[0]).is_dir()
    if output is None:
        if not single:
            raise ValueError("several sources need -o FOLDER")
        return [None]
    if single and not (Path(output).is_dir() or output.endswith("/")):
        found = [Path(output)]
    else:
        folders = [Path(s) for s in sources if Path(s).is_dir()]
        inside = [next((f for f in folders if f in Path(p).parents), Path(p).parent) for p in paths]
        found = [Path(output) / Path(p).relative_to(f) for p, f in zip(paths, inside, strict=True)]
        found = [path.with_suffix(suffix) for path in found] if suffix else found
    read_from = {os.path.realpath(path) for path in paths if path != STDIN}
    written = [os.path.realpath(target) for target in found]
    for target, real in zip(found, written, strict=True):
        if real in read_from:
            raise ValueError(f"{printable(str(target))} would overwrite a source")
    if len(set(written)) < len(written):
        raise ValueError("two sources would be written to one file")
    return [*found]


def read(path: str, name: str = "") -> Source | Document:
    """Return the text of a file under its path or another name; a document with the finding where it cannot be read."""
    name = name or path
    try:
        data = _standard_input() if path == STDIN else _bytes(path)
        return source_of(data.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        return _refused("DRV190", name, f"byte {error.start + 1} is not UTF-8")
    except OSError as error:
        return _refused("DRV192", name, error.strerror or str(error))
    except ValueError as error:  # no file can have such a name
        return _refused("DRV192", name, str(error))


def source_of(text: str, name: str) -> Source | Document:
    """Return the text of a file as it is read: of a notebook its text cells; a document with the finding where it cannot be."""
    if not name.lower().endswith(NOTEBOOK):
        return Source(text, name)
    from mdderive.document import notebook

    if not notebook.readable():
        return _document(name, "DRV193", {})
    try:
        return notebook.cells(text, name)
    except ValueError as error:
        return _refused("DRV190", name, str(error))


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer.read()


def _bytes(path: str) -> bytes:
    """Return what a file holds, or what somebody writes into a FIFO (as shells do for `<(…)`); raises `OSError`."""
    kind = stat.S_IFMT(os.stat(path).st_mode)
    if kind not in (stat.S_IFREG, stat.S_IFIFO):
        raise OSError(0, f"it is {KINDS[kind][0]}")
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        if kind == stat.S_IFIFO:
            os.set_blocking(handle, True)  # opened without waiting for a writer who may never come
        data = file.read()
    if kind == stat.S_IFIFO and not data:
        raise OSError(0, "it is a FIFO, and nobody writes to it")
    return data


def unchanged(source: Source) -> bool:
    """Tell whether a file still holds the text that was read from it."""
    now = read(source.path)
    return isinstance(now, Source) and now.text == source.text
