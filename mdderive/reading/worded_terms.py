r"""Constants that a formula names by a word, `+ \text{const.}`: each a number of its own, whatever the next one is."""

import re
from collections.abc import Iterator

from mdderive.model.traced import Traced
from mdderive.reading.phrases import Lexicon, tokens

_TERM = re.compile(
    r"(?P<sign>[+-](?:\s|~|\\[,;:! ])*)(?:\\(?:text(?:rm|it|sf)?|math(?:rm|it|sf)|operatorname|mbox|hbox)\s*\{(?P<said>[^{}]*)\}"
    r"|(?P<bare>const(?:ant)?)(?![A-Za-z])\.?)"
)


def constants_as_letters(text: Traced, known: Lexicon, numbers: Iterator[int]) -> Traced:
    """Return a formula with every term that is a word for a constant as a letter with the next of some numbers."""

    def letter(found: re.Match[str]) -> list[str | tuple[int, int]] | None:
        words = found["said"] or found["bare"] or ""
        if [token.meaning for token in tokens(words, known) if token.meaning] not in (["constant"], ["constant", "end"]):
            return None
        return [found.span("sign"), rf"\mathrm{{const}}_{{{next(numbers)}}}"]

    return text.replaced(_TERM, letter)
