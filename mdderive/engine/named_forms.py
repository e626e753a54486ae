"""The named forms of a textbook, found in a tree: `rules.forms` applied wherever they fit.

A product is a bag of factors with whole exponents, so a form fits whatever stands between its factors; a form in the scalar
letter tau is lifted to every entry. Each replacement takes at least one node away, so it ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from mdderive.engine.arrange import product, raised
from mdderive.engine.lift import TAU, lift
from mdderive.engine.match import instantiate, law, match
from mdderive.engine.normal import normal
from mdderive.engine.transposing import transposed
from mdderive.model.expr import Expr, make, num, rebuilt
from mdderive.model.terms import MINUS_ONE, chain_shape, factors_of, has_d, split
from mdderive.rules.forms import RULES

NAMES = tuple(r.name for r in RULES)
Power = tuple[Expr, int]


@dataclass(frozen=True, slots=True)
class Form:
    """A form in tau as factors with exponents, the product of which is `whole`."""

    name: str
    factors: tuple[Power, ...]
    whole: Expr


@cache
def _entry_forms() -> tuple[Form, ...]:
    found = []
    for rule in RULES:
        if r"\tau" in rule.lhs:
            stated = law(rule.name)
            found.append(Form(rule.name, tuple(_scalar_powers(stated.lhs)), stated.rhs))
    return tuple(found)


def named_forms(e: Expr, only: Sequence[str] = NAMES) -> tuple[Expr, tuple[str, ...]]:
    """Return the normal tree `e` with every form in it replaced by its name, and the laws used; `only` limits the laws."""
    return _formed(e, frozenset(only))


@lru_cache(maxsize=1 << 12)
def _formed(e: Expr, only: frozenset[str]) -> tuple[Expr, tuple[str, ...]]:
    if not e.args or e.op in ("deriv", "hess", "d"):
        return e, ()
    found = _here(e, only)
    if found is not None:
        whole, name = found
        whole, more = _formed(whole, only)
        return whole, tuple(dict.fromkeys((name, *more)))
    parts = [_formed(a, only) for a in e.args]
    used = tuple(dict.fromkeys(name for _, names in parts for name in names))
    if not used:
        return e, ()
    whole, more = _formed(normal(rebuilt(e, tuple(a for a, _ in parts))), only)
    return whole, tuple(dict.fromkeys((*used, *more)))


def _here(e: Expr, only: frozenset[str]) -> tuple[Expr, str] | None:
    """Return what the first form that fits at the root of `e` makes of it."""
    if e.op in ("mul", "pow", "had", "hdiv", "hpow"):
        for form in _entry_forms():
            if form.name in only:
                whole = _entrywise(form, e)
                if whole is not None:
                    return whole, form.name
    if e.op == "mul":
        if "softmax-form" in only and (whole := _softmax(e)) is not None:
            return whole, "softmax-form"
        if "cancel-left" in only:
            return _cancelled(e)
    return None


# ---------------------------------------------------------------- scalar or entry by entry


def _scalar_powers(e: Expr) -> list[Power]:
    return [_scalar_power(f) for f in factors_of(e)]


def _scalar_power(e: Expr) -> Power:
    if e.op == "pow" and e.args[1].op == "num" and isinstance(e.args[1].value, int):
        return e.args[0], e.args[1].value
    return e, 1


def _entry_powers(e: Expr) -> list[Power]:
    """Return the factors of an elementwise product or quotient."""
    match e.op:
        case "had":
            return [p for a in e.args for p in _entry_powers(a)]
        case "hdiv":
            return [*_entry_powers(e.args[0]), *((f, -k) for f, k in _entry_powers(e.args[1]))]
        case "hpow" if e.args[1] == MINUS_ONE:
            return [(e.args[0], -1)]
    return [(e, 1)]


def _entrywise(form: Form, e: Expr) -> Expr | None:
    """Return `e` with `form` replaced once, or None where it does not fit."""
    if not e.scalar and e.op in ("mul", "pow"):
        return None
    bag = dict(_scalar_powers(e) if e.scalar else _entry_powers(e))
    for argument in _arguments(form, bag):
        pattern = {normal(lift(f, argument)): k for f, k in form.factors}
        if all(bag.get(f, 0) * k > 0 for f, k in pattern.items()):
            rest = (raised(f, num(-k)) if e.scalar else make("hpow", f, num(-k)) for f, k in pattern.items())
            return normal(make("mul" if e.scalar else "had", e, *rest, lift(form.whole, argument)))
    return None


def _arguments(form: Form, bag: dict[Expr, int]) -> list[Expr]:
    """Return what tau may stand for: the arguments of a function of the form, found where the form has it."""
    node = next(n for f, _ in form.factors for n in f.walk() if n.op == "fn")
    negated = node.args[0] != TAU
    found = [n.args[0] for f in bag for n in (f, *f.args) if n.op == "fn" and n.name == node.name]
    return [product((MINUS_ONE, a), a.shape) if negated else a for a in dict.fromkeys(found)]


# ---------------------------------------------------------------- vectors and matrices


def _softmax(e: Expr) -> Expr | None:
    """Return `e` with exp(z) / (1^T exp(z)) replaced once, the two of them anywhere in the product."""
    found = law("softmax-form")
    divisor, dividend = found.lhs.args
    number, scalars, chain = split(e)
    for s in scalars:
        bound = match(divisor, s)
        if bound is None:
            continue
        old, new = (normal(instantiate(side, bound)) for side in (dividend, found.rhs))
        others = [t for t in scalars if t is not s]
        place = _placed(chain, old, new)
        if place is not None:
            return product((num(number), *others, *place), e.shape)
        for t in others:
            inside = _placed(t.args, old, new) if t.op == "mul" else None
            if inside is not None:
                rest = [u for u in others if u is not t]
                return product((num(number), *rest, product(inside, t.shape), *chain), e.shape)
    return None


def _placed(chain: Sequence[Expr], old: Expr, new: Expr) -> list[Expr] | None:
    """Return the chain with its first factor `old`, alone, transposed or in a Hadamard product, replaced by `new`."""
    for i, f in enumerate(chain):
        if f == old:
            return [*chain[:i], new, *chain[i + 1 :]]
        if f.op == "transpose" and f.args[0] == old:
            return [*chain[:i], make("transpose", new), *chain[i + 1 :]]
        if f.op == "had" and old in f.args:
            at = f.args.index(old)
            return [*chain[:i], normal(make("had", *f.args[:at], new, *f.args[at + 1 :])), *chain[i + 1 :]]
    return None


def _cancelled(e: Expr) -> tuple[Expr, str] | None:
    """Return `e` with the factors beside the inverse of a product of square matrices cancelled against it."""
    number, scalars, chain = split(e)
    if not chain:  # a scalar run
        number, scalars, chain = 1, (), e.args
    for i, f in enumerate(chain):
        inner = _inverted(f)
        if inner is None or has_d(f):
            continue
        inverse = (make("inv", inner),)
        for name, start, end in _runs(len(split(inner)[2]), i, len(chain)):
            beside = (chain[start:i], inverse, chain[i + 1 : end])
            pair = make("mul", *(product(part, chain_shape(part)) for part in beside if part))
            bound = match(law(name).lhs, pair)
            if bound is not None:
                middle = normal(instantiate(law(name).rhs, bound))
                return product((num(number), *scalars, *chain[:start], middle, *chain[end:]), e.shape), name
    return None


def _runs(most: int, at: int, count: int) -> Iterator[tuple[str, int, int]]:
    """Yield which runs of at most so many factors beside an inverse may cancel, longer ones first, each with its law."""
    for k in range(min(most, at), 0, -1):
        yield "cancel-right", at - k, at + 1
    for k in range(min(most, count - at - 1), 0, -1):
        yield "cancel-left", at, at + 1 + k


def _inverted(f: Expr) -> Expr | None:
    """Return the product of which `f` is the inverse."""
    if f.op == "inv" and f.args[0].op == "mul":
        return f.args[0]
    if f.op == "transpose" and f.args[0].op == "inv" and f.args[0].args[0].op == "mul":
        return transposed(f.args[0].args[0])
    return None
