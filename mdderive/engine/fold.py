"""The last shape of an answer: like terms together, common factors out, as a textbook prints it.

Every function keeps the value and needs no rule: distributivity and the commutativity of scalars and of the Hadamard product.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import product as cartesian
from math import gcd, lcm, prod
from operator import and_

from mdderive.engine.arrange import plus, product, raised
from mdderive.engine.likeness import like_terms, orders_joined
from mdderive.engine.normal import normal
from mdderive.engine.transposing import cost, transposed
from mdderive.model.expr import Expr, Number, leaf, make, num, rebuilt, units
from mdderive.model.shapes import SCALAR, Shape
from mdderive.model.terms import MINUS_ONE, chain_shape, magnitude, split


@lru_cache(maxsize=1 << 12)
def fold(e: Expr) -> Expr:
    """Return the normal tree `e` with the sums in it folded, from the inside out."""
    if not e.args or e.op in ("deriv", "hess"):
        return e
    args = tuple(fold(a) for a in e.args)
    if e.op == "mul" and any(a.op == "add" for a in args):
        args = tuple(f for a in args for f in _number_out(a))
    if e.op == "mul":
        args = _diagonals_joined(args)
    e = e if args == e.args else product(args, e.shape) if e.op == "mul" else normal(rebuilt(e, args))
    if e.op == "sum":
        return _outside(e)
    return _folded_sum(e) if e.op == "add" else _folded_product(e) if e.op in ("mul", "had") else e


def _outside(e: Expr) -> Expr:
    """Return a sum over an index with what its summand begins and ends with outside, where the index does not number that."""
    unit, body = e.args
    number, scalars, chain = split(body)
    paired = any(s.op == "indicator" for s in scalars)  # the sum around it runs over the places of the pair
    at = [i for i, f in enumerate(chain) if unit.name in units(f) or (paired and units(f))]
    if not at or (at[0] == 0 and at[-1] == len(chain) - 1):
        return e
    left, inner, right = chain[: at[0]], chain[at[0] : at[-1] + 1], chain[at[-1] + 1 :]
    summand = product((num(number), *scalars, *inner), chain_shape(inner))
    return product((*left, normal(make("sum", unit, summand)), *right), e.shape)


def _folded_product(e: Expr) -> Expr:
    """Return a product of sums multiplied out where terms meet and it is shorter so."""
    if sum(a.op == "add" or (a.op == "transpose" and a.args[0].op == "add") for a in e.args) < 2:
        return e
    merged = _merged(e)
    if merged is None:
        return e
    other = fold(merged)
    return other if cost(other) < cost(e) else e


def _diagonals_joined(args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Return factors with neighbouring diagonal matrices as one: diag(u) diag(v) = diag(u ⊙ v)."""
    out: list[Expr] = []
    for a in args:
        if not (out and out[-1].op == "diag" == a.op):
            out.append(a)
            continue
        u, v = out[-1].args[0], a.args[0]
        if u.op == "vec" == v.op and u.args[0].shape == v.args[0].shape:
            inner = make("vec", make("had", u.args[0], v.args[0]))
        else:
            inner = make("had", u, v)
        out[-1] = normal(make("diag", inner))
    return tuple(out)


def _number_out(e: Expr) -> tuple[Expr, ...]:
    """Return a sum inside a product with the number that all its terms share in front."""
    if e.op != "add":
        return (e,)
    common = _content([split(t)[0] for t in e.args])
    if common == 1:
        return (e,)
    number = num(common)
    return number, plus((product((raised(number, MINUS_ONE), t), e.shape) for t in e.args), e.shape)


def _content(numbers: Sequence[Number]) -> Number:
    """Return the greatest number of which all `numbers` are whole multiples."""
    fractions = [Fraction(n) for n in numbers]
    common = Fraction(gcd(*(f.numerator for f in fractions)), lcm(*(f.denominator for f in fractions)))
    return common.numerator if common.denominator == 1 else common


