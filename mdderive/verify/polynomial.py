"""Quotients of polynomials in many variables over the rational numbers: numbers whose value is still open.

A polynomial maps monomials to coefficients; a monomial is a sorted tuple of variables with exponents. Variables are plain
integers that their owner numbers; one may stand for a square root, whose square is put in where it comes up.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, isqrt, lcm

from mdderive.verify.field import Unsupported

Monomial = tuple[tuple[int, int], ...]
Polynomial = dict[Monomial, Fraction]
ONE: Monomial = ()
MOST_TERMS = 300


def constant(value: int | Fraction) -> Polynomial:
    """Return a number as a polynomial."""
    return {ONE: Fraction(value)} if value else {}


def variable(v: int) -> Polynomial:
    """Return one variable."""
    return {((v, 1),): Fraction(1)}


def added(p: Polynomial, q: Polynomial, factor: int | Fraction = 1) -> Polynomial:
    """Return `p + factor q`."""
    total = dict(p)
    for m, c in q.items():
        found = total.get(m, 0) + factor * c
        if found:
            total[m] = Fraction(found)
        else:
            total.pop(m, None)
    return total


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    """Return the product."""
    if len(p) * len(q) > MOST_TERMS * 20:
        raise Unsupported("many-terms")
    total: Polynomial = {}
    for m, c in p.items():
        for n, d in q.items():
            key = _joined(m, n)
            found = total.get(key, 0) + c * d
            if found:
                total[key] = Fraction(found)
            else:
                total.pop(key, None)
    if len(total) > MOST_TERMS:
        raise Unsupported("many-terms")
    return total


def scaled(p: Polynomial, factor: int | Fraction) -> Polynomial:
    """Return a multiple."""
    return {m: c * factor for m, c in p.items()} if factor else {}


def _joined(m: Monomial, n: Monomial) -> Monomial:
    if not m or not n:
        return m or n
    total = dict(m)
    for v, k in n:
        total[v] = total.get(v, 0) + k
    return tuple(sorted(total.items()))


def variables(p: Polynomial) -> frozenset[int]:
    """Return the variables of a polynomial."""
    return frozenset(v for m in p for v, _ in m)


def by_power(p: Polynomial, v: int) -> dict[int, Polynomial]:
    """Return the coefficients of the powers of one variable."""
    parts: dict[int, Polynomial] = {}
    for m, c in p.items():
        k = dict(m).get(v, 0)
        parts.setdefault(k, {})[tuple(x for x in m if x[0] != v)] = c
    return parts


def common(p: Polynomial) -> Monomial:
    """Return the largest monomial that divides every term."""
    exponents = [dict(m) for m in p]
    shared = {v: min(e.get(v, 0) for e in exponents) for v in exponents[0]} if exponents else {}
    return tuple(sorted((v, k) for v, k in shared.items() if k))


def without(p: Polynomial, m: Monomial) -> Polynomial:
    """Return a polynomial divided by a monomial that divides every term."""
    less = dict(m)
    return {tuple((v, k - less.get(v, 0)) for v, k in n if k > less.get(v, 0)): c for n, c in p.items()} if m else p


def content(p: Polynomial) -> Fraction:
    """Return the number that leaves integers without a common divisor, the first of them positive; p is not zero."""
    over, under = 0, 1
    for c in p.values():
        over, under = gcd(over, c.numerator), lcm(under, c.denominator)
    return Fraction(over if p[max(p)] > 0 else -over, under)


def divided(p: Polynomial, q: Polynomial) -> Polynomial | None:
    """Return the quotient where q divides p, by leading terms; None where it does not."""
    order = sorted(variables(p) | variables(q))

    def rank(m: Monomial) -> tuple[int, ...]:
        exponents = dict(m)
        return tuple(exponents.get(v, 0) for v in order)

    lead = max(q, key=rank)
    rest, quotient = dict(p), Polynomial()
    while rest:
        top = max(rest, key=rank)
        exponents, less = dict(top), dict(lead)
        if any(exponents.get(v, 0) < k for v, k in lead) or len(quotient) > MOST_TERMS:
            return None
        m = tuple(sorted((v, k - less.get(v, 0)) for v, k in exponents.items() if k > less.get(v, 0)))
        factor = rest[top] / q[lead]
        quotient[m] = factor
        rest = added(rest, times({m: factor}, q), -1)
    return quotient


def square_root(p: Polynomial) -> Polynomial | None:
    """Return q with `q^2 = p`; None where there is none: its terms from the leading one down."""
    order = sorted(variables(p))

    def rank(m: Monomial) -> tuple[int, ...]:
        exponents = dict(m)
        return tuple(exponents.get(v, 0) for v in order)

    lead = max(p, key=rank)
    if any(k % 2 for _, k in lead):
        return None
    first = _root_of_number(p[lead])
    if first is None:
        return None
    half = tuple((v, k // 2) for v, k in lead)
    root: Polynomial = {half: first}
    rest = added(p, times(root, root), -1)
    while rest:
        top = max(rest, key=rank)
        exponents, less = dict(top), dict(half)
        if any(exponents.get(v, 0) < k for v, k in half) or len(root) > MOST_TERMS:
            return None
        m = tuple(sorted((v, k - less.get(v, 0)) for v, k in exponents.items() if k > less.get(v, 0)))
        if rank(m) >= rank(half) or m in root:
            return None
        root[m] = rest[top] / (2 * first)
        rest = added(p, times(root, root), -1)
    return root


def _root_of_number(c: Fraction) -> Fraction | None:
    if c < 0:
        return None
    root = Fraction(isqrt(c.numerator), isqrt(c.denominator))
    return root if root * root == c else None


def substituted(p: Polynomial, values: Mapping[int, Fraction]) -> Polynomial:
    """Return a polynomial with numbers for some variables."""
    total: Polynomial = {}
    for m, c in p.items():
        for v, k in m:
            if v in values:
                c *= values[v] ** k
        total = added(total, {tuple(x for x in m if x[0] not in values): c}) if c else total
    return total
