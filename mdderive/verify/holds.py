"""The one judge: does an equation hold wherever both of its sides are defined?

First by exact arithmetic modulo two primes, where a difference is a proof and agreement leaves a bounded chance of error; then,
where functions obey laws that exact arithmetic does not know (exp(x + y) = exp(x) exp(y)), at fifty digits. What cannot be
decided is said so, with the reason. A verdict depends on the claim, its context and the seed, on nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Unpack

from mdderive.model.context import Context
from mdderive.model.expr import Expr, shared
from mdderive.model.reasons import Reason
from mdderive.model.results import Verdict
from mdderive.verify import moduli
from mdderive.verify.case import Case, Judging, case_of
from mdderive.verify.contents import Comparison
from mdderive.verify.degree import coefficient_bits, degree
from mdderive.verify.field import Unsupported
from mdderive.verify.moduli import BITS, PRIMES, drawn_primes
from mdderive.verify.point import EXACT, FIFTY, HUNDRED, SPARE_DIGITS
from mdderive.verify.trial import Tried, differ, tried

CERTAIN = 1e-9

THRESHOLDS: Mapping[str, float] = {t.method: 10.0 ** (SPARE_DIGITS - int(t.numbers[0])) for t in (FIFTY, HUNDRED)}
# Coefficients of up to so many bits cannot vanish modulo both primes; longer ones than the second hide below fifty digits.
CERTAIN_BITS, DECIDABLE_BITS = 120, 250


def holds(left: Expr, right: Expr, context: Context, **how: Unpack[Judging]) -> Verdict:
    """Return the verdict on `left = right`."""
    return holds_pairs(((left, right),), context, **how)[0]


def holds_pairs(pairs: Sequence[tuple[Expr, Expr]], context: Context, **how: Unpack[Judging]) -> tuple[Verdict, ...]:
    """Return the verdict on `left = right` for every pair; what they share is evaluated once for each point."""
    return _each(pairs, context, _witnessed, how)


def verdicts(pairs: Sequence[tuple[Expr, Expr]], context: Context, **how: Unpack[Judging]) -> tuple[Verdict, ...]:
    """Return the same without witnesses, which may take longer to find than the verdicts."""
    return _each(pairs, context, verdict_on, how)


# ---------------------------------------------------------------------- one line


def _each(
    pairs: Sequence[tuple[Expr, Expr]], context: Context, judged: Callable[[Case, Expr, Expr], Verdict], how: Judging
) -> tuple[Verdict, ...]:
    try:
        table: dict[Expr, Expr] = {}
        pairs = [(shared(left, table), shared(right, table)) for left, right in pairs]
        context = replace(context, definitions={name: shared(e, table) for name, e in context.definitions.items()})
        trees = tuple(dict.fromkeys(tree for pair in pairs for tree in pair))
        case = case_of(trees, context, **how)
    except Unsupported as unsupported:
        return tuple(Verdict("undecided", "exact", reason=unsupported.reason) for _ in pairs)
    except RecursionError:
        return tuple(Verdict("undecided", "exact", reason=Reason("too-deep")) for _ in pairs)
    return tuple(judged(case, left, right) for left, right in pairs)


def _witnessed(case: Case, left: Expr, right: Expr) -> Verdict:
    """Return the verdict on one line, with a witness where it is wrong."""
    verdict = verdict_on(case, left, right)
    if verdict.outcome != "wrong" or left.shape != right.shape:
        return verdict
    from mdderive.verify.witness import witness  # lazily: for what is wrong alone

    return replace(verdict, witness=witness(case, case.contents.comparison(left, right)))


def verdict_on(case: Case, left: Expr, right: Expr) -> Verdict:
    """Return the verdict on one line, without a witness."""
    if left.shape != right.shape:
        return Verdict("wrong", "exact", reason=Reason("shapes", {"left": str(left.shape), "right": str(right.shape)}))
    try:
        both = case.contents.comparison(left, right)
        found = _decided(case, both)
        if found.outcome == "wrong" and _may_be_tied(case, left, right):
            tied = tried(case, both, FIFTY if "matrix function" in both.kinds else EXACT, tied=True)
            found = replace(tied, reason=Reason("tied-entries")) if tied.outcome == "holds" else found
    except Unsupported as unsupported:
        return Verdict("undecided", "exact", reason=unsupported.reason)
    except RecursionError:
        return Verdict("undecided", "exact", reason=Reason("too-deep"))
    if found.outcome == "wrong" and not case.context.undetermined.isdisjoint(case.contents.sizes(left, right)):
        return _open(found, Reason("sizes-not-told"))
    if found.outcome == "wrong" and (bound := case.contents.bound_elsewhere(left, right)):
        return _open(found, Reason("bound-elsewhere", {"name": bound}))
    probability = _error_probability(case, both, found)
    if probability is not None and probability > CERTAIN:
        return _open(found, Reason("high-degree"))
    threshold = THRESHOLDS.get(found.method)
    return Verdict(
        found.outcome, found.method, found.sizes, found.points, found.reason, probability, threshold, branches=found.branches
    )


def _open(found: Tried, reason: Reason) -> Verdict:
    """Return what was found as undecided, with the reason."""
    return Verdict("undecided", found.method, found.sizes, found.points, reason, threshold=THRESHOLDS.get(found.method))


def _decided(case: Case, both: Comparison) -> Tried:
    kinds = both.kinds
    long = _bits(case) > CERTAIN_BITS
    if "matrix function" in kinds:
        return _at_digits(case, both)
    # A coefficient that is a multiple of both fixed primes would look like zero: long ones are asked modulo primes of their own.
    found = tried(case, both, replace(EXACT, numbers=drawn_primes(case.key)) if long else EXACT)
    # Residues of integers have no signs of their own, and numbers may have others than among real numbers.
    signs = found.outcome == "holds" and "branch" in kinds
    if signs and (both.whole or differ(case, both)):
        return _at_digits(case, both)
    if found.outcome != "holds" and kinds & {"transcendental", "branch"}:
        return _at_digits(case, both)
    return found


def _at_digits(case: Case, both: Comparison) -> Tried:
    """Decide at fifty digits; at a hundred where these leave a doubt or the claim has long coefficients."""
    bits = _bits(case)
    found = tried(case, both, FIFTY)
    if (found.outcome == "undecided" and found.points) or (found.outcome == "holds" and bits > CERTAIN_BITS):
        found = tried(case, both, HUNDRED)
    if found.outcome == "holds" and bits > DECIDABLE_BITS:
        return replace(found, outcome="undecided", reason=Reason("long-coefficients"))
    return found


def _may_be_tied(case: Case, left: Expr, right: Expr) -> bool:
    sides = [e for e in (left, right) if e.op == "deriv"]
    return len(sides) == 1 and sides[0].args[0].scalar and case.context.has(sides[0].args[1].name, "symmetric")


def _bits(case: Case) -> int:
    """Return a bound for the bits of the coefficients of a case."""
    if not case.bits:
        case.bits.append(2 * coefficient_bits(case.trees, case.contents))
    return case.bits[0]


def _error_probability(case: Case, both: Comparison, found: Tried) -> float | None:
    """Return a bound for the chance that a claim passes that is false at one of these sizes; None where none is known.

    With denominators cleared, the difference of the sides is a polynomial of degree D. Short coefficients are too small to vanish
    modulo both primes; long ones are multiples of primes that were drawn for the claim with a probability of less than
    bits/60/10^16 each. So of the two draws at that size, one for each prime, one at least sees a nonzero polynomial over a field
    of p elements: it vanishes at a random point with probability at most D/p (Schwartz 1980, Zippel 1979). Other draws are not
    counted. Two more stand for points at which a side is undefined and for two hashed values that are equal by chance.
    """
    if found.outcome != "holds" or found.method != EXACT.method:
        return None
    settled = case.contents.residuals and not case.contents.residuals.keys().isdisjoint(case.contents.letters_of(*both[:2]))
    if settled or both.kinds - {"unknown", "products"} or both.whole:
        return None
    bound = degree(both[:2], case.contents, found.sizes, case.degrees).whole
    bits = _bits(case)
    if bits <= CERTAIN_BITS:
        return (bound + 2) / min(PRIMES)
    return (bound + 2) / (1 << BITS - 1) + 2 * bits / BITS / moduli.COUNT
