"""What a note defines and where, which of it counts at a place, and what a section goes on with of what closed ones say."""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from mdderive.document.blocks import Section
from mdderive.latex.syntax import Syntax
from mdderive.reading.collecting import Placed
from mdderive.reading.dependence import AHEAD, moved, step_of, steps_between
from mdderive.reading.shown_by_form import letters, renamed

MANY = 3  # letters that closed sections define, of which a section speaks that goes on with them


@dataclass(frozen=True, slots=True)
class Defined:
    """A definition, where it stands and in which section; `unsure` where its reading is a guess.

    A function that keeps its argument is defined by its value at a `parameter`; a number that is put in holds `until` a place.
    """

    name: str
    value: Syntax
    section: Section
    at: int
    unsure: bool = False
    parameter: str = ""
    until: int = sys.maxsize


def effective(found: list[Defined], section: Section, at: int, before: bool) -> list[Defined]:
    """Return the definitions of one name that are in force at a place, the latest last."""
    found = [d for d in found if at <= d.until]
    own = [d for d in found if d.section == section[: len(d.section)]]
    earlier = [d for d in own if d.at < at]
    if before:
        return earlier
    if not own:
        return [d for d in found if d.at < at]
    return [*(d for d in own if at < d.at <= at + AHEAD and d.section == section), *earlier]


def stepped(name: str, definitions: Iterable[Defined], section: Section, at: int) -> list[Defined]:
    """Return the definition of a letter some steps on, `z_{l+1}`, by what one says of a step, `z_l = W_l a_{l-1} + b_l`.

    What rests on a later step, as in a recursion backwards, says nothing of the next.
    """
    same = {d: by for d in definitions if not d.parameter and (by := steps_between(d.name, name)) is not None and by > 0}
    for found in effective([*same], section, at + 1, True)[-1:]:
        of = step_of(found.name)
        steps = [step for n in letters(found.value) if (step := step_of(n)) is not None]
        if of is not None and all(step.step <= of.step for step in steps if step.index == of.index):
            value = renamed(found.value, partial(moved, index=of.index, by=same[found]))
            return [replace(found, name=name, value=value)]
    return []


def taken_up(
    section: Section,
    spoken_of: Collection[str],
    definitions: Iterable[Defined],
    clues: Mapping[str, Sequence[Placed]],
) -> frozenset[str]:
    """Return the letters that closed sections alone define or introduce, each in one way, where a section goes on with them.

    `spoken_of` are the letters of its formulas, `definitions` those of the note.
    """

    def open_here(other: Section) -> bool:
        return other == section[: len(other)]

    defined: dict[str, list[Defined]] = {}
    for definition in definitions:
        defined.setdefault(definition.name, []).append(definition)
    own = {n for n, some in defined.items() if any(open_here(d.section) for d in some)}
    own |= {n for n, some in clues.items() if any(open_here(p.section) for p in some)}
    once = {n for n, some in defined.items() if len({d.value for d in some}) == 1} - own
    if len(once & {*spoken_of}) < MANY:
        return frozenset()
    told = {n for n, some in clues.items() if len({(p.clue.kind, p.clue.shape, p.clue.supposed) for p in some}) == 1}
    return frozenset(once | (told - own - defined.keys()))
