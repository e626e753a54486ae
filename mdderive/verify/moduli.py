"""Prime numbers drawn from a key, for claims with coefficients so long that they might be multiples of fixed ones.

A number of `b` bits has at most b/60 prime factors of 61 bits, and there are more than 10^16 primes of 61 bits that are 3 mod 4.
"""

from mdderive.verify.field import digest

BITS = 61
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
