"""The words of reports that belong to no code: hints, headings and counts, in English and Chinese.

`{latex}` stands for what would be right; a hint whose facts bring `en` and `zh` speaks for itself.
"""

from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mdderive.model.diagnostics import Finding, Hint, Language

HINTS: "Mapping[str, Mapping[Language, str]]" = {
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

WORDS: "Mapping[str, Mapping[Language, str]]" = {
    "note": {"en": "note", "zh": "注"},
    "help": {"en": "help", "zh": "建议"},
    "witness": {"en": "witness", "zh": "反例"},
    "sides": {"en": "left {left}, right {right}", "zh": "左边 {left}，右边 {right}"},
    "stated": {"en": "stated {right}, true {left}", "zh": "所给 {right}，正确 {left}"},
    "error": {"en": "error", "zh": "错误"},
    "warning": {"en": "warning", "zh": "警告"},
    "info": {"en": "info", "zh": "提示"},
    "clean": {"en": "nothing wrong", "zh": "未发现错误"},
    "write": {"en": "write {what}", "zh": "请写作 {what}"},
    "summary": {"en": ": {what} ({where})", "zh": "：{what}（{where}）"},
    "nothing": {"en": "nothing to judge", "zh": "没有可判定的内容"},
    "no notes": {"en": ": no note was found", "zh": "：没有找到笔记"},
    "no block": {"en": ": no derive block ({where})", "zh": "：没有推导块（{where}）"},
    "text too": {
        "en": "formulas outside of derive blocks are judged with --equations",
        "zh": "加上 --equations 可判定推导块之外的公式",
    },
    "comma": {"en": ", ", "zh": "，"},
    "colon": {"en": ": ", "zh": "："},
    "no assertion": {"en": "no assertion (-v says why)", "zh": "不作断言（-v 给出理由）"},
    "at line": {"en": "{what}: line {lines}", "zh": "{what}：第 {lines} 行"},
    "at lines": {"en": "{what}: lines {lines}", "zh": "{what}：第 {lines} 行"},
    "no suffix": {"en": "without suffix", "zh": "无后缀"},
}

# What is counted in a summary, in order.
DONE = (
    "derived",
    "holds",
    "wrong",
    "undecided",
    "not_an_assertion",
    "unread",
    "skipped",
)

# What is counted: one in English, several in English, and in Chinese.
COUNTS: Mapping[str, tuple[str, str, str]] = {
    "errors": ("{n} wrong or unreadable", "{n} wrong or unreadable", "{n} 处错误或无法读取"),
    "files": ("{n} file", "{n} files", "{n} 个文件"),
    "blocks": ("{n} block", "{n} blocks", "{n} 个推导块"),
    "skipped": ("{n} block skipped", "{n} blocks skipped", "跳过 {n} 个推导块"),
    "derived": ("{n} derived", "{n} derived", "推导 {n} 处"),
    "holds": ("{n} equation holds", "{n} equations hold", "{n} 个等式成立"),
    "wrong": ("{n} wrong", "{n} wrong", "{n} 个错误"),
    "undecided": ("{n} undecided", "{n} undecided", "{n} 个未判定"),
    "not_an_assertion": ("{n} asserts nothing", "{n} assert nothing", "{n} 个不作断言"),
    "unread": ("{n} unread", "{n} unread", "{n} 个未读"),
    "passed over": ("{n} file skipped", "{n} files skipped", "跳过 {n} 个文件"),
    "excluded": ("{n} file excluded", "{n} files excluded", "排除 {n} 个文件"),
    "ignored": ("{n} finding ignored", "{n} findings ignored", "忽略 {n} 条"),
    "kept": ("{n} result", "{n} results", "{n} 条结果"),
    "thrown away": ("{n} result thrown away", "{n} results thrown away", "已清除 {n} 条结果"),
    "known": ("{n} finding known from the baseline", "{n} findings known from the baseline", "{n} 条已在基线中"),
}


def hint_text(hint: "Hint", lang: "Language") -> str:
    """Return what a hint says, without its formula."""
    return hint.facts.get(lang) or HINTS[hint.code][lang].format_map(hint.facts)


def hinted(hint: "Hint", lang: "Language") -> str:
    """Return what a hint says, with its formula."""
    return f"{hint_text(hint, lang)}{WORDS['colon'][lang]}{hint.latex}" if hint.latex else hint_text(hint, lang)


def advice(finding: "Finding", lang: "Language") -> "tuple[str, tuple[Hint, ...]]":
    """Return the best that there is to say of what to write, and the hints that are left.

    That is the right answer, where it is known, else the first hint, else the advice of the code.
    """
    from mdderive.model.catalogue import CATALOG  # lazily: a short answer needs no words of diagnostics

    if finding.hints and "{right}" not in CATALOG[finding.code].help[lang]:
        return hinted(finding.hints[0], lang), finding.hints[1:]
    return finding.help(lang), finding.hints


def word(key: str, lang: "Language", **facts: object) -> str:
    """Return the words for `key`."""
    return WORDS[key][lang].format_map(facts)


def counted(key: str, lang: "Language", n: int) -> str:
    """Return how many there are of what `key` counts."""
    one, several, zh = COUNTS[key]
    return (zh if lang == "zh" else one if n == 1 else several).format(n=n)


def closing(counts: Mapping[str, int], lang: "Language") -> tuple[str, str]:
    """Return the head and the rest of the line that sums up what was done, from how many there were of each."""
    what = [counted(key, lang, counts[key]) for key in DONE if counts[key]]
    where = [counted(key, lang, counts[key]) for key in ("files", "blocks") if counts[key] or key == "files"]
    comma = word("comma", lang)
    told = word("summary", lang, what=comma.join(what) or word("nothing", lang), where=comma.join(where))
    if counts["errors"]:
        return counted("errors", lang, counts["errors"]), told
    if what or counts["blocks"]:
        return word("clean", lang), told
    return word("nothing", lang), word("no block" if counts["files"] else "no notes", lang, where=comma.join(where))


def text_too(counts: Mapping[str, int], lang: "Language") -> str:
    """Return the line on how notes without a block are judged; empty where there is something else to tell."""
    bare = counts["files"] and not any(counts[key] for key in ("blocks", "errors", *DONE))
    return word("text too", lang) if bare else ""


def passed_over(skipped: Mapping[str, int], lang: "Language") -> str:
    """Return the line on the files that a folder holds and which are not read, by their suffixes; empty where there are none."""
    ordered = sorted(skipped.items(), key=lambda item: (-item[1], item[0]))
    names = [suffix or word("no suffix", lang) for suffix, _ in ordered]
    listed = [f"{name} ({n})" for name, (_, n) in zip(names, ordered, strict=True)] if len(ordered) > 1 else names
    total = sum(skipped.values())
    return f"{counted('passed over', lang, total)}{word('colon', lang)}{', '.join(listed)}" if total else ""
