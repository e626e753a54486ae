"""Quotients of polynomials as numbers, and the table of what their variables stand for."""

from dataclasses import dataclass, field
from fractions import Fraction

from mdderive.verify.polynomial import (
    ONE,
    Monomial,
    Polynomial,
    added,
    by_power,
    common,
    constant,
    content,
    divided,
    scaled,
    times,
    variable,
    without,
)


@dataclass(frozen=True, slots=True)
class Atom:
    """What a variable stands for: an entry (`words`), a root, an exponential, or another function of an argument."""

    kind: str
    words: tuple[object, ...] = ()
    argument: "Ratio | None" = None
    radicand: tuple[tuple[Monomial, Fraction], ...] = ()
    positive: bool = False
    whole: bool = False


class Ratio:
    """A quotient of two polynomials over one table of variables."""

    __slots__ = ("over", "table", "under")

    def __init__(self, over: Polynomial, under: Polynomial, table: "Table") -> None:
        shared = common({**over, **under}) if over else common(under)
        over, under = without(over, shared), without(under, shared)
        if len(under) > 1 and over:
            whole = divided(over, under)
            part = divided(under, over) if whole is None and len(over) > 1 else None
            if whole is not None:
                over, under = whole, constant(1)
            elif part is not None:
                over, under = constant(1), part
        size = content(under)
        self.over, self.under, self.table = scaled(over, 1 / size), scaled(under, 1 / size), table

    def _of(self, other: object) -> "Ratio":
        if isinstance(other, Ratio):
            return other
        assert isinstance(other, int | Fraction)
        return Ratio(constant(other), constant(1), self.table)

    def __add__(self, other: object) -> "Ratio":
        b = self._of(other)
        if self.under == b.under:
            return Ratio(added(self.over, b.over), self.under, self.table)
        over = added(self.table.product(self.over, b.under), self.table.product(b.over, self.under))
        return Ratio(over, self.table.product(self.under, b.under), self.table)

    __radd__ = __add__

    def __mul__(self, other: object) -> "Ratio":
        b = self._of(other)
        return Ratio(self.table.product(self.over, b.over), self.table.product(self.under, b.under), self.table)

    __rmul__ = __mul__

    def __neg__(self) -> "Ratio":
        return Ratio(scaled(self.over, -1), self.under, self.table)

    def __sub__(self, other: object) -> "Ratio":
        return self + -self._of(other)

    def __rsub__(self, other: object) -> "Ratio":
        return -self + other

    def __bool__(self) -> bool:
        return bool(self.over)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ratio | int | Fraction) and not self - self._of(other)

    def __hash__(self) -> int:
        return hash((frozenset(self.over.items()), frozenset(self.under.items())))

    @property
    def number(self) -> Fraction | None:
        """The value where it is a number; None where it is open."""
        if not self.over:
            return Fraction(0)
        return self.over.get(ONE) if len(self.over) == 1 and self.under == constant(1) else None

    @property
    def product(self) -> Polynomial:
        """The polynomial with the same sign."""
        return self.table.product(self.over, self.under)


@dataclass(slots=True)
class Table:
    """The variables in the order in which they came up."""

    atoms: list[Atom] = field(default_factory=list)
    places: dict[object, int] = field(default_factory=dict)

    def variable(self, key: object, atom: Atom) -> int:
        """Return the number of the variable with a key."""
        if key not in self.places:
            self.places[key] = len(self.atoms)
            self.atoms.append(atom)
        return self.places[key]

    def product(self, p: Polynomial, q: Polynomial) -> Polynomial:
        """Return the product, squares of roots put in."""
        return self.reduced(times(p, q))

    def reduced(self, p: Polynomial) -> Polynomial:
        """Return a polynomial with every root to the first power at most."""
        while True:
            square = next((v for m in p for v, k in m if k > 1 and self.atoms[v].radicand), None)
            if square is None:
                return p
            total: Polynomial = {}
            for k, part in by_power(p, square).items():
                for _ in range(k // 2):
                    part = times(part, dict(self.atoms[square].radicand))
                total = added(total, times(part, variable(square)) if k % 2 else part)
            p = total

    def inside(self, v: int) -> tuple[Polynomial, ...]:
        """Return the polynomials that a variable is made of: a radicand, or numerator and denominator of an argument."""
        atom = self.atoms[v]
        if atom.radicand:
            return (dict(atom.radicand),)
        return (atom.argument.over, atom.argument.under) if atom.argument is not None else ()