def _folded_sum(e: Expr) -> Expr:
    e = like_terms(e)
    e = _diagonals_added(e) if e.op == "add" else e
    e = _directions_added(e) if e.op == "add" else e
    e = orders_joined(e) if e.op == "add" else e
    if e.op != "add":
        return e
    permuted = _permuted(e)
    if permuted is not None:
        return permuted
    folded = _common(e)
    merged = _merged(e)
    if merged is None:
        return folded
    other = fold(merged)
    return other if cost(other) < cost(folded) else folded


def _merged(e: Expr) -> Expr | None:
    """Return the sum multiplied out with like terms added, or None where none are alike: then factors say more."""
    terms = _multiplied_out(e)
    if len(terms) > MAX_TERMS or terms == e.args:
        return None
    whole = plus(terms, e.shape)
    merged = like_terms(whole) if whole.op == "add" else whole
    return None if merged.op == "add" and len(merged.args) == len(terms) else merged


@lru_cache(maxsize=1 << 11)
def _multiplied_out(e: Expr) -> tuple[Expr, ...]:
    """Return the terms of `e` with every product of sums multiplied out, up to a bound; transposed sums are sums."""
    match e.op:
        case "add":
            return tuple(t for a in e.args for t in _multiplied_out(a))
        case "transpose" if e.args[0].op in ("add", "mul", "had"):
            return tuple(transposed(t) for t in _multiplied_out(e.args[0]))
        case "mul" | "had":
            choices = [_multiplied_out(a) for a in e.args]
            if prod(map(len, choices)) > MAX_TERMS or all(len(c) == 1 for c in choices):
                return (e,)
            whole = (normal(rebuilt(e, factors)) for factors in cartesian(*choices))
            return tuple(t for w in whole for t in (_multiplied_out(w) if w.op == "add" else (w,)))
        case "tr" if e.args[0].op == "add":
            return tuple(t for a in e.args[0].args for t in _multiplied_out(normal(make("tr", a))))
    return (e,)


def _diagonals_added(e: Expr) -> Expr:
    """Return a sum with its diagonal matrices as one: diag(u) + diag(v) = diag(u + v)."""
    parts = [split(t) for t in e.args]
    at = [i for i, (_, _, chain) in enumerate(parts) if len(chain) == 1 and chain[0].op == "diag"]
    if len(at) < 2:
        return e
    columns = [parts[i][2][0].args[0] for i in at]
    whole = all(c.op == "vec" and c.args[0].shape == columns[0].args[0].shape for c in columns)
    inner = [c.args[0] if whole else c for c in columns]
    terms = (product((num(parts[i][0]), *parts[i][1], c), c.shape) for i, c in zip(at, inner, strict=True))
    total = fold(plus(terms, inner[0].shape))
    joined = normal(make("diag", normal(make("vec", total)) if whole else total))
    rest = [joined if i == at[0] else t for i, t in enumerate(e.args) if i == at[0] or i not in at]
    return plus(rest, e.shape)


def _directions_added(e: Expr) -> Expr:
    """Return a sum with the derivatives of one function of one matrix in several directions as one."""
    parts = [split(t) for t in e.args]
    places: dict[tuple[str, Expr], list[int]] = {}
    for i, (_, _, chain) in enumerate(parts):
        if len(chain) == 1 and chain[0].op == "frechet":
            places.setdefault((chain[0].name, chain[0].args[0]), []).append(i)
    at = next((some for some in places.values() if len(some) > 1), None)
    if at is None:
        return e
    node = parts[at[0]][2][0]
    terms = (product((num(parts[i][0]), *parts[i][1], parts[i][2][0].args[1]), e.shape) for i in at)
    joined = normal(rebuilt(node, (node.args[0], fold(plus(terms, e.shape)))))
    rest = (joined if i == at[0] else t for i, t in enumerate(e.args) if i == at[0] or i not in at)
    return fold(plus(rest, e.shape))


