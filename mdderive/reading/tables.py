r"""Matrices written out entry by entry: what a table of names defines, and derivatives by such a matrix as tables of their own.

`Z = \begin{bmatrix} z_{1,1} & z_{1,2} \end{bmatrix}` names the entries of Z; the derivative of L by Z is then the table of the
derivatives of L by its entries, in the form of Z or of its transpose, or in one column where matrices are read row by row.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from mdderive.latex.syntax import Syntax
from mdderive.reading.shown_by_form import has, letters, rewritten, walk

Tables = Mapping[str, Syntax]
Rows = list[list[Syntax]]


def table_of_names(side: Syntax) -> Syntax | None:
    """Return a side that is a matrix whose entries are names, no two the same, without brackets: it says what its entries are."""
    side = _inner(side)
    if side.kind != "matrix" or not all(_is_name(e) for e in side.args):
        return None
    return side if len({(e.text, e.args[0].text if e.args else "") for e in side.args}) == len(side.args) else None


def _is_name(entry: Syntax) -> bool:
    return entry.kind == "letter" or (entry.kind == "entry" and entry.args[0].kind == "letter")


def entrywise(left: Syntax | None, right: Syntax) -> list[tuple[str, Syntax]]:
    """Return what a table of letters is said to be, letter by letter; nothing where an equation is not of that form."""
    table, values = table_of_names(left) if left is not None else None, _inner(right)
    if table is None or values.kind != "matrix" or has(table, "entry"):
        return []
    if (table.text, len(table.args)) != (values.text, len(values.args)) or {*letters(table)} & {*letters(values)}:
        return []
    return [(name.text, value) for name, value in zip(table.args, values.args, strict=True)]


def lays_out(left: Syntax, right: Syntax) -> bool:
    """Tell whether a derivative is said to be the orderly table of the derivatives of all entries by all entries."""
    table = _inner(right)
    if left.kind != "derivative" or table.kind != "matrix" or len(table.args) < 2:
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
    return _inner(side.args[0]) if side.kind in ("group", "brace") else side


def _rows(table: Syntax) -> Rows:
    width = len(table.args) // int(table.text)
    return [list(table.args[i : i + width]) for i in range(0, len(table.args), width)]


def _pair(entry: Syntax) -> tuple[str, str] | None:
    """Return the two names of the derivative of one by the other."""
    node = _inner(entry)
    if node.kind == "entry" and node.args[0].kind == "derivative":  # by a numbered letter
        inner = node.args[0]
        node = replace(inner, args=(inner.args[0], replace(node, args=(inner.args[1],))))
    if node.kind != "derivative" or not all(_is_name(_inner(a)) for a in node.args):
        return None
    of, by = (_written(_inner(a)) for a in node.args)
    return of, by


def _written(name: Syntax) -> str:
    return name.text if name.kind == "letter" else f"{name.args[0].text}_{name.text}"


def _parts(whole: Syntax, names: set[str]) -> bool:
    """Tell whether names are those of the entries of a letter, or of that letter alone."""
    whole = _inner(whole)
    if whole.kind != "letter":
        return False
    return names == {whole.text} or all(_core(n) == _core(whole.text) and re.search(r"_.*\d", n) for n in names)


def _core(name: str) -> str:
    return re.sub(r"\\\w+|[{}]", "", name.partition("_")[0]).lower() or name.partition("_")[0].lower()


def _ascending(names: Sequence[str]) -> bool:
    numbers = [tuple(map(int, re.findall(r"\d+", name.partition("_")[2]))) for name in names]
    return all(a < b for a, b in pairwise(numbers))


def tabled(sides: Sequence[Syntax | None], tables: Tables) -> Iterator[Callable[[Sequence[Syntax | None]], list[Syntax | None]]]:
    """Yield the ways to write derivatives of and by tabled letters as tables: like the letter, its transpose, in one column."""
    present = [s for s in sides if s is not None]
    nodes = [n for s in present for n in walk(s) if n.kind == "derivative"]
    if not any(a.kind == "letter" and a.text in tables for n in nodes for a in n.args):
        return
    for flat in (False, True):
        for turned in (False, True):
            yield partial(_written_out, tables=tables, flat=flat, turned=turned)


def _written_out(sides: Sequence[Syntax | None], *, tables: Tables, flat: bool, turned: bool) -> list[Syntax | None]:
    """Return sides with their derivatives as tables; as they are where a letter may depend on entries that go unmentioned."""

    def change(node: Syntax) -> Syntax:
        if node.kind != "derivative" or node.text == "transposed":
            return node
        of, by = (tables.get(a.text) if a.kind == "letter" else None for a in map(_inner, node.args))
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


def _table(node: Syntax, rows: Sequence[Sequence[tuple[Syntax, Syntax]]]) -> Syntax:
    entries = tuple(replace(node, args=pair) for row in rows for pair in row)
    return Syntax("matrix", entries, node.span, str(len(rows)))


def _width(table: Syntax) -> int:
    return len(table.args) // int(table.text)


def _complete(sides: Sequence[Syntax], tables: Tables) -> bool:
    """Tell whether what is differentiated by one entry of a table is by all others too: it depends on all of them."""
    pairs: dict[str, set[str]] = {}
    for node in (n for s in sides for n in walk(s)):
        if node.kind == "derivative" and all(a.kind == "letter" for a in node.args):
            pairs.setdefault(node.args[0].text, set()).add(node.args[1].text)
    whole = {e.text: {e.text for e in table.args} for table in tables.values() for e in table.args}  # in the latest table
    return all(whole.get(name, {name}) <= by for by in pairs.values() for name in by)
