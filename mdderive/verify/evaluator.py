"""What the meaning of an operator may ask for: values of trees at one draw, while some letters move."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from mdderive.model.expr import Expr
from mdderive.verify.algebra import Value
from mdderive.verify.sample import Draw


class Frame(NamedTuple):
    """A nilpotent in force: a differential (no target), or the letter `target` moving in a direction.

    Of a family, the member at `places` moves.
    Where it `stands` at a value, that is in the place of the direction, and the nilpotent is idle.
    """

    bit: int
    target: str = ""
    direction: Value | None = None
    places: tuple[int, ...] = ()
    stands: bool = False


class Evaluator(Protocol):
    """Values at one draw under frames."""

    @property
    def draw(self) -> Draw: ...  # noqa: D102
    @property
    def frames(self) -> tuple[Frame, ...]: ...  # noqa: D102
    @property
    def bit(self) -> int: ...  # noqa: D102
    def value(self, e: Expr) -> Value: ...  # noqa: D102
    def moves(self, e: Expr) -> bool: ...  # noqa: D102
    def along(self, x: Expr, direction: Value) -> "Evaluator": ...  # noqa: D102
    def derivative(self, e: Expr, x: Expr, direction: Value) -> Value: ...  # noqa: D102
    def without(self, frames: Sequence[Frame]) -> "Evaluator": ...  # noqa: D102
    def summands(self, e: Expr, count: int) -> Sequence[Expr]: ...  # noqa: D102
    def rates_of(self, e: Expr) -> Sequence[Expr]: ...  # noqa: D102
