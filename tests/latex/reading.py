"""What the tests of the reader share: a context, and trees spelled as short texts."""

from mdderive.model.context import Context, ElementwiseFunction, Symbol
from mdderive.model.expr import Expr
from mdderive.model.shapes import ONE, SCALAR, Shape, size

M, N = size("m"), size("n")
_LETTERS = {
    SCALAR: r"\alpha t \lambda c",
    Shape(M, ONE): "a u",
    Shape(N, ONE): "b x y w",
    Shape(M, N): r"X Y Z \mathbf{W}_1 W_{12} \hat{y}",
    Shape(N, M): "C",
    Shape(M, M): "A S",
    Shape(N, N): "B",
}
CONTEXT = Context(
    symbols={name: Symbol(name, shape) for shape, names in _LETTERS.items() for name in names.split()},
    elementwise={r"\sigma": ElementwiseFunction(r"\sigma")},
    unknown={"f": "Y"},
)


def short(e: Expr) -> str:
    """Return a tree as `op[name](args)`; letters by name, other leaves with their shape."""
    if e.op == "num":
        return str(e.value)
    if not e.args:
        return e.name or f"{e.op}[{e.shape}]"
    return f"{e.op}{f'[{e.name}]' if e.name else ''}({', '.join(map(short, e.args))})"
