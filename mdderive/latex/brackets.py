"""What stands in brackets: groups, lists, matrices, inner products, and the arguments of a probability."""

from mdderive.latex.grammar import listed, read_sum, within
from mdderive.latex.notation import BRACKETS, TENSORS, TRANSPOSES
from mdderive.latex.parser import Parser
from mdderive.latex.scripts import read_subscript, subscript_ahead
from mdderive.latex.sums import MOST_PARTS
from mdderive.latex.syntax import Bars, Density, Group, Inner, Matrix, Norm, Syntax
from mdderive.model.diagnostics import Finding, Refusal

# What stands before a list in brackets; behind anything else the brackets hold arguments.
_APART = frozenset({"+", "-", r"\cdot", r"\times", "(", "[", "{", ",", "&", r"\\", *TENSORS})
# Matrices between bars.
_FENCES = {"vmatrix": Bars, "Vmatrix": Norm}
CONDITIONS = frozenset({"|", r"\vert", r"\mid"})


def read_brackets(p: Parser) -> Syntax:
    """Read what stands in brackets; in notes a list in square ones, and one that is transposed, is a row."""
    opened = p.take()
    start = opened.span.start
    if p.names.strict or opened.text not in ("(", "["):
        return Group((within(p, opened, BRACKETS.get(opened.text, "}")),), p.since(start))
    apart = p.at < 2 or p.stream[p.at - 2].text in _APART
    parts = listed(p, opened, BRACKETS[opened.text], MOST_PARTS)
    if len(parts) == 1:
        return Group(parts, p.since(start))
    row = opened.text == "[" or (p.peek().text == "^" and p.braced(1) in TRANSPOSES)
    if not apart or not row:
        construct = "a list in brackets" if apart else "a function of several arguments"
        raise Refusal(Finding("DRV231", p.since(start), {"construct": construct}))
    return Matrix(parts, p.since(start), 1)


def read_density(p: Parser, name: str, start: int) -> Syntax | None:
    r"""Read `p(x \mid y)`, in notes, as one letter: nothing but its name says what it is."""
    if p.peek().text != "(" or p.names.strict:
        return None
    depth, bars, ahead = 0, 0, 0
    while True:
        token = p.peek(ahead)
        if token.kind == "stop":
            return None
        depth += (token.text in BRACKETS or token.text == "{") - (token.text in BRACKETS.values() or token.text == "}")
        bars += depth == 1 and token.text in CONDITIONS
        ahead += 1
        if depth == 0:
            break
    if bars != 1 and (bars or name not in p.names.densities):
        return None
    if any(t.text in p.bound for t in p.stream[p.at : p.at + ahead]):
        raise Refusal(Finding("DRV224", p.since(start), {"name": name}))
    said = "".join("|" if t.text in CONDITIONS else t.text for t in p.stream[p.at : p.at + ahead])
    p.at += ahead
    return Density(p.since(start), name + said, name)


def read_matrix(p: Parser) -> Syntax:
    """Read a matrix with its entries."""
    opened = p.take()
    p.deeper(opened.span)
    rows: list[list[Syntax]] = [[]]
    while True:
        rows[-1].append(read_sum(p))
        sign = p.peek()
        if sign.text == r"\\":
            p.take()
            if p.peek().kind != "end":
                rows.append([])
                continue
        elif sign.text == "&":
            p.take()
            continue
        break
    closed = p.peek()
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


def read_inner_product(p: Parser) -> Syntax:
    r"""Read `\langle X, Y \rangle`."""
    opened = p.take()
    left = within(p, opened, ",")
    right = within(p, opened, r"\rangle")
    if p.peek().text == "_" and subscript_ahead(p) in ("F", "2", r"\mathrmF", r"\mathrm F"):
        read_subscript(p)
    return Inner((left, right), p.since(opened.span.start))
