r"""What a note says that a letter is a function of: `y = f(u)`, `L(x, t)`, "L depends on x through z", h_t = f(h_{t-1}, x_t).

Such a formula gives no value: of the function nothing is known, and any may be meant. The words are rows of the lexicon.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from mdderive.document.blocks import Section
from mdderive.latex.applications import NO_NAMES, undressed, whole_application
from mdderive.latex.notation import EQUALS
from mdderive.latex.occurrences import occurrences_of
from mdderive.latex.relations import Sentence
from mdderive.latex.syntax import Letter
from mdderive.model.source import Span
from mdderive.model.traced import Traced
from mdderive.reading.lexicon import any_of
from mdderive.reading.membership import bare_names
from mdderive.reading.prose import HOLE, WITHIN
from mdderive.reading.statements import canonical

AHEAD = 600  # characters
_STEP = re.compile(r"(?P<letter>[^_]+)_\{?(?P<opened>[\[(]?)(?P<index>[a-z])(?P<step>[-+]\d)?(?P<closed>[\])]?)\}?")
MOST = 3  # lists of letters behind the one that is spoken of


@dataclass(frozen=True, slots=True)
class AtStep:
    """A letter at a step of an index, `z_{l+1}`, `W_{[l]}`: `step` is how many behind it."""

    letter: str
    opened: str
    index: str
    step: int
    closed: str

    def moved(self, by: int) -> str:
        """Return the name of the letter some steps on."""
        step = self.step + by
        below = f"{self.opened}{self.index}{f'{step:+}' if step else ''}{self.closed}"
        return f"{self.letter}_{below}" if len(below) == 1 else f"{self.letter}_{{{below}}}"


def step_of(name: str) -> AtStep | None:
    """Return the step that a letter is at; None where it is at none."""
    found = _STEP.fullmatch(name)
    return AtStep(found["letter"], found["opened"], found["index"], int(found["step"] or 0), found["closed"]) if found else None


def steps_between(one: str, other: str) -> int | None:
    """Return how many steps on from one letter another is, which is the same at another step; None where it is not."""
    a, b = step_of(one), step_of(other)
    if a is None or b is None or replace(a, step=b.step) != b or a.step == b.step:
        return None
    return b.step - a.step


def moved(name: str, index: str, by: int) -> str:
    """Return a letter some steps of an index on; as it is where it has not that index."""
    own = step_of(name)
    return own.moved(by) if own is not None and own.index == index else name


@dataclass(frozen=True, slots=True)
class Dependence:
    """What a letter is a function of, in which section and where that is said; `function` is its name, if it has one."""

    name: str
    arguments: tuple[str, ...]
    section: Section
    at: int
    function: str = ""

    def renamed(self, name: Callable[[str], str]) -> "Dependence":
        """Return it with its letters renamed."""
        return replace(self, name=name(self.name), arguments=tuple(map(name, self.arguments)), function=name(self.function))


@dataclass(frozen=True, slots=True)
class Dependences:
    """All that a note says so."""

    said: Sequence[Dependence] = ()

    def says(self, name: str, function: str, at: int) -> bool:
        """Tell whether a letter is said at a place to be the value of a function."""
        return any(d.at == at and (d.name, d.function) == (name, function) for d in self.said)

    def of(self, name: str, section: Section, at: int) -> Dependence | None:
        """Return what is said of a letter that counts at a place."""
        found = _in_force([d for d in self.said if d.name == name], section, at)
        return found[-1] if found else self._shifted(name, section, at)

    def _shifted(self, name: str, section: Section, at: int) -> Dependence | None:
        """Return what is said of a letter at another step: what `z_{k+1} = f(z_k)` says of `z_k`."""
        own = step_of(name)
        index = own.index if own is not None else ""
        same = {d: by for d in self.said if (by := steps_between(d.name, name)) is not None}
        found = [d for d in same if any(moved(a, index, 1) != a for a in d.arguments)]
        for said in _in_force(found, section, at)[-1:]:
            return replace(said, name=name, arguments=tuple(moved(a, index, same[said]) for a in said.arguments), function="")
        return None

    def arguments(self, name: str, section: Section, at: int) -> tuple[str, ...]:
        """Return what a letter is a function of at a place, by a closed section if no other says so; nothing where none does."""
        found = self.of(name, section, at) or next((d for d in self.said[::-1] if d.name == name and d.at < at), None)
        return found.arguments if found is not None else ()

    def at(self, name: str, at: int) -> tuple[str, ...]:
        """Return the arguments at which a function stands at a place; none where that is not told."""
        return next((d.arguments for d in self.said if d.name == name and d.at == at), ())

    def value(self, function: str, section: Section, at: int) -> Letter | None:
        """Return the one letter that is the value of a function of which nothing is known: the y of `y = f(u)`."""
        found = _in_force([d for d in self.said if d.function == function != d.name], section, at)
        values = {d.name for d in found}
        return Letter(Span(0, 0), values.pop()) if len(values) == 1 else None


def _in_force(found: Sequence[Dependence], section: Section, at: int) -> list[Dependence]:
    """Return what counts at a place: what stands above it in its section or those around, else soon below."""
    own = [d for d in found if d.section == section[: len(d.section)]]
    return [d for d in own if d.at < at] or [d for d in own if d.at <= at + AHEAD and d.section == section]


def in_formula(text: Traced, sentences: Iterable[Sentence], section: Section) -> Iterator[Dependence]:
    """Yield what the statements of a formula say: `y = f(u)`, `f(x, y)` alone, or on the left of its value."""
    for sentence in sentences:
        sides = [side.text[side.span.start : side.span.end].strip() for side in sentence.sides]
        at = text.span(sentence.sides[0].span).start
        first = _application(sides[0])
        if first is not None and (len(sides) == 1 or sentence.relations[0] in EQUALS):
            yield Dependence(*first, section, at, first[0])
        elif len(sides) == 2 and sentence.relations[0] in EQUALS and (name := canonical(sides[0])):
            value = _application(sides[1]) or _application(undressed(sides[1], _inner(sides[1])))
            if value is not None:
                yield Dependence(name, value[1], section, at, value[0])


def _inner(text: str) -> frozenset[str]:
    """Return the functions whose value another is applied to: the g of `f(g(x))`, and no f."""
    found = next(iter(occurrences_of(text).applications), None)
    return frozenset({found.name}) if found is not None and found.span.start > 0 else frozenset()


def _application(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the function and its arguments, where a text is nothing but a function of letters of which nothing is known."""
    found = whole_application(text)
    name = canonical(found.name) if found is not None and not found.moved else None
    if found is None or name is None or found.name in NO_NAMES:
        return None
    arguments = [canonical(argument) for argument in found.arguments]
    return (name, tuple(a for a in arguments if a)) if all(arguments) and name not in arguments else None


