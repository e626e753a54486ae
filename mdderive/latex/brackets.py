r"""What stands in brackets: groups, lists, matrices and inner products.

Of a matrix of numbered letters, `[x_1, \dots, x_N]` has the members of a family as columns and `[x_1^T; \dots; x_N^T]` as rows.
They are read as the sums that they are, of `x_i \mathbf{e}_i^T` and of `\mathbf{e}_i x_i^T`; no other dots are guessed at.
"""

import re

from mdderive.latex.iverson import read_condition
from mdderive.latex.notation import BRACKETS, FENCED, TENSORS, TRANSPOSES
from mdderive.latex.parser import Parser
from mdderive.latex.sums import MOST_PARTS, SPACING
from mdderive.latex.symbols import read_subscript, subscript_ahead
from mdderive.latex.syntax import (
    Bars,
    Group,
    Indexed,
    Inner,
    Letter,
    Matrix,
    Member,
    Norm,
    OverIndex,
    Product,
    Syntax,
    Transpose,
    Unit,
)
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Finding, Refusal

# What stands before a list in brackets; behind anything else the brackets hold arguments.
_APART = frozenset({"+", "-", r"\cdot", r"\times", "(", "[", "{", ",", "&", r"\\", *TENSORS})
# Matrices between bars.
_FENCES = {"vmatrix": Bars, "Vmatrix": Norm}
_LETTER = r"\\[A-Za-z]+\{[A-Za-z]\}|\\[A-Za-z]+|[A-Za-z]"
_ABOVE = r"(?:\^(?:\{[^{}]*\}|\\[A-Za-z]+|\w))?"
_BETWEEN = r"(?:,|;|&|\\\\)?"
_LISTED = re.compile(
    rf"(?P<letter>{_LETTER})_(?:1|\{{1\}})(?P<above>{_ABOVE})(?P<between>{_BETWEEN})"
    rf"(?:(?P=letter)_(?:2|\{{2\}})(?P<second>{_ABOVE}){_BETWEEN})?"
    rf"(?:\\[lcv]?dots|\.\.\.|…){_BETWEEN}"
    rf"(?P=letter)_(?P<last>\w|\{{\w+\}})(?P<end>{_ABOVE})"
)
_INDICES = "ijklrst"


def read_brackets(p: Parser, opened: Token) -> Syntax:
    """Read what stands in brackets; in notes a list in square ones, and one that is transposed, is a row."""
    start = opened.span.start
    if opened.text == "[" and (condition := read_condition(p, "]", start)) is not None:
        return condition
    if opened.text == "[" and (listing := _listing(p, opened)) is not None:
        return listing
    if opened.text == "[" and _has_rows(p):
        return _rows(p, opened)
    if p.names.strict or opened.text not in ("(", "["):
        return Group((p.within(opened, BRACKETS.get(opened.text, "}")),), p.since(start))
    apart = p.at < 2 or p.stream[p.at - 2].text in _APART
    parts = p.listed(opened, BRACKETS[opened.text], MOST_PARTS)
    if len(parts) == 1:
        return Group(parts, p.since(start))
    row = opened.text == "[" or (p.token.text == "^" and p.braced(1) in TRANSPOSES)
    if not apart or not row:
        construct = "a list in brackets" if apart else "a function of several arguments"
        raise Refusal(Finding("DRV231", p.since(start), {"construct": construct}))
    return Matrix(parts, p.since(start), 1)


def _has_rows(p: Parser) -> bool:
    """Tell whether a semicolon parts rows before the bracket that was opened closes."""
    for token, depth in p.nested():
        if depth < 0 or token.kind == "stop":
            return False
        if depth == 0 and token.text == ";":
            return True
    return False


def _rows(p: Parser, opened: Token) -> Syntax:
    """Read `[A, B; C, D]`."""
    p.deeper(opened.span)
    rows: list[list[Syntax]] = [[p.sum()]]
    while (sign := p.token.text) in (",", ";", "&"):
        p.take()
        if sign == ";":
            rows.append([])
        rows[-1].append(p.sum())
    p.expect("]")
    span = p.since(opened.span.start)
    if len({len(row) for row in rows}) != 1:
        raise Refusal(Finding("DRV232", span))
    p.depth -= 1
    return Group((Matrix(tuple(entry for row in rows for entry in row), span, len(rows)),), span)


