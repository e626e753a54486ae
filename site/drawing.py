"""Rooms and arrows as a drawing (SVG): each floor above those it rests on, each arrow from a room to one that it imports from.

Lines and words have the colour of the text around them, so that the drawing is read on a light and on a dark page.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise, permutations

from rooms import direct, floors

WIDTH, STOREY, TALL, WIDE, PORT = 440, 62, 34, 92, 14
Passage = tuple[str, str, int]
"""Where a long arrow passes a floor between its ends."""
Place = str | Passage
Way = tuple[Place, ...]


def drawing(graph: Mapping[str, frozenset[str]], title: str) -> str:
    """Return the drawing; an arrow that longer ways imply is left out."""
    floor = floors(graph)
    ways = [_way(here, there, floor) for here, others in sorted(direct(graph).items()) for there in sorted(others)]
    storeys = arranged(floor, ways)
    across = {place: WIDTH * (i + 0.5) / len(storey) for storey in storeys for i, place in enumerate(storey)}
    top = {place: 4 + STOREY * (len(storeys) - 1 - level) for level, storey in enumerate(storeys) for place in storey}
    height = STOREY * (len(storeys) - 1) + TALL + 8
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">',
        '<defs><marker id="house-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="currentColor"/></marker></defs>',
        *_lines(ways, across, top),
        *(part for name in sorted(floor) for part in _box(name, across[name], top[name])),
        "</svg>",
    ]
    return "\n".join(parts)


def arranged(floor: Mapping[str, int], ways: Sequence[Way]) -> list[Way]:
    """Return the floors from the ground up, each in the order in which fewest arrows cross on the floor below."""
    storeys: list[list[Place]] = [
        [name for name in sorted(floor) if floor[name] == level + 1] for level in range(max(floor.values()))
    ]
    for way in ways:
        for passage in way[1:-1]:
            storeys[int(passage[2]) - 1].append(passage)
    steps = [step for way in ways for step in pairwise(way)]
    found: list[Way] = [tuple(storeys[0])]
    for storey in storeys[1:]:
        below = {place: i for i, place in enumerate(found[-1])}
        found.append(min(permutations(storey), key=lambda order, below=below: _tangle(order, below, steps)))
    return found


def _way(here: str, there: str, floor: Mapping[str, int]) -> Way:
    return (here, *((here, there, between) for between in range(floor[here] - 1, floor[there], -1)), there)


def _tangle(order: Sequence[Place], below: Mapping[Place, int], steps: Sequence[Way]) -> float:
    """Return how many arrows cross between two floors, and as a fraction how far they lean."""
    ends = [(order.index(here), below[there]) for here, there in steps if here in order and there in below]
    crossed = sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(ends) for c, d in ends[:i])
    lean = sum(abs((a + 0.5) / len(order) - (b + 0.5) / len(below)) for a, b in ends)
    return crossed + lean / 100


def _box(name: str, x: float, y: int) -> Iterator[str]:
    wide = max(WIDE, 9 * len(name) + 8)
    drawn = 'fill="none" stroke="currentColor"'
    yield f'<rect x="{x - wide / 2:g}" y="{y}" width="{wide}" height="{TALL}" rx="5" {drawn}/>'
    yield f'<text x="{x:g}" y="{y + 22}" text-anchor="middle" font-size="14" fill="currentColor">{escape(name)}</text>'


def _lines(ways: Sequence[Way], across: Mapping[Place, float], top: Mapping[Place, int]) -> Iterator[str]:
    """Yield the arrows, each by way of its passages; those that leave or reach one room stand side by side."""
    leaving = {name: _spread((way[1] for way in ways if way[0] == name), across) for name in across}
    reaching = {name: _spread((way[-2] for way in ways if way[-1] == name), across) for name in across}
    drawn = 'fill="none" stroke="currentColor" marker-end="url(#house-tip)"'
    for here, *passages, there in ways:
        x, y = across[here] + leaving[here][(*passages, there)[0]], top[here] + TALL
        path = f"M{x:g} {y}"
        for place in passages:
            path += _curve(x, y, across[place], top[place]) + f"V{top[place] + TALL}"
            x, y = across[place], top[place] + TALL
        path += _curve(x, y, across[there] + reaching[there][(here, *passages)[-1]], top[there] - 1)
        yield f'<path d="{path}" data-from="{here}" data-to="{there}" {drawn}/>'


def _spread(others: Iterable[Place], across: Mapping[Place, float]) -> dict[Place, float]:
    """Return how far from the middle of a room its arrows stand, in the order of where they come from or go to."""
    found = sorted(others, key=lambda place: across[place])
    return {place: PORT * (i - (len(found) - 1) / 2) for i, place in enumerate(found)}


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    middle = (y + to_y) / 2
    return f"C{x:g} {middle:g} {to_x:g} {middle:g} {to_x:g} {to_y:g}"
