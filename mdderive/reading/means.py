r"""Means of random letters as what they are: `E[X]` is the sum of its values, each with its weight, over the sum of the weights.

Random is what stands in means alone. Nothing is known of the weights, so that what is shown of them holds of every distribution
with finitely many values; what rests on one, or on independence, is not.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from mdderive.latex.letters import base_letter
from mdderive.latex.notation import RESERVED
from mdderive.latex.stand_ins import Columns, Draws, MeanGiven, StandIn
from mdderive.latex.symbols import MEAN
from mdderive.latex.syntax import (
    Derivative,
    Group,
    Indexed,
    Letter,
    Mean,
    Neg,
    Over,
    OverIndex,
    Product,
    Sum,
    Syntax,
    Transpose,
    Turned,
    Unit,
    has,
    places,
    rewritten,
    walk,
)

_INDICES = "stuvwrpq"
_A_MEAN = re.compile(r"\\mu|m(?![a-z])|\\(?:bar|overline)\{")


def weighed(sides: Sequence[Syntax | None], kinds: Mapping[str, str], given: Set[str]) -> list[Syntax | None]:
    """Return sides with their means as weighted sums; a side with one stays out where what is random, or how, is not clear.

    Of some letters the kind is known, and some are `given`: they are not random. Random matrices are not read, nor a random
    capital before another one that is not: it may be a matrix.
    """
    present = [s for s in sides if s is not None]
    means = [n for s in present for n in walk(s) if isinstance(n, Mean)]
    if not means:
        return list(sides)
    fixed = {n for s in present for n in _fixed(s)} | given | RESERVED
    random = {n.name for m in means for n in walk(m) if isinstance(n, Letter) and not isinstance(n, StandIn)} - fixed
    beside = [pair for m in means for pair in _capitals(m, random)]
    turned = {n.name for m in means for n in _vectors(m)} | {b for a, b in beside if a not in random}
    turned |= {n for n, kind in kinds.items() if kind == "column"}
    taken = {i for s in present for n in walk(s) for i in places(n)}
    free = [i for i in _INDICES if i not in taken and i not in random | fixed]
    moved = {
        n.name for s in present for d in walk(s) if isinstance(d, Derivative) for n in walk(d.args[1]) if isinstance(n, Letter)
    }
    tied = any(name in m.below for m in means for name in moved)
    tied |= any(b not in random for _, b in beside) or any(kinds.get(n) == "matrix" for n in random)
    if not random or tied or len(free) < 2 or max(map(_depth, means)) > 2:
        return [None if s is not None and has(s, Mean) else s for s in sides]

    def mean(node: Syntax) -> Syntax:
        if not isinstance(node, Mean):
            return node
        own = random & {node.below} or random
        return _mean(node, free[has(node, Draws)], own, turned)

    return [None if s is not None and _mixed(s) else s and rewritten(s, mean) for s in sides]


def centred(left: Syntax, right: Syntax) -> tuple[Syntax, Syntax] | None:
    """Return two sides in which what is random has mean zero; None where one of them names its mean."""
    return None if any(_alone(node) for side in (left, right) for node in walk(side)) else _moved(left, right)


def shifted(left: Syntax, right: Syntax) -> tuple[Syntax, Syntax] | None:
    """Return two sides in which what is random has the mean that a letter of theirs is called by custom; None without one."""
    nodes = [n for side in (left, right) for n in walk(side) if isinstance(n, Letter) and not isinstance(n, StandIn)]
    mean = next((n for n in nodes if _A_MEAN.match(n.name)), None)
    return _moved(left, right, mean) if mean is not None else None


def _moved(left: Syntax, right: Syntax, mean: Syntax | None = None) -> tuple[Syntax, Syntax] | None:
    """Return two sides whose one random letter is moved so that its mean is zero, or another one; None without such a letter."""
    nodes = [n for side in (left, right) for n in walk(side)]
    weights = {n.name: n for n in nodes if isinstance(n, Draws) and n.of == MEAN}
    if len(weights) != 1 or len({n.name for n in nodes if isinstance(n, Draws | Columns)}) != 2:
        return None

    def change(node: Syntax) -> Syntax:
        last = _INDICES[-1]
        match node:
            case Indexed((Draws(of=of),), places=(_,)) if of != MEAN:
                value: Syntax = Indexed(node.args, node.span, (last,))
            case Group((Product((Columns() as columns, Unit())),)):
                value = Group((Product((columns, Unit(node.span, last)), node.span),), node.span)
            case _:
                return node
        terms = (node, Neg((_over(value, last, *weights.values()),), node.span), *([mean] if mean is not None else []))
        return Group((Sum(terms, node.span),), node.span)

    return rewritten(left, change), rewritten(right, change)


def averages(*sides: Syntax) -> bool:
    """Tell whether some sides have a mean in them."""
    return any(isinstance(n, Draws) and n.of == MEAN for s in sides for n in walk(s))


def in_doubt(*sides: Syntax) -> bool:
    """Tell whether some sides speak of several random letters, which may be independent.

    A derivative shows that nobody takes them for that, unless means of them are multiplied.
    """
    nodes = [n for s in sides for n in walk(s)]
    random = {n.name for n in nodes if isinstance(n, Draws | Columns)}
    weights = {n.name for n in nodes if isinstance(n, Draws) and n.of == MEAN}
    multiplied = any(isinstance(n, Product) and sum(has(a, Over) and has(a, Draws) for a in n.args) > 1 for n in nodes)
    if not weights:
        return not any(isinstance(n, MeanGiven) for n in nodes)  # else a number of its own
    return len(weights) > 1 or (len(random) > 2 and (multiplied or not isinstance(sides[0], Derivative)))


def _alone(node: Syntax) -> bool:
    """Tell whether a node is the mean of a random letter alone: who names it does not take it for zero."""
    match node:
        case Over((OverIndex((Product((Indexed((Draws(of=of),)), Group((Letter() | Indexed((Draws(),)) | Group(),)))),)), _)):
            return of == MEAN
    return False


def _fixed(node: Syntax) -> Iterator[str]:
    """Yield the letters of a tree that stand outside its means, or are differentiated by."""
    if isinstance(node, Letter):
        yield node.name
    if isinstance(node, Derivative):
        yield from (n.name for n in walk(node.args[1]) if isinstance(n, Letter))
    for arg in node.args if not isinstance(node, Mean) else [n for n in walk(node) if isinstance(n, Derivative)]:
        yield from _fixed(arg.args[1] if isinstance(node, Mean) else arg)


def _vectors(mean: Syntax) -> Iterator[Letter]:
    """Yield the letters in a mean that are transposed, measured, or have entries, or stand behind what is transposed."""
    for node in walk(mean):
        pairs = zip(node.args, node.args[1:], strict=False) if isinstance(node, Product) else ()
        yield from (n for first, n in pairs if isinstance(first, Transpose) and isinstance(n, Letter))
        inner = node.args[0] if isinstance(node, Turned | Indexed) else None
        bare = inner.args[0] if isinstance(inner, Group) else inner
        for n in walk(bare) if bare is not None else ():
            if isinstance(n, Letter):
                yield n


def _capitals(mean: Mean, random: Set[str]) -> Iterator[tuple[str, str]]:
    """Yield a capital in a mean and each in the factor behind it, of which one is random."""
    for node in walk(mean):
        for first, second in pairwise(node.args) if isinstance(node, Product) else ():
            names = [n.name for n in (first, *walk(second)) if isinstance(n, Letter) and base_letter(n.name)[-1:].isupper()]
            if isinstance(first, Letter) and names[:1] == [first.name]:
                yield from ((first.name, name) for name in names[1:] if len(random & {first.name, name}) == 1)


def _depth(node: Syntax) -> int:
    """Return how many means stand in each other."""
    return max((_depth(arg) for arg in node.args), default=0) + isinstance(node, Mean)


def _mixed(node: Syntax) -> bool:
    """Tell whether a mean of one distribution stands in a mean of another."""
    return any(len({n.below for n in walk(mean) if isinstance(n, Mean)}) > 1 for mean in walk(node) if isinstance(mean, Mean))


def _mean(mean: Mean, index: str, random: Set[str], vectors: Set[str]) -> Syntax:
    def value(node: Syntax) -> Syntax:
        if not isinstance(node, Letter) or isinstance(node, StandIn) or node.name not in random:
            return node
        name = f"{node.name}_{{*}}"
        if node.name in vectors:
            columns = Columns(node.span, name, node.name)
            return Group((Product((columns, Unit(node.span, index)), node.span),), node.span)
        return Indexed((Draws(node.span, name, node.name),), node.span, (index,))

    weights = Draws(mean.span, f"E{mean.below}_{{*}}", MEAN)
    return _over(rewritten(mean.args[0], value), index, weights)


def _over(body: Syntax, index: str, weights: Draws) -> Syntax:
    """Return the sum of what is weighted over the sum of the weights."""
    span = body.span
    weight = Indexed((weights,), span, (index,))
    total = OverIndex((weight,), span, "sum", (index,), "")
    summed = replace(total, args=(Product((weight, Group((body,), span)), span),))
    return Over((summed, total), span)
