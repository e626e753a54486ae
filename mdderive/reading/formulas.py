r"""The formulas of a block to what each of them states, still without shapes: definition, goal, premise or equations.

A formula that defines a name is told from one that claims something by what is known of the name, never by its shape. Each
relation of the text is in exactly one of the results, or in a finding.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from mdderive.latex import syntax
from mdderive.latex.letters import Names, names_of, numbering, numbers_entries, square_of
from mdderive.latex.notation import DOTS, EQUALS, RESERVED
from mdderive.latex.parse import parse_statement
from mdderive.latex.syntax import Relations, Syntax, has, places, walk
from mdderive.model.conjugation import conjugated_name
from mdderive.model.context import Context, mentioned
from mdderive.model.diagnostics import Finding
from mdderive.model.shapes import ONE, SCALAR
from mdderive.model.source import Span
from mdderive.reading.asking import asks_for_value, between_implications, derivative_that_is, for_each_letter, says_zero
from mdderive.reading.evidence import by_entries, no_scalars, stands_before_a_letter
from mdderive.reading.families import defined_families
from mdderive.reading.reach import reached
from mdderive.reading.scope import Scope, is_constraint
from mdderive.reading.statements import Formula, PremiseLine, SizeRelation, Statement


@dataclass(frozen=True, slots=True)
class Definition:
    """`name = value`, or `name(argument) = value`; `sides` are all sides where more equations follow, which are claims.

    With `indices`, it defines all members of a family at once: `z_i = w^T x_i`.
    """

    span: Span
    name: str
    name_span: Span
    value: Syntax
    sides: tuple[Syntax, ...] = ()
    argument: str = ""
    indices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """`name(parameter) = body`."""

    span: Span
    name: str
    parameter: str
    body: Syntax


@dataclass(frozen=True, slots=True)
class PremiseFormula:
    """`given: left = right`."""

    span: Span
    left: Syntax
    right: Syntax


@dataclass(frozen=True, slots=True)
class Goal:
    """A derivative, with what is stated to equal it, if anything, and the equations said to follow where that is zero."""

    span: Span
    node: Syntax
    stated: Syntax | None = None
    solutions: tuple[tuple[Syntax, Syntax], ...] = ()


@dataclass(frozen=True, slots=True)
class Equations:
    """Chains of sides, neighbours of which are said to be equal."""

    span: Span
    chains: tuple[tuple[Syntax, ...], ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A formula that cannot be read; `defines` is the name it would have defined."""

    span: Span
    finding: Finding
    defines: str = ""


Item = Definition | FunctionDefinition | PremiseFormula | Goal | Equations | Refused


def read_formulas(text: str, statements: Iterable[Statement], scope: Scope) -> tuple[Item, ...]:
    """Return what the formulas among the statements state, in order."""
    sizes = scope.context.lengths()
    lines = [s.formula if isinstance(s, SizeRelation) else s for s in statements if not _only_sizes(s, sizes)]
    names = _names(text, scope.context, lines)
    reading = _Reading(text, scope.context, names, sizes)
    items = reading.items(lines)
    if found := {letter: count for letter, count in _undeclared_families(items) if letter not in names.families}:
        reading = _Reading(text, scope.context, replace(names, families={**names.families, **found}), sizes)
        items = reading.items(lines)
    if any(stands_before_a_letter("d", side) for item in items for side in items_sides(item)):
        return tuple(reading.without_differential(item) for item in items)
    return items


def _undeclared_families(items: Iterable[Item]) -> Iterator[tuple[str, int]]:
    """Yield the letters of which a sum takes many, each with how many indices it has: the block knows them everywhere then."""
    for node in (node for item in items for side in items_sides(item) for node in walk(side)):
        if isinstance(node, syntax.Member) and isinstance(node.args[0], syntax.Letter):
            yield node.args[0].name, len(node.places)


def mentions(node: Syntax) -> Iterator[syntax.Letter | syntax.Applied]:
    """Yield the nodes of a syntax tree that name a letter or a function; the letter of a family alone names nothing."""
    if isinstance(node, syntax.Member):
        return
    if isinstance(node, syntax.Letter | syntax.Applied):
        yield node
    for arg in node.args:
        yield from mentions(arg)


def name_of(node: syntax.Letter | syntax.Applied) -> str:
    """Return the name of a node that `mentions` yields, without primes."""
    return node.name.rstrip("'")


def items_sides(item: Item) -> tuple[Syntax, ...]:
    """Return the syntax trees an item consists of."""
    match item:
        case Definition():
            return (item.value, *item.sides[2:])
        case FunctionDefinition():
            return (item.body,)
        case PremiseFormula():
            return (item.left, item.right)
        case Goal():
            said = (side for pair in item.solutions for side in pair if not isinstance(side, syntax.Ask))
            return (item.node, *([item.stated] if item.stated else []), *said)
        case Equations():
            return tuple(side for chain in item.chains for side in chain)
        case Refused():
            return ()


