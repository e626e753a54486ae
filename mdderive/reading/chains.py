r"""A note to its chains of sides, each with its syntax or the reason why it has none, and to what its words say, by section.

Nothing is judged here. A chain knows the words in front of it and the headings above it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mdderive.document.blocks import Section, section_at
from mdderive.document.passages import passages
from mdderive.latex.declared import Names
from mdderive.latex.layers import layered
from mdderive.latex.macros import macros_of
from mdderive.latex.parse import parse
from mdderive.latex.relations import CONDITIONAL, Sentence
from mdderive.latex.syntax import Matrix, Syntax, walk
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
    layers = layered(p.text.text for p in found.passages if p.kind in ("inline", "display"))
    known_words = spoken(found.passages)
    every = sayings(found.passages, known_words)
    told = {n: (saying, act) for saying in every for n, act in saying.formulas.items()}
    note = Collecting(source, known_words, told, macros_of(source.text), layers)
    for line, place in (*((line, Span(0, 0)) for line in declared), *front_matter(source.text)):
        note.directive(line, place)
    for number, passage in enumerate(found.passages):
        note.passage(number, passage)
    note.close()
    said_of, released = facts(every, note.names.__getitem__, lambda at: section_at(note.sections, at))
    unknown = predicates(every, note.names.__getitem__, lambda at: section_at(note.sections, at), source.text)
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
    last: ChainSide | None = None
    equal: ChainSide | None = None
    last_section: Section = ()
    for number, formula in enumerate(formulas):
        for sentence in formula.sentences:
            own = replace(
                names,
                symbols=names.symbols | numbered(formula.text.text) | primed(formula.text.text, names),
                indices=frozenset(i for found in NUMBERING.finditer(formula.text.text) for i in found.group("row", "col")),
            )
            above = last if sentence.goes_on and last_section == formula.section and not formula.aside else None
            written = [s.text[s.span.start : s.span.end] for s in sentence.sides] + ([above.latex] if above is not None else [])
            left_out = dropped - at_odds(written, dropped)
            sides = [_side(formula, sentence, i, own, left_out) for i in range(len(sentence.sides))]
            if above is not None:
                sides[0] = above
            relations = sentence.relations
            if len(sides) > 1 and not sides[-1].latex:  # the row ends in a relation and goes on in the next formula
                sides, relations = sides[:-1], relations[:-1]
            both = _BOTH.search(formula.words) if not relations and last_section == formula.section else None
            if both and equal is not None:
                sides, relations = [equal, *sides], ("=",)
            if not formula.aside:
                equal = sides[-1] if relations and relations[-1] == "=" else equal
                last, last_section = sides[-1], formula.section
            said = formula.words + " " + sentence.words
            inline = formula.place.kind == "inline"
            doubtful = unsure([undressed(s.latex, left_out) for s in sides], names.functions | names.densities)
            trees = powers_of_values([s.syntax for s in sides])
            sides = _alike([replace(s, syntax=tree) for s, tree in zip(sides, trees, strict=True)])
            ambiguous = Reason("optimum") if sides[-1].optimum else Reason("factor") if doubtful else None
            yield Chain(
                tuple(sides),
                relations,
                formula.section,
                said,
                sentence.implied in CONDITIONAL,
                inline,
                number,
                formula.after,
                ambiguous,
                formula.skipped,
                act := act_behind(sentence.words, formula.act, spelled),
                formula.reach if act == formula.act else replace(formula.reach, granted=act in SUPPOSING),
            )


def _side(formula: WrittenFormula, sentence: Sentence, index: int, names: Names, dropped: frozenset[str]) -> ChainSide:
    side = sentence.sides[index]
    latex = " ".join(side.text[side.span.start : side.span.end].split())
    span = formula.text.span(side.span)
    if not latex:
        return ChainSide("", span, None, Finding("DRV204", span))
    word = next((m for m in _WORD.finditer(side.text, *side.span) if not spells_functions(m[0])), None)
    if word is not None:
        refusal = Finding("DRV208", formula.text.span(Span(*word.span())), {"word": word[0]})
        return ChainSide(latex, span, None, refusal)
    text = undressed(side.text, dropped)
    best = _BEST.match(side.text, *side.span)
    if best is not None and best.end() < side.span.end:  # optima are equal where what is optimised is
        inner = replace(sentence.sides[index], span=Span(best.end(), side.span.end))
        sides = (*sentence.sides[:index], inner, *sentence.sides[index + 1 :])
        found = _side(formula, replace(sentence, sides=sides), index, names, dropped)
        return replace(found, latex=latex, span=span, optimum="".join(best[0].replace(r"\,", "").split()))
    sums = PRODUCT_OF_LOGARITHMS.sub(r"\\sum \g<range>", text)
    inside = PRODUCT_OF_LOGARITHMS.search(text, *side.span)
    swapped = parse(sums, side.span.start, side.span.end, names) if inside else None
    meant = swapped if isinstance(swapped, Syntax) else None
    syntax = parse(_signed(text, r"\pm", r"\mp"), side.span.start, side.span.end, names)
    if isinstance(syntax, Finding):
        whole = _unstacked(text[side.span.start : side.span.end], names)
        if whole is not None:
            return ChainSide(latex, span, whole, stacked=True)
        return ChainSide(latex, span, None, replace(syntax, span=span, labels=()), meant=meant)
    if r"\pm" not in text and r"\mp" not in text:
        listed = any(isinstance(n, Matrix) and text[n.span.start] in "([" for n in walk(syntax))
        return ChainSide(latex, span, syntax, meant=meant, stacked=listed)
    other = parse(_signed(text, r"\mp", r"\pm"), side.span.start, side.span.end, names)
    return ChainSide(latex, span, syntax, lower=None if isinstance(other, Finding) else other)


def _alike(sides: Sequence[ChainSide]) -> list[ChainSide]:
    r"""Return sides of a statement; where not all are an optimum over the same, `\arg\max_x f(x)`, those that are stay unread."""
    if len({side.optimum for side in sides}) == 1:
        return list(sides)
    refused = [Finding("DRV231", side.span, {"construct": side.optimum}) for side in sides]
    return [replace(s, syntax=None, refusal=d) if s.optimum else s for s, d in zip(sides, refused, strict=True)]


def _unstacked(text: str, names: Names) -> Syntax | None:
    """Return the syntax of a side whose matrices leave entries out by dots; None where it has none that can be read."""
    summed = unstacked(text)
    if summed == text:
        return None
    functions = frozenset(found["name"] for found in NUMBERED_FUNCTION.finditer(summed))
    found = parse(summed, names=replace(names, symbols=names.symbols | numbered(summed) | functions))
    return found if isinstance(found, Syntax) else None


def _signed(text: str, plus: str, minus: str) -> str:
    """Return a text with one choice of its double signs, every place kept."""
    return text.replace(plus, " + ").replace(minus, " - ")
