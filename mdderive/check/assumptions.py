"""What an equation would rest on that holds in a far-fetched reading only, or under an assumption that nothing makes.

An assumption is a row: one that rewrites the sides reads them anew; any other adds to what is known of letters in a reading in
which the equation fails.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from itertools import combinations

from mdderive.check.outcome import Shown
from mdderive.latex.syntax import Bars, Indexed, Norm, Number, Product, Syntax, Unit, has, rewritten
from mdderive.model.context import Constraint, Context, Premise
from mdderive.model.diagnostics import Hint
from mdderive.model.expr import leaf, make, num, sym
from mdderive.model.reasons import Reason, Several, Worded
from mdderive.model.shapes import ONE
from mdderive.reading.changes import COLUMN, MIXED, TOTAL
from mdderive.reading.facts import NEGATIVE
from mdderive.reading.means import centred, shifted
from mdderive.reading.readings import Read, Reading
from mdderive.reading.shown_by_form import letters
from mdderive.reading.suppositions import Spoken
from mdderive.reading.unbracketed import over_all_behind

Names = frozenset[str]
LAYOUTS: Mapping[str, str] = {"numerator": "分子", "denominator": "分母", "block": "分块"}
FUNCTIONS: Mapping[str, str] = {"matrix": "functions-matrix", "elementwise": "functions-elementwise"}
MOST_TURNED = 3
_KINDS = ("scalar", "column", "matrix")
_TOLD = frozenset({*LAYOUTS, MIXED, COLUMN, TOTAL, "constant-letter", "constant-letters", "other-sizes"})


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that may be assumed, named by its reason, and what an equation that nobody made it for counts as.

    `readings` bounds those that it is tried in. `about` yields the letters it may be made of, among those that stand on both
    sides; `grant` makes it of some letters; `rewrite` changes the nodes of both sides, and `both` the sides together. `declares`
    is the property to declare, `denied` the one that speaks against it.
    """

    code: str
    shown: Shown
    readings: int
    about: Callable[[Context, Set[str]], Iterator[Names]] = lambda context, both: iter(())
    grant: Callable[[Context, Names], Context] = lambda context, names: context
    rewrite: Callable[[Syntax], Syntax] | None = None
    both: Callable[[Syntax, Syntax], tuple[Syntax, Syntax] | None] | None = None
    declares: str = ""
    denied: str = ""

    def named(self, names: Names) -> Reason:
        """Return the assumption as it is made of some letters."""
        return Reason(self.code, {"name": ", ".join(sorted(names))})

    def changed(self, left: Syntax, right: Syntax) -> tuple[Syntax, Syntax] | None:
        """Return two sides under the assumption; None where it changes neither."""
        if self.both is not None:
            return self.both(left, right)
        pair = (rewritten(left, self.rewrite), rewritten(right, self.rewrite)) if self.rewrite else (left, right)
        return pair if pair != (left, right) else None


def _determinants(node: Syntax) -> Syntax:
    numbers = isinstance(node, Norm) and not node.degree and not has(node, Indexed, Unit)
    return Bars(node.args, node.span) if numbers else node


def _lengthened(node: Syntax) -> Syntax:
    """Return a product with a norm or an absolute value in it that has its other factors without their signs."""
    if not isinstance(node, Product) or not any(isinstance(factor, Norm | Bars) for factor in node.args):
        return node
    args = (a if isinstance(a, Norm | Bars | Number) else Bars((a,), a.span) for a in node.args)
    return replace(node, args=tuple(args))


def square(context: Context) -> Names:
    """Return the letters that are square matrices of any size."""
    return frozenset(n for n, s in context.symbols.items() if s.shape.rows == s.shape.cols and s.shape.rows.names)


def _all_square(context: Context, both: Set[str]) -> Iterator[Names]:
    names = square(context)
    yield from (names,) if names else ()


def _each_column(context: Context, both: Set[str]) -> Iterator[Names]:
    """Yield the columns of any length, one by one: what stands on one side alone may be the very demand."""
    found = (n for n, s in context.symbols.items() if s.shape.cols == ONE and s.shape.rows.names)
    yield from (frozenset({name}) for name in sorted(both & {*found}))


def _all_oblong(context: Context, both: Set[str]) -> Iterator[Names]:
    """Yield the matrices of two sizes, with those that are square beside them: they may be square, all of one size."""
    matrices = {n: s.shape for n, s in context.symbols.items() if n in both and s.shape.rows.names and s.shape.cols.names}
    if any(shape.rows != shape.cols for shape in matrices.values()):
        yield frozenset(matrices)


def _of_one_size(context: Context, names: Names) -> Context:
    first, *others = sorted({size for n in names for dim in context.symbols[n].shape for size in dim.letters})
    said = (Constraint(first, "=", other) for other in others)
    return replace(context, constraints=(*context.constraints, *said))


def _having(prop: str) -> Callable[[Context, Names], Context]:
    """Return what gives letters a property."""

    return lambda context, names: context.declaring(names, prop)


def _summing_to_one(context: Context, names: Names) -> Context:
    columns = [sym(n, context.symbols[n].shape) for n in names]
    said = (Premise(make("mul", make("transpose", leaf("ones", c.shape)), c), num(1)) for c in columns)
    return replace(context, premises=(*context.premises, *said))


