"""What stands in a note, passage by passage, with what its words say: formulas as written, clues, layouts, and the sections."""

import re
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mdderive.document.blocks import Section, below
from mdderive.document.passages import Passage, passages
from mdderive.latex.relations import Sentence
from mdderive.latex.size_marks import SizeMark
from mdderive.latex.typeset import TypesetFormula
from mdderive.model.diagnostics import Finding
from mdderive.model.source import Source, Span
from mdderive.model.traced import Traced, joined
from mdderive.reading.acts import Act
from mdderive.reading.conventions import Statement, stated
from mdderive.reading.dependence import Dependence, in_formula, in_words
from mdderive.reading.directives import declarations, skipped
from mdderive.reading.discourse import EVERYWHERE, Reach, Saying, reach_of, sayings
from mdderive.reading.facts import Fact, Named, facts
from mdderive.reading.glossary import glossary_entries
from mdderive.reading.lexicon import pattern
from mdderive.reading.membership import Clue, by_its_sizes, named
from mdderive.reading.phrases import Lexicon
from mdderive.reading.prose import clues

MOST_WORDS = 90
MARK = "\ue000"  # stands for a formula among words
EXAMPLE = 20  # its level among those of headings, twice that which they are of
_TITLED = re.compile(r"[\s*_{\[\d.]*")  # what a heading begins with before its title
_ENDS = re.compile(r"\n[ \t>]*(?:(?P<empty>\n)|(?:[-*+]|\d+[.)])\s)")
_ROW = re.compile(r"(?:(?!\\\\).)+", re.DOTALL)
_WORDS = re.compile(
    r"\\(?:text|textrm|mbox|mathrm|hbox|textit|textbf)\s*\{(?P<said>[^{}]*)\}|(?<![A-Za-z\\{])(?P<bare>[A-Za-z]{2,})(?![A-Za-z])"
)
_SPACE = re.compile(r"(?:\s|&|\\(?:[,;:! ]|q?quad(?![A-Za-z])|(?:begin|end)\s*\{[^{}]*\}))+")


@dataclass(frozen=True, slots=True)
class Placed:
    """A clue, the section it stands in, and where the paragraph or the item of a list ends in which it is supposed.

    What says more of a formula before it, "where A is ...", speaks of all that stands from a place on; `opens` tells that it
    begins something: "Let A be ..." says nothing of what stands above.
    """

    clue: Clue
    section: Section
    at: int
    until: int = sys.maxsize
    of: int = sys.maxsize
    opens: bool = False


@dataclass
class WrittenFormula:
    """A formula as the reader expects it, its statements, and the words around it."""

    text: Traced
    place: Passage
    section: Section
    words: str
    sentences: tuple[Sentence, ...] = ()
    after: str = ""
    skipped: str = ""
    aside: bool = False
    act: Act = ""
    reach: Reach = EVERYWHERE
    alone: bool = False


