"""Codes, reasons, rules, operators and functions to what `mdderive explain` and `mdderive rules` print."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from mdderive.model.causes import REASONS
from mdderive.model.diagnostics import CATALOG, Language
from mdderive.model.results import Described
from mdderive.output.machine import general
from mdderive.output.markdown import escaped, markdown
from mdderive.output.rulebook import functions, operators, rule_story
from mdderive.output.story import Title, worded
from mdderive.output.text import WIDTH, sentence, text, wrapped
from mdderive.output.words import word
from mdderive.rules.book import BOOK, SECTIONS

INSTALLED = Path(__file__).parents[1] / "explanations"
CHECKOUT = Path(__file__).parents[2] / "site" / "docs"
FOLDERS: Mapping[Language, tuple[Path, ...]] = {
    "en": (INSTALLED / "en", CHECKOUT / "diagnostics"),
    "zh": (INSTALLED / "zh", CHECKOUT / "zh" / "diagnostics"),
}
NEAREST = 4
RULE = "rule:"


def page(code: str, lang: Language) -> str:
    """Return the page on a code as Markdown without its heading, or nothing where pages are not installed."""
    for folder in FOLDERS[lang]:
        file = folder / f"{code}.md"
        if file.is_file():
            return file.read_text(encoding="utf-8").partition("\n")[2].strip()
    return ""


def reason_text(code: str, lang: Language) -> str:
    """Return what a reason says of a relation, what that means, and what to write where more is wanted."""
    cause = REASONS[code]
    act = f" ({cause.act})" if cause.act else ""
    said = f": {general(cause.words[lang])}" if cause.words[lang] else ""
    return "\n".join([f"{code}{act}{said}", *(f"  {line}" for line in wrapped(cause.advice[lang], WIDTH - 2))])


def code_text(code: str, lang: Language) -> str:
    """Return what the code of a finding means, with its page, the reason of a row, or a rule with its proof, as Markdown.

    `rule:NAME` is the rule also where a reason has its name. Raises `LookupError` with the nearest codes.
    """
    if code in REASONS:
        return reason_text(code, lang)
    for rule in BOOK:
        if rule.name == code.removeprefix(RULE):
            title, *rest = rule_story(rule, lang)
            assert isinstance(title, Title)
            return "\n".join([f"## {escaped(title.text)}", "", *markdown(rest)])
    known, code = code, code.upper()
    if code not in CATALOG:
        raise LookupError(near_codes(known))
    entry = CATALOG[code]
    advice = general(entry.help[lang])
    said = [f"{code} ({entry.severity}): {general(entry.words[lang])}", *([f"  {advice}"] if advice.strip("…") else [])]
    text = page(code, lang)
    return "\n".join([*said, *(["", text] if text else [])])


def rule_list(lang: Language) -> str:
    """Return one line a rule, name and caption, by section."""
    width = max(len(rule.name) for rule in BOOK)
    lines = []
    for key, section in SECTIONS.items():
        lines += [f"{word(key, lang)} ({len(section)})", ""]
        lines += [f"  {rule.name:{width}}  {rule.zh if lang == 'zh' else rule.en}" for rule in section]
        lines.append("")
    return "\n".join([*lines, *wrapped(word("more", lang), WIDTH)])


def function_list(lang: Language) -> str:
    """Return every operator and function: what it is, how it is written, which rules differentiate it."""
    lines: list[str] = []
    for key, entries in (("operators", operators(lang)), ("functions", functions(lang))):
        lines += [*([""] if lines else []), word(key, lang), ""]
        for entry in entries:
            lines += _entry(entry)
    return "\n".join(lines)


def _entry(entry: Described) -> Iterator[str]:
    """Yield a line with the name, then the spellings and the rules below it."""
    first, *more = wrapped(sentence(worded(entry.title)), WIDTH - 14)
    beside = len(entry.name) < 12  # a long name has a line of its own
    yield f"  {entry.name:11} {first}" if beside else f"  {entry.name}"
    yield from (f"{'':14}{line}" for line in (more if beside else (first, *more)))
    yield from _columns(entry.spellings, "   ")
    yield from _columns(entry.rules, ", ")


def _columns(items: tuple[str, ...], between: str) -> Iterator[str]:
    """Yield items in lines of at most `WIDTH` characters; none is broken."""
    line = ""
    for i, item in enumerate(items):
        part = item + (between.rstrip() if i < len(items) - 1 else "")
        if line and len(line) + len(between) + len(part) > WIDTH - 14:
            yield f"{'':14}{line}"
            line = part
        else:
            line += (" " * (len(between) - len(between.rstrip())) if line else "") + part
    if line:
        yield f"{'':14}{line}"


def rule_text(name: str, lang: Language) -> str:
    """Return a rule with its proof, or an operator; raises `LookupError` with the nearest names where the name is unknown."""
    shown = [rule for rule in BOOK if rule.name == name]
    entries = [entry for entry in (*operators(lang), *functions(lang)) if entry.name == name]
    if not shown and not entries:
        raise LookupError(near_rules(name))
    parts = ["\n".join(_entry(entry)) for entry in entries] + ["\n".join(text(rule_story(rule, lang))) for rule in shown]
    return "\n\n".join(parts)


def near_codes(code: str) -> str:
    """Return the known codes nearest to one that is not known, of its family, then with the fewest other digits; or reasons."""
    if not any(map(str.isdecimal, code)) and (reasons := _nearest(code, tuple(REASONS))):
        return reasons
    digits = f"{''.join(filter(str.isdecimal, code))[:3]:0<3}"

    def distance(known: str) -> tuple[bool, int, int]:
        own = known[3:]
        return own[0] != digits[0], sum(a != b for a, b in zip(own, digits, strict=True)), abs(int(own) - int(digits))

    return ", ".join(sorted(sorted(CATALOG, key=distance)[:NEAREST]))


def near_rules(name: str) -> str:
    """Return the names of rules and operators nearest to one."""
    entries = (*operators("en"), *functions("en"))
    return _nearest(name, tuple(dict.fromkeys([*(rule.name for rule in BOOK), *(entry.name for entry in entries)])))


def _nearest(name: str, known: tuple[str, ...]) -> str:
    """Return the known names nearest to one: those that contain it or are spelled alike."""
    name = name.lower()
    inside = sorted((k for k in known if name and name in k), key=len)
    close = get_close_matches(name, known, n=NEAREST, cutoff=0.5)
    return ", ".join(list(dict.fromkeys([*inside[:NEAREST], *close]))[:NEAREST])
