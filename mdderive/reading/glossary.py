r"""Tables and lists of symbols: `| $X$ | the data | $n \times d$ |`, `- $w$ — weights, $d$`, "Notation: $S$ ($d \times d$)".

A row begins with letters, and says of them what they are: a shape, a kind, properties. The words are rows of the lexicon.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mdderive.model.properties import SAID
from mdderive.model.shapes import Shape
from mdderive.model.source import Span
from mdderive.model.traced import Traced
from mdderive.reading.lexicon import any_of
from mdderive.reading.membership import Clue, bare_names, kind_of, shape_of_text
from mdderive.reading.phrases import Lexicon, tokens
from mdderive.reading.prose import HOLE, clues

_LIST = rf"{HOLE}(?:\s*[,，、]\s*{HOLE}){{0,5}}"
_CELLS = re.compile(rf"^[ \t>]*\|?[ \t]*(?P<names>{_LIST})[ \t]*\|(?P<says>[^\n]*)$", re.MULTILINE)
_ITEM = re.compile(
    rf"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+(?:\*\*)?(?P<names>{_LIST})(?:\*\*)?[ \t]*(?:—|–|-{{1,3}}|:|：)(?P<says>[^\n]*)$",
    re.MULTILINE,
)
_BRACKETS = re.compile(rf"(?P<names>{_LIST})[ \t]*[(（](?P<says>[^()（）\n]*)[)）]")
_LAST = re.compile(rf"(?:^|[,，、;；])\s*{HOLE}\s*[.。]?\s*$")
_HOLES = re.compile(HOLE)


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """What a row says of a letter; `everywhere` where it stands in a table or under a title that says so."""

    clue: Clue
    everywhere: bool


@lru_cache
def _titles(spoken: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what titles a list of symbols, and what heads the column of their shapes."""
    notation, shape = (re.compile(any_of(spoken, meaning), re.IGNORECASE) for meaning in ("notation", "shape"))
    return notation, shape


def glossary_entries(words: str, formulas: Sequence[Traced], before: str, known: Lexicon) -> Iterator[GlossaryEntry]:
    """Yield what the rows of a paragraph say; `words` has marks in place of its formulas, `before` stands above in its section.

    A letter of which two rows say different things is one of several that are compared.
    """
    notation, shape = _titles(known.languages)
    titled = notation.search(before + words) is not None
    headed = next((i for i, cell in enumerate(_cells(words.lstrip().partition("\n")[0])) if shape.search(cell)), 0)
    found: list[GlossaryEntry] = []
    for pattern in (*([_CELLS] if titled or headed else []), _ITEM, *([_BRACKETS] if titled else [])):
        for row in pattern.finditer(words):
            cells = _cells(row["says"])
            column = cells[headed - 1] if headed and pattern is _CELLS and headed <= len(cells) else ""
            single = _HOLES.fullmatch(column) or (_LAST.search(row["says"]) if pattern is _ITEM else None)
            said = _said(", ".join(filter(None, cells)), formulas, known, single)
            if said is None:
                continue
            for formula in (formulas[int(hole)] for hole in _HOLES.findall(row["names"])):
                clue = replace(said, span=formula.span(Span(0, len(formula.text))))
                found += (
                    GlossaryEntry(replace(clue, name=name), titled or pattern is _CELLS) for name in bare_names(formula.text)
                )
    once = Counter(entry.clue.name for entry in found)
    yield from (entry for entry in found if once[entry.clue.name] == 1)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _said(says: str, formulas: Sequence[Traced], known: Lexicon, single: re.Match[str] | None) -> Clue | None:
    """Return what some words say of a letter, still without its name; None where that is nothing."""
    meanings = {token.meaning for token in tokens(says, known)}
    if meanings & {"not", "without", "if", "suppose"}:
        return None
    marked = f"\ue000{len(formulas)}\ue001: {says}"
    own = next(clues(marked, [*formulas, Traced("x", (0,))], Span(0, 0), known.languages), None)
    shapes = (shape_of_text(formulas[int(hole)].text) for hole in _HOLES.findall(says))
    shape: Shape | None = next((s for s in shapes if s is not None), None)
    if shape is None and single is not None:
        shape = shape_of_text(formulas[int(_HOLES.findall(single[0])[-1])].text, single=True)
    kind = kind_of(shape) or (own.kind if own is not None and own.name == "x" else "")
    properties = frozenset(meanings & {*SAID} - {"commute"})
    return Clue("", Span(0, 0), kind, shape, properties) if kind or shape is not None or properties else None
