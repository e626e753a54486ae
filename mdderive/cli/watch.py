"""Notes that somebody is writing: checked, and again whatever changes, until Ctrl-C.

Programs that save a file often write another one and rename it, so what is watched is the folder of a file. Where no change is
told, as on some disks of other machines, the files are looked at every two seconds.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import click

from mdderive.cli.running import Work
from mdderive.document.walk import STDIN, walked
from mdderive.model.results import Document

CLEARED = "\x1b[2J\x1b[3J\x1b[H"  # the screen, what had left it, and the cursor to its beginning
SILENCE = 2_000  # milliseconds
Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Watched(Work):
    """Work whose documents are made again only of files that were written since."""

    made: dict[str, tuple[Stamp, Document]] = field(default_factory=dict)

    def documents(self, paths: Sequence[str]) -> list[Document]:
        """Return what is to be said of each file."""
        stamps = {path: _stamp(path) for path in paths}
        written = [path for path in paths if path not in self.made or self.made[path][0] != stamps[path]]
        for path, document in zip(written, Work.documents(self, written), strict=True):
            self.made[path] = stamps[path], document
        return [self.made[path][1] for path in paths]

    def stale(self) -> bool:
        """Tell whether a file was written since its document was made."""
        return any(stamp != _stamp(path) for path, (stamp, _) in self.made.items())


def _stamp(path: str) -> Stamp:
    try:
        seen = os.stat(path)
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino


def watch(paths: Sequence[str], work: Watched, tell: Callable[[], None]) -> None:
    """Tell of notes now, and whenever something changes among them; returns at Ctrl-C."""
    if STDIN in paths:
        raise click.UsageError("--watch needs files or folders: standard input is read once")
    try:
        import watchfiles
    except ImportError as error:
        raise click.UsageError("--watch needs a package more: pip install 'mdderive[watch]'") from error
    del watchfiles
    listed = _listed(paths)
    try:
        _told(tell)
        for number, changed in enumerate(_changes(paths)):
            made_meanwhile = number == 0 and _listed(paths) != listed  # before anybody watched
            if changed or made_meanwhile or work.stale():
                _again(tell)
    except KeyboardInterrupt:
        click.echo()


def _told(tell: Callable[[], None]) -> None:
    if sys.stdout.isatty():
        click.echo(CLEARED, nl=False)
    tell()
    sys.stdout.flush()


def _listed(paths: Sequence[str]) -> Sequence[str]:
    try:
        return walked(paths)[0]
    except FileNotFoundError:
        return ()


def _again(tell: Callable[[], None]) -> None:
    """Tell once more; a file that is missing now may come back."""
    try:
        _told(tell)
    except click.UsageError as gone:
        gone.show()


def _changes(paths: Sequence[str]) -> Iterator[bool]:
    """Yield whether something changed in one of the folders, or one of the files did, at each change and after each silence."""
    from watchfiles import Change, DefaultFilter, watch

    folders = {os.path.realpath(path) for path in paths if os.path.isdir(path)}
    files = {os.path.realpath(path) for path in paths} - folders
    spared = DefaultFilter()

    def meant(change: Change, path: str) -> bool:
        inside = any(path.startswith(os.path.join(folder, "")) for folder in folders)
        return path in files or (inside and spared(change, path))

    around = sorted(folders | {os.path.dirname(file) for file in files})
    told = {"rust_timeout": SILENCE, "yield_on_timeout": True, "recursive": bool(folders)}
    for changed in watch(*around, watch_filter=meant, **told):  # type: ignore[arg-type]
        yield bool(changed)
