"""A story for the terminal: Unicode formulas, captions to the right of them, within `WIDTH` columns where they fit."""

import re
import unicodedata
from collections.abc import Sequence

from mdderive.output.plain import plain
from mdderive.output.story import Copies, Displayed, Math, Piece, Prose, Remark, Row, Steps, Title, Words, spaced

WIDTH = 80
CAPTION_COLUMN = 46
# What stays on one line: a word, or a Chinese character, with the punctuation and the spaces behind it.
_PIECE = re.compile(r"(?:[\u2e80-\u9fff]|[^\s\u2e80-\u9fff\uff00-\uffef]+)[\u3000-\u303f\uff00-\uffef]*\s*|\S\s*")

# Where a formula can be broken: before a sign between two parts of it.
_SIGN = re.compile(r" (?=[-=+⊙⊗⊘] )")


def text(pieces: Sequence[Piece]) -> list[str]:
    """Return the lines of a story as plain text."""
    return spaced(map(_piece, pieces))


def _piece(piece: Piece) -> list[str]:
    match piece:
        case Title(title):
            lines = wrapped(title, WIDTH)
            return [*lines, "=" * max(map(columns, lines))]
        case Prose(words) | Remark(words):
            return wrapped(sentence(words), WIDTH) or [""]
        case Steps(rows):
            return _steps(rows)
        case Displayed(latex):
            return broken(plain(latex))
        case Copies():
            return []


def sentence(words: Words) -> str:
    """Return a sentence with its formulas as Unicode text."""
    return "".join(plain(w.latex) if isinstance(w, Math) else w for w in words)


def _steps(rows: Sequence[Row]) -> list[str]:
    """Return the lines of a derivation, equality signs and captions below each other."""
    lefts = [plain(row.left) for row in rows]
    margin = max(len(left) for left in lefts)
    formulas = [f"    {left:>{margin}} = {plain(row.right)}" for left, row in zip(lefts, rows, strict=True)]
    column = min(max(len(f) for f in formulas) + 3, CAPTION_COLUMN)
    out = []
    for formula, row in zip(formulas, rows, strict=True):
        words = wrapped(sentence(row.caption), WIDTH - column)
        if words and columns(formula) < column:
            formula += " " * (column - columns(formula)) + words.pop(0)
        out += [formula, *(f"{'':{column}}{line}" for line in words)]
    return out


def broken(formula: str) -> list[str]:
    """Return the lines of a displayed formula; one that is too wide goes on before a sign, further to the right."""
    lines = ["   "]
    for piece in _SIGN.split(formula):
        if lines != ["   "] and columns(f"{lines[-1]} {piece}") > WIDTH:
            lines.append("       ")
        lines[-1] += f" {piece}"
    return lines


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` columns, broken at spaces and between Chinese characters where it can be."""
    lines: list[str] = []
    for piece in _PIECE.findall(text):
        if lines and columns(lines[-1] + piece.rstrip()) <= width:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [line.rstrip() for line in lines]
