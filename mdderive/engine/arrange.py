"""Sums and products of normal parts: numbers first, scalars in a fixed order, powers of one base merged.

Everything here takes normal trees and returns a normal tree. A product is `number scalars… chain…`; a chain that closes to a
scalar when read from the left becomes a scalar factor, as the reader of LaTeX does it.
"""

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from mdderive.model.expr import Expr, Number, leaf, make, num, power_named
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape
from mdderive.model.terms import MINUS_ONE, ONE_NUMBER, factors_of, has_d, is_zero, magnitude, signature, split, terms_of, zero


def plus(terms: Iterable[Expr], shape: Shape) -> Expr:
    """Return the normal sum of normal terms; `shape` is that of an empty sum."""
    flat: list[Expr] = []
    number: Number = 0
    place: int | None = None
    for term in terms:
        for part in terms_of(term):
            if part.op == "num":
                number += part.value
                place = len(flat) if place is None else place
            elif not is_zero(part):
                flat.append(part)
    if number and place is not None:
        flat.insert(place, num(number))
    if not flat:
        return zero(shape)
    return flat[0] if len(flat) == 1 else make("add", *flat)


def product(factors: Iterable[Expr], shape: Shape) -> Expr:
    """Return the normal product of normal factors; `shape` is that of an empty product (an identity)."""
    number, scalars, chain = _collect(factors)
    if number == 0:
        return zero(shape)
    chain = _merged(_undone(chain))
    while any(f.scalar or f.op in ("zero", "num") for f in chain):
        number, more, chain = _collect((num(number), *chain))
        scalars += more
        if number == 0:
            return zero(shape)
        chain = _merged(chain)
    runs, chain = _runs(chain)
    if runs and number == 1 and not scalars and not chain and len(runs) == 1:
        return runs[0]
    scalars = [*scalars, *runs]
    number, scalars = _powers(number, scalars)
    if number == 0:
        return zero(shape)
    if shape != SCALAR and not chain:
        chain = [leaf("identity", shape)]
    last = [s for s in scalars if s.op == "d"] if chain else []
    front = [s for s in scalars if s not in last]
    parts = [*([num(number)] if number != 1 or not (scalars or chain) else []), *front, *chain, *last]
    return parts[0] if len(parts) == 1 else make("mul", *parts)


def negative(e: Expr) -> Expr:
    """Return `-e`."""
    return product((MINUS_ONE, e), e.shape)


def _collect(factors: Iterable[Expr]) -> tuple[Number, list[Expr], list[Expr]]:
    number: Number = 1
    scalars: list[Expr] = []
    chain: list[Expr] = []
    for f in factors:
        if f.op == "mul" and not (f.scalar and not any(a.scalar for a in f.args)):
            n, s, c = split(f)
            number, scalars, chain = number * n, scalars + list(s), chain + list(c)
        elif f.op == "num":
            number = number * f.value
        elif f.op == "zero":
            number = 0
        elif f.scalar:
            scalars.append(f)
        else:
            chain.append(f)
    return number, scalars, chain


def _merged(chain: list[Expr]) -> list[Expr]:
    """Drop identities and merge neighbours: powers of one base, all-ones matrices."""
    out: list[Expr] = []
    for f in chain:
        if f.op == "identity" and len(chain) > 1:
            continue
        while out:
            joined = _joined(out[-1], f)
            if joined is None:
                break
            out.pop()
            f = joined
        if f.op == "mul":  # a number times all-ones: the product collects it again
            out.extend(f.args)
        elif not (f.op == "identity" and out):
            if out and out[-1].op == "identity":
                out.pop()
            out.append(f)
    if not out and chain:
        out = [leaf("identity", Shape(chain[0].shape.rows, chain[-1].shape.cols))]
    return out


def _chosen(a: Expr, b: Expr) -> Expr | None:
    """Return the product of two blocks side by side and two below each other, where a block of zeros leaves only one term."""
    if (a.op, b.op) != ("beside", "below") or a.args[0].shape.cols != b.args[0].shape.rows:
        return None
    kept = [(left, right) for left, right in zip(a.args, b.args, strict=True) if "zero" not in (left.op, right.op)]
    return product(kept[0], Shape(a.shape.rows, b.shape.cols)) if len(kept) == 1 else None


