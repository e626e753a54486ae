"""Primes drawn for a claim: they are prime, of their size, and depend on the key alone."""

import pytest
from sympy import isprime

from mdderive.verify.moduli import BITS, _is_prime, drawn_primes


@pytest.mark.parametrize("key", range(40))
def test_drawn_primes(key):
    first, second = drawn_primes(key)
    assert first != second
    for p in (first, second):
        assert isprime(p)
        assert p % 4 == 3
        assert p.bit_length() == BITS
    assert drawn_primes(key) == (first, second)


def test_small_numbers_and_pseudoprimes():
    assert [n for n in range(3, 2000, 4) if _is_prime(n)] == [n for n in range(3, 2000, 4) if isprime(n)]
    # Strong pseudoprimes to the first bases (Jaeschke, 1993) that are 3 mod 4.
    assert not any(map(_is_prime, (3215031751, 2152302898747)))
