"""LaTeX to a shape-free syntax tree, by precedence climbing.

Loosest to tightest: relation, sum, Hadamard and Kronecker products, juxtaposition, `d` and function words, scripts. Whatever
needs shapes or declarations is left to elaboration. Nothing is skipped: a token that fits nowhere is a diagnostic at its place.
"""

import re

from mdderive.latex.atoms import read_atom, read_factor
from mdderive.latex.declared import NO_NAMES, Names
from mdderive.latex.grammar import read_quotient
from mdderive.latex.notation import COMPARISONS, MATRICES, RELATIONS, TENSORS
from mdderive.latex.parser import MAX_NESTING, Groups, Parser, Readers
from mdderive.latex.syntax import Ask, Chain, Syntax
from mdderive.latex.tokens import Token, tokens
from mdderive.model.diagnostics import Diagnostic, Label, Refusal
from mdderive.model.source import Span

ENVIRONMENTS = frozenset(
    {"aligned", "align", "align*", "split", "gathered", "gather", "gather*", "equation", "equation*", "alignedat"}
)

MAX_HEIGHT = 4 * MAX_NESTING  # of a tree: a level of brackets is a group, a product, a power and a sum
QUADS = frozenset({r"\quad", r"\qquad"})
MARKS = QUADS | {"&"}
SEPARATORS = MARKS | {",", ";", ".", "，", "；", "。", r"\\"}
_HIDDEN = re.compile(r"\\(?:tag|label)\*?\s*\{(?P<inside>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
_SAYS_EQUAL = re.compile(r"=|\\(?:equiv|approx|n?eq?|leq?|geq?|iff|implies|(?:Left)?[Rr]ightarrow)(?![A-Za-z])")
_RELATING = RELATIONS | COMPARISONS
_OPERATORS = frozenset({"+", "-", r"\cdot", r"\times", "/", *TENSORS})
_JOINTS = _RELATING | _OPERATORS
_OPENING, _CLOSING = frozenset({"(", "[", "{", r"\{"}), frozenset({")", "]", "}", r"\}"})


def parse(
    text: str, start: int = 0, end: int | None = None, names: Names = NO_NAMES, groups: Groups | None = None
) -> Syntax | Diagnostic:
    """Return the syntax of one expression standing alone in `text[start:end]`; `groups` collects what stands in brackets."""
    try:
        stream = tuple(t for t in tokens(text, start, end) if t.text not in QUADS)
        reader = Parser(stream, names, text, _READERS, groups)
        found = read_quotient(reader)
        _finish(reader)
        for chain in reader.annotations:  # an expression stands alone: nobody would judge what is said of it
            raise Refusal(Diagnostic("DRV241", chain.sides[0].span.join(chain.sides[-1].span)))
    except Refusal as refusal:
        return refusal.diagnostic
    except RecursionError:
        return _too_deep(Span(start, len(text) if end is None else end))
    return found if _height(found) <= MAX_HEIGHT else _too_deep(found.span)


def parse_statement(text: str, start: int = 0, end: int | None = None, names: Names = NO_NAMES) -> tuple[Chain, ...] | Diagnostic:
    """Return the chains of relations in `text[start:end]`: one, or one for each new left side of an aligned environment.

    Behind them stand the equations that annotations under and over braces state.
    """
    try:
        if names.strict:
            _refuse_hidden(text, start, len(text) if end is None else end)
        reader = Parser(joined(_unwrapped(tokens(text, start, end))), names, text, _READERS)
        chains = (*_rows(reader), *reader.annotations)
        _finish(reader)
    except Refusal as refusal:
        return refusal.diagnostic
    except RecursionError:
        return _too_deep(Span(start, len(text) if end is None else end))
    deep = next((side for chain in chains for side in chain.sides if _height(side) > MAX_HEIGHT), None)
    return chains if deep is None else _too_deep(deep.span)


def _height(tree: Syntax) -> int:
    """Return how many nodes stand below each other, without going down much further than the bound."""
    height, level = 0, [tree]
    while level and height <= MAX_HEIGHT:
        height += 1
        level = [below for node in level for below in node.args]
    return height


def _too_deep(span: Span) -> Diagnostic:
    return Diagnostic("DRV215", span, {"bound": f"{MAX_NESTING} levels of nesting"})


def _finish(p: Parser) -> None:
    """Accept closing punctuation, then the end."""
    if p.peek().text in (".", ",", ";", "，", "。", "；"):
        p.take()
    if p.peek().kind != "stop":
        p.refuse()


def _rows(p: Parser) -> tuple[Chain, ...]:
    """Return the chains of a statement, through alignment environments."""
    if p.peek().kind != "begin" or p.peek().text in MATRICES:
        chains = tuple(_chains(p))
        if not chains:
            p.refuse()
        return chains
    opened = p.take()
    if opened.text not in ENVIRONMENTS:
        raise Refusal(Diagnostic("DRV210", opened.span, {"environment": opened.text}))
    chains = _rows(p)
    closed = p.take()
    if closed.kind != "end" or closed.text != opened.text:
        label = Label(opened.span, {"en": "opened here", "zh": "在此打开"})
        raise Refusal(Diagnostic("DRV211", closed.span, {"opened": opened.text, "found": closed.text or "end"}, (label,)))
    return chains


def _chains(p: Parser) -> list[Chain]:
    """Read statements up to the end of the text or of the environment; a mark or the end of a row stands between them."""
    chains: list[Chain] = []
    while p.peek().kind not in ("stop", "end"):
        if p.peek().text in SEPARATORS:
            p.take()
            continue
        if chains and _last_text(p) not in SEPARATORS:
            break
        sides, relations = [_side(p)], []
        while (relation := _relation(p)) is not None:
            _take_relation(p, relation)
            relations.append(relation)
            sides.append(_side(p))
        chains.append(Chain(tuple(sides), tuple(relations)))
    return chains


def _annotation(p: Parser, annotated: Syntax) -> None:
    """Read an annotation: the equation it states, of what is annotated where it begins with a relation; a mere label goes."""
    if not _relates(p):
        p.raw()
        return
    opened = p.take()
    p.deeper(opened.span)
    sides, relations = [annotated if _relation(p) else _side(p)], []
    while (relation := _relation(p)) is not None:
        _take_relation(p, relation)
        relations.append(relation)
        sides.append(_side(p))
    p.expect("}")
    p.depth -= 1
    p.annotations.append(Chain(tuple(sides), tuple(relations), beside=True))


def _relates(p: Parser) -> bool:
    """Tell whether the group that comes next states a relation."""
    depth, ahead = 0, 0
    while p.peek().text == "{":
        token = p.peek(ahead)
        depth += (token.text == "{") - (token.text == "}")
        if not depth or token.kind == "stop":
            return False
        if token.text in _RELATING and token.text != ":":
            return True
        ahead += 1
    return False


def _last_text(p: Parser) -> str:
    """Return the text of the token taken last."""
    return p.stream[max(p.at - 1, 0)].text


def _side(p: Parser) -> Syntax:
    if p.peek().text == "?":
        token = p.take()
        return Ask(token.span)
    return read_quotient(p)


def _relation(p: Parser) -> str | None:
    token = p.peek()
    if token.text == ":" and p.peek(1).text == "=":
        return ":="
    return token.text if token.text in RELATIONS or token.text in COMPARISONS else None


def _take_relation(p: Parser, relation: str) -> None:
    p.take()
    if relation == ":=":
        p.take()


def _refuse_hidden(text: str, start: int, end: int) -> None:
    """Refuse a tag or a label that states an equation, which would be printed, or kept, without being judged."""
    for found in _HIDDEN.finditer(text, start, end):
        if _SAYS_EQUAL.search(found["inside"]):
            raise Refusal(Diagnostic("DRV241", Span(*found.span())))


def _unwrapped(stream: tuple[Token, ...]) -> tuple[Token, ...]:
    r"""Return the tokens of a statement without the braces that `\boxed` leaves around the whole of it."""
    ends = [i for i, token in enumerate(stream) if token.kind != "stop" and token.text not in SEPARATORS]
    if not ends or stream[ends[0]].text != "{" or stream[ends[-1]].text != "}":
        return stream
    inside = stream[ends[0] + 1 : ends[-1]]
    depth, related = 0, False
    for token in inside:
        depth += (token.text == "{") - (token.text == "}")
        related = related or (depth == 0 and token.text in _RELATING)
        if depth < 0:
            return stream
    bare = (*inside, *stream[ends[-1] + 1 :])
    found = _unwrapped(bare)
    return found if related or found is not bare else stream


def joined(stream: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return the tokens without the alignment marks and wide spaces beside operators and without ends of continued rows.

    A row continues the one above where it begins with a relation, or with an operator behind a mark, or where the row above
    ends in one; any other row begins a statement.
    """
    out: list[Token] = []
    depth = inside = 0
    for i, token in enumerate(stream):
        inside += (token.kind == "begin" and token.text in MATRICES) - (token.kind == "end" and token.text in MATRICES)
        if inside and token.text not in QUADS:
            out.append(token)
            continue
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if token.text in MARKS and (depth > 0 or not out or out[-1].text in SEPARATORS or _beside_joint(out, stream[i + 1 :])):
            continue
        if token.text == r"\\" and ((out and out[-1].text in _JOINTS) or _goes_on(stream[i + 1 :])):
            continue
        out.append(token)
    return tuple(out)


def _beside_joint(before: list[Token], after: tuple[Token, ...]) -> bool:
    """Tell whether wide spacing stands next to an operator or a relation, where it separates nothing."""
    first = next((t.text for t in after if t.text not in MARKS), "")
    return first in _JOINTS or (bool(before) and before[-1].text in _JOINTS)


def _goes_on(after: tuple[Token, ...]) -> bool:
    marked = after[0].text == "&"
    first = next((t.text for t in after if t.text != r"\," and t.text not in MARKS), "")
    return first in _RELATING or (first in _OPERATORS and (marked or first not in ("+", "-")))


_READERS = Readers(read_factor, read_atom, _annotation)
