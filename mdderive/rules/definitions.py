"""What proofs of rules rest on, and laws that follow from rules: statements with names that the engine does not apply.

They are read, judged and listed like the rules.
"""

from mdderive.rules.statement import Rule

# What the proofs rest on besides rules.
DEFINITIONS = (
    Rule("inverse", r"X X^{-1}", r"I", "inverse", "逆矩阵", when="X invertible"),
    Rule("power", r"X^k", r"X X^{k-1}", "power", "幂"),
    Rule("transpose-product", r"(X Y)^T", r"Y^T X^T", "transpose of a product", "乘积的转置"),
    Rule("transpose-twice", r"(X^T)^T", r"X", "transpose of the transpose", "转置的转置"),
    Rule("transpose-identity", r"I^T", r"I", "transpose of the identity", "单位阵的转置"),
    Rule("transpose-hadamard", r"(X \odot Y)^T", r"X^T \odot Y^T", "transpose of a Hadamard product", "逐元素乘积的转置"),
    Rule("diagonal", r"\operatorname{diag}(X)", r"(X \odot I) \mathbf{1}", "diagonal of a matrix", "矩阵的对角线"),
    Rule("diagonal-matrix", r"\operatorname{diag}(x)", r"(x \mathbf{1}^T) \odot I", "diagonal matrix", "对角阵"),
    Rule(
        "trace", r"\operatorname{tr}(X)", r"\mathbf{1}^T \operatorname{diag}(X)", "trace: sum of the diagonal", "迹：对角元素之和"
    ),
    Rule(
        "trace-entries",
        r"\operatorname{tr}(X^T Y)",
        r"\mathbf{1}^T (X \odot Y) \mathbf{1}",
        "sum of products of entries",
        "对应元素乘积之和",
    ),
    Rule("column-entries", r"x^T y", r"\mathbf{1}^T (x \odot y)", "sum of products of entries", "对应元素乘积之和"),
    Rule(
        "vec-entries",
        r"\operatorname{vec}(X)^T \operatorname{vec}(Y)",
        r"\mathbf{1}^T (X \odot Y) \mathbf{1}",
        "vec lists the entries",
        "vec 列出各元素",
    ),
    Rule(
        "vec-hadamard-entries",
        r"\operatorname{vec}(X \odot Y)",
        r"\operatorname{vec}(X) \odot \operatorname{vec}(Y)",
        "vec lists the entries",
        "vec 列出各元素",
    ),
    Rule(
        "kronecker-columns",
        r"y \otimes x",
        r"\operatorname{vec}(x y^T)",
        "Kronecker product of columns",
        "列向量的 Kronecker 积",
    ),
    Rule(
        "ones-kronecker",
        r"\mathbf{1}_p \otimes \mathbf{1}_q",
        r"\mathbf{1}_{pq}",
        "Kronecker product of ones",
        "全一向量的 Kronecker 积",
    ),
    Rule(
        "hadamard-columns",
        r"(X \operatorname{diag}(z)) \odot Y",
        r"(X \odot Y) \operatorname{diag}(z)",
        "columns scaled",
        "各列的倍数",
    ),
    Rule(
        "unvec",
        r"(\operatorname{vec}(I_q)^T \otimes I_p) (I_q \otimes \operatorname{vec}(Z))",
        r"Z",
        "vec undone",
        "还原向量化",
        shapes="Z: p x q",
    ),
    Rule(
        "maximum",
        r"\max(X, Y)",
        r"\operatorname{step}(X - Y) \odot X + \operatorname{step}(Y - X) \odot Y",
        "larger of two",
        "两者中较大者",
    ),
    Rule(
        "minimum",
        r"\min(X, Y)",
        r"\operatorname{step}(Y - X) \odot X + \operatorname{step}(X - Y) \odot Y",
        "smaller of two",
        "两者中较小者",
    ),
    Rule("norm-degree", r"\|x\|_k^k", r"\mathbf{1}^T \operatorname{abs}(x)^{\odot k}", "norm of degree k", "k-范数的定义"),
    Rule("exponential-negative", r"e^X e^{-X}", r"I", "exponential of the negative", "相反数的矩阵指数"),
    Rule(
        "log-product",
        r"\log(\rho \tau)",
        r"\log(\rho) + \log(\tau)",
        "logarithm of a product",
        "乘积的对数",
        when=r"\rho positive, \tau positive",
    ),
    Rule("log-power", r"\log(\tau^k)", r"k \log(\tau)", "logarithm of a power", "幂的对数", when=r"\tau positive"),
    Rule(
        "kronecker-diagonal",
        r"\operatorname{diag}(X \otimes Y)",
        r"\operatorname{diag}(X) \otimes \operatorname{diag}(Y)",
        "diagonal of a Kronecker product",
        "Kronecker 积的对角线",
    ),
    Rule("softmax", r"\operatorname{softmax}(z)", r"\frac{1}{\mathbf{1}^T \exp(z)} \exp(z)", "softmax", "softmax"),
    Rule("adjugate", r"X^{\#}", r"\det(X) X^{-1}", "adjugate of an invertible matrix", "可逆矩阵的伴随矩阵", when="X invertible"),
    Rule("determinant-power", r"\det(X^k)", r"\det(X)^k", "determinant of a power", "幂的行列式", when="X invertible"),
    Rule(
        "number-power", r"\rho^{\tau}", r"\exp(\tau \log(\rho))", "power by the logarithm", "用对数表示幂", when=r"\rho positive"
    ),
    Rule(
        "entry-power",
        r"X^{\odot k}",
        r"\exp(k \log(X))",
        "powers by the logarithm",
        "用对数表示逐元素幂",
        when="X positive",
    ),
    Rule("exp-negative", r"\exp(-\tau)", r"\exp(\tau)^{-1}", "exponential of the negative", "相反数的指数"),
    Rule("hadamard-quotient", r"X \oslash Y", r"X \odot Y^{\odot (-1)}", "elementwise quotient", "逐元素除法"),
    Rule("arctan", r"\tan(\arctan(\tau))", r"\tau", "arc tangent", "反正切"),
    Rule("log", r"\exp(\log(\tau))", r"\tau", "logarithm", "对数", when=r"\tau positive"),
    Rule("sqrt", r"\sqrt{\tau}^2", r"\tau", "square root", "平方根", when=r"\tau positive"),
    Rule("abs", r"\operatorname{abs}(\tau)^2", r"\tau^2", "absolute value", "绝对值"),
    Rule("sign", r"\operatorname{sign}(\tau)", r"\tau \operatorname{abs}(\tau)^{-1}", "sign", "符号函数"),
    Rule("norm-one-vector", r"\|x\|_1", r"\mathbf{1}^T \operatorname{abs}(x)", "sum of absolute values", "元素绝对值之和"),
    Rule("norm-one", r"\|X\|_1", r"\mathbf{1}^T \operatorname{abs}(X) \mathbf{1}", "sum of absolute values", "元素绝对值之和"),
)

# Laws that the engine does not need because it has the simpler ones they follow from.
LEMMAS = (
    Rule(
        "d-quotient",
        r"d(\frac{1}{\tau} X)",
        r"\frac{1}{\tau^2} (\tau \, dX - d\tau \, X)",
        "quotient rule",
        "除法法则",
    ),
    Rule("norm-vector", r"\|x\|", r"\sqrt{x^T x}", "norm as a square root", "范数写成平方根"),
    Rule("norm", r"\|X\|", r"\sqrt{\operatorname{tr}(X^T X)}", "norm as a square root", "范数写成平方根"),
    Rule("d-reciprocal", r"d(\tau^{-1})", r"-\tau^{-2} d\tau", "reciprocal", "倒数的微分"),
    Rule("d-norm-squared", r"d(\|X\|^2)", r"2 \operatorname{tr}(X^T dX)", "squared Frobenius norm", "Frobenius 范数平方的微分"),
    Rule(
        "d-inverse-transpose",
        r"d(X^{-T})",
        r"-X^{-T} (dX)^T X^{-T}",
        "differential of the inverse transpose",
        "逆转置的微分",
        when="X invertible",
    ),
)
