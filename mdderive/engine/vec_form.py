"""Vector and matrix functions: from dF to `vec(dF) = J vec(dX)`, on columns `dF = J dx`.

One path leads from the differential up to the root of each term; every operator on it multiplies J by the matrix that the
operator is in vec form. The laws met on the way are returned with the matrix, so that the line can be told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from mdderive.engine.arrange import plus, product, raised
from mdderive.engine.carry import applied, around, carried, carriers, cut, stated
from mdderive.engine.differentiate import no_law
from mdderive.engine.isolate import isolate, isolated
from mdderive.engine.match import Binding, Law, law
from mdderive.engine.normal import normal, stacked
from mdderive.engine.transposing import tidy_transposes, transposed
from mdderive.model.diagnostics import Refusal
from mdderive.model.expr import Expr, leaf, make, num, sym
from mdderive.model.shapes import ONE, SCALAR, Shape
from mdderive.model.terms import MINUS_ONE, has_d, is_zero, split, zero


@dataclass(frozen=True, slots=True)
class Jacobian:
    """`vec(dF) = matrix vec(d letter)`, by the named laws."""

    matrix: Expr
    laws: tuple[str, ...]


def jacobian(
    line: Expr, letter: Expr, symmetric: frozenset[str] = frozenset(), inner: Mapping[str, Expr] | None = None
) -> Jacobian:
    """Return J for a line that is linear in d(letter); raises `Refusal` with DRV405 for an operator that vec does not pass.

    `symmetric` are the letters with A^T = A; `inner` are the Jacobians of other letters whose differentials stand in the line.
    """
    path = _Path(letter, symmetric, inner or {})
    return Jacobian(path.of(tidy_transposes(line, symmetric)), tuple(path.laws))


class _Path:
    def __init__(self, letter: Expr, symmetric: frozenset[str], inner: Mapping[str, Expr]) -> None:
        self.letter = letter
        self.symmetric = symmetric
        self.inner = inner
        self.laws: dict[str, None] = {}

    def tell(self, law: str) -> None:
        self.laws.setdefault(law)

    def of(self, e: Expr) -> Expr:
        """Return J with vec(e) = J vec(d letter)."""
        shape = Shape(e.shape.entries, self.letter.shape.entries)
        if is_zero(e):
            return zero(shape)
        if e.shape.rows == ONE != e.shape.cols and (e.op == "kron" or any(a.op in ("transpose", "diag") for a in _with_d(e))):
            return self.of(transposed(e))
        match e.op:
            case "d":
                return self.differential(e, e.args[0], shape)
            case "add":
                return self.sum([a for a in e.args if has_d(a)], shape)
            case "mul":
                return self.product(e, shape)
            case "hdiv" if has_d(e.args[0]):
                return self.anywhere(make("had", normal(make("hpow", e.args[1], MINUS_ONE)), e.args[0]))
            case "sum":
                self.tell("sum-linearity")
                return normal(make("sum", e.args[0], self.of(e.args[1])))
            case "vec":
                return self.of(e.args[0])
            case "transpose" if ONE in e.shape:
                return self.of(e.args[0])
            case "diagonal":
                return self.diagonal(e.args[0])
        return self.anywhere(e)

    def anywhere(self, e: Expr) -> Expr:
        """Return J by a law for the operator of `e` where it stands, or else under vec."""
        found = self.carried(e, "", e.op) or self.carried(make("vec", e), "vec", e.op)
        if found is None:
            raise Refusal(no_law(e))
        return found

    def carried(self, e: Expr, form: str, operator: str) -> Expr | None:
        """Return J by the first law for an operator that fits, None where none does."""
        for found in carriers().get((form, operator), ()):
            bound = around(found, e)
            if bound is not None:
                self.tell(found.rule.name)
                return self.multiplied(found, bound, e.shape)
        return None

    def multiplied(self, found: Law, bound: Binding, shape: Shape) -> Expr:
        """Return J by a law: what its right side has before the letter it carries, times J of what that stands for."""
        *before, last = found.rhs.args
        if found.rhs.op == "mul" and last in (found.carries, make("vec", found.carries)):
            inner = self.of(bound.letters[found.carries.name])
            return product((*(stated(f, bound) for f in before), inner), Shape(shape.entries, inner.shape.cols))
        return self.of(stated(found.rhs, bound))

    def differential(self, e: Expr, of: Expr, shape: Shape) -> Expr:
        """Return J for the differential of a letter, or of the gradient of an unknown function."""
        if of == self.letter:
            return leaf("identity", shape)
        if of.op == "sym" and of.name in self.inner:
            return self.inner[of.name]
        known = law("vec-gradient")
        gradient = applied(known, make("vec", e))
        if gradient is not None:
            self.tell(known.rule.name)
            return self.of(gradient)
        raise Refusal(no_law(e))

    def sum(self, terms: list[Expr], shape: Shape) -> Expr:
        """Return J for a sum; two terms that are each other's transposes are one with I + K."""
        parts = []
        for i, term in enumerate(terms):
            other = transposed(term, self.symmetric)
            if ONE in self.letter.shape or other not in terms or other == term:
                parts.append(self.of(term))
            elif terms.index(other) > i:
                plain = min(term, other, key=lambda t: sum(n.op == "transpose" and n.args[0].op == "d" for n in t.walk()))
                unit = leaf("identity", Shape(shape.rows, shape.rows))
                parts.append(product((plus((unit, self.swapped(term.shape)), unit.shape), self.of(plain)), shape))
        return plus(parts, shape)

    def swapped(self, shape: Shape) -> Expr:
        """Return what vec of a transpose of this shape is multiplied by."""
        found = law("vec-transpose")
        self.tell(found.rule.name)
        turned = carried(found, make("vec", make("transpose", make("d", sym("", shape.transposed)))))
        assert turned is not None
        return product(turned.args[:-1], Shape(shape.entries, shape.entries))

    def diagonal(self, e: Expr) -> Expr:
        """Return J for diag(e); a matrix has the diagonal of its transpose."""
        if e.op == "add":
            terms = [normal(make("diagonal", a)) for a in e.args if has_d(a)]
            return self.sum(terms, Shape(e.shape.rows, self.letter.shape.entries))
        if e.op == "mul" and has_d(e.args[-1]) and e.args[-1].op != "diag":
            e = product((transposed(f) for f in reversed(e.args)), e.shape)
        return self.anywhere(make("diagonal", e))

    def product(self, e: Expr, shape: Shape) -> Expr:
        number, scalars, chain = split(e)
        core = next((s for s in scalars if has_d(s)), None)
        if core is not None:
            others = tuple(s for s in scalars if s is not core)
            return self.scalar(core, product((num(number), *others, *chain), e.shape), shape)
        left, node, right = cut(chain)
        outer = (num(number), *scalars)
        if node.shape.cols == ONE == e.shape.cols:  # what stands right of a column is a scalar
            outer, right = (*outer, product(right, SCALAR)), ()
        if left and (column := stacked(left[-1], node)) is not None:
            self.tell("vec-unvec")
            left, node = left[:-1], column
        if e.shape.cols == ONE and node.op == "transpose" and node.shape.cols != ONE:
            return self.of(transposed(e))
        if not right and (not left or e.shape.cols == ONE):
            return product((*outer, *powers(left), self.of(node)), shape)
        before = (
            node.shape.cols != ONE == e.shape.cols
        )  # before a column a matrix may have a law of its own: diag(z) b = diag(b) z
        beside, inner = powers(left), self.carried(make("mul", node, *right), "", node.op) if before else None
        if inner is None:
            run = make("mul", *powers(left), node, *powers(right))
            beside, inner = (), self.carried(make("vec", run), "vec", "mul")
        if inner is None:
            raise Refusal(no_law(e))
        return product((*outer, *beside, inner), shape)

    def scalar(self, core: Expr, rest: Expr, shape: Shape) -> Expr:
        """Return J for `core · rest`, core being a scalar with the differential in it."""
        moves = isolate(core)
        terms = isolated(moves[-1].result if moves else core)
        column = normal(make("vec", rest))
        if self.letter.scalar and all(t.letter == self.letter for t in terms):
            self.tell("column-scalar")  # of one row
            return product((column, plus((t.factor for t in terms), SCALAR)), shape)
        parts = []
        for letter in dict.fromkeys(t.letter for t in terms):
            factor = plus((t.factor for t in terms if t.letter == letter), letter.shape.transposed)
            row = transposed(normal(make("vec", transposed(factor))))
            run = make("mul", row, normal(make("vec", make("d", letter))))
            inner = self.carried(make("mul", run, column), "", "mul")
            parts.append(inner or product((column, factor, self.of(make("d", letter))), shape))
        return plus(parts, shape)


def _with_d(e: Expr) -> tuple[Expr, ...]:
    """Return the matrix factors of a product that carry the differential."""
    return tuple(f for f in split(e)[2] if has_d(f)) if e.op == "mul" else ()


def powers(chain: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Return a chain with runs of one square factor as powers."""
    runs = [(base, len(tuple(run))) for base, run in groupby(chain)]
    return tuple(raised(base, num(k)) if k > 1 else base for base, k in runs)
