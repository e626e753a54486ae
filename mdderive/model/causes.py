"""The closed list of reasons: one row a reason, in English and Chinese; `{name}` in the words stands for a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mdderive.model.advice import (
    ASSUMED,
    EVALUATED,
    FAULT,
    GIVEN,
    JUDGED,
    MADE,
    NAMED,
    NOTATION,
    OTHER,
    POINTS,
    PREMISE,
    READ,
    RESTS,
    ROOTED,
    SIZES,
    SKIPPED,
    UNDER,
    Words,
)

RowAct = Literal["assert", "define", "suppose", "deny", "ask", "solve", "declare"]


@dataclass(frozen=True, slots=True)
class Cause:
    """The words of a reason, what it means and what to write; `act` where the reason itself says what a relation does."""

    words: Words
    advice: Words
    act: RowAct | None = None


def _cause(en: str, zh: str, advice: Words, act: RowAct | None = None) -> Cause:
    return Cause({"en": en, "zh": zh}, advice, act)


REASONS: Mapping[str, Cause] = {
    # judged
    "equal": _cause("", "", JUDGED),
    "differ": _cause("", "", JUDGED),
    "shapes": _cause("{left} against {right}", "{left} 与 {right} 形状不同", JUDGED),
    "follows": _cause("follows from {line}", "由第 {line} 行而来", ROOTED),
    "tied-entries": _cause("holds for tied entries", "在元素相互约束时成立", UNDER),
    "solves": _cause("follows from the condition of line {line}", "由第 {line} 行的条件得出", UNDER),
    "granted": _cause("holds under the condition of line {line}", "在第 {line} 行的条件下成立", UNDER),
    "case": _cause("where {case}", "当 {case} 时", UNDER),
    "called-symmetric": _cause("holds for symmetric {names}, as the words say", "如文中所说，对对称的 {names} 成立", UNDER),
    "between": _cause("what stands between was not read", "中间的部分未被读取", UNDER),
    "holds-if": _cause("holds if {assumed}", "在如下假设下成立：{assumed}", ASSUMED),
    "holds-only-if": _cause("holds only if {assumed}", "仅在如下假设下成立：{assumed}", ASSUMED),
    "order": _cause(
        "singular for {small} < {large}; declare {small} >= {large}",
        "{small} < {large} 时奇异；请声明 {small} >= {large}",
        SIZES,
    ),
    "some-sizes": _cause("{undefined} at some sizes", "在某些尺寸下{undefined}", SIZES),
    "undefined-at": _cause("undefined at {sizes}", "在 {sizes} 时没有定义", SIZES),
    # names, suppositions, questions
    "defines": _cause("defines {name}", "定义 {name}", NAMED, "define"),
    "defines-entries": _cause("defines the entries {name}, …", "定义元素 {name}, …", NAMED, "define"),
    "next-iterate": _cause("defines the next iterate", "定义下一次迭代", NAMED, "define"),
    "names-entries": _cause("names the entries of a letter", "为字母的元素命名", NAMED, "define"),
    "written-out": _cause("writes the derivative out, entry by entry", "逐元素写出导数", NAMED, "define"),
    "two-spellings": _cause("two ways to write one derivative", "同一导数的两种写法", NAMED, "define"),
    "order-of-entries": _cause(
        "says in which order the entries of a derivative are laid out", "说明导数的元素如何排列", NAMED, "define"
    ),
    "definition-unread": _cause("a definition that was not read: {obstacle}", "未被读取的定义：{obstacle}", NOTATION, "define"),
    "or-name": _cause("a condition, or a name for the left side", "条件，或左边的名称", NAMED, "define"),
    "constant": _cause("says that something is constant", "说明某量为常量", MADE, "declare"),
    "no-equation": _cause("no equation: {relation}", "不是等式：{relation}", OTHER),
    "skipped": _cause("skipped: {said}", "略过：{said}", SKIPPED),
    "stated-condition": _cause("a condition that is stated", "所述的条件", MADE, "suppose"),
    "supposed": _cause("supposed", "假设", MADE, "suppose"),
    "waived": _cause("a condition that is not made", "不作要求的条件", MADE, "suppose"),
    "property": _cause("a condition, or a property that is assumed", "条件，或假设的性质", MADE, "suppose"),
    "denied": _cause("said to be false", "文中说它不成立", MADE, "deny"),
    "denied-holds": _cause("said to be false, and holds", "文中说它不成立，但它成立", MADE, "deny"),
    "question": _cause("a question", "问题", MADE, "ask"),
    "condition": _cause("a condition, or an equation to solve", "条件，或待解的方程", MADE, "solve"),
    "to-solve": _cause("an equation to solve", "待解的方程", MADE, "solve"),
    "or-definition": _cause("a condition, or a definition", "条件，或定义", MADE, "solve"),
    "expansion": _cause("an expansion, up to a remainder", "带余项的展开式", OTHER),
    # claims that may not be called wrong
    "implied": _cause("said to follow from what stands before it", "文中说它由前文得出", RESTS),
    "redefinition": _cause(
        "said to follow, while {name} is defined above: a claim, or a new definition?",
        "文中说它由前文得出，而 {name} 已在上文定义：是断言还是新的定义？",
        RESTS,
    ),
    "rests-on-line": _cause("it may rest on the condition of line {line}", "可能依赖于第 {line} 行的条件", RESTS),
    "rests-on-condition": _cause("it may rest on a condition that the note states", "可能依赖于笔记所述的条件", RESTS),
    "rests-on-property": _cause("it may rest on {name} being {said}", "可能依赖于 {name} 是 {said}", RESTS),
    "or-condition": _cause("a claim about all numbers, or an equation to solve", "对一切数成立的断言，或待解的方程", GIVEN),
    "one-sided": _cause("letters on one side alone would have to be found", "只在一边出现的字母有待求出", GIVEN),
    "not-on-left": _cause("{name} is not known from the left side", "由左边不能知道 {name}", GIVEN),
    "not-on-right": _cause("{name} is not known from the right side", "由右边不能知道 {name}", GIVEN),
    "ungiven-property": _cause("a property, which nothing gives", "没有依据的性质", GIVEN),
    "not-in-terms": _cause("what is differentiated is not given in terms of {name}", "被求导的式子没有用 {name} 表示", GIVEN),
    "not-in-variable": _cause(
        "what is differentiated is not given in terms of the variable", "被求导的式子没有用该变量表示", GIVEN
    ),
    "doubtful-definition": _cause("rests on a definition that may be meant otherwise", "依赖于可能另有含义的定义", GIVEN),
    "unfit-definition": _cause("how {name} is defined does not fit its use here", "{name} 的定义与此处的用法不符", GIVEN),
    "not-given": _cause("{name} is not given", "没有给出 {name}", GIVEN),
    "function-not-given": _cause("the function is not given", "没有给出函数", GIVEN),
    "probability": _cause("a probability is not given", "没有给出概率", GIVEN),
    "moments": _cause("an expectation or a variance", "期望或方差", GIVEN),
    "by-entries": _cause("a table that is given by its entries", "以元素给出的表", GIVEN),
    "value": _cause("a value at a point, or a rounded number", "某一点的值，或经舍入的数", GIVEN),
    "rows-of-jacobian": _cause("says which index counts the rows of a Jacobian", "说明哪个指标标记雅可比矩阵的行", READ),
    "total-and-partial": _cause("total and partial derivatives stand side by side", "全导数与偏导数并列", READ),
    "one-differential": _cause("a differential stands on one side only", "只有一边有微分", READ),
    "subscripts": _cause("subscripts may be indices", "下标可能是指标", READ),
    "fonts": _cause("{name} is written bold and plain: one letter, or two?", "{name} 有粗体也有普通体：同一个字母？", READ),
    "prime": _cause("a prime: another letter, a derivative, or a transpose?", "撇号：另一个字母、导数，还是转置？", READ),
    "digit": _cause("a digit behind a letter: a name, or a factor?", "字母后的数字：名称的一部分，还是因子？", READ),
    "sizes": _cause("numbers with crosses between them: sizes, or a product?", "用乘号连接的数：尺寸，还是乘积？", READ),
    "factor": _cause("a letter before a bracket: a product, or a function?", "括号前的字母：乘积还是函数？", READ),
    "optimum": _cause(
        "optima and limits may be equal where what they are taken of is not", "式子不同，其最优解或极限仍可能相同", READ
    ),
    "misfit": _cause("no reading fits: {misfit}", "没有合适的读法：{misfit}", READ),
    "no-reading": _cause("no reading was found", "没有找到读法", READ),
    "many-readings": _cause("it has more readings than are tried", "读法过多，未全部尝试", READ),
    "some-readings": _cause("some readings could not be decided", "有些读法无法判定", READ),
    "many-indices": _cause("more indices than are tried", "指标过多，未作尝试", EVALUATED),
    # not read
    "notation": _cause("{refusal}", "{refusal}", NOTATION),
    "misshapen": _cause("{refusal}", "{refusal}", READ),
    "not-derived": _cause("{refusal}", "{refusal}", EVALUATED),
    "rests-on-unread": _cause("rests on {name}, which could not be read", "依赖于未能读取的 {name}", NOTATION),
    "too-long": _cause("a formula of more than {most} characters", "公式超过 {most} 个字符", NOTATION),
    "picture": _cause("a picture; what it says is not read", "图片，其内容不读取", NOTATION),
    "bar-in-brackets": _cause(
        "a bar inside brackets, such as a condition p(x | y), is not read", "不读取括号中的竖线，如条件 p(x | y)", NOTATION
    ),
    "evaluated-at": _cause("a bar that says where to evaluate is not read", "不读取表示在何处取值的竖线", NOTATION),
    "brackets": _cause("{refusal}: the brackets of this side do not match", "{refusal}：这一边的括号不配对", NOTATION),
    "list": _cause(
        "a comma: a list, a tuple or several arguments; this is not read", "逗号：列表、数组或多个自变量，不读取", NOTATION
    ),
    "semicolon": _cause("a semicolon inside brackets; this is not read", "不读取括号中的分号", NOTATION),
    "inequality": _cause("an inequality inside brackets; this is not read", "不读取括号中的不等式", NOTATION),
    "subscript": _cause("a subscript behind a bracket or a bar; this is not read", "不读取括号或竖线后的下标", NOTATION),
    "sign": _cause("a sign behind an operator; this is not read", "不读取运算符后的正负号", NOTATION),
    "dot": _cause("a dot between factors; this is not read", "不读取因子之间的点", NOTATION),
    "by-cases": _cause("a definition by cases; this is not read", "不读取分情况的定义", NOTATION),
    "loose-partial": _cause(
        r"a \partial that belongs to no derivative; this is not read", r"不读取不属于任何导数的 \partial", NOTATION
    ),
    "dots": _cause(
        "dots that leave out terms or entries: what is left out is not clear; this is not read",
        "省略号所省略的项或元素不明确，不读取",
        NOTATION,
    ),
    # judged without a decision
    "undecided": _cause("could not be decided", "无法判定", EVALUATED),
    "too-deep": _cause("nested too deeply", "嵌套过深", EVALUATED),
    "bound-on-work": _cause("bound on work met", "计算量达到上限", EVALUATED),
    "many-signs": _cause("too many signs", "正负号过多", EVALUATED),
    "many-terms": _cause("polynomials of too many terms", "多项式的项数过多", EVALUATED),
    "long-coefficients": _cause("the coefficients are too long", "系数过长", EVALUATED),
    "high-degree": _cause("the degree is too high for chance to tell", "次数过高，随机检验不足以判断", EVALUATED),
    "no-exact-value": _cause("{name} has no exact value", "{name} 没有精确值", EVALUATED),
    "many-digits": _cause("numbers of many digits have no exact value", "位数很多的数没有精确值", EVALUATED),
    "operator": _cause("operator {name} cannot be evaluated", "运算 {name} 无法求值", EVALUATED),
    "operator-inside": _cause(
        "operator {name} inside an elementwise function cannot be evaluated", "逐元素函数中的运算 {name} 无法求值", EVALUATED
    ),
    "matrix-function": _cause("matrix function {name} cannot be evaluated", "矩阵函数 {name} 无法求值", EVALUATED),
    "power": _cause("power of a matrix with an exponent that is not an integer", "矩阵的幂，而指数不是整数", EVALUATED),
    "exponent": _cause("exponent out of bounds", "指数超出范围", EVALUATED),
    "by-no-letter": _cause("derivative by something that is not a letter", "对不是字母的式子求导", EVALUATED),
    "index-value": _cause("index {name} has no value", "指标 {name} 没有取值", EVALUATED),
    "bound-derivative": _cause(
        "the derivative of order {order} of {name} is bound by what is declared of it",
        "{name} 的 {order} 阶导数受其声明约束",
        EVALUATED,
    ),
    "not-drawn": _cause(
        "no matrix is drawn that is {properties}, as {name} is",
        "尚无法取值：{name} 同时为 {properties}",
        EVALUATED,
    ),
    "given-derivative": _cause(
        "the derivative of order {order} of {name}, of which a premise gives the first",
        "{name} 的 {order} 阶导数，而前提给出其一阶导数",
        EVALUATED,
    ),
    "defined-parameter": _cause(
        "{name} is a function of {parameter}, which is defined", "{name} 是 {parameter} 的函数，而后者已有定义", EVALUATED
    ),
    "sizes-not-told": _cause(
        r"nothing tells the size of I or \mathbf{{1}}; write I_n or \mathbf{{1}}_n",
        r"无从得知 I 或 \mathbf{{1}} 的尺寸；请写 I_n 或 \mathbf{{1}}_n",
        SIZES,
    ),
    "bound-elsewhere": _cause(
        "it is not known whether it holds where {name} is what it is declared to be, as a premise asks",
        "前提要求 {name} 合乎其声明，此时是否成立尚不可知",
        POINTS,
    ),
    "positive-only": _cause("only points with positive {names} were found", "只找到 {names} 为正的点", POINTS),
    "counted": _cause(
        "it holds at the sizes tried, but {name} stands as a number in it so often that more are needed",
        "在所试的尺寸下成立，但 {name} 在式中多次作为数出现，需要更多尺寸",
        POINTS,
    ),
    "some-digits": _cause("the sides agree to some digits only", "两边只有部分数位相同", POINTS),
    "no-point": _cause("no point was found at which both sides are defined", "没有找到两边都有定义的点", POINTS),
    "no-point-by": _cause(
        "no point was found at which both sides are defined ({undefined})", "没有找到两边都有定义的点（{undefined}）", POINTS
    ),
    "region": _cause(
        "no point was found, and none shown to be impossible, where {region}",
        "在 {region} 处没有找到点，也没有证明其不可能",
        POINTS,
    ),
    "patterns": _cause("only {met} of {every} patterns of signs were met", "{every} 种符号组合只遇到 {met} 种", POINTS),
    "lower-rank": _cause(
        "it fails where {matrix} is {rank}, which the premises allow", "{matrix} {rank}时不成立，而前提允许如此", POINTS
    ),
    "premise": _cause("premise cannot be sampled: {premise}", "无法按该前提取值：{premise}", PREMISE),
    "ties": _cause("premise ties letters: {ties}", "前提使字母相互约束：{ties}", PREMISE),
    "not-every-solution": _cause(
        "it follows from the zero of the gradient, but not every solution of it is one",
        "它由导数为零得出，但它的解不都使导数为零",
        PREMISE,
    ),
    "outside": _cause(
        "the value is not {outside}, which {name} is declared to be", "该值不是 {outside}，而 {name} 声明为如此", PREMISE
    ),
    "internal-error": _cause("internal error", "内部错误", FAULT),
    # parts of reasons: what a premise does, what is undefined, what is assumed
    "constant-letter": _cause("{names} is constant", "{names} 是常量", ASSUMED),
    "constant-letters": _cause("{names} are constant", "{names} 都是常量", ASSUMED),
    "numerator": _cause("gradients are in numerator layout", "导数采用分子布局", ASSUMED),
    "denominator": _cause("gradients are in denominator layout", "导数采用分母布局", ASSUMED),
    "block": _cause("gradients are in block layout", "导数采用分块布局", ASSUMED),
    "other-sizes": _cause("sizes are other than said", "尺寸与文中所说不同", ASSUMED),
    "scalar": _cause("{name} is a number", "{name} 是标量", ASSUMED),
    "column": _cause("{name} is a column", "{name} 是列向量", ASSUMED),
    "matrix": _cause("{name} is a matrix", "{name} 是矩阵", ASSUMED),
    "unusual": _cause("it is read in an unusual way", "按不寻常的读法", ASSUMED),
    "functions-matrix": _cause("functions are functions of matrices", "函数作为矩阵函数", ASSUMED),
    "functions-elementwise": _cause("functions act entry by entry", "函数逐元素作用", ASSUMED),
    "adjugate": _cause("^* is the adjugate", "^* 是伴随矩阵", ASSUMED),
    "star-transpose": _cause("^* is the transpose", "^* 是转置", ASSUMED),
    "logistic": _cause("sigma is the logistic function", "sigma 是 logistic 函数", ASSUMED),
    "frobenius": _cause("a squared 2-norm is that of Frobenius", "2-范数的平方是 Frobenius 范数的平方", ASSUMED),
    "closed-run": _cause("a row times a column in a product is a number", "乘积中的行乘列是一个数", ASSUMED),
    "column-gradient": _cause("the gradient is a column", "梯度是列向量", ASSUMED),
    "mixed-layout": _cause("gradients are columns beside Jacobians", "梯度是列向量，与雅可比矩阵并用", ASSUMED),
    "total-derivative": _cause("a partial derivative is meant as the total one", "偏导数指全导数", ASSUMED),
    "determinant": _cause(r"\| … \| is read as a determinant", r"把 \| … \| 读作行列式", ASSUMED),
    "symmetric": _cause("the square matrices are symmetric", "其中的方阵对称", ASSUMED),
    "not-negative": _cause("the factors of norms and absolute values are not negative", "范数和绝对值前的因子非负", ASSUMED),
    "square": _cause("{name} are square, all of one size", "{name} 是同阶方阵", ASSUMED),
    "sums-to-one": _cause("the entries of {name} sum to one", "{name} 的各分量之和为一", ASSUMED),
    "sum-over-all": _cause("the sum goes over all terms behind it", "求和号作用于其后的所有项", ASSUMED),
    "mean-zero": _cause("what is random has mean zero", "随机量的均值为零", ASSUMED),
    "mean-named": _cause("what is random has the mean that the formula names", "随机量的均值就是式中写出的均值", ASSUMED),
    "word-for-letter": _cause("'{word}' stands for {name}", "“{word}”代表 {name}", ASSUMED),
    "blocks-apart": _cause(
        "the derivatives of matrices are set apart, which line {line} lays out in blocks",
        "矩阵对矩阵的导数除外（第 {line} 行按分块布局）",
        ASSUMED,
    ),
    "only-zero": _cause("it leaves {name} no value but zero", "它使 {name} 只能为零", PREMISE),
    "tie": _cause("{premise} ties {names} to {variable}", "{premise} 使 {names} 随 {variable} 变化", PREMISE),
    "singular": _cause("singular", "奇异", POINTS),
    "of-lower-rank": _cause("of lower rank", "降秩", POINTS),
    "zero": _cause("zero", "为零", POINTS),
    "division": _cause("division by zero", "除以零", POINTS),
    "division-by-residue": _cause("division by zero modulo one of two primes", "模两个素数之一时除以零", POINTS),
    "no-sign": _cause("no sign modulo two primes", "模两个素数时没有符号", POINTS),
    "sign-of-zero": _cause("the sign of zero", "零的符号", POINTS),
    "no-root": _cause("square root of a non-residue", "非剩余的平方根", POINTS),
    "no-square": _cause("not the square of a fraction", "不是分数的平方", POINTS),
    "of-zero": _cause("{name} of zero", "{name} 在零处", POINTS),
    "of-negative": _cause("{name} of a negative number", "负数的 {name}", POINTS),
    "beyond-domain": _cause("{name} beyond where it is defined", "超出 {name} 的定义域", POINTS),
    "of-small": _cause("{name} of a number that is too small", "过小的数的 {name}", POINTS),
    "of-large": _cause("{name} of a number that is too large", "过大的数的 {name}", POINTS),
    "of-large-matrix": _cause("{name} of a matrix that is too large", "过大的矩阵的 {name}", POINTS),
    "singular-matrix": _cause("singular matrix", "矩阵奇异", POINTS),
    "contradiction": _cause("premises contradict each other", "前提互相矛盾", PREMISE),
    "not-positive": _cause("{name} is not positive here", "{name} 在此不为正", POINTS),
    "no-place": _cause("no place {place} among {count}", "{count} 个中没有第 {place} 个", POINTS),
    "unknown-function": _cause("a function left unknown", "未知的函数", POINTS),
}
