"""Small values at which an equation fails, for a reader to recompute by hand.

The search goes through small sizes and small integers, and large ones where functions have branches, over exact fractions; where
functions have no rational value, at fifty digits, printed shorter. A function left unknown is a small polynomial. With the values
goes a program that computes both sides.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import chain, product
from math import isfinite

from mdderive.model.diagnostics import Witness
from mdderive.model.expr import Expr, Number, leaf, rebuilt
from mdderive.model.shapes import SCALAR
from mdderive.programs.recompute import Sides, length, sides
from mdderive.verify.algebra import Value
from mdderive.verify.case import Case, Sampling
from mdderive.verify.contents import Comparison
from mdderive.verify.derivatives import rate
from mdderive.verify.elimination import inverse
from mdderive.verify.field import Field, Inexact, Rational, Undefined, Unsupported, absolute, digest
from mdderive.verify.point import Point
from mdderive.verify.real import Real
from mdderive.verify.sizes import fitted, obeys

MOST_SIZINGS, FIRST, THEN, FAR, CLOSE = 60, range(6), range(6, 30), range(30, 45), range(45, 60)
MOST_WORK = 3_000_000
LONGEST_PROGRAM = 20_000  # operators and letters, definitions written out
BITS, INTEGERS = (0, 1), (1, -1, 2, 0, -2, 3)
FAR_INTEGERS = (1, -1, 10**3, -(10**3), 10**6, -(10**6), 10**10, -(10**10))
FRACTIONS = tuple(Fraction(k, 4) for k in (2, 1, 3, -2, -1, 5, 8))  # where a function is defined between whole numbers
FAR_EXPONENTS = (1, -1, 30, -30, 10**3, -(10**3), 10**6, -(10**6))  # where something grows exponentially
SHOWN_DIGITS, LEAST_DIGITS = (6, 16), 15
# What is drawn for functions left unknown: of a number, and of all entries of a matrix.
OF_A_NUMBER = ("t^3 + t", "lambda t: t**3 + t")
OF_ENTRIES = (r"\sum_i i (y_i^3 + y_i)", "lambda y: np.sum(np.arange(1, np.size(y) + 1) * np.ravel(y**3 + y))")


# A letter's value, or those of all members of a family.
Drawn = Value | tuple["Drawn", ...]


class Readable(Real):
    """Digits, with a small polynomial for a function left unknown; the largest entry of a vector is positive, as in programs."""

    unknown = Rational.unknown
    turns = False


def witness(case: Case, both: Comparison) -> Witness | None:
    """Return values at which the two sides differ; None where none was found among the few that are tried."""
    try:
        if length(both[:2], case.context) > LONGEST_PROGRAM:
            return None
    except RecursionError:
        return None
    if any(case.context.has(e.name, "complex") for e in case.letters):  # what is drawn are no conjugates
        return None
    kinds = both.kinds
    fields = (Readable,) if kinds & {"transcendental", "matrix function"} else (Rational, Readable)
    draws = (FIRST, THEN, *([FAR] if "branch" in kinds else []), *([CLOSE] if "transcendental" in kinds else []))
    work = 0
    for kind in fields:
        for sizes, index in chain.from_iterable(product(_small_sizes(case), some) for some in draws):
            key = digest(case.key, "witness", *sizes.items(), index)
            over = _field(kind, digest(case.key, sizes, index), index)
            point = case.placed(over, Sampling(0, tuple(sizes.items()), index, positive=both.positive), key)
            found = _at(case, both, point)
            if found is not None:
                return found
            work += point.at.draw.algebra.work
            if work > MOST_WORK:
                return None
    return None


def _field(kind: type[Rational] | type[Readable], key: int, index: int) -> Field:
    """Return zeros and ones first, then other small integers, then large ones, and fractions last."""
    far = index in FAR
    if index in CLOSE:
        return Readable(50, key, choices=FRACTIONS)
    if kind is Rational:
        return Rational(FAR_INTEGERS if far else BITS if index < len(FIRST) // 2 else INTEGERS)
    return Readable(50, key, choices=FAR_EXPONENTS if far else INTEGERS)


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


def _at(case: Case, both: Comparison, point: Point) -> Witness | None:
    """Return the witness at one point, if it is one."""
    left, right = both.left, both.right
    try:
        found = next((p for p in point.at_places(both.indices) if _differ(*p.sides_here(left, right))), None)
        if found is None:
            return None
        point, draw = found, found.at.draw
        shown = [point.at.value(e) for e in (left, right)]
        if not all(_finite(x) for value in shown for x in value.plain):
            return None
        code = sides(left, right, case.context, case.varying)
        values = _values(case, point, left, right, code.letters)
    except (Undefined, Unsupported, Inexact, RecursionError, ValueError):
        return None
    for digits in SHOWN_DIGITS:
        one, other = (_text(value, digits) for value in shown)
        if one != other:
            functions = _functions(case, left, right)
            texts = {**draw.places, **{name: _text(value) for name, value in values.items()}}
            texts |= {f"{name}({argument})": words for name, (argument, words, _) in functions.items()}
            apart = not _moves_along(case, left, right, code.letters)
            program = _program(case, {**draw.sizes, **draw.places}, values, functions, code) if apart else ""
            return Witness(dict(draw.sizes), texts, one, other, program)
    return None


def _moves_along(case: Case, left: Expr, right: Expr, letters: Collection[str]) -> bool:
    """Tell whether a premise moves a letter with the variable of a derivative: the program would hold it still."""
    by = {node.args[1].name for e in (left, right) for node in e.walk() if node.op in ("deriv", "hess", "along")}
    return any(name in letters and by & case.contents.letters_of(*some) for name, some in case.contents.residuals.items())


def _finite(x: Number) -> bool:
    """Tell whether a reader's program, which computes with machine numbers, can hold a number."""
    try:
        return isfinite(float(x))
    except OverflowError:
        return False