def in_order(
    items: Iterable[Item],
) -> tuple[list[Definition | FunctionDefinition], list[list[Definition | FunctionDefinition]], set[str]]:
    """Return the definitions, each behind those it mentions; the circles among them; and the names that lead into a circle."""
    waiting = {i.name: i for i in items if isinstance(i, Definition | FunctionDefinition)}
    needs = {name: _mentioned(item) & waiting.keys() for name, item in waiting.items()}
    ordered: list[Definition | FunctionDefinition] = []
    while ready := [name for name in waiting if not needs[name] & waiting.keys()]:
        ordered += (waiting.pop(name) for name in ready)
    leads = {name: reached(name, lambda n: needs.get(n, ())) for name in waiting}
    circles = [[other for other in waiting if other in leads[name] and name in leads[other]] for name in waiting]
    own = [circle for name, circle in zip(waiting, circles, strict=True) if circle[:1] == [name]]
    return ordered, [[waiting[name] for name in circle] for circle in own], set(waiting)


def _mentioned(item: Item) -> frozenset[str]:
    own = {item.parameter} if isinstance(item, FunctionDefinition) else set()
    found = {name_of(node) for side in items_sides(item) for node in mentions(side)}
    nodes = [n for side in items_sides(item) for n in walk(side)]
    members = {n.args[0].name for n in nodes if isinstance(n, syntax.Member) and isinstance(n.args[0], syntax.Letter)}
    members -= {item.name} if isinstance(item, Definition) and not item.indices else set()  # y = [y_1, \dots, y_N]
    return frozenset(found | {*map(square_of, found)} | members | {index for n in nodes for index in places(n)}) - own


def _only_sizes(s: Statement, sizes: frozenset[str]) -> bool:
    return isinstance(s, SizeRelation) and (s.relation != "=" or is_constraint(s, sizes))


def _names(text: str, context: Context, lines: Iterable[Statement]) -> Names:
    """Return the names the parser has to know: those of the context and those that the lines define."""
    known = names_of(context)
    formulas = [line for line in lines if isinstance(line, Formula) and line.defines]
    functions = {f.defines for f in formulas if f.parameter} - known.symbols - known.moving.keys()
    dotted = {f"{dot}{{{name}}}" for dot in DOTS for name in known.moving}
    symbols = {f.defines for f in formulas if not f.parameter} - functions - known.functions - dotted
    symbols = {name for name in symbols if name in known.symbols or not numbers_entries(name, known.symbols | symbols)}
    symbols -= {*map(square_of, known.symbols | symbols)} - known.symbols  # a claim about a letter that is known
    families = defined_families(text, (f for f in formulas if f.defines in symbols), known)
    letters = known.symbols | {name for name in symbols if numbering(name)[0] not in families}
    return replace(known, symbols=letters, functions=known.functions | functions, families={**known.families, **families})


