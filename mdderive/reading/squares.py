r"""Squares that are letters of their own: a block that differentiates by `\sigma^2` takes that, not `\sigma`, for the letter."""

import re
from dataclasses import replace

from mdderive.latex.letters import root_of
from mdderive.model.context import Symbol
from mdderive.model.shapes import SCALAR
from mdderive.reading.scope import Scope
from mdderive.reading.statements import NAME_OR_SQUARE, canonical

_BRACED = r"(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*"
_SIGN = r"(?:\\partial|\\mathrm\s*\{?\s*d\s*\}?|d)(?![A-Za-z])"
_BY = re.compile(
    rf"frac\s*\{{\s*{_SIGN}\s*(?!\s*\^){_BRACED}\}}\s*\{{\s*{_SIGN}\s*(?P<bracket>\()?\s*(?P<name>{NAME_OR_SQUARE})\s*(?(bracket)\))\s*\}}"
)


def squared(text: str, scope: Scope) -> Scope:
    """Return the scope of a block with the squares that its derivatives are by, positive numbers, in place of their roots."""
    context = scope.context
    found = {name for by in _BY.finditer(text) if root_of(name := canonical(by["name"]) or "")} - context.symbols.keys()
    for name in sorted(found):
        root = context.symbols.get(root_of(name))
        if root is not None and (root.shape != SCALAR or root.family or root.along or root.name in context.definitions):
            continue
        symbol = Symbol(name, SCALAR, frozenset({"positive"}), inferred=root is None, span=root.span if root else None)
        kept = {n: s for n, s in context.symbols.items() if s is not root}
        context = replace(context, symbols={**kept, name: symbol})
        scope = replace(scope, declared=tuple(name if root and n == root.name else n for n in scope.declared))
    return replace(scope, context=context)
