"""Sums, tensor products, juxtaposition and scripts: the part of the grammar that is the same for every notation."""

from collections.abc import Mapping
from typing import NoReturn

from mdderive.latex import syntax
from mdderive.latex.declared import Names
from mdderive.latex.notation import (
    BARS,
    BRACKETS,
    COMPARISONS,
    DOUBLE_BARS,
    MATRICES,
    RELATIONS,
    TENSORS,
)
from mdderive.latex.syntax import Syntax
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Diagnostic, Label, Refusal
from mdderive.model.source import Span

MAX_NESTING = 60
MAX_NAME = 200
_ENDS = RELATIONS | COMPARISONS | set(TENSORS) | set(BRACKETS.values())
_ENDS |= {
    "+",
    "-",
    "}",
    "&",
    ",",
    ";",
    ".",
    "，",
    "。",
    "；",
    "?",
    r"\\",
    r"\quad",
    r"\qquad",
    r"\over",
    r"\pm",
    r"\mp",
    r"\rangle",
    r"\rvert",
    r"\rVert",
}
_DOTS = frozenset({r"\cdot", r"\bullet"})
_MARKS = _DOTS | {r"\,", r"\times", "*", "~"}

_JOINED: Mapping[str, type[syntax.Branch]] = {
    "had": syntax.Hadamard,
    "hdiv": syntax.HadamardQuotient,
    "kron": syntax.Kronecker,
    "inner": syntax.Inner,
}

# What stood between brackets before, by its text, with how deep it is nested: a reader of many lines reads it once.
Groups = dict[str, tuple[Syntax, int]]


