"""Expressions: immutable trees of operators, each node with its shape.

Equality and hash look at the mathematics only, never at `span`. The operators are the rows of
`model.operators`. Constructors check shapes and simplify nothing: what is tidy is decided in `engine.normal`.

What a node holds beside its arguments:

- `num`: `value`, an exact rational;  `size`: `name`, a size used as a scalar;  `const`: `name`, `e` or `\\pi`
- `sym`: `name`, as the author spells it (`X`, `\\Sigma`, `W_1`, `\\mathbf{x}`)
- `identity`, `ones`, `zero`: only a shape;  `commutation`: K with `K vec(A) = vec(A^T)`, `name` is `m,n` for A m x n
- `add`, `mul`, `had`: any number of arguments (at least two). `a - b` is `add(a, mul(-1, b))`, a quotient by a scalar is a
  product with a power -1. In `mul`, scalars stand anywhere and the other factors chain; a run that closes to a scalar beside
  other factors is a `mul` of its own: `2 a^T X b` is `mul(2, mul(a^T, X, b))`.
- `pow`: base (scalar or square) and scalar exponent;  `hpow`: elementwise power;  `hdiv`: elementwise quotient
- `fn`: elementwise function `name`, with one `'` per derivative (`\\sigma'`);  `mfn`: function of a square matrix, `name` that
  of the function, or the exponent of a power that is no whole number (`1/2`)
- `frechet`: derivative of a function of a square matrix, the first argument, in the direction of the second; `name` as of `mfn`
- `powersum`: of the products X^r Y X^(k-1-r), r from 0 to k - 1; args (X, Y, k)
- `powersummatrix`: of (X^T)^(k-1-r) (x) X^r in the same way, what vec of Y is multiplied by in that sum; args (X, k)
- `frechetmatrix`: the matrix of that derivative: what vec of the direction is multiplied by;  `name` as of `mfn`
- `pinv`: pseudo-inverse;  `tril`, `triu`: the triangles;  `eigmax`, `eigmin`, `eigvecmax`, `eigvecmin`: of a symmetric matrix;
  `sigmamax`, `leftvector`, `rightvector`: the largest singular value and its vectors;  `nuclear`: nuclear norm;  `polar`: U V^T
- `below`, `beside`: two blocks; of more, the first beside, or above, all others
- `cross`, `crossmatrix`: cross product, and the matrix of one;  `cholesky`: lower factor;  `atlargest`, `atsmallest`: one there
- `sort`: entries of a column in ascending order;  `sorting`: the permutation matrix P with `sort(x) = P x`
- `rowsoftmax`: softmax of every row
- `norm`: 2-norm of a vector, Frobenius norm of a matrix;  `norm1`: sum of absolute values;
  `normp`: vector and degree;  `inner`: tr(A^T B)
- `unit`: the column with 1 at the place `name`, a letter or a number; the entry X_{ij} is the run `e_i^T X e_j`
- `sum`, `product`: of the second argument, over the letter of the first, a unit;  `member`: of the family `name`, at the
  places of one unit or two
- `indicator`: one where the places of two units are in the order `name`: `<`, `\\leq`, `\\neq`, zero elsewhere
- `max`, `min`: of two, entry by entry;  `largest`, `smallest`: over all entries;  `matrix`: scalar entries, row by row
- `apply`: an unknown scalar function `name` of one argument
- `along`: of F as the letter x moves in a direction;  `at`: F where the letter x has a value; args (F, x, direction or value)
- `d`: differential;  `deriv`: args (F, x), `name` the layout;  `hess`: args (f, x)
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from operator import is_

from mdderive.model.diagnostics import MdderiveBug
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import SCALAR, Shape, shape_of, times
from mdderive.model.source import Span

Number = int | Fraction
LETTERS = frozenset({"sym", "member"})
BINDERS = frozenset({"sum", "product"})  # over the places of a unit, their first argument
POWERS = frozenset({"pow", "powersum", "powersummatrix"})  # with an exponent that counts factors, their last argument
_set = object.__setattr__


@dataclass(frozen=True, slots=True, eq=False)
class Expr:
    """One node; see the module's page for what each operator holds.

    `scalar` tells whether the value is a single number; `key` is the hash.
    """

    op: str
    args: tuple["Expr", ...]
    shape: Shape
    name: str = ""
    value: Number = 0
    span: Span | None = None
    scalar: bool = field(init=False, repr=False)
    key: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.op not in OPERATORS:
            raise MdderiveBug(f"no operator is named {self.op}")
        _set(self, "scalar", self.shape == SCALAR)
        _set(self, "key", hash((self.op, self.args or self.shape, self.name, self.value)))

    def __hash__(self) -> int:
        return self.key

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Expr) or self.key != other.key:
            return False
        return (self.op, self.name, self.value, self.shape, self.args) == (
            other.op,
            other.name,
            other.value,
            other.shape,
            other.args,
        )

    def at(self, span: Span | None) -> "Expr":
        """Return the same tree, standing at another place."""
        return Expr(self.op, self.args, self.shape, self.name, self.value, span)

    def walk(self) -> Iterator["Expr"]:
        """Yield this node and all below it, parents first."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.args))


def of_numbers(e: Expr) -> Expr:
    """Return what an operator is of numbers; `e` itself where it is nothing simpler."""
    match OPERATORS[e.op].number:
        case "itself":
            return e.args[0]
        case "zero" | "one" as number:
            return num(int(number == "one"))
        case "abs":
            return make("fn", e.args[0], name="abs")
        case "function":
            exponent = power_named(e.name)
            return make("fn", e.args[0], name=e.name) if exponent is None else make("pow", e.args[0], num(exponent))
        case "product":
            return make("mul", *e.args)
        case "power":
            return make("pow", *e.args)
        case "quotient":
            return make("mul", e.args[0], make("pow", e.args[1], num(-1)))
        case "reciprocal":
            return make("pow", e.args[0], num(-1))
    return e


