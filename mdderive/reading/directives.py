r"""What an author says to mdderive outside the text: comments `<!-- mdderive: X: m x n -->`, front matter, settings.

In LaTeX the comment is `% mdderive: X: m x n`.

A declaration is one of a derive block; `symmetric A` and `constant a, b` give properties; `skip reason` leaves out what follows.
"""

import re
from collections.abc import Iterator

from mdderive.model.diagnostics import Finding
from mdderive.model.properties import DECLARED
from mdderive.model.source import Span
from mdderive.reading.membership import Clue, kind_of
from mdderive.reading.statements import Declaration, FunctionDeclaration, Unreadable, canonical, split

_SKIP = re.compile(r"skip\b\s*(?P<reason>.*)", re.DOTALL)
_PROPERTY = re.compile(rf"(?P<property>{'|'.join(sorted(DECLARED))})\s+(?P<names>[^:]+)")
_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<body>.*?)\r?\n(?:---|\.\.\.)[ \t]*(?=\r?\n|\Z)", re.DOTALL)
_KEY = re.compile(
    r"^mdderive[ \t]*:[ \t]*(?P<inline>[^\r\n]*)(?P<below>(?:\r?\n[ \t]+[^\r\n]*|\r?\n-[ \t][^\r\n]*)*)", re.MULTILINE
)


def skipped(text: str) -> str | None:
    """Return the reason of a directive that skips what follows; None for any other."""
    found = _SKIP.fullmatch(text.strip())
    return (found["reason"].strip() or "no reason given") if found else None


def declarations(text: str, place: Span) -> tuple[list[Clue], list[Finding]]:
    """Return what a directive declares, and what in it cannot be read; both are placed at `place`."""
    clues: list[Clue] = []
    findings: list[Finding] = []
    for part in re.split(r"[;\n]", text):
        said = _PROPERTY.fullmatch(part.strip())
        if said:
            names = (canonical(name.strip()) for name in said["names"].split(","))
            clues += [Clue(name, place, properties=frozenset({said["property"]})) for name in names if name]
            continue
        for statement in split(part):
            match statement:
                case Declaration():
                    kind = kind_of(statement.shape)
                    clues.append(Clue(statement.name, place, kind, statement.shape, statement.properties))
                case FunctionDeclaration():
                    clues.append(Clue(statement.name, place, "function"))
                case Unreadable():
                    findings.append(Finding(statement.finding.code, place, statement.finding.facts))
                case _:
                    findings.append(Finding("DRV127", place, {"name": part.strip()}))
    return clues, findings


def front_matter(text: str) -> Iterator[tuple[str, Span]]:
    """Yield the lines that the front matter of a note has under `mdderive:`, with their places."""
    matter = _MATTER.match(text)
    found = _KEY.search(matter["body"]) if matter else None
    if matter is None or found is None:
        return
    start = matter.start("body")
    for name in ("inline", "below"):
        for line in re.finditer(r"[^\r\n]+", found[name]):
            said = line[0].strip().removeprefix("-").strip().strip("\"'")
            if said:
                at = start + found.start(name) + line.start()
                yield said, Span(at, at + len(line[0]))
