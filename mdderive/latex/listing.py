r"""Matrices of numbered letters: `[x_1, \dots, x_N]` has the members of a family as columns, `[x_1^T; \dots; x_N^T]` as rows.

They are read as the sums that they are, of `x_i \mathbf{e}_i^T` and of `\mathbf{e}_i x_i^T`; no other dots are guessed at.
"""

import re

from mdderive.latex.notation import FENCED, MATRICES, TRANSPOSES
from mdderive.latex.parser import Parser
from mdderive.latex.syntax import Group, Indexed, Letter, Member, OverIndex, Product, Syntax, Transpose, Unit
from mdderive.model.diagnostics import Finding, Refusal

_LETTER = r"\\[A-Za-z]+\{[A-Za-z]\}|\\[A-Za-z]+|[A-Za-z]"
_ABOVE = r"(?:\^(?:\{[^{}]*\}|\\[A-Za-z]+|\w))?"
_BETWEEN = r"(?:,|;|&|\\\\)?"
_LISTED = re.compile(
    rf"(?P<letter>{_LETTER})_(?:1|\{{1\}})(?P<above>{_ABOVE})(?P<between>{_BETWEEN})"
    rf"(?:(?P=letter)_(?:2|\{{2\}})(?P<second>{_ABOVE}){_BETWEEN})?"
    rf"(?:\\[lcv]?dots|\.\.\.|…){_BETWEEN}"
    rf"(?P=letter)_(?P<last>\w|\{{\w+\}})(?P<end>{_ABOVE})"
)
_SPACING = re.compile(r"\s+|\\[,;:!](?![A-Za-z])|\\q?quad(?![A-Za-z])")
_INDICES = "ijklrst"


def read_listing(p: Parser) -> Syntax | None:
    """Return the matrix that a list of numbered letters is, in a block; None where the brackets hold something else."""
    opened = p.peek()
    if not p.names.strict or not (opened.text == "[" or (opened.kind == "begin" and opened.text in MATRICES)):
        return None
    end = _end(p)
    inside = p.source[opened.span.end : p.peek(end).span.start]
    found = _LISTED.fullmatch(_SPACING.sub("", inside)) if end else None
    if found is None or opened.text in FENCED:
        return None
    marks = {found["above"], found["end"], *([found["second"]] if found["second"] is not None else [])}
    turned = found["above"].lstrip("^").strip("{}") in TRANSPOSES
    p.at += end + 1
    whole = p.since(opened.span.start)
    if len(marks) > 1 or (found["above"] and not turned):
        raise Refusal(Finding("DRV252", whole, {"name": inside.strip()}))
    return _matrix_of(p, found, turned, whole.start)


def _end(p: Parser) -> int:
    """Return how far ahead what opens here is closed; 0 where it holds brackets or matrices of its own, or is not closed."""
    opened = p.peek()
    closer = "]" if opened.text == "[" else "end"
    ahead = 1
    while (token := p.peek(ahead)).kind not in ("stop", "begin") and token.text not in ("[", "("):
        if closer in (token.text, token.kind):
            return ahead
        ahead += 1
    return 0


def _matrix_of(p: Parser, found: re.Match[str], turned: bool, start: int) -> Syntax:
    """Return the sum of `x_i \\mathbf{e}_i^T` over the members, of `\\mathbf{e}_i x_i` where they stand below each other."""
    span = p.since(start)
    letter, last = found["letter"], found["last"].strip("{}")
    index = next((i for i in _INDICES if i not in p.bound and i not in p.names.symbols), "")
    if letter not in p.names.families | p.names.symbols or not index or last in p.bound:
        raise Refusal(Finding("DRV251", span, {"name": f"{letter}_i", "letter": letter}))
    base = (Letter(span, letter),)
    one: Syntax = Member(base, span, index) if letter in p.names.families else Indexed(base, span, (index,))
    one = Transpose((one,), span) if turned else one
    unit = Unit(span, index)
    below = found["between"] in (";", r"\\")
    factors = (unit, one) if below else (one, Transpose((unit,), span))
    return Group((OverIndex((Product(factors, span),), span, "sum", (index,), last),), span)
