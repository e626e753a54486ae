"""What a tree is made of: terms of a sum, factors of a product, letters; whether it is zero, and what orders it among others."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from mdderive.model.expr import Expr, Number, leaf, num
from mdderive.model.shapes import SCALAR, Shape

MINUS_ONE = num(-1)
ONE_NUMBER = num(1)


def zero(shape: Shape) -> Expr:
    """Return the zero of a shape."""
    return num(0) if shape == SCALAR else leaf("zero", shape)


def magnitude(value: Number) -> Number:
    """Return the absolute value of a number."""
    return value if value >= 0 else -value


def is_zero(e: Expr) -> bool:
    """Tell whether `e` is written as zero."""
    return e.op == "zero" or (e.op == "num" and e.value == 0)


def terms_of(e: Expr) -> tuple[Expr, ...]:
    """Return the summands of a line."""
    return e.args if e.op == "add" else (e,)


def factors_of(e: Expr) -> tuple[Expr, ...]:
    """Return the factors of a product; of anything else, itself."""
    return e.args if e.op == "mul" else (e,)


def split(e: Expr) -> tuple[Number, tuple[Expr, ...], tuple[Expr, ...]]:
    """Return number, scalar factors and chain of a normal product; a run that is the whole of `e` counts as one scalar."""
    if e.op == "num":
        return e.value, (), ()
    if e.op != "mul" or (e.scalar and not any(a.scalar for a in e.args)):
        return (1, (e,), ()) if e.scalar else (1, (), (e,))
    number = e.args[0].value if e.args[0].op == "num" else 1
    scalars = tuple(a for a in e.args if a.scalar and a.op != "num")
    return number, scalars, tuple(a for a in e.args if not a.scalar)


def chain_shape(factors: Sequence[Expr]) -> Shape:
    """Return the shape of a product; an empty one is a scalar."""
    chain = [f.shape for f in factors if not f.scalar]
    return Shape(chain[0].rows, chain[-1].cols) if chain else SCALAR


def letters_of(e: Expr) -> Iterable[str]:
    """Yield the names of the letters in `e`, in reading order, with repetitions."""
    return (node.name for node in e.walk() if node.op in ("sym", "member"))


@lru_cache(maxsize=1 << 13)
def has_d(e: Expr) -> bool:
    """Tell whether a differential stands in `e`."""
    return e.op == "d" or any(has_d(a) for a in e.args)


@lru_cache(maxsize=1 << 13)
def weight(e: Expr) -> int:
    """Return the number of nodes of a tree."""
    return 1 + sum(map(weight, e.args))


def heavier(e: Expr, bound: int) -> bool:
    """Tell whether a tree has more nodes than a bound, without counting further."""
    return next(islice(e.walk(), bound, None), None) is not None


@lru_cache(maxsize=1 << 12)
def signature(e: Expr) -> str:
    """Return a text that orders trees the same way on every machine."""
    head = f"{e.op}:{e.name}:{e.value}" if not e.args else f"{e.op}:{e.name}"
    return head + "(" + ",".join(signature(a) for a in e.args) + ")" if e.args else head


def same(a: Expr, b: Expr) -> bool:
    """Tell whether two normal trees are spelled alike, shapes of zeros aside."""
    return a == b or signature(a) == signature(b)