def _joined(a: Expr, b: Expr) -> Expr | None:
    if (chosen := _chosen(a, b)) is not None:
        return chosen
    if a.op == "ones" and b.op == "ones":
        shape = Shape(a.shape.rows, b.shape.cols)
        scale = dimension(a.shape.cols)
        ones = leaf("ones", shape) if shape != SCALAR else ONE_NUMBER
        return ones if scale == ONE_NUMBER else scale if shape == SCALAR else make("mul", *factors_of(scale), ones)
    if a.shape.rows != a.shape.cols:
        return None
    (base, m), (other, n) = _power(a), _power(b)
    if base != other or m.op != "num" or n.op != "num" or (m == n and magnitude(m.value) == 1 and not _doubled(base, m.value)):
        return None
    return raised(base, num(m.value + n.value))


def _undone(chain: list[Expr]) -> list[Expr]:
    """Drop every run of factors that stands beside the inverse of their product."""
    for i, f in enumerate(chain):
        if f.op == "inv" and f.args[0].op == "mul":
            factors = list(split(f.args[0])[2])
            k = len(factors)
            if chain[i + 1 : i + 1 + k] == factors:
                return _undone([*chain[:i], leaf("identity", f.shape), *chain[i + 1 + k :]])
            if i >= k and chain[i - k : i] == factors:
                return _undone([*chain[: i - k], leaf("identity", f.shape), *chain[i + 1 :]])
    return chain


def _doubled(base: Expr, exponent: Number) -> bool:
    """Tell whether two equal neighbours are written as a square: X^2 and (X + Y)^{-2}, but X^{-1} X^{-1} and X^T X^T."""
    return exponent > 0 if base.op == "sym" else bool(base.args) and base.op not in ("transpose", "fn", "mfn")


def _runs(chain: list[Expr]) -> tuple[list[Expr], list[Expr]]:
    """Close every run that reaches a scalar when read from the left, as the reader of LaTeX does."""
    runs: list[Expr] = []
    start = 0
    for i, f in enumerate(chain):
        if chain[start].shape.rows == ONE == f.shape.cols:
            runs.append(make("mul", *chain[start : i + 1]))
            start = i + 1
    return runs, chain[start:]


def dimension(dim: Dim) -> Expr:
    """Return a dimension as a scalar."""
    terms = ([num(t.factor)] * (t.factor != 1) + [leaf("size", name=n) for n in t.names] for t in dim.terms)
    return plus((product(term, SCALAR) for term in terms), SCALAR)


def _power(e: Expr) -> tuple[Expr, Expr]:
    """Return base and exponent of a matrix factor."""
    if e.op == "inv":
        base, k = _power(e.args[0])
        return (base, num(-k.value)) if k.op == "num" else (e.args[0], MINUS_ONE)
    if e.op == "transpose" and e.args[0].op == "inv":
        return make("transpose", e.args[0].args[0]), MINUS_ONE
    if e.op == "mfn" and (exponent := power_named(e.name)) is not None:
        return e.args[0], num(exponent)
    return (e.args[0], e.args[1]) if e.op == "pow" else (e, ONE_NUMBER)


def raised(base: Expr, exponent: Expr) -> Expr:
    """Return `base^exponent` for a normal base and a numeric or symbolic exponent."""
    if exponent.op != "num":
        return make("pow", base, exponent)
    k = exponent.value
    if k == 1:
        return base
    if k == 0:
        return ONE_NUMBER if base.scalar else leaf("identity", base.shape)
    if base.scalar:
        return _scalar_power(base, k)
    if base.op == "identity":
        return base
    if base.op == "mfn" and (root := power_named(base.name)) is not None:
        return raised(base.args[0], num(root * k))
    if not isinstance(k, int):
        return make("mfn", base, name=str(k))
    if k == -1:
        return inverse(base)
    if base.op == "pow" and base.args[1].op == "num":
        return raised(base.args[0], num(base.args[1].value * k))
    if k < 0:
        return make("inv", make("pow", base, num(-k)))
    return make("pow", base, exponent)


