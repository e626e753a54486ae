"""Equations that a note demands, and what follows from them: a gradient set to zero, the normal equations, the solution.

What is said to follow is judged by the condition before it. A value is put in, and must solve it; any other equation must be a
multiple of it. What cannot be shown so is left as it was: nothing is refuted here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from mdderive.equations.attempts import Attempts
from mdderive.latex.syntax import Syntax
from mdderive.notes.blocks import Section
from mdderive.notes.forms import is_zero, letters, rewritten, same

REACH = 2000  # characters up to which a condition is the one that is meant
MOST = 4
FACTORS = ("1", "2", "4")


@dataclass(frozen=True, slots=True)
class _Condition:
    """What must vanish, where that is said."""

    residual: Syntax
    section: Section
    at: int
    line: int


@dataclass
class Conditions:
    """Grows as a note is judged."""

    attempts: Attempts
    gradients: list[tuple[Syntax, Syntax, Section]] = field(default_factory=list)
    demanded: list[_Condition] = field(default_factory=list)
    stated: list[tuple[tuple[Syntax, Syntax], Section, int, int]] = field(default_factory=list)

    def gradient(self, left: Syntax, right: Syntax, section: Section) -> None:
        """Note the value of a derivative that was shown to hold."""
        if left.kind == "derivative":
            self.gradients.append((left, right, section))

    def demand(self, left: Syntax, right: Syntax, section: Section, at: int, line: int) -> None:
        """Note an equation that is to be solved, with the value of the gradient in it in the gradient's place."""
        residual = _difference(left, right)
        known = [v for d, v, s in self.gradients if same(d, residual) and s == section[: len(s)]]
        if residual.kind == "derivative" and not known:
            return
        self.demanded.append(_Condition(known[-1] if known else residual, section, at, line))

    def implies(self, left: Syntax, right: Syntax, section: Section, at: int) -> int:
        """Return the line of a condition from which an equation follows, or which it solves; 0 where there is none."""
        near = [c for c in self.demanded if c.section == section and 0 <= at - c.at <= REACH]
        for condition in reversed(near[-MOST:]):
            if any(self.attempts.holds(pair, section, at) for pair in _claims(left, right, condition.residual)):
                return condition.line
        return 0

    def state(self, left: Syntax, right: Syntax, section: Section, at: int, line: int) -> None:
        r"""Note an equation that is required of letters, such as $\mathbf{1}^T y = 1$."""
        self.stated.append(((left, right), section, at, line))

    def granted(self, left: Syntax, right: Syntax, section: Section, at: int) -> int:
        """Return the line of a stated condition under which an equation holds that does not without; 0 where there is none."""
        if is_zero(left) or is_zero(right):
            return 0
        names = self.attempts.around.resting_on([*letters(left), *letters(right)], section, at)
        near = [
            (pair, line)
            for pair, where, place, line in self.stated
            if where == section
            and 0 <= at - place <= REACH
            and {*letters(pair[0]), *letters(pair[1])} <= names
            and not all(map(same, pair, (left, right)))
        ]
        for pair, line in near[-MOST:]:
            if self.attempts.holds([left, right], section, at, premises=(pair,)):
                return line
        return 0


def _claims(left: Syntax, right: Syntax, residual: Syntax) -> Iterator[tuple[Syntax, Syntax]]:
    """Yield equations, each of which would show that one follows from the residual's being zero, or solves it."""
    if left.kind == "letter" and left.text not in set(letters(right)):
        if left.text in set(letters(residual)):
            value = Syntax("group", (right,), right.span)
            put_in = rewritten(residual, lambda n: value if n.kind == "letter" and n.text == left.text else n)
            yield put_in, Syntax("number", (), right.span, "0")
        return
    if not set(letters(left)) | set(letters(right)) <= set(letters(residual)):
        return
    own = _difference(left, right)
    for factor in FACTORS:
        for one, other in ((own, residual), (residual, own)):
            multiple = _times(factor, other)
            yield one, multiple
            if is_zero(left) or not is_zero(right):
                yield one, Syntax("neg", (multiple,), other.span)
            if factor == "1":
                break


def _difference(left: Syntax, right: Syntax) -> Syntax:
    if is_zero(right) or is_zero(left):
        return left if is_zero(right) else right
    return Syntax("sum", (left, Syntax("neg", (Syntax("group", (right,), right.span),), right.span)), left.span)


def _times(factor: str, node: Syntax) -> Syntax:
    group = Syntax("group", (node,), node.span)
    return group if factor == "1" else Syntax("product", (Syntax("number", (), node.span, factor), group), node.span)
