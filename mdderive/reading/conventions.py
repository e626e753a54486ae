"""Which layout of derivatives the words of a note state, and where: "we use numerator layout", 梯度采用分母布局.

A note that states one layout means it everywhere; one that states both means each in its own section, from there on. What is
denied or only compared states nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from mdderive.document.blocks import Section
from mdderive.model.shapes import ONE, SCALAR, Shape
from mdderive.model.source import Span
from mdderive.model.traced import Traced
from mdderive.reading.lexicon import LANGUAGES, any_of, pattern

Layout = Literal["numerator", "denominator"]
By = Literal["", "vector", "matrix"]

_CLAUSE = re.compile(r"[^.;!?,。；！？，、：:\n]+(?:\n(?![ \t>]*\n)[^.;!?,。；！？，、：:\n]+)*")
_IS = r"[^.;!?。；！？\n]{0,80}?"
NEAR = 300


@dataclass(frozen=True, slots=True)
class Statement:
    """A layout that words state, in which section and where; `adopted` where the note says that it writes so.

    It is `named`, or told by what a gradient is, which leaves open what the derivative of a vector is. It may speak of what is
    differentiated `by` vectors alone, or by matrices.
    """

    layout: Layout
    section: Section
    at: int
    end: int
    adopted: bool
    named: bool = True
    by: By = ""

    def speaks_of(self, of: Shape, by: Shape) -> bool:
        """Tell whether it says how the derivative of one shape by another is laid out."""
        told = self.named or of == SCALAR
        return told and (not self.by or (by != SCALAR and (self.by == "vector") == (ONE in by)))


def _some(*meanings: str) -> str:
    return any_of(LANGUAGES, *meanings)


@cache
def _layouts() -> re.Pattern[str]:
    """Return a pattern for layouts that are named, or told by what a gradient is."""
    alike = rf"\s+{_some('takes-shape')}\s+{_some('variable')}|{_some('and')}{_some('variable')}.?{_some('shape')}{_some('same')}"
    told = rf"{_some('gradient')}(?:{_IS}(?:(?P<row>{_some('row')}|{_some('as-row')}(?=\W*$))|{_some('column')})|{alike})"
    return re.compile(f"(?P<numerator>{_some('numerator')})|{_some('denominator')}|{told}", re.IGNORECASE)


@cache
def _denied() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns for what denies a layout in front of it and behind it."""
    before, behind = f"{_some('unadopted')}.{{0,40}}$", rf"\s*{_some('unadopted-behind')}|{_IS}{_some('disowned')}"
    return re.compile(before, re.IGNORECASE), re.compile(behind, re.IGNORECASE)


def stated(words: Traced, section: Section) -> Iterator[Statement]:
    """Yield the layouts that the words of a section state."""
    for clause in _CLAUSE.finditer(words.text):
        plain = pattern("by-vector", "by-matrix").sub(lambda found: " " * len(found[0]), clause[0])
        found = list(_layouts().finditer(plain))
        named: set[Layout] = {"numerator" if m["numerator"] or m["row"] else "denominator" for m in found}
        if len(named) == 1 and not _is_denied(words.text, clause.start(), plain, found):
            told = pattern("gradient").match(found[0][0]) is not None
            adopted = bool(pattern("adopt").search(plain)) or told
            place = words.span(Span(clause.start() + found[0].start(), clause.start() + found[0].end()))
            yield Statement(named.pop(), section, place.start, place.end, adopted, not told, _by(clause[0], found))


def _by(clause: str, found: Sequence[re.Match[str]]) -> By:
    """Return by what a clause differentiates that states a layout, or that says whether a gradient is a row or a column."""
    if any(pattern("row", "as-row", "column").search(m[0]) for m in found):
        return "vector" if pattern("gradient").match(found[0][0]) else ""
    vectors, matrices = (pattern(f"by-{kind}").search(clause) is not None for kind in ("vector", "matrix"))
    return "" if vectors == matrices else "vector" if vectors else "matrix"


def _is_denied(text: str, at: int, clause: str, found: Sequence[re.Match[str]]) -> bool:
    """Tell whether the layouts that are found in a clause, which begins at a place of a text, are denied or only compared."""
    before, behind = _denied()
    return bool(before.search(clause[: found[0].start()]) or behind.match(text, at + found[-1].end()))


def in_force(statements: Sequence[Statement], section: Section, at: int) -> Statement | None:
    """Return what states the layout for a place; None where nothing does.

    What stands just before the place counts most, then what the note adopts, then what its section speaks of.
    """
    own = [s for s in statements if s.section == section and s.at < at]
    near = [s for s in own if s.at >= at - NEAR]
    adopted = [s for s in statements if s.adopted]
    around = [s for s in adopted if s.section == section[: len(s.section)] and s.at < at]
    if not near and len({s.layout for s in adopted}) == 1:
        return adopted[0]
    found = near or around or own
    return found[-1] if found else None
