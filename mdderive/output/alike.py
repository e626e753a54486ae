r"""Formulas of a story in one look: the transpose that an author writes, `^T`, as the one that derivations are written with."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from mdderive.output.story import Displayed, Math, Piece, Prose, Remark, Row, Steps, Words

_LETTER = r"(?:T|\\(?:mathrm|mathsf|text|textsf|rm)\s*\{\s*T\s*\}|\\intercal(?![A-Za-z]))"
_TURNED = re.compile(rf"\^\s*(?:T(?![A-Za-z])|\{{\s*(-?)\s*{_LETTER}\s*\}}|{_LETTER})")
_BARE = re.compile(r"(?<![A-Za-z\\])T(?![A-Za-z])")


def alike(pieces: Sequence[Piece]) -> list[Piece]:
    """Return a story with every transpose written the same, unless T is a letter of its own in it."""
    found: list[str] = []
    _changed(pieces, lambda latex: found.append(turned(latex)) or latex)  # type: ignore[func-returns-value]
    return [*pieces] if any(map(_BARE.search, found)) else _changed(pieces, turned)


def turned(latex: str) -> str:
    r"""Return a formula with its transposes as `^{\top}`."""
    return _TURNED.sub(lambda at: rf"^{{{at[1] or ''}\top}}", latex)


def _changed(pieces: Sequence[Piece], change: Callable[[str], str]) -> list[Piece]:
    """Return a story with every formula changed."""

    def words(told: Words) -> Words:
        return tuple(Math(change(word.latex)) if isinstance(word, Math) else word for word in told)

    def row(one: Row) -> Row:
        return replace(one, left=change(one.left), right=change(one.right), caption=words(one.caption))

    def piece(one: Piece) -> Piece:
        match one:
            case Prose(told):
                return Prose(words(told))
            case Steps(rows):
                return replace(one, rows=tuple(map(row, rows)))
            case Displayed(latex):
                return replace(one, latex=change(latex))
            case Remark(told):
                return replace(one, words=words(told))
        return one

    return [piece(one) for one in pieces]
