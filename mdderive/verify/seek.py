"""Looking for a point at which polynomials are positive, one entry after the other, by where each changes its sign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from random import Random

from mdderive.model.expr import Number
from mdderive.verify.field import Undefined, absolute
from mdderive.verify.polynomial import ONE, Polynomial, by_power, substituted, variables
from mdderive.verify.ratio import Table
from mdderive.verify.real import Real

SWEEPS = 3
ROUNDING = Fraction(1, 10**35)
MAGNITUDES = [Fraction(10) ** k for k in (-14, -10, -6, -3, -1, 0, 1, 3, 6, 10, 14)]
FAR_WHOLE = (0, 1, -1, 2, -2, 10**3, -(10**3), 10**7, -(10**7), 10**12, -(10**12))


@dataclass(slots=True)
class Search:
    """Moves one entry after the other to where the most conditions are met."""

    table: Table
    positive: Sequence[Polynomial]
    values: dict[int, Fraction]

    def met(self) -> bool:
        """Whether all conditions are met."""
        return self._short()[0] == 0

    def solved(self, rng: Random) -> bool:
        """Look for a point at which all conditions are met."""
        used = sorted(self._entries())
        for _ in range(SWEEPS):
            rng.shuffle(used)
            for v in used:
                if self.met():
                    return True
                self._move(v, part(rng))
        return self.met()

    def _entries(self) -> set[int]:
        found: set[int] = set()
        waiting = [v for p in self.positive for v in variables(p)]
        while waiting:
            v = waiting.pop()
            atom = self.table.atoms[v]
            if atom.kind == "entry":
                found.add(v)
            else:
                waiting += [u for p in self.table.inside(v) for u in variables(p)]
        return found

    def _move(self, v: int, share: Fraction) -> None:
        best, chosen = self._short(), self.values[v]
        for x in self._places(v, share):
            self.values[v] = x
            short = self._short()
            if short < best:
                best, chosen = short, x
        self.values[v] = chosen

    def _places(self, v: int, share: Fraction) -> Iterator[Fraction]:
        """Yield values of an entry on every side of all zeros, and of all sizes."""
        others = {u: x for u, x in self.values.items() if u != v}
        points: set[Fraction] = set()
        for p in self.positive:
            if all(self.table.atoms[u].kind == "entry" for u in variables(p)):
                powers = by_power(substituted(p, others), v)
                points |= set(
                    turning_points([powers.get(k, {}).get(ONE, Fraction(0)) for k in range(max(powers, default=0) + 1)])
                )
        atom = self.table.atoms[v]
        if atom.whole:
            near = {Fraction(int(x) + k) for x in points for k in (-2, -1, 0, 1, 2)} | set(map(Fraction, FAR_WHOLE))
            yield from sorted(x for x in near if x > 0 or not atom.positive)
            return
        places = [*samples(sorted(points), share), *(s * m * (1 + share) for m in MAGNITUDES for s in (1, -1)), *points]
        yield from (x for x in places if x > 0 or not atom.positive)

    def _short(self) -> tuple[int, Number]:
        """Return how many conditions are not met, and by how much; what is positive in the last digits only is not met."""
        values: dict[int, Number] = dict(self.values)
        count, gap = 0, _real(0)
        try:
            for p in self.positive:
                x, least = self._value(p, values)
                if x <= least:
                    count, gap = count + 1, gap - _real(x)
        except Undefined:
            return len(self.positive) + 1, 0
        return count, gap

    def _value(self, p: Polynomial, values: dict[int, Number]) -> tuple[Number, Number]:
        """Return the value of a polynomial and what rounding may have made of zero."""
        terms: list[Number] = []
        for m, c in p.items():
            term: Number = c
            for v, k in m:
                if v not in values:
                    values[v] = self._atom(v, values)
                x = values[v]
                term = _real(term) * x**k if isinstance(term, Fraction) and not isinstance(x, Fraction) else term * x**k
            terms.append(term)
        if all(isinstance(term, Fraction) for term in terms):
            return sum(terms), 0
        terms = list(map(_real, terms))
        return sum(terms), max(map(absolute, terms)) * _real(ROUNDING)

    def _atom(self, v: int, values: dict[int, Number]) -> Number:
        atom, over = self.table.atoms[v], Real(50)
        if atom.radicand:
            return over.known("sqrt", _real(self._value(dict(atom.radicand), values)[0]))
        if atom.argument is None:
            raise Undefined("unknown-function")
        under = self._value(atom.argument.under, values)[0]
        if not under:
            raise Undefined("division")
        return over.known(atom.kind, _real(self._value(atom.argument.over, values)[0]) * over.inverse(_real(under)))


def part(rng: Random) -> Fraction:
    """Return a number between 0 and 1, not near either."""
    return Fraction(rng.randrange(100, 900), 1000)


def _real(x: Number) -> Number:
    return Real(50).number(x) if isinstance(x, int | Fraction) else x


Coefficients = Sequence[Fraction]  # of the powers 0, 1, 2, …
HALVINGS = 140


def value(p: Coefficients, x: Fraction) -> Fraction:
    """Return the value at a point."""
    total = Fraction(0)
    for c in reversed(p):
        total = total * x + c
    return total


def turning_points(p: Coefficients) -> list[Fraction]:
    """Return, nearly, the roots of a polynomial and of its derivatives in increasing order."""
    p = list(p)
    while p and not p[-1]:
        p.pop()
    if len(p) < 2:
        return []
    inner = turning_points([k * c for k, c in enumerate(p)][1:])
    bound = 1 + max(abs(c / p[-1]) for c in p[:-1])
    ends = [-bound, *inner, bound]
    return sorted({*inner, *(_between(p, a, b) for a, b in pairwise(ends) if value(p, a) * value(p, b) < 0)})


def _between(p: Coefficients, low: Fraction, high: Fraction) -> Fraction:
    """Return a root between two points of different signs, to forty digits where it is not zero."""
    if len(p) == 2:
        return -p[0] / p[1]
    rising = value(p, high) > 0
    for _ in range(HALVINGS):
        middle = _short((low + high) / 2)
        if not low < middle < high:
            break
        found = value(p, middle)
        if not found:
            return middle
        low, high = (low, middle) if (found > 0) == rising else (middle, high)
    return (low + high) / 2


def _short(x: Fraction) -> Fraction:
    """Return a fraction near another one whose denominator is a power of two."""
    size = max(0, x.denominator.bit_length() - x.numerator.bit_length() + 160)
    return Fraction(round(x * 2**size), 2**size)


def samples(points: Sequence[Fraction], part: Fraction) -> list[Fraction]:
    """Return a number in every interval between points, and beyond the outer ones."""
    if not points:
        return []
    outer = (points[0] - part * (1 + abs(points[0])), points[-1] + part * (1 + abs(points[-1])))
    return [outer[0], *(a + part * (b - a) for a, b in pairwise(points)), outer[1]]
