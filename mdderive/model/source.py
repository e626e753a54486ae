"""Places in a file.

A `Span` is two offsets into a text. `Source` turns offsets of a file into lines and columns (both from 1, columns in
Unicode characters). An `Excerpt` is text lifted out of a file, such as the content of a fence inside a quote, that still
knows where each of its characters stood. Nothing else computes a line number.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n?|\n")


class Span(NamedTuple):
    """Half-open range of offsets `[start, end)`."""

    start: int
    end: int

    def join(self, other: "Span") -> "Span":
        """Return the smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


NOWHERE = Span(0, 0)


class Place(NamedTuple):
    """A line and a column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in place of a span."""

    span: Span
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with each span replaced; spans do not overlap."""
    out: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        out += [text[done : edit.span.start], edit.text]
        done = edit.span.end
    return "".join([*out, text[done:]])


@dataclass(frozen=True)
class Source:
    """The text of one file, or its end from the line behind `line_offset` on, and its path as the user named it."""

    text: str
    path: str = "-"
    line_offset: int = 0

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offset of each line; CR LF, LF and a lone CR end a line, as in CommonMark."""
        return (0, *(end.end() for end in _LINE_END.finditer(self.text)))

    @property
    def latex(self) -> bool:
        """Whether the text is LaTeX, which its name tells."""
        return self.path.lower().endswith(".tex")

    @property
    def editable(self) -> bool:
        """Whether the text is that of the file, so that it may be written back with changes."""
        return True

    @property
    def name(self) -> str:
        """The path as it may be printed."""
        return printable(self.path)

    def place(self, offset: int) -> Place:
        """Return line and column of an offset in the file; one past the end is allowed."""
        row = self.row(offset)
        return Place(row + self.line_offset, offset - self.starts[row - 1] + 1)

    def at(self, offset: int) -> str:
        """Return the place of an offset for people: the path as it may be printed, line and column."""
        return ":".join(map(str, (self.name, *self.place(offset))))

    def shown(self, row: int) -> int:
        """Return the number of a line of the text as people are told it."""
        return row + self.line_offset

    def written(self, text: str) -> str:
        """Return a text as the file has it."""
        return text

    def row(self, offset: int) -> int:
        """Return which line of the text, from 1, an offset lies in."""
        return bisect_right(self.starts, offset)

    def line(self, row: int) -> str:
        """Return a line of the text (from 1) without its line end."""
        start = self.starts[row - 1]
        end = self.starts[row] if row < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


# What moves the cursor, colours or deletes on a terminal, ends a line, or turns the direction of the text behind it.
STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(path: str, kept: str = "") -> str:
    r"""Return a path as it may be printed: what has no glyph as an escape (`\n`, `\x1b`), a byte that is no UTF-8 as `\xff`.

    A line that begins with `::` or holds `##[` would be a command to some build servers. Characters `kept` stay.
    """
    shown = "".join(c if c.isprintable() or c in kept else _escape(c) for c in path).replace("##[", r"##\x5b")
    return f"./{shown}" if shown.startswith("::") else shown


def _escape(char: str) -> str:
    if "\udc80" <= char <= "\udcff":
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("unicode_escape").decode("ascii")


class Piece(NamedTuple):
    """`text[at:…]` of an excerpt stood at offset `origin` of the file."""

    at: int
    origin: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Text lifted from a file line by line, with the origin of each line."""

    text: str
    pieces: tuple[Piece, ...] = (Piece(0, 0),)

    def origin(self, offset: int) -> int:
        """Return where in the file the character at `offset` of the excerpt stands."""
        piece = self.pieces[bisect_right(self.pieces, offset, key=lambda p: p.at) - 1]
        return piece.origin + offset - piece.at

    def span(self, span: Span) -> Span:
        """Return a span of the excerpt as a span of the file; an empty span stays empty."""
        start = self.origin(span.start)
        return Span(start, max(start, self.origin(span.end - 1) + 1) if span.end > span.start else start)
