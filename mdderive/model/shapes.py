"""Dimensions and shapes, and how the shape of an operator follows from its arguments.

A dimension is a sum of monomials in named sizes (`vec` and Kronecker products multiply sizes, blocks add them). A name that
begins with `?` is an unknown of unification; everything else is a size the author declared, or one that was inferred and got a
name. An unknown never becomes 1: whether a size is 1 is known from the start, and scalars are told from vectors by it.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache, reduce
from math import prod
from typing import NamedTuple

from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.operators import OPERATORS
from mdderive.model.source import Span

MAX_SIZES = 64


class Dim(NamedTuple):
    """`factor` times the product of the sizes `names` (sorted), and what is added to it: `more` monomials, in order."""

    factor: int = 1
    names: tuple[str, ...] = ()
    more: tuple["Dim", ...] = ()

    @property
    def terms(self) -> "tuple[Dim, ...]":
        """The monomials that it is the sum of."""
        return (Dim(self.factor, self.names), *self.more) if self.more else (self,)

    @property
    def letters(self) -> tuple[str, ...]:
        """The sizes in all its terms."""
        return tuple(name for term in self.terms for name in term.names) if self.more else self.names

    def __str__(self) -> str:
        return " + ".join(t.joined(" ") for t in self.terms)

    def joined(self, sign: str) -> str:
        """Return the first term with a sign between its factors."""
        return sign.join(([str(self.factor)] if self.factor != 1 or not self.names else []) + list(self.names))

    def with_sizes(self, meant: "Callable[[str], Dim]") -> "Dim":
        """Return the dimension with other dimensions in place of its sizes."""
        if not self.more and not self.names:
            return self
        if not self.more and self.factor == 1 and len(self.names) == 1:
            return meant(self.names[0])
        return plus(*(reduce(times, map(meant, t.names), Dim(t.factor)) for t in self.terms))

    def number(self, sizes: Mapping[str, int]) -> int:
        """Return the dimension at these sizes."""
        first = self.factor * prod([sizes[name] for name in self.names])
        return first + sum(t.number(sizes) for t in self.more) if self.more else first


ONE = Dim()


@lru_cache(maxsize=1 << 10)
def size(name: str | int) -> Dim:
    """Return the dimension of a size given by its letter or number."""
    return Dim(name) if isinstance(name, int) else Dim(1, (name,))


@lru_cache(maxsize=1 << 12)
def times(a: Dim, b: Dim) -> Dim:
    """Return the product of two dimensions; raises `Refusal` for one of too many sizes."""
    if len(a.letters) + len(b.letters) > MAX_SIZES:
        raise Refusal(Finding("DRV215", Span(0, 0), {"bound": f"{MAX_SIZES} sizes in a product of sizes"}))
    return plus(*(Dim(x.factor * y.factor, tuple(sorted(x.names + y.names))) for x in a.terms for y in b.terms))


def plus(*dims: Dim) -> Dim:
    """Return the sum of dimensions, the numbers last."""
    if len(dims) == 1:
        return dims[0]
    found: dict[tuple[str, ...], int] = {}
    for term in (term for dim in dims for term in dim.terms):
        found[term.names] = found.get(term.names, 0) + term.factor
    first, *more = (Dim(found[names], names) for names in sorted(found, key=lambda names: (not names, names)))
    return first._replace(more=tuple(more))


class Shape(NamedTuple):
    """Rows and columns; a scalar is `SCALAR`, a column vector has one column."""

    rows: Dim
    cols: Dim

    def __str__(self) -> str:
        if self == SCALAR:
            return "scalar"
        return str(self.rows) if self.cols == ONE else f"{self.rows} x {self.cols}"

    @property
    def transposed(self) -> "Shape":
        """The shape of the transpose."""
        return Shape(self.cols, self.rows)

    @property
    def entries(self) -> Dim:
        """The number of entries."""
        return times(self.rows, self.cols)


SCALAR = Shape(ONE, ONE)


class ShapeError(Exception):
    """Arguments whose shapes do not fit an operator; `at` is the index of the argument that does not fit."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


@cache
def signature(op: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, str]]:
    """Return the argument shapes and the result shape in the row of an operator, each as two words over letters."""
    left, right = OPERATORS[op].shape.split("->")
    parts = [p for p in left.replace("(", " ").split(")") if p.strip(" ,") or p.endswith(" ")]
    return tuple(_pair(p) for p in parts), _pair(right.strip("()"))


def _pair(text: str) -> tuple[str, str]:
    rows, _, cols = text.strip(" ,").partition(",")
    return (rows, cols) if rows else ("1", "1")


@lru_cache(maxsize=1 << 13)
def shape_of(op: str, args: tuple[Shape, ...]) -> Shape:
    """Return the shape of `op` applied to arguments of these shapes.

    Raises `ShapeError` where they do not fit. `add` and `mul` take any number of arguments; scalars stand anywhere in a
    product and the other factors chain.
    """
    if op == "add" or (op == "had" and len(args) > 2):
        for i, shape in enumerate(args):
            if shape != args[0]:
                raise ShapeError(f"{args[0]} and {shape}", i)
        return args[0]
    if op == "mul":
        return _product(args)
    wanted, result = signature(op)
    if len(wanted) != len(args):
        raise ShapeError(f"{op} takes {len(wanted)} arguments, not {len(args)}")
    letters: dict[str, Dim] = {"1": ONE, "3": size(3)}
    for i, (words, shape) in enumerate(zip(wanted, args, strict=True)):
        for word, dim in zip(words, shape, strict=True):
            if letters.setdefault(word, dim) != dim:
                raise ShapeError(f"{letters[word]} and {dim}", i)
    return Shape(*(_monomial(word, letters) for word in result))


def _monomial(word: str, letters: dict[str, Dim]) -> Dim:
    return plus(*(reduce(times, (letters[letter] for letter in term), ONE) for term in word.split("+")))


def _product(args: tuple[Shape, ...]) -> Shape:
    left: Shape | None = None
    for i, shape in enumerate(args):
        if shape == SCALAR:
            continue
        if left is None:
            left = shape
        elif left.cols != shape.rows:
            raise ShapeError(f"{left} times {shape}", i)
        else:
            left = Shape(left.rows, shape.cols)
    return left or SCALAR
