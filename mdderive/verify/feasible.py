"""Linear inequalities: a point that obeys all of them, or the proof that there is none (Fourier 1826, Motzkin 1936)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from mdderive.verify.polynomial import ONE, Monomial

Row = Mapping[Monomial, Fraction]  # a linear form in monomials that is to be positive
MOST_ROWS = 400


class TooMany(Exception):
    """Eliminating gave more inequalities than are worth it."""


def point(rows: Sequence[Row], whole: frozenset[Monomial], spread: Sequence[Fraction]) -> dict[Monomial, Fraction] | None:
    """Return values at which every form is positive, integers for the keys in `whole` where there is room; None if none exist.

    `spread` holds numbers in (0, 1) that say where in its interval a value lies. Raises `TooMany`.
    """
    keys = sorted({key for row in rows for key in row if key != ONE})
    levels = [list(rows)]
    for key in keys:
        levels.append(_eliminated(levels[-1], key))
    if any(row.get(ONE, 0) <= 0 for row in levels[-1]):
        return None
    values: dict[Monomial, Fraction] = {}
    for place, (key, level) in enumerate(zip(reversed(keys), reversed(levels[:-1]), strict=True)):
        low, high = _interval(level, key, values)
        values[key] = _inside(low, high, spread[place % len(spread)], whole=key in whole)
    return values


def _eliminated(rows: Sequence[Row], key: Monomial) -> list[Row]:
    """Return what the forms say of the other variables: every lower bound lies below every upper one."""
    lower, upper = [r for r in rows if r.get(key, 0) > 0], [r for r in rows if r.get(key, 0) < 0]
    found = {frozenset(r.items()): r for r in rows if not r.get(key, 0)}
    for a in lower:
        for b in upper:
            row = {k: a.get(k, Fraction(0)) * -b[key] + b.get(k, Fraction(0)) * a[key] for k in {**a, **b}}
            row = {k: c for k, c in row.items() if c and k != key}
            size = max(map(abs, row.values()), default=Fraction(1))
            row = {k: c / size for k, c in row.items()}
            found.setdefault(frozenset(row.items()), row)
    if len(found) > MOST_ROWS:
        raise TooMany
    return list(found.values())


def _interval(rows: Sequence[Row], key: Monomial, values: Mapping[Monomial, Fraction]) -> tuple[Fraction | None, Fraction | None]:
    low: Fraction | None = None
    high: Fraction | None = None
    for row in rows:
        c = row.get(key, Fraction(0))
        if not c:
            continue
        rest = sum((x * (1 if k == ONE else values[k]) for k, x in row.items() if k != key), Fraction(0))
        bound = -rest / c
        if c > 0:
            low = bound if low is None else max(low, bound)
        else:
            high = bound if high is None else min(high, bound)
    return low, high


def _inside(low: Fraction | None, high: Fraction | None, part: Fraction, *, whole: bool) -> Fraction:
    """Return a number between two bounds, an integer if there is one and it is asked for."""
    if low is None and high is None:
        value = 2 * part - 1
    elif low is None:
        assert high is not None
        value = high - part * (1 + abs(high))
    elif high is None:
        value = low + part * (1 + abs(low))
    else:
        value = low + part * (high - low)
    if whole:
        near = Fraction(round(value))
        for k in (near, near + 1, near - 1):
            if (low is None or k > low) and (high is None or k < high):
                return k
    return value
