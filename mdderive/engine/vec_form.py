"""Vector and matrix functions: from dF to `vec(dF) = J vec(dX)`, on columns `dF = J dx`.

One path leads from the differential up to the root of each term; every operator on it multiplies J by the matrix that the
operator is in vec form. The laws met on the way are returned with the matrix, so that the line can be told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from mdderive.engine.arrange import MINUS_ONE, chain_shape, has_d, is_zero, plus, product, raised, split, zero
from mdderive.engine.differentiate import no_law
from mdderive.engine.isolate import isolate, isolated, square
from mdderive.engine.normal import normal, stacked
from mdderive.engine.transposing import tidy_transposes, transposed
from mdderive.model.diagnostics import Refusal
from mdderive.model.expr import Expr, derivative, leaf, make, num
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, times


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
            case "had":
                inner = next(a for a in e.args if has_d(a))
                others = [a for a in e.args if a is not inner]
                return self.entries(others[0] if len(others) == 1 else make("had", *others), inner, shape)
            case "hdiv" if has_d(e.args[0]):
                return self.entries(normal(make("hpow", e.args[1], MINUS_ONE)), e.args[0], shape)
            case "vec":
                return self.of(e.args[0])
            case "sum":
                self.tell("sum-linearity")
                return normal(make("sum", e.args[0], self.of(e.args[1])))
            case "transpose":
                m, n = e.args[0].shape
                if ONE in (m, n):
                    return self.of(e.args[0])
                self.tell("vec-transpose")
                return product((commutation(m, n), self.of(e.args[0])), shape)
            case "kron":
                return self.kronecker(e, shape)
            case "diag" if e.args[0].op == "diagonal":
                self.tell("diag-diagonal")
                return self.of(normal(make("had", leaf("identity", e.shape), e.args[0].args[0])))
            case "diag":
                self.tell("vec-diag")
                return product((spread(e.shape), self.of(e.args[0])), shape)
            case "diagonal":
                return self.of(self.diagonal(e.args[0]))
        return self.refuse(e)

    def differential(self, e: Expr, of: Expr, shape: Shape) -> Expr:
        """Return J for the differential of a letter, or of the gradient of an unknown function."""
        if of == self.letter:
            return leaf("identity", shape)
        if of.op == "sym" and of.name in self.inner:
            return self.inner[of.name]
        if of.op == "deriv" and of.args[0].scalar:
            self.tell("vec-gradient")
            return product((derivative("hess", *of.args, layout=of.name), self.of(make("d", of.args[1]))), shape)
        return self.refuse(e)

    def sum(self, terms: list[Expr], shape: Shape) -> Expr:
        """Return J for a sum; two terms that are each other's transposes are one with I + K."""
        parts = []
        for i, term in enumerate(terms):
            other = transposed(term, self.symmetric)
            if ONE in self.letter.shape or other not in terms or other == term:
                parts.append(self.of(term))
            elif terms.index(other) > i:
                self.tell("vec-transpose")
                plain = min(term, other, key=lambda t: sum(n.op == "transpose" and n.args[0].op == "d" for n in t.walk()))
                rows = term.shape.rows
                both = plus((leaf("identity", Shape(shape.rows, shape.rows)), commutation(rows, rows)), shape)
                parts.append(product((both, self.of(plain)), shape))
        return plus(parts, shape)

    def kronecker(self, e: Expr, shape: Shape) -> Expr:
        """Return J for B ⊗ Z or Z ⊗ B."""
        first, second = e.args
        left = has_d(first)
        inner, other = (first, second) if left else (second, first)
        side = "left" if left else "right"
        if e.shape.cols == ONE:
            self.tell(f"column-kronecker-{side}")
            one = leaf("identity", Shape(inner.shape.rows, inner.shape.rows))
            return product((kron(one, other) if left else kron(other, one), self.of(inner)), shape)
        self.tell(f"vec-kronecker-{side}")
        one = leaf("identity", Shape(inner.shape.entries, inner.shape.entries))
        column = normal(make("vec", other))
        outer = (leaf("identity", Shape(first.shape.cols, first.shape.cols)), leaf("identity", square(second)))
        order = kron(kron(outer[0], commutation(second.shape.cols, first.shape.rows)), outer[1])
        return product((order, kron(one, column) if left else kron(column, one), self.of(inner)), shape)

    def diagonal(self, e: Expr) -> Expr:
        """Return diag(e), e a matrix with the differential in it, as a column without that operator."""
        if e.op == "add":
            return plus((self.diagonal(a) for a in e.args if has_d(a)), Shape(e.shape.rows, ONE))
        number, scalars, chain = split(e)
        outer = (num(number), *scalars)
        if any(has_d(s) for s in scalars):
            return product((*outer, normal(make("diagonal", product(chain, e.shape)))), Shape(e.shape.rows, ONE))
        at = next(i for i, f in enumerate(chain) if has_d(f))
        left, node, right = chain[:at], chain[at], chain[at + 1 :]
        shape = Shape(e.shape.rows, ONE)
        before = product(left, Shape(e.shape.rows, node.shape.rows))
        after = transposed(product(right, Shape(node.shape.cols, e.shape.cols)))
        if node.op == "diag":
            self.tell("diagonal-diag")
            return product((*outer, normal(make("had", before, after)), node.args[0]), shape)
        self.tell("diagonal-product" if left or right else "diagonal-entries")
        if right or not left:
            entries = normal(make("had", after, product((*left, node), after.shape)))
        else:
            entries = transposed(normal(make("had", transposed(before), node)))
        return product((*outer, entries, leaf("ones", Shape(entries.shape.cols, ONE))), shape)

    def refuse(self, e: Expr) -> Expr:
        raise Refusal(no_law(e))

    def entries(self, around: Expr, inner: Expr, shape: Shape) -> Expr:
        """Return J for `around ⊙ inner`."""
        self.tell("column-hadamard" if inner.shape.cols == ONE else "vec-hadamard")
        return product((normal(make("diag", normal(make("vec", around)))), self.of(inner)), shape)

    def product(self, e: Expr, shape: Shape) -> Expr:
        number, scalars, chain = split(e)
        core = next((s for s in scalars if has_d(s)), None)
        if core is not None:
            others = tuple(s for s in scalars if s is not core)
            return self.scalar(core, product((num(number), *others, *chain), e.shape), shape)
        at = next(i for i, f in enumerate(chain) if has_d(f))
        left, node, right = chain[:at], chain[at], chain[at + 1 :]
        inner: Expr | None = None
        rows, cols = node.shape
        if left and (column := stacked(left[-1], node)) is not None:
            self.tell("vec-unvec")
            left, inner, rows = left[:-1], self.of(column), left[-1].shape.rows
        if node.op == "diag" and right and right[-1].shape.cols == ONE:
            self.tell("column-diag")
            swapped = (normal(make("diag", product(right, chain_shape(right)))), node.args[0])
            return self.of(product((num(number), *scalars, *left, *swapped), e.shape))
        if e.shape.cols == ONE and node.op == "transpose" and node.shape.cols != ONE:
            return self.of(transposed(e))
        before = product(powers(left), Shape(left[0].shape.rows if left else rows, rows))
        after = transposed(product(powers(right), Shape(cols, right[-1].shape.cols if right else cols)))
        matrix = kron(after, before)
        if matrix.op != "identity" and not (after.scalar or (after.op == "identity" and node.shape.cols == ONE)):
            self.tell("vec-product")
        return product((num(number), *scalars, matrix, self.of(node) if inner is None else inner), shape)

    def scalar(self, core: Expr, rest: Expr, shape: Shape) -> Expr:
        """Return J for `core · rest`, core being a scalar with the differential in it."""
        moves = isolate(core)
        terms = isolated(moves[-1].result if moves else core)
        self.tell("column-scalar")
        column = normal(make("vec", rest))
        if self.letter.scalar and all(t.letter == self.letter for t in terms):
            return product((column, plus((t.factor for t in terms), SCALAR)), shape)
        rows = []
        for letter in dict.fromkeys(t.letter for t in terms):
            factor = plus((t.factor for t in terms if t.letter == letter), letter.shape.transposed)
            row = transposed(normal(make("vec", transposed(factor))))
            rows.append(product((row, self.of(make("d", letter))), Shape(ONE, shape.cols)))
        return product((column, plus(rows, Shape(ONE, shape.cols))), shape)


