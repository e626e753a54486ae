"""What a block declares, put on top of what its section hands down.

A context stays consistent: no name is both a size and a symbol, a size that was only inferred gives way to one that is declared,
and what was defined through a name that now means something else is forgotten, by name.
"""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace

from mdderive.latex.elaborate import Resolution
from mdderive.latex.letters import numbering
from mdderive.model.conjugation import complex_by_use, over_complex, with_conjugates
from mdderive.model.context import Constraint, Context, ElementwiseFunction, Family, Symbol, mentioned
from mdderive.model.diagnostics import Finding, Label
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, size
from mdderive.model.source import Span
from mdderive.reading.statements import Declaration, FunctionDeclaration, SizeRelation, Statement, Unreadable

_ADJOINT = re.compile(r"\^\s*\{?\s*(?:\\math(?:rm|sf)\s*\{?\s*)?H(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Scope:
    """The context of a block before its formulas are read.

    `declared` are the names its lines declare, `anew` those of them that meant something else before; `failed` are names that an
    unreadable line would have given a meaning; `stale` maps a forgotten name to the one it was defined through.
    """

    context: Context
    declared: tuple[str, ...] = ()
    anew: tuple[str, ...] = ()
    failed: frozenset[str] = frozenset()
    stale: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def handed_down(context: Context) -> Context:
    """Return a context for the next block: its symbols stand in another text, so their places are left out."""
    return replace(context, symbols={name: replace(symbol, span=None) for name, symbol in context.symbols.items()})


def forget(context: Context, names: Set[str]) -> tuple[Context, dict[str, str]]:
    """Return the context without `names` and all that was defined through them, which is returned as well."""
    stale: dict[str, str] = {}
    bodies = {name: f.body for name, f in context.elementwise.items() if f.body is not None}
    for name, value in [*context.definitions.items(), *bodies.items()]:
        through = mentioned(value) & (names | stale.keys())
        if through and name not in names:
            stale[name] = min(through)
    gone = names | stale.keys()
    kept = replace(
        context,
        symbols={n: s for n, s in context.symbols.items() if n not in gone},
        definitions={n: e for n, e in context.definitions.items() if n not in gone},
        elementwise={n: f for n, f in context.elementwise.items() if n not in gone},
        unknown={n: y for n, y in context.unknown.items() if n not in gone},
        premises=tuple(p for p in context.premises if not (mentioned(p.left) | mentioned(p.right)) & gone),
    )
    return kept, stale


def declare(statements: Iterable[Statement], inherited: Context) -> Scope:
    """Return the scope that the declarations among the statements make of an inherited context."""
    return _Declaring(tuple(statements)).scope(inherited)


class _Declaring:
    """Collects what a block declares; the first of two declarations counts."""

    def __init__(self, statements: tuple[Statement, ...]) -> None:
        self.own: dict[str, Declaration | FunctionDeclaration] = {}
        self.failed: set[str] = set()
        self.findings: list[Finding] = []
        for statement in statements:
            if isinstance(statement, Unreadable):
                self.findings.append(statement.finding)
                self.failed.update(statement.names)
            elif isinstance(statement, Declaration | FunctionDeclaration):
                self._take(statement)
        self.relations = [s for s in statements if isinstance(s, SizeRelation)]
        self.sizes: dict[str, Span] = {}
        for declared in self.own.values():
            if isinstance(declared, Declaration):
                for dim in (*declared.shape, *filter(None, declared.counts)):
                    self.sizes |= {name: declared.span for name in dim.letters if name not in self.sizes}

    def _take(self, new: Declaration | FunctionDeclaration) -> None:
        old = self.own.setdefault(new.name, new)
        if isinstance(old, Declaration) and isinstance(new, Declaration) and old.shape == new.shape:
            self.own[new.name] = replace(old, properties=old.properties | new.properties)
        elif replace(old, span=new.span) != new:
            facts = {"name": new.name, "first": _words(old), "second": _words(new)}
            self._refuse("DRV115", new.span, new.name, facts, old.span)

    def _refuse(self, code: str, span: Span, name: str, facts: Mapping[str, str], other: Span | None) -> None:
        labels = (Label(other, {"en": "the first is here", "zh": "前者在此"}),) if other else ()
        self.findings.append(Finding(code, span, facts, labels))
        self.failed.add(name)

    def scope(self, inherited: Context) -> Scope:
        context = _apart(inherited, self.own.keys() | self.sizes.keys())
        anew = tuple(name for name in self.own if self._changes(name, context))
        context, stale = forget(context, set(anew))
        context = self._extended(context)
        self._keep_apart(context)
        self._refuse_arguments(context)
        context = replace(context, constraints=(*context.constraints, *self._constraints(context)))
        return Scope(context, tuple(self.own), anew, frozenset(self.failed), stale, tuple(self.findings))

    def _changes(self, name: str, context: Context) -> bool:
        """Tell whether a name that meant something means something else by its new declaration."""
        new = self.own[name]
        if isinstance(new, FunctionDeclaration):
            same = context.unknown.get(name) == new.argument if new.argument else name in context.elementwise
            return not same and (name in context.symbols or name in context.unknown or name in context.elementwise)
        known = context.symbols.get(name)
        return (
            name in context.elementwise
            or name in context.unknown
            or (known is not None and (known.shape, known.along) != (new.shape, new.along))
        )

    def _extended(self, context: Context) -> Context:
        symbols, elementwise, unknown = dict(context.symbols), dict(context.elementwise), dict(context.unknown)
        for name, new in self.own.items():
            if isinstance(new, FunctionDeclaration) and new.argument:
                unknown[name] = new.argument
            elif isinstance(new, FunctionDeclaration):
                known = elementwise.get(name)
                elementwise[name] = known if known and not known.inferred else ElementwiseFunction(name)
            else:
                family = Family(*numbering(name), new.counts) if new.counts else None
                symbols[name] = Symbol(name, new.shape, new.properties, span=new.span, along=new.along, family=family)
        for parameter in {s.along: None for s in symbols.values() if s.along}:
            symbols.setdefault(parameter, Symbol(parameter, SCALAR))
        return with_conjugates(replace(context, symbols=symbols, elementwise=elementwise, unknown=unknown))

    def _refuse_arguments(self, context: Context) -> None:
        """Refuse letters that are functions of something else than a scalar that stands for itself."""
        for name, new in self.own.items():
            symbol = context.symbols.get(name)
            if symbol is None or not symbol.along or symbol.span != new.span:
                continue
            parameter = context.symbols[symbol.along]
            free = parameter.shape == SCALAR and not parameter.along and parameter.name not in context.definitions
            if not free:
                other = self.own.get(parameter.name)
                facts = {"name": name, "parameter": parameter.name}
                self._refuse("DRV129", new.span, name, facts, other.span if other and other is not new else None)

    def _keep_apart(self, context: Context) -> None:
        """Refuse names that are sizes and something else."""
        names = context.symbols.keys() | context.unknown.keys() | context.elementwise.keys()
        for name in sorted(context.lengths() & names):
            places = [s.span for s in [self.own.get(name)] if s] + [self.sizes[n] for n in [name] if n in self.sizes]
            if places:
                self._refuse("DRV116", max(places), name, {"name": name}, min(places) if len(places) > 1 else None)

    def _constraints(self, context: Context) -> list[Constraint]:
        lengths = context.lengths()
        found = []
        for s in self.relations:
            sizes = lengths if s.relation == "=" else lengths | context.sizes
            unknown = [side for side in (s.left, s.right) if not side.isdigit() and side not in sizes]
            if is_constraint(s, sizes):
                found.append(Constraint(s.left, s.relation, s.right))
            elif s.relation != "=":
                self.findings.append(_no_size(s, unknown[0] if unknown else s.left, context))
        return found


def _no_size(s: SizeRelation, name: str, context: Context) -> Finding:
    """Return why a relation compares no sizes; where it is about a letter, with the declaration that may be meant."""
    symbol = context.symbols.get(name)
    if name in context.definitions or (symbol is None and "0" not in (s.left, s.right)):  # every size is more than 0
        return Finding("DRV122", s.span, {"name": name})
    square, column = Shape(size("n"), size("n")), Shape(size("n"), ONE)
    declared = symbol.shape if symbol else square if name.isupper() else column
    shape, relation = str(declared), s.relation
    entries = f"{name}: {shape}, positive"
    advice = (f"write {entries}", f"请写作 {entries}")
    if declared.rows == declared.cols != ONE:
        advice = (
            f"write {name}: {shape}, positive definite (x^T {name} x > 0), or {entries} (every entry)",
            f"请写作 {name}: {shape}, positive definite（x^T {name} x > 0），或 {entries}（每个元素）",
        )
    return Finding("DRV136", s.span, {"name": name, "relation": relation, "advice": advice[0], "advice_zh": advice[1]})


def is_constraint(s: SizeRelation, sizes: Set[str]) -> bool:
    """Tell whether a relation is one between sizes, at least one of them a letter."""
    sides = (s.left, s.right)
    return any(side in sizes for side in sides) and all(side in sizes or side.isdigit() for side in sides)


def _words(declared: Declaration | FunctionDeclaration) -> str:
    if isinstance(declared, Declaration):
        return str(declared.shape)
    return f"scalar function of {declared.argument}" if declared.argument else "elementwise"


def _apart(context: Context, names: Set[str]) -> Context:
    """Return the context with other letters for those sizes that were inferred and whose letter is now declared."""
    own = {
        n
        for s in context.symbols.values()
        if not s.inferred and s.name not in context.definitions
        for dim in s.shape
        for n in dim.letters
    }
    own |= {side for c in context.constraints for side in (c.left, c.right)}
    taken = names | context.lengths() | context.symbols.keys()
    free = (f"{letter}_{i}" for i in range(1, 1000) for letter in "nmpq" if f"{letter}_{i}" not in taken)
    clashing = sorted((context.lengths() - own) & names)
    if not clashing:
        return context
    other = Resolution(context, (), {name: Dim(1, (next(free),)) for name in clashing})
    return replace(
        context,
        symbols={n: other.symbol(s) for n, s in context.symbols.items()},
        definitions={n: other.expr(e) for n, e in context.definitions.items()},
        premises=tuple(replace(p, left=other.expr(p.left), right=other.expr(p.right)) for p in context.premises),
    )


def over_complex_by_use(text: str, scope: Scope) -> Scope:
    """Return the scope of a block in which `X^{H}` stands: its letters are complex, where it does not say which ones are."""
    context = scope.context
    if over_complex(context) or "H" in context.symbols or _ADJOINT.search(text) is None:
        return scope
    return replace(scope, context=complex_by_use(context))
