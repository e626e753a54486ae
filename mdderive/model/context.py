"""What the declarations of a block say: the one thing that reading, deriving and judging all know.

A `Context` is immutable; statements extend it with `replace`. Names are spelled as the author declared them.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from mdderive.model.expr import BINDERS, Expr, leaf, rebuilt, units
from mdderive.model.properties import IMPLIED_BY
from mdderive.model.shapes import Dim, Shape
from mdderive.model.source import Span


@dataclass(frozen=True, slots=True)
class Family:
    """What makes a symbol one for every value of an index, or of two: the letter that is numbered, the indices that it was
    declared with, and how far each of them runs, once that is told."""

    letter: str
    indices: tuple[str, ...]
    counts: tuple[Dim | None, ...] = (None,)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A declared or inferred letter; `along` is the scalar it is a function of, where it was declared as `x(t)`.

    `argument` is the letter in `f(x) = …` where that defines a value, which may be made of more letters. A `family` is declared
    by one of its members: `x_i` stands for every x_j, of this shape and with these properties. `conjugate` is the complex letter
    of which it is the conjugate.
    """

    name: str
    shape: Shape
    properties: frozenset[str] = frozenset()
    inferred: bool = False
    along: str = ""
    argument: str = ""
    family: Family | None = None
    conjugate: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ElementwiseFunction:
    """`name: elementwise` (no body), or `name(parameter) = body` with scalar parameter and body; `inferred` from use alone."""

    name: str
    parameter: str = ""
    body: Expr | None = None
    inferred: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Constraint:
    """`left relation right` between two sizes; `relation` is `>=`, `>` or `=`."""

    left: str
    relation: str
    right: str


@dataclass(frozen=True, slots=True)
class Premise:
    """`given: left = right`."""

    left: Expr
    right: Expr


MOVED = "°"  # in the name of a letter that no note writes: it moves alone, L°t is L as a function of t°, or is held still


def mentioned(e: Expr) -> frozenset[str]:
    """Return the names that stand in an expression: symbols and functions."""
    return frozenset(node.name.rstrip("'") for node in e.walk() if node.op in ("sym", "member", "fn", "apply"))


def closure(e: Expr, context: "Context") -> set[str]:
    """Return the letters that an expression depends on, also through definitions and unknown functions."""
    reached: set[str] = set()
    waiting = [e]
    while waiting:
        for name in mentioned(waiting.pop()) - reached:
            reached.add(name)
            own = context.elementwise.get(name)
            waiting += [own.body] if own is not None and own.body is not None else []
            inner = context.unknown.get(name, "")
            waiting += [context.definitions[n] for n in (name, inner) if n in context.definitions]
            reached |= {inner} - {""}
    return reached


def put_in(e: Expr, letter: Expr, value: Expr, context: "Context") -> Expr | None:
    """Return `e` with a value in place of a letter, definitions included; None where a derivative or an index is in the way."""
    if e == letter:
        return value
    if letter.name not in closure(e, context):
        return e
    if e.op == "sym" and e.name in context.definitions:
        return put_in(context.definitions[e.name], letter, value, context)
    function = e.op == "fn" and letter.name in closure(leaf("fn", e.shape, e.name), context)
    if not e.args or function or e.op in ("d", "deriv", "hess", "along", "at", "member") or (e.op in BINDERS and units(value)):
        return None
    args = [put_in(a, letter, value, context) for a in e.args]
    return None if None in args else rebuilt(e, tuple(a for a in args if a is not None))


def _nothing() -> Mapping[str, object]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Context:
    """Everything in force at a statement.

    `definitions` are in the author's order, each in terms of earlier names; `unknown` maps f to Y for `f: scalar function of
    Y`; `sizes` are named by I_n, 1_n and the bounds of sums alone, `undetermined` stand for sizes of I and 1 that nothing tells;
    `indices` are letters that number something, beside the usual ones or as a number; `layout` and `functions` are the options of
    the block.
    """

    symbols: Mapping[str, Symbol] = field(default_factory=_nothing)  # type: ignore[arg-type]
    definitions: Mapping[str, Expr] = field(default_factory=_nothing)  # type: ignore[arg-type]
    elementwise: Mapping[str, ElementwiseFunction] = field(default_factory=_nothing)  # type: ignore[arg-type]
    unknown: Mapping[str, str] = field(default_factory=_nothing)  # type: ignore[arg-type]
    constraints: tuple[Constraint, ...] = ()
    premises: tuple[Premise, ...] = ()
    sizes: frozenset[str] = frozenset()
    undetermined: frozenset[str] = frozenset()
    indices: frozenset[str] = frozenset()
    layout: str = "denominator"
    functions: str = "elementwise"

    @property
    def key(self) -> tuple[object, ...]:
        """All that is said, to tell contexts apart that say different things."""
        tables = (self.symbols, self.definitions, self.elementwise, self.unknown)
        names = (self.sizes, self.undetermined, self.indices)
        said = (self.constraints, self.premises, self.layout, self.functions)
        return (*(tuple(table.items()) for table in tables), *map(frozenset, names), *said)

    def has(self, name: str, prop: str) -> bool:
        """Tell whether the symbol `name` is declared with a property, or with one that implies it."""
        symbol = self.symbols.get(name)
        return symbol is not None and bool(symbol.properties & IMPLIED_BY[prop])

    def declaring(self, names: Container[str], prop: str) -> "Context":
        """Return the context in which some letters have one property more."""
        changed = {n: replace(s, properties=s.properties | {prop}) if n in names else s for n, s in self.symbols.items()}
        return replace(self, symbols=changed)

    def lengths(self) -> frozenset[str]:
        """Return the sizes of the letters, and of how many members the families have."""
        counts = (c for s in self.symbols.values() if s.family is not None for c in s.family.counts if c is not None)
        return frozenset(n for dim in (*counts, *(d for s in self.symbols.values() for d in s.shape)) for n in dim.letters)

    def families(self) -> Mapping[str, Symbol]:
        """Return the families by the letter that is numbered."""
        return {s.family.letter: s for s in self.symbols.values() if s.family is not None}

    def moving(self, parameter: str) -> tuple[str, ...]:
        """Return the letters that are functions of a scalar, in the order of their declaration."""
        return tuple(name for name, symbol in self.symbols.items() if symbol.along == parameter)
