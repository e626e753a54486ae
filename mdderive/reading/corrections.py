"""Sides with one thing written otherwise that may be why their shapes do not fit: a transpose, two factors, a factor too many.

Each comes with the code of the mistake that it would set right. Whether it does is for the judge to say.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

from mdderive.latex.syntax import (
    Derivative,
    Differential,
    Group,
    Hadamard,
    Letter,
    Number,
    Product,
    Syntax,
    Transpose,
    Turned,
    walk,
    with_args,
)
from mdderive.reading.shown_by_form import renamed

Correction = tuple[str, Syntax]
_Change = Callable[[Syntax], Iterator[Correction]]
MOST = 60


def corrections(side: Syntax) -> Iterator[Correction]:
    """Yield a side with one correction, the likelier ones first, at most `MOST`."""
    seen = {side}
    for found in (*(_at_one_place(side, change) for change in (_transposed, _swapped, _multiplied, _dropped)), _exchanged(side)):
        for code, changed in found:
            if changed not in seen and len(seen) <= MOST:
                seen.add(changed)
                yield code, changed


def _exchanged(side: Syntax) -> Iterator[Correction]:
    """Yield a side with two of its letters in each other's place."""
    names = dict.fromkeys(n.name for n in walk(side) if isinstance(n, Letter))
    for one, other in combinations(names, 2):
        other_names = {one: other, other: one}
        yield "order", renamed(side, lambda n, meant=other_names: meant.get(n, n))  # type: ignore[misc]


def _at_one_place(node: Syntax, change: _Change) -> Iterator[Correction]:
    """Yield a tree with one node changed, outer nodes first; what a derivative is taken by stays."""
    yield from change(node)
    for i, arg in enumerate(node.args):
        if (isinstance(node, Derivative) and i > 0) or (isinstance(node, Turned) and not arg.args):
            continue
        for code, changed in _at_one_place(arg, change):
            yield code, with_args(node, (*node.args[:i], changed, *node.args[i + 1 :]))


def _transposed(node: Syntax) -> Iterator[Correction]:
    match node:
        case Transpose((inner,)):
            yield "transpose", inner
        case Letter() | Group() | Derivative() | Differential():
            yield "transpose", Transpose((node,), node.span)


def _swapped(node: Syntax) -> Iterator[Correction]:
    """Yield a product with two neighbours in the other order."""
    if isinstance(node, Product):
        for i in range(len(node.args) - 1):
            before, first, second, behind = node.args[:i], *node.args[i : i + 2], node.args[i + 2 :]
            if not isinstance(first, Number):
                yield "order", with_args(node, (*before, second, first, *behind))


def _multiplied(node: Syntax) -> Iterator[Correction]:
    """Yield a product of matrices for one of entries, and the reverse."""
    match node:
        case Hadamard():
            yield "product", Product(node.args, node.span)
        case Product((first, second)) if not isinstance(first, Number):
            yield "product", Hadamard((first, second), node.span)


def _dropped(node: Syntax) -> Iterator[Correction]:
    """Yield a product without one of its factors."""
    if isinstance(node, Product):
        for i, factor in enumerate(node.args):
            rest = (*node.args[:i], *node.args[i + 1 :])
            if not isinstance(factor, Number):
                yield "edit", rest[0] if len(rest) == 1 else with_args(node, rest)
