r"""Words in place of letters: `\operatorname{tr}(\text{scalar}) = a` is meant of a letter that only the other side has."""

import re
from dataclasses import dataclass, replace

from mdderive.latex.declared import Names
from mdderive.latex.parse import parse
from mdderive.latex.syntax import Syntax
from mdderive.model.reasons import Reason
from mdderive.reading.chains import ChainSide
from mdderive.reading.shown_by_form import letters

_WORD = re.compile(r"\\(?:text|textrm|textit|mathrm|operatorname)\s*\{\s*(?P<word>[^\W\d_]{3,})\s*\}")


@dataclass(frozen=True, slots=True)
class Meant:
    """The sides of an equation with a letter in the place of a word, and the assumption that this is."""

    sides: tuple[Syntax, Syntax]
    assumed: Reason


def put_in(unread: ChainSide, other: ChainSide) -> Meant | None:
    """Return two sides with the only letter of one in the place of the word that keeps the other from being read.

    None where there is no such word or letter, or where the two sides would then be the same.
    """
    if unread.syntax is not None or other.syntax is None or unread.refusal is None or unread.refusal.code != "DRV208":
        return None
    word = unread.refusal.facts["word"]
    places = {found[0] for found in _WORD.finditer(unread.latex) if found["word"] == word}
    names = set(letters(other.syntax))
    if len(places) != 1 or len(names) != 1:
        return None
    name = names.pop()
    latex = unread.latex.replace(places.pop(), f" {name} ")
    side = parse(latex, 0, len(latex), Names())
    if not isinstance(side, Syntax) or side == other.syntax:
        return None
    pair = (other.syntax, replace(side, span=unread.span))
    return Meant(pair, Reason("word-for-letter", {"word": word, "name": name}))
