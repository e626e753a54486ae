r"""A note to its chains of sides, each with its syntax or the reason why it has none, and to what its words say, by section.

Nothing is judged here. A chain knows the words in front of it and the headings above it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mdderive.document.blocks import Section
from mdderive.document.passages import passages
from mdderive.latex.declared import Names
from mdderive.latex.parse import parse, parse_each
from mdderive.latex.relations import CONDITIONAL, Sentence, Side
from mdderive.latex.syntax import Matrix, Syntax, walk
from mdderive.latex.typeset import typeset
from mdderive.model.diagnostics import Finding
from mdderive.model.reasons import Reason
from mdderive.model.source import Source, Span
from mdderive.reading.acts import Act
from mdderive.reading.applications import applied, at_odds, probabilities, undressed
from mdderive.reading.collecting import Collecting, Placed, WrittenFormula
from mdderive.reading.conventions import Statement
from mdderive.reading.directives import front_matter
from mdderive.reading.discourse import EVERYWHERE, SUPPOSING, Reach, act_behind, sayings, spoken
from mdderive.reading.facts import Fact, Released, facts
from mdderive.reading.numbering import NUMBERED_FUNCTION, NUMBERING, numbered, primed, unsure
from mdderive.reading.phrases import Lexicon
from mdderive.reading.predicates import predicates
from mdderive.reading.shown_by_form import powers_of_values, spells_functions
from mdderive.reading.slips import PRODUCT_OF_LOGARITHMS
from mdderive.reading.stacks import unstacked

_BEST = re.compile(
    r"\s*\\(?:operatorname\*?\s*\{\s*arg\s*(?:\\,)?\s*(?:max|min)\s*\}|arg\s*\\(?:max|min)(?![a-z])|arg(?:max|min)(?![a-z]))"
    r"(?:\s*_\s*(?:\{[^{}]*\}|\\?[A-Za-z]))?(?:\s|\\,)*"
)
# Letters that are a word rather than factors: four small ones in a row, or three before a bracket.
_WORD = re.compile(r"(?<![A-Za-z\\{])(?:[a-z]{4,}|[A-Za-z]{3,}(?=\s*(?:\\left\s*)?\())")
# Words that make a formula the other side of the one before.
_BOTH = re.compile(
    r"(?:两侧|两边|二者|两者|左右两边|both(?: sides)?)\s*(?:都|均|皆|are|is)?\s*(?:等于|为|equal(?:s| to)?)\s*(?:to)?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ChainSide:
    """One side: its LaTeX, its place in the file, its syntax or why there is none; `lower` reads the lower signs of ±.

    `meant` is its syntax with the logarithm outside the product, where it is written inside; `stacked` where it has a list,
    or a matrix that leaves entries out by dots; `optimum` is what stands before what is optimised, which alone has the syntax.
    """

    latex: str
    span: Span
    syntax: Syntax | None
    refusal: Finding | None = None
    lower: Syntax | None = None
    meant: Syntax | None = None
    stacked: bool = False
    optimum: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Sides joined by relations, where they stand and what the words before them say."""

    sides: tuple[ChainSide, ...]
    relations: tuple[str, ...]
    section: Section
    words: str = ""
    implied: bool = False
    inline: bool = False
    formula: int = 0
    after: str = ""
    ambiguous: Reason | None = None
    skipped: str = ""
    act: Act = ""
    reach: Reach = EVERYWHERE

    @property
    def supposes(self) -> bool:
        """Tell whether the words suppose what the chain says, here or for what follows."""
        return self.act in SUPPOSING

    @property
    def speaks(self) -> bool:
        """Tell whether the chain may say something of its letters: it is neither denied nor asked nor expressly not supposed."""
        return self.act not in ("deny", "ask", "waive")

    @property
    def conditional(self) -> bool:
        """Tell whether the chain is no claim of its own, nor a definition."""
        return self.act not in ("", "assert", "let", "where")


@dataclass(frozen=True, slots=True)
class Note:
    """Everything a note says, not yet judged."""

    chains: tuple[Chain, ...]
    clues: tuple[Placed, ...]
    depends: tuple[tuple[str, tuple[str, ...]], ...]
    functions: frozenset[str]
    named: frozenset[str]
    formulas: int
    words: str
    findings: tuple[Finding, ...]
    unread: tuple[tuple[Span, str, Finding], ...] = ()
    layouts: tuple[Statement, ...] = ()
    facts: tuple[Fact, ...] = ()
    released: tuple[Released, ...] = ()
    predicates: tuple[Fact, ...] = ()  # words that the lexicon does not know


