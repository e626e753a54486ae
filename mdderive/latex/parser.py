r"""Where reading stands in the tokens of a formula, and what is the same for every notation: sums, products, what is in brackets.

The token at hand is an attribute. What a factor is and what stands at it is read by `Readers`, which are given to the parser.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from mdderive.latex import syntax
from mdderive.latex.letters import Names
from mdderive.latex.notation import (
    BARS,
    BOLD,
    BRACKETS,
    CASES,
    DOUBLE_BARS,
    EQUALS,
    IMPLIES,
    MATRICES,
    QUOTIENTS,
    RELATIONS,
    TENSORS,
)
from mdderive.latex.syntax import Syntax
from mdderive.latex.tokens import Stream, Token
from mdderive.model.diagnostics import Finding, Label, Refusal
from mdderive.model.source import Span

MAX_NESTING = 60
MAX_NAME = 200
_PUNCTUATION = frozenset({",", ";", ".", "，", "。", "；"})
_CLOSING = frozenset({"}", ")", "]", r"\}", r"\rangle", r"\rvert", r"\rVert"})
_JOINTS = EQUALS | IMPLIES | {r"\coloneqq", r"\\", "&"}  # what stands in no brackets
# What no factor begins with, and what no name does.
_ENDS = RELATIONS | _JOINTS | TENSORS.keys() | {*BRACKETS.values()} | _PUNCTUATION | _CLOSING
_ENDS |= {"+", "-", "?", r"\quad", r"\qquad", r"\over", r"\pm", r"\mp"}
_NEVER = _ENDS - {"+", r"\perp", r"\parallel"}
_SIGNS: Mapping[str, syntax.Sign] = {r"\cdot": "dot", r"\bullet": "dot", "*": "star", r"\times": "cross"}
_MARKS = _SIGNS.keys() | {r"\,", "~"}
_ANY_BARS = BARS.keys() | DOUBLE_BARS.keys()
_JOINED: Mapping[str, type[syntax.Branch]] = {
    "had": syntax.Hadamard,
    "hdiv": syntax.HadamardQuotient,
    "kron": syntax.Kronecker,
    "kronsum": syntax.KroneckerSum,
    "inner": syntax.Inner,
}

# What stood between brackets before, by its text, with how deep it is nested: a reader of many lines reads it once.
Groups = dict[str, tuple[Syntax, int]]


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads a factor with its scripts, an atom without them, and what belongs to the name of a function."""

    factor: Callable[["Parser"], Syntax]
    atom: Callable[["Parser"], Syntax]
    call: Callable[["Parser", tuple[str, str], int], Syntax]


