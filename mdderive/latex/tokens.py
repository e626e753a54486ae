"""LaTeX source to tokens with exact places.

Every character of the text belongs to a token, to white space or to a comment; only commands that set sizes and spaces are
passed over.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from mdderive.diagnostics import Diagnostic, Refusal
from mdderive.source import Span

Kind = Literal["letter", "number", "command", "sign", "begin", "end", "stop"]

MAX_TOKENS = 20_000
MAX_DIGITS = 400
# What has a name becomes a token; white space, comments, and commands for sizes and spaces do not.
_TOKEN = re.compile(
    r"""
      (?P<letter> [A-Za-z] )
    | (?P<number> [0-9]+ (?:\.[0-9]+)? | \.[0-9]+ )
    | (?P<paragraph> \n\n )
    | \s | %[^\n\r]*
    | \\(?: (?:left|right|[Bb]igg?[lr]?|middle|(?:display|text|script)style|(?:no)?limits|(?:neg)?thinspace|mathstrut
             |nonumber|notag|boxed|fbox) (?![A-Za-z]) | [;:!/\ ] )
    | (?P<looks> \\(?:color|textcolor|hspace|label|tag) (?![A-Za-z]) )
    | (?P<begin> \\begin\s*\{[\w* ._-]+\} )
    | (?P<end> \\end\s*\{[\w* ._-]+\} )
    | (?P<nameless> \\(?:begin|end) (?![A-Za-z]) )
    | (?P<row> \\\\ ) (?: [ \t]*\[\s*-?[0-9.]+\s*[a-z]+\s*\] )?
    | (?P<math> \\[()\[\]] | \$\$ )
    | (?P<command> \\(?: [A-Za-z]+ | [^A-Za-z] ) )
    | (?P<sign> . )
    """,
    re.VERBOSE,
)
_KINDS: Mapping[str, Kind] = {
    "letter": "letter",
    "number": "number",
    "begin": "begin",
    "end": "end",
    "command": "command",
    "row": "command",
    "looks": "command",
    "sign": "sign",
    "math": "sign",
    "paragraph": "sign",
}
_OLD_FONTS = {r"\rm": r"\mathrm", r"\bf": r"\mathbf", r"\sf": r"\mathsf"}
_LOOKS = frozenset({r"\color", r"\textcolor", r"\hspace", r"\label", r"\tag"})


class Token(NamedTuple):
    """`text` is the letter, the digits, the name of a command with its backslash, the environment, or the sign."""

    kind: Kind
    text: str
    span: Span


def tokens(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Return the tokens of `text[start:end]`, closed by a `stop`; raises `Refusal` for what is no LaTeX at all."""
    end = len(text) if end is None else end
    out: list[Token] = []
    looks = False
    for found in _TOKEN.finditer(text, start, end):
        name = found.lastgroup
        if name is None:
            continue
        word, span = found[name], Span(*found.span(name))
        if name == "nameless":
            raise Refusal(Diagnostic("DRV203", span, {"found": word}))
        if name == "number" and len(word) > MAX_DIGITS:
            raise Refusal(Diagnostic("DRV215", span, {"bound": f"{MAX_DIGITS} digits"}))
        looks = looks or name == "looks"
        kind = _KINDS[name]
        if kind in ("begin", "end"):
            word = word[word.index("{") + 1 : -1]
        if word in _OLD_FONTS and out and out[-1].text == "{":  # {\rm d} is \mathrm{d}
            out.insert(-1, Token("command", _OLD_FONTS[word], out[-1].span.join(span)))
        else:
            out.append(Token(kind, word, span))
        if len(out) > MAX_TOKENS:
            raise Refusal(Diagnostic("DRV215", Span(start, end), {"bound": f"{MAX_TOKENS} tokens"}))
    out.append(Token("stop", "", Span(end, end)))
    return tuple(_visible(iter(out)) if looks else out)


def _visible(stream: Iterator[Token]) -> Iterator[Token]:
    """Yield the tokens without colours, labels and measured spaces, which go together with the group behind them."""
    for token in stream:
        opened = next(stream) if token.text in _LOOKS else None
        if opened is None or opened.text != "{":
            yield token
            if opened is not None:
                yield opened
            continue
        depth = 1
        while depth:
            inner = next(stream)
            if inner.kind == "stop":
                raise Refusal(Diagnostic("DRV202", opened.span, {"opened": "{"}))
            depth += (inner.text == "{") - (inner.text == "}")
