"""From a tree to its value at one point.

A `Scope` evaluates trees in which some nilpotents are in force. Each of them is a frame: a differential, in which every varying
letter moves in its own direction, or a derivative, in which one letter moves and all others stand still. `d` and `deriv` open a
frame, evaluate, and keep what stands with the new nilpotent. So derivatives of any order come from products alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from mdderive.model.expr import Expr, Number, of_numbers
from mdderive.model.functions import FUNCTIONS
from mdderive.model.reasons import Reason
from mdderive.verify.algebra import Value, block, joined, split, stacked, top_bit, vec
from mdderive.verify.contents import Contents
from mdderive.verify.curves import moved, steps_along
from mdderive.verify.derivatives import basis, gradient, hessian
from mdderive.verify.field import Undefined, Unsupported, absolute
from mdderive.verify.meanings import TAU, meaning, slope
from mdderive.verify.operators import MEANING
from mdderive.verify.sample import Draw

APPLYING = 30  # what a step of a function's formula costs beside its arithmetic
MAX_EXPONENT, MAX_BITS = 10_000, 200_000


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A nilpotent in force: a differential (no target), or the letter `target` moving in a direction."""

    bit: int
    target: str = ""
    direction: Value | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Evaluates trees at one draw under its frames; values are kept, and shared with the scope outside where they agree."""

    draw: Draw
    contents: Contents
    frames: tuple[Frame, ...] = ()
    outer: "Scope | None" = None
    memo: dict[Expr, Value] = field(default_factory=dict)
    inner: dict[str, "Scope"] = field(default_factory=dict)

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

    def _moved(self, e: Expr) -> bool:
        """Whether some frame differentiates by a letter of e."""
        return any(frame.target in self.contents.letters(e) for frame in self.frames if frame.target)

    def _bit(self) -> int:
        return 2 * self.frames[-1].bit if self.frames else 1

    def differential(self) -> "Scope":
        """Return the scope inside a `d`."""
        if "d" not in self.inner:
            self.inner["d"] = Scope(self.draw, self.contents, (*self.frames, Frame(self._bit())), self)
        return self.inner["d"]

    def along(self, target: str, direction: Value) -> "Scope":
        """Return a scope in which one letter moves in a direction."""
        return Scope(self.draw, self.contents, (*self.frames, Frame(self._bit(), target, direction)), self)

    def derivative(self, e: Expr, target: str, direction: Value) -> Value:
        """Return how a tree changes when one letter moves in a direction."""
        inside = self.along(target, direction)
        return split(inside.value(e), inside.frames[-1].bit)[1]

    # ------------------------------------------------------------------ letters

    def symbol(self, e: Expr) -> Value:
        """Return the value of a letter: its definition, or its draw, moved as the frames say."""
        steps = steps_along(self, e.name)
        if steps:
            return moved(self, e, steps)
        targeted = [frame for frame in self.frames if frame.target == e.name]
        if targeted:
            base = self.without(targeted).value(e)
            for frame in targeted:
                assert frame.direction is not None
                base = joined(base, frame.direction, frame.bit)
            return base
        if e.name in self.draw.context.unknown:
            return self.unknown(e.name, (), self.value(*self.contents.argument_of(e.name)))
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
        free = Scope(replace(self.draw, residuals=others, cache={}), self.contents)
        for frame in self.frames:
            free = Scope(free.draw, self.contents, (*free.frames, frame), free)
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

    def without(self, frames: list[Frame]) -> "Scope":
        """Return the scope under the other frames only."""
        scope: Scope = self
        while scope.outer is not None:
            scope = scope.outer
        for frame in self.frames:
            if frame not in frames:
                scope = Scope(self.draw, self.contents, (*scope.frames, frame), scope)
        return scope

    # ------------------------------------------------------------------ numbers and powers

    def exact(self, e: Expr) -> Number | None:
        """Return an exponent as an exact number; None where it is not one."""
        match e.op:
            case "num":
                return e.value
            case "size":
                return self.draw.sizes[e.name]
            case "sym" if e.name in self.draw.context.definitions:
                return self.exact(self.draw.context.definitions[e.name])
            case "sym" if self.draw.whole(e.name):
                return self.draw.integer(e.name)
            case "add" | "mul" | "pow":
                return self._exact_compound(e)
        return None

    def _exact_compound(self, e: Expr) -> Number | None:
        values = [self.exact(a) for a in e.args]
        known = [v for v in values if v is not None]
        if len(known) < len(values):
            return None
        if e.op == "add":
            return sum(known)
        if e.op == "pow":
            base, exponent = known
            small = exponent.denominator == 1 and absolute(exponent) <= MAX_EXPONENT and base
            small = small and absolute(exponent) * _bits(base) <= MAX_BITS
            return Fraction(base) ** int(exponent) if small else None
        result: Number = 1
        for v in known:
            result *= v
        return result

    def power(self, base: Value, exponent: Expr, *, matrix: bool = False) -> Value:
        """Return a power, entry by entry unless `matrix`."""
        algebra = self.draw.algebra
        number = None if self._moved(exponent) else self.exact(exponent)
        multiply = algebra.product if matrix else algebra.times
        if number is None:
            if matrix:
                raise Unsupported("power")
            logarithm = self.known("log", base)
            return self.known("exp", algebra.times(self.value(exponent), logarithm))
        whole, rest = divmod(Fraction(number), 1)
        if rest and matrix:
            raise Unsupported("power")
        if abs(whole) > MAX_EXPONENT:
            raise Unsupported("exponent")
        if not whole and not rest:
            return algebra.identity(base.rows) if matrix else self.filled(base.rows, base.cols, 1)
        if whole < 0:
            start = algebra.inverse(base) if matrix else algebra.reciprocal(base)
        else:
            start = base
        result = algebra.power(start, abs(int(whole)), multiply) if whole else None
        if rest:
            root = self.known("sqrt" if rest == Fraction(1, 2) else f"power:{rest}", base)
            result = root if result is None else algebra.times(result, root)
        assert result is not None
        return result

    def filled(self, rows: int, cols: int, number: Number) -> Value:
        """Return a matrix of equal entries."""
        self.draw.algebra.spend(rows * cols)
        return self.draw.algebra.const(rows, cols, [self.draw.algebra.over.number(number)] * (rows * cols))

    # ------------------------------------------------------------------ functions

    def function(self, name: str, x: Value) -> Value:
        """Return an elementwise function, differentiated once for each prime in its name."""
        base = name.rstrip("'")
        body: Expr | None
        own = self.draw.context.elementwise.get(base)
        if own is not None and own.body is not None:
            body, parameter = own.body, own.parameter
        elif own is None and base in FUNCTIONS:
            body, parameter = meaning(base), TAU
        else:
            return self._unknown_entries(base, len(name) - len(base), x)
        start = max(x.mask(), self._bit() - 1).bit_length()
        bits = [1 << (start + i) for i in range(len(name) - len(base))]
        for bit in bits:
            x = joined(x, self.filled(x.rows, x.cols, 1), bit)
        value = self.known(base, x) if body is None else self.spread(self.entrywise(body, parameter, x), x)
        for bit in bits:
            value = split(value, bit)[1]
        return value

    def _unknown_entries(self, base: str, order: int, x: Value) -> Value:
        """Return an unknown elementwise function, differentiated `order` times."""
        mask = x.mask()
        if not mask:
            over = self.draw.algebra.over
            return Value(x.rows, x.cols, {0: [over.unknown(base, (0,) * order, (a,)) for a in x.plain]})
        low, high = split(x, top_bit(mask))
        change = self.draw.algebra.times(self._unknown_entries(base, order + 1, low), high)
        return joined(self._unknown_entries(base, order, low), change, top_bit(mask))

    def unknown(self, name: str, indices: tuple[int, ...], x: Value) -> Value:
        """Return an unknown scalar function of all entries of x, differentiated by the entries `indices`."""
        mask = x.mask()
        algebra = self.draw.algebra
        if not mask:
            return algebra.const(1, 1, [algebra.over.unknown(name, indices, x.plain)])
        bit = top_bit(mask)
        low, high = split(x, bit)
        changes = []
        for i in range(x.rows * x.cols):
            change = block(high, [i // x.cols], [i % x.cols])
            if any(any(part) for part in change.parts.values()):
                slope_here = self.unknown(name, tuple(sorted((*indices, i))), low)
                changes.append(algebra.times(slope_here, change))
        value = self.unknown(name, indices, low)
        return joined(value, algebra.sum(changes), bit) if changes else value

    def known(self, name: str, x: Value) -> Value:
        """Return a primitive at every entry: f(a + e b) = f(a) + e f'(a) b, with f' from the table of functions."""
        mask = x.mask()
        algebra = self.draw.algebra
        algebra.spend(10 * x.rows * x.cols)
        if not mask:
            return algebra.const(x.rows, x.cols, [algebra.over.known(name, a) for a in algebra.over.tidy(x.plain)])
        bit = top_bit(mask)
        low, high = split(x, bit)
        if name.startswith("power:"):
            rest = algebra.number(Fraction(name.removeprefix("power:")))
            rate = algebra.times(rest, algebra.times(self.known(name, low), algebra.reciprocal(low)))
        else:
            rate = self.spread(self.entrywise(slope(name), TAU, low), x)
        return joined(self.known(name, low), algebra.times(rate, high), bit)

    def spread(self, a: Value, like: Value) -> Value:
        """Return a scalar as a matrix of equal entries; a matrix stays as it is."""
        if not a.scalar or like.scalar:
            return a
        return a.mapped(like.rows, like.cols, lambda part: part * (like.rows * like.cols))

    def entrywise(self, e: Expr, parameter: str, x: Value) -> Value:
        """Return the scalar tree e at every entry of x, which its parameter stands for."""
        algebra = self.draw.algebra
        if e.op == "sym" and e.name == parameter:
            return x
        if not _mentions(e, parameter):
            return self.value(e)
        plain = of_numbers(e) if all(a.scalar for a in e.args) else e
        if plain is not e:
            return self.entrywise(plain, parameter, x)
        algebra.spend(APPLYING)
        known = {a: self.entrywise(a, parameter, x) for a in dict.fromkeys(e.args)}
        args = [known[a] for a in e.args]
        match e.op:
            case "add":
                return algebra.sum([self.spread(a, x) for a in args])
            case "mul":
                result = args[0]
                for a in args[1:]:
                    result = algebra.times(result, a)
                return result
            case "pow":
                return self._entrywise_power(e, parameter, args)
            case "fn":
                return self.function(e.name, args[0])
        raise Unsupported("operator-inside", name=e.op)

    def _entrywise_power(self, e: Expr, parameter: str, args: list[Value]) -> Value:
        if not _mentions(e.args[1], parameter):
            return self.power(args[0], e.args[1])
        return self.known("exp", self.draw.algebra.times(args[1], self.known("log", args[0])))

    def _differential(self, e: Expr) -> Value:
        inside = self.differential()
        return split(inside.value(e.args[0]), inside.frames[-1].bit)[1]


def _bits(value: Number) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


@lru_cache(maxsize=1 << 10)
def _mentions(e: Expr, letter: str) -> bool:
    return any(node.op == "sym" and node.name == letter for node in e.walk())


_OPERATORS: Mapping[str, Callable[[Scope, Expr], Value]] = {
    **{op: meaning.value for op, meaning in MEANING.items()},
    "sym": Scope.symbol,
    "member": Scope.member,
    "fn": lambda scope, e: scope.function(e.name, scope.value(e.args[0])),
    "apply": lambda scope, e: scope.unknown(e.name, (), scope.value(e.args[0])),
    "d": Scope._differential,
    "deriv": gradient,
    "hess": hessian,
}
