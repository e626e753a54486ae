r"""Sizes that stand below letters, `A_{m \times n}`, `W^T_{3 \times 2}`: they tell a shape and are no index."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from mdderive.latex.notation import GREEK
from mdderive.model.traced import Part, Sought, Traced

_SIZE = r"(?:\d+|(?:[A-Za-z]|\\ell)(?:_(?:\w|\{\w+\}))?)"
_STYLED = r"\\(?:mathbf|boldsymbol|bm|mathrm|mathcal|hat|tilde|bar|vec)\s*\{\s*\\?[A-Za-z]+\s*\}"
_TURNED = r"\^\s*(?:\{\s*)?-?(?:1|T|\\top|\\intercal|\\mathsf\s*\{?\s*T\s*\}?)(?![A-Za-z])(?:\s*\})?"
_MARK = Sought(
    rf"(?P<of>(?P<name>{_STYLED}|\\[A-Za-z]+|[A-Za-z])(?P<turned>\s*{_TURNED})?)"
    rf"\s*_\s*\{{\s*(?P<rows>{_SIZE})\s*\\times\s*(?P<cols>{_SIZE})\s*\}}",
    r"\times",
)
_OWN = frozenset({"I", "K"})  # whose sizes make them what they are
_FONT = re.compile(r"\\\w+\s*\{\s*|\s*\}")
_WRITTEN_OUT = re.compile(r"\s*=\s*(?:\\left\s*)?[\[(]?\s*\\begin")
_IN_A_WORD = re.compile(r"\\[A-Za-z]*$|[a-z]{2}$|\\in\s*$")


@dataclass(frozen=True, slots=True)
class SizeMark:
    """A letter as it is written, and the sizes below it; as an `example` its entries are written out behind them."""

    name: str
    rows: str
    cols: str
    example: bool = False


def size_marks(text: Traced) -> tuple[SizeMark, ...]:
    """Return the letters of a formula that have sizes below them."""
    return tuple(_of(found) for found in _MARK.finditer(text.text) if not _reserved(found))


def several(formulas: Iterable[tuple[SizeMark, ...]]) -> frozenset[str]:
    """Return the letters that are another one with every size.

    Two sizes stand in one formula, or take turns; or one is written out, an example of what is of any size elsewhere.
    """
    order: Mapping[str, list[tuple[str, str]]] = defaultdict(list)
    found = set()
    for marks in formulas:
        own = {(mark.name, mark.rows, mark.cols) for mark in marks}
        names = [name for name, _, _ in own]
        found |= {mark.name for mark in marks if mark.example or names.count(mark.name) > 1}
        for mark in marks:
            order[mark.name].append((mark.rows, mark.cols))
    runs = {name: [size for size, _ in groupby(sizes)] for name, sizes in order.items()}
    return frozenset(found | {name for name, sizes in runs.items() if len(sizes) > len({*sizes})})


def without_sizes(text: Traced, kept: frozenset[str]) -> Traced:
    """Return a formula without the sizes below its letters, except those of some letters."""

    def parts(found: re.Match[str]) -> Iterable[Part] | None:
        left = _reserved(found) or _of(found).name in kept
        return None if left else (found.span("of"), " ")

    return text.replaced(_MARK, parts)


def _of(found: re.Match[str]) -> SizeMark:
    """Return what sizes below a letter say of it; below a transpose, or an inverse, they are those of that."""
    rows, cols = found.group("cols", "rows") if found["turned"] else found.group("rows", "cols")
    return SizeMark("".join(found["name"].split()), rows, cols, _WRITTEN_OUT.match(found.string, found.end()) is not None)


def _reserved(found: re.Match[str]) -> bool:
    """Tell whether sizes belong to a sign of its own, as those of I do, to a function or to the name of a space."""
    letter = _FONT.sub("", found["name"])
    letters = len(letter) == 1 or letter in GREEK
    return not letters or letter in _OWN or _IN_A_WORD.search(found.string[: found.start()]) is not None