def _with_d(e: Expr) -> tuple[Expr, ...]:
    """Return the matrix factors of a product that carry the differential."""
    return tuple(f for f in split(e)[2] if has_d(f)) if e.op == "mul" else ()


def powers(chain: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Return a chain with runs of one square factor as powers."""
    runs = [(base, len(tuple(run))) for base, run in groupby(chain)]
    return tuple(raised(base, num(k)) if k > 1 else base for base, k in runs)


def commutation(rows: Dim, cols: Dim) -> Expr:
    """Return K with K vec(A) = vec(A^T) for A of this size; for a row or a column it is an identity."""
    total = times(rows, cols)
    if ONE in (rows, cols):
        return leaf("identity", Shape(total, total))
    sides = ("*".join(([str(d.factor)] if d.factor != 1 else []) + list(d.names)) for d in (rows, cols))
    return leaf("commutation", Shape(total, total), ",".join(sides))


def spread(shape: Shape) -> Expr:
    """Return the matrix that takes z to vec(diag(z))."""
    identity = leaf("identity", shape)
    marked = normal(make("diag", normal(make("vec", identity))))
    return product((marked, kron(leaf("ones", Shape(shape.rows, ONE)), identity)), Shape(shape.entries, shape.rows))


def kron(a: Expr, b: Expr) -> Expr:
    """Return a ⊗ b; a column beside a row is their product."""
    if ONE in (a.shape.cols, b.shape.cols) and ONE in (a.shape.rows, b.shape.rows) and {a.shape.cols, b.shape.cols} != {ONE}:
        column, row = (a, b) if a.shape.cols == ONE else (b, a)
        if column.shape.cols == ONE == row.shape.rows:
            return product((column, row), Shape(column.shape.rows, row.shape.cols))
    return normal(make("kron", a, b))