@dataclass
class Collecting:
    """What is collected while the passages of a note are gone through.

    `told` says what its words do with each formula, `typeset` how each is to be read, both by the number of its passage.
    """

    source: Source
    spoken: Lexicon
    told: Mapping[int, tuple[Saying, Act]]
    typeset: Mapping[int, TypesetFormula]
    section: Section = ()
    sections: list[tuple[int, Section]] = field(default_factory=lambda: [(0, ())])
    formulas: list[WrittenFormula] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    skip: str = ""
    clues: list[Placed] = field(default_factory=list)
    unread: list[tuple[Span, str, Finding]] = field(default_factory=list)
    paragraph: list[tuple[str, Traced | None, Span]] = field(default_factory=list)
    said: str = ""
    heard: list[Traced] = field(default_factory=list)
    layouts: list[Statement] = field(default_factory=list)
    names: dict[int, Named] = field(default_factory=lambda: defaultdict(Named))
    in_rows: list[Fact] = field(default_factory=list)
    depends: list[Dependence] = field(default_factory=list)

    def passage(self, number: int, passage: Passage) -> None:
        """Take the next passage."""
        match passage.kind:
            case "heading" | "begin" | "end":
                self.close()
                self.section = self._enclosing(passage)
                self.sections.append((passage.span.start, self.section))
            case "words":
                self._words(passage)
            case "inline" | "display":
                self._formula(number, passage)
            case "directive":
                self.directive(passage.text.text.strip().removeprefix("mdderive:"), passage.span)

    def _enclosing(self, passage: Passage) -> Section:
        """Return the section that begins at a heading, or where an example begins or ends; a proof is within what it proves."""
        row = self.source.row(passage.span.start)
        if passage.kind == "heading":
            title = _TITLED.match(self.source.text, passage.span.end)
            proof = title is not None and pattern("proof").match(self.source.text, title.end()) is not None
            return below(self.section, 2 * passage.level + proof, row)
        return below(self.section, EXAMPLE, row)[: None if passage.kind == "begin" else -1]

    def section_at(self, at: int) -> Section:
        """Return the section of a place."""
        return self.sections[bisect_right(self.sections, at, key=lambda one: one[0]) - 1][1]

    def close(self) -> None:
        """End a section: what its last paragraph says of letters, and the layout that its words state."""
        self._close_paragraph()
        self.layouts += stated(joined(self.heard), self.section)
        self.said, self.heard = "", []

    def directive(self, text: str, place: Span) -> None:
        """Take what a directive says: a declaration, or that the next formula is to be left out."""
        reason = skipped(text)
        if reason is not None:
            self.skip = reason
            return
        found, findings = declarations(text, place)
        self.clues += (Placed(clue, self.section, place.start) for clue in found)
        self.findings += findings

    def _words(self, passage: Passage) -> None:
        if self.formulas and self.formulas[-1].place.span.end >= passage.span.start - 1:
            self.formulas[-1].after = passage.text.text[:MOST_WORDS]
        self.said = (self.said + passage.text.text)[-4 * MOST_WORDS :]
        self.heard.append(passage.text)
        for i, piece in enumerate(re.split(r"\n[ \t>]*\n", passage.text.text)):
            if i:
                self._close_paragraph()
            self.paragraph.append((piece, None, passage.span))

    def _formula(self, number: int, passage: Passage) -> None:
        found = self.typeset[number]
        text = found.text
        words = re.split(r"\n[ \t>]*\n(?=[^\n]*\n[ \t>]*\n)", self.said)[-1][-MOST_WORDS:]
        act, reach = (self.told[number][1], reach_of(*self.told[number])) if number in self.told else ("", EVERYWHERE)
        alone = number in self.told and self.told[number][0].wordless
        formula = WrittenFormula(text, passage, self.section, words, skipped=self.skip, act=act, reach=reach, alone=alone)
        self._take(formula, found.split)
        self.names[number] = named(text)
        self._sized(found.sized, passage.span)
        self.in_rows += _in_rows(text, self.section, self.spoken)
        for note in found.notes:
            self._take(replace(formula, text=note.text, aside=True), note.split)
        self.skip = ""
        self.paragraph.append(("", text, passage.span))
        self.said = (self.said + MARK)[-4 * MOST_WORDS :]
        self.heard.append(Traced(MARK, (passage.span.start,)))

    def _sized(self, marks: Iterable[SizeMark], place: Span) -> None:
        """Take the shapes that sizes below letters tell, each where it is told first or another was told before."""
        for clue in (by_its_sizes(mark, place) for mark in marks):
            told = next((p for p in reversed(self.clues) if p.clue.name == clue.name and p.section == self.section), None)
            if clue.name and (told is None or told.clue.shape != clue.shape):
                self.clues.append(Placed(clue, self.section, place.start))

    def _take(self, formula: WrittenFormula, split: tuple[Sentence, ...] | Finding) -> None:
        """Take a formula with its statements, or as one that cannot be read."""
        if isinstance(split, Finding):
            finding = replace(split, span=formula.text.span(split.span), labels=())
            self.unread.append((formula.place.span, formula.place.text.text, finding))
        else:
            self.formulas.append(replace(formula, sentences=split))
            self.depends += in_formula(formula.text, split, self.section)

    def _close_paragraph(self) -> None:
        """Take what a paragraph says of letters."""
        parts, self.paragraph = self.paragraph, []
        formulas = [f for _, f, _ in parts if f is not None]
        if not formulas and not any("常" in w for w, _, _ in parts):
            return
        words, number = "", 0
        for said, formula, _ in parts:
            words += said if formula is None else f"\ue000{number}\ue001"
            number += formula is not None
        place = parts[0][2]
        self.depends += in_words(words, formulas, self.section, self.spoken.languages)
        for clue in clues(words, formulas, place, self.spoken.languages):
            until = _supposed_until(self.source.text, clue.span.end) if clue.supposed else sys.maxsize
            self.clues.append(Placed(clue, self.section, clue.span.start, until))
        for entry in glossary_entries(words, formulas, self.said, self.spoken):
            section, at = ((), 0) if entry.everywhere else (self.section, entry.clue.span.start)
            self.clues.append(Placed(entry.clue, section, at))


def _in_rows(text: Traced, section: Section, known: Lexicon) -> Iterator[Fact]:
    """Yield what the words inside a formula say of letters: it holds for their row."""
    for row, said in spoken_rows(text.text, known):
        inner = passages(Source(said)).passages
        place = text.span(row)
        found, _ = facts(sayings(inner, known), lambda n, inner=inner: named(inner[n].text), lambda _: section, said)  # type: ignore[misc]
        yield from (replace(fact, reach=Reach(place.start, place.end), at=place.start) for fact in found)


def _supposed_until(text: str, start: int) -> int:
    """Return where the paragraph ends, or the item of a list; a colon or a comma before an empty line leaves it open."""
    ends = _ENDS.finditer(text, start)
    return next((e.start() for e in ends if not e["empty"] or not text.endswith((",", ":", "，", "："), 0, e.start())), len(text))


def spoken_rows(text: str, known: Lexicon) -> Iterator[tuple[Span, str]]:
    """Yield the rows of a formula that have words, each with its place and the sentence that it makes."""
    for row in _ROW.finditer(text):
        pieces: list[str] = []
        at = row.start()
        for found in _WORDS.finditer(text, *row.span()):
            said = (
                found["said"] if found["said"] is not None else found["bare"] if known.words((found["bare"].lower(),)) else None
            )
            if said is None:
                continue
            pieces += [_formula(text[at : found.start()]), f" {said} "]
            at = found.end()
        if pieces:
            yield Span(*row.span()), "".join((*pieces, _formula(text[at : row.end()])))


def _formula(text: str) -> str:
    """Return what stands between words as an inline formula, with the mark that ends it outside."""
    bare = _SPACE.sub(" ", text).replace("$", "").strip()
    body = bare.rstrip(" ,.;")
    return (f"${body}$" if body else "") + bare[len(body) :].strip()