def _permuted(e: Expr) -> Expr | None:
    """Return M + K M as (I + K) M, and M + M K as M (I + K)."""
    if len(e.args) != 2:
        return None
    short, long = sorted((split(t) for t in e.args), key=lambda p: len(p[2]))
    if short[:2] != long[:2] or len(long[2]) != len(short[2]) + 1:
        return None
    for k, rest, first in ((long[2][0], long[2][1:], True), (long[2][-1], long[2][:-1], False)):
        if k.op == "commutation" and rest == short[2]:
            both = plus((leaf("identity", k.shape), k), k.shape)
            factors = (both, *rest) if first else (*rest, both)
            return product((num(short[0]), *short[1], *factors), e.shape)
    return None


def leading_positive(e: Expr) -> Expr:
    """Return a sum with its first positive term in front, so that it does not begin with a minus it need not have."""
    if e.op != "add" or split(e.args[0])[0] > 0:
        return e
    first = next((t for t in e.args if split(t)[0] > 0), None)
    return e if first is None else make("add", first, *(t for t in e.args if t is not first))


MAX_TERMS = 24
Part = tuple[Number, tuple[Expr, ...], tuple[Expr, ...]]


def _common(e: Expr) -> Expr:
    """Take out what every term begins with, ends with and is multiplied by; a minus of all terms too."""
    parts = _oriented(e) if e.scalar else [split(t) for t in e.args]
    chains = [c for _, _, c in parts]
    shortest = len(min(chains, key=len))
    left = _shared(chains, shortest - 1)
    right = _shared([c[::-1] for c in chains], shortest - 1 - len(left))[::-1]
    if chains[0] and all(c == chains[0] for c in chains):
        left, right = chains[0], ()
    scalars = _common_scalars([p[1] for p in parts])
    numbers = [p[0] for p in parts]
    number = magnitude(numbers[0]) if len({magnitude(n) for n in numbers}) == 1 else 1
    number = -number if all(n < 0 for n in numbers) else number
    if not (left or right or scalars or number != 1):
        return _common_entries(e, parts)
    shape = SCALAR if left == chains[0] else _inner_shape(e, left, right)
    rest = []
    for n, s, c in parts:
        over = (raised(factor, MINUS_ONE) for factor in scalars)
        rest.append(product((num(Fraction(n) / number), *s, *over, *c[len(left) : len(c) - len(right)]), shape))
    if len(rest) == 2 and rest[0].op == "transpose" != rest[1].op:
        rest.reverse()  # A + A^T, as every book has it
    inner = leading_positive(plus(rest, shape))
    folded = product((num(number), *scalars, *left, fold(inner), *right), e.shape)
    nested = any(f.op == "add" for t in e.args for a in t.args for f in (a, *a.args))
    allowance = 1 if (scalars or magnitude(number) != 1) and not nested else 0
    return folded if left or right or cost(folded) <= cost(e) + allowance else _common_entries(e, parts)


def _common_scalars(factors: Sequence[Sequence[Expr]]) -> list[Expr]:
    """Return the scalars that every term is multiplied by, with the lowest whole power that they have in all of them."""
    powers = [dict(map(_whole_power, s)) for s in factors]
    common = []
    for base, k in powers[0].items():
        exponents = [p.get(base, 0) for p in powers]
        if all(x * k > 0 for x in exponents):
            common.append(raised(base, num(min(exponents, key=abs))))
        elif base.op == "fn" and base.name == "sqrt" and all(x % 2 for x in exponents):  # whole powers are left
            common.append(raised(base, num(max(exponents))))
    return common


def _whole_power(e: Expr) -> tuple[Expr, int]:
    if e.op == "pow" and e.args[1].op == "num" and isinstance(e.args[1].value, int):
        return e.args[0], e.args[1].value
    return e, 1


def _oriented(e: Expr) -> list[Part]:
    """Return the terms of a scalar sum with their one run as a chain, each run turned the way that shares most with the first."""
    parts: list[Part] = []
    for term in e.args:
        number, scalars, _ = split(term)
        runs = [s for s in scalars if s.op == "mul" and not _is_entry(s)]
        if len(runs) != 1:
            return [split(t) for t in e.args]
        chain = runs[0].args
        if parts:
            first = parts[0][2]
            flipped = tuple(transposed(f) for f in reversed(chain))
            chain = max((chain, flipped), key=lambda c: (c[0] == first[0]) + (c[-1] == first[-1]))
        parts.append((number, tuple(s for s in scalars if s is not runs[0]), chain))
    return parts


