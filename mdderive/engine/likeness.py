"""Terms that are alike but for the order of factors, the letters of sums, a sign, or the places that a sum runs over."""

from functools import lru_cache
from itertools import combinations

from mdderive.engine.arrange import plus, product
from mdderive.engine.normal import normal
from mdderive.engine.transposing import transposed
from mdderive.model.expr import BINDERS, Expr, Number, make, num, ordered, placed, rebuilt
from mdderive.model.terms import MINUS_ONE, signature, split

EVEN = frozenset({"norm", "norm1", "normp"})  # of what the sign does not matter for


def like_terms(e: Expr) -> Expr:
    """Add the numbers in front of equal terms; two scalar runs are equal when one is the other's transpose."""
    totals: dict[str, Number] = {}
    first: dict[str, Expr] = {}
    for term in e.args:
        number, scalars, chain = split(term)
        rest = product((*scalars, *chain), term.shape)
        key = likeness(rest)
        other = likeness(opposite(rest)) if key not in totals and rest.op == "sum" else key
        if other in totals:
            key, number = other, number if other == key else -number
        totals[key] = totals.get(key, 0) + number
        first.setdefault(key, rest)
    if len(totals) == len(e.args):
        return e
    return plus((product((num(totals[k]), first[k]), e.shape) for k in totals), e.shape)


def orders_joined(e: Expr) -> Expr:
    """Return a sum with its sums over the places before and behind another one as one over all but that one."""
    found = [(i, *split(t)) for i, t in enumerate(e.args)]
    sums = [(i, n, s, c[0]) for i, n, s, c in found if len(c) == 1 and c[0].op == "sum"]
    for (i, n, s, one), (j, m, t, two) in combinations(sums, 2):
        unit = one.args[0]
        (before, body), (behind, other) = (ordered(placed(x.args[1], x.args[0].name, unit.name), unit) for x in (one, two))
        if s != t or before is None or behind is None or before.name != "<" or before.args[::-1] != behind.args:
            continue
        same = m if likeness(body) == likeness(other) else -m if likeness(body) == likeness(opposite(other)) else 0
        if n == same and behind.name == "<":
            whole = make("sum", unit, product((make("indicator", *before.args, name=r"\neq"), body), one.shape))
            rest = (x for k, x in enumerate(e.args) if k not in (i, j))
            return plus((product((num(n), *s, normal(whole)), e.shape), *rest), e.shape)
    return e


def opposite(e: Expr) -> Expr:
    """Return a tree of the opposite value, the signs in the first sum of terms in it changed; `e` itself where there is none."""
    if e.op == "add":
        return plus((product((MINUS_ONE, t), e.shape) for t in e.args), e.shape)
    if e.op in ("sum", "mul", "transpose"):
        for i, a in enumerate(e.args):
            if (changed := opposite(a)) != a:
                return normal(rebuilt(e, (*e.args[:i], changed, *e.args[i + 1 :])))
    return e


@lru_cache(maxsize=1 << 12)
def likeness(e: Expr) -> str:
    """Return a text equal for trees that differ only in the order of commuting factors, by transposing a scalar run, or in the
    letters of sums."""
    if not e.args:
        return signature(e)
    if e.op in BINDERS:
        unit, body = e.args
        level = sum(node.op in BINDERS for node in body.walk())
        return f"{e.op}:{unit.shape}({likeness(placed(body, unit.name, f'level {level}'))})"
    if e.op in EVEN or (e.op == "pow" and e.args[0].op == "add" and e.args[1].value in (2, 4)):
        base, other = e.args[0], opposite(e.args[0])
        return f"{e.op}({min(likeness(base), likeness(other))}, {', '.join(map(likeness, e.args[1:]))})"
    if e.op in ("had", "add") or (e.op == "indicator" and e.name == r"\neq"):
        return f"{e.op}:{e.name}(" + ",".join(sorted(map(likeness, e.args))) + ")"
    if e.op == "mul" and e.scalar and not any(a.scalar for a in e.args):
        flipped = product((transposed(a) for a in reversed(e.args)), e.shape)
        return min(_spelled(e), _spelled(flipped))
    if e.op == "mul":
        scalars = sorted(likeness(a) for a in e.args if a.scalar)
        return "mul(" + ",".join(scalars + [likeness(a) for a in e.args if not a.scalar]) + ")"
    return _spelled(e)


def _spelled(e: Expr) -> str:
    return f"{e.op}:{e.name}(" + ",".join(map(likeness, e.args)) + ")"
