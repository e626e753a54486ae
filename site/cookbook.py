"""The cookbook of the site: derivatives and laws by the shape of the problem, each derived and verified where it stands."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mdderive.model.diagnostics import Language

FILE = Path(__file__).with_name("cookbook.toml")
FOLDER = "cookbook/"
# Heading and paragraph of the first page; how an entry is headed; how many entries a section has.
WORDS: Mapping[Language, tuple[str, str, str, str]] = {
    "en": (
        "Cookbook",
        "{count} derivatives and laws, by the shape of the problem. Each has its derivation one click away, and LaTeX, NumPy and "
        "SymPy to copy. All of them were derived and verified when this site was built.",
        "{function} by {variable}",
        "{count} entries",
    ),
    "zh": (
        "公式手册",
        "{count} 个导数和恒等式，按问题的形状排列。每个都可以展开推导，复制 LaTeX、NumPy 和 SymPy。"
        "它们都是在生成网站时推导并验证的。",
        "{function} 对 {variable}",
        "{count} 条",
    ),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A question, or a law where no letter is asked for: the lines that declare, the formula, the letter."""

    declared: tuple[str, ...]
    formula: str
    variable: str = ""

    def title(self, lang: Language) -> str:
        """Return what heads the entry."""
        if not self.variable:
            return f"${self.formula}$"
        return WORDS[lang][2].format(function=f"${self.formula}$", variable=f"${self.variable}$")

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
        title, said, _, counted = WORDS[lang]
        parts = [f"# {title}", said.format(count=sum(map(len, listed.values())))]
        for section in sections:
            page, found = section["page"], listed[section["page"]]
            parts += [f"## [{section[lang]}]({page}.md)", counted.format(count=len(found))]
            each = [part for entry in found for part in (f"## {entry.title(lang)}", entry.block(lang))]
            yield f"{folder}{page}.md", "\n\n".join([f"# {section[lang]}", *each]) + "\n"
        yield f"{folder}index.md", "\n\n".join(parts) + "\n"


def entries(section: Mapping[str, list[list[str]]]) -> Iterator[Entry]:
    """Yield the entries of a section."""
    for formula, declared, variable in section.get("rows", ()):
        yield Entry(tuple(declared.split(";")), formula, variable)
    for declared, law in section.get("laws", ()):
        yield Entry(tuple(declared.split(";")), law)
