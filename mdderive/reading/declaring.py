r"""What stands behind the name in a declaration: a shape as the grammar has it, `m x n`, or as people say it.

`(m, n)`, `m x n symmetric`, `an m by n matrix`, `a vector of length n`, `R^{m x n}`: around the sizes stand words of the lexicon
that say what kind of thing it is, what property it has, or nothing. With any other word it is no shape.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mdderive.model.properties import DECLARED
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, size
from mdderive.model.source import Span
from mdderive.reading.lexicon import spellings
from mdderive.reading.phrases import COLON, COMMA, END, PhraseToken, languages, lexicon, tokens

SIZE = r"(?:\d+|(?:[A-Za-z]|\\[A-Za-z]+)(?:_(?:\w|\{\w+\}))?)"
_REALS = (
    r"(?:\\mathbb\s*(?:\{R\}|R)|\\R(?![A-Za-z])|ℝ|R(?=\s*(?:\^|$)))\s*"
    r"(?:\^\s*(?:\{(?P<shape>[^{}]*)\}|\((?P<round>[^()]*)\)|(?P<one>\w)))?\s*"
)
_IN = r"(?:\\in(?![A-Za-z])|∈|(?<![\w\\])in(?=\s))\s*"
_TIMES = r"(?:\bx\b|(?<=\d)x(?=[\dA-Za-z]\b)|\bby\b|-by-|×|\\times(?![A-Za-z])|\*)"
_MEMBER = re.compile(_IN + _REALS)
_SET = re.compile(_REALS)
_SHAPE = re.compile(rf"(?P<rows>{SIZE})(?:\s*(?:x|\\times(?![A-Za-z])|×)\s*(?P<cols>{SIZE}))?")
_SAID = re.compile(
    rf"""[(（\[]\s*(?P<a>{SIZE})\s*[,，]\s*(?P<b>{SIZE}|)\s*[)）\]]
    | (?<![\w\\])(?P<rows>{SIZE})\s*{_TIMES}\s*(?P<cols>{SIZE})(?!\w)
    """,
    re.VERBOSE,
)
_LENGTH = re.compile(rf"(?<![\w\\])(?P<rows>{SIZE})(?=-|\s*维)|(?<=\s)(?P<last>{SIZE})[.。]?$")
_SILENT = frozenset({"matrix", "vector", "be", "and", "any", COMMA, COLON, END})
_OPENS = frozenset({"let", "suppose", "where", "for"})


@dataclass(frozen=True, slots=True)
class SaidShape:
    """A shape, and the properties that are said with it."""

    shape: Shape
    properties: frozenset[str] = frozenset()


def member(text: str, part: Span) -> re.Match[str] | None:
    r"""Return the `\in \mathbb{R}^{…}` that ends a part."""
    found = _MEMBER.search(text, *part)
    return found if found and found.end() == part.end else None


def described(words: str) -> SaidShape | None:
    """Return the shape that some words give, None where they give none."""
    whole = _grammatical(words)
    if whole is not None:
        return SaidShape(whole)
    trimmed = words.strip().rstrip(".。").rstrip()
    if trimmed != words and (whole := _grammatical(trimmed)) is not None:
        return SaidShape(whole)
    if scalar := re.search(r"\bscalars?\b", words):
        said = _said(words[: scalar.start()] + words[scalar.end() :], vector=False)
        return None if said is None else SaidShape(SCALAR, said)
    for found in (_SAID.search(words), _LENGTH.search(words)):
        shape = _of(found) if found else None
        if found and shape is not None:
            properties = _said(f"{words[: found.start()]} , {words[found.end() :]}", vector=found.re is _LENGTH)
            return None if properties is None else SaidShape(shape, properties)
    return None


def spoken(text: str, line: Span) -> tuple[tuple[Span, ...], Span] | None:
    """Return where the names stand in a line such as `let A and B be n x n matrices`, and what it says of them."""
    words = text[line.start : line.end]
    if "=" in words or ":" in words:  # a formula, or a declaration in the form of the grammar
        return None
    found = [*_tokens(words, line.start)]
    at = next((i for i, token in enumerate(found) if token.meaning == "be"), 0)
    names = [t for t in found[:at] if t.meaning not in (*_OPENS, "and", COMMA, "any")]
    rest = Span(found[at].end, line.end) if at else line
    if not names or any(len(text[t.start : t.end]) > 1 for t in names) or described(text[rest.start : rest.end].strip()) is None:
        return None
    return tuple(Span(t.start, t.end) for t in names), rest


def dim(side: str) -> Dim:
    """Return a size as it is written."""
    return size(int(side) if side.isdigit() else side)


def _grammatical(words: str) -> Shape | None:
    found = _MEMBER.fullmatch(words) or _SET.fullmatch(words)
    if found:
        words = (found["shape"] or found["round"] or found["one"] or "scalar").strip()
    if words == "scalar":
        return SCALAR
    sizes = _SHAPE.fullmatch(words)
    return _of(sizes) if sizes else None


def _of(found: re.Match[str]) -> Shape | None:
    sides = [side for side in found.groups() if side]
    if not sides or any(side.isdigit() and not int(side) for side in sides):
        return None
    dims = [dim(side) for side in sides]
    return Shape(dims[0], dims[1] if len(dims) > 1 else ONE)


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
