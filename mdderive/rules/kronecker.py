"""Kronecker products and vec: how they are rewritten before a differential is taken, and carried past one.

The laws are those of Magnus and Neudecker, Matrix Differential Calculus, chapters 2 and 3. `RESTATEMENTS` are tried in their
order wherever they fit; what is left of a Kronecker product around the differential is carried past it by `CARRYING`.
"""

from mdderive.rules.statement import Rule

RESTATEMENTS = (
    Rule(
        "kronecker-transpose",
        r"(X \otimes Y)^T",
        r"X^T \otimes Y^T",
        "transpose of a Kronecker product",
        "Kronecker 积的转置",
    ),
    Rule(
        "kronecker-inverse",
        r"(X \otimes Y)^{-1}",
        r"X^{-1} \otimes Y^{-1}",
        "inverse of a Kronecker product",
        "Kronecker 积的逆",
        shapes="X: p x p, Y: q x q",
    ),
    Rule(
        "kronecker-power",
        r"(X \otimes Y)^k",
        r"X^k \otimes Y^k",
        "power of a Kronecker product",
        "Kronecker 积的幂",
        shapes="X: p x p, Y: q x q",
    ),
    Rule(
        "kronecker-mixed",
        r"(X \otimes Y) (U \otimes V)",
        r"X U \otimes Y V",
        "mixed product of Kronecker products",
        "Kronecker 积的混合乘积",
        shapes="X: p x q, U: q x r, Y: s x t, V: t x w",
    ),
    Rule(
        "kronecker-hadamard",
        r"(X \otimes Y) \odot (U \otimes V)",
        r"(X \odot U) \otimes (Y \odot V)",
        "Hadamard product of Kronecker products",
        "Kronecker 积的逐元素乘积",
        shapes="X: p x q, U: p x q, Y: s x t, V: s x t",
    ),
    Rule(
        "tr-kronecker",
        r"\operatorname{tr}(X \otimes Y)",
        r"\operatorname{tr}(X) \operatorname{tr}(Y)",
        "trace of a Kronecker product",
        "Kronecker 积的迹",
        shapes="X: p x p, Y: q x q",
    ),
    Rule(
        "log-determinant-kronecker",
        r"\log\det(X \otimes Y)",
        r"q \log\det(X) + p \log\det(Y)",
        "determinant of a Kronecker product",
        "Kronecker 积的行列式",
        shapes="X: p x p, Y: q x q",
    ),
    Rule(
        "determinant-kronecker",
        r"\det(X \otimes Y)",
        r"\det(X)^q \det(Y)^p",
        "determinant of a Kronecker product",
        "Kronecker 积的行列式",
        shapes="X: p x p, Y: q x q",
    ),
    Rule("norm-kronecker", r"\|X \otimes Y\|", r"\|X\| \|Y\|", "norm of a Kronecker product", "Kronecker 积的范数"),
    Rule("norm-vec", r"\|\operatorname{vec}(X)\|", r"\|X\|", "norm of vec", "向量化的范数"),
    Rule(
        "vec-kronecker-product",
        r"(X \otimes Y) \operatorname{vec}(U)",
        r"\operatorname{vec}(Y U X^T)",
        "vec of a product",
        "乘积的向量化",
        shapes="X: p x q, U: r x q, Y: s x r",
    ),
    Rule(
        "sum-vec",
        r"\mathbf{1}^T \operatorname{vec}(X)",
        r"\mathbf{1}^T X \mathbf{1}",
        "sum of all entries",
        "所有元素之和",
    ),
    Rule(
        "kronecker-ones",
        r"(X \otimes Y) \mathbf{1}",
        r"X \mathbf{1} \otimes Y \mathbf{1}",
        "row sums of a Kronecker product",
        "Kronecker 积的行和",
        shapes="X: p x q, Y: s x t",
    ),
    Rule(
        "sum-kronecker",
        r"\mathbf{1}^T (x \otimes y)",
        r"\mathbf{1}^T x \mathbf{1}^T y",
        "sum of all entries",
        "所有元素之和",
    ),
    Rule(
        "vec-commutation",
        r"K_{p,q} \operatorname{vec}(X)",
        r"\operatorname{vec}(X^T)",
        "commutation matrix",
        "交换矩阵",
        shapes="X: p x q",
    ),
    Rule(
        "vec-function",
        r"\sigma(\operatorname{vec}(X))",
        r"\operatorname{vec}(\sigma(X))",
        "elementwise function of vec",
        "向量化的逐元素函数",
    ),
)

CARRYING = (
    # ---------------------------------------------------------------- a Kronecker product around the differential of a gradient
    Rule(
        "tr-kronecker-right",
        r"\operatorname{tr}(M (B \otimes Z))",
        r"\operatorname{tr}((\operatorname{vec}(I_q)^T \otimes I_s) (B^T \otimes M) (\operatorname{vec}(I_p) \otimes I_r) Z)",
        "trace with a Kronecker product",
        "迹与 Kronecker 积",
        ref="the sum over the blocks of M, each times its entry of B",
        shapes="B: p x q, Z: r x s",
    ),
    Rule(
        "tr-kronecker-left",
        r"\operatorname{tr}(M (Z \otimes B))",
        r"\operatorname{tr}((I_q \otimes \operatorname{vec}(B)^T) (M \otimes I_r) (I_p \otimes \operatorname{vec}(I_r)) Z)",
        "trace with a Kronecker product",
        "迹与 Kronecker 积",
        ref="the trace of each block of M times B",
        shapes="Z: p x q, B: r x s",
    ),
    Rule(
        "row-unvec",
        r"y^T \operatorname{vec}(Z)",
        r"\operatorname{tr}((I_q \otimes y^T) (\operatorname{vec}(I_q) \otimes I_p) Z)",
        "vec undone",
        "还原向量化",
        ref="Z = (vec(I)^T ⊗ I) (I ⊗ vec(Z))",
        shapes="Z: p x q",
    ),
    Rule(
        "vec-unvec",
        r"\operatorname{vec}((\operatorname{vec}(I_q)^T \otimes I_p) (I_q \otimes \operatorname{vec}(Z)))",
        r"\operatorname{vec}(Z)",
        "vec of vec undone",
        "还原后再向量化",
        shapes="Z: p x q",
    ),
    # ---------------------------------------------------------------- on columns
    Rule(
        "column-kronecker-right",
        r"b \otimes z",
        r"(b \otimes I) z",
        "Kronecker product of columns",
        "列向量的 Kronecker 积",
    ),
    Rule(
        "column-kronecker-left",
        r"z \otimes b",
        r"(I \otimes b) z",
        "Kronecker product of columns",
        "列向量的 Kronecker 积",
    ),
    # ---------------------------------------------------------------- in vec form
    Rule(
        "vec-kronecker-right",
        r"\operatorname{vec}(B \otimes Z)",
        r"(I_q \otimes K_{s,p} \otimes I_r) (\operatorname{vec}(B) \otimes I_{rs}) \operatorname{vec}(Z)",
        "vec of a Kronecker product",
        "Kronecker 积的向量化",
        shapes="B: p x q, Z: r x s",
    ),
    Rule(
        "vec-kronecker-left",
        r"\operatorname{vec}(Z \otimes B)",
        r"(I_q \otimes K_{s,p} \otimes I_r) (I_{pq} \otimes \operatorname{vec}(B)) \operatorname{vec}(Z)",
        "vec of a Kronecker product",
        "Kronecker 积的向量化",
        shapes="Z: p x q, B: r x s",
    ),
)
RULES = (*RESTATEMENTS, *CARRYING)
