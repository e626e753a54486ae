"""The last moves before a gradient is read off: what is declared of letters, of the variable, and what premises say.

A variable that is declared symmetric or diagonal moves in such directions only; its gradient is the part of G that they see.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mdderive.engine.arrange import is_zero, plus, product, split, zero
from mdderive.engine.fold import fold, leading_positive
from mdderive.engine.match import same
from mdderive.engine.normal import normal
from mdderive.engine.sums import matrix_form
from mdderive.engine.transposing import cost, tidy_transposes, transposed
from mdderive.model.context import Context
from mdderive.model.expr import Expr, derivative, make, num, rebuilt
from mdderive.model.shapes import ONE

HALF = normal(make("mul", num(1), make("pow", num(2), num(-1))))


@dataclass(frozen=True, slots=True)
class Read:
    """A gradient read off, what it was `before` declared properties were used, and the laws to name."""

    gradient: Expr
    before: Expr
    laws: tuple[str, ...]

    @property
    def turned(self) -> Expr:
        """What stands beside the differential when this gradient is read off: its transpose, or itself where that is the same."""
        own = {"symmetric-direction", "diagonal-direction"} & set(self.laws)
        return self.gradient if own else normal(make("transpose", self.gradient))


def read_off(letter: Expr, factor: Expr, context: Context, symmetric: frozenset[str], *, row: bool) -> Read:
    """Return the gradient by a letter for the factor beside its differential; `symmetric` are the letters declared so.

    `row` says that the gradient is wanted as a row, as numerator layout has it: then nothing need be turned for it.
    """
    if letter.scalar or is_zero(factor):
        return Read(factor if letter.scalar else zero(letter.shape), factor, ())
    before = fold(tidy_transposes(transposed(factor)))
    own = leading_positive(fold(tidy_transposes(before, symmetric)))
    final, direction = own, ""
    if context.has(letter.name, "diagonal"):
        final, direction = diagonal_part(own, context), "diagonal-direction"
    elif context.has(letter.name, "symmetric"):
        final, direction = symmetric_part(own, symmetric), "symmetric-direction"
    plain = row or factor.op == "transpose" or letter.shape.cols == ONE or not factor.args
    turned = () if own in (factor, before if plain else factor) or final != own else ("read-off",)
    used = ("symmetric",) if own != before else ()
    return Read(final, before, (*turned, *((direction,) if final != own else ()), *used))


def symmetric_part(gradient: Expr, symmetric: frozenset[str]) -> Expr:
    """Return (G + G^T)/2, which is G where G is symmetric by what is declared."""
    other = transposed(gradient, symmetric)
    if same(fold(plus((gradient, product((num(-1), other), gradient.shape)), gradient.shape)), zero(gradient.shape)):
        return gradient
    both = (other, gradient) if gradient.op == "transpose" else (gradient, other)
    return fold(product((HALF, fold(plus(both, gradient.shape))), gradient.shape))


def diagonal_part(gradient: Expr, context: Context) -> Expr:
    """Return the diagonal of G as a matrix, which is G where G is diagonal by what is declared."""
    number, scalars, chain = split(gradient)
    if all(f.op in ("diag", "identity") or (f.op == "sym" and context.has(f.name, "diagonal")) for f in chain):
        return gradient
    if len(chain) == 2 and chain[0].shape.cols == ONE:
        entries = normal(make("had", chain[0], transposed(chain[1])))
        return product((num(number), *scalars, normal(make("diag", entries))), gradient.shape)
    return normal(make("diag", normal(make("diagonal", gradient))))


def assuming(e: Expr, context: Context) -> Expr:
    """Return the normal tree `e` with the left sides of premises replaced by their right sides; scalars in either direction."""
    for premise in context.premises:
        left, right = matrix_form(normal(premise.left)), matrix_form(normal(premise.right))
        new = {left: right} | ({normal(make("mul", *map(transposed, reversed(left.args)))): right} if left.op == "mul" else {})
        e = _assumed(e, new)
    return e


def _assumed(e: Expr, new: Mapping[Expr, Expr]) -> Expr:
    if e in new:
        return new[e]
    if not e.args or e.op in ("d", "deriv", "hess"):
        return e
    args = tuple(_assumed(a, new) for a in e.args)
    return e if args == e.args else normal(rebuilt(e, args))


def as_row(factor: Expr, symmetric: frozenset[str] = frozenset()) -> Expr:
    """Return a row spelled as its column turned, where that is no longer: (a - b)^T X for a^T X - b^T X."""
    if factor.shape.rows != ONE or factor.scalar:
        return factor
    column = leading_positive(fold(tidy_transposes(transposed(factor, symmetric), symmetric)))
    if column.op == "add":
        row, most = normal(make("transpose", column)), cost(factor) + 1
    else:
        row, most = transposed(column), cost(factor)
    return row if cost(row) <= most else factor


def in_layout(e: Expr, layout: str) -> Expr:
    """Return the normal tree `e` with its derivatives, told in denominator layout, in another layout."""
    if e.op == "hess":
        return derivative("hess", *e.args, layout=layout)
    if e.op == "deriv":
        node = derivative("deriv", *e.args, layout=layout)
        return normal(make("transpose", node)) if layout == "numerator" and not e.args[1].scalar else node
    if not e.args:
        return e
    args = tuple(in_layout(a, layout) for a in e.args)
    return e if args == e.args else normal(rebuilt(e, args))
