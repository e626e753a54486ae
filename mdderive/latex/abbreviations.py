"""Names and norms that are short for an expression: read as what they stand for, never written."""

import re
from fractions import Fraction

from mdderive.latex import syntax
from mdderive.latex.products import Products
from mdderive.latex.syntax import Syntax
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import Expr, leaf, make, num
from mdderive.model.shapes import ONE, SCALAR, Shape

SCHATTEN = re.compile(r"S_\{?(\d+)\}?")
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
            case "inverse":
                return self._quotient(num(1), x) if x.scalar else Expr("inv", (self._square(x, s),), x.shape)
            case "cumsum":
                self._column(op, x, s)
                ones = leaf("ones", Shape(x.shape.rows, x.shape.rows))
                return self.multiplied((Expr("tril", (ones,), ones.shape), x))
        return None

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

    def norm_written_out(self, x: Expr, s: syntax.Norm) -> Expr | None:
        """Return the norm of a column by a square matrix, or a Schatten norm of even degree; None for another one."""
        found = SCHATTEN.fullmatch(s.degree)
        if found and ONE not in x.shape and int(found[1]) > 0 and int(found[1]) % 2 == 0:
            gram = self.multiplied((Expr("transpose", (x,), x.shape.transposed), x))
            half = int(found[1]) // 2
            power = gram if half == 1 else Expr("pow", (gram, num(half)), gram.shape)
            total = Expr("tr", (power,), SCALAR)
            return make("fn", total, name="sqrt") if half == 1 else Expr("pow", (total, num(Fraction(1, 2 * half))), SCALAR)
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
