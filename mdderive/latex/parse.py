"""LaTeX to a shape-free syntax tree, by precedence climbing.

Loosest to tightest: relation, sum, Hadamard and Kronecker products, juxtaposition, `d` and function words, scripts. Whatever
needs shapes or declarations is left to elaboration. Nothing is skipped: a token that fits nowhere is a diagnostic at its place.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from mdderive.latex.letters import NO_NAMES, Names
from mdderive.latex.normalise import cleaned
from mdderive.latex.operands import read_atom, read_call, read_factor
from mdderive.latex.parser import MAX_NESTING, Groups, Parser, Readers
from mdderive.latex.relations import STRICT, Side, sentences
from mdderive.latex.sums import settled
from mdderive.latex.syntax import Ask, Relations, Syntax, with_args
from mdderive.latex.tokens import Stream, Token, part_of, stream_of, tokens
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.source import Span
from mdderive.model.traced import Traced, traced

MAX_HEIGHT = 4 * MAX_NESTING  # of a tree: a level of brackets is a group, a product, a power and a sum
_HIDDEN = re.compile(r"\\(?:tag|label|ref|eqref|cite|index)\*?\s*\{(?P<inside>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
_SAYS_EQUAL = re.compile(r"=|\\(?:equiv|approx|n?eq?|leq?|geq?|iff|implies|(?:Left)?[Rr]ightarrow)(?![A-Za-z])")
Sought = tuple[str, Span, frozenset[str], frozenset[str], frozenset[str]]


def parse_each(sought: Iterable[Sought], names: Names) -> list[Syntax | Finding]:
    """Return the syntax of expressions in texts; each has letters and indices of its own, and functions that are factors."""
    return [
        _parsed(text, place, names.beside(letters, indices, factors), partial(part_of, text, place))
        for text, place, letters, indices, factors in sought
    ]


def parse(
    text: str, start: int = 0, end: int | None = None, names: Names = NO_NAMES, groups: Groups | None = None
) -> Syntax | Finding:
    """Return the syntax of one expression standing alone in `text[start:end]`; `groups` collects what stands in brackets."""
    place = Span(start, len(text) if end is None else end)
    return _parsed(text, place, names, partial(stream_of, text, start, end, groups is not None), groups)


def _parsed(text: str, place: Span, names: Names, read: Callable[[], Stream], groups: Groups | None = None) -> Syntax | Finding:
    try:
        reader = Parser(read(), names, text, _READERS, groups)
        found = reader.quotient()
        _finish(reader)
    except Refusal as refusal:
        return refusal.diagnostic
    except RecursionError:
        return _too_deep(place)
    return found if _height(found) <= MAX_HEIGHT else _too_deep(found.span)


def parse_statement(
    text: str, start: int = 0, end: int | None = None, names: Names = NO_NAMES
) -> tuple[Relations, ...] | Finding:
    """Return the chains of relations in `text[start:end]`: one, or one for each new left side of an aligned environment.

    Behind them stand the equations that annotations under and over braces state.
    """
    end = len(text) if end is None else end
    try:
        if names.strict:
            _refuse_hidden(text, start, end)
        _refuse_open(text, start, end)
        body, notes = cleaned(traced(text, start, end), STRICT)
        chains = _chains(body, names)
        beside = [replace(chain, beside=True) for note in notes for chain in _chains(note, names)]
    except Refusal as refusal:
        return refusal.diagnostic
    return (*chains, *beside)


def _chains(written: Traced, names: Names) -> list[Relations]:
    """Return the chains of a formula, with places in the file; an implication joins those at its sides."""
    split = sentences(written.text, STRICT)
    if isinstance(split, Finding):
        raise Refusal(split.moved(written.excerpt()))
    chains: list[Relations] = []
    for sentence in split:
        sides = tuple(_side(written, side, names) for side in sentence.sides)
        chain = Relations(settled(sides), sentence.relations)
        if sentence.implied and chains:
            last = chains.pop()
            chain = Relations((*last.sides, *chain.sides), (*last.relations, sentence.implied, *chain.relations))
        chains.append(chain)
    if not chains:
        raise Refusal(Finding("DRV204", written.span(Span(0, len(written.text)))))
    return chains


def _side(written: Traced, side: Side, names: Names) -> Syntax:
    """Return the syntax of a side with places in the file."""
    if side.text[side.span.start : side.span.end].strip() == "?":
        return Ask(written.span(side.span))
    found = parse(side.text, side.span.start, side.span.end, names)
    if isinstance(found, Finding):
        raise Refusal(found.moved(written.excerpt()))
    return _placed(found, written)


def _placed(node: Syntax, written: Traced) -> Syntax:
    args = tuple(_placed(arg, written) for arg in node.args)
    return replace(with_args(node, args) if args else node, span=written.span(node.span))


def _height(tree: Syntax) -> int:
    """Return how many nodes stand below each other, without going down much further than the bound."""
    height, level = 0, [tree]
    while level and height <= MAX_HEIGHT:
        height += 1
        level = [below for node in level for below in node.args]
    return height


def _too_deep(span: Span) -> Finding:
    return Finding("DRV215", span, {"bound": f"{MAX_NESTING} levels of nesting"})


def _finish(p: Parser) -> None:
    """Accept closing punctuation, then the end."""
    if p.token.text in (".", ",", ";", "，", "。", "；"):
        p.take()
    if p.token.kind != "stop":
        p.refuse()


def _refuse_open(text: str, start: int, end: int) -> None:
    """Refuse a brace that is never closed before anything is taken out of the text."""
    waiting: list[Token] = []
    for token in tokens(text, start, end):
        if token.text == "{":
            waiting.append(token)
        elif token.text == "}" and waiting:
            waiting.pop()
    if waiting:
        raise Refusal(Finding("DRV202", waiting[-1].span, {"opened": "{"}))


def _refuse_hidden(text: str, start: int, end: int) -> None:
    """Refuse a tag or a label that states an equation, which would be printed, or kept, without being judged."""
    for found in _HIDDEN.finditer(text, start, end):
        if _SAYS_EQUAL.search(found["inside"]):
            raise Refusal(Finding("DRV241", Span(*found.span())))


_READERS = Readers(read_factor, read_atom, read_call)
