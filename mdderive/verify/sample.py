"""Values for the letters of a claim: numbers of their domain, composed as the declared properties say.

A draw depends on its key alone, never on the order in which letters are asked for. What is declared holds by construction:
symmetric, diagonal and positive matrices from their free entries, positive definite ones as L L^T, orthogonal ones as a Cayley
transform times signs, idempotent ones as projections. Nilpotent parts are directions that keep the property.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from hashlib import shake_128
from math import gcd
from random import Random

from mdderive.model.context import Context
from mdderive.model.expr import Expr
from mdderive.model.shapes import ONE, Shape
from mdderive.verify.algebra import MAX_ENTRIES, WORK_BOUND, Algebra, Value
from mdderive.verify.elimination import inverse
from mdderive.verify.field import Numbers, Undefined, Unjudged, Unsupported, digest
from mdderive.verify.integers import FAR, FAR_EXPONENT, NATURAL, PERIOD, WHOLE, in_turn
from mdderive.verify.premises import Residuals
from mdderive.verify.sizes import Sizes


@dataclass(frozen=True, slots=True)
class Draw:
    """One point: an algebra, the sizes, and the rules by which letters get their values.

    `index` counts the draws of a claim, so that symbolic integers run through their range, those `near` zero; `positive` and
    `integers` are letters that must be so for the claim to be defined, `naturals` exponents of what may be singular; letters
    outside `varying` have no direction; `residuals` are what vanishes for letters that premises settle; `places` says where
    the indices stand that no sum binds; `deficient` is a letter that is drawn with a rank.
    """

    algebra: Algebra
    sizes: Sizes
    context: Context
    varying: frozenset[str]
    key: int
    index: int = 0
    positive: frozenset[str] = frozenset()
    integers: frozenset[str] = frozenset()
    naturals: frozenset[str] = frozenset()
    near: tuple[int, ...] = WHOLE
    residuals: Residuals = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    deficient: tuple[str, int] | None = None
    cache: dict[tuple[object, ...], Value] = field(default_factory=dict)

    def dims(self, shape: Shape) -> tuple[int, int]:
        """Return rows and columns as numbers; raises `Unsupported` for more entries than are worked on."""
        rows, cols = shape.rows.number(self.sizes), shape.cols.number(self.sizes)
        if rows * cols > MAX_ENTRIES or self.algebra.work > WORK_BOUND:
            raise Unsupported("bound-on-work")
        return rows, cols

    def place(self, unit: Expr) -> int:
        """Return the place of a unit vector; raises `Undefined` where there are fewer."""
        place = self.places.get(unit.name, unit.name)
        if not place.isdigit():
            raise Unsupported("index-value", name=unit.name)
        if int(place) > unit.shape.rows.number(self.sizes):
            raise Undefined("no-place", place=str(place), count=str(unit.shape.rows.number(self.sizes)))
        return int(place)

    def integer(self, name: str) -> int:
        """Return the value of a symbolic integer; each letter runs through its range at its own pace."""
        values = self._range(name)
        pace = 1 + digest(name, "pace") % (len(values) - 1)
        pace = next(step for step in range(pace, 2 * len(values)) if gcd(step, len(values)) == 1)
        near = values[(digest(name) + self.index * pace) % len(values)]
        return near + self._far(name, (self.index // 2 + digest(name, "side")) % 2 == 0) if self.index % 2 else near

    def _positive(self, name: str) -> bool:
        return name in self.positive or self.context.has(name, "positive")

    def _range(self, name: str) -> Sequence[int]:
        """Return the small integers that a letter may be."""
        if self._positive(name):
            return in_turn(tuple(x for x in self.near if x > 0))
        return NATURAL if name in self.naturals else in_turn(self.near)

    def _far(self, name: str, up: bool) -> int:
        """Return how far a symbolic integer lies away from a small one."""
        if name not in self.integers:
            periods = 1 + digest(self.key, name, "periods") % FAR
        elif self.algebra.over.exact:
            periods = 1 + digest(self.key, name, "periods") % FAR_EXPONENT
        else:
            periods = 0
        return PERIOD * (periods if up or name in self.naturals or self._positive(name) else -periods)

    def whole(self, name: str) -> bool:
        """Whether a letter stands for an integer."""
        return name in self.integers or self.context.has(name, "integer")

    def take(self, letters: Iterable[Expr]) -> "Draw":
        """Return this draw, for which letters were drawn modulo a prime, so far as they have a value there."""
        for e in letters if self.algebra.over.characteristic else ():
            with suppress(Unjudged):
                self.symbol(e, ())
        return self

    def symbol(self, e: Expr, bits: tuple[int, ...], places: tuple[int, ...] = ()) -> Value:
        """Return the value of an independent letter, with its direction under each of the nilpotents `bits`.

        Each member of a family, at `places` from 1 on, is a draw of its own.
        """
        if e.name not in self.varying:
            bits = ()
        name = (e.name, bits, *places)
        found = self.cache.get(name)
        if found is None:
            own = replace(self, key=digest(self.key, "member", *places), index=self.index + sum(places)) if places else self
            found = self.cache[name] = own._symbol(e, bits)
        return found

    def _symbol(self, e: Expr, bits: tuple[int, ...]) -> Value:
        """Return a letter of its domain, the real numbers or the integers, with the properties it is declared with."""
        bits = () if self.whole(e.name) else bits  # an integer has no direction
        samplers = self.samplers(e)
        if not samplers:
            return self._plain(e, bits)
        return self._along(samplers[1:], samplers[0].value(self, e, bits))

    def samplers(self, e: Expr) -> list["Sampler"]:
        """Return how a letter is drawn that is what is declared; raises `Unsupported` where nothing draws all of that."""
        symbol = self.context.symbols.get(e.name)
        said = [name for name in SAMPLERS if symbol is not None and name in symbol.properties]
        said = said[:1] + [name for name in said[1:] if name not in SAMPLERS[said[0]].heeds]
        if len(said) > 1 and not all(SAMPLERS[name].space for name in said):
            raise Unsupported("not-drawn", name=e.name, properties=" and ".join(said))
        return [SAMPLERS[name] for name in said]

    def _plain(self, e: Expr, bits: tuple[int, ...]) -> Value:
        """Return a letter with no more than properties of its entries."""
        rows, cols = self.dims(e.shape)
        value = self._free(e.name, rows, cols, bits, positive=self._positive(e.name))
        letter, rank = self.deficient or ("", 0)
        return self._of_rank(e.name, value, rank) if letter == e.name else value

    def _diagonal(self, e: Expr, bits: tuple[int, ...]) -> Value:
        positive = self.context.has(e.name, "positive definite") or self.context.has(e.name, "positive")
        return self.algebra.diag(self._free(e.name, self.dims(e.shape)[0], 1, bits, positive=positive))

    def _binary(self, e: Expr, _bits: tuple[int, ...]) -> Value:
        """Return zeros and ones, which have no direction."""
        rows, cols = self.dims(e.shape)
        rng, number = Random(digest(self.key, e.name, "binary")), self.algebra.over.number
        return self.algebra.const(rows, cols, [number(rng.getrandbits(1)) for _ in range(rows * cols)])

    def _one_hot(self, e: Expr, _bits: tuple[int, ...]) -> Value:
        """Return one 1 in every row, or in a column."""
        (rows, cols), column = self.dims(e.shape), e.shape.cols == ONE
        rng, number = Random(digest(self.key, e.name, "one-hot")), self.algebra.over.number
        chosen = [rng.randrange(rows if column else cols) for _ in range(1 if column else rows)]
        places = [i == chosen[0] if column else j == chosen[i] for i in range(rows) for j in range(cols)]
        return self.algebra.const(rows, cols, [number(int(place)) for place in places])

    def _of_rank(self, name: str, value: Value, rank: int) -> Value:
        """Return a value with its nilpotent parts whose plain part is a symmetric matrix, or any other, of a lower rank."""
        left = self.algebra.const(value.rows, rank, self._numbers(name, "left factor", value.rows * rank))
        right = self.algebra.const(rank, value.cols, self._numbers(name, "right factor", rank * value.cols))
        if not rank:
            return Value(value.rows, value.cols, value.parts | {0: [self.algebra.over.number(0)] * len(value.plain)})
        right = left.transposed() if self.context.has(name, "symmetric") else right
        return Value(value.rows, value.cols, value.parts | self.algebra.product(left, right).parts)

    def _numbers(self, name: str, what: str, count: int) -> Numbers:
        over = self.algebra.over
        self.algebra.work += count * over.cost
        if not over.characteristic:
            return over.randoms(count, self.key, name, what)
        # Nonzero residues, all of them nearly equally likely, from one long hash.
        drawn, last = shake_128(f"{self.key}\x1f{name}\x1f{what}".encode()).digest(16 * count), over.characteristic - 1
        return [int.from_bytes(drawn[i : i + 16], "big") % last + 1 for i in range(0, 16 * count, 16)]

    def _entries(self, name: str, count: int, *, positive: bool) -> Numbers:
        """Return numbers of the domain of a letter."""
        if self.whole(name):
            return self._integers(name, count)
        entries = self._numbers(name, "value", count)
        return self.algebra.over.positive(entries) if positive else entries

    def _integers(self, name: str, count: int) -> Numbers:
        rng = Random(digest(self.key, name, "value"))
        near, far = self._range(name), (self._far(name, up=True), self._far(name, up=False))
        drawn = [rng.choice(near) + rng.choice((0, 0, 0, *far)) for _ in range(count)]
        drawn = [self.integer(name)] if count == 1 else drawn
        fixed, positive = name in self.integers, self._positive(name)
        return self.algebra.over.integers(drawn, self.key, name, "value", fixed=fixed, positive=positive)

    def _free(self, name: str, rows: int, cols: int, bits: tuple[int, ...], *, positive: bool = False) -> Value:
        parts = {0: self._entries(name, rows * cols, positive=positive)}
        return Value(rows, cols, parts | (dict.fromkeys(bits, self._numbers(name, "direction", rows * cols)) if bits else {}))

    def _definite(self, e: Expr, bits: tuple[int, ...]) -> Value:
        name, (n, _) = e.name, self.dims(e.shape)
        entries = self._entries(name, n * n, positive=self.context.has(name, "positive"))
        lower = [(x or 1) if k % (n + 1) == 0 else x if k // n > k % n else 0 for k, x in enumerate(entries)]
        root = self.algebra.const(n, n, lower)
        value = self.algebra.product(root, root.transposed())
        direction = _mirrored(self.algebra.const(n, n, self._numbers(name, "direction", n * n)))
        return Value(n, n, value.parts | dict.fromkeys(bits, direction.plain))

    def _orthogonal(self, e: Expr, bits: tuple[int, ...]) -> Value:
        if e.scalar:
            return self._plain(e, bits)
        name, (rows, cols) = e.name, self.dims(e.shape)
        n, algebra, has = max(rows, cols), self.algebra, self.context.has
        rng = Random(digest(self.key, name, "signs"))
        signs = [1 if has(name, "positive definite") or has(name, "positive") else rng.choice((1, -1)) for _ in range(n)]
        if has(name, "diagonal") or has(name, "positive definite"):
            return self._permutation(list(range(n)), signs)
        if self.whole(name):
            whole = self._permutation(_involution(n, rng) if has(name, "symmetric") else rng.sample(range(n), n), signs)
            return whole.block(range(rows), range(cols)) if rows != cols else whole
        skew, one = self._skew(self._free(name, n, n, bits)), algebra.identity(n)
        turn = algebra.product(algebra.sum(one, algebra.negative(skew)), inverse(algebra, algebra.sum(one, skew)))
        whole = algebra.product(turn, self._permutation(list(range(n)), signs))
        if has(name, "symmetric"):
            whole = algebra.product(whole, turn.transposed())
        return whole.block(range(rows), range(cols)) if rows != cols else whole

    def _idempotent(self, e: Expr, bits: tuple[int, ...]) -> Value:
        """Return U (V^T U)^{-1} V^T of some rank, with V = U where it is symmetric; places of a diagonal one are 0 or 1."""
        name, (n, _), algebra, has = e.name, self.dims(e.shape), self.algebra, self.context.has
        rng = Random(digest(self.key, name, "rank"))
        if has(name, "diagonal"):
            signs = [rng.randrange(2) for _ in range(n)]
            return algebra.const(n, n, [algebra.over.number(signs[i] if i == j else 0) for i in range(n) for j in range(n)])
        rank = n if has(name, "invertible") else rng.choice((0, n, *range(1, n), *range(1, n)))
        if not rank:
            return algebra.const(n, n, [algebra.over.number(0)] * (n * n))
        onto = self._free(f"{name} onto", n, rank, bits)
        along = onto if has(name, "symmetric") else self._free(f"{name} along", n, rank, bits)
        across = inverse(algebra, algebra.product(along.transposed(), onto))
        return algebra.product(algebra.product(onto, across), along.transposed())

    def _permutation(self, places: list[int], signs: list[int]) -> Value:
        """Return the matrix with a sign at the given place of every row; places exchanged in pairs have one sign."""
        n = len(places)
        at = {(i, j): signs[min(i, j)] if places[j] == i else signs[i] for i, j in enumerate(places)}
        return self.algebra.const(n, n, [self.algebra.over.number(at.get((i, j), 0)) for i in range(n) for j in range(n)])

    def derivative(self, e: Expr, order: int) -> Value:
        """Return the derivative of some order of a letter that is a function of a scalar.

        Raises `Unsupported` where the declared properties leave no line for it.
        """
        direction = self.direction(e, f"derivative {order}")
        samplers = self.samplers(e)
        if all(sampler.along is not None for sampler in samplers) and not self.whole(e.name):
            return direction
        alone = samplers and len(self.context.symbols[e.name].properties) == 1
        rate = samplers[0].rate if alone and order == 1 and e.shape.rows == e.shape.cols else None
        if rate is None:
            raise Unsupported("bound-derivative", order=str(order), name=e.name)
        return rate(self, e, direction)

    def _skew(self, a: Value) -> Value:
        return self.algebra.sum(a, self.algebra.negative(a.transposed()))

    def _turning(self, e: Expr, direction: Value) -> Value:
        """Return Q S with a skew S, as an orthogonal Q moves."""
        return self.algebra.product(self.symbol(e, ()), self._skew(direction))

    def direction(self, e: Expr, rng_word: str) -> Value:
        """Return a random direction in which the letter may vary."""
        rows, cols = self.dims(e.shape)
        samplers = self.samplers(e) if rows == cols else ()
        direction = Value(rows, cols, {0: self._numbers(e.name, rng_word, rows * cols)})
        return self._along(samplers, direction) if samplers else direction

    def directed(self, e: Expr, direction: Value) -> Value:
        """Return the part of a direction in which a letter moves as it is declared."""
        return self._along(self.samplers(e) if direction.rows == direction.cols else (), direction)

    def _along(self, samplers: Sequence["Sampler"], value: Value) -> Value:
        for sampler in samplers:
            value = sampler.along(self.algebra, value) if sampler.along is not None else value
        return value


Bits = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sampler:
    """How letters with a property get their values: what is declared of a letter holds by construction.

    `value` draws one; `along` takes the part of a matrix in whose direction it keeps the property, the same at every value. Where
    the values form a `space` themselves, it takes values there as well. Where there is no such part, `rate` bends a direction to
    what a letter that is a function of a scalar may do. A sampler `heeds` some other properties itself.
    """

    value: Callable[[Draw, Expr, Bits], Value]
    along: Callable[[Algebra, Value], Value] | None = None
    space: bool = False
    rate: Callable[[Draw, Expr, Value], Value] | None = None
    heeds: frozenset[str] = frozenset()


def _symmetric_part(algebra: Algebra, a: Value) -> Value:
    return algebra.times(algebra.number(Fraction(1, 2)), algebra.sum(a, a.transposed()))


def _diagonal_part(_algebra: Algebra, a: Value) -> Value:
    return a.mapped(a.rows, a.cols, lambda part: [x if k % (a.cols + 1) == 0 else 0 for k, x in enumerate(part)])


# Properties of entries, and those that nearly every matrix has, are drawn with the entries; so are those of complex matrices,
# whose conjugates are letters of their own.
OF_ENTRIES = frozenset({"positive", "integer", "constant", "invertible", "complex", "hermitian", "unitary"})
# The first of them that is declared draws the letter.
SAMPLERS: Mapping[str, Sampler] = {
    "one-hot": Sampler(Draw._one_hot, heeds=frozenset({"binary"})),
    "binary": Sampler(Draw._binary),
    "orthogonal": Sampler(Draw._orthogonal, rate=Draw._turning, heeds=frozenset({"diagonal", "symmetric", "positive definite"})),
    "idempotent": Sampler(Draw._idempotent, heeds=frozenset({"diagonal", "symmetric", "positive definite"})),
    "diagonal": Sampler(Draw._diagonal, _diagonal_part, space=True, heeds=frozenset({"symmetric", "positive definite"})),
    "positive definite": Sampler(Draw._definite, _symmetric_part, heeds=frozenset({"symmetric"})),
    "symmetric": Sampler(lambda draw, e, bits: _mirrored(draw._plain(e, bits)), _symmetric_part, space=True),
}


def _involution(n: int, rng: Random) -> list[int]:
    """Return a permutation that exchanges places in pairs, or leaves them."""
    places, order = list(range(n)), rng.sample(range(n), n)
    for i, j in zip(order[::2], order[1::2], strict=False):
        if rng.getrandbits(1):
            places[i], places[j] = j, i
    return places


def _mirrored(a: Value) -> Value:
    """Return the symmetric matrix with the upper triangle of a."""
    n = a.rows
    return a.mapped(n, n, lambda part: [part[min(i, j) * n + max(i, j)] for i in range(n) for j in range(n)])


# No direction keeps these properties at every value: a quotient of polynomials draws them, of no known degree.
CURVED = frozenset(name for name, sampler in SAMPLERS.items() if sampler.along is None)
