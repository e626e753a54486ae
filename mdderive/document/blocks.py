"""What a derive block is, wherever it was found: its lines lifted from the file, its options, its place among the headings.

Every offset of a block's excerpt leads back to the one character of the file that it came from.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from mdderive.model.diagnostics import CATALOG, Finding
from mdderive.model.results import CHOICES
from mdderive.model.source import Excerpt, Piece, Source, Span

TEXTS = ("title", "expect", "skip")
FLAG = "new"

# Headings above a place, outermost first: (level, line) each.
Section = tuple[tuple[int, int], ...]
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a block; an empty text stands for one that was not given."""

    layout: str = ""
    steps: str = ""
    lang: str = ""
    functions: str = ""
    result: str = ""
    title: str = ""
    expect: str = ""
    skip: str = ""
    new: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One derive block.

    `excerpt` is its content; `span` runs from the first character of its opening to the last of its closing; `prefix` is what
    stands before each of its lines; `findings` (spans of the file) is what is wrong with its options.
    """

    excerpt: Excerpt
    span: Span
    prefix: str
    options: Options = field(default_factory=Options)
    section: Section = ()
    findings: tuple[Finding, ...] = ()


class Found(NamedTuple):
    """The blocks of a file in order, and findings about what looks like a block and cannot be read as one."""

    blocks: tuple[Block, ...] = ()
    findings: tuple[Finding, ...] = ()


def below(path: Section, level: int, line: int) -> Section:
    """Return the section that a heading of a level opens, for what was open before it."""
    return (*(heading for heading in path if heading[0] < level), (level, line))


def inherited(section: Section, kept: Mapping[Section, Kept], nothing: Kept) -> Kept:
    """Return what was last kept for a section or for the nearest one around it."""
    around = (section[:depth] for depth in range(len(section), -1, -1))
    return next((kept[place] for place in around if place in kept), nothing)


def lift(source: Source, first: int, contents: Iterable[str]) -> Excerpt:
    """Return lines as an excerpt; each is the end of its raw line, from line number `first` on.

    Spaces that stand for a part of a tab have no place in the file and are left out.
    """
    lines, pieces, at = [], [], 0
    for number, content in enumerate(contents, first):
        raw = source.line(number)
        kept = content if raw.endswith(content) else _ending(raw.replace("\0", "\ufffd"), content)
        lines.append(kept)
        pieces.append(Piece(at, source.starts[number - 1] + len(raw) - len(kept)))
        at += len(kept) + 1
    return Excerpt("\n".join(lines), tuple(pieces))


def _ending(raw: str, content: str) -> str:
    while not raw.endswith(content):
        content = content[1:]
    return content


def prefix_of(opening: str) -> str:
    """Return what continues the line that a block opens on: quote marks and indentation stay, list markers become spaces."""
    return re.sub(r"[^>\s]", " ", opening.removeprefix("\ufeff"))


_OPTION = r"""
    [{separators}]* (?:
        (?P<key>[\w-]+) [ \t]*=[ \t]*
            (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | {{(?P<group>[^{{}}]*)}} | (?P<bare>[^\s"',{{}}]+) )
      | (?P<mark>[.\#][\w-]+)
      | (?P<flag>[\w-]+)
      | (?P<other>[^{separators}])
    ) (?P<glued>[^{separators}]*)
"""
_PLAIN = re.compile(_OPTION.format(separators=r"\s"), re.VERBOSE)
_COMMAS = re.compile(_OPTION.format(separators=r"\s,"), re.VERBOSE)


def read_options(text: str, origin: int, *, bare: bool, commas: bool = False) -> tuple[Options, tuple[Finding, ...]]:
    """Return the options written in `text`, which starts at offset `origin` of the file, and what is wrong with them.

    `bare` tells whether a value may stand without quotes. What is wrong is left out of the options.
    """
    given: dict[str, str | bool] = {}
    findings: list[Finding] = []
    at = 0
    pattern = _COMMAS if commas else _PLAIN
    while found := pattern.match(text, at):
        at = found.end()
        if found["mark"] and bare and not commas:
            continue
        finding = _option(found, origin, given, bare)
        findings += [finding] if finding else []
    return Options(**given), tuple(findings)  # type: ignore[arg-type]


def _option(found: re.Match[str], origin: int, given: dict[str, str | bool], bare: bool) -> Finding | None:
    """Take one option into `given`, or return what is wrong with it."""
    key = found["key"] or found["flag"] or ""
    start = next(found.start(name) for name in ("key", "flag", "mark", "other") if found[name] is not None)
    span = Span(origin + start, origin + found.end())
    value = next((found[name] for name in ("double", "single", "group", "bare") if found[name] is not None), None)
    facts = {"key": key, "value": value or "", "text": found.string[start : found.end()]}
    if not key or found["glued"] or key in given:
        return Finding("DRV107", span, facts)
    if key not in CHOICES and key not in TEXTS and key != FLAG:
        return Finding("DRV104", span, facts | {"known": ", ".join([*CHOICES, *TEXTS, FLAG])})
    if found["bare"] is not None and not bare:
        return Finding("DRV106", span, facts)
    if not _allowed(key, value):
        return Finding("DRV105", span, facts | {"allowed": ", ".join(written(key))})
    given[key] = True if value is None else value
    return None


def _allowed(key: str, value: str | None) -> bool:
    if key == FLAG:
        return value is None
    if key == "expect":
        return value in CATALOG
    if key in TEXTS:
        return bool(value and value.strip()) or (key == "title" and value is not None)
    return value in CHOICES[key]


def written(key: str) -> tuple[str, ...]:
    """Return the ways to write an option."""
    words = {FLAG: "new", "expect": 'expect="DRV401"', "skip": 'skip="…"', "title": 'title="…"'}
    return (words[key],) if key in words else tuple(f'{key}="{choice}"' for choice in CHOICES[key])
