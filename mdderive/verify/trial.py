"""Comparing the two sides of an equation at enough points of one kind.

Two assignments of sizes, two points each; then, where functions have branches or only digits are compared, many points at small
sizes, until every pattern of signs has been met. Equations that are false on a part of their domain only fail there or nowhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from math import prod
from typing import TYPE_CHECKING

from mdderive.latex.write import write
from mdderive.model.context import Constraint
from mdderive.model.expr import Expr
from mdderive.model.reasons import Reason
from mdderive.verify.case import Case, Sampling
from mdderive.verify.contents import Comparison
from mdderive.verify.field import Inexact, Undefined, Unsupported
from mdderive.verify.point import FIFTY, Outcome, Point, Tally, Trial
from mdderive.verify.sizes import Sizes

if TYPE_CHECKING:
    from mdderive.verify.regions import Region, Regions

ATTEMPTS, FEW_ATTEMPTS, NARROWING_ATTEMPTS = 60, 2, 12
# Points at small sizes: with roots and random signs, with digits only, with matrix functions, with more than MAX_BRANCHES signs.
ROOT_POINTS, DIGIT_POINTS, MATRIX_FUNCTION_POINTS, MANY_BRANCHES_POINTS = 40, 24, 4, 96
MAX_BRANCHES = 6
DRAWS_PER_PATTERN = 10
SMALL_FROM, LOWER_RANKS_FROM, COINCIDENT_FROM = 5000, 9000, 20_000
SCALES = (1, 5, -100, 100, -(10**6), 10**6)
# What asks for the sign or the root of a number, which it has modulo one prime only, or draws signs of its own.
SIGNED = frozenset({"branch", "root", "signs"})
# All work at most, and that without a single point at which both sides are defined.
BOUND_ON_WORK, FRUITLESS_WORK = 60_000_000, 2_500_000


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial found: at which sizes and how many points, with a reason or a reservation."""

    outcome: Outcome
    method: str
    sizes: tuple[Mapping[str, int], ...] = ()
    points: int = 0
    reason: Reason | None = None
    branches: tuple[int, int] | None = None


def tried(case: Case, both: Comparison, trial: Trial, *, tied: bool = False) -> Tried:
    """Return what a trial says of two sides; raises `Unsupported` where it cannot be evaluated."""
    run = _Run(both, trial, tied, case=case, positive=both.positive)
    try:
        used, skipped = run.at_two_sizes()
        if used and run.outcome == "holds":
            run.at_coincidences(used)
        branches = run.at_small_sizes() if used and run.outcome == "holds" else None
        reserved = run.at_lower_ranks(used) if run.outcome == "holds" else None
        if not trial.exact and "branch" in both.kinds and used and run.outcome == "holds":
            reserved = run.at_regions(branches) or reserved
    except Inexact as inexact:
        raise Unsupported(inexact.reason.code, **inexact.reason.facts) from None
    found = Tried(run.outcome, trial.method, tuple(used), run.points, None, branches)
    if run.outcome == "holds" and run.narrowed and not case.contents.continued(both.left, both.right):
        reserved = Reason("positive-only", {"names": ", ".join(run.narrowed)})
    if run.outcome == "holds" and run.uncounted:
        reserved = Reason("counted", {"name": run.uncounted})
    if reserved:
        return replace(found, outcome="undecided", reason=reserved)
    if run.outcome == "undecided":
        return replace(found, reason=Reason("some-digits"))
    if not used:
        none = Reason("no-point-by", {"undefined": run.reason}) if run.reason else Reason("no-point")
        return replace(found, outcome="undecided", reason=none)
    return replace(found, reason=run.reservation(skipped)) if run.outcome == "holds" else found


def differ(case: Case, both: Comparison) -> bool:
    """Whether the sides differ at a few points of real numbers, where exact arithmetic has signs of its own."""
    run = _Run(both, FIFTY, False, case=case, positive=both.positive)
    run.glance()
    return bool(run.outcome == "wrong")


