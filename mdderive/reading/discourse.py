"""A note to its sentences in order, with the formulas in them: what each of them claims, denies, asks or supposes, and how far.

A sentence runs through a display; one that ends in a colon leaves its act open for the items of the list below it.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mdderive.document.passages import Passage
from mdderive.model.properties import SAID
from mdderive.reading.acts import Act, Acts, acts
from mdderive.reading.phrases import (
    ASKS,
    BREAKS,
    CELL,
    COLON,
    COMMA,
    END,
    FORMULA,
    ITEM,
    PARAGRAPH,
    Lexicon,
    PhraseToken,
    languages,
    lexicon,
    tokens,
)

HEADING = "heading"
MOST = 2000  # tokens of a sentence
MOST_OF_LABEL = 5
SUPPOSING = ("suppose", "let", "where", "if", "for", "solve")
_CLOSING = re.compile(r"(?P<mark>[.。,，;；?？])\s*(?:\\\\\s*)?(?:\\end\s*\{[^{}]*\}\s*)*$")
_DECLARES = re.compile(r"\\in(?![A-Za-z])|:")
_KINDS = frozenset({"matrix", "vector", *SAID})
_MEANT = {".": END, "。": END, "?": ASKS, "？": ASKS}
# What may begin words without spaces that go on with the display above them.
_GOING_ON = frozenset(
    {
        "particle",
        "quoted",
        "but",
        "doubt",
        "false",
        "not",
        "hold",
        "claim",
        "be",
        "and",
        "where",
        "whether",
        "ask-behind",
        "if-behind",
        "suppose-behind",
        "waive-behind",
    }
)


@dataclass(frozen=True, slots=True)
class Reach:
    """From where to where in its section what is supposed may be used; nowhere if `granted` is false."""

    start: int = 0
    end: int = sys.maxsize
    granted: bool = True


EVERYWHERE = Reach()


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence; `formulas` maps the passages that are its formulas to their acts; `until` is where its paragraph ends."""

    tokens: tuple[PhraseToken, ...]
    acts: Acts
    start: int
    end: int
    until: int
    item: bool

    @property
    def formulas(self) -> dict[int, Act]:
        """Return the act of each passage that is a formula of the sentence."""
        return {t.formula: self.acts.of[i] for i, t in enumerate(self.tokens) if t.meaning == FORMULA and i in self.acts.of}

    @property
    def wordless(self) -> bool:
        """Tell whether the sentence is nothing but a formula."""
        return [t.meaning for t in self.tokens if t.meaning not in (COMMA, END)] == [FORMULA]

    def means(self, *meanings: str) -> bool:
        """Tell whether some word of the sentence has one of some meanings."""
        return not self.acts.meant.isdisjoint(meanings)

    @property
    def signals(self) -> tuple[str, ...]:
        """Return what each token means where it stands."""
        return self.acts.signals


def spoken(passages: Sequence[Passage]) -> Lexicon:
    """Return the spellings of the languages that a note is written in."""
    return lexicon(languages(" ".join(p.text.text for p in passages if p.kind == "words")))


def sayings(passages: Sequence[Passage], known: Lexicon) -> list[Saying]:
    """Return the sentences of a note in order."""
    every = list(_tokens(passages, known))
    out: list[Saying] = []
    left: Act = ""
    labelled = False
    ends = _ends(every, passages)
    for start, end in _sentences(every, passages):
        own = tuple(every[start:end])
        own = tuple(t for t in own if t.meaning not in (*BREAKS, HEADING))
        item = start > 0 and every[start - 1].meaning == ITEM
        if not own:
            continue
        found = acts(own, left if item or labelled else "")
        if out and _denies_the_last(own, found):
            out[-1] = _denied(out[-1])
        opens = own[-1].meaning == COLON and not _complete(own[:-1], passages)
        labelled = _is_label(own)
        left = found.open if opens or labelled else left if item else ""
        out.append(Saying(own, found, own[0].start, own[-1].end, ends[min(end, len(ends)) - 1], item))
    return out


def reach_of(saying: Saying, act: Act) -> Reach:
    """Return where what a formula of a sentence supposes may be used."""
    granted = act in SUPPOSING and not saying.means("later", "drop", "free")
    lasts = act in ("suppose", "let") and not saying.item
    return Reach(saying.start, sys.maxsize if lasts else saying.until, granted)


def act_behind(words: str, begins: Act, known: Lexicon) -> Act:
    """Return the act of a statement behind words within its formula, where one is open already."""
    if not words.strip():
        return begins
    own = (*tokens(words, known), PhraseToken(FORMULA, len(words), len(words)))
    return acts(own, begins).of[len(own) - 1]


