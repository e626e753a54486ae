"""Powers and functions of values, entry by entry: primitives by their slopes, functions by the formula that is their meaning."""

from fractions import Fraction
from functools import cache, lru_cache

from mdderive.latex.elaborate import read
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding, MdderiveBug
from mdderive.model.expr import Expr, Number, of_numbers
from mdderive.model.functions import FUNCTIONS
from mdderive.model.shapes import SCALAR
from mdderive.verify.algebra import Value
from mdderive.verify.elimination import inverse
from mdderive.verify.evaluator import Evaluator
from mdderive.verify.field import Unsupported, absolute

TAU = r"\tau"
# Primitives whose graph has two branches; every other primitive is transcendental.
BRANCHING = frozenset({"sqrt", "abs", "sign"})


@cache
def meaning(name: str) -> Expr | None:
    """Return the meaning of a known function as a tree in tau; None for a primitive."""
    text = FUNCTIONS[name].meaning
    return _statement(text) if text else None


@cache
def slope(name: str) -> Expr:
    """Return the derivative of a primitive as a tree in tau; raises `Unsupported` for the last of a series."""
    if not FUNCTIONS[name].derivative:
        raise Unsupported("operator", name=name)
    return _statement(FUNCTIONS[name].derivative)


def _statement(text: str) -> Expr:
    tree = read(text, Context(symbols={TAU: Symbol(TAU, SCALAR)}))
    if isinstance(tree, Finding):
        raise MdderiveBug(f"the table of functions does not read: {text}: {tree.message()}")
    return tree


@cache
def primitives(name: str) -> frozenset[str]:
    """Return the primitives that a known function is made of."""
    body = meaning(name)
    if body is None:
        return frozenset({name})
    return frozenset().union(*(primitives(node.name) for node in body.walk() if node.op == "fn"))


APPLYING = 30  # what a step of a function's formula costs beside its arithmetic
MAX_EXPONENT, MAX_BITS = 10_000, 200_000


def exact(at: Evaluator, e: Expr) -> Number | None:
    """Return an exponent as an exact number; None where it is not one."""
    match e.op:
        case "num":
            return e.value
        case "size":
            return at.draw.sizes[e.name]
        case "sym" if e.name in at.draw.context.definitions:
            return exact(at, at.draw.context.definitions[e.name])
        case "sym" if at.draw.whole(e.name):
            return at.draw.integer(e.name)
        case "add" | "mul" | "pow":
            return _exact_compound(at, e)
    return None


def _exact_compound(at: Evaluator, e: Expr) -> Number | None:
    values = [exact(at, a) for a in e.args]
    known = [v for v in values if v is not None]
    if len(known) < len(values):
        return None
    if e.op == "add":
        return sum(known)
    if e.op == "pow":
        base, exponent = known
        small = exponent.denominator == 1 and absolute(exponent) <= MAX_EXPONENT and base
        small = small and absolute(exponent) * _bits(base) <= MAX_BITS
        return Fraction(base) ** int(exponent) if small else None
    result: Number = 1
    for v in known:
        result *= v
    return result


def power(at: Evaluator, base: Value, exponent: Expr, *, matrix: bool = False) -> Value:
    """Return a power, entry by entry unless `matrix`."""
    algebra = at.draw.algebra
    number = None if at.moves(exponent) else exact(at, exponent)
    multiply = algebra.product if matrix else algebra.times
    if number is None:
        if matrix:
            raise Unsupported("power")
        logarithm = known(at, "log", base)
        return known(at, "exp", algebra.times(at.value(exponent), logarithm))
    whole, rest = divmod(Fraction(number), 1)
    if rest and matrix:
        raise Unsupported("power")
    if abs(whole) > MAX_EXPONENT:
        raise Unsupported("exponent")
    if not whole and not rest:
        return algebra.identity(base.rows) if matrix else filled(at, base.rows, base.cols, 1)
    if whole < 0:
        start = inverse(algebra, base) if matrix else algebra.reciprocal(base)
    else:
        start = base
    result = algebra.power(start, abs(int(whole)), multiply) if whole else None
    if rest:
        root = known(at, "sqrt" if rest == Fraction(1, 2) else f"power:{rest}", base)
        result = root if result is None else algebra.times(result, root)
    assert result is not None
    return result


def filled(at: Evaluator, rows: int, cols: int, number: Number) -> Value:
    """Return a matrix of equal entries."""
    at.draw.algebra.spend(rows * cols)
    return at.draw.algebra.const(rows, cols, [at.draw.algebra.over.number(number)] * (rows * cols))


