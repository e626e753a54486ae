r"""Sums, maxima and minima over an index: `\sum_{i=1}^n x_i`, `\max_i x_i`, `\max(X, Y)`."""

import re
from dataclasses import replace
from typing import Literal

from mdderive.latex.fractions import Fractions
from mdderive.latex.notation import BRACKETS
from mdderive.latex.syntax import Call, Group, Indexed, Neg, Number, OverIndex, Sum, Syntax, Unit, rewritten, walk
from mdderive.model.diagnostics import Diagnostic, Refusal

MOST_PARTS = 20
_RANGE = re.compile(r"(?:1\\leq?(?P<within>[A-Za-z])\\leq?(?P<last>\w+)|(?P<all>[A-Za-z](?:,?[A-Za-z])*)(?:=1)?)")
# In notes a sum may leave out one value of its index: `j \neq i`.
_BUT_ONE = re.compile(r"(?P<index>[A-Za-z])(?:=1,(?P=index))?\\neq?(?P<other>[A-Za-z0-9])")
_LAST = re.compile(r"\w*|[A-Za-z]_\w")
_LAST_OF_A_BLOCK = re.compile(r"(?:[1-9]\d*)?|[A-Za-z](?:_\w)?")


class Sums(Fractions):
    """Reads what runs over an index."""

    def _extreme(self, op: Literal["max", "min"], start: int) -> Syntax:
        """Read `\\max(X, Y)`; of 0 and X it is the rectifier."""
        opened = self.peek()
        if opened.text == "_":
            return self._over_index(start, op)
        if opened.text not in BRACKETS:
            raise Refusal(Diagnostic("DRV231", self.since(start), {"construct": self.source[start : self.last().end]}))
        self.next()
        parts = self.listed(opened, BRACKETS[opened.text], MOST_PARTS)
        others = [p for p in parts if not (isinstance(p, Number) and p.digits == "0")]
        if op == "max" and len(parts) == 2 and len(others) == 1:
            return Call((others[0],), self.since(start), "fn", "relu")
        return Call(parts, self.since(start), op)

    def _over_index(self, start: int, how: Literal["sum", "max", "min"]) -> Syntax:
        """Read the index, its last value and the summand of a sum (or of an extreme value); the summand is one product."""
        limits = {"_": "", "^": ""}
        while self.peek().text in limits and not limits[self.peek().text]:
            mark = self.next().text
            limits[mark] = self.raw().replace(" ", "")
        but = _BUT_ONE.fullmatch(limits["_"]) if how == "sum" and not self.names.strict else None
        below = _RANGE.fullmatch(but["index"] if but else limits["_"])
        if below is None or (limits["^"] and below["last"]):
            raise Refusal(Diagnostic("DRV234", self.since(start), {"construct": self.source[start : self.last().end]}))
        indices = list((below["within"] or below["all"]).replace(",", ""))
        last = below["last"] or limits["^"]
        twice = len(set(indices)) < len(indices) or last in indices or any(i in self.bound for i in (*indices, last))
        if twice or not self._counts(last) or (last and len(indices) > 1 and not below["all"]):
            raise Refusal(Diagnostic("DRV234", self.since(start), {"construct": self.source[start : self.last().end]}))
        self.deeper(self.peek().span)
        self.bound += indices
        body = self._summand()
        del self.bound[-len(indices) :]
        self.depth -= 1
        whole = OverIndex((body,), self.since(start), how, tuple(indices), last)
        if but is None:
            return whole
        if _binds(body, but["other"]) or but["index"] == but["other"]:
            raise Refusal(Diagnostic("DRV234", whole.span, {"construct": self._text(whole)}))
        left_out = Neg((_at(body, but["index"], but["other"]),), whole.span)
        return Group((Sum((whole, left_out), whole.span),), whole.span)

    def _summand(self) -> Syntax:
        """Read the product that is summed; in notes a sign may stand before it."""
        start = self.peek().span.start
        if self.names.strict or self.peek().text not in ("+", "-"):
            return self.product()
        sign = self.next().text
        body = self.product()
        return body if sign == "+" else Neg((body,), self.since(start))

    def _counts(self, last: str) -> bool:
        """Tell whether a text may be the last value of an index: a number or a size, in notes also a product of sizes."""
        if self.names.strict:
            return _LAST_OF_A_BLOCK.fullmatch(last) is not None
        return _LAST.fullmatch(last) is not None or (last == r"\ell" and not self.names.strict)


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
