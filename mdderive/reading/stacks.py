r"""Matrices and lists whose entries are written out with dots, read as the sums that they are.

`\begin{bmatrix} a_1 \\ \vdots \\ a_n \end{bmatrix}` is $\sum_i e_i a_i$, and a matrix with dots both ways is
$\sum_i \sum_j a_{ij} e_i e_j^T$: so the shown entries must follow one pattern, and nothing is guessed where they do not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mdderive.latex.ellipses import DOTS, unused_indices

_OPENED = re.compile(r"(?P<bracket>(?:\\left\s*)?[\[(]\s*)?\\begin\{(?P<name>[bp]?matrix|array)\}(?:\s*\{[lcr| ]*\})?")
_LIST = re.compile(r"\[(?P<inner>[^\[\]&]*)\]")
_ROWS = re.compile(r"\\\\(?:\s*\[[^\]]*\])?")
_SPACES = re.compile(r"\\[,;:!]|\s+")
_APART = re.compile(r",|\\q?quad(?![A-Za-z])|(?:\\[,;:]\s*)+")
_SLOTS = re.compile(r"_\s*(?:\{\s*(?P<first>[A-Za-z0-9])\s*(?P<comma>,?)\s*(?P<second>[A-Za-z0-9])?\s*\}|(?P<only>[A-Za-z0-9]))")


@dataclass(frozen=True, slots=True)
class _Cell:
    """An entry: its text between the letters of its subscripts, and these."""

    between: tuple[str, ...]
    slots: tuple[str, ...]

    def filled(self, values: Sequence[str]) -> str:
        """Return the entry with other subscripts."""
        return "".join(text + value for text, value in zip(self.between, (*values, ""), strict=True))


def unstacked(text: str) -> str:
    """Return a side with its dotted matrices and lists as sums over indices; the same text where none follows a pattern."""
    free = unused_indices(text)
    if len(free) < 2:
        return text
    at = 0
    while found := _OPENED.search(text, at):
        at = found.end()
        last = rf"\end{{{found['name']}}}"
        stop = text.find(last, at)
        if stop < 0 or r"\begin" in text[at:stop] or not DOTS.search(text, at, stop):
            continue
        start, end = found.start(), stop + len(last)
        if found["bracket"] and found["name"] == "matrix":
            behind = re.compile(r"\s*(?:\\right)?\s*[\])]").match(text, end)
            if behind is None:
                continue
            end = behind.end()
        elif found["bracket"]:
            start += len(found["bracket"])
        rows = [row.split("&") for row in _ROWS.split(text[at:stop]) if row.strip()]
        new = _summed(rows, free)
        if new:
            text = text[:start] + new + text[end:]
            at = start + len(new)
    return _LIST.sub(lambda found: _summed([_APART.split(found["inner"])], free) or found[0], text)


def _summed(rows: list[list[str]], free: Sequence[str]) -> str:
    """Return the sum that a stack of entries is; an empty text where it is none."""
    shown = [[cell.strip().removesuffix(",") for cell in row if cell.strip(" ,\n")] for row in rows]
    if all(len(row) == 1 for row in shown):
        line = _line([row[0] for row in shown])
        return rf"\left(\sum_{{{free[0]}=1}}^{{{line[1]}}} e_{free[0]} ({line[0].replace('@', free[0])})\right)" if line else ""
    if len(shown) == 1:
        line = _line(shown[0])
        return rf"\left(\sum_{{{free[0]}=1}}^{{{line[1]}}} ({line[0].replace('@', free[0])}) e_{free[0]}^T\right)" if line else ""
    return _table(shown, free)


def _line(cells: Sequence[str]) -> tuple[str, str] | None:
    """Return what the entries of a line have in common, `@` for their number, and the number of the last."""
    dotted = [i for i, cell in enumerate(cells) if DOTS.fullmatch(cell)]
    if len(dotted) != 1 or dotted[0] == 0 or dotted[0] != len(cells) - 2:
        return None
    first, last = [_cell(cell) for cell in cells[: dotted[0]]], _cell(cells[-1])
    found = _varying(first, last)
    if found is None:
        return None
    places, size = found
    return last.filled(["@" if i in places else value for i, value in enumerate(last.slots)]), size


def _table(rows: list[list[str]], free: Sequence[str]) -> str:
    """Return the sum that a matrix with dots both ways is."""
    kept = [row for row in rows if not all(DOTS.fullmatch(cell) for cell in row)]
    dotted = [i for i, row in enumerate(rows) if all(DOTS.fullmatch(cell) for cell in row)]
    if len(dotted) != 1 or dotted[0] != len(rows) - 2 or len(kept) < 2 or len({len(row) for row in kept}) != 1:
        return ""
    across = [i for i, cell in enumerate(kept[0]) if DOTS.fullmatch(cell)]
    if len(across) != 1 or across[0] == 0 or across[0] != len(kept[0]) - 2:
        return ""
    if any(bool(DOTS.fullmatch(cell)) != (i == across[0]) for row in kept for i, cell in enumerate(row)):
        return ""
    cells = [[_cell(cell) for i, cell in enumerate(row) if i != across[0]] for row in kept]
    along = _varying(cells[0][:-1], cells[0][-1])
    down = _varying([row[0] for row in cells[:-1]], cells[-1][0])
    if along is None or down is None or along[0] & down[0]:
        return ""
    corner = cells[-1][-1]
    for a, row in enumerate(cells, 1):
        for b, cell in enumerate(row, 1):
            number = {down[0]: down[1] if a == len(cells) else str(a), along[0]: along[1] if b == len(row) else str(b)}
            wanted = [next((n for at, n in number.items() if i in at), value) for i, value in enumerate(corner.slots)]
            if cell.between != corner.between or list(cell.slots) != wanted:
                return ""
    i, j = free[0], free[1]
    entry = corner.filled([i if n in down[0] else j if n in along[0] else value for n, value in enumerate(corner.slots)])
    return rf"\left(\sum_{{{i}=1}}^{{{down[1]}}} \sum_{{{j}=1}}^{{{along[1]}}} ({entry}) e_{i} e_{j}^T\right)"


def _varying(first: Sequence[_Cell], last: _Cell) -> tuple[frozenset[int], str] | None:
    """Return the subscripts that number the entries of a line, and the number of its last."""
    if any(cell.between != last.between for cell in first):
        return None
    for size in dict.fromkeys(value for value in last.slots if value.isalpha()):
        places = frozenset(i for i, value in enumerate(last.slots) if value == size)
        numbered = [[str(n) if i in places else value for i, value in enumerate(last.slots)] for n in range(1, len(first) + 1)]
        if numbered == [list(cell.slots) for cell in first]:
            return places, size
    return None


def _cell(text: str) -> _Cell:
    between, slots, at = [""], [], 0
    for found in _SLOTS.finditer(text):
        between[-1] += _SPACES.sub(" ", text[at : found.start()]) + "_{"
        values = [value for value in (found["first"], found["second"], found["only"]) if value]
        slots += values
        between += ["," if len(values) == 2 and i == 0 else "}" for i in range(len(values))]
        at = found.end()
    between[-1] += _SPACES.sub(" ", text[at:]).rstrip()
    return _Cell(tuple(between), tuple(slots))
