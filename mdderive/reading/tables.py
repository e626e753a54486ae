r"""Matrices written out entry by entry: what a table of names defines, and derivatives by such a matrix as tables of their own.

`Z = \begin{bmatrix} z_{1,1} & z_{1,2} \end{bmatrix}` names the entries of Z; the derivative of L by Z is then the table of the
derivatives of L by its entries, in the form of Z or of its transpose, or in one column where matrices are read row by row.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from mdderive.latex.syntax import (
    Derivative,
    Group,
    Indexed,
    Letter,
    Matrix,
    OverIndex,
    Product,
    Syntax,
    Transpose,
    Unit,
    has,
    rewritten,
    walk,
)
from mdderive.reading.shown_by_form import letters, merged

Tables = Mapping[str, Matrix]
Rows = list[list[Syntax]]


def table_of_names(side: Syntax) -> Matrix | None:
    """Return a side that is a matrix whose entries are names, no two the same, without brackets: it says what its entries are."""
    side = _inner(side)
    if not isinstance(side, Matrix):
        return None
    names = [entry_name(entry) for entry in side.args]
    return side if all(names) and len(set(names)) == len(names) else None


def entry_name(entry: Syntax) -> str:
    """Return the name that an entry is: a letter, or a numbered letter; an empty text where it is none."""
    match entry:
        case Letter(name=name):
            return name
        case Indexed((Letter(name=name),), places=places):
            return f"{name}_{','.join(places)}"
    return ""


def rows(sides: Iterable[Syntax | None]) -> Iterator[str]:
    r"""Yield the letters whose entries a chain writes beside each other: `\begin{bmatrix} x_1 & \cdots & x_n \end{bmatrix}`."""
    for pair in pairwise(sides):
        match pair:
            case Letter(name=name), Matrix(args=entries, rows=1) if len(entries) > 1:
                yield from {name} if all(entry_name(e).partition("_")[0] == merged(name) for e in entries) else ()
            case Letter(name=name), Group((OverIndex((Product((entries, Transpose((Unit(),)))),)),)):
                yield from {name} if merged(name) in letters(entries) else ()


def entrywise(left: Syntax | None, right: Syntax) -> list[tuple[str, Syntax]]:
    """Return what a table of letters is said to be, letter by letter; nothing where an equation is not of that form."""
    table, values = table_of_names(left) if left is not None else None, _inner(right)
    if table is None or not isinstance(values, Matrix) or has(table, Indexed):
        return []
    if (table.rows, len(table.args)) != (values.rows, len(values.args)) or {*letters(table)} & {*letters(values)}:
        return []
    return [(entry_name(name), value) for name, value in zip(table.args, values.args, strict=True)]


def lays_out(left: Syntax, right: Syntax) -> bool:
    """Tell whether a derivative is said to be the orderly table of the derivatives of all entries by all entries."""
    table = _inner(right)
    if not isinstance(left, Derivative) or not isinstance(table, Matrix) or len(table.args) < 2:
        return False
    pairs = [[_pair(e) for e in row] for row in _rows(table)]
    found = [pair for row in pairs for pair in row if pair is not None]
    if len(found) != len(table.args) or len(set(found)) != len(found):
        return False
    of, by = {o for o, _ in found}, {v for _, v in found}
    if len(of) * len(by) != len(found) or not all(_parts(left.args[i], names) for i, names in ((0, of), (1, by))):
        return False
    lines, columns = [[p for p in row if p] for row in pairs], [[p for p in col if p] for col in zip(*pairs, strict=True)]
    if len(of) == 1 or len(by) == 1:
        at = 0 if len(by) == 1 else 1
        return any(_ascending([p[at] for line in some for p in line]) for some in (lines, columns))
    return any(
        all(len({p[a] for p in line}) == 1 and _ascending([p[1 - a] for p in line]) for line in lines)
        and all(len({p[1 - a] for p in column}) == 1 and _ascending([p[a] for p in column]) for column in columns)
        for a in (0, 1)
    )


def _inner(side: Syntax) -> Syntax:
    return _inner(side.args[0]) if isinstance(side, Group) else side


def _rows(table: Matrix) -> Rows:
    width = _width(table)
    return [list(table.args[i : i + width]) for i in range(0, len(table.args), width)]


def _pair(entry: Syntax) -> tuple[str, str] | None:
    """Return the two names of the derivative of one by the other."""
    match node := _inner(entry):
        case Derivative((first, second)):
            of, by = entry_name(_inner(first)), entry_name(_inner(second))
        case Indexed((Derivative((first, second)),)):  # by a numbered letter
            of, by = entry_name(_inner(first)), entry_name(replace(node, args=(second,)))
        case _:
            return None
    return (of, by) if of and by else None


def _parts(whole: Syntax, names: set[str]) -> bool:
    """Tell whether names are those of the entries of a letter, or of that letter alone."""
    whole = _inner(whole)
    if not isinstance(whole, Letter):
        return False
    return names == {whole.name} or all(_core(n) == _core(whole.name) and re.search(r"_.*\d", n) for n in names)


def _core(name: str) -> str:
    return re.sub(r"\\\w+|[{}]", "", name.partition("_")[0]).lower() or name.partition("_")[0].lower()


def _ascending(names: Sequence[str]) -> bool:
    numbers = [tuple(map(int, re.findall(r"\d+", name.partition("_")[2]))) for name in names]
    return all(a < b for a, b in pairwise(numbers))


def tabled(sides: Sequence[Syntax | None], tables: Tables) -> Iterator[Callable[[Sequence[Syntax | None]], list[Syntax | None]]]:
    """Yield the ways to write derivatives of and by tabled letters as tables: like the letter, its transpose, in one column."""
    present = [s for s in sides if s is not None]
    nodes = [n for s in present for n in walk(s) if isinstance(n, Derivative)]
    if not any(isinstance(a, Letter) and a.name in tables for n in nodes for a in n.args):
        return
    for flat in (False, True):
        for turned in (False, True):
            yield partial(_written_out, tables=tables, flat=flat, turned=turned)


def _written_out(sides: Sequence[Syntax | None], *, tables: Tables, flat: bool, turned: bool) -> list[Syntax | None]:
    """Return sides with their derivatives as tables; as they are where a letter may depend on entries that go unmentioned."""

    def change(node: Syntax) -> Syntax:
        if not isinstance(node, Derivative) or node.how == "transposed":
            return node
        of, by = (tables.get(a.name) if isinstance(a, Letter) else None for a in map(_inner, node.args))
        if by is None:
            return node if of is None else _table(node, [[(o, node.args[1]) for o in row] for row in _rows(of)])
        if of is None:
            rows = [[(node.args[0], v) for v in row] for row in _rows(by)]
            rows = [[pair] for row in rows for pair in row] if flat else rows
        elif flat or _width(of) == _width(by) == 1:
            rows = [[(o, v) for o in of.args] for v in by.args]
        else:
            return node
        return _table(node, [list(row) for row in zip(*rows, strict=True)] if turned else rows)

    out = [rewritten(s, change) if s is not None else None for s in sides]
    return out if _complete([s for s in out if s is not None], tables) else list(sides)


def _table(node: Derivative, rows: Sequence[Sequence[tuple[Syntax, Syntax]]]) -> Syntax:
    entries = tuple(replace(node, args=pair) for row in rows for pair in row)
    return Matrix(entries, node.span, len(rows))


def _width(table: Matrix) -> int:
    return len(table.args) // table.rows


def _complete(sides: Sequence[Syntax], tables: Tables) -> bool:
    """Tell whether what is differentiated by one entry of a table is by all others too: it depends on all of them."""
    pairs: dict[str, set[str]] = {}
    for node in (n for s in sides for n in walk(s)):
        match node:
            case Derivative((Letter(name=of), Letter(name=by))):
                pairs.setdefault(of, set()).add(by)
    whole = {entry_name(e): {*map(entry_name, table.args)} for table in tables.values() for e in table.args}
    return all(whole.get(name, {name}) <= by for by in pairs.values() for name in by)
