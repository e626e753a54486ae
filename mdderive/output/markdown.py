"""A story to portable Markdown: `$$` blocks with blank lines around, `aligned` steps, captions in a column of `\\text`.

Only what MkDocs, Jekyll, Obsidian and pandoc all read is written.
"""

import re
from collections.abc import Sequence

from mdderive.output.story import Copies, Displayed, Math, Piece, Prose, Remark, Row, Steps, Title, Words, spaced

# In words an entity stands for every sign that opens something anywhere: tags, links, formulas, templates, attributes, tables.
# Behind a backslash stands a joiner, which is not seen: what searches the finished page for formulas finds no command there.
_ENTITIES = {c: f"&#{ord(c)};" for c in "&<>[]{}$|~^@"} | {"\\": "&#92;&#8288;"}
_MARKS = re.compile(r"([`*_#])")
_DOUBLED = re.compile(r"==|\+\+|--|::?(?=\S)")
# In formulas signs are kept apart that open a tag, a template or a link when they touch.
_TOUCHING = re.compile(r"<(?=\S)|(?<=\S)>|\{(?=[{%#])|\](?=[(\[:])|&(?=[A-Za-z#])|~(?=~)|(?<![A-Za-z])\*")
_LOOSE_D = re.compile(r"(?<![A-Za-z\\])d (?=[A-Za-z\\])")
_TEXT_SPECIAL = {
    "\\": r"\textbackslash{}",
    **{c: "\\" + c for c in "&%#_{}"},
    "$": r"\$",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": "< ",
    "`": "'",
}


def markdown(pieces: Sequence[Piece]) -> list[str]:
    """Return the lines of a story as Markdown."""
    return spaced(map(_piece, pieces))


def _piece(piece: Piece) -> list[str]:
    match piece:
        case Title(text):
            return [f"**{escaped(text)}**"]
        case Prose(words):
            return [_sentence(words)]
        case Remark(words):
            return [f"*{_sentence(words)}*"]
        case Steps(rows):
            return ["$$", *aligned(rows), "$$"]
        case Displayed(latex):
            return ["$$", formula(latex), "$$"]
        case Copies():
            return []


def _sentence(words: Words) -> str:
    return "".join(f"${formula(w.latex)}$" if isinstance(w, Math) else escaped(w) for w in words)


def escaped(text: str) -> str:
    """Return a text that Markdown, and what runs before and after it, prints as it is."""
    marked = "".join(_ENTITIES.get(c) or _MARKS.sub(r"\\\1", c) for c in text)
    return _DOUBLED.sub(lambda found: "".join(f"&#{ord(c)};" for c in found[0]), marked)


def formula(latex: str) -> str:
    """Return a formula on one line that is the same to TeX and holds no sign of Markdown, HTML or a template."""
    line = _TOUCHING.sub(_spaced, " ".join(latex.split()))
    return re.sub(r"^([-+*]) ", r"\1", line)


def tight(latex: str) -> str:
    """Return a formula of the table of rules with every `d` next to what it differentiates."""
    return _LOOSE_D.sub("d", latex)


def _spaced(found: re.Match[str]) -> str:
    return {">": " >", "*": r"\ast "}.get(found[0], f"{found[0]} ")


def aligned(rows: Sequence[Row]) -> list[str]:
    """Return the lines of an `aligned` environment with captions in a column of their own."""
    out = [r"\begin{aligned}"]
    for i, row in enumerate(rows):
        text = caption(row.caption)
        column = rf" && \quad {text}" if text else ""
        left, right = formula(row.left), formula(row.right)
        out.append(f"{left}{' ' if left else ''}&= {right}{column}{_row_end(rows[i + 1 :])}")
    return [*out, r"\end{aligned}"]


def _row_end(following: Sequence[Row]) -> str:
    """Return what ends a row: nothing at the last one, more room before a new left side."""
    if not following:
        return ""
    return r" \\[8pt]" if following[0].left else r" \\"


def caption(words: Words) -> str:
    """Return words inside a formula: text in `\\text`, formulas between."""
    return " ".join(formula(w.latex) if isinstance(w, Math) else rf"\text{{{in_text(w)}}}" for w in words)


def in_text(text: str) -> str:
    """Return a text that `\\text` prints as it is."""
    return "".join(_TEXT_SPECIAL.get(c, c) for c in text)
