"""Equations that a note demands, and what follows from them: a gradient set to zero, the normal equations, the solution.

What is said to follow is judged by the condition before it. A value is put in, and must solve it; any other equation must be a
multiple of it. What cannot be shown so is left as it was: nothing is refuted here.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field

from mdderive.check.attempts import FEW, Attempts, ChainStep
from mdderive.document.blocks import Section
from mdderive.latex.notation import RESERVED
from mdderive.latex.syntax import (
    MOVING,
    Derivative,
    Group,
    Indexed,
    Letter,
    Neg,
    Number,
    OverIndex,
    Product,
    Standing,
    Star,
    Sum,
    Syntax,
    has,
    rewritten,
    walk,
)
from mdderive.reading.chains import Chain
from mdderive.reading.claims import is_compound
from mdderive.reading.discourse import Reach
from mdderive.reading.evidence import vanishing
from mdderive.reading.known import Grounds
from mdderive.reading.readings import Read
from mdderive.reading.shown_by_form import is_zero, letter_name, letters, upper_limits
from mdderive.reading.suppositions import Supposed

REACH = 2000  # characters up to which a condition is the one that is meant
CLOSE = 400  # and up to which a value is said to solve it
MOST = 4
FACTORS = ("1", "2", "4")
_HAT = re.compile(r"\\(?:wide)?hat\{(?P<letter>.*)\}")


@dataclass(frozen=True, slots=True)
class _Condition:
    """What must vanish, where that is said, or might: then some letters may be `found` by it, and no other equation follows."""

    residual: Syntax
    section: Section
    at: int
    line: int
    found: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()  # what a gradient is taken by that is set to zero
    made_of: frozenset[str] = frozenset()  # the letters of what is differentiated, where the note does not say its gradient

    @property
    def letters(self) -> frozenset[str]:
        """Return the letters that it speaks of."""
        return self.made_of or _own(self.residual)

    def with_value(self, left: Syntax, right: Syntax) -> Syntax:
        """Return what must vanish with a value in the place of a letter."""
        value = Group((right,), right.span)
        if self.made_of and isinstance(left, Letter):
            return Standing((self.residual, left, value), right.span)
        return rewritten(self.residual, lambda n: value if n == left else n)

    def determines(self, found: Read) -> bool:
        """Tell whether what must vanish has the shape of the value put in, in a reading: a number is differentiated."""
        vanishes, _, value = found.sides
        if vanishes is None or value is None:
            return False
        return not self.made_of or vanishes.shape in (value.shape, value.shape.transposed)

    def unknown(self, left: Syntax) -> Syntax:
        """Return the letter that must solve it where a side names a value of that letter, and any other side as it is."""
        name = sought(left, self.letters)
        return Letter(left.span, name) if name and not isinstance(left, Indexed) else left

    def numbered(self, side: Syntax) -> Syntax:
        """Return a side in which the letters with an index that it numbers are its entries."""
        entries = {f"{_name(n)}_{n.places[0]}": n for n in walk(self.residual) if isinstance(n, Indexed) and len(n.places) == 1}
        return rewritten(side, lambda n: entries.get(n.name, n) if isinstance(n, Letter) else n)

    def solved_by(self, left: Syntax, right: Syntax, *, said: bool) -> bool:
        """Tell whether a value of a letter is meant to solve it: both speak of the same letters, the value not of its own.

        Where it may only be meant to vanish, that must be `said`, or the letter be marked as an optimum.
        """
        own, name = _own(self.numbered(right)), sought(self.numbered(left), self.found or self.letters)
        counts = frozenset(upper_limits(right)) if self.made_of else frozenset()  # how many there are, which their sum says
        meant = not self.found or said or name != _name(self.numbered(left))
        return bool(name and own) and meant and name not in own and self.letters - counts == (own | {name}) - counts


@dataclass(frozen=True, slots=True)
class Under:
    """What becomes of an equation under the conditions of some lines: the step that fails with all of them.

    There is none where one may bear on it. The letters that one side has alone are `tied` where they are all in what is supposed.
    """

    lines: str = ""
    step: ChainStep | None = None
    tied: bool = False


@dataclass
class Conditions:
    """Grows as a note is judged."""

    attempts: Attempts
    stated: tuple[Supposed, ...]
    bound: tuple[Supposed, ...] = ()  # said of letters, claimed or supposed: it may be what is meant, and grants nothing
    doubted: list[Syntax] = field(default_factory=list)  # what is wrong already: nothing that rests on it is judged by it
    gradients: list[tuple[Syntax, Syntax, Section]] = field(default_factory=list)
    demanded: list[_Condition] = field(default_factory=list)
    zeros: list[Supposed] = field(default_factory=list)  # of gradients: they too, where nothing is differentiated
    demands: list[Supposed] = field(default_factory=list)  # nothing supposes them: they grant nothing, but may be what is meant

    def gradient(self, left: Syntax, right: Syntax, section: Section, at: int, line: int) -> None:
        """Note the value of a derivative that was shown to hold: words may set it to zero."""
        if isinstance(left, Derivative):
            self.gradients.append((left, right, section))
            self.demanded.append(_Condition(right, section, at, line, frozenset(letters(left.args[1]))))

    def demand(self, left: Syntax, right: Syntax, section: Section, at: int, line: int) -> None:
        """Note an equation that is to be solved, with the value of the gradient in it in the gradient's place."""
        residual = _difference(left, right)
        known = [v for d, v, s in self.gradients if d == residual and s == section[: len(s)]]
        if residual in self.doubted:
            return
        if isinstance(residual, Derivative) and not known:
            if made_of := self._made_of(residual, section, at):
                self.demanded.append(_Condition(residual, section, at, line, made_of=made_of))
            return
        by = (letters(d.args[1]) for d, v, s in self.gradients if residual in (d, v) and s == section[: len(s)])
        condition = _Condition(known[-1] if known else residual, section, at, line, by=frozenset().union(*by))
        self.demanded.append(condition)
        if condition.by:
            zero = (condition.residual, Number(residual.span, "0"))
            self.zeros.append(Supposed(zero, section, Reach(at, at + REACH), line))

    def _made_of(self, derivative: Derivative, section: Section, at: int) -> frozenset[str]:
        """Return the letters that something differentiated is made of, where the note defines it before a place."""
        around, name = self.attempts.around, letter_name(derivative.args[0])
        if not around.defined(name, section, at, before=True):
            return frozenset()
        every = around.resting_on([name, *letters(derivative.args[1])], section, at)
        gone = vanishing(around.defined(name, section, at, before=True)[-1].value, letter_name(derivative.args[1]))
        return frozenset(n for n in every if not around.defined(n, section, at, before=True)) - RESERVED - gone

    def to_find(self, left: Syntax, right: Syntax, section: Section, at: int, line: int) -> None:
        """Note an equation that holds of some value of a letter only, if its form does not tell which, such as `A x = b`."""
        residual = _difference(left, right)
        self.demanded.append(_Condition(residual, section, at, line, frozenset(letters(residual))))

    def implies(self, left: Syntax, right: Syntax, section: Section, at: int) -> int:
        """Return the line of a condition from which an equation follows, or which it solves; 0 where there is none."""
        again = _difference(left, right)  # what only says a condition again follows from nothing
        near = [c for c in self._near(section, at) if c.residual != again and (not c.found or sought(left, c.found))]
        for condition in reversed(near[-MOST:]):
            for pair in _claims(condition.unknown(left), right, condition):
                premises = tuple(s.sides for s in self.said_of(*pair, section, at))
                if self.attempts.solves(pair, section, at) or (premises and self.attempts.solves(pair, section, at, premises)):
                    return condition.line
        return 0

    def refuting(self, left: Syntax, right: Syntax, section: Section, at: int, *, said: bool) -> int:
        """Return the line of a condition that an equation fails to solve, or contradicts; 0 where that is not shown."""
        return self.unsolved(left, right, section, at, said=said) or self.contradicted(left, right, section, at)

    def unsolved(self, left: Syntax, right: Syntax, section: Section, at: int, *, said: bool) -> int:
        """Return the line of the last condition on a letter that a value of it fails to solve; 0 where that is not shown.

        What is not `said` to solve it may be a guess, unless the condition tells by its form what it is for.

        Both speak of the same letters, and stand close together: a value with others, or with fewer, may rest on more than this
        condition, and a number may be where something starts. There are as many equations as unknowns: of others the value may
        be the best that there is.
        """
        again = _difference(left, right)
        near = [c for c in self._near(section, at) if at - c.at <= CLOSE]
        restated = isinstance(left, Letter) and any(c.residual == again for c in near)  # one of several that are demanded
        near = [c for c in near if c.residual != again]
        last = next((c for c in reversed(near) if c.solved_by(left, right, said=said)), None)
        if last is None or restated:
            return 0
        left, right = last.numbered(left), last.numbered(right)
        unknown = last.unknown(left)
        name = _name(unknown)
        put_in = last.with_value(unknown, right)
        if name in _own(put_in) and not last.made_of:
            return 0
        premises = tuple(s.sides for s in self.said_of(put_in, right, section, at))
        grounds = Grounds(section, at, premises=premises)
        step = self.attempts.steps([put_in, Number(right.span, "0"), right], [1, 2], grounds)[1]
        determined = [r for r, _ in step.refuted if last.determines(r) and len(r.context.premises) == len(premises)]
        fails = any(step.natural(found.reading) for found in determined) and step.exhausted
        holds = step.outcome and not step.late
        return last.line if not holds and not step.undecided and (fails or step.ill_shaped) else 0

    def contradicted(self, left: Syntax, right: Syntax, section: Section, at: int) -> int:
        """Return the line of a gradient set to zero that an equation neither follows from nor leads to; 0 if that is not shown.

        Both speak of the same letters, and nothing else is demanded of what it is taken by: it may follow from several.
        """
        near = [c for c in self._near(section, at) if at - c.at <= CLOSE and c.by]
        last = near[-1] if len({c.by for c in near}) == 1 else None
        claim = (last.numbered(left), last.numbered(right)) if last is not None else (left, right)
        if last is None or last.letters != _own(claim[0]) | _own(claim[1]):
            return 0
        zero = (last.residual, Number(right.span, "0"))
        apart = all(self._fails(a, b, section, at) for a, b in ((claim, zero), (zero, claim)))
        return last.line if apart else 0

    def _fails(self, pair: tuple[Syntax, Syntax], granted: tuple[Syntax, Syntax], section: Section, at: int) -> bool:
        """Tell whether an equation is refuted in every likely reading where another one is granted."""
        step = self.attempts.steps(pair, [1], Grounds(section, at, FEW, premises=(granted,)))[1]
        likely = any(step.natural(r.reading) and len(r.context.premises) == 1 for r, _ in step.refuted)
        return likely and step.settled

    def said_of(self, left: Syntax, right: Syntax, section: Section, at: int) -> list[Supposed]:
        """Return what the note says of letters, supposed or not, that may be used for two sides."""
        zeros = [] if has(left, *MOVING) or has(right, *MOVING) else self.zeros
        return self.in_force(left, right, section, at, [*self.bound, *zeros, *self.demands, *self.stated])

    def _near(self, section: Section, at: int) -> list[_Condition]:
        """Return the conditions that may be meant at a place, the latest last."""
        released = self.attempts.around.released
        return [
            c
            for c in self.demanded
            if c.section == section
            and 0 <= at - c.at <= REACH
            and not released(c.at, frozenset(letters(c.residual)), section, at)
        ]

    def demand_of(self, left: Syntax, right: Syntax, section: Section, at: int, line: int) -> None:
        r"""Note an equation that is said of letters rather than for all of them, such as a bare $U^T U = I$."""
        self.demands.append(Supposed((left, right), section, Reach(at, at + REACH), line))

    def in_force(self, left: Syntax, right: Syntax, section: Section, at: int, among: Sequence[Supposed]) -> list[Supposed]:
        """Return what of some suppositions may be used at a place for the letters of two sides, or those that they rest on."""
        around = self.attempts.around
        names = around.resting_on([*letters(left), *letters(right)], section, at)
        return [
            s
            for s in among
            if s.section == section[: len(s.section)]
            and s.reach.start <= at <= s.reach.end
            and {*letters(s.sides[0]), *letters(s.sides[1])} <= names
            and not around.released(s.reach.start, frozenset({*letters(s.sides[0]), *letters(s.sides[1])}), section, at)
        ][-MOST:]

    def granted(self, left: Syntax, right: Syntax, chain: Chain, at: int) -> str:
        """Return the lines of what is supposed under which an equation holds that does not without; empty where it does not.

        What is zero is a condition itself unless its chain claims it.
        """
        section = chain.section
        if chain.act != "assert" and (is_zero(left) or is_zero(right)):
            return ""
        near = [s for s in self.in_force(left, right, section, at, self.stated) if s.sides != (left, right)]
        near = [s for s in near if not self.attempts.around.note.ended(s.reach.start, section, at)]  # it may still be meant
        if is_zero(left) or is_zero(right):
            near = [s for s in near if _difference(*s.sides) != _difference(left, right)]  # which only says itself again
        for some in [*([s] for s in near), *([near] if len(near) > 1 else [])]:
            premises = tuple(s.sides for s in some)
            if self.attempts.holds([left, right], section, at, premises) or self._multiple(left, right, some, section, at):
                return ", ".join(str(line) for line in sorted({s.line for s in some}))
        return ""

    def under(self, left: Syntax, right: Syntax, section: Section, at: int, failed: ChainStep) -> Under:
        """Return what becomes of an equation that fails where what the note says of its letters is granted too."""
        said = self.said_of(left, right, section, at)
        near = [s for s in said if not self.attempts.holds(s.sides, section, at)]  # what holds anyway grants nothing more
        defined = self.attempts.definitions((left, right), Grounds(section, at)).keys() if near else set()
        lines, step = [], failed
        for some in [*([s] for s in near), *([near] if len(near) > 1 else [])]:
            premises = tuple(s.sides for s in some)
            step = self.attempts.steps([left, right], [1], Grounds(section, at, FEW, premises=premises))[1]
            lines = sorted({s.line for s in some})
            refuted = [found for found, _ in step.refuted if len(found.context.premises) == len(some)]
            heeds = any(found.known.definitions.keys() >= defined for found in refuted)
            if not refuted or (step.undecided and not heeds):
                return Under(", ".join(map(str, lines)))
        binding = (s for s in near if s in self.stated and not isinstance(s.sides[0], OverIndex))  # a sum leaves its terms free
        tied = {n for s in binding for side in s.sides for n in letters(side)}
        tied |= self._told_of(left, right, section, at)
        apart = {*letters(left)} ^ {*letters(right)} or {*letters(left), *letters(right)}
        return Under(", ".join(map(str, lines)), step if near else None, tied=step.settled and apart <= tied)

    def _told_of(self, left: Syntax, right: Syntax, section: Section, at: int) -> set[str]:
        """Return the letters of which the note says enough for nothing to be found, where both sides are made of known shapes.

        Of a letter alone, which the other side has too, only that it is arbitrary is enough: it may be called what nobody knows.
        """
        around, names = self.attempts.around, {*letters(left), *letters(right)}
        if not all(around.shaped(name, section, at) for name in names):
            return set()
        if all(is_compound(side) or is_zero(side) for side in (left, right)):
            return {n for f in around.facts(section, at) for n in f.names} | around.arbitrary(section, at)
        return around.arbitrary(section, at) if {*letters(left)} == {*letters(right)} else set()

    def _multiple(self, left: Syntax, right: Syntax, some: Sequence[Supposed], section: Section, at: int) -> bool:
        """Tell whether an equation is a multiple of one that is supposed."""
        conditions = [_Condition(_difference(*s.sides), section, at, s.line) for s in some]
        return any(self.attempts.holds(pair, section, at) for c in conditions for pair in _claims(left, right, c))


