r"""Words inside a formula, row by row, as the sentence that they make with the formulas between them.

`2 M z \text{ if } M \text{ is symmetric}` is said as "`$2 M z$ if $M$ is symmetric`", and so is a row with the words as letters.
"""

import re
from collections.abc import Iterator

from mdderive.model.source import Span
from mdderive.reading.phrases import Lexicon

_ROW = re.compile(r"(?:(?!\\\\).)+", re.DOTALL)
_WORDS = re.compile(
    r"\\(?:text|textrm|mbox|mathrm|hbox|textit|textbf)\s*\{(?P<said>[^{}]*)\}|(?<![A-Za-z\\{])(?P<bare>[A-Za-z]{2,})(?![A-Za-z])"
)
_SPACE = re.compile(r"(?:\s|&|\\(?:[,;:! ]|q?quad(?![A-Za-z])|(?:begin|end)\s*\{[^{}]*\}))+")


def spoken_rows(text: str, known: Lexicon) -> Iterator[tuple[Span, str]]:
    """Yield the rows of a formula that have words, each with its place and the sentence that it makes."""
    for row in _ROW.finditer(text):
        pieces: list[str] = []
        at = row.start()
        for found in _WORDS.finditer(text, *row.span()):
            said = (
                found["said"] if found["said"] is not None else found["bare"] if known.words((found["bare"].lower(),)) else None
            )
            if said is None:
                continue
            pieces += [_formula(text[at : found.start()]), f" {said} "]
            at = found.end()
        if pieces:
            yield Span(*row.span()), "".join((*pieces, _formula(text[at : row.end()])))


def _formula(text: str) -> str:
    """Return what stands between words as an inline formula, with the mark that ends it outside."""
    bare = _SPACE.sub(" ", text).replace("$", "").strip()
    body = bare.rstrip(" ,.;")
    return (f"${body}$" if body else "") + bare[len(body) :].strip()
