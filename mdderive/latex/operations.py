"""What each operator means: scripts, functions, norms, differentials and derivatives, with the checks their shapes need."""

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import ClassVar

from mdderive.latex import syntax
from mdderive.latex.abbreviations import Abbreviations
from mdderive.latex.leaves import Meanings
from mdderive.latex.symbols import MEAN
from mdderive.latex.syntax import Syntax
from mdderive.model.conjugation import adjoint, conjugate, is_complex
from mdderive.model.context import ElementwiseFunction, Symbol, closure
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import Expr, leaf, make, num, of_numbers, sym
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import ONE, SCALAR, Shape, shape_of, signature, size

MAX_PRIMES = 4
# Norms of matrices by what stands below them, which are operators of their singular values.
SPECTRAL: Mapping[str, str] = {
    **dict.fromkeys(("*", r"\ast", r"\star"), "nuclear"),
    **dict.fromkeys(("2", "op", r"\mathrm{op}", r"\text{op}", r"\operatorname{op}"), "sigmamax"),
}
_ROW_BY_ROW = r"\exp(X) \oslash (\exp(X) \mathbf{1}_{n \times n})"  # softmax of a matrix
SOFTMAX = frozenset({"softmax", "rowsoftmax"})
ROOT = "1/2"  # the name of the square root as a function of a matrix
DEGREE = re.compile(r"\d+(?:[./]\d+)?")
ELEMENTWISE_BY_CUSTOM = frozenset({r"\sigma", r"\phi", r"\varphi", r"\psi"})


