"""The ways to read the sides of a chain where it stands, the likeliest first: with definitions, without, with those below.

The work is bounded by the number of readings; where not all were tried, that is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from mdderive.document.blocks import Section
from mdderive.latex.notation import RESERVED
from mdderive.latex.syntax import MOVING, Syntax, has, rewritten
from mdderive.model.shapes import ONE, Shape
from mdderive.reading.choices import readings
from mdderive.reading.collecting import Placed
from mdderive.reading.known import Grounds, Known
from mdderive.reading.readings import MAX_COST, NATURAL, Read, Reading, Unfit, read, varied
from mdderive.reading.shown_by_form import Uses, letters
from mdderive.reading.surroundings import Surroundings

MAX_FITTED, MAX_MISFITS = 12, 24


@dataclass(frozen=True, slots=True)
class Untried:
    """The bound on the readings is met: some are left, only far-fetched ones if `far`."""

    far: bool


def candidates(around: Surroundings, sides: Sequence[Syntax | None], grounds: Grounds) -> Iterator[Read | Unfit | Untried]:
    """Yield the sides as they are read, or why a reading fails; the far-fetched ones come last, whatever is known.

    None of all that is known is given up before the sides fit each other in some reading that heeds it.
    """
    present = [s for s in sides if s is not None]
    uses = Uses.of(present)
    names = [n for s in present for n in letters(s)]
    knowns = _knowns(around, names, grounds, uses, ahead=len(sides) > 2 or any(has(s, *MOVING) for s in present))
    every = [_Tried(_granted(known, grounds), sides, [*grounds.beside]) for known in knowns]
    counted = 0
    for far in (False, True):
        for i, tried in enumerate(every):
            for reading in tried.waiting(far=far, until_fitting=i == 0):
                found, new = tried.read(reading) if counted < grounds.limit else (Untried(far), 0)
                counted += new
                if isinstance(found, Unfit) and tried.misfits > MAX_MISFITS:
                    found = Untried(far)
                if isinstance(found, Read) and not _as_declared(found):
                    continue
                if isinstance(found, Read) or not tried.known.past:
                    yield found
                if isinstance(found, Untried):
                    break


class _Tried:
    """The readings of some sides where something is known, and what became of those that were tried."""

    def __init__(self, known: Known, sides: Sequence[Syntax | None], beside: Sequence[Syntax]) -> None:
        self.known, self.sides = known, sides
        present = [s for s in sides if s is not None]
        names = [n for s in present for n in letters(s)]
        every = (*present, *known.definitions.values())
        self.left = [*readings(every, *_open(names, (*present, *beside), known))]
        self.misfits = 0
        self.fitting = MAX_COST  # what the first costs in which all sides fit
        self.done: dict[tuple[object, ...], Read] = {}
        self.unfit: list[Unfit] = []

    def waiting(self, *, far: bool, until_fitting: bool) -> Iterator[Reading]:
        """Yield the readings that are left and that no misfit rules out, those that are far-fetched only if `far`."""
        while self.left and (far or self.left[0].cost <= max(NATURAL, self.fitting + 1 if until_fitting else 0)):
            reading = self.left.pop(0)
            if not any(learned.rules_out(reading) for learned in self.unfit):
                yield reading

    def read(self, reading: Reading) -> tuple[Read | Unfit, bool]:
        """Return the sides in a reading, and whether they were not read so before."""
        known = self.done.get(reading.key)
        if known is not None:
            return varied(known, reading), False
        found = read(self.sides, self.known, reading)
        if isinstance(found, Unfit):
            self.unfit.append(found)
            self.misfits += 1
            return found, True
        self.done[reading.key] = found
        if not found.misfits:
            self.fitting = min(self.fitting, reading.cost)
        return varied(found, reading), True


def _granted(known: Known, grounds: Grounds) -> Known:
    """Return what is known where more is granted, and definitions are written otherwise."""
    change = grounds.change
    definitions = {n: rewritten(v, change) for n, v in known.definitions.items()} if change else known.definitions
    return replace(known, premises=grounds.premises, definitions=definitions)


def contradicted(around: Surroundings, value: Syntax, section: Section, at: int) -> Placed | None:
    """Return what the words say of one letter of a definition with which its value does not fit, while without it it does."""
    known = around.known(tuple(letters(value)), Uses.of([value]), Grounds(section, at))
    if not known.symbols or _fits(value, known):
        return None
    without = {name: {n: s for n, s in known.symbols.items() if n != name} for name in known.symbols}
    fitting = [name for name, others in without.items() if _fits(value, replace(known, symbols=others))]
    said = around.said(fitting[0], section, at)[-1] if len(fitting) == 1 else None
    return None if said is None or said.clue.member else said


def _fits(value: Syntax, known: Known) -> bool:
    tried = readings([value], *_open([*letters(value)], [value], known))
    return any(
        isinstance(r, Read) and not r.misfits
        for r in (read([value], known, t) for t in islice(tried, MAX_FITTED) if not t.unsized and not t.cost)
    )


def _as_declared(found: Read) -> bool:
    """Tell whether what is defined is a number, a column or row, or a matrix as the words say of its letter.

    It is not square where they say that it is oblong.
    """
    values = found.context.definitions
    pairs = [(values[n].shape, said) for n, said in found.known.shapes.items() if n in values]
    return all(_dimensions(own) == _dimensions(said) and (own.rows != own.cols or said.rows == said.cols) for own, said in pairs)


def _dimensions(shape: Shape) -> int:
    return sum(size != ONE for size in shape)


def _open(names: Sequence[str], present: Sequence[Syntax], known: Known) -> tuple[list[str], Known, Uses]:
    """Return the letters that are left open, with all their uses."""
    inner = [n for value in known.definitions.values() for n in letters(value)]
    every = dict.fromkeys((*names, *inner, *(a for v in known.depends.values() for a in v)))
    uses = Uses.of((*present, *known.definitions.values()))
    numbers = RESERVED - uses.transposed  # nobody transposes a number
    closed = known.definitions.keys() | known.functions | numbers
    return [n for n in every if n not in closed], known, uses


def _knowns(around: Surroundings, names: Sequence[str], grounds: Grounds, uses: Uses, *, ahead: bool) -> Iterator[Known]:
    """Yield what may be taken as known: with definitions, without those of letters that vary, nearest, none, also below, past."""
    past = around.past(names, grounds.section, grounds.at)
    full = around.known(names, uses, grounds, past)
    yield full
    tried = [full.definitions.keys()]
    near = {n for n, _ in uses.differentiated} | uses.moved
    given = frozenset(full.definitions)
    skips = (uses.moving | (given & uses.transposed) - {""}, given - near, given)
    for skip, below in (*((skip, False) for skip in skips if given), (frozenset[str](), ahead)):
        known = around.known(names, uses, grounds, skip | past, ahead=below)
        if known.definitions.keys() not in tried:
            tried.append(known.definitions.keys())
            yield known
    if past:
        yield replace(around.known(names, uses, grounds), past=True)
