"""The ways to read the sides of a chain where it stands, the likeliest first: with definitions, without, with those below.

The work is bounded by the number of readings; where not all were tried, that is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from mdderive.document.blocks import Section
from mdderive.latex.syntax import MOVING, Syntax, has
from mdderive.reading.collecting import Placed
from mdderive.reading.known import Grounds, Known
from mdderive.reading.readings import Read, Unfit, read, readings, varied
from mdderive.reading.shown_by_form import Uses, letters
from mdderive.reading.surroundings import Surroundings

MAX_FITTED, MAX_MISFITS = 12, 24


def candidates(around: Surroundings, sides: Sequence[Syntax | None], grounds: Grounds) -> Iterator[Read | Unfit | None]:
    """Yield the sides as they are read, or why a reading fails; None where the bound on the readings is met."""
    present = [s for s in sides if s is not None]
    uses = Uses.of(present)
    names = [n for s in present for n in letters(s)]
    counted = 0
    for known in _knowns(around, names, grounds, uses, ahead=len(sides) > 2 or any(has(s, *MOVING) for s in present)):
        known = replace(known, premises=grounds.premises)
        misfits = 0
        done: dict[tuple[object, ...], Read] = {}
        unfit: list[Unfit] = []
        every = (*present, *known.definitions.values())
        for reading in readings(every, *_open(names, (*present, *grounds.beside), known)):
            key = reading.key
            if any(learned.rules_out(reading) for learned in unfit):
                continue
            if counted >= grounds.limit:
                yield None
                break
            counted += key not in done
            found = done[key] if key in done else read(sides, known, reading)
            if isinstance(found, Unfit):
                unfit.append(found)
                misfits += 1
                if misfits > MAX_MISFITS:
                    yield None
                    break
                yield found
                continue
            done[key] = found
            yield varied(found, reading)


def contradicted(around: Surroundings, value: Syntax, section: Section, at: int) -> Placed | None:
    """Return what the words say of one letter of a definition with which its value does not fit, while without it it does."""
    known = around.known(tuple(letters(value)), Uses.of([value]), Grounds(section, at))
    if not known.symbols or _fits(value, known):
        return None
    without = {name: {n: s for n, s in known.symbols.items() if n != name} for name in known.symbols}
    fitting = [name for name, others in without.items() if _fits(value, replace(known, symbols=others))]
    return around.said(fitting[0], section, at)[-1] if len(fitting) == 1 else None


def _fits(value: Syntax, known: Known) -> bool:
    tried = readings([value], *_open([*letters(value)], [value], known))
    return any(
        isinstance(r, Read) and not r.misfits
        for r in (read([value], known, t) for t in islice(tried, MAX_FITTED) if not t.unsized and not t.cost)
    )


def _open(names: Sequence[str], present: Sequence[Syntax], known: Known) -> tuple[list[str], Known, Uses]:
    """Return the letters that are left open, with all their uses."""
    inner = [n for value in known.definitions.values() for n in letters(value)]
    every = dict.fromkeys((*names, *inner, *(a for v in known.depends.values() for a in v)))
    closed = known.definitions.keys() | known.functions | {"e", r"\pi"}
    return [n for n in every if n not in closed], known, Uses.of((*present, *known.definitions.values()))


def _knowns(around: Surroundings, names: Sequence[str], grounds: Grounds, uses: Uses, *, ahead: bool) -> Iterator[Known]:
    """Yield what may be taken as known: with definitions, without those of letters that vary, nearest, none, also below."""
    full = around.known(names, uses, grounds)
    yield full
    tried = [full.definitions.keys()]
    near = {n for n, _ in uses.differentiated} | uses.moved
    given = frozenset(full.definitions)
    skips = (frozenset(uses.variables | uses.moved | (given & uses.transposed)) - {""}, given - near, given)
    for skip, below in (*((skip, False) for skip in skips if given), (frozenset[str](), ahead)):
        known = around.known(names, uses, grounds, skip, ahead=below)
        if known.definitions.keys() not in tried:
            tried.append(known.definitions.keys())
            yield known