def _tokens(passages: Sequence[Passage], known: Lexicon) -> Iterator[PhraseToken]:
    """Yield the tokens of a note, each formula as one."""
    title = False
    for number, passage in enumerate(passages):
        text, start = passage.text.text, passage.span.start
        match passage.kind:
            case "heading" | "begin" | "end":
                title = passage.kind == "heading"
                yield PhraseToken(HEADING, start, passage.span.end)
            case "words":
                head, newline, rest = text.partition("\n") if title else ("", "", text)
                yield from tokens(head, known, start)
                if newline:
                    title = False
                    yield PhraseToken(HEADING, start + len(head), start + len(head) + 1)
                yield from tokens(newline + rest, known, start + len(head))
            case "inline" | "display":
                shown = passage.kind == "display"
                yield PhraseToken(FORMULA, start, passage.span.end, formula=number, display=shown)
                closing = _CLOSING.search(text)
                if closing is not None and (shown or closing["mark"] in ".。?？"):
                    yield PhraseToken(_MEANT.get(closing["mark"], COMMA), passage.span.end, passage.span.end)
            case _:
                pass


def _sentences(every: Sequence[PhraseToken], passages: Sequence[Passage]) -> Iterator[tuple[int, int]]:
    """Yield where the sentences begin and end among the tokens."""
    start = 0
    for i, token in enumerate(every):
        behind = every[i + 1] if i + 1 < len(every) else None
        ends = token.meaning in (END, ASKS, ITEM, CELL, HEADING) or i - start >= MOST
        if token.meaning == PARAGRAPH:
            ends = not _goes_on(every[start:i], behind, passages)
        elif token.display and behind is not None:
            ends = behind.capital and not behind.unspaced
        if ends:
            yield start, i + 1
            start = i + 1
    yield start, len(every)


def _complete(said: Sequence[PhraseToken], passages: Sequence[Passage]) -> bool:
    """Tell whether words have said what they suppose: Let A be a matrix, Let $A \\in C^n$. What stands below is not that."""
    opened = max((i for i, t in enumerate(said) if t.meaning in ("let", "suppose")), default=len(said))
    behind = said[opened + 1 :]
    if not any(t.meaning == FORMULA for t in behind):
        return False
    last = behind[-1]
    if last.meaning == FORMULA:
        listed = all(t.meaning in (FORMULA, COMMA, "and") for t in behind)
        return listed and bool(_DECLARES.search(passages[last.formula].text.text))
    return last.meaning in _KINDS and any(t.meaning == "be" for t in behind)


def _goes_on(before: Sequence[PhraseToken], behind: PhraseToken | None, passages: Sequence[Passage]) -> bool:
    """Tell whether a sentence goes on behind an empty line."""
    if behind is None or not before:
        return False
    last = before[-1]
    shown = last.display
    if last.meaning in (COMMA, COLON):
        return behind.meaning != ITEM
    if behind.meaning == FORMULA:
        return behind.display and not shown and not _complete(before, passages)
    if not shown:
        return False
    if behind.unspaced:
        return behind.meaning in _GOING_ON
    return behind.meaning in (COMMA, END, ASKS) or (
        behind.meaning not in BREAKS and behind.meaning != HEADING and not behind.capital
    )


def _is_label(own: Sequence[PhraseToken]) -> bool:
    """Tell whether a sentence is nothing but the name of an assumption, `Assumption 1.`: what it is comes next."""
    return (
        own[0].meaning == "suppose" and len(own) <= MOST_OF_LABEL and {t.meaning for t in own[1:]} <= {"", END} and len(own) > 1
    )


def _denies_the_last(own: Sequence[PhraseToken], found: Acts) -> bool:
    """Tell whether a sentence says of the one before it that it is false."""
    spoken_of = any(t.meaning in ("this", "that") for t in own[:3])
    return spoken_of and "deny" in found.signals and all(t.meaning != FORMULA for t in own)


def _denied(said: Saying) -> Saying:
    """Return a sentence whose last formula is denied."""
    last = max((i for i, t in enumerate(said.tokens) if t.meaning == FORMULA), default=-1)
    if last < 0 or said.acts.of.get(last) not in ("", "assert", "let"):
        return said
    of = {**said.acts.of, last: "deny"}
    return replace(said, acts=replace(said.acts, of=of))


def _ends(every: Sequence[PhraseToken], passages: Sequence[Passage]) -> list[int]:
    """Return for every token where its paragraph ends, or its item of a list; a display belongs to the paragraph."""
    end = every[-1].end if every else 0
    out: list[int] = []
    for i in range(len(every) - 1, -1, -1):
        out.append(end)
        parts = every[i].meaning in (HEADING, ITEM, CELL)
        if parts or (every[i].meaning == PARAGRAPH and not _beside_a_display(every, i, passages)):
            end = out[-1] = every[i].start
    return out[::-1]


def _beside_a_display(every: Sequence[PhraseToken], i: int, passages: Sequence[Passage]) -> bool:
    near = [t for t in every[max(0, i - 2) : i + 2] if t.meaning == FORMULA]
    return any(passages[t.formula].kind == "display" for t in near)