@dataclass
class _Reading:
    """Reads lines one after the other; `own` are the names that were defined so far, `tied` those that a premise speaks of."""

    text: str
    context: Context
    names: Names
    sizes: frozenset[str]
    own: set[str] = field(default_factory=set)
    made_of: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.made_of |= {name: mentioned(value) for name, value in self.context.definitions.items()}
        self.tied = {name for p in self.context.premises for side in (p.left, p.right) for name in self._roots(mentioned(side))}
        self.names = self._valued(self.context.definitions.keys())

    def _valued(self, names: Iterable[str]) -> Names:
        """Return what the parser has to know once some names stand for values."""
        made_of, known = dict[str, frozenset[str]](), self.names
        for name in names:  # in order, so that what an earlier one leads to is known already
            inner = self.made_of.get(name, frozenset())
            made_of[name] = inner.union(*(made_of[n] if n in made_of else self._roots({n}) for n in inner)) - {name}
        functions, symbols = known.functions - made_of.keys(), known.symbols | made_of.keys()
        return replace(known, functions=functions, symbols=symbols, valued={**known.valued, **made_of})

    def _is_value(self, parameter: str, body: Syntax) -> bool:
        """Tell whether `f(X) = …` defines a value: X is declared, and no number where the formula acts on every entry.

        An undeclared letter is no number under a transpose or a norm, nor is what is written out as a matrix a function of it.
        A formula that its letter does not stand in gives a value: other letters are made of it.
        """
        symbol = self.context.symbols.get(parameter)
        if symbol is None or symbol.inferred:
            named = {name_of(node) for node in mentions(body)}
            elsewhere = parameter not in named and (bool(named) or has(body, syntax.Member))
            return elsewhere or parameter in no_scalars(body) or has(body, syntax.Matrix)
        if symbol.shape == SCALAR:  # a sum or product over samples, and what is made of such a value
            of_values = any(name_of(node) in self.names.called for node in mentions(body))
            return of_values or has(body, syntax.Matrix, syntax.OverIndex)
        return symbol.shape.cols != ONE or not by_entries(body)

    def _roots(self, names: Iterable[str]) -> set[str]:
        """Return names, and those that the definitions so far lead to from them."""
        names = set(names)
        return names.union(*(reached(name, lambda n: self.made_of.get(n, ())) for name in names & self.made_of.keys()))

    def items(self, lines: Iterable[Statement]) -> tuple[Item, ...]:
        """Return what lines state."""
        return tuple(item for line in lines if isinstance(line, Formula | PremiseLine) for item in self.line(line))

    def line(self, line: Formula | PremiseLine) -> Iterator[Item]:
        """Yield what a line states."""
        if isinstance(line, Formula) and line.arguments and not self._fixed(line.defines):
            self.made_of[line.defines] = line.arguments
            self.names = replace(self._valued({line.defines}), called=self.names.called | {line.defines})
        place = line.formula if isinstance(line, PremiseLine) else line.span
        chains = parse_statement(self.text, place.start, place.end, self.names)
        if isinstance(chains, Finding):
            name = line.defines if isinstance(line, Formula) and not self._fixed(line.defines) else ""
            yield Refused(line.span, chains, name)
        elif isinstance(line, PremiseLine):
            premise = self._premise(line, chains)
            self.tied |= self._roots(_mentioned(premise))
            yield premise
        elif line.parameter and line.defines != "d" and self._reserved(line.defines):
            yield Refused(line.span, Finding("DRV141", chains[0].sides[0].span, {"name": line.defines}), line.defines)
        elif line.parameter and self._defines_function(line, chains) and self._is_value(line.parameter, chains[0].sides[1]):
            left, value = chains[0].sides
            definition = Definition(line.span, line.defines, left.span, value, argument=line.parameter)
            self._note(definition)
            self.names = replace(self.names, called=self.names.called | {line.defines})
            yield definition
        elif line.parameter and self._defines_function(line, chains):
            function = FunctionDefinition(line.span, line.defines, line.parameter, chains[0].sides[1])
            self._note(function)
            yield function
        else:
            each = (single for chain in chains for single in for_each_letter(chain))
            yield from self._joined(line, [item for chain in each for item in self._chain(chain)])

    def _premise(self, line: PremiseLine, chains: tuple[Relations, ...]) -> Item:
        if len(chains) == 1 and len(chains[0].sides) == 2 and chains[0].relations[0] in EQUALS:
            return PremiseFormula(line.span, *chains[0].sides)
        return Refused(line.span, Finding("DRV218", line.formula))

    def _joined(self, line: Formula, items: list[Item]) -> Iterator[Item]:
        """Yield items; those of one line that only claim something are one item."""
        if items and all(isinstance(item, Equations) for item in items):
            yield Equations(line.span, tuple(c for item in items if isinstance(item, Equations) for c in item.chains))
        elif len(items) == 1 and isinstance(items[0], Goal):
            yield Goal(line.span, items[0].node, items[0].stated, items[0].solutions)
        else:
            yield from items

    def _chain(self, chain: Relations) -> Iterator[Item]:
        """Yield what a chain states; an implication joins chains of their own, unless it solves a goal set to zero."""
        parts = between_implications(chain)
        conditional = False
        while parts:
            item = self._part(parts.pop(0))
            if isinstance(item, Goal) and says_zero(item.stated) and parts:
                item, parts = self._solved(item, parts), []
            if conditional and isinstance(item, Definition):  # what follows only under a condition defines nothing
                self.own.discard(item.name)
                self.made_of.pop(item.name, None)
                span = chain.sides[0].span.join(item.span)
                relation = next(r for r in chain.relations if r not in EQUALS)
                yield Refused(span, Finding("DRV124", self._relation(span, relation), {"relation": relation}))
                return
            conditional = True
            yield item

    def _solved(self, goal: Goal, parts: list[Relations]) -> Item:
        """Return a goal set to zero with the equations that are said to follow, each about its variable."""
        span = goal.span.join(parts[-1].sides[-1].span)
        by = by.args[1] if (by := derivative_that_is(goal.node)) else goal.node
        name = _spelled(by.args[0] if isinstance(by, syntax.Member) else by)
        name = known.conjugate or name if (known := self.context.symbols.get(name)) else name
        for part in parts:
            about = len(part.sides) == 2 and (part.sides[0] == by or self._about(name, *part.sides))
            if not about or part.relations[0] not in EQUALS:
                place = part.sides[0].span.join(part.sides[-1].span)
                return Refused(span, Finding("DRV125", place, {"name": name}))
        return Goal(span, goal.node, goal.stated, tuple((part.sides[0], part.sides[1]) for part in parts))

    def _about(self, name: str, left: Syntax, right: Syntax) -> bool:
        """Tell whether an equation says something about a name: what it is (`?` asks), or how it fits what is known."""
        if isinstance(left, syntax.Letter):
            asked = left.name == name
            return asked or (left.name in self.names.symbols and name in map(name_of, mentions(right)))
        return not isinstance(right, syntax.Ask) and any(name in map(name_of, mentions(side)) for side in (left, right))

    def _part(self, part: Relations) -> Item:
        sides, span = part.sides, part.sides[0].span.join(part.sides[-1].span)
        derivative = derivative_that_is(sides[0])
        if asks_for_value(sides):
            return Goal(span, sides[0])
        if len(sides) == 1:
            return Refused(span, Finding("DRV123", span))
        for before, relation, after in zip(sides, part.relations, sides[1:], strict=False):
            if relation not in EQUALS:
                place = Span(before.span.end, after.span.start)
                return Refused(span, Finding("DRV124", self._relation(place, relation), {"relation": relation}))
        if derivative is not None and len(sides) == 2:
            return Goal(span, sides[0], sides[1])
        if isinstance(first := sides[0], syntax.Letter):
            if self._reserved(first.name):
                return Refused(span, Finding("DRV141", first.span, {"name": first.name}), first.name)
            if self._defines(first.name, sides) and not (part.beside and first.name in self.context.symbols):
                definition = Definition(span, first.name, first.span, sides[1], sides if len(sides) > 2 else ())
                self._note(definition)
                return definition
        match first:
            case syntax.Member((syntax.Letter(name=letter),), places=own) if self._defines(letter, sides):
                definition = Definition(span, letter, first.span, sides[1], sides if len(sides) > 2 else (), indices=own)
                self.own.add(letter)
                self.made_of[letter] = _mentioned(definition)
                return definition
        return Equations(span, (sides,))

    def _note(self, definition: Definition | FunctionDefinition) -> None:
        """Remember what a definition defines and mentions; a value is not applied to a letter that it is made of, `f(X)` is f."""
        self.own.add(definition.name)
        self.made_of[definition.name] = _mentioned(definition)
        if isinstance(definition, Definition):
            self.names = self._valued({definition.name})

    def _relation(self, between: Span, relation: str) -> Span:
        at = self.text.find(relation, *between)
        return Span(at, at + len(relation)) if at >= 0 else between

    def _reserved(self, name: str) -> bool:
        """Tell whether a name means something by itself and is not declared."""
        return name in RESERVED and name not in self.context.symbols and name not in self.sizes

    def without_differential(self, item: Item) -> Item:
        """Refuse a definition of an undeclared d, for a block in which d also stands where a differential would."""
        if isinstance(item, Definition) and item.name == "d" and "d" not in self.context.symbols:
            return Refused(item.span, Finding("DRV141", item.name_span, {"name": "d"}), "d")
        return item

    def _fixed(self, name: str) -> bool:
        """Tell whether a name has a meaning that no definition may give it again, or would be pinned where a premise stands."""
        conjugate = (
            self.names.conjugates and (bare := conjugated_name(name)) and (bare in self.own or self.context.has(bare, "complex"))
        )
        return bool(conjugate) or name in self.own or name in self.sizes or name in self.context.unknown or name in self.tied

    def _defines(self, name: str, sides: tuple[Syntax, ...]) -> bool:
        """Tell whether a chain defines the name it begins with: a declared name in its own value is a claim about it."""
        if self._fixed(name) or name in self.context.families() or any(has(s, syntax.Differential) for s in sides):
            return False
        symbol = self.context.symbols.get(name)
        if len(sides) > 2 and name in self.context.definitions:
            return False
        return symbol is None or symbol.inferred or name not in map(name_of, mentions(sides[1]))

    def _defines_function(self, line: Formula, chains: tuple[Relations, ...]) -> bool:
        known = self._fixed(line.defines) or line.defines in self.context.symbols or line.defines == "d"
        known = known or any(line.parameter == family.name for family in self.context.families().values())
        return not known and len(chains) == 1 and len(chains[0].sides) == 2 and chains[0].relations[0] in EQUALS


def _spelled(node: Syntax) -> str:
    """Return the letter that a node is; an empty text where it is none."""
    return node.name if isinstance(node, syntax.Letter) else ""
