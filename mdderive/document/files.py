"""Files in: folders to notes, bytes to text.

Nothing that a folder holds is passed over without a word: what is no note is counted by its suffix, what is no regular file or
leads out of the folder is a finding. Text keeps the line ends of its file.
"""

import errno
import os
import stat
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mdderive.model.diagnostics import Finding
from mdderive.model.results import Document
from mdderive.model.source import Source, Span, printable

NOTEBOOK = ".ipynb"
SUFFIXES = (".md", ".markdown", ".mkd", ".mkdn", ".mdown", ".qmd", ".rmd", ".mdx", ".tex")
STDIN = "-"
KINDS: Mapping[int, tuple[str, str]] = {
    stat.S_IFDIR: ("a folder", "文件夹"),
    stat.S_IFIFO: ("a FIFO", "命名管道"),
    stat.S_IFSOCK: ("a socket", "套接字"),
    stat.S_IFCHR: ("a device", "设备"),
    stat.S_IFBLK: ("a device", "设备"),
    stat.S_IFLNK: ("a link that leads nowhere", "没有目标的链接"),
}
OUTSIDE = ("a link that leads out of the folder", "指向文件夹之外的链接")


@dataclass(frozen=True, slots=True)
class Notes:
    """What paths stand for: `paths` to read, `passed` with what is said about the rest, the other files counted by suffix."""

    paths: tuple[str, ...]
    passed: tuple[Document, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)


def notes(paths: Sequence[str]) -> Notes:
    """Return the files that paths stand for: a file itself, a folder its notes in order, `-` standard input; each once.

    Folders whose name begins with a dot and `node_modules` are not entered. Raises `FileNotFoundError`.
    """
    found: list[str] = []
    walked: list[_Walk] = []
    for path in paths:
        if path != STDIN and not os.path.exists(path):
            raise FileNotFoundError(path)
        if os.path.isdir(path):
            walked.append(_Walk(path))
            found += sorted(walked[-1].notes)
        else:
            found.append(path)
    skipped: Counter[str] = sum((walk.skipped for walk in walked), Counter())
    return Notes(tuple(dict.fromkeys(found)), tuple(p for walk in walked for p in walk.passed), skipped)


class _Walk:
    """One walk through a folder. What links lead to comes last, so that it keeps its own name where it has one inside."""

    def __init__(self, folder: str) -> None:
        self.notes: list[str] = []
        self.passed: list[Document] = []
        self.skipped: Counter[str] = Counter()
        self._root = os.path.realpath(folder)
        self._seen: set[str] = set()
        self._links: list[str] = []
        self._enter(folder)
        while self._links:
            self._follow(self._links.pop(0))

    def _enter(self, folder: str) -> None:
        """Take what lies in a folder and, level by level, below it."""
        waiting = [folder]
        while waiting:
            folder = waiting.pop()
            real = os.path.realpath(folder)
            if real in self._seen:
                continue
            self._seen.add(real)
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError as error:
                self.passed.append(_refused("DRV192", folder, error.strerror or str(error)))
                continue
            for entry in entries:
                path = entry.name if folder == os.curdir else entry.path
                if entry.is_symlink():
                    self._links.append(path)
                elif not entry.is_dir():
                    self._take(path, os.path.join(real, entry.name))
                elif _entered(entry.name):
                    waiting.append(path)

    def _follow(self, link: str) -> None:
        real = os.path.realpath(link)
        if real in self._seen:
            return
        if os.path.commonpath((self._root, real)) != self._root:
            if os.path.isdir(real) or _is_note(link):
                self.passed.append(_passed(link, OUTSIDE))
            else:
                self._count(link)
        elif os.path.isdir(real):
            self._enter(link)
        else:
            self._take(link, real)

    def _take(self, path: str, real: str) -> None:
        if not _is_note(path):
            self._count(path)
            return
        self._seen.add(real)
        if (kind := kind_of(path)) == stat.S_IFREG:
            self.notes.append(path)
        else:
            self.passed.append(_passed(path, KINDS[kind]))

    def _count(self, path: str) -> None:
        self.skipped[os.path.splitext(path)[1].lower()] += 1


def _entered(name: str) -> bool:
    return not name.startswith(".") and name != "node_modules"


def _is_note(path: str) -> bool:
    suffix = os.path.splitext(path)[1].lower()
    return suffix in SUFFIXES or (suffix == NOTEBOOK and _notebooks_readable())


def _notebooks_readable() -> bool:
    from mdderive.document import notebook

    return notebook.readable()


def kind_of(path: str | Path) -> int:
    """Return the kind of file, `stat.S_IF…`, that stands at a path or where its links lead; a link for one that leads nowhere."""
    try:
        return stat.S_IFMT(os.stat(path).st_mode)
    except OSError:
        return stat.S_IFMT(os.lstat(path).st_mode)


def _passed(path: str, what: tuple[str, str]) -> Document:
    return _document(path, "DRV194", {"what": what[0], "what_zh": what[1]})


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
