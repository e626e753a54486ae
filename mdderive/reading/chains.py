r"""A note to its chains of sides, each with its syntax or the reason why it has none, and to what its words say, by section.

Nothing is judged here. A chain knows the words in front of it and the headings above it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import count

from mdderive.document.blocks import Section
from mdderive.document.passages import passages
from mdderive.latex.applications import (
    acting_by_entries,
    applied,
    applied_to,
    arguments,
    named_units,
    probabilities,
    unsure,
)
from mdderive.latex.letters import Names
from mdderive.latex.notation import CONDITIONAL
from mdderive.latex.syntax import Derivative, Letter, Neg, Number, Power, Syntax
from mdderive.latex.typeset import typeset
from mdderive.model.diagnostics import Finding, Hint
from mdderive.model.reasons import Reason
from mdderive.model.source import Source, Span
from mdderive.reading.acts import Act
from mdderive.reading.collecting import MARK, Collecting, Placed, WrittenFormula
from mdderive.reading.conventions import Statement
from mdderive.reading.dependence import Dependence
from mdderive.reading.directives import front_matter
from mdderive.reading.discourse import EVERYWHERE, SUPPOSING, Reach, Saying, act_behind, sayings, spoken
from mdderive.reading.facts import Fact, Released, facts, predicates, unsettled
from mdderive.reading.lexicon import pattern
from mdderive.reading.phrases import FORMULA, Lexicon
from mdderive.reading.ranges import Range, ranges
from mdderive.reading.shown_by_form import is_zero, letter_name, letters, merged, powers_of_values
from mdderive.reading.sides import ChainSide, planned_sides
from mdderive.reading.slips import bound_twice
from mdderive.reading.worded_terms import constants_as_letters

# Words that make a formula the other side of the one before.
_BOTH = re.compile(
    r"(?:两侧|两边|二者|两者|左右两边|both(?: sides)?)\s*(?:都|均|皆|are|is)?\s*(?:等于|为|equal(?:s| to)?)\s*(?:to)?\s*$",
    re.IGNORECASE,
)

# What may be meant otherwise: `x1` for `x_1`, and `(2 \times 3)(3 \times 1) = (2 \times 1)`.
_NUMBERED = re.compile(r"(?<![A-Za-z\\\d^_{])[a-z]\d+(?!\d|\.)")
_SIZES = re.compile(r"(?=.*\\times)(?:[\s(){}\[\]\d]|\\times|\\left|\\right|\\[,;:! ])+")
_SAID = ("", "assert", "deny", "ask")  # the acts of a formula that words behind it say more of


@dataclass(frozen=True, slots=True)
class Chain:
    """Sides joined by relations, where they stand and what the words before them say."""

    sides: tuple[ChainSide, ...]
    relations: tuple[str, ...]
    section: Section
    words: str = ""
    implied: bool = False
    formula: int = 0
    after: str = ""
    ambiguous: Reason | None = None
    skipped: str = ""
    act: Act = ""
    reach: Reach = EVERYWHERE
    twice: tuple[Span, Hint] | None = None  # the first side that binds one index twice
    alone: bool = False  # in a sentence without a word
    named: Syntax | None = None  # the letter for the first side, which words call a derivative

    @property
    def supposes(self) -> bool:
        """Tell whether the words suppose what the chain says, here or for what follows."""
        return self.act in SUPPOSING

    @property
    def reasons(self) -> bool:
        """Tell whether the words give what the chain says as the reason of what comes, `since $A B = B A$`."""
        return pattern("since").search(self.words.rpartition(MARK)[2]) is not None

    def written(self, index: int) -> frozenset[str]:
        """Return the letters of both sides of a relation as they are written, with their fonts and without."""
        trees = (side.syntax for side in self.sides[index - 1 : index + 1] if side.syntax is not None)
        return frozenset(n for tree in trees for name in letters(tree) for n in (name, merged(name)))

    def equation(self, index: int) -> str:
        """Return a side with the one before it as an equation in LaTeX."""
        return f"{self.sides[index - 1].latex} = {self.sides[index].latex}"

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
    depends: tuple[Dependence, ...]
    functions: frozenset[str]
    named: frozenset[str]
    applied: frozenset[tuple[str, str]]
    formulas: int
    words: str
    findings: tuple[Finding, ...]
    unread: tuple[tuple[Span, str, Finding], ...] = ()
    layouts: tuple[Statement, ...] = ()
    facts: tuple[Fact, ...] = ()
    released: tuple[Released, ...] = ()
    unsettled: tuple[Released, ...] = ()
    predicates: tuple[Fact, ...] = ()  # words that the lexicon does not know
    ranges: tuple[Range, ...] = ()

    def ended(self, start: int, section: Section, at: int) -> bool:
        """Tell whether words between two places may have ended what was supposed at the first."""
        return any(r.ends(start, frozenset(), section, at) for r in self.unsettled)

    def over(self, fact: Fact, section: Section, at: int) -> bool:
        """Tell whether a property of letters may have ended before a place; what is constant remains so."""
        return fact.says != "constant" and self.ended(fact.reach.start, section, at)


def note_of(source: Source, *, tex: bool = False, declared: Sequence[str] = ()) -> Note:
    """Return what a note says; `declared` are declarations that hold everywhere."""
    found = passages(source, tex=tex)
    known_words = spoken(found.passages)
    as_written = {n: p.text for n, p in enumerate(found.passages) if p.kind in ("inline", "display")}
    numbers = count(1)
    formulas = {n: constants_as_letters(text, known_words, numbers) for n, text in as_written.items()}
    as_typeset = dict(zip(formulas, typeset(formulas.values(), source.text), strict=True))
    every = sayings(found.passages, known_words)
    told = {n: (saying, act) for saying in every for n, act in saying.formulas.items()}
    note = Collecting(source, known_words, told, as_typeset)
    for line, place in (*((line, Span(0, 0)) for line in declared), *front_matter(source.text)):
        note.directive(line, place)
    for number, passage in enumerate(found.passages):
        note.passage(number, passage)
    note.close()
    said_of, released = facts(every, note.names.__getitem__, note.section_at, source.text)
    unknown = predicates(every, note.names.__getitem__, note.section_at, source.text)
    written = [(f.text.text, f.sentences) for f in note.formulas]
    texts = [text for text, _ in written]
    densities = probabilities(texts)
    shaped = frozenset(p.clue.name for p in note.clues if p.clue.kind in ("column", "matrix"))
    functions = frozenset(p.clue.name for p in note.clues if p.clue.kind == "function") | acting_by_entries(texts)
    dropped = applied(written, densities, shaped)
    own = {name: letters for name, letters in arguments(written).items() if name in dropped - functions}
    known = Names(named_units(written), functions | {r"\sigma"} | dropped, densities=densities, arguments=own)
    chains = tuple(_chains(note.formulas, known, dropped - functions, known_words))
    return Note(
        chains=chains,
        clues=tuple(_explaining(note.clues, every)),
        depends=tuple(note.depends),
        functions=functions,
        named=dropped,
        applied=applied_to(texts, dropped - functions),
        formulas=len(note.formulas) + len(note.unread),
        words="".join(p.text.text for p in found.passages if p.kind == "words"),
        findings=(*found.findings, *note.findings),
        unread=tuple(note.unread),
        layouts=tuple(note.layouts),
        facts=(*(f for f in said_of if not f.doubtful), *note.in_rows),
        released=released,
        unsettled=unsettled(every, note.section_at, source.text),
        predicates=(*unknown, *(f for f in said_of if f.doubtful), *_no_numbers(chains)),
        ranges=tuple(r for f in note.formulas for r in ranges(f.text.text, f.section, f.place.span.start)),
    )


def _no_numbers(chains: Iterable[Chain]) -> Iterator[Fact]:
    """Yield the letters whose square is said to be a negative number: units of an algebra, which need not commute."""
    for chain in chains:
        trees, at = [s.syntax for s in chain.sides], chain.sides[0].span.start
        if any(isinstance(tree, Neg) and isinstance(tree.args[0], Number) for tree in trees):
            for tree in trees:
                match tree:
                    case Power((Letter(name=name), Number(digits="2"))):
                        yield Fact((name,), r"\sqrt{-1}", chain.section, Reach(at), at)


def _explaining(clues: Sequence[Placed], every: Sequence[Saying]) -> Iterator[Placed]:
    """Yield clues, each with the place of the formula that it says more of, or as opening something."""
    starts = [saying.start for saying in every]
    for placed in clues:
        k = bisect_right(starts, placed.at) - 1
        if k < 0 or not every[k].means("where", "here"):
            yield replace(placed, opens=k >= 0 and every[k].means("let", "suppose", "throughout"))
            continue
        of = every[k]
        own = any(t.start < placed.at and of.acts.of.get(i) in _SAID for i, t in enumerate(of.tokens) if t.meaning == FORMULA)
        yield replace(placed, of=starts[k if own else max(k - 1, 0)])


def _chains(formulas: Sequence[WrittenFormula], names: Names, dropped: frozenset[str], spelled: Lexicon) -> Iterator[Chain]:
    """Yield the chains; one that begins with a relation goes on with the last side of the one before."""
    last: ChainSide | None = None
    equal: ChainSide | None = None
    last_section: Section = ()
    told: set[str] = set()  # what has a value
    for plan, sides in planned_sides(formulas, names, dropped):
        formula, sentence, relations = plan.formula, plan.sentence, plan.sentence.relations
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
        doubtful = unsure([s.latex for s in sides], plan.left_out, names.functions | names.densities)
        trees = powers_of_values([s.syntax for s in sides])
        sides = [replace(s, syntax=tree) for s, tree in zip(sides, trees, strict=True)]
        act = act_behind(sentence.words, formula.act, spelled)
        ends = trees[-1]
        if act == "solve" and (len(relations) > 1 or sentence.implied or (ends is not None and is_zero(ends))):
            act = ""  # it is worked out
        if act in SUPPOSING and _set_to_zero(trees, told):
            act = ""  # only that it is zero is supposed, which its form says
        told |= {letter_name(trees[0])} if relations and trees[0] is not None else set()
        whole = Chain(
            tuple(sides),
            relations,
            formula.section,
            formula.words + " " + sentence.words,
            sentence.implied in CONDITIONAL,
            plan.number,
            formula.after,
            Reason("factor") if doubtful else _doubt([s.latex for s in sides]),
            formula.skipped,
            act,
            formula.reach if act == formula.act else replace(formula.reach, granted=act in SUPPOSING),
            next(((side.span, hint) for side in sides if (hint := bound_twice(side.latex))), None),
            formula.alone,
        )
        yield from _carried(whole)


def _set_to_zero(trees: Sequence[Syntax | None], told: Set[str]) -> bool:
    """Tell whether the derivative of something that has a value is worked out and set to zero, `\\nabla f = A x - b = 0`."""
    match trees:
        case [Derivative((of, _)), _, *_, last] if last is not None:
            return is_zero(last) and letter_name(of) in {"", *told}
    return False


def _doubt(written: Sequence[str]) -> Reason | None:
    """Return why sides may be meant otherwise: a digit behind a letter is a subscript, numbers with crosses are sizes."""
    if any(_NUMBERED.search(latex) for latex in written):
        return Reason("digit")
    return Reason("sizes") if len(written) > 1 and all(_SIZES.fullmatch(latex) for latex in written) else None


def _carried(chain: Chain) -> Iterator[Chain]:
    r"""Yield a chain in parts whose sides are all under the same operator, `\arg\max_x f(x)`; what joins two is unread."""
    start, sides = 0, chain.sides
    for k in range(1, len(sides) + 1):
        if k < len(sides) and sides[k].optimum == sides[start].optimum:
            continue
        ambiguous = Reason("optimum") if sides[start].optimum else chain.ambiguous
        if k - start > 1 or len(sides) == 1:
            yield replace(chain, sides=sides[start:k], relations=chain.relations[start : k - 1], ambiguous=ambiguous)
        if k < len(sides):
            yield replace(chain, sides=tuple(map(_refused, sides[k - 1 : k + 1])), relations=chain.relations[k - 1 : k])
        start = k


def _refused(side: ChainSide) -> ChainSide:
    """Return a side that stays unread where it is under an operator."""
    refusal = Finding("DRV231", side.span, {"construct": side.optimum})
    return replace(side, syntax=None, refusal=side.refusal or refusal) if side.optimum else side
