"""Sizes to judge a claim at: distinct ones that tell every dimension from every other, then small ones that coincide.

Distinct sizes show a transpose in its shape. What fails only where sizes are equal, one or even fails at the small ones. Where a
size stands as a number in a formula, as many sizes are tried as a polynomial in it needs to vanish.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, islice, permutations, product

from mdderive.model.context import Constraint

Sizes = Mapping[str, int]
FEW_SIZES = (2, 3, 5, 7)
FEW_OTHERS = (5, 4, 2, 6)
FEW_LOWEST = 3
MOST_CROSSED, LADDERS = 3, 6


def sizings(names: tuple[str, ...], constraints: tuple[Constraint, ...], *, few: bool, lowest: int) -> Iterator[dict[str, int]]:
    """Yield assignments of pairwise distinct sizes, from the most to the least natural, that obey the constraints.

    The first goes up in the order of the names, the second down, so that a claim that needs m > n is met by one of the two; and
    every size is odd in one of them and even in the other, so that nothing is true for the parity of a size alone.
    """
    if not names:
        yield {}
        return
    count = len(names)
    lowest = max([lowest, *(int(c.right) + (c.relation == ">") for c in constraints if c.right.isdigit() and c.relation != "=")])
    if few and count > 1 and lowest <= FEW_LOWEST:
        ladders = [[*FEW_SIZES, *range(8, 8 + count)][:count], [*FEW_OTHERS, *range(9, 9 + count)][:count]]
        first = [tuple(ladders[0]), tuple(ladders[1])]
    else:
        other = lowest + 1 + (count % 2 == 0)
        ladders = [list(range(lowest, lowest + count)), list(range(other, other + count))]
        first = [tuple(ladders[0]), tuple(reversed(ladders[1]))]
    seen: set[tuple[int, ...]] = set()
    higher = [list(range(start, start + count)) for start in range(max(map(max, ladders)), max(map(max, ladders)) + LADDERS)]
    others = (order for ladder in (*ladders, *higher) for order in islice(permutations(ladder), 120))
    for order in chain(first, others):
        chosen = fitted(dict(zip(names, order, strict=True)), constraints)
        values = tuple(chosen[name] for name in names)
        if values not in seen and all(obeys(chosen, c) for c in constraints):
            seen.add(values)
            yield chosen


def coincidences(names: tuple[str, ...], constraints: tuple[Constraint, ...]) -> Iterator[dict[str, int]]:
    """Yield small sizes that obey the constraints: each pair of names with equal sizes and with different ones, odd and even.

    They are one and two above the least that a number in a constraint allows.
    """
    least = _least(names, constraints)
    places = [format(i, f"0{max(1, (len(names) - 1).bit_length())}b") for i in range(len(names))]
    patterns = product((0, 1), repeat=len(names)) if len(names) <= MOST_CROSSED else _pairwise(places)
    seen: set[tuple[int, ...]] = set()
    for pattern in patterns:
        chosen = {name: least[name] + more for name, more in zip(names, pattern, strict=True)}
        chosen = fitted(chosen, tuple(c for c in constraints if c.relation == "="))
        values = tuple(chosen.values())
        if values not in seen and all(obeys(chosen, c) for c in constraints):
            seen.add(values)
            yield chosen


def _pairwise(places: list[str]) -> Iterator[tuple[int, ...]]:
    """Yield patterns of 0 and 1 in which every two places have equal and different values both ways round."""
    yield from ((0,) * len(places), (1,) * len(places))
    for k in range(len(places[0])):
        yield tuple(int(place[k]) for place in places)
        yield tuple(1 - int(place[k]) for place in places)


def in_a_row(names: tuple[str, ...], constraints: tuple[Constraint, ...], lengths: Sizes) -> Iterator[dict[str, int]]:
    """Yield a grid of sizes: of every name as many in a row as `lengths` says, where constraints allow that many."""
    least = _least(names, constraints)
    for _ in names:
        for c in constraints:
            if c.relation != "=" and c.left in least and c.right in least:
                above = least[c.right] + lengths[c.right] - 1 + (c.relation == ">")
                least[c.left] = max(least[c.left], above)
    for steps in product(*(range(lengths[name]) for name in names)):
        chosen = {name: least[name] + step for name, step in zip(names, steps, strict=True)}
        chosen = fitted(chosen, tuple(c for c in constraints if c.relation == "="))
        if all(obeys(chosen, c) for c in constraints):
            yield chosen


def _least(names: tuple[str, ...], constraints: tuple[Constraint, ...]) -> dict[str, int]:
    """Return the least sizes that the numbers in constraints allow."""
    least = dict.fromkeys(names, 1)
    for c in constraints:
        if c.left in least and c.right.isdigit():
            least[c.left] = max(least[c.left], int(c.right) + (c.relation == ">"))
    return least


def fitted(sizes: dict[str, int], constraints: tuple[Constraint, ...]) -> dict[str, int]:
    """Return the sizes changed to obey the constraints: equal ones made equal, two in the wrong order exchanged."""
    for _ in range(len(sizes) ** 2 + 1):
        broken = next((c for c in constraints if not obeys(sizes, c)), None)
        if broken is None:
            break
        left, right = broken.left, broken.right
        if left in sizes and right in sizes and broken.relation != "=":
            sizes = {**sizes, left: sizes[right], right: sizes[left]}
        elif left in sizes:
            sizes = {**sizes, left: _number(sizes, right) + (broken.relation == ">")}
        else:
            sizes = {**sizes, right: int(left) - (broken.relation == ">")}
    return sizes


def obeys(sizes: Sizes, c: Constraint) -> bool:
    """Whether sizes fit a constraint; one about a size that does not occur binds nothing."""
    if not all(name.isdigit() or name in sizes for name in (c.left, c.right)):
        return True
    left, right = _number(sizes, c.left), _number(sizes, c.right)
    return left > right if c.relation == ">" else left >= right if c.relation == ">=" else left == right


def _number(sizes: Sizes, name: str) -> int:
    return int(name) if name.isdigit() else sizes[name]