def note_of(source: Source, *, tex: bool = False, declared: Sequence[str] = ()) -> Note:
    """Return what a note says; `declared` are declarations that hold everywhere."""
    found = passages(source, tex=tex)
    formulas = {n: p.text for n, p in enumerate(found.passages) if p.kind in ("inline", "display")}
    as_typeset = dict(zip(formulas, typeset(formulas.values(), source.text), strict=True))
    known_words = spoken(found.passages)
    every = sayings(found.passages, known_words)
    told = {n: (saying, act) for saying in every for n, act in saying.formulas.items()}
    note = Collecting(source, known_words, told, as_typeset)
    for line, place in (*((line, Span(0, 0)) for line in declared), *front_matter(source.text)):
        note.directive(line, place)
    for number, passage in enumerate(found.passages):
        note.passage(number, passage)
    note.close()
    said_of, released = facts(every, note.names.__getitem__, note.section_at)
    unknown = predicates(every, note.names.__getitem__, note.section_at, source.text)
    densities = probabilities(f.text.text for f in note.formulas)
    depends, dropped = applied([(f.text.text, f.sentences) for f in note.formulas], densities)
    functions = frozenset(p.clue.name for p in note.clues if p.clue.kind == "function")
    known = Names(frozenset(), functions | {r"\sigma"} | dropped, densities=densities)
    return Note(
        chains=tuple(_chains(note.formulas, known, dropped - functions, known_words)),
        clues=tuple(note.clues),
        depends=tuple(depends),
        functions=functions,
        named=dropped,
        formulas=len(note.formulas) + len(note.unread),
        words="".join(p.text.text for p in found.passages if p.kind == "words"),
        findings=(*found.findings, *note.findings),
        unread=tuple(note.unread),
        layouts=tuple(note.layouts),
        facts=(*said_of, *note.in_rows),
        released=released,
        predicates=unknown,
    )


def _chains(formulas: Sequence[WrittenFormula], names: Names, dropped: frozenset[str], spelled: Lexicon) -> Iterator[Chain]:
    """Yield the chains; one that begins with a relation goes on with the last side of the one before."""
    planned = list(_planned(formulas, names, dropped))
    sought = [
        (_signed(s.text, r"\pm", r"\mp"), s.place, plan.letters, plan.indices)
        for plan in planned
        for s in plan.sides
        if s.refusal is None
    ]
    parsed = iter(parse_each(sought, names))
    last: ChainSide | None = None
    equal: ChainSide | None = None
    last_section: Section = ()
    for plan in planned:
        formula, sentence, relations = plan.formula, plan.sentence, plan.sentence.relations
        sides = [_side(s, parsed, plan, names) for s in plan.sides]
        if plan.goes_on and last is not None:
            sides[0] = last
        if len(sides) > 1 and not sides[-1].latex:  # the row ends in a relation and goes on in the next formula
            sides, relations = sides[:-1], relations[:-1]
        both = _BOTH.search(formula.words) if not relations and last_section == formula.section else None
        if both and equal is not None:
            sides, relations = [equal, *sides], ("=",)
        if not formula.aside:
            equal = sides[-1] if relations and relations[-1] == "=" else equal
            last, last_section = sides[-1], formula.section
        doubtful = unsure([undressed(s.latex, plan.left_out) for s in sides], names.functions | names.densities)
        trees = powers_of_values([s.syntax for s in sides])
        sides = _alike([replace(s, syntax=tree) for s, tree in zip(sides, trees, strict=True)])
        act = act_behind(sentence.words, formula.act, spelled)
        yield Chain(
            tuple(sides),
            relations,
            formula.section,
            formula.words + " " + sentence.words,
            sentence.implied in CONDITIONAL,
            formula.place.kind == "inline",
            plan.number,
            formula.after,
            Reason("optimum") if sides[-1].optimum else Reason("factor") if doubtful else None,
            formula.skipped,
            act,
            formula.reach if act == formula.act else replace(formula.reach, granted=act in SUPPOSING),
        )


@dataclass(frozen=True, slots=True)
class _PlannedSide:
    """A side before it is parsed: which place of a text is to be, or why none is; `optimum` is what stands before it."""

    latex: str
    span: Span
    text: str
    place: Span
    refusal: Finding | None = None
    optimum: str = ""


@dataclass(frozen=True, slots=True)
class _Planned:
    """A statement before its sides are parsed: the letters that its formula numbers or primes, the functions left out of it.

    `goes_on` tells whether it goes on with the last side of the statement above.
    """

    formula: WrittenFormula
    number: int
    sentence: Sentence
    goes_on: bool
    sides: tuple[_PlannedSide, ...]
    letters: frozenset[str]
    indices: frozenset[str]
    left_out: frozenset[str]

    def names(self, known: Names) -> Names:
        """Return what the parser has to know of letters."""
        return replace(known, symbols=known.symbols | self.letters, indices=self.indices)


