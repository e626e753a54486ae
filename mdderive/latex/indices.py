"""Entries, unit vectors and sums over an index.

An entry `X_{ij}` is the run `e_i^T X e_j` of unit vectors, and `x_i` is `e_i^T x`; of a family `x_i` is the member at the place
of a unit vector. A sum binds the letter of its unit vector. An index runs over one size: the rows or columns of everything it
numbers, and the number of members of a family.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from mdderive.latex.leaves import Meanings
from mdderive.latex.motions import Motions
from mdderive.latex.notation import INDICES, UNIT_LETTERS
from mdderive.latex.power_sums import power_sum
from mdderive.latex.syntax import (
    Bars,
    Call,
    Compared,
    Derivative,
    Indexed,
    Letter,
    Member,
    OverIndex,
    Pairs,
    Syntax,
    Unit,
    walk,
)
from mdderive.model.context import Family, Symbol
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import BINDERS, Expr, leaf, make, placed, units, unshadowed
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, size
from mdderive.model.source import Span

_PLACES = re.compile(r"[A-Za-z](?:[\s,]*[A-Za-z])?|\\[a-z]+")


class Indices(Motions):
    """Builds what indices number."""

    def unbind(self) -> None:
        """Forget over which sizes indices run: an index means something within one statement alone."""
        self.indices, self.bound = {}, set()

    def _unit(self, s: Unit) -> Expr:
        place = self._place(s.place, s)
        return leaf("unit", Shape(self._range(place), ONE), place, s.span)

    def _range(self, index: str) -> Dim:
        """Return the size an index runs over; a number numbers anything."""
        return self.unify.fresh() if index.isdigit() else self.indices.setdefault(index, self.unify.fresh())

    def _place(self, index: str, s: Syntax) -> str:
        """Return an index, or the number it is defined as; raises `Refusal` for a letter that means something else."""
        if index.isdigit() or index in self.bound:
            return index
        value = self.context.definitions.get(index)
        if value is not None and value.op == "num" and isinstance(value.value, int) and value.value > 0:
            self.context = replace(self.context, indices=self.context.indices | {index})
            return str(value.value)
        if index in self.context.symbols or index in self.sizes:
            raise Refusal(Finding("DRV253", s.span, {"index": index}))
        if index not in self.context.indices | INDICES:  # what is read later knows it for an index
            self.context = replace(self.context, indices=self.context.indices | {index})
        return index

    def _inferred(self, name: str, span: Span) -> Symbol:
        """Take an undeclared letter for one of its own, unless it looks like a place: `p_y` beside a column p."""
        if name in self.context.indices and self.letters.lookalikes:
            raise Refusal(Finding("DRV253", span, {"index": name}))
        letter, _, below = name.partition("_")
        whole = self.context.symbols.get(letter)
        if self.letters.lookalikes and whole is not None and whole.shape != SCALAR and _PLACES.fullmatch(below.strip("{}")):
            raise Refusal(Finding("DRV251", span, {"name": name, "letter": letter}))
        return super()._inferred(name, span)

    def _compared(self, s: Compared) -> Expr:
        """Return one where two places of one range are in an order, zero elsewhere."""
        places = [self._place(place, s) for place in (s.first, s.second)]
        first, second = (leaf("unit", Shape(self._range(place), ONE), place, s.span) for place in places)
        if not self.unify.same_shape(first.shape, second.shape):
            self._conflict(s.order, first, second)
        if s.order == "=":
            return self.multiplied((Expr("transpose", (first,), first.shape.transposed), second))
        return Expr("indicator", (first, second), SCALAR, s.order)

    def _called(self, s: Call) -> Expr:
        """Return an operator of its arguments; a set or a label is a matrix of zeros and ones, of which this is an entry."""
        if s.op not in ("binary", "one-hot"):
            return self._call(s)
        symbol = self.context.symbols.get(s.function)
        if symbol is None:
            shape = Shape(self.unify.fresh(), self.unify.fresh() if len(s.args) > 1 else ONE)
            symbol = Symbol(s.function, shape, frozenset({s.op, "constant"}), inferred=True, span=s.span)
            self.context = replace(self.context, symbols={**self.context.symbols, s.function: symbol})
        if s.op not in symbol.properties:
            raise Refusal(Finding("DRV253", s.span, {"index": s.function}))
        return self._entry(Indexed((Letter(s.span, s.function),), s.span, tuple(u.place for u in s.args if isinstance(u, Unit))))

    def _pairs(self, s: Pairs) -> Expr:
        raise Refusal(Finding("DRV234", s.span, {"construct": rf"\sum_{{{s.pair.first} {s.pair.order} {s.pair.second}}}"}))

    def _runs_over(self, index: str, dim: Dim, s: Syntax) -> None:
        """Let an index run over a size; raises `Refusal` where it runs over another one."""
        over = self._range(index)
        if not self.unify.same(over, dim):
            facts = {"sign": f"_{index}", "left": str(self.unify.resolved(over)), "right": str(self.unify.resolved(dim))}
            raise Refusal(Finding("DRV301", s.span, facts))

    def _member(self, s: Member) -> Expr:
        """Return the member of a family at its places."""
        letter = getattr(s.args[0], "name", "")
        symbol = self.context.families().get(letter)
        if symbol is None and (whole := self._whole(letter)) is not None and len(s.places) == 2:
            below = "".join(s.places)
            self.remark(s.span, f"{letter}_{{{below}}}", f"{whole}_{{{below}}}", f"{letter}_{{{below}}}: scalar")
            return self._entry(Indexed((Letter(s.span, whole),), s.span, s.places))
        symbol = symbol or self._inferred_family(letter, s)
        if symbol is None and letter in self.context.definitions:
            return self._entry(Indexed(s.args, s.span, s.places))
        if symbol is None or symbol.family is None:
            raise Refusal(Finding("DRV251", s.span, {"name": f"{letter}_{''.join(s.places)}", "letter": letter}))
        places = [self._place(place, s) for place in s.places]
        if symbol.name in self.context.definitions:
            return self._defined_member(symbol.family.indices, self.context.definitions[symbol.name], places, s)
        told = symbol.family.counts
        counts = self.counts.setdefault(symbol.name, tuple(count or self.unify.fresh() for count in told))
        for place, count in zip(places, counts, strict=True):
            self._runs_over(place, count, s)
        units = (leaf("unit", Shape(count, ONE), place, s.span) for place, count in zip(places, counts, strict=True))
        return Expr("member", tuple(units), self.unify.shape(symbol.shape), symbol.name)

    def _whole(self, letter: str) -> str | None:
        """Return the declared matrix A of which an undeclared `a_{ij}` is an entry."""
        symbol = None if letter in self.context.symbols else self.context.symbols.get(letter.upper())
        return symbol.name if symbol is not None and letter.isalpha() and ONE not in symbol.shape else None

    def _inferred_family(self, letter: str, s: Member) -> Symbol | None:
        """Take an undeclared letter with indices that a sum binds for one of many, of the kind that its looks say."""
        known = letter in self.context.symbols or letter in self.context.definitions
        if (
            known
            or not letter
            or self._whole(letter)
            or not (self.bound | self.context.indices).issuperset(s.places)
            or len({*s.places}) < len(s.places)
        ):
            return None
        below = s.places[0] if len(s.places) == 1 else f"{{{''.join(s.places)}}}"
        symbol = self._taken(f"{letter}_{below}", s.span)
        symbol = replace(symbol, family=Family(letter, s.places, (None,) * len(s.places)))
        self.context = replace(self.context, symbols={**self.context.symbols, symbol.name: symbol})
        return symbol

    def _defined_member(self, indices: Sequence[str], value: Expr, places: Sequence[str], s: Member) -> Expr:
        """Return what the definition of all members of a family gives for the one at some places."""
        value = unshadowed(self.unify.tree(value), frozenset(places))
        found = units(value)
        for k, (index, place) in enumerate(zip(indices, places, strict=True)):
            if index in found:
                self._runs_over(place, found[index].shape.rows, s)
            value = placed(value, index, f"place {k}")
        for k, place in enumerate(places):
            value = placed(value, f"place {k}", place)
        return value.at(s.span)

    def _placed(self, name: str, span: Span) -> Expr | None:
        """Return the entry that a name spells: below a column, a letter that means nothing else says which, `p_y`."""
        letter, _, below = name.partition("_")
        below, whole = below.strip("{}"), self.context.symbols.get(letter)
        column = whole is not None and whole.family is None and whole.shape.cols == ONE and whole.shape != SCALAR
        free = below not in self.context.symbols and below not in self.sizes and name not in self.context.symbols
        if whole is None and letter in UNIT_LETTERS and free and below in self.context.indices:
            return self._unit(Unit(span, below))
        if not (self.letters.lookalikes and column and free and re.fullmatch("[a-z]", below)):
            return None
        self.remark(span, name, rf"\mathbf{{e}}_{below}^T {letter}", f"{name}: scalar")
        return self._entry(Indexed((Letter(span, letter),), span, (below,)))

    def _entry(self, s: Indexed) -> Expr:
        match s.args[0]:
            case Derivative((f, by), how="entry") if self.letters.lookalikes and not (base := self.build(f)).scalar:
                return self._by_entry(base, self.build(by), s)
        base = self.build(s.args[0])
        places = [self._place(index, s) for index in s.places]
        column, matrix = base.shape.cols == ONE and not base.scalar, ONE not in base.shape
        if not ((column and len(places) == 1) or (matrix and len(places) == 2)):
            digits = "".join(s.places)
            if isinstance(s.args[0], Letter) and digits.isdigit():  # a letter of its own, such as W_1
                return self.named(f"{s.args[0].name}_{digits if len(digits) == 1 else f'{{{digits}}}'}", s.span)
            raise Refusal(Finding("DRV235", s.span, {"indices": ",".join(s.places), "shape": self._words(base)}))
        ends = []
        for place, dim in zip(places, base.shape, strict=False):
            self._runs_over(place, dim, s)
            ends.append(leaf("unit", Shape(dim, ONE), place, s.span))
        row = Expr("transpose", (ends[0],), ends[0].shape.transposed)
        return self.multiplied((row, base, *ends[1:]))

    def _by_entry(self, f: Expr, x: Expr, s: Indexed) -> Expr:
        """Return the derivative of a column or matrix by an entry of x: that in the direction in which the entry alone moves."""
        tied = self.context.has(x.name, "symmetric") or self.context.has(x.name, "orthogonal")
        if x.op != "sym" or tied or len(s.places) != 2 - (x.shape.cols == ONE):
            raise Refusal(Finding("DRV214", s.span))
        self._held_fixed(f, x, s)
        ends = []
        for index, dim in zip(s.places, x.shape, strict=False):
            place = self._place(index, s)
            self._runs_over(place, dim, s)
            ends.append(leaf("unit", Shape(dim, ONE), place, s.span))
        turned = [Expr("transpose", (end,), end.shape.transposed) for end in ends[1:]]
        return Expr("along", (f, x, self.multiplied((ends[0], *turned)) if turned else ends[0]), f.shape)

    def _over_index(self, s: OverIndex) -> Expr:
        if s.how not in BINDERS:
            return self._power_sum(s) if s.how == "powers" else self._extreme_over(s)
        indices, last = s.indices, s.last
        self._refuse_letters(s)
        self._refuse_fixed(s)
        outside = {i: self.indices.pop(i) for i in indices if i in self.indices}
        around, self.bound = self.bound, self.bound | {*indices}
        body = self.build(s.args[0])
        self.bound = around
        if s.how == "product" and not body.scalar:
            raise Refusal(Finding("DRV231", s.span, {"construct": r"\prod"}))
        for i in reversed(indices):
            if i not in self.indices and not last:
                raise Refusal(Finding("DRV234", s.span, {"construct": rf"\\sum_{i}"}))
            over = self._range(i)
            if last and not self.unify.same(over, size(int(last) if last.isdigit() else last)):
                facts = {"sign": rf"\\sum_{i}", "left": str(self.unify.resolved(over)), "right": last}
                raise Refusal(Finding("DRV301", s.span, facts))
            body = make(s.how, leaf("unit", Shape(self.indices.pop(i), ONE), i), body)
        self.indices |= outside
        return body

    def _refuse_fixed(self, s: OverIndex) -> None:
        """Refuse a sum over a letter that stands for one place in the definition of something in its summand."""
        for name in {node.name for node in walk(s) if isinstance(node, Letter)}:
            index = next((i for i in s.indices if i in self._fixed(name)), "")
            if index:
                raise Refusal(Finding("DRV236", s.span, {"index": index, "name": name}))

    def _fixed(self, name: str) -> set[str]:
        """Return the indices that are free in what a letter is defined by."""
        value = self.context.definitions.get(name)
        if value is None:
            return set()
        inner = {node.name for node in value.walk() if node.op == "sym"} - {name}
        return set(units(value)).union(*map(self._fixed, inner))

    def _refuse_letters(self, s: OverIndex) -> None:
        """Refuse an index, or a bound, that is a letter with a meaning of its own in a block."""
        taken = [i for i in s.indices if i in self.context.symbols or i in self.sizes]
        if taken and self.letters.lookalikes:
            raise Refusal(Finding("DRV253", s.span, {"index": taken[0]}))
        if s.last in self.context.symbols and self.letters.lookalikes:
            raise Refusal(Finding("DRV116", s.span, {"name": s.last}))

    def _power_sum(self, s: OverIndex) -> Expr:
        """Return the sum of the products that the differential of a power is; its index is a number in no other."""
        (index,), known, last = s.indices, self.context.symbols, self.build(s.args[1])
        counter = Symbol(index, SCALAR, frozenset({"integer"}))
        self.context = replace(self.context, symbols={**self.context.symbols, index: counter})
        body = self.unify.tree(self.build(s.args[0]))
        self.context = replace(self.context, symbols={n: x for n, x in self.context.symbols.items() if n != index})
        found = power_sum(body, index, last) if index not in known else None
        if found is None:
            raise Refusal(Finding("DRV234", s.span, {"construct": rf"\\sum_{{{index}=0}}"}))
        return found

    def _extreme_over(self, s: OverIndex) -> Expr:
        """Return the largest or smallest entry, or absolute value of one: `\\max_i x_i`, `\\max_i |x_i|`."""
        inner = s.args[0]
        absolute = isinstance(inner, Bars)
        entry = inner.args[0] if absolute else inner
        if not isinstance(entry, Indexed) or sorted(entry.places) != sorted(s.indices):
            raise Refusal(Finding("DRV234", s.span, {"construct": rf"\\{s.how}_{','.join(s.indices)}"}))
        base = self.build(entry.args[0])
        self._entry(entry)
        for i in s.indices:
            del self.indices[i]
        return make("largest" if s.how == "max" else "smallest", make("fn", base, name="abs") if absolute else base)

    meanings: ClassVar[Meanings] = {
        **Motions.meanings,
        Unit: _unit,
        Compared: _compared,
        Call: _called,
        Member: _member,
        Indexed: _entry,
        OverIndex: _over_index,
        Pairs: _pairs,
    }
