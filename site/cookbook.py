"""The cookbook of the site: derivatives and laws by the shape of the problem, each derived and verified where it stands."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mdderive.model.diagnostics import Language

FILE = Path(__file__).with_name("cookbook.toml")
FOLDER = "cookbook/"
EXAMPLES = 3  # how many formulas the table shows of a section


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a language: of the first page and its table, over a section and an entry, of numbers and mistakes in print."""

    title: str
    said: str
    headed: str
    table: str
    counted: str
    numbered: str
    errata: str


# The second equation of the errata is written so that it holds, and is verified with the page.
ERRATUM = r"""```derive new lang="{lang}"
a, c: m,  X: m x n,  B: n x n
a^T X B X^T c = \operatorname{{vec}}(X)^T (B^T \otimes c a^T) \operatorname{{vec}}(X)
```"""
WORDS: Mapping[Language, Words] = {
    "en": Words(
        "Cookbook",
        "{count} derivatives and laws, by the shape of the problem. Each has its derivation one click away, and LaTeX, NumPy and "
        "SymPy to copy. All of them were derived and verified when this site was built. Where an equation also stands in "
        "*The Matrix Cookbook* of Petersen and Pedersen (15 November 2012), its number is given.",
        "{function} by {variable}",
        "| section | entries | such as |",
        "{count} entries. Each was derived and verified when this site was built; a click shows its steps.",
        "The Matrix Cookbook, equation {number}",
        r"""## Two equations that do not hold as printed

Equation 28 of *The Matrix Cookbook* expands $\det(I + \varepsilon A)$ for small $\varepsilon$ and begins with $1 + \det(A)$. At
$\varepsilon = 0$ the left side is $1$, so $\det(A)$ must go: $1 + \varepsilon \operatorname{tr}(A) + \dots$

Equation 524 has $B$ where $B^T$ is right. For a symmetric $B$ the two are the same.""",
    ),
    "zh": Words(
        "公式手册",
        "{count} 个导数和恒等式，按问题的形状排列。每个都可以展开推导，复制 LaTeX、NumPy 和 SymPy。"
        "它们都是在生成网站时推导并验证的。"
        "Petersen 与 Pedersen 的 *The Matrix Cookbook*（2012 年 11 月 15 日版）中也有的等式，标出了它在那里的编号。",
        "{function} 对 {variable}",
        "| 部分 | 条数 | 例如 |",
        "{count} 条，都在生成网站时推导并验证；点开可以看到步骤。",
        "The Matrix Cookbook 式 {number}",
        r"""## 印刷本中不成立的两个等式

*The Matrix Cookbook* 的式 28 在 $\varepsilon$ 很小时展开 $\det(I + \varepsilon A)$，开头是 $1 + \det(A)$。
当 $\varepsilon = 0$ 时左边是 $1$，所以 $\det(A)$ 是多余的：$1 + \varepsilon \operatorname{tr}(A) + \dots$

式 524 中的 $B$ 应为 $B^T$。$B$ 对称时两者相同。""",
    ),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A question, or a law where no letter is asked for: the lines that declare, the formula, the letter.

    `number` is that of the equation in The Matrix Cookbook, where it has one there.
    """

    declared: tuple[str, ...]
    formula: str
    variable: str = ""
    number: str = ""

    def title(self, lang: Language) -> str:
        """Return what heads the entry."""
        if not self.variable:
            return f"${self.formula}$"
        return WORDS[lang].headed.format(function=f"${self.formula}$", variable=f"${self.variable}$")

    def parts(self, lang: Language) -> Iterator[str]:
        """Yield heading, number and block."""
        yield f"## {self.title(lang)}"
        if self.number:
            yield WORDS[lang].numbered.format(number=self.number)
        yield self.block(lang)

    def block(self, lang: Language) -> str:
        """Return the derive block."""
        stated = (
            [f"f = {self.formula}", rf"\frac{{\partial f}}{{\partial {self.variable}}} = ?"] if self.variable else [self.formula]
        )
        return "\n".join([f'```derive new lang="{lang}"', *self.declared, *stated, "```"])


def pages() -> Iterator[tuple[str, str]]:
    """Yield the pages of the cookbook with their text, in both languages."""
    sections = tomllib.loads(FILE.read_text(encoding="utf-8"))["section"]
    listed = {section["page"]: tuple(entries(section)) for section in sections}
    for lang, folder in (("en", FOLDER), ("zh", f"zh/{FOLDER}")):
        words = WORDS[lang]
        parts = [f"# {words.title}", words.said.format(count=sum(map(len, listed.values())))]
        rows = [f"| [{s[lang]}]({s['page']}.md) | {len(listed[s['page']])} | {shown(listed[s['page']])} |" for s in sections]
        parts.append("\n".join([words.table, "|---|---|---|", *rows]))
        for section in sections:
            page, found = section["page"], listed[section["page"]]
            each = [part for entry in found for part in entry.parts(lang)]
            yield f"{folder}{page}.md", "\n\n".join([f"# {section[lang]}", words.counted.format(count=len(found)), *each]) + "\n"
        yield f"{folder}index.md", "\n\n".join([*parts, words.errata, ERRATUM.format(lang=lang)]) + "\n"


def shown(found: tuple[Entry, ...]) -> str:
    """Return the shortest questions of a section, or its first laws, as a cell of a table."""
    ordered = sorted(found, key=lambda entry: len(entry.formula) if entry.variable else 0)
    formulas = [*dict.fromkeys(entry.formula for entry in ordered)][:EXAMPLES]
    return ", ".join(f"${formula}$" for formula in formulas).replace(r"\|", r"{\Vert}").replace("|", r"{\vert}")


def entries(section: Mapping[str, list[list[str]]]) -> Iterator[Entry]:
    """Yield the entries of a section."""
    for formula, declared, variable, *number in section.get("rows", ()):
        yield Entry(tuple(declared.split(";")), formula, variable, *number)
    for declared, law, *number in section.get("laws", ()):
        yield Entry(tuple(declared.split(";")), law, "", *number)
