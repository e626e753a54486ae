"""What a page must pass before a program publishes it, by the options that every program offers.

`OPTIONS` holds their defaults. `layout`, `lang` and `steps` are those of `Settings`; `equations` judges the formulas outside of
blocks too (off, warn, fail), `undecided` says what an equation comes to that could not be decided (warn, fail).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import mdderive
from mdderive import Document, Finding, Settings

OPTIONS: Mapping[str, str] = {"layout": "denominator", "lang": "en", "steps": "normal", "equations": "off", "undecided": "warn"}
LEVELS: Mapping[str, tuple[str, ...]] = {"equations": ("off", "warn", "fail"), "undecided": ("warn", "fail")}
UNREAD = ("DRV108", "DRV109")  # no errors of the command line, and yet blocks that a reader would miss
JUDGED = ("DRV402", "DRV403")
UNDECIDED = "DRV404"


@dataclass(frozen=True, slots=True)
class Gate:
    """The settings with which pages are checked, and what keeps them from being published."""

    settings: Settings
    equations: str
    undecided: str

    def stops(self, document: Document, finding: Finding) -> bool:
        """Tell whether a finding keeps its page from being published."""
        if finding.code in JUDGED and self.equations == "warn" and not in_block(document, finding):
            return False
        undecided = finding.code == UNDECIDED and self.undecided == "fail"
        return undecided or finding.severity == "error" or finding.code in UNREAD

    def told(self, document: Document) -> Iterator[tuple[Finding, str]]:
        """Yield the findings of a page that are no mere information, each with its report."""
        for finding in document.findings:
            if finding.severity != "info":
                alone = Document(document.source, equations=document.equations, findings=(finding,))
                yield finding, mdderive.report([alone], lang=self.settings.lang).rpartition("\n\n")[0]


def gate(options: Mapping[str, object]) -> Gate:
    """Return the gate that options ask for; raises `ValueError` for one that is unknown or cannot be meant."""
    unknown = [name for name in options if name not in OPTIONS]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no option: write one of {', '.join(OPTIONS)}")
    given = {**OPTIONS, **{name: "off" if value is False else value for name, value in options.items()}}
    for name, levels in LEVELS.items():
        if given[name] not in levels:
            raise ValueError(f"{name}={given[name]!r}: write one of {', '.join(levels)}")
    words = {name: str(value) for name, value in given.items()}
    lang: Literal["en", "zh"] = "zh" if words["lang"] == "zh" else "en"
    settings = Settings(words["layout"], words["steps"], lang, equations=words["equations"] != "off")
    if words["lang"] != lang:
        raise ValueError(f"lang={words['lang']!r}: write one of en, zh")
    return Gate(settings, words["equations"], words["undecided"])


def in_block(document: Document, finding: Finding) -> bool:
    """Tell whether a finding is about a derive block."""
    return any(block.span.start <= finding.span.start < block.span.end for block in document.blocks)


def below(document: Document, whole: str) -> Document:
    """Return a document with the places of a file that ends with its text, such as one whose front matter was taken off."""
    above = whole.removesuffix(document.source.text)
    return (
        replace(document, source=replace(document.source, line_offset=above.count("\n"))) if len(above) < len(whole) else document
    )
