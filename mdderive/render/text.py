"""A story for the terminal: Unicode formulas, captions to the right of them, within `WIDTH` columns where they fit."""

import textwrap
from collections.abc import Sequence

from mdderive.render.plain import plain
from mdderive.render.story import Formula, Math, Note, Piece, Prose, Row, Steps, Title, Words

WIDTH = 80
CAPTION_COLUMN = 46


def text(pieces: Sequence[Piece]) -> list[str]:
    """Return the lines of a story as plain text."""
    out: list[str] = []
    for piece in pieces:
        out += ["", *_piece(piece)] if out else _piece(piece)
    return out


def _piece(piece: Piece) -> list[str]:
    match piece:
        case Title(title):
            return [title, "=" * len(title)]
        case Prose(words) | Note(words):
            return textwrap.wrap(_sentence(words), WIDTH) or [""]
        case Steps(rows):
            return _steps(rows)
        case Formula(latex):
            return [f"    {plain(latex)}"]


def _sentence(words: Words) -> str:
    return "".join(plain(w.latex) if isinstance(w, Math) else w for w in words)


def _steps(rows: Sequence[Row]) -> list[str]:
    """Return the lines of a derivation, equality signs and captions below each other."""
    lefts = [plain(row.left) for row in rows]
    margin = max(len(left) for left in lefts)
    formulas = [f"    {left:>{margin}} = {plain(row.right)}" for left, row in zip(lefts, rows, strict=True)]
    column = min(max(len(f) for f in formulas) + 3, CAPTION_COLUMN)
    out = []
    for formula, row in zip(formulas, rows, strict=True):
        words = _sentence(row.caption)
        if words and len(formula) >= column:
            out += [formula, f"{'':{column}}{words}"]
        else:
            out.append(f"{formula:<{column}}{words}".rstrip())
    return out
