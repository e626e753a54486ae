"""Letters that stand for what is made of others: densities, means, the values that random letters take, numbered vectors."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from mdderive.latex.syntax import Letter

Kind = Literal["scalar", "column", "matrix"]


@dataclass(frozen=True, slots=True)
class StandIn(Letter):
    """A letter that stands for what is made of another one, `of`; its kind is known."""

    of: str
    kind: ClassVar[Kind]


@dataclass(frozen=True, slots=True)
class Density(StandIn):
    """`p(x | y)`, in notes: a number, known by all of its text, that tells something about the density `of`."""

    kind: ClassVar[Kind] = "scalar"


@dataclass(frozen=True, slots=True)
class MeanGiven(Density):
    r"""`\mathbb{E}[X | y]`, in notes: a number too."""


@dataclass(frozen=True, slots=True)
class Columns(StandIn):
    """The matrix whose columns are the vectors that the numbers at a letter tell apart."""

    kind: ClassVar[Kind] = "matrix"


@dataclass(frozen=True, slots=True)
class Draws(StandIn):
    """The column of the values that a random number takes, or of their weights."""

    kind: ClassVar[Kind] = "column"
