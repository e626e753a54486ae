"""Restatements before differentiating, and declared properties used as named steps."""

from mdderive.model.properties import PROPERTIES
from mdderive.rules.statement import Rule

# What a differential sees of the matrix beside it, where the matrices with its property form a space.
DIRECTIONS = tuple(
    Rule(
        f"{row.name}-direction",
        r"\operatorname{tr}(M S)",
        rf"\operatorname{{tr}}({part if (part := row.part).startswith(chr(92)) else f'({part})'} S)",
        f"{row.name} part, for a {row.name} differential",
        f"{row.zh}微分只取{row.zh}部分",
        when=f"S {row.name}",
    )
    for row in PROPERTIES.values()
    if row.part
)
RULES = (
    Rule("norm-squared-vector", r"\|x\|^2", r"x^T x", "squared norm as an inner product", "范数平方写成内积"),
    Rule("norm-squared", r"\|X\|^2", r"\operatorname{tr}(X^T X)", "squared norm as a trace", "范数平方写成迹"),
    Rule("inner-vector", r"\langle x, y \rangle", r"x^T y", "inner product", "内积"),
    Rule("inner", r"\langle X, Y \rangle", r"\operatorname{tr}(X^T Y)", "inner product as a trace", "内积写成迹"),
    Rule(
        "exponential-inverse",
        r"(e^X)^{-1}",
        r"e^{-X}",
        "inverse of the matrix exponential",
        "矩阵指数的逆",
    ),
    Rule(
        "exponential-determinant",
        r"\det(e^X)",
        r"\exp(\operatorname{tr}(X))",
        "determinant of the matrix exponential",
        "矩阵指数的行列式",
    ),
    Rule(
        "log-of-product-over-index",
        r"\log(\prod_{i=1}^p \tau_i)",
        r"\sum_{i=1}^p \log(\tau_i)",
        "logarithm of a product",
        "乘积的对数",
        shapes=r"\tau_i: p",
    ),
    Rule("log-of-product", r"\log(\rho \tau)", r"\log(\rho) + \log(\tau)", "logarithm of a product", "乘积的对数"),
    Rule("log-of-power", r"\log(\tau^k)", r"k \log(\tau)", "logarithm of a power", "幂的对数"),
    Rule("log-of-root", r"\log(\sqrt{\tau})", r"\frac{1}{2} \log(\tau)", "logarithm of a square root", "平方根的对数"),
    Rule("log-of-exponential", r"\log(\exp(\tau))", r"\tau", "logarithm of an exponential", "指数的对数"),
    Rule("symmetric", r"S^T", r"S", "symmetry", "对称性", when="S symmetric"),
    *DIRECTIONS,
    Rule("orthogonal", r"S^{-1}", r"S^T", "orthogonality", "正交性", when="S orthogonal"),
)
