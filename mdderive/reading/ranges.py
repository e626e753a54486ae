r"""How far an index goes by what a note says beside its sums: "for $i = 1, \dots, N$" is the range of a bare `\sum_i`."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from mdderive.document.blocks import Section
from mdderive.latex.stand_ins import Columns
from mdderive.latex.syntax import OverIndex, Syntax, has, rewritten, walk

_RANGE = re.compile(
    r"(?<![A-Za-z_\\])(?P<index>[a-z])\s*(?:=|\\in\s*\\\{)\s*1\s*,(?:\s*2\s*,)?\s*(?:\\[lc]?dots[a-z]?|\.{3}|…)\s*,\s*(?P<last>[A-Za-z])(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Range:
    """The last value of an index, in which section and where that is said."""

    index: str
    last: str
    section: Section
    at: int


def ranges(text: str, section: Section, at: int) -> Iterator[Range]:
    """Yield the ranges that a formula says."""
    yield from (Range(found["index"], found["last"], section, at) for found in _RANGE.finditer(text))


def in_force(said: Iterable[Range], index: str, section: Section, at: int) -> str:
    """Return the last value of an index at a place; an empty text where nothing says it."""
    found = [r.last for r in said if r.index == index and r.section == section[: len(r.section)] and r.at <= at]
    return found[-1] if found else ""


def with_ranges(side: Syntax, last: Callable[[str], str]) -> Syntax:
    """Return a side in which a sum over samples whose range is not written has the one that is said."""

    def change(node: Syntax) -> Syntax:
        match node:
            case OverIndex(how="sum", indices=(index,), last="") if has(node, Columns) and (said := last(index)):
                return replace(node, last=said)
        return node

    return rewritten(side, change)


def unbounded(side: Syntax) -> bool:
    """Tell whether a side sums over samples of which nothing says how many there are."""
    return any(isinstance(n, OverIndex) and n.how == "sum" and not n.last and has(n, Columns) for n in walk(side))
