r"""What stands behind the name in a declaration as the grammar has it: `m x n`, `R^{m x n}`, `scalar`."""

import re
from dataclasses import dataclass

from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, plus, size
from mdderive.model.source import Span

SIZE = r"(?:\d+|(?:[A-Za-z]|\\[A-Za-z]+)(?:_(?:\w|\{\w+\}))?)"
_SUM = rf"(?:\(\s*{SIZE}(?:\s*\+\s*{SIZE})+\s*\)|{SIZE}(?:\s*\+\s*{SIZE})*)"
_REALS = (
    r"(?:\\mathbb\s*(?:\{(?P<of>[RC])\}|(?P<over>[RC]))|\\R(?![A-Za-z])|ℝ|R(?=\s*(?:\^|$)))\s*"
    r"(?:\^\s*(?:\{(?P<shape>[^{}]*)\}|\((?P<round>[^()]*)\)|(?P<one>\w))|[⁰¹²³⁴⁵⁶⁷⁸⁹ⁿᵈʰᵏᵐᵖʳˣ]+)?\s*"
)
_IN = r"(?:\\in(?![A-Za-z])|∈|(?<![\w\\])in(?=\s))\s*"
_MEMBER = re.compile(_IN + _REALS)
_SET = re.compile(_REALS)
_SHAPE = re.compile(rf"(?P<rows>{_SUM})(?:\s*(?:x|\\times(?![A-Za-z])|×)\s*(?P<cols>{_SUM}))?")


@dataclass(frozen=True, slots=True)
class SaidShape:
    """A shape, and the properties that are said with it."""

    shape: Shape
    properties: frozenset[str] = frozenset()


def member(text: str, part: Span) -> re.Match[str] | None:
    r"""Return the `\in \mathbb{R}^{…}` that ends a part."""
    found = _MEMBER.search(text, *part)
    return found if found and found.end() == part.end else None


def grammatical(words: str) -> SaidShape | None:
    """Return the shape that some words give in the form of the grammar, None where they have another."""
    found = _MEMBER.fullmatch(words) or _SET.fullmatch(words)
    if found:
        words = (found["shape"] or found["round"] or found["one"] or "scalar").strip()
    sizes = _SHAPE.fullmatch(words)
    whole = SCALAR if words == "scalar" else sized(sizes) if sizes else None
    over_complex = found is not None and "C" in (found["of"], found["over"])
    return None if whole is None else SaidShape(whole, frozenset({"complex"} if over_complex else ()))


def sized(found: re.Match[str]) -> Shape | None:
    """Return the shape of one or two sizes that were found; None where one of them is zero."""
    sides = [side for side in found.groups() if side]
    if not sides or any(side.isdigit() and not int(side) for side in sides):
        return None
    dims = [dim(side) for side in sides]
    return Shape(dims[0], dims[1] if len(dims) > 1 else ONE)


def dim(side: str) -> Dim:
    """Return a size as it is written."""
    return plus(*(size(int(word) if word.isdigit() else word) for word in re.split(r"\s*\+\s*", side.strip("() "))))
