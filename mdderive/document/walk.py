"""Folders to notes, without opening any: for a run in which there may be nothing else to do, so it imports next to nothing.

Nothing that a folder holds is passed over without a word: what is no note is counted by its suffix, what is no regular file or
leads out of the folder is told with the code of a finding and its facts.
"""

import os
import stat
from collections import Counter
from collections.abc import Mapping, Sequence

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


Passed = tuple[str, str, Mapping[str, str]]  # the path, and a code with its facts


def walked(paths: Sequence[str]) -> tuple[tuple[str, ...], list[Passed], Counter[str]]:
    """Return the files that paths stand for, what is passed over by name, and the other files counted by suffix.

    A path is a file itself, a folder its notes in order, `-` standard input; each once. Folders whose name begins with a dot and
    `node_modules` are not entered. Raises `FileNotFoundError`.
    """
    found: list[str] = []
    walks: list[_Walk] = []
    for path in paths:
        if path != STDIN and not os.path.exists(path):
            raise FileNotFoundError(path)
        if os.path.isdir(path):
            walks.append(_Walk(path))
            found += sorted(walks[-1].notes)
        else:
            found.append(path)
    skipped: Counter[str] = sum((walk.skipped for walk in walks), Counter())
    return tuple(dict.fromkeys(found)), [passed for walk in walks for passed in walk.passed], skipped


class _Walk:
    """One walk through a folder. What links lead to comes last, so that it keeps its own name where it has one inside."""

    def __init__(self, folder: str) -> None:
        self.notes: list[str] = []
        self.passed: list[Passed] = []
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
                self.passed.append((folder, "DRV192", {"why": error.strerror or str(error)}))
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


def kind_of(path: "str | os.PathLike[str]") -> int:
    """Return the kind of file, `stat.S_IF…`, that stands at a path or where its links lead; a link for one that leads nowhere."""
    try:
        return stat.S_IFMT(os.stat(path).st_mode)
    except OSError:
        return stat.S_IFMT(os.lstat(path).st_mode)


def _passed(path: str, what: tuple[str, str]) -> Passed:
    return path, "DRV194", {"what": what[0], "what_zh": what[1]}


def kind_is_file(path: str) -> bool:
    """Tell whether a regular file stands at a path, or where its links lead; raises `OSError`."""
    return kind_of(path) == stat.S_IFREG
