"""Places of an editor, which counts lines and columns from 0 and columns in units of its own, and offsets of a text.

A note is the text of a file, or the text cells of a notebook one below the other, so that definitions hold from cell to cell.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lsprotocol.types import Position, Range, TextDocumentContentChangeEvent, TextDocumentContentChangePartial
from pygls.workspace import PositionCodec

from mdderive import Document, Span

BETWEEN = "\n\n"
_LINE_END = re.compile(r"\r\n?|\n")
_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<rest>[^\n]*)$", re.MULTILINE)


@dataclass(frozen=True)
class OpenText:
    """A text that an editor has open; the codec knows its units."""

    uri: str
    text: str
    codec: PositionCodec
    version: int | None = None
    language: str = "markdown"

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offset of each line."""
        return (0, *(end.end() for end in _LINE_END.finditer(self.text)))

    def position(self, offset: int) -> Position:
        """Return the place of an offset."""
        row = bisect_right(self.starts, offset) - 1
        return Position(row, self.codec.client_num_units(self.text[self.starts[row] : offset]))

    def range(self, span: Span) -> Range:
        """Return the places of a span."""
        return Range(self.position(span.start), self.position(span.end))

    def offset(self, position: Position) -> int:
        """Return the offset of a place; of one behind the end of its line that end."""
        if position.line >= len(self.starts):
            return len(self.text)
        start = self.starts[position.line]
        end = _LINE_END.search(self.text, start)
        line = self.text[start : end.start() if end else len(self.text)]
        units = 0
        for number, char in enumerate(line):
            if units >= position.character:
                return start + number
            units += self.codec.client_num_units(char)
        return start + len(line)


def changed(text: OpenText, change: TextDocumentContentChangeEvent, version: int) -> OpenText:
    """Return a text after a change of a part of it, or of all."""
    if not isinstance(change, TextDocumentContentChangePartial):
        return replace(text, text=change.text, version=version)
    start, end = text.offset(change.range.start), text.offset(change.range.end)
    return replace(text, text=f"{text.text[:start]}{change.text}{text.text[end:]}", version=version)


def joined(texts: Sequence[OpenText]) -> str:
    """Return the texts of a note one below the other; a fence that one leaves open is closed there."""
    return BETWEEN.join(map(_closed, texts)) if len(texts) > 1 else "".join(text.text for text in texts)


def _closed(cell: OpenText) -> str:
    mark = ""
    for fence in _FENCE.finditer(cell.text):
        if not mark:
            mark = fence["mark"]
        elif fence["mark"].startswith(mark) and not fence["rest"].strip():
            mark = ""
    return f"{cell.text}\n{mark}" if mark else cell.text


@dataclass(frozen=True)
class OpenNote:
    """A note as it was checked: the texts that it is made of, and what there is to say."""

    texts: tuple[OpenText, ...]
    document: Document

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where in the text that was checked each of the texts begins."""
        starts, at = [], 0
        for text in self.texts:
            starts.append(at)
            at += len(_closed(text) if len(self.texts) > 1 else text.text) + len(BETWEEN)
        return tuple(starts)

    def place(self, span: Span) -> tuple[OpenText, Range]:
        """Return the text that a span of the note lies in, and its range there."""
        if not self.document.source.editable:
            return self.texts[0], self._in_file(span)
        number = max(0, bisect_right(self.starts, span.start) - 1)
        text, start = self.texts[number], self.starts[number]
        inside = (min(offset - start, len(text.text)) for offset in span)
        return text, text.range(Span(*inside))

    def _in_file(self, span: Span) -> Range:
        """Return the range of a span of the cells in the file that they were read from."""
        text, ends = self.texts[0], []
        for offset in span:
            line, column = self.document.source.place(offset)
            ends.append(text.position(min(len(text.text), text.starts[min(line, len(text.starts)) - 1] + column - 1)))
        return Range(*ends)

    def offset(self, uri: str, position: Position) -> int:
        """Return the offset in the note of a place in one of its texts; -1 where there is none."""
        if not self.document.source.editable:
            return -1
        found = ((start, text) for start, text in zip(self.starts, self.texts, strict=True) if text.uri == uri)
        return next((start + text.offset(position) for start, text in found), -1)

    def span(self, uri: str, places: Range) -> Span:
        """Return the span in the note of a range in one of its texts."""
        return Span(self.offset(uri, places.start), self.offset(uri, places.end))
