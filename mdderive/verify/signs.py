"""Which polynomials are positive wherever some signs hold: sums of squares, completed squares, roots against roots."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from mdderive.verify.polynomial import ONE, Polynomial, added, by_power, content, divided, scaled, square_root, times, variables
from mdderive.verify.ratio import Table

DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Positivity:
    """Shows that polynomials are positive, or zero in places only; what cannot be shown may be so all the same.

    `decided` are polynomials whose sign is taken as known.
    """

    table: Table
    decided: Sequence[tuple[Polynomial, bool]]

    def shown(self, p: Polynomial, depth: int = 0) -> bool:
        """Whether a polynomial that is not zero is nowhere negative."""
        if not p or depth > DEEPEST:
            return False
        if all(self._term(m, c) for m, c in p.items()):
            return True
        if any(q == p if positive else q == scaled(p, -1) for q, positive in self.decided):
            return True
        if not depth and any(self._divides(p, q if positive else scaled(q, -1)) for q, positive in self.decided):
            return True
        size = content(p)
        if size > 0 and square_root(scaled(p, 1 / size)) is not None:
            return True
        return self._by_roots(p, depth) or self._by_square(p, depth) or self._by_logarithm(p, depth)

    def _divides(self, p: Polynomial, known: Polynomial) -> bool:
        """Whether something positive is the product of a polynomial with something positive."""
        quotient = divided(known, p) if len(p) > 1 and variables(p) <= variables(known) else None
        return quotient is not None and self.shown(quotient, 1)

    def none_or_shown(self, p: Polynomial, depth: int) -> bool:
        """Whether a polynomial is zero, or nowhere negative."""
        return not p or self.shown(p, depth)

    def _term(self, m: tuple[tuple[int, int], ...], c: Fraction) -> bool:
        sign = c > 0
        for v, k in m:
            if k % 2:
                known = self._sign(v)
                if known is None:
                    return False
                sign ^= not known
        return sign

    def _sign(self, v: int) -> bool | None:
        if self.table.atoms[v].positive:
            return True
        return next((positive for q, positive in self.decided if q == {((v, 1),): 1}), None)

    def _by_square(self, p: Polynomial, depth: int) -> bool:
        """`a v^2 + b v + c` is positive where a and `4 a c - b^2` are."""
        for v in variables(p):
            parts = by_power(p, v)
            if max(parts) == 2 and not self.table.atoms[v].radicand:
                a, b, c = (parts.get(k, {}) for k in (2, 1, 0))
                rest = self.table.reduced(added(scaled(times(a, c), 4), times(b, b), -1))
                if self.shown(a, depth + 1) and self.none_or_shown(rest, depth + 1):
                    return True
        return False

    def _by_roots(self, p: Polynomial, depth: int) -> bool:
        """`a + b r` with a root r: both parts are positive, or the positive one has the larger square."""
        for v in variables(p):
            if not self.table.atoms[v].radicand:
                continue
            parts = by_power(p, v)
            a, b = parts.get(0, {}), parts.get(1, {})
            square = times(times(b, b), dict(self.table.atoms[v].radicand))
            gap = self.table.reduced(added(times(a, a), square, -1))
            if self.shown(b, depth + 1):
                if self.none_or_shown(a, depth + 1) or self.none_or_shown(scaled(gap, -1), depth + 1):
                    return True
            elif self.shown(scaled(b, -1), depth + 1) and self.shown(a, depth + 1) and self.none_or_shown(gap, depth + 1):
                return True
        return False

    def _by_logarithm(self, p: Polynomial, depth: int) -> bool:
        """`log h + g` is positive where `h > exp(-g)`; g is a sum of multiples of letters whose exponentials occur in h."""
        for v in variables(p):
            atom = self.table.atoms[v]
            parts = by_power(p, v)
            if atom.kind != "log" or atom.argument is None or max(parts) > 1 or set(parts.get(1, {})) != {ONE}:
                continue
            if parts[1][ONE] <= 0:
                continue
            bound = self._exponential(scaled(parts.get(0, {}), -1 / parts[1][ONE]))
            if bound is None:
                continue
            over, under = bound
            h = atom.argument
            gap = added(self.table.product(h.over, under), self.table.product(h.under, over), -1)
            if self.none_or_shown(self.table.reduced(gap), depth + 1) and self.shown(h.under, depth + 1):
                return True
        return False

    def _exponential(self, g: Polynomial) -> tuple[Polynomial, Polynomial] | None:
        """Return the exponential of a sum of integer multiples of monomials as a quotient of products of variables."""
        over: dict[int, int] = {}
        under: dict[int, int] = {}
        atoms = {a.argument: v for v, a in enumerate(self.table.atoms) if a.kind == "exp" and a.argument is not None}
        units = {next(iter(a.over)): v for a, v in atoms.items() if len(a.over) == 1 and set(a.over.values()) == {1}}
        for m, c in g.items():
            if m not in units or c.denominator != 1:
                return None
            (over if c > 0 else under)[units[m]] = abs(int(c))
        return {tuple(sorted(over.items())): Fraction(1)}, {tuple(sorted(under.items())): Fraction(1)}
