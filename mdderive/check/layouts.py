"""Derivatives of matrices that a note writes in blocks, against the layout that its words state."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mdderive.model.diagnostics import Finding
from mdderive.model.reasons import Reason
from mdderive.model.source import Source, Span
from mdderive.reading.chains import Chain
from mdderive.reading.conventions import Statement

_SIGN = r"(?:\\partial|\\mathrm\{d\}|d)"
_QUOTIENT = re.compile(rf"\\[dt]?frac\{{{_SIGN}(?P<of>[A-Z])\}}\{{{_SIGN}(?P<by>[A-Za-z](?:_(?:\w|\{{[^{{}}]*\}}))?)\}}")
_TABLE = re.compile(rf"[\[(]?\\begin\{{[a-z]*matrix\}}(?:{_QUOTIENT.pattern})?")


def _bare(latex: str) -> str:
    r"""Return a formula without spaces and fonts."""
    return re.sub(r"\\(?:mathbf|boldsymbol|bm)\{(\w)\}", r"\1", re.sub(r"\s|\\(?:left|right)(?![A-Za-z])", "", latex))


def _entry_of(name: str) -> str:
    """Return the letter whose entry a name is; an empty text where it is none."""
    return name.partition("_")[0].lower() if "_" in name else ""


@dataclass
class Layouts:
    """Derivatives of matrices that a note lays out in blocks."""

    blocks: dict[str, Span] = field(default_factory=dict)  # what is differentiated by the entries of a matrix, block by block
    tables: set[str] = field(default_factory=set)  # what has a table as its derivative by one entry

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

    def against(self, stated: Sequence[Statement], source: Source) -> list[Finding]:
        """Say where a note states a layout that is none of blocks, and writes the derivative of a matrix in blocks."""
        lines = [source.place(span.start).line for name, span in self.blocks.items() if name in self.tables]
        if not lines or len({s.layout for s in stated}) != 1:
            return []
        reason = Reason("holds-only-if", {"assumed": Reason("blocks-apart", {"line": str(lines[0])})})
        return [Finding("DRV411", Span(stated[0].at, stated[0].end), reason=reason)]