class Operations(Abbreviations):
    """Builds scripts, functions and derivatives over sums and products."""

    def _transpose(self, s: syntax.Transpose, inner: Expr) -> Expr:
        if s.lettered:
            self.remark(s.span, "X^T", r"X^{\top}", r"X^{\,T}")
        self._refuse_entry(s.args[0])
        if inner.op == "num":
            if inner.value == 0 and not s.lettered:  # a row of zeros, or a matrix of them
                return inner
            if inner.value == 1 and self.letters.lookalikes:
                self.ones_meant(s.span)
                return leaf("ones", Shape(ONE, self.unify.fresh()))
            raise Refusal(Finding("DRV223", s.span, {"script": f"{inner.value}^T"}))
        if inner.scalar:
            return inner
        if inner.op == "ones":
            return leaf("ones", inner.shape.transposed)
        return Expr("transpose", (inner,), inner.shape.transposed)

    def _adjoint(self, _: syntax.Adjoint, inner: Expr) -> Expr:
        return adjoint(inner, self.context)

    def _conjugate(self, _: syntax.Conjugate, inner: Expr) -> Expr:
        return conjugate(inner, self.context)

    def _refuse_entry(self, s: Syntax) -> None:
        """Refuse an entry where only a vector makes sense: whoever writes `x_i^T` or `\\|x_i\\|` numbers vectors."""
        match s:
            case syntax.Indexed((syntax.Letter() as letter,), places=(place,)):
                facts = {"indices": place, "shape": self._words(self.build(letter))}
                raise Refusal(Finding("DRV235", s.span, facts))

    def _inverse(self, s: syntax.Inverse | syntax.InverseTranspose, inner: Expr) -> Expr:
        if inner.scalar:
            return self._quotient(num(1), inner)
        return Expr("inv", (self._square(inner, s),), inner.shape)

    def _inverse_transpose(self, s: syntax.InverseTranspose, inner: Expr) -> Expr:
        if s.lettered:
            self.remark(s.span, "X^{-T}", r"X^{-\top}", r"X^{\,-T}")
        inner = self._inverse(s, inner)
        return inner if inner.scalar else Expr("transpose", (inner,), inner.shape.transposed)

    def _power(self, s: syntax.Power) -> Expr:
        if isinstance(s.args[0], syntax.Letter) and s.args[0].name == "e" and "e" not in self.context.symbols:
            exponent = self.build(s.args[1])
            square = not exponent.scalar and exponent.shape.cols != ONE and self.unify.same(*exponent.shape)
            return Expr("mfn" if square else "fn", (exponent,), exponent.shape, "exp")
        base, exponent = (self.build(a) for a in s.args)
        if not exponent.scalar:
            return self._powers(base, exponent, s)
        if base.op == "fn" and base.name == "sqrt" and isinstance(s.args[0], syntax.Norm | syntax.Bars):  # of complex letters
            half = make("mul", num(Fraction(1, 2)), exponent) if exponent.op != "num" else num(Fraction(exponent.value) / 2)
            return base.args[0] if half == num(1) else Expr("pow", (base.args[0], half), SCALAR)
        numbers = base.op == exponent.op == "num"
        if numbers and base.value and isinstance(exponent.value, int) and abs(exponent.value) <= 64:
            return num(Fraction(base.value) ** exponent.value)
        if numbers and not base.value and exponent.value < 0:
            raise Refusal(Finding("DRV225", s.args[0].span))
        if isinstance(s.args[0], syntax.Bars) and not base.scalar:  # |x|^2 means the length, not the entries
            raise Refusal(Finding("DRV304", s.args[0].span, {"shape": self._words(base)}))
        if not base.scalar:
            if isinstance(s.args[0], syntax.Call) and base.op == "fn" and base.shape.cols == ONE:  # \tanh^2(x)
                return Expr("hpow", (base, exponent), base.shape)
            base = self._raised(base, s)
            if exponent.op == "num" and not isinstance(exponent.value, int):
                return Expr("mfn", (base,), base.shape, str(exponent.value))
            if exponent.op == "num" and exponent.value < -1:  # A^{-k} is the inverse of A^k
                return Expr("inv", (Expr("pow", (base, num(-exponent.value)), base.shape),), base.shape)
        return Expr("pow", (base, exponent), base.shape)

    def _raised(self, base: Expr, s: syntax.Power) -> Expr:
        """Return a base that is square: of anything else there is only the power of every entry."""
        if ONE not in base.shape and self.unify.same(*base.shape):
            return base
        power = s.args[1].digits if isinstance(s.args[1], syntax.Number) else "k"
        facts = {"shape": self._words(base), "power": power}
        raise Refusal(Finding("DRV308", s.args[0].span, facts, tuple(self._declaration(base))))

    def _hpower(self, s: syntax.HadamardPower, base: Expr, exponent: Expr) -> Expr:
        if not exponent.scalar:
            return self._powers(base, exponent, s)
        return Expr("pow" if base.scalar else "hpow", (base, exponent), base.shape)

    def _powers(self, base: Expr, exponent: Expr, s: syntax.Power | syntax.HadamardPower) -> Expr:
        """Return the power of every entry with an exponent of its own, a real number and so of a positive entry."""
        columns = isinstance(s, syntax.HadamardPower) or base.shape.cols == exponent.shape.cols == ONE
        free = closure(exponent, self.context) - self.context.definitions.keys()
        real = bool(free) and not any(self.context.has(name, "integer") for name in free)
        if base.scalar or not columns or not real:
            raise Refusal(Finding("DRV305", s.args[1].span, {"shape": self._words(exponent)}))
        return Expr("powers", self.fitted("^", (base, exponent)), base.shape)

    def _call(self, s: syntax.Call) -> Expr:
        if s.op in ("mfn", "frechet", "frechetmatrix"):
            return self._of_matrix(s)
        if s.op in OPERATORS and s.op != "fn":
            return self._operator(s.op, tuple(self.build(a) for a in s.args), s)
        if s.op == "clip" and len(s.args) == 3:
            return self._clipped(*map(self.build, s.args))
        if s.op == "attention" and len(s.args) == 3:
            return self._attention(s)
        if s.op in ("crossentropy", "divergence") and len(s.args) == 2:
            return self._entropy(s)
        argument = self.build(s.args[0])
        written = self.written_out(s.op, argument, s)
        if written is not None:
            return written
        match s.op:
            case "logsoftmax":
                return self._function("log", self._operator("softmax", (argument,), s))
            case "dg":
                if argument.shape.cols == ONE:
                    raise Refusal(Finding("DRV303", s.args[0].span, {"shape": self._words(argument)}))
                return make("diag", self._operator("diagonal", (argument,), s))
            case "fn":
                if s.primes:
                    return self._slope(s, argument)
                return self._function(s.function, argument)
        raise Refusal(Finding("DRV219", s.span, {"name": s.op}))

    def _slope(self, s: syntax.Call, x: Expr) -> Expr:
        r"""Return the derivative of a named function at an argument, `\tanh'(x)`: that of a function that is defined as it."""
        if self.letters.lookalikes or s.primes > MAX_PRIMES:
            raise Refusal(Finding("DRV213", s.span, {"name": s.function + "'" * s.primes}))
        name = f"{s.function}function"
        function = ElementwiseFunction(name, "z", make("fn", sym("z", SCALAR), name=s.function))
        self.context = replace(self.context, elementwise={**self.context.elementwise, name: function})
        return Expr("fn", (x,), x.shape, name + "'" * s.primes)

    def _clipped(self, x: Expr, low: Expr, high: Expr) -> Expr:
        """Return the smaller of `high` and the larger of `low` and `x`, entry by entry; a number bounds every entry."""
        for op, bound in (("max", low), ("min", high)):
            bound = self.multiplied((bound, leaf("ones", x.shape))) if bound.scalar and not x.scalar else bound
            x = Expr(op, self.fitted(",", (x, bound)), x.shape)
        return x

    def _attention(self, s: syntax.Call) -> Expr:
        """Return the softmax of every row of queries times keys, over the root of their length, times the values."""
        queries, keys, values = map(self.build, s.args)
        root = make("fn", self._total(leaf("ones", Shape(ONE, queries.shape.cols))), name="sqrt")
        products = self.multiplied((self._quotient(num(1), root), queries, Expr("transpose", (keys,), keys.shape.transposed)))
        return self.multiplied((self._operator("softmax", (products,), s), values))

    def _entropy(self, s: syntax.Call) -> Expr:
        """Return the cross-entropy of the second by the first, or their divergence; the logarithm is that of a softmax."""
        p, q = self.fitted(",", tuple(map(self.build, s.args)))
        if s.op == "crossentropy" and p.op in SOFTMAX and q.op not in SOFTMAX:
            p, q = q, p
        minus = self.multiplied((num(-1), self._function("log", q)))
        if s.op == "divergence":
            minus = Expr("add", (self._function("log", p), minus), p.shape)
        else:
            self.remark(s.span, r"\operatorname{CE}(y, p)", r"-y^T \log(p)", r"-p^T \log(y)")
        product = self.multiplied((Expr("transpose", (p,), p.shape.transposed), minus))
        return product if product.scalar else Expr("tr", (self._square(product, s),), SCALAR)

    def _operator(self, op: str, args: tuple[Expr, ...], s: Syntax) -> Expr:
        """Return an operator by its name: of those that share it, the one for so many arguments, for a column or for none."""
        column = args[0].shape.cols == ONE and not args[0].scalar
        alike = [other for other in _alike(op) if (len(signature(other)[0]) > 1) == (len(args) > 1)]
        op = next((other for other in alike if (signature(other)[0][0][1] == "1") == column), alike[0])
        first, *others = self.fitted(",", args)
        if op == "rowsoftmax" and ONE not in first.shape and not any(n.facts.get("reading") == _ROW_BY_ROW for n in self.notices):
            self.remark(s.span, r"\operatorname{softmax}(X)", _ROW_BY_ROW, r"\operatorname{softmax}(X^T)^T")
        if not others:
            return self._of_one(op, first, s)
        for other in others:
            first = Expr(op, (first, other), first.shape)
        return first

    def _of_one(self, op: str, x: Expr, s: Syntax) -> Expr:
        """Return an operator of a column, of a square matrix, or of anything, which on numbers may be something simpler."""
        (rows, cols), shape = signature(op)[0][0], x.shape
        if cols == "1":
            self._column(op, x, s)
            if rows == "3":
                if not self.unify.same(shape.rows, size(3)):
                    raise Refusal(Finding("DRV306", s.args[0].span, {"operator": op, "shape": self._words(x)}))
                shape = Shape(size(3), ONE)
        elif rows == cols:
            x, shape = self._square(x, s), Shape(shape.rows, shape.rows)
        elif x.scalar:
            return of_numbers(make(op, x))
        return Expr(op, (x,), shape_of(op, (shape,)))

    def _function(self, name: str, argument: Expr) -> Expr:
        as_matrix = self.context.functions == "matrix" and self._is_square(argument)
        return Expr("mfn" if as_matrix else "fn", (argument,), argument.shape, ROOT if as_matrix and name == "sqrt" else name)

    def _is_square(self, e: Expr) -> bool:
        return ONE not in e.shape and self.unify.same(*e.shape)

    def _of_matrix(self, s: syntax.Call) -> Expr:
        """Return a function of a square matrix by its name, or its derivative in a direction."""
        args = self.fitted(",", tuple(self.build(a) for a in s.args))
        if args[0].scalar:
            raise Refusal(Finding("DRV303", s.args[0].span, {"shape": self._words(args[0])}))
        self._square(args[0], s)
        if s.function in self.context.elementwise:
            raise Refusal(Finding("DRV219", s.span, {"name": s.function}))
        shape = shape_of(s.op, tuple(Shape(args[0].shape.rows, args[0].shape.rows) for _ in args))
        return Expr(s.op, args, shape, ROOT if s.function == "sqrt" else s.function)

    def _applied(self, s: syntax.Applied, argument: Expr) -> Expr:
        bare, name = s.name, s.spelled
        if s.primes > MAX_PRIMES:
            raise Refusal(Finding("DRV215", s.span, {"bound": f"{MAX_PRIMES} primes"}))
        own = bare in self.context.elementwise
        open_to_all = bare in self.letters.functions or (bare in ELEMENTWISE_BY_CUSTOM and not own)
        if open_to_all and self.context.functions == "matrix" and self._is_square(argument):
            return Expr("mfn", (argument,), argument.shape, name)
        if bare in self.context.elementwise or bare in self.letters.functions:
            return Expr("fn", (argument,), argument.shape, name)
        if name in self.context.unknown or name in self.letters.unknown:
            return Expr("apply", (argument,), SCALAR, name)
        if bare in ELEMENTWISE_BY_CUSTOM:
            function = ElementwiseFunction(bare, inferred=True)
            self.context = replace(self.context, elementwise={**self.context.elementwise, bare: function})
            return Expr("fn", (argument,), argument.shape, name)
        raise Refusal(Finding("DRV219", s.span, {"name": bare}))

    def _bars(self, s: syntax.Bars, inner: Expr) -> Expr:
        if inner.scalar:
            return self._length(inner) if is_complex(inner, self.context) else make("fn", inner, name="abs")
        if inner.shape.cols == ONE:
            self.remark(s.span, "|x|", r"\operatorname{abs}(x)", r"\|x\|")
            return make("fn", inner, name="abs")
        if ONE in inner.shape or not self.unify.same(*inner.shape):
            raise Refusal(Finding("DRV304", s.span, {"shape": self._words(inner)}))
        return Expr("det", (inner,), SCALAR)

    def _norm(self, s: syntax.Norm, inner: Expr) -> Expr:
        for part in s.args[0].args if isinstance(s.args[0], syntax.Sum) else s.args:
            self._refuse_entry(part.args[0] if isinstance(part, syntax.Neg) else part)
        written = self.norm_written_out(inner, s)
        if written is not None:
            return written
        if ONE not in inner.shape and s.degree in SPECTRAL:
            return self._of_one(SPECTRAL[s.degree], inner, s)
        if s.degree not in ("", "1", "2", "F") and not inner.scalar and inner.shape.cols == ONE:
            return self._norm_of_degree(inner, s)
        if s.degree not in ("", "1", "2", "F") or (s.degree == "2" and ONE not in inner.shape):
            raise Refusal(Finding("DRV220", s.span, {"subscript": s.degree}))
        if s.degree != "1" and is_complex(inner, self.context):
            return self._length(inner)
        return self._of_one("norm1" if s.degree == "1" else "norm", inner, s)

    def _length(self, inner: Expr) -> Expr:
        """Return the absolute value or norm of what has complex letters: the root of the sum of products with the conjugates."""
        square = self.multiplied((adjoint(inner, self.context), inner))
        return make("fn", square if square.scalar else Expr("tr", (square,), SCALAR), name="sqrt")

    def _norm_of_degree(self, inner: Expr, s: syntax.Norm) -> Expr:
        """Return the p-norm of a column for a number, a size or a letter p, or the largest absolute value."""
        if s.degree == r"\infty":
            return make("largest", make("fn", inner, name="abs"))
        if DEGREE.fullmatch(s.degree) and Fraction(s.degree) >= 1:
            return make("normp", inner, num(Fraction(s.degree)))
        if not (s.degree.isalpha() and len(s.degree) == 1) or s.degree in self.context.definitions:
            raise Refusal(Finding("DRV220", s.span, {"subscript": s.degree}))
        if s.degree not in self.context.symbols and s.degree not in self.sizes:
            symbol = Symbol(s.degree, SCALAR, inferred=True, span=s.span)
            self.context = replace(self.context, symbols={**self.context.symbols, s.degree: symbol})
        degree = self.named(s.degree, s.span)
        if not degree.scalar:
            raise Refusal(Finding("DRV220", s.span, {"subscript": s.degree}))
        return make("normp", inner, degree)

    def _pseudoinverse(self, s: syntax.Pseudoinverse | syntax.Daggered, inner: Expr) -> Expr:
        if ONE in inner.shape:
            raise Refusal(Finding("DRV223", s.span, {"script": "^+"}))
        if isinstance(s, syntax.Daggered):
            self.remark(s.span, r"X^{\dagger}", r"\operatorname{pinv}(X)", r"X^{H}")
        return Expr("pinv", (inner,), inner.shape.transposed)

    def _adjugate(self, s: syntax.Adjugate, inner: Expr) -> Expr:
        square = self._square(inner, s)
        return Expr("adj", (square,), square.shape)

    def _star(self, s: syntax.Star) -> Expr:
        raise Refusal(Finding("DRV222", s.span))

    def _root(self, _: syntax.SquareRoot, inner: Expr) -> Expr:
        return self._function("sqrt", inner)

    def _inner(self, _: syntax.Inner, *parts: Expr) -> Expr:
        return Expr("inner", self.fitted(",", parts), SCALAR)

    def _mean(self, s: syntax.Mean, *_: Expr) -> Expr:
        """Refuse a mean of which nothing has told what is random."""
        raise Refusal(Finding("DRV231", s.span, {"construct": MEAN}))

    meanings: ClassVar[Meanings] = {
        **Abbreviations.meanings,
        syntax.Star: _star,
        syntax.Power: _power,
        syntax.Call: _call,
    }
    wholes: ClassVar[Meanings] = {
        **Abbreviations.wholes,
        syntax.Transpose: _transpose,
        syntax.Inverse: _inverse,
        syntax.InverseTranspose: _inverse_transpose,
        syntax.Adjugate: _adjugate,
        syntax.Pseudoinverse: _pseudoinverse,
        syntax.Daggered: _pseudoinverse,
        syntax.HadamardPower: _hpower,
        syntax.Adjoint: _adjoint,
        syntax.Conjugate: _conjugate,
        syntax.Applied: _applied,
        syntax.Bars: _bars,
        syntax.Norm: _norm,
        syntax.SquareRoot: _root,
        syntax.Inner: _inner,
        syntax.Mean: _mean,
    }


@cache
def _alike(op: str) -> tuple[str, ...]:
    """Return the operators that share their names with one."""
    return tuple(row.op for row in OPERATORS.values() if row.names == OPERATORS[op].names)
