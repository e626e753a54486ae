"""Block layout: from dF to the matrix whose block (i, j) is the derivative of F by the entry (i, j) of the variable.

The differential of F is linear in dX; one path leads from d(letter) up to the root of each term, and every operator on it says
what it does to all blocks at once.
"""

from mdderive.engine.arrange import plus, product
from mdderive.engine.carry import carried
from mdderive.engine.differentiate import no_law
from mdderive.engine.isolate import isolate, isolated, kron, vec
from mdderive.engine.match import commutation, law
from mdderive.engine.normal import normal
from mdderive.engine.transposing import tidy_transposes, transposed
from mdderive.engine.vec_form import Jacobian, jacobian
from mdderive.model.diagnostics import MdderiveBug, Refusal
from mdderive.model.expr import Expr, leaf, make, num
from mdderive.model.shapes import ONE, Dim, Shape, times
from mdderive.model.terms import MINUS_ONE, chain_shape, has_d, split


def blocks(line: Expr, letter: Expr, symmetric: frozenset[str] = frozenset()) -> Jacobian:
    """Return the derivative in block layout for a line that is linear in d(letter), and the laws used.

    Raises `Refusal` with DRV405 for an operator that has no law there. `symmetric` are the letters with A^T = A.
    """
    path = _Path(letter)
    return Jacobian(path.of(tidy_transposes(line, symmetric)), tuple(path.laws))


class _Path:
    def __init__(self, letter: Expr) -> None:
        self.letter = letter
        self.laws: dict[str, None] = {}

    def tell(self, law: str) -> None:
        self.laws.setdefault(law)

    def of(self, e: Expr) -> Expr:
        """Return the matrix whose block (i, j) is `e` with the differential in the direction of the entry (i, j)."""
        m, n = self.letter.shape
        shape = Shape(times(m, e.shape.rows), times(n, e.shape.cols))
        match e.op:
            case "add":
                return plus((self.of(a) for a in e.args if has_d(a)), shape)
            case "d" | "mul":
                return self.product(e, shape)
            case "transpose" if e.args[0].op == "d":
                return self.product(e, shape)
            case "transpose" if e.args[0].op in ("mul", "had", "hdiv", "kron"):
                return self.of(_pushed(e.args[0]))
            case "had":
                inner = next(a for a in e.args if has_d(a))
                others = [a for a in e.args if a is not inner]
                return self.entries(others[0] if len(others) == 1 else make("had", *others), inner)
            case "hdiv" if has_d(e.args[0]):
                return self.entries(normal(make("hpow", e.args[1], MINUS_ONE)), e.args[0])
            case "kron":
                return self.kronecker(*e.args)
            case "diag" if e.args[0].op == "d" and self.letter.shape.cols == ONE:
                return self.stated("block-diag", e)
        if e.op in ("vec", "diagonal") and e.shape.cols == ONE:
            return self.column(e)
        raise Refusal(no_law(e, f"{e.op} in block layout"))

    def stated(self, name: str, e: Expr) -> Expr:
        """Return the blocks of a tree with the differential of the letter itself, by the law of that name."""
        self.tell(name)
        blocks = carried(law(name), e)
        if blocks is None:
            raise MdderiveBug(f"{name} does not fit")
        return blocks

    def column(self, e: Expr) -> Expr:
        """Return the blocks of a column J vec(dX)."""
        m, n = self.letter.shape
        found = jacobian(e, self.letter)
        for name in (*found.laws, "block-vec"):
            self.tell(name)
        places = (kron(commutation(m, n), _identity(m)), kron(_identity(n), vec(_identity(m))))
        return product((kron(_identity(m), found.matrix), *places), Shape(times(m, e.shape.rows), n))

    def entries(self, around: Expr, inner: Expr) -> Expr:
        """Return the blocks of `around ⊙ inner`."""
        if inner.shape.cols == ONE:
            self.tell("column-hadamard")
            return self.of(product((normal(make("diag", around)), inner), inner.shape))
        self.tell("block-hadamard")
        return normal(make("had", kron(leaf("ones", self.letter.shape), around), self.of(inner)))

    def kronecker(self, first: Expr, second: Expr) -> Expr:
        """Return the blocks of B ⊗ Z or Z ⊗ B."""
        if has_d(first):
            self.tell("block-kronecker-left")
            return kron(self.of(first), second)
        self.tell("block-kronecker-right")
        m, n = self.letter.shape
        before, after = commutation(m, first.shape.rows), commutation(first.shape.cols, n)
        inner = kron(first, self.of(second))
        outer = (kron(before, _identity(second.shape.rows)), inner, kron(after, _identity(second.shape.cols)))
        return product(outer, Shape(outer[0].shape.rows, outer[2].shape.cols))

    def product(self, e: Expr, shape: Shape) -> Expr:
        number, scalars, chain = split(e)
        m, n = self.letter.shape
        core = next((s for s in scalars if has_d(s)), None)
        if core is not None:
            others = (num(number), *(s for s in scalars if s is not core))
            return product((*others, kron(self.gradient(core), product(chain, chain_shape(chain)))), shape)
        at = next(i for i, f in enumerate(chain) if has_d(f))
        left, node, right = chain[:at], chain[at], chain[at + 1 :]
        before = product(left, Shape(e.shape.rows, node.shape.rows))
        after = product(right, Shape(node.shape.cols, e.shape.cols))
        outer = (num(number), *scalars)
        if node.op == "d" and node.args[0] != self.letter:
            raise Refusal(no_law(node, "unknown function in block layout"))
        if node.op == "d":
            return product((*outer, self.stated("block-product", make("mul", before, node, after))), shape)
        if node == make("transpose", make("d", self.letter)):
            return product((*outer, self.stated("block-transpose", make("mul", before, node, after))), shape)
        if node.op in ("had", "hdiv") and node.shape.cols == ONE:
            self.tell("column-hadamard")
            inner = next(a for a in node.args if has_d(a))
            around = normal(make(node.op, *(leaf("ones", a.shape) if a is inner else a for a in node.args)))
            return self.of(product((*outer, *left, normal(make("diag", around)), inner, *right), e.shape))
        if left or right:
            self.tell("block-surroundings")
        return product((*outer, kron(_identity(m), before), self.of(node), kron(_identity(n), after)), shape)

    def gradient(self, core: Expr) -> Expr:
        """Return the gradient of a scalar by the letter, from its differential."""
        moves = isolate(core)
        terms = isolated(moves[-1].result if moves else core)
        self.tell("block-scalar")
        if any(t.letter != self.letter for t in terms):
            raise Refusal(no_law(core, "unknown function in block layout"))
        return transposed(plus((t.factor for t in terms), terms[0].factor.shape))


def _identity(dim: Dim) -> Expr:
    return leaf("identity", Shape(dim, dim)) if dim != ONE else num(1)


def _pushed(e: Expr) -> Expr:
    """Return the transpose of a product of any kind as the product of the transposes."""
    args = tuple(normal(make("transpose", a)) if has_d(a) else transposed(a) for a in e.args)
    return product(reversed(args), e.shape.transposed) if e.op == "mul" else normal(make(e.op, *args))
