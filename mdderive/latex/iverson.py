r"""Conditions on indices as numbers: `[i < j]`, `\mathbf{1}[i = j]`, `\mathbb{1}_{\{i \neq j\}}`, `\delta_{ij}`."""

from mdderive.latex.notation import Order
from mdderive.latex.parser import Parser
from mdderive.latex.sums import ORDERS, is_index
from mdderive.latex.syntax import Compared, Syntax
from mdderive.latex.tokens import Token

_OPENED = {"[": "]", r"\{": r"\}", "(": ")"}


def read_condition(p: Parser, closer: str, start: int) -> Syntax | None:
    """Read an order of two places up to what closes it; None, and nothing is taken, where something else stands."""
    first, sign, second, closed = (p.peek(ahead) for ahead in range(4))
    order, turned = _order(sign)
    if not order or closed.text != closer or not (_numbers(p, first) and _numbers(p, second)):
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
        found = read_condition(p, _OPENED[p.take().text], start)
        if found is not None and braced:
            found = found if p.take().text == "}" else None
    elif braced:
        found = read_condition(p, "}", start)
    if found is None:
        p.go(here)
    return found


def _order(sign: Token) -> tuple[Order | None, bool]:
    return ("=", False) if sign.text == "=" else ORDERS.get(sign.text[:2], (None, False))


def _numbers(p: Parser, token: Token) -> bool:
    """Tell whether a token is a place: a number, or a letter that numbers something and is nothing else."""
    if token.kind == "number":
        return token.text.isdigit() and token.text != "0"
    return token.kind == "letter" and is_index(p, token.text)
