"""What the table of functions says, read once: the meaning of a function in primitives, the slope of a primitive."""

from collections.abc import Mapping
from functools import cache

from mdderive.latex.elaborate import read
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding, MdderiveBug
from mdderive.model.expr import Expr
from mdderive.model.functions import FUNCTIONS
from mdderive.model.shapes import SCALAR
from mdderive.verify.field import Unsupported

TAU = r"\tau"
# Primitives whose graph has two branches; every other primitive is transcendental.
BRANCHING = frozenset({"sqrt", "abs", "sign"})


@cache
def meaning(name: str) -> Expr | None:
    """Return the meaning of a known function as a tree in tau; None for a primitive."""
    text = FUNCTIONS[name].meaning
    return _statement(text) if text else None


@cache
def slope(name: str) -> Expr:
    """Return the derivative of a primitive as a tree in tau; raises `Unsupported` for the last of a series."""
    if not FUNCTIONS[name].derivative:
        raise Unsupported("operator", name=name)
    return _statement(FUNCTIONS[name].derivative)


def _statement(text: str) -> Expr:
    tree = read(text, Context(symbols={TAU: Symbol(TAU, SCALAR)}))
    if isinstance(tree, Finding):
        raise MdderiveBug(f"the table of functions does not read: {text}: {tree.message()}")
    return tree


@cache
def primitives(name: str) -> frozenset[str]:
    """Return the primitives that a known function is made of."""
    body = meaning(name)
    if body is None:
        return frozenset({name})
    return frozenset().union(*(primitives(node.name) for node in body.walk() if node.op == "fn"))


SERIES: Mapping[str, tuple[int, int, int]] = {"exp": (0, 1, 1), "sin": (1, 2, -1), "cos": (0, 2, -1)}
"""Matrix functions by their power series: first exponent, step, and the factor of the sign from term to term."""
