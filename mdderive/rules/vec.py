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
)
