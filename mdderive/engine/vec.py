"""Vector and matrix functions: from dF to `vec(dF) = J vec(dX)`, on columns `dF = J dx`.

One path leads from the differential up to the root of each term; every operator on it multiplies J by the matrix that the
operator is in vec form. The laws met on the way are returned with the matrix, so that the line can be told.
"""

from dataclasses import dataclass

from mdderive.diagnostics import Refusal
from mdderive.engine.arrange import MINUS_ONE, has_d, plus, product, split
from mdderive.engine.differentiate import chain_shape, no_law, terms_of
from mdderive.engine.isolate import isolate, isolated
from mdderive.engine.normal import normal
from mdderive.engine.transposing import transposed
from mdderive.shapes import ONE, SCALAR, Shape
from mdderive.tree import Expr, leaf, make, num


@dataclass(frozen=True, slots=True)
class Jacobian:
    """`vec(dF) = matrix vec(d letter)`, by the named laws."""

    matrix: Expr
    laws: tuple[str, ...]


def jacobian(line: Expr, letter: Expr) -> Jacobian:
    """Return J for a line that is linear in d(letter); raises `Refusal` with DRV405 for an operator that vec does not pass."""
    path = _Path(letter)
    rows, cols = line.shape.entries, letter.shape.entries
    matrix = plus((path.of(t) for t in terms_of(line) if has_d(t)), Shape(rows, cols))
    return Jacobian(matrix, tuple(path.laws))


class _Path:
    def __init__(self, letter: Expr) -> None:
        self.letter = letter
        self.laws: dict[str, None] = {}

    def tell(self, law: str) -> None:
        self.laws.setdefault(law)

    def of(self, e: Expr) -> Expr:
        """Return J with vec(e) = J vec(d letter)."""
        shape = Shape(e.shape.entries, self.letter.shape.entries)
        match e.op:
            case "d":
                return leaf("identity", shape) if e.args[0] == self.letter else self.refuse(e)
            case "add":
                return plus((self.of(a) for a in e.args), shape)
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
            case "transpose":
                m, n = e.args[0].shape
                if ONE in (m, n):
                    return self.of(e.args[0])
                self.tell("vec-transpose")
                name = f"{m},{n}".replace(" ", "")
                return product((leaf("commutation", Shape(shape.rows, e.args[0].shape.entries), name), self.of(e.args[0])), shape)
        return self.refuse(e)

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
        if node.op == "diag" and right and right[-1].shape.cols == ONE:
            self.tell("column-diag")
            swapped = (normal(make("diag", product(right, chain_shape(right)))), node.args[0])
            return self.of(product((num(number), *scalars, *left, *swapped), e.shape))
        before = product(left, Shape(left[0].shape.rows if left else node.shape.rows, node.shape.rows))
        after = transposed(product(right, Shape(node.shape.cols, right[-1].shape.cols if right else node.shape.cols)))
        matrix = kron(after, before)
        if matrix.op != "identity" and not (after.scalar or (after.op == "identity" and node.shape.cols == ONE)):
            self.tell("vec-product")
        return product((num(number), *scalars, matrix, self.of(node)), shape)

    def scalar(self, core: Expr, rest: Expr, shape: Shape) -> Expr:
        """Return J for `core · rest`, core being a scalar with the differential in it."""
        moves = isolate(core)
        terms = isolated(moves[-1].result if moves else core)
        self.tell("column-scalar")
        total = plus((t.factor for t in terms), terms[0].factor.shape)
        row = transposed(normal(make("vec", transposed(total)))) if not self.letter.scalar else total
        column = normal(make("vec", rest))
        return product((column, row), shape if shape != SCALAR else SCALAR)


def kron(a: Expr, b: Expr) -> Expr:
    """Return a ⊗ b with scalars pulled out; a Kronecker product with 1, or of identities, is no Kronecker product."""
    if a.scalar or b.scalar:
        return product((a, b), b.shape if a.scalar else a.shape)
    if ONE in (a.shape.cols, b.shape.cols) and ONE in (a.shape.rows, b.shape.rows) and {a.shape.cols, b.shape.cols} != {ONE}:
        column, row = (a, b) if a.shape.cols == ONE else (b, a)
        if column.shape.cols == ONE == row.shape.rows:
            return product((column, row), Shape(column.shape.rows, row.shape.cols))
    if a.op == b.op == "identity":
        return leaf("identity", Shape(*(Shape(x, y).entries for x, y in zip(a.shape, b.shape, strict=True))))
    (m, s, c), (n, t, d) = split(a), split(b)
    outer = (num(m), *s, num(n), *t)
    inner = make("kron", product(c, a.shape), product(d, b.shape))
    return product((*outer, inner), inner.shape)
