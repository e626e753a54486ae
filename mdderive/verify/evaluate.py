"""From a tree to its value at one point.

An `Evaluation` evaluates trees in which some nilpotents are in force. Each of them is a frame: a differential, in which
every varying letter moves in its own direction, or a derivative, in which one letter moves and all others stand still. `d` and
`deriv` open a frame, evaluate, and keep what stands with the new nilpotent. So derivatives of any order come from products
alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mdderive.model.expr import Expr
from mdderive.model.reasons import Reason
from mdderive.verify.contents import Contents
from mdderive.verify.curves import moved, steps_along
from mdderive.verify.derivatives import basis, gradient, hessian
from mdderive.verify.entrywise import function, unknown
from mdderive.verify.evaluator import Frame
from mdderive.verify.field import Undefined, Unsupported
from mdderive.verify.nilpotent import Value, joined, split, stacked, vec
from mdderive.verify.operators import MEANING
from mdderive.verify.sample import Draw


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Evaluates trees at one draw under its frames; values are kept, and shared with the evaluation outside where they agree."""

    draw: Draw
    contents: Contents
    frames: tuple[Frame, ...] = ()
    outer: "Evaluation | None" = None
    memo: dict[Expr, Value] = field(default_factory=dict)
    inner: dict[str, "Evaluation"] = field(default_factory=dict)

    def value(self, e: Expr) -> Value:
        """Return the value of a tree.

        Raises `Undefined` where it has none at this point, `Inexact` where the field cannot hold it, `Unsupported` where the
        judge does not know the operator.
        """
        found = self.memo.get(e)
        if found is None:
            if self.outer is not None and not self._moves(e):
                found = self.outer.value(e)
            else:
                evaluate = _OPERATORS.get(e.op)
                if evaluate is None:
                    raise Unsupported("operator", name=e.op)
                found = evaluate(self, e)
            self.memo[e] = found
        return found

    def _moves(self, e: Expr) -> bool:
        """Whether the innermost frame changes the value of e."""
        frame = self.frames[-1]
        names = self.contents.letters(e)
        return frame.target in names if frame.target else not names.isdisjoint(self.draw.varying)

    def moving(self, e: Expr) -> bool:
        """Whether some frame differentiates by a letter of e."""
        return any(frame.target in self.contents.letters(e) for frame in self.frames if frame.target)

    @property
    def bit(self) -> int:
        """The nilpotent of the next frame."""
        return 2 * self.frames[-1].bit if self.frames else 1

    def differential(self) -> "Evaluation":
        """Return the evaluation inside a `d`."""
        if "d" not in self.inner:
            self.inner["d"] = Evaluation(self.draw, self.contents, (*self.frames, Frame(self.bit)), self)
        return self.inner["d"]

    def rates_of(self, e: Expr) -> Sequence[Expr]:
        """Return what premises give as the derivative of a letter."""
        return self.contents.rates_of(e)

    def along(self, target: str, direction: Value) -> "Evaluation":
        """Return an evaluation in which one letter moves in a direction."""
        return Evaluation(self.draw, self.contents, (*self.frames, Frame(self.bit, target, direction)), self)

    def derivative(self, e: Expr, target: str, direction: Value) -> Value:
        """Return how a tree changes when one letter moves in a direction."""
        inside = self.along(target, direction)
        return split(inside.value(e), inside.frames[-1].bit)[1]

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
                base = joined(base, frame.direction, frame.bit)
            return base
        if e.name in self.draw.context.unknown:
            return unknown(self, e.name, (), self.value(*self.contents.argument_of(e.name)))
        definition = self.draw.context.definitions.get(e.name)
        differentials = tuple(frame.bit for frame in self.frames if not frame.target)
        if e.name in self.draw.residuals:
            return self._settled(e)
        if definition is None:
            return self.draw.symbol(e, differentials)
        if e.name in self.draw.varying and differentials:
            return self._independent(e, differentials)
        return self.value(definition)

    def member(self, e: Expr) -> Value:
        """Return the value of a member of a family, a draw of its own, moved as the differentials say."""
        bits = tuple(frame.bit for frame in self.frames if not frame.target)
        return self.draw.symbol(e, bits, self.draw.place(*e.args))

    def _settled(self, e: Expr) -> Value:
        """Return the value of a letter moved to where its premises hold: a solution of linear equations in its entries."""
        algebra = self.draw.algebra
        residuals = self.draw.residuals[e.name]
        others = {name: found for name, found in self.draw.residuals.items() if name != e.name}
        free = Evaluation(replace(self.draw, residuals=others, cache={}), self.contents)
        for frame in self.frames:
            free = Evaluation(free.draw, self.contents, (*free.frames, frame), free)
        start = free.value(e)
        gap = stacked([vec(free.value(residual)) for residual in residuals])
        cells = [(i, j) for i in range(start.rows) for j in range(start.cols)]
        slopes = [stacked([vec(free.derivative(r, e.name, basis(self, e, i, j))) for r in residuals]) for i, j in cells]
        step = algebra.particular(slopes, algebra.negative(gap))
        value = algebra.sum([start, Value(start.rows, start.cols, step.parts)])
        if not any(value.plain) and self.draw.deficient is None:
            raise Unsupported("premise", premise=Reason("only-zero", {"name": e.name}))
        if "positive" in self.draw.context.symbols[e.name].properties and not algebra.over.all_positive(value.plain):
            raise Undefined("not-positive", name=e.name)
        return value

    def _independent(self, e: Expr, bits: tuple[int, ...]) -> Value:
        """Return the value of a definition that is itself what varies."""
        value = self.without([frame for frame in self.frames if not frame.target]).value(e)
        for bit in bits:
            value = joined(value, self.draw.direction(e, "direction"), bit)
        return value

    def without(self, frames: list[Frame]) -> "Evaluation":
        """Return the evaluation under the other frames only."""
        outermost: Evaluation = self
        while outermost.outer is not None:
            outermost = outermost.outer
        for frame in self.frames:
            if frame not in frames:
                outermost = Evaluation(self.draw, self.contents, (*outermost.frames, frame), outermost)
        return outermost

    def _differential(self, e: Expr) -> Value:
        inside = self.differential()
        return split(inside.value(e.args[0]), inside.frames[-1].bit)[1]


_OPERATORS: Mapping[str, Callable[[Evaluation, Expr], Value]] = {
    **{op: meaning.value for op, meaning in MEANING.items()},
    "sym": Evaluation.symbol,
    "member": Evaluation.member,
    "fn": lambda at, e: function(at, e.name, at.value(e.args[0])),
    "apply": lambda at, e: unknown(at, e.name, (), at.value(e.args[0])),
    "d": Evaluation._differential,
    "deriv": gradient,
    "hess": hessian,
}
