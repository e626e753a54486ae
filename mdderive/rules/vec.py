"""Carrying the differential out of vec: for every operator on the path one law; on columns vec is silent.

The laws are those of Magnus and Neudecker, Matrix Differential Calculus, chapters 2 and 3.
"""

from mdderive.rules.statement import Rule

RULES = (
    Rule(
        "vec-product",
        r"\operatorname{vec}(X Z Y)",
        r"(Y^T \otimes X) \operatorname{vec}(Z)",
        "vec of a product",
        "乘积的向量化",
    ),
    Rule(
        "vec-transpose",
        r"\operatorname{vec}(Z^T)",
        r"K_{p,q} \operatorname{vec}(Z)",
        "commutation matrix",
        "交换矩阵",
        shapes="Z: p x q",
    ),
    Rule(
        "vec-hadamard",
        r"\operatorname{vec}(B \odot Z)",
        r"\operatorname{diag}(\operatorname{vec}(B)) \operatorname{vec}(Z)",
        "vec of a Hadamard product",
        "逐元素乘积的向量化",
    ),
    Rule(
        "column-hadamard",
        r"b \odot z",
        r"\operatorname{diag}(b) z",
        "Hadamard product as a diagonal matrix",
        "逐元素乘积写成对角阵",
    ),
    Rule(
        "column-diag",
        r"\operatorname{diag}(z) b",
        r"\operatorname{diag}(b) z",
        "diagonal matrix times a vector",
        "对角阵与向量交换",
    ),
    Rule("column-scalar", r"(y^T z) x", r"x y^T z", "scalar moved to the right", "标量移到右边"),
    Rule(
        "vec-lower-triangle",
        r"\operatorname{vec}(\operatorname{tril}(Z))",
        r"\operatorname{diag}(\operatorname{vec}(\operatorname{tril}(\mathbf{1}_{p \times p}))) \operatorname{vec}(Z)",
        "vec of a lower triangle",
        "下三角部分的向量化",
        shapes="Z: p x p",
    ),
    Rule(
        "vec-upper-triangle",
        r"\operatorname{vec}(\operatorname{triu}(Z))",
        r"\operatorname{diag}(\operatorname{vec}(\operatorname{triu}(\mathbf{1}_{p \times p}))) \operatorname{vec}(Z)",
        "vec of an upper triangle",
        "上三角部分的向量化",
        shapes="Z: p x p",
    ),
    Rule(
        "vec-root",
        r"\operatorname{vec}(L_{x^{1/2}}(X, Z))",
        r"((X^{1/2})^T \otimes I + I \otimes X^{1/2})^{-1} \operatorname{vec}(Z)",
        "square root: vec of S dS + dS S = dX",
        "平方根：对 S dS + dS S = dX 取 vec",
    ),
    Rule(
        "vec-matrix-function",
        r"\operatorname{vec}(L_{\sigma}(X, Z))",
        r"K_{\sigma}(X) \operatorname{vec}(Z)",
        "matrix of the derivative of a function of a matrix",
        "矩阵函数的导数的矩阵",
    ),
    Rule(
        "vec-diag",
        r"\operatorname{vec}(\operatorname{diag}(z))",
        r"\operatorname{diag}(\operatorname{vec}(I_p)) (\mathbf{1}_p \otimes I_p) z",
        "vec of a diagonal matrix",
        "对角阵的向量化",
        shapes="z: p",
    ),
    Rule(
        "diag-diagonal",
        r"\operatorname{diag}(\operatorname{diag}(Z))",
        r"I \odot Z",
        "diagonal part",
        "对角部分",
    ),
    Rule(
        "diagonal-diag",
        r"\operatorname{diag}(X \operatorname{diag}(z) Y)",
        r"(X \odot Y^T) z",
        "diagonal of a product with a diagonal matrix",
        "含对角阵乘积的对角线",
    ),
    Rule(
        "diagonal-product",
        r"\operatorname{diag}(X Y)",
        r"(Y^T \odot X) \mathbf{1}",
        "diagonal of a product",
        "乘积的对角线",
    ),
    Rule(
        "diagonal-entries",
        r"\operatorname{diag}(Z)",
        r"(I \odot Z) \mathbf{1}",
        "diagonal of a matrix",
        "矩阵的对角线",
    ),
    Rule(
        "vec-gradient",
        r"\operatorname{vec}\left(d \left(\frac{\partial f}{\partial Y}\right)\right)",
        r"\frac{\partial^2 f}{\partial Y \partial Y^T} \operatorname{vec}(dY)",
        "gradient and Hessian",
        "梯度与 Hessian 矩阵",
        ref="definition of the Hessian",
    ),
)
