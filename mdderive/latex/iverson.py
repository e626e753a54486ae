r"""Conditions on indices as numbers: `[i < j]`, `\mathbf{1}[i = j]`, `\mathbb{1}_{\{i \neq j\}}`, `\delta_{ij}`."""

from mdderive.latex.notation import Order
from mdderive.latex.parser import Parser
from mdderive.latex.sums import ORDERS, is_index
from mdderive.latex.syntax import Call, Compared, Group, Neg, Number, Sum, Syntax, Unit
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Finding, Refusal

_OPENED = {"[": "]", r"\{": r"\}", "(": ")"}
_DEEPER = {**_OPENED, "{": "}"}


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
        found = _read_inside(p, closer, start)
        if found is not None and braced:
            found = found if p.take().text == "}" else None
    elif braced:
        found = _read_inside(p, "}", start)
    if found is None:
        p.go(here)
    return found


def _read_inside(p: Parser, closer: str, start: int) -> Syntax | None:
    return read_condition(p, closer, start) or _read_label(p, closer, start) or _read_inequality(p, closer, start)


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


def _read_inequality(p: Parser, closer: str, start: int) -> Syntax | None:
    r"""Read `y_i w^T x_i < 1` up to what closes it as a step of the difference, which has no value where both are equal."""
    depth, ahead = 0, 0
    while (token := p.peek(ahead)).kind != "stop" and (depth or token.text != closer) and not (not depth and _order(token)[0]):
        depth += (token.text in _DEEPER) - (token.text in _DEEPER.values())
        ahead += 1
    order, turned = _order(p.peek(ahead))
    if not p.names.strict or order not in ("<", r"\leq") or not ahead:
        return None
    left = p.sum()
    p.take()
    right = p.sum()
    p.expect(closer)
    larger, less = (left, right) if turned else (right, left)
    if isinstance(less, Number) and less.digits == "0":
        return Call((larger,), p.since(start), "fn", "step")
    negative = Neg((Group((less,), less.span),), less.span)
    zero = isinstance(larger, Number) and larger.digits == "0"
    return Call((negative if zero else Sum((larger, negative), p.since(start)),), p.since(start), "fn", "step")


def _order(sign: Token) -> tuple[Order | None, bool]:
    return ("=", False) if sign.text == "=" else ORDERS.get(sign.text[:2], (None, False))


def _numbers(p: Parser, token: Token) -> bool:
    """Tell whether a token is a place: a number, or a letter that numbers something and is nothing else as far as is known."""
    if token.kind == "number":
        return token.text.isdigit() and token.text != "0"
    named = p.names.strict and token.text not in p.names.symbols | p.names.functions | p.names.families.keys()
    return token.kind == "letter" and (is_index(p, token.text) or named)
