"""What can be written in a note: one row an operator, with a name and the ways to write it.

Rows are examples over X, Y (matrices), x, y (columns), a family A_i, a number k, an unknown scalar function f of Y and functions
that are elementwise. Spellings that other tables list (names, infix signs) are taken from those tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mdderive.latex.notation import NAMED, TENSORS


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator, what it is called, and how it may be written; the first spelling is the usual one."""

    op: str
    en: str
    zh: str
    spellings: tuple[str, ...]


def _named(op: str, argument: str) -> tuple[str, ...]:
    return tuple(f"{spelling}({argument})" for row in NAMED if row.op == op for spelling in row.spellings)


def _infix(op: str) -> tuple[str, ...]:
    return tuple(f"X {sign} Y" for sign, found in TENSORS.items() if found == op)


_ROWS = (
    Operation("num", "number", "数", ("2", "0.5", r"\frac{1}{2}")),
    Operation("sym", "letter", "字母", ("X", "x", r"\Sigma", "W_1", r"\mathbf{w}", r"\hat{w}")),
    Operation("size", "size as a number", "作为数的大小", ("n",)),
    Operation("const", "constant", "常数", (r"\pi", "e")),
    Operation("identity", "identity matrix", "单位阵", ("I", "I_n", r"\mathbf{I}")),
    Operation(
        "ones", "all-ones vector or matrix", "全一向量或矩阵", (r"\mathbf{1}", r"\mathbf{1}_n", r"\mathbf{1}_{m \times n}")
    ),
    Operation("zero", "zero vector or matrix", "零向量或零矩阵", ("0_n", r"0_{m \times n}")),
    Operation("commutation", "commutation matrix", "交换矩阵", ("K_{m,n}",)),
    Operation("add", "sum, difference", "和、差", ("X + Y", "X - Y")),
    Operation("mul", "product, quotient by a number", "乘积、除以数", ("X Y", r"X \cdot Y", r"\frac{X}{k}", "X / k")),
    Operation("had", "Hadamard product", "逐元素乘积", _infix("had")),
    Operation("hdiv", "elementwise quotient", "逐元素除法", _infix("hdiv")),
    Operation("hpow", "elementwise power", "逐元素幂", (r"X^{\odot k}", r"X^{\odot 2}")),
    Operation("pow", "power", "幂", ("X^k", "X^2", "k^3")),
    Operation("transpose", "transpose", "转置", ("X^T", r"X^\top", r"X^{\mathsf{T}}", r"X^{\mathrm{T}}", r"X^\intercal")),
    Operation("inv", "inverse", "逆", ("X^{-1}",)),
    Operation("tr", "trace", "迹", _named("tr", "X")),
    Operation("det", "determinant", "行列式", (*_named("det", "X"), "|X|", r"\left| X \right|", r"\lvert X \rvert")),
    Operation("adj", "adjugate", "伴随矩阵", (r"X^{\#}", *_named("adj", "X"))),
    Operation("kron", "Kronecker product", "Kronecker 积", _infix("kron")),
    Operation("vec", "columns below each other", "逐列排成一列", _named("vec", "X")),
    Operation("diag", "diagonal matrix of a column", "以列向量为对角线的矩阵", _named("diag", "x")),
    Operation("diagonal", "diagonal of a matrix", "矩阵的对角线", _named("diag", "X")),
    Operation("fn", "elementwise function", "逐元素函数", (r"\exp(X)", r"\sigma(X)", r"\sigma'(X)")),
    Operation("mfn", "function of a square matrix", "方阵的函数", ("e^X", "e^{k X}")),
    Operation("softmax", "softmax of a column", "列向量的 softmax", _named("softmax", "x")),
    Operation(
        "norm",
        "2-norm, Frobenius norm",
        "2-范数、Frobenius 范数",
        (r"\|X\|", r"\|x\|", r"\|x\|_2", r"\|X\|_F", r"\lVert x \rVert"),
    ),
    Operation("norm1", "sum of absolute values", "元素绝对值之和", (r"\|x\|_1", r"\|X\|_1")),
    Operation("normp", "p-norm", "p-范数", (r"\|x\|_3", r"\|x\|_p")),
    Operation("max", "elementwise maximum", "逐元素最大值", (r"\max(X, Y)",)),
    Operation("min", "elementwise minimum", "逐元素最小值", (r"\min(X, Y)",)),
    Operation("largest", "largest entry", "最大元素", (r"\max(X)", r"\max_i x_i", r"\|x\|_\infty")),
    Operation("smallest", "smallest entry", "最小元素", (r"\min(X)", r"\min_i x_i")),
    Operation("unit", "unit vector", "单位向量", (r"\mathbf{e}_1",)),
    Operation("sum", "sum over an index", "对指标求和", (r"\sum_i x_i y_i", r"\sum_{i=1}^n x_i")),
    Operation("member", "member of a family", "一族中的一个", ("A_i", "A_1")),
    Operation("matrix", "matrix of numbers", "由数组成的矩阵", (r"\begin{bmatrix} k & 2 \\ 1 & k^2 \end{bmatrix}",)),
    Operation("inner", "inner product", "内积", (r"\langle X, Y \rangle", r"\langle x, y \rangle")),
    Operation("apply", "unknown scalar function", "未知的标量函数", ("f(Y)", "f")),
    Operation("d", "differential", "微分", ("dX", "d(X Y)", r"\mathrm{d} X")),
    Operation("deriv", "derivative", "导数", (r"\frac{\partial f}{\partial Y}", r"\frac{df}{dY}", r"\nabla_Y f")),
    Operation("hess", "second derivative", "二阶导数", (r"\frac{\partial^2 f}{\partial Y \partial Y^T}", r"\nabla_Y^2 f")),
)

OPERATIONS: Mapping[str, Operation] = {row.op: row for row in _ROWS}
