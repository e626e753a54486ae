"""What a block leaves to those below it, as JSON and back: without places, which lie in the block that said it.

An expression that stands at several places is written once.
"""

import json
from collections.abc import Callable, Mapping, Set
from dataclasses import fields
from fractions import Fraction

from mdderive.model.context import Constraint, Context, ElementwiseFunction, Family, Premise, Symbol
from mdderive.model.expr import Expr
from mdderive.model.shapes import Dim, Shape
from mdderive.model.source import Span

_RECORDS = (Constraint, Context, ElementwiseFunction, Expr, Family, Premise, Symbol)
_FIELDS: Mapping[type, tuple[str, ...]] = {
    **{kind: tuple(field.name for field in fields(kind) if field.init) for kind in _RECORDS},
    Dim: Dim._fields,
    Shape: Shape._fields,
}
_MADE: Mapping[str, Callable[..., object]] = {
    **{kind.__name__: kind for kind in _FIELDS},
    "": lambda *items: items,
    "set": lambda *items: frozenset(items),
    "number": Fraction,
}
_PLAIN = (str, int, float, bool, type(None))


def written(context: Context) -> str:
    """Return a context as JSON: equal ones as the same text, but for the order of what is declared."""
    nodes: list[object] = []
    whole = _down(context, nodes, {})
    return json.dumps([nodes, whole], separators=(",", ":"))


def read(text: str) -> Context:
    """Return the context of a text that was written here."""
    listed, whole = json.loads(text)
    nodes: list[object] = []
    for node in listed:
        nodes.append(_up(node, nodes))
    context = _up(whole, nodes)
    assert isinstance(context, Context)
    return context


def _down(value: object, nodes: list[object], numbers: dict[Expr, int]) -> object:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, Span):
        return None
    if isinstance(value, Expr):
        if value not in numbers:
            nodes.append(_record(value, nodes, numbers))
            numbers[value] = len(nodes) - 1
        return ["node", numbers[value]]
    if isinstance(value, Mapping):
        return {name: _down(item, nodes, numbers) for name, item in value.items()}
    if isinstance(value, Set):
        return ["set", *sorted(value)]
    if isinstance(value, Fraction):
        return ["number", str(value)]
    if kind is tuple:
        return ["", *(_down(item, nodes, numbers) for item in value)]  # type: ignore[attr-defined]
    return _record(value, nodes, numbers)


def _record(value: object, nodes: list[object], numbers: dict[Expr, int]) -> object:
    return [type(value).__name__, *(_down(getattr(value, name), nodes, numbers) for name in _FIELDS[type(value)])]


def _up(value: object, nodes: list[object]) -> object:
    if isinstance(value, dict):
        return {name: _up(item, nodes) for name, item in value.items()}
    if not isinstance(value, list):
        return value
    head, *rest = value
    return nodes[rest[0]] if head == "node" else _MADE[head](*(_up(item, nodes) for item in rest))
