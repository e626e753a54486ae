r"""Conditions on indices as numbers: `[i < j]`, `\mathbf{1}[i = j]`, `\mathbb{1}_{\{i \neq j\}}`, `\delta_{ij}`."""

from mdderive.latex.notation import Order
from mdderive.latex.parser import Parser
from mdderive.latex.sums import ORDERS, is_index
from mdderive.latex.syntax import Call, Compared, Syntax, Unit
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Finding, Refusal

_OPENED = {"[": "]", r"\{": r"\}", "(": ")"}


def read_condition(p: Parser, closer: str, start: int) -> Syntax | None:
    """Read an order of two places up to what closes it; None, and nothing is taken, where something else stands."""
    first, sign, second, closed = (p.peek(ahead) for ahead in range(4))
    order, turned = _order(sign)
    if not order or closed.text != closer or not (_numbers(p, first) and _numbers(p, second)):
        return None
    if first.kind == "letter" and not is_index(p, first.text) and (order == "=" or not is_index(p, second.text)):
        return None
    p.go(p.at + 4)
    ends = (second.text, first.text) if turned else (first.text, second.text)
    return Compared(p.since(start), ends[0], order, ends[1])


def read_indicator(p: Parser, start: int) -> Syntax | None:
    r"""Read the condition behind a `\mathbf{1}`, in brackets or below it; None, and nothing is taken, where none stands there."""
    here, below = p.at, p.token.text == "_"
    if below:
        p.take()
    braced = below and p.token.text == "{"
    if braced:
        p.take()
    found: Syntax | None = None
    if p.token.text in _OPENED and (not below or braced):
        closer = _OPENED[p.take().text]
        found = read_condition(p, closer, start) or _read_label(p, closer, start)
        if found is not None and braced:
            found = found if p.take().text == "}" else None
    elif braced:
        found = read_condition(p, "}", start) or _read_label(p, "}", start)
    if found is None:
        p.go(here)
    return found


def _read_label(p: Parser, closer: str, start: int) -> Syntax | None:
    """Read `y_i = k` or `y = k`, by which a label is one of many, up to what closes it; None where something else stands."""
    ahead = 1
    letter, places = p.token.text, []
    if p.peek(1).text == "_":
        braced = p.peek(2).text == "{"
        places = [p.peek(2 + braced)]
        ahead = 3 + 2 * braced
    places.append(p.peek(ahead + 1))
    labelled = [p.peek(ahead).text, p.peek(ahead + 2).text] == ["=", closer] and p.token.kind == "letter"
    if not labelled or not all(_numbers(p, place) for place in places):
        return None
    p.go(p.at + ahead + 3)
    span = p.since(start)
    if letter in p.names.families:
        raise Refusal(Finding("DRV253", span, {"index": letter}))
    return Call(tuple(Unit(span, place.text) for place in places), span, "one-hot", letter)


def _order(sign: Token) -> tuple[Order | None, bool]:
    return ("=", False) if sign.text == "=" else ORDERS.get(sign.text[:2], (None, False))


def _numbers(p: Parser, token: Token) -> bool:
    """Tell whether a token is a place: a number, or a letter that numbers something and is nothing else as far as is known."""
    if token.kind == "number":
        return token.text.isdigit() and token.text != "0"
    named = p.names.strict and token.text not in p.names.symbols | p.names.functions | p.names.families.keys()
    return token.kind == "letter" and (is_index(p, token.text) or named)
