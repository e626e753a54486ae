"""Formulas at eighty digits, from the definitions of their operators and central differences.

It shares no line with the judge of mdderive: it knows trees and the declarations of a block, and mpmath does the arithmetic. What
it says of a mutant is the truth that the judge is measured against.
"""

import random
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from types import MappingProxyType

import mpmath

from mdderive.model.context import Context, Premise
from mdderive.model.expr import Expr
from mdderive.model.shapes import Dim, Shape

mp = mpmath.MPContext()
mp.dps = 80
STEP = mp.mpf(10) ** -20
NEAR = mp.mpf(10) ** -25
TINY = mp.mpf(10) ** -70
Matrix = mpmath.matrix
MOST_TRIES = 60


class Undefined(Exception):
    """There is no value at this point."""


class Misshapen(Exception):
    """The shapes of a formula do not fit."""


class Unknown(Exception):
    """An operator that is not known here."""


@dataclass(frozen=True)
class Point:
    """Values of sizes and letters, and directions of letters that vary."""

    context: Context
    sizes: Mapping[str, int]
    values: Mapping[str, Matrix]
    directions: Mapping[str, Matrix]
    places: Mapping[str, int] = field(default_factory=dict)
    memo: dict[Expr, Matrix] = field(default_factory=dict)

    def moved(self, changes: Mapping[str, Matrix]) -> "Point":
        """Return the point with some letters elsewhere."""
        return Point(self.context, self.sizes, {**self.values, **changes}, self.directions, self.places)

    def at(self, index: str, place: int) -> "Point":
        """Return the point with an index at a place."""
        return Point(self.context, self.sizes, self.values, self.directions, {**self.places, index: place})

    def value(self, e: Expr) -> Matrix:
        """Return the value of a tree; raises `Undefined`, `Misshapen`, `Unknown`."""
        found = self.memo.get(e)
        if found is None:
            try:
                found = self.memo[e] = self._value(e)
            except ZeroDivisionError:
                raise Undefined from None
            except OverflowError:
                raise Undefined from None
        return found

    def number(self, e: Expr) -> mpmath.mpf:
        """Return the value of a scalar."""
        value = self.value(e)
        if (value.rows, value.cols) != (1, 1):
            raise Misshapen
        return value[0, 0]

    def dim(self, dim: Dim) -> int:
        """Return a dimension as a number."""
        return dim.factor * prod(self.sizes[name] for name in dim.names)

    def _value(self, e: Expr) -> Matrix:
        match e.op:
            case "num":
                return scalar(mp.mpf(e.value.numerator) / e.value.denominator)
            case "size":
                return scalar(mp.mpf(self.sizes[e.name]))
            case "const":
                return scalar(+(mp.e if e.name == "e" else mp.pi))
            case "sym":
                return self._letter(e.name)
            case "identity" | "ones" | "zero":
                rows, cols = self.dim(e.shape.rows), self.dim(e.shape.cols)
                return filled(rows, cols, lambda i, j: {"identity": int(i == j), "ones": 1, "zero": 0}[e.op])
            case "unit":
                rows = self.dim(e.shape.rows)
                place = int(e.name) - 1 if e.name.isdigit() else self.places.get(e.name, zlib.crc32(e.name.encode()) % rows)
                if place >= rows:
                    raise Undefined
                return filled(rows, 1, lambda i, _: int(i == place))
            case "sum":
                index, inside = e.args
                return added([self.at(index.name, i).value(inside) for i in range(self.dim(index.shape.rows))])
            case "matrix":
                rows, cols = self.dim(e.shape.rows), self.dim(e.shape.cols)
                return filled(rows, cols, lambda i, j: self.number(e.args[i * cols + j]))
            case "commutation":
                m, n = (int(s) if s.isdigit() else self.sizes[s] for s in e.name.replace(" ", "").split(","))
                return filled(m * n, m * n, lambda i, j: int(j == (i % n) * m + i // n))
            case "d":
                return self._difference(e.args[0], self.directions)
            case "deriv" | "hess":
                return self._derivative(e)
            case "pow":
                return self._power(e)
            case "fn":
                value, name = self.value(e.args[0]), e.name
                return entries(value, lambda x: self.function(name, x))
            case "apply":
                return scalar(unknown_of_matrix(e.name, self.value(e.args[0])))
        return self._composed(e, [self.value(a) for a in e.args])

    def _letter(self, name: str) -> Matrix:
        if name in self.values:
            return self.values[name]
        if name in self.context.definitions:
            return self.value(self.context.definitions[name])
        if name in self.context.unknown:
            return scalar(unknown_of_matrix(name, self._letter(self.context.unknown[name])))
        raise Unknown(name)

    def _composed(self, e: Expr, args: list[Matrix]) -> Matrix:
        if not args:
            raise Unknown(e.op)
        a = args[0]
        match e.op:
            case "add":
                return added(args)
            case "mul":
                return product([(x.scalar, v) for x, v in zip(e.args, args, strict=True)])
            case "had":
                for b in args[1:]:
                    a = pairwise(a, b, lambda x, y: x * y)
                return a
            case "max" | "min":
                return pairwise(a, args[1], max if e.op == "max" else min)
            case "largest" | "smallest":
                return scalar(max(a) if e.op == "largest" else min(a))
            case "hdiv":
                return pairwise(a, args[1], divided)
            case "hpow":
                return entries(a, lambda x: real_power(x, args[1][0, 0]))
            case "transpose":
                return a.T
            case "inv":
                return inverse(a)
            case "tr":
                return scalar(mp.fsum(a[i, i] for i in range(square(a))))
            case "det":
                return scalar(determinant(a))
            case "adj":
                return adjugate(a)
            case "kron":
                b = args[1]
                return filled(
                    a.rows * b.rows, a.cols * b.cols, lambda i, j: a[i // b.rows, j // b.cols] * b[i % b.rows, j % b.cols]
                )
            case "vec":
                return vec(a)
            case "diag":
                if a.cols != 1:
                    raise Misshapen
                return filled(a.rows, a.rows, lambda i, j: a[i, 0] if i == j else 0)
            case "diagonal":
                return filled(square(a), 1, lambda i, _: a[i, i])
            case "mfn":
                return series(e.name, a)
            case "softmax":
                powers = entries(a, mp.exp)
                return powers / mp.fsum(powers)
            case "norm":
                return scalar(mp.sqrt(mp.fsum(x * x for x in a)))
            case "norm1":
                return scalar(mp.fsum(abs(x) for x in a))
            case "inner":
                return scalar(mp.fsum(pairwise(a, args[1], lambda x, y: x * y)))
        raise Unknown(e.op)

    def _power(self, e: Expr) -> Matrix:
        base, exponent = self.value(e.args[0]), self.number(e.args[1])
        if e.args[0].scalar:
            return entries(base, lambda x: real_power(x, exponent))
        square(base)
        if exponent != int(exponent):
            raise Unknown("power of a matrix")
        base = inverse(base) if exponent < 0 else base
        result = filled(base.rows, base.rows, lambda i, j: int(i == j))
        for _ in range(abs(int(exponent))):
            result = result * base
        return result

    def function(self, name: str, x: mpmath.mpf) -> mpmath.mpf:
        """Return an elementwise function at a number, differentiated once for each prime."""
        base = name.rstrip("'")
        order = len(name) - len(base)
        own = self.context.elementwise.get(base)
        if own is None and base in FUNCTIONS:
            return slope(FUNCTIONS[base], x, order)
        if own is not None and own.body is not None:
            body, parameter = own.body, own.parameter
            return slope(lambda t: self.moved({parameter: scalar(t)}).number(body), x, order)
        c = weight(name.rstrip("'"))
        wave = c**order * mp.sin(c * x + order * mp.pi / 2)
        return wave + (x**2 / 3, 2 * x / 3, mp.mpf(2) / 3)[order] if order < 3 else wave

    # ------------------------------------------------------------ derivatives

    def _following(self, changes: Mapping[str, Matrix]) -> "Point":
        """Return the point with some letters elsewhere, and with them those that premises tie to them."""
        there = self.moved(changes)
        tied = [p for p in self.context.premises if _letters(p) & changes.keys() and _others(p, there, frozenset(changes))]
        return settled(there, frozenset(changes)) if tied and len(changes) == 1 else there

    def _difference(self, e: Expr, directions: Mapping[str, Matrix]) -> Matrix:
        """Return how a tree changes along directions of its letters, by a central difference."""
        ends = []
        for step in (STEP, -STEP):
            changes = {name: self._letter(name) + step * by for name, by in directions.items()}
            ends.append(self._following(changes).value(e))
        return (ends[0] - ends[1]) / (2 * STEP)

    def _derivative(self, e: Expr) -> Matrix:
        f, x = e.args
        rows, cols = self.dim(x.shape.rows), self.dim(x.shape.cols)
        cells = [(i, j) for j in range(cols) for i in range(rows)]
        if e.op == "hess":
            return self._hessian(f, x, rows, cols, cells)
        slopes = {cell: self._difference(f, {x.name: self.basis(x, rows, cols, *cell)}) for cell in cells}
        if x.scalar:
            return slopes[0, 0]
        if f.scalar:
            whole = filled(rows, cols, lambda i, j: slopes[i, j][0, 0])
        elif e.name == "block":
            p, q = slopes[0, 0].rows, slopes[0, 0].cols
            return filled(rows * p, cols * q, lambda i, j: slopes[i // p, j // q][i % p, j % q])
        else:
            columns = [vec(slopes[cell]) for cell in cells]
            whole = filled(len(cells), columns[0].rows, lambda i, j: columns[i][j, 0])
        return whole.T if e.name == "numerator" else whole

    def _hessian(self, f: Expr, x: Expr, rows: int, cols: int, cells: list[tuple[int, int]]) -> Matrix:
        start = self._letter(x.name)
        steps = [STEP * self.basis(x, rows, cols, *cell) for cell in cells]
        n = len(cells)
        whole = mp.zeros(n, n)
        for i in range(n):
            for j in range(i + 1):
                corners = ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
                total = mp.fsum(s * self.moved({x.name: start + a * steps[i] + b * steps[j]}).number(f) for a, b, s in corners)
                whole[i, j] = whole[j, i] = total / (4 * STEP**2)
        return whole

    def basis(self, x: Expr, rows: int, cols: int, i: int, j: int) -> Matrix:
        """Return the direction of an entry, projected on the symmetric ones where the letter is symmetric."""
        unit = mp.zeros(rows, cols)
        if self.context.has(x.name, "symmetric"):
            unit[i, j] += mp.mpf(1) / 2
            unit[j, i] += mp.mpf(1) / 2
        else:
            unit[i, j] = mp.mpf(1)
        return unit


# ---------------------------------------------------------------- arithmetic


def scalar(x: mpmath.mpf) -> Matrix:
    return filled(1, 1, lambda _i, _j: x)


def filled(rows, cols, entry) -> Matrix:
    value = mp.zeros(rows, cols)
    for i in range(rows):
        for j in range(cols):
            value[i, j] = entry(i, j)
    return value


def entries(a: Matrix, function) -> Matrix:
    return filled(a.rows, a.cols, lambda i, j: function(a[i, j]))


def pairwise(a: Matrix, b: Matrix, function) -> Matrix:
    if (a.rows, a.cols) != (b.rows, b.cols):
        raise Misshapen
    return filled(a.rows, a.cols, lambda i, j: function(a[i, j], b[i, j]))


def added(terms: list[Matrix]) -> Matrix:
    total = terms[0]
    for term in terms[1:]:
        total = pairwise(total, term, lambda x, y: x + y)
    return total


def product(factors: list[tuple[bool, Matrix]]) -> Matrix:
    """Return a product; the factors known to be scalars scale it."""
    scale, chain = mp.mpf(1), None
    for known_scalar, value in factors:
        if known_scalar:
            if (value.rows, value.cols) != (1, 1):
                raise Misshapen
            scale *= value[0, 0]
        elif chain is None:
            chain = value
        elif chain.cols != value.rows:
            raise Misshapen
        else:
            chain = chain * value
    return scalar(scale) if chain is None else chain * scale


def square(a: Matrix) -> int:
    if a.rows != a.cols:
        raise Misshapen
    return a.rows


def divided(x: mpmath.mpf, y: mpmath.mpf) -> mpmath.mpf:
    if abs(y) < TINY:
        raise Undefined
    return x / y


def eliminated(rows: list[list[mpmath.mpf]]) -> mpmath.mpf:
    """Turn the first columns of a matrix, given as rows, into the identity; return their determinant."""
    size = mp.mpf(1)
    for j in range(len(rows)):
        at = max(range(j, len(rows)), key=lambda i: abs(rows[i][j]))
        pivot = rows[at][j]
        if abs(pivot) < mp.mpf(10) ** -40:
            return mp.mpf(0)
        size *= pivot if at == j else -pivot
        rows[j], rows[at] = rows[at], rows[j]
        rows[j] = [x / pivot for x in rows[j]]
        for i, row in enumerate(rows):
            if i != j and row[j]:
                rows[i] = [x - row[j] * y for x, y in zip(row, rows[j], strict=True)]
    return size


def determinant(a: Matrix) -> mpmath.mpf:
    """Return the determinant."""
    n = square(a)
    return eliminated([[a[i, j] for j in range(n)] for i in range(n)]) if n > 1 else a[0, 0]


def minor(a: Matrix, row: int, col: int) -> Matrix:
    return filled(a.rows - 1, a.cols - 1, lambda i, j: a[i + (i >= row), j + (j >= col)])


def adjugate(a: Matrix) -> Matrix:
    n = square(a)
    return filled(n, n, lambda i, j: (-1) ** (i + j) * determinant(minor(a, j, i)) if n > 1 else mp.mpf(1))


def inverse(a: Matrix) -> Matrix:
    """Return the inverse."""
    n = square(a)
    rows = [[a[i, j] if j < n else mp.mpf(int(j - n == i)) for j in range(2 * n)] for i in range(n)]
    if not eliminated(rows):
        raise Undefined
    return filled(n, n, lambda i, j: rows[i][n + j])


def vec(a: Matrix) -> Matrix:
    return filled(a.rows * a.cols, 1, lambda i, _: a[i % a.rows, i // a.rows])


def real_power(x: mpmath.mpf, exponent: mpmath.mpf) -> mpmath.mpf:
    if exponent == int(exponent):
        return divided(mp.mpf(1), x ** int(-exponent)) if exponent < 0 else x ** int(exponent)
    if x <= 0:
        raise Undefined
    return mp.power(x, exponent)


def series(name: str, a: Matrix) -> Matrix:
    """Return exp, sin or cos of a square matrix by its power series."""
    rows = {"exp": (1, 1, 1, 1), "sin": (0, 1, 0, -1), "cos": (1, 0, -1, 0)}.get(name)
    if rows is None:
        raise Unknown(name)
    n = square(a)
    term = filled(n, n, lambda i, j: mp.mpf(int(i == j)))
    total = mp.zeros(n, n)
    for k in range(400):
        total = total + rows[k % 4] * term
        term = term * a / (k + 1)
        if k > 4 and max(abs(x) for x in term) < mp.mpf(10) ** -78:
            return total
    raise Undefined


# ---------------------------------------------------------------- functions


def _log(x: mpmath.mpf) -> mpmath.mpf:
    if x <= 0:
        raise Undefined
    return mp.log(x)


def _sqrt(x: mpmath.mpf) -> mpmath.mpf:
    if x < 0:
        raise Undefined
    return mp.sqrt(x)


FUNCTIONS = {
    **{name: getattr(mp, name) for name in ("exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "sign")},
    "log": _log,
    "sqrt": _sqrt,
    "arctan": mp.atan,
    "abs": abs,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "relu": lambda x: x if x > 0 else mp.mpf(0),
    "step": lambda x: mp.mpf(int(x > 0)),
}


def slope(function, x: mpmath.mpf, order: int) -> mpmath.mpf:
    """Return a derivative of a function at a number."""
    if order == 0:
        return function(x)
    return (slope(function, x + STEP, order - 1) - slope(function, x - STEP, order - 1)) / (2 * STEP)


def weight(*words: object) -> mpmath.mpf:
    """Return a number between 1/2 and 3/2 that belongs to the words."""
    return mp.mpf(2**15 + zlib.crc32("/".join(map(str, words)).encode()) % 2**16) / 2**16


def unknown_of_matrix(name: str, a: Matrix) -> mpmath.mpf:
    """Return a scalar function of all entries that has no symmetry."""
    listed = list(enumerate(a))
    return mp.fsum(weight(name, i) * x**3 for i, x in listed) + mp.sin(mp.fsum(weight(i, name) * x for i, x in listed))


# ---------------------------------------------------------------- points


def points(
    context: Context,
    trees: tuple[Expr, ...],
    varying: frozenset[str] | None,
    seed: int,
    fixed: Mapping[str, int] = MappingProxyType({}),
) -> Iterator[Point]:
    """Yield random points: pairwise distinct sizes but for `fixed` ones, entries of either sign first, then positive ones."""
    rng = random.Random(seed)
    sizes, exponents = sizes_in(context, *trees), exponents_in(context, *trees)
    for attempt in range(MOST_TRIES):
        chosen = {**_sizes(context, sizes, rng), **fixed}
        positive = attempt % 3 == 2
        values: dict[str, Matrix] = {}
        directions: dict[str, Matrix] = {}
        for name, symbol in context.symbols.items():
            if name in context.definitions or name in context.unknown:
                continue
            point = Point(context, chosen, {}, {})
            rows, cols = point.dim(symbol.shape.rows), point.dim(symbol.shape.cols)
            if name in exponents and "integer" not in symbol.properties:
                values[name] = filled(rows, cols, lambda _i, _j: mp.mpf(rng.choice((2, 3, 4))))
                continue
            values[name] = _drawn(symbol.properties, rows, cols, rng, positive=positive)
            if (
                not symbol.properties & {"integer"}
                and "constant" not in symbol.properties
                and (varying is None or name in varying)
            ):
                directions[name] = _direction(symbol.properties, values[name], rng)
        yield settled(Point(context, chosen, values, directions))


def settled(point: Point, kept: frozenset[str] = frozenset()) -> Point:
    """Return the point with letters, but for `kept` ones, moved to where each premise holds; it is linear in some letter."""
    for premise in point.context.premises:
        gap = point.value(premise.left) - point.value(premise.right)
        for name in _others(premise, point, kept):
            start = point.values[name]
            cells = [(i, j) for i in range(start.rows) for j in range(start.cols)]
            columns = []
            for cell in cells:
                unit = filled(start.rows, start.cols, lambda i, j, at=cell: int((i, j) == at))
                there = point.moved({name: start + unit})
                columns.append(vec(there.value(premise.left) - there.value(premise.right) - gap))
            slopes = filled(columns[0].rows, len(cells), lambda i, j, at=columns: at[j][i, 0])
            step = slopes.T * inverse(slopes * slopes.T) * vec(gap)
            change = filled(start.rows, start.cols, lambda i, j, by=step, n=start.cols: by[i * n + j, 0])
            there = point.moved({name: start - change})
            if near(there.value(premise.left), there.value(premise.right)):
                point = there
                break
        else:
            raise Unknown("premise")
    return point


def _letters(premise: Premise) -> frozenset[str]:
    return frozenset(e.name for side in (premise.left, premise.right) for e in side.walk() if e.op == "sym")


def _others(premise: Premise, point: Point, kept: frozenset[str]) -> list[str]:
    """Return the letters of a premise that may give way, constants last."""
    letters = _letters(premise) & point.values.keys() - point.directions.keys() - kept
    free = sorted(n for n in letters if "constant" not in point.context.symbols[n].properties)
    return free if kept else free + sorted(letters.difference(free))


def _sizes(context: Context, names: frozenset[str], rng: random.Random) -> dict[str, int]:
    ordered = sorted(names)
    equal = {c.right: c.left for c in context.constraints if c.relation == "=" and not c.right.isdigit()}
    while True:
        chosen = dict(zip(ordered, rng.sample(range(2, max(6, 3 + len(ordered))), len(ordered)), strict=True))
        for right, left in equal.items():
            chosen[right] = int(left) if left.isdigit() else chosen.get(left, chosen.get(right, 2))
        for c in context.constraints:
            if c.relation == "=" and c.right.isdigit():
                chosen[c.left] = int(c.right)
        if all(_obeys(chosen, c.left, c.relation, c.right) for c in context.constraints):
            return chosen


def _obeys(sizes: Mapping[str, int], left: str, relation: str, right: str) -> bool:
    if not all(n.isdigit() or n in sizes for n in (left, right)):
        return True
    a, b = (int(n) if n.isdigit() else sizes[n] for n in (left, right))
    return {">": a > b, ">=": a >= b, "=": a == b}[relation]


def _entry(rng: random.Random, *, positive: bool) -> mpmath.mpf:
    x = mp.mpf(rng.randrange(2**14, 5 * 2**14)) / 2**16
    return x if positive or rng.random() < 0.5 else -x


def _integer(rng: random.Random, *, positive: bool) -> mpmath.mpf:
    return mp.mpf(rng.randrange(1, 8)) if positive else mp.mpf(rng.randrange(-7, 8))


def _drawn(properties: frozenset[str], rows: int, cols: int, rng: random.Random, *, positive: bool) -> Matrix:
    positive = positive or "positive" in properties
    entry = _integer if "integer" in properties else _entry
    free = filled(rows, cols, lambda _i, _j: entry(rng, positive=positive))
    if "orthogonal" in properties and "integer" in properties:
        places = rng.sample(range(rows), rows)
        return filled(rows, cols, lambda i, j: int(places[i] == j) * rng.choice((1, -1)))
    if "orthogonal" in properties:
        return _orthogonal(rows, cols, rng)
    if "positive definite" in properties:
        free = filled(rows, cols, lambda i, j: free[i, j] if i >= j else 0)
        free = free * free.T
    if "symmetric" in properties:
        free = free + free.T
    if "diagonal" in properties:
        free = filled(rows, cols, lambda i, j: free[i, i] if i == j else 0)
    return free


def _orthogonal(rows: int, cols: int, rng: random.Random) -> Matrix:
    """Return a product of reflections."""
    n = max(rows, cols)
    whole = filled(n, n, lambda i, j: mp.mpf(int(i == j)))
    for _ in range(rng.choice((n, n + 1))):
        v = filled(n, 1, lambda _i, _j: _entry(rng, positive=False))
        whole = whole - v * (v.T * whole) * (2 / (v.T * v)[0, 0])
    return whole[:rows, :cols]


def _direction(properties: frozenset[str], value: Matrix, rng: random.Random) -> Matrix:
    free = filled(value.rows, value.cols, lambda _i, _j: _entry(rng, positive=False))
    if "orthogonal" in properties:
        if value.rows != value.cols:
            raise Unknown("direction of a rectangular orthogonal matrix")
        return value * (free - free.T)
    if "diagonal" in properties:
        return filled(value.rows, value.cols, lambda i, j: free[i, i] if i == j else 0)
    return (free + free.T) / 2 if properties & {"symmetric", "positive definite"} else free


def sizes_in(context: Context, *trees: Expr) -> frozenset[str]:
    """Return the sizes of the trees and of all declared letters."""
    shapes: list[Shape] = [s.shape for s in context.symbols.values()]
    names = {c for k in context.constraints for c in (k.left, k.right) if not c.isdigit()}
    for tree in (*trees, *context.definitions.values()):
        for e in tree.walk():
            shapes.append(e.shape)
            names |= {e.name} if e.op == "size" else set()
    for shape in shapes:
        names.update(shape.rows.names, shape.cols.names)
    return frozenset(names)


def exponents_in(context: Context, *trees: Expr) -> frozenset[str]:
    """Return the letters in exponents of matrices."""
    every = [e for tree in (*trees, *context.definitions.values()) for e in tree.walk()]
    powers = [e.args[1] for e in every if e.op == "pow" and not e.args[0].scalar]
    return frozenset(e.name for p in powers for e in p.walk() if e.op == "sym")


def near(a: Matrix, b: Matrix) -> bool:
    """Whether two values are equal at the digits that differences leave."""
    if (a.rows, a.cols) != (b.rows, b.cols):
        return False
    size = max([mp.mpf(1), *(abs(x) for x in a), *(abs(x) for x in b)])
    return max(abs(x - y) for x, y in zip(a, b, strict=True)) <= NEAR * size


def symmetric_part(a: Matrix) -> Matrix:
    return (a + a.T) / 2


def tied(a: Matrix) -> Matrix:
    """Return 2G - G o I for a gradient by a symmetric matrix."""
    g = symmetric_part(a)
    return filled(g.rows, g.cols, lambda i, j: g[i, j] * (1 if i == j else 2))
