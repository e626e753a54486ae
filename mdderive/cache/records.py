"""Values as JSON and back: results, and what a block leaves to those below it. What comes back equals what was written.

Places are counted from one that is given, or left out. An expression that stands at several places is written once.
"""

import json
from collections.abc import Callable, Mapping, Set
from dataclasses import fields
from fractions import Fraction
from typing import Any

from mdderive.model.context import Constraint, Context, ElementwiseFunction, Family, Premise, Symbol
from mdderive.model.diagnostics import Finding, Hint, Label, Witness
from mdderive.model.expr import Expr
from mdderive.model.reasons import Reason, Several
from mdderive.model.results import BlockResult, Claim, Derivation, Equation, LetterSaid, Step, Verdict
from mdderive.model.shapes import Dim, Shape
from mdderive.model.source import Span

_RESULTS = (BlockResult, Claim, Derivation, Equation, Finding, Hint, Label, LetterSaid, Reason, Several, Step, Verdict, Witness)
_DECLARED = (Constraint, Context, ElementwiseFunction, Expr, Family, Premise, Symbol)
_FIELDS: Mapping[type, tuple[str, ...]] = {
    **{kind: tuple(field.name for field in fields(kind) if field.init) for kind in (*_RESULTS, *_DECLARED)},
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


def written(value: object, start: int | None = 0) -> str:
    """Return a value as JSON, its places counted from `start`, without them where that is None.

    Raises `TypeError` for what is of no known kind. Equal values are the same text, but for the order of mappings.
    """
    nodes: list[object] = []
    whole = _down(value, start, nodes, {})
    return json.dumps([nodes, whole], separators=(",", ":"))


def read(text: str, start: int = 0) -> Any:
    """Return the value of a JSON text, its places counted from `start`; raises `ValueError` for what was not written here."""
    try:
        listed, whole = json.loads(text)
        nodes: list[object] = []
        for node in listed:
            nodes.append(_up(node, start, nodes))
        return _up(whole, start, nodes)
    except (TypeError, KeyError, IndexError, RecursionError) as error:
        raise ValueError(f"nothing that was written here: {error}") from error


def _down(value: object, start: int | None, nodes: list[object], numbers: dict[Expr, int]) -> object:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, Span):
        return None if start is None else ["Span", value.start - start, value.end - start]
    if isinstance(value, Expr):
        if value not in numbers:
            nodes.append(_record(value, start, nodes, numbers))
            numbers[value] = len(nodes) - 1
        return ["node", numbers[value]]
    if isinstance(value, Mapping):
        return {_name(key): _down(item, start, nodes, numbers) for key, item in value.items()}
    if isinstance(value, Set):
        return ["set", *sorted(value)]
    if isinstance(value, Fraction):
        return ["number", str(value)]
    if kind in _FIELDS:
        return _record(value, start, nodes, numbers)
    if isinstance(value, tuple):
        return ["", *(_down(item, start, nodes, numbers) for item in value)]
    raise TypeError(f"{kind.__name__} is not kept")


def _record(value: object, start: int | None, nodes: list[object], numbers: dict[Expr, int]) -> object:
    kind = type(value)
    here = None if start is None else _counted_from(kind.__name__, start)
    return [kind.__name__, *(_down(getattr(value, name), here, nodes, numbers) for name in _FIELDS[kind])]


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{key!r} is no name")
    return key


def _up(value: object, start: int, nodes: list[object]) -> object:
    if isinstance(value, dict):
        return {key: _up(item, start, nodes) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    head, *rest = value
    if head == "Span":
        return Span(rest[0] + start, rest[1] + start)
    if head == "node":
        return nodes[rest[0]]
    here = _counted_from(head, start)
    return _MADE[head](*(_up(item, here, nodes) for item in rest))


def _counted_from(name: str, start: int) -> int:
    """Return from where the places inside a record are counted: those of what a reason tells are of the text it was found in."""
    return 0 if name == "Reason" else start