def _common_kronecker(e: Expr, parts: Sequence[Part]) -> Expr | None:
    """Take out the factor that the Kronecker products of all terms share on one side."""
    krons = [c[0] for _, _, c in parts if len(c) == 1 and c[0].op == "kron"]
    if len(krons) < len(parts):
        return None
    for side in (0, 1):
        shared, first = krons[0].args[side], krons[0].args[1 - side].shape
        if all(k.args[side] == shared and k.args[1 - side].shape == first for k in krons):
            terms = (product((num(n), *s, k.args[1 - side]), first) for (n, s, _), k in zip(parts, krons, strict=True))
            total = fold(plus(terms, first))
            return normal(make("kron", shared, total) if side == 0 else make("kron", total, shared))
    return None


def _common_entries(e: Expr, parts: Sequence[Part]) -> Expr:
    """Take out the factors that the Hadamard products of all terms share."""
    entries = [(c[0].args if c[0].op == "had" else c) if len(c) == 1 else () for _, _, c in parts]
    shared = [*reduce(and_, map(Counter, entries)).elements()]  # as often as each term has it
    together = _common_kronecker(e, parts)
    if together is not None:
        return together
    if not shared or any(len(fs) <= len(shared) for fs in entries):
        return _paired(e)
    rest = []
    for (n, s, _), fs in zip(parts, entries, strict=True):
        remaining = list(fs)
        for factor in shared:
            remaining.remove(factor)
        rest.append(product((num(n), *s, remaining[0] if len(remaining) == 1 else make("had", *remaining)), e.shape))
    folded = normal(make("had", fold(plus(rest, e.shape)), *shared))
    return folded if cost(folded) <= cost(e) else _paired(e)


def _is_entry(e: Expr) -> bool:
    """Tell whether a run is an entry of a letter, which is written as one."""
    ends = (*e.args[0].args, *e.args[2:])
    return e.args[1].op == "sym" and e.args[0].op == "transpose" and all(end.op == "unit" for end in ends)


def _inner_shape(e: Expr, left: Sequence[Expr], right: Sequence[Expr]) -> Shape:
    rows = left[-1].shape.cols if left else e.shape.rows
    cols = right[0].shape.rows if right else e.shape.cols
    return Shape(rows, cols)


def _shared(chains: Sequence[Sequence[Expr]], most: int) -> tuple[Expr, ...]:
    """Return the longest common beginning of at most `most` factors."""
    shared: list[Expr] = []
    for column in zip(*chains, strict=False):
        if len(shared) >= most or any(f != column[0] for f in column):
            break
        shared.append(column[0])
    return tuple(shared)


def _allowance(e: Expr) -> int:
    """Return how much longer a folded pair may be: (A + A^T) x is preferred to A x + A^T x, a sum of longer terms must pay."""
    sums = [a for a in e.args if a.op == "add"]
    return 1 if sums and all(len(split(t)[2]) == 1 for a in sums for t in a.args) else -2


def _paired(e: Expr) -> Expr:
    """Fold two terms of a longer sum that share a beginning or an end, the first such pair."""
    if len(e.args) < 3:
        return e
    keys: tuple[Callable[[Sequence[Expr]], Expr], ...] = (lambda c: c[0], lambda c: c[-1])
    for key in keys:
        groups: dict[Expr, list[int]] = {}
        for i, term in enumerate(e.args):
            chain = split(term)[2]
            if len(chain) > 1:
                groups.setdefault(key(chain), []).append(i)
        for members in groups.values():
            if len(members) > 1:
                pair = make("add", *(e.args[i] for i in members))
                together = fold(pair)
                if together.op != "add" and cost(together) > cost(pair) + _allowance(together):
                    continue
                others = [t for i, t in enumerate(e.args) if i not in members]
                at = members[0]
                return fold(plus((*others[:at], together, *others[at:]), e.shape)) if together.op != "add" else e
    return e
