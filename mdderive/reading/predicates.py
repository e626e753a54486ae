"""Words that a note says of its letters and the lexicon does not know: that N is nilpotent, that A is a circulant matrix.

What an equation may owe to such a word nobody can tell here: it is not called wrong for it. Words that say nothing that algebra
could rest on, such as square or real, and what a letter is said to be the one of (the data matrix), are none.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from mdderive.document.blocks import Section
from mdderive.model.properties import SAID
from mdderive.reading.discourse import Reach, Saying
from mdderive.reading.facts import Fact, Names
from mdderive.reading.lexicon import LANGUAGES, rows
from mdderive.reading.phrases import ASKS, COMMA, END, FORMULA, PhraseToken

MOST = 3  # words of a predicate
MOST_UNSPACED = 6
_ENDS = frozenset({END, COMMA, "and", "matrix", "vector", "then", *SAID})
_ENDS_UNSPACED = frozenset({"matrix", "vector"})


def predicates(sayings: Sequence[Saying], names: Names, section: Callable[[int], Section], text: str) -> tuple[Fact, ...]:
    """Return the unknown words that some sentences of a text say of letters, each with how far that reaches."""
    found: list[Fact] = []
    for saying in sayings:
        if saying.tokens[-1].meaning == ASKS:
            continue
        for about, word in _said(saying.tokens, names, text):
            reach = Reach(saying.start, saying.until if saying.item else sys.maxsize)
            found.append(Fact(about, word, section(saying.start), reach, saying.start))
    return tuple(found)


def _said(tokens: Sequence[PhraseToken], names: Names, text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    for i, (token, behind) in enumerate(pairwise(tokens)):
        about = names(token.formula).names if token.meaning == FORMULA else ()
        if about and behind.meaning in ("be", "let"):
            word = _predicate(tokens[i + 2 :], text)
            if word:
                yield about, word


def _predicate(tokens: Sequence[PhraseToken], text: str) -> str:
    """Return the unknown words that some tokens begin with, if they are all that is said; else an empty text."""
    found: list[PhraseToken] = []
    for token in tokens:
        written = text[token.start : token.end].lower()
        if token.meaning == "" and written in _neutral():
            continue
        unspaced = bool(found) and found[-1].unspaced
        if token.meaning != "":
            ends = token.meaning in (_ENDS_UNSPACED if unspaced else _ENDS)
            return text[found[0].start : found[-1].end] if found and ends else ""
        if written in _function_words() or len(found) >= (MOST_UNSPACED if token.unspaced else MOST):
            return ""
        found.append(token)
    return text[found[0].start : found[-1].end] if found and not found[-1].unspaced else ""


@lru_cache
def _neutral() -> frozenset[str]:
    return frozenset(word for language in LANGUAGES for word in rows(language).get("neutral", ()))


@lru_cache
def _function_words() -> frozenset[str]:
    return frozenset(word for language in LANGUAGES for word in rows(language).get("function-word", ())) - _neutral()
