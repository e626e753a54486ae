"""The shape-free syntax tree: one class a construction.

A node is a leaf or has nodes below it, `args`; whatever else it says stands in fields. Two trees are equal that say the same,
wherever they stand. Constructions without a field of their own inherit that they are frozen and how they are compared.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, NamedTuple

from mdderive.latex.notation import Order
from mdderive.model.source import Span


@dataclass(frozen=True, slots=True)
class Leaf:
    """A node with nothing below it; the span covers its text."""

    span: Span = field(compare=False)
    args: ClassVar[tuple["Syntax", ...]] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A node over others; the span covers its text."""

    args: tuple["Syntax", ...]
    span: Span = field(compare=False)


Syntax = Leaf | Branch


# ---------------------------------------------------------------- leaves


@dataclass(frozen=True, slots=True)
class Number(Leaf):
    """Digits, perhaps with a point."""

    digits: str


@dataclass(frozen=True, slots=True)
class Letter(Leaf):
    """A letter with its font, accent, subscript and primes; whether it is a function depends on what declares it."""

    name: str


class Ask(Leaf):
    """`?`, and the variable of a derivative that is not written."""


@dataclass(frozen=True, slots=True)
class Unit(Leaf):
    r"""`\mathbf{e}_i`."""

    place: str


Side = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sized(Leaf):
    """What has sizes below it, or none: each is a sum of products of numbers and letters."""

    sizes: tuple[Side, ...] = ()


class Identity(Sized):
    """`I_n`."""


class Ones(Sized):
    r"""`\mathbf{1}_{m \times n}`."""


class Zero(Sized):
    r"""`0_{m \times n}`."""


class Commutation(Sized):
    """`K_{m,n}`."""


# ---------------------------------------------------------------- sums and products


class Sum(Branch):
    """Terms; those with a minus are `Neg`."""


class Neg(Branch):
    """What stands behind a minus."""


Sign = Literal["space", "dot", "star", "cross"]


class Gap(NamedTuple):
    """What separates the factor at a place from the one before it: a thin space, a dot, a star, or a cross."""

    place: int
    sign: Sign


@dataclass(frozen=True, slots=True)
class Product(Branch):
    """Factors side by side."""

    gaps: tuple[Gap, ...] = ()


class Tensor(Branch):
    """Two factors with a sign of their own between them."""


class Hadamard(Tensor):
    r"""`X \odot Y`."""


class HadamardQuotient(Tensor):
    r"""`X \oslash Y`."""


class KroneckerSum(Tensor):
    r"""`X \oplus Y`."""


class Kronecker(Tensor):
    r"""`X \otimes Y`."""


@dataclass(frozen=True, slots=True)
class Over(Branch):
    """A quotient, written as a fraction or with a slash."""

    slash: bool = False


@dataclass(frozen=True, slots=True)
class OverIndex(Branch):
    """A sum or product, or the largest or smallest value, over indices; `last` is empty where none is written, of `powers` a node
    behind."""

    how: Literal["sum", "product", "max", "min", "powers"]
    indices: tuple[str, ...]
    last: str = ""


@dataclass(frozen=True, slots=True)
class Compared(Leaf):
    """`[i < j]`: one where two places are in an order, zero elsewhere."""

    first: str
    order: Order
    second: str


@dataclass(frozen=True, slots=True)
class Pairs(Branch):
    r"""`\sum_{i < j}`, of which nothing yet tells whether one of the letters runs or both do; `last` as of `OverIndex`."""

    pair: Compared
    last: str = ""


# ---------------------------------------------------------------- scripts


@dataclass(frozen=True, slots=True)
class Turned(Branch):
    """What has a transpose above it; `lettered` where that is a T, which is declared as a letter too."""

    lettered: bool = False


class Transpose(Turned):
    """`X^T`."""


class InverseTranspose(Turned):
    """`X^{-T}`."""


class Inverse(Branch):
    """`X^{-1}`."""


class Adjugate(Branch):
    r"""`X^{\#}`."""


class Pseudoinverse(Branch):
    """`X^{+}`."""


class Daggered(Branch):
    r"""`X^{\dagger}`, the pseudo-inverse or the conjugate transpose."""


class Adjoint(Branch):
    """`X^{H}`, the conjugate transpose."""


class Conjugate(Branch):
    r"""`\overline{A B}`, the conjugate of a formula."""


class Star(Branch):
    """`X^*`, which has several meanings."""


