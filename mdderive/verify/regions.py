"""The regions of signs in which the two sides of a claim are different formulas.

With open numbers both sides are computed once for every path through the signs that branches ask for. A path that a proof shows
to be impossible ends; where both sides are the same formula nothing more is to be done; every other region is looked for: a point
of it by elimination where it is bounded by linear forms, else by solving for one entry after the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from random import Random

from mdderive.model.expr import Number
from mdderive.verify import feasible
from mdderive.verify.case import Case, Sampling
from mdderive.verify.contents import Comparison
from mdderive.verify.field import Field, Undefined, Unsupported, digest
from mdderive.verify.point import Point
from mdderive.verify.polynomial import ONE, Polynomial, content, scaled, variables
from mdderive.verify.ratio import Table
from mdderive.verify.real import Real
from mdderive.verify.seek import Search, part
from mdderive.verify.signs import Positivity
from mdderive.verify.sizes import Sizes
from mdderive.verify.symbolic import Symbolic, conditions

MOST_PATHS, STARTS, POINTS = 80, 5, 2
MOST_WORK = 400_000


@dataclass(frozen=True, slots=True)
class Region:
    """Where these polynomials are positive."""

    positive: tuple[Polynomial, ...]
    table: Table

    def __str__(self) -> str:
        return ", ".join(f"{_written(p, self.table)} > 0" for p in self.positive)


@dataclass(slots=True)
class Regions:
    """The regions of one claim at some sizes, found by following every path."""

    case: Case
    both: Comparison
    sizes: Sizes
    index: int
    table: Table = field(default_factory=Table)

    @property
    def key(self) -> int:
        """The key of the draw at which letters are open."""
        return digest(self.case.key, "open", *self.sizes.items(), self.index)

    def placed(self, values: Mapping[tuple[object, ...], Fraction], digits: int) -> Point:
        """Return the claim at so many digits where entries have these values."""
        return self.point(RealAt(digits, self.key, at=values))

    def point(self, over: Field) -> Point:
        """Return the claim at this draw over a field."""
        return self.case.placed(over, Sampling(0, tuple(self.sizes.items()), self.index, positive=self.both.positive), self.key)

    def parting(self) -> Iterator[Region]:
        """Yield the regions, not known to be empty, in which the sides are not the same formula.

        Raises `Unsupported` where there are too many paths, `Inexact` where a value is not open to this.
        """
        waiting: list[tuple[bool, ...]] = [()]
        paths = work = 0
        while waiting:
            path = waiting.pop()
            over = Symbolic(self.key, self.table, path)
            point = self.point(over)
            paths += 1
            try:
                a, b = point.sides(self.both)
                differ = any(x != y for x, y in zip(a.plain, b.plain, strict=True))
            except Undefined:
                differ = False
            work += point.at.draw.algebra.work
            if paths > MOST_PATHS or work > MOST_WORK:
                raise Unsupported("many-signs")
            asked = over.asked
            for i in range(len(path), len(asked)):
                turned = (*asked[:i], (asked[i][0], not asked[i][1]))
                if self._possible(conditions(turned)):
                    waiting.append(tuple(sign for _, sign in turned))
            if differ and self._possible(conditions(asked)):
                yield Region(tuple(conditions(asked)), self.table)

    def _possible(self, positive: Sequence[Polynomial]) -> bool:
        """Whether linear relations between the terms leave room."""
        try:
            return feasible.point(_rows(positive, self.table), frozenset(), [Fraction(1, 2)]) is not None
        except feasible.TooMany:
            return True

    def points(self, region: Region) -> Iterator[Mapping[tuple[object, ...], Fraction]]:
        """Yield points of a region by the words that name their entries."""
        rng = Random(digest(self.key, region))
        for values in islice(self._candidates(region, rng), POINTS):
            yield {self.table.atoms[v].words: x for v, x in values.items()}

    def _candidates(self, region: Region, rng: Random) -> Iterator[dict[int, Fraction]]:
        rows = _rows(region.positive, self.table)
        linear = all(
            len(m) == 1 and m[0][1] == 1 and self.table.atoms[m[0][0]].kind == "entry" for r in rows for m in r if m != ONE
        )
        whole = frozenset(((v, 1),) for v, atom in enumerate(self.table.atoms) if atom.whole)
        for _ in range(POINTS if linear else 0):
            spread = [part(rng) for _ in range(7)]
            values = feasible.point(rows, whole, spread)
            assert values is not None
            start = self._start(rng)
            chosen = start | {m[0][0]: x for m, x in values.items()}
            if Search(self.table, region.positive, chosen).met():
                yield chosen
        for _ in range(STARTS):
            search = Search(self.table, region.positive, self._start(rng))
            if search.solved(rng):
                yield search.values

    def _start(self, rng: Random) -> dict[int, Fraction]:
        """Return random values for all entries."""
        values = {}
        for v, atom in enumerate(self.table.atoms):
            if atom.kind == "entry":
                size = Fraction(rng.randrange(1, 9)) if atom.whole else part(rng) * 2
                values[v] = size if atom.positive or rng.getrandbits(1) else -size
        return values


@dataclass(frozen=True, eq=False)
class RealAt(Real):
    """Digits at a point whose entries are given."""

    at: Mapping[tuple[object, ...], Fraction] = field(default_factory=dict)

    def randoms(self, count: int, *words: object) -> list[Number]:
        """Return the entries that are given; others are drawn."""
        drawn = super().randoms(count, *words)
        return [self.number(self.at[(*words, i)]) if (*words, i) in self.at else x for i, x in enumerate(drawn)]

    def positive(self, entries: list[Number]) -> list[Number]:
        """Return the entries, which are given as positive."""
        return entries

    def integers(self, drawn: Sequence[int], *words: object, fixed: bool = False, positive: bool = False) -> list[Number]:
        """Return the integers that are given."""
        return [self.number(self.at.get((*words, i), Fraction(x))) for i, x in enumerate(drawn)]


def _rows(positive: Sequence[Polynomial], table: Table) -> list[feasible.Row]:
    """Return polynomials as linear forms in their terms, with those terms that cannot be negative."""
    known = Positivity(table, ())
    rows: list[feasible.Row] = []
    for p in positive:
        row = dict(p)
        if all(table.atoms[v].whole for v in variables(p)):
            row = dict(scaled(p, 1 / abs(content(p))))
            row[ONE] = row.get(ONE, Fraction(0)) - Fraction(1, 2)  # an integer above zero is one at least
        rows.append(row)
    terms = {m for p in positive for m in p if m != ONE}
    return rows + [{m: Fraction(1)} for m in sorted(terms) if known.shown({m: Fraction(1)})]


def _written(p: Polynomial, table: Table) -> str:
    """Return a polynomial for a reader; an entry is called by the letter whose entry it is."""

    def name(v: int) -> str:
        atom = table.atoms[v]
        if atom.kind == "entry":
            letter, place = atom.words[1], atom.words[-1]
            return str(letter) if not place else f"{letter}[{place}]"
        inner = ", ".join(_written(q, table) for q in table.inside(v)[:1])
        return f"{atom.kind}({inner})"

    def term(m: tuple[tuple[int, int], ...], c: Fraction) -> str:
        factors = [name(v) + (f"^{k}" if k > 1 else "") for v, k in m]
        number = [] if abs(c) == 1 and factors else [str(abs(c))]
        return " ".join(number + factors)

    pieces = [("-" if c < 0 else "+", term(m, c)) for m, c in sorted(p.items(), reverse=True)]
    text = " ".join(f"{sign} {t}" for sign, t in pieces)
    return text[2:] if text.startswith("+ ") else text