def _scalar_power(base: Expr, k: Number) -> Expr:
    if base.op == "num" and isinstance(k, int) and (base.value or k > 0) and magnitude(k) <= 64:
        return num(Fraction(base.value) ** k)
    if base.op == "pow" and base.args[1].op == "num" and isinstance(k, int) and isinstance(base.args[1].value, int):
        return raised(base.args[0], num(base.args[1].value * k))
    if base.op == "pow" and base.args[1].op != "num" and isinstance(k, int):
        return make("pow", base.args[0], product((num(k), base.args[1]), SCALAR))
    if base.op == "mul" and isinstance(k, int) and any(a.scalar for a in base.args):
        return product((raised(f, num(k)) for f in base.args), SCALAR)
    if base.op == "fn" and base.name == "sqrt" and isinstance(k, int) and k % 2 == 0:
        return raised(base.args[0], num(k // 2))
    return make("pow", base, num(k))


def _powers(number: Number, scalars: list[Expr]) -> tuple[Number, list[Expr]]:
    """Merge equal scalar bases and put scalars in order: by kind and spelling, negative powers last."""
    if not scalars or (len(scalars) == 1 and scalars[0].op not in ("pow", "fn")):
        return number, scalars
    exponents: dict[Expr, Number] = {}
    symbolic: dict[Expr, list[Expr]] = {}
    others: list[Expr] = []
    for s in scalars:
        base, k = (s.args[0], s.args[1]) if s.op == "pow" else (s, ONE_NUMBER)
        if base.op == "fn" and base.name == "sqrt" and k.op == "num":
            base, k = base.args[0], num(Fraction(k.value) / 2)
        if k.op == "num":
            exponents[base] = exponents.get(base, 0) + k.value
        else:
            symbolic.setdefault(base, []).append(k)
    for base in symbolic:  # x^{k-1} x = x^k
        others.append(raised(base, _exponent([*symbolic[base], num(exponents.pop(base, 0))])))
    for base, exponent in exponents.items():
        for power in _roots(base, exponent) if exponent else ():
            n, more, _ = split(power)
            number, others = number * n, others + list(more)
    plain = [s for s in others if not (s.op == "pow" and s.args[1].op != "num")]
    if len(plain) > len(exponents) and len(set(plain)) < len(plain):
        return _powers(number, others)
    return number, sorted(others, key=_rank) if len(others) > 1 else others


def _exponent(parts: Iterable[Expr]) -> Expr:
    """Return the sum of exponents, equal letters counted together: (c - 1) + (c - 1) is 2 c - 2."""
    totals: dict[Expr, Number] = {}
    for part in parts:
        for term in terms_of(part):
            number, scalars, _ = split(term)
            rest = product(scalars, SCALAR)
            totals[rest] = totals.get(rest, 0) + number
    return plus((product((num(k), rest), SCALAR) for rest, k in totals.items()), SCALAR)


def _roots(base: Expr, exponent: Number) -> tuple[Expr, ...]:
    """Return a power with a half-integral exponent as a whole power and a square root, any other as it is."""
    if not isinstance(exponent, Fraction) or exponent.denominator != 2:
        return (raised(base, num(exponent)),)
    root = make("fn", base, name="sqrt")
    sign = 1 if exponent > 0 else -1
    whole = int(exponent - Fraction(sign, 2))
    return (*((raised(base, num(whole)),) if whole else ()), raised(root, num(sign)))


_KINDS = ("size", "const", "sym", "pow", "fn", "apply", "norm", "norm1", "tr", "det", "inner", "d")


@lru_cache(maxsize=1 << 12)
def _rank(e: Expr) -> tuple[object, ...]:
    below = e.op == "pow" and e.args[1].op == "num" and e.args[1].value < 0
    base = e.args[0] if e.op == "pow" else e
    kind = _KINDS.index(base.op) if base.op in _KINDS else len(_KINDS)
    return (has_d(base), below, kind, signature(base))


def inverse(x: Expr) -> Expr:
    """Return the inverse of a normal tree; numbers, scalars and transposes come out of it."""
    if x.scalar:
        return raised(x, MINUS_ONE)
    if x.op in ("inv", "identity"):
        return x.args[0] if x.op == "inv" else x
    if x.op == "transpose":
        return make("transpose", inverse(x.args[0]))
    if x.op == "pow" and x.args[1].op == "num" and isinstance(x.args[1].value, int):
        return raised(x.args[0], num(-x.args[1].value)) if x.args[1].value < 0 else make("inv", x)
    if x.op == "mfn" and (root := power_named(x.name)) is not None:
        return raised(x.args[0], num(-root))
    if x.op == "diag":
        (inner,) = x.args
        base, power = (inner.args[0], inner.args[1].value) if inner.op == "hpow" and inner.args[1].op == "num" else (inner, 1)
        return make("diag", base if power == -1 else make("hpow", base, num(-power)))
    number, scalars, chain = split(x)
    if chain and (number != 1 or scalars):
        inner = product(chain, x.shape)
        return product((raised(num(number), MINUS_ONE), *(raised(s, MINUS_ONE) for s in scalars), inverse(inner)), x.shape)
    return make("inv", x)
