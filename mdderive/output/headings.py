"""The words of reports that belong to no code: hints, headings and counts, in English and Chinese.

`{latex}` stands for what would be right; a hint whose facts bring `en` and `zh` speaks for itself.
"""

from collections.abc import Mapping

from mdderive.model.diagnostics import Hint, Language

HINTS: Mapping[str, Mapping[Language, str]] = {
    "shape": {"en": "the shapes of the two sides differ", "zh": "两边的形状不同"},
    "lookalike": {"en": "a look-alike letter may be meant", "zh": "可能混用了相似的字母"},
    "transpose": {"en": "it would hold with a transpose", "zh": "加上转置即可成立"},
    "layout": {"en": "it would hold in another layout", "zh": "在另一种布局下成立"},
    "factor": {"en": "it would hold with another factor", "zh": "改正系数即可成立"},
    "sign": {"en": "it would hold with the other sign", "zh": "改变符号即可成立"},
    "order": {"en": "it would hold with the factors in another order", "zh": "调换因子的顺序即可成立"},
    "product": {"en": "it would hold with another kind of product", "zh": "换成另一种乘积即可成立"},
    "edit": {"en": "it would hold after one change", "zh": "改动一处即可成立"},
    "symmetric": {"en": "it would hold if this were symmetric", "zh": "若为对称矩阵则成立"},
    "size": {"en": "it holds at some sizes only", "zh": "仅在某些尺寸下成立"},
    "domain": {"en": "it holds on a part of the domain only", "zh": "仅在部分定义域上成立"},
    "determinant": {"en": "a determinant may be meant", "zh": "可能是指行列式"},
    "function": {"en": "another function may be meant", "zh": "可能是指另一个函数"},
    "equation": {"en": "an equation that holds", "zh": "成立的等式"},
    "missing-d": {"en": "a differential is missing", "zh": "缺少微分号 d"},
}

WORDS: Mapping[str, Mapping[Language, str]] = {
    "note": {"en": "note", "zh": "注"},
    "help": {"en": "help", "zh": "建议"},
    "witness": {"en": "witness", "zh": "反例"},
    "sides": {"en": "left {left}, right {right}", "zh": "左边 {left}，右边 {right}"},
    "stated": {"en": "stated {right}, true {left}", "zh": "所给 {right}，正确 {left}"},
    "error": {"en": "error", "zh": "错误"},
    "warning": {"en": "warning", "zh": "警告"},
    "info": {"en": "info", "zh": "提示"},
    "clean": {"en": "nothing wrong", "zh": "未发现错误"},
    "errors": {"en": "{n} wrong or unreadable", "zh": "{n} 处错误或无法读取"},
    "files": {"en": "files {n}", "zh": "文件 {n}"},
    "blocks": {"en": "blocks {n}", "zh": "推导块 {n}"},
    "skipped": {"en": "skipped {n}", "zh": "跳过 {n}"},
    "equations": {"en": "equations {n}", "zh": "等式 {n}"},
    "holds": {"en": "hold {n}", "zh": "成立 {n}"},
    "wrong": {"en": "wrong {n}", "zh": "错误 {n}"},
    "undecided": {"en": "undecided {n}", "zh": "未判定 {n}"},
    "not_an_assertion": {"en": "no assertion {n}", "zh": "非断言 {n}"},
    "unread": {"en": "unread {n}", "zh": "未读 {n}"},
    "passed over": {"en": "{n} files skipped: {names}", "zh": "跳过 {n} 个文件：{names}"},
    "one passed over": {"en": "{n} file skipped: {names}", "zh": "跳过 {n} 个文件：{names}"},
    "no suffix": {"en": "without suffix", "zh": "无后缀"},
}


def hint_text(hint: Hint, lang: Language) -> str:
    """Return what a hint says, without its formula."""
    return hint.facts.get(lang) or HINTS[hint.code][lang].format_map(hint.facts)


def word(key: str, lang: Language, **facts: object) -> str:
    """Return the words for `key`."""
    return WORDS[key][lang].format_map(facts)
