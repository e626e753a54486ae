r"""Equations between entries that hold for equal indices alone, or for different ones, as the text says: "for $i \neq j$".

Times `1 - \delta_{ij}`, both sides are equal everywhere exactly where they are equal for different indices; times `\delta_{ij}`,
for equal ones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mdderive.latex.syntax import Derivative, Group, Identity, Indexed, Neg, Number, Product, Sum, Syntax, walk
from mdderive.reading.summation import bound, indices

REACH = 400  # characters before an equation in which its case may be said
BEHIND = 60


@dataclass(frozen=True, slots=True)
class IndexCase:
    """Two indices that are equal or not, and the sides of an equation where they are so."""

    one: str
    other: str
    equal: bool
    sides: tuple[Syntax, Syntax]

    def __str__(self) -> str:
        return f"{self.one} {'=' if self.equal else '≠'} {self.other}"

    def said(self, before: str, behind: str) -> bool:
        """Tell whether the last case that the text before an equation speaks of is this, or the first right behind it."""
        sign = r"(?P<sign>=|\\neq?(?![A-Za-z])|\\not\s*=|≠|!=)"
        pair = rf"{self.one}\s*{sign}\s*{self.other}|{self.other}\s*{sign.replace('sign', 'turned')}\s*{self.one}"
        for text, last in ((behind[:BEHIND], 0), (before[-REACH:], -1)):
            found = list(re.finditer(rf"(?<![A-Za-z\\])(?:{pair})(?![A-Za-z])", text))
            if found:
                return ((found[last]["sign"] or found[last]["turned"]) == "=") == self.equal
        return False


def cases(left: Syntax, right: Syntax) -> Iterator[IndexCase]:
    """Yield the cases of an equation about the derivative of a numbered letter by another, whose two indices are free."""
    free = sorted(indices(left, right) - bound(left, right))
    if len(free) != 2 or not any(
        isinstance(n, Indexed) and isinstance(n.args[0], Derivative) for s in (left, right) for n in walk(s)
    ):
        return
    one, other = free
    for equal in (False, True):
        yield IndexCase(one, other, equal, (_at(left, one, other, equal), _at(right, one, other, equal)))


def _at(side: Syntax, one: str, other: str, equal: bool) -> Syntax:
    span = side.span
    delta = Indexed((Identity(span),), span, (one, other))
    rest = Sum((Number(span, "1"), Neg((delta,), span)), span)
    return Product((Group((delta if equal else rest,), span), Group((side,), span)), span)
