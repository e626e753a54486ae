"""Matrices with nilpotent parts: each part a list of entries, for a product of nilpotents, and what moves entries and parts."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mdderive.verify.field import Numbers


class Value(NamedTuple):
    """A matrix of numbers with its nilpotent parts."""

    rows: int
    cols: int
    parts: dict[int, Numbers]

    @property
    def plain(self) -> Numbers:
        """The entries without nilpotent part."""
        return self.parts[0]

    @property
    def scalar(self) -> bool:
        """Whether it is one number."""
        return self.rows == self.cols == 1

    def mask(self) -> int:
        """Return the union of all nilpotents that occur."""
        union = 0
        for key in self.parts:
            union |= key
        return union

    def mapped(self, rows: int, cols: int, move: Callable[[Numbers], Numbers]) -> "Value":
        """Return the value with `move`, which only rearranges or adds entries, applied to every part."""
        return Value(rows, cols, {key: move(part) for key, part in self.parts.items()})


def split(a: Value, bit: int) -> tuple[Value, Value]:
    """Return `low` and `high` with `a = low + e high`, for the nilpotent of one bit."""
    low = {key: part for key, part in a.parts.items() if not key & bit}
    high = {key ^ bit: part for key, part in a.parts.items() if key & bit}
    high.setdefault(0, [0] * (a.rows * a.cols))
    return Value(a.rows, a.cols, low), Value(a.rows, a.cols, high)


def joined(low: Value, high: Value, bit: int) -> Value:
    """Return `low + e high`."""
    return Value(low.rows, low.cols, low.parts | {key | bit: part for key, part in high.parts.items() if any(part)})


def top_bit(mask: int) -> int:
    """Return the highest bit of a mask."""
    return 1 << (mask.bit_length() - 1)


def transpose(a: Value) -> Value:
    """Return the transpose."""
    if a.rows == 1 or a.cols == 1:
        return Value(a.cols, a.rows, a.parts)
    return a.mapped(a.cols, a.rows, lambda part: [x for j in range(a.cols) for x in part[j :: a.cols]])


def vec(a: Value) -> Value:
    """Return the columns stacked."""
    return Value(a.rows * a.cols, 1, transpose(a).parts)


def block(a: Value, rows: Sequence[int], cols: Sequence[int]) -> Value:
    """Return the entries in the given rows and columns."""
    return a.mapped(len(rows), len(cols), lambda part: [part[i * a.cols + j] for i in rows for j in cols])


def stacked(values: Sequence[Value]) -> Value:
    """Return the values one under the other."""
    keys = {key for value in values for key in value.parts}
    cols = values[0].cols
    parts = {key: [x for v in values for x in v.parts.get(key, [0] * (v.rows * cols))] for key in keys}
    return Value(sum(v.rows for v in values), cols, parts)


def assembled(rows: int, cols: int, entries: Sequence[Value]) -> Value:
    """Return the matrix of these scalars, row by row."""
    keys = {key for entry in entries for key in entry.parts}
    return Value(rows, cols, {key: [entry.parts.get(key, [0])[0] for entry in entries] for key in keys})
