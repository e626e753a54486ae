"""Integers modulo a prime, or modulo the product of two, and the primes.

The elementary functions and the functions that the author leaves unknown are hashed, so that two of them agree exactly where
their arguments do. Modulo a prime p with p = 3 mod 4 the quadratic character plays the sign: it is multiplicative and odd. Modulo
the product of two primes one computation is a point modulo each of them (the Chinese remainder theorem); there is no sign then.

Primes are drawn from a key for claims with coefficients so long that they might be multiples of fixed ones: a number of `b` bits
has at most b/60 prime factors of 61 bits, and there are more than 10^16 primes of 61 bits that are 3 mod 4.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, isqrt

from mdderive.model.expr import Number
from mdderive.model.functions import FUNCTIONS
from mdderive.verify.field import Field, NotASquare, Numbers, Undefined, at_zero, digest, first_nonzero

BITS = 61
# Modulo both, every prime up to 43 is a square, so that numbers made of these have the sign that they have among real numbers.
PRIMES = (2**61 - 11913, 2**61 - 636873)
UNLIKELY = 2**20
COUNT = 10**16
# With these bases the test of Miller and Rabin is a proof below 3.3 * 10^24 (Sorenson and Webster, 2015).
_BASES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)


@dataclass(frozen=True, eq=False)
class Modular(Field):
    """Integers modulo `characteristic`, a prime that is 3 mod 4; `key` seeds the hashed functions."""

    characteristic: int
    key: int = 0
    signs: dict[Number, bool] = field(default_factory=dict)
    characters: dict[int, bool] = field(default_factory=dict)

    def all_positive(self, values: Iterable[Number]) -> bool:
        """Whether all values but zeros count as positive by the quadratic character, modulo one prime."""
        return all(self._by_character("abs", int(x)) == x for x in self.tidy(list(values)))

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
        """Return where the column has an entry to divide by."""
        return first_nonzero(column)

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
        self.signs.setdefault(size, positive)
        if name == "sign":
            return 1 if positive else p - 1
        return a if positive else p - a

    def unknown(self, name: str, indices: tuple[int, ...], entries: Sequence[Number]) -> Number:
        """Return a hash of everything given."""
        return digest(self.key, name, indices, *entries) % self.characteristic


class Twofold(Modular):
    """Integers modulo the product of two primes: a point modulo each of them.

    What is invertible modulo one prime only has no inverse modulo both: `Undefined`, and each prime must be asked by itself.
    """

    points = 2

    def pivot(self, column: Sequence[Number]) -> int | None:
        """Return where the column has an entry to divide by; `Undefined` where that depends on the prime."""
        at = super().pivot(column)
        if at is not None and gcd(int(column[at]), self.characteristic) > 1:
            raise Undefined("division-by-residue")
        return at

    def _by_character(self, name: str, a: int) -> Number:
        raise Undefined("no-sign")


def residues(number: int, key: int) -> Modular:
    """Return the field of a prime, or the residues modulo the product of two."""
    return (Twofold if number.bit_length() > BITS else Modular)(number, key)


def drawn_primes(key: int) -> tuple[int, int]:
    """Return two different primes of 61 bits that are 3 mod 4 and depend on nothing but the key."""
    found: dict[int, None] = {}
    index = 0
    while len(found) < 2:
        candidate = digest(key, "prime", index) % 2 ** (BITS - 1) + 2 ** (BITS - 1) | 3
        if _is_prime(candidate):
            found.setdefault(candidate)
        index += 1
    first, second = found
    return first, second


def _is_prime(n: int) -> bool:
    """Tell whether an odd n that is 3 mod 4 is prime: then a^((n - 1)/2) is 1 or -1 for every base."""
    return all((n % a == 0 and n == a) or pow(a, (n - 1) // 2, n) in (1, n - 1) for a in _BASES)


def reconstructed(residues: Sequence[int]) -> Fraction | None:
    """Return the fraction of small terms with these residues modulo the two primes (Wang 1981); None where there is none."""
    p, q = PRIMES
    residue = residues[0] + p * ((residues[1] - residues[0]) * pow(p, -1, q) % q)
    bound = isqrt(p * q // 2)
    r, s, t, u = p * q, residue, 0, 1
    while s > bound:
        quotient = r // s
        r, s, t, u = s, r - quotient * s, u, t - quotient * u
    # A fraction as long as the bound would be there for any residue.
    return Fraction(s, u) if u and abs(u * s) * UNLIKELY < p * q else None