@dataclass(slots=True, kw_only=True)
class _Run(Tally):
    """The points of one equation as they are gathered."""

    case: Case
    positive: tuple[str, ...]
    narrowed: tuple[str, ...] = ()
    uncounted: str = ""
    undefined_at: Sizes = field(default_factory=dict)

    @property
    def _fruitless(self) -> bool:
        """Whether much was evaluated, and both sides were defined nowhere."""
        most = FRUITLESS_WORK >> 3 if "matrix function" in self.both.kinds else FRUITLESS_WORK  # these take longer for their work
        return not self.points and self.work > most

    def compare(
        self, number: int | str, sizes: Sizes, index: int, *, scale: int = 1, deficient: tuple[Expr, int] | None = None
    ) -> Point | None:
        """Compare at the first point at which both sides are defined and return it; None where there is none.

        `deficient` is a letter of a premise, or a factor there, with the rank that it has.
        """
        rare = not self.trial.exact or "root" in self.both.kinds
        where = (number, *sizes.items(), index, scale)
        last = self.case.defined.get(where, 0)  # where the line before had its point, there is one for this line too, most often
        attempts = range(ATTEMPTS if rare else FEW_ATTEMPTS)
        for attempt in (last, *(a for a in attempts if a != last)):
            if self._fruitless:
                break
            place = Sampling(number, tuple(sizes.items()), index + 1000 * attempt, scale, self.positive, deficient)
            if self.compared(point := self.case.points.get(place) or self.case.point(place)):
                self.case.defined[where] = attempt
                return point
        return None

    def at_two_sizes(self) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
        """Compare at two assignments of sizes (three if thorough); return those used, and those where nothing is defined."""
        wanted = 3 if self.case.thorough else 2
        used: list[dict[str, int]] = []
        skipped: list[dict[str, int]] = []
        candidates = self.case.few_sizings(3)
        primes = [p for p in self.trial.numbers if isinstance(p, int)]
        numbers = self.trial.numbers[:1] if "matrix function" in self.both.kinds else self.trial.numbers
        # Each point has integers of its own.
        together = self.trial.exact and not self.both.kinds & SIGNED and not self.both.whole
        for sizes in candidates * wanted if len(candidates) == 1 else candidates:
            first = 2 * len(used)
            if together and self._somehow(prod(primes), sizes, first):  # otherwise defined modulo one of the primes at most
                used.append(sizes)
            else:
                points = [self._somehow(number, sizes, first + i) for i, number in enumerate(numbers)]
                if any(points):
                    used.append(sizes)
                elif not self.by_chance:
                    skipped.append(sizes)
            if self.outcome != "holds" or len(used) == wanted:
                break
        return used, skipped

    def _somehow(self, number: int | str, sizes: Sizes, index: int) -> Point | None:
        """Compare at random letters; where no point is in the domain and no function has branches, at positive letters."""
        if self.outcome != "holds":
            return None
        point = self.compare(number, sizes, index)
        if point is None and not self.trial.exact and "branch" not in self.both.kinds and self._narrowed(number, sizes, index):
            point = self.compare(number, sizes, index)
        return point

    def _narrowed(self, number: int | str, sizes: Sizes, index: int) -> bool:
        """Take as few letters positive as it needs to find a point; return whether that helps."""
        every = tuple(sorted(self.case.contents.letters_of(*self.both[:2])))
        if not self._defined(number, sizes, index, every):
            return False
        for name in every:
            fewer = tuple(n for n in every if n != name)
            if name not in self.positive and self._defined(number, sizes, index, fewer):
                every = fewer
        self.narrowed = tuple(n for n in every if n not in self.positive)
        self.positive = every
        return True

    def _defined(self, number: int | str, sizes: Sizes, index: int, positive: tuple[str, ...]) -> bool:
        """Whether one of a few points with these letters positive is in the domain."""
        for attempt in range(NARROWING_ATTEMPTS):
            if self._fruitless:
                break
            point = self.case.point(Sampling(number, tuple(sizes.items()), index + 1000 * attempt, 1, positive))
            try:
                point.sides(self.both, tied=self.tied)
            except Undefined:
                continue
            finally:
                self.work += point.at.draw.algebra.work
            return True
        return False

    def at_coincidences(self, used: list[dict[str, int]]) -> None:
        """Compare once at small sizes that coincide, and at as many in a row as numbers need; add one that fails to `used`."""
        signs = self.both.kinds & SIGNED or self.both.whole
        number = self.trial.numbers[0]
        if self.trial.exact and not signs:
            number = prod(n for n in self.trial.numbers if isinstance(n, int))
        in_a_row, self.uncounted = self.case.in_a_row(*self.both[:2])
        for k, sizes in enumerate(chain(self.case.coinciding(), in_a_row)):
            if sizes in used:
                continue
            try:
                point = self.compare(number, sizes, COINCIDENT_FROM + k)
            except Unsupported:  # a premise that has no value at this size
                continue
            if point is None:
                self.undefined_at = self.undefined_at or ({} if self.by_chance else sizes)
                continue
            if self.outcome != "holds":
                used.append(sizes)
                return

    def at_small_sizes(self) -> tuple[int, int] | None:
        """Compare at small sizes until every pattern of signs has been met; return how many were met, of how many."""
        if self.trial.exact and not self.both.kinds & {"branch", "signs"}:
            return None
        sizes = next((s for s in self.case.few_sizings(2) if self.compare(self.trial.numbers[0], s, SMALL_FROM)), None)
        if sizes is None:
            return None
        met: set[tuple[bool, ...]] = set()
        least, most, signs = self._least_points(), MANY_BRANCHES_POINTS, 0
        for step, (number, scale) in enumerate(self._rounds(), 1):
            point = self.compare(number, sizes, SMALL_FROM + step, scale=scale)
            if point is not None:
                met.add(tuple(point.at.draw.algebra.over.signs.values()))
                signs = max(map(len, met))
            if signs <= MAX_BRANCHES:
                most = max(least, DRAWS_PER_PATTERN * 2**signs)
            done = signs <= MAX_BRANCHES and len(met) >= 2**signs and step >= least
            if done or step >= most or self.outcome != "holds" or self.work > BOUND_ON_WORK:
                break
        return (len(met), 2**signs) if signs else None

    def at_regions(self, branches: tuple[int, int] | None) -> Reason | None:
        """Compare in every region of signs in which the sides part; return the one that was neither met nor shown to be empty."""
        from mdderive.verify.regions import Regions  # lazily: for what has branches alone

        for sizes in (*self.case.coinciding()[:1], *self.case.coinciding()[1:][-1:]):
            regions = Regions(self.case, self.both, sizes, SMALL_FROM)
            try:
                for region in regions.parting():
                    if not self._met(regions, region):
                        return Reason("region", {"region": str(region)})
                    if self.outcome != "holds":
                        return None
            except (Unsupported, Inexact):
                met, every = branches or (1, 1)
                return None if met == every else Reason("patterns", {"met": str(met), "every": str(every)})
        return None

    def glance(self) -> None:
        """Compare at real numbers where signs have been those of residues."""
        for sizes in self.case.coinciding()[:1]:
            for k in range(FEW_ATTEMPTS):
                self.compare(self.trial.numbers[0], sizes, COINCIDENT_FROM + k)

    def _met(self, regions: "Regions", region: "Region") -> bool:
        """Compare at points of a region; return whether there are any."""
        digits = int(self.trial.numbers[0])
        compared = [self.compared(regions.placed(values, digits)) for values in regions.points(region)]
        return any(compared)

    def at_lower_ranks(self, used: list[dict[str, int]]) -> Reason | None:
        """Compare where letters of premises have lower ranks; return a reservation where the sides differ there."""
        pseudo = "rank" in self.both.kinds
        for sizes in used if self.case.contents.residuals or pseudo else ():
            for e, rank in self.case.degenerate(sizes):
                self.compare(self.trial.numbers[0], sizes, LOWER_RANKS_FROM, deficient=(e, rank))
                if self.outcome != "holds" and pseudo:
                    return None
                if self.outcome != "holds":
                    square = e.shape.rows == e.shape.cols and not e.scalar
                    word = Reason("singular" if square else "of-lower-rank" if rank else "zero")
                    return Reason("lower-rank", {"matrix": write(e, self.case.context), "rank": word})
        return None

    def _least_points(self) -> int:
        if "matrix function" in self.both.kinds:
            return MATRIX_FUNCTION_POINTS
        if self.both.kinds & {"root", "signs"}:
            return ROOT_POINTS
        return FEW_ATTEMPTS if self.trial.exact else DIGIT_POINTS

    def _rounds(self) -> Iterator[tuple[int | str, int]]:
        """Yield the number and the scale of each point: larger values reach parts of the domain that small ones do not."""
        while True:
            for scale in (1,) if self.trial.exact or "matrix function" in self.both.kinds else SCALES:
                for number in self.trial.numbers:
                    yield number, scale

    def reservation(self, skipped: list[dict[str, int]]) -> Reason | None:
        """Return at which sizes a side is undefined, or what constraint leaves none of them."""
        if skipped:
            return self.needed_order(skipped)
        sizes = ", ".join(f"{n} = {k}" for n, k in self.undefined_at.items())
        return Reason("undefined-at", {"sizes": sizes}) if sizes else None

    def needed_order(self, skipped: list[dict[str, int]]) -> Reason | None:
        """Return the order of two sizes without which the equation is undefined."""
        reason = self.reason
        names = self.case.contents.sizes(*self.case.trees)
        for small, large in ((a, b) for a in names for b in names if a != b):
            if all(s[small] < s[large] for s in skipped):
                sizes = next(self.case.sizings(3, (Constraint(small, ">=", large),)), None)
                if sizes and self.compare(self.trial.numbers[0], sizes, 0):
                    return Reason("order", {"small": small, "large": large})
        return Reason("some-sizes", {"undefined": reason}) if reason else None
