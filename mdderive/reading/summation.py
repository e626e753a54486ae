r"""Chains in index notation: repeated indices are summed over, $\delta_{ij}$ is an entry of the identity, and a matrix that
stands among entries stands for its entry.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from mdderive.latex.letters import base_letter
from mdderive.latex.notation import LOWER_GREEK
from mdderive.latex.syntax import Syntax
from mdderive.reading.contraction import contracted
from mdderive.reading.shown_by_form import COLUMNS, letters, rewritten, walk

MOST_INDICES = 4


def indices(*sides: Syntax) -> set[str]:
    """Return the letters that number entries in some sides."""
    return {i for s in sides for n in walk(s) if n.kind == "entry" for i in n.text.split(",") if not i.isdigit()}


def too_many(sides: Sequence[Syntax | None], k: int) -> bool:
    """Tell whether the side k of a chain and the one before it have more indices than are tried."""
    return len(indices(*(s for s in sides[k - 1 : k + 1] if s is not None))) > MOST_INDICES


def bound(*sides: Syntax) -> set[str]:
    """Return the indices that some sum binds."""
    nodes = [n for s in sides for n in walk(s) if n.kind == "over-index"]
    return {i for n in nodes for i in n.text.partition(":")[2].partition("|")[0].split(",")}


def summed(sides: Sequence[Syntax | None]) -> list[Syntax | None] | None:
    """Return the sides of a chain with its implied sums written out; None where it is not in index notation."""
    present = [s for s in sides if s is not None]
    free = _free(present)
    if bound(*present):
        return None
    if not free:
        return _closed(sides)
    return [_entry(_contracted(rewritten(s, _spelled), free), free) if s is not None else None for s in sides]


def _closed(sides: Sequence[Syntax | None]) -> list[Syntax | None] | None:
    """Return sides of which some are in index notation and others have no index, if every sum that is implied can be taken."""
    numbered = [s is not None and bool(indices(s)) for s in sides]
    if all(n or s is None for n, s in zip(numbered, sides, strict=True)) or not any(numbered):
        return None
    taken = [contracted(rewritten(s, _spelled), ()) if s is not None and n else s for s, n in zip(sides, numbered, strict=True)]
    return None if any(t is None and n for t, n in zip(taken, numbered, strict=True)) else taken


def _contracted(side: Syntax, free: tuple[str, ...]) -> Syntax:
    """Return a side with its implied sums taken: as products of matrices, or else written out."""
    found = contracted(side, free)
    return found if found is not None else _terms(side, free)


def _free(sides: Sequence[Syntax]) -> tuple[str, ...]:
    """Return the indices of the entry by which a chain differentiates, or of an entry that is a side of its own."""
    nodes = [n for s in sides for n in walk(s) if n.kind == "entry" and n.args[0].kind == "derivative"]
    return tuple(nodes[0].text.split(",")) if nodes and not any(i.isdigit() for i in nodes[0].text.split(",")) else ()


def _spelled(node: Syntax) -> Syntax:
    r"""Return `X_{ij}^T` as the entry of X^T, and `\delta_{ij}` as one of the identity."""
    if node.kind == "transpose" and node.args[0].kind == "entry":
        entry = node.args[0]
        return replace(entry, args=(Syntax("transpose", entry.args, node.span),))
    base = node.args[0] if node.kind == "entry" else node
    if node.kind == "entry" and base.kind == "letter" and base.text == r"\delta":
        return replace(node, args=(Syntax("identity", (), base.span),))
    return node


def _terms(side: Syntax, free: tuple[str, ...]) -> Syntax:
    """Return a side with every index that one of its terms repeats summed over in that term."""
    if side.kind in ("sum", "neg", "group"):
        return replace(side, args=tuple(_terms(a, free) for a in side.args))
    counts = Counter(i for n in walk(side) if n.kind == "entry" for i in n.text.split(","))
    repeated = sorted(i for i, count in counts.items() if count > 1 and i not in free and not i.isdigit())
    return Syntax("over-index", (side,), side.span, f":{','.join(repeated)}|") if repeated else side


def _entry(side: Syntax, free: tuple[str, ...]) -> Syntax:
    """Return a side that has none of the free indices as its entry there."""
    if set(free) & indices(side) or side.kind == "number":
        return side
    return Syntax("entry", (Syntax("group", (side,), side.span),), side.span, ",".join(free))


def _vectors(side: Syntax) -> Iterator[Syntax]:
    """Yield the entries of a side that can only be vectors of their own."""
    for outer in walk(side):
        inner = [n.args[0] if n.kind == "group" else n for n in outer.args]
        if outer.kind in ("transpose", "norm") and inner[0].kind == "sum":
            inner = [n.args[0] if n.kind == "neg" else n for n in inner[0].args]
        for i, n in enumerate(inner):
            if n.kind != "entry" or "," in n.text or n.args[0].kind != "letter":
                continue
            behind = outer.kind == "product" and i > 0 and inner[i - 1].kind == "transpose"
            if behind or outer.kind in ("transpose", "norm"):
                yield n


def numbered(sides: Sequence[Syntax | None], known: Iterable[str] = ()) -> list[Syntax | None]:
    """Return the sides with vectors that are numbered as columns of a matrix, `X e_i` for `x_i`.

    A number is no entry where it stands under a transpose or a norm, or behind a transposed factor: `w^T x_i`; nor are those of
    the letters that are `known` to be vectors.
    """
    vectors = {n.args[0].text for s in sides if s is not None for n in _vectors(s)} | set(known)

    def change(node: Syntax) -> Syntax:
        base = node.args[0] if node.kind == "entry" else node
        if node.kind != "entry" or base.kind != "letter" or base.text not in vectors or "," in node.text:
            return node
        columns = replace(base, text=f"{base.text}{COLUMNS}")
        product = Syntax("product", (columns, Syntax("unit", (), node.span, node.text)), node.span)
        return Syntax("group", (product,), node.span)

    return [rewritten(s, change) if s is not None and vectors else s for s in sides]


def indexed(sides: Sequence[Syntax | None]) -> list[Syntax | None]:
    """Return the sides with small letters numbered by an index of the chain as the entries they are: `a_i` beside an `x_i`."""
    own = indices(*(s for s in sides if s is not None))

    def entry(node: Syntax) -> Syntax:
        name, _, below = node.text.rpartition("_") if node.kind == "letter" else ("", "", "")
        below = below.strip("{}")
        core = base_letter(name) if name else ""
        if below not in own or not (core.islower() and (len(core) == 1 or core in LOWER_GREEK)):
            return node
        return Syntax("entry", (replace(node, text=name),), node.span, below)

    def change(node: Syntax) -> Syntax:
        if node.kind == "identity" and set(places := node.text.split("*")) <= own and len(places) == 2:
            return Syntax("entry", (replace(node, text=""),), node.span, ",".join(places))
        args = node.args if node.kind == "entry" else tuple(map(entry, node.args))
        if node.kind == "derivative" and args[1].kind == "entry" and len(args[1].args) == 1:
            by = args[1]
            return Syntax("entry", (replace(node, args=(args[0], by.args[0])),), node.span, by.text)
        return node if args == node.args else replace(node, args=args)

    defined = sides[0] if sides and sides[0] is not None and sides[0].kind == "letter" else None
    return [entry(rewritten(s, change)) if s is not None and own and s is not defined else s for s in sides]


def by_entry(left: Syntax, right: Syntax) -> tuple[str, Syntax] | None:
    r"""Return the letter that `p_j = F_j` defines entry by entry, and its value: the sum of `F_j \mathbf{e}_j` over j."""
    name, _, below = left.text.rpartition("_") if left.kind == "letter" else ("", "", "")
    below = below.strip("{}")
    free = indices(right) - bound(right)
    if not name or free != {below} or "_" in name or not base_letter(name).islower() or name in set(letters(right)):
        return None
    place = Syntax("unit", (), right.span, below)
    term = Syntax("product", (Syntax("group", (right,), right.span), place), right.span)
    return name, Syntax("over-index", (term,), right.span, f":{below}|")


def kronecker(sides: Sequence[Syntax | None]) -> list[Syntax | None] | None:
    r"""Return the sides of a chain with `\delta_{ij}` as an entry of the identity; None where there is none."""
    out = [rewritten(s, _spelled) if s is not None else None for s in sides]
    return out if out != list(sides) else None


def stacked(sides: Sequence[Syntax | None]) -> Iterator[Callable[[Sequence[Syntax | None]], list[Syntax | None]]]:
    """Yield what else numbered vectors may be beside a capital of their letter, `x_i` and X: its rows, and its columns."""
    whole = {n for s in sides if s is not None for n in letters(s, entries=False)}
    named = {n.text.removesuffix(COLUMNS) for s in sides if s is not None for n in walk(s) if n.kind == "letter"}
    beside = frozenset(n for n in named if n.islower() and n.upper() in whole and n not in whole)
    if beside and bound(*(s for s in sides if s is not None)):
        yield lambda given: [rewritten(s, _stack(beside, rows=True)) if s is not None else None for s in given]
        yield lambda given: [rewritten(s, _stack(beside, rows=False)) if s is not None else None for s in given]


def _stack(names: frozenset[str], *, rows: bool) -> Callable[[Syntax], Syntax]:
    def matrix(letter: Syntax, name: str) -> Syntax:
        whole = replace(letter, text=name.upper())
        return Syntax("transpose", (whole,), letter.span) if rows else whole

    def change(node: Syntax) -> Syntax:
        base = node.args[0] if node.args else node
        if node.kind == "letter" and node.text.endswith(COLUMNS) and node.text.removesuffix(COLUMNS) in names:
            return matrix(node, node.text.removesuffix(COLUMNS))
        if node.kind == "entry" and base.kind == "letter" and base.text in names and "," not in node.text:
            product = Syntax("product", (matrix(base, base.text), Syntax("unit", (), node.span, node.text)), node.span)
            return Syntax("group", (product,), node.span)
        return node

    return change


def misindexed(side: Syntax, other: Syntax) -> str:
    """Return an index that a sum leaves free while its letter is numbered otherwise beside it, and the other side lacks it."""
    if side.kind != "over-index":
        return ""
    loose = indices(side) - bound(side) - indices(other)
    numbers: dict[str, set[int]] = {}
    for n in walk(side):
        if n.kind == "entry":
            base = n.args[0].args[1] if n.args[0].kind == "derivative" else n.args[0]
            numbers.setdefault(base.text.lower(), set()).add(len(n.text.split(",")))
    return min(loose) if loose and any(len(counts) > 1 for counts in numbers.values()) else ""
