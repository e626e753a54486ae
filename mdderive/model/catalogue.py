"""The words of every diagnostic: one row a code, in English and Chinese; `{name}` in them stands for a fact.

Codes: 1xx block and file, 2xx notation, 3xx shapes, 4xx mathematics, 9xx internal. A code is never used for something else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Entry:
    """The words for one code; `{name}` in them stands for a fact."""

    severity: Severity
    words: Mapping[Language, str]
    help: Mapping[Language, str]


def _entry(en: str, zh: str, help_en: str = "", help_zh: str = "", severity: Severity = "error") -> Entry:
    return Entry(severity, {"en": en, "zh": zh}, {"en": help_en, "zh": help_zh})


CATALOG: Mapping[str, Entry] = {
    # 1xx: block and file
    "DRV101": _entry(
        "this derive block is not closed",
        "此 derive 块没有关闭",
        "close it by a line with the same marks, at the same depth of lists and quotes (\\end{{derive}} in LaTeX)",
        "请在相同的列表或引用层次用同样的标记关闭它（LaTeX 中用 \\end{{derive}}）",
    ),
    "DRV102": _entry(
        "this derive block is not read where it stands",
        "此处的 derive 块不会被读取",
        "move it out of the HTML or front matter, or indent it as the list or container around it wants",
        "请把它移出 HTML 或文件头，或按所在列表、容器的要求缩进",
    ),
    "DRV103": _entry(
        "this derive block stands inside another fence that is not longer",
        "此 derive 块位于另一个不更长的围栏之中",
        "close the fence before it; to quote a block, put it into a fence with more marks",
        "请先关闭前面的围栏；若要引用一个块，请用标记更多的围栏",
    ),
    "DRV104": _entry(
        "unknown option '{key}'",
        "未知选项“{key}”",
        "options are {known}",
        "可用选项：{known}",
    ),
    "DRV105": _entry(
        "'{value}' is no value of the option '{key}'",
        "“{value}”不是选项“{key}”的值",
        "write {allowed}",
        "请写作 {allowed}",
    ),
    "DRV106": _entry(
        "the value of the option '{key}' is not quoted",
        "选项“{key}”的值没有引号",
        'write {key}="{value}"',
        '请写作 {key}="{value}"',
    ),
    "DRV107": _entry(
        "'{text}' cannot be read as an option",
        "“{text}”无法读作选项",
        'write options once each, as key="value" or new, with spaces between them',
        '每个选项只写一次，写作 key="value" 或 new，中间用空格隔开',
    ),
    "DRV108": _entry(
        "'{seen}' looks like the opening of a derive block and is none",
        "“{seen}”看似 derive 块的开头，其实不是",
        "write {write}, with nothing but blanks and the marks of lists and quotes before it",
        "请写 {write}，其前只能有普通空格以及列表、引用的标记",
        "warning",
    ),
    "DRV109": _entry(
        "this derive block is indented like code and is not read",
        "此 derive 块缩进成了代码，不会被读取",
        "begin the line with {write}, or indent it as the list around it does; to quote a block, use a fence with more marks",
        "请以 {write} 作为行首，或按所在列表的要求缩进；若要引用一个块，请用标记更多的围栏",
        "warning",
    ),
    "DRV110": _entry(
        "a block of more than {limit} statements",
        "一个块超过 {limit} 条语句",
        "split it into several blocks; declarations and definitions last to the end of the section",
        "请拆成几个块；声明和定义在本节结束前一直有效",
    ),
    "DRV111": _entry(
        "a statement of more than {limit} characters",
        "一条语句超过 {limit} 个字符",
        "split it by definitions (Y = …)",
        "请用定义（Y = …）拆开",
    ),
    "DRV112": _entry(
        "'{text}' is no name",
        "“{text}”不是名称",
        "a name is one letter or command, perhaps with font, accent and subscript: x, \\Sigma, W_1, \\mathbf{{x}}, \\hat{{y}}",
        "名称是一个字母或命令，可带字体、重音和下标：x、\\Sigma、W_1、\\mathbf{{x}}、\\hat{{y}}",
    ),
    "DRV113": _entry(
        "'{text}' is no shape",
        "“{text}”不是形状",
        "write scalar, n, m x n, elementwise or scalar function of Y; a size is a letter or a positive integer",
        "请写 scalar、n、m x n、elementwise 或 scalar function of Y；大小是一个字母或正整数",
    ),
    "DRV114": _entry(
        "'{word}' is no property",
        "“{word}”不是性质",
        "properties are {known}",
        "性质有：{known}",
    ),
    "DRV115": _entry(
        "{name} is declared twice: as {first} and as {second}",
        "{name} 声明了两次：{first} 与 {second}",
        "keep one of them, or use two names",
        "请保留其一，或使用两个名称",
    ),
    "DRV116": _entry(
        "{name} is a size and a symbol",
        "{name} 既是大小又是符号",
        "use another letter for one of them",
        "请为其中之一换一个字母",
    ),
    "DRV117": _entry(
        "{name} is defined through itself",
        "{name} 的定义用到了它自己",
        "use another name for the new value",
        "请为新的值换一个名称",
    ),
    "DRV118": _entry(
        "{name} was defined through {through}, which has another meaning here",
        "{name} 是通过 {through} 定义的，而 {through} 在此有别的含义",
        "define {name} again in this block",
        "请在本块中重新定义 {name}",
    ),
    "DRV119": _entry(
        "{name} is not defined, so that its derivative says nothing",
        "{name} 没有定义，对它求导没有意义",
        "define it ({name} = …), or declare it: {name}: scalar function of {variable}",
        "请定义它（{name} = …），或声明 {name}: scalar function of {variable}",
    ),
    "DRV120": _entry(
        "{name}({parameter}) = … does not define an elementwise function",
        "{name}({parameter}) = … 没有定义一个逐元素函数",
        "the right side must be a scalar formula in {parameter}; a value is defined without the argument: {name} = …",
        "右边必须是 {parameter} 的标量公式；若要定义一个值，请不带自变量：{name} = …",
    ),
    "DRV121": _entry(
        "{name} is {shape} and cannot be {property}",
        "{name} 是 {shape}，不能是 {property}",
        "only square matrices have this property",
        "只有方阵有此性质",
    ),
    "DRV122": _entry(
        "{name} is not the size of anything declared",
        "{name} 不是任何已声明的大小",
        "declare something of that size, such as X: m x n",
        "请先声明用到该大小的量，例如 X: m x n",
    ),
    "DRV123": _entry(
        "this formula states nothing",
        "这个公式没有陈述任何内容",
        "write what it equals, define it by a name (f = …), or declare a letter (X: m x n)",
        "请写出它等于什么，用名称定义它（f = …），或声明一个字母（X: m x n）",
    ),
    "DRV124": _entry(
        "'{relation}' is no relation that can be judged",
        "无法判断关系“{relation}”",
        "a block states equations; leave other relations to the text around it",
        "块中只写等式；其他关系请写在块外的文字中",
    ),
    "DRV125": _entry(
        "what solves the gradient set to zero is not stated",
        "没有写出使导数为零的解",
        "write {name} = …, or an equation about it, behind the arrow; {name} = ? asks for it",
        "请在箭头之后写 {name} = …，或关于它的等式；{name} = ? 表示求解",
    ),
    "DRV126": _entry(
        "{name} is defined, so that it is not assumed to be {properties}",
        "{name} 已有定义，因此不假定它是 {properties}",
        "declare the properties of the letters it is made of, or state them as a claim",
        "请声明组成它的字母的性质，或把性质写成断言",
        "warning",
    ),
    "DRV127": _entry(
        "{name} has no shape",
        "{name} 没有形状",
        "write {name}: n, {name}: m x n or {name}: scalar",
        "请写 {name}: n、{name}: m x n 或 {name}: scalar",
    ),
    "DRV128": _entry(
        "{name} is not declared, and what is differentiated does not contain it",
        "{name} 没有声明，被求导的式子里也没有它",
        "correct the letter, or declare {name} if the derivative is meant to be zero",
        "请更正字母；若导数本应为零，请声明 {name}",
    ),
    "DRV129": _entry(
        "{name} cannot be a function of {parameter}",
        "{name} 不能是 {parameter} 的函数",
        "the argument in {name}({parameter}) must be a scalar that is not a function itself",
        "{name}({parameter}) 的自变量必须是标量，且自身不是函数",
    ),
    "DRV130": _entry(
        "this block was meant to be wrong ({code}), and is not",
        "本块应当出错（{code}），实际没有",
        "remove the option expect, or restore the mistake that it is to show",
        "请删去选项 expect，或恢复要展示的错误",
    ),
    "DRV131": _entry(
        "the row has no usable value for '{key}'",
        "该行的“{key}”没有可用的值",
        "write let and given as lists of text, where as an object, f and wrt as text, order as 1 or 2, and no other keys",
        "let 和 given 写成文本列表，where 写成对象，f 和 wrt 写成文本，order 写 1 或 2，不要有其他键",
    ),
    "DRV133": _entry(
        "'{mark}' has no partner, so that the formulas here were not read",
        "“{mark}”没有配对，此处的公式未被读取",
        "close the formula, or write \\$ for a dollar sign",
        "请闭合公式；若是美元符号请写 \\$",
        "info",
    ),
    "DRV134": _entry(
        "this formula was not read: {why}",
        "此公式未被读取：{why}",
        "",
        "",
        "info",
    ),
    "DRV135": _entry(
        "this is not the spelling that is read",
        "这不是可读取的写法",
        "write {write}",
        "请写作 {write}",
    ),
    "DRV136": _entry(
        "{name} is no size, so that {name} {relation} … does not compare sizes",
        "{name} 不是大小，{name} {relation} … 不是大小之间的关系",
        "{advice}",
        "{advice_zh}",
    ),
    "DRV137": _entry(
        "'{text}' says no size",
        "“{text}”没有说明大小",
        "write {write}, with its sizes in place of the letters",
        "请写 {write}，并以实际的大小代替其中的字母",
    ),
    "DRV138": _entry(
        "'?' asks for a derivative, a formula with derivatives in it, or for a solution behind an arrow",
        "“?”用来求导数、含导数的式子，或求箭头之后的解",
        "write \\nabla_x f = ?, \\frac{{\\partial^2 f}}{{\\partial x \\partial x^T}} = ? or \\nabla_x f = 0 \\Rightarrow x = ?",
        "请写 \\nabla_x f = ?、\\frac{{\\partial^2 f}}{{\\partial x \\partial x^T}} = ? 或 \\nabla_x f = 0 \\Rightarrow x = ?",
    ),
    "DRV139": _entry(
        "only {first} stands under the slash, and it is no number",
        "斜线之下只有 {first}，它不是数",
        "put the denominator in brackets: {write}",
        "请给分母加括号：{write}",
    ),
    "DRV141": _entry(
        "{name} has a meaning of its own and is defined anew without a declaration",
        "{name} 有固定的含义，却未经声明就被重新定义",
        "declare it first ({name}: scalar), or take another letter",
        "请先声明它（{name}: scalar），或换一个字母",
    ),
    "DRV142": _entry(
        "{name} is given, but the formula does not use it",
        "给出了 {name}，但公式没有用到它",
        "leave it out, or spell it as the formula does",
        "请去掉它，或按公式中的写法书写",
    ),
    "DRV150": _entry(
        "the file has more than {bound}",
        "文件超过上限：{bound}",
        "split it into several files; none of it was read",
        "请拆成几个文件；该文件未被读取",
    ),
    "DRV190": _entry(
        "the file cannot be read: {why}",
        "无法读取该文件：{why}",
        "save the file as UTF-8 text",
        "请把文件存为 UTF-8 文本",
    ),
    "DRV191": _entry(
        "this line is not a JSON object: {why}",
        "这一行不是 JSON 对象：{why}",
        "write one JSON object a line, without line ends in it",
        "每行写一个 JSON 对象，对象内不要换行",
    ),
    "DRV192": _entry(
        "the file cannot be opened: {why}",
        "无法打开该文件：{why}",
        "check its name, what kind of file it is, and the rights to it",
        "请检查文件名、文件类型和访问权限",
    ),
    "DRV193": _entry(
        "a notebook is not read: nbformat, which knows their versions, is not installed",
        "不读取笔记本文件：未安装识别其版本的 nbformat",
        "install it: pip install 'mdderive[notebooks]'",
        "请安装：pip install 'mdderive[notebooks]'",
    ),
    "DRV194": _entry(
        "this is {what} and is not read",
        "这是{what_zh}，不读取",
        "name the file itself if it is to be read",
        "若要读取，请直接指定该文件",
        "warning",
    ),
    "DRV195": _entry(
        "this derive block is brought in {how}, and is not read",
        "此 derive 块{how_zh}引入，不会被读取",
        "write it into a Markdown page",
        "请把它写进 Markdown 页面",
    ),
    # 2xx: notation
    "DRV201": _entry(
        "unknown command {command}",
        "未知命令 {command}",
        "use a standard command, or declare the name",
        "请使用标准命令，或先声明该名称",
    ),
    "DRV202": _entry(
        "'{opened}' opened here is not closed",
        "此处打开的“{opened}”没有闭合",
        "close it before the formula ends",
        "请在公式结束前闭合",
    ),
    "DRV203": _entry(
        "unexpected '{found}'",
        "意外的“{found}”",
        "remove it, or write what should stand before it",
        "请删除它，或补全它前面的内容",
    ),
    "DRV204": _entry(
        "the formula ends where an operand is expected",
        "公式在应有运算对象处结束",
        "complete the formula, or remove the last operator",
        "请补全公式，或删除最后的运算符",
    ),
    "DRV205": _entry(
        "d applied to a power is ambiguous",
        "d 作用于幂有歧义",
        "write d({base}^k) for the differential of the power, or (d{base})^k for the power of the differential",
        "写 d({base}^k) 表示幂的微分，写 (d{base})^k 表示微分的幂",
    ),
    "DRV206": _entry(
        "Hadamard, Kronecker or inner products are mixed without parentheses at {sign}",
        "{sign} 处混用了逐元素乘积、Kronecker 乘积或内积而没有括号",
        "put parentheses around the product that is meant first",
        "请用括号标明先算哪一个乘积",
    ),
    "DRV207": _entry(
        "'||' is ambiguous: a norm, or a bar inside a bar",
        "“||”有歧义：范数，还是嵌套的竖线",
        "write \\| … \\| for a norm, \\lvert … \\rvert for determinants and absolute values",
        "范数写 \\| … \\|，行列式和绝对值写 \\lvert … \\rvert",
    ),
    "DRV208": _entry(
        "'{word}' is not the name of a known function",
        "“{word}”不是已知的函数名",
        "known functions are listed by `mdderive rules --functions`; words belong outside the formula",
        "已知函数见 `mdderive rules --functions`；文字请写在公式之外",
    ),
    "DRV209": _entry(
        "division by something of shape {shape}",
        "除数的形状为 {shape}",
        "put a denominator of several factors in brackets, a / (b c); write A \\oslash B for the elementwise quotient, "
        "A B^{{-1}} for the product with the inverse",
        "分母有多个因子时请加括号：a / (b c)；逐元素相除写 A \\oslash B，乘以逆矩阵写 A B^{{-1}}",
    ),
    "DRV210": _entry(
        "the environment '{environment}' is not read here",
        "此处不支持环境“{environment}”",
        "use aligned, align, split, gathered or equation",
        "请使用 aligned、align、split、gathered 或 equation",
    ),
    "DRV211": _entry(
        "\\begin{{{opened}}} is closed by '{found}'",
        "\\begin{{{opened}}} 被“{found}”闭合",
        "close it with \\end{{{opened}}}",
        "请用 \\end{{{opened}}} 闭合",
    ),
    "DRV212": _entry(
        "'{found}' does not close what is open", "“{found}”与打开的括号不匹配", "balance the brackets", "请使括号配对"
    ),
    "DRV213": _entry(
        "a prime on {name}, which is not applied to an argument",
        "{name} 带撇号却没有作用于自变量",
        "write ^T for the transpose; a prime is the derivative of a function, \\sigma'(X)",
        "转置写 ^T；撇号表示函数的导数，如 \\sigma'(X)",
    ),
    "DRV214": _entry(
        "this form of derivative is not read",
        "不支持这种导数写法",
        "write \\frac{{\\partial f}}{{\\partial X}}, \\nabla_X f, or \\frac{{\\partial^2 f}}{{\\partial x \\partial y^T}}",
        "请写 \\frac{{\\partial f}}{{\\partial X}}、\\nabla_X f 或 \\frac{{\\partial^2 f}}{{\\partial x \\partial y^T}}",
    ),
    "DRV215": _entry(
        "the formula is larger than {bound}", "公式超出上限：{bound}", "split it with definitions", "请用定义把公式拆开"
    ),
    "DRV216": _entry(
        "a second superscript",
        "重复的上标",
        "write {{X^{{-1}}}}^T as X^{{-T}} or (X^{{-1}})^T",
        "请写成 X^{{-T}} 或 (X^{{-1}})^T",
    ),
    "DRV217": _entry(
        "only the first digit of '{digits}' is the exponent",
        "“{digits}”中只有第一位数字是指数",
        "put the exponent in braces: ^{{{digits}}}",
        "请给指数加花括号：^{{{digits}}}",
    ),
    "DRV218": _entry(
        "this is not one equation", "这不是单个等式", "write one equation, left side = right side", "请写成一个等式：左边 = 右边"
    ),
    "DRV219": _entry(
        "the function {name} has no declared meaning here",
        "函数 {name} 在此没有声明",
        "declare `{name}: elementwise` or `{name}: scalar function of Y`, and apply it to an argument",
        "请声明 `{name}: elementwise` 或 `{name}: scalar function of Y`，并写出自变量",
    ),
    "DRV220": _entry(
        "a norm with subscript '{subscript}' of this shape is not known",
        "不支持此形状下带下标“{subscript}”的范数",
        "known are \\|x\\|, \\|x\\|_2 of vectors, \\|X\\|_F of matrices and \\|X\\|_1 (sum of absolute values)",
        "支持向量的 \\|x\\|、\\|x\\|_2，矩阵的 \\|X\\|_F，以及 \\|X\\|_1（元素绝对值之和）",
    ),
    "DRV221": _entry(
        "{name} is not declared, but {declared} is",
        "{name} 没有声明，但声明了 {declared}",
        "did you mean {declared}? otherwise declare {name} as well",
        "是否想写 {declared}？否则请同时声明 {name}",
    ),
    "DRV222": _entry(
        "^* has two readings: adjugate, and conjugate transpose",
        "^* 有两种读法：伴随矩阵，共轭转置",
        "write ^{{\\#}} for the adjugate, ^T for the transpose of a real matrix",
        "伴随矩阵写 ^{{\\#}}，实矩阵的转置写 ^T",
    ),
    "DRV223": _entry(
        "a superscript with two readings: {script}",
        "上标有两种读法：{script}",
        "write X_1 for an index, X^k for a power, a fraction for one over a function, \\mathbf{{1}}^T for a row of ones",
        "编号写 X_1，幂写 X^k，函数的倒数写成分式，全一行向量写 \\mathbf{{1}}^T",
    ),
    "DRV224": _entry(
        "the subscript of {name} is not read here",
        "此处不支持 {name} 的下标",
        "write sizes as in I_n, \\mathbf{{1}}_{{m \\times n}} or K_{{m,n}}; declare what is a letter of its own, no entry",
        "尺寸写作 I_n、\\mathbf{{1}}_{{m \\times n}} 或 K_{{m,n}}；不支持单个元素；独立的字母请先声明",
    ),
    "DRV225": _entry("division by zero", "除以零", "correct the denominator", "请改正分母"),
    "DRV226": _entry(
        "{name} is defined by a formula in {letters}, and applied to something else here",
        "{name} 由 {letters} 的公式定义，此处却作用于别的量",
        "define another name by the formula at this place, or write {name} \\cdot (…) for a product",
        "请用该处的公式定义另一个名称；若是乘积请写 {name} \\cdot (…)",
    ),
    "DRV230": _entry(
        "{text} is read as {reading}, not as {other}",
        "{text} 读作 {reading}，而不是 {other}",
        "write {reading} to say so, or {other} for the other reading",
        "可写作 {reading} 以示明确；若是另一种意思，请写 {other}",
        "warning",
    ),
    "DRV231": _entry(
        "{construct} is known, but neither derived nor judged here",
        "认识 {construct}，但不支持对它求导或判断",
        "state the formula in other operators, or leave it to the text around the block",
        "请改用其他运算表达，或把它写在块外的文字中",
    ),
    "DRV232": _entry(
        "a matrix with rows of different lengths",
        "矩阵各行的长度不同",
        "write the same number of entries in every row, with & between them",
        "每行请写相同个数的元素，用 & 隔开",
    ),
    "DRV233": _entry(
        "a number stands in one row or column with a block that is {shape}",
        "标量与形状为 {shape} 的块同处一行或一列",
        "write a block of the size that its row and column ask for, such as t I or t \\mathbf{{1}}; a bare 0 has it by itself",
        "请写出行列所要求大小的块，例如 t I 或 t \\mathbf{{1}}；单独的 0 自动取该大小",
    ),
    "DRV234": _entry(
        "{construct}: this form of a sum or maximum over an index is not read",
        "{construct}：不支持这种对指标求和或取最值的写法",
        "let the index run from 1 to the size of what it numbers, as in \\sum_{{i=1}}^n x_i^2; an index is no number",
        "让指标从 1 取到所编号对象的大小，例如 \\sum_{{i=1}}^n x_i^2；指标本身不作数值使用",
    ),
    "DRV235": _entry(
        "the indices {indices} at something of shape {shape}",
        "形状为 {shape} 的对象带有指标 {indices}",
        "x_i is an entry of a vector x, X_{{ij}} of a matrix X; a row is e_i^T X; numbered vectors are not read",
        "x_i 是向量 x 的元素，X_{{ij}} 是矩阵 X 的元素；一行写作 e_i^T X；不支持编号的向量",
    ),
    "DRV236": _entry(
        "the index {index} is free in the definition of {name}, and a sum over it holds that name",
        "{name} 的定义中指标 {index} 未受约束，而对它的求和又含有该名称",
        "use another letter for one of them, or number the name as well, {name}_{index}",
        "请为其中之一换一个字母，或给该名称也加上编号 {name}_{index}",
    ),
    "DRV241": _entry(
        "an equation stands where it is not judged",
        "此处的等式不会被判断",
        "write it as a statement on a line of its own; a tag, a label or an annotation may name something, not claim it",
        "请把它单独写成一行语句；编号、标签或注解可以命名，不能断言",
    ),
    "DRV240": _entry(
        "\\partial by {variable} of what depends on {variable} through {names} can be read in two ways",
        "对 {variable} 的 \\partial 有两种读法，因为式中的 {names} 也依赖于 {variable}",
        "write \\frac{{df}}{{d{variable}}} where {names} move with {variable}; name what is held fixed by another letter",
        "若 {names} 随 {variable} 变化，请写 \\frac{{df}}{{d{variable}}}；要固定不变的部分请另用字母表示",
    ),
    "DRV250": _entry(
        "{text} is not printed",
        "不输出 {text}",
        "a formula is printed as it was written: leave out of it what opens links or files, defines commands, or is not seen",
        "公式按原样输出：请去掉其中打开链接或文件、定义命令或不可见的内容",
    ),
    "DRV251": _entry(
        "{name} is numbered by a letter, and is neither declared nor an entry of {letter}",
        "{name} 带有字母编号，但既没有声明，也不是 {letter} 的元素",
        "declare it ({name}: scalar, or a shape); or declare {letter} where it is an entry, and write {letter}_i with an index",
        "请声明它（{name}: scalar，或某个形状）；若是元素，请声明 {letter} 并写作带指标的 {letter}_i",
    ),
    "DRV252": _entry(
        "the numbering of {name} is not read",
        "不支持 {name} 这样的编号",
        "a family is declared, x_i: d or r_{{ik}}: scalar, numbered by letters or numbers; write entries of a matrix as X_{{ij}}",
        "一族要先声明，例如 x_i: d 或 r_{{ik}}: scalar，指标为字母或数字；矩阵的元素写作 X_{{ij}}",
    ),
    "DRV253": _entry(
        "{index} numbers something here, and means something else",
        "{index} 在此作为指标，同时又另有含义",
        "use another letter for one of them; i = 2 makes x_i the second",
        "请为其中之一换一个字母；写 i = 2 则 x_i 表示第二个",
    ),
    "DRV254": _entry(
        "a second derivative, or one of a vector or matrix, by {name}, one of many, is not derived",
        "不支持对一族中的某个 {name} 求二阶导数，也不支持向量或矩阵对它求导",
        "ask for the first derivative of a scalar, or declare what is differentiated by as a letter of its own",
        "请求标量的一阶导数，或把求导变量声明为独立的字母",
    ),
    "DRV255": _entry(
        "the index {index} stands free here, and a sum binds it elsewhere in this formula",
        "指标 {index} 在此未受约束，而同一式中另有求和约束它",
        "put all that is summed in brackets, or use another letter for one of them",
        "请把整个被求和的式子放进括号，或为其中之一换一个字母",
    ),
    "DRV256": _entry(
        "{name} is declared beside {letter}, whose entry it is",
        "声明了 {name}，又声明了 {letter}，而它是后者的元素",
        "leave out the declaration of {name}, or use another letter for {letter}",
        "请去掉 {name} 的声明，或为 {letter} 换一个字母",
    ),
    "DRV257": _entry(
        "{name} is declared beside {members}, and nothing says what one has to do with the other",
        "{name} 与 {members} 并列声明，却没有说明二者的关系",
        "write {name} = {listed} where it is made of them, or use another letter",
        "若它由后者组成，请写 {name} = {listed}；否则请换一个字母",
        "warning",
    ),
    # 3xx: shapes
    "DRV301": _entry(
        "shapes differ across '{sign}': {left} and {right}",
        "“{sign}”两边的形状不同：{left} 与 {right}",
        "make both sides the same shape; a number for every entry is written with \\mathbf{{1}}",
        "请使两边形状一致；每个元素都加上同一个数时请用 \\mathbf{{1}}",
    ),
    "DRV302": _entry(
        "a product of shapes that do not fit: {left} times {right}",
        "形状不匹配的乘积：{left} 乘 {right}",
        "check the order and the transposes; group a scalar factor with \\, or parentheses",
        "请检查次序和转置；标量因子可用 \\, 或括号分组",
    ),
    "DRV303": _entry(
        "a square matrix is needed, this is {shape}",
        "此处需要方阵，实际形状为 {shape}",
        "only square matrices have a trace, determinant, inverse or power",
        "只有方阵才有迹、行列式、逆和幂",
    ),
    "DRV304": _entry(
        "bars around something of shape {shape}: neither a determinant nor an absolute value",
        "竖线内的形状为 {shape}：既不是行列式也不是绝对值",
        "write \\| … \\| for a norm, \\operatorname{{abs}}(…) for the absolute value of every entry",
        "范数请写 \\| … \\|，逐元素绝对值请写 \\operatorname{{abs}}(…)",
    ),
    "DRV305": _entry(
        "an exponent must be a scalar, and an integer on a matrix; this is {shape}",
        "指数必须是标量，矩阵的指数必须是整数；此处为 {shape}",
        "write X^{{\\odot k}} for elementwise powers",
        "逐元素幂写 X^{{\\odot k}}",
    ),
    "DRV306": _entry(
        "{operator} takes a column vector, this is {shape}",
        "{operator} 作用于列向量，此处为 {shape}",
        "apply it to a column",
        "请作用于列向量",
    ),
    "DRV307": _entry(
        "a factor of shape {shape} stands directly behind a run that is already a scalar",
        "形状为 {shape} 的因子紧跟在已成为标量的乘积之后",
        "check the declared shapes; if the product with that scalar is meant, separate it with \\, or parentheses",
        "请检查所声明的形状；若确实要乘以该标量，请用 \\, 或括号隔开",
    ),
    "DRV308": _entry(
        "a power of something of shape {shape}, which is not square",
        "对形状为 {shape} 的非方阵取幂",
        "write ^{{\\odot {power}}} for the power of every entry; the squared length of x is x^T x or \\|x\\|^2",
        "逐元素的幂写作 ^{{\\odot {power}}}；x 的长度平方写作 x^T x 或 \\|x\\|^2",
    ),
    # 4xx: mathematics
    "DRV401": _entry(
        "the stated {what} is wrong",
        "所给的{what_zh}有误",
        "{right}",
        "{right}",
    ),
    "DRV402": _entry(
        "this equation does not hold",
        "该等式不成立",
        "correct one side; an assumption is introduced by words, in a block by given: … = …",
        "请改正一边；假设要用文字说明，在块中写作 given: … = …",
    ),
    "DRV403": _entry(
        "this step does not follow from the one before",
        "这一步不能由上一步得到",
        "the two neighbouring sides differ; {end}",
        "相邻两边不相等；{end_zh}",
    ),
    "DRV404": _entry(
        "could not be decided: {why}",
        "无法判定：{why}",
        "declare what is missing, or state the equation in operators that can be evaluated",
        "请补充声明，或改用可以求值的运算来表达",
        "warning",
    ),
    "DRV405": _entry(
        "no rule for the operator '{operator}' here",
        "此处没有运算“{operator}”的法则",
        "a stated result is still verified; rewrite the formula with operators that have a rule in `mdderive rules --functions`",
        "所给的结果仍会被验证；请用 `mdderive rules --functions` 中有法则的运算改写公式",
    ),
    "DRV406": _entry(
        "\\partial f^T over \\partial X is read as the transposed gradient",
        "\\partial f^T 对 \\partial X 读作转置后的导数",
        "write \\frac{{\\partial f}}{{\\partial X}}^T to say so",
        "可写作 \\frac{{\\partial f}}{{\\partial X}}^T",
        "warning",
    ),
    "DRV407": _entry(
        "the stated solution does not make the gradient zero",
        "所给的解不能使导数为零",
        "{right}",
        "{right}",
    ),
    "DRV408": _entry(
        "the premise cannot be sampled: {premise}",
        "无法按该前提取值：{premise}",
        "state the premise as an equation linear in one letter, such as \\mathbf{{1}}^T y = 1",
        "请把前提写成关于一个字母的线性等式，例如 \\mathbf{{1}}^T y = 1",
    ),
    "DRV409": _entry(
        "the work on this formula met its bound: {bound}",
        "该公式的计算量超出上限：{bound}",
        "split the formula by definitions (Y = …) and differentiate through them",
        "请用定义（Y = …）把公式拆开再求导",
        "warning",
    ),
    "DRV413": _entry(
        "what is differentiated does not contain {name}: the derivative is zero",
        "被求导的式子不含 {name}：导数为零",
        "if it should depend on {name}, define the letters through which it does",
        "若它应当依赖 {name}，请定义其中依赖它的字母",
        severity="warning",
    ),
    "DRV420": _entry(
        "this was not solved for {name}: {equation}",
        "未能由此解出 {name}：{equation}",
        "it is solved where {name} enters linearly; a solution that you state is verified by putting it in",
        "{name} 线性出现时才能求解；写出的解会被代入验证",
        "warning",
    ),
    "DRV430": _entry(
        "the result has no form in {form}: '{operator}' cannot be expressed there",
        "结果无法用 {form} 表示：其中没有与 '{operator}' 对应的形式",
        "take the result as LaTeX or NumPy, or differentiate an expression without this operator",
        "请改用 LaTeX 或 NumPy 形式的结果，或对不含此运算的表达式求导",
    ),
    "DRV410": _entry(
        "could not be judged: {why}",
        "无法判断：{why}",
        "`mdderive check --equations --suggest` lists the declarations that would help",
        "`mdderive check --equations --suggest` 会列出有助于判断的声明",
        "info",
    ),
    "DRV411": _entry(
        "this holds only if {assumed}, which nothing says",
        "仅在文中没有说明的假设下成立：{assumed}",
        "say so in the text, or correct the formula",
        "请在文中说明，或改正公式",
        "warning",
    ),
    "DRV412": _entry(
        "{name} is said to be {said}, which contradicts how it is used",
        "文中说 {name} 是 {said}，与它的用法矛盾",
        "correct the sentence, or the formula that uses {name}",
        "请改正该句，或改正用到 {name} 的公式",
        "warning",
    ),
    "DRV414": _entry(
        "this is said to be false, and holds",
        "文中说此式不成立，但它成立",
        "correct the sentence, or the formula",
        "请改正该句，或改正公式",
        "warning",
    ),
    "DRV415": _entry(
        "the sides have different shapes as their letters are most likely meant: {left} and {right}",
        "按字母最可能的含义，两边的形状不同：{left} 与 {right}",
        "say what the letters are, or correct the formula",
        "请说明各字母是什么，或改正公式",
        "warning",
    ),
    "DRV416": _entry(
        "the premise {ties}: this derivative is not found here",
        "前提 {ties}：此处不能求出该导数",
        "declare what stands still constant, such as b: n, constant; with one letter left that moves, a stated result is judged",
        "请把不变的字母声明为常量，例如 b: n, constant；只剩一个随之变化的字母时，所写的结果会被检验",
    ),
    # 9xx: internal
    "DRV901": _entry(
        "internal error in mdderive: {what}",
        "mdderive 内部错误：{what}",
        "this is a fault of mdderive, not of the note; please report the message, the version and the formula",
        "这是 mdderive 的缺陷，不是笔记的错误；请报告此信息、版本号和公式",
    ),
}
