"""Why a square matrix has an inverse: by what is declared, because it is positive definite, or only if a matrix has full rank.

Everything here is read off the form of the matrix: B^T V B is positive semidefinite for a positive definite V, sums of such terms
are, and one positive definite term makes the sum positive definite.
"""

from dataclasses import dataclass
from typing import Literal

from mdderive.engine.arrange import chain_shape, product, split
from mdderive.engine.transposing import transposed
from mdderive.model.context import Context
from mdderive.model.expr import Expr

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
        number, scalars, chain = split(e)
        if number == 0 or not all(map(self.positive, scalars)):
            return None
        found: dict[Expr, None] = {}
        for f in (*scalars, *chain):
            if f.scalar:
                found |= {f: None} if f.op == "sym" else {}
                continue
            inner = f
            while inner.op in ("transpose", "inv", "pow"):
                inner = inner.args[0]
            if inner.op == "identity":
                continue
            if inner.op != "sym" or not self.context.has(inner.name, "invertible"):
                return None
            found[inner] = None
        return tuple(found)

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
        match f.op:
            case "identity":
                return ()
            case "sym":
                return (f,) if self.context.has(f.name, "positive definite") else None
            case "inv" | "transpose" | "pow":
                return self._core(f.args[0])
            case "add" | "mul":
                return self.definite(f)
            case "diag":
                vector = f.args[0]
                return (vector,) if vector.op == "sym" and self.context.has(vector.name, "positive") else None
            case "kron":
                parts = [self.definite(a) for a in f.args]
                return None if None in parts else tuple(letter for part in parts for letter in part or ())
        return None

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