class Parser:
    """A place in a stream of tokens; `token` is the one there."""

    def __init__(self, stream: Stream, names: Names, text: str, readers: Readers, groups: Groups | None = None) -> None:
        self.stream, self.closing = stream
        self.names = names
        self.source = text
        self.readers = readers
        self.groups = groups
        self.at = self.end = 0  # which token is at hand, and where the one before it ends
        self.token = self.stream[0]
        self.depth = self.deepest = 0
        self.open: list[tuple[Token, str]] = []  # what is open, and what closes it
        self.bound: list[str] = []
        self.stands = True  # whether `|_{t = 0}` belongs to the factor before it, and not to a derivative around

    def peek(self, ahead: int) -> Token:
        """Return the token so far behind the one at hand."""
        return self.stream[min(self.at + ahead, len(self.stream) - 1)]

    def nested(self) -> Iterator[tuple[Token, int]]:
        """Yield the tokens from the one at hand, each with how deep in brackets the next stands; less than 0 is outside."""
        depth = 0
        for at in range(self.at, len(self.stream)):
            token = self.stream[at]
            depth += (token.text in BRACKETS or token.text == "{") - (token.text in BRACKETS.values() or token.text == "}")
            yield token, depth

    def go(self, at: int) -> None:
        """Go to a place."""
        self.at = at
        self.end = self.stream[min(at, len(self.stream)) - 1].span.end if at else 0
        self.token = self.stream[min(at, len(self.stream) - 1)]

    def take(self) -> Token:
        """Take the token at hand."""
        token = self.token
        if token.kind != "stop":
            self.at += 1
            self.end = token.span.end
            self.token = self.stream[self.at]
        return token

    def spaces(self) -> None:
        """Take the narrow spaces at hand."""
        while self.token.text == r"\,":
            self.take()

    def last(self) -> Span:
        """Return the span of the token taken last."""
        return self.stream[max(self.at - 1, 0)].span

    def since(self, start: int) -> Span:
        """Return the span from offset `start` to the token taken last."""
        return Span(start, max(start, self.end))

    def refuse(self) -> NoReturn:
        """Refuse the token at hand, naming what is wrong with it."""
        token = self.token
        opened, closer = self.open[-1] if self.open else (None, "")
        if token.kind == "stop" and opened is not None:
            raise Refusal(Finding("DRV202", opened.span, {"opened": opened.text}))
        if token.kind in ("stop", "end") or token.text in (r"\\", "&") or (closer and token.text == closer):
            raise Refusal(Finding("DRV204", token.span))
        if token.text in _CLOSING:
            labels = () if opened is None else (Label(opened.span, {"en": "opened here", "zh": "在此打开"}),)
            raise Refusal(Finding("DRV212", token.span, {"found": token.text}, labels))
        code, fact = {"begin": ("DRV210", "environment"), "command": ("DRV201", "command")}.get(token.kind, ("DRV203", "found"))
        raise Refusal(Finding(code, token.span, {fact: token.text}))

    def expect(self, text: str) -> Token:
        """Take a token that must be `text`."""
        return self.take() if self.token.text == text else self.refuse()

    def deeper(self, span: Span) -> None:
        """Count a level of nesting; whoever comes back up takes it off again."""
        self.depth += 1
        self.reach(self.depth, span)

    def reach(self, depth: int, span: Span) -> None:
        """Remember the deepest level; refuse one that is too deep."""
        self.deepest = max(self.deepest, depth)
        if depth > MAX_NESTING:
            raise Refusal(Finding("DRV215", span, {"bound": f"{MAX_NESTING} levels of nesting"}))

    def raw(self) -> str:
        """Read `{…}` (or one token) as text, spaces removed."""
        opened = self.token
        if opened.kind == "stop" or opened.text in _NEVER:
            self.refuse()
        self.take()
        if opened.text != "{":
            return opened.text
        depth = 1
        parts: list[str] = []
        while True:
            token = self.take()
            if token.kind == "stop":
                raise Refusal(Finding("DRV202", opened.span, {"opened": "{"}))
            depth += (token.text == "{") - (token.text == "}")
            if depth == 0:
                return "".join(parts)
            if len(parts) > MAX_NAME:
                raise Refusal(Finding("DRV215", opened.span, {"bound": f"{MAX_NAME} signs in a name"}))
            glue = " " if parts and parts[-1].startswith("\\") and token.kind == "letter" else ""
            parts.append(glue + token.text)

    def braced(self, ahead: int) -> str:
        """Return the text of a token `ahead` of here, or of the first one in the braces there."""
        return self.peek(ahead + 1).text if self.peek(ahead).text == "{" else self.peek(ahead).text

    def word_ahead(self) -> str:
        """Return the group, or the token, that comes next as text, without taking it."""
        here = self.at
        word = self.raw().strip()
        self.go(here)
        return word

    def written(self, node: Syntax) -> str:
        """Return the text of a node."""
        return self.source[node.span.start : node.span.end]

    def within(self, opened: Token, closer: str) -> Syntax:
        """Return the expression up to `closer`, which is taken; `opened` is what it closes."""
        end = self.closing.get(self.at - 1) if self.stream[self.at - 1] is opened else None
        if self.groups is None or self.bound or end is None or self.stream[end].text != closer:
            return self.listed(opened, closer, 1)[0]
        text = self.source[opened.span.start : self.stream[end].span.end]
        if text in self.groups:
            inner, height = self.groups[text]
            self.reach(self.depth + height, opened.span)
            self.go(end + 1)
            return inner
        outside, self.deepest = self.deepest, self.depth
        inner = self.listed(opened, closer, 1)[0]
        self.groups[text] = inner, self.deepest - self.depth
        self.deepest = max(self.deepest, outside)
        return inner

    def listed(self, opened: Token, closer: str, most: int) -> tuple[Syntax, ...]:
        """Return up to `most` expressions with commas between them, up to `closer`, which is taken."""
        self.deeper(opened.span)
        self.open.append((opened, closer))
        stands, self.stands = self.stands, True
        parts = [self.quotient() if closer == "}" else self.sum()]
        while len(parts) < most and self.token.text == ",":
            self.take()
            parts.append(self.sum())
        if self.token.text != closer:
            if self.token.text in _JOINTS:
                raise Refusal(Finding("DRV202", opened.span, {"opened": opened.text}))
            self.refuse()
        self.take()
        self.stands = stands
        self.open.pop()
        self.depth -= 1
        return tuple(parts)

    def brace(self) -> Syntax:
        """Read `{…}` as an expression."""
        return self.within(self.expect("{"), "}")

    def factor(self) -> Syntax:
        """Read one factor with its scripts."""
        return self.readers.factor(self)

    def atom(self) -> Syntax:
        """Read one factor without scripts."""
        return self.readers.atom(self)

    def quotient(self) -> Syntax:
        """Read a sum, or two with `\\over` between them."""
        start = self.token.span.start
        top = self.sum()
        if self.token.text != r"\over":
            return top
        self.take()
        return syntax.Over((top, self.sum()), self.since(start))

    def sum(self) -> Syntax:
        """Read terms joined by + and -."""
        start = self.token.span.start
        terms = [self._signed()]
        while self.token.text in ("+", "-"):
            terms.append(self._signed())
        return terms[0] if len(terms) == 1 else syntax.Sum(tuple(terms), self.since(start))

    def _signed(self) -> Syntax:
        start = self.token.span.start
        sign = self.take().text if self.token.text in ("+", "-") else "+"
        term = self.tensor()
        return term if sign == "+" else syntax.Neg((term,), self.since(start))

    def tensor(self) -> Syntax:
        """Read products joined by Hadamard or Kronecker signs or colons; two kinds do not mix without parentheses.

        A colon is the inner product: declarations are taken out before formulas are read.
        """
        start = self.token.span.start
        left = self.product()
        kinds: set[type[syntax.Branch]] = set()
        while (sign := self.token).text in TENSORS or (sign.text == ":" and self.peek(1).text != "="):
            kind = _JOINED[TENSORS.get(self.take().text, "inner")]
            kinds.add(syntax.Hadamard if kind is syntax.HadamardQuotient else kind)
            if len(kinds) > 1:
                raise Refusal(Finding("DRV206", sign.span, {"sign": sign.text}))
            right = self.product()
            args = (*left.args, right) if kind is syntax.Hadamard and isinstance(left, syntax.Hadamard) else (left, right)
            left = kind(args, self.since(start))
        return left

    def product(self) -> Syntax:
        """Read factors side by side, with the positions of thin spaces and dots between them."""
        start = self.token.span.start
        factors: list[Syntax] = []
        gaps: list[syntax.Gap] = []
        while True:
            token = self.token
            if token.text == "{" and self.peek(1).text == "}":
                self.go(self.at + 2)
            elif token.text in _MARKS:
                self._mark(factors, gaps)
            elif token.text == "/" and factors:
                self.take()
                below = self.factor()
                top = factors[0] if len(factors) == 1 else syntax.Product(tuple(factors), self.since(start), tuple(gaps))
                factors, gaps = [syntax.Over((top, below), self.since(start), slash=True)], []
            elif factors and self._at_a_value():
                if not self.stands:
                    break
                factors[-1] = self._standing(factors[-1])
            elif self.ends_product(bool(factors)):
                break
            else:
                touching = factors[gaps[-1].place if gaps else 0 :]
                if token.kind == "number" and touching and isinstance(touching[-1], syntax.Number):
                    self.refuse()
                factors.append(self.factor())
        if not factors:
            self.refuse()
        return factors[0] if len(factors) == 1 else syntax.Product(tuple(factors), self.since(start), tuple(gaps))

    def _at_a_value(self) -> bool:
        """Tell whether `|_{t = …}` comes next, what stands before which is to be taken at a value of a letter."""
        if self.token.text not in BARS or [self.peek(1).text, self.peek(2).text] != ["_", "{"]:
            return False
        closes = bool(self.open) and self.open[-1][1] == self.token.text
        ahead = 3
        while self.peek(ahead).kind in ("letter", "command", "number") or self.peek(ahead).text in ("{", "}", "_"):
            ahead += 1
        return not closes and self.peek(ahead).text == "="

    def _standing(self, body: Syntax) -> Syntax:
        self.take()
        self.expect("_")
        opened = self.expect("{")
        letter = self.atom()
        self.expect("=")
        return syntax.Standing((body, letter, self.within(opened, "}")), self.since(body.span.start))

    def _mark(self, factors: list[Syntax], gaps: list[syntax.Gap]) -> None:
        """Take what separates two factors; behind a sign of multiplication one must follow, in notes perhaps `2 \\cdot -3`."""
        mark = self.token.text
        if not factors and mark != r"\,":
            self.refuse()
        self.take()
        if mark == "*" == self.token.text:  # a power, where programs are written
            self.refuse()
        gaps.append(syntax.Gap(len(factors), _SIGNS.get(mark, "space")))
        if mark in (r"\,", "~"):
            return
        if self.token.text == "-" and not self.names.strict:
            start = self.take().span.start
            negative = syntax.Neg((self.factor(),), self.since(start))
            factors.append(syntax.Group((negative,), negative.span))
        elif self.ends_product(bool(factors)):
            self.refuse()

    def opens_product(self) -> bool:
        """Tell whether a number, ones, a norm or a fraction is next: nobody differentiates it alone but the product it begins."""
        token = self.token
        ones = token.text in BOLD and self.braced(1) == "1"
        return token.kind == "number" or ones or token.text in DOUBLE_BARS or token.text in QUOTIENTS

    def ends_product(self, operand_before: bool, ahead: int = 0) -> bool:
        """Tell whether a token ends a product; a bar closes where an operand stands before it and one is open."""
        token = self.peek(ahead) if ahead else self.token
        if token.kind in ("stop", "end", "begin"):
            return token.text not in (MATRICES | CASES if self.names.strict else MATRICES) or token.kind == "end"
        if token.text in _ANY_BARS:
            return operand_before and bool(self.open) and self.open[-1][1] == token.text
        return token.text in _ENDS
