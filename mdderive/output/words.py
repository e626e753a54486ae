"""The words around formulas in rendered derivations, in English and Chinese."""

from collections.abc import Mapping, Sequence
from math import ceil, log10

from mdderive.model.diagnostics import Language
from mdderive.model.results import Verdict

WORDS: Mapping[str, Mapping[Language, str]] = {
    "given": {"en": "Given ", "zh": "设 "},
    "comma": {"en": ", ", "zh": "，"},
    "semicolon": {"en": "; ", "zh": "；"},
    "colon": {"en": ": ", "zh": "："},
    "with": {"en": "with ", "zh": "其中 "},
    "stop": {"en": ".", "zh": "。"},
    "verified": {"en": "Verified", "zh": "已验证"},
    "undecided": {"en": "Not decided: {why}", "zh": "未能判定：{why}"},
    "wrong": {"en": "This does not hold.", "zh": "此式不成立。"},
    "steps": {"en": "Derivation in {n} steps", "zh": "推导，共 {n} 步"},
    "step": {"en": "Derivation in one step", "zh": "推导，共一步"},
    "used rules": {"en": "Rules used", "zh": "所用法则"},
    "where": {"en": "where ", "zh": "其中 "},
    "copy": {"en": "Copy", "zh": "复制"},
    "copy as": {"en": "Copy as {what}", "zh": "复制为 {what}"},
    "copied": {"en": "Copied", "zh": "已复制"},
    "source of the block": {"en": "Source", "zh": "源码"},
    "skipped": {"en": "Not checked: {why}", "zh": "未检查：{why}"},
    "points": {"en": "{n} random points", "zh": "{n} 个随机点"},
    "point": {"en": "{n} random point", "zh": "{n} 个随机点"},
    "sizes": {"en": "sizes {sizes}", "zh": "尺寸 {sizes}"},
    "chance": {"en": "chance of error below {p}", "zh": "误判概率低于 {p}"},
    "threshold": {"en": "differences up to {p} count as none", "zh": "不超过 {p} 的差视为零"},
    "branches": {"en": "all {of} patterns of signs", "zh": "全部 {of} 种符号组合"},
    "some branches": {"en": "{met} of {of} patterns of signs", "zh": "{of} 种符号组合中的 {met} 种"},
    "layout": {"en": "{layout} layout", "zh": "{layout}布局"},
    "denominator": {"en": "denominator", "zh": "分母"},
    "numerator": {"en": "numerator", "zh": "分子"},
    "block": {"en": "block", "zh": "分块"},
    "matrix functions": {
        "en": " Functions of square matrices are matrix functions.",
        "zh": "方阵的函数读作矩阵函数。",
    },
    "rules": {"en": "Rules of the engine", "zh": "推导所用的法则"},
    "slopes": {"en": "Derivatives of functions", "zh": "函数的导数"},
    "lemmas": {"en": "Laws that follow", "zh": "推论"},
    "definitions": {"en": "Definitions", "zh": "定义"},
    "operators": {"en": "Operators", "zh": "运算"},
    "functions": {"en": "Elementwise functions", "zh": "逐元素函数"},
    "no slope": {"en": "{name}; its derivative is not known here", "zh": "{name}；其导数未收录"},
    "more": {
        "en": "`mdderive rules NAME` shows one with its proof; `--functions` lists operators and functions.",
        "zh": "`mdderive rules NAME` 显示一条法则及其证明；`--functions` 列出运算和函数。",
    },
    "proof": {"en": "Proof", "zh": "证明"},
    "axiom": {"en": "An axiom: {what}.", "zh": "公理：{what}。"},
    "definition": {
        "en": "A definition or a fact about entries, on which proofs rest.",
        "zh": "定义，或关于元素的事实；证明以此为据。",
    },
    "source": {"en": " {what}.", "zh": "{what}。"},
    "uses": {"en": "The proof uses {names}.", "zh": "证明用到 {names}。"},
    "used": {"en": "Used in the proof of {names}.", "zh": "用于证明 {names}。"},
}

METHODS: Mapping[str, Mapping[Language, str]] = {
    "exact": {"en": "exact arithmetic", "zh": "精确算术"},
    "50 digits": {"en": "arithmetic with 50 digits", "zh": "50 位数字运算"},
    "100 digits": {"en": "arithmetic with 100 digits", "zh": "100 位数字运算"},
}


def word(key: str, lang: Language, **facts: object) -> str:
    """Return the words for `key`."""
    return WORDS[key][lang].format_map(facts)


def how_verified(verdicts: Sequence[Verdict], lang: Language) -> str:
    """Return how statements that hold were verified, formulas between dollars: the weakest speaks for all; empty if unknown."""
    methods = list(dict.fromkeys(v.method for v in verdicts))
    parts = [METHODS[m][lang] if m in METHODS else m for m in methods]
    points = min(v.points for v in verdicts)
    if points:
        parts.append(word("point" if points == 1 else "points", lang, n=points))
    sizes = _sizes([one for v in verdicts for one in v.sizes])
    if sizes:
        parts.append(word("sizes", lang, sizes=sizes))
    chances = [v.error_probability for v in verdicts if v.error_probability]
    if chances:
        parts.append(word("chance", lang, p=_power_of_ten(max(chances))))
    thresholds = [v.threshold for v in verdicts if v.threshold]
    if thresholds:
        parts.append(word("threshold", lang, p=_power_of_ten(max(thresholds))))
    parts += dict.fromkeys(_branches(*v.branches, lang) for v in verdicts if v.branches)
    parts += dict.fromkeys(v.reason.message(lang) for v in verdicts if v.reason)
    return word("semicolon", lang).join(parts) + word("stop", lang) if parts else ""


def _branches(met: int, of: int, lang: Language) -> str:
    return word("branches" if met >= of else "some branches", lang, met=met, of=of)


def _sizes(sizes: Sequence[Mapping[str, int]]) -> str:
    """Return sizes as `(m, n) = (2, 3), (3, 2)`; statements with other letters get a group of their own."""
    groups: dict[tuple[str, ...], list[tuple[int, ...]]] = {}
    for one in sizes:
        values = groups.setdefault(tuple(one), [])
        if tuple(one.values()) not in values:
            values.append(tuple(one.values()))
    listed = (f"{_tuple(names)} = {', '.join(_tuple(v) for v in values)}" for names, values in groups.items() if names)
    return ", ".join(f"${text}$" for text in listed)


def _tuple(items: Sequence[object]) -> str:
    return str(items[0]) if len(items) == 1 else f"({', '.join(str(i) for i in items)})"


def _power_of_ten(p: float) -> str:
    """Return the smallest power of ten that is not below `p`."""
    return f"$10^{{{ceil(log10(p))}}}$"
