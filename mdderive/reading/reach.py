"""Names that lead to others: all that one leads to, and an order in which each stands behind those it needs."""

from collections.abc import Callable, Iterable, Mapping


def reached(name: str, inner: Callable[[str], Iterable[str]]) -> set[str]:
    """Return the names that one leads to, where `inner` are those that each leads to at once."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = set(inner(waiting.pop())) - found
        found |= new
        waiting += new
    return found


def ordered(needs: Mapping[str, Iterable[str]]) -> list[str]:
    """Return names, each behind those it needs; those that lead back to themselves through others are left out."""
    order: list[str] = []
    while ready := [n for n in needs if n not in order and not ({*needs[n]} & needs.keys()) - {*order, n}]:
        order += ready
    return order
