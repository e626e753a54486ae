"""The words of the diagnostics of notation, 2xx."""

from collections.abc import Mapping

from mdderive.model.catalogue.wording import Entry, entry

OF_NOTATION: Mapping[str, Entry] = {
    "DRV201": entry(
        "unknown command {command}",
        "未知命令 {command}",
        "use a standard command, or declare the name",
        "请使用标准命令，或先声明该名称",
    ),
    "DRV202": entry(
        "'{opened}' opened here is not closed",
        "此处打开的“{opened}”没有闭合",
        "close it before the formula ends",
        "请在公式结束前闭合",
    ),
    "DRV203": entry(
        "unexpected '{found}'",
        "意外的“{found}”",
        "remove it, or write what should stand before it",
        "请删除它，或补全它前面的内容",
    ),
    "DRV204": entry(
        "the formula ends where an operand is expected",
        "公式在应有运算对象处结束",
        "complete the formula, or remove the last operator",
        "请补全公式，或删除最后的运算符",
    ),
    "DRV205": entry(
        "d applied to a power is ambiguous",
        "d 作用于幂有歧义",
        "write d({base}^k) for the differential of the power, or (d{base})^k for the power of the differential",
        "写 d({base}^k) 表示幂的微分，写 (d{base})^k 表示微分的幂",
    ),
    "DRV206": entry(
        "Hadamard, Kronecker or inner products are mixed without parentheses at {sign}",
        "{sign} 处混用了逐元素乘积、Kronecker 乘积或内积而没有括号",
        "put parentheses around the product that is meant first",
        "请用括号标明先算哪一个乘积",
    ),
    "DRV207": entry(
        "'||' is ambiguous: a norm, or a bar inside a bar",
        "“||”有歧义：范数，还是嵌套的竖线",
        "write \\| … \\| for a norm, \\lvert … \\rvert for determinants and absolute values",
        "范数写 \\| … \\|，行列式和绝对值写 \\lvert … \\rvert",
    ),
    "DRV208": entry(
        "'{word}' is not the name of a known function",
        "“{word}”不是已知的函数名",
        "known functions are listed by `mdderive rules --functions`; one of your own has one letter (g: elementwise); words "
        "belong outside the formula",
        "已知函数见 `mdderive rules --functions`；自己的函数用一个字母（g: elementwise）；文字请写在公式之外",
    ),
    "DRV209": entry(
        "division by something of shape {shape}",
        "除数的形状为 {shape}",
        "put a denominator of several factors in brackets, a / (b c); write A \\oslash B for the elementwise quotient, "
        "A B^{{-1}} for the product with the inverse",
        "分母有多个因子时请加括号：a / (b c)；逐元素相除写 A \\oslash B，乘以逆矩阵写 A B^{{-1}}",
    ),
    "DRV210": entry(
        "the environment '{environment}' is not read here",
        "此处不支持环境“{environment}”",
        "use aligned, align, split, gathered or equation",
        "请使用 aligned、align、split、gathered 或 equation",
    ),
    "DRV211": entry(
        "\\begin{{{opened}}} is closed by '{found}'",
        "\\begin{{{opened}}} 被“{found}”闭合",
        "close it with \\end{{{opened}}}",
        "请用 \\end{{{opened}}} 闭合",
    ),
    "DRV212": entry(
        "'{found}' does not close what is open", "“{found}”与打开的括号不匹配", "balance the brackets", "请使括号配对"
    ),
    "DRV213": entry(
        "a prime on {name}, which is not applied to an argument",
        "{name} 带撇号却没有作用于自变量",
        "write ^T for the transpose; a prime is the derivative of a function, \\sigma'(X)",
        "转置写 ^T；撇号表示函数的导数，如 \\sigma'(X)",
    ),
    "DRV214": entry(
        "this form of derivative is not read",
        "不支持这种导数写法",
        "write \\frac{{\\partial f}}{{\\partial X}}, \\nabla_X f, or \\frac{{\\partial^2 f}}{{\\partial x \\partial y^T}}",
        "请写 \\frac{{\\partial f}}{{\\partial X}}、\\nabla_X f 或 \\frac{{\\partial^2 f}}{{\\partial x \\partial y^T}}",
    ),
    "DRV215": entry(
        "the formula is larger than {bound}", "公式超出上限：{bound}", "split it with definitions", "请用定义把公式拆开"
    ),
    "DRV216": entry(
        "a second superscript",
        "重复的上标",
        "write {{X^{{-1}}}}^T as X^{{-T}} or (X^{{-1}})^T",
        "请写成 X^{{-T}} 或 (X^{{-1}})^T",
    ),
    "DRV217": entry(
        "only the first digit of '{digits}' is the exponent",
        "“{digits}”中只有第一位数字是指数",
        "put the exponent in braces: ^{{{digits}}}",
        "请给指数加花括号：^{{{digits}}}",
    ),
    "DRV218": entry(
        "this is not one equation", "这不是单个等式", "write one equation, left side = right side", "请写成一个等式：左边 = 右边"
    ),
    "DRV219": entry(
        "the function {name} has no declared meaning here",
        "函数 {name} 在此没有声明",
        "declare `{name}: elementwise` or `{name}: scalar function of Y`, and apply it to an argument",
        "请声明 `{name}: elementwise` 或 `{name}: scalar function of Y`，并写出自变量",
    ),
    "DRV220": entry(
        "a norm with subscript '{subscript}' of this shape is not known",
        "不支持此形状下带下标“{subscript}”的范数",
        "known are \\|x\\|, \\|x\\|_2 of vectors, \\|X\\|_F of matrices and \\|X\\|_1 (sum of absolute values)",
        "支持向量的 \\|x\\|、\\|x\\|_2，矩阵的 \\|X\\|_F，以及 \\|X\\|_1（元素绝对值之和）",
    ),
    "DRV221": entry(
        "{name} is not declared, but {declared} is",
        "{name} 没有声明，但声明了 {declared}",
        "did you mean {declared}? otherwise declare {name} as well",
        "是否想写 {declared}？否则请同时声明 {name}",
    ),
    "DRV222": entry(
        "^* has two readings: adjugate, and conjugate transpose",
        "^* 有两种读法：伴随矩阵，共轭转置",
        "write ^{{\\#}} for the adjugate, ^T for the transpose of a real matrix",
        "伴随矩阵写 ^{{\\#}}，实矩阵的转置写 ^T",
    ),
    "DRV223": entry(
        "a superscript with two readings: {script}",
        "上标有两种读法：{script}",
        "write X^T for the transpose, X_1 for an index, X^k for a power, a fraction for one over a function, \\mathbf{{1}}^T for "
        "a row of ones",
        "转置写 X^T，编号写 X_1，幂写 X^k，函数的倒数写成分式，全一行向量写 \\mathbf{{1}}^T",
    ),
    "DRV224": entry(
        "the subscript of {name} is not read here",
        "此处不支持 {name} 的下标",
        "write sizes as in I_n, \\mathbf{{1}}_{{m \\times n}} or K_{{m,n}}; declare what is a letter of its own, no entry",
        "尺寸写作 I_n、\\mathbf{{1}}_{{m \\times n}} 或 K_{{m,n}}；不支持单个元素；独立的字母请先声明",
    ),
    "DRV225": entry("division by zero", "除以零", "correct the denominator", "请改正分母"),
    "DRV226": entry(
        "{name} is defined by a formula in {letters}, and applied to something else here",
        "{name} 由 {letters} 的公式定义，此处却作用于别的量",
        "define another name by the formula at this place, or write {name} \\cdot (…) for a product",
        "请用该处的公式定义另一个名称；若是乘积请写 {name} \\cdot (…)",
    ),
    "DRV230": entry(
        "{text} is read as {reading}, not as {other}",
        "{text} 读作 {reading}，而不是 {other}",
        "write {reading} to say so, or {other} for the other reading",
        "可写作 {reading} 以示明确；若是另一种意思，请写 {other}",
        "warning",
    ),
    "DRV231": entry(
        "{construct} is known, but neither derived nor judged here",
        "认识 {construct}，但不支持对它求导或判断",
        "state the formula in other operators, or leave it to the text around the block",
        "请改用其他运算表达，或把它写在块外的文字中",
    ),
    "DRV232": entry(
        "a matrix with rows of different lengths",
        "矩阵各行的长度不同",
        "write the same number of entries in every row, with & between them",
        "每行请写相同个数的元素，用 & 隔开",
    ),
    "DRV233": entry(
        "a number stands in one row or column with a block that is {shape}",
        "标量与形状为 {shape} 的块同处一行或一列",
        "write a block of the size that its row and column ask for, such as t I or t \\mathbf{{1}}; a bare 0 has it by itself",
        "请写出行列所要求大小的块，例如 t I 或 t \\mathbf{{1}}；单独的 0 自动取该大小",
    ),
    "DRV234": entry(
        "{construct}: this form of a sum or maximum over an index is not read",
        "{construct}：不支持这种对指标求和或取最值的写法",
        "let the index run from 1 to the size of what it numbers, as in \\sum_{{i=1}}^n x_i^2; an index is no number",
        "让指标从 1 取到所编号对象的大小，例如 \\sum_{{i=1}}^n x_i^2；指标本身不作数值使用",
    ),
    "DRV235": entry(
        "the indices {indices} at something of shape {shape}",
        "形状为 {shape} 的对象带有指标 {indices}",
        "x_i is an entry of a vector x, X_{{ij}} of a matrix X; a row is e_i^T X; numbered vectors are not read",
        "x_i 是向量 x 的元素，X_{{ij}} 是矩阵 X 的元素；一行写作 e_i^T X；不支持编号的向量",
    ),
    "DRV236": entry(
        "the index {index} is free in the definition of {name}, and a sum over it holds that name",
        "{name} 的定义中指标 {index} 未受约束，而对它的求和又含有该名称",
        "use another letter for one of them, or number the name as well, {name}_{index}",
        "请为其中之一换一个字母，或给该名称也加上编号 {name}_{index}",
    ),
    "DRV241": entry(
        "an equation stands where it is not judged",
        "此处的等式不会被判断",
        "write it as a statement on a line of its own; a tag, a label or an annotation may name something, not claim it",
        "请把它单独写成一行语句；编号、标签或注解可以命名，不能断言",
    ),
    "DRV240": entry(
        "\\partial by {variable} of what depends on {variable} through {names} can be read in two ways",
        "对 {variable} 的 \\partial 有两种读法，因为式中的 {names} 也依赖于 {variable}",
        "write \\frac{{df}}{{d{variable}}} where {names} move with {variable}; name what is held fixed by another letter",
        "若 {names} 随 {variable} 变化，请写 \\frac{{df}}{{d{variable}}}；要固定不变的部分请另用字母表示",
    ),
    "DRV250": entry(
        "{text} is not printed",
        "不输出 {text}",
        "a formula is printed as it was written: leave out of it what opens links or files, defines commands, or is not seen",
        "公式按原样输出：请去掉其中打开链接或文件、定义命令或不可见的内容",
    ),
    "DRV251": entry(
        "{name} is numbered by a letter, and is neither declared nor an entry of {letter}",
        "{name} 带有字母编号，但既没有声明，也不是 {letter} 的元素",
        "declare it ({name}: scalar, or a shape); or declare {letter} where it is an entry, and write {letter}_i with an index",
        "请声明它（{name}: scalar，或某个形状）；若是元素，请声明 {letter} 并写作带指标的 {letter}_i",
    ),
    "DRV252": entry(
        "the numbering of {name} is not read",
        "不支持 {name} 这样的编号",
        "a family is declared, x_i: d or r_{{ik}}: scalar, numbered by letters or numbers; write entries of a matrix as X_{{ij}}",
        "一族要先声明，例如 x_i: d 或 r_{{ik}}: scalar，指标为字母或数字；矩阵的元素写作 X_{{ij}}",
    ),
    "DRV253": entry(
        "{index} numbers something here, and means something else",
        "{index} 在此作为指标，同时又另有含义",
        "use another letter for one of them; i = 2 makes x_i the second",
        "请为其中之一换一个字母；写 i = 2 则 x_i 表示第二个",
    ),
    "DRV254": entry(
        "a second derivative, or one of a vector or matrix, by {name}, one of many, is not derived",
        "不支持对一族中的某个 {name} 求二阶导数，也不支持向量或矩阵对它求导",
        "ask for the first derivative of a scalar, or declare what is differentiated by as a letter of its own",
        "请求标量的一阶导数，或把求导变量声明为独立的字母",
    ),
    "DRV255": entry(
        "the index {index} stands free here, and a sum binds it elsewhere in this formula",
        "指标 {index} 在此未受约束，而同一式中另有求和约束它",
        "put all that is summed in brackets, or use another letter for one of them",
        "请把整个被求和的式子放进括号，或为其中之一换一个字母",
    ),
    "DRV256": entry(
        "{name} is declared beside {letter}, whose entry it is",
        "声明了 {name}，又声明了 {letter}，而它是后者的元素",
        "leave out the declaration of {name}, or use another letter for {letter}",
        "请去掉 {name} 的声明，或为 {letter} 换一个字母",
    ),
    "DRV257": entry(
        "{name} is declared beside {members}, and nothing says what one has to do with the other",
        "{name} 与 {members} 并列声明，却没有说明二者的关系",
        "write {name} = {listed} where it is made of them, or use another letter",
        "若它由后者组成，请写 {name} = {listed}；否则请换一个字母",
        "warning",
    ),
    "DRV258": entry(
        "1 beside a column or a matrix is read as ones",
        "列向量或矩阵旁的 1 读作全一",
        "write \\mathbf{{1}} to say so, or I for the identity matrix",
        "可写作 \\mathbf{{1}} 以示明确；单位阵请写 I",
        "info",
    ),
}
