r"""Sums, maxima and minima over an index: `\sum_{i=1}^n x_i`, `\max_i x_i`, `\max(X, Y)`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from mdderive.latex.notation import BRACKETS, INDICES, Order
from mdderive.latex.parser import Parser
from mdderive.latex.syntax import (
    Call,
    Compared,
    Derivative,
    Group,
    Indexed,
    Letter,
    Member,
    Neg,
    Number,
    OverIndex,
    Pairs,
    Power,
    Product,
    Syntax,
    Unit,
    places,
    rewritten,
    walk,
)
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.source import Span

MOST_PARTS = 20
SPACING = re.compile(r"\s+|\\[,;:!](?![A-Za-z])|\\q?quad(?![A-Za-z])")
OTHER_INDICES = "ijklpqrsuvwabc"  # names of indices that are renamed
_RANGE = re.compile(r"(?:1\\leq?(?P<within>[A-Za-z])\\leq?(?P<last>\w+)|(?P<all>[A-Za-z](?:,?[A-Za-z])*)(?:=1)?)")
# Two places in an order: one of them, or both, run through it.
_PAIR = re.compile(
    r"(?:(?P<running>[A-Za-z](?:,?[A-Za-z])?)=1[,;:]|(?P<both>1\\leq?)|\(?[A-Za-z],[A-Za-z]\)?[:|,;])?"
    r"(?P<first>[A-Za-z])(?P<order>\\neq?|<|>|\\[lg]e(?:q(?:slant)?)?)(?P<second>[A-Za-z]|[1-9]\d*)(?:\\leq?(?P<last>\w+))?"
)
# By the first letters of an order what it is, and whether the places are to be exchanged.
ORDERS: Mapping[str, tuple[Order, bool]] = {
    r"\n": (r"\neq", False),
    "<": ("<", False),
    ">": ("<", True),
    r"\l": (r"\leq", False),
    r"\g": (r"\leq", True),
}
# A sum that begins or ends at another index: `\sum_{j=1}^{i-1}`, `\sum_{j=i+1}^n`.
_FROM = re.compile(r"(?P<index>[A-Za-z])=(?:(?P<other>[A-Za-z])(?P<next>\+1)?|(?P<number>[2-9]|[1-9]\d+))")
_UP_TO = re.compile(r"(?P<other>[A-Za-z])(?P<before>-1)?")
# In a block an index, or two, may run over a set that has a letter, or one for every index: `(i, j) \in \Omega`, `i \in C_k`.
_LETTER = r"\\[A-Za-z]+\{[A-Za-z]\}|\\[A-Z][a-z]+|[A-Z]"
_AMONG = re.compile(
    rf"(?:(?P<index>[A-Za-z])|\((?P<first>[A-Za-z]),(?P<second>[A-Za-z])\))\\in(?P<set>{_LETTER})"
    r"(?:_\{?(?P<below>[A-Za-z])\}?|\((?P<of>[A-Za-z])\))?"
)
_BARS = re.compile(r"\\[lr]?vert(?![A-Za-z])")
_LAST = re.compile(r"\w*|[A-Za-z]_\w")
# In notes the last value may be one that nothing else of the chain speaks of, and an index may run over a set.
_OWN_LAST = re.compile(r"(?:[A-Za-z]|\\(?:tau|kappa|nu))(?:_\w|_\{\w+\})?'*(?:[+-]\d)?")
_MEMBERS = "ijklmnstuvxyz"
# A sum that begins elsewhere, of which nothing else in its chain may speak: `\sum_{j=M+1}^D`, `\sum_{i=0}^n`.
_BEGINNING = re.compile(r"(?P<index>[A-Za-z])=(?P<first>0|[A-Za-z](?:_\w|_\{\w+\})?(?:[+-]\d)?)")
_ONE_LESS = re.compile(r"(?P<count>.*[A-Za-z}])-1")
_ENTRY = re.compile(r"_\s*\{?\s*\d")
_IN_A_SET = re.compile(r"(?P<index>[A-Za-z])\\in(?P<set>(?:\\[A-Za-z]+)?\{?[A-Za-z]\}?(?:_\w|_\{\w+\})?)")
# What is numbered may stand for its number: `x_i \in S`, `(x_i, y_i) \in R`.
_NUMBERED = r"(?:[A-Za-z]|\\[A-Za-z]+(?:\{\\?[A-Za-z]+\})?)"
_MEMBERS_OF_A_SET = re.compile(
    rf"\(?{_NUMBERED}_(?P<index>[a-z])(?:,{_NUMBERED}_(?P=index))*\)?\\in(?P<set>(?:\\[A-Za-z]+\{{[A-Za-z]\}}|[A-Za-z])(?:_\w|_\{{\w+\}})?)"
)
_LAST_OF_A_BLOCK = re.compile(r"(?:[1-9]\d*)?|[A-Za-z](?:_\w)?")


How = Literal["sum", "product", "max", "min"]


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


def read_over_index(p: Parser, start: int, how: How) -> Syntax:
    """Read the index, its last value and the summand of a sum (or of an extreme value); the summand is one product."""
    if how == "sum" and (found := _powers(p, start)) is not None:
        return found
    limits = {"_": "", "^": ""}
    while p.token.text in limits and not limits[p.token.text]:
        mark = p.take().text
        limits[mark] = SPACING.sub("", _BARS.sub("|", p.raw()))
    pair = _pair(p, limits) if how == "sum" else None
    if pair is not None:
        return _over_pairs(p, start, *pair)
    among = _AMONG.fullmatch(limits["_"]) if how == "sum" and p.names.strict and not limits["^"] else None
    if among is not None:
        return _over_set(p, start, among)
    members = _MEMBERS_OF_A_SET.fullmatch(limits["_"]) if not p.names.strict else None
    if members is not None:
        limits["_"] = f"{members['index']}\\in{members['set']}"
    within = _IN_A_SET.fullmatch(limits["_"]) if not (p.names.strict or limits["^"]) else None
    elsewhere = _BEGINNING.fullmatch(limits["_"]) if not p.names.strict and limits["^"] else None
    if elsewhere is not None and not (elsewhere["first"] == "0" and _ENTRY.search(p.source)):
        limits = {"_": elsewhere["index"], "^": _counted(elsewhere["first"], limits["^"])}
    if within is not None and within["index"] not in within["set"]:
        limits = {"_": within["index"], "^": f"|{within['set']}|"}
    below = _RANGE.fullmatch(limits["_"])
    if below is None or (limits["^"] and below["last"]):
        raise unread(p, start)
    indices = list((below["within"] or below["all"]).replace(",", ""))
    last = below["last"] or limits["^"]
    if (last and len(indices) > 1 and not below["all"]) or not _may_run(p, indices, last):
        raise unread(p, start)
    return _over(p, start, indices, last, how)


def _powers(p: Parser, start: int) -> OverIndex | None:
    r"""Read `\sum_{r=0}^{k-1} X^r Y X^{k-1-r}` in a block; None, and nothing is taken, where the index is no exponent."""
    here, marks, known = p.at, [p.peek(ahead).text for ahead in range(7)], p.names
    index = marks[2]
    from_zero = marks[:2] + marks[3:] == ["_", "{", "=", "0", "}", "^"] and p.peek(2).kind == "letter"
    if not known.strict or not from_zero or index in p.bound or index in known.symbols:
        return None
    if not re.search(rf"\^\s*(?:\{{[^{{}}]*)?{index}", p.source[p.token.span.end :]):
        return None
    p.go(p.at + 7)
    last = p.brace() if p.token.text == "{" else p.atom()
    p.names = replace(known, symbols=known.symbols | {index})
    factors = p.at
    body = p.product()
    if isinstance(body, Power) and p.token.text == r"\otimes":
        p.go(factors)
        body = p.tensor()
    p.names = known
    if not any(isinstance(node, Power) for node in walk(body)):
        p.go(here)
        return None
    return OverIndex((body, last), p.since(start), "powers", (index,))


def counted_set(text: str, name: str) -> str:
    r"""Return the name of how many members a set has that a sum of a text runs over or up to, `|S|`; empty for what is no set."""
    bare, text = SPACING.sub("", name), SPACING.sub("", _BARS.sub("|", text))
    runs = (f"_{{{i}\\in{bare}}}" for i in _MEMBERS) if bare else ()
    said = any(run in text for run in runs) or any(found["set"] == bare for found in _MEMBERS_OF_A_SET.finditer(text))
    return f"|{bare}|" if bare and (f"^{{|{bare}|}}" in text or said) else ""


def _counted(first: str, last: str) -> str:
    """Return the last value of an index that counts from 1 to as many values as one from the first to the last has."""
    if first != "0":
        return f"{first}..{last}"
    less = _ONE_LESS.fullmatch(last)
    return less["count"] if less else f"{last}+1"


def unread(p: Parser, start: int) -> Refusal:
    """Return the refusal of a form that is not read."""
    return Refusal(Finding("DRV234", p.since(start), {"construct": p.source[start : p.last().end]}))


def _may_run(p: Parser, indices: Sequence[str], last: str) -> bool:
    """Tell whether indices may run up to a last value: they are different letters, which no sum around binds, nor the value."""
    twice = len(set(indices)) < len(indices) or last in indices or (p.names.strict and any(i in p.bound for i in indices))
    return not twice and set(p.bound).isdisjoint(re.findall(r"\\[A-Za-z]+|[A-Za-z]", last)) and _counts(p, last)


def _over(p: Parser, start: int, indices: list[str], last: str, how: How) -> OverIndex:
    """Read the summand of a sum over some indices; one of them that a sum around binds is another one within it."""
    body = _bound(p, indices)
    for k, index in enumerate(indices):
        if index in p.bound:
            indices[k] = next((c for c in OTHER_INDICES if c not in p.source and c not in p.bound), index)
            body = at_index(body, index, indices[k])
    return OverIndex((body,), p.since(start), how, tuple(indices), last)


def _bound(p: Parser, indices: Sequence[str]) -> Syntax:
    p.deeper(p.token.span)
    p.bound += indices
    body = _summand(p)
    del p.bound[len(p.bound) - len(indices) :]
    p.depth -= 1
    return body


def _pair(p: Parser, limits: Mapping[str, str]) -> tuple[Compared, str, str] | None:
    """Return two places in an order, the letters that are said to run, and their last value; None for another sum."""
    span, below, above = p.token.span, limits["_"], limits["^"]
    found = _PAIR.fullmatch(below)
    if found is not None and (not found["both"] if not found["last"] else not above):
        sign, turned = ORDERS[found["order"][:2]]
        first, second = (found["second"], found["first"]) if turned else (found["first"], found["second"])
        running = (found["running"] or "").replace(",", "") or (found["first"] + found["second"] if found["both"] else "")
        return Compared(span, first, sign, second), running, found["last"] or above
    begins, ends = _FROM.fullmatch(below), _UP_TO.fullmatch(above)
    if begins is not None and (begins["number"] or is_index(p, begins["other"])):
        index, other = begins["index"], begins["number"] or begins["other"]
        return Compared(span, other, "<" if begins["next"] else r"\leq", index), index, above
    if ends is not None and ends["other"] in p.bound and re.fullmatch("[A-Za-z]=1", below):
        return Compared(span, below[0], "<" if ends["before"] else r"\leq", ends["other"]), below[0], ""
    return None


def is_index(p: Parser, letter: str) -> bool:
    """Tell whether a letter numbers something and is nothing else."""
    return letter in p.bound or (letter in INDICES | p.names.indices and letter not in p.names.symbols)


def _over_pairs(p: Parser, start: int, pair: Compared, running: str, last: str) -> Syntax:
    """Read the summand of a sum over pairs of places; a letter that a sum around binds is one that does not run."""
    letters = [pair.first, pair.second]
    free = [place for place in letters if place.isalpha() and place not in p.bound]
    indices = list(running) or free
    strange = pair.first == pair.second or not indices or not set(indices) <= set(free)
    if strange or not _may_run(p, indices, last):
        raise unread(p, start)
    body = _bound(p, indices)
    span = p.since(start)
    if not running and len(free) > 1:
        return Pairs((body,), span, pair, last)
    return _weighted(body, span, pair, indices, last)


def _weighted(body: Syntax, span: Span, pair: Compared, indices: Sequence[str], last: str) -> OverIndex:
    """Return the sum over indices of a summand where a pair of places is in its order."""
    product = Product((pair, Group((body,), body.span)), span)
    return OverIndex((product,), span, "sum", tuple(indices), last)


def _over_set(p: Parser, start: int, among: re.Match[str]) -> OverIndex:
    """Read the summand of a sum over the members of a set, which weighs every place with zero or one."""
    indices = [among["index"]] if among["index"] else [among["first"], among["second"]]
    below = among["below"] or among["of"]
    if len(indices) + bool(below) > 2 or below in indices or not _may_run(p, indices, ""):
        raise unread(p, start)
    body = _bound(p, indices)
    span = p.since(start)
    units = tuple(Unit(span, place) for place in (*indices, *([below] if below else [])))
    member = Call(units, span, "binary", among["set"])
    return OverIndex((Product((member, Group((body,), body.span)), span),), span, "sum", tuple(indices))


def settled(sides: Sequence[Syntax]) -> tuple[Syntax, ...]:
    """Return the sides of a statement, in which sums over pairs run over what is free nowhere else in it.

    They run over both letters where the summand numbers with both; with the later letter first, `j \\ne i`, over that one alone.
    What is differentiated is settled by itself: that `x_i` varies does not fix the i of a sum over pairs.
    """
    sides = [rewritten(side, _differentiated) for side in sides]
    free = frozenset[str]().union(*map(free_places, sides))

    def settle(node: Syntax) -> Syntax:
        if not isinstance(node, Pairs):
            return node
        pair = node.pair
        running = [place for place in (pair.first, pair.second) if place not in free]
        both = len(running) == 2
        if both and pair.order == r"\neq" and pair.first > pair.second:
            running, both = [pair.first], False
        if not running or (both and not {*running} <= free_places(node.args[0])):
            return node
        return _weighted(node.args[0], node.span, pair, running, node.last)

    return tuple(rewritten(side, settle) for side in sides)


def _differentiated(node: Syntax) -> Syntax:
    if not isinstance(node, Derivative):
        return node
    body, *letters = node.args
    return replace(node, args=(*settled((body,)), *letters))


def free_places(node: Syntax) -> frozenset[str]:
    """Return the places in a tree that no sum in it binds; a sum over pairs may bind both of its letters."""
    found = frozenset(places(node)).union(*map(free_places, node.args))
    match node:
        case OverIndex(indices=indices):
            return found.difference(indices)
        case Pairs(pair=pair):
            return found - {pair.first, pair.second}
        case Letter(name=name):
            return frozenset(re.findall("[A-Za-z]", name.partition("_")[2]))
    return found


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
    return last == r"\ell" or last.startswith("|") or ".." in last or any(form.fullmatch(last) for form in (_LAST, _OWN_LAST))


def at_index(node: Syntax, index: str, value: str) -> Syntax:
    """Return a summand at one value of its index."""

    def change(n: Syntax) -> Syntax:
        match n:
            case Indexed() | Member():
                return replace(n, places=tuple(value if place == index else place for place in n.places))
            case Compared():
                first, second = (value if place == index else place for place in (n.first, n.second))
                return replace(n, first=first, second=second)
            case Unit(place=place) if place == index:
                return replace(n, place=value)
        return n

    return rewritten(node, change)
