r"""The ways in which a chain of sides can be read, the likeliest first: what its letters are, what varies, layout, functions.

A reading turns the sides into shaped trees in one context, sizes unified over all of them. What the words declare is the same in
all readings; what is left open is tried, and each choice costs so much as it is unlikely.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mdderive.latex import syntax
from mdderive.latex.elaborate import Elaborator, Letters
from mdderive.latex.letters import members
from mdderive.latex.syntax import Syntax, has, rewritten
from mdderive.model.context import Context, ElementwiseFunction, Premise, Symbol, closure
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import Expr, sym
from mdderive.model.properties import SQUARE
from mdderive.model.shapes import ONE, SCALAR, Shape, ShapeError
from mdderive.model.source import Span
from mdderive.reading.arbitrary import depend
from mdderive.reading.changes import CHANGES, LOGISTIC, MIXED, TOTAL, mixed
from mdderive.reading.known import Known
from mdderive.reading.partials import beside, partials
from mdderive.reading.reach import ordered
from mdderive.reading.shown_by_form import letters, naming, widened

NATURAL = 2
MAX_COST = 5
_FREE = Letters(lookalikes=False, spread=True)
_LINEAR = (syntax.Letter, syntax.Number, syntax.Sum, syntax.Neg, syntax.Product, syntax.Group)
_OF_NUMBERS = (*_LINEAR, *syntax.MOVING, syntax.Over, syntax.Power, syntax.SquareRoot, syntax.Applied)
_FUNCTIONAL = frozenset({"exp", "sin", "cos", "log", "sqrt", "sinh", "cosh"})


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One way to read: `cost` 0 is the likeliest, above `NATURAL` far-fetched; `turned` in another layout than is usual there.

    `unsized` are the letters of which the size that is said is left out; `numbers` where no sign of matrices stands in the
    sides and all letters are numbers; `worst` is what the least likely kind of a letter costs.
    """

    kinds: Mapping[str, str]
    layout: str
    functions: str
    moved: frozenset[str] | None
    cost: int
    unsized: frozenset[str] = frozenset()
    wide: bool = False
    changes: tuple[str, ...] = ()
    turned: bool = False
    numbers: bool = False
    worst: int = 0

    @property
    def key(self) -> tuple[object, ...]:
        """All that decides how the sides are read; what varies is for the judge."""
        return (tuple(self.kinds.items()), self.layout, self.functions, self.unsized, self.wide, self.changes)


