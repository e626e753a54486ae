"""Why a square matrix has an inverse: by what is declared, because it is positive definite, or only if a matrix has full rank.

Everything here is read off the form of the matrix: B^T V B is positive semidefinite for a positive definite V, sums of such terms
are, and one positive definite term makes the sum positive definite.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from mdderive.engine.arrange import product
from mdderive.engine.transposing import transposed
from mdderive.model.context import Context
from mdderive.model.expr import Expr, Number
from mdderive.model.properties import PROPERTIES, Property
from mdderive.model.terms import chain_shape, split

Kind = Literal["trivial", "known", "definite", "rank", "assumed"]


@dataclass(frozen=True, slots=True)
class Regular:
    """What makes `matrix` invertible.

    `trivial`: nothing need be said; `known`: the letters `because` are declared so; `definite`: positive definite because of the
    letters `because`; `rank`: if `factor` has full column rank (is not zero, where it is a column); `assumed`: it is assumed.
    """

    kind: Kind
    matrix: Expr
    because: tuple[Expr, ...] = ()
    factor: Expr | None = None


def regular(e: Expr, context: Context) -> Regular:
    """Return what makes the square matrix, or the scalar, `e` invertible."""
    reading = _Reading(context)
    if reading.counted(e):
        return Regular("trivial", e)
    because = reading.invertible(e)
    if because is not None:
        return Regular("known", e, because)
    because = reading.definite(e)
    if because is not None:
        return Regular("definite", e, because)
    factor = reading.gram(e)
    return Regular("assumed", e) if factor is None else Regular("rank", e, (), factor)


def owing_to(e: Expr, name: str, context: Context) -> tuple[Expr, ...] | None:
    """Return the letters whose declarations give a matrix a property that operators keep; None where they do not."""
    return _Reading(context).owing_to(e, name)


def _all(found: Sequence[tuple[Expr, ...] | None]) -> tuple[Expr, ...] | None:
    """Return all letters, each once; None where some are not known."""
    return None if None in found else tuple(dict.fromkeys(letter for some in found for letter in some or ()))


@dataclass(frozen=True, slots=True)
class _Reading:
    context: Context

    def counted(self, e: Expr) -> bool:
        """Tell whether `e` is an identity times a number and sizes."""
        number, scalars, chain = split(e)
        return number != 0 and all(s.op in ("size", "const") for s in scalars) and all(f.op == "identity" for f in chain)

    def positive(self, e: Expr) -> bool:
        """Tell whether a scalar is positive by what is declared."""
        match e.op:
            case "num":
                return e.value > 0
            case "size" | "const":
                return True
            case "sym":
                return self.context.has(e.name, "positive")
            case "pow":
                return self.positive(e.args[0])
            case "fn":
                return e.name == "exp" or (e.name == "sqrt" and self.positive(e.args[0]))
            case "mul" | "add":
                return all(map(self.positive, e.args))
        return False

    def owing_to(self, e: Expr, name: str) -> tuple[Expr, ...] | None:
        """Return the letters whose declarations give a matrix a property that operators keep; None where they do not."""
        row = PROPERTIES[name]
        number, scalars, chain = split(e)
        if e.scalar or not chain or (len(chain) > 1 and "mul" not in row.kept):
            return None
        if (number, scalars) != (1, ()) and not self._may_scale(row.scaled, number, scalars):
            return None
        named = tuple(s for s in scalars if s.op == "sym" and row.scaled != "any")
        return _all([named, *(self._factor(f, row) for f in chain)])

    def _may_scale(self, scaled: str, number: Number, scalars: Iterable[Expr]) -> bool:
        """Tell whether numbers are among those by which a property may be multiplied."""
        if scaled in ("", "any"):
            return scaled == "any"
        return (number > 0 or (scaled == "nonzero" and number != 0)) and all(map(self.positive, scalars))

    def _factor(self, f: Expr, row: Property) -> tuple[Expr, ...] | None:
        """Return the letters that give one factor a property."""
        if f.op == "sym":
            return (f,) if self.context.has(f.name, row.name) else None
        if f.op == "identity":
            return () if row.identity else None
        if f.op in row.made:
            inner, needed = f.args[0], row.made[f.op]
            known = inner.op == "sym" and self.context.has(inner.name, needed) if needed else True
            return ((inner,) if needed else ()) if known else None
        return _all([self.owing_to(a, row.name) for a in (f.args[:1] if f.op == "pow" else f.args)]) if f.op in row.kept else None

    def _scale(self, e: Expr) -> tuple[Expr, ...] | None:
        """Return the letters that make the scalars in front of `e` positive; None where that is not known."""
        number, scalars, _ = split(e)
        if number <= 0 or not all(map(self.positive, scalars)):
            return None
        return tuple(s for s in scalars if s.op == "sym")

    def invertible(self, e: Expr) -> tuple[Expr, ...] | None:
        """Return the letters whose declaration makes a product invertible; None where it takes more."""
        if e.scalar:
            return (e,) if e.op == "sym" and self.context.has(e.name, "positive") else None
        return self.owing_to(e, "invertible")

    def definite(self, e: Expr) -> tuple[Expr, ...] | None:
        """Return the letters that make `e` positive definite; None where that is not known."""
        if e.scalar:
            return None
        if e.op == "add":
            if not all(map(self.semidefinite, e.args)):
                return None
            found = [because for t in e.args if (because := self.definite(t)) is not None]
            return tuple(dict.fromkeys(letter for because in found for letter in because)) if found else None
        scale = self._scale(e)
        chain = split(e)[2]
        if scale is None or not chain:
            return None
        if len(chain) == 1 and (core := self._core(chain[0])) is not None:
            return (*scale, *core)
        half = self._halves(chain)
        if half is None:
            return None
        factor, middle = half
        outer = self.invertible(factor)
        return None if outer is None else (*scale, *outer, *middle)

    def _core(self, f: Expr) -> tuple[Expr, ...] | None:
        """Return the letters that make one factor positive definite."""
        if f.op in ("inv", "transpose", "pow"):
            return self._core(f.args[0])
        if f.op == "kron":
            return _all(list(map(self.definite, f.args)))
        return self.definite(f) if f.op in ("add", "mul") else self._factor(f, PROPERTIES["positive definite"])

    def semidefinite(self, e: Expr) -> bool:
        """Tell whether `e` is positive semidefinite by its form."""
        if self.definite(e) is not None:
            return True
        chain = split(e)[2]
        if self._scale(e) is None or not chain:
            return False
        if len(chain) == 1 and chain[0].op == "kron":
            return all(map(self.semidefinite, chain[0].args))
        return self._halves(chain) is not None

    def gram(self, e: Expr) -> Expr | None:
        """Return B for B^T B or B^T V B with a positive definite V."""
        number, scalars, chain = split(e)
        if e.scalar:
            if number == 0 or len(scalars) != 1 or scalars[0].op not in ("mul", "tr"):
                return None
            run = scalars[0].args[0] if scalars[0].op == "tr" else scalars[0]
            chain = run.args if run.op == "mul" else ()
        elif number == 0 or not all(map(self.positive, scalars)):
            return None
        half = self._halves(chain) if chain else None
        if half is None:
            return None
        factors = split(half[0])[2] or (half[0],)
        while len(factors) > 1 and self.invertible(factors[0]) is not None:  # it leaves the rank as it is
            factors = factors[1:]
        return product(factors, chain_shape(factors))

    def _halves(self, chain: tuple[Expr, ...]) -> tuple[Expr, tuple[Expr, ...]] | None:
        """Return B and the letters that make V positive definite, for a chain B^T V B."""
        symmetric = frozenset(name for name in self.context.symbols if self.context.has(name, "symmetric"))
        flipped = tuple(transposed(f, symmetric) for f in reversed(chain))
        plain = tuple(transposed(f, symmetric) for f in reversed(flipped))
        if not chain or flipped != plain:
            return None
        middle: tuple[Expr, ...] = ()
        if len(chain) % 2:
            core = self._core(chain[len(chain) // 2])
            if core is None:
                return None
            middle = core
        right = chain[(len(chain) + 1) // 2 :]
        return (product(right, chain_shape(right)), middle) if right else None
