"""Small values at which an equation fails, for a reader to recompute by hand.

The search goes through small sizes and small integers, over exact fractions; where functions have no rational value, at fifty
digits, printed shorter.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

from mdderive.diagnostics import Witness
from mdderive.tree import Expr, Number
from mdderive.verify.algebra import Algebra, Value
from mdderive.verify.case import Case
from mdderive.verify.evaluate import Scope
from mdderive.verify.field import Field, Inexact, Rational, Undefined, Unsupported, absolute, digest
from mdderive.verify.point import Point
from mdderive.verify.real import Real
from mdderive.verify.sample import Sizes, fitted, obeys

MOST_SIZINGS, TRIES = 60, 6
MOST_WORK = 3_000_000
BITS, INTEGERS = (0, 1), (1, -1, 2, 0, -2, 3)
SHOWN_DIGITS, LEAST_DIGITS = (6, 16), 15
UNKNOWN = "t^3 + t"


def witness(case: Case, left: Expr, right: Expr) -> Witness | None:
    """Return values at which the two sides differ; None where none was found among the few that are tried."""
    fields = (Real,) if case.contents.kinds(left, right) & {"transcendental", "matrix function"} else (Rational, Real)
    work = 0
    for kind in fields:
        for sizes, index in product(_small_sizes(case), range(TRIES)):
            algebra = Algebra(_field(kind, digest(case.key, sizes, index), index))
            found = _at(case, left, right, sizes, index, algebra)
            if found is not None:
                return found
            work += algebra.work
            if work > MOST_WORK:
                return None
    return None


def _field(kind: type[Rational] | type[Real], key: int, index: int) -> Field:
    """Return zeros and ones first, then other small integers."""
    if kind is Rational:
        return Rational(BITS if index < TRIES // 2 else INTEGERS)
    return Real(50, key, choices=INTEGERS)


def _small_sizes(case: Case) -> Iterator[dict[str, int]]:
    names = case.contents.sizes(*case.trees)
    every = sorted(product((1, 2, 3), repeat=min(len(names), 6)), key=lambda sizes: (sum(sizes), sizes))
    seen: set[tuple[int, ...]] = set()
    for values in every:
        sizes = fitted(dict(zip(names, (*values, *[2] * (len(names) - len(values))), strict=True)), case.context.constraints)
        chosen = tuple(sizes.values())
        if chosen not in seen and all(obeys(sizes, c) for c in case.context.constraints):
            seen.add(chosen)
            yield sizes
        if len(seen) == MOST_SIZINGS:
            return


def _at(case: Case, left: Expr, right: Expr, sizes: Sizes, index: int, algebra: Algebra) -> Witness | None:
    """Return the witness at one point, if it is one."""
    key = digest(case.key, "witness", *sizes.items(), index)
    draw = case.draw(algebra, sizes, key, index, case.contents.positive_letters(left, right))
    point = Point(Scope(draw, case.contents))
    try:
        found = next((p for p in point.at_places(left, right) if _differ(*p.sides_here(left, right))), None)
        if found is None:
            return None
        point = found
        shown = [point.scope.value(e) for e in (left, right)]
        values = _values(case, point, left, right)
    except (Undefined, Unsupported, Inexact, RecursionError):
        return None
    for digits in SHOWN_DIGITS:
        one, other = (_text(value, digits) for value in shown)
        if one != other:
            return Witness(dict(sizes), values, one, other, _program(values, one, other))
    return None


def _differ(a: Value, b: Value) -> bool:
    return any(absolute(x - y) * 10**LEAST_DIGITS > 1 for x, y in zip(a.plain, b.plain, strict=True))


def _values(case: Case, point: Point, left: Expr, right: Expr) -> dict[str, str]:
    """Return the values of the letters, their differentials where the equation has them, and of unknown functions."""
    draw = point.scope.draw
    shown: dict[str, str] = {**draw.places}
    moving = any(e.op == "d" for e in case.contents.nodes(left, right))
    letters = {e.name: e for e in case.contents.nodes(left, right) if e.op == "sym"}
    for name in sorted(letters):
        if name in case.context.definitions or name in case.context.unknown:
            continue
        shown[name] = _text(point.scope.value(letters[name]))
        if case.context.has(name, "invertible") and not letters[name].scalar:
            draw.algebra.inverse(point.scope.value(letters[name]))
        if moving and name in draw.varying:
            inside = point.scope.differential()
            moved = inside.value(letters[name]).parts.get(inside.frames[-1].bit)
            if moved is not None:
                shown[f"d {name}"] = _text(Value(*draw.dims(letters[name].shape), {0: moved}))
    for e in case.contents.nodes(left, right):
        name = e.name.rstrip("'")
        if "unknown" in case.contents.kinds_of(e) and e.op == "fn" and isinstance(draw.algebra.over, Rational):
            shown[f"{name}(t)"] = UNKNOWN
    return shown


def _text(value: Value, digits: int = SHOWN_DIGITS[0]) -> str:
    """Return a value as nested lists of numbers; a scalar as a number."""
    if value.scalar:
        return _number(value.plain[0], digits)
    rows = (value.plain[i : i + value.cols] for i in range(0, value.rows * value.cols, value.cols))
    return "[" + ", ".join("[" + ", ".join(_number(x, digits) for x in row) + "]" for row in rows) + "]"


def _number(x: Number, digits: int) -> str:
    if isinstance(x, int | Fraction):
        return str(x)
    return f"{float(x):.{digits}g}"  # for reading only: nothing is computed from it


def _program(values: Mapping[str, str], left: str, right: str) -> str:
    """Return NumPy lines that define the letters and show both sides."""
    lines = ["import numpy as np"]
    names = {name: "".join(c for c in name if c.isalnum() or c == "_") for name in values if "(" not in name}
    lines += [f"{names[name]} = np.array({values[name]})" for name in names]
    lines += [f"left = np.array({left})", f"right = np.array({right})", "print(left - right)"]
    return "\n".join(lines)
