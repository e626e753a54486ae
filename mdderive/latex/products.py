"""Letters, sums, products and quotients: what they mean once shapes are known, and how a product is grouped."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import NoReturn

from mdderive.latex import syntax
from mdderive.latex.doubtful import slashes, stars
from mdderive.latex.letters import Letters, base_letter
from mdderive.latex.syntax import Syntax
from mdderive.latex.unify import Unifier
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding, Hint, Label, Language, Refusal
from mdderive.model.expr import Expr, derivative, leaf, num, sym
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, size, times
from mdderive.model.source import Span

_INDICES = frozenset("ijkl, ")
_BY_ENTRY = frozenset({"fn", "had", "hdiv", "hpow"})


class Products:
    """Builds expressions; the state is what was inferred so far. Subclasses add a method for every other kind."""

    def __init__(self, context: Context, letters: Letters, kinds: Mapping[str, str]) -> None:
        self.context = context
        self.letters = letters
        self.kinds = kinds
        self.unify = Unifier({c.left: c.right for c in context.constraints if c.relation == "="})
        self.notices: list[Finding] = []
        self.built: dict[int, Expr] = {}
        self.keeps = False
        self.sizes = context.sizes | context.lengths()

    def build(self, s: Syntax) -> Expr:
        """Return the expression for a syntax node; raises `Refusal`."""
        known = self.built.get(id(s))
        if known is not None:
            return known
        built = self.meaning(s)
        built = built if built.span == s.span else built.at(s.span)
        if self.keeps:
            self.built[id(s)] = built
        return built

    def meaning(self, s: Syntax) -> Expr:
        """Return the expression for a node that was not met before."""
        match s:
            case syntax.Number(digits=digits):
                return num(Fraction(digits))
            case syntax.Letter(name=name):
                return self._letter(name, s.span)
            case syntax.Identity():
                return self._identity(s)
            case syntax.Ones():
                return leaf("ones", self._sized(s.sizes))
            case syntax.Zero():
                return leaf("zero", self._sized(s.sizes)) if s.sizes else num(0)
            case syntax.Commutation():
                return self._commutation(s)
            case syntax.Group((inner,)):
                return self.build(inner)
            case syntax.Sum():
                return self._sum(s)
            case syntax.Neg():
                return self._neg(s)
            case syntax.Product():
                return self._product(s)
            case syntax.Hadamard():
                return self._had(s)
            case syntax.HadamardQuotient():
                return self._hdiv(s)
            case syntax.Kronecker():
                return self._kron(s)
            case syntax.Over():
                return self._over(s)
        raise Refusal(Finding("DRV203", s.span, {"found": "?"}))

    def _letter(self, name: str, span: Span) -> Expr:
        if name in self.context.unknown:
            inner = self.context.unknown[name]
            return Expr("apply", (self._symbol(inner, span),), SCALAR, name)
        if name in self.letters.unknown:
            return Expr("apply", (self._symbol("Y", span),), SCALAR, name)
        if name in self.context.elementwise or name in self.letters.functions:
            raise Refusal(Finding("DRV219", span, {"name": name}))
        if name in self.context.symbols:
            return self._symbol(name, span)
        if name in self.sizes:
            return leaf("size", name=name)
        if name in ("e", r"\pi"):
            return leaf("const", name=name)
        function, _, variable = name.partition("_")
        if name not in self.context.symbols and variable.strip("{}") in self.context.symbols:
            f = self._differentiable(function, span)
            if f is not None:
                return derivative("deriv", f, self._symbol(variable.strip("{}"), span), layout=self.context.layout)
        return self._symbol(name, span)

    def _differentiable(self, name: str, span: Span) -> Expr | None:
        """Return the scalar function that `f` of `f_X` names, if it names one."""
        if name in self.context.unknown:
            return self._letter(name, span)
        return (
            self._symbol(name, span) if name in self.context.definitions and self.context.symbols[name].shape == SCALAR else None
        )

    def _symbol(self, name: str, span: Span) -> Expr:
        known = self.context.symbols.get(name)
        if known is None:
            known = self._inferred(name, span)
        return sym(name, self.unify.shape(known.shape), span)

    def _inferred(self, name: str, span: Span) -> Symbol:
        if _subscript(name) and set(_subscript(name)) <= _INDICES:
            raise Refusal(Finding("DRV224", span, {"name": name}))
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
        for other in (s for s in self.context.symbols.values() if not s.inferred):
            if base_letter(other.name).lower() == base_letter(name).lower() and _subscript(other.name) == _subscript(name):
                labels = (
                    ()
                    if other.span is None
                    else (Label(other.span, _words(f"{other.name} stands here", "此处为 " + other.name)),)
                )
                raise Refusal(Finding("DRV221", span, {"name": name, "declared": other.name}, labels))

    def _identity(self, s: syntax.Identity) -> Expr:
        dim = _dim(s.sizes[0]) if s.sizes else self.unify.fresh()
        return leaf("identity", Shape(dim, dim))

    def _sized(self, sizes: tuple[tuple[str, ...], ...]) -> Shape:
        dims = [*map(_dim, sizes)] or [self.unify.fresh()]
        return Shape(dims[0], dims[1] if len(dims) > 1 else ONE)

    def _commutation(self, s: syntax.Commutation) -> Expr:
        total = times(*map(_dim, s.sizes))
        return leaf("commutation", Shape(total, total), ",".join("*".join(side) for side in s.sizes))

    def _sum(self, s: syntax.Sum) -> Expr:
        parts = tuple(p for a in s.args for p in self._terms(a))
        terms = self.fitted("+", self._spread(parts) if self.letters.spread else parts)
        return Expr("add", terms, terms[0].shape)

    def _spread(self, parts: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """Return the terms of a sum with a bare number as a column, or a matrix, of equal entries beside what has entries."""
        other = next((p for p in parts if p.op != "num" and not p.scalar), None)
        by_entry = any(e.op in _BY_ENTRY for p in parts for e in (p, *p.args))
        if other is None or not (by_entry or ONE in self.unify.shape(other.shape)):
            return parts
        ones = leaf("ones", other.shape)
        return tuple(_times(p, ones) if p.op == "num" and p.value else p for p in parts)

    def _terms(self, s: Syntax) -> tuple[Expr, ...]:
        built = self.build(s)
        return built.args if built.op == "add" and isinstance(s, syntax.Group) else (built,)

    def _neg(self, s: syntax.Neg) -> Expr:
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
        turned = sign != "*" and self.unify.shape(left.shape) == self.unify.shape(right.shape).transposed
        hints = (
            (Hint("shape", {"en": "the two shapes are transposes of each other", "zh": "两个形状互为转置"}),) if turned else ()
        )
        raise Refusal(Finding(code, right.span or Span(0, 0), facts, tuple(labels), hints))

    def _declaration(self, e: Expr) -> list[Label]:
        known = self.context.symbols.get(e.name) if e.op == "sym" else None
        if known is None or known.span is None or known.inferred:
            return []
        return [Label(known.span, _words(f"{e.name} is declared here", f"{e.name} 在此声明"))]

    def _words(self, e: Expr) -> str:
        return str(self.unify.shape(e.shape)).replace("?", "unknown ")

    def _product(self, s: syntax.Product) -> Expr:
        factors = [self.build(a) for a in s.args]
        marks = [gap.place for gap in s.gaps]
        dots = frozenset(gap.place for gap in s.gaps if gap.sign == "dot")
        for span, text, reading, other in (*slashes(s, factors), *stars(s, [self.unify.shape(f.shape) for f in factors])):
            self.remark(span, text, reading, other)
        if len(factors) == 1:
            return factors[0]
        misfit = self._misfit(factors)
        if misfit and marks:
            bounds = [0, *dict.fromkeys(marks), len(factors)]
            groups = [factors[a:b] for a, b in pairwise(bounds) if a < b]
            if not any(self._misfit(g) for g in groups):
                factors = self._dotted([self.multiplied(g) for g in groups], [a in dots for a in bounds[: len(groups)]])
                misfit = self._misfit(factors)
        if misfit:
            self._conflict("*", *misfit)
        self._refuse_glued(factors, marks)
        return self.multiplied(factors)

    def _dotted(self, groups: list[Expr], dots: list[bool]) -> list[Expr]:
        """Return the factors with `x \\cdot y` of two columns as their inner product."""
        out: list[Expr] = []
        for group, dot in zip(groups, dots, strict=True):
            last = out[-1] if out else group
            columns = dot and last.shape.cols == ONE == group.shape.cols and not (last.scalar or group.scalar)
            if columns and self.unify.same(last.shape.rows, group.shape.rows):
                out[-1] = Expr("inner", (last, group), SCALAR, span=_joined((last, group)))
            else:
                out.append(group)
        return out

    def remark(self, span: Span, text: str, reading: str, other: str) -> None:
        """Note how something with two readings is read."""
        self.notices.append(Finding("DRV230", span, {"text": text, "reading": reading, "other": other}))

    def _refuse_glued(self, factors: Sequence[Expr], marks: Sequence[int]) -> None:
        """Refuse a factor that fits only because a run before it closed to a scalar, where nothing separates the two."""
        first: Expr | None = None
        for i, f in enumerate(factors):
            if f.scalar:
                continue
            first = first or f
            if not (first.shape.rows == ONE == f.shape.cols):
                continue
            after = factors[i + 1] if i + 1 < len(factors) else None
            if after is not None and i + 1 not in marks and after.shape.rows != ONE:
                labels = (Label(_joined((first, f)) or Span(0, 0), _words("this is a scalar", "此处为标量")),)
                facts = {"shape": self._words(after)}
                raise Refusal(Finding("DRV307", after.span or Span(0, 0), facts, (*labels, *self._declaration(f))))
            first = None

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

    def _had(self, s: syntax.Hadamard) -> Expr:
        parts = self.fitted(r"\odot", tuple(self.build(a) for a in s.args))
        if parts[0].scalar:
            return self.multiplied(parts)
        flat = tuple(
            q
            for p, a in zip(parts, s.args, strict=True)
            for q in (p.args if p.op == "had" and isinstance(a, syntax.Group) else (p,))
        )
        return Expr("had", flat, parts[0].shape)

    def _hdiv(self, s: syntax.HadamardQuotient) -> Expr:
        parts = self.fitted(r"\oslash", tuple(self.build(a) for a in s.args))
        return self._quotient(*parts) if parts[0].scalar else Expr("hdiv", parts, parts[0].shape)

    def _kron(self, s: syntax.Kronecker) -> Expr:
        left, right = (self.build(a) for a in s.args)
        if left.scalar or right.scalar:
            return self.multiplied((left, right))
        shape = Shape(times(left.shape.rows, right.shape.rows), times(left.shape.cols, right.shape.cols))
        return Expr("kron", (left, right), shape)

    def _over(self, s: syntax.Over) -> Expr:
        top, bottom = (self.build(a) for a in s.args)
        if not bottom.scalar:
            raise Refusal(Finding("DRV209", s.args[1].span, {"shape": self._words(bottom)}))
        return self._quotient(top, bottom)

    def _quotient(self, top: Expr, bottom: Expr) -> Expr:
        if _bare_zero(bottom):
            raise Refusal(Finding("DRV225", bottom.span or Span(0, 0)))
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

    def _square(self, e: Expr, s: Syntax) -> Expr:
        """Return `e`, which must be square (its unknown sizes become equal)."""
        if e.scalar or (ONE not in e.shape and self.unify.same(*e.shape)):
            return e
        labels = self._declaration(e)
        raise Refusal(Finding("DRV303", e.span or s.span, {"shape": self._words(e)}, tuple(labels)))


def _times(number: Expr, ones: Expr) -> Expr:
    return ones if number.value == 1 else Expr("mul", (number, ones), ones.shape)


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


def _dim(factors: tuple[str, ...]) -> Dim:
    return reduce(times, (size(int(word) if word.isdigit() else word) for word in factors), ONE)


def _subscript(name: str) -> str:
    return name.partition("_")[2].strip("{}")


def _words(en: str, zh: str) -> Mapping[Language, str]:
    return {"en": en, "zh": zh}