def _claims(left: Syntax, right: Syntax, condition: _Condition) -> Iterator[tuple[Syntax, Syntax]]:
    """Yield equations, each of which would show that one follows from what must vanish, or solves it."""
    name, residual = _name(left), condition.residual
    if name and name not in _own(right):
        put_in = condition.with_value(left, right)
        if name in condition.letters and (condition.made_of or name not in _own(put_in)):
            yield put_in, Number(right.span, "0")
        return
    if not set(letters(left)) | set(letters(right)) <= condition.letters | RESERVED:
        return
    own = _difference(left, right)
    for factor in FACTORS:
        for one, other in ((own, residual), (residual, own)):
            multiple = times(factor, other)
            yield one, multiple
            if is_zero(left) or not is_zero(right):
                yield one, Neg((multiple,), other.span)
            if factor == "1":
                break


def sought(left: Syntax, among: Set[str]) -> str:
    r"""Return which of some letters a side is a value of: `v` itself, or its optimum `v^*`, `\hat{v}`; empty for none."""
    name = _name(left.args[0] if isinstance(left, Star) else left)
    plain = name.removesuffix("^*")
    hat = _HAT.fullmatch(plain)
    return next((n for n in (name, plain, hat["letter"] if hat else "") if n in among), "")


def _name(side: Syntax) -> str:
    """Return the letter that a side is, or of which it is the entry or the member; empty where it is neither."""
    bare = side.args[0] if isinstance(side, Indexed) else side
    return bare.name if isinstance(bare, Letter) else ""


def _own(side: Syntax) -> frozenset[str]:
    """Return the letters of a side but the numbers e and π."""
    return frozenset(letters(side)) - RESERVED


def _difference(left: Syntax, right: Syntax) -> Syntax:
    if is_zero(right) or is_zero(left):
        return left if is_zero(right) else right
    return Sum((left, Neg((Group((right,), right.span),), right.span)), left.span)


def times(factor: str, node: Syntax) -> Syntax:
    """Return a side with a number in front."""
    group = Group((node,), node.span)
    return group if factor == "1" else Product((Number(node.span, factor), group), node.span)
