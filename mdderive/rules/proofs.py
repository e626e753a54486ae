"""Why the rules hold: for each of them a proof from simpler ones, or the definition that it is.

A proof is its lines. Every line is an equation in LaTeX that is read and judged like one in a note; it says by name which laws it
uses: rules, definitions, lemmas or `MOVES`. The first line begins with the left side of the rule or with something known, the
last line is the rule. No proof uses its own rule, directly or through others.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProofLine:
    """`left = right` by the named laws, joined by `, `; an empty left side is that of the line above."""

    left: str
    right: str
    by: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Lines that end in the rule; `integers` are letters of them that stand for whole numbers, `shapes` declares others."""

    steps: tuple[ProofLine, ...]
    integers: tuple[str, ...] = ()
    shapes: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What a rule without a simpler one is: a definition or a fact about entries, in words."""

    en: str
    zh: str


def _proof(*lines: tuple[str, str] | tuple[str, str, str], integers: tuple[str, ...] = (), shapes: str = "") -> Proof:
    """Return a proof of lines `(left, right, by)`, or `(right, by)` where the left side stays."""
    return Proof(tuple(ProofLine("", *line) if len(line) == 2 else ProofLine(*line) for line in lines), integers, shapes)


# The proof of a direction that has none of its own.
BY_PARTS = Given(
    "entries: what is left of $M$ meets nothing in a matrix of that kind", "逐元素：$M$ 的其余部分与此类矩阵的迹为零"
)
MOVES: Mapping[str, tuple[str, str]] = {
    "both sides": ("differential of both sides", "两边取微分"),
    "rearranged": ("terms rearranged", "移项"),
    "from the left": ("multiplied from the left", "两边左乘"),
    "root": ("square root of both sides", "两边开方"),
    "divided": ("divided", "两边相除"),
    "collected": ("collected", "整理"),
    "substituted": ("substituted", "代入"),
    "numbers": ("numbers commute with everything", "数与任何因子可交换"),
    "entries": ("products of entries commute", "元素之积可交换"),
    "induction": ("by induction, from the same for $k - 1$", "由 $k - 1$ 的情形归纳"),
    "sums of products": (
        "both sides are linear in each matrix, and every matrix is a sum of products $u v^T$",
        "两边关于每个矩阵都是线性的，而每个矩阵都是若干 $u v^T$ 之和",
    ),
    "unrestricted": ("both sides being analytic", "两边解析"),
}

_DIFFERENTIAL_EN = "the definition of the differential: $dF$ is the part of $F(X + dX) - F(X)$ that is linear in $dX$"
_DIFFERENTIAL_ZH = "微分的定义：$dF$ 是 $F(X + dX) - F(X)$ 中关于 $dX$ 的线性部分"

_EIGEN_EN = (
    r"the differential of $S v = \lambda v$ from the left by $v^T$: $v^T S = \lambda v^T$ as $S$ is symmetric, and $v^T v = 1$"
)
_EIGEN_ZH = r"对 $S v = \lambda v$ 取微分并左乘 $v^T$：$S$ 对称故 $v^T S = \lambda v^T$，且 $v^T v = 1$"
_EIGENVECTOR_EN = (
    r"the differential of $S v = \lambda v$ is $(\lambda I - S) dv = (dS) v - d\lambda \, v$;"
    r" $(\lambda I - S)^{+}$ takes $v$ to zero, and $v^T dv = 0$ as $v^T v = 1$"
)
_EIGENVECTOR_ZH = (
    r"对 $S v = \lambda v$ 取微分得 $(\lambda I - S) dv = (dS) v - d\lambda \, v$；$(\lambda I - S)^{+}$ 把 $v$ 变为零，"
    r"而由 $v^T v = 1$ 有 $v^T dv = 0$"
)
_EXTREME_EN = "near a point at which one entry is the only largest or smallest, the value is that entry"
_EXTREME_ZH = "在唯一的最大（最小）元素处附近，其值就是该元素"
_UNIT_EN = "; $E_{ij}$ has a one in row $i$ and column $j$, and zeros elsewhere"
_UNIT_ZH = "；$E_{ij}$ 只有第 $i$ 行第 $j$ 列为一，其余为零"

PROOFS: Mapping[str, Proof | Given] = {
    # ---------------------------------------------------------------- restatements
    "norm-squared-vector": Given(
        "the definition of the norm: the sum of the squares of all entries", "范数的定义：各元素平方之和"
    ),
    "norm-squared": Given(
        "the definition of the Frobenius norm: the sum of the squares of all entries", "Frobenius 范数的定义：各元素平方之和"
    ),
    "inner-vector": Given("the definition of the inner product of columns", "列向量内积的定义"),
    "inner": Given("the definition of the inner product of matrices", "矩阵内积的定义"),
    "tr-kronecker": _proof(
        (
            r"\operatorname{tr}(X \otimes Y)",
            r"\mathbf{1}^T (\operatorname{diag}(X) \otimes \operatorname{diag}(Y))",
            "trace, kronecker-diagonal",
        ),
        (r"\mathbf{1}^T \operatorname{vec}(\operatorname{diag}(Y) \operatorname{diag}(X)^T)", "kronecker-columns"),
        (r"(\mathbf{1}^T \operatorname{diag}(Y)) (\operatorname{diag}(X)^T \mathbf{1})", "sum-vec"),
        (r"\operatorname{tr}(Y) \operatorname{tr}(X)", "row-transpose, trace"),
        (r"\operatorname{tr}(X) \operatorname{tr}(Y)", "numbers"),
    ),
    "exponential-inverse": _proof(
        (r"e^X e^{-X}", r"I", "exponential-negative"),
        (r"(e^X)^{-1}", r"e^{-X}", "from the left"),
    ),
    "exponential-determinant": Given(
        r"the eigenvalues: those of $e^X$ are $e^{\lambda_i}$, and their product is $e$ to the sum of the $\lambda_i$",
        r"特征值：$e^X$ 的特征值是 $e^{\lambda_i}$，其乘积是 $e$ 的 $\lambda_i$ 之和次幂",
    ),
    "symmetric": Given("the definition of a symmetric matrix", "对称矩阵的定义"),
    "symmetric-direction": _proof(
        (r"\operatorname{tr}(M S)", r"\operatorname{tr}((M S)^T)", "tr-transpose"),
        (r"\operatorname{tr}(S^T M^T)", "transpose-product"),
        (r"\operatorname{tr}(S M^T)", "symmetric"),
        (r"\operatorname{tr}(M^T S)", "tr-cycle"),
        (
            r"\operatorname{tr}(M S)",
            r"\frac{1}{2} (\operatorname{tr}(M S) + \operatorname{tr}(M^T S))",
            "substituted",
        ),
        (r"\operatorname{tr}(\frac{1}{2} (M + M^T) S)", "linearity"),
    ),
    "diagonal-direction": Given(
        "entries: where $S$ is diagonal, only the diagonal entries of $M$ meet one that is not zero",
        "逐元素：$S$ 为对角阵时，$M$ 中只有对角元素与非零元素相乘",
    ),
    "orthogonal": Given("the definition of an orthogonal matrix", "正交矩阵的定义"),
    # ---------------------------------------------------------------- differentials of linear operations
    "d-constant": Given(_DIFFERENTIAL_EN + "; of a constant nothing is left", _DIFFERENTIAL_ZH + "；常量的差为零"),
    "d-sum": Given(_DIFFERENTIAL_EN, _DIFFERENTIAL_ZH),
    "d-product": Given(
        _DIFFERENTIAL_EN + r", and $(X + dX) (Y + dY) - X Y = (dX) Y + X \, dY + dX \, dY$",
        _DIFFERENTIAL_ZH + r"，而 $(X + dX) (Y + dY) - X Y = (dX) Y + X \, dY + dX \, dY$",
    ),
    "d-hadamard": Given(
        _DIFFERENTIAL_EN + "; the product rule for numbers, entry by entry", _DIFFERENTIAL_ZH + "；对每个元素用数的乘法法则"
    ),
    "d-transpose": Given(
        _DIFFERENTIAL_EN + "; transposing moves entries and changes none", _DIFFERENTIAL_ZH + "；转置只移动元素，不改变元素"
    ),
    "d-vec": Given(
        _DIFFERENTIAL_EN + "; vec moves entries and changes none", _DIFFERENTIAL_ZH + "；向量化只移动元素，不改变元素"
    ),
    "d-scale": _proof(
        (r"d(\alpha X)", r"d\alpha \, X + \alpha \, dX", "d-product"),
        (r"\alpha \, dX", "d-constant"),
    ),
    "d-difference": _proof(
        (r"d(X - Y)", r"dX + d(-1 Y)", "d-sum"),
        (r"dX - dY", "d-scale"),
    ),
    "d-linear": _proof(
        (r"d(A X B)", r"(dA) X B + A (dX) B + A X \, dB", "d-product"),
        (r"A (dX) B", "d-constant"),
    ),
    "d-diag": _proof(
        (r"d(\operatorname{diag}(x))", r"d((x \mathbf{1}^T) \odot I)", "diagonal-matrix"),
        (r"d(x \mathbf{1}^T) \odot I", "d-hadamard, d-constant"),
        (r"((dx) \mathbf{1}^T) \odot I", "d-linear"),
        (r"\operatorname{diag}(dx)", "diagonal-matrix"),
    ),
    "d-diagonal": _proof(
        (r"d(\operatorname{diag}(X))", r"d((X \odot I) \mathbf{1})", "diagonal"),
        (r"d(X \odot I) \mathbf{1}", "d-linear"),
        (r"(dX \odot I) \mathbf{1}", "d-hadamard, d-constant"),
        (r"\operatorname{diag}(dX)", "diagonal"),
    ),
    "d-trace": _proof(
        (r"d(\operatorname{tr}(X))", r"d(\mathbf{1}^T (X \odot I) \mathbf{1})", "trace, diagonal"),
        (r"\mathbf{1}^T d(X \odot I) \mathbf{1}", "d-linear"),
        (r"\mathbf{1}^T (dX \odot I) \mathbf{1}", "d-hadamard, d-constant"),
        (r"\operatorname{tr}(dX)", "trace, diagonal"),
    ),
    # ---------------------------------------------------------------- differentials of larger left sides
    "d-inner-square": _proof(
        (r"d(x^T x)", r"(dx)^T x + x^T dx", "d-product, d-transpose"),
        (r"x^T dx + x^T dx", "row-transpose"),
        (r"2 x^T dx", "collected"),
    ),
    "d-trace-square": _proof(
        (r"d(\operatorname{tr}(X^T X))", r"\operatorname{tr}(d(X^T X))", "d-trace"),
        (r"\operatorname{tr}((dX)^T X + X^T dX)", "d-product, d-transpose"),
        (r"\operatorname{tr}((dX)^T X) + \operatorname{tr}(X^T dX)", "tr-sum"),
        (r"\operatorname{tr}(X^T dX) + \operatorname{tr}(X^T dX)", "tr-transpose, transpose-product"),
        (r"2 \operatorname{tr}(X^T dX)", "collected"),
    ),
    "d-trace-power": _proof(
        (
            r"\operatorname{tr}(X^j d(X^k))",
            r"\operatorname{tr}(X^j d(X X^{k-1}))",
            "power",
        ),
        (r"\operatorname{tr}(X^j (dX) X^{k-1} + X^{j+1} d(X^{k-1}))", "d-product"),
        (r"\operatorname{tr}(X^j (dX) X^{k-1}) + \operatorname{tr}(X^{j+1} d(X^{k-1}))", "tr-sum"),
        (r"\operatorname{tr}(X^{j+k-1} dX) + \operatorname{tr}(X^{j+1} d(X^{k-1}))", "tr-cycle"),
        (r"\operatorname{tr}(X^{j+k-1} dX) + (k - 1) \operatorname{tr}(X^{j+k-1} dX)", "induction"),
        (r"k \operatorname{tr}(X^{j+k-1} dX)", "collected"),
        (r"d(\operatorname{tr}(X^k))", r"\operatorname{tr}(d(X^k))", "d-trace"),
        (r"k \operatorname{tr}(X^{k-1} dX)", "substituted"),
        integers=("j",),
    ),
    "d-trace-exponential": Given(
        r"the definition of the exponential, $e^X = I + X + \frac{1}{2} X^2 + \dots$, and the trace of a power term by term",
        r"矩阵指数的定义 $e^X = I + X + \frac{1}{2} X^2 + \dots$，逐项用幂的迹的微分",
    ),
    "d-trace-function": Given(
        r"for $\sigma(x) = x^k$ the trace of a power; every function here is a sum of powers, or a limit of such sums",
        r"对 $\sigma(x) = x^k$ 即幂的迹；此处的函数都是幂之和或其极限",
    ),
    "d-log-determinant": _proof(
        (r"d(\log\det(X))", r"\frac{1}{\det(X)} d(\det(X))", "d-function, d-log"),
        (r"\frac{1}{\det(X)} \det(X) \operatorname{tr}(X^{-1} dX)", "d-determinant"),
        (r"\operatorname{tr}(X^{-1} dX)", "collected"),
    ),
    "d-log-sum-exp": _proof(
        (
            r"d(\log(\mathbf{1}^T \exp(z)))",
            r"\frac{1}{\mathbf{1}^T \exp(z)} d(\mathbf{1}^T \exp(z))",
            "d-function, d-log",
        ),
        (r"\frac{1}{\mathbf{1}^T \exp(z)} \mathbf{1}^T (\exp(z) \odot dz)", "d-linear, d-elementwise, d-exp"),
        (r"\frac{1}{\mathbf{1}^T \exp(z)} \exp(z)^T dz", "column-entries"),
        (r"\operatorname{softmax}(z)^T dz", "softmax"),
    ),
    "d-determinant-power": _proof(
        (r"d(\det(X^k))", r"d(\det(X)^k)", "determinant-power"),
        (r"k \det(X)^{k-1} d(\det(X))", "d-power"),
        (r"k \det(X)^{k-1} \det(X) \operatorname{tr}(X^{-1} dX)", "d-determinant"),
        (r"k \det(X^k) \operatorname{tr}(X^{-1} dX)", "collected, determinant-power"),
    ),
    # ---------------------------------------------------------------- differentials, one law an operator
    "d-kronecker": Given(
        _DIFFERENTIAL_EN + "; the product rule for numbers, entry by entry", _DIFFERENTIAL_ZH + "；对每个元素用数的乘法法则"
    ),
    **dict.fromkeys(
        ("d-below", "d-beside"),
        Given(_DIFFERENTIAL_EN + "; each entry is one of $X$ or of $Y$", _DIFFERENTIAL_ZH + "；每个元素都是 $X$ 或 $Y$ 的元素"),
    ),
    "d-hadamard-quotient": _proof(
        (r"d(X \oslash Y)", r"d(X \odot Y^{\odot (-1)})", "hadamard-quotient"),
        (r"dX \odot Y^{\odot (-1)} + X \odot d(Y^{\odot (-1)})", "d-hadamard"),
        (r"dX \odot Y^{\odot (-1)} - X \odot Y^{\odot (-2)} \odot dY", "d-hadamard-power"),
        (r"dX \oslash Y - (X \odot dY) \oslash (Y \odot Y)", "hadamard-quotient, entries"),
    ),
    "d-hadamard-power": _proof(
        (r"d(X^{\odot k})", r"d(\exp(k \log(X)))", "entry-power"),
        (r"\exp(k \log(X)) \odot d(k \log(X))", "d-elementwise, d-exp"),
        (r"k \exp(k \log(X)) \odot X^{\odot (-1)} \odot dX", "d-scale, d-elementwise, d-log"),
        (r"k X^{\odot k} \odot X^{\odot (-1)} \odot dX", "entry-power"),
        (r"k X^{\odot (k-1)} \odot dX", "collected, unrestricted"),
    ),
    "d-inverse": _proof(
        (r"X X^{-1}", r"I", "inverse"),
        (r"d(X X^{-1})", r"0", "both sides, d-constant"),
        (r"(dX) X^{-1} + X d(X^{-1})", r"0", "d-product"),
        (r"X d(X^{-1})", r"-(dX) X^{-1}", "rearranged"),
        (r"d(X^{-1})", r"-X^{-1} (dX) X^{-1}", "from the left"),
    ),
    "d-power": _proof(
        (r"d(\tau^k)", r"d(\exp(k \log(\tau)))", "number-power"),
        (r"\exp(k \log(\tau)) d(k \log(\tau))", "d-function, d-exp"),
        (r"\exp(k \log(\tau)) k \tau^{-1} d\tau", "d-scale, d-function, d-log"),
        (r"\tau^k k \tau^{-1} d\tau", "number-power"),
        (r"k \tau^{k-1} d\tau", "collected, unrestricted"),
    ),
    "d-exponential": _proof(
        (r"d(\alpha^{\tau})", r"d(\exp(\tau \log(\alpha)))", "number-power"),
        (r"\exp(\tau \log(\alpha)) d(\tau \log(\alpha))", "d-function, d-exp"),
        (r"\exp(\tau \log(\alpha)) \log(\alpha) d\tau", "d-scale"),
        (r"\log(\alpha) \alpha^{\tau} d\tau", "number-power"),
    ),
    "d-power-general": _proof(
        (r"d(\rho^{\tau})", r"d(\exp(\tau \log(\rho)))", "number-power"),
        (r"\exp(\tau \log(\rho)) d(\tau \log(\rho))", "d-function, d-exp"),
        (r"\exp(\tau \log(\rho)) (\tau d(\log(\rho)) + \log(\rho) d\tau)", "d-product"),
        (r"\exp(\tau \log(\rho)) (\tau \rho^{-1} d\rho + \log(\rho) d\tau)", "d-function, d-log"),
        (r"\tau \rho^{\tau - 1} d\rho + \log(\rho) \rho^{\tau} d\tau", "number-power, collected"),
    ),
    "d-hadamard-exponential": Given(
        "entry by entry, the law for a power of numbers with a constant base", "逐元素：底数为常量时数的幂的微分"
    ),
    "d-powers": Given(
        "entry by entry, the law for a power of numbers whose exponent varies too", "逐元素：底数与指数都变化时数的幂的微分"
    ),
    "d-power-sum": Given(
        r"the product rule for the $k$ factors of $X^k = X \cdots X$: in the term of a factor $r$ others stand left of it",
        r"对 $X^k = X \cdots X$ 的 $k$ 个因子用乘法法则：某个因子对应的项中，其左边有 $r$ 个因子",
    ),
    "tr-power-sum": Given(
        r"the cyclic property gives $\operatorname{tr}(X^{k-1-r} M X^r Z)$ for a term; $k - 1 - r$ takes the values of $r$",
        r"由循环性质，每项为 $\operatorname{tr}(X^{k-1-r} M X^r Z)$；求和时 $k - 1 - r$ 取遍 $r$ 的值",
    ),
    "d-matrix-power": _proof(
        (r"d(X^n)", r"d(X X^{n-1})", "power"),
        (r"(dX) X^{n-1} + X d(X^{n-1})", "d-product"),
    ),
    "d-determinant": _proof(
        (r"d(\det(X))", r"\operatorname{tr}(X^{\#} dX)", "d-determinant-adjugate"),
        (r"\operatorname{tr}(\det(X) X^{-1} dX)", "adjugate"),
        (r"\det(X) \operatorname{tr}(X^{-1} dX)", "numbers"),
    ),
    "d-determinant-adjugate": Given(
        r"the Laplace expansion: $\det(X)$ is linear in each entry, the slope is the cofactor; $X^{\#}$ transposes them",
        r"Laplace 展开：$\det(X)$ 关于每个元素都是线性的，斜率是其余子式，而 $X^{\#}$ 是余子式矩阵的转置",
    ),
    "d-matrix-exponential": Given(
        r"the definition of the exponential, $e^{\tau A} = I + \tau A + \frac{1}{2} \tau^2 A^2 + \dots$, term by term",
        r"矩阵指数的定义 $e^{\tau A} = I + \tau A + \frac{1}{2} \tau^2 A^2 + \dots$，逐项求微分",
    ),
    "d-matrix-sine": Given(
        r"the definition of the sine, $\sin(\tau A) = \tau A - \frac{1}{6} \tau^3 A^3 + \dots$, term by term",
        r"矩阵正弦的定义 $\sin(\tau A) = \tau A - \frac{1}{6} \tau^3 A^3 + \dots$，逐项求微分",
    ),
    "d-matrix-cosine": Given(
        r"the definition of the cosine, $\cos(\tau A) = I - \frac{1}{2} \tau^2 A^2 + \dots$, term by term",
        r"矩阵余弦的定义 $\cos(\tau A) = I - \frac{1}{2} \tau^2 A^2 + \dots$，逐项求微分",
    ),
    "d-matrix-function": Given(
        r"the definition: $L_{\sigma}(X, H)$ is the part of $\sigma(X + H) - \sigma(X)$ that is linear in $H$",
        r"定义：$L_{\sigma}(X, H)$ 是 $\sigma(X + H) - \sigma(X)$ 中关于 $H$ 的线性部分",
    ),
    "d-cross": Given(
        _DIFFERENTIAL_EN + "; the product rule for numbers, entry by entry", _DIFFERENTIAL_ZH + "；对每个元素用数的乘法法则"
    ),
    "row-cross-left": Given("both sides are the determinant of $y$, $z$, $b$", "两边都是 $y$、$z$、$b$ 的行列式"),
    "row-cross-right": Given("both sides are the determinant of $y$, $b$, $z$", "两边都是 $y$、$b$、$z$ 的行列式"),
    "column-cross-right": Given("the definition of the matrix of the cross product", "叉积矩阵的定义"),
    "row-cross-matrix": Given("both sides are the determinant of $y$, $z$, $b$", "两边都是 $y$、$z$、$b$ 的行列式"),
    "column-cross-matrix": Given(
        r"the definition of the matrix, and $z \times b = -b \times z$", r"叉积矩阵的定义，且 $z \times b = -b \times z$"
    ),
    "column-cross-left": Given(
        r"the definition of the matrix, and $z \times b = -b \times z$", r"叉积矩阵的定义，且 $z \times b = -b \times z$"
    ),
    "d-cholesky": Given(
        r"with $L L^T = S$: $L^{-1} (dS) L^{-T} = L^{-1} dL + (L^{-1} dL)^T$, a lower triangle and its transpose",
        r"由 $L L^T = S$ 得 $L^{-1} (dS) L^{-T} = L^{-1} dL + (L^{-1} dL)^T$，即下三角阵及其转置之和",
    ),
    "d-largest-entry-vector": Given(_EXTREME_EN, _EXTREME_ZH),
    "d-largest-entry": Given(_EXTREME_EN, _EXTREME_ZH),
    "d-smallest-entry-vector": Given(_EXTREME_EN, _EXTREME_ZH),
    "d-smallest-entry": Given(_EXTREME_EN, _EXTREME_ZH),
    "d-lower-triangle": Given(_DIFFERENTIAL_EN + "; some entries are kept", _DIFFERENTIAL_ZH + "；只保留部分元素"),
    "d-upper-triangle": Given(_DIFFERENTIAL_EN + "; some entries are kept", _DIFFERENTIAL_ZH + "；只保留部分元素"),
    "tr-lower-triangle": Given(
        "entries: both sides are the sum of $M_{ji} Z_{ij}$ over $i \\ge j$",
        "逐元素：两边都是 $i \\ge j$ 的 $M_{ji} Z_{ij}$ 之和",
    ),
    "tr-upper-triangle": Given(
        "entries: both sides are the sum of $M_{ji} Z_{ij}$ over $i \\le j$",
        "逐元素：两边都是 $i \\le j$ 的 $M_{ji} Z_{ij}$ 之和",
    ),
    "vec-lower-triangle": Given("entries: each is kept or dropped", "逐元素：保留或去掉"),
    "vec-upper-triangle": Given("entries: each is kept or dropped", "逐元素：保留或去掉"),
    "d-pseudoinverse": Given(
        r"the differential of $X X^{+} X = X$ and of what is symmetric, $X X^{+}$ and $X^{+} X$, solved for $d(X^{+})$",
        r"对 $X X^{+} X = X$ 及对称的 $X X^{+}$、$X^{+} X$ 取微分，解出 $d(X^{+})$",
    ),
    "d-largest-eigenvalue": Given(_EIGEN_EN, _EIGEN_ZH),
    "d-smallest-eigenvalue": Given(_EIGEN_EN, _EIGEN_ZH),
    "d-largest-singular-value": Given(
        r"the differential of $X v = \sigma u$ from the left by $u^T$: $u^T du = 0$, and $u^T X \, dv = \sigma v^T dv = 0$",
        r"对 $X v = \sigma u$ 取微分并左乘 $u^T$：$u^T du = 0$，而 $u^T X \, dv = \sigma v^T dv = 0$",
    ),
    "d-largest-eigenvector": Given(_EIGENVECTOR_EN, _EIGENVECTOR_ZH),
    "d-smallest-eigenvector": Given(_EIGENVECTOR_EN, _EIGENVECTOR_ZH),
    "d-left-singular-vector": Given(
        r"$u$ is the unit eigenvector of the largest eigenvalue $\sigma^2$ of $X X^T$; the product rule",
        r"$u$ 是 $X X^T$ 的最大特征值 $\sigma^2$ 的单位特征向量；$X X^T$ 的微分用乘法法则",
    ),
    "d-right-singular-vector": Given(
        r"$v$ is the unit eigenvector of the largest eigenvalue $\sigma^2$ of $X^T X$; the product rule",
        r"$v$ 是 $X^T X$ 的最大特征值 $\sigma^2$ 的单位特征向量；$X^T X$ 的微分用乘法法则",
    ),
    "d-product-over-index": Given(
        "the product rule, factor by factor: in the term of a factor the others are the product divided by it",
        "逐个因子用乘法法则：每一项中其余因子之积等于连乘除以该因子",
    ),
    "log-of-product-over-index": Given("the logarithm of a product of two numbers, factor by factor", "逐个因子用两数之积的对数"),
    "log-of-product": Given(
        r"the definition of the logarithm: $\exp$ of both sides is $\rho \tau$", r"对数的定义：两边取 $\exp$ 都是 $\rho \tau$"
    ),
    "log-of-power": Given(
        r"the definition of the logarithm: $\exp$ of both sides is $\tau^k$", r"对数的定义：两边取 $\exp$ 都是 $\tau^k$"
    ),
    "log-of-root": Given(r"the logarithm of the power $\tau^{1/2}$", r"幂 $\tau^{1/2}$ 的对数"),
    "log-of-exponential": Given("the definition of the logarithm", "对数的定义"),
    "d-layer-norm": Given(
        r"the definition $\sqrt{p} \, c / \|c\|$ with $c = z - \frac{1}{p} \mathbf{1}^T z \, \mathbf{1}$: product rule and norm",
        r"定义 $\sqrt{p} \, c / \|c\|$，其中 $c = z - \frac{1}{p} \mathbf{1}^T z \, \mathbf{1}$：用乘法法则与范数的微分",
    ),
    "d-rms-norm": Given(
        r"the definition $\sqrt{p} \, z / \|z\|$: the product rule, and the norm",
        r"定义 $\sqrt{p} \, z / \|z\|$：用乘法法则与范数的微分",
    ),
    "vec-power-sum": Given(
        "vec of a product, term by term",
        "逐项用乘积的向量化",
    ),
    "d-nuclear-norm": Given(
        r"$\|X\|_* = \operatorname{tr}((X^T X)^{1/2})$ where the columns are independent, and $X (X^T X)^{-1/2} = U V^T$",
        r"列无关时 $\|X\|_* = \operatorname{tr}((X^T X)^{1/2})$，而 $X (X^T X)^{-1/2} = U V^T$",
    ),
    "tr-function": Given(
        r"for $\sigma(x) = x^k$, $L_{\sigma}(X, Z)$ is the sum of all $X^i Z X^j$ with $i + j = k - 1$, and the trace is cyclic",
        r"对 $\sigma(x) = x^k$，$L_{\sigma}(X, Z)$ 是所有 $X^i Z X^j$（$i + j = k - 1$）之和，而迹可循环",
    ),
    "tr-own-function": Given(
        r"for $\sigma(x) = x^k$ every $X^i Z X^j$ of the sum gives $\operatorname{tr}(M X^{k-1} Z)$, for $M$ commutes with $X$",
        r"对 $\sigma(x) = x^k$，和中每个 $X^i Z X^j$ 都给出 $\operatorname{tr}(M X^{k-1} Z)$，因为 $M$ 与 $X$ 可交换",
    ),
    "vec-matrix-function": Given(
        r"the definition: $K_{\sigma}(X)$ is the matrix of the linear map that takes $Z$ to $L_{\sigma}(X, Z)$",
        r"定义：$K_{\sigma}(X)$ 是把 $Z$ 变为 $L_{\sigma}(X, Z)$ 的线性映射的矩阵",
    ),
    "vec-root": Given(
        r"with $S = X^{1/2}$ and $T = L_{x^{1/2}}(X, Z)$, the linear part of $S S = X$ is $S T + T S = Z$; vec of both sides",
        r"令 $S = X^{1/2}$，$T = L_{x^{1/2}}(X, Z)$，则 $S S = X$ 的线性部分是 $S T + T S = Z$；两边取 vec",
    ),
    "d-adjugate": _proof(
        (r"d(X^{\#})", r"d(\det(X) X^{-1})", "adjugate"),
        (r"d(\det(X)) X^{-1} + \det(X) d(X^{-1})", "d-product"),
        (r"\det(X) \operatorname{tr}(X^{-1} dX) X^{-1} + \det(X) d(X^{-1})", "d-determinant"),
        (r"\det(X) \operatorname{tr}(X^{-1} dX) X^{-1} - \det(X) X^{-1} (dX) X^{-1}", "d-inverse"),
    ),
    "d-function": Given(
        r"the definition of the derivative: $\sigma'(\tau)$ is the slope of $\sigma$ at $\tau$",
        r"导数的定义：$\sigma'(\tau)$ 是 $\sigma$ 在 $\tau$ 处的斜率",
    ),
    "d-elementwise": Given("the chain rule, entry by entry", "对每个元素用链式法则"),
    "d-softmax": _proof(
        (r"\exp(z)", r"(\mathbf{1}^T \exp(z)) \operatorname{softmax}(z)", "softmax"),
        (
            r"\exp(z) \odot dz",
            r"d(\mathbf{1}^T \exp(z)) \operatorname{softmax}(z) + (\mathbf{1}^T \exp(z)) d(\operatorname{softmax}(z))",
            "both sides, d-product, d-elementwise, d-exp",
        ),
        (
            r"\exp(z)^T dz \, \operatorname{softmax}(z) + (\mathbf{1}^T \exp(z)) d(\operatorname{softmax}(z))",
            "d-linear, d-elementwise, d-exp, column-entries",
        ),
        (
            r"d(\operatorname{softmax}(z))",
            r"\operatorname{softmax}(z) \odot dz - \operatorname{softmax}(z)^T dz \, \operatorname{softmax}(z)",
            "divided, softmax",
        ),
    ),
    "d-softmax-rows": Given(
        r"the law of a column, transposed, in every row: row i of the right side is $s^T \odot (dz^T - s^T dz \mathbf{1}^T)$ "
        r"with the rows $s^T$ of $\operatorname{softmax}(Z)$ and $z^T$ of Z",
        r"把列向量的公式转置后用于每一行：右边的第 i 行是 $s^T \odot (dz^T - s^T dz \mathbf{1}^T)$，其中 $s^T$、$z^T$ 是 "
        r"$\operatorname{softmax}(Z)$ 与 Z 的第 i 行",
    ),
    "d-sort": Given(
        r"$\operatorname{sort}(z) = P z$ with a permutation matrix P, which stays the same near z where no two entries are equal",
        r"$\operatorname{sort}(z) = P z$，P 为置换矩阵；元素两两不等时，P 在 z 附近不变",
    ),
    "d-norm-vector-square": _proof(
        (r"d(\|x\|^2)", r"d(x^T x)", "norm-squared-vector"),
        (r"2 x^T dx", "d-inner-square"),
    ),
    "d-norm-square": _proof(
        (r"d(\|X\|^2)", r"d(\operatorname{tr}(X^T X))", "norm-squared"),
        (r"2 \operatorname{tr}(X^T dX)", "d-trace-square"),
    ),
    "d-norm-vector": _proof(
        (r"d(\|x\|)", r"d(\sqrt{x^T x})", "norm-vector"),
        (r"\frac{1}{2 \sqrt{x^T x}} d(x^T x)", "d-function, d-sqrt"),
        (r"\frac{1}{2 \|x\|} d(x^T x)", "norm-vector"),
        (r"\frac{1}{\|x\|} x^T dx", "d-inner-square"),
    ),
    "d-norm": _proof(
        (r"d(\|X\|)", r"d(\sqrt{\operatorname{tr}(X^T X)})", "norm"),
        (r"\frac{1}{2 \sqrt{\operatorname{tr}(X^T X)}} d(\operatorname{tr}(X^T X))", "d-function, d-sqrt"),
        (r"\frac{1}{2 \|X\|} d(\operatorname{tr}(X^T X))", "norm"),
        (r"\frac{1}{\|X\|} \operatorname{tr}(X^T dX)", "d-trace-square"),
    ),
    "d-norm-degree-power": _proof(
        (r"d(\|x\|_k^k)", r"d(\mathbf{1}^T \operatorname{abs}(x)^{\odot k})", "norm-degree"),
        (r"\mathbf{1}^T d(\operatorname{abs}(x)^{\odot k})", "d-linear"),
        (r"k \mathbf{1}^T (\operatorname{abs}(x)^{\odot (k-1)} \odot d(\operatorname{abs}(x)))", "d-hadamard-power"),
        (
            r"k \mathbf{1}^T (\operatorname{abs}(x)^{\odot (k-1)} \odot \operatorname{sign}(x) \odot dx)",
            "d-elementwise, d-abs",
        ),
        (r"k (\operatorname{sign}(x) \odot \operatorname{abs}(x)^{\odot (k-1)})^T dx", "column-entries"),
    ),
    "d-norm-degree": _proof(
        (
            r"d(\|x\|_k^k)",
            r"k (\operatorname{sign}(x) \odot \operatorname{abs}(x)^{\odot (k-1)})^T dx",
            "d-norm-degree-power",
        ),
        (
            r"k \|x\|_k^{k-1} d(\|x\|_k)",
            r"k (\operatorname{sign}(x) \odot \operatorname{abs}(x)^{\odot (k-1)})^T dx",
            "d-power",
        ),
        (
            r"d(\|x\|_k)",
            r"\|x\|_k^{1-k} (\operatorname{sign}(x) \odot \operatorname{abs}(x)^{\odot (k-1)})^T dx",
            "divided",
        ),
    ),
    "d-norm1-vector": _proof(
        (r"d(\|x\|_1)", r"d(\mathbf{1}^T \operatorname{abs}(x))", "norm-one-vector"),
        (r"\mathbf{1}^T d(\operatorname{abs}(x))", "d-linear"),
        (r"\mathbf{1}^T (\operatorname{sign}(x) \odot dx)", "d-elementwise, d-abs"),
        (r"\operatorname{sign}(x)^T dx", "column-entries"),
    ),
    "d-norm1": _proof(
        (r"d(\|X\|_1)", r"d(\mathbf{1}^T \operatorname{abs}(X) \mathbf{1})", "norm-one"),
        (r"\mathbf{1}^T d(\operatorname{abs}(X)) \mathbf{1}", "d-linear"),
        (r"\mathbf{1}^T (\operatorname{sign}(X) \odot dX) \mathbf{1}", "d-elementwise, d-abs"),
        (r"\operatorname{tr}(\operatorname{sign}(X)^T dX)", "trace-entries"),
    ),
    "d-maximum": _proof(
        (
            r"d(\operatorname{step}(X - Y) \odot X)",
            r"d(\operatorname{step}(X - Y)) \odot X + \operatorname{step}(X - Y) \odot dX",
            "d-hadamard",
        ),
        (r"\operatorname{step}(X - Y) \odot dX", "d-elementwise, d-step"),
        (r"d(\operatorname{step}(Y - X) \odot Y)", r"\operatorname{step}(Y - X) \odot dY", "d-hadamard, d-elementwise, d-step"),
        (r"d(\max(X, Y))", r"d(\operatorname{step}(X - Y) \odot X + \operatorname{step}(Y - X) \odot Y)", "maximum"),
        (r"\operatorname{step}(X - Y) \odot dX + \operatorname{step}(Y - X) \odot dY", "d-sum, substituted"),
    ),
    "d-minimum": _proof(
        (
            r"d(\operatorname{step}(Y - X) \odot X)",
            r"d(\operatorname{step}(Y - X)) \odot X + \operatorname{step}(Y - X) \odot dX",
            "d-hadamard",
        ),
        (r"\operatorname{step}(Y - X) \odot dX", "d-elementwise, d-step"),
        (r"d(\operatorname{step}(X - Y) \odot Y)", r"\operatorname{step}(X - Y) \odot dY", "d-hadamard, d-elementwise, d-step"),
        (r"d(\min(X, Y))", r"d(\operatorname{step}(Y - X) \odot X + \operatorname{step}(X - Y) \odot Y)", "minimum"),
        (r"\operatorname{step}(Y - X) \odot dX + \operatorname{step}(X - Y) \odot dY", "d-sum, substituted"),
    ),
    "d-unknown": Given(
        r"the definition of the gradient: the matrix whose inner product with $dY$ is $d f$",
        r"梯度的定义：与 $dY$ 的内积等于 $d f$ 的矩阵",
    ),
    # ---------------------------------------------------------------- the trace
    "tr-scalar": Given("the definition of the trace, for one row and one column", "一行一列时迹的定义"),
    "tr-transpose": _proof(
        (r"\operatorname{tr}(X^T)", r"\mathbf{1}^T (X^T \odot I) \mathbf{1}", "trace, diagonal"),
        (r"\mathbf{1}^T (X^T \odot I)^T \mathbf{1}", "row-transpose, transpose-product"),
        (r"\mathbf{1}^T (X \odot I) \mathbf{1}", "transpose-hadamard, transpose-twice, transpose-identity"),
        (r"\operatorname{tr}(X)", "trace, diagonal"),
    ),
    "tr-sum": _proof(
        (r"\operatorname{tr}(X + Y)", r"\mathbf{1}^T ((X + Y) \odot I) \mathbf{1}", "trace, diagonal"),
        (r"\mathbf{1}^T (X \odot I) \mathbf{1} + \mathbf{1}^T (Y \odot I) \mathbf{1}", "collected"),
        (r"\operatorname{tr}(X) + \operatorname{tr}(Y)", "trace, diagonal"),
    ),
    "tr-cycle": _proof(
        (r"\operatorname{tr}(X Y)", r"\operatorname{tr}((X^T)^T Y)", "transpose-twice"),
        (r"\mathbf{1}^T (X^T \odot Y) \mathbf{1}", "trace-entries"),
        (r"\mathbf{1}^T (X^T \odot Y)^T \mathbf{1}", "row-transpose, transpose-product"),
        (r"\mathbf{1}^T (X \odot Y^T) \mathbf{1}", "transpose-hadamard, transpose-twice"),
        (r"\mathbf{1}^T (Y^T \odot X) \mathbf{1}", "entries"),
        (r"\operatorname{tr}((Y^T)^T X)", "trace-entries"),
        (r"\operatorname{tr}(Y X)", "transpose-twice"),
    ),
    "tr-hadamard": _proof(
        (r"\operatorname{tr}(M (B \odot Z))", r"\operatorname{tr}((M^T)^T (B \odot Z))", "transpose-twice"),
        (r"\mathbf{1}^T (M^T \odot B \odot Z) \mathbf{1}", "trace-entries"),
        (r"\operatorname{tr}((M^T \odot B)^T Z)", "trace-entries"),
    ),
    "tr-hadamard-quotient": _proof(
        (r"\operatorname{tr}(M (Z \oslash B))", r"\mathbf{1}^T (M^T \odot (Z \oslash B)) \mathbf{1}", "trace-entries"),
        (r"\mathbf{1}^T ((M^T \oslash B) \odot Z) \mathbf{1}", "hadamard-quotient, entries"),
        (r"\operatorname{tr}((M^T \oslash B)^T Z)", "trace-entries"),
    ),
    "tr-diag": _proof(
        (r"\operatorname{tr}(M \operatorname{diag}(z))", r"\operatorname{tr}(M ((z \mathbf{1}^T) \odot I))", "diagonal-matrix"),
        (r"\operatorname{tr}(M (I \odot (z \mathbf{1}^T)))", "entries"),
        (r"\operatorname{tr}((M^T \odot I)^T z \mathbf{1}^T)", "tr-hadamard"),
        (r"\mathbf{1}^T (M^T \odot I)^T z", "tr-cycle, tr-scalar"),
        (r"((M^T \odot I) \mathbf{1})^T z", "transpose-product"),
        (r"((M \odot I)^T \mathbf{1})^T z", "transpose-hadamard, transpose-identity"),
        (r"\operatorname{diag}(M)^T z", "diagonal"),
    ),
    "tr-diag-diag": _proof(
        (
            r"\operatorname{tr}(X \operatorname{diag}(y) Y \operatorname{diag}(z))",
            r"\operatorname{diag}(X \operatorname{diag}(y) Y)^T z",
            "tr-diag",
        ),
        (r"((X \odot Y^T) y)^T z", "diagonal-diag"),
    ),
    # ---------------------------------------------------------------- rows
    "row-transpose": _proof(
        (r"z^T y", r"\mathbf{1}^T (z \odot y)", "column-entries"),
        (r"\mathbf{1}^T (y \odot z)", "entries"),
        (r"y^T z", "column-entries"),
    ),
    "row-hadamard": _proof(
        (r"y^T (b \odot z)", r"\mathbf{1}^T (y \odot b \odot z)", "column-entries"),
        (r"(y \odot b)^T z", "column-entries"),
    ),
    "row-hadamard-quotient": _proof(
        (r"y^T (z \oslash b)", r"y^T (b^{\odot (-1)} \odot z)", "hadamard-quotient, entries"),
        (r"(y \odot b^{\odot (-1)})^T z", "row-hadamard"),
        (r"(y \oslash b)^T z", "hadamard-quotient"),
    ),
    "row-diag": _proof(
        (r"y^T \operatorname{diag}(z) x", r"y^T (z \odot x)", "column-hadamard"),
        (r"y^T (x \odot z)", "entries"),
        (r"(y \odot x)^T z", "row-hadamard"),
    ),
    "row-vec": _proof(
        (r"\operatorname{vec}(A)^T \operatorname{vec}(Z)", r"\mathbf{1}^T (A \odot Z) \mathbf{1}", "vec-entries"),
        (r"\operatorname{tr}(A^T Z)", "trace-entries"),
    ),
    "row-diagonal": _proof(
        (r"y^T \operatorname{diag}(Z)", r"\operatorname{diag}(Z)^T y", "row-transpose"),
        (r"\operatorname{tr}(Z \operatorname{diag}(y))", "tr-diag"),
        (r"\operatorname{tr}(\operatorname{diag}(y) Z)", "tr-cycle"),
    ),
    # ---------------------------------------------------------------- reading off
    "linearity": _proof(
        (r"\operatorname{tr}(X Z) + \operatorname{tr}(Y Z)", r"\operatorname{tr}(X Z + Y Z)", "tr-sum"),
        (r"\operatorname{tr}((X + Y) Z)", "collected"),
    ),
    "row-linearity": _proof((r"X z + Y z", r"(X + Y) z", "collected")),
    "read-off": _proof((r"\operatorname{tr}(M Z)", r"\operatorname{tr}((M^T)^T Z)", "transpose-twice")),
    # ---------------------------------------------------------------- vec
    "vec-product": _proof(
        (r"\operatorname{vec}(X u v^T Y)", r"\operatorname{vec}((X u) (Y^T v)^T)", "transpose-product, transpose-twice"),
        (r"(Y^T v) \otimes (X u)", "kronecker-columns"),
        (r"(Y^T \otimes X) (v \otimes u)", "kronecker-mixed"),
        (r"(Y^T \otimes X) \operatorname{vec}(u v^T)", "kronecker-columns"),
        (r"\operatorname{vec}(X Z Y)", r"(Y^T \otimes X) \operatorname{vec}(Z)", "sums of products"),
    ),
    "vec-hadamard": _proof(
        (
            r"\operatorname{vec}(B \odot Z)",
            r"\operatorname{vec}(B) \odot \operatorname{vec}(Z)",
            "vec-hadamard-entries",
        ),
        (r"\operatorname{diag}(\operatorname{vec}(B)) \operatorname{vec}(Z)", "column-hadamard"),
    ),
    "column-hadamard": Given(r"the definition of both sides: entry $i$ is $b_i z_i$", r"两边的定义：第 $i$ 个元素都是 $b_i z_i$"),
    "column-diag": _proof(
        (r"\operatorname{diag}(z) b", r"z \odot b", "column-hadamard"),
        (r"b \odot z", "entries"),
        (r"\operatorname{diag}(b) z", "column-hadamard"),
    ),
    "column-scalar": _proof(
        (r"(y^T z) x", r"x (y^T z)", "numbers"),
        (r"x y^T z", "collected"),
    ),
    "vec-transpose": _proof((r"\operatorname{vec}(Z^T)", r"K_{p,q} \operatorname{vec}(Z)", "vec-commutation")),
    "vec-diag": _proof(
        (
            r"\operatorname{vec}(\operatorname{diag}(z))",
            r"\operatorname{vec}((z \mathbf{1}_p^T) \odot I_p)",
            "diagonal-matrix",
        ),
        (r"\operatorname{vec}(z \mathbf{1}_p^T) \odot \operatorname{vec}(I_p)", "vec-hadamard-entries"),
        (r"(\mathbf{1}_p \otimes z) \odot \operatorname{vec}(I_p)", "kronecker-columns"),
        (r"\operatorname{diag}(\operatorname{vec}(I_p)) (\mathbf{1}_p \otimes z)", "entries, column-hadamard"),
        (r"\operatorname{diag}(\operatorname{vec}(I_p)) (\mathbf{1}_p \otimes I_p) z", "column-kronecker-right"),
    ),
    "diag-diagonal": Given(
        "the definition of both sides: the diagonal of $Z$, and zeros beside it", "两边的定义：$Z$ 的对角线，其余为零"
    ),
    "diagonal-product": Given(
        r"the definition of both sides: entry $i$ is $\sum_j x_{ij} y_{ji}$",
        r"两边的定义：第 $i$ 个元素都是 $\sum_j x_{ij} y_{ji}$",
    ),
    "diagonal-diag": _proof(
        (
            r"\operatorname{diag}(X \operatorname{diag}(z) Y)",
            r"(Y^T \odot (X \operatorname{diag}(z))) \mathbf{1}",
            "diagonal-product",
        ),
        (r"((X \operatorname{diag}(z)) \odot Y^T) \mathbf{1}", "entries"),
        (r"(X \odot Y^T) \operatorname{diag}(z) \mathbf{1}", "hadamard-columns"),
        (r"(X \odot Y^T) (z \odot \mathbf{1})", "column-hadamard"),
        (r"(X \odot Y^T) z", "entries"),
    ),
    "diagonal-entries": _proof(
        (r"\operatorname{diag}(Z)", r"(Z \odot I) \mathbf{1}", "diagonal"),
        (r"(I \odot Z) \mathbf{1}", "entries"),
    ),
    "vec-gradient": Given(
        r"the definition of the Hessian: the matrix that takes $\operatorname{vec}(dY)$ to vec of the gradient's differential",
        r"Hessian 矩阵的定义：把 $\operatorname{vec}(dY)$ 变为梯度微分之 vec 的矩阵",
    ),
    # ---------------------------------------------------------------- Kronecker products
    "kronecker-transpose": Given(
        "the definition of both sides: the products of all entries of $X$ with all entries of $Y$, each in the transposed place",
        "两边的定义：$X$ 的各元素与 $Y$ 的各元素之积，各在转置后的位置",
    ),
    "kronecker-mixed": Given(
        r"the product of block matrices: block $(i, j)$ of both sides is $\sum_k x_{ik} u_{kj} \, Y V$",
        r"分块矩阵的乘积：两边的第 $(i, j)$ 块都是 $\sum_k x_{ik} u_{kj} \, Y V$",
    ),
    "kronecker-hadamard": Given(
        r"the definition of both sides: block $(i, j)$ is $x_{ij} u_{ij} (Y \odot V)$",
        r"两边的定义：第 $(i, j)$ 块都是 $x_{ij} u_{ij} (Y \odot V)$",
    ),
    "kronecker-inverse": _proof(
        (r"(X \otimes Y) (X^{-1} \otimes Y^{-1})", r"X X^{-1} \otimes Y Y^{-1}", "kronecker-mixed"),
        (r"I_{pq}", "inverse"),
        (r"(X \otimes Y)^{-1}", r"X^{-1} \otimes Y^{-1}", "from the left"),
    ),
    "kronecker-power": _proof(
        (r"(X \otimes Y)^k", r"(X \otimes Y) (X \otimes Y)^{k-1}", "power"),
        (r"(X \otimes Y) (X^{k-1} \otimes Y^{k-1})", "induction"),
        (r"X X^{k-1} \otimes Y Y^{k-1}", "kronecker-mixed"),
        (r"X^k \otimes Y^k", "power"),
    ),
    "determinant-kronecker": Given(
        r"$X \otimes Y = (X \otimes I) (I \otimes Y)$: on the diagonal of $I \otimes Y$ stand $p$ blocks $Y$, and on that of"
        r" $X \otimes I$, its rows and columns put in another order, $q$ blocks $X$",
        r"$X \otimes Y = (X \otimes I) (I \otimes Y)$：$I \otimes Y$ 的对角线上有 $p$ 块 $Y$，"
        r"$X \otimes I$ 的行列重排后有 $q$ 块 $X$",
    ),
    "log-determinant-kronecker": _proof(
        (r"\log\det(X \otimes Y)", r"\log(\det(X)^q \det(Y)^p)", "determinant-kronecker"),
        (r"\log(\det(X)^q) + \log(\det(Y)^p)", "log-product"),
        (r"q \log\det(X) + p \log\det(Y)", "log-power"),
    ),
    "norm-kronecker": _proof(
        (r"\|X \otimes Y\|^2", r"\operatorname{tr}((X \otimes Y)^T (X \otimes Y))", "norm-squared"),
        (r"\operatorname{tr}((X^T \otimes Y^T) (X \otimes Y))", "kronecker-transpose"),
        (r"\operatorname{tr}(X^T X \otimes Y^T Y)", "kronecker-mixed"),
        (r"\operatorname{tr}(X^T X) \operatorname{tr}(Y^T Y)", "tr-kronecker"),
        (r"\|X\|^2 \|Y\|^2", "norm-squared"),
        (r"\|X \otimes Y\|", r"\|X\| \|Y\|", "root"),
    ),
    "norm-vec": _proof(
        (r"\|\operatorname{vec}(X)\|^2", r"\operatorname{vec}(X)^T \operatorname{vec}(X)", "norm-squared-vector"),
        (r"\operatorname{tr}(X^T X)", "row-vec"),
        (r"\|X\|^2", "norm-squared"),
        (r"\|\operatorname{vec}(X)\|", r"\|X\|", "root"),
    ),
    "vec-kronecker-product": _proof(
        (r"(X \otimes Y) \operatorname{vec}(U)", r"\operatorname{vec}(Y U X^T)", "vec-product"),
    ),
    "sum-vec": Given("vec lists the entries: both sides are the sum of all", "vec 列出各元素：两边都是所有元素之和"),
    "kronecker-ones": _proof(
        (r"(X \otimes Y) \mathbf{1}", r"(X \otimes Y) (\mathbf{1}_q \otimes \mathbf{1}_t)", "ones-kronecker"),
        (r"X \mathbf{1}_q \otimes Y \mathbf{1}_t", "kronecker-mixed"),
    ),
    "sum-kronecker": _proof(
        (r"\mathbf{1}^T (x \otimes y)", r"\mathbf{1}^T \operatorname{vec}(y x^T)", "kronecker-columns"),
        (r"(\mathbf{1}^T y) (x^T \mathbf{1})", "sum-vec"),
        (r"\mathbf{1}^T x \mathbf{1}^T y", "row-transpose, numbers"),
    ),
    "vec-commutation": Given(
        r"the definition of the commutation matrix: it takes $\operatorname{vec}(X)$ to $\operatorname{vec}(X^T)$",
        r"交换矩阵的定义：把 $\operatorname{vec}(X)$ 变为 $\operatorname{vec}(X^T)$",
    ),
    "vec-function": Given(
        "vec moves entries and changes none; the function is taken of each", "向量化只移动元素，不改变元素；函数作用于每个元素"
    ),
    "tr-kronecker-right": Given(
        r"both sides are linear in $B$; for $B = u v^T$ both are $\operatorname{tr}((v^T \otimes I) M (u \otimes I) Z)$",
        r"两边关于 $B$ 都是线性的；当 $B = u v^T$ 时两边都是 $\operatorname{tr}((v^T \otimes I) M (u \otimes I) Z)$",
    ),
    "tr-kronecker-left": Given(
        r"both sides are linear in $B$; for $B = u v^T$ both are $\operatorname{tr}((I \otimes v^T) M (I \otimes u) Z)$",
        r"两边关于 $B$ 都是线性的；当 $B = u v^T$ 时两边都是 $\operatorname{tr}((I \otimes v^T) M (I \otimes u) Z)$",
    ),
    "row-unvec": _proof(
        (r"\operatorname{vec}(Y)^T \operatorname{vec}(Z)", r"\operatorname{tr}(Y^T Z)", "row-vec"),
        (
            r"\operatorname{tr}(((\operatorname{vec}(I_q)^T \otimes I_p) (I_q \otimes \operatorname{vec}(Y)))^T Z)",
            "unvec",
        ),
        (
            r"\operatorname{tr}((I_q \otimes \operatorname{vec}(Y)^T) (\operatorname{vec}(I_q) \otimes I_p) Z)",
            "transpose-product, kronecker-transpose",
        ),
        (
            r"y^T \operatorname{vec}(Z)",
            r"\operatorname{tr}((I_q \otimes y^T) (\operatorname{vec}(I_q) \otimes I_p) Z)",
            "substituted",
        ),
        shapes="Y: p x q",
    ),
    "vec-unvec": _proof(
        (
            r"\operatorname{vec}((\operatorname{vec}(I_q)^T \otimes I_p) (I_q \otimes \operatorname{vec}(Z)))",
            r"\operatorname{vec}(Z)",
            "unvec",
        ),
    ),
    "column-kronecker-right": Given("the definition of both sides: block $i$ is $b_i z$", "两边的定义：第 $i$ 块都是 $b_i z$"),
    "column-kronecker-left": Given("the definition of both sides: block $i$ is $z_i b$", "两边的定义：第 $i$ 块都是 $z_i b$"),
    "vec-kronecker-right": Given(
        r"both sides are linear in $B$ and $Z$; for $B = u v^T$ and $Z = a c^T$ both are $v \otimes c \otimes u \otimes a$",
        r"两边关于 $B$ 和 $Z$ 都是线性的；当 $B = u v^T$、$Z = a c^T$ 时两边都是 $v \otimes c \otimes u \otimes a$",
    ),
    "vec-kronecker-left": _proof(
        (
            r"\operatorname{vec}(Z \otimes B)",
            r"(I_q \otimes K_{s,p} \otimes I_r) (\operatorname{vec}(Z) \otimes I_{rs}) \operatorname{vec}(B)",
            "vec-kronecker-right",
        ),
        (r"(I_q \otimes K_{s,p} \otimes I_r) (\operatorname{vec}(Z) \otimes \operatorname{vec}(B))", "column-kronecker-right"),
        (
            r"(I_q \otimes K_{s,p} \otimes I_r) (I_{pq} \otimes \operatorname{vec}(B)) \operatorname{vec}(Z)",
            "column-kronecker-left",
        ),
    ),
    # ---------------------------------------------------------------- block layout
    "block-product": Given(
        r"the definition of block layout: block $(i, j)$ of both sides is $A E_{ij} B$, column $i$ of $A$ times row $j$ of $B$"
        + _UNIT_EN,
        r"分块布局的定义：两边的第 $(i, j)$ 块都是 $A E_{ij} B$，即$A$ 的第 $i$ 列乘 $B$ 的第 $j$ 行" + _UNIT_ZH,
    ),
    "block-transpose": Given(
        r"the definition of block layout: block $(i, j)$ of both sides is $A E_{ij}^T B$, column $j$ of $A$ times row $i$ of $B$"
        + _UNIT_EN,
        r"分块布局的定义：两边的第 $(i, j)$ 块都是 $A E_{ij}^T B$，即$A$ 的第 $j$ 列乘 $B$ 的第 $i$ 行" + _UNIT_ZH,
    ),
    "block-scalar": Given(
        r"the definition of block layout: block $(i, j)$ of both sides is $\frac{\partial f}{\partial y_{ij}} B$",
        r"分块布局的定义：两边的第 $(i, j)$ 块都是 $\frac{\partial f}{\partial y_{ij}} B$",
    ),
    "block-surroundings": Given(
        r"the definition of block layout: block $(i, j)$ of both sides is $A \frac{\partial \sigma(Z)}{\partial z_{ij}} B$",
        r"分块布局的定义：两边的第 $(i, j)$ 块都是 $A \frac{\partial \sigma(Z)}{\partial z_{ij}} B$",
    ),
    "block-hadamard": Given(
        r"the definition of block layout: block $(i, j)$ of both sides is $B \odot E_{ij}$" + _UNIT_EN,
        r"分块布局的定义：两边的第 $(i, j)$ 块都是 $B \odot E_{ij}$" + _UNIT_ZH,
    ),
    "block-diag": Given(
        r"the definition of block layout: block $i$ of both sides is $\operatorname{diag}(e_i)$",
        r"分块布局的定义：两边的第 $i$ 块都是 $\operatorname{diag}(e_i)$",
    ),
    "block-vec": Given(
        r"the definition of block layout: block $(i, j)$ of both sides is $\operatorname{vec}(E_{ij})$" + _UNIT_EN,
        r"分块布局的定义：两边的第 $(i, j)$ 块都是 $\operatorname{vec}(E_{ij})$" + _UNIT_ZH,
    ),
    "block-kronecker-left": Given(
        r"the definition of block layout: block $(i, j)$ of both sides is $E_{ij} \otimes B$" + _UNIT_EN,
        r"分块布局的定义：两边的第 $(i, j)$ 块都是 $E_{ij} \otimes B$" + _UNIT_ZH,
    ),
    "block-kronecker-right": Given(
        r"the definition of block layout: block $(i, j)$ of both sides is $B \otimes E_{ij}$" + _UNIT_EN,
        r"分块布局的定义：两边的第 $(i, j)$ 块都是 $B \otimes E_{ij}$" + _UNIT_ZH,
    ),
    # ---------------------------------------------------------------- forms
    "sigmoid-form": _proof(
        (r"\exp(\tau) (1 + \exp(\tau))^{-1}", r"(1 + \exp(-\tau))^{-1}", "exp-negative"),
        (r"\operatorname{sigmoid}(\tau)", "sigmoid"),
    ),
    "sigmoid-definition": _proof((r"(1 + \exp(-\tau))^{-1}", r"\operatorname{sigmoid}(\tau)", "sigmoid")),
    "tanh-form": _proof((r"\sinh(\tau) \cosh(\tau)^{-1}", r"\tanh(\tau)", "sinh, cosh, tanh")),
    "tan-form": _proof((r"\sin(\tau) \cos(\tau)^{-1}", r"\tan(\tau)", "tan")),
    "relu-step": _proof(
        (
            r"\operatorname{relu}(\tau) \operatorname{step}(\tau)",
            r"\frac{1}{4} (\tau + \operatorname{abs}(\tau)) (1 + \tau \operatorname{abs}(\tau)^{-1})",
            "relu, step, sign",
        ),
        (
            r"\frac{1}{4} \operatorname{abs}(\tau)^{-1} (\tau^2 + 2 \tau \operatorname{abs}(\tau) + \operatorname{abs}(\tau)^2)",
            "collected",
        ),
        (
            r"\frac{1}{4} \operatorname{abs}(\tau)^{-1} (2 \tau \operatorname{abs}(\tau) + 2 \operatorname{abs}(\tau)^2)",
            "abs",
        ),
        (r"\operatorname{relu}(\tau)", "collected, relu"),
    ),
    "abs-sign": _proof(
        (
            r"\operatorname{abs}(\tau) \operatorname{sign}(\tau)",
            r"\operatorname{abs}(\tau) \tau \operatorname{abs}(\tau)^{-1}",
            "sign",
        ),
        (r"\tau", "collected"),
    ),
    "sign-abs": _proof(
        (r"\operatorname{abs}(\tau)^2", r"\tau^2", "abs"),
        (r"\operatorname{abs}(\tau)^{-2}", r"\tau^{-2}", "divided"),
        (r"\operatorname{sign}(\tau) \operatorname{abs}(\tau)^{-1}", r"\tau \operatorname{abs}(\tau)^{-2}", "sign"),
        (r"\tau^{-1}", "substituted"),
    ),
    "softmax-form": _proof((r"(\mathbf{1}^T \exp(z))^{-1} \exp(z)", r"\operatorname{softmax}(z)", "softmax")),
    "cancel-right": _proof(
        (r"X Y (X Y)^{-1}", r"I", "inverse"),
        (r"Y (X Y)^{-1}", r"X^{-1}", "from the left"),
    ),
    "cancel-left": _proof(
        (r"X Y Y^{-1}", r"X", "inverse"),
        (r"(X Y)^{-1} X", r"Y^{-1}", "from the left"),
    ),
    # ---------------------------------------------------------------- elementwise functions
    "d-exp": Given(
        "the definition of the exponential: the function that is its own slope, with $1$ at $0$",
        "指数函数的定义：斜率等于自身、在 $0$ 处取 $1$ 的函数",
    ),
    "d-log": _proof(
        (r"\exp(\log(\tau))", r"\tau", "log"),
        (r"\exp(\log(\tau)) d(\log(\tau))", r"d\tau", "both sides, d-function, d-exp"),
        (r"\tau \, d(\log(\tau))", r"d\tau", "log"),
        (r"d(\log(\tau))", r"\tau^{-1} d\tau", "divided"),
    ),
    "d-sin": Given(
        r"the series $\sin \tau = \tau - \frac{1}{6} \tau^3 + \dots$, term by term",
        r"级数 $\sin \tau = \tau - \frac{1}{6} \tau^3 + \dots$ 逐项求微分",
    ),
    "d-cos": Given(
        r"the series $\cos \tau = 1 - \frac{1}{2} \tau^2 + \dots$, term by term",
        r"级数 $\cos \tau = 1 - \frac{1}{2} \tau^2 + \dots$ 逐项求微分",
    ),
    "d-tan": _proof(
        (r"d(\tan(\tau))", r"d(\sin(\tau) \cos(\tau)^{-1})", "tan"),
        (r"d(\sin(\tau)) \cos(\tau)^{-1} + \sin(\tau) d(\cos(\tau)^{-1})", "d-product"),
        (r"\cos(\tau) d\tau \cos(\tau)^{-1} + \sin(\tau) d(\cos(\tau)^{-1})", "d-sin"),
        (
            r"\cos(\tau) d\tau \cos(\tau)^{-1} + \sin(\tau) \cos(\tau)^{-2} \sin(\tau) d\tau",
            "d-reciprocal, d-cos",
        ),
        (r"(1 + (\sin(\tau) \cos(\tau)^{-1})^2) \, d\tau", "collected"),
        (r"(1 + \tan(\tau)^2) \, d\tau", "tan"),
    ),
    "d-cot": _proof(
        (r"d(\cot(\tau))", r"d(\cos(\tau) \sin(\tau)^{-1})", "cot"),
        (r"d(\cos(\tau)) \sin(\tau)^{-1} + \cos(\tau) d(\sin(\tau)^{-1})", "d-product"),
        (r"-\sin(\tau) d\tau \sin(\tau)^{-1} - \cos(\tau) \sin(\tau)^{-2} \cos(\tau) d\tau", "d-cos, d-reciprocal, d-sin"),
        (r"(-1 - (\cos(\tau) \sin(\tau)^{-1})^2) \, d\tau", "collected"),
        (r"(-1 - \cot(\tau)^2) \, d\tau", "cot"),
    ),
    "d-sec": _proof(
        (r"d(\sec(\tau))", r"d(\cos(\tau)^{-1})", "sec"),
        (r"\cos(\tau)^{-2} \sin(\tau) d\tau", "d-reciprocal, d-cos"),
        (r"\sec(\tau) \tan(\tau) \, d\tau", "sec, tan"),
    ),
    "d-csc": _proof(
        (r"d(\csc(\tau))", r"d(\sin(\tau)^{-1})", "csc"),
        (r"-\sin(\tau)^{-2} \cos(\tau) d\tau", "d-reciprocal, d-sin"),
        (r"-\csc(\tau) \cot(\tau) \, d\tau", "csc, cot"),
    ),
    "d-arccos": _proof(
        (r"d(\arccos(\tau))", r"d(\frac{1}{2} \pi - \arcsin(\tau))", "arccos"),
        (r"-d(\arcsin(\tau))", "d-difference, d-constant"),
        (r"-\sqrt{1 - \tau^2}^{-1} \, d\tau", "d-arcsin"),
    ),
    "d-erfc": _proof(
        (r"d(\operatorname{erfc}(\tau))", r"d(1 - \operatorname{erf}(\tau))", "erfc"),
        (r"-d(\operatorname{erf}(\tau))", "d-difference, d-constant"),
        (r"-2 \sqrt{\pi}^{-1} \exp(-\tau^2) \, d\tau", "d-erf"),
    ),
    "d-silu": _proof(
        (r"d(\operatorname{silu}(\tau))", r"d(\tau (1 + \exp(-\tau))^{-1})", "silu"),
        (r"d(\tau \operatorname{sigmoid}(\tau))", "sigmoid"),
        (r"\operatorname{sigmoid}(\tau) d\tau + \tau d(\operatorname{sigmoid}(\tau))", "d-product"),
        (
            r"\operatorname{sigmoid}(\tau) d\tau + \tau \operatorname{sigmoid}(\tau) (1 - \operatorname{sigmoid}(\tau)) d\tau",
            "d-sigmoid",
        ),
        (r"\operatorname{sigmoid}(\tau) (1 + \tau (1 - \operatorname{sigmoid}(\tau))) \, d\tau", "collected"),
    ),
    "d-gelu": _proof(
        (
            r"d(\operatorname{gelu}(\tau))",
            r"d(\frac{1}{2} \tau (1 + \operatorname{erf}(\sqrt{2}^{-1} \tau)))",
            "gelu",
        ),
        (r"\frac{1}{2} d(\tau (1 + \operatorname{erf}(\sqrt{2}^{-1} \tau)))", "d-scale"),
        (
            r"\frac{1}{2} (1 + \operatorname{erf}(\sqrt{2}^{-1} \tau)) d\tau"
            r" + \frac{1}{2} \tau d(1 + \operatorname{erf}(\sqrt{2}^{-1} \tau))",
            "d-product",
        ),
        (
            r"\frac{1}{2} (1 + \operatorname{erf}(\sqrt{2}^{-1} \tau)) d\tau"
            r" + \frac{1}{2} \tau d(\operatorname{erf}(\sqrt{2}^{-1} \tau))",
            "d-sum, d-constant",
        ),
        (
            r"\frac{1}{2} (1 + \operatorname{erf}(\sqrt{2}^{-1} \tau)) d\tau"
            r" + \tau \sqrt{\pi}^{-1} \exp(-(\sqrt{2}^{-1} \tau)^2) \sqrt{2}^{-1} d\tau",
            "d-function, d-erf, d-scale",
        ),
        (
            r"(\frac{1}{2} (1 + \operatorname{erf}(\sqrt{2}^{-1} \tau))"
            r" + \sqrt{2}^{-1} \sqrt{\pi}^{-1} \tau \exp(-\frac{1}{2} \tau^2)) \, d\tau",
            "sqrt, collected",
        ),
    ),
    "d-logit": _proof(
        (r"d(\operatorname{logit}(\tau))", r"d(\log(\tau) - \log(1 - \tau))", "logit"),
        (r"\tau^{-1} d\tau - (1 - \tau)^{-1} d(1 - \tau)", "d-difference, d-function, d-log"),
        (r"\tau^{-1} d\tau + (1 - \tau)^{-1} d\tau", "d-difference, d-constant"),
        (r"(\tau (1 - \tau))^{-1} \, d\tau", "collected"),
    ),
    "d-sinh": _proof(
        (r"d(\sinh(\tau))", r"d(\frac{1}{2} (\exp(\tau) - \exp(-\tau)))", "sinh"),
        (r"\frac{1}{2} (d(\exp(\tau)) - d(\exp(-\tau)))", "d-scale, d-difference"),
        (r"\frac{1}{2} (\exp(\tau) d\tau + \exp(-\tau) d\tau)", "d-function, d-exp, d-scale"),
        (r"\cosh(\tau) \, d\tau", "cosh"),
    ),
    "d-cosh": _proof(
        (r"d(\cosh(\tau))", r"d(\frac{1}{2} (\exp(\tau) + \exp(-\tau)))", "cosh"),
        (r"\frac{1}{2} (d(\exp(\tau)) + d(\exp(-\tau)))", "d-scale, d-sum"),
        (r"\frac{1}{2} (\exp(\tau) d\tau - \exp(-\tau) d\tau)", "d-function, d-exp, d-scale"),
        (r"\sinh(\tau) \, d\tau", "sinh"),
    ),
    "d-tanh": _proof(
        (r"\tanh(\tau)", r"\sinh(\tau) \cosh(\tau)^{-1}", "tanh, sinh, cosh"),
        (
            r"d(\tanh(\tau))",
            r"d(\sinh(\tau)) \cosh(\tau)^{-1} + \sinh(\tau) d(\cosh(\tau)^{-1})",
            "both sides, d-product",
        ),
        (r"\cosh(\tau) d\tau \cosh(\tau)^{-1} + \sinh(\tau) d(\cosh(\tau)^{-1})", "d-sinh"),
        (
            r"\cosh(\tau) d\tau \cosh(\tau)^{-1} - \sinh(\tau) \cosh(\tau)^{-2} \sinh(\tau) d\tau",
            "d-reciprocal, d-cosh",
        ),
        (r"(1 - (\sinh(\tau) \cosh(\tau)^{-1})^2) \, d\tau", "collected"),
        (r"(1 - \tanh(\tau)^2) \, d\tau", "tanh, sinh, cosh"),
    ),
    "d-arctan": _proof(
        (r"\tan(\arctan(\tau))", r"\tau", "arctan"),
        (r"(1 + \tan(\arctan(\tau))^2) \, d(\arctan(\tau))", r"d\tau", "both sides, d-function, d-tan"),
        (r"(1 + \tau^2) \, d(\arctan(\tau))", r"d\tau", "arctan"),
        (r"d(\arctan(\tau))", r"(1 + \tau^2)^{-1} \, d\tau", "divided"),
    ),
    "d-sigmoid": _proof(
        (r"d(\operatorname{sigmoid}(\tau))", r"d((1 + \exp(-\tau))^{-1})", "sigmoid"),
        (r"-(1 + \exp(-\tau))^{-2} d(1 + \exp(-\tau))", "d-reciprocal"),
        (r"-(1 + \exp(-\tau))^{-2} d(\exp(-\tau))", "d-sum, d-constant"),
        (r"(1 + \exp(-\tau))^{-2} \exp(-\tau) d\tau", "d-function, d-exp, d-scale"),
        (r"(1 + \exp(-\tau))^{-1} (1 - (1 + \exp(-\tau))^{-1}) d\tau", "collected"),
        (r"\operatorname{sigmoid}(\tau) (1 - \operatorname{sigmoid}(\tau)) \, d\tau", "sigmoid"),
    ),
    "d-softplus": _proof(
        (r"d(\operatorname{softplus}(\tau))", r"d(\log(1 + \exp(\tau)))", "softplus"),
        (r"(1 + \exp(\tau))^{-1} d(1 + \exp(\tau))", "d-function, d-log"),
        (r"(1 + \exp(\tau))^{-1} \exp(\tau) d\tau", "d-sum, d-constant, d-exp"),
        (r"(1 + \exp(-\tau))^{-1} d\tau", "exp-negative"),
        (r"\operatorname{sigmoid}(\tau) \, d\tau", "sigmoid"),
    ),
    "d-sqrt": _proof(
        (r"\sqrt{\tau}^2", r"\tau", "sqrt"),
        (r"2 \sqrt{\tau} \, d(\sqrt{\tau})", r"d\tau", "both sides, d-power"),
        (r"d(\sqrt{\tau})", r"\frac{1}{2} \sqrt{\tau}^{-1} \, d\tau", "divided"),
    ),
    "d-abs": _proof(
        (r"\operatorname{abs}(\tau)^2", r"\tau^2", "abs"),
        (r"2 \operatorname{abs}(\tau) \, d(\operatorname{abs}(\tau))", r"2 \tau \, d\tau", "both sides, d-power"),
        (r"d(\operatorname{abs}(\tau))", r"\tau \operatorname{abs}(\tau)^{-1} \, d\tau", "divided"),
        (r"\operatorname{sign}(\tau) \, d\tau", "sign"),
    ),
    "d-sign": _proof(
        (r"\operatorname{sign}(\tau) \operatorname{abs}(\tau)", r"\tau", "sign"),
        (
            r"d(\operatorname{sign}(\tau)) \operatorname{abs}(\tau) + \operatorname{sign}(\tau) d(\operatorname{abs}(\tau))",
            r"d\tau",
            "both sides, d-product",
        ),
        (
            r"d(\operatorname{sign}(\tau)) \operatorname{abs}(\tau) + \operatorname{sign}(\tau)^2 d\tau",
            r"d\tau",
            "d-abs",
        ),
        (r"d(\operatorname{sign}(\tau)) \operatorname{abs}(\tau)", r"0", "sign, rearranged"),
        (r"d(\operatorname{sign}(\tau))", r"0", "divided"),
    ),
    "d-relu": _proof(
        (r"d(\operatorname{relu}(\tau))", r"d(\frac{1}{2} (\tau + \operatorname{abs}(\tau)))", "relu"),
        (r"\frac{1}{2} (d\tau + d(\operatorname{abs}(\tau)))", "d-scale, d-sum"),
        (r"\frac{1}{2} (1 + \operatorname{sign}(\tau)) \, d\tau", "d-abs, collected"),
        (r"\operatorname{step}(\tau) \, d\tau", "step"),
    ),
    "d-step": _proof(
        (r"d(\operatorname{step}(\tau))", r"d(\frac{1}{2} (1 + \operatorname{sign}(\tau)))", "step"),
        (r"\frac{1}{2} d(\operatorname{sign}(\tau))", "d-scale, d-sum, d-constant"),
        (r"0", "d-sign"),
    ),
    # ---------------------------------------------------------------- lemmas
    "norm-vector": _proof((r"\|x\|^2", r"x^T x", "norm-squared-vector"), (r"\|x\|", r"\sqrt{x^T x}", "root")),
    "norm": _proof(
        (r"\|X\|^2", r"\operatorname{tr}(X^T X)", "norm-squared"),
        (r"\|X\|", r"\sqrt{\operatorname{tr}(X^T X)}", "root"),
    ),
    "d-reciprocal": _proof(
        (r"\tau \tau^{-1}", r"1", "collected"),
        (r"d\tau \, \tau^{-1} + \tau \, d(\tau^{-1})", r"0", "both sides, d-product, d-constant"),
        (r"\tau \, d(\tau^{-1})", r"-\tau^{-1} d\tau", "rearranged"),
        (r"d(\tau^{-1})", r"-\tau^{-2} d\tau", "divided"),
    ),
    "d-quotient": _proof(
        (r"d(\frac{1}{\tau} X)", r"d(\tau^{-1}) X + \tau^{-1} dX", "d-product"),
        (r"-\tau^{-2} d\tau \, X + \tau^{-1} dX", "d-reciprocal"),
        (r"\frac{1}{\tau^2} (\tau \, dX - d\tau \, X)", "collected"),
    ),
    "d-norm-squared": _proof(
        (r"d(\|X\|^2)", r"d(\operatorname{tr}(X^T X))", "norm-squared"),
        (r"2 \operatorname{tr}(X^T dX)", "d-trace-square"),
    ),
    "d-inverse-transpose": _proof(
        (r"d(X^{-T})", r"(d(X^{-1}))^T", "d-transpose"),
        (r"-(X^{-1} (dX) X^{-1})^T", "d-inverse"),
        (r"-X^{-T} (dX)^T X^{-T}", "transpose-product"),
    ),
}
