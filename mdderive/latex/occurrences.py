r"""The letters of a formula where they stand, before it is parsed: with fonts and scripts, and what they are applied to.

What is no LaTeX at all has none. Sizes of brackets and narrow spaces are no tokens, so that nothing here need know of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mdderive.latex.notation import ACCENTS, FONTS, GREEK, LONG
from mdderive.latex.tokens import QUADS, Token, formula_tokens, partners
from mdderive.model.diagnostics import Refusal
from mdderive.model.source import Span

_DRESSES = FONTS | ACCENTS
_POWERS = frozenset("23456789")
_AROUND = (Token("stop", "", Span(0, 0)),) * 6  # more than anything looks ahead, or back, which begins at the end


@dataclass(frozen=True, slots=True)
class Occurrence:
    r"""A letter where it stands.

    `name` is read without spaces and without braces around one sign below it, with a mark above: `x_i`, `\theta^{(k)}`, `x^*`;
    `first` is the number of its first token; `base`, `core` and `behind` are those of the tokens behind the letter in its fonts,
    behind what is below it, and behind the mark.
    """

    name: str
    span: Span
    first: int
    base: int
    core: int
    behind: int


@dataclass(frozen=True, slots=True)
class Application:
    r"""A letter before letters in parentheses: `f(x, y)`, `f^2(x)`.

    `kept` is where the text of the function ends, with its power; `apart` tells whether a semicolon is between the letters, and
    `moved` whether a `d` stands close before the function.
    """

    name: str
    arguments: tuple[str, ...]
    span: Span
    kept: int
    behind: int
    apart: bool
    moved: bool
    power: bool


@dataclass(frozen=True)
class Occurrences:
    """The tokens of a text with nothing around them, how many there are, what closes every bracket, and its letters."""

    text: str
    stream: tuple[Token, ...]
    count: int
    partner: Mapping[int, int]

    def touches(self, at: int) -> bool:
        """Tell whether a token stands close behind the one before."""
        return at > 0 and self.stream[at - 1].span.end == self.stream[at].span.start

    def group(self, at: int) -> tuple[Token, ...]:
        """Return the tokens in the braces that open at a place, or the one that stands there; none where nothing closes them."""
        if self.stream[at].text != "{":
            return (self.stream[at],)
        return self.stream[at + 1 : self.partner[at]] if at in self.partner else ()

    def past(self, at: int) -> int:
        """Return the place behind the group that begins at a place."""
        return self.partner.get(at, at) + 1

    @cached_property
    def opening(self) -> Mapping[int, int]:
        """Where what closes at a place was opened."""
        return {close: opens for opens, close in self.partner.items()}

    @cached_property
    def letters(self) -> tuple[Occurrence, ...]:
        """The letters, in order."""
        found: list[Occurrence] = []
        at = 0
        while at < self.count:
            if self.stream[at].kind in ("letter", "command") and (base := self._base(at)):
                core = self._below(base)
                behind = self._marked(core)
                span = self.stream[at].span.join(self.stream[behind - 1].span)
                found.append(Occurrence(self.name(at, behind), span, at, base, core, behind))
                at = behind
            else:
                at += 2 if self.stream[at].text in ("^", "_") and self.stream[at + 1].text != "{" else 1
        return tuple(found)

    def name(self, start: int, end: int) -> str:
        """Return the text of some tokens as a name."""
        return plain(self.text[self.stream[start].span.start : self.stream[end - 1].span.end])

    def _base(self, at: int) -> int:
        """Return the place behind a letter with its fonts; 0 where none begins."""
        token = self.stream[at]
        if token.kind == "letter" or (token.kind == "command" and token.text in GREEK):
            return at + 1
        if token.text not in _DRESSES or self.stream[at + 1].text != "{":
            return 0
        inner = self.group(at + 1)
        if len(inner) > 3 and inner[0].text in _DRESSES and inner[1].text == "{" and inner[-1].text == "}":
            inner = inner[2:-1]
            named = all(t.kind == "letter" for t in inner)
        else:
            named = (len(inner) == 1 or token.text == LONG) and all(t.kind == "letter" for t in inner)
        return self.past(at + 1) if named or (len(inner) == 1 and inner[0].kind == "command") else 0

    def _below(self, at: int) -> int:
        """Return the place behind what is below a letter, which has no braces in it; the same place where nothing is."""
        if self.stream[at].text != "_" or self.stream[at + 1].kind not in ("letter", "number", "command", "sign"):
            return at
        if self.stream[at + 1].kind == "sign":
            inner = self.group(at + 1) if self.stream[at + 1].text == "{" else ()
            return self.past(at + 1) if inner and all(t.text != "{" for t in inner) else at
        return at + 2

    def _marked(self, at: int) -> int:
        """Return the place behind a mark above a letter: a star, or one sign in braces, with parentheses or without."""
        if self.stream[at].text != "^":
            return at
        if self.stream[at + 1].text == "*":
            return at + 2
        inner = self.group(at + 1) if self.stream[at + 1].text == "{" else ()
        if len(inner) == 3 and (inner[0].text, inner[2].text) == ("(", ")"):
            inner = inner[1:2]
        one = len(inner) == 1 and inner[0].kind in ("letter", "number") and len(inner[0].text) == 1
        return self.past(at + 1) if one and inner[0].text not in _POWERS else at

    def stands_free(self, at: int) -> bool:
        """Tell whether neither a letter nor a brace stands close before a token."""
        return not self.touches(at) or (self.stream[at - 1].kind != "letter" and self.stream[at - 1].text != "{")

    @cached_property
    def applications(self) -> tuple[Application, ...]:
        """What is applied to letters alone, in order."""
        found = map(self._application, self.letters)
        return tuple(one for one in found if one is not None)

    def _application(self, letter: Occurrence) -> Application | None:
        power = self._power(letter.core)
        opens = power or letter.behind
        close = self.partner.get(opens, 0) if self.stream[opens].text == "(" else 0
        between = self._listed(opens + 1, close)
        if not between:
            return None
        moved = self.stream[letter.first - 1].text == "d" and self.touches(letter.first)
        start = letter.first - moved
        if not self.stands_free(start):
            return None
        names = tuple(one.name for one in self.letters if opens < one.first < close)
        kept = self.stream[opens - 1].span.end
        span = Span(self.stream[start].span.start, self.stream[close].span.end)
        name = self.name(letter.first, letter.core if power else letter.behind)
        return Application(name, names, span, kept, close + 1, ";" in between, moved, bool(power))

    @cached_property
    def _by_first(self) -> Mapping[int, Occurrence]:
        return {letter.first: letter for letter in self.letters}

    def _listed(self, at: int, end: int) -> str:
        """Return what separates the letters of a list, a comma behind the last; nothing where there is something else."""
        found = ""
        while at < end and (letter := self._by_first.get(at)) is not None:
            at = letter.behind
            separator = self.stream[at].text if at < end else ","
            if separator not in (",", ";"):
                return ""
            found, at = found + separator, at + 1
        return found if at == end + 1 else ""

    def _power(self, at: int) -> int:
        """Return the place behind an exponent that is a number from 2 to 9; 0 where there is none."""
        inner = self.group(at + 1) if self.stream[at].text == "^" else ()
        return self.past(at + 1) if len(inner) == 1 and inner[0].text in _POWERS else 0


def plain(name: str) -> str:
    """Return a name as it is read: without spaces, and without braces around one sign below it."""
    letter, below, rest = "".join(name.split()).partition("_{")
    inner, closed, behind = rest.partition("}")
    one = closed and (inner in GREEK or (len(inner) == 1 and inner.isalnum()))
    return f"{letter}_{inner}{behind}" if one else letter + below + rest


@lru_cache(maxsize=1 << 10)
def occurrences_of(text: str) -> Occurrences:
    """Return the letters of a formula."""
    try:
        return _around(text, formula_tokens(text)[:-1])
    except Refusal:
        return _around(text, ())


def occurrences_in(text: str, place: Span) -> Occurrences:
    """Return the letters of a part of a formula."""
    whole = occurrences_of(text)
    return _around(text, [t for t in whole.stream[: whole.count] if place.start <= t.span.start < place.end])


def _around(text: str, stream: Iterable[Token]) -> Occurrences:
    told = tuple(t for t in stream if t.text not in QUADS)
    return Occurrences(text, told + _AROUND, len(told), partners(told))
