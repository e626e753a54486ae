"""What reasons have in common: what they mean for a relation, and what to write where more is wanted, in English and Chinese."""

from collections.abc import Mapping

from mdderive.model.catalogue.wording import Language

Words = Mapping[Language, str]


def _advice(en: str, zh: str) -> Words:
    return {"en": en, "zh": zh}


JUDGED = _advice(
    "The equation was judged: it is equal wherever both sides are defined, or values show that its sides differ. A finding "
    "on the same place says more.",
    "等式已判断：两边在都有定义之处处处相等（equal），或有取值使两边不等（differ）。同一位置的诊断信息给出详情。",
)
ROOTED = _advice(
    "The line is wrong only because an earlier one is. Correct that one; this one may then be right as it stands.",
    "此行只因前面的一行有误而错。改正那一行之后，此行也许就是对的。",
)
UNDER = _advice(
    "The equation holds by what the text says, or as it is read here. Correct the words if they are not meant so.",
    "按文中所说，或按此处的读法，等式成立。若原意不同，请改正文字。",
)
SIZES = _advice(
    "It matters at which sizes or values both sides are defined. Declare those for which the equation is meant, such as m >= n.",
    "两边在哪些尺寸或取值下有定义会影响判断。请声明等式适用的尺寸或性质，例如 m >= n。",
)
ASSUMED = _advice(
    "The equation holds under an assumption that nothing states. State it in the text (“A is symmetric”) or in a declaration "
    "(A: n x n, symmetric), or correct the formula.",
    "等式只在文中没有说明的假设下成立。请在文中写明（“A 是对称矩阵”）或加以声明（A: n x n, symmetric），否则请改正公式。",
)
NAMED = _advice(
    "This gives a name, or says how something is written: nothing is claimed. A second equation for the same name is judged.",
    "此处给出名称或说明记法，没有作出断言。同一名称的第二个等式会被判断。",
)
MADE = _advice(
    "This supposes, demands, asks or denies: nothing is claimed that has to hold. To have it judged, claim it (“then … holds”), "
    "or write it in a derive block.",
    "这是假设、要求、疑问或否定，没有断言等式成立。若要判断，请写成断言（“于是有 …”），或写进 derive 块。",
)
OTHER = _advice(
    "Only exact equations are judged. Write it with = and without a remainder to have it judged.",
    "只判断精确的等式。若要判断，请用 = 书写，且不带余项。",
)
SKIPPED = _advice(
    "A comment in front of the formula leaves it out. Remove the comment to have it judged.",
    "公式前的注释要求略过它。删去该注释即可判断。",
)
GIVEN = _advice(
    "What the equation speaks of is not given by the text. Define it before (“let f(x) = …”), or declare its letters: "
    "<!-- mdderive: f: scalar function of x -->.",
    "文中没有给出等式所涉及的对象。请先定义（“设 f(x) = …”），或声明字母：<!-- mdderive: f: scalar function of x -->。",
)
RESTS = _advice(
    "The equation may rest on what is said elsewhere. State that as a condition right before it (“if A x = b, then …”), or as "
    "given: A x = b in a derive block.",
    "等式可能依赖于别处所说的内容。请紧接其前写成条件（“若 A x = b，则 …”），或在 derive 块中写 given: A x = b。",
)
READ = _advice(
    "No reading fits, or several do and disagree. Say what the letters are, in the text or by <!-- mdderive: X: m x n -->; "
    "`mdderive check --equations --suggest` lists declarations.",
    "没有合适的读法，或几种读法结论不同。请在文中或用 <!-- mdderive: X: m x n --> 说明字母；"
    "`mdderive check --equations --suggest` 会列出声明。",
)
NOTATION = _advice(
    "The notation is not read. `mdderive rules --functions` lists what is; a derive block tells the line to write.",
    "此记法未被读取。`mdderive rules --functions` 列出可读的记法；derive 块会指出公式应当怎样写。",
)
EVALUATED = _advice(
    "The formula was read, but not computed. State it in operators of `mdderive rules --functions`, or split it by definitions "
    "(Y = …).",
    "公式已读取，但未能计算。请改用 `mdderive rules --functions` 中的运算，或用定义（Y = …）拆开。",
)
POINTS = _advice(
    "Values were tried, and they do not tell. Declare for which letters the equation is meant: positive, invertible, sizes.",
    "尝试的取值不足以判断。请声明等式所适用的字母性质：positive、invertible、尺寸。",
)
PREMISE = _advice(
    "The premise cannot be used as it stands. State it as an equation linear in one letter; declare what stands still constant.",
    "该前提不能照此使用。请写成关于一个字母的线性等式，并把不变的字母声明为 constant。",
)
FAULT = _advice(
    "This is a fault of mdderive, not of the note. Please report it with the formula.", "这是 mdderive 的缺陷，请附上公式报告。"
)
