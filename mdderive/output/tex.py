"""A story to LaTeX source for the body of a document that loads amsmath and amssymb."""

from collections.abc import Sequence

from mdderive.output.alike import alike
from mdderive.output.markdown import formula
from mdderive.output.story import Copies, Displayed, Math, Piece, Prose, Remark, Row, Steps, Title, Words

LEFT, RIGHT, CAPTION, WHOLE = "4.5em", 0.53, 0.28, 0.85  # the columns of a derivation
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{c: "\\" + c for c in "&%#_{}$"},
}


def tex(pieces: Sequence[Piece]) -> list[str]:
    """Return the lines of a story as LaTeX."""
    return [line for piece in alike(pieces) for line in _piece(piece)]


def _piece(piece: Piece) -> list[str]:
    match piece:
        case Title(text):
            return [rf"\paragraph{{{escaped(text)}}}\mbox{{}}\par"]
        case Prose(words):
            return [rf"\noindent {_sentence(words)}\par"]
        case Remark(words):
            return [rf"\emph{{{_sentence(words)}}}\par"]
        case Steps(rows):
            return [_row(row) for row in rows]
        case Displayed(latex):
            shown = _column(WHOLE, rf"$\displaystyle {formula(latex)}$")
            return [rf"\par\smallskip\noindent\hspace{{{LEFT}}}{shown}\par\smallskip"]
        case Copies():
            return []


def _row(row: Row) -> str:
    """Return one step: formula and caption in columns that are broken into lines, so that neither leaves the page."""
    left = rf"$\displaystyle {formula(row.left)}$" if row.left else ""
    why = "\\hfill" + _column(CAPTION, f"\\small {_sentence(row.caption)}") if row.caption else ""
    right = _column(RIGHT, rf"$\displaystyle {{}} = {formula(row.right)}$")
    return rf"\par\smallskip\noindent\makebox[{LEFT}][r]{{{left}}}\hspace{{0.3em}}{right}{why}\par"


def _column(width: float, text: str) -> str:
    return rf"\begin{{minipage}}[t]{{{width}\linewidth}}\raggedright {text}\end{{minipage}}"


def _sentence(words: Words) -> str:
    return "".join(f"${formula(w.latex)}$" if isinstance(w, Math) else escaped(w) for w in words)


def escaped(text: str) -> str:
    """Return a text that LaTeX prints as it is."""
    return "".join(_SPECIAL.get(c, c) for c in text)
