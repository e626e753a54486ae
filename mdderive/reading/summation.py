r"""Chains in index notation: repeated indices are summed over, $\delta_{ij}$ is an entry of the identity, and a matrix that
stands among entries stands for its entry.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mdderive.latex import stand_ins, syntax
from mdderive.latex.letters import base_letter
from mdderive.latex.notation import INDICES, LOWER_GREEK
from mdderive.latex.syntax import (
    Derivative,
    Group,
    Identity,
    Indexed,
    Neg,
    Number,
    Product,
    Sum,
    Syntax,
    places,
    rewritten,
    walk,
    with_args,
)
from mdderive.model.source import Span
from mdderive.reading.contraction import contracted
from mdderive.reading.shown_by_form import letters

Change = Callable[[Syntax], Syntax]
MOST_INDICES = 4
REACH = 400  # characters before an equation in which its case may be said
BEHIND = 60
_LETTERS = re.compile(r"\\[a-z]+|[A-Za-z](?:_\w)?")
_MADE_OF = re.compile(r"[A-Za-z](?:_\w)?(?=[+-])")


def indices(*sides: Syntax) -> set[str]:
    """Return the letters that number entries in some sides."""
    return {i for s in sides for n in walk(s) if isinstance(n, syntax.Indexed) for i in n.places if not i.isdigit()}


def few_indices(sides: Sequence[Syntax | None], wanted: Iterable[int]) -> list[int]:
    """Return those of some sides of a chain that have, with the one before them, no more indices than are tried."""
    return [k for k in wanted if len(indices(*(s for s in sides[k - 1 : k + 1] if s is not None))) <= MOST_INDICES]


def bound(*sides: Syntax) -> set[str]:
    """Return the indices that some sum binds."""
    return {i for s in sides for n in walk(s) if isinstance(n, syntax.OverIndex) for i in n.indices}


def free_indices(side: Syntax) -> set[str]:
    """Return the indices of a side that no sum of it binds."""
    return indices(side) - bound(side)


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
    nodes = (n for s in sides for n in walk(s) if isinstance(n, syntax.Indexed) and isinstance(n.args[0], syntax.Derivative))
    first = next(nodes, None)
    return first.places if first is not None and not any(i.isdigit() for i in first.places) else ()


def _spelled(node: Syntax) -> Syntax:
    r"""Return `X_{ij}^T` as the entry of X^T, and `\delta_{ij}` as one of the identity."""
    match node:
        case syntax.Transpose((syntax.Indexed() as entry,)):
            return replace(entry, args=(syntax.Transpose(entry.args, node.span),))
        case syntax.Indexed((syntax.Letter(name=r"\delta") as delta,)):
            return replace(node, args=(syntax.Identity(delta.span),))
    return node


def _terms(side: Syntax, free: tuple[str, ...]) -> Syntax:
    """Return a side with every index that one of its terms repeats summed over in that term."""
    if isinstance(side, syntax.Sum | syntax.Neg | syntax.Group):
        return replace(side, args=tuple(_terms(a, free) for a in side.args))
    counts = Counter(i for n in walk(side) if isinstance(n, syntax.Indexed) for i in n.places)
    repeated = sorted(i for i, count in counts.items() if count > 1 and i not in free and not i.isdigit())
    return syntax.OverIndex((side,), side.span, "sum", tuple(repeated)) if repeated else side


def _entry(side: Syntax, free: tuple[str, ...]) -> Syntax:
    """Return a side that has none of the free indices as its entry there."""
    if set(free) & indices(side) or isinstance(side, syntax.Number):
        return side
    return syntax.Indexed((syntax.Group((side,), side.span),), side.span, free)


def vectors_of(side: Syntax) -> Iterator[str]:
    """Yield the letters of a side whose entries can only be vectors of their own."""
    for outer in walk(side):
        match outer:
            case syntax.Indexed((syntax.Indexed((syntax.Letter(name=name),), places=(_,)),)) | syntax.Indexed(
                (syntax.Group((syntax.Indexed((syntax.Letter(name=name),), places=(_,)),)),)
            ):
                yield name
        inner = [n.args[0] if isinstance(n, syntax.Group) else n for n in outer.args]
        whole = isinstance(outer, syntax.Transpose | syntax.Norm)
        if whole and isinstance(inner[0], syntax.Sum):
            inner = [n.args[0] if isinstance(n, syntax.Neg) else n for n in inner[0].args]
        for i, n in enumerate(inner):
            match n:
                case syntax.Indexed((syntax.Letter(name=name),), places=(_,)):
                    behind = isinstance(outer, syntax.Product) and i > 0 and isinstance(inner[i - 1], syntax.Transpose)
                    yield from [name] if behind or whole else []


def numbered(sides: Sequence[Syntax | None], known: Iterable[str] = ()) -> list[Syntax | None]:
    """Return the sides with vectors that are numbered as columns of a matrix, `X e_i` for `x_i`.

    A number is no entry where it stands under a transpose or a norm, or behind a transposed factor: `w^T x_i`; nor are those of
    the letters that are `known` to be vectors.
    """
    vectors = {name for s in sides if s is not None for name in vectors_of(s)} | set(known)

    def change(node: Syntax) -> Syntax:
        match node:
            case syntax.Indexed((syntax.Letter(name=name, span=span),), places=(place,)) if name in vectors:
                return _column(stand_ins.Columns(span, f"{name}_{{*}}", name), place, node.span)
        return node

    return [rewritten(s, change) if s is not None and vectors else s for s in sides]


def _column(matrix: Syntax, place: str, span: Span) -> Syntax:
    return syntax.Group((syntax.Product((matrix, syntax.Unit(span, place)), span),), span)


def indexed(sides: Sequence[Syntax | None], also: Collection[str] = ()) -> list[Syntax | None]:
    """Return the sides with small letters numbered by an index of the chain as the entries they are: `a_i` beside an `x_i`.

    Those numbered by what is an index `also`, though no sum binds it, are too.
    """
    own = indices(*(s for s in sides if s is not None)) | {*also}

    def entry(node: Syntax) -> Syntax:
        name, below = _subscripted(node)
        core = base_letter(name) if name else ""
        if below not in own or not (core.islower() and (len(core) == 1 or core in LOWER_GREEK)):
            return node
        return syntax.Indexed((syntax.Letter(node.span, name),), node.span, (below,))

    def change(node: Syntax) -> Syntax:
        match node:
            case syntax.Identity(sizes=(((_, _) as places,),)) if set(places) <= own:
                return syntax.Indexed((syntax.Identity(node.span),), node.span, places)
            case syntax.Indexed():
                return node
        node = with_args(node, tuple(map(entry, node.args)))
        match node:
            case syntax.Derivative((of, syntax.Indexed((x,), places=places))):
                return syntax.Indexed((replace(node, args=(of, x)),), node.span, places)
        return node

    defined = sides[0] if sides and isinstance(sides[0], syntax.Letter) else None
    return [entry(rewritten(s, change)) if s is not None and own and s is not defined else s for s in sides]


def by_entry(left: Syntax, right: Syntax) -> tuple[str, Syntax] | None:
    r"""Return the letter that `p_j = F_j` defines entry by entry, and its value: the sum of `F_j \mathbf{e}_j` over j."""
    name, below = _subscripted(left)
    right = numbered(indexed([right], {below} & set(INDICES)))[0] or right
    free = {i for n in walk(right) for i in places(n) if not i.isdigit()} - bound(right)
    if not name or free != {below} or "_" in name or not base_letter(name).islower() or name in set(letters(right)):
        return None
    term = syntax.Product((syntax.Group((right,), right.span), syntax.Unit(right.span, below)), right.span)
    return name, syntax.OverIndex((term,), right.span, "sum", (below,))


def _subscripted(node: Syntax) -> tuple[str, str]:
    """Return a letter without its last subscript, and that subscript; two empty texts where a node is none."""
    name, _, below = node.name.rpartition("_") if isinstance(node, syntax.Letter) else ("", "", "")
    return name, below.strip("{}")


def kronecker(sides: Sequence[Syntax | None]) -> list[Syntax | None] | None:
    r"""Return the sides of a chain with `\delta_{ij}` as an entry of the identity; None where there is none."""
    out = [rewritten(s, _spelled) if s is not None else None for s in sides]
    return out if out != list(sides) else None


def stacked(sides: Sequence[Syntax | None], inner: Iterable[Syntax]) -> tuple[Change, ...]:
    """Return what else numbered vectors may be beside a capital of their letter, `x_i` and X: its rows, and its columns.

    The sides rest on the `inner` definitions, which may speak of either.
    """
    every = [s for s in (*sides, *inner) if s is not None]
    whole = {n for s in every for n in letters(s, entries=False)}
    nodes = [n for s in every for n in walk(s) if isinstance(n, syntax.Letter)]
    named = {n.of if isinstance(n, stand_ins.Columns) else n.name for n in nodes}
    beside = frozenset(n for n in named if n != _capital(n) in whole and n not in whole)
    return (_stack(beside, rows=True), _stack(beside, rows=False)) if beside and bound(*every) else ()


def _capital(name: str) -> str:
    r"""Return a letter as a capital, in its font and with its accent: `\tilde{X}` for `\tilde{x}`; a Greek one as it is."""
    letter = base_letter(name)
    return re.sub(rf"(?<![A-Za-z\\]){letter}(?![A-Za-z])", letter.upper(), name) if len(letter) == 1 else name


def _stack(names: frozenset[str], *, rows: bool) -> Change:
    def matrix(name: str, span: Span) -> Syntax:
        whole = syntax.Letter(span, _capital(name))
        return syntax.Transpose((whole,), span) if rows else whole

    def change(node: Syntax) -> Syntax:
        match node:
            case stand_ins.Columns(of=name) if name in names:
                return matrix(name, node.span)
            case syntax.Indexed((syntax.Letter(name=name, span=span),), places=(place,)) if name in names:
                return _column(matrix(name, span), place, node.span)
        return node

    return change


def opaque(sides: Sequence[Syntax | None]) -> frozenset[int]:
    """Return the sides with a sum whose last value, `n - 1`, is made of a letter that the chain speaks of elsewhere too."""
    present = [s for s in sides if s is not None]
    nodes = [n for s in present for n in walk(s)]
    lasts = {n.last for n in nodes if isinstance(n, syntax.OverIndex)}
    sizes = {name for n in nodes if isinstance(n, syntax.Sized) for side in n.sizes for name in side}
    said = {n for s in present for n in letters(s)} | sizes

    def clashes(last: str) -> bool:
        if ".." in last:
            return len(lasts) > 1 or not said.isdisjoint(_LETTERS.findall(last))
        made = _MADE_OF.match(last)
        return made is not None and bool(made[0] in said or any(o != last and o.startswith(made[0]) for o in lasts))

    return frozenset(
        i
        for i, s in enumerate(sides)
        if s is not None and any(isinstance(n, syntax.OverIndex) and clashes(n.last) for n in walk(s))
    )


def misindexed(side: Syntax, other: Syntax) -> str:
    """Return an index that a sum leaves free while its letter is numbered otherwise beside it, and the other side lacks it."""
    if not isinstance(side, syntax.OverIndex):
        return ""
    loose = indices(side) - bound(side) - indices(other)
    numbers: dict[str, set[int]] = {}
    for n in walk(side):
        match n:
            case syntax.Indexed((syntax.Letter(name=name) | syntax.Derivative((_, syntax.Letter(name=name))),)):
                numbers.setdefault(name.lower(), set()).add(len(n.places))
    return min(loose) if loose and any(len(counts) > 1 for counts in numbers.values()) else ""


@dataclass(frozen=True, slots=True)
class IndexCase:
    """Two indices that are equal or not, and the sides of an equation where they are so."""

    one: str
    other: str
    equal: bool
    sides: tuple[Syntax, Syntax]

    def __str__(self) -> str:
        return f"{self.one} {'=' if self.equal else '≠'} {self.other}"

    def said(self, before: str, behind: str) -> bool:
        """Tell whether the last case that the text before an equation speaks of is this, or the first right behind it."""
        sign = r"(?P<sign>=|\\neq?(?![A-Za-z])|\\not\s*=|≠|!=)"
        pair = rf"{self.one}\s*{sign}\s*{self.other}|{self.other}\s*{sign.replace('sign', 'turned')}\s*{self.one}"
        for text, last in ((behind[:BEHIND], 0), (before[-REACH:], -1)):
            found = list(re.finditer(rf"(?<![A-Za-z\\])(?:{pair})(?![A-Za-z])", text))
            if found:
                return ((found[last]["sign"] or found[last]["turned"]) == "=") == self.equal
        return False


def cases(left: Syntax, right: Syntax) -> Iterator[IndexCase]:
    """Yield the cases of an equation about the derivative of a numbered letter by another, whose two indices are free."""
    free = sorted(indices(left, right) - bound(left, right))
    if len(free) != 2 or not any(
        isinstance(n, Indexed) and isinstance(n.args[0], Derivative) for s in (left, right) for n in walk(s)
    ):
        return
    one, other = free
    for equal in (False, True):
        yield IndexCase(one, other, equal, (_at(left, one, other, equal), _at(right, one, other, equal)))


def _at(side: Syntax, one: str, other: str, equal: bool) -> Syntax:
    span = side.span
    delta = Indexed((Identity(span),), span, (one, other))
    rest = Sum((Number(span, "1"), Neg((delta,), span)), span)
    return Product((Group((delta if equal else rest,), span), Group((side,), span)), span)
