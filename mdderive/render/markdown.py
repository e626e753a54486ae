"""A story to portable Markdown: `$$` blocks with blank lines around, `aligned` steps, captions in a column of `\\text`.

Only what MkDocs, Jekyll, Obsidian and pandoc all read is written.
"""

import re
from collections.abc import Sequence

from mdderive.render.story import Formula, Math, Note, Piece, Prose, Row, Steps, Title, Words

_MARKS = re.compile(r"([`*_#|~])")
_ENTITIES = {c: f"&#{ord(c)};" for c in "&\\<>[]$"}
_TEXT_SPECIAL = {"\\": r"\backslash ", **{c: "\\" + c for c in "&%#_{}"}, "$": r"\$", "~": r"\sim ", "^": r"\hat{}"}


def markdown(pieces: Sequence[Piece]) -> list[str]:
    """Return the lines of a story as Markdown."""
    out: list[str] = []
    for piece in pieces:
        out += ["", *_piece(piece)] if out else _piece(piece)
    return out


def _piece(piece: Piece) -> list[str]:
    match piece:
        case Title(text):
            return [f"**{escaped(text)}**"]
        case Prose(words):
            return [_sentence(words)]
        case Note(words):
            return [f"*{_sentence(words)}*"]
        case Steps(rows):
            return ["$$", *aligned(rows), "$$"]
        case Formula(latex):
            return ["$$", *formula_lines(latex), "$$"]


def _sentence(words: Words) -> str:
    return "".join(f"${w.latex.strip()}$" if isinstance(w, Math) else escaped(w) for w in words)


def escaped(text: str) -> str:
    r"""Return a text that Markdown prints as it is; entities stand where `\[` or `\$` might open a formula."""
    return "".join(_ENTITIES.get(c) or _MARKS.sub(r"\\\1", c) for c in text).replace("\n", " ")


def formula_lines(latex: str) -> list[str]:
    """Return the lines of a formula without blank ones, which would end a display."""
    return [line for line in latex.splitlines() if line.strip()]


def aligned(rows: Sequence[Row]) -> list[str]:
    """Return the lines of an `aligned` environment with captions in a column of their own."""
    out = [r"\begin{aligned}"]
    for i, row in enumerate(rows):
        text = caption(row.caption)
        column = rf" && \quad {text}" if text else ""
        out.append(f"{row.left}{' ' if row.left else ''}&= {row.right}{column}{_row_end(rows[i + 1 :])}")
    return [*out, r"\end{aligned}"]


def _row_end(following: Sequence[Row]) -> str:
    """Return what ends a row: nothing at the last one, more room before a new left side."""
    if not following:
        return ""
    return r" \\[8pt]" if following[0].left else r" \\"


def caption(words: Words) -> str:
    """Return words inside a formula: text in `\\text`, formulas between."""
    return " ".join(w.latex if isinstance(w, Math) else rf"\text{{{in_text(w)}}}" for w in words)


def in_text(text: str) -> str:
    """Return a text that `\\text` prints as it is."""
    return "".join(_TEXT_SPECIAL.get(c, c) for c in text)
