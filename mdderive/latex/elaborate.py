"""Syntax to typed, shaped expressions: the place where declarations, conventions and shapes decide every ambiguity.

An `Elaborator` reads several expressions in one context; sizes are unified over all of them, and `finish` puts in what was found.
Every letter is a scalar, a column, a row or a matrix from the start, so that a product can be grouped while it is read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain, count
from operator import is_

from mdderive.latex.indices import Indices
from mdderive.latex.letters import BY_CONVENTION, FOR_RULES, Letters, Names, base_letter, names_of
from mdderive.latex.parse import parse, parse_statement
from mdderive.latex.parser import Groups
from mdderive.latex.sums import settled
from mdderive.latex.syntax import Syntax
from mdderive.model.conjugation import over_complex, refuse_beyond
from mdderive.model.context import Context, Family, Symbol
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import Expr, make, units
from mdderive.model.shapes import Dim, Shape, size
from mdderive.model.source import Span

__all__ = ["BY_CONVENTION", "FOR_RULES", "Elaborator", "Letters", "Resolution", "base_letter", "read", "read_equation"]

_FRESH = ("n", "m", "p", "q", "r", "s", *(f"n_{i}" for i in range(1, 60)))


@dataclass(frozen=True, slots=True)
class Resolution:
    """What was found: the context with inferred symbols, and the sizes to put into expressions."""

    context: Context
    notices: tuple[Finding, ...]
    sizes: Mapping[str, Dim]

    def expr(self, e: Expr) -> Expr:
        """Return `e` with every size named."""
        if not self.sizes:
            return e
        args, shape = tuple([self.expr(a) for a in e.args]), self.shape(e.shape)
        if shape == e.shape and all(map(is_, args, e.args)):
            return e
        return Expr(e.op, args, shape, e.name, e.value, e.span)

    def exprs(self, trees: Iterable[Expr | None]) -> tuple[Expr | None, ...]:
        """Return trees with every size named, and nothing where there is none."""
        return tuple(e and self.expr(e) for e in trees)

    def shape(self, shape: Shape) -> Shape:
        """Return `shape` with every size named."""
        return Shape(self.dim(shape.rows), self.dim(shape.cols))

    def symbol(self, symbol: Symbol) -> Symbol:
        """Return `symbol` with every size named."""
        family = symbol.family
        if family is not None:
            family = replace(family, counts=tuple(count and self.dim(count) for count in family.counts))
        shape = self.shape(symbol.shape)
        return symbol if (shape, family) == (symbol.shape, symbol.family) else replace(symbol, shape=shape, family=family)

    def dim(self, dim: Dim) -> Dim:
        """Return a dimension with every size named."""
        return dim.with_sizes(lambda name: self.sizes.get(name) or size(name))


class Elaborator(Indices):
    """Reads expressions in a context that grows by definitions and by what is inferred."""

    def expression(self, syntax: Syntax) -> Expr:
        """Return the expression; its sizes may still be unknown. Raises `Refusal`."""
        built = self.build(syntax)
        if over_complex(self.context):
            refuse_beyond(self.unify.tree(built), self.context)
        return built

    def equate(self, left: Expr, right: Expr) -> tuple[Expr, Expr]:
        """Return both sides of an equation with equal shapes; raises `Refusal` with both places where they differ."""
        left, right = self.fitted("=", (left, right))
        return left, right

    def define(self, name: str, value: Expr, span: Span | None = None, argument: str = "") -> None:
        """Let later expressions refer to `name`; an index that is free in the value stands for one place, whichever."""
        symbols = {**self.context.symbols, name: Symbol(name, value.shape, span=span, argument=argument)}
        definitions = {**self.context.definitions, name: value}
        self.context = replace(self.context, symbols=symbols, definitions=definitions)

    def define_members(self, family: Family, value: Expr, span: Span | None = None) -> None:
        """Let later expressions refer to all members of a family at once; numbers without a family in them are a column."""
        letter, found = family.letter, units(value)
        name = f"{letter}_{family.indices[0]}" if len(family.indices) == 1 else f"{letter}_{{{''.join(family.indices)}}}"
        single = len(family.indices) == 1 and family.indices[0] in found and value.scalar
        if single and not any(node.op == "member" for node in value.walk()):
            unit = found[family.indices[0]]
            self.define(letter, make("sum", unit, self.multiplied((value, unit))), span)
            return
        counts = tuple(found[i].shape.rows if i in found else None for i in family.indices)
        symbol = Symbol(name, value.shape, family=replace(family, counts=counts), span=span)
        symbols, definitions = {**self.context.symbols, name: symbol}, {**self.context.definitions, name: value}
        self.context = replace(self.context, symbols=symbols, definitions=definitions)

    def names(self) -> Names:
        """Return the names that the parser has to know."""
        found = names_of(self.context)
        functions = found.functions | self.letters.functions | self.letters.unknown
        return replace(found, functions=functions)

    def finish(self) -> Resolution:
        """Return what was found; unknown sizes that nothing settles get letters of their own."""
        taken = {n for s in self.context.symbols.values() for d in s.shape for n in d.letters} | self.context.sizes
        taken |= self.context.symbols.keys() | self.context.indices
        taken |= {n for counts in self.counts.values() for dim in counts for n in self.unify.resolved(dim).letters}
        taken |= {n for dim in self.unify.known.values() for n in dim.letters if not n.startswith("?")}
        free = (n for n in chain(_FRESH, (f"n_{{{i}}}" for i in count(60))) if n not in taken)
        sizes: dict[str, Dim] = {}
        for i in range(1, self.unify.count + 1):
            dim = self.unify.resolved(Dim(1, (f"?{i}",)))
            for name in dim.letters:
                if name.startswith("?") and name not in sizes:
                    sizes[name] = Dim(1, (next(free),))
        named = set(sizes)
        for i in range(1, self.unify.count + 1):
            name = f"?{i}"
            if name not in sizes:
                sizes[name] = Resolution(self.context, (), sizes).dim(self.unify.resolved(Dim(1, (name,))))
        merged = {n: self.unify.resolved(d) for n, d in self.unify.known.items() if not n.startswith("?")}
        told = {n for s in self.context.symbols.values() for d in self.unify.shape(s.shape) for n in d.letters}
        told |= {n for counts in self.counts.values() for dim in counts for n in self.unify.resolved(dim).letters}
        loose = frozenset(n for name in named - told for n in sizes[name].letters)
        self.context = replace(self.context, undetermined=self.context.undetermined | loose)
        resolution = Resolution(self.context, tuple(self.notices), sizes | merged)
        return replace(resolution, context=self._resolved_context(resolution)) if sizes or self.counts else resolution

    def _resolved_context(self, resolution: Resolution) -> Context:
        symbols = dict(self.context.symbols)
        for name, counts in self.counts.items():
            family = symbols[name].family if name in symbols else None
            if family is not None:
                symbols[name] = replace(symbols[name], family=replace(family, counts=tuple(map(self.unify.resolved, counts))))
        symbols = {name: resolution.symbol(symbol) for name, symbol in symbols.items()}
        definitions = {n: resolution.expr(e) for n, e in self.context.definitions.items()}
        return replace(self.context, symbols=symbols, definitions=definitions)


def read(text: str, context: Context) -> Expr | Finding:
    """Return the expression that `text` states in `context`; spans are offsets into `text`."""
    syntax = parse(text, names=names_of(context))
    if isinstance(syntax, Finding):
        return syntax
    try:
        reader = Elaborator(context)
        found = reader.expression(*settled((syntax,)))
    except Refusal as refusal:
        return refusal.diagnostic
    return reader.finish().expr(found)


class Printed:
    """Reads back the lines of a derivation: equations in one context; what stood in an earlier line is not read again.

    Sides are known by their text, and so is what stands between brackets, whose meaning depends on nothing around it.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.names = names_of(context)
        self.sides: dict[str, Expr] = {}
        self.groups: Groups = {}
        self.syntax: list[Syntax] = []  # kept, so that no two nodes have the same identity
        self.reader = Elaborator(context, keeps=True)

    def equation(self, left: str, right: str) -> tuple[Expr, Expr] | Finding:
        """Return the two sides of a printed equation."""
        reader = self.reader
        try:
            sides = self._side(left), self._side(right)
            if not reader.unify.count and reader.context is self.context:  # nothing was inferred: each side stands by itself
                self.sides |= {left: sides[0], right: sides[1]}
                return reader.equate(*sides)
        except Refusal:
            pass
        self.reader = Elaborator(self.context, keeps=True)
        return read_equation(f"{left} = {right}", self.context)

    def _side(self, text: str) -> Expr:
        known = self.sides.get(text)
        if known is not None:
            return known
        syntax = parse(text, names=self.names, groups=self.groups)
        if isinstance(syntax, Finding):
            raise Refusal(syntax)
        self.syntax.append(syntax)
        return self.reader.expression(syntax)


def read_equation(text: str, context: Context) -> tuple[Expr, Expr] | Finding:
    """Return the two sides of the equation that `text` states in `context`."""
    chains = parse_statement(text, names=names_of(context))
    if isinstance(chains, Finding):
        return chains
    if len(chains) != 1 or len(chains[0].sides) != 2:
        return Finding("DRV218", Span(0, len(text)))
    try:
        reader = Elaborator(context)
        left, right = (reader.expression(side) for side in chains[0].sides)
        left, right = reader.equate(left, right)
    except Refusal as refusal:
        return refusal.diagnostic
    resolution = reader.finish()
    return resolution.expr(left), resolution.expr(right)
