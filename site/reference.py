"""The pages of the site that are made from the tables of the project.

Rules, operators, reasons and diagnostics are pages without a file of their own, and the rooms of the package are drawn from its
imports, so they cannot drift from what they describe. What builds the site takes them from here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from markdown.extensions.toc import slugify

import cookbook
import mdderive
import playground
from drawing import drawing
from interface import interface_page
from mdderive.check.proving import proved, uses
from mdderive.model.causes import REASONS
from mdderive.model.diagnostics import CATALOG, Language
from mdderive.model.results import Described
from mdderive.output.headings import word as severity
from mdderive.output.machine import general
from mdderive.output.markdown import escaped, markdown, tight
from mdderive.output.rulebook import functions, listed, operators, premises, proof_story, users
from mdderive.output.story import Math, Prose, Remark, worded
from mdderive.output.words import word
from mdderive.rules.book import DEFINED, PROOFS, PROVED, RULES, SECTIONS, Proof, Rule
from measured import measured_page
from newcomers import newcomers_page
from rooms import arrows, floors, imports, room

HERE = Path(__file__).parent
ROOMS = "<!-- rooms -->"
PLAYGROUND = "<!-- playground -->"
EXAMPLE = re.compile(r"^````md\n(.*?)^````$", re.MULTILINE | re.DOTALL)
_SAID: Mapping[Language, str] = {"en": "`mdderive check` says:", "zh": "`mdderive check` 的输出："}

# Heading and paragraphs; the last text of `_FUNCTIONS` is the head of its tables.
_RULES: Mapping[Language, tuple[str, ...]] = {
    "en": (
        "Rules",
        "Each rule is an equation. Lower-case Greek letters stand for numbers, lower-case Latin letters for columns, capitals "
        "for any shape that fits; $k$ is any number, $n$ an integer of at least 2, $\\sigma$ any elementwise function. Every "
        "rule and every line of a proof is verified, at several sizes, by the same judge that verifies notes.",
        "The engine applies {rules} rules, {premises} of them with a premise besides their shapes. With the derivatives of "
        "functions and the laws that follow there are {laws}: {proofs} are proved from simpler ones, {axioms} are axioms. The "
        "proofs rest on {definitions} definitions. `mdderive rules NAME` prints a rule with its proof.",
    ),
    "zh": (
        "法则",
        "每条法则是一个等式。小写希腊字母表示数，小写拉丁字母表示列向量，大写字母表示任何合适形状的量；"
        "$k$ 是任意数，$n$ 是不小于 2 的整数，$\\sigma$ 是任意逐元素函数。"
        "每条法则和证明的每一行都在多种大小下由判定笔记的同一判定器验证。",
        "推导使用 {rules} 条法则，其中 {premises} 条除形状外还有前提。"
        "连同函数的导数和推论共 {laws} 条：{proofs} 条由更简单的法则证明，{axioms} 条为公理。"
        "证明以 {definitions} 个定义为据。`mdderive rules NAME` 显示一条法则及其证明。",
    ),
}
_FUNCTIONS: Mapping[Language, tuple[str, ...]] = {
    "en": (
        "Operators and functions",
        "What can be written in a note, with every spelling that is read as it. Examples are over $X$ and $Y$ (matrices), "
        "$x$ and $y$ (columns), a number $k$, and an unknown scalar function $f$ of $Y$. `mdderive rules --functions` prints "
        "the same.",
        "An elementwise function that is not listed is declared, `\\sigma: elementwise`, or defined, `g(t) = \\exp(-t^2)`.",
        "| | | written | differentiated by |",
    ),
    "zh": (
        "运算与函数",
        "笔记中可以写的运算及其各种写法。例子中 $X$、$Y$ 是矩阵，$x$、$y$ 是列向量，$k$ 是数，"
        "$f$ 是 $Y$ 的未知标量函数。`mdderive rules --functions` 给出同样的列表。",
        "未列出的逐元素函数可以声明（`\\sigma: elementwise`）或定义（`g(t) = \\exp(-t^2)`）。",
        "| | | 写法 | 求导法则 |",
    ),
}

# Heading, paragraph and head of the tables; then the families by their first digit.
_CODES: Mapping[Language, tuple[str, ...]] = {
    "en": ("Diagnostics", "Every finding has a code. `mdderive explain CODE` prints its page.", "| code | severity | says |"),
    "zh": ("诊断代码", "每个报告都有代码。`mdderive explain CODE --lang zh` 显示该代码的页面。", "| 代码 | 级别 | 含义 |"),
}
# Heading, paragraphs and head of the tables.
_REASONS: Mapping[Language, tuple[str, ...]] = {
    "en": (
        "Acts and reasons",
        "Every row of `mdderive check --equations --format json` has an `act`, what the relation does in its text (`assert`, "
        "`define`, `suppose`, `deny`, `ask`, `solve` or `declare`), and a `reason`, a word of the list below. "
        "`why` is the reason in words, in the language of the report, with the facts of the case; it is empty where "
        "there is nothing to add. The act follows from words and form alone. What is asserted `holds`, is `wrong`, "
        "or `undecided`; what defines, supposes, asks, demands or declares is `not_an_assertion` unless it is shown to hold.",
        "`mdderive explain WORD` prints what a reason means and what to write to have a relation judged.",
        "| reason | act | says |",
    ),
    "zh": (
        "作用与原因",
        "`mdderive check --equations --format json` 的每一行都有 `act`，即关系式在文中的作用：`assert`（断言）、"
        "`define`（定义）、`suppose`（假设）、`deny`（否定）、`ask`（提问）、"
        "`solve`（求解）、`declare`（声明）；以及 `reason`，即下表中的一个词，其含义不变。"
        "`why` 用报告的语言说明该原因及具体情况，无可补充时为空。作用只取决于文字和形式。"
        "断言的结果是 `holds`、`wrong` 或 `undecided`；定义、假设、提问、求解和声明，除非已知其成立，都是 `not_an_assertion`。",
        "`mdderive explain WORD --lang zh` 显示一个原因的含义，以及怎样书写才能得到判断。",
        "| 原因 | 作用 | 含义 |",
    ),
}
_ADVICE = list({id(cause.advice): cause.advice for cause in REASONS.values()}.values())
_FAMILIES: Mapping[Language, Mapping[str, str]] = {
    "en": {"1": "Block and file", "2": "Notation", "3": "Shapes", "4": "Mathematics", "9": "Internal"},
    "zh": {"1": "块与文件", "2": "记号", "3": "形状", "4": "数学", "9": "内部错误"},
}


# What the drawing of the rooms shows, and the head of their table.
_ROOMS: Mapping[Language, tuple[str, str]] = {
    "en": ("The rooms of the package and what they import from", "| room | modules | imports from |"),
    "zh": ("包中的屋子及其导入", "| 屋子 | 模块 | 导入自 |"),
}


def made() -> dict[str, str | bytes]:
    """Return the pages and files that are made, by their address below the folder of pages."""
    pages = {
        "rules.md": rules_page(),
        "functions.md": functions_page(),
        "zh/rules.md": rules_page("zh"),
        "zh/functions.md": functions_page("zh"),
        "reasons.md": reasons_page(),
        "zh/reasons.md": reasons_page("zh"),
        "diagnostics/index.md": codes_page(),
        "zh/diagnostics/index.md": codes_page("zh"),
        "newcomers.md": newcomers_page(),
        "interface.md": interface_page(),
        "zh/newcomers.md": newcomers_page("zh"),
        "zh/guide/measured.md": measured_page(),
        "changelog.md": (HERE.parent / "CHANGELOG.md").read_text(encoding="utf-8").replace("](site/docs/", "]("),
    }
    return {**pages, **dict(cookbook.pages()), **playground.assets()}


def filled(text: str, lang: Language) -> str:
    """Return a page with the rooms of the package and the playground where it asks for them, one on a code with what is said."""
    if text.startswith("# DRV"):
        return said(text, lang)
    for mark, part in {ROOMS: rooms, PLAYGROUND: playground.page}.items():
        if mark in text:  # to draw the rooms is to read the whole package
            text = text.replace(mark, part(lang))
    return text


def said(text: str, lang: Language) -> str:
    """Return the page on a code with what mdderive says of its example below it."""
    example = EXAMPLE.search(text)
    if example is None:
        return text
    settings = mdderive.Settings(lang=lang, equations="```derive" not in example[1])
    report = mdderive.report([mdderive.check(example[1], path="note.md", settings=settings, cache=True)], "full", lang)
    return f"{text[: example.end()]}\n\n{_SAID[lang]}\n\n````text\n{report.strip()}\n````{text[example.end() :]}"


def rules_page(lang: Language = "en") -> str:
    """Return the page that lists all rules with their proofs, and the definitions that proofs rest on."""
    proofs = sum(isinstance(entry, Proof) for entry in PROOFS.values())
    counts = {
        "rules": len(RULES),
        "premises": sum(bool(rule.when) for rule in RULES),
        "laws": len(PROVED),
        "proofs": proofs,
        "axioms": len(PROVED) - proofs,
        "definitions": len(DEFINED),
    }
    parts = [f"# {_RULES[lang][0]}", *(text.format(**counts) for text in _RULES[lang][1:])]
    for key, section in SECTIONS.items():
        parts += [f"## {word(key, lang)}", *(part for rule in section for part in _rule(rule, lang))]
    return "\n\n".join(parts) + "\n"


def _rule(rule: Rule, lang: Language) -> Iterator[str]:
    """Yield the parts of the page on one rule."""
    yield f"### {rule.name}"
    caption = rule.zh if lang == "zh" else rule.en
    caption = caption[0].upper() + caption[1:] + word("stop", lang)
    yield "\n".join(markdown((Prose((caption, "" if lang == "zh" else " ", *premises(rule, lang))),)))
    yield f"$$\n{tight(rule.lhs)} = {tight(rule.rhs)}\n$$"
    found = proved(rule)
    lines = markdown([piece for piece in proof_story(found, lang) if found.lines or not isinstance(piece, Remark)])
    if uses(rule.name):
        lines += ["", word("uses", lang, names=_linked(uses(rule.name), lang))]
    if found.lines:
        lines = [f'??? note "{word("proof", lang)}"', "", *(f"    {line}".rstrip() for line in lines)]
    yield "\n".join(lines)
    used = users(rule.name)
    if used:
        yield word("used", lang, names=_linked(used, lang))


def _linked(names: Iterable[str], lang: Language) -> str:
    return listed((f"[{name}](#{_anchor(name)})" for name in names), lang)


def _anchor(name: str) -> str:
    return slugify(name, "-")


def functions_page(lang: Language = "en") -> str:
    """Return the page that lists the operators and functions that can be written, with their spellings and rules."""
    parts = [f"# {_FUNCTIONS[lang][0]}", *_FUNCTIONS[lang][1:-1]]
    for key, entries in (("operators", operators(lang)), ("functions", functions(lang))):
        parts += [f"## {word(key, lang)}", "\n".join([_FUNCTIONS[lang][-1], "|---|---|---|---|", *map(_entry, entries)])]
    return "\n\n".join(parts) + "\n"


def _entry(entry: Described) -> str:
    first = entry.spellings[0].replace(r"\|", r"{\Vert}").replace("|", r"{\vert}")
    title = "".join(f"${part.latex}$" if isinstance(part, Math) else escaped(part) for part in worded(entry.title))
    spellings = " ".join(f"<code>{escaped(spelling)}</code>" for spelling in entry.spellings)
    laws = ", ".join(f"[{name}](rules.md#{_anchor(name)})" for name in entry.rules)
    return f"| {title} | ${first}$ | {spellings} | {laws} |"


def rooms(lang: Language = "en") -> str:
    """Return the drawing and the table of the rooms, the highest first."""
    title, head = _ROOMS[lang]
    imported = imports(HERE.parent)
    graph = arrows(imported)
    floor = floors(graph)
    count = Counter(map(room, imported))
    rows = [
        f"| `{name}` | {count[name]} | {', '.join(f'`{other}`' for other in sorted(graph[name]))} |"
        for name in sorted(graph, key=lambda name: (-floor[name], name))
    ]
    return "\n".join(['<div class="house">', drawing(graph, title), "</div>", "", head, "|---|---|---|", *rows])


def codes_page(lang: Language = "en") -> str:
    """Return the page that lists all codes."""
    title, said, head = _CODES[lang]
    parts = [f"# {title}", said]
    for family, codes in groupby(sorted(CATALOG), key=lambda code: code[3]):
        rows = [f"| [{c}]({c}.md) | {severity(CATALOG[c].severity, lang)} | {_cell(c, lang)} |" for c in codes]
        parts += [f"## {_FAMILIES[lang][family]}", "\n".join([head, "|---|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def reasons_page(lang: Language = "en") -> str:
    """Return the page on acts and reasons, those that mean the same below each other."""
    title, *said, head = _REASONS[lang]
    parts = [f"# {title}", *said]
    for advice, some in groupby(
        sorted(REASONS.items(), key=lambda item: _ADVICE.index(item[1].advice)), key=lambda item: item[1].advice
    ):
        rows = [f"| `{code}` | {cause.act or ''} | {escaped(general(cause.words[lang]))} |" for code, cause in some]
        parts += [escaped(advice[lang]), "\n".join([head, "|---|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def _cell(code: str, lang: Language) -> str:
    return escaped(general(CATALOG[code].words[lang]))
