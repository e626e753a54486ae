"""The numbers that the judge computes with: what residues, fractions, digits and open numbers have in common.

A field adds, multiplies and divides, and gives values to what is not rational: the elementary functions, and the functions that
the author leaves unknown.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from math import isqrt
from random import Random
from types import MappingProxyType

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


def absolute(x: Number) -> Number:
    """Return the absolute value of an ordered number."""
    return -x if x < 0 else x


class Field(ABC):
    """Arithmetic, elementary functions and random values of one kind of number.

    `known` evaluates a primitive of the table of functions (also `power:r` for 0 < r < 1), `unknown` an undetermined scalar
    function of the entries, differentiated once for each index. Numbers are residues of the `characteristic` where that is not 0;
    one computation stands for so many `points`. `signs` are those of the different arguments at which a function with branches
    was asked, in order; an argument that differs only in sign from an earlier one says nothing new.
    """

    exact: bool = True
    cost: int = 1
    characteristic: int = 0
    points: int = 1
    signs: Mapping[Number, bool] = MappingProxyType({})

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

    def random(self, rng: Random) -> Number:
        """Return a random number."""
        return rng.randrange(1, 10**6)

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


def digest(*words: object) -> int:
    """Return 128 bits that depend on nothing but the words."""
    return int.from_bytes(blake2b("\x1f".join(map(str, words)).encode(), digest_size=16).digest(), "big")


def first_nonzero(column: Sequence[Number]) -> int | None:
    """Return the first place of a number that is not zero."""
    return next((i for i, x in enumerate(column) if x), None)


@dataclass(frozen=True, eq=False)
class Rational(Field):
    """Exact fractions, for values that a reader can recompute by hand; functions left unknown are small polynomials."""

    choices: tuple[int, ...] = (0, 1)

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
        return first_nonzero(column)

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