def function(at: Evaluator, name: str, x: Value) -> Value:
    """Return an elementwise function, differentiated once for each prime in its name."""
    base = name.rstrip("'")
    body: Expr | None
    own = at.draw.context.elementwise.get(base)
    if own is not None and own.body is not None:
        body, parameter = own.body, own.parameter
    elif own is None and base in FUNCTIONS:
        body, parameter = meaning(base), TAU
    else:
        return _unknown_entries(at, base, len(name) - len(base), x)
    start = max(x.mask(), at.bit - 1).bit_length()
    bits = [1 << (start + i) for i in range(len(name) - len(base))]
    for bit in bits:
        x = x.joined(filled(at, x.rows, x.cols, 1), bit)
    value = known(at, base, x) if body is None else spread(at, entrywise(at, body, parameter, x), x)
    for bit in bits:
        value = value.split(bit)[1]
    return value


def _unknown_entries(at: Evaluator, base: str, order: int, x: Value) -> Value:
    """Return an unknown elementwise function, differentiated `order` times."""
    mask = x.mask()
    if not mask:
        over = at.draw.algebra.over
        return Value(x.rows, x.cols, {0: [over.unknown(base, (0,) * order, (a,)) for a in x.plain]})
    low, high = x.split(_top_bit(mask))
    change = at.draw.algebra.times(_unknown_entries(at, base, order + 1, low), high)
    return _unknown_entries(at, base, order, low).joined(change, _top_bit(mask))


def unknown(at: Evaluator, name: str, indices: tuple[int, ...], x: Value) -> Value:
    """Return an unknown scalar function of all entries of x, differentiated by the entries `indices`."""
    mask = x.mask()
    algebra = at.draw.algebra
    if not mask:
        return algebra.const(1, 1, [algebra.over.unknown(name, indices, x.plain)])
    bit = _top_bit(mask)
    low, high = x.split(bit)
    changes = []
    for i in range(x.rows * x.cols):
        change = high.block([i // x.cols], [i % x.cols])
        if any(any(part) for part in change.parts.values()):
            slope_here = unknown(at, name, tuple(sorted((*indices, i))), low)
            changes.append(algebra.times(slope_here, change))
    value = unknown(at, name, indices, low)
    return value.joined(algebra.sum(*changes), bit) if changes else value


def known(at: Evaluator, name: str, x: Value) -> Value:
    """Return a primitive at every entry: f(a + e b) = f(a) + e f'(a) b, with f' from the table of functions."""
    mask = x.mask()
    algebra = at.draw.algebra
    algebra.spend(10 * x.rows * x.cols)
    if not mask:
        return algebra.const(x.rows, x.cols, [algebra.over.known(name, a) for a in algebra.over.tidy(x.plain)])
    bit = _top_bit(mask)
    low, high = x.split(bit)
    if name.startswith("power:"):
        rest = algebra.number(Fraction(name.removeprefix("power:")))
        rate = algebra.times(rest, algebra.times(known(at, name, low), algebra.reciprocal(low)))
    else:
        rate = spread(at, entrywise(at, slope(name), TAU, low), x)
    return known(at, name, low).joined(algebra.times(rate, high), bit)


def spread(at: Evaluator, a: Value, like: Value) -> Value:
    """Return a scalar as a matrix of equal entries; a matrix stays as it is."""
    if not a.scalar or like.scalar:
        return a
    return a.mapped(like.rows, like.cols, lambda part: part * (like.rows * like.cols))


def entrywise(at: Evaluator, e: Expr, parameter: str, x: Value) -> Value:
    """Return the scalar tree e at every entry of x, which its parameter stands for."""
    algebra = at.draw.algebra
    if e.op == "sym" and e.name == parameter:
        return x
    if not _mentions(e, parameter):
        return at.value(e)
    plain = of_numbers(e) if all(a.scalar for a in e.args) else e
    if plain is not e:
        return entrywise(at, plain, parameter, x)
    algebra.spend(APPLYING)
    values = {a: entrywise(at, a, parameter, x) for a in dict.fromkeys(e.args)}
    args = [values[a] for a in e.args]
    match e.op:
        case "add":
            return algebra.sum(*[spread(at, a, x) for a in args])
        case "mul":
            result = args[0]
            for a in args[1:]:
                result = algebra.times(result, a)
            return result
        case "pow":
            return _entrywise_power(at, e, parameter, args)
        case "fn":
            return function(at, e.name, args[0])
    raise Unsupported("operator-inside", name=e.op)


def _entrywise_power(at: Evaluator, e: Expr, parameter: str, args: list[Value]) -> Value:
    if not _mentions(e.args[1], parameter):
        return power(at, args[0], e.args[1])
    return known(at, "exp", at.draw.algebra.times(args[1], known(at, "log", args[0])))


def _top_bit(mask: int) -> int:
    """Return the highest bit of a mask."""
    return 1 << (mask.bit_length() - 1)


def _bits(value: Number) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


@lru_cache(maxsize=1 << 10)
def _mentions(e: Expr, letter: str) -> bool:
    return any(node.op == "sym" and node.name == letter for node in e.walk())
