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
from mdderive.model.source import Span
from mdderive.model.traced import Traced
from mdderive.reading.lexicon import LANGUAGES, any_of, pattern

Layout = Literal["numerator", "denominator"]
LAYOUTS: tuple[Layout, ...] = ("numerator", "denominator")

_CLAUSE = re.compile(r"[^.;!?,。；！？，、：:\n]+(?:\n(?![ \t>]*\n)[^.;!?,。；！？，、：:\n]+)*")
_IS = r"[^.;!?。；！？\n]{0,80}?"
NEAR = 300


@dataclass(frozen=True, slots=True)
class Statement:
    """A layout that words state, in which section and where; `adopted` where the note says that it writes so.

    It is `named`, or told by what a gradient is, which leaves open what the derivative of a vector is.
    """

    layout: Layout
    section: Section
    at: int
    end: int
    adopted: bool
    named: bool = True


@dataclass(frozen=True, slots=True)
class _Patterns:
    """A layout that is named, or told by what a gradient is; what in front of it, or behind it, denies it."""

    layouts: re.Pattern[str]
    denied: re.Pattern[str]
    denied_behind: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    def some(*meanings: str) -> str:
        return any_of(LANGUAGES, *meanings)

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)

    gradient, shape, variable = some("gradient"), some("takes-shape"), some("variable")
    alike = rf"(?:\s+{shape}\s+{variable}|{some('and')}{variable}.?{some('shape')}{some('same')})"
    row, column = rf"{gradient}{_IS}{some('row', 'as-row')}", rf"{gradient}(?:{_IS}{some('column')}|{alike})"
    return _Patterns(
        compiled(f"(?P<numerator>{some('numerator')}|{row})|(?P<denominator>{some('denominator')}|{column})"),
        compiled(f"{some('unadopted')}.{{0,40}}$"),
        compiled(rf"\s*{some('unadopted-behind')}|{_IS}{some('disowned')}"),
    )


def stated(words: Traced, section: Section) -> Iterator[Statement]:
    """Yield the layouts that the words of a section state."""
    known = _patterns()
    for clause in _CLAUSE.finditer(words.text):
        plain = pattern("by-vector").sub(lambda found: " " * len(found[0]), clause[0])
        found = list(known.layouts.finditer(plain))
        named = {layout for m in found for layout in LAYOUTS if m[layout]}
        denied = found and (
            known.denied.search(plain[: found[0].start()])
            or known.denied_behind.match(words.text, clause.start() + found[-1].end())
        )
        if len(named) == 1 and not denied:
            told = pattern("gradient").match(found[0][0]) is not None
            adopted = bool(pattern("adopt").search(plain)) or told
            place = words.span(Span(clause.start() + found[0].start(), clause.start() + found[0].end()))
            yield Statement(named.pop(), section, place.start, place.end, adopted, not told)


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
