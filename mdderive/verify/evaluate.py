"""From trees to their values at one point.

The trees of a claim are one `StraightLine` program: every different node once, after its arguments. It is made once and run at
point after point, by an `Evaluation`, while some nilpotents are in force. Each of them is a frame: a differential, in which
every varying letter moves in its own direction, or a derivative, in which one letter moves and all others stand still. `d` and
`deriv` open a frame, evaluate, and keep what stands with the new nilpotent. So derivatives of any order come from products
alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from mdderive.model.expr import Expr, placed
from mdderive.model.reasons import Reason
from mdderive.verify.algebra import Value, stacked
from mdderive.verify.contents import Contents
from mdderive.verify.derivatives import basis, gradient, hessian, moved, steps_along
from mdderive.verify.elimination import particular
from mdderive.verify.entrywise import function, unknown
from mdderive.verify.evaluator import Frame
from mdderive.verify.field import Undefined, Unsupported
from mdderive.verify.operators import MEANING
from mdderive.verify.sample import Draw

Letters = frozenset[str] | None


class Instruction(NamedTuple):
    """One node: its value is a function of those of the instructions `args`, or of the node itself where that is None."""

    place: int
    e: Expr
    value: Callable[..., Value] | None
    args: tuple[int, ...]
    node: Callable[["Evaluation", Expr], Value]


@dataclass(slots=True, eq=False)
class StraightLine:
    """The nodes of the trees of a claim, and the order in which a tree needs them."""

    contents: Contents
    instructions: list[Instruction] = field(default_factory=list)
    places: dict[Expr, int] = field(default_factory=dict)
    sums: dict[tuple[Expr, int], tuple[Expr, ...]] = field(default_factory=dict)
    orders: dict[tuple[int, Letters, bool], tuple[Instruction, ...]] = field(default_factory=dict)

    def summands(self, e: Expr, count: int) -> tuple[Expr, ...]:
        """Return what a sum over an index sums up, its index at each of so many places."""
        if (e, count) not in self.sums:
            index, body = e.args
            self.sums[e, count] = tuple(placed(body, index.name, str(i + 1)) for i in range(count))
        return self.sums[e, count]

    def place(self, e: Expr) -> int:
        """Return the place of a tree, which is taken in where it is new."""
        place = self.places.get(e)
        if place is None:
            meaning = MEANING.get(e.op)
            value = meaning.value if meaning is not None else None
            node = meaning.node if meaning is not None else _OPERATORS.get(e.op)
            # Where the order of factors is free, numbers come first.
            args = sorted(e.args, key=lambda a: not a.scalar) if e.op == "mul" else e.args
            places = tuple(map(self.place, args)) if value is not None else ()
            place = self.places[e] = len(self.instructions)
            self.instructions.append(Instruction(place, e, value, places, node or Evaluation.refused))
        return place

    def order(self, place: int, moving: Letters, *, placed: bool = False) -> tuple[Instruction, ...]:
        """Return the instructions to the value at a place, where some letters move in the innermost frame; None without a frame.

        What stands still there has the value that it has outside; it comes first, and then letters. Where free indices are
        `placed`, that is what has none of them.
        """
        found = self.orders.get((place, moving, placed))
        if found is None:
            kept: dict[int, Instruction] = {}
            if self.instructions[place].e not in self.contents.known:
                self.contents.letters(self.instructions[place].e)  # which gives those of what is inside
            still = self.contents.unplaced if placed else partial(self._still, moving)
            self._order(place, still, kept)
            found = self.orders[place, moving, placed] = tuple(sorted(kept.values(), key=_rank))
        return found

    def _still(self, moving: Letters, e: Expr) -> bool:
        if moving is None:
            return False
        letters = self.contents.known.get(e)
        return moving.isdisjoint(self.contents.letters(e) if letters is None else letters)

    def _order(self, place: int, still: Callable[[Expr], bool], kept: dict[int, Instruction]) -> None:
        step = self.instructions[place]
        if still(step.e):
            step = step._replace(value=None, args=(), node=Evaluation.outside)
        for arg in step.args:
            if arg not in kept:
                self._order(arg, still, kept)
        kept[place] = step


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Runs a program at one draw under frames; values are kept, and shared with the evaluation outside where they agree."""

    draw: Draw
    program: StraightLine
    frames: tuple[Frame, ...] = ()
    outer: "Evaluation | None" = None
    moving: Letters = None
    values: dict[int, Value] = field(default_factory=dict)
    inner: list["Evaluation"] = field(default_factory=list)

    def value(self, e: Expr) -> Value:
        """Return the value of a tree.

        Raises `Undefined` where it has none at this point, `Inexact` where the field cannot hold it, `Unsupported` where the
        judge does not know the operator.
        """
        values = self.values
        wanted = self.program.place(e)
        if wanted not in values:
            algebra = self.draw.algebra
            placed = self.outer is not None and not self.frames
            for place, node, value, args, evaluate in self.program.order(wanted, self.moving, placed=placed):
                if place not in values:
                    found = evaluate(self, node) if value is None else value(algebra, *map(values.__getitem__, args))
                    values[place] = found
        return values[wanted]

    def summands(self, e: Expr, count: int) -> tuple[Expr, ...]:
        """Return what a sum over an index sums up, its index at each of so many places."""
        return self.program.summands(e, count)

    def outside(self, e: Expr) -> Value:
        """Return the value of a tree in which nothing moves in the innermost frame."""
        assert self.outer is not None
        return self.outer.value(e)

    def refused(self, e: Expr) -> Value:
        """Raise for an operator without a meaning."""
        raise Unsupported("operator", name=e.op)

    def moves(self, e: Expr) -> bool:
        """Whether some frame differentiates by a letter of e."""
        return any(frame.target in self.program.contents.letters(e) for frame in self.frames if frame.target)

    # ------------------------------------------------------------------ frames

    @property
    def bit(self) -> int:
        """The nilpotent of the next frame."""
        return 2 * self.frames[-1].bit if self.frames else 1

    def within(self, frame: Frame) -> "Evaluation":
        """Return the evaluation with one frame more."""
        moving = frozenset({frame.target}) if frame.target else self.draw.varying
        return Evaluation(self.draw, self.program, (*self.frames, frame), self, moving)

    def placed(self, places: Mapping[str, str]) -> "Evaluation":
        """Return the evaluation, which has no frame, for the places of free indices."""
        return Evaluation(replace(self.draw, places=places), self.program, outer=self)

    def without(self, frames: Sequence[Frame]) -> "Evaluation":
        """Return the evaluation under the other frames only."""
        if self.outer is None or not self.frames:
            return self
        outer = self.outer.without(frames)
        if self.frames[-1] in frames:
            return outer
        return self if outer is self.outer else outer.within(self.frames[-1])

    def differential(self) -> "Evaluation":
        """Return the evaluation inside a `d`."""
        if not self.inner:
            self.inner.append(self.within(Frame(self.bit)))
        return self.inner[0]

    def along(self, x: Expr, direction: Value) -> "Evaluation":
        """Return an evaluation in which one letter, or one member of a family, moves in a direction."""
        return self.within(Frame(self.bit, x.name, direction, tuple(map(self.draw.place, x.args))))

    def derivative(self, e: Expr, x: Expr, direction: Value) -> Value:
        """Return how a tree changes when one letter moves in a direction."""
        return self.along(x, direction).change(e)

    def change(self, e: Expr) -> Value:
        """Return what stands with the nilpotent of the innermost frame."""
        return self.value(e).split(self.frames[-1].bit)[1]

    def _along(self, e: Expr) -> Value:
        f, x, direction = e.args
        return self.derivative(f, x, self.value(direction))

    def _at(self, e: Expr) -> Value:
        f, x, value = e.args
        return self.within(Frame(self.bit, x.name, self.value(value), stands=True)).value(f)

    def _differential(self, e: Expr) -> Value:
        return self.differential().change(e.args[0])

    # ------------------------------------------------------------------ letters

    def symbol(self, e: Expr) -> Value:
        """Return the value of a letter: its definition, or its draw, moved as the frames say."""
        declared = self.draw.context.symbols.get(e.name)
        if declared is not None and declared.along and (steps := steps_along(self, declared)):
            return moved(self, e, steps)
        targeted = [frame for frame in self.frames if frame.target == e.name]
        if targeted:
            base = self.without(targeted).value(e)
            for frame in targeted:
                assert frame.direction is not None
                base = frame.direction if frame.stands else base.joined(frame.direction, frame.bit)
            return base
        if e.name in self.draw.context.unknown:
            return unknown(self, e.name, (), self.value(*self.program.contents.argument_of(e.name)))
        definition = self.draw.context.definitions.get(e.name)
        differentials = tuple([frame.bit for frame in self.frames if not frame.target])
        if e.name in self.draw.residuals:
            return self._settled(e)
        if definition is None:
            bits = differentials if e.name in self.draw.varying else ()
            return self.draw.cache.get((e.name, bits)) or self.draw.symbol(e, bits)
        if e.name in self.draw.varying and differentials:
            return self._independent(e, differentials)
        return self.value(definition)

    def rates_of(self, e: Expr) -> Sequence[Expr]:
        """Return what premises give as the derivative of a letter."""
        return self.program.contents.rates_of(e)

    def member(self, e: Expr) -> Value:
        """Return the value of a member of a family, a draw of its own, moved as the frames say."""
        bits = tuple([frame.bit for frame in self.frames if not frame.target])
        places = tuple(map(self.draw.place, e.args))
        value = self.draw.symbol(e, bits, places)
        for frame in self.frames:
            if frame.target == e.name and frame.places == places:
                assert frame.direction is not None
                value = value.joined(frame.direction, frame.bit)
        return value

    def _settled(self, e: Expr) -> Value:
        """Return the value of a letter moved to where its premises hold: a solution of linear equations in its entries."""
        algebra = self.draw.algebra
        residuals = self.draw.residuals[e.name]
        others = {name: found for name, found in self.draw.residuals.items() if name != e.name}
        free = Evaluation(replace(self.draw, residuals=others, cache={}), self.program)
        for frame in self.frames:
            free = free.within(frame)
        start = free.value(e)
        gap = stacked([free.value(residual).vec() for residual in residuals])
        cells = [(i, j) for i in range(start.rows) for j in range(start.cols)]
        slopes = [stacked([free.derivative(r, e, basis(self, e, i, j)).vec() for r in residuals]) for i, j in cells]
        step = particular(algebra, slopes, algebra.negative(gap))
        value = algebra.sum(start, self.draw.directed(e, Value(start.rows, start.cols, step.parts)))
        if not any(value.plain) and self.draw.deficient is None:
            raise Unsupported("premise", premise=Reason("only-zero", {"name": e.name}))
        if "positive" in self.draw.context.symbols[e.name].properties and not algebra.over.all_positive(value.plain):
            raise Undefined("not-positive", name=e.name)
        return value

    def _independent(self, e: Expr, bits: tuple[int, ...]) -> Value:
        """Return the value of a definition that is itself what varies."""
        value = self.without([frame for frame in self.frames if not frame.target]).value(e)
        for bit in bits:
            value = value.joined(self.draw.direction(e, "direction"), bit)
        return value


def _rank(step: Instruction) -> int:
    return 0 if step.node == Evaluation.outside else 1 if step.e.op == "sym" else 2


_OPERATORS: Mapping[str, Callable[[Evaluation, Expr], Value]] = {
    "sym": Evaluation.symbol,
    "member": Evaluation.member,
    "fn": lambda at, e: function(at, e.name, at.value(e.args[0])),
    "apply": lambda at, e: unknown(at, e.name, (), at.value(e.args[0])),
    "d": Evaluation._differential,
    "along": Evaluation._along,
    "at": Evaluation._at,
    "deriv": gradient,
    "hess": hessian,
}