@dataclass(frozen=True, slots=True)
class Read:
    """The sides of a chain in one reading; None for a side that does not fit, with the reason in `misfits`.

    Those in `apart` fit by themselves, but have another shape than the sides before them.
    """

    reading: Reading
    context: Context
    sides: tuple[Expr | None, ...]
    misfits: Mapping[int, Finding]
    varying: frozenset[str] | None
    notices: tuple[Finding, ...] = ()
    known: Known = field(default_factory=Known)
    apart: frozenset[int] = frozenset()

    def pair(self, index: int) -> tuple[Expr, Expr]:
        """Return both sides of the relation whose right side is the given one; they must fit."""
        left, right = self.sides[index - 1], self.sides[index]
        assert left is not None
        assert right is not None
        return left, right


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why nothing can be read in a reading: a definition does not fit, and does not in any other that agrees on `kinds`."""

    why: Finding
    reading: Reading
    known: Known
    kinds: Mapping[str, str]
    layout: bool

    def rules_out(self, other: Reading) -> bool:
        """Tell whether another reading fails for the same reason."""
        mine = self.reading
        if (other.functions, other.unsized, other.wide, other.changes) != (mine.functions, mine.unsized, mine.wide, mine.changes):
            return False
        if self.layout and other.layout != mine.layout:
            return False
        return all(other.kinds.get(name) == kind for name, kind in self.kinds.items())


def any_derivative(sides: Sequence[Syntax]) -> bool:
    """Tell whether a layout matters in some sides."""
    return any(has(s, syntax.Derivative, syntax.SecondDerivative) for s in sides)


def read(sides: Sequence[Syntax | None], known: Known, reading: Reading) -> Read | Unfit:
    """Return the sides in a reading, those left out as None, or why nothing of them can be read so."""
    sides = (mixed(sides) if MIXED in reading.changes else None) or sides
    symbols = {}
    every, kinds = beside(known, reading.kinds)
    for name, symbol in every.symbols.items():
        if name not in reading.unsized:
            symbols[name] = symbol
        elif name not in kinds:
            kinds[name] = _kind(symbol.shape)
    elementwise = {name: _function(name, known) for name in known.functions} | {LOGISTIC.name: LOGISTIC}
    context = Context(symbols=symbols, elementwise=elementwise, layout=reading.layout, functions=reading.functions)
    named = {n for s in (*sides, *known.definitions.values()) if s is not None for n in naming(s)}
    reader = Elaborator(context, replace(_FREE, members=members(named)), kinds)
    unfit = _read_definitions(reader, every, reading, kinds)
    if unfit is not None:
        return unfit
    built, misfits, apart = _read_sides(reader, [s and _changed(s, known, reading) for s in sides])
    for name in _squares(known, reading.unsized) & reader.context.symbols.keys():
        reader.unify.same(*reader.context.symbols[name].shape)
    pairs = [pair for left, right in known.premises if (pair := _premise(reader, left, right)) is not None]
    found = reader.finish()
    trees = found.exprs(built)
    context = replace(found.context, premises=tuple(Premise(found.expr(a), found.expr(b)) for a, b in pairs))
    context = replace(context, symbols={n: _with(s, known.properties.get(n)) for n, s in context.symbols.items()})
    return varied(Read(reading, context, trees, misfits, None, found.notices, known, apart), reading)


def _read_definitions(reader: Elaborator, known: Known, reading: Reading, kinds: Mapping[str, str]) -> Unfit | None:
    """Read what is defined, and what is known to depend on what; return the reading in which one does not fit."""
    rests: dict[str, frozenset[str]] = {}  # the letters that decide how a definition is read
    values = {n: _changed(v, known, reading) for n, v in known.definitions.items()}
    for name in ordered({n: set(letters(v)) for n, v in values.items()} | {n: {*a} for n, a in known.depends.items()}):
        value = values.get(name)
        inner = letters(value) if value is not None else known.depends[name]
        rests[name] = frozenset({name}).union(*(rests.get(n, frozenset({n})) for n in inner))
        try:
            if value is not None:
                _define(reader, name, value, known.arguments.get(name, ""))
            else:
                depend(reader, name, known.depends[name], kinds.get(name, ""))
        except (Refusal, ShapeError) as error:
            deciding = {n: k for n, k in reading.kinds.items() if n in rests[name]}
            layout = any_derivative([known.definitions[n] for n in rests[name] if n in known.definitions])
            return Unfit(_diagnostic(error), reading, known, deciding, layout)
    return None


def _read_sides(
    reader: Elaborator, sides: Sequence[Syntax | None]
) -> tuple[list[Expr | None], dict[int, Finding], frozenset[int]]:
    """Return the sides as they are read beside each other, why others do not fit, and which of those fit alone."""
    built: list[Expr | None] = []
    misfits: dict[int, Finding] = {}
    apart: set[int] = set()
    first: Expr | None = None
    head = next((i for i, s in enumerate(sides) if s is not None), 0)
    for i, side in enumerate(sides):
        if side is None:
            built.append(None)
            continue
        before = reader.context, dict(reader.unify.known), reader.unify.count
        alone = False
        try:
            expr = reader.expression(side)
            alone = True
            if first is None or (first.op == "num" and not first.value):
                first = expr
                if (before_zero := built[head] if i > head else None) is not None:
                    _, built[head] = reader.equate(expr, before_zero)
            else:
                first, expr = reader.equate(first, expr)
            built.append(expr)
        except (Refusal, ShapeError) as error:
            reader.context, reader.unify.known, reader.unify.count = before
            misfits[i] = _diagnostic(error)
            apart |= {i} if alone else set()
            built.append(None)
    return built, misfits, frozenset(apart)


def _squares(known: Known, unsized: Collection[str]) -> frozenset[str]:
    """Return the matrices that are said to be square, or to have a property that only square ones have."""
    said = (name for name, properties in known.properties.items() if properties & SQUARE)
    return known.square | {name for name in said if name not in known.symbols or name in unsized}


def _premise(reader: Elaborator, left: Syntax, right: Syntax) -> tuple[Expr, Expr] | None:
    """Return a premise as it is read beside the sides; None where it does not fit."""
    before = reader.context, dict(reader.unify.known), reader.unify.count
    try:
        return reader.equate(reader.expression(left), reader.expression(right))
    except (Refusal, ShapeError):
        reader.context, reader.unify.known, reader.unify.count = before
        return None


def _function(name: str, known: Known) -> ElementwiseFunction:
    """Return an elementwise function, with its formula where that speaks of the parameter alone."""
    if name not in known.bodies:
        return ElementwiseFunction(name)
    parameter, body = known.bodies[name]
    reader = Elaborator(Context(symbols={parameter: Symbol(parameter, SCALAR)}), _FREE, {})
    try:
        value = reader.expression(body)
    except (Refusal, ShapeError):
        return ElementwiseFunction(name)
    own = value.scalar and reader.context.symbols.keys() == {parameter}
    return ElementwiseFunction(name, parameter, reader.finish().expr(value)) if own else ElementwiseFunction(name)


def _changed(side: Syntax, known: Known, reading: Reading) -> Syntax:
    """Return a side as a reading takes its notation."""
    side = partials(side, known, total=TOTAL in reading.changes)
    for change in reading.changes:
        side = rewritten(side, CHANGES[change][1])
    return widened(side) if reading.wide else side


def varied(found: Read, reading: Reading) -> Read:
    """Return what was read with the letters varying that another reading of the same form varies.

    Where all of those are defined, what they are made of varies.
    """
    if reading.moved is None:
        return replace(found, reading=reading, varying=None)
    definitions = found.context.definitions
    varying = reading.moved - definitions.keys()
    if not varying:
        made = (closure(definitions[name], found.context) for name in reading.moved if name in definitions)
        varying = frozenset[str]().union(*made) - definitions.keys()
    return replace(found, reading=reading, varying=varying)


def _with(symbol: Symbol, properties: frozenset[str] | None) -> Symbol:
    if not properties:
        return symbol
    fitting = properties if symbol.shape.rows == symbol.shape.cols and symbol.shape != SCALAR else properties - SQUARE
    return replace(symbol, properties=symbol.properties | fitting)


def _kind(shape: Shape) -> str:
    if shape == SCALAR:
        return "scalar"
    return "column" if shape.cols == ONE else "matrix"


def _diagnostic(error: Refusal | ShapeError) -> Finding:
    if isinstance(error, Refusal):
        return error.diagnostic
    return Finding("DRV301", Span(0, 0), {"sign": "=", "left": str(error), "right": "?"})


def _define(reader: Elaborator, name: str, value: Syntax, argument: str) -> None:
    tree = reader.expression(value)
    symbol = reader.context.symbols.get(name)
    if symbol is not None and symbol.shape != tree.shape:
        _, tree = reader.equate(sym(name, symbol.shape), tree)
    reader.define(name, tree, argument=argument)