def read_matrix(p: Parser, opened: Token) -> Syntax:
    """Read a matrix with its entries."""
    if (listing := _listing(p, opened)) is not None:
        return listing
    p.deeper(opened.span)
    rows: list[list[Syntax]] = [[]]
    while True:
        rows[-1].append(p.sum())
        sign = p.token
        if sign.text == r"\\":
            p.take()
            if p.token.kind != "end":
                rows.append([])
                continue
        elif sign.text == "&":
            p.take()
            continue
        break
    closed = p.token
    if closed.kind != "end" or len({len(row) for row in rows}) != 1:
        if closed.kind == "stop":
            raise Refusal(Finding("DRV202", opened.span, {"opened": rf"\begin{{{opened.text}}}"}))
        if closed.kind != "end":
            p.refuse()
        raise Refusal(Finding("DRV232", opened.span.join(closed.span)))
    p.take()
    if closed.text != opened.text:
        raise Refusal(Finding("DRV211", closed.span, {"opened": opened.text, "found": closed.text}))
    p.depth -= 1
    span = p.since(opened.span.start)
    inner = Matrix(tuple(entry for row in rows for entry in row), span, len(rows))
    around = _FENCES.get(opened.text)
    return around((inner,), span) if around else inner


def read_inner_product(p: Parser, opened: Token) -> Syntax:
    r"""Read `\langle X, Y \rangle`."""
    left = p.within(opened, ",")
    right = p.within(opened, r"\rangle")
    if p.token.text == "_" and subscript_ahead(p) in ("F", "2", r"\mathrmF", r"\mathrm F"):
        read_subscript(p)
    return Inner((left, right), p.since(opened.span.start))


def _listing(p: Parser, opened: Token) -> Syntax | None:
    """Return the matrix that a list of numbered letters is, in a block; None where the brackets hold something else."""
    end = _end(p, opened) if p.names.strict and opened.text not in FENCED else -1
    inside = p.source[opened.span.end : p.peek(end).span.start] if end >= 0 else ""
    found = _LISTED.fullmatch(SPACING.sub("", inside))
    if found is None:
        return None
    marks = {found["above"], found["end"], *([found["second"]] if found["second"] is not None else [])}
    turned = found["above"].lstrip("^").strip("{}") in TRANSPOSES
    p.go(p.at + end + 1)
    whole = p.since(opened.span.start)
    if len(marks) > 1 or (found["above"] and not turned):
        raise Refusal(Finding("DRV252", whole, {"name": inside.strip()}))
    return _matrix_of(p, found, turned, whole.start)


def _end(p: Parser, opened: Token) -> int:
    """Return how far ahead what was opened is closed; -1 where it holds brackets or matrices of its own, or is not closed."""
    closer = "]" if opened.text == "[" else "end"
    ahead = 0
    while (token := p.peek(ahead)).kind not in ("stop", "begin") and token.text not in ("[", "("):
        if closer in (token.text, token.kind):
            return ahead
        ahead += 1
    return -1


def _matrix_of(p: Parser, found: re.Match[str], turned: bool, start: int) -> Syntax:
    """Return the sum of `x_i \\mathbf{e}_i^T` over the members, of `\\mathbf{e}_i x_i` where they stand below each other."""
    span = p.since(start)
    letter, last = found["letter"], found["last"].strip("{}")
    index = next((i for i in _INDICES if i not in p.bound and i not in p.names.symbols), "")
    if letter not in p.names.families.keys() | p.names.symbols or not index or last in p.bound:
        raise Refusal(Finding("DRV251", span, {"name": f"{letter}_i", "letter": letter}))
    base = (Letter(span, letter),)
    one: Syntax = Member(base, span, (index,)) if p.names.families.get(letter) == 1 else Indexed(base, span, (index,))
    one = Transpose((one,), span) if turned else one
    unit = Unit(span, index)
    below = found["between"] in (";", r"\\")
    factors = (unit, one) if below else (one, Transpose((unit,), span))
    return Group((OverIndex((Product(factors, span),), span, "sum", (index,), last),), span)
