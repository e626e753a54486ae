"""Where reading stands in the tokens of a formula: what comes next, what is open, how deep; every reader is given it.

What is no matter of tokens stands beside it: sums and products in `grammar`, what stands at an operand in `scripts`, and so on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from mdderive.latex.declared import Names
from mdderive.latex.notation import BRACKETS, COMPARISONS, RELATIONS, TENSORS
from mdderive.latex.syntax import Syntax
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Finding, Label, Refusal
from mdderive.model.source import Span

MAX_NESTING = 60
MAX_NAME = 200
# What no factor begins with.
ENDS = RELATIONS | COMPARISONS | set(TENSORS) | set(BRACKETS.values())
ENDS |= {"+", "-", "}", "&", ",", ";", ".", "，", "。", "；", "?", r"\\", r"\quad", r"\qquad", r"\over", r"\pm", r"\mp"}
ENDS |= {r"\rangle", r"\rvert", r"\rVert"}

# What stood between brackets before, by its text, with how deep it is nested: a reader of many lines reads it once.
Groups = dict[str, tuple[Syntax, int]]


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads a factor with its scripts, and an atom without them."""

    factor: Callable[["Parser"], Syntax]
    atom: Callable[["Parser"], Syntax]


class Parser:
    """A place in a stream of tokens."""

    def __init__(
        self, stream: tuple[Token, ...], names: Names, text: str, readers: Readers, groups: Groups | None = None
    ) -> None:
        self.stream = stream
        self.names = names
        self.source = text
        self.readers = readers
        self.groups = groups
        self.closing = {} if groups is None else _closing(stream)
        self.at = 0
        self.depth = self.deepest = 0
        self.open: list[Token] = []
        self.closers: list[str] = []
        self.bound: list[str] = []

    def item(self) -> Syntax:
        """Read one factor with its scripts."""
        return self.readers.factor(self)

    def atom(self) -> Syntax:
        """Read one factor without scripts."""
        return self.readers.atom(self)

    def peek(self, ahead: int = 0) -> Token:
        """Return the next token without taking it."""
        try:
            return self.stream[self.at + ahead]
        except IndexError:
            return self.stream[-1]

    def take(self) -> Token:
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

    def refuse(self) -> NoReturn:
        """Refuse the next token, naming what is wrong with it."""
        token = self.peek()
        if token.kind == "stop":
            if self.open:
                opened = self.open[-1]
                raise Refusal(Finding("DRV202", opened.span, {"opened": opened.text}))
            raise Refusal(Finding("DRV204", token.span))
        if token.kind == "end" or token.text in (r"\\", "&") or (self.closers and token.text == self.closers[-1]):
            raise Refusal(Finding("DRV204", token.span))
        if token.text in ("}", ")", "]", r"\}", r"\rangle", r"\rvert", r"\rVert"):
            labels = tuple(Label(o.span, {"en": "opened here", "zh": "在此打开"}) for o in self.open[-1:])
            raise Refusal(Finding("DRV212", token.span, {"found": token.text}, labels))
        if token.kind == "begin":
            raise Refusal(Finding("DRV210", token.span, {"environment": token.text}))
        if token.kind == "command":
            raise Refusal(Finding("DRV201", token.span, {"command": token.text}))
        raise Refusal(Finding("DRV203", token.span, {"found": token.text}))

    def expect(self, text: str) -> None:
        """Take a token that must be `text`."""
        if self.peek().text != text:
            self.refuse()
        self.take()

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
        if self.peek().kind == "stop" or self.peek().text in ENDS - {"+"}:
            self.refuse()
        opened = self.take()
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
        self.at = here
        return word

    def skip_space(self) -> None:
        """Take thin spaces."""
        while self.peek().text == r"\,":
            self.take()

    def written(self, node: Syntax) -> str:
        """Return the text of a node."""
        return self.source[node.span.start : node.span.end]


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
