"""Files in and out: folders to notes, bytes to text, text to a file that is whole or untouched.

Text keeps the line ends of its file, so that what is written back differs only where it was meant to.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from mdderive.diagnostics import Diagnostic
from mdderive.results import Document
from mdderive.source import Source, Span

SUFFIXES = (".md", ".markdown", ".tex")
STDIN = "-"


def notes(paths: Sequence[str]) -> list[str]:
    """Return the files that paths stand for: a file itself, a folder its notes in order, `-` standard input; each once.

    Folders whose name begins with a dot and `node_modules` are not entered. Raises `FileNotFoundError`.
    """
    found: list[str] = []
    for path in paths:
        if path != STDIN and not os.path.exists(path):
            raise FileNotFoundError(path)
        found += sorted(_walk(path)) if os.path.isdir(path) else [path]
    return list(dict.fromkeys(found))


def _walk(folder: str) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        yield from (os.path.join(place, name) for name in files if name.lower().endswith(SUFFIXES))


def targets(sources: Sequence[str], paths: Sequence[str], output: str | None) -> list[Path | None]:
    """Return where the text of each path goes, None for standard output; raises `ValueError` where text would be lost.

    `paths` are the files that `sources` stand for. What lies below a source folder keeps its place below the output folder.
    """
    single = len(paths) == 1 and not Path(sources[0]).is_dir()
    if output is None:
        if not single:
            raise ValueError("several sources need -o FOLDER")
        return [None]
    if single and not Path(output).is_dir():
        found = [Path(output)]
    else:
        folders = [Path(s) for s in sources if Path(s).is_dir()]
        inside = [next((f for f in folders if f in Path(p).parents), Path(p).parent) for p in paths]
        found = [Path(output) / Path(p).relative_to(f) for p, f in zip(paths, inside, strict=True)]
    for path, target in zip(paths, found, strict=True):
        if path != STDIN and target.resolve() == Path(path).resolve():
            raise ValueError(f"{target} would overwrite its source")
    if len(set(found)) < len(found):
        raise ValueError("two sources would be written to one file")
    return [*found]


def read(path: str, name: str = "") -> Source | Document:
    """Return the text of a file under its path or another name; a document with the finding where it is no text."""
    name = name or path
    try:
        data = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
        return Source(data.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        why = f"byte {error.start + 1} is not UTF-8"
    except OSError as error:
        why = error.strerror or str(error)
    return Document(Source("", name), findings=(Diagnostic("DRV190", Span(0, 0), {"why": why}),))


def write(path: Path, text: str) -> None:
    """Write a text to a file at once: whoever reads it finds the old text or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
