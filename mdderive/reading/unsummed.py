"""Vectors and matrices that stand with a number, `x_i`, which no sum of a chain binds: letters of their own, for every number."""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from mdderive.latex import syntax
from mdderive.latex.letters import base_letter, members
from mdderive.latex.syntax import Syntax, rewritten, walk
from mdderive.reading.summation import bound, vectors_of


def separate(sides: Sequence[Syntax | None], known: Set[str], own: Set[str]) -> list[Syntax | None]:
    """Return the sides with vectors and matrices that no sum of the chain numbers as letters of their own, for every number.

    So are those of the names that are their `own` in the definitions of others; `known` are columns of a matrix.
    """
    present = [rewritten(s, _by_entry) for s in sides if s is not None]
    vectors = {name for s in present for name in vectors_of(s)}
    vectors |= {name.rpartition("_")[0] for name in members(own)} if own else set()
    apart = _apart(present, vectors) - known

    def change(node: Syntax) -> Syntax:
        match node:
            case syntax.Indexed((syntax.Letter(name=name),), places=(place,)) if name in apart:
                return syntax.Letter(node.span, f"{name}_{place}")
            case syntax.Indexed((syntax.Derivative((_, syntax.Letter(name=name))),)) if name in apart:
                return rewritten(_by_entry(node), change)
        return node

    return [rewritten(s, change) if s is not None and apart else s for s in sides]


def _by_entry(node: Syntax) -> Syntax:
    """Return the entry of a derivative as the derivative by that entry."""
    match node:
        case syntax.Indexed((syntax.Derivative((of, syntax.Letter() as by)) as slope,)):
            return replace(slope, args=(of, replace(node, args=(by,))))
    return node


def _apart(sides: Sequence[Syntax], vectors: Iterable[str]) -> set[str]:
    """Return the vectors and matrices that stand with one index alone, which no sum binds: each is a letter of its own."""
    sums, places, bare = bound(*sides), dict[str, set[tuple[str, ...]]](), Counter[str]()
    for n in (n for s in sides for n in walk(s)):
        match n:
            case syntax.Indexed((syntax.Letter(name=name),)):
                places.setdefault(name, set()).add(n.places)
                bare[name] -= 1
            case syntax.Letter(name=name):
                bare[name] += 1
    numbered = (n for n in places if n in vectors or base_letter(n)[-1:].isupper() or base_letter(n)[1:2].isupper())
    return {n for n in numbered if not bare[n] and all(len(p) == 1 and p[0] not in sums for p in places[n])}
