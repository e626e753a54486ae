"""Codes and rules to what `mdderive explain` and `mdderive rules` print."""

from pathlib import Path

from mdderive.diagnostics import Language
from mdderive.rules import RULES

INSTALLED = Path(__file__).parent / "explanations"
CHECKOUT = Path(__file__).parent.parent / "site" / "docs" / "diagnostics"


def page(code: str) -> str:
    """Return the page on a code as Markdown without its heading, or nothing where pages are not installed."""
    for folder in (INSTALLED, CHECKOUT):
        file = folder / f"{code}.md"
        if file.is_file():
            return file.read_text(encoding="utf-8").partition("\n")[2].strip()
    return ""


def rule_list(lang: Language) -> str:
    """Return one line a rule: name and caption."""
    width = max(len(rule.name) for rule in RULES)
    return "\n".join(f"{rule.name:{width}}  {rule.zh if lang == 'zh' else rule.en}" for rule in RULES)


def rule_text(name: str, lang: Language) -> str:
    """Return what a rule states, when, and whence; nothing for an unknown name."""
    for rule in RULES:
        if rule.name == name:
            lines = [f"{rule.name}: {rule.zh if lang == 'zh' else rule.en}", f"  {rule.lhs} = {rule.rhs}"]
            lines += [f"  when {rule.when}"] if rule.when else []
            lines += [f"  {rule.ref}"] if rule.ref else []
            return "\n".join(lines)
    return ""
