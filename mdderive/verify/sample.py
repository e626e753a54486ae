"""Values for the letters of a claim: sizes that tell every dimension from every other, entries that respect the declarations.

A draw depends on its key alone, never on the order in which letters are asked for. What is declared holds by construction:
symmetric, diagonal and positive matrices from their free entries, positive definite ones as L L^T, orthogonal ones as a Cayley
transform times signs. Nilpotent parts are directions that keep the property.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice, permutations
from math import prod
from random import Random

from mdderive.context import Constraint, Context
from mdderive.shapes import Dim, Shape
from mdderive.tree import Expr
from mdderive.verify.algebra import Algebra, Value, block, transpose
from mdderive.verify.field import Numbers, Unsupported, digest
from mdderive.verify.premises import Residuals

Sizes = Mapping[str, int]
FEW_SIZES = (2, 3, 5, 7)
FEW_OTHERS = (5, 4, 2, 6)
FEW_LOWEST = 3
INTEGERS = (2, 3, 4, 5, 6)
WHOLE = (2, -3, 5, 0, -1, 4, 1)
# Every other draw adds a multiple of twelve, so that no product over the small integers vanishes at all of them. In exponents
# the multiples are small; with digits only, where large powers leave none, there are none.
PERIOD, FAR, FAR_EXPONENT = 12, 10**6, 6


def extent(dim: Dim, sizes: Sizes) -> int:
    """Return a dimension as a number."""
    return dim.factor * prod(sizes[name] for name in dim.names)


@dataclass(frozen=True, slots=True)
class Draw:
    """One point: an algebra, the sizes, and the rules by which letters get their values.

    `index` counts the draws of a claim, so that symbolic integers run through their range; `positive` and `integers` are
    letters that must be so for the claim to be defined; letters outside `varying` have no direction; `residuals` are what
    vanishes for letters that premises settle; `places` says where the indices stand that no sum binds; `deficient` is a letter
    that is drawn with a rank.
    """

    algebra: Algebra
    sizes: Sizes
    context: Context
    varying: frozenset[str]
    key: int
    index: int = 0
    positive: frozenset[str] = frozenset()
    integers: frozenset[str] = frozenset()
    residuals: Residuals = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    deficient: tuple[str, int] | None = None
    cache: dict[tuple[str, tuple[int, ...]], Value] = field(default_factory=dict)

    def dims(self, shape: Shape) -> tuple[int, int]:
        """Return rows and columns as numbers."""
        return extent(shape.rows, self.sizes), extent(shape.cols, self.sizes)

    def integer(self, name: str) -> int:
        """Return the value of a symbolic integer; each letter runs through its range at its own pace."""
        values = INTEGERS if name in self.integers else WHOLE
        place = digest(name) % len(values)
        near = values[(place + self.index * (1 + digest(name, "pace") % (len(values) - 1))) % len(values)]
        return near + PERIOD * self._periods(name) if self.index % 2 else near

    def _periods(self, name: str) -> int:
        """Return how many periods a symbolic integer lies away from a small one."""
        if not self.algebra.over.exact:
            return int(name not in self.integers)
        return 1 + digest(self.key, name, "periods") % (FAR_EXPONENT if name in self.integers else FAR)

    def whole(self, name: str) -> bool:
        """Whether a letter stands for an integer."""
        return name in self.integers or self.context.has(name, "integer")

    def symbol(self, e: Expr, bits: tuple[int, ...]) -> Value:
        """Return the value of an independent letter, with its direction under each of the nilpotents `bits`."""
        if e.name not in self.varying:
            bits = ()
        found = self.cache.get((e.name, bits))
        if found is None:
            found = self.cache[e.name, bits] = self._symbol(e, bits)
        return found

    def _symbol(self, e: Expr, bits: tuple[int, ...]) -> Value:
        rows, cols = self.dims(e.shape)
        has = self.context.has
        if self.whole(e.name):
            if e.scalar:
                return self.algebra.number(self.integer(e.name))
            rng = Random(digest(self.key, e.name, "value"))
            far = PERIOD * self._periods(e.name)
            drawn = [rng.choice(WHOLE) + rng.choice((0, 0, far)) for _ in range(rows * cols)]
            return self.algebra.const(rows, cols, list(map(self.algebra.over.number, drawn)))
        if has(e.name, "orthogonal") and not e.scalar:
            return self._orthogonal(e.name, rows, cols, bits)
        if has(e.name, "diagonal") and rows == cols:
            squared = has(e.name, "positive definite")
            return self.algebra.diag(self._free(e.name, rows, 1, bits, squared=squared))
        if has(e.name, "positive definite"):
            return self._definite(e.name, rows, bits)
        value = self._free(e.name, rows, cols, bits, squared=has(e.name, "positive") or e.name in self.positive)
        if self.deficient is not None and self.deficient[0] == e.name:
            value = self._of_rank(e.name, value, self.deficient[1])
        return _mirrored(value) if has(e.name, "symmetric") else value

    def _of_rank(self, name: str, value: Value, rank: int) -> Value:
        """Return a value with its nilpotent parts whose plain part is a symmetric matrix, or any other, of a lower rank."""
        left = self.algebra.const(value.rows, rank, self._numbers(name, "left factor", value.rows * rank))
        right = self.algebra.const(rank, value.cols, self._numbers(name, "right factor", rank * value.cols))
        if not rank:
            return Value(value.rows, value.cols, value.parts | {0: [self.algebra.over.number(0)] * len(value.plain)})
        right = transpose(left) if self.context.has(name, "symmetric") else right
        return Value(value.rows, value.cols, value.parts | self.algebra.product(left, right).parts)

    def _numbers(self, name: str, what: str, count: int) -> Numbers:
        self.algebra.spend(count)
        return self.algebra.over.randoms(count, self.key, name, what)

    def _free(self, name: str, rows: int, cols: int, bits: tuple[int, ...], *, squared: bool = False) -> Value:
        entries = self._numbers(name, "value", rows * cols)
        if squared:
            entries = self.algebra.over.tidy([x * x or 1 for x in entries])
        parts = {0: entries}
        if bits:
            parts |= dict.fromkeys(bits, self._numbers(name, "direction", rows * cols))
        return Value(rows, cols, parts)

    def _definite(self, name: str, n: int, bits: tuple[int, ...]) -> Value:
        entries = self._numbers(name, "value", n * n)
        lower = [(x or 1) if i == j else x if i > j else 0 for i, row in enumerate(_rows(entries, n)) for j, x in enumerate(row)]
        root = self.algebra.const(n, n, lower)
        value = self.algebra.product(root, transpose(root))
        direction = _mirrored(self.algebra.const(n, n, self._numbers(name, "direction", n * n)))
        return Value(n, n, value.parts | dict.fromkeys(bits, direction.plain))

    def _orthogonal(self, name: str, rows: int, cols: int, bits: tuple[int, ...]) -> Value:
        n, algebra = max(rows, cols), self.algebra
        signs = Random(digest(self.key, name, "signs"))
        flips = algebra.diag(algebra.const(n, 1, [algebra.over.number(signs.choice((1, -1))) for _ in range(n)]))
        if self.context.has(name, "diagonal") or self.context.has(name, "positive definite"):
            return flips if self.context.has(name, "diagonal") else algebra.identity(n)
        free = self._free(name, n, n, bits)
        skew = algebra.sum([free, algebra.negative(transpose(free))])
        one = algebra.identity(n)
        turn = algebra.product(algebra.sum([one, algebra.negative(skew)]), algebra.inverse(algebra.sum([one, skew])))
        whole = algebra.product(turn, flips)
        if self.context.has(name, "symmetric"):
            whole = algebra.product(whole, transpose(turn))
        return block(whole, range(rows), range(cols)) if rows != cols else whole

    def derivative(self, e: Expr, order: int) -> Value:
        """Return the derivative of some order of a letter that is a function of a scalar.

        That of an orthogonal Q is Q S with a skew S. Raises `Unsupported` where the declared properties leave no such line.
        """
        orthogonal = self.context.has(e.name, "orthogonal")
        bent = orthogonal and (order > 1 or len(self.context.symbols[e.name].properties) > 1 or e.shape.rows != e.shape.cols)
        if bent or self.whole(e.name):
            raise Unsupported(f"the derivative of order {order} of {e.name} is bound by what is declared of it")
        if orthogonal:
            free = self.direction(e, f"derivative {order}")
            skew = self.algebra.sum([free, self.algebra.negative(transpose(free))])
            return self.algebra.product(self.symbol(e, ()), skew)
        return self.direction(e, f"derivative {order}")

    def direction(self, e: Expr, rng_word: str) -> Value:
        """Return a random direction in which the letter may vary."""
        rows, cols = self.dims(e.shape)
        value = self.algebra.const(rows, cols, self._numbers(e.name, rng_word, rows * cols))
        if rows == cols and self.context.has(e.name, "diagonal"):
            return self.algebra.diag(block(value, range(rows), [0]))
        return _mirrored(value) if rows == cols and self.context.has(e.name, "symmetric") else value


def _rows(entries: Numbers, n: int) -> list[Numbers]:
    return [entries[i : i + n] for i in range(0, len(entries), n)]


def _mirrored(a: Value) -> Value:
    """Return the symmetric matrix with the upper triangle of a."""
    n = a.rows
    return a.mapped(n, n, lambda part: [part[min(i, j) * n + max(i, j)] for i in range(n) for j in range(n)])


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
    others = (order for ladder in ladders for order in islice(permutations(ladder), 120))
    for order in chain(first, others):
        chosen = fitted(dict(zip(names, order, strict=True)), constraints)
        values = tuple(chosen[name] for name in names)
        if values not in seen and all(obeys(chosen, c) for c in constraints):
            seen.add(values)
            yield chosen


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
