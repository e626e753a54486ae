r"""Sums of a note that lack the brackets around what is summed: `\sum_i x_i^2 - 2 c x_i + c^2`.

A term behind a sum that has its index stands under the sum, unless another side leaves that index open in no such place; so may
those behind it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from mdderive.latex.sums import free_places
from mdderive.latex.syntax import Neg, OverIndex, Product, Sum, Syntax, has, rewritten
from mdderive.reading.shown_by_form import letters


def bracketed(sides: Sequence[Syntax]) -> tuple[Syntax, ...]:
    """Return sides in which each sum goes over the terms behind it, up to the last that has its index."""
    open_in = [free_places(rewritten(side, lambda node: _over_those_behind(node, frozenset()))) for side in sides]

    def under(k: int) -> Callable[[Syntax], Syntax]:
        elsewhere = frozenset[str]().union(*(found for i, found in enumerate(open_in) if i != k))
        return lambda node: _over_those_behind(node, elsewhere)

    return tuple(rewritten(side, under(k)) for k, side in enumerate(sides))


def wholly_bracketed(sides: Sequence[Syntax | None]) -> list[Syntax | None] | None:
    """Return the sides of `bracketed` with such a sum over all terms behind it; None where there is none.

    A minus before the sum is then one before the brackets.
    """

    def change(node: Syntax) -> Syntax:
        if isinstance(node, Neg) and (summed := _sum(node)) is not None and isinstance(inner := summed.args[0], Sum):
            turned = replace(inner, args=(inner.args[0], *map(_negative, inner.args[1:])))
            return rewritten(node, lambda n: turned if n is inner else n)
        if isinstance(node, Sum) and (summed := _sum(node.args[0])) is not None and isinstance(summed.args[0], Sum):
            return _with_terms(node, 0, len(node.args) - 1)
        return node

    out = [s and rewritten(s, change) for s in sides]
    return out if out != list(sides) else None


def over_all_behind(left: Syntax, right: Syntax) -> tuple[Syntax, Syntax] | None:
    """Return two sides in which a sum that nothing multiplies goes over all terms behind it; None where there is none.

    What names how many there are of what is summed, as in `- n c`, stands behind the sum. Where the other side has a sum too, a
    factor n is more likely forgotten.
    """
    if has(left, OverIndex) and has(right, OverIndex):
        return None
    pair = (rewritten(left, _over_all_behind), rewritten(right, _over_all_behind))
    return pair if pair != (left, right) else None


def _over_all_behind(node: Syntax) -> Syntax:
    if not isinstance(node, Sum):
        return node
    for k, term in enumerate(node.args[:-1]):
        core = term.args[0] if isinstance(term, Neg) else term
        if isinstance(core, OverIndex) and core.how == "sum":
            counted = any(core.last == name for other in node.args[k + 1 :] for name in letters(other))
            return node if counted else _with_terms(node, k, len(node.args) - 1)
    return node


def _over_those_behind(node: Syntax, elsewhere: frozenset[str]) -> Syntax:
    if not isinstance(node, Sum):
        return node
    for k, term in enumerate(node.args):
        summed = _sum(term)
        own = frozenset(summed.indices) - elsewhere if summed is not None else frozenset[str]()
        last = max((i for i, other in enumerate(node.args) if i > k and own & free_places(other)), default=k)
        if last > k:
            return _with_terms(node, k, last)
    return node


def _sum(term: Syntax) -> OverIndex | None:
    """Return the sum that a term is, or that is its last factor."""
    core = term.args[0] if isinstance(term, Neg) else term
    core = core.args[-1] if isinstance(core, Product) else core
    return core if isinstance(core, OverIndex) and core.how == "sum" else None


def _with_terms(node: Sum, k: int, last: int) -> Syntax:
    """Return a sum of terms where the one at a place, which is a sum over an index, takes those up to another place under it."""
    term, summed = node.args[k], _sum(node.args[k])
    assert summed is not None
    behind = node.args[k + 1 : last + 1]
    signed = tuple(map(_negative, behind)) if isinstance(term, Neg) else behind
    inner = summed.args[0]
    first = inner.args if isinstance(inner, Sum) else (inner,)
    wider = replace(summed, args=(Sum((*first, *signed), inner.span),))
    taken = rewritten(term, lambda n: wider if n is summed else n)
    args = (*node.args[:k], taken, *node.args[last + 1 :])
    return replace(node, args=args) if len(args) > 1 else taken


def _negative(term: Syntax) -> Syntax:
    return term.args[0] if isinstance(term, Neg) else Neg((term,), term.span)