def power_named(name: str) -> Fraction | None:
    """Return the exponent of the power that a function of a matrix is by its name; None where it is another function."""
    top, _, bottom = name.partition("/")
    return Fraction(int(top), int(bottom)) if bottom.isdigit() and top.lstrip("-").isdigit() else None


def shared(e: Expr, table: dict[Expr, Expr]) -> Expr:
    """Return `e` built of the nodes in `table`, which takes in what it lacks: equal sub-trees become one object."""
    known = table.get(e)
    if known is not None:
        return known
    args = tuple([shared(a, table) for a in e.args])
    if any(a is not b for a, b in zip(args, e.args, strict=True)):
        e = Expr(e.op, args, e.shape, e.name, e.value, e.span)
    table[e] = e
    return e


def make(op: str, *args: Expr, name: str = "", span: Span | None = None) -> Expr:
    """Return `op` applied to `args`, its shape computed; raises `ShapeError` where shapes do not fit."""
    return Expr(op, args, shape_of(op, tuple([a.shape for a in args])), name, 0, span)


def rebuilt(node: Expr, args: tuple[Expr, ...]) -> Expr:
    """Return `node` with other arguments, keeping its name and span; itself where they are its own."""
    if len(args) == len(node.args) and all(map(is_, args, node.args)):
        return node
    if node.op in ("deriv", "hess"):
        return derivative(node.op, args[0], args[1], layout=node.name, span=node.span)
    if node.op in ("matrix", "member"):
        return Expr(node.op, args, node.shape, node.name, span=node.span)
    return Expr(node.op, args, shape_of(node.op, tuple([a.shape for a in args])), node.name, node.value, node.span)


def placed(e: Expr, index: str, place: str) -> Expr:
    """Return `e` with the unit vectors of the letter `index` at another place; a sum over the same letter keeps its own."""
    if e.op == "unit":
        return Expr("unit", (), e.shape, place, 0, e.span) if e.name == index else e
    if not e.args or (e.op in BINDERS and e.args[0].name == index):
        return e
    return rebuilt(e, tuple(placed(a, index, place) for a in e.args))


def units(e: Expr) -> dict[str, Expr]:
    """Return the unit vectors at a place that is a letter, those of sums inside `e` excepted, by letter."""
    if e.op == "unit":
        return {} if e.name.isdigit() else {e.name: e}
    found: dict[str, Expr] = {}
    for a in e.args:
        found |= units(a)
    if e.op in BINDERS:
        found.pop(e.args[0].name, None)
    return found


def ordered(body: Expr, *units: Expr) -> tuple[Expr | None, Expr]:
    """Return the order of two places by which a summand is weighted, some units among them, and what is weighted by it.

    There is no order where it is not weighted so, or is nothing else.
    """
    factors = body.args if body.op == "mul" else ()
    pair = next((f for f in factors if f.op == "indicator" and {*units} <= {*f.args}), None)
    rest = tuple(f for f in factors if f is not pair)
    return (None, body) if pair is None else (pair, rest[0] if len(rest) == 1 else Expr("mul", rest, body.shape))


def renamed(e: Expr, taken: Set[str]) -> Expr:
    """Return a sum or product over a letter that is not `taken`."""
    unit, body = e.args
    if unit.name not in taken:
        return e
    used = taken | {node.name for node in body.walk() if node.op == "unit"}
    letter = next((n for n in "ijklpqrstuvwabcfgh" if n not in used), unit.name)
    return rebuilt(e, (leaf("unit", unit.shape, letter), placed(body, unit.name, letter)))


def unshadowed(e: Expr, around: frozenset[str] = frozenset()) -> Expr:
    """Return `e` with another letter for every sum that stands within one over the same letter."""
    if not e.args:
        return e
    if e.op in BINDERS:
        e = renamed(e, around)
        around |= {e.args[0].name}
    return rebuilt(e, tuple(unshadowed(a, around) for a in e.args))


def num(value: Number, span: Span | None = None) -> Expr:
    """Return an exact number; an integral fraction becomes an int."""
    return _number(value) if span is None else _number(value).at(span)


@lru_cache(maxsize=1 << 10)
def _number(value: Number) -> Expr:
    if not isinstance(value, int) and value.denominator == 1:
        value = value.numerator
    return Expr("num", (), SCALAR, "", value)


def sym(name: str, shape: Shape, span: Span | None = None) -> Expr:
    """Return the symbol `name`."""
    return Expr("sym", (), shape, name, 0, span)


def leaf(op: str, shape: Shape = SCALAR, name: str = "", span: Span | None = None) -> Expr:
    """Return a leaf that is neither a number nor a symbol."""
    return Expr(op, (), shape, name, 0, span)


def derivative(op: str, f: Expr, x: Expr, *, layout: str, span: Span | None = None) -> Expr:
    """Return the derivative (`deriv`) or Hessian (`hess`) node; shapes as CONTRACT 2 fixes them for the layout."""
    if op == "hess":
        shape = Shape(x.shape.entries, x.shape.entries)
    elif x.scalar:
        shape = f.shape
    elif f.scalar:
        shape = x.shape.transposed if layout == "numerator" else x.shape
    elif layout == "block":
        shape = Shape(times(x.shape.rows, f.shape.rows), times(x.shape.cols, f.shape.cols))
    else:
        shape = Shape(x.shape.entries, f.shape.entries)
        shape = shape.transposed if layout == "numerator" else shape
    return Expr(op, (f, x), shape, layout, 0, span)
