"""Random well-shaped trees for property tests."""

from fractions import Fraction

from hypothesis import strategies as st

from mdderive.model.context import Context, Symbol
from mdderive.model.expr import Expr, leaf, make, num, sym
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, size

M, N = size("m"), size("n")
LETTERS: dict[Shape, tuple[str, ...]] = {
    SCALAR: (r"\alpha", "t"),
    Shape(M, ONE): ("a", "u"),
    Shape(N, ONE): ("b", "v"),
    Shape(M, N): ("X", "Y"),
    Shape(N, M): ("C",),
    Shape(M, M): ("A", "S"),
    Shape(N, N): ("B",),
}
CONTEXT = Context(
    symbols={
        name: Symbol(name, shape, frozenset({"symmetric"}) if name == "S" else frozenset())
        for shape, names in LETTERS.items()
        for name in names
    }
)
DIMS = (ONE, M, N)


def letters(shape: Shape) -> st.SearchStrategy[Expr]:
    """Letters of a shape; a row is the transpose of a column."""
    if shape in LETTERS:
        return st.sampled_from([sym(name, shape) for name in LETTERS[shape]])
    return letters(shape.transposed).map(lambda e: make("transpose", e))


def numbers() -> st.SearchStrategy[Expr]:
    return st.sampled_from([-3, -2, -1, 2, 3, Fraction(1, 2), Fraction(-2, 3)]).map(num)


@st.composite
def trees(draw: st.DrawFn, shape: Shape | None = None, depth: int = 3) -> Expr:
    """Return a tree of a shape (any if None).

    It is made of sums, products, transposes, Hadamard and Kronecker products, functions, traces, inverses, vec and diagonals.
    """
    if shape is None:
        shape = draw(st.sampled_from([SCALAR, Shape(M, ONE), Shape(M, N), Shape(M, M)]))
    if depth == 0:
        return draw(letters(shape))
    kinds = ["letter", "add", "mul", "scale", "transpose", "had", "fn"]
    if shape == SCALAR:
        kinds = ["letter", "add", "scale", "trace", "run", "power", "fn", "kron", "vec"]
    elif shape.rows == shape.cols:
        kinds += ["inv", "identity", "diag"]
    elif shape.cols == ONE:
        kinds += ["diagonal"]
    kind = draw(st.sampled_from(kinds))
    below = depth - 1

    def tree(s: Shape) -> Expr:
        return draw(trees(s, below))

    def dim() -> Dim:
        return draw(st.sampled_from([M, N]))

    match kind:
        case "add":
            return make("add", tree(shape), tree(shape))
        case "mul":
            inner = dim()
            return make("mul", tree(Shape(shape.rows, inner)), tree(Shape(inner, shape.cols)))
        case "scale":
            return make("mul", draw(st.one_of(numbers(), trees(SCALAR, 0))), tree(shape))
        case "transpose":
            return make("transpose", tree(shape.transposed))
        case "had":
            return make("had", tree(shape), tree(shape))
        case "fn":
            return make("fn", tree(shape), name=draw(st.sampled_from(["exp", "sin", r"\sigma"])))
        case "trace":
            inner = dim()
            return make("tr", tree(Shape(inner, inner)))
        case "diag":
            return make("diag", tree(Shape(shape.rows, ONE)))
        case "diagonal":
            return make("diagonal", tree(Shape(shape.rows, shape.rows)))
        case "kron":
            inner = dim()
            return make("tr", make("kron", tree(Shape(inner, inner)), tree(Shape(M, M))))
        case "vec":
            inner = dim()
            left, right = (make("vec", tree(Shape(inner, M))) for _ in range(2))
            return make("mul", make("transpose", left), right)
        case "run":
            inner = dim()
            return make("mul", tree(Shape(ONE, inner)), tree(Shape(inner, ONE)))
        case "power":
            return make("pow", tree(SCALAR), draw(st.sampled_from([num(2), num(3)])))
        case "inv":
            return make("inv", tree(shape))
        case "identity":
            return leaf("identity", shape)
    return draw(letters(shape))
