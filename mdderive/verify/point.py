"""The two sides of an equation at one point.

A derivative that stands alone on one side is judged by its action on one random direction E: the directional derivative on the
one side, the other side applied to E on the other. A wrong derivative agrees on a random E only by chance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from mdderive.model.expr import LETTERS, Expr
from mdderive.model.reasons import Reason
from mdderive.verify.algebra import Algebra, Value, stacked
from mdderive.verify.contents import Comparison
from mdderive.verify.evaluate import Evaluation
from mdderive.verify.field import Journal, Undefined, Unsupported
from mdderive.verify.real import Real


@dataclass(frozen=True, slots=True)
class Point:
    """An evaluation without frames, and what derivatives gave in it."""

    at: Evaluation
    probes: dict[Expr, Value] = field(default_factory=dict)
    directions: dict[tuple[Expr, str], Value] = field(default_factory=dict)
    undefined: dict[Expr, Reason] = field(default_factory=dict)

    def needed(self) -> int:
        """Return how many digits the sides need here beyond those they were computed with; 0 where these are enough."""
        over = self.at.draw.algebra.over
        return over.needed if isinstance(over, Real) and over.needed > over.digits else 0

    def finer(self, digits: int = 0) -> "Point":
        """Return the same point computed with so many digits, or four times as many; this one where numbers are exact."""
        over = self.at.draw.algebra.over
        if not isinstance(over, Real):
            return self
        finer = replace(over, digits=digits or 4 * over.digits, journal=Journal())
        return Point(Evaluation(replace(self.at.draw, algebra=Algebra(finer), cache={}), self.at.program))

    def sides(self, both: Comparison, *, tied: bool = False) -> tuple[Value, Value]:
        """Return two values that are equal where the equation holds; see `Evaluation.value` for what may be raised.

        `tied` reads the derivative by a symmetric letter as the one by its free entries. An index that no sum binds stands for
        every place: the values of all of them are stacked.
        """
        if not both.indices:
            return self.sides_here(both.left, both.right, tied=tied)
        found = [point.sides_here(both.left, both.right, tied=tied) for point in self.at_places(both.indices)]
        return stacked([a.vec() for a, _ in found]), stacked([b.vec() for _, b in found])

    def at_places(self, free: Mapping[str, Expr]) -> Iterator["Point"]:
        """Yield this point once for every choice of places of the indices that no sum binds."""
        program, draw = self.at.program, self.at.draw
        if not free:
            yield self
            return
        for places in product(*(range(1, draw.dims(unit.shape)[0] + 1) for unit in free.values())):
            draw.algebra.spend(1000)
            yield Point(Evaluation(replace(draw, places=dict(zip(free, map(str, places), strict=True))), program))

    def sides_here(self, left: Expr, right: Expr, *, tied: bool = False) -> tuple[Value, Value]:
        """Return the two values for the places that indices have in this point."""
        if left.op not in ("deriv", "hess") and right.op in ("deriv", "hess"):
            left, right = right, left
        for side in (left, right):
            if side in self.undefined:
                raise Undefined(self.undefined[side].code, **self.undefined[side].facts)
        try:
            side = left
            first = self._tied(left) if tied else self._probed(left) if left.op in ("deriv", "hess") else self.at.value(left)
            side = right
            second = self.at.value(right)
        except Undefined as undefined:
            self.undefined[side] = undefined.reason
            raise
        return first, second if tied or left.op not in ("deriv", "hess") else self._applied(left, second)

    def _probed(self, e: Expr) -> Value:
        """Return how the function of a derivative changes in the direction of the probe."""
        if e not in self.probes:
            self.probes[e] = self._second(e) if e.op == "hess" else self._first(e)
        return self.probes[e]

    def _direction(self, e: Expr, word: str) -> Value:
        x = e.args[1]
        if x.op not in LETTERS:
            raise Unsupported("by-no-letter")
        if (x, word) not in self.directions:
            self.directions[x, word] = self.at.draw.direction(x, word)
        return self.directions[x, word]

    def _first(self, e: Expr) -> Value:
        f, x = e.args
        change = self.at.derivative(f, x, self._direction(e, "probe"))
        return change if x.scalar or f.scalar or e.name == "block" else change.vec()

    def _second(self, e: Expr) -> Value:
        f, x = e.args
        once = self.at.along(x, self._direction(e, "probe"))
        return once.derivative(f, x, self._direction(e, "second probe")).split(once.frames[-1].bit)[1]

    def _applied(self, e: Expr, value: Value) -> Value:
        """Return the other side, applied to the directions of the probe."""
        algebra = self.at.draw.algebra
        f, x = e.args
        first = self._direction(e, "probe")
        if e.op == "hess":
            second = self._direction(e, "second probe")
            return algebra.product(first.vec().transposed(), algebra.product(value, second.vec()))
        if x.scalar:
            return algebra.times(value, first)
        if e.name == "numerator":
            value = value.transposed()
        if f.scalar:
            return algebra.total(algebra.times(value, first))
        if e.name != "block":
            return algebra.product(value.transposed(), first.vec())
        height, width = self.at.draw.dims(f.shape)
        blocks = [
            algebra.times(
                first.block([i], [j]),
                value.block(range(i * height, (i + 1) * height), range(j * width, (j + 1) * width)),
            )
            for i in range(first.rows)
            for j in range(first.cols)
        ]
        return algebra.sum(*blocks)

    def _tied(self, e: Expr) -> Value:
        """Return 2G - G o I for the derivative G by a symmetric letter."""
        algebra = self.at.draw.algebra
        gradient = self.at.value(e)
        diagonal = algebra.times(gradient, algebra.identity(gradient.rows))
        return algebra.sum(gradient, gradient, algebra.negative(diagonal))
