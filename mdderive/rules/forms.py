"""The forms a textbook prints: quotients of exponentials by their names, branches that agree, inverses of products cancelled.

A form in the scalar letter tau holds entry by entry as well, its product then a Hadamard product.
"""

from mdderive.rules.statement import Rule

RULES = (
    # ---------------------------------------------------------------- scalar or entry by entry
    Rule("sigmoid-form", r"\exp(\tau) (1 + \exp(\tau))^{-1}", r"\operatorname{sigmoid}(\tau)", "sigmoid", "sigmoid 的定义"),
    Rule("sigmoid-definition", r"(1 + \exp(-\tau))^{-1}", r"\operatorname{sigmoid}(\tau)", "sigmoid", "sigmoid 的定义"),
    Rule("tanh-form", r"\sinh(\tau) \cosh(\tau)^{-1}", r"\tanh(\tau)", "hyperbolic tangent", "双曲正切的定义"),
    Rule("tan-form", r"\sin(\tau) \cos(\tau)^{-1}", r"\tan(\tau)", "tangent", "正切的定义"),
    Rule(
        "relu-step",
        r"\operatorname{relu}(\tau) \operatorname{step}(\tau)",
        r"\operatorname{relu}(\tau)",
        "ReLU is zero where its step is",
        "ReLU 在阶跃为零处为零",
    ),
    Rule(
        "abs-sign",
        r"\operatorname{abs}(\tau) \operatorname{sign}(\tau)",
        r"\tau",
        "absolute value times sign",
        "绝对值乘符号",
    ),
    Rule(
        "sign-abs",
        r"\operatorname{sign}(\tau) \operatorname{abs}(\tau)^{-1}",
        r"\tau^{-1}",
        "sign over absolute value",
        "符号除以绝对值",
    ),
    # ---------------------------------------------------------------- vectors
    Rule(
        "softmax-form",
        r"(\mathbf{1}^T \exp(z))^{-1} \exp(z)",
        r"\operatorname{softmax}(z)",
        "softmax",
        "softmax 的定义",
    ),
    # ---------------------------------------------------------------- matrices
    Rule(
        "cancel-right",
        r"Y (X Y)^{-1}",
        r"X^{-1}",
        "inverse of a product",
        "乘积的逆",
        ref="factors of an invertible product of square matrices are invertible",
        when="X invertible, Y invertible",
    ),
    Rule(
        "cancel-left",
        r"(X Y)^{-1} X",
        r"Y^{-1}",
        "inverse of a product",
        "乘积的逆",
        ref="factors of an invertible product of square matrices are invertible",
        when="X invertible, Y invertible",
    ),
)
"""Told as a definition of a name already in f, before anything is differentiated."""
DEFINITIONS = ("sigmoid-form", "sigmoid-definition", "softmax-form", "tanh-form", "tan-form")
