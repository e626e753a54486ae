"""Prime numbers drawn from a key, for claims with coefficients so long that they might be multiples of fixed ones; and fractions
that are known by what is left of them modulo two primes.

A number of `b` bits has at most b/60 prime factors of 61 bits, and there are more than 10^16 primes of 61 bits that are 3 mod 4.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from mdderive.verify.field import PRIMES, digest

BITS = 61
UNLIKELY = 2**20
COUNT = 10**16
# With these bases the test of Miller and Rabin is a proof below 3.3 * 10^24 (Sorenson and Webster, 2015).
_BASES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)


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
