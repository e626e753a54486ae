r"""Conditions that a note states once and rests on later: $U^T U = I$, labels that sum to one, columns that are orthonormal.

They are no property of a single letter that a reading could take in; where they may bear on a step, it is not called wrong.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from mdderive.document.blocks import Section
from mdderive.latex import syntax
from mdderive.latex.letters import base_letter
from mdderive.latex.notation import EQUALS
from mdderive.latex.parse import parse
from mdderive.latex.syntax import Syntax, has, walk
from mdderive.model.properties import PROPERTIES
from mdderive.model.results import Settings
from mdderive.model.source import Source
from mdderive.reading.called import with_what_words_call
from mdderive.reading.chains import Chain, note_of
from mdderive.reading.claims import claiming, names_only
from mdderive.reading.discourse import EVERYWHERE, Reach
from mdderive.reading.factorisations import factors
from mdderive.reading.facts import ORTHOGONAL, Fact
from mdderive.reading.lexicon import LANGUAGES, any_of, pattern
from mdderive.reading.mirrored import NORMAL, mirrored, spreads
from mdderive.reading.shown_by_form import letter_name, letters, renamed
from mdderive.reading.surroundings import Surroundings
from mdderive.reading.writings import announced, written

_SENTENCE_ENDS = re.compile(r"[.!](?=\s)|[。！]|\n\s*\n")
# In which orthonormal columns cancel.
_TURNED = (syntax.Turned, syntax.Inverse, syntax.Norm, syntax.Inner, syntax.Bars, syntax.Star)
_MOVING = (syntax.Derivative, syntax.SecondDerivative, syntax.Differential, syntax.Kronecker, syntax.Hadamard)
_NORMALISING = frozenset({"exp", "log"})
Sides = Sequence[Syntax | None]
Spoken = Literal["orthonormal", "eigenvectors", "one-hot"]


@dataclass(frozen=True, slots=True)
class Supposed:
    """An equation that is supposed, where, and in which line that is said."""

    sides: tuple[Syntax, Syntax]
    section: Section
    reach: Reach
    line: int


@dataclass(frozen=True, slots=True)
class Premises:
    """Whether the words of a note speak of labels, of bases, of Gaussians, of what they do not say of which letters.

    `turned` is what they say of letters that are orthogonal, or have orthonormal columns.
    """

    one_hot: bool
    orthonormal: bool
    gaussian: bool
    eigen: bool
    turned: tuple[Fact, ...] = ()

    def bear_on(self, left: Syntax, right: Syntax, values: Iterable[Syntax], turned: AbstractSet[str]) -> frozenset[Spoken]:
        """Return what a step may rest on that the words speak of.

        `values` are what its letters are defined as; `turned` are those of which it is not taken back that they are orthogonal.
        """
        names = {*letters(left), *letters(right)}
        every = (left, right, *values)
        found: set[Spoken] = set()
        orthonormal = self.orthonormal or not turned.isdisjoint(names)
        if orthonormal and not any(has(side, *_MOVING) for side in (left, right)):
            found |= {"eigenvectors"} if self.eigen and _small(names) else set()
            found |= {"orthonormal"} if any(has(side, *_TURNED) for side in every) else set()
        nodes = (n for side in every for n in walk(side))
        if self.one_hot and any(isinstance(n, syntax.Call) and not n.primes and n.function in _NORMALISING for n in nodes):
            found.add("one-hot")
        return frozenset(found)

    def still_turned(self, around: Surroundings, section: Section, at: int) -> set[str]:
        """Return the letters that are said to be turned, wherever that is, if nothing took it back before a place."""
        told = ((f, frozenset(map(around.name, f.names))) for f in self.turned)
        return {n for f, names in told if not around.released(f.reach.start, names, section, at) for n in names}

    def covariances(self, names: Iterable[str]) -> frozenset[str]:
        r"""Return the letters that stand for a covariance: $\Sigma$, where the note speaks of Gaussians."""
        return frozenset(n for n in names if self.gaussian and n.partition("_")[0] == r"\Sigma")


@cache
def _labels() -> re.Pattern[str]:
    be, one, others, sums = (any_of(LANGUAGES, meaning) for meaning in ("be", "one-entry", "other-entries", "adds-up"))
    entries = rf"{one}{be}\s*\$?1|{others}{be}\s*\$?0|{sums}\s+\$?1"
    return re.compile(f"{any_of(LANGUAGES, 'probability vector')}|{entries}", re.IGNORECASE)


def premises(text: str) -> Premises:
    """Return what the words of a note speak of."""
    gaussian = NORMAL.search(text) or pattern("gaussian").search(text)
    told = (_labels().search(text), pattern("orthonormal").search(text), gaussian, pattern("spectral").search(text))
    one_hot, orthonormal, gaussians, eigen = (found is not None for found in told)
    return Premises(one_hot, orthonormal, gaussians, eigen)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A note with what is known of it before anything is judged: what it supposes, and what it rests on later.

    What is `bound` it says of letters, and nothing tells whether it claims or supposes it.
    """

    around: Surroundings
    supposed: tuple[Supposed, ...]
    bound: tuple[Supposed, ...]
    premises: Premises


