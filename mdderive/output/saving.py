"""Texts out: each file whole or untouched, and nothing left beside it, whatever ends the run.

A text goes into a file that has no name, which the system forgets with the process that holds it; then it takes the place of the
old one. For that it needs a name between two calls, so a process of its own makes them: who kills mdderive does not kill that
one, and it stops before the next file. Where files without a name are unknown, that process clears away the named ones.
"""

import errno
import json
import os
import secrets
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mdderive.document.walk import KINDS, kind_of
from mdderive.model.source import printable

_BY_HANDLE = os.chmod in os.supports_fd  # not so on Windows
_NEW = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)


class Text(NamedTuple):
    """A text for a file. `before` is what was read from it: with anything else in it now the file is left alone."""

    path: Path
    text: str
    before: str | None = None


class Unwritable(Exception):
    """A file that cannot be written, and why; nothing of it was."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot write {printable(str(path))}: {why}")
        self.why = why


class _Outcome(NamedTuple):
    """The texts, by number, whose files were left alone, and the one that failed, with its reason."""

    left: list[int]
    failed: int = -1
    why: str = ""


class _Job(NamedTuple):
    """Bytes for a file, and the bytes that must be in it; None where anything may."""

    real: Path
    data: bytes
    before: bytes | None


def save(texts: Sequence[Text]) -> list[Text]:
    """Write texts through links to regular files; return those whose file had changed and was left alone.

    No file is touched before all texts are on the disk. Raises `Unwritable`.
    """
    jobs = [_Job(_real(t.path), t.text.encode(), None if t.before is None else t.before.encode()) for t in texts]
    made: list[Path] = []
    outcome = _Outcome([], 0, "it was interrupted")
    try:
        for text, job in zip(texts, jobs, strict=True):
            _make_folder(text.path, job.real.parent, made)
        outcome = _apart(lambda going: _written(jobs, going))
    finally:
        if outcome.failed >= 0:
            _unmake(made)
    if outcome.failed >= 0:
        raise Unwritable(texts[outcome.failed].path, outcome.why)
    return [texts[number] for number in outcome.left]


def _real(path: Path) -> Path:
    """Return where the links of a path lead, if a regular file is there or may be made."""
    real = Path(os.path.realpath(path))
    if os.path.lexists(real) and (kind := kind_of(real)) != stat.S_IFREG:
        raise Unwritable(path, f"it is {KINDS[kind][0]}, and only regular files are written")
    if os.path.lexists(real) and not os.access(real, os.W_OK):
        raise Unwritable(path, _protection(real))
    return real


def _protection(real: Path) -> str:
    """Return why a file may not be written, though the folder would let it be replaced."""
    try:
        os.close(os.open(real, os.O_WRONLY))
    except OSError as error:
        return error.strerror or str(error)
    return os.strerror(errno.EACCES)


def _make_folder(path: Path, folder: Path, made: list[Path]) -> None:
    try:
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
        for place in reversed(missing):
            place.mkdir()
            made.append(place)
    except OSError as error:
        raise Unwritable(path, error.strerror or str(error)) from error


def _unmake(folders: list[Path]) -> None:
    for folder in reversed(folders):
        with suppress(OSError):
            folder.rmdir()


def _apart(work: Callable[[Callable[[], bool]], _Outcome]) -> _Outcome:
    """Do work in a process that outlives this one for as long as the file in its hands takes."""
    if not hasattr(os, "fork"):
        return work(lambda: True)
    parent = os.getpid()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            _open_many()
            outcome = work(lambda: os.getppid() == parent)
            os.write(writing, json.dumps(outcome).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        said = told.read()
    os.waitpid(child, 0)
    return _Outcome(*json.loads(said)) if said else _Outcome([], 0, "the process that writes was ended")


def _open_many() -> None:
    """Let as many files be open at once as the system allows."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@dataclass(slots=True)
class _Staged:
    """A text on the disk: an open file and its name, if it has one."""

    handle: int
    name: str = ""


def _written(jobs: Sequence[_Job], going: Callable[[], bool]) -> _Outcome:
    """Put all texts on the disk, then each in its place, as long as somebody waits for it."""
    staged: list[_Staged] = []
    left: list[int] = []
    number = 0
    try:
        for number, job in enumerate(jobs):  # noqa: B007 (an error is told with its number)
            if going():
                staged.append(_new(job.real.parent))
                _fill(staged[-1].handle, job)
        for number, (job, file) in enumerate(zip(jobs, staged, strict=False)):
            if not going():
                break
            if job.before is None or job.before == _held(job.real):
                _place(file, job)
            else:
                left.append(number)
    except OSError as error:
        return _Outcome(left, number, error.strerror or str(error))
    except Unwritable as error:
        return _Outcome(left, number, error.why)
    finally:
        for file in staged:
            _discard(file)
    return _Outcome(left)


def _new(folder: Path) -> _Staged:
    """Return a new file in a folder, without a name where the system knows such files and can name them later."""
    if os.path.isdir("/proc/self/fd"):
        with suppress(OSError, AttributeError):
            return _Staged(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600))
    name = _free_name(folder)
    return _Staged(os.open(name, _NEW, 0o600), name)


def _free_name(folder: Path) -> str:
    return str(folder / f".mdderive-{secrets.token_hex(8)}")


def _fill(handle: int, job: _Job) -> None:
    with os.fdopen(handle, "wb", closefd=False) as file:
        file.write(job.data)
    if os.path.exists(job.real):
        _resemble(handle, job.real)
    else:
        _allow(handle, 0o666 & ~_umask())
    os.fsync(handle)


def _resemble(handle: int, like: Path) -> None:
    """Give a file the owner, the rights and the further attributes of another; what the system refuses stays."""
    state = like.stat()
    with suppress(OSError, AttributeError):
        os.chown(handle, state.st_uid, state.st_gid)
    with suppress(OSError, AttributeError):
        for name in os.listxattr(like):
            os.setxattr(handle, name, os.getxattr(like, name))
    _allow(handle, stat.S_IMODE(state.st_mode))


def _allow(handle: int, rights: int) -> None:
    """Give an open file rights, where the system gives them to open files."""
    if _BY_HANDLE:
        os.chmod(handle, rights)


def _held(real: Path) -> bytes | None:
    try:
        return real.read_bytes()
    except OSError:
        return None


def _place(file: _Staged, job: _Job) -> None:
    if not file.name:
        _name(file, job)
    os.close(file.handle)  # Windows moves no open file
    file.handle = -1
    os.replace(file.name, _real(job.real))
    file.name = ""


def _name(file: _Staged, job: _Job) -> None:
    """Give a file without a name one, or where that cannot be done write a file with a name beside it."""
    name = _free_name(job.real.parent)
    try:
        os.link(f"/proc/self/fd/{file.handle}", name, dst_dir_fd=file.handle)  # a descriptor makes the call follow the link
    except OSError:
        os.close(file.handle)
        file.handle = os.open(name, _NEW, 0o600)
        file.name = name
        _fill(file.handle, job)
    file.name = name


def _discard(file: _Staged) -> None:
    with suppress(OSError):
        os.close(file.handle)
    if file.name:
        with suppress(OSError):
            os.unlink(file.name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
