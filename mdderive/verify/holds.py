"""The one judge: does an equation hold wherever both of its sides are defined?

First by exact arithmetic modulo two primes, where a difference is a proof and agreement leaves a bounded chance of error; then,
where functions obey laws that exact arithmetic does not know (exp(x + y) = exp(x) exp(y)), at fifty digits. What cannot be
decided is said so, with the reason. A verdict depends on the claim, its context and the seed, on nothing else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mdderive.context import Constraint, Context
from mdderive.diagnostics import Witness
from mdderive.tree import Expr, Number
from mdderive.verify.algebra import Value
from mdderive.verify.case import Case, case_of
from mdderive.verify.degree import coefficient_bits, degree
from mdderive.verify.field import PRIMES, Inexact, Undefined, Unsupported, absolute
from mdderive.verify.point import Point
from mdderive.verify.sample import Sizes
from mdderive.verify.witness import witness

Outcome = Literal["holds", "wrong", "undecided"]
METHODS: Mapping[str, str] = {
    "exact": "exact arithmetic modulo 2^61-1 and 2^61-45",
    "50 digits": "fifty digits",
    "100 digits": "a hundred digits",
}
SIZINGS_TRIED = 10
ATTEMPTS = 60
CERTAIN_BITS = 60
MAX_BRANCHES = 6
MANY_BRANCHES_POINTS = 96
ROOT_POINTS = 40
# Distances of the two sides, relative to their size, at fifty digits: what is between is looked at again.
ACCEPT, REJECT = 22, 18
DIGITS = (50, 100)
TOO_DEEP = "nested too deeply"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided and how: `why` is a reason or a reservation, `branches` how many of all sign patterns were met."""

    outcome: Outcome
    method: str
    sizes: tuple[Mapping[str, int], ...]
    points: int
    seed: int
    why: str = ""
    error_probability: float | None = None
    branches: tuple[int, int] | None = None
    witness: Witness | None = None


def holds(
    left: Expr,
    right: Expr,
    context: Context,
    *,
    varying: frozenset[str] | None = None,
    seed: int = 0,
    thorough: bool = False,
    text: str = "",
) -> Verdict:
    """Return the verdict on `left = right`.

    `varying` names the letters that have a differential (all that are not constant, if None); `text` takes part in the seed.
    """
    return holds_all(left, (right,), context, varying=varying, seed=seed, thorough=thorough, text=text)[0]


def holds_all(
    reference: Expr,
    lines: Sequence[Expr],
    context: Context,
    *,
    varying: frozenset[str] | None = None,
    seed: int = 0,
    thorough: bool = False,
    text: str = "",
) -> tuple[Verdict, ...]:
    """Return the verdict on `reference = line` for every line; what they share is evaluated once for each point."""
    pairs = [(reference, line) for line in lines]
    return holds_pairs(pairs, context, varying=varying, seed=seed, thorough=thorough, text=text)


def holds_pairs(
    pairs: Sequence[tuple[Expr, Expr]],
    context: Context,
    *,
    varying: frozenset[str] | None = None,
    seed: int = 0,
    thorough: bool = False,
    text: str = "",
) -> tuple[Verdict, ...]:
    """Return the verdict on `left = right` for every pair; what they share is evaluated once for each point."""
    trees = tuple(dict.fromkeys(tree for pair in pairs for tree in pair))
    try:
        case = case_of(trees, context, varying=varying, seed=seed, thorough=thorough, text=text)
    except Unsupported as reason:
        return tuple(Verdict("undecided", "exact", (), 0, seed, str(reason)) for _ in pairs)
    except RecursionError:
        return tuple(Verdict("undecided", "exact", (), 0, seed, TOO_DEEP) for _ in pairs)
    return tuple(_judged(case, left, right) for left, right in pairs)


# ---------------------------------------------------------------------- one line


@dataclass(frozen=True, slots=True)
class _Trial:
    """One way of judging a line: `numbers` are primes or digits, `verdict` what a distance of the sides means."""

    method: str
    numbers: tuple[int | str, ...]
    verdict: Callable[[Value, Value], Outcome]


def _judged(case: Case, left: Expr, right: Expr) -> Verdict:
    """Return the verdict on one line, with a witness where it is wrong."""
    verdict = verdict_on(case, left, right)
    if verdict.outcome != "wrong" or left.shape != right.shape:
        return verdict
    return replace(verdict, witness=witness(case, left, right))


