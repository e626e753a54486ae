"""The last moves before a gradient is read off: what is declared of letters, of the variable, and what premises say.

A variable that is declared symmetric or diagonal moves in such directions only; its gradient is the part of G that they see.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mdderive.engine.arrange import plus, product
from mdderive.engine.carry import applied
from mdderive.engine.fold import fold, leading_positive
from mdderive.engine.isolate import beside
from mdderive.engine.match import law, rewritten
from mdderive.engine.normal import normal
from mdderive.engine.regular import owing_to
from mdderive.engine.sums import matrix_form
from mdderive.engine.transposing import cost, tidy_transposes, transposed
from mdderive.model.context import Context
from mdderive.model.expr import Expr, derivative, make, num, rebuilt, sym
from mdderive.model.properties import PROPERTIES, Property
from mdderive.model.shapes import ONE
from mdderive.model.terms import is_zero, same, split, zero


@dataclass(frozen=True, slots=True)
class Gradient:
    """A gradient read off, what it was `before` declared properties were used, and the laws to name.

    `turned` stands beside the differential then: the transpose of the gradient, or itself where that is the same.
    """

    gradient: Expr
    before: Expr
    laws: tuple[str, ...]
    turned: Expr


def read_off(letter: Expr, factor: Expr, context: Context, symmetric: frozenset[str], *, row: bool) -> Gradient:
    """Return the gradient by a letter for the factor beside its differential; `symmetric` are the letters declared so.

    `row` says that the gradient is wanted as a row, as numerator layout has it: then nothing need be turned for it.
    """
    if letter.scalar or is_zero(factor):
        return Gradient(factor if letter.scalar else zero(letter.shape), factor, (), factor)
    before = fold(tidy_transposes(transposed(factor)))
    own = leading_positive(fold(tidy_transposes(before, symmetric)))
    final, directions = own, []
    for prop in PROPERTIES.values():
        seen = part(prop, final, context) if prop.part and context.has(letter.name, prop.name) else final
        directions += [f"{prop.name}-direction"] if seen != final else []
        final = seen
    plain = row or factor.op == "transpose" or letter.shape.cols == ONE or not factor.args
    turned = () if own in (factor, before if plain else factor) or final != own else ("read-off",)
    used = ("symmetric",) if own != before else ()
    even = bool(directions) and any(_alike(final, transposed(final, known)) for known in (frozenset[str](), symmetric))
    return Gradient(final, before, (*turned, *directions, *used), final if even else normal(make("transpose", final)))


def part(row: Property, gradient: Expr, context: Context) -> Expr:
    """Return the part of a gradient that a letter of some property moves in: all of it where it has the property itself."""
    if owing_to(gradient, row.name, context) is not None:
        return gradient
    symmetric = frozenset(name for name in context.symbols if context.has(name, "symmetric"))

    def seen(m: Expr) -> Expr:
        line = applied(law(f"{row.name}-direction"), make("tr", make("mul", m, make("d", sym("", m.shape)))))
        assert line is not None
        return fold(tidy_transposes(beside(line).factor, symmetric))

    found = seen(gradient)
    if gradient.op == "transpose" and _alike(found, plain := seen(gradient.args[0])):  # A + A^T rather than A^T + A
        found = plain
    return gradient if _alike(found, gradient) else _entries(found)


def _alike(a: Expr, b: Expr) -> bool:
    return same(fold(plus((a, product((num(-1), b), a.shape)), a.shape)), zero(a.shape))


def _entries(e: Expr) -> Expr:
    """Return diag(x ⊙ y) for diag(diag(x y^T)), and any other tree as it is."""
    number, scalars, chain = split(e)
    inner = chain[0].args[0].args[0] if [f.op for f in chain] == ["diag"] and chain[0].args[0].op == "diagonal" else None
    if inner is None or inner.op != "mul" or len(inner.args) != 2 or inner.args[0].shape.cols != ONE:
        return e
    entries = normal(make("had", inner.args[0], transposed(inner.args[1])))
    return product((num(number), *scalars, normal(make("diag", entries))), e.shape)


def without_orthogonal(e: Expr, names: frozenset[str]) -> Expr:
    """Return the normal tree `e` with S^T for S^{-1} where S is one of these letters, after what S^{-1} cancels for S^T."""
    found = law("orthogonal")
    for old, new in ((found.rhs, found.lhs), (found.lhs, found.rhs)):
        e = rewritten(e, old, new, lambda _, bound: bound.op == "sym" and bound.name in names)
    return e


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
