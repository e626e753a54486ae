"""A story to an HTML fragment; the TeX stays in it, escaped, for KaTeX or MathJax (`\\( \\)` and `\\[ \\]`).

No line of a fragment is blank, so that Markdown around it passes it on untouched.
"""

from collections.abc import Sequence
from html import escape

from mdderive.output.markdown import aligned, formula
from mdderive.output.story import Displayed, Math, Piece, Prose, Remark, Steps, Title, Words

_MARKS = frozenset("&<>{}[]`*_~^|!=+#\\$")
_OPENING = frozenset({"&#36;", "&#92;"})


def html(pieces: Sequence[Piece]) -> list[str]:
    """Return the lines of a story as HTML."""
    return ['<div class="mdderive">', *(line for piece in pieces for line in _piece(piece)), "</div>"]


def _piece(piece: Piece) -> list[str]:
    match piece:
        case Title(text):
            return [f'<p class="mdderive-title">{escaped(text)}</p>']
        case Prose(words):
            return [f"<p>{_sentence(words)}</p>"]
        case Remark(words, outcome):
            return [f'<p class="mdderive-note mdderive-{outcome}">{_sentence(words)}</p>']
        case Steps(rows):
            return _display("mdderive-steps", aligned(rows))
        case Displayed(latex, result):
            return _display("mdderive-result" if result else "mdderive-formula", [formula(latex)])


def _display(name: str, lines: Sequence[str]) -> list[str]:
    return [f'<div class="{name}">\\[', *(escape(line, quote=False) for line in lines), r"\]</div>"]


def _sentence(words: Words) -> str:
    return "".join(rf"\({escape(formula(w.latex), quote=False)}\)" if isinstance(w, Math) else escaped(w) for w in words)


def escaped(words: str) -> str:
    """Return words that a page prints as they are, wherever in it they stand.

    An element stands around the signs that open formulas, so that what searches the finished page finds them in pieces; entities
    stand for what a template, or Markdown around the fragment, would read.
    """
    marked = (f"&#{ord(c)};" if c in _MARKS else c for c in words)
    return "".join(f"<span>{c}</span>" if c in _OPENING else c for c in marked)
