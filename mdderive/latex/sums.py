r"""Sums, maxima and minima over an index: `\sum_{i=1}^n x_i`, `\max_i x_i`, `\max(X, Y)`."""

import re
from dataclasses import replace
from typing import Literal

from mdderive.latex.notation import BRACKETS
from mdderive.latex.parser import Parser
from mdderive.latex.syntax import Call, Group, Indexed, Neg, Number, OverIndex, Sum, Syntax, Unit, rewritten, walk
from mdderive.model.diagnostics import Finding, Refusal

MOST_PARTS = 20
_OTHERS = "ijklpqrsuvwabc"  # names of indices that are renamed
_RANGE = re.compile(r"(?:1\\leq?(?P<within>[A-Za-z])\\leq?(?P<last>\w+)|(?P<all>[A-Za-z](?:,?[A-Za-z])*)(?:=1)?)")
# In notes a sum may leave out one value of its index: `j \neq i`.
_BUT_ONE = re.compile(r"(?P<index>[A-Za-z])(?:=1,(?P=index))?\\neq?(?P<other>[A-Za-z0-9])")
_LAST = re.compile(r"\w*|[A-Za-z]_\w")
# In notes the last value may be one that nothing else of the chain speaks of, and an index may run over a set.
_OWN_LAST = re.compile(r"[A-Za-z](?:_\w|_\{\w\})?'*(?:[+-]\d)?")
_IN_A_SET = re.compile(r"(?P<index>[A-Za-z])\\in(?P<set>(?:\\[A-Za-z]+)?\{?[A-Za-z]\}?(?:_\w|_\{\w+\})?)")
_LAST_OF_A_BLOCK = re.compile(r"(?:[1-9]\d*)?|[A-Za-z](?:_\w)?")


def read_extreme(p: Parser, op: Literal["max", "min"], start: int) -> Syntax:
    """Read `\\max(X, Y)`; of 0 and X it is the rectifier."""
    opened = p.token
    if opened.text == "_":
        return read_over_index(p, start, op)
    if opened.text not in BRACKETS:
        raise Refusal(Finding("DRV231", p.since(start), {"construct": p.source[start : p.last().end]}))
    p.take()
    parts = p.listed(opened, BRACKETS[opened.text], MOST_PARTS)
    others = [a for a in parts if not (isinstance(a, Number) and a.digits == "0")]
    if op == "max" and len(parts) == 2 and len(others) == 1:
        return Call((others[0],), p.since(start), "fn", "relu")
    return Call(parts, p.since(start), op)


def read_over_index(p: Parser, start: int, how: Literal["sum", "max", "min"]) -> Syntax:
    """Read the index, its last value and the summand of a sum (or of an extreme value); the summand is one product."""
    limits = {"_": "", "^": ""}
    while p.token.text in limits and not limits[p.token.text]:
        mark = p.take().text
        limits[mark] = p.raw().replace(" ", "")
    within = _IN_A_SET.fullmatch(limits["_"]) if not (p.names.strict or limits["^"]) else None
    if within is not None and within["index"] not in within["set"]:
        limits = {"_": within["index"], "^": f"|{within['set']}|"}
    but = _BUT_ONE.fullmatch(limits["_"]) if how == "sum" and not p.names.strict else None
    below = _RANGE.fullmatch(but["index"] if but else limits["_"])
    if below is None or (limits["^"] and below["last"]):
        raise Refusal(Finding("DRV234", p.since(start), {"construct": p.source[start : p.last().end]}))
    indices = list((below["within"] or below["all"]).replace(",", ""))
    last = below["last"] or limits["^"]
    twice = len(set(indices)) < len(indices) or last in indices or (p.names.strict and any(i in p.bound for i in indices))
    twice |= not set(p.bound).isdisjoint(re.findall(r"\\[A-Za-z]+|[A-Za-z]", last))
    if twice or not _counts(p, last) or (last and len(indices) > 1 and not below["all"]):
        raise Refusal(Finding("DRV234", p.since(start), {"construct": p.source[start : p.last().end]}))
    p.deeper(p.token.span)
    p.bound += indices
    body = _summand(p)
    del p.bound[-len(indices) :]
    p.depth -= 1
    for k, index in enumerate(indices):
        if index in p.bound:  # within a sum over the same letter, this is another one
            indices[k] = next((c for c in _OTHERS if c not in p.source and c not in p.bound), index)
            body = _at(body, index, indices[k])
    whole = OverIndex((body,), p.since(start), how, tuple(indices), last)
    if but is None:
        return whole
    either = (
        but["other"].isalpha() and but["index"] <= but["other"] and but["other"] not in p.bound
    )  # `i \ne j`: over i, over j, or over both
    if either or _binds(body, but["other"]):
        raise Refusal(Finding("DRV234", whole.span, {"construct": p.written(whole)}))
    left_out = Neg((_at(body, but["index"], but["other"]),), whole.span)
    return Group((Sum((whole, left_out), whole.span),), whole.span)


def _summand(p: Parser) -> Syntax:
    """Read the product that is summed; in notes a sign may stand before it."""
    start = p.token.span.start
    if p.names.strict or p.token.text not in ("+", "-"):
        return p.product()
    sign = p.take().text
    body = p.product()
    return body if sign == "+" else Neg((body,), p.since(start))


def _counts(p: Parser, last: str) -> bool:
    """Tell whether a text may be the last value of an index: a number or a size, in notes also a product or an opaque one."""
    if p.names.strict:
        return _LAST_OF_A_BLOCK.fullmatch(last) is not None
    return last == r"\ell" or last.startswith("|") or any(form.fullmatch(last) for form in (_LAST, _OWN_LAST))


def _binds(node: Syntax, index: str) -> bool:
    """Tell whether a sum within a tree runs over an index."""
    return any(isinstance(n, OverIndex) and index in n.indices for n in walk(node))


def _at(node: Syntax, index: str, value: str) -> Syntax:
    """Return a summand at one value of its index."""

    def change(n: Syntax) -> Syntax:
        match n:
            case Indexed():
                return replace(n, places=tuple(value if place == index else place for place in n.places))
            case Unit(place=place) if place == index:
                return replace(n, place=value)
        return n

    return rewritten(node, change)
