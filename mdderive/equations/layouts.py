"""The layouts in which a note writes the gradients of scalars, against the one that its words claim."""

import re
from dataclasses import dataclass, field

from mdderive.diagnostics import Diagnostic
from mdderive.source import Source, Span

_NAMES = {"numerator": "分子", "denominator": "分母"}
_CLAIM = re.compile(r"\b(?P<en>numerator|denominator)[ -]+layout\b|(?P<zh>分子|分母)布局", re.IGNORECASE)

RARE = 4  # one gradient in so many astray is a slip each time, not a habit


def claimed(source: Source) -> tuple[str, int]:
    """Return the only layout that a note speaks of and the line; empty where it speaks of none, or of both."""
    found = [(m["en"].lower() if m["en"] else _english(m["zh"]), m.start()) for m in _CLAIM.finditer(source.text)]
    if len({layout for layout, _ in found}) != 1:
        return "", 0
    layout, at = found[0]
    return layout, source.place(at).line


def _english(name: str) -> str:
    return next(en for en, zh in _NAMES.items() if zh == name)


@dataclass
class Layouts:
    """Where gradients of scalars hold in one layout alone."""

    places: dict[str, list[Span]] = field(default_factory=dict)

    def note(self, layout: str, span: Span) -> None:
        """Note a step; an empty layout says that it holds in both."""
        if layout:
            self.places.setdefault(layout, []).append(span)

    def findings(self, source: Source) -> tuple[list[Diagnostic], bool]:
        """Say where gradients are in another layout than the note claims, or than most of it is, and whether that is a slip.

        Where both layouts are usual, it is said once.
        """
        claim, said = claimed(source)
        rows, columns = self.places.get("numerator", []), self.places.get("denominator", [])
        if claim:
            other = "numerator" if claim == "denominator" else "denominator"
            few = self.places.get(other, [])
        else:
            other, few, many = ("numerator", rows, columns) if len(rows) <= len(columns) else ("denominator", columns, rows)
            said = source.place(many[0].start).line if many else 0
        stray = claim in self.places or len(few) * RARE <= len(rows) + len(columns)
        if not few or not said:
            return [], False
        facts = {
            "assumed": f"gradients are in {other} layout, unlike line {said}",
            "assumed_zh": f"导数采用{_NAMES[other]}布局（与第 {said} 行不同）",
        }
        return [Diagnostic("DRV411", span, facts) for span in (few if stray else few[:1])], stray
