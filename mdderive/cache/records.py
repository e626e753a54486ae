"""Results as JSON and back. What comes back compares equal to what was written; places may be counted from another one."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from mdderive.model.diagnostics import Finding, Hint, Label, Witness
from mdderive.model.reasons import Reason, Several
from mdderive.model.results import BlockResult, Claim, Derivation, Equation, Step, Verdict
from mdderive.model.source import Span

_RECORDS = (BlockResult, Claim, Derivation, Equation, Finding, Hint, Label, Reason, Several, Step, Verdict, Witness)
_NAMED: Mapping[str, Callable[..., object]] = {kind.__name__: kind for kind in _RECORDS}
_FIELDS: Mapping[type, tuple[str, ...]] = {kind: tuple(field.name for field in fields(kind)) for kind in _RECORDS}
_PLAIN = (str, int, float, bool, type(None))


def written(value: object, start: int = 0) -> str:
    """Return a value as JSON, its places counted from `start`; raises `TypeError` for what is no result."""
    return json.dumps(_down(value, start), separators=(",", ":"))


def read(text: str, start: int = 0) -> Any:
    """Return the value of a JSON text, its places counted from `start`; raises `ValueError` for what was not written here."""
    try:
        return _up(json.loads(text), start)
    except (TypeError, KeyError, IndexError, RecursionError) as error:
        raise ValueError(f"no result: {error}") from error


def _down(value: object, start: int) -> object:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, Span):
        return ["Span", value.start - start, value.end - start]
    if isinstance(value, tuple):
        return ["", *(_down(item, start) for item in value)]
    if isinstance(value, Mapping):
        return {_name(key): _down(item, start) for key, item in value.items()}
    if kind not in _FIELDS:
        raise TypeError(f"{kind.__name__} is no part of a result")
    here = _counted_from(kind.__name__, start)
    return [kind.__name__, *(_down(getattr(value, name), here) for name in _FIELDS[kind])]


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{key!r} is no name")
    return key


def _up(value: object, start: int) -> object:
    if isinstance(value, dict):
        return {key: _up(item, start) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    head, *rest = value
    if head == "Span":
        return Span(rest[0] + start, rest[1] + start)
    items = [_up(item, _counted_from(head, start)) for item in rest]
    return _NAMED[head](*items) if head else tuple(items)


def _counted_from(name: str, start: int) -> int:
    """Return from where the places inside a record are counted: those of what a reason tells are of the text it was found in."""
    return 0 if name == "Reason" else start
