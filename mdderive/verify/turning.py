"""Points at which functions with branches see signs that random points did not show, by descent towards zeros.

Random steps are kept where they bring an argument nearer to zero; they grow where they do and shrink where they do not. An
equation that fails only far away or in a narrow place fails there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count, islice, product

from mdderive.tree import Number
from mdderive.verify.field import absolute
from mdderive.verify.point import Point

Signs = tuple[bool, ...]

# Steps at most: towards signs that an argument had nowhere, split among these; towards patterns not met, and each of these.
SINGLE_STEPS, JOINT_STEPS, PATTERN_STEPS = 400, 400, 40
LARGEST_STEP = Fraction(2**60)
# How many times smaller than what is told by digits the change must be that four times the digits bring.
STABLE = 1000


@dataclass(slots=True)
class Search:
    """Looks for patterns of `signs` signs; `met` has a point for each that was met, `arguments` evaluates at a point.

    `compared` is called at every new point; the search ends when it returns False.
    """

    signs: int
    met: dict[Signs, Point]
    arguments: Callable[[Point], dict[Number, bool] | None]
    compared: Callable[[Point], bool]
    going_on: bool = True
    seeds: Iterator[int] = field(default_factory=count)

    def alone(self) -> None:
        """Look for the signs that single arguments had nowhere."""
        fixed = [k for k in range(self.signs) if self._same_everywhere(k)]
        first_and_newest = (0, -1)  # the newest is where the search for another sign has led, perhaps
        steps = SINGLE_STEPS // max(2, len(first_and_newest) * len(fixed))
        for start, k in product(first_and_newest, fixed):
            if self._same_everywhere(k):
                self._descend(list(self.met.values())[start], k, steps, alone=True)

    def _same_everywhere(self, k: int) -> bool:
        return len({pattern[k] for pattern in self.met if len(pattern) == self.signs}) == 1

    def together(self) -> None:
        """Look for patterns of signs that were not met, each beside one that was, the newest first."""
        tried: set[tuple[Signs, int]] = set()
        for _ in range(JOINT_STEPS // PATTERN_STEPS):
            beside = ((p, k) for p in reversed(self.met) if len(p) == self.signs for k in range(self.signs))
            aim = next(((p, k) for p, k in beside if (p, k) not in tried and _turned(p, k) not in self.met), None)
            if aim is None or not self.going_on:
                break
            tried.add(aim)
            self._descend(self.met[aim[0]], aim[1], PATTERN_STEPS, alone=False)

    def _descend(self, start: Point, k: int, steps: int, *, alone: bool) -> None:
        """Go from a point to one where the argument `k` has the other sign, keeping those of the others unless `alone`."""
        first = self.arguments(start)
        if first is None or len(first) <= k or not self.going_on:
            return
        was = tuple(first.values())
        best, path = list(first)[k], start.path
        step = Fraction(1)
        for seed in islice(self.seeds, steps):
            there = start.moved((*path, (seed, step)))
            found = self.arguments(there)
            if found is None or len(found) <= k:
                step *= Fraction(2, 3)
                continue
            pattern = tuple(found.values())
            if pattern not in self.met and self._certain(there, found):
                self.met[pattern] = there
                self.going_on = self.compared(there)
            reached = pattern in self.met and (pattern[k] != was[k] if alone else pattern == _turned(was, k))
            if reached or not self.going_on:
                return
            size = list(found)[k]
            if size < best and (pattern[k] == was[k] if alone else pattern == was):
                best, path, step = size, there.path, min(2 * step, LARGEST_STEP)
            else:
                step *= Fraction(2, 3)

    def _certain(self, point: Point, found: dict[Number, bool]) -> bool:
        """Whether more digits say the same of all signs; otherwise one of them may be what rounding left."""
        again = self.arguments(point.finer())
        if again is None or tuple(again.values()) != tuple(found.values()):
            return False
        return all(STABLE * absolute(a - b) < b for a, b in zip(found, again, strict=True))


def _turned(pattern: Signs, k: int) -> Signs:
    return (*pattern[:k], not pattern[k], *pattern[k + 1 :])