def _orthonormal(context: Context) -> list[Context] | None:
    """Return a context for every choice of letters whose columns, or whose rows, are orthonormal; None for too many."""
    columns = [n for n, s in context.symbols.items() if s.shape.cols == ONE and s.shape.rows != ONE]
    matrices = [n for n, s in context.symbols.items() if ONE not in (s.shape.rows, s.shape.cols)]
    if len(columns) > 1 or len(matrices) > MOST_TURNED:
        return None  # columns may be perpendicular to each other
    free = [n for n in (*matrices, *columns) if n not in context.definitions]
    choices = [some for count in range(1, len(free) + 1) for some in combinations(free, count)]
    return [_turned(context, some, rows=rows) for some in choices for rows in (False, True)]


def _turned(context: Context, names: Iterable[str], *, rows: bool) -> Context:
    letters = [sym(n, context.symbols[n].shape) for n in names]
    pairs = [(make("transpose", a), a) for a in letters]
    products = [make("mul", *(pair[::-1] if rows and pair[1].shape.cols != ONE else pair)) for pair in pairs]
    said = (Premise(p, num(1) if p.scalar else leaf("identity", p.shape)) for p in products)
    return replace(context, premises=(*context.premises, *said))


def _labels(context: Context) -> list[Context] | None:
    """Return contexts for every column: its entries sum to one, and it is a unit vector."""
    columns = [sym(n, s.shape) for n, s in context.symbols.items() if s.shape.cols == ONE and s.shape.rows != ONE]
    free = [c for c in columns if c.name not in context.definitions]
    units = (Premise(c, replace(leaf("unit", c.shape), name="1")) for c in free)
    alone = (replace(context, premises=(*context.premises, unit)) for unit in units)
    return [*(_summing_to_one(context, frozenset({c.name})) for c in free), *alone]


SYMMETRIC = Assumption("symmetric", "far", 3, _all_square, _having("symmetric"), declares="symmetric")
ASSUMPTIONS = (
    Assumption("determinant", "holds", 16, rewrite=_determinants),
    SYMMETRIC,
    Assumption("not-negative", "far", 8, rewrite=_lengthened, denied=NEGATIVE),
    Assumption("square", "far", 2, _all_oblong, _of_one_size),
    Assumption("mean-zero", "far", 4, both=centred),
    Assumption("mean-named", "far", 4, both=shifted),
    Assumption("sum-over-all", "far", 4, both=over_all_behind),
    Assumption("sums-to-one", "far", 1, _each_column, _summing_to_one),
)


# The contexts in which what words speak of is granted; None where it may be of what nothing tells.
GRANTS: Mapping[Spoken, Callable[[Context], list[Context] | None]] = {
    "orthonormal": _orthonormal,
    "eigenvectors": lambda context: None,
    "one-hot": _labels,
}


def foreign(found: Read) -> bool:
    """Tell whether a reading differentiates in a layout that nothing states, or against the sizes that are said."""
    return found.reading.turned or bool(found.reading.unsized - found.known.loose)


def borrowed(found: Read) -> bool:
    """Tell whether a reading rests on a definition of a closed section, with a letter that nothing else here names."""
    if not found.known.past or found.reading.numbers:
        return False
    own = {node.name for side in found.sides if side is not None for node in side.walk() if node.op == "sym"}
    inner = {n for value in found.known.definitions.values() for n in letters(value)} - own
    return bool(inner & (found.reading.kinds.keys() - found.known.kinds.keys()))


def assumed(found: Read, constant: Iterable[str], likeliest: Reading | None) -> Worded:
    """Return what a reading takes for granted beside the likeliest one: what weighs most."""
    reading, names = found.reading, sorted(constant)
    if names:
        return Reason("constant-letter" if len(names) == 1 else "constant-letters", {"names": ", ".join(names)})
    if reading.turned:
        return Reason(MIXED if MIXED in reading.changes else reading.layout)
    if foreign(found):
        return Reason("other-sizes")
    if reading.changes:
        return Reason(reading.changes[0])
    likely = likeliest.kinds if likeliest is not None else {}
    kinds = sorted((n, k) for n, k in reading.kinds.items() if k in _KINDS and likely.get(n) != k)
    return Several(tuple(Reason(k, {"name": n}) for n, k in kinds)) if kinds else Reason("unusual")


def told(taken: Worded, found: Read, likeliest: Reading | None) -> bool:
    """Tell whether a note could say what is taken for granted; other readings of its letters and signs are guesses of ours.

    That letters are less than they are likely meant for is worth saying: many an identity of numbers holds for no matrices.
    """
    if isinstance(taken, Reason):
        counted = any(node.op == "sum" for side in found.sides if side is not None for node in side.walk())  # from 0, perhaps
        return taken.code in _TOLD and not (counted and taken.code == "other-sizes")
    likely = likeliest.kinds if likeliest is not None else dict.fromkeys(found.reading.kinds, "column")
    other = [(k, likely.get(n, k)) for n, k in found.reading.kinds.items() if likely.get(n) != k or likeliest is None]
    return all(_KINDS.index(kind) < _KINDS.index(usual) for kind, usual in other)


def otherwise(found: Read, likeliest: Reading | None) -> Worded | None:
    """Return how a reading takes something else than the likeliest; None where it takes all alike."""
    if likeliest in (None, found.reading) or found.reading.key == likeliest.key:
        return None
    mode = found.reading.functions
    return Reason(FUNCTIONS[mode]) if mode != likeliest.functions else assumed(found, (), likeliest)


def turned(found: Read) -> Hint:
    """Return what is wrong with a step that holds in another layout than the text states."""
    layout, own = found.reading.layout, found.known.layout
    return Hint(
        "layout",
        {
            "en": f"this is written in {layout} layout, and the text states {own} layout",
            "zh": f"此式采用{LAYOUTS[layout]}布局，而文中采用{LAYOUTS[own]}布局",
        },
    )
