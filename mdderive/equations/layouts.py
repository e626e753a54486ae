"""The layouts in which a note writes the gradients of scalars, against the one that its words claim."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from mdderive.diagnostics import Diagnostic
from mdderive.notes.chains import Chain
from mdderive.source import Source, Span

_NAMES = {"numerator": "分子", "denominator": "分母"}
_CLAIM = re.compile(
    r"\b(?P<en>numerator|denominator)[ -]+layout\b|(?P<zh>分子|分母)(?:布局|レイアウト)|(?P<ko>분자|분모) ?레이아웃",
    re.IGNORECASE,
)
_SAID = {word: layout for layout in _NAMES for word in (layout, _NAMES[layout])} | {"분자": "numerator", "분모": "denominator"}
_SIGN = r"(?:\\partial|\\mathrm\{d\}|d)"
_QUOTIENT = re.compile(rf"\\[dt]?frac\{{{_SIGN}(?P<of>[A-Z])\}}\{{{_SIGN}(?P<by>[A-Za-z](?:_(?:\w|\{{[^{{}}]*\}}))?)\}}")
_TABLE = re.compile(rf"[\[(]?\\begin\{{[a-z]*matrix\}}(?:{_QUOTIENT.pattern})?")


def _bare(latex: str) -> str:
    r"""Return a formula without spaces and fonts."""
    return re.sub(r"\\(?:mathbf|boldsymbol|bm)\{(\w)\}", r"\1", re.sub(r"\s|\\(?:left|right)(?![A-Za-z])", "", latex))


def _entry_of(name: str) -> str:
    """Return the letter whose entry a name is; an empty text where it is none."""
    return name.partition("_")[0].lower() if "_" in name else ""


RARE = 4  # one gradient in so many astray is a slip each time, not a habit


def claimed(source: Source) -> tuple[str, int]:
    """Return the only layout that a note speaks of and the line; empty where it speaks of none, or of both."""
    found = [
        (_SAID.get(m["zh"] or m["ko"], m[0].split()[0].split("-")[0].lower()), m.start()) for m in _CLAIM.finditer(source.text)
    ]
    if len({layout for layout, _ in found}) != 1:
        return "", 0
    layout, at = found[0]
    return layout, source.place(at).line


@dataclass
class Layouts:
    """Where gradients of scalars hold in one layout alone."""

    places: dict[str, list[Span]] = field(default_factory=dict)
    blocks: dict[str, Span] = field(default_factory=dict)  # what is differentiated by the entries of a matrix, block by block
    tables: set[str] = field(default_factory=set)  # what has a table as its derivative by one entry

    def note(self, layout: str, span: Span) -> None:
        """Note a step; an empty layout says that it holds in both."""
        if layout:
            self.places.setdefault(layout, []).append(span)

    def block(self, chain: Chain) -> None:
        r"""Note a derivative in blocks: `\frac{dF}{dX}` as a table of `\frac{\partial F}{\partial x_{ij}}`, tables themselves."""
        for left, right in pairwise(chain.sides):
            of, table = _QUOTIENT.fullmatch(_bare(left.latex)), _TABLE.match(_bare(right.latex))
            if of is None or table is None:
                continue
            if _entry_of(of["by"]):
                self.tables.add(of["of"])
            elif of["of"] == table["of"] and _entry_of(table["by"]) == of["by"].lower() != of["by"]:
                self.blocks.setdefault(of["of"], left.span)

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

    def in_blocks(self, source: Source) -> list[Diagnostic]:
        """Say where a note claims a layout that is none of blocks, and writes the derivative of a matrix in blocks."""
        found = _CLAIM.search(source.text) if claimed(source)[0] else None
        lines = [source.place(span.start).line for name, span in self.blocks.items() if name in self.tables]
        if found is None or not lines:
            return []
        facts = {
            "assumed": f"the derivatives of matrices are set apart, which line {lines[0]} lays out in blocks",
            "assumed_zh": f"矩阵对矩阵的导数除外（第 {lines[0]} 行按分块布局）",
        }
        return [Diagnostic("DRV411", Span(*found.span()), facts)]
