r"""What is given by cases: `\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}`, away from where two cases meet."""

from mdderive.latex.parser import Parser
from mdderive.latex.syntax import Branch, Syntax
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Finding, Refusal

_RISING = frozenset({"<", r"\lt", r"\le", r"\leq", r"\leqslant"})
_FALLING = frozenset({">", r"\gt", r"\ge", r"\geq", r"\geqslant"})


class Larger(Branch):
    """Two sides of a condition, the larger first."""


class Conditioned(Branch):
    """What something is under all the conditions behind it; with none, where no other piece is."""


class Pieces(Branch):
    """The pieces of what is given by cases."""


def read_pieces(p: Parser, opened: Token) -> Syntax:
    """Read the rows of an environment of cases; words alone in place of a condition mean all others."""
    p.deeper(opened.span)
    pieces = [_piece(p)]
    while p.token.text == r"\\":
        p.take()
        if p.token.kind != "end":
            pieces.append(_piece(p))
    if p.token.kind == "stop":
        raise Refusal(Finding("DRV202", opened.span, {"opened": rf"\begin{{{opened.text}}}"}))
    if p.token.kind != "end":
        p.refuse()
    closed = p.take()
    if closed.text != opened.text:
        raise Refusal(Finding("DRV211", closed.span, {"opened": opened.text, "found": closed.text}))
    p.depth -= 1
    others = [piece for piece in pieces if len(piece.args) == 1]
    if len(pieces) < 2 or others not in ([], pieces[-1:]):
        raise Refusal(Finding("DRV210", opened.span, {"environment": opened.text}))
    return Pieces(tuple(pieces), p.since(opened.span.start))


def _piece(p: Parser) -> Conditioned:
    start = p.token.span.start
    parts: list[Syntax] = [p.sum()]
    while p.token.text in (",", "&"):
        p.take()
    _pass_words(p)
    if p.token.text != r"\\" and p.token.kind != "end":
        left = p.sum()
        while p.token.text in _RISING | _FALLING or len(parts) == 1:
            sign = p.take()
            if sign.text not in _RISING | _FALLING:
                raise Refusal(Finding("DRV203", sign.span, {"found": sign.text}))
            right = p.sum()
            larger = (right, left) if sign.text in _RISING else (left, right)
            parts.append(Larger(larger, left.span.join(right.span)))
            left = right
    _pass_words(p)
    while p.token.text in (",", ".", ";"):
        p.take()
    return Conditioned(tuple(parts), p.since(start))


def _pass_words(p: Parser) -> None:
    """Pass the words before or in place of a condition: `\\text{if}`, `\\text{otherwise}`."""
    while p.token.text in (r"\text", r"\mathrm", r"\textrm", r"\mbox", r"\textnormal"):
        p.take()
        p.raw()
