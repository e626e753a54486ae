"""Real numbers at fifty or a hundred digits, for what no exact field can hold.

Values are mpmath numbers of a context of their own. No Python float may enter: one of them would leave sixteen digits.
What is nearer to zero than half of the digits counts as zero, so that a division by it is undefined rather than noise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from random import Random

from mdderive.model.expr import Number
from mdderive.model.functions import FUNCTIONS
from mdderive.verify.field import Field, Numbers, Undefined, absolute, at_zero, digest, domain

GUARD_DIGITS = 15
WAVES = 3
KEPT_DIGITS = 30
FACTORS = 3  # of a product, whose sizes multiply


@dataclass(frozen=True, eq=False)
class Real(Field):
    """Numbers of `digits` digits; `key` seeds the functions left unknown, which are sums of waves.

    `magnitudes` are the binary orders of constants and of what functions gave.
    """

    digits: int
    key: int = 0
    scale: int = 1
    choices: tuple[Number, ...] = ()
    signs: dict[Number, bool] = field(default_factory=dict)
    magnitudes: set[int] = field(default_factory=lambda: {0})
    exact = False
    turns = True  # the sign of a unit vector is drawn with the point
    cost = 10

    @property
    def bits(self) -> int:
        """How many bits of a number are kept."""
        return _context(self.digits).prec  # type: ignore[no-any-return]

    def fixed(self, x: Number, bits: int) -> int:
        """Return a number in units of 2^-bits."""
        return int(_context(self.digits).ldexp(x, bits))

    def floating(self, x: Number, bits: int) -> Number:
        """Return the number of so many units of 2^-bits."""
        return _context(self.digits).ldexp(x, -bits)  # type: ignore[no-any-return]

    def all_positive(self, values: Iterable[Number]) -> bool:
        """Whether the values are positive."""
        return all(x > 0 for x in values)

    def number(self, value: Number) -> Number:
        """Return an exact rational, rounded once."""
        context = _context(self.digits)
        return self._sized(context.mpf(value.numerator) / value.denominator)

    def _sized(self, x: Number) -> Number:
        """Return a number whose size is noted: beside a larger one its digits may be lost."""
        if x:
            self.magnitudes.add(_context(self.digits).mag(x))
        return x

    @property
    def needed(self) -> int:
        """How many digits keep what a sum of products of so different numbers as were met here is made of."""
        return FACTORS * (max(self.magnitudes) - min(self.magnitudes)) * 3 // 10 + GUARD_DIGITS

    def _zero(self, x: Number) -> bool:
        return bool(absolute(x) < _context(self.digits).mpf(10) ** (-self.digits // 2))

    def inverse(self, x: Number) -> Number:
        """Return 1/x."""
        if self._zero(x):
            raise Undefined("division")
        return _context(self.digits).mpf(1) / x  # type: ignore[no-any-return]

    def pivot(self, column: Sequence[Number]) -> int | None:
        """Return where the column is largest, unless it vanishes."""
        best = max(range(len(column)), key=lambda i: absolute(column[i]))
        return None if self._zero(column[best]) else best

    def known(self, name: str, x: Number) -> Number:
        """Return a primitive."""
        return self._sized(self._known(name, x))

    def _known(self, name: str, x: Number) -> Number:
        if self._zero(x):
            if x and (name == "sqrt" or name.startswith("power:")):  # a root makes what is small large
                raise Undefined("of-small", name=name.partition(":")[0])
            return at_zero(name)
        if name in ("abs", "sign"):
            nearest = _context(self.digits).nint(absolute(x) * 10**KEPT_DIGITS)  # equal arguments differ by rounding
            self.signs.setdefault(int(nearest), x > 0)
        row = FUNCTIONS.get(name)
        low, high = domain(name)
        if (low is not None and x <= low) or (high is not None and x >= high):
            raise Undefined("of-negative" if (low, high) == (0, None) else "beyond-domain", name=name.partition(":")[0])
        if row is not None and row.largest is not None and absolute(x) > row.largest:
            raise Undefined("of-large", name=name)
        context = _context(self.digits)
        x = context.mpf(x)
        if row is None:
            top, _, bottom = name.removeprefix("power:").partition("/")
            return context.power(x, context.mpf(int(top)) / int(bottom))  # type: ignore[no-any-return]
        if name == "abs":
            return absolute(x)
        primitive, _, order = (row.digits or name).partition(":")
        try:
            return getattr(context, primitive)(*([int(order)] if order else []), x)  # type: ignore[no-any-return]
        except (ValueError, ZeroDivisionError):  # a pole
            raise Undefined("beyond-domain", name=name) from None

    def eigen(self, entries: Numbers, n: int) -> tuple[Numbers, list[Numbers]]:
        """Return the eigenvalues and unit eigenvectors of a symmetric n x n matrix."""
        context = _context(self.digits)
        values, vectors = context.eigsy(context.matrix([entries[i : i + n] for i in range(0, n * n, n)]))
        return list(values), [[vectors[i, j] for i in range(n)] for j in range(n)]

    def unknown(self, name: str, indices: tuple[int, ...], entries: Sequence[Number]) -> Number:
        """Return a sum of waves in the entries, differentiated once for each index."""
        context = _context(self.digits)
        total = context.mpf(0)
        for wave in range(WAVES):
            phase, term = self._coefficient(name, wave, "phase"), self._coefficient(name, wave, "height")
            for i, x in enumerate(entries):
                phase += self._coefficient(name, wave, i) * x
            for i in indices:
                term *= self._coefficient(name, wave, i)
            turn = (context.sin, context.cos, lambda t: -context.sin(t), lambda t: -context.cos(t))[len(indices) % 4]
            total += term * turn(context.mpf(phase))
        return total  # type: ignore[no-any-return]

    def _coefficient(self, name: str, wave: int, which: int | str) -> Number:
        return self._near_one(digest(self.key, name, wave, which) % 2**17)

    def random(self, rng: Random) -> Number:
        """Return one of the choices, or a number of the size of `scale`, of its reciprocal where it is negative."""
        if self.choices:
            return self.number(rng.choice(self.choices))
        value = self._near_one(rng.getrandbits(17))
        return value * (self.number(Fraction(1, -self.scale)) if self.scale < 0 else self.scale)

    def _near_one(self, bits: int) -> Number:
        """Return a number between 1/4 and 5/4 in absolute value from 17 bits."""
        size = self._sized(_context(self.digits).ldexp(2**14 + (bits >> 1), -16))
        return size if bits & 1 else -size


@cache
def _context(digits: int):  # type: ignore[no-untyped-def]
    from mpmath import MPContext  # lazily: most claims are decided without it

    context = MPContext()
    context.dps = digits + GUARD_DIGITS
    return context
