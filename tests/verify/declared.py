"""Contexts from short declarations, for tests of the judge."""

import re
from dataclasses import replace

from mdderive.latex.elaborate import read, read_equation
from mdderive.model.context import Constraint, Context, ElementwiseFunction, Premise, Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr
from mdderive.model.results import Verdict
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, size
from mdderive.verify.holds import holds


def context(*lines: str, where: dict[str, str] | None = None, given: tuple[str, ...] = ()) -> Context:
    """Return a context from lines such as `X: m x n, symmetric`, `m >= n`, `\\sigma: elementwise`, `f: scalar function of Y`."""
    found = Context()
    for line in lines:
        found = _declared(found, line)
    for name, text in (where or {}).items():
        value = expression(text, found)
        symbols = {**found.symbols, name: Symbol(name, value.shape)}
        found = replace(found, symbols=symbols, definitions={**found.definitions, name: value})
    return replace(found, premises=tuple(Premise(*equation(text, found)) for text in given))


def _declared(found: Context, line: str) -> Context:
    if relation := re.fullmatch(r"(\w+) (>=|>|=) (\w+)", line):
        return replace(found, constraints=(*found.constraints, Constraint(*relation.groups())))
    name, _, said = line.partition(": ")
    first, *properties = said.split(", ")
    if first == "elementwise":
        return replace(found, elementwise={**found.elementwise, name: ElementwiseFunction(name)})
    if first.startswith("scalar function of "):
        return replace(found, unknown={**found.unknown, name: first.split()[-1]})
    rows, _, cols = first.partition(" x ")
    shape = SCALAR if first == "scalar" else Shape(_size(rows), _size(cols) if cols else ONE)
    return replace(found, symbols={**found.symbols, name: Symbol(name, shape, frozenset(properties))})


def _size(word: str) -> Dim:
    return size(int(word) if word.isdigit() else word)


def expression(text: str, ground: Context) -> Expr:
    found = read(text, ground)
    assert not isinstance(found, Finding), (text, found.message())
    return found


def equation(text: str, ground: Context) -> tuple[Expr, Expr]:
    found = read_equation(text, ground)
    assert not isinstance(found, Finding), (text, found.message())
    return found


def judged(text: str, *lines: str, where: dict[str, str] | None = None, given: tuple[str, ...] = (), seed: int = 0) -> Verdict:
    """Return the verdict on an equation under declarations."""
    ground = context(*lines, where=where, given=given)
    return holds(*equation(text, ground), ground, seed=seed, text=text)
