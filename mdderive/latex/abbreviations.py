"""Names and norms that are short for an expression: read as what they stand for, never written."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import ClassVar

from mdderive.latex import syntax
from mdderive.latex.leaves import Meanings
from mdderive.latex.pieces import Pieces
from mdderive.latex.products import Products
from mdderive.latex.syntax import Syntax
from mdderive.model.conjugation import conjugate
from mdderive.model.context import closure
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import Expr, leaf, make, num
from mdderive.model.functions import FUNCTIONS
from mdderive.model.shapes import ONE, SCALAR, Shape

SCHATTEN = re.compile(r"S_\{?(\d+)\}?")
# Norms of matrices that are told by their entries: what each is read as, and what else is written so.
_OF_ABSOLUTES: Mapping[str, tuple[str, str]] = {
    r"\infty": (r"\max(\operatorname{abs}(X) \mathbf{1})", r"\max(\operatorname{abs}(X))"),
    r"\max": (r"\max(\operatorname{abs}(X))", ""),
    "2,1": (r"\mathbf{1}^T \sqrt{(X \odot X)^T \mathbf{1}}", r"\mathbf{1}^T \sqrt{(X \odot X) \mathbf{1}}"),
}
_HALF = num(Fraction(1, 2))


class Abbreviations(Products):
    """Builds what abbreviations stand for out of sums and products."""

    def written_out(self, op: str, x: Expr, s: syntax.Call) -> Expr | None:
        """Return what a name that is short for an expression stands for at an argument; None for another name."""
        match op:
            case "logsumexp":
                self._column(op, x, s)
                return make("fn", self._total(Expr("fn", (x,), x.shape, "exp")), name="log")
            case "total":
                return self._total(x)
            case "mean":
                count = self._total(leaf("ones", x.shape))
                return x if x.scalar else self.multiplied((Expr("pow", (count, num(-1)), SCALAR), self._total(x)))
            case "etr":
                return make("fn", Expr("tr", (self._square(x, s),), SCALAR), name="exp")
            case "sympart" | "skewpart":
                x = self._square(x, s)
                turned = Expr("transpose", (x,), x.shape.transposed)
                other = turned if op == "sympart" else Expr("mul", (num(-1), turned), x.shape)
                return self.multiplied((_HALF, Expr("add", (x, other), x.shape)))
            case "realpart":
                return self.multiplied((_HALF, Expr("add", (x, conjugate(x, self.context)), x.shape)))
            case "inverse":
                return self._quotient(num(1), x) if x.scalar else Expr("inv", (self._square(x, s),), x.shape)
            case "cumsum":
                self._column(op, x, s)
                ones = leaf("ones", Shape(x.shape.rows, x.shape.rows))
                return self.multiplied((Expr("tril", (ones,), ones.shape), x))
        return None

    def _pieces(self, s: Pieces) -> Expr:
        """Return the sum of the pieces, each times the steps of its conditions, entry by entry where one of them has entries."""
        values = [self.build(piece.args[0]) for piece in s.args]
        conditions = [[(self.build(gap.args[0]), self.build(gap.args[1])) for gap in piece.args[1:]] for piece in s.args]
        self._refuse_bounded(values, s)
        sides = (side for gaps in conditions for gap in gaps for side in gap)
        shape = next((e.shape for e in (*values, *sides) if not e.scalar), SCALAR)
        weights = [[self._step(high, low, shape) for high, low in gaps] for gaps in conditions]
        if len(weights) == 2 and len(conditions[0]) == 1 and not weights[1]:
            (high, low), *_ = conditions[0]
            weights[1] = [self._step(low, high, shape)]
        elif not weights[-1]:
            one = num(1) if shape == SCALAR else leaf("ones", shape)
            others = (self._times(steps, shape) for steps in weights[:-1])
            weights[-1] = [Expr("add", (one, *(Expr("mul", (num(-1), w), w.shape) for w in others)), shape)]
        told = [(steps, self._wide(value, shape)) for steps, value in zip(weights, values, strict=True) if value != num(0)]
        terms = [self._times([*steps, value], shape) for steps, value in told] or [leaf("zero", shape)]
        return terms[0] if len(terms) == 1 else Expr("add", self.fitted("+", tuple(terms)), terms[0].shape)

    def _refuse_bounded(self, values: Sequence[Expr], s: Pieces) -> None:
        """Refuse a piece that is not defined everywhere: where the others hold, its value times zero would be none."""
        for value in values:
            known = (FUNCTIONS[name] for name in sorted(closure(value, self.context)) if name in FUNCTIONS)
            bounded = next((row.latex for row in known if row.domain != (None, None)), "")
            if bounded or any(node.op in ("mfn", "cholesky") for node in value.walk()):
                raise Refusal(Finding("DRV231", s.span, {"construct": bounded + r" in \begin{cases}"}))

    def _step(self, high: Expr, low: Expr, shape: Shape) -> Expr:
        """Return one where a side of a condition is larger than the other, and zero elsewhere."""
        minus = num(-low.value) if low.op == "num" else Expr("mul", (num(-1), low), low.shape)
        terms = self.fitted("<", tuple(self._wide(term, shape) for term in (high, minus) if term != num(0)))
        return make("fn", terms[0] if len(terms) == 1 else Expr("add", terms, terms[0].shape), name="step")

    def _wide(self, e: Expr, shape: Shape) -> Expr:
        """Return a number as one for every entry of a shape."""
        if shape == SCALAR or not e.scalar:
            return e
        ones = leaf("ones", shape)
        return ones if e == num(1) else self.multiplied((e, ones))

    def _times(self, parts: list[Expr], shape: Shape) -> Expr:
        parts = [*self.fitted(r"\odot", tuple(parts))]
        if len(parts) == 1:
            return parts[0]
        return self.multiplied(parts) if shape == SCALAR else Expr("had", tuple(parts), parts[0].shape)

    def _column(self, op: str, x: Expr, s: Syntax) -> None:
        if x.scalar or x.shape.cols != ONE:
            raise Refusal(Finding("DRV306", s.args[0].span, {"operator": op, "shape": self._words(x)}))

    def _total(self, e: Expr) -> Expr:
        """Return the sum of all entries."""
        left, right = leaf("ones", Shape(ONE, e.shape.rows)), leaf("ones", Shape(e.shape.cols, ONE))
        if e.scalar:
            return e
        factors = (*([left] if e.shape.rows != ONE else []), e, *([right] if e.shape.cols != ONE else []))
        return self.multiplied(factors)

    meanings: ClassVar[Meanings] = {**Products.meanings, Pieces: _pieces}

    def norm_written_out(self, x: Expr, s: syntax.Norm) -> Expr | None:
        """Return the norm of a column by a square matrix, or a Schatten norm of even degree; None for another one."""
        found = SCHATTEN.fullmatch(s.degree)
        if found and ONE not in x.shape and int(found[1]) > 0 and int(found[1]) % 2 == 0:
            gram = self.multiplied((Expr("transpose", (x,), x.shape.transposed), x))
            half = int(found[1]) // 2
            power = gram if half == 1 else Expr("pow", (gram, num(half)), gram.shape)
            total = Expr("tr", (power,), SCALAR)
            return make("fn", total, name="sqrt") if half == 1 else Expr("pow", (total, num(Fraction(1, 2 * half))), SCALAR)
        if ONE not in x.shape and s.degree in _OF_ABSOLUTES and self.letters.lookalikes:
            return self._of_absolutes(x, s)
        symbol = self.context.symbols.get(s.degree)
        capital = symbol is None and s.degree not in ("F", *self.sizes) and re.fullmatch("[A-Z]", s.degree) is not None
        if x.scalar or x.shape.cols != ONE or not (capital or (symbol is not None and ONE not in symbol.shape)):
            return None
        matrix = self.named(s.degree, s.span)
        if ONE in matrix.shape:
            return None
        if not (self.unify.same(*matrix.shape) and self.unify.same(matrix.shape.rows, x.shape.rows)):
            raise Refusal(Finding("DRV220", s.span, {"subscript": s.degree}))
        return make("fn", self.multiplied((Expr("transpose", (x,), x.shape.transposed), matrix, x)), name="sqrt")

    def _of_absolutes(self, x: Expr, s: syntax.Norm) -> Expr:
        """Return the largest absolute value, the largest sum of a row of them, or the sum of the 2-norms of the columns."""
        reading, other = _OF_ABSOLUTES[s.degree]
        if other:
            self.remark(s.span, rf"\|X\|_{{{s.degree}}}", reading, other)
        ones = [leaf("ones", Shape(n, ONE)) for n in x.shape]
        absolute = Expr("fn", (x,), x.shape, "abs")
        if s.degree == r"\infty":
            return make("largest", self.multiplied((absolute, ones[1])))
        if s.degree == r"\max":
            return make("largest", absolute)
        squares = self.multiplied((Expr("transpose", (Expr("hpow", (x, num(2)), x.shape),), x.shape.transposed), ones[0]))
        return self._total(Expr("fn", (squares,), squares.shape, "sqrt"))
