"""A story to LaTeX source for the body of a document that loads amsmath and amssymb."""

from collections.abc import Sequence

from mdderive.output.markdown import aligned, formula
from mdderive.output.story import Copies, Displayed, Math, Piece, Prose, Remark, Steps, Title, Words

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{c: "\\" + c for c in "&%#_{}$"},
}


def tex(pieces: Sequence[Piece]) -> list[str]:
    """Return the lines of a story as LaTeX."""
    return [line for piece in pieces for line in _piece(piece)]


def _piece(piece: Piece) -> list[str]:
    match piece:
        case Title(text):
            return [rf"\paragraph{{{_escaped(text)}}}"]
        case Prose(words):
            return [_sentence(words)]
        case Remark(words):
            return [rf"\emph{{{_sentence(words)}}}"]
        case Steps(rows):
            return [r"\[", *aligned(rows), r"\]"]
        case Displayed(latex):
            return [r"\[", formula(latex), r"\]"]
        case Copies():
            return []


def _sentence(words: Words) -> str:
    return "".join(f"${formula(w.latex)}$" if isinstance(w, Math) else _escaped(w) for w in words)


def _escaped(text: str) -> str:
    """Return a text that LaTeX prints as it is."""
    return "".join(_SPECIAL.get(c, c) for c in text)
