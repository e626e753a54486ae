"""Arithmetic with nilpotents: the laws of a ring, and elimination against definitions."""

from fractions import Fraction
from itertools import permutations
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdderive.verify.algebra import Algebra, Value, assembled
from mdderive.verify.elimination import adjugate, det, inverse, particular
from mdderive.verify.field import Rational, Undefined, Unsupported
from mdderive.verify.moduli import PRIMES, Modular

SMALL = st.integers(-3, 3)
MASKS = st.sampled_from([(0,), (0, 1), (0, 1, 2, 3)])


@st.composite
def squares(draw, n=None):
    n = n or draw(st.integers(1, 4))
    return Value(n, n, {mask: draw(st.lists(SMALL, min_size=n * n, max_size=n * n)) for mask in draw(MASKS)})


def modular(prime=PRIMES[0]):
    return Algebra(Modular(prime))


def residues(algebra, a):
    return Value(a.rows, a.cols, {key: algebra.over.tidy(part) for key, part in a.parts.items()})


def same(a, b):
    """Whether two values are equal; a part that is missing is zero."""
    keys = a.parts.keys() | b.parts.keys()
    zero = [0] * (a.rows * a.cols)
    return all(a.parts.get(key, zero) == b.parts.get(key, zero) for key in keys)


def leibniz(entries, n):
    total = 0
    for order in permutations(range(n)):
        sign = (-1) ** sum(order[i] > order[j] for i in range(n) for j in range(i + 1, n))
        total += sign * prod(entries[i * n + order[i]] for i in range(n))
    return total


@given(squares())
@settings(max_examples=80, deadline=None)
def test_inverse_is_an_inverse(a):
    algebra = modular()
    a = residues(algebra, a)
    try:
        found = inverse(algebra, a)
    except Undefined:
        assert leibniz(a.plain, a.rows) % PRIMES[0] == 0
        return
    assert same(algebra.product(a, found), algebra.identity(a.rows))
    assert same(algebra.product(found, a), algebra.identity(a.rows))


@given(squares())
@settings(max_examples=80, deadline=None)
def test_determinant_is_leibniz_of_every_part(a):
    """The coefficient of e in det(A + e B) is the sum over rows with that row taken from B: here by polynomials in t."""
    exact = Algebra(Rational())
    found = det(exact, a)
    assert found.plain[0] == leibniz(a.plain, a.rows)
    if 1 in a.parts:
        points = [leibniz([x + t * y for x, y in zip(a.plain, a.parts[1], strict=True)], a.rows) for t in range(a.rows + 1)]
        assert found.parts.get(1, [0])[0] == slope_at_zero(points)


def slope_at_zero(values):
    """Return p'(0) of the polynomial with p(i) = values[i], by Lagrange."""
    total = Fraction(0)
    nodes = range(len(values))
    for i in nodes:
        others = [j for j in nodes if j != i]
        for k in others:
            rest = [j for j in others if j != k]
            total += values[i] * Fraction(prod(-j for j in rest), prod(i - j for j in others))
    return total


@given(squares(n=3), squares(n=3))
@settings(max_examples=50, deadline=None)
def test_determinant_is_multiplicative(a, b):
    exact = Algebra(Rational())
    assert same(det(exact, exact.product(a, b)), exact.times(det(exact, a), det(exact, b)))


@given(squares())
@settings(max_examples=50, deadline=None)
def test_adjugate_times_matrix_is_determinant(a):
    exact = Algebra(Rational())
    wanted = exact.times(det(exact, a), exact.identity(a.rows))
    assert same(exact.product(a, adjugate(exact, a)), wanted)


@given(squares(n=2), squares(n=2), squares(n=2))
@settings(max_examples=50, deadline=None)
def test_products_associate_and_distribute(a, b, c):
    exact = Algebra(Rational())
    assert same(exact.product(exact.product(a, b), c), exact.product(a, exact.product(b, c)))
    assert same(exact.product(a, exact.sum(b, c)), exact.sum(exact.product(a, b), exact.product(a, c)))
    assert same(exact.product(a, b).transposed(), exact.product(b.transposed(), a.transposed()))


@given(squares())
@settings(max_examples=50, deadline=None)
def test_reciprocal_of_every_entry(a):
    algebra = modular(PRIMES[1])
    a = residues(algebra, a)
    if not all(a.plain):
        with pytest.raises(Undefined):
            algebra.reciprocal(a)
        return
    assert same(algebra.times(a, algebra.reciprocal(a)), Value(a.rows, a.cols, {0: [1] * len(a.plain)}))


def test_a_pivot_with_a_nilpotent_part_only_is_not_divided_by():
    a = Value(2, 2, {0: [0, 1, 0, 1], 1: [1, 0, 2, 0]})
    assert det(Algebra(Rational()), a).parts[1] == [-1]


def test_vec_stacks_columns_and_kron_follows():
    exact = Algebra(Rational())
    a, x, b = (Value(r, c, {0: list(range(k, k + r * c))}) for r, c, k in ((2, 3, 1), (3, 2, 5), (2, 2, 3)))
    assert a.vec().plain == [1, 4, 2, 5, 3, 6]
    left = exact.product(exact.product(a, x), b).vec()
    assert same(left, exact.product(exact.kron(b.transposed(), a), x.vec()))


def test_particular_solution_solves_and_contradictions_are_undefined():
    exact = Algebra(Rational())
    columns = [Value(2, 1, {0: [1, 2]}), Value(2, 1, {0: [2, 4]}), Value(2, 1, {0: [0, 1]})]
    b = Value(2, 1, {0: [3, 5]})
    x = particular(exact, columns, b)
    assert x.plain == [3, 0, -1]
    with pytest.raises(Undefined):
        particular(exact, columns[:2], b)


def test_work_is_bounded():
    algebra = modular()
    with pytest.raises(Unsupported, match="bound-on-work"):
        algebra.spend(10**9)


def test_assembled_keeps_parts_that_only_some_entries_have():
    entries = [Value(1, 1, {0: [1]}), Value(1, 1, {0: [2], 1: [3]})]
    assert assembled(1, 2, entries).parts == {0: [1, 2], 1: [0, 3]}