def verdict_on(case: Case, left: Expr, right: Expr) -> Verdict:
    """Return the verdict on one line, without a witness."""
    if left.shape != right.shape:
        return Verdict("wrong", "exact", (), 0, case.seed, f"{left.shape} against {right.shape}")
    try:
        verdict = _decided(case, left, right)
        if verdict.outcome == "wrong" and _may_be_tied(case, left, right):
            tied = _run(case, left, right, _EXACT, tied=True)
            if tied.outcome == "holds":
                return replace(tied, why="holds for tied entries")
    except Unsupported as reason:
        return Verdict("undecided", "exact", (), 0, case.seed, str(reason))
    except RecursionError:
        return Verdict("undecided", "exact", (), 0, case.seed, TOO_DEEP)
    return verdict


def _decided(case: Case, left: Expr, right: Expr) -> Verdict:
    kinds = case.contents.kinds(left, right)
    if "matrix function" in kinds:
        return _at_digits(case, left, right)
    verdict = _run(case, left, right, _EXACT)
    if verdict.outcome == "wrong" and kinds & {"transcendental", "branch"}:
        return _at_digits(case, left, right)
    if verdict.outcome == "holds" and coefficient_bits(left, right) > CERTAIN_BITS:
        # A coefficient that is a multiple of both primes would look like zero; it does not at fifty digits.
        second = _at_digits(case, left, right)
        return second if second.outcome == "wrong" else replace(verdict, error_probability=None)
    return verdict


def _at_digits(case: Case, left: Expr, right: Expr) -> Verdict:
    verdict = _run(case, left, right, _FIFTY)
    return _run(case, left, right, _HUNDRED) if verdict.outcome == "undecided" and verdict.points else verdict


def _may_be_tied(case: Case, left: Expr, right: Expr) -> bool:
    sides = [e for e in (left, right) if e.op == "deriv"]
    return len(sides) == 1 and sides[0].args[0].scalar and case.context.has(sides[0].args[1].name, "symmetric")


@dataclass(slots=True)
class _Run:
    """The points of one line as they are gathered."""

    case: Case
    left: Expr
    right: Expr
    trial: _Trial
    tied: bool
    points: int = 0
    failed: Outcome = "holds"
    reason: str = ""

    def compare(self, number: int | str, sizes: Sizes, index: int, *, attempts: int) -> Point | None:
        """Return the first point at which both sides are defined, compared; None where there is none."""
        for attempt in range(attempts):
            point = self.case.point(number, sizes, index + 1000 * attempt)
            if self._compared(point):
                return point
        return None

    def compare_positive(self, number: int | str, sizes: Sizes, index: int) -> Point | None:
        """Return the first point with positive letters at which both sides are defined, compared."""
        for attempt in range(ATTEMPTS):
            point = self.case.point(number, sizes, index + 1000 * attempt, positive=True)
            if self._compared(point):
                return point
        return None

    def _compared(self, point: Point) -> bool:
        try:
            sides = point.sides(self.left, self.right, tied=self.tied)
        except Undefined as reason:
            self.reason = str(reason)
            return False
        self.points += 1
        outcome = self.trial.verdict(*sides)
        if outcome != "holds" and self.failed != "wrong":
            self.failed = outcome
        return True


def _run(case: Case, left: Expr, right: Expr, trial: _Trial, *, tied: bool = False) -> Verdict:
    """Return the verdict of one trial."""
    run = _Run(case, left, right, trial, tied)
    kinds = case.contents.kinds(left, right)
    try:
        used, skipped = _at_sizes(run, kinds)
        branches = _on_branches(run, kinds) if used and run.failed == "holds" else None
    except Inexact as reason:
        raise Unsupported(f"{reason} has no exact value") from None
    if not used and run.failed == "holds":
        why = f"no point was found at which both sides are defined ({run.reason})"
        return Verdict("undecided", trial.method, (), run.points, case.seed, why)
    why = _needed_order(case, run, skipped) if skipped and used and run.failed == "holds" else ""
    verdict = Verdict(run.failed, trial.method, tuple(used), run.points, case.seed, why, None, branches)
    if run.failed == "undecided":
        return replace(verdict, why="the sides agree to some digits only")
    probability = _error_probability(case, left, right, used) if run.failed == "holds" and trial is _EXACT else None
    return replace(verdict, error_probability=probability)


def _at_sizes(run: _Run, kinds: frozenset[str]) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
    """Compare at two assignments of sizes (more with `thorough`), each with two numbers; return those used and skipped."""
    wanted = 3 if run.case.thorough else 2
    attempts = ATTEMPTS if kinds & {"branch", "transcendental"} else 2
    used: list[dict[str, int]] = []
    skipped: list[dict[str, int]] = []
    candidates = list(_first(SIZINGS_TRIED, run.case.sizings(3)))
    repeated = candidates * wanted if len(candidates) == 1 else candidates
    for sizes in repeated:
        points = [
            _compare_somehow(run, number, sizes, 2 * len(used) + i, kinds, attempts) for i, number in enumerate(run.trial.numbers)
        ]
        (used if any(points) else skipped).append(sizes)
        if run.failed != "holds" or len(used) == wanted:
            break
    return used, skipped


