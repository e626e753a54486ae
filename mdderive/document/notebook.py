"""The text cells of a notebook as one text: definitions hold from cell to cell, places are known by cell and in the file."""

import importlib.util
import json
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mdderive.model.source import Place, Source

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BETWEEN = re.compile(r"\s*:\s*(?P<list>\[\s*)?|\s*,\s*|\s*")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<rest>[^\n]*)$", re.MULTILINE)


class Origin(NamedTuple):
    """Where a line of the text stands: its cell and number there, where it begins in the file; `plain` is JSON beyond ASCII."""

    cell: int
    number: int
    file: Place
    plain: bool


@dataclass(frozen=True)
class Cells(Source):
    """The text cells of a notebook. Places are those of the file, and people are told the cell and its line."""

    rows: tuple[Origin, ...] = ()

    @property
    def editable(self) -> bool:
        """A notebook is not written from its text cells."""
        return False

    def place(self, offset: int) -> Place:
        """Return line and column of an offset in the file."""
        row = self.rows[self.row(offset) - 1]
        told = self.text[self.starts[self.row(offset) - 1] : offset]
        return Place(row.file.line, row.file.column + len(json.dumps(told, ensure_ascii=not row.plain)) - 2)

    def at(self, offset: int) -> str:
        """Return the cell of an offset, with line and column there."""
        row = self.rows[self.row(offset) - 1]
        return f"{self.name}:cell {row.cell}:{row.number}:{offset - self.starts[self.row(offset) - 1] + 1}"

    def written(self, text: str) -> str:
        """Return a text as JSON strings have it."""
        return json.dumps(text, ensure_ascii=False)[1:-1]

    def shown(self, row: int) -> int:
        """Return the number of a line of the text as people are told it: in its cell."""
        return self.rows[row - 1].number


def readable() -> bool:
    """Tell whether notebooks can be read: what knows their versions is installed."""
    return importlib.util.find_spec("nbformat") is not None


def cells(text: str, path: str) -> Cells:
    """Return the text cells of a notebook; raises `ValueError` where there is none."""
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = nbformat.reads(text, as_version=4)
        found = [(number, str(cell["source"])) for number, cell in enumerate(book["cells"], 1) if cell["cell_type"] == "markdown"]
    except Exception as error:  # of whatever kind its schema, its upgrades and its JSON raise
        raise ValueError(f"it is no notebook ({type(error).__name__})") from error
    lines: list[str] = []
    rows: list[Origin] = []
    written, at = [*_written(text)], 0
    for number, source in found:
        here = next((i for i, told in enumerate(written[at:], at) if told[0] == source), None)
        places = [*_places(written[here][1])] if here is not None else []
        at = at if here is None else here + 1
        own = [*_closed(re.sub(r"\r\n?", "\n", source)).split("\n"), ""]
        lines += own
        rows += [
            Origin(number, line + 1, *(places or [(Place(1, 1), True)])[min(line, len(places) - 1)]) for line in range(len(own))
        ]
    return Cells("\n".join(lines), path, rows=tuple(rows or [Origin(1, 1, Place(1, 1), True)]))


def _closed(source: str) -> str:
    """Return the text of a cell with a fence closed that would go on into the next cell."""
    mark = ""
    for fence in _FENCE.finditer(source):
        if not mark:
            mark = fence["mark"]
        elif fence["mark"].startswith(mark) and not fence["rest"].strip():
            mark = ""
    return f"{source}\n{mark}" if mark else source


def _written(text: str) -> Iterator[tuple[str, tuple[re.Match[str], ...]]]:
    """Yield each text below a key `source` of a JSON text, with the strings that it is written in."""
    strings = _STRING.finditer(text)
    for key in strings:
        opened = _BETWEEN.match(text, key.end())
        if key[0] != '"source"' or opened is None or ":" not in opened[0]:
            continue
        parts: list[re.Match[str]] = []
        end = opened.end()
        while part := _STRING.match(text, end):
            parts.append(part)
            between = _BETWEEN.match(text, part.end())
            if not opened["list"] or between is None or "," not in between[0]:
                break
            end = between.end()
        yield "".join(json.loads(part[0], strict=False) for part in parts), tuple(parts)


def _places(written: Sequence[re.Match[str]]) -> Iterator[tuple[Place, bool]]:
    """Yield where each line of a cell begins in the file, and whether what is not ASCII is written there as it is."""
    begins = True
    for part in written:
        text, at = part.string, part.start() + 1
        plain = not re.search(r"\\u[0-9a-fA-F]{4}", part[0])
        for line in _LINE.findall(json.loads(part[0], strict=False)) or [""]:
            if begins:
                yield Place(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)), plain
            begins = line.endswith(("\n", "\r"))
            at += len(json.dumps(line, ensure_ascii=not plain)) - 2
