"""Text of a formula that was rewritten on the way to the reader, each character of which still knows where it came from.

Macros are expanded and what belongs to the typesetting alone is taken out; a finding about what is left still points into the
file.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from mdderive.model.source import Excerpt, Piece, Span

# What stands in place of a match: literal text, or a span of the text that is kept with its places.
Part = str | tuple[int, int]


class Sought:
    """A regular expression for texts that hold one of some signs: in others it finds nothing, and for them it is not compiled."""

    def __init__(self, pattern: str, *signs: str, flags: int = 0) -> None:
        self.pattern, self.signs, self.flags = pattern, signs, flags

    def finditer(self, text: str, *place: int) -> Iterator[re.Match[str]]:
        """Return what is found in a text, or at a place in it, which begins and ends there."""
        return self._compiled.finditer(text, *place) if self._meant(text) else iter(())

    def search(self, text: str, at: int = 0) -> re.Match[str] | None:
        """Return the first that is found in a text from a place on."""
        return self._compiled.search(text, at) if self._meant(text) else None

    def _meant(self, text: str) -> bool:
        return any(sign in text for sign in self.signs)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self.flags)


@dataclass(frozen=True, slots=True)
class Traced:
    """A text and the offset in the file of each of its characters."""

    text: str
    origins: tuple[int, ...]

    def replaced(self, pattern: re.Pattern[str] | Sought, parts: Callable[[re.Match[str]], Iterable[Part] | None]) -> "Traced":
        """Return the text with every match replaced by its parts; None leaves a match as it is."""
        out: list[str] = []
        origins: list[int] = []
        at = 0
        for found in pattern.finditer(self.text):
            if found.start() < at:
                continue
            new = parts(found)
            if new is None:
                continue
            self._keep(at, found.start(), out, origins)
            for part in new:
                if isinstance(part, str):
                    out.append(part)
                    origins += [self.origins[found.start()]] * len(part)
                else:
                    self._keep(*part, out, origins)
            at = found.end()
        if not at:
            return self
        self._keep(at, len(self.text), out, origins)
        return Traced("".join(out), tuple(origins))

    def _keep(self, start: int, end: int, out: list[str], origins: list[int]) -> None:
        out.append(self.text[start:end])
        origins += self.origins[start:end]

    def cut(self, start: int, end: int) -> "Traced":
        """Return a part of the text."""
        return Traced(self.text[start:end], self.origins[start:end])

    def __add__(self, other: "Traced") -> "Traced":
        """Return this text with another behind it."""
        return Traced(self.text + other.text, self.origins + other.origins)

    def span(self, span: Span) -> Span:
        """Return a span of the text as a span of the file."""
        if not self.origins:
            return Span(0, 0)
        last = len(self.origins) - 1
        start = self.origins[min(span.start, last)]
        end = self.origins[min(max(span.end - 1, span.start), last)] + (span.end > span.start)
        return Span(start, max(start, end))

    def excerpt(self) -> Excerpt:
        """Return the text as an excerpt of the file."""
        pieces = [Piece(0, self.origins[0] if self.origins else 0)]
        for i in range(1, len(self.origins)):
            if self.origins[i] != self.origins[i - 1] + 1:
                pieces.append(Piece(i, self.origins[i]))
        return Excerpt(self.text, tuple(pieces))


def traced(text: str, start: int, end: int) -> Traced:
    """Return a stretch of a file."""
    return Traced(text[start:end], tuple(range(start, end)))


def joined(parts: Sequence[Traced]) -> Traced:
    """Return some texts, one behind the other."""
    return Traced("".join(part.text for part in parts), tuple(chain.from_iterable(part.origins for part in parts)))


def closing(text: str, at: int, opened: str = "{", closed: str = "}") -> int:
    """Return the offset behind the bracket that closes the one at `at`; -1 where none does."""
    depth = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 2
            continue
        depth += (char == opened) - (char == closed)
        at += 1
        if depth == 0:
            return at
    return -1
