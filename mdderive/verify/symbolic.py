"""Numbers whose value is open, and what functions with branches ask of them.

Where a branch asks for a sign, it is known (of a number, a sum of squares), was decided before, or is decided now, as a path
says: so one computation gives both sides as they are wherever the signs are those of its path. What is no quotient of polynomials
is a variable of its own: the root of a polynomial, whose square is known; the exponential of a monomial, which is positive; and
any other function of one argument.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from mdderive.model.expr import Number
from mdderive.model.functions import FUNCTIONS
from mdderive.verify.field import Field, Numbers, Undefined, at_zero, domain
from mdderive.verify.polynomial import (
    ONE,
    Polynomial,
    added,
    common,
    constant,
    content,
    divided,
    scaled,
    square_root,
    variable,
    variables,
    without,
)
from mdderive.verify.ratio import Atom, Ratio, Table
from mdderive.verify.signs import Positivity

LARGEST_POWER = 12
LIKE_THEIR_ARGUMENT = frozenset(row.name for row in FUNCTIONS.values() if row.rising and row.parity == "odd")  # in sign


@dataclass(frozen=True, eq=False)
class Symbolic(Field):
    """Open numbers; `path` decides signs in the order in which they are asked for, those beyond it are taken positive."""

    key: int
    table: Table
    path: tuple[bool, ...] = ()
    asked: list[tuple[Polynomial, bool]] = field(default_factory=list)

    # ------------------------------------------------------------------ numbers

    def _ratio(self, p: Polynomial) -> Number:
        return _number(Ratio(p, constant(1), self.table))

    def number(self, value: Number) -> Number:
        """Return the number itself."""
        return value

    def inverse(self, x: Number) -> Number:
        """Return 1/x."""
        if not x:
            raise Undefined("division")
        a = self._open(x)
        return _number(Ratio(a.under, a.over, self.table))

    def pivot(self, column: Sequence[Number]) -> int | None:
        """Return where an entry is not zero, a number if there is one."""
        places = [i for i, x in enumerate(column) if x]
        return next((i for i in places if self._open(column[i]).number is not None), places[0] if places else None)

    def randoms(self, count: int, *words: object) -> Numbers:
        """Return a variable for every entry of a letter; directions are numbers."""
        if words[-1] != "value":
            return super().randoms(count, *words)
        return [self._entry((*words, i)) for i in range(count)]

    def positive(self, entries: Numbers) -> Numbers:
        """Return the same variables, taken positive."""
        for x in entries:
            (v,) = variables(self._open(x).over)
            self.table.atoms[v] = Atom("entry", self.table.atoms[v].words, positive=True)
        return entries

    def integers(self, drawn: Sequence[int], *words: object, fixed: bool = False, positive: bool = False) -> Numbers:
        """Return variables for integers, but for those that stand in exponents."""
        if fixed:
            return list(drawn)
        return [self._entry((*words, i), whole=True, positive=positive) for i in range(len(drawn))]

    def _entry(self, words: tuple[object, ...], *, whole: bool = False, positive: bool = False) -> Number:
        place = self.table.variable(words, Atom("entry", words, whole=whole, positive=positive))
        return self._ratio(variable(place))

    def _open(self, x: object) -> Ratio:
        if isinstance(x, Ratio):
            return x
        assert isinstance(x, int | Fraction)
        return Ratio(constant(x), constant(1), self.table)

    # ------------------------------------------------------------------ functions

    def known(self, name: str, x: Number) -> Number:
        """Return a primitive: branches as the path says, the others as variables."""
        a = self._open(x)
        if not a:
            return at_zero(name)
        match name:
            case "abs":
                return _number(a if self.is_positive(a) else -a)
            case "sign":
                return 1 if self.is_positive(a) else -1
            case "sqrt":
                return self._root(a)
            case "exp":
                return self._exponential(a)
        self._in_domain(name, a)
        row = FUNCTIONS.get(name)
        if a.number == 1 and (row is None or name == "log"):
            return int(row is None)
        return self._other(name, a, row.parity if row is not None else "")

    def _in_domain(self, name: str, a: Ratio) -> None:
        low, high = domain(name)
        above = low is None or self._is_above(a - low)
        if not above or (high is not None and not self._is_above(high - a)):
            raise Undefined("of-negative" if (low, high) == (0, None) else "beyond-domain", name=name.partition(":")[0])

    def _is_above(self, gap: object) -> bool:
        a = self._open(gap)
        return bool(a) and self.is_positive(a)

    def _other(self, name: str, a: Ratio, parity: str) -> Number:
        """Return a function as a variable, odd and even ones of the argument with a positive leading term."""
        mirrored = parity in ("odd", "even") and content(a.over) < 0
        a = -a if mirrored else a
        atom = Atom(name, argument=a, positive=name.startswith("power:"))
        value = self._ratio(variable(self.table.variable((name, a), atom)))
        return -value if mirrored and parity == "odd" else value

    def _exponential(self, a: Ratio) -> Number:
        """Return a product of powers of exponentials of monomials."""
        if a.under != constant(1):
            mirrored = content(a.over) < 0
            value = self._positive_atom("exp", -a if mirrored else a)
            return self.inverse(value) if mirrored else value
        total: Number = 1
        for m, c in a.over.items():
            whole = c.denominator == 1 and abs(c) <= LARGEST_POWER
            unit = {m: Fraction(1) if whole else abs(c)}
            base = self._positive_atom("exp", Ratio(unit, constant(1), self.table))
            base = base if c > 0 else self.inverse(base)
            for _ in range(abs(int(c)) if whole else 1):
                total = total * base
        return total

    def _positive_atom(self, name: str, a: Ratio) -> Number:
        return self._ratio(variable(self.table.variable((name, a), Atom(name, argument=a, positive=True))))

    def _root(self, a: Ratio) -> Number:
        """Return a root: of a square the absolute value, of anything else a variable whose square is known."""
        self._in_domain("sqrt", a)
        p = a.product
        size = abs(content(p))
        outside = common(p)
        even = tuple((v, k - k % 2) for v, k in outside if k > 1)
        rest = scaled(without(p, even), 1 / size)
        front: Number = 1
        for v, k in even:
            front = front * self.known("abs", self._ratio({((v, k // 2),): Fraction(1)}))
        front = front * self.known("abs", self.inverse(self._ratio(a.under)))
        root = square_root(rest) if rest != constant(1) else constant(1)
        if root is not None:
            inner = self.known("abs", self._ratio(root))
        else:
            atom = Atom("sqrt", radicand=tuple(sorted(rest.items())), positive=True)
            inner = self._ratio(variable(self.table.variable(("sqrt", atom.radicand), atom)))
        return front * inner * self._root_of_number(size)

    def _root_of_number(self, size: Fraction) -> Number:
        root = square_root(constant(size))
        if root is not None:
            return root[ONE]
        whole = size.numerator * size.denominator
        atom = Atom("sqrt", radicand=((ONE, Fraction(whole)),), positive=True)
        return self._ratio(scaled(variable(self.table.variable(("sqrt", whole), atom)), Fraction(1, size.denominator)))

    def unknown(self, name: str, indices: tuple[int, ...], entries: Sequence[Number]) -> Number:
        """Return a variable for an unknown function of these entries."""
        key = (name, indices, tuple(map(self._open, entries)))
        return self._ratio(variable(self.table.variable(key, Atom("unknown", key))))

    # ------------------------------------------------------------------ signs

    def is_positive(self, a: Ratio) -> bool:
        """Return the sign of a value that is not zero, the product of those of its factors, as decided so far."""
        p = a.product
        outside = common(p)
        sign = True
        for v, k in outside:
            if k % 2:
                atom = self.table.atoms[v]
                like = atom.argument if atom.kind in LIKE_THEIR_ARGUMENT else None
                sign ^= not (self._decided(variable(v)) if like is None else self.is_positive(like))
        rest = without(p, outside)
        if content(rest) < 0:
            rest, sign = scaled(rest, -1), not sign
        rest = scaled(rest, 1 / content(rest))
        for factor, positive in self._factors(rest):
            while (quotient := divided(rest, factor)) is not None:
                rest, sign = quotient, sign == positive
        return sign if rest == constant(1) else sign == self._decided(rest)

    def _factors(self, p: Polynomial) -> Iterator[tuple[Polynomial, bool]]:
        """Yield what may divide a polynomial and has a sign that is decided: what was asked before, and `exp(g) - 1` by g."""
        yield from ((q, positive) for q, positive in self.asked if len(q) > 1 and variables(q) <= variables(p))
        for v in sorted(variables(p)):
            argument = self.table.atoms[v].argument
            gap = added(variable(v), constant(-1))
            if self.table.atoms[v].kind == "exp" and argument is not None and divided(p, gap) is not None:
                yield gap, self.is_positive(argument)

    def _decided(self, p: Polynomial) -> bool:
        positivity = Positivity(self.table, self.asked)
        for q, positive in self.asked:
            if q == p:
                return positive
        if positivity.shown(p):
            return True
        if positivity.shown(scaled(p, -1)):
            return False
        positive = self.path[len(self.asked)] if len(self.asked) < len(self.path) else True
        self.asked.append((p, positive))
        return positive


def _number(a: Any) -> Number:
    """Return an open number, or the number that it is, as an entry of a matrix."""
    found = a.number
    value: Number = a if found is None else found if found.denominator > 1 else int(found)
    return value


def conditions(asked: Iterable[tuple[Polynomial, bool]]) -> list[Polynomial]:
    """Return what must be positive."""
    return [p if positive else scaled(p, -1) for p, positive in asked]
