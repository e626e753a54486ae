"""Sums, products and quotients: what they mean once shapes are known, how a product is grouped, and when it has two readings."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from mdderive.latex import syntax
from mdderive.latex.leaves import Leaves, Meanings
from mdderive.latex.syntax import Syntax
from mdderive.model.diagnostics import Finding, Label, Refusal
from mdderive.model.expr import Expr, leaf, num
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, plus, size, times
from mdderive.model.source import Span

_BY_ENTRY = frozenset({"fn", "had", "hdiv", "hpow"})
_WHOLE = syntax.Call | syntax.Applied | syntax.Norm | syntax.Bars | syntax.SquareRoot | syntax.Group
Doubt = tuple[Span, str, str, str]  # where it stands, its text, what it is read as, and what else might be meant


class Products(Leaves):
    """Builds sums and products of leaves."""

    def _sum(self, s: syntax.Sum) -> Expr:
        parts = tuple(p for a in s.args for p in self._terms(a))
        terms = self.fitted("+", self._spread(parts) if self.letters.spread else self._with_ones(parts))
        return Expr("add", terms, terms[0].shape)

    def _with_ones(self, parts: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """Return the terms of a sum with ones for a bare 1 beside what has entries."""
        other = next((p for p in parts if not p.scalar), None)
        if other is None or not self.letters.lookalikes:
            return parts
        one = next((p for p in parts if p.op == "num" and abs(p.value) == 1), None)
        if one is not None:
            self.ones_meant(one.span)
        return tuple(_times(p, leaf("ones", other.shape)) if p.op == "num" and abs(p.value) == 1 else p for p in parts)

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

    def _neg(self, _: syntax.Neg, inner: Expr) -> Expr:
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
            if part.shape != first.shape and not self.unify.same_shape(part.shape, first.shape):
                self._conflict(sign, first, part)
            out.append(part)
        return tuple(out)

    def _product(self, s: syntax.Product, *parts: Expr) -> Expr:
        factors = [*parts]
        marks = [gap.place for gap in s.gaps]
        signs = {gap.place: gap.sign for gap in s.gaps if gap.sign in ("dot", "cross")}
        for span, text, reading, other in (*_slashes(s, factors), *self._stars(s, factors)):
            self.remark(span, text, reading, other)
        if len(factors) == 1:
            return factors[0]
        for i in (gap.place for gap in s.gaps if gap.sign == "space" and 0 < gap.place < len(s.args)):
            if isinstance(s.args[i - 1], syntax.Number) and isinstance(number := s.args[i], syntax.Number):
                raise Refusal(Finding("DRV203", number.span, {"found": number.digits}))  # a list, or a number of many digits
        misfit = self._misfit(factors)
        if misfit and marks:
            bounds = [0, *dict.fromkeys(marks), len(factors)]
            groups = [factors[a:b] for a, b in pairwise(bounds) if a < b]
            if not any(self._misfit(g) for g in groups):
                factors = self._dotted(
                    [self.multiplied(g) for g in groups], [signs.get(a, "space") for a in bounds[: len(groups)]]
                )
                misfit = self._misfit(factors)
        if misfit:
            self._conflict("*", *misfit)
        self._refuse_glued(factors, marks)
        return self.multiplied(factors)

    def _stars(self, s: syntax.Product, factors: Sequence[Expr]) -> Iterator[Doubt]:
        """Yield the stars between matrices of one shape, which in many programs are products of their entries."""
        for i in (gap.place for gap in s.gaps if gap.sign == "star" and 0 < gap.place < len(factors)):
            if SCALAR != self.unify.shape(factors[i].shape) == self.unify.shape(factors[i - 1].shape):
                yield s.args[i - 1].span.join(s.args[i].span), "A * B", "A B", r"A \odot B"

    def _dotted(self, groups: list[Expr], signs: list[syntax.Sign]) -> list[Expr]:
        """Return the factors with a dot between columns as inner product, a cross between those of three entries as cross."""
        out: list[Expr] = []
        for group, sign in zip(groups, signs, strict=True):
            last = out[-1] if out else group
            columns = sign != "space" and last.shape.cols == ONE == group.shape.cols and not (last.scalar or group.scalar)
            if columns and sign == "cross":
                if self.unify.same(last.shape.rows, size(3)) and self.unify.same(group.shape.rows, size(3)):
                    out[-1] = Expr("cross", (last, group), group.shape, span=_joined((last, group)))
                else:
                    out.append(group)
            elif columns and self.unify.same(last.shape.rows, group.shape.rows):
                out[-1] = Expr("inner", (last, group), SCALAR, span=_joined((last, group)))
            else:
                out.append(group)
        return out

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
                labels = (Label(_joined((first, f)) or Span(0, 0), {"en": "this is a scalar", "zh": "此处为标量"}),)
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
            elif last.shape.cols != f.shape.rows and not self.unify.same(last.shape.cols, f.shape.rows):
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

    def _had(self, s: syntax.Hadamard, *parts: Expr) -> Expr:
        parts = self.fitted(r"\odot", parts)
        if parts[0].scalar:
            return self.multiplied(parts)
        flat = tuple(
            q
            for p, a in zip(parts, s.args, strict=True)
            for q in (p.args if p.op == "had" and isinstance(a, syntax.Group) else (p,))
        )
        return Expr("had", flat, parts[0].shape)

    def _hdiv(self, _: syntax.HadamardQuotient, *parts: Expr) -> Expr:
        parts = self.fitted(r"\oslash", self._with_ones(parts))
        return self._quotient(*parts) if parts[0].scalar else Expr("hdiv", parts, parts[0].shape)

    def _kron(self, _: syntax.Kronecker, left: Expr, right: Expr) -> Expr:
        if left.scalar or right.scalar:
            return self.multiplied((left, right))
        shape = Shape(times(left.shape.rows, right.shape.rows), times(left.shape.cols, right.shape.cols))
        return Expr("kron", (left, right), shape)

    def _kronecker_sum(self, s: syntax.KroneckerSum, *parts: Expr) -> Expr:
        """Return A ⊗ I + I ⊗ B."""
        left, right = (self._square(a, s) for a in parts)
        self.remark(s.span, r"A \oplus B", r"A \otimes I + I \otimes B", r"\begin{bmatrix} A & 0 \\ 0 & B \end{bmatrix}")
        shape = Shape(times(left.shape.rows, right.shape.rows), times(left.shape.rows, right.shape.rows))
        ones = [leaf("identity", Shape(e.shape.rows, e.shape.rows)) for e in (left, right)]
        return Expr("add", (Expr("kron", (left, ones[1]), shape), Expr("kron", (ones[0], right), shape)), shape)

    def _over(self, s: syntax.Over, top: Expr, bottom: Expr) -> Expr:
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

    def _matrix(self, s: syntax.Matrix, *entries: Expr) -> Expr:
        if not all(entry.scalar for entry in entries):
            return self._blocks(entries, len(entries) // s.rows)
        shape = Shape(size(s.rows), size(len(entries) // s.rows))
        return entries[0] if shape == SCALAR else Expr("matrix", entries, shape)

    def _blocks(self, entries: tuple[Expr, ...], wide: int) -> Expr:
        """Return the matrix of blocks, row by row; a bare zero has the size that its row and its column give it."""
        rows = [entries[i : i + wide] for i in range(0, len(entries), wide)]
        heights = [self._agreed(row, 0) for row in rows]
        widths = [self._agreed(column, 1) for column in zip(*rows, strict=True)]
        whole: list[Expr] = []
        for row, height in zip(rows, heights, strict=True):
            sized = [
                leaf("zero", Shape(height, width)).at(e.span) if _bare_zero(e) and Shape(height, width) != SCALAR else e
                for e, width in zip(row, widths, strict=True)
            ]
            whole.append(self._joined("beside", sized))
        return self._joined("below", whole)

    def _agreed(self, line: Sequence[Expr], side: int) -> Dim:
        """Return the height of the blocks of a row, or the width of those of a column; raises `Refusal` where they differ."""
        sized = [e for e in line if not _bare_zero(e)]
        for e in sized[1:]:
            if not self.unify.same(sized[0].shape[side], e.shape[side]):
                if sized[0].scalar != e.scalar:  # a number beside what is none
                    wide = e if sized[0].scalar else sized[0]
                    raise Refusal(Finding("DRV233", wide.span or Span(0, 0), {"shape": self._words(wide)}))
                self._conflict("&" if side == 0 else r"\\\\", sized[0], e)
        return sized[0].shape[side] if sized else self.unify.fresh()

    def _joined(self, op: str, blocks: Sequence[Expr]) -> Expr:
        *before, whole = blocks
        for e in reversed(before):
            (rows, cols), other = self.unify.shape(e.shape), self.unify.shape(whole.shape)
            shape = Shape(plus(rows, other.rows), cols) if op == "below" else Shape(rows, plus(cols, other.cols))
            whole = Expr(op, (e, whole), shape)
        return whole

    def _group(self, _: syntax.Group, inner: Expr) -> Expr:
        return inner

    meanings: ClassVar[Meanings] = {**Leaves.meanings, syntax.Sum: _sum}
    wholes: ClassVar[Meanings] = {
        syntax.Group: _group,
        syntax.Matrix: _matrix,
        syntax.Neg: _neg,
        syntax.Product: _product,
        syntax.Hadamard: _had,
        syntax.HadamardQuotient: _hdiv,
        syntax.Kronecker: _kron,
        syntax.KroneckerSum: _kronecker_sum,
        syntax.Over: _over,
    }


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


def _slashes(product: syntax.Product, factors: Sequence[Expr]) -> Iterator[Doubt]:
    """Yield the slashes of which nobody can tell where the denominator ends: `1/2n`; `1/2 \\|x\\|` has one reading only."""
    for i, (over, after) in enumerate(pairwise(product.args), 1):
        slashed = isinstance(over, syntax.Over) and over.slash
        if not slashed or any(gap.place == i for gap in product.gaps) or not factors[i].scalar:
            continue
        letter = after.args[0] if isinstance(after, syntax.Power) else after
        glued = not isinstance(over.args[1], syntax.Number) or over.span.end == after.span.start
        name = _spelled(letter) or ("c" if glued and isinstance(letter, _WHOLE) else "")
        if name:
            top, below = map(_symbol, over.args, "ab")
            reading, other = rf"\frac{{{top}}}{{{below}}} {name}", rf"\frac{{{top}}}{{{below} {name}}}"
            yield over.span.join(after.span), f"{top}/{below} {name}", reading, other


def _spelled(s: Syntax) -> str:
    """Return a letter, or the entry of one, as it is written; nothing for anything else."""
    match s:
        case syntax.Letter(name=name):
            return name
        case syntax.Indexed((syntax.Letter(name=name),), places=places):
            return f"{name}_{{{','.join(places)}}}"
    return ""


def _symbol(s: Syntax, instead: str) -> str:
    """Return a letter or a number as it is written, for anything else another letter."""
    return s.name if isinstance(s, syntax.Letter) else s.digits if isinstance(s, syntax.Number) else instead
