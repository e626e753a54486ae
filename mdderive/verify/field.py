"""The numbers that the judge computes with: integers modulo a prime, or exact fractions.

A field adds, multiplies and divides without rounding, and gives values to what is not rational: the elementary functions and
the functions that the author leaves unknown are hashed, so that two of them agree exactly where their arguments do. Modulo a
prime p with p = 3 mod 4 the quadratic character plays the sign: it is multiplicative and odd. Modulo the product of two primes
one computation is a point modulo each of them (the Chinese remainder theorem); there is no sign then.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import blake2b, shake_128
from math import gcd, isqrt
from random import Random

from mdderive.model.expr import Number
from mdderive.model.functions import FUNCTIONS
from mdderive.model.reasons import Reason, Worded

Numbers = list[Number]
LONGEST = 2_000


def domain(name: str) -> tuple[int | None, int | None]:
    """Return the interval on which a primitive is defined."""
    return FUNCTIONS[name].domain if name in FUNCTIONS else (0, None)  # a power by a fraction is no row


def at_zero(name: str) -> int:
    """Return a primitive, or a root of some degree, at zero; raises `Undefined` where it has no value there."""
    value = FUNCTIONS[name].at_zero if name in FUNCTIONS else 0
    low, high = domain(name)
    if value is None or (low or 0) > 0 or (high or 0) < 0:
        raise Undefined("of-zero", name=name)
    return value


class Unjudged(Exception):
    """Something keeps the judge from a value, for a reason of the closed list."""

    def __init__(self, code: str, **facts: str | Worded) -> None:
        super().__init__(code)
        self.reason = Reason(code, facts)


class Undefined(Unjudged):
    """A value does not exist at this point: a division by zero, a root of a negative number, a kink."""


class NotASquare(Undefined):
    """A residue has no root here, which says nothing about numbers."""


class Unsupported(Unjudged):
    """The judge cannot evaluate this at all."""


class Inexact(Unjudged):
    """This has no exact value in the field (the exponential of a matrix); fifty digits may decide it."""


@dataclass(slots=True)
class Journal:
    """The signs of the different arguments at which a function with branches was asked, in order.

    `magnitudes` are the binary orders of constants and of what functions gave, where numbers have digits.
    """

    signs: dict[Number, bool] = field(default_factory=dict)
    magnitudes: set[int] = field(default_factory=lambda: {0})

    def note(self, size: Number, *, positive: bool) -> None:
        """Keep the sign of an argument; one that differs only in sign from an earlier one says nothing new."""
        self.signs.setdefault(size, positive)

    def pattern(self) -> tuple[bool, ...]:
        """Return the signs met."""
        return tuple(self.signs.values())


def absolute(x: Number) -> Number:
    """Return the absolute value of an ordered number."""
    return -x if x < 0 else x


class Field(ABC):
    """Arithmetic, elementary functions and random values of one kind of number.

    `known` evaluates a primitive of the table of functions (also `power:r` for 0 < r < 1), `unknown` an undetermined scalar
    function of the entries, differentiated once for each index.
    """

    exact: bool = True
    cost: int = 1
    journal: Journal

    @property
    def points(self) -> int:
        """How many points one computation stands for."""
        return 1

    def tidy(self, values: Numbers) -> Numbers:
        """Return the values in standard form; sums and products of numbers may be left untidy in between."""
        return values

    def all_positive(self, values: Iterable[Number]) -> bool:
        """Whether the values are positive; always, where nothing tells signs."""
        return True

    def randoms(self, count: int, *words: object) -> Numbers:
        """Return so many random numbers, which depend on nothing but the words."""
        rng = Random(digest(*words))
        return [self.random(rng) for _ in range(count)]

    def integers(self, drawn: Sequence[int], *words: object, fixed: bool = False, positive: bool = False) -> Numbers:
        """Return the integers drawn for a letter, which the words name; `fixed` ones stand in exponents."""
        return [self.number(x) for x in drawn]

    def positive(self, entries: Numbers) -> Numbers:
        """Return positive numbers made of random ones."""
        return self.tidy([x * x or 1 for x in entries])

    @abstractmethod
    def number(self, value: Number) -> Number: ...  # noqa: D102
    @abstractmethod
    def inverse(self, x: Number) -> Number: ...  # noqa: D102
    @abstractmethod
    def pivot(self, column: Sequence[Number]) -> int | None: ...  # noqa: D102
    @abstractmethod
    def known(self, name: str, x: Number) -> Number: ...  # noqa: D102
    @abstractmethod
    def unknown(self, name: str, indices: tuple[int, ...], entries: Sequence[Number]) -> Number: ...  # noqa: D102
    @abstractmethod
    def random(self, rng: Random) -> Number: ...  # noqa: D102


def digest(*words: object) -> int:
    """Return 128 bits that depend on nothing but the words."""
    return int.from_bytes(blake2b(_bytes(words), digest_size=16).digest(), "big")


def _bytes(words: Iterable[object]) -> bytes:
    return "\x1f".join(map(str, words)).encode()


def _first_nonzero(column: Sequence[Number]) -> int | None:
    return next((i for i, x in enumerate(column) if x), None)


@dataclass(frozen=True, eq=False)
class Modular(Field):
    """Integers modulo `characteristic`, a prime that is 3 mod 4 or the product of two; `key` seeds the hashed functions.

    What is invertible modulo one prime only has no inverse modulo both: `Undefined`, and each prime must be asked by itself.
    """

    characteristic: int
    key: int = 0
    journal: Journal = field(default_factory=Journal)
    characters: dict[int, bool] = field(default_factory=dict)

    @property
    def points(self) -> int:
        """Two modulo the product of two primes."""
        return 2 if self.twofold else 1

    def all_positive(self, values: Iterable[Number]) -> bool:
        """Whether all values but zeros count as positive by the quadratic character, modulo one prime."""
        return all(self._by_character("abs", int(x)) == x for x in self.tidy(list(values)))

    @property
    def twofold(self) -> bool:
        """Whether residues are taken modulo the product of two primes."""
        return self.characteristic >> LARGEST_BITS > 0

    def tidy(self, values: Numbers) -> Numbers:
        """Return the residues in [0, p)."""
        p = self.characteristic
        return [x % p for x in values]

    def number(self, value: Number) -> Number:
        """Return the residue of an exact rational."""
        if isinstance(value, int):
            return value % self.characteristic
        return value.numerator * self.inverse(value.denominator) % self.characteristic

    def inverse(self, x: Number) -> Number:
        """Return 1/x."""
        try:
            return pow(int(x), -1, self.characteristic)
        except ValueError:
            raise Undefined("division") from None

    def pivot(self, column: Sequence[Number]) -> int | None:
        """Return where the column has an entry to divide by; `Undefined` where that depends on the prime."""
        at = _first_nonzero(column)
        if at is None or not self.twofold or gcd(int(column[at]), self.characteristic) == 1:
            return at
        raise Undefined("division-by-residue")

    def known(self, name: str, x: Number) -> Number:
        """Return a primitive: roots and signs by the quadratic character, the others hashed with their parity."""
        p, a = self.characteristic, int(x)
        if name in ("sqrt", "abs", "sign"):
            return self._by_character(name, a)
        row = FUNCTIONS.get(name)
        if not a:
            return at_zero(name)
        if row is None or name == "log":
            return int(row is None) if a == 1 else self.unknown(name, (), (a,))
        mirrored = bool(row.parity) and a > p - a
        value = self.unknown(name, (), (p - a if mirrored else a,))
        if not mirrored or row.parity == "even":
            return value
        return self.inverse(value) if row.parity == "inverse" else p - value

    def _by_character(self, name: str, a: int) -> Number:
        p = self.characteristic
        if self.twofold:
            raise Undefined("no-sign")
        if not a:
            if name == "sign":
                raise Undefined("sign-of-zero")
            return 0
        if name == "sqrt":
            root = pow(a, (p + 1) // 4, p)
            if root * root % p != a:
                raise NotASquare("no-root")
            return root
        size = min(a, p - a)
        if size not in self.characters:
            self.characters[size] = pow(size, (p - 1) // 2, p) == 1
        positive = self.characters[size] == (a == size)
        self.journal.note(size, positive=positive)
        if name == "sign":
            return 1 if positive else p - 1
        return a if positive else p - a

    def unknown(self, name: str, indices: tuple[int, ...], entries: Sequence[Number]) -> Number:
        """Return a hash of everything given."""
        return digest(self.key, name, indices, *entries) % self.characteristic

    def randoms(self, count: int, *words: object) -> Numbers:
        """Return so many nonzero residues, all of them nearly equally likely, from one long hash of the words."""
        drawn = shake_128(_bytes(words)).digest(16 * count)
        last = self.characteristic - 1
        return [int.from_bytes(drawn[i : i + 16], "big") % last + 1 for i in range(0, 16 * count, 16)]

    def random(self, rng: Random) -> Number:
        """Return a nonzero residue, all of them nearly equally likely."""
        return rng.getrandbits(self.characteristic.bit_length() + 3) % (self.characteristic - 1) + 1


@dataclass(frozen=True, eq=False)
class Rational(Field):
    """Exact fractions, for values that a reader can recompute by hand; functions left unknown are small polynomials."""

    choices: tuple[int, ...] = (0, 1)
    journal: Journal = field(default_factory=Journal)

    def tidy(self, values: Numbers) -> Numbers:
        """Return the values; raises `Inexact` where they are too long to be read."""
        if any(x.numerator.bit_length() > LONGEST for x in values):
            raise Inexact("many-digits")
        return values

    def number(self, value: Number) -> Number:
        """Return the number itself."""
        return value

    def inverse(self, x: Number) -> Number:
        """Return 1/x."""
        if not x:
            raise Undefined("division")
        return 1 / Fraction(x)

    def pivot(self, column: Sequence[Number]) -> int | None:
        """Return where the column has an entry to divide by."""
        return _first_nonzero(column)

    def known(self, name: str, x: Number) -> Number:
        """Return a primitive where it is rational."""
        if name == "abs":
            return absolute(x)
        if name == "sign":
            if not x:
                raise Undefined("sign-of-zero")
            return 1 if x > 0 else -1
        if name == "sqrt":
            root = Fraction(isqrt(max(x.numerator, 0)), isqrt(x.denominator))
            if root * root != x:
                raise Undefined("no-square")
            return root
        raise Inexact("no-exact-value", name=name)

    def unknown(self, name: str, indices: tuple[int, ...], entries: Sequence[Number]) -> Number:
        """Return the value or a derivative of x^3 + x, summed over the entries with the weights 1, 2, 3, …"""
        if len(set(indices)) > 1:
            return 0
        if not indices:
            return sum((i + 1) * (x**3 + x) for i, x in enumerate(entries))
        at, x = indices[0], entries[indices[0]]
        slopes: tuple[Number, ...] = (3 * x * x + 1, 6 * x, 6)
        return (at + 1) * slopes[len(indices) - 1] if len(indices) <= len(slopes) else 0

    def random(self, rng: Random) -> Number:
        """Return one of the choices."""
        return rng.choice(self.choices)


# Modulo both, every prime up to 43 is a square, so that numbers made of these have the sign that they have among real numbers.
PRIMES = (2**61 - 11913, 2**61 - 636873)
LARGEST_BITS = 61
