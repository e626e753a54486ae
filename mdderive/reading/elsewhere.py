"""Properties that a note says of a letter somewhere else: they grant nothing, and leave open what would be wrong without them."""

from types import MappingProxyType

from mdderive.latex.letters import stem
from mdderive.latex.notation import EQUALS
from mdderive.latex.syntax import Letter
from mdderive.model.properties import IMPLIED_BY
from mdderive.reading.chains import Chain
from mdderive.reading.collecting import MARK
from mdderive.reading.lexicon import pattern
from mdderive.reading.surroundings import Surroundings

LABEL = 60  # characters before a formula that say what it defines: the covariance matrix of the noise is
NAMED = MappingProxyType({prop: pattern(*IMPLIED_BY[prop]) for prop in ("symmetric", "diagonal")})  # and how words name it


def perhaps(around: Surroundings, chain: Chain, name: str, prop: str) -> bool:
    """Tell whether a letter, or what it is a part of, has a property anywhere, if what is said since leaves it at that."""
    at, says = chain.sides[0].span.start, IMPLIED_BY[prop]
    if name in around.arbitrary(chain.section, at) or around.defined(name, chain.section, at):
        return False
    doubtful = (f for f in around.note.predicates if f.at < at)
    facts = (f for f in (*around.note.facts, *doubtful) if f.says in says and f.lasts)
    told = {(n, f.section, f.at) for f in facts for n in map(around.name, f.names)}
    for c in around.note.chains:
        match c.sides[0].syntax:
            case Letter(name=own) if not EQUALS.isdisjoint(c.relations[:1]) and _labels(c.words, prop):
                told.add((around.name(own), c.section, c.sides[0].span.start))
    anew = at if _doubts(chain.words, prop) else max((p.at for p in around.said(name, chain.section, at)), default=-1)
    near = ((s, place) for n, s, place in told if n in (name, stem(name)))
    ended = len(chain.section)  # a part of this section that is over, such as an example, keeps its properties to itself
    return any(s == chain.section[: len(s)] or (anew < place < at and s[:ended] != chain.section) for s, place in near)


def _labels(words: str, prop: str) -> bool:
    """Tell whether the words right in front of a formula say that it has a property, and deny nothing."""
    return _names(words.rpartition(MARK)[2][-LABEL:], prop) and not _withdraws(words)


def _doubts(words: str, prop: str) -> bool:
    """Tell whether the words in front of a formula wish, deny or suppose a property."""
    return _names(words, prop) and _withdraws(words)


def _names(words: str, prop: str) -> bool:
    return NAMED[prop].search(words) is not None


def _withdraws(words: str) -> bool:
    return pattern("not", "without", "waive", "waive-behind", "if", "if-behind").search(words) is not None
