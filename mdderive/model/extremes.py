"""Rows of the table of operators that compare entries: the larger of two, the largest of all, the entries in their order."""

from mdderive.model.structure import Operator

_MAX, _MIN = (r"\max", "max"), (r"\min", "min")
_EXTREME = "FunctionMatrix({{rows}}, {{cols}}, Lambda((i, j), {0}({{0.tight}}[i, j], {{1.tight}}[i, j])))"

EXTREMES = (
    Operator(
        "max",
        "elementwise maximum",
        "逐元素最大值",
        names=_MAX,
        of="X, Y",
        shape="(m,n),(m,n)->(m,n)",
        entrywise=True,
        numpy="np.maximum({0}, {1})",
        sympy=_EXTREME.format("Max"),
    ),
    Operator(
        "min",
        "elementwise minimum",
        "逐元素最小值",
        names=_MIN,
        of="X, Y",
        shape="(m,n),(m,n)->(m,n)",
        entrywise=True,
        numpy="np.minimum({0}, {1})",
        sympy=_EXTREME.format("Min"),
    ),
    Operator(
        "sort",
        "entries of a column in ascending order",
        "列向量的元素从小到大排列",
        names=(r"\operatorname{sort}", "sort"),
        of="x",
        shape="(n,1)->(n,1)",
        number="itself",
        numpy="np.sort({0}, axis=0)",
    ),
    Operator(
        "sorting",
        "permutation matrix that sorts a column",
        "把列向量排序的置换矩阵",
        names=(r"\operatorname{sorting}", "sorting"),
        of="x",
        shape="(n,1)->(n,n)",
        number="one",
        numpy="np.eye({0.rows})[np.argsort(({0})[:, 0])]",
    ),
    Operator(
        "largest",
        "largest entry",
        "最大元素",
        (r"\max_i x_i", r"\|x\|_\infty"),
        names=_MAX,
        shape="(m,n)->()",
        number="itself",
        numpy="np.max({0})",
    ),
    Operator(
        "atlargest",
        "one at the largest entry, zero elsewhere",
        "最大元素处为一，其余为零",
        names=(r"e_{\max}",),
        shape="(m,n)->(m,n)",
        number="one",
        numpy="(({0}) == np.max({0})) * 1.0",
    ),
    Operator(
        "atsmallest",
        "one at the smallest entry, zero elsewhere",
        "最小元素处为一，其余为零",
        names=(r"e_{\min}",),
        shape="(m,n)->(m,n)",
        number="one",
        numpy="(({0}) == np.min({0})) * 1.0",
    ),
    Operator(
        "smallest",
        "smallest entry",
        "最小元素",
        (r"\min_i x_i",),
        names=_MIN,
        shape="(m,n)->()",
        number="itself",
        numpy="np.min({0})",
    ),
)
