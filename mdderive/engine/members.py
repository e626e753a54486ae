"""The derivative by one member of a family, read off a differential in which all of them move.

A term `sum_i M_i dx_i` gives M_k beside dx_k; a term `M dx_j` outside of a sum gives it where j is k, which the factor
`e_j^T e_k` says.
"""

from collections.abc import Sequence

from mdderive.engine.arrange import plus, product
from mdderive.engine.isolate import Isolated
from mdderive.model.expr import Expr, make, placed, units, unshadowed
from mdderive.model.terms import zero


def by_member(terms: Sequence[Isolated]) -> tuple[tuple[Isolated, ...], ...]:
    """Return terms beside the members of one family, those beside one and the same together."""
    groups: dict[Expr, list[Isolated]] = {}
    for term in terms:
        term = next((aligned for first in groups.values() if (aligned := _aligned(term, first[0]))), term)
        groups.setdefault(term.letter, []).append(term)
    return tuple(map(tuple, groups.values()))


def _aligned(term: Isolated, first: Isolated) -> Isolated | None:
    """Return a term summed over the letters of another one; None where it is beside another member."""
    pairs = tuple(zip(term.letter.args, first.letter.args, strict=True))
    if any(a != b for a, b in pairs if a not in term.over or b not in first.over):
        return None
    if len(term.over) != len(first.over) or not units(term.factor).keys().isdisjoint({b.name for a, b in pairs if a != b}):
        return None
    factor = term.factor
    for a, b in pairs:
        factor = placed(unshadowed(factor, frozenset({b.name})), a.name, b.name)
    return Isolated(first.letter, factor, first.over)


def at_member(gradients: Sequence[tuple[Isolated, Expr]], x: Expr) -> Expr:
    """Return the derivative by the member x, of the gradients by the members that stand in some terms."""
    return plus((_at(term, gradient, x) for term, gradient in gradients), gradients[0][1].shape) if gradients else zero(x.shape)


def _at(term: Isolated, gradient: Expr, x: Expr) -> Expr:
    names = frozenset(unit.name for unit in x.args)
    for unit, wanted in zip(term.letter.args, x.args, strict=True):
        if unit in term.over:
            gradient = placed(unshadowed(gradient, names), unit.name, wanted.name)
        elif unit.name.isdigit() and wanted.name.isdigit() and unit != wanted:
            return zero(gradient.shape)
        elif unit != wanted:
            same = make("mul", make("transpose", unit), wanted)
            gradient = product((same, gradient), gradient.shape)
    return gradient
