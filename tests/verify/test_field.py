"""The numbers of the judge: signs by the quadratic character, hashed functions with their parity, no stray float."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdderive.model.expr import make, sym
from mdderive.verify.algebra import Algebra
from mdderive.verify.contents import Contents
from mdderive.verify.evaluate import Evaluation, StraightLine
from mdderive.verify.field import Rational, Undefined
from mdderive.verify.moduli import PRIMES, Modular, Twofold
from mdderive.verify.real import Real
from mdderive.verify.sample import Draw
from tests.verify.declared import context, expression

ELEMENTS = st.integers(1, PRIMES[1] - 1)


@pytest.fixture(params=PRIMES)
def over(request):
    return Modular(request.param, key=7)


def sign(over, x):
    return 1 if over.known("sign", x % over.characteristic) == 1 else -1


def test_the_primes_are_3_mod_4():
    assert [p % 4 for p in PRIMES] == [3, 3]
    assert all(2**60 < p < 2**61 and p % 8 == 7 for p in PRIMES)


def test_numbers_made_of_small_primes_have_their_own_sign():
    for p in PRIMES:
        over = Modular(p)
        assert all(over.known("sign", over.number(x)) == 1 for x in (2, 3, 5, 6, 7, 11, 13, 43, 2 * 3 * 5 * 37, Fraction(3, 11)))


@given(ELEMENTS, ELEMENTS)
def test_sign_is_multiplicative_and_odd(x, y):
    for p in PRIMES:
        over = Modular(p)
        assert sign(over, x * y) == sign(over, x) * sign(over, y)
        assert sign(over, -x) == -sign(over, x)


@given(ELEMENTS, ELEMENTS)
def test_one_computation_modulo_both_primes_is_one_modulo_each(x, y):
    both = Twofold(PRIMES[0] * PRIMES[1])
    assert both.points == 2
    found = both.tidy([x * y - both.inverse(x), both.number(Fraction(2, 3)) + both.inverse(y)])
    for p in PRIMES:
        over = Modular(p)
        assert [a % p for a in found] == over.tidy([x * y - over.inverse(x), over.number(Fraction(2, 3)) + over.inverse(y)])


def test_what_vanishes_modulo_one_of_two_primes_is_neither_divided_by_nor_zero():
    both = Twofold(PRIMES[0] * PRIMES[1])
    assert both.pivot([0, 3]) == 1
    assert both.pivot([0, 0]) is None
    for refused in (lambda: both.inverse(PRIMES[0]), lambda: both.pivot([0, PRIMES[1]]), lambda: both.known("abs", 2)):
        with pytest.raises(Undefined):
            refused()


@given(ELEMENTS)
def test_root_of_a_square_is_the_absolute_value(x):
    for p in PRIMES:
        over = Modular(p)
        assert over.known("sqrt", x * x % p) == over.known("abs", x)
        assert over.known("abs", x) == x * over.known("sign", x) % p


@given(ELEMENTS)
def test_hashed_functions_keep_parity(x):
    for p in PRIMES:
        over = Modular(p, key=3)
        assert over.known("exp", x) * over.known("exp", p - x) % p == 1
        assert (over.known("sin", x) + over.known("sin", p - x)) % p == 0
        assert (over.known("arctan", x) + over.known("arctan", p - x)) % p == 0
        assert over.known("cos", x) == over.known("cos", p - x)
        assert over.known("exp", x) != over.known("cos", x)


def test_values_that_everybody_knows(over):
    assert [over.known(name, 0) for name in ("exp", "sin", "cos", "arctan", "sqrt", "abs")] == [1, 0, 1, 0, 0, 0]
    assert over.known("log", 1) == 0
    for name in ("log", "sign"):
        with pytest.raises(Undefined):
            over.known(name, 0)


def test_a_non_residue_has_no_root(over):
    with pytest.raises(Undefined):
        over.known("sqrt", over.characteristic - 1)


def test_unknown_functions_differ_by_name_order_argument_and_key():
    one = Modular(PRIMES[0], key=1)
    values = {
        one.unknown("f", (), (1,)),
        one.unknown("g", (), (1,)),
        one.unknown("f", (0,), (1,)),
        one.unknown("f", (), (2,)),
        Modular(PRIMES[0], key=2).unknown("f", (), (1,)),
    }
    assert len(values) == 5
    assert one.unknown("f", (), (1,)) == one.unknown("f", (), (1,))


def test_unknown_functions_of_fractions_are_polynomials_with_their_derivatives():
    over = Rational()
    assert over.unknown("f", (), (2, 3)) == 10 + 2 * 30
    assert [over.unknown("f", (1,) * k, (2, 3)) for k in (1, 2, 3, 4)] == [2 * 28, 2 * 18, 2 * 6, 0]
    assert over.unknown("f", (0, 1), (2, 3)) == 0


def test_unknown_real_functions_have_the_slopes_they_say():
    over = Real(50, key=5)
    h = over.number(1) / 10**20
    x = [over.number(1) / 3, over.number(2) / 7]
    for i in (0, 1):
        up, down = ([v + (k * h if j == i else 0) for j, v in enumerate(x)] for k in (1, -1))
        assert abs((over.unknown("f", (), up) - over.unknown("f", (), down)) / (2 * h) - over.unknown("f", (i,), x)) < 10**-30
        ups, downs = over.unknown("f", (0,), up), over.unknown("f", (0,), down)
        assert abs((ups - downs) / (2 * h) - over.unknown("f", tuple(sorted((0, i))), x)) < 10**-30


def test_no_python_float_enters_the_digits():
    ground = context("X: n x n", "S: n x n, positive definite", "Q: n x n, orthogonal", r"\sigma: elementwise", "t: scalar")
    text = (
        r"\frac{1}{3} X^{-1} S Q + \exp(X) \odot \sigma'(X) + 0.1 \, \tanh(X) + t^{1/3} \| X \| \log(\det(S)) X"
        r" + \arctan(X) + \operatorname{relu}(X) + e \pi X + \sqrt{2} X^{\#} + d(X^{-1} \sigma(S))"
    )
    tree = make("add", expression(text, ground), make("mfn", sym("X", ground.symbols["X"].shape), name="exp"))
    over = Real(50, key=2)
    for index in range(20):
        draw = Draw(Algebra(over), {"n": 3}, ground, frozenset("XSQ"), 11 + index)
        try:
            value = Evaluation(draw, StraightLine(Contents(ground))).value(tree)
        except Undefined:
            continue
        assert all(type(x).__name__ == "mpf" for part in value.parts.values() for x in part)
        return
    pytest.fail("no point in the domain")