def _planned(formulas: Sequence[WrittenFormula], names: Names, dropped: frozenset[str]) -> Iterator[_Planned]:
    """Yield the statements of formulas, in order."""
    last: str | None = None
    last_section: Section = ()
    for number, formula in enumerate(formulas):
        text = formula.text.text
        own = numbered(text) | primed(text, names)
        indices = frozenset(i for found in NUMBERING.finditer(text) for i in found.group("row", "col"))
        for sentence in formula.sentences:
            goes_on = sentence.goes_on and last_section == formula.section and not formula.aside
            written = [s.text[s.span.start : s.span.end] for s in sentence.sides]
            left_out = dropped - at_odds([*written, *([last] if goes_on and last is not None else [])], dropped)
            sides = tuple(_planned_side(formula, side, left_out) for side in sentence.sides)
            yield _Planned(formula, number, sentence, goes_on, sides, own, indices, left_out)
            if not formula.aside:
                open_ended = len(sides) > 1 and not sides[-1].latex
                last = sides[-2 if open_ended else -1].latex if len(sides) > 2 or not (goes_on and open_ended) else last
                last_section = formula.section


def _planned_side(formula: WrittenFormula, side: Side, dropped: frozenset[str]) -> _PlannedSide:
    latex = " ".join(side.text[side.span.start : side.span.end].split())
    span, refusal = formula.text.span(side.span), None
    word = next((m for m in _WORD.finditer(side.text, *side.span) if not spells_functions(m[0])), None)
    if not latex:
        refusal = Finding("DRV204", span)
    elif word is not None:
        refusal = Finding("DRV208", formula.text.span(Span(*word.span())), {"word": word[0]})
    start, optimum = side.span.start, ""
    while (best := _BEST.match(side.text, start, side.span.end)) and best.end() < side.span.end:
        start, optimum = best.end(), optimum or "".join(best[0].replace(r"\,", "").split())
    place = Span(start, side.span.end)
    return _PlannedSide(latex, span, undressed(side.text, dropped), place, refusal, optimum)


def _side(side: _PlannedSide, parsed: Iterator[Syntax | Finding], plan: _Planned, names: Names) -> ChainSide:
    """Return a side as it was parsed; `parsed` gives what comes next."""
    found = ChainSide(side.latex, side.span, None, side.refusal, optimum=side.optimum)
    if side.refusal is not None:
        return found
    syntax = next(parsed)
    if PRODUCT_OF_LOGARITHMS.search(side.text, *side.place):
        sums = PRODUCT_OF_LOGARITHMS.sub(r"\\sum \g<range>", side.text)
        swapped = parse(sums, *side.place, plan.names(names))
        found = replace(found, meant=swapped if isinstance(swapped, Syntax) else None)
    if isinstance(syntax, Finding):
        whole = _unstacked(side.text[side.place.start : side.place.end], plan, names)
        if whole is not None:
            return replace(found, syntax=whole, meant=None, stacked=True)
        return replace(found, refusal=replace(syntax, span=plan.formula.text.span(side.place), labels=()))
    if r"\pm" not in side.text and r"\mp" not in side.text:
        listed = any(isinstance(n, Matrix) and side.text[n.span.start] in "([" for n in walk(syntax))
        return replace(found, syntax=syntax, stacked=listed)
    other = parse(_signed(side.text, r"\mp", r"\pm"), *side.place, plan.names(names))
    return replace(found, syntax=syntax, meant=None, lower=None if isinstance(other, Finding) else other)


def _alike(sides: Sequence[ChainSide]) -> list[ChainSide]:
    r"""Return sides of a statement; where not all are an optimum over the same, `\arg\max_x f(x)`, those that are stay unread."""
    if len({side.optimum for side in sides}) == 1:
        return list(sides)
    refused = [Finding("DRV231", side.span, {"construct": side.optimum}) for side in sides]
    return [replace(s, syntax=None, refusal=d) if s.optimum else s for s, d in zip(sides, refused, strict=True)]


def _unstacked(text: str, plan: _Planned, names: Names) -> Syntax | None:
    """Return the syntax of a side whose matrices leave entries out by dots; None where it has none that can be read."""
    summed = unstacked(text)
    if summed == text:
        return None
    functions = frozenset(found["name"] for found in NUMBERED_FUNCTION.finditer(summed))
    own = plan.names(names)
    found = parse(summed, names=replace(own, symbols=own.symbols | numbered(summed) | functions))
    return found if isinstance(found, Syntax) else None


def _signed(text: str, plus: str, minus: str) -> str:
    """Return a text with one choice of its double signs, every place kept."""
    return text.replace(plus, " + ").replace(minus, " - ")
