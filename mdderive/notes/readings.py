r"""The ways in which a chain of sides can be read, the likeliest first: what its letters are, what varies, layout, functions.

A reading turns the sides into shaped trees in one context, sizes unified over all of them. What the words declare is the same in
all readings; what is left open is tried, and each choice costs so much as it is unlikely.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice, product

from mdderive.context import Context, ElementwiseFunction, Symbol
from mdderive.diagnostics import Diagnostic, Refusal
from mdderive.latex.elaborate import Elaborator, Letters
from mdderive.latex.letters import base_letter
from mdderive.latex.notation import LOWER_GREEK
from mdderive.latex.syntax import Syntax
from mdderive.notes.forms import COLUMNS, Uses, letters, rewritten, widened
from mdderive.shapes import ONE, SCALAR, Shape, ShapeError
from mdderive.source import Span
from mdderive.tree import Expr, make, sym

NATURAL = 2
MAX_COST = 5
MAX_KINDS = 40
_FREE = Letters(lookalikes=False)
_COUNTS = frozenset("NMKTLnmkpqlijrst")
_CAPITAL_SCALARS = frozenset("CDEFGJKLNT")
_FUNCTIONAL = frozenset({"exp", "sin", "cos", "log", "sqrt", "sinh", "cosh"})


def _adjugate(node: Syntax) -> Syntax:
    return replace(node, kind="adjugate") if node.kind == "star" else node


def _conjugate(node: Syntax) -> Syntax:
    return replace(node, kind="transpose") if node.kind == "star" else node


def _logistic(node: Syntax) -> Syntax:
    return replace(node, text="fn:sigmoid") if node.kind == "call" and node.text == r"letter:\sigma" else node


# Notations with another reading: what it costs, and the change of a node.
_CHANGES: Mapping[str, tuple[int, Callable[[Syntax], Syntax]]] = {
    "^* is the adjugate": (0, _adjugate),
    "^* is the transpose": (1, _conjugate),
    "sigma is the logistic function": (1, _logistic),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the letters of a chain where it stands.

    `symbols` have declared shapes, `kinds` are known without sizes; `definitions` stand behind those they mention; `functions`
    are elementwise; `depends` maps an undefined letter to what it is a function of; `unsure` where a definition may be another's.
    """

    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, frozenset[str]] = field(default_factory=dict)
    definitions: Mapping[str, Syntax] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    depends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bold: frozenset[str] = frozenset()
    layout: str = "denominator"
    functions_mode: str = "elementwise"
    unsure: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One way to read: `cost` 0 is the likeliest, above `NATURAL` far-fetched; `words` say what was assumed."""

    kinds: Mapping[str, str]
    layout: str
    functions: str
    moved: frozenset[str] | None
    cost: int
    sized: bool = True
    wide: bool = False
    changes: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """All that decides how the sides are read; what varies is for the judge."""
        return (tuple(self.kinds.items()), self.layout, self.functions, self.sized, self.wide, self.changes)


@dataclass(frozen=True, slots=True)
class Read:
    """The sides of a chain in one reading; None for a side that does not fit, with the reason in `misfits`."""

    reading: Reading
    context: Context
    sides: tuple[Expr | None, ...]
    misfits: Mapping[int, Diagnostic]
    varying: frozenset[str] | None
    notices: tuple[Diagnostic, ...] = ()
    known: Known = field(default_factory=Known)

    def pair(self, index: int) -> tuple[Expr, Expr]:
        """Return both sides of the relation whose right side is the given one; they must fit."""
        left, right = self.sides[index - 1], self.sides[index]
        assert left is not None
        assert right is not None
        return left, right


def kinds_of(name: str, known: Known, uses: Uses) -> tuple[tuple[str, int], ...]:
    """Return what an undeclared letter may be, with costs."""
    if name in known.kinds:
        kind = known.kinds[name]
        return ((kind, 0),) if kind in ("scalar", "matrix", "column") else (("matrix", 0),)
    if name.endswith(COLUMNS):
        return (("matrix", 0),)
    core = base_letter(name)
    last = core[-1:]
    if name in uses.powered and last.islower() and name not in uses.transposed | uses.normed:
        return (("scalar", 0), ("matrix", 2))
    if name in known.depends:
        if name in uses.square and not core.islower():
            return (("matrix", 0),)
        likely, other = ("column", "scalar") if name in known.bold and last.islower() else ("scalar", "column")
        return ((likely, 0), (other, 2), ("matrix", 3 if last.islower() else 1))
    if name in uses.square and not core.islower():
        return (("matrix", 0),)
    if name in uses.square and name not in uses.transposed and last.islower():
        return (("scalar", 0), ("matrix", 2))
    if name in uses.matrices:
        return (("matrix", 0),)
    if name in uses.columns:
        return (("column", 0),)
    if re.search(r"_\{?\d", name) and core.islower() and name not in known.bold | uses.transposed | uses.normed:
        return (("scalar", 0), ("column", 1 if len(name.partition("_")[2].strip("{}")) == 1 else 4))
    if name in known.bold:
        return (("matrix", 0), ("column", 3)) if last.isupper() else (("column", 0), ("matrix", 3), ("scalar", 3))
    if core.startswith("\\") and core[1:2].isupper():
        return (("matrix", 0), ("column", 3)) if name in uses.transposed else (("matrix", 0), ("scalar", 2), ("column", 3))
    if core in LOWER_GREEK or core == r"\ell":
        if name in uses.transposed or name in uses.normed:
            return (("column", 0), ("matrix", 4))
        return (("scalar", 0), ("column", 1))
    if last.islower():
        if known.apart and name not in uses.transposed | uses.normed:
            return (("scalar", 0), ("column", 3))
        if name in uses.transposed:
            return (("column", 0), ("matrix", 4))
        if name in uses.scalar:
            return (("scalar", 0), ("column", 3))
        if name in uses.square:
            return (("scalar", 0), ("matrix", 2))
        first = (("scalar", 0), ("column", 1)) if core in _COUNTS else (("column", 0), ("scalar", 1))
        return (*first, ("matrix", 4))
    if name in uses.scalar:
        return (("scalar", 0), ("matrix", 2))
    if name in uses.transposed:
        return (("matrix", 0), ("column", 2))
    return (("matrix", 0), ("column", 2), *((("scalar", 3),) if core in _CAPITAL_SCALARS else ()))


def readings(sides: Sequence[Syntax], names: Iterable[str], known: Known, uses: Uses) -> Iterator[Reading]:
    """Yield the readings of a chain over its undeclared letters `names`, the likeliest first."""
    open_names = [n for n in dict.fromkeys(names) if n not in known.symbols]
    choices = [[(n, k, c) for k, c in kinds_of(n, known, uses)] for n in open_names]
    combos = sorted(
        ((sum(c for _, _, c in combo), i, combo) for i, combo in enumerate(islice(product(*choices), 4096))), key=lambda t: t[:2]
    )
    moved = frozenset(uses.moved | uses.variables) - {""}
    least = _least_moved(sides, known)
    varied: list[frozenset[str] | None] = [None]
    varied += [m for m in (moved, least) if m] if any(node_has_d(s) for s in sides) else []
    changes = [c for c in _CHANGES if any(rewritten(s, _CHANGES[c][1]) != s for s in sides)]
    chosen = [(sum(_CHANGES[c][0] for c in some), some) for n in range(len(changes) + 1) for some in combinations(changes, n)]
    wide = [False, True] if any(widened(s) is not s for s in sides) else [False]
    layouts = (
        [known.layout, "numerator" if known.layout != "numerator" else "denominator"] if any_derivative(sides) else [known.layout]
    )
    functions = [known.functions_mode]
    if any_function(sides):
        functions.append("matrix" if known.functions_mode == "elementwise" else "elementwise")
    sized = [True, False] if known.symbols else [True]
    out = []
    for cost, i, combo in combos[:MAX_KINDS]:
        kinds = {n: k for n, k, _ in combo}
        for a, layout in enumerate(layouts):
            for b, mode in enumerate(functions):
                for c, fit in enumerate(sized):
                    for v, vary in enumerate(dict.fromkeys(varied)):
                        for (w, far), (more, some) in product(enumerate(wide), chosen):
                            total = cost + a + b + 2 * c + 2 * w + more
                            if total <= MAX_COST:
                                out.append((total, v, i, Reading(kinds, layout, mode, vary, total, fit, far, some)))
    out.sort(key=lambda t: (t[0], t[2], t[1]))
    yield from (r for *_, r in out)


def _least_moved(sides: Sequence[Syntax], known: Known) -> frozenset[str]:
    """Return the letters whose differential stands on every side that has one: the others may be constant."""
    sets = []
    for side in sides:
        uses = Uses()
        uses.take(side)
        own = uses.moved - known.definitions.keys() - known.depends.keys() - {""}
        sets += [own] if own else []
    return frozenset(set.intersection(*sets)) if sets else frozenset()


def node_has_d(s: Syntax) -> bool:
    """Tell whether a tree has a differential."""
    return s.kind == "d" or any(node_has_d(a) for a in s.args)


def any_derivative(sides: Sequence[Syntax]) -> bool:
    """Tell whether a layout matters in some sides."""
    return any(s.kind in ("derivative", "second") or any_derivative(s.args) for s in sides)


def any_function(sides: Sequence[Syntax]) -> bool:
    """Tell whether some sides have a function that may be meant of matrices."""
    return any(
        (s.kind == "call" and s.text.partition(":")[2].rstrip("'") in _FUNCTIONAL and s.text.startswith("fn"))
        or any_function(s.args)
        for s in sides
    )


def read(sides: Sequence[Syntax], known: Known, reading: Reading) -> Read | Diagnostic:
    """Return the sides in a reading, or why nothing of them can be read so."""
    symbols = {}
    kinds = dict(reading.kinds)
    for name, symbol in known.symbols.items():
        if reading.sized:
            symbols[name] = symbol
        elif name not in kinds:
            kinds[name] = _kind(symbol.shape)
    elementwise = {name: ElementwiseFunction(name) for name in known.functions}
    context = Context(symbols=symbols, elementwise=elementwise, layout=reading.layout, functions=reading.functions)
    reader = Elaborator(context, _FREE, kinds)
    try:
        for name in _ordered(known):
            if name in known.definitions:
                _define(reader, name, _changed(known.definitions[name], reading))
            else:
                _depend(reader, name, known.depends[name], reading.kinds.get(name, ""))
    except (Refusal, ShapeError) as error:
        return _diagnostic(error)
    built: list[Expr | None] = []
    misfits: dict[int, Diagnostic] = {}
    first: Expr | None = None
    for i, side in enumerate(_changed(s, reading) for s in sides):
        before = reader.context, dict(reader.unify.known), reader.unify.count
        try:
            expr = reader.expression(side)
            if first is None or (first.op == "num" and not first.value):
                first = expr
                if i:
                    _, built[0] = reader.equate(expr, built[0]) if built[0] is not None else (None, None)
            else:
                first, expr = reader.equate(first, expr)
            built.append(expr)
        except (Refusal, ShapeError) as error:
            reader.context, reader.unify.known, reader.unify.count = before
            misfits[i] = _diagnostic(error)
            built.append(None)
    found = reader.finish()
    context = found.context
    context = replace(context, symbols={n: _with(s, known.properties.get(n)) for n, s in context.symbols.items()})
    trees = tuple(found.expr(e) if e is not None else None for e in built)
    return varied(Read(reading, context, trees, misfits, None, found.notices, known), reading)


def _changed(side: Syntax, reading: Reading) -> Syntax:
    """Return a side as a reading takes its notation."""
    for change in reading.changes:
        side = rewritten(side, _CHANGES[change][1])
    return widened(side) if reading.wide else side


def varied(found: Read, reading: Reading) -> Read:
    """Return what was read with the letters varying that another reading of the same form varies."""
    varying = None if reading.moved is None else reading.moved - found.context.definitions.keys()
    return replace(found, reading=reading, varying=varying)


def _ordered(known: Known) -> list[str]:
    """Return what is defined and what depends, each behind what it is made of."""
    needs = {name: set(letters(value)) for name, value in known.definitions.items()}
    needs |= {name: set(arguments) for name, arguments in known.depends.items()}
    order: list[str] = []
    while ready := [n for n in needs if n not in order and not (needs[n] & needs.keys()) - set(order) - {n}]:
        order += ready
    return order


def _with(symbol: Symbol, properties: frozenset[str] | None) -> Symbol:
    if not properties:
        return symbol
    square = {"symmetric", "invertible", "positive definite", "orthogonal", "diagonal"}
    fitting = properties if symbol.shape.rows == symbol.shape.cols and symbol.shape != SCALAR else properties - square
    return replace(symbol, properties=symbol.properties | fitting)


def _kind(shape: Shape) -> str:
    if shape == SCALAR:
        return "scalar"
    return "column" if shape.cols == ONE else "matrix"


def _diagnostic(error: Refusal | ShapeError) -> Diagnostic:
    if isinstance(error, Refusal):
        return error.diagnostic
    return Diagnostic("DRV301", Span(0, 0), {"sign": "=", "left": str(error), "right": "?"})


def _define(reader: Elaborator, name: str, value: Syntax) -> None:
    tree = reader.expression(value)
    symbol = reader.context.symbols.get(name)
    if symbol is not None and symbol.shape != tree.shape:
        _, tree = reader.equate(sym(name, symbol.shape), tree)
    reader.define(name, tree)


def _depend(reader: Elaborator, name: str, arguments: tuple[str, ...], kind: str) -> None:
    """Define `name` as an arbitrary function of its arguments: sigma of a general linear form, so that value and slope are free.

    A column has a general matrix for each argument, a scalar the inner product with a general matrix of the argument's shape.
    """
    function = f"\\phi_{{{name}}}"
    terms: list[Expr] = []
    rows = reader.unify.fresh() if kind in ("column", "matrix") else ONE
    cols = reader.unify.fresh() if kind == "matrix" else ONE
    known = reader.context.symbols.get(name)
    if known is not None:
        rows, cols = known.shape
    symbols = dict(reader.context.symbols)
    for i, argument in enumerate(arguments):
        x = reader.expression(Syntax("letter", (), Span(0, 0), argument))
        symbols |= reader.context.symbols
        if rows == cols == ONE:
            terms.append(
                x if x.scalar and len(arguments) == 1 else make("inner", _general(symbols, f"{function}_C{i}", x.shape), x)
            )
        elif x.scalar:
            terms.append(Expr("mul", (x, _general(symbols, f"{function}_C{i}", Shape(rows, cols))), Shape(rows, cols)))
        elif cols == ONE:
            slope = _general(symbols, f"{function}_C{i}", Shape(rows, x.shape.entries))
            column = x if x.shape.cols == ONE else make("vec", x)
            terms.append(Expr("mul", (slope, column), Shape(rows, ONE)))
        else:
            left, right = (
                _general(symbols, f"{function}_A{i}", Shape(rows, x.shape.rows)),
                _general(symbols, f"{function}_B{i}", Shape(x.shape.cols, cols)),
            )
            parts = (left, x) if x.shape.cols == ONE == cols else (left, x, right)
            terms.append(Expr("mul", parts, Shape(rows, cols)))
    shape = Shape(rows, cols)
    inner = terms[0] if len(terms) == 1 else Expr("add", tuple(terms), shape)
    elementwise = {**reader.context.elementwise, function: ElementwiseFunction(function)}
    reader.context = replace(reader.context, symbols=symbols, elementwise=elementwise)
    reader.define(name, Expr("fn", (inner,), shape, function))


def _general(symbols: dict[str, Symbol], name: str, shape: Shape) -> Expr:
    """Return a constant of its own, which stands for every one of its shape."""
    symbols[name] = Symbol(name, shape, frozenset({"constant"}), inferred=True)
    return sym(name, shape)