class Grammar:
    """A reader over tokens; subclasses know the atoms."""

    def __init__(self, stream: tuple[Token, ...], names: Names, text: str, groups: Groups | None = None) -> None:
        self.stream = stream
        self.names = names
        self.source = text
        self.groups = groups
        self.closing = {} if groups is None else _closing(stream)
        self.at = 0
        self.depth = self.deepest = 0
        self.open: list[Token] = []
        self.closers: list[str] = []
        self.bound: list[str] = []

    # ------------------------------------------------------------ tokens

    def peek(self, ahead: int = 0) -> Token:
        """Return the next token without taking it."""
        try:
            return self.stream[self.at + ahead]
        except IndexError:
            return self.stream[-1]

    def next(self) -> Token:
        """Take the next token."""
        token = self.peek()
        self.at += token.kind != "stop"
        return token

    def last(self) -> Span:
        """Return the span of the token taken last."""
        return self.stream[max(self.at - 1, 0)].span

    def since(self, start: int) -> Span:
        """Return the span from offset `start` to the token taken last."""
        end = self.stream[self.at - 1].span.end if self.at else 0
        return Span(start, end if end > start else start)

    def unexpected(self) -> NoReturn:
        """Refuse the next token, naming what is wrong with it."""
        token = self.peek()
        if token.kind == "stop":
            if self.open:
                opened = self.open[-1]
                raise Refusal(Diagnostic("DRV202", opened.span, {"opened": opened.text}))
            raise Refusal(Diagnostic("DRV204", token.span))
        if token.kind == "end" or token.text in (r"\\", "&") or (self.closers and token.text == self.closers[-1]):
            raise Refusal(Diagnostic("DRV204", token.span))
        if token.text in ("}", ")", "]", r"\}", r"\rangle", r"\rvert", r"\rVert"):
            labels = tuple(Label(o.span, {"en": "opened here", "zh": "在此打开"}) for o in self.open[-1:])
            raise Refusal(Diagnostic("DRV212", token.span, {"found": token.text}, labels))
        if token.kind == "command":
            raise Refusal(Diagnostic("DRV201", token.span, {"command": token.text}))
        raise Refusal(Diagnostic("DRV203", token.span, {"found": token.text}))

    def expect(self, text: str) -> None:
        """Take a token that must be `text`."""
        if self.peek().text != text:
            self.unexpected()
        self.next()

    def deeper(self, span: Span) -> None:
        """Count a level of nesting; whoever comes back up takes it off again."""
        self.depth += 1
        self._reach(self.depth, span)

    def _reach(self, depth: int, span: Span) -> None:
        self.deepest = max(self.deepest, depth)
        if depth > MAX_NESTING:
            raise Refusal(Diagnostic("DRV215", span, {"bound": f"{MAX_NESTING} levels of nesting"}))

    def within(self, opened: Token, closer: str) -> Syntax:
        """Return the expression up to `closer`, which is taken; `opened` is what it closes."""
        end = self.closing.get(self.at - 1) if self.stream[self.at - 1] is opened else None
        if self.groups is None or self.bound or end is None or self.stream[end].text != closer:
            return self.listed(opened, closer, 1)[0]
        text = self.source[opened.span.start : self.stream[end].span.end]
        if text in self.groups:
            inner, height = self.groups[text]
            self._reach(self.depth + height, opened.span)
            self.at = end + 1
            return inner
        outside, self.deepest = self.deepest, self.depth
        inner = self.listed(opened, closer, 1)[0]
        self.groups[text] = inner, self.deepest - self.depth
        self.deepest = max(self.deepest, outside)
        return inner

    def listed(self, opened: Token, closer: str, most: int) -> tuple[Syntax, ...]:
        """Return up to `most` expressions with commas between them, up to `closer`, which is taken."""
        self.deeper(opened.span)
        self.open.append(opened)
        self.closers.append(closer)
        parts = [self.quotient() if closer == "}" else self.sum()]
        while len(parts) < most and self.peek().text == ",":
            self.next()
            parts.append(self.sum())
        if self.peek().text != closer:
            if self.peek().text in RELATIONS or self.peek().text in (r"\\", "&"):
                raise Refusal(Diagnostic("DRV202", opened.span, {"opened": opened.text}))
            self.unexpected()
        self.next()
        self.open.pop()
        self.closers.pop()
        self.depth -= 1
        return tuple(parts)

    # ------------------------------------------------------------ expressions

    def quotient(self) -> Syntax:
        """Read a sum, or two with `\\over` between them."""
        start = self.peek().span.start
        top = self.sum()
        if self.peek().text != r"\over":
            return top
        self.next()
        return syntax.Over((top, self.sum()), self.since(start))

    def sum(self) -> Syntax:
        """Read terms joined by + and -."""
        start = self.peek().span.start
        terms = [self._signed()]
        while self.peek().text in ("+", "-"):
            terms.append(self._signed())
        return terms[0] if len(terms) == 1 else syntax.Sum(tuple(terms), self.since(start))

    def _signed(self) -> Syntax:
        start = self.peek().span.start
        sign = self.next().text if self.peek().text in ("+", "-") else "+"
        term = self.tensor()
        return term if sign == "+" else syntax.Neg((term,), self.since(start))

    def tensor(self) -> Syntax:
        """Read products joined by Hadamard or Kronecker signs or colons; two kinds do not mix without parentheses."""
        start = self.peek().span.start
        left = self.product()
        kinds: set[type[syntax.Branch]] = set()
        while (sign := self.peek()).text in TENSORS or self._at_inner_colon():
            kind = _JOINED[TENSORS.get(self.next().text, "inner")]
            kinds.add(syntax.Hadamard if kind is syntax.HadamardQuotient else kind)
            if len(kinds) > 1:
                raise Refusal(Diagnostic("DRV206", sign.span, {"sign": sign.text}))
            right = self.product()
            args = (*left.args, right) if kind is syntax.Hadamard and isinstance(left, syntax.Hadamard) else (left, right)
            left = kind(args, self.since(start))
        return left

    def _at_inner_colon(self) -> bool:
        """Tell whether a colon is the inner product: declarations are taken out before formulas are read."""
        return self.peek().text == ":" and self.peek(1).text != "="

    def product(self) -> Syntax:
        """Read factors side by side, with the positions of thin spaces and dots between them."""
        start = self.peek().span.start
        factors: list[Syntax] = []
        gaps: list[syntax.Gap] = []
        while True:
            token = self.peek()
            if token.text == "{" and self.peek(1).text == "}":
                self.at += 2
            elif token.text in _MARKS:
                if not factors and token.text != r"\,":
                    self.unexpected()
                self.next()
                if token.text == "*" == self.peek().text:  # a power, where programs are written
                    self.unexpected()
                gaps.append(syntax.Gap(len(factors), "dot" if token.text in _DOTS else "star" if token.text == "*" else "space"))
                if token.text in (r"\,", "~"):
                    continue
                if self.peek().text == "-" and not self.names.strict:  # in notes: 2 \cdot -3
                    factors.append(self._negative())
                elif self._ends(bool(factors)):
                    self.unexpected()
            elif token.text == "/" and factors:
                self.next()
                below = self.item()
                top = factors[0] if len(factors) == 1 else syntax.Product(tuple(factors), self.since(start), tuple(gaps))
                factors, gaps = [syntax.Over((top, below), self.since(start), slash=True)], []
            elif self._ends(bool(factors)):
                break
            elif (
                token.kind == "number"
                and factors
                and isinstance(factors[-1], syntax.Number)
                and (not gaps or gaps[-1].place < len(factors))
            ):
                self.unexpected()
            else:
                factors.append(self.item())
        if not factors:
            self.unexpected()
        return factors[0] if len(factors) == 1 else syntax.Product(tuple(factors), self.since(start), tuple(gaps))

    def _glued_numbers(self, factors: list[Syntax], gaps: list[syntax.Gap]) -> bool:
        """Tell whether a number comes right behind another."""
        numbers = self.peek().kind == "number" and bool(factors) and isinstance(factors[-1], syntax.Number)
        return numbers and (not gaps or gaps[-1].place < len(factors))

    def _negative(self) -> Syntax:
        """Read one factor with its sign."""
        start = self.next().span.start
        negative = syntax.Neg((self.item(),), self.since(start))
        return syntax.Group((negative,), negative.span)

    def _ends(self, operand_before: bool) -> bool:
        """Tell whether the next token ends a product; a bar closes where an operand stands before it and one is open."""
        token = self.peek()
        if token.kind in ("stop", "end", "begin"):
            return token.text not in MATRICES or token.kind == "end"
        if token.text in BARS or token.text in DOUBLE_BARS:
            return operand_before and bool(self.closers) and self.closers[-1] == token.text
        return token.text in _ENDS

    def item(self) -> Syntax:
        """Read one factor."""
        raise NotImplementedError

    def brace(self) -> Syntax:
        """Read `{…}` as an expression."""
        opened = self.peek()
        self.expect("{")
        return self.within(opened, "}")

    def raw(self) -> str:
        """Read `{…}` (or one token) as text, spaces removed."""
        if self.peek().kind == "stop" or self.peek().text in _ENDS - {"+"}:
            self.unexpected()
        opened = self.next()
        if opened.text != "{":
            return opened.text
        depth = 1
        parts: list[str] = []
        while True:
            token = self.next()
            if token.kind == "stop":
                raise Refusal(Diagnostic("DRV202", opened.span, {"opened": "{"}))
            depth += (token.text == "{") - (token.text == "}")
            if depth == 0:
                return "".join(parts)
            if len(parts) > MAX_NAME:
                raise Refusal(Diagnostic("DRV215", opened.span, {"bound": f"{MAX_NAME} signs in a name"}))
            glue = " " if parts and parts[-1].startswith("\\") and token.kind == "letter" else ""
            parts.append(glue + token.text)


def _closing(stream: tuple[Token, ...]) -> dict[int, int]:
    """Return, for the place of every opening bracket or brace, the place of the one that closes it."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for i, token in enumerate(stream):
        if token.text in ("(", "{", "["):
            waiting.append(i)
        elif token.text in (")", "}", "]") and waiting:
            found[waiting.pop()] = i
    return found
