"""Sums, tensor products, juxtaposition and scripts: the part of the grammar that is the same for every notation."""

from collections.abc import Mapping

from mdderive.latex import syntax
from mdderive.latex.notation import BARS, DOUBLE_BARS, MATRICES, RELATIONS, TENSORS
from mdderive.latex.parser import ENDS, Parser
from mdderive.latex.syntax import Syntax
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Finding, Refusal

_DOTS = frozenset({r"\cdot", r"\bullet"})
_MARKS = _DOTS | {r"\,", r"\times", "*", "~"}

_JOINED: Mapping[str, type[syntax.Branch]] = {
    "had": syntax.Hadamard,
    "hdiv": syntax.HadamardQuotient,
    "kron": syntax.Kronecker,
    "inner": syntax.Inner,
}


def within(p: Parser, opened: Token, closer: str) -> Syntax:
    """Return the expression up to `closer`, which is taken; `opened` is what it closes."""
    end = p.closing.get(p.at - 1) if p.stream[p.at - 1] is opened else None
    if p.groups is None or p.bound or end is None or p.stream[end].text != closer:
        return listed(p, opened, closer, 1)[0]
    text = p.source[opened.span.start : p.stream[end].span.end]
    if text in p.groups:
        inner, height = p.groups[text]
        p.reach(p.depth + height, opened.span)
        p.at = end + 1
        return inner
    outside, p.deepest = p.deepest, p.depth
    inner = listed(p, opened, closer, 1)[0]
    p.groups[text] = inner, p.deepest - p.depth
    p.deepest = max(p.deepest, outside)
    return inner


def listed(p: Parser, opened: Token, closer: str, most: int) -> tuple[Syntax, ...]:
    """Return up to `most` expressions with commas between them, up to `closer`, which is taken."""
    p.deeper(opened.span)
    p.open.append(opened)
    p.closers.append(closer)
    parts = [read_quotient(p) if closer == "}" else read_sum(p)]
    while len(parts) < most and p.peek().text == ",":
        p.take()
        parts.append(read_sum(p))
    if p.peek().text != closer:
        if p.peek().text in RELATIONS or p.peek().text in (r"\\", "&"):
            raise Refusal(Finding("DRV202", opened.span, {"opened": opened.text}))
        p.refuse()
    p.take()
    p.open.pop()
    p.closers.pop()
    p.depth -= 1
    return tuple(parts)


def read_quotient(p: Parser) -> Syntax:
    """Read a sum, or two with `\\over` between them."""
    start = p.peek().span.start
    top = read_sum(p)
    if p.peek().text != r"\over":
        return top
    p.take()
    return syntax.Over((top, read_sum(p)), p.since(start))


def read_sum(p: Parser) -> Syntax:
    """Read terms joined by + and -."""
    start = p.peek().span.start
    terms = [_signed(p)]
    while p.peek().text in ("+", "-"):
        terms.append(_signed(p))
    return terms[0] if len(terms) == 1 else syntax.Sum(tuple(terms), p.since(start))


def _signed(p: Parser) -> Syntax:
    start = p.peek().span.start
    sign = p.take().text if p.peek().text in ("+", "-") else "+"
    term = read_tensor(p)
    return term if sign == "+" else syntax.Neg((term,), p.since(start))


def read_tensor(p: Parser) -> Syntax:
    """Read products joined by Hadamard or Kronecker signs or colons; two kinds do not mix without parentheses."""
    start = p.peek().span.start
    left = read_product(p)
    kinds: set[type[syntax.Branch]] = set()
    while (sign := p.peek()).text in TENSORS or _at_inner_colon(p):
        kind = _JOINED[TENSORS.get(p.take().text, "inner")]
        kinds.add(syntax.Hadamard if kind is syntax.HadamardQuotient else kind)
        if len(kinds) > 1:
            raise Refusal(Finding("DRV206", sign.span, {"sign": sign.text}))
        right = read_product(p)
        args = (*left.args, right) if kind is syntax.Hadamard and isinstance(left, syntax.Hadamard) else (left, right)
        left = kind(args, p.since(start))
    return left


def _at_inner_colon(p: Parser) -> bool:
    """Tell whether a colon is the inner product: declarations are taken out before formulas are read."""
    return p.peek().text == ":" and p.peek(1).text != "="


def read_product(p: Parser) -> Syntax:
    """Read factors side by side, with the positions of thin spaces and dots between them."""
    start = p.peek().span.start
    factors: list[Syntax] = []
    gaps: list[syntax.Gap] = []
    while True:
        token = p.peek()
        if token.text == "{" and p.peek(1).text == "}":
            p.at += 2
        elif token.text in _MARKS:
            if not factors and token.text != r"\,":
                p.refuse()
            p.take()
            if token.text == "*" == p.peek().text:  # a power, where programs are written
                p.refuse()
            gaps.append(syntax.Gap(len(factors), "dot" if token.text in _DOTS else "star" if token.text == "*" else "space"))
            if token.text in (r"\,", "~"):
                continue
            if p.peek().text == "-" and not p.names.strict:  # in notes: 2 \cdot -3
                factors.append(_negative(p))
            elif ends_product(p, bool(factors)):
                p.refuse()
        elif token.text == "/" and factors:
            p.take()
            below = p.item()
            top = factors[0] if len(factors) == 1 else syntax.Product(tuple(factors), p.since(start), tuple(gaps))
            factors, gaps = [syntax.Over((top, below), p.since(start), slash=True)], []
        elif ends_product(p, bool(factors)):
            break
        elif _glued_numbers(p, factors, gaps):
            p.refuse()
        else:
            factors.append(p.item())
    if not factors:
        p.refuse()
    return factors[0] if len(factors) == 1 else syntax.Product(tuple(factors), p.since(start), tuple(gaps))


def _glued_numbers(p: Parser, factors: list[Syntax], gaps: list[syntax.Gap]) -> bool:
    """Tell whether a number comes right behind another."""
    numbers = p.peek().kind == "number" and bool(factors) and isinstance(factors[-1], syntax.Number)
    return numbers and (not gaps or gaps[-1].place < len(factors))


def _negative(p: Parser) -> Syntax:
    """Read one factor with its sign."""
    start = p.take().span.start
    negative = syntax.Neg((p.item(),), p.since(start))
    return syntax.Group((negative,), negative.span)


def ends_product(p: Parser, operand_before: bool) -> bool:
    """Tell whether the next token ends a product; a bar closes where an operand stands before it and one is open."""
    token = p.peek()
    if token.kind in ("stop", "end", "begin"):
        return token.text not in MATRICES or token.kind == "end"
    if token.text in BARS or token.text in DOUBLE_BARS:
        return operand_before and bool(p.closers) and p.closers[-1] == token.text
    return token.text in ENDS


def read_brace(p: Parser) -> Syntax:
    """Read `{…}` as an expression."""
    opened = p.peek()
    p.expect("{")
    return within(p, opened, "}")