def _differ(a: Value, b: Value) -> bool:
    return any(absolute(x - y) * 10**LEAST_DIGITS > 1 for x, y in zip(a.plain, b.plain, strict=True))


def _values(case: Case, point: Point, left: Expr, right: Expr, letters: Collection[str]) -> dict[str, Drawn]:
    """Return the values of the letters that a reader needs, and their directions, which are called `d X`."""
    values: dict[str, Drawn] = dict(_of_letters(case, point, left, right, letters))
    families = {e.name: e for e in case.contents.nodes(left, right) if e.op == "member"}
    for name, e in sorted(families.items()):
        if name in letters:
            values[name] = _of_members(point, e, point.at.value)
        if f"d {name}" in letters:
            values[f"d {name}"] = _of_members(point, e, partial(_direction, point))
    return values


def _of_members(point: Point, e: Expr, value: Callable[[Expr], Value], places: tuple[str, ...] = ()) -> Drawn:
    """Return the values of all members of a family, those of the first index outermost."""
    if len(places) == len(e.args):
        return value(rebuilt(e, tuple(leaf("unit", u.shape, place) for u, place in zip(e.args, places, strict=True))))
    count, _ = point.at.draw.dims(e.args[len(places)].shape)
    return tuple(_of_members(point, e, value, (*places, str(place))) for place in range(1, count + 1))


def _direction(point: Point, e: Expr) -> Value:
    """Return the direction in which a letter moves in a differential."""
    moved = point.at.differential().change(e)
    return Value(moved.rows, moved.cols, {0: moved.plain})


def _of_letters(case: Case, point: Point, left: Expr, right: Expr, letters: Collection[str]) -> dict[str, Value]:
    nodes = {e.name: e for e in case.contents.nodes(left, right) if e.op == "sym" and e.name not in case.context.unknown}
    values: dict[str, Value] = {}
    for name in sorted(nodes):
        if name in letters:
            values[name] = point.at.value(nodes[name])
            if case.context.has(name, "invertible") and not nodes[name].scalar:
                inverse(point.at.draw.algebra, values[name])
        if rf"\dot {name}" in letters:
            values[rf"\dot {name}"] = rate(point.at, nodes[name], 1)
        if f"d {name}" in letters:
            values[f"d {name}"] = _direction(point, nodes[name])
    return values


def _functions(case: Case, left: Expr, right: Expr) -> dict[str, tuple[str, str, str]]:
    """Return the functions left unknown: their argument, what was drawn for them in words, and as code."""
    found: dict[str, tuple[str, str, str]] = {}
    for e in case.contents.nodes(left, right):
        name = e.name.rstrip("'")
        if e.op == "fn" and "unknown" in case.contents.kinds_of(e):
            found[name] = ("t", *OF_A_NUMBER)
        elif e.op == "apply" or (e.op == "sym" and e.name in case.context.unknown):
            found[name] = (case.context.unknown.get(name, "y"), *OF_ENTRIES)
    return found


def _text(value: Drawn, digits: int = SHOWN_DIGITS[0]) -> str:
    """Return a value as nested lists of numbers; a scalar as a number, a family as the list of its members."""
    if not isinstance(value, Value):
        return "[" + ", ".join(_text(member, digits) for member in value) + "]"
    return _number(value.plain[0], digits) if value.scalar else _rows(value, digits)


def _rows(value: Value, digits: int) -> str:
    rows = (value.plain[i : i + value.cols] for i in range(0, value.rows * value.cols, value.cols))
    return "[" + ", ".join("[" + ", ".join(_number(x, digits) for x in row) + "]" for row in rows) + "]"


def _members(value: Drawn, digits: int) -> str:
    return _rows(value, digits) if isinstance(value, Value) else "[" + ", ".join(_members(v, digits) for v in value) + "]"


def _number(x: Number, digits: int) -> str:
    if isinstance(x, int | Fraction):
        return str(x)
    return f"{float(x):.{digits}g}"  # for reading only: nothing is computed from it


def _lone(x: Number, digits: int) -> str:
    """Return a number as code; products of large integers would leave NumPy's range."""
    text = _number(x, digits)
    return f"{text}.0" if absolute(x) >= FAR_INTEGERS[2] and text.lstrip("-").isdigit() else text


def _program(
    case: Case,
    sizes: Mapping[str, int | str],
    values: Mapping[str, Drawn],
    functions: Mapping[str, tuple[str, str, str]],
    code: Sides,
) -> str:
    """Return the program that computes both sides at these values."""
    digits = SHOWN_DIGITS[-1] + 1
    texts = {name: str(size) for name, size in sizes.items()}
    for name, value in values.items():
        symbol = case.context.symbols.get(name.removeprefix("d "))
        if not isinstance(value, Value):
            whole = symbol is None or symbol.shape == SCALAR
            texts[name] = f"np.array({_text(value, digits) if whole else _members(value, digits)}, float)"
            continue
        number = value.scalar and (symbol is None or symbol.shape == SCALAR)
        texts[name] = _lone(value.plain[0], digits) if number else f"np.array({_rows(value, digits)}, float)"
    return code.program(texts | {name: drawn for name, (_, _, drawn) in functions.items()})
