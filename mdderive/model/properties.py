"""Properties of letters as a table: one row says what a word states, what it implies, and which operators keep it.

Two things more belong to a property: how the judge draws a letter that has it, an entry in `mdderive/verify/sample.py`, and the
words by which notes say it, a row in each file of `mdderive/reading/lexicon/`. Nothing else has to know it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Property:
    r"""What a letter may be said to be, in English by its `name`.

    `meaning` is the equation that it states, its two sides in LaTeX, and `never` one that it excludes: in the letter A, in B
    where it is said of two letters, in a column x that stands for any. `kept` are the operators whose value has it where their
    arguments do, `made` those whose value has it where their argument has another property, or whatever that is; `scaled` are
    the numbers by which it may be multiplied, and `identity` tells whether I has it. Where the matrices that have it form a
    space, `part` is the part of a matrix M in it and `numpy` the same in NumPy: a gradient by such a letter is that part.
    `sympy` is SymPy's predicate.

    Letters that are not `drawn` so are held to the equation instead, and no declaration may say that of them. What is not `said`
    in words is written as a formula in a note: `x > 0`, `k \in \mathbb{Z}`.
    """

    name: str
    zh: str
    meaning: tuple[str, str] | None = None
    never: tuple[str, str] | None = None
    implies: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    made: Mapping[str, str] = field(default_factory=dict)
    scaled: Literal["", "positive", "nonzero", "any"] = ""
    identity: bool = False
    square: bool = True
    part: str = ""
    numpy: str = ""
    sympy: str = ""
    drawn: bool = True
    said: bool = True


_ALONE = ("transpose", "inv", "pow")
_GROUP = (*_ALONE, "mul", "kron")
_CONE = (*_ALONE, "add", "had", "kron")
_ROWS = (
    Property(
        "positive",
        "元素为正",
        ("A", r"\operatorname{abs}(A)"),
        ("A", "0 A"),
        square=False,
        said=False,
        kept=("add", "mul", "had", "hdiv"),
    ),
    Property("integer", "整数", square=False, said=False, kept=("add", "mul", "had")),
    Property("constant", "常量", square=False),
    Property("binary", "元素为 0 或 1", ("A", r"A \odot A"), square=False, said=False, kept=("had",)),
    Property("one-hot", "每行一个 1，其余为 0", (r"A \mathbf{1}", r"\mathbf{1}"), implies=("binary",), square=False, said=False),
    Property("complex", "复", square=False, said=False),
    Property("hermitian", "Hermite 的", implies=("complex",), said=False),
    Property("unitary", "酉", implies=("complex", "invertible"), said=False),
    Property("orthogonal", "正交", ("A^T A", "I"), implies=("invertible",), kept=_GROUP, identity=True, sympy="orthogonal"),
    Property(
        "diagonal",
        "对角",
        ("A", r"\operatorname{diag}(\operatorname{diag}(A))"),
        implies=("symmetric",),
        made={"diag": ""},
        scaled="any",
        kept=(*_CONE, "mul"),
        identity=True,
        part=r"\operatorname{diag}(\operatorname{diag}(M))",
        numpy="{0} * np.eye(len({0}))",
        sympy="diagonal",
    ),
    Property(
        "symmetric",
        "对称",
        ("A", "A^T"),
        scaled="any",
        made={"diag": ""},
        kept=_CONE,
        identity=True,
        part=r"\frac{1}{2} (M + M^T)",
        numpy="({0} + {0}.T) / 2",
        sympy="symmetric",
    ),
    Property(
        "positive definite",
        "正定",
        ("x^T A x", r"\operatorname{abs}(x^T A x)"),
        ("x^T A x", "0"),
        implies=("symmetric", "invertible"),
        made={"diag": "positive"},
        scaled="positive",
        kept=_CONE,
        identity=True,
        sympy="positive_definite",
    ),
    Property("invertible", "可逆", scaled="nonzero", never=(r"\det(A)", "0"), kept=_GROUP, identity=True, sympy="invertible"),
    Property("skew", "反对称", scaled="any", meaning=("A^T", "-A"), kept=("transpose", "inv", "add"), drawn=False),
    Property("idempotent", "幂等", ("A A", "A"), kept=(*_ALONE, "kron"), identity=True),
    Property("commute", "可交换", ("A B", "B A"), drawn=False),
    Property("semi-orthogonal", "列标准正交", ("A^T A", "I"), square=False, drawn=False),
    Property("probability vector", "概率向量", (r"\mathbf{1}^T A", "1"), square=False, drawn=False),
    Property("perpendicular", "垂直", ("A^T B", "0"), square=False, drawn=False, said=False),
)

PROPERTIES: Mapping[str, Property] = {row.name: row for row in _ROWS}
DECLARED = frozenset(row.name for row in _ROWS if row.drawn)
SAID = frozenset(row.name for row in _ROWS if row.said)
SQUARE = frozenset(row.name for row in _ROWS if row.square and row.drawn)


def _reasons(name: str) -> frozenset[str]:
    return frozenset({name}).union(*(_reasons(row.name) for row in _ROWS if name in row.implies))


# What may be declared of a letter so that it has a property: the property itself, or one that implies it.
IMPLIED_BY: Mapping[str, frozenset[str]] = {name: _reasons(name) for name in PROPERTIES}
