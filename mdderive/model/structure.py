"""What an operator is, as a row of the table `operators`, and the rows of what every formula is built of.

- `names` are written in front of the argument, `signs` between two, the first one by us; `forms` are the other ways to write
  it, as examples over X, Y (matrices), x, y (columns), u, v (columns of three entries), a family A_i, a number k, an unknown
  scalar function f of Y and elementwise functions; `of` is the argument of a name in such an example. Operators that share names
  are told apart by their arguments.
- `shape`: argument shapes -> result, in letters of its own; `()` is a scalar. Of a bare `(m,n)` everything is an argument.
- `linear`: in each of its arguments by itself;  `entrywise`: an entry depends on the entries at its place alone;
  `symmetric`: its value is its own transpose.
- `number`: what it is of numbers.
- `numpy` and `sympy` are programs over the arguments: `{0}` the code of the first, `{0.tight}` as one factor, `{0.rows}` and
  `{0.cols}` its sizes, `{rows}` and `{cols}` those of the result. Operators that take any number of arguments, or more than
  arguments, have code of their own there. In `sympy`, `i` and `j` are places and `t` a number; `caveat` is what a reader is told.
"""

from dataclasses import dataclass
from typing import Literal

OfNumbers = Literal["", "itself", "zero", "one", "abs", "product", "quotient", "reciprocal", "power", "function"]


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator: what it is called, how it is written, what it does to shapes and numbers, and its programs."""

    op: str
    en: str
    zh: str
    forms: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    of: str = "X"
    signs: tuple[str, ...] = ()
    shape: str = ""
    linear: bool = False
    entrywise: bool = False
    symmetric: bool = False
    number: OfNumbers = ""
    numpy: str = ""
    sympy: str = ""
    caveat: str = ""

    @property
    def arguments(self) -> int:
        """The number of its arguments; 0 where it takes none or any number."""
        return max(0, self.shape.count("(") - 1)

    @property
    def to_number(self) -> bool:
        """Whether it makes a number of whatever it takes."""
        return self.shape.endswith("->()")

    @property
    def keeps_square(self) -> bool:
        """Whether it makes a square matrix of a square matrix, and of nothing else."""
        return self.shape == "(n,n)->(n,n)"

    @property
    def of_square(self) -> bool:
        """Whether it takes square matrices alone."""
        return self.shape.startswith("(n,n)->")

    @property
    def spellings(self) -> tuple[str, ...]:
        """The ways to write it, as examples."""
        infix = (f"X {sign} Y" for sign in self.signs)
        return (*(f"{name}({self.of})" for name in self.names), *infix, *self.forms)


LEAVES = (
    Operator("num", "number", "数", ("2", "0.5", r"\frac{1}{2}")),
    Operator("sym", "letter", "字母", ("X", "x", r"\Sigma", "W_1", r"\mathbf{w}", r"\hat{w}")),
    Operator("size", "size as a number", "作为数的大小", ("n",)),
    Operator("const", "constant", "常数", (r"\pi", "e")),
    Operator(
        "identity",
        "identity matrix",
        "单位阵",
        ("I", "I_n", r"\mathbf{I}"),
        symmetric=True,
        number="one",
        numpy="np.eye({rows})",
        sympy="Identity({rows})",
    ),
    Operator(
        "ones",
        "all-ones vector or matrix",
        "全一向量或矩阵",
        (r"\mathbf{1}", r"\mathbf{1}_n", r"\mathbf{1}_{m \times n}"),
        number="one",
        numpy="np.ones(({rows}, {cols}))",
        sympy="OneMatrix({rows}, {cols})",
    ),
    Operator(
        "zero",
        "zero vector or matrix",
        "零向量或零矩阵",
        ("0_n", r"0_{m \times n}"),
        number="zero",
        numpy="np.zeros(({rows}, {cols}))",
        sympy="ZeroMatrix({rows}, {cols})",
    ),
    Operator("commutation", "commutation matrix", "交换矩阵", ("K_{m,n}",)),
    Operator("unit", "unit vector", "单位向量", (r"\mathbf{e}_1",)),
    Operator(
        "indicator",
        "one where two indices are in an order, zero elsewhere",
        "两个指标满足次序时为一，否则为零",
        (r"[i < j]", r"[i \leq j]", r"[i \neq j]"),
        shape="(p,1),(p,1)->()",
    ),
)
COMPOUND = (
    Operator("add", "sum, difference", "和、差", ("X + Y", "X - Y"), linear=True, entrywise=True),
    Operator("mul", "product, quotient by a number", "乘积、除以数", ("X Y", r"X \cdot Y", r"\frac{X}{k}", "X / k"), linear=True),
    Operator(
        "had",
        "Hadamard product",
        "逐元素乘积",
        signs=(r"\odot", r"\circ", r"\ast"),
        shape="(m,n),(m,n)->(m,n)",
        linear=True,
        entrywise=True,
        number="product",
    ),
    Operator(
        "hdiv",
        "elementwise quotient",
        "逐元素除法",
        signs=(r"\oslash",),
        shape="(m,n),(m,n)->(m,n)",
        entrywise=True,
        number="quotient",
        numpy="{0.tight} / {1.tight}",
        sympy="HadamardProduct({0}, HadamardPower({1}, -1))",
    ),
    Operator(
        "hpow",
        "elementwise power",
        "逐元素幂",
        (r"X^{\odot k}", r"X^{\odot 2}"),
        shape="(m,n),()->(m,n)",
        entrywise=True,
        number="power",
        sympy="HadamardPower({0}, {1})",
    ),
    Operator("pow", "power", "幂", ("X^k", "X^2", "k^3"), shape="(n,n),()->(n,n)", sympy="MatPow({0}, {1})"),
    Operator(
        "kron",
        "Kronecker product",
        "Kronecker 积",
        signs=(r"\otimes",),
        shape="(m,n),(p,q)->(mp,nq)",
        linear=True,
        number="product",
        numpy="np.kron({0}, {1})",
        sympy="KroneckerProduct({0}, {1})",
    ),
    Operator(
        "fn",
        "elementwise function",
        "逐元素函数",
        (r"\exp(X)", r"\sigma(X)", r"\sigma'(X)"),
        shape="(m,n)->(m,n)",
        entrywise=True,
    ),
    Operator(
        "mfn",
        "function of a square matrix",
        "方阵的函数",
        ("e^X", "e^{k X}", r"\operatorname{logm}(X)"),
        shape="(n,n)->(n,n)",
        number="function",
    ),
    Operator(
        "frechet",
        "derivative of a function of a square matrix in a direction",
        "方阵函数沿一个方向的导数",
        (r"L_{\exp}(X, Y)", r"L_{\log}(X, Y)", r"L_{x^{1/2}}(X, Y)"),
        shape="(n,n),(n,n)->(n,n)",
    ),
    Operator(
        "powersum",
        "sum of the products in which a matrix stands once among powers of another",
        "一个矩阵夹在另一个方阵的各次幂之间的乘积之和",
        (r"\sum_{r=0}^{k-1} X^r Y X^{k-1-r}",),
        shape="(n,n),(n,n),()->(n,n)",
        numpy="np.linalg.matrix_power(np.block([[{0}, {1}], [np.zeros(({rows}, {rows})), {0}]]), {2})[:{rows}, {rows}:]",
    ),
    Operator(
        "powersummatrix",
        "matrix of such a sum: what vec of the matrix among the powers is multiplied by",
        "上述之和的矩阵：它乘以夹在中间的矩阵的向量化",
        (r"\sum_{r=0}^{k-1} (X^T)^{k-1-r} \otimes X^r",),
        shape="(n,n),()->(nn,nn)",
        numpy="sum((np.kron(np.linalg.matrix_power({0.tight}.T, {1} - 1 - _), np.linalg.matrix_power({0}, _))"
        " for _ in range({1})), np.zeros(({rows}, {rows})))",
    ),
    Operator(
        "frechetmatrix",
        "matrix of the derivative of a function of a square matrix",
        "方阵函数的导数的矩阵",
        (r"K_{\exp}(X)",),
        shape="(n,n)->(nn,nn)",
    ),
    Operator(
        "sum",
        "sum over an index",
        "对指标求和",
        (r"\sum_i x_i y_i", r"\sum_{i=1}^n x_i"),
        shape="(p,1),(m,n)->(m,n)",
        linear=True,
        entrywise=True,
    ),
    Operator(
        "product",
        "product over an index",
        "对指标求积",
        (r"\prod_i x_i", r"\prod_{i=1}^n x_i"),
        shape="(p,1),()->()",
    ),
    Operator("member", "member of a family", "一族中的一个", ("A_i", "A_1")),
    Operator("matrix", "matrix of numbers", "由数组成的矩阵", (r"\begin{bmatrix} k & 2 \\ 1 & k^2 \end{bmatrix}",)),
    Operator("apply", "unknown scalar function", "未知的标量函数", ("f(Y)", "f"), shape="(m,n)->()"),
    Operator("d", "differential", "微分", ("dX", "d(X Y)", r"\mathrm{d} X"), shape="(m,n)->(m,n)"),
    Operator(
        "along",
        "derivative in a direction",
        "沿一个方向的导数",
        (r"D_X (X^T X)[Z]",),
        shape="(m,n),(p,q),(p,q)->(m,n)",
    ),
    Operator(
        "at",
        "value where a letter has a value",
        "某字母取某值时的值",
        (r"\frac{\partial (x^T x)}{\partial x} |_{x = \mathbf{1}}",),
        shape="(m,n),(p,q),(p,q)->(m,n)",
    ),
    Operator("deriv", "derivative", "导数", (r"\frac{\partial f}{\partial Y}", r"\frac{df}{dY}", r"\nabla_Y f")),
    Operator("hess", "second derivative", "二阶导数", (r"\frac{\partial^2 f}{\partial Y \partial Y^T}", r"\nabla_Y^2 f")),
)
