"""Roots and logarithms of matrices: what they are, and that there is none where an eigenvalue is negative."""

from random import Random

import pytest

from mdderive.verify.algebra import Algebra, Value
from mdderive.verify.field import Undefined, absolute
from mdderive.verify.matrix_functions import _logarithm, _root
from mdderive.verify.real import Real
from mdderive.verify.series import function_of_matrix


def drawn(algebra, n, seed):
    rng = Random(seed)
    return Value(n, n, {0: [algebra.over.random(rng) for _ in range(n * n)]})


def positive(algebra, n, seed, times=1):
    """Return a symmetric matrix whose eigenvalues have a sign."""
    root = drawn(algebra, n, seed)
    square = algebra.sum(algebra.product(root.transposed(), root), algebra.identity(n))
    return algebra.times(algebra.number(times), square)


def near(algebra, a, b):
    gap = algebra.sum(a, algebra.negative(b))
    return all(absolute(x) < algebra.over.number(1) / 10**45 for part in gap.parts.values() for x in part)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(5))
def test_a_root_and_a_logarithm_lead_back_in_every_direction(n, seed):
    algebra = Algebra(Real(50))
    x = positive(algebra, n, seed).joined(drawn(algebra, n, seed + 100), 1)
    root = _root(algebra, x)
    assert near(algebra, algebra.product(root, root), x)
    assert near(algebra, function_of_matrix("exp", _logarithm(algebra, x), algebra.over)[0], x)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(5))
def test_a_matrix_with_a_negative_eigenvalue_has_none(n, seed):
    algebra = Algebra(Real(50))
    x = positive(algebra, n, seed, -1)
    turn = drawn(algebra, n, seed + 100)
    for given in (x, algebra.product(algebra.product(turn.transposed(), x), turn)):
        for function in (_root, _logarithm):
            with pytest.raises(Undefined):
                function(algebra, given)
