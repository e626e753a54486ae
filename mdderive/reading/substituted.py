"""Functions that a note defines by a formula at other values of their arguments: `h(x_i)` is the formula at `x_i`."""

from collections.abc import Callable, Iterable

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
                if body is None or _caught(body, value) or any(by in {*made_of(name)} for name in inner):
                    return None
                return _put_in(body, by, Group((value,), value.span))
        return None

    def put(node: Syntax) -> Syntax:
        found = formula(node) if isinstance(node, Standing) else None
        node = Group((found,), node.span) if found is not None else node
        return with_args(node, tuple(map(put, node.args)))

    return put(side) if _given(side, made_of) else None


def _put_in(body: Syntax, name: str, value: Syntax) -> Syntax:
    return rewritten(body, lambda node: value if isinstance(node, Letter) and node.name == name else node)


def _caught(body: Syntax, value: Syntax) -> bool:
    """Tell whether a sum of a formula would bind an index of a value, or the formula differentiates."""
    places = {i for node in walk(value) if isinstance(node, Indexed) for i in node.places}
    sums = {i for node in walk(body) if isinstance(node, OverIndex) for i in node.indices}
    return bool(places & sums) or has(body, *MOVING)


def _given(side: Syntax, made_of: Callable[[str], Iterable[str]]) -> bool:
    """Tell whether every function of a side that is taken at a value of its argument is given by it."""
    for node in walk(side):
        match node:
            case Standing((Letter(name=of) | Derivative((Letter(name=of), _)), Letter(name=by), _)) if by not in {*made_of(of)}:
                return False
    return True
