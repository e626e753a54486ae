"""Block layout: block (i, j) of the derivative is the derivative of the whole matrix by the entry (i, j) of the variable.

Each law follows from dF = A (dZ) B with dZ = e_i e_j^T: the sum over i and j of e_i e_j^T ⊗ A e_i e_j^T B.
"""

from mdderive.rules.statement import Rule

RULES = (
    Rule(
        "block-product",
        r"\frac{\partial (A Z B)}{\partial Z}",
        r"\operatorname{vec}(A) \operatorname{vec}(B^T)^T",
        "block layout of a product",
        "乘积的分块布局",
        when="layout block",
    ),
    Rule(
        "block-transpose",
        r"\frac{\partial (A Z^T B)}{\partial Z}",
        r"(B \otimes A) K_{s,q}",
        "block layout of a transpose",
        "转置的分块布局",
        when="layout block",
        shapes="Z: p x q, A: r x q, B: p x s",
    ),
    Rule(
        "block-scalar",
        r"\frac{\partial (f B)}{\partial Y}",
        r"\frac{\partial f}{\partial Y} \otimes B",
        "block layout of a scalar times a matrix",
        "标量与矩阵之积的分块布局",
        when="layout block",
    ),
    Rule(
        "block-surroundings",
        r"\frac{\partial (A \sigma(Z) B)}{\partial Z}",
        r"(I_p \otimes A) \frac{\partial \sigma(Z)}{\partial Z} (I_q \otimes B)",
        "constant factors of every block",
        "每一块的常数因子",
        when="layout block",
        shapes="Z: p x q, A: r x p, B: q x s",
    ),
    Rule(
        "block-hadamard",
        r"\frac{\partial (B \odot Z)}{\partial Z}",
        r"(\mathbf{1}_{p \times q} \otimes B) \odot \operatorname{vec}(I_p) \operatorname{vec}(I_q)^T",
        "block layout of a Hadamard product",
        "逐元素乘积的分块布局",
        when="layout block",
        shapes="B: p x q, Z: p x q",
    ),
    Rule(
        "block-diag",
        r"\frac{\partial \operatorname{diag}(z)}{\partial z}",
        r"\operatorname{diag}(\operatorname{vec}(I_p)) (\mathbf{1}_p \otimes I_p)",
        "block layout of a diagonal matrix",
        "对角阵的分块布局",
        when="layout block",
        shapes="z: p",
    ),
    Rule(
        "block-vec",
        r"\frac{\partial \operatorname{vec}(Z)}{\partial Z}",
        r"(K_{p,q} \otimes I_p) (I_q \otimes \operatorname{vec}(I_p))",
        "block layout of vec",
        "向量化的分块布局",
        when="layout block",
        shapes="Z: p x q",
    ),
    Rule(
        "block-kronecker-left",
        r"\frac{\partial (Z \otimes B)}{\partial Z}",
        r"\operatorname{vec}(I_p) \operatorname{vec}(I_q)^T \otimes B",
        "block layout of a Kronecker product",
        "Kronecker 积的分块布局",
        when="layout block",
        shapes="Z: p x q, B: r x s",
    ),
    Rule(
        "block-kronecker-right",
        r"\frac{\partial (B \otimes Z)}{\partial Z}",
        r"(K_{p,r} \otimes I_p) (B \otimes \operatorname{vec}(I_p) \operatorname{vec}(I_q)^T) (K_{s,q} \otimes I_q)",
        "block layout of a Kronecker product",
        "Kronecker 积的分块布局",
        when="layout block",
        shapes="Z: p x q, B: r x s",
    ),
)
