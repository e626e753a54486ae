r"""Names of several letters: `MSE` in `MSE = \frac{1}{n} \|y - X w\|^2` is a name, no product, as is `\text{Loss}(w)` there.

Such a name stands alone on a side of an equation, applied to something or not. Where it has no font, two of its letters stand
nowhere else, or one of three capitals or more: `XYZ = I` is a product. Names of known functions are none.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from mdderive.latex.notation import EQUALS, FONTS, LONG, NAMES, TEXTS
from mdderive.latex.relations import Sentence
from mdderive.latex.tokens import formula_tokens, partners
from mdderive.model.diagnostics import Refusal
from mdderive.model.source import Span
from mdderive.model.traced import Part, Traced

_BEHIND = re.compile(r"\s*(?:_(?:\w|\{[^{}]*\})\s*)?(?:\\left\s*)?(?:\((?:[^()=]|\([^()=]*\))*\))?\s*&?\s*")
_WORDS = TEXTS | {LONG, r"\mathsf", r"\mathtt", r"\textit", r"\textsf", r"\texttt"}
_OTHERS = FONTS - _WORDS
_SPELLED = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(_WORDS, reverse=True)))})\s*\{{\s*[A-Za-z]{{2,}}\s*\}}|[A-Za-z]{{2,}}"
)
_MOST = 16  # letters of a name
_APART = 2  # letters of a name without font that no other formula has
# What is said with a word and is known to mathematics, though not to the reader.
_MEANT = frozenset(
    "rank dim span ker im range null Var var Cov cov Pr vech argmax argmin mod const prox proj Hom Tr Re Im".split()
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """Letters that stand together, in a font for words or in none, and where."""

    name: str
    span: Span
    dressed: bool


def long_names(formulas: Iterable[tuple[str, tuple[Sentence, ...]]]) -> frozenset[str]:
    """Return the names of several letters that some formulas give a value."""
    found: set[Spelled] = set()
    bare: set[str] = set()
    for text, sentences in formulas:
        every = spelled(text)
        bare |= {one.name for one in every if not one.dressed}
        sides = {s.sides[0].span.start: s.sides[0].span.end for s in sentences if s.relations and s.relations[0] in EQUALS}
        starts = (one for one in every if one.span.start in sides and len(one.name) > 1)
        found |= {one for one in starts if _BEHIND.fullmatch(text, one.span.end, sides[one.span.start])}
    sure = {one.name for one in found if one.dressed and _may_name(one.name)}
    loose = {one.name for one in found if _may_name(one.name) and (len(one.name) > 2 or one.name.isupper())}
    turned = Counter("".join(sorted(name)) for name in loose)
    loose = {name for name in loose if turned["".join(sorted(name))] == 1}  # AB = BA is about A and B
    others = {run for run in bare - NAMES.keys() if _differential(run, loose) not in loose and not _is_initials(run)}
    apart = {letter for run in others for letter in run}
    named = sure | {name for name in loose if len({*name} - apart) >= (1 if _is_initials(name) else _APART)}
    beside = {run for run in bare - NAMES.keys() if _is_initials(run) and apart.isdisjoint(run)}  # ESS beside RSS
    return frozenset(named | (beside if any(map(_is_initials, named)) else set()))


def upright(text: Traced, names: frozenset[str]) -> Traced:
    """Return a formula with these names in a font of their own, behind the d of a differential too."""
    if not any(name in text.text for name in names):
        return text
    places = {one.span.start: one for one in spelled(text.text)}

    def parts(found: re.Match[str]) -> Iterable[Part] | None:
        one = places.get(found.start())
        name = _differential(one.name, names) if one is not None else ""
        if one is None or name not in names:
            return None
        start = text.text.index(name, found.start())
        moved = ["d "] if name != one.name else []
        return (*moved, LONG + "{", (start, start + len(name)), "}", (one.span.end, found.end()))

    return text.replaced(_SPELLED, parts)


def spelled(text: str) -> tuple[Spelled, ...]:
    """Return the letters that stand together in a formula; none in what is no LaTeX."""
    try:
        return tuple(_spelled(text))
    except Refusal:
        return ()


def _spelled(text: str) -> Iterator[Spelled]:
    stream = formula_tokens(text)
    at, closes = 0, partners(stream)
    while at < len(stream):
        token, last = stream[at], at
        if token.kind == "command" and token.text in _WORDS | _OTHERS and stream[at + 1].text == "{":
            last = closes.get(at + 1, at)
            inner = stream[at + 2 : last]
            if token.text in _WORDS and inner and all(t.kind == "letter" for t in inner):
                yield Spelled("".join(t.text for t in inner), token.span.join(stream[last].span), dressed=True)
        elif token.kind == "letter":  # a stop comes last
            while stream[last + 1].kind == "letter" and stream[last].span.end == stream[last + 1].span.start:
                last += 1
            span = token.span.join(stream[last].span)
            yield Spelled(text[span.start : span.end], span, dressed=False)
        at = last + 1


def _is_initials(run: str) -> bool:
    return len(run) > 2 and run.isupper()


def _may_name(name: str) -> bool:
    slope = name[:1] == "d" and name[1:] in NAMES  # `dsigmoid`, by whatever
    return not slope and name not in NAMES and name not in _MEANT and len(name) <= _MOST


def _differential(run: str, names: Set[str]) -> str:
    """Return letters without the d of a differential before a name."""
    return run[1:] if run[:1] == "d" and run[1:] in names else run