@lru_cache
def _pattern(spoken: tuple[str, ...]) -> Mapping[str, re.Pattern[str]]:
    joins = any_of(spoken, "and")
    names = rf"{HOLE}(?:(?:\s*[,，、]\s*{HOLE}){{1,6}}(?:\s*[,，、]?\s*{joins}\s*{HOLE})?|\s*{joins}\s*{HOLE})?"  # no new clause
    clause = rf"{names}(?:{WITHIN}{{1,40}}?{names}){{1,{MOST}}}{WITHIN}{{0,20}}"
    words = {"clause": clause, "names": names, "depend": any_of(spoken, "depend"), "not": any_of(spoken, "not", "without")}
    words["through"] = any_of(spoken, "through") + rf"{WITHIN}{{0,8}}$"
    words["behind"] = rf"\s*{any_of(spoken, 'through-behind')}"
    return {meaning: re.compile(pattern, re.IGNORECASE) for meaning, pattern in words.items()}


def in_words(words: str, formulas: Sequence[Traced], section: Section, spoken: tuple[str, ...]) -> Iterator[Dependence]:
    """Yield what a paragraph says; `words` has a mark in place of each of its formulas."""
    patterns = _pattern(spoken)
    for clause in patterns["clause"].finditer(words):
        lists = list(patterns["names"].finditer(clause[0]))
        gaps = [clause[0][a.end() : b.start()] for a, b in pairwise(lists)]
        gaps.append(clause[0][lists[-1].end() :])
        said = next((i for i, gap in enumerate(gaps) if patterns["depend"].search(gap)), -1)
        if said < 0 or any(patterns["not"].search(gap) for gap in gaps[: said + 1]):
            continue
        holes = [[formulas[int(hole)] for hole in re.findall(HOLE, found[0])] for found in lists]
        names = [tuple(n for formula in some for n in bare_names(formula.text)) for some in holes]
        behind = {i for i, gap in enumerate(gaps) if patterns["behind"].match(gap)}
        through = {i for i in range(1, len(names)) if i in behind or patterns["through"].search(gaps[i - 1])}
        last = said + 2
        while last < len(names) and through & {last - 1, last}:
            last += 1
        names, through = names[:last], {i for i in through if i < last}
        ends = tuple(n for i in range(1, len(names)) if i not in through for n in names[i])
        between = tuple(n for i in sorted(through) for n in names[i])
        at = holes[0][0].span(Span(0, 0)).start
        yield from (Dependence(n, between or ends, section, at) for n in names[0] if between or ends)
        yield from (Dependence(n, ends, section, at) for n in between if ends)
