"""The sides of the statements of a note: which place of a text is parsed, all at once, and what is made of what comes of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mdderive.document.blocks import Section
from mdderive.latex.applications import (
    at_odds,
    counts_by_d,
    factors,
    layer_indices,
    numbered,
    numbered_functions,
    primed,
    row_and_column,
    summed_over,
    undressed_sides,
)
from mdderive.latex.letters import Names
from mdderive.latex.parse import parse, parse_each
from mdderive.latex.relations import Sentence, Side
from mdderive.latex.sums import settled
from mdderive.latex.syntax import Matrix, OverIndex, Pairs, Syntax, has, walk
from mdderive.model.diagnostics import Finding
from mdderive.model.source import Span
from mdderive.reading.collecting import WrittenFormula
from mdderive.reading.shown_by_form import spells_functions
from mdderive.reading.slips import PRODUCT_OF_LOGARITHMS
from mdderive.reading.stacks import unstacked
from mdderive.reading.unbracketed import bracketed

_UNDER = r"(?:\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|\\?[A-Za-z]+)"
# An optimum or a limit over what stands below it, of all that follows; that over an index is an entry.
_BEST = re.compile(
    r"\s*(?:\\(?:operatorname\*?\s*\{\s*arg\s*(?:\\,)?\s*(?:max|min)\s*\}|arg\s*(?:\\,)?\s*\\(?:max|min)(?![a-z])|arg(?:max|min)(?![a-z]))"
    rf"(?:\s*_\s*{_UNDER})?|\\(?:max|min|sup|inf|lim)(?![a-z])\s*_\s*(?!\s*\{{?\s*[ijkl]\s*(?:[=,}}]|\\in|\\ne|[^{{\\=\s])){_UNDER})(?:\s|\\,)*"
)
_BRACES = re.compile(r"[\s{}]")
# Letters that are a word rather than factors: four small ones in a row, or three before a bracket.
_WORD = re.compile(r"(?<![A-Za-z\\{])(?:[a-z]{4,}|[A-Za-z]{3,}(?=\s*(?:\\left\s*)?\())")


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
class _PlannedSide:
    """A side before it is parsed: which place of a text is to be, or why none is; `optimum` is what stands before it."""

    latex: str
    span: Span
    text: str
    place: Span
    refusal: Finding | None = None
    optimum: str = ""


@dataclass(frozen=True, slots=True)
class PlannedStatement:
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
    factors: frozenset[str]

    def names(self, known: Names) -> Names:
        """Return what the parser has to know of letters."""
        return known.beside(self.letters, self.indices, self.factors)


def _planned(formulas: Sequence[WrittenFormula], names: Names, dropped: frozenset[str]) -> Iterator[PlannedStatement]:
    """Yield the statements of formulas, in order."""
    last: tuple[Side, ...] = ()
    last_section: Section = ()
    layers = layer_indices(formula.text.text for formula in formulas)
    for number, formula in enumerate(formulas):
        text = formula.text.text
        kept = {n for n in names.symbols if n[-1:] not in summed_over(text)}  # else they are numbered here
        own = numbered(text, layers) | primed(text, names) | kept | ({"d"} if counts_by_d(text) else set())
        indices = row_and_column(text)
        for sentence in formula.sentences:
            goes_on = sentence.goes_on and last_section == formula.section and not formula.aside
            own_factors = factors(sentence.sides, names.functions)
            beside = (*sentence.sides, *(last if goes_on else ()))
            left_out = dropped - own_factors - at_odds(beside, dropped, names.arguments)
            texts = undressed_sides(sentence.sides, left_out)
            sides = tuple(_planned_side(formula, side, text) for side, text in zip(sentence.sides, texts, strict=True))
            yield PlannedStatement(formula, number, sentence, goes_on, sides, own, indices, left_out, own_factors)
            if not formula.aside:
                open_ended = len(sides) > 1 and not sides[-1].latex
                ends = sentence.sides[: -1 if open_ended else None][-1:]
                last = ends if len(sides) > 2 or not (goes_on and open_ended) else last
                last_section = formula.section


def _planned_side(formula: WrittenFormula, side: Side, text: str) -> _PlannedSide:
    latex = " ".join(side.text[side.span.start : side.span.end].split())
    span, refusal = formula.text.span(side.span), None
    word = next((m for m in _WORD.finditer(side.text, *side.span) if not spells_functions(m[0])), None)
    if not latex:
        refusal = Finding("DRV204", span)
    elif word is not None:
        refusal = Finding("DRV208", formula.text.span(Span(*word.span())), {"word": word[0]})
    start, optimum = side.span.start, ""
    while (best := _BEST.match(side.text, start, side.span.end)) and best.end() < side.span.end:
        start, optimum = best.end(), optimum or _BRACES.sub("", best[0].replace(r"\,", ""))
    place = Span(start, side.span.end)
    return _PlannedSide(latex, span, text, place, refusal, optimum)


def _side(side: _PlannedSide, parsed: Iterator[Syntax | Finding], plan: PlannedStatement, names: Names) -> ChainSide:
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


def _unstacked(text: str, plan: PlannedStatement, names: Names) -> Syntax | None:
    """Return the syntax of a side whose matrices leave entries out by dots; None where it has none that can be read."""
    summed = unstacked(text)
    if summed == text:
        return None
    own = plan.names(names)
    found = parse(summed, names=replace(own, symbols=own.symbols | numbered(summed, frozenset()) | numbered_functions(summed)))
    return found if isinstance(found, Syntax) else None


def _signed(text: str, plus: str, minus: str) -> str:
    """Return a text with one choice of its double signs, every place kept."""
    return text.replace(plus, " + ").replace(minus, " - ")


def planned_sides(
    formulas: Sequence[WrittenFormula], names: Names, dropped: frozenset[str]
) -> Iterator[tuple[PlannedStatement, list[ChainSide]]]:
    """Yield the statements of formulas, in order, each with its sides; `dropped` are functions whose arguments are left out."""
    planned = list(_planned(formulas, names, dropped))
    sought = [
        (_signed(s.text, r"\pm", r"\mp"), s.place, plan.letters, plan.indices, plan.factors)
        for plan in planned
        for s in plan.sides
        if s.refusal is None
    ]
    parsed = iter(parse_each(sought, names))
    for plan in planned:
        yield plan, _settled([_side(s, parsed, plan, names) for s in plan.sides])


def _settled(sides: list[ChainSide]) -> list[ChainSide]:
    """Return the sides of a statement with sums over pairs over what the other sides leave open, and with brackets in sums."""
    trees = [side.syntax for side in sides if side.syntax is not None]
    if not any(has(tree, OverIndex, Pairs) for tree in trees):
        return sides
    read = iter(bracketed(settled(trees)))
    return [side if side.syntax is None else replace(side, syntax=next(read)) for side in sides]
