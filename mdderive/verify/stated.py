"""Premises that state a property of one letter, which is drawn so: no linear equation can say that $Q^T Q = I$."""

from collections.abc import Iterator

from mdderive.model.context import Constraint, Context, Premise
from mdderive.model.expr import Expr, leaf, make, num
from mdderive.model.shapes import ONE, Dim


def stating(premise: Premise, context: Context) -> tuple[str, str, tuple[Constraint, ...]] | None:
    """Return the letter and the property that a premise states, with what it says of sizes; None where it states none."""
    for name in sorted({e.name for side in (premise.left, premise.right) for e in side.walk() if e.op == "sym"}):
        if name not in context.symbols or name in context.definitions or name in context.unknown:
            continue
        letter = next(e for side in (premise.left, premise.right) for e in side.walk() if e.name == name and e.op == "sym")
        for prop, left, right, sizes in _forms(letter):
            if (left, right) in ((premise.left, premise.right), (premise.right, premise.left)):
                return name, prop, sizes
    return None


def _forms(a: Expr) -> Iterator[tuple[str, Expr, Expr, tuple[Constraint, ...]]]:
    """Yield the equations that state a property of a letter."""
    if a.scalar:
        return
    turned, (rows, cols) = make("transpose", a), a.shape
    if cols == ONE:
        length = make("norm", a)
        for size in (make("mul", turned, a), length, make("pow", length, num(2))):
            yield "orthogonal", size, num(1), ()
        return
    for first, second, long, short in ((turned, a, rows, cols), (a, turned, cols, rows)):
        product = make("mul", first, second)
        yield "orthogonal", product, leaf("identity", product.shape), _at_least(long, short)
    if rows == cols:
        yield "orthogonal", make("inv", a), turned, ()
        yield "symmetric", a, turned, ()
        yield "idempotent", make("mul", a, a), a, ()
        yield "idempotent", make("pow", a, num(2)), a, ()


def _at_least(long: Dim, short: Dim) -> tuple[Constraint, ...]:
    return () if long == short else (Constraint(str(long), ">=", str(short)),)
