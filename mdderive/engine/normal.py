"""The silent laws: one canonical arrangement that no reader needs to be told about.

`normal` flattens sums and products, drops zeros and identities, pulls numbers and scalars to the left in a fixed order,
merges powers of one base and undoes double transposes and inverses. It is idempotent, keeps the value wherever the input has
one, and never applies a declared property: what a textbook gives a name is a rule.

Termination: every case returns a tree of already normal parts that has fewer nodes or is arranged closer to the one order.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from mdderive.engine.arrange import dimension, inverse, plus, product, raised
from mdderive.model.expr import Expr, derivative, leaf, make, num, power_named, rebuilt, units
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import ONE, SCALAR, Shape, times
from mdderive.model.terms import MINUS_ONE, ONE_NUMBER, is_zero, split, zero


@lru_cache(maxsize=1 << 14)
def normal(e: Expr) -> Expr:
    """Return the canonical arrangement of `e`."""
    if not e.args:
        return num(0) if e.op == "zero" and e.scalar else ONE_NUMBER if e.op in ("ones", "identity") and e.scalar else e
    if e.op in ("deriv", "hess"):
        return derivative(e.op, e.args[0], e.args[1], layout=e.name, span=e.span)
    args = tuple(normal(a) for a in e.args)
    rule = _BY_OPERATOR.get(e.op)
    if rule is not None:
        return rule(e, args)
    return rebuilt(e, args)


def _transpose(e: Expr, args: tuple[Expr, ...]) -> Expr:
    (x,) = args
    if x.scalar or OPERATORS[x.op].symmetric:
        return x
    if x.op == "transpose":
        return x.args[0]
    if x.op in ("ones", "zero"):
        return leaf(x.op, x.shape.transposed)
    if x.op == "commutation":
        return leaf(x.op, x.shape, ",".join(reversed(x.name.split(","))))
    number, scalars, chain = split(x)
    if chain and (number != 1 or scalars):
        inner = product(chain, Shape(chain[0].shape.rows, chain[-1].shape.cols))
        return product((num(number), *scalars, _transpose(e, (inner,))), e.shape)
    return make("transpose", x)


def _had(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """Pull scalars out, drop all-ones, and put every elementwise quotient last."""
    if e.scalar:
        return product(args, SCALAR)
    above: list[Expr] = []
    below: list[Expr] = []
    outer: list[Expr] = []
    for arg in args:
        number, scalars, chain = split(arg)
        outer += [num(number), *scalars]
        core = product(chain, arg.shape) if chain else arg
        for part in core.args if core.op == "had" else (core,):
            _place(part, above, below, outer)
    for part in [b for b in below if b in above]:
        if part in above:
            above.remove(part)
            below.remove(part)
    above, below = _gathered([a for a in above if a.op != "ones"]), _gathered(below)
    if any(is_zero(a) for a in above):
        return zero(e.shape)
    at = next((a for a in above if a.op == "unit"), None)
    if at is not None:  # nothing but the entry at its place is left
        above.remove(at)
        row = make("transpose", at)
        outer += [product((row, a), SCALAR) for a in above] + [raised(product((row, b), SCALAR), MINUS_ONE) for b in below]
        return product((*outer, at), e.shape)
    top = leaf("ones", e.shape) if not above else above[0] if len(above) == 1 else make("had", *above)
    return product((*outer, _quotient(top, below)), e.shape)


def _place(part: Expr, above: list[Expr], below: list[Expr], outer: list[Expr]) -> None:
    """Sort a factor above or below the line; the scalars of a divisor go out as powers -1."""
    if part.op == "hdiv":
        top, bottom = part.args
        above.extend(top.args if top.op == "had" else (top,))
    elif part.op == "hpow" and part.args[1] == MINUS_ONE:
        bottom = part.args[0]
    else:
        above.append(part)
        return
    number, scalars, chain = split(bottom)
    if chain:
        outer += [raised(num(number), MINUS_ONE), *(raised(s, MINUS_ONE) for s in scalars)]
        bottom = product(chain, bottom.shape)
    below.extend(bottom.args if bottom.op == "had" else (bottom,))


def _gathered(factors: list[Expr]) -> list[Expr]:
    """Return the factors with equal ones gathered to a power: three letters, or two of anything longer."""
    counts: dict[Expr, int] = {}
    for f in factors:
        base, k = (f.args[0], f.args[1].value) if f.op == "hpow" and f.args[1].op == "num" else (f, 1)
        if not isinstance(k, int):
            return factors
        counts[base] = counts.get(base, 0) + k
    if len(counts) == len(factors):
        return factors
    gathered: list[Expr] = []
    for base, k in counts.items():
        if k == 2 and (base.op == "sym" or (base.op == "transpose" and base.args[0].op == "sym")):
            gathered += [base, base]
        elif k:
            gathered.append(base if k == 1 else make("hpow", base, num(k)))
    return gathered


def _quotient(top: Expr, below: list[Expr]) -> Expr:
    if not below:
        return top
    bottom = below[0] if len(below) == 1 else make("had", *below)
    return make("hpow", bottom, MINUS_ONE) if top.op == "ones" else make("hdiv", top, bottom)


def _hdiv(e: Expr, args: tuple[Expr, ...]) -> Expr:
    top, bottom = args
    if e.scalar:
        return product((top, raised(bottom, MINUS_ONE)), SCALAR)
    return _had(e, (top, make("hpow", bottom, MINUS_ONE)))


def _hpow(e: Expr, args: tuple[Expr, ...]) -> Expr:
    base, k = args
    if e.scalar:
        return raised(base, k)
    if k.op == "num" and k.value in (0, 1):
        return base if k.value == 1 else leaf("ones", e.shape)
    if base.op == "hpow" and base.args[1].op == k.op == "num":
        return _hpow(e, (base.args[0], num(base.args[1].value * k.value)))
    return make("hpow", base, k)


def _linear(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """Pull numbers and scalars out of a linear operator."""
    (x,) = args
    if is_zero(x):
        return zero(e.shape)
    number, scalars, chain = split(x)
    if chain and (number != 1 or scalars):
        inner = product(chain, Shape(chain[0].shape.rows, chain[-1].shape.cols))
        return product((num(number), *scalars, normal(rebuilt(e, (inner,)))), e.shape)
    if x.scalar and OPERATORS[e.op].number == "itself":
        return x
    if e.op == "tr" and x.op == "identity":
        return dimension(x.shape.rows)
    if e.op == x.op and e.op in ("tril", "triu"):
        return x
    if e.op == "diag" and x.op == "ones":
        return leaf("identity", e.shape)
    if e.op == "vec" and x.shape.cols == ONE:
        return x
    if e.op == "vec" and x.shape.rows == ONE:
        return normal(make("transpose", x))
    if e.op == "vec" and x.op == "ones":
        return leaf("ones", e.shape)
    if e.op == "vec" and x.op == "mul" and len(x.args) == 2 and stacked(*x.args) is not None:
        return x.args[1].args[1]
    if e.op == "diagonal":
        return _diagonal(e, x)
    return rebuilt(e, args)


def stacked(before: Expr, after: Expr) -> Expr | None:
    """Return y where `before after` is (vec(I)^T ⊗ I)(I ⊗ y), the matrix whose vec is y; None where it is not of this form."""
    if not before.op == after.op == "kron" or after.args[0].op != "identity" or before.args[1].op != "identity":
        return None
    mark, column = before.args[0], after.args[1]
    unit = make("transpose", make("vec", after.args[0]))
    entries = times(after.args[0].shape.rows, before.args[1].shape.rows)
    return column if mark == unit and column.shape == Shape(entries, ONE) else None


def _function_of_matrix(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """Return a power as a power; of the identity and of zero nothing simpler is known here."""
    exponent = power_named(e.name)
    return rebuilt(e, args) if exponent is None else raised(args[0], num(exponent))


def _frechet(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """Pull numbers and scalars out of the direction."""
    x, direction, *exponent = args
    if is_zero(direction):
        return zero(e.shape)
    number, scalars, chain = split(direction)
    if number == 1 and not scalars:
        return rebuilt(e, args)
    return product((num(number), *scalars, rebuilt(e, (x, product(chain, direction.shape), *exponent))), e.shape)


def _over_places(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """Return a factor that the index does not number as a power."""
    unit, body = args
    return rebuilt(e, args) if unit.name in units(body) else raised(body, dimension(unit.shape.rows))


def _over_index(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """Pull numbers and scalars out that the index does not number; a summand that it does not number is counted."""
    unit, body = args
    if is_zero(body):
        return zero(e.shape)
    number, scalars, chain = split(body)
    outer = (num(number), *(s for s in scalars if unit.name not in units(s)))
    inner = product((*(s for s in scalars if unit.name in units(s)), *chain), e.shape)
    whole = make("sum", unit, inner) if unit.name in units(inner) else product((dimension(unit.shape.rows), inner), e.shape)
    return product((*outer, whole), e.shape)


def _indicator(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """Put two different places in alphabetical order; of one place and itself the order is known."""
    first, second = args
    if first.name == second.name:
        return num(int(e.name == r"\leq"))
    return rebuilt(e, (second, first) if e.name == r"\neq" and second.name < first.name else args)


def _diagonal(e: Expr, x: Expr) -> Expr:
    """Take diagonal matrices out: diag(diag(v)) = v, diag(X diag(v)) = diag(X) ⊙ v, and from sums with one of them."""
    if x.op == "diag":
        return x.args[0]
    if x.op == "identity":
        return leaf("ones", e.shape)
    if x.op == "transpose":
        return make("diagonal", x.args[0])
    if x.op == "add" and any(n.op in ("diag", "identity") for t in x.args for n in (t, *t.args)):
        return plus((normal(make("diagonal", t)) for t in x.args), e.shape)
    if x.op == "mul" and len(x.args) > 1 and "diag" in (x.args[0].op, x.args[-1].op):
        last = x.args[-1].op == "diag"
        rest = product(x.args[:-1] if last else x.args[1:], x.shape)
        return normal(make("had", make("diagonal", rest), (x.args[-1] if last else x.args[0]).args[0]))
    return make("diagonal", x)


def _kron(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """Pull numbers and scalars out; a Kronecker product of identities is an identity."""
    parts = [split(a) for a in args]
    if any(a.scalar for a in args) or any(is_zero(a) for a in args):
        return product(args, e.shape) if not any(is_zero(a) for a in args) else zero(e.shape)
    if all(a.op == "identity" for a in args):
        return leaf("identity", e.shape)
    outer = [f for number, scalars, _ in parts for f in (num(number), *scalars)]
    left, right = (product(chain, a.shape) for a, (_, _, chain) in zip(args, parts, strict=True))
    if left.op == "ones" == right.op:
        return product((*outer, leaf("ones", e.shape)), e.shape)
    return product((*outer, make("kron", left, right)), e.shape)


def _cross(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """Pull numbers and scalars out of both columns."""
    if any(is_zero(a) for a in args):
        return zero(e.shape)
    parts = [split(a) for a in args]
    outer = [f for number, scalars, _ in parts for f in (num(number), *scalars)]
    inner = [product(chain, a.shape) for a, (_, _, chain) in zip(args, parts, strict=True)]
    return product((*outer, make("cross", *inner)), e.shape)


def _norm(e: Expr, args: tuple[Expr, ...]) -> Expr:
    return make("fn", args[0], name="abs") if args[0].scalar else rebuilt(e, args)


def _det(e: Expr, args: tuple[Expr, ...]) -> Expr:
    (x,) = args
    return x if x.scalar else ONE_NUMBER if x.op == "identity" else rebuilt(e, args)


_BY_OPERATOR: Mapping[str, Callable[[Expr, tuple[Expr, ...]], Expr]] = {
    **{row.op: _linear for row in OPERATORS.values() if row.linear and row.arguments == 1},
    "add": lambda e, args: plus(args, e.shape),
    "mul": lambda e, args: product(args, e.shape),
    "transpose": _transpose,
    "inv": lambda _, args: inverse(args[0]),
    "mfn": _function_of_matrix,
    "frechet": _frechet,
    "powersum": _frechet,
    "pow": lambda _, args: raised(*args),
    "had": _had,
    "hdiv": _hdiv,
    "kron": _kron,
    "hpow": _hpow,
    "cross": _cross,
    "norm": _norm,
    "norm1": _norm,
    "det": _det,
    "sum": _over_index,
    "product": _over_places,
    "indicator": _indicator,
}
