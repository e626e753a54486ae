"""What words set to zero: the derivative of a function that the note defines, by the letter of which a value follows."""

import re

from mdderive.check.conditions import Conditions, sought
from mdderive.latex.notation import EQUALS
from mdderive.latex.syntax import Applied, Derivative, Letter, Number
from mdderive.reading.chains import Chain
from mdderive.reading.collecting import MARK
from mdderive.reading.lexicon import pattern
from mdderive.reading.shown_by_form import letter_name
from mdderive.reading.surroundings import Surroundings

_DEFINES = frozenset((sign,) for sign in EQUALS)  # how a chain begins that defines its first side
_ENDS = re.compile(r"[.?!]\s+(?=[^\W\d_a-z])|[。；;！？]|\n[ \t>]*\n")


def heed(conditions: Conditions, chain: Chain, line: int) -> None:
    """Demand what the words before a value of a letter set to zero."""
    found = _vanishing(chain, conditions.attempts.around) if chain.speaks and set_to_zero(chain.words) else None
    written = (d.args[1] for d, _, section in conditions.gradients if section == chain.section[: len(section)])
    if found is not None and found.args[1] not in written:
        conditions.demand(found, Number(found.span, "0"), chain.section, chain.sides[0].span.start, line)


def _vanishing(chain: Chain, around: Surroundings) -> Derivative | None:
    """Return the derivative, by the letter that a chain says a value of, of what is made of that letter and defined last."""
    left = chain.sides[0].syntax
    if left is None or not chain.relations:
        return None
    at = chain.sides[0].span.start
    for other in (c for c in reversed(around.note.chains) if c.formula < chain.formula):
        of = other.sides[0].syntax
        if other.section != chain.section[: len(other.section)] or not isinstance(of, Letter | Applied):
            continue
        if not around.defined(letter_name(of), chain.section, at, before=True) or other.relations[:1] not in _DEFINES:
            continue
        if name := sought(left, around.resting_on([letter_name(of)], chain.section, at)):
            return Derivative((of, Letter(left.span, name)), of.span)
    return None


def set_to_zero(words: str) -> bool:
    """Tell whether the last sentence of some words, or without a formula the one before it, says that a derivative is zero."""
    *_, before, last = ["", *_ENDS.split(words.strip())]
    return _says(last) or (MARK not in last and _says(before) and MARK not in pattern("zero").split(before)[-1])


def _says(sentence: str) -> bool:
    said = all(pattern(*some).search(sentence) for some in (("gradient", "differentiating"), ("zero",)))
    return said and not pattern("not", "without").search(sentence)