def prepared(source: Source, settings: Settings) -> Prepared:
    """Return a text as a note that can be judged."""
    note = note_of(source, tex=source.latex, declared=settings.declare)
    chains = tuple(with_what_words_call(note.chains))
    note = replace(note, chains=chains, facts=(*note.facts, *factors(chains), *spreads(chains), *mirrored(chains)))
    around = Surroundings(note, settings.layout, settings.functions)
    around.announced = [found for chain in note.chains if (found := announced(chain, around)) is not None]
    facts = (_said(fact, around.name, source.place(fact.at).line) for fact in note.facts)
    equations = [(chain, written(chain, around)) for chain in note.chains if not EQUALS.isdisjoint(chain.relations)]
    stated = (found for equation in equations for says in (_supposed, _normalised) for found in says(*equation, source))
    supposed = (*(found for found in facts if found is not None), *stated)
    bound = (found for equation in equations for found in _bound(*equation, source))
    turned = [fact for fact in note.facts if fact.says in (*ORTHOGONAL, "perpendicular")]
    told = tuple(fact for fact in turned if fact.says in ORTHOGONAL)
    return Prepared(around, supposed, tuple(bound), replace(premises(_vague(source.text, turned)), turned=told))


def _vague(text: str, turned: Iterable[Fact]) -> str:
    """Return a text without the sentences that say of which letters they speak: those bear on no other letter."""
    for fact in turned:
        found = _SENTENCE_ENDS.search(text, fact.at)
        end = found.start() if found else len(text)
        if not pattern("spectral").search(text, fact.at, end):
            text = text[: fact.at] + " " * (end - fact.at) + text[end:]
    return text


def _supposed(chain: Chain, sides: Sides, source: Source) -> Iterator[Supposed]:
    r"""Yield what a chain supposes, such as $\mathbf{1}^T y = 1$, unless it gives names."""
    if not chain.reach.granted or chain.skipped:
        return
    for k, relation in enumerate(chain.relations, 1):
        left, right = sides[k - 1], sides[k]
        if relation not in EQUALS or left is None or right is None or (chain.act == "where" and claiming(left, right)):
            continue
        if left != right and not (names_only([left]) and letter_name(left) not in set(letters(right))):
            line = source.place(chain.sides[k].span.start).line
            yield Supposed((left, right), chain.section, chain.reach, line)


def _normalised(chain: Chain, sides: Sides, source: Source) -> Iterator[Supposed]:
    r"""Yield what a chain says of weights that sum to one, `\sum_k y_k = 1`: that ties them anywhere in its section."""
    if not chain.speaks or chain.skipped:
        return
    for k, (relation, left, right) in enumerate(zip(chain.relations, sides, sides[1:], strict=False), 1):
        match relation, left, right:
            case "=", syntax.OverIndex((syntax.Indexed((syntax.Letter(),)),), how="sum"), syntax.Number(digits="1"):
                reach = EVERYWHERE if chain.act in ("", "assert", "where") else chain.reach
                yield Supposed((left, right), chain.section, reach, source.place(chain.sides[k].span.start).line)


def _bound(chain: Chain, sides: Sides, source: Source) -> Iterator[Supposed]:
    """Yield what a chain says of its letters anywhere in its section, such as $U^T U = I$."""
    for k, (a, relation, b) in enumerate(zip(sides, chain.relations, sides[1:], strict=False), 1):
        if relation in EQUALS and a is not None and b is not None and _binds(a, b) and chain.speaks:
            yield Supposed((a, b), chain.section, EVERYWHERE, source.place(chain.sides[k].span.start).line)


def _said(fact: Fact, name: Callable[[str], str], line: int) -> Supposed | None:
    """Return what a property states of its letters, if that is an equation."""
    row = PROPERTIES.get(fact.says)
    if row is None or row.drawn or row.meaning is None:
        return None
    names = dict(zip("AB", map(name, fact.names), strict=False))
    left, right = (
        renamed(s, lambda n: names.get(n, n)) if isinstance(s := parse(side), Syntax) else None for side in row.meaning
    )
    return Supposed((left, right), fact.section, fact.reach, line) if left is not None and right is not None else None


def _small(names: Iterable[str]) -> bool:
    """Tell whether some letter may be a vector or an eigenvalue."""
    return any(base_letter(name).lstrip("\\").islower() for name in names)


def _binds(left: Syntax, right: Syntax) -> bool:
    """Tell whether an equation says of its letters what `U^T U = I` and `H^2 = H` say."""
    match left, right:
        case _, syntax.Identity():
            return has(left, syntax.Transpose) and not has(left, syntax.Inverse, syntax.InverseTranspose, syntax.Over)
        case syntax.Power((syntax.Letter() as base, _)), syntax.Letter():
            return base == right
    return False
