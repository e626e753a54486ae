"""Every operator is known to every room: each table is complete, and what has no law says so by name, never with a zero."""

import pytest

from mdderive.check.goals import tell
from mdderive.latex.elaborate import read
from mdderive.latex.write import write
from mdderive.model.context import Context, ElementwiseFunction, Family, Symbol
from mdderive.model.diagnostics import Diagnostic
from mdderive.model.expr import Expr, sym
from mdderive.model.operators import LEAVES, OPERATORS
from mdderive.model.shapes import ONE, SCALAR, Shape, size
from mdderive.programs.numpy import program
from mdderive.verify.holds import holds

M, N = size("m"), size("n")
SHAPES = {"t": SCALAR, "x": Shape(N, ONE), "a": Shape(M, ONE), "X": Shape(N, N), "Z": Shape(N, N), "Y": Shape(M, N)}
CONTEXT = Context(
    symbols={
        **{name: Symbol(name, shape) for name, shape in SHAPES.items()},
        "c_i": Symbol("c_i", Shape(N, ONE), family=Family("c", "i", N)),
    },
    elementwise={r"\sigma": ElementwiseFunction(r"\sigma")},
    unknown={"g": "Y"},
)
EXAMPLES = {
    "num": "2",
    "sym": "X",
    "size": "n",
    "const": r"\pi",
    "identity": "I_n",
    "ones": r"\mathbf{1}_{m \times n}",
    "zero": r"0_{m \times n}",
    "commutation": "K_{m,n}",
    "add": "X + Z",
    "mul": "X Z",
    "had": r"X \odot Z",
    "pow": "X^3",
    "hpow": r"X^{\odot 2}",
    "hdiv": r"Z \oslash X",
    "transpose": "Y^T",
    "inv": "X^{-1}",
    "tr": r"\operatorname{tr}(X)",
    "det": r"\det(X)",
    "adj": r"X^{\#}",
    "kron": r"X \otimes Z",
    "vec": r"\operatorname{vec}(Y)",
    "diag": r"\operatorname{diag}(x)",
    "diagonal": r"\operatorname{diag}(X)",
    "fn": r"\sigma(X)",
    "mfn": "e^{X}",
    "softmax": r"\operatorname{softmax}(x)",
    "norm": r"\|Y\|_F",
    "norm1": r"\|Y\|_1",
    "normp": r"\|x\|_3",
    "inner": r"\langle X, Z \rangle",
    "unit": r"\mathbf{e}_2",
    "sum": r"\sum_{i=1}^n x_i^2",
    "member": "c_2",
    "max": r"\max(X, Z)",
    "min": r"\min(X, Z)",
    "largest": r"\max(X)",
    "smallest": r"\min(X)",
    "matrix": r"\begin{bmatrix} t & 2 \\ 1 & t^2 \end{bmatrix}",
    "apply": "g(Y)",
    "d": "dX",
    "deriv": r"\frac{\partial g}{\partial Y}",
    "hess": r"\frac{\partial^2 (x^T X x)}{\partial x \partial x^T}",
}
# Operators without a law for their differential: a derivation that meets one ends with DRV405.
WITHOUT_LAW = {"mfn", "largest", "smallest", "matrix"}


def example(op: str) -> Expr:
    found = read(EXAMPLES[op], CONTEXT)
    assert not isinstance(found, Diagnostic), found
    return found


def test_examples_cover_the_operators() -> None:
    assert set(EXAMPLES) == OPERATORS.keys()


@pytest.mark.parametrize("op", sorted(OPERATORS))
def test_operator_is_read_and_written(op: str) -> None:
    tree = example(op)
    assert tree.op == op
    assert read(write(tree, CONTEXT), CONTEXT) == tree


@pytest.mark.parametrize("op", sorted(OPERATORS))
def test_operator_is_evaluated(op: str) -> None:
    tree = example(op)
    assert holds(tree, tree, CONTEXT).outcome == "holds"


@pytest.mark.parametrize("op", sorted(OPERATORS.keys() - {"d", "hess"}))
def test_operator_has_a_numpy_form(op: str) -> None:
    assert program(example(op), CONTEXT).code


@pytest.mark.parametrize("op", sorted(OPERATORS.keys() - LEAVES - {"d", "deriv", "hess", "member"}))
def test_operator_has_a_law_or_says_so(op: str) -> None:
    tree = example(op)
    letter = next(node for node in tree.walk() if node.op == "sym")
    told = tell(tree, sym(letter.name, letter.shape), CONTEXT)
    if op in WITHOUT_LAW:
        assert isinstance(told, Diagnostic)
        assert told.code == "DRV405"
        assert op in told.facts["operator"]
    else:
        assert not isinstance(told, Diagnostic), told
        assert told.verdict.outcome == "holds"
