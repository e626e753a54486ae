"""Functions that a note defines by a formula at other values of their arguments: `h(x_i)` is the formula at `x_i`."""

from collections.abc import Callable, Iterable, Set
from dataclasses import replace

from mdderive.latex.sums import OTHER_INDICES, at_index
from mdderive.latex.syntax import (
    MOVING,
    Derivative,
    Group,
    Indexed,
    Letter,
    OverIndex,
    Standing,
    Syntax,
    has,
    places,
    rewritten,
    walk,
    with_args,
)
from mdderive.reading.shown_by_form import letters


def with_values(side: Syntax, defined: Callable[[str], Syntax | None], made_of: Callable[[str], Iterable[str]]) -> Syntax | None:
    """Return a side with such functions as their formulas; None where a function is not given by its argument.

    `defined` gives the formula of a name, `made_of` the letters that it is made of.
    """

    def formula(node: Syntax) -> Syntax | None:
        match node:
            case Letter(name=name):
                return defined(name)
            case Standing((of, Letter(name=by), value)):
                body = formula(of)
                inner = {*letters(body)} - {by} if body is not None else set()
                if body is None or has(body, *MOVING) or any(by in {*made_of(name)} for name in inner):
                    return None
                numbers = {i for node in walk(value) if isinstance(node, Indexed) for i in node.places}
                return _put_in(_apart(body, numbers), by, Group((value,), value.span))
        return None

    def put(node: Syntax) -> Syntax:
        found = formula(node) if isinstance(node, Standing) else None
        node = Group((found,), node.span) if found is not None else node
        return with_args(node, tuple(map(put, node.args)))

    return put(side) if _given(side, made_of) else None


def _put_in(body: Syntax, name: str, value: Syntax) -> Syntax:
    return rewritten(body, lambda node: value if isinstance(node, Letter) and node.name == name else node)


def _apart(body: Syntax, taken: Set[str]) -> Syntax:
    """Return a formula whose sums bind none of some indices."""
    used = taken | {i for node in walk(body) for i in (*places(node), *(node.indices if isinstance(node, OverIndex) else ()))}
    free = (c for c in OTHER_INDICES if c not in used)

    def change(node: Syntax) -> Syntax:
        for index in node.indices if isinstance(node, OverIndex) else ():
            if index in taken and isinstance(node, OverIndex) and (other := next(free, "")):
                indices = tuple(other if i == index else i for i in node.indices)
                node = replace(node, args=(at_index(node.args[0], index, other),), indices=indices)
        return node

    return rewritten(body, change)


def _given(side: Syntax, made_of: Callable[[str], Iterable[str]]) -> bool:
    """Tell whether every function of a side that is taken at a value of its argument is given by it."""
    for node in walk(side):
        match node:
            case Standing((Letter(name=of) | Derivative((Letter(name=of), _)), Letter(name=by), _)) if by not in {*made_of(of)}:
                return False
    return True
