"""LaTeX source to tokens with exact places; the one module that knows the tokenizer library.

Every character of the text belongs to a token, to white space or to a comment: nothing is dropped.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from pylatexenc.latexwalker import LatexWalker, LatexWalkerEndOfStream, LatexWalkerError
from pylatexenc.macrospec import LatexContextDb

from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.source import Span

Kind = Literal["letter", "number", "command", "sign", "begin", "end", "stop"]

MAX_TOKENS = 20_000
QUADS = frozenset({r"\quad", r"\qquad"})
MAX_DIGITS = 400
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_WORD = re.compile(r"\S+")
# A comment, a blank line, a control space, the skip of a row or the name of an environment may go on behind a blank.
_ACROSS_BLANKS = re.compile(r"%|\n[ \t]*\n|\\\\[ \t]+\[|(?<!\\)(?:\\\\)*\\(?:\s|\Z|(?:begin|end)(?!\{[A-Za-z*]+\}))")
_ROW_SKIP = re.compile(r"[ \t]*\[\s*-?[0-9.]+\s*[a-z]+\s*\]")
_SIZING = frozenset(
    {"left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr"}
)
OLD_FONTS = {r"\rm": r"\mathrm", r"\bf": r"\mathbf", r"\sf": r"\mathsf"}
_SPACING = frozenset(
    {
        *(";", ":", "!", " ", "/", "thinspace", "negthinspace", "mathstrut", "limits", "nolimits", "middle", "nonumber", "notag"),
        *("displaystyle", "textstyle", "scriptstyle", "boxed", "fbox"),
    }
)
# Commands about looks, which go together with the group behind them.
_LOOKS = frozenset({"\\" + name for name in ("color", "textcolor", "hspace", "label", "tag")})


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is the letter, the digits, the name of a command with its backslash, or the sign."""

    kind: Kind
    text: str
    span: Span


# Tokens, and which closes every opening bracket or brace where that is asked for.
Stream = tuple[tuple[Token, ...], Mapping[int, int]]


@cache
def _no_macros() -> LatexContextDb:
    return LatexContextDb()


def tokens(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Return the tokens of `text[start:end]`, closed by a `stop`; raises `Refusal` for what is no LaTeX at all."""
    end = len(text) if end is None else end
    out: list[Token] = []
    stream = _tokens(text[:end], start)
    for token in _visible(stream) if any(name in text for name in _LOOKS) else stream:
        if token.text in OLD_FONTS and out and out[-1].text == "{":  # {\rm d} is \mathrm{d}
            out.insert(-1, Token("command", OLD_FONTS[token.text], out[-1].span.join(token.span)))
        else:
            out.append(token)
        if len(out) > MAX_TOKENS:
            raise Refusal(Finding("DRV215", Span(start, end), {"bound": f"{MAX_TOKENS} tokens"}))
    out.append(Token("stop", "", Span(end, end)))
    return tuple(out)


def _visible(stream: Iterator[Token]) -> Iterator[Token]:
    """Yield the tokens without colours, labels and measured spaces."""
    for token in stream:
        opened = next(stream, None) if token.text in _LOOKS else None
        if opened is None or opened.text != "{":
            yield token
            if opened is not None:
                yield opened
            continue
        depth = 1
        while depth:
            inner = next(stream, None)
            if inner is None:
                raise Refusal(Finding("DRV202", opened.span, {"opened": "{"}))
            depth += (inner.text == "{") - (inner.text == "}")


def _tokens(text: str, at: int) -> Iterator[Token]:
    """Yield the tokens from `at` on; what recurs between blanks is given to the library once."""
    if _ACROSS_BLANKS.search(text, at):
        yield from _scanned(text, at)
        return
    for word in _WORD.finditer(text, at):
        try:
            parts = _of_word(word[0])
        except Refusal:
            yield from _scanned(text, word.start())  # which says where
            return
        start = word.start()
        for part in parts:
            yield Token(part.kind, part.text, Span(start + part.span.start, start + part.span.end))


@lru_cache(maxsize=1 << 13)
def _of_word(word: str) -> tuple[Token, ...]:
    return tuple(_scanned(word, 0))


def _scanned(text: str, at: int) -> Iterator[Token]:
    walker = LatexWalker(text, latex_context=_no_macros(), tolerant_parsing=False)
    state = walker.make_parsing_state(in_math_mode=True)
    while True:
        try:
            raw = walker.get_token(at, parsing_state=state)
        except LatexWalkerEndOfStream:
            if text.endswith("\\", at):  # a backslash with nothing behind it
                yield Token("sign", "\\", Span(len(text) - 1, len(text)))
            return
        except LatexWalkerError as error:
            raise Refusal(Finding("DRV203", Span(at, min(at + 1, len(text))), {"found": str(error.msg)})) from None
        at = raw.pos + raw.len
        span = Span(raw.pos, at - len(raw.post_space))
        match raw.tok:
            case "macro":
                if raw.arg == "\\" and (skip := _ROW_SKIP.match(text, at)):
                    at = skip.end()
                if raw.arg not in _SIZING and raw.arg not in _SPACING:
                    yield Token("command", "\\" + raw.arg, span)
            case "begin_environment" | "end_environment":
                yield Token("begin" if raw.tok.startswith("b") else "end", raw.arg, span)
            case "comment":
                continue
            case "char" if raw.arg.isascii() and raw.arg.isalpha():
                yield Token("letter", raw.arg, span)
            case "char" if found := _NUMBER.match(text, raw.pos):
                at = found.end()
                if at - raw.pos > MAX_DIGITS:
                    raise Refusal(Finding("DRV215", Span(raw.pos, at), {"bound": f"{MAX_DIGITS} digits"}))
                yield Token("number", text[raw.pos : at], Span(raw.pos, at))
            case "char":
                yield Token("sign", raw.arg, span)
            case "brace_open" | "brace_close":
                yield Token("sign", raw.arg, span)
            case _:
                yield Token("sign", text[raw.pos : raw.pos + raw.len], span)


def stream_of(text: str, start: int, end: int | None, groups: bool) -> Stream:
    """Return the tokens of an expression but for wide spaces; with `groups`, what closes every opening bracket or brace."""
    stream = tuple([t for t in tokens(text, start, end) if t.text not in QUADS])
    return stream, partners(stream) if groups else {}


@lru_cache(maxsize=1 << 8)
def formula_tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of a whole formula, which is read more than once on its way; raises `Refusal`."""
    return tokens(text)


def part_of(text: str, place: Span) -> Stream:
    """Return the tokens of a part of a formula, as those of the whole are; raises `Refusal`."""
    try:
        whole = formula_tokens(text)
    except Refusal:
        return stream_of(text, place.start, place.end, False)  # what is refused may stand elsewhere
    first, last = (bisect_left(whole, at, key=_start) for at in (place.start, place.end))
    if any(k and whole[k - 1].span.end > at for k, at in ((first, place.start), (last, place.end))):
        return stream_of(text, place.start, place.end, False)
    return (*(t for t in whole[first:last] if t.text not in QUADS), Token("stop", "", Span(place.end, place.end))), {}


def _start(token: Token) -> int:
    return token.span.start


def partners(stream: tuple[Token, ...]) -> dict[int, int]:
    """Return which token closes every opening bracket or brace."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for i, token in enumerate(stream):
        if token.text in ("(", "{", "["):
            waiting.append(i)
        elif token.text in (")", "}", "]") and waiting:
            found[waiting.pop()] = i
    return found
