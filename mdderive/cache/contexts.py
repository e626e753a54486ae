"""What a block leaves to those below it, as JSON and back: without places, which lie in the block that said it.

An expression that stands at several places is written once.
"""

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from mdderive.model.context import Constraint, Context, ElementwiseFunction, Family, Premise, Symbol
from mdderive.model.expr import Expr, Number
from mdderive.model.shapes import Dim, Shape


def written(context: Context) -> str:
    """Return a context as JSON: equal ones as the same text, but for the order of what is declared."""
    table = _Table()
    body = {
        "symbols": [[name, *_symbol(symbol)] for name, symbol in context.symbols.items()],
        "definitions": [[name, table.number(e)] for name, e in context.definitions.items()],
        "elementwise": [
            [name, f.name, f.parameter, None if f.body is None else table.number(f.body), f.inferred]
            for name, f in context.elementwise.items()
        ],
        "unknown": [*context.unknown.items()],
        "constraints": [[c.left, c.relation, c.right] for c in context.constraints],
        "premises": [[table.number(p.left), table.number(p.right)] for p in context.premises],
        "sets": [sorted(names) for names in (context.sizes, context.undetermined, context.indices)],
        "layout": context.layout,
        "functions": context.functions,
        "nodes": table.nodes,
    }
    return json.dumps(body, separators=(",", ":"))


def read(text: str) -> Context:
    """Return the context of a text that was written here."""
    body = json.loads(text)
    sizes, undetermined, indices = body["sets"]
    nodes: list[Expr] = []
    for op, args, shape, name, value in body["nodes"]:
        nodes.append(Expr(op, tuple(nodes[i] for i in args), _shape(shape), name, _number(value)))
    return Context(
        {key: _read_symbol(*row) for key, *row in body["symbols"]},
        {name: nodes[i] for name, i in body["definitions"]},
        {
            key: ElementwiseFunction(name, parameter, None if i is None else nodes[i], inferred)
            for key, name, parameter, i, inferred in body["elementwise"]
        },
        dict(body["unknown"]),
        tuple(Constraint(*row) for row in body["constraints"]),
        tuple(Premise(nodes[left], nodes[right]) for left, right in body["premises"]),
        frozenset(sizes),
        frozenset(undetermined),
        frozenset(indices),
        layout=body["layout"],
        functions=body["functions"],
    )


class _Table:
    """Expressions by number, each behind its arguments."""

    def __init__(self) -> None:
        self.nodes: list[list[Any]] = []
        self._numbers: dict[Expr, int] = {}

    def number(self, e: Expr) -> int:
        if e not in self._numbers:
            args = [self.number(a) for a in e.args]
            self.nodes.append([e.op, args, _sides(e.shape), e.name, e.value if isinstance(e.value, int) else str(e.value)])
            self._numbers[e] = len(self.nodes) - 1
        return self._numbers[e]


def _symbol(symbol: Symbol) -> list[object]:
    family = symbol.family
    told = family and [family.letter, family.index, family.count and [family.count.factor, family.count.names]]
    return [symbol.name, _sides(symbol.shape), sorted(symbol.properties), symbol.inferred, symbol.along, told]


def _read_symbol(name: str, shape: Any, properties: list[str], inferred: bool, along: str, family: Any) -> Symbol:
    told = family and Family(family[0], family[1], family[2] and _dim(family[2]))
    return Symbol(name, _shape(shape), frozenset(properties), inferred, along, told)


def _sides(shape: Shape) -> list[list[object]]:
    return [[dim.factor, dim.names] for dim in shape]


def _shape(sides: Iterable[Any]) -> Shape:
    return Shape(*map(_dim, sides))


def _dim(dim: Any) -> Dim:
    return Dim(dim[0], tuple(dim[1]))


def _number(value: int | str) -> Number:
    return Fraction(value) if isinstance(value, str) else value
