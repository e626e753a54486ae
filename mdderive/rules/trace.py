"""Carrying surroundings past the differential: for every operator and argument in which it is linear, one law.

A binder folds what stands left and right of the differential into one letter each, with the identity where nothing stands.
The laws are the trace tricks every text on matrix calculus lists; both sides of each are the same sum over entries.
"""

from mdderive.rules.statement import Rule

RULES = (
    # ---------------------------------------------------------------- the trace itself
    Rule("tr-scalar", r"\alpha", r"\operatorname{tr}(\alpha)", "a scalar is its trace", "标量等于自己的迹"),
    Rule("tr-transpose", r"\operatorname{tr}(X^T)", r"\operatorname{tr}(X)", "transpose inside the trace", "迹内转置"),
    Rule(
        "tr-sum", r"\operatorname{tr}(X + Y)", r"\operatorname{tr}(X) + \operatorname{tr}(Y)", "linearity", "迹的线性", told=False
    ),
    Rule("tr-cycle", r"\operatorname{tr}(X Y)", r"\operatorname{tr}(Y X)", "cyclic property", "迹的循环性质"),
    # ---------------------------------------------------------------- trace form: tr(M …)
    Rule(
        "tr-hadamard",
        r"\operatorname{tr}(M (B \odot Z))",
        r"\operatorname{tr}((M^T \odot B)^T Z)",
        "trace and Hadamard product",
        "迹与逐元素乘法交换",
    ),
    Rule(
        "tr-hadamard-quotient",
        r"\operatorname{tr}(M (Z \oslash B))",
        r"\operatorname{tr}((M^T \oslash B)^T Z)",
        "trace and elementwise quotient",
        "迹与逐元素除法交换",
    ),
    Rule(
        "tr-diag",
        r"\operatorname{tr}(M \operatorname{diag}(z))",
        r"\operatorname{diag}(M)^T z",
        "trace with a diagonal matrix",
        "迹与对角阵",
    ),
    Rule(
        "tr-diag-diag",
        r"\operatorname{tr}(X \operatorname{diag}(y) Y \operatorname{diag}(z))",
        r"((X \odot Y^T) y)^T z",
        "trace with two diagonal matrices",
        "迹与两个对角阵",
    ),
    Rule(
        "tr-lower-triangle",
        r"\operatorname{tr}(M \operatorname{tril}(Z))",
        r"\operatorname{tr}(\operatorname{triu}(M) Z)",
        "trace with a lower triangle",
        "迹与下三角部分",
    ),
    Rule(
        "tr-upper-triangle",
        r"\operatorname{tr}(M \operatorname{triu}(Z))",
        r"\operatorname{tr}(\operatorname{tril}(M) Z)",
        "trace with an upper triangle",
        "迹与上三角部分",
    ),
    Rule(
        "tr-own-function",
        r"\operatorname{tr}(M L_{\sigma}(X, Z))",
        r"\operatorname{tr}(M \sigma'(X) Z)",
        "function of the same matrix under the trace",
        "迹内同一矩阵的函数",
        ref="what is a function of X commutes with every power of X",
        when="M a function of X, functions matrix",
    ),
    Rule(
        "tr-function",
        r"\operatorname{tr}(M L_{\sigma}(X, Z))",
        r"\operatorname{tr}(L_{\sigma}(X, M) Z)",
        "derivative of a function of a matrix under the trace",
        "迹内矩阵函数的导数",
        ref="for powers of X the cyclic property, and so for their sums",
    ),
    Rule(
        "tr-power-sum",
        r"\operatorname{tr}(M \sum_{r=0}^{k-1} X^r Z X^{k-1-r})",
        r"\operatorname{tr}((\sum_{r=0}^{k-1} X^r M X^{k-1-r}) Z)",
        "sum of powers under the trace",
        "迹内的幂和",
        ref="the cyclic property in every term, and the order of the terms turned",
    ),
    # ---------------------------------------------------------------- row form: y^T …
    Rule("row-transpose", r"z^T y", r"y^T z", "transpose of a scalar", "标量的转置等于自身"),
    Rule("row-hadamard", r"y^T (b \odot z)", r"(y \odot b)^T z", "inner product and Hadamard product", "内积与逐元素乘法交换"),
    Rule(
        "row-hadamard-quotient",
        r"y^T (z \oslash b)",
        r"(y \oslash b)^T z",
        "inner product and elementwise quotient",
        "内积与逐元素除法交换",
    ),
    Rule(
        "row-diag",
        r"y^T \operatorname{diag}(z) x",
        r"(y \odot x)^T z",
        "diagonal matrix between vectors",
        "向量之间的对角阵",
    ),
    Rule(
        "row-cross-left",
        r"y^T (z \times b)",
        r"(b \times y)^T z",
        "triple product",
        "混合积",
        shapes="y: 3, z: 3, b: 3",
    ),
    Rule(
        "row-cross-right",
        r"y^T (b \times z)",
        r"(y \times b)^T z",
        "triple product",
        "混合积",
        shapes="y: 3, z: 3, b: 3",
    ),
    Rule(
        "row-cross-matrix",
        r"y^T \operatorname{cross}(z) b",
        r"(b \times y)^T z",
        "triple product",
        "混合积",
        shapes="y: 3, z: 3, b: 3",
    ),
    Rule(
        "row-vec",
        r"\operatorname{vec}(A)^T \operatorname{vec}(Z)",
        r"\operatorname{tr}(A^T Z)",
        "inner product of vectorised matrices",
        "向量化矩阵的内积",
    ),
    Rule(
        "row-diagonal",
        r"y^T \operatorname{diag}(Z)",
        r"\operatorname{tr}(\operatorname{diag}(y) Z)",
        "diagonal of a matrix",
        "矩阵的对角线",
    ),
    # ---------------------------------------------------------------- reading off
    Rule("linearity", r"\operatorname{tr}(X Z) + \operatorname{tr}(Y Z)", r"\operatorname{tr}((X + Y) Z)", "linearity", "线性"),
    Rule("row-linearity", r"X z + Y z", r"(X + Y) z", "linearity", "线性"),
    Rule("read-off", r"\operatorname{tr}(M Z)", r"\operatorname{tr}((M^T)^T Z)", "transpose of a product", "乘积的转置"),
)
