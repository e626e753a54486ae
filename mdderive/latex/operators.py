"""What each syntax kind means: one method or table row per operator, with the checks its shapes need."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import NoReturn

from mdderive.context import Context, ElementwiseFunction, Symbol
from mdderive.diagnostics import Diagnostic, Label, Language, Refusal
from mdderive.latex.letters import Letters, base_letter
from mdderive.latex.syntax import Syntax
from mdderive.latex.unify import Unifier
from mdderive.shapes import ONE, SCALAR, Dim, Shape, size, times
from mdderive.source import Span
from mdderive.tree import Expr, derivative, leaf, make, num, sym

MATRIX_FUNCTIONS = frozenset({"exp", "sin", "cos", "log", "sqrt", "sinh", "cosh"})
ELEMENTWISE_BY_CUSTOM = frozenset({r"\sigma", r"\phi", r"\varphi", r"\psi"})


class Operators:
    """Builds expressions; the state is what was inferred so far."""

    def __init__(self, context: Context, letters: Letters, kinds: Mapping[str, str]) -> None:
        self.context = context
        self.letters = letters
        self.kinds = kinds
        self.unify = Unifier({c.left: c.right for c in context.constraints if c.relation == "="})
        self.notices: list[Diagnostic] = []
        self.sizes = frozenset(n for s in context.symbols.values() for d in s.shape for n in d.names)

    def build(self, s: Syntax) -> Expr:
        """Return the expression for a syntax node; raises `Refusal`."""
        method = getattr(self, "_" + s.kind.replace("-", "_"), None)
        if method is None:
            raise Refusal(Diagnostic("DRV203", s.span, {"found": s.kind}))
        built: Expr = method(s)
        return built if built.span == s.span else replace(built, span=s.span)

    # ------------------------------------------------------------ leaves

    def _number(self, s: Syntax) -> Expr:
        return num(Fraction(s.text))

    def _ask(self, s: Syntax) -> Expr:
        raise Refusal(Diagnostic("DRV203", s.span, {"found": "?"}))

    def _letter(self, s: Syntax) -> Expr:
        name = s.text
        if name in self.context.unknown:
            inner = self.context.unknown[name]
            return Expr("apply", (self._symbol(inner, s.span),), SCALAR, name)
        if name in self.letters.unknown:
            return Expr("apply", (self._symbol("Y", s.span),), SCALAR, name)
        if name in self.context.elementwise or name in self.letters.functions:
            raise Refusal(Diagnostic("DRV219", s.span, {"name": name}))
        if name in self.context.symbols:
            return self._symbol(name, s.span)
        if name in self.sizes:
            return leaf("size", name=name)
        if name in ("e", r"\pi"):
            return leaf("const", name=name)
        return self._symbol(name, s.span)

    def _symbol(self, name: str, span: Span) -> Expr:
        known = self.context.symbols.get(name)
        if known is None:
            known = self._inferred(name, span)
        return sym(name, self.unify.shape(known.shape), span)

    def _inferred(self, name: str, span: Span) -> Symbol:
        if self.letters.lookalikes:
            self._refuse_lookalike(name, span)
        kind = self.kinds.get(name) or self.letters.kind(name)
        shape = SCALAR
        if kind != "scalar":
            shape = Shape(self.unify.fresh(), ONE if kind == "column" else self.unify.fresh())
        symbol = Symbol(name, shape, inferred=True, span=span)
        self.context = replace(self.context, symbols={**self.context.symbols, name: symbol})
        return symbol

    def _refuse_lookalike(self, name: str, span: Span) -> None:
        for other in self.context.symbols.values():
            if base_letter(other.name).lower() == base_letter(name).lower() and _subscript(other.name) == _subscript(name):
                labels = (
                    ()
                    if other.span is None
                    else (Label(other.span, _words(f"{other.name} stands here", "此处为 " + other.name)),)
                )
                raise Refusal(Diagnostic("DRV221", span, {"name": name, "declared": other.name}, labels))

    def _identity(self, s: Syntax) -> Expr:
        dim = _dims(s.text)[0] if s.text else self.unify.fresh()
        return leaf("identity", Shape(dim, dim))

    def _ones(self, s: Syntax) -> Expr:
        return leaf("ones", self._sized(s.text))

    def _zero(self, s: Syntax) -> Expr:
        return leaf("zero", self._sized(s.text)) if s.text else num(0)

    def _sized(self, text: str) -> Shape:
        dims = _dims(text) if text else [self.unify.fresh()]
        return Shape(dims[0], dims[1] if len(dims) > 1 else ONE)

    def _commutation(self, s: Syntax) -> Expr:
        m, n = _dims(s.text)
        return leaf("commutation", Shape(times(m, n), times(m, n)), s.text)

    # ------------------------------------------------------------ sums and products

    def _group(self, s: Syntax) -> Expr:
        return self.build(s.args[0])

    def _sum(self, s: Syntax) -> Expr:
        parts = [p for a in s.args for p in self._terms(a)]
        terms = self.fitted("+", tuple(parts))
        return Expr("add", terms, terms[0].shape)

    def _terms(self, s: Syntax) -> tuple[Expr, ...]:
        built = self.build(s)
        return built.args if built.op == "add" and s.kind == "group" else (built,)

    def _neg(self, s: Syntax) -> Expr:
        inner = self.build(s.args[0])
        if inner.op == "num":
            return num(-inner.value)
        if inner.op == "mul" and inner.args[0].op == "num":
            first = num(-inner.args[0].value, inner.args[0].span)
            return Expr("mul", (first, *inner.args[1:]), inner.shape)
        mixed = inner.op == "mul" and (not inner.scalar or any(a.scalar for a in inner.args))
        return Expr("mul", (num(-1), *(inner.args if mixed else (inner,))), inner.shape)

    def fitted(self, sign: str, parts: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """Return parts of one shape: a bare 0 becomes the zero of that shape; raises `Refusal` where shapes differ."""
        first = next((p for p in parts if not _bare_zero(p)), parts[0])
        out = []
        for part in parts:
            if _bare_zero(part) and not first.scalar:
                part = leaf("zero", first.shape, span=part.span)
            if not self.unify.same_shape(part.shape, first.shape):
                self._conflict(sign, first, part)
            out.append(part)
        return tuple(out)

    def _conflict(self, sign: str, left: Expr, right: Expr) -> NoReturn:
        labels = [Label(left.span, _words(f"this is {self._words(left)}", f"此处为 {self._words(left)}"))] if left.span else []
        labels += self._declaration(left) + self._declaration(right)
        facts = {"sign": sign, "left": self._words(left), "right": self._words(right)}
        code = "DRV302" if sign == "*" else "DRV301"
        raise Refusal(Diagnostic(code, right.span or Span(0, 0), facts, tuple(labels)))

    def _declaration(self, e: Expr) -> list[Label]:
        known = self.context.symbols.get(e.name) if e.op == "sym" else None
        if known is None or known.span is None or known.inferred:
            return []
        return [Label(known.span, _words(f"{e.name} is declared here", f"{e.name} 在此声明"))]

    def _words(self, e: Expr) -> str:
        return str(self.unify.shape(e.shape)).replace("?", "unknown ")

    def _product(self, s: Syntax) -> Expr:
        factors = [self.build(a) for a in s.args]
        marks = [int(i) for i in s.text.split(",") if i]
        if len(factors) == 1:
            return factors[0]
        misfit = self._misfit(factors)
        if misfit and marks:
            bounds = [0, *dict.fromkeys(marks), len(factors)]
            groups = [factors[a:b] for a, b in pairwise(bounds) if a < b]
            if not any(self._misfit(g) for g in groups):
                factors = [self.multiplied(g) for g in groups]
                misfit = self._misfit(factors)
        if misfit:
            self._conflict("*", *misfit)
        return self.multiplied(factors)

    def _misfit(self, factors: Sequence[Expr]) -> tuple[Expr, Expr] | None:
        """Return the neighbours in a product that do not fit, read from the left."""
        first: Expr | None = None
        last: Expr | None = None
        for f in _flat(factors):
            if f.scalar:
                continue
            if first is None or last is None:
                first = f
            elif not self.unify.same(last.shape.cols, f.shape.rows):
                return last, f
            last = f
            if first.shape.rows == ONE == f.shape.cols:
                first = last = None
        return None

    def multiplied(self, factors: Sequence[Expr]) -> Expr:
        """Return the product of fitting factors, every run that reaches a scalar closed."""
        out: list[Expr] = []
        chain: list[Expr] = []
        for f in _flat(factors):
            if f.scalar:
                out.append(f)
                continue
            chain.append(f)
            if chain[0].shape.rows == ONE == f.shape.cols:
                out.append(Expr("mul", tuple(chain), SCALAR, span=_joined(chain)))
                chain = []
        # scalars keep their place before the open chain; a chain that stays open is the tail of the product
        parts = _in_order(factors, out, chain)
        if len(parts) == 1:
            return parts[0]
        shape = Shape(chain[0].shape.rows, chain[-1].shape.cols) if chain else SCALAR
        return Expr("mul", tuple(parts), shape)

    def _had(self, s: Syntax) -> Expr:
        parts = self.fitted(r"\odot", tuple(self.build(a) for a in s.args))
        if parts[0].scalar:
            return self.multiplied(parts)
        flat = tuple(
            q for p, a in zip(parts, s.args, strict=True) for q in (p.args if p.op == "had" and a.kind == "group" else (p,))
        )
        return Expr("had", flat, parts[0].shape)

    def _hdiv(self, s: Syntax) -> Expr:
        parts = self.fitted(r"\oslash", tuple(self.build(a) for a in s.args))
        return self._quotient(*parts) if parts[0].scalar else Expr("hdiv", parts, parts[0].shape)

    def _kron(self, s: Syntax) -> Expr:
        left, right = (self.build(a) for a in s.args)
        if left.scalar or right.scalar:
            return self.multiplied((left, right))
        shape = Shape(times(left.shape.rows, right.shape.rows), times(left.shape.cols, right.shape.cols))
        return Expr("kron", (left, right), shape)

    def _over(self, s: Syntax) -> Expr:
        top, bottom = (self.build(a) for a in s.args)
        if not bottom.scalar:
            raise Refusal(Diagnostic("DRV209", s.args[1].span, {"shape": self._words(bottom)}))
        return self._quotient(top, bottom)

    def _quotient(self, top: Expr, bottom: Expr) -> Expr:
        mixed = bottom.op == "mul" and any(a.scalar for a in bottom.args)
        below = bottom.args if mixed else (bottom,)
        number = Fraction(1)
        powers = []
        for factor in below:
            if factor.op == "num" and factor.value:
                number /= factor.value
            elif factor.op == "pow" and factor.args[1].op == "num":
                powers.append(Expr("pow", (factor.args[0], num(-factor.args[1].value)), SCALAR, span=factor.span))
            else:
                powers.append(Expr("pow", (factor, num(-1)), SCALAR, span=factor.span))
        above = list(_flat((top,)))
        if above[0].op == "num":
            number *= above.pop(0).value
        parts = ([num(number)] if number != 1 or not (above or powers) else []) + above + powers
        return parts[0] if len(parts) == 1 else self.multiplied(parts)

    # ------------------------------------------------------------ scripts

    def _transpose(self, s: Syntax) -> Expr:
        inner = self.build(s.args[0])
        if inner.scalar:
            return inner
        if inner.op == "ones":
            return leaf("ones", inner.shape.transposed)
        return Expr("transpose", (inner,), inner.shape.transposed)

    def _inverse(self, s: Syntax) -> Expr:
        inner = self.build(s.args[0])
        if inner.scalar:
            return self._quotient(num(1), inner)
        return Expr("inv", (self._square(inner, s),), inner.shape)

    def _inverse_transpose(self, s: Syntax) -> Expr:
        inner = self._inverse(s)
        return inner if inner.scalar else Expr("transpose", (inner,), inner.shape.transposed)

    def _adjugate(self, s: Syntax) -> Expr:
        inner = self._square(self.build(s.args[0]), s)
        return Expr("adj", (inner,), inner.shape)

    def _star(self, s: Syntax) -> Expr:
        raise Refusal(Diagnostic("DRV222", s.span))

    def _power(self, s: Syntax) -> Expr:
        if s.args[0].kind == "letter" and s.args[0].text == "e" and "e" not in self.context.symbols:
            exponent = self.build(s.args[1])
            square = not exponent.scalar and exponent.shape.cols != ONE and self.unify.same(*exponent.shape)
            return Expr("mfn" if square else "fn", (exponent,), exponent.shape, "exp")
        base, exponent = (self.build(a) for a in s.args)
        if not exponent.scalar:
            raise Refusal(Diagnostic("DRV305", s.args[1].span, {"shape": self._words(exponent)}))
        if (
            base.op == "num"
            and exponent.op == "num"
            and isinstance(exponent.value, int)
            and abs(exponent.value) <= 64
            and base.value
        ):
            return num(Fraction(base.value) ** exponent.value)
        if not base.scalar:
            base = self._square(base, s)
            if exponent.op == "num" and not isinstance(exponent.value, int):
                raise Refusal(Diagnostic("DRV305", s.args[1].span, {"shape": str(exponent.value)}))
        return Expr("pow", (base, exponent), base.shape)

    def _hpower(self, s: Syntax) -> Expr:
        base, exponent = (self.build(a) for a in s.args)
        return Expr("pow" if base.scalar else "hpow", (base, exponent), base.shape)

    def _square(self, e: Expr, s: Syntax) -> Expr:
        """Return `e`, which must be square (its unknown sizes become equal)."""
        if e.scalar or (ONE not in e.shape and self.unify.same(*e.shape)):
            return e
        labels = self._declaration(e)
        raise Refusal(Diagnostic("DRV303", e.span or s.span, {"shape": self._words(e)}, tuple(labels)))

    # ------------------------------------------------------------ functions

    def _call(self, s: Syntax) -> Expr:
        op, _, name = s.text.partition(":")
        argument = self.build(s.args[0])
        match op:
            case "fn":
                return self._function(name, argument, s)
            case "letter":
                return self._applied(name, argument, s)
            case "vec":
                return argument if argument.scalar else Expr("vec", (argument,), Shape(argument.shape.entries, ONE))
            case "diag" if argument.shape.cols == ONE and not argument.scalar:
                return Expr("diag", (argument,), Shape(argument.shape.rows, argument.shape.rows))
            case "diag":
                return Expr("diagonal", (self._square(argument, s),), Shape(argument.shape.rows, ONE))
            case "softmax":
                if argument.shape.cols != ONE or argument.scalar:
                    raise Refusal(Diagnostic("DRV306", s.args[0].span, {"shape": self._words(argument)}))
                return Expr("softmax", (argument,), argument.shape)
        argument = self._square(argument, s)
        return Expr(op, (argument,), argument.shape if op == "adj" else SCALAR)

    def _function(self, name: str, argument: Expr, s: Syntax) -> Expr:
        if name.endswith("'"):
            raise Refusal(Diagnostic("DRV213", s.span, {"name": name}))
        wanted = self.context.functions == "matrix" and name in MATRIX_FUNCTIONS and ONE not in argument.shape
        as_matrix = wanted and self.unify.same(*argument.shape)
        return Expr("mfn" if as_matrix else "fn", (argument,), argument.shape, name)

    def _applied(self, name: str, argument: Expr, s: Syntax) -> Expr:
        bare = name.rstrip("'")
        if bare in self.context.elementwise or bare in self.letters.functions:
            return Expr("fn", (argument,), argument.shape, name)
        if name in self.context.unknown or name in self.letters.unknown:
            return Expr("apply", (argument,), SCALAR, name)
        if bare in ELEMENTWISE_BY_CUSTOM:
            self.context = replace(self.context, elementwise={**self.context.elementwise, bare: ElementwiseFunction(bare)})
            return Expr("fn", (argument,), argument.shape, name)
        raise Refusal(Diagnostic("DRV219", s.span, {"name": bare}))

    def _bars(self, s: Syntax) -> Expr:
        inner = self.build(s.args[0])
        if inner.scalar:
            return make("fn", inner, name="abs")
        if ONE in inner.shape or not self.unify.same(*inner.shape):
            raise Refusal(Diagnostic("DRV304", s.span, {"shape": self._words(inner)}))
        return Expr("det", (inner,), SCALAR)

    def _norm(self, s: Syntax) -> Expr:
        inner = self.build(s.args[0])
        if s.text not in ("", "1", "2", "F") or (s.text == "2" and ONE not in inner.shape):
            raise Refusal(Diagnostic("DRV220", s.span, {"subscript": s.text}))
        if inner.scalar:
            return make("fn", inner, name="abs")
        return Expr("norm1" if s.text == "1" else "norm", (inner,), SCALAR)

    def _root(self, s: Syntax) -> Expr:
        inner = self.build(s.args[0])
        return Expr("fn", (inner,), inner.shape, "sqrt")

    def _inner(self, s: Syntax) -> Expr:
        return Expr("inner", self.fitted(",", tuple(self.build(a) for a in s.args)), SCALAR)

    # ------------------------------------------------------------ differentials and derivatives

    def _d(self, s: Syntax) -> Expr:
        inner = self.build(s.args[0])
        return Expr("d", (inner,), inner.shape)

    def _derivative(self, s: Syntax) -> Expr:
        written = s.args[0]
        flipped = written.kind == "transpose"
        f = self.build(written.args[0] if flipped else written)
        x = self._variable(s)
        node = derivative("deriv", f, x, layout=self.context.layout)
        if flipped and f.scalar:
            self.notices.append(Diagnostic("DRV406", s.span))
        transposed = (flipped and f.scalar) != (s.text == "transposed")
        return node if not transposed or node.scalar else Expr("transpose", (node,), node.shape.transposed)

    def _second(self, s: Syntax) -> Expr:
        f = self.build(s.args[0])
        if not f.scalar:
            raise Refusal(Diagnostic("DRV214", s.span))
        return derivative("hess", f, self._variable(s), layout=self.context.layout)

    def _variable(self, s: Syntax) -> Expr:
        x = self.build(s.args[1])
        if x.op != "sym":
            raise Refusal(Diagnostic("DRV214", s.span))
        return x


def _bare_zero(e: Expr) -> bool:
    return e.op == "num" and e.value == 0


def _flat(factors: Sequence[Expr]) -> list[Expr]:
    """Return the factors of nested products; a scalar run stays one factor."""
    out: list[Expr] = []
    for f in factors:
        run = f.scalar and not any(a.scalar for a in f.args)
        out.extend(f.args if f.op == "mul" and not run else (f,))
    return out


def _in_order(factors: Sequence[Expr], closed: list[Expr], chain: list[Expr]) -> list[Expr]:
    """Return scalars, closed runs and the open chain in the order in which they were written."""
    order = {id(f): i for i, f in enumerate(_flat(factors))}
    parts = [*closed, *chain]
    return sorted(parts, key=lambda p: order[id(p)] if id(p) in order else order[id(p.args[0])])


def _joined(chain: Sequence[Expr]) -> Span | None:
    first, last = chain[0].span, chain[-1].span
    return first.join(last) if first and last else None


def _dims(text: str) -> list[Dim]:
    out = []
    for side in text.split(","):
        dim = ONE
        for word in side.split("*"):
            dim = times(dim, size(int(word) if word.isdigit() else word))
        out.append(dim)
    return out


def _subscript(name: str) -> str:
    return name.partition("_")[2].strip("{}")


def _words(en: str, zh: str) -> Mapping[Language, str]:
    return {"en": en, "zh": zh}