@dataclass(frozen=True, slots=True)
class Mean(Branch):
    r"""`\mathbb{E}_q[X]`, in notes: what is averaged, and the distribution as it is written below."""

    below: str


class Power(Branch):
    """A base and its exponent."""


class HadamardPower(Branch):
    r"""`X^{\odot k}`."""


@dataclass(frozen=True, slots=True)
class Indexed(Branch):
    """`X_{ij}`: what is numbered, and the places."""

    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member(Branch):
    """`A_i`, `r_{ij}` where A and r are families: the letter, and the places."""

    places: tuple[str, ...]


# ---------------------------------------------------------------- brackets and functions


class Group(Branch):
    """What stands in brackets."""


class Bars(Branch):
    """`|X|`: a determinant or an absolute value."""


@dataclass(frozen=True, slots=True)
class Norm(Branch):
    r"""`\|X\|`, with its subscript."""

    degree: str = ""


class Inner(Branch):
    r"""`\langle X, Y \rangle`."""


@dataclass(frozen=True, slots=True)
class Matrix(Branch):
    """Entries, row by row."""

    rows: int


class SquareRoot(Branch):
    r"""`\sqrt{X}`."""


@dataclass(frozen=True, slots=True)
class Call(Branch):
    """A named operator with its arguments; a known elementwise function is the operator `fn` and its name."""

    op: str
    function: str = ""
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Applied(Branch):
    r"""A letter applied to its argument: `f(Y)`, `\sigma'(x)`."""

    name: str
    primes: int = 0

    @property
    def spelled(self) -> str:
        """Return the name with its primes."""
        return self.name + "'" * self.primes


# ---------------------------------------------------------------- differentials and derivatives


class Differential(Branch):
    """`dX`."""


@dataclass(frozen=True, slots=True)
class Derivative(Branch):
    r"""What is differentiated, and by what.

    `how` says what its notation adds: \partial, \partial x^T, by an entry, a prime, \nabla f^T that stands before a factor,
    vec(X), perhaps transposed, instead of X, or the conjugate letter of \nabla by a complex one.
    """

    how: Literal["", "partial", "transposed", "entry", "primed", "before", "vec", "vec transposed", "conjugate"] = ""


class SecondDerivative(Branch):
    """What is differentiated twice, and by what; a third node is the other letter, transposed or not, of a mixed derivative."""


class Directional(Branch):
    """`D f(x)[h]`: what changes, the letter that moves, and its direction."""


class Standing(Branch):
    r"""`f(t) |_{t = 0}`: a formula, the letter in it, and the value that this has there."""


class ChainProduct(Branch):
    r"""`\text{prod}(\partial a / \partial b, \partial b / \partial c)`: factors of the chain rule, in any layout."""


class Listed(Branch):
    """Letters with commas between them, by each of which something is differentiated."""


MOVING = (Differential, Derivative, SecondDerivative, Directional)  # what moves letters


def walk(node: Syntax) -> tuple[Syntax, ...]:
    """Return all nodes of a tree, parents first."""
    found: list[Syntax] = []
    waiting = [node]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(reversed(found[-1].args))
    return tuple(found)


def places(node: Syntax) -> tuple[str, ...]:
    """Return the indices at a node itself, which make it an entry, a unit vector or a member."""
    match node:
        case Indexed(places=found) | Member(places=found):
            return found
        case Unit(place=place):
            return (place,)
        case Compared(first=first, second=second):
            return (first, second)
    return ()


def has(node: Syntax, *kinds: type[Leaf] | type[Branch]) -> bool:
    """Tell whether a tree has a node of one of some kinds."""
    return any(isinstance(n, kinds) for n in walk(node))


def with_args(node: Syntax, args: tuple[Syntax, ...]) -> Syntax:
    """Return a node over other nodes; itself where they are those that it has."""
    if isinstance(node, Leaf) or (len(args) == len(node.args) and all(a is b for a, b in zip(args, node.args, strict=True))):
        return node
    return replace(node, args=args)


def rewritten(node: Syntax, change: Callable[[Syntax], Syntax]) -> Syntax:
    """Return a tree with every node changed, from the leaves up."""
    return change(with_args(node, tuple(rewritten(arg, change) for arg in node.args)))


@dataclass(frozen=True, slots=True)
class Relations:
    """`side relation side …`; one side alone is an expression. `beside`: under or over a brace of another one."""

    sides: tuple[Syntax, ...]
    relations: tuple[str, ...]
    beside: bool = False
