r"""What stands behind the name in a declaration as people say it: `(m, n)`, `an m by n matrix`, `a vector of length n`.

Around the sizes stand words of the lexicon that say what kind of thing it is, what property it has, or nothing. With any other
word it is no shape.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mdderive.model.properties import DECLARED, SQUARE
from mdderive.model.shapes import SCALAR
from mdderive.model.source import Span
from mdderive.reading.declaring import SIZE, SaidShape, grammatical, sized
from mdderive.reading.lexicon import spellings
from mdderive.reading.phrases import COLON, COMMA, END, PhraseToken, languages, lexicon, tokens

_TIMES = r"(?:\bx\b|(?<=\d)x(?=[\dA-Za-z]\b)|\bby\b|-by-|×|\\times(?![A-Za-z])|\*)"
_SAID = re.compile(
    rf"""[(（\[]\s*(?P<a>{SIZE})\s*[,，]\s*(?P<b>{SIZE}|)\s*[)）\]]
    | (?<![\w\\])(?P<rows>{SIZE})\s*{_TIMES}\s*(?P<cols>{SIZE})(?!\w)
    """,
    re.VERBOSE,
)
_LENGTH = re.compile(rf"(?<![\w\\])(?P<rows>{SIZE})(?=-|\s*维|\s*的列?向量)|(?<=\s)(?P<last>{SIZE})[.。]?$")
_SILENT = frozenset({"matrix", "vector", "be", "and", "any", COMMA, COLON, END})
_OPENS = frozenset({"let", "suppose", "where", "for"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A clause: the places of the names, and of what it says of them."""

    names: tuple[Span, ...]
    shape: Span


def described(words: str) -> SaidShape | None:
    """Return the shape that some words give, None where they give none."""
    trimmed = words.strip().rstrip(".。").rstrip()
    if whole := grammatical(words) or grammatical(trimmed):
        return whole
    if scalar := re.search(r"\bscalars?\b", words):
        said = _said(words[: scalar.start()] + words[scalar.end() :], vector=False)
        return None if said is None else SaidShape(SCALAR, said)
    integer = _said(words, vector=False) or frozenset()
    if "integer" in integer:
        return SaidShape(SCALAR, integer)
    for found in (_SAID.search(words), _LENGTH.search(words)):
        shape = sized(found) if found else None
        if found and shape is not None:
            properties = _said(f"{words[: found.start()]} , {words[found.end() :]}", vector=found.re is _LENGTH)
            return None if properties is None else SaidShape(shape, properties)
    return None


def unsized(words: str, name: str) -> str | None:
    """Return how a letter is declared of which only its kind or properties are said; None for other words."""
    said = _said(words, vector=False)
    if said is None or not words.strip():
        return None
    kinds = {token.meaning for token in _tokens(words)}
    square = said & SQUARE or re.search(r"\bsquare\b|方", words)
    column = "vector" in kinds or ("matrix" not in kinds and name[-1:].islower() and not square)
    return ", ".join([f"{name}: {'n x n' if square else 'n' if column else 'm x n'}", *sorted(said)])


def spoken(text: str, line: Span) -> tuple[Spoken, ...]:
    """Return what a line such as `let A and B be n x n matrices, and x is n` says of which names; nothing for other lines."""
    words = text[line.start : line.end]
    found = [*_tokens(words, line.start)]
    ahead = [t for t in found if t.meaning not in (*_OPENS, COMMA, END)]
    kind = {"matrix", "vector"} & {t.meaning for t in ahead[:-1]}
    if kind and _is_name(text, ahead[-1]) and described(text[line.start : ahead[-1].start].strip()):
        return (Spoken((Span(ahead[-1].start, ahead[-1].end),), Span(line.start, ahead[-1].start)),)
    return tuple(_clauses(text, found, line.end)) if any(t.meaning == "be" for t in found) else ()


def _clauses(text: str, found: list[PhraseToken], end: int) -> list[Spoken]:
    """Return the clauses `NAMES be SHAPE` that some words consist of; nothing where one of them is something else."""
    at = next((i for i, token in enumerate(found) if token.meaning == "be"), 0)
    # the y of Spanish joins two names, and is one itself at the end of a row of them
    alone = {i for i in (0, at - 1) if at and found[i].meaning == "and" and text[found[i].start].isascii()}
    names = [t for i, t in enumerate(found[:at]) if i in alone or t.meaning not in (*_OPENS, "and", COMMA, "any")]
    if not names or not all(_is_name(text, t) for t in names):
        return []
    own = tuple(Span(t.start, t.end) for t in names)
    for i, token in enumerate(found[at + 1 :], at + 1):
        more = _clauses(text, found[i + 1 :], end) if token.meaning in ("and", COMMA) else []
        if more and _says(text[found[at].end : token.start], text[own[0].start : own[0].end]):
            return [Spoken(own, Span(found[at].end, token.start)), *more]
    rest = text[found[at].end : end].strip()
    return [Spoken(own, Span(found[at].end, end))] if _says(rest, text[own[0].start : own[0].end]) else []


def _is_name(text: str, token: PhraseToken) -> bool:
    return token.end - token.start == 1 and text[token.start].isalpha()


def _says(words: str, name: str) -> bool:
    """Tell whether words give a shape, or say what a declaration does without one."""
    return described(words.strip()) is not None or unsized(words, name) is not None


def _tokens(words: str, at: int = 0) -> Iterator[PhraseToken]:
    return tokens(words, lexicon(languages(words)), at)


def _said(words: str, *, vector: bool) -> frozenset[str] | None:
    """Return the properties that words around a shape say; None where one of them may say something else.

    One size alone is a shape only where the words call it a `vector`.
    """
    neutral = spellings("neutral", "function-word")
    properties: set[str] = set()
    kinds: set[str] = set()
    for token in _tokens(words):
        word = words[token.start : token.end].lower()
        if token.meaning in DECLARED or word in DECLARED:
            properties.add(token.meaning or word)
        elif token.meaning in _SILENT:
            kinds.add(token.meaning)
        elif not (word in neutral or all(part in neutral for part in word.split("-") if part)):
            return None
    return None if vector and "vector" not in kinds else frozenset(properties)