def _compare_somehow(
    run: _Run, number: int | str, sizes: Sizes, index: int, kinds: frozenset[str], attempts: int
) -> Point | None:
    """Compare at random letters; where no point is in the domain and no function has branches, at positive letters.

    Without branches both sides are analytic, and agreement on the positive part is agreement.
    """
    if run.failed != "holds":
        return None
    point = run.compare(number, sizes, index, attempts=attempts)
    if point is None and "transcendental" in kinds and "branch" not in kinds:
        point = run.compare_positive(number, sizes, index)
    return point


def _first(count: int, candidates: Iterator[dict[str, int]]) -> Iterator[dict[str, int]]:
    for _, sizes in zip(range(count), candidates, strict=False):
        yield sizes


def _on_branches(run: _Run, kinds: frozenset[str]) -> tuple[int, int] | None:
    """Compare at small sizes until every pattern of signs has been met; return how many were met, of how many.

    A claim that is false on one branch only agrees everywhere else, so a few points prove nothing.
    """
    if not kinds & {"branch", "signs"}:
        return None
    sizes = next(
        (s for s in _first(SIZINGS_TRIED, run.case.sizings(2)) if run.compare(run.trial.numbers[0], s, 5000, attempts=ATTEMPTS)),
        None,
    )
    if sizes is None:
        return None
    met: set[tuple[bool, ...]] = set()
    least = ROOT_POINTS if kinds & {"root", "signs"} else 2
    index, most, count = 5001, MANY_BRANCHES_POINTS, 0
    while run.failed == "holds" and index < 5001 + most:
        point = run.compare(run.trial.numbers[index % 2], sizes, index, attempts=ATTEMPTS)
        if point is None:
            break
        pattern = point.scope.draw.algebra.over.journal.pattern()
        met.add(pattern)
        count = len(pattern)
        index += 1
        if count <= MAX_BRANCHES:
            most = max(least, 10 * 2**count)
            if len(met) == 2**count and index - 5001 >= least:
                break
    return len(met), 2**count


def _needed_order(case: Case, run: _Run, skipped: list[dict[str, int]]) -> str:
    """Return the order of two sizes without which the claim is undefined."""
    names = case.contents.sizes(*case.trees)
    for small, large in ((a, b) for a in names for b in names if a != b):
        if all(s[small] < s[large] for s in skipped):
            sizes = next(case.sizings(3, (Constraint(small, ">=", large),)), None)
            if sizes and run.compare(run.trial.numbers[0], sizes, 0, attempts=2):
                return f"singular for {small} < {large}; declare {small} >= {large}"
    return f"{run.reason} at some sizes"


def _error_probability(case: Case, left: Expr, right: Expr, used: list[dict[str, int]]) -> float | None:
    """Return the chance that a false claim passes at these sizes: one draw modulo one prime is relied on."""
    if case.contents.kinds(left, right) - {"unknown", "products"} or case.contents.whole_numbers(left, right):
        return None
    bound = max(degree(left, case.contents, s).whole + degree(right, case.contents, s).whole for s in used)
    return (bound + 2) / min(PRIMES)


def _same(a: Value, b: Value) -> Outcome:
    return "holds" if a.plain == b.plain else "wrong"


def _near(digits: int) -> Callable[[Value, Value], Outcome]:
    """Return what the distance of two sides means, computed with this many digits."""

    def verdict(a: Value, b: Value) -> Outcome:
        size: Number = max((absolute(x) for x in (*a.plain, *b.plain)), default=0)
        gap: Number = max((absolute(x - y) for x, y in zip(a.plain, b.plain, strict=True)), default=0)
        if gap * 10**ACCEPT <= size or size * 10 ** (digits - 10) <= 1:
            return "holds"
        # Sides that nearly vanish may be what rounding left of zero: more digits tell.
        doubtful = gap * 10**REJECT <= size or (digits == DIGITS[0] and size * 10**REJECT <= 1)
        return "undecided" if doubtful else "wrong"

    return verdict


_EXACT = _Trial("exact", PRIMES, _same)
_FIFTY, _HUNDRED = (_Trial(f"{digits} digits", (str(digits),) * 2, _near(digits)) for digits in DIGITS)
