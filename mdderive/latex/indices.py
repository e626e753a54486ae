"""Entries, unit vectors and sums over an index.

An entry `X_{ij}` is the run `e_i^T X e_j` of unit vectors, and `x_i` is `e_i^T x`; a sum binds the letter of its unit vector. An
index runs over one size: the rows or columns of everything it numbers.
"""

from collections.abc import Mapping

from mdderive.context import Context
from mdderive.diagnostics import Diagnostic, Refusal
from mdderive.latex.letters import Letters
from mdderive.latex.operators import Operators
from mdderive.latex.syntax import Syntax
from mdderive.shapes import ONE, Dim, Shape, size
from mdderive.tree import Expr, leaf, make


class Indices(Operators):
    """Builds what indices number."""

    def __init__(self, context: Context, letters: Letters, kinds: Mapping[str, str]) -> None:
        super().__init__(context, letters, kinds)
        self.indices: dict[str, Dim] = {}

    def _unit(self, s: Syntax) -> Expr:
        return leaf("unit", Shape(self._range(s.text), ONE), s.text)

    def _range(self, index: str) -> Dim:
        """Return the size an index runs over; a number numbers anything."""
        return self.unify.fresh() if index.isdigit() else self.indices.setdefault(index, self.unify.fresh())

    def _entry(self, s: Syntax) -> Expr:
        base = self.build(s.args[0])
        places = s.text.split(",")
        column, matrix = base.shape.cols == ONE and not base.scalar, ONE not in base.shape
        if not ((column and len(places) == 1) or (matrix and len(places) == 2)):
            if s.args[0].kind == "letter" and s.text.replace(",", "").isdigit():  # a letter of its own, such as W_1
                subscript = s.text if len(s.text) == 1 else f"{{{s.text.replace(',', '')}}}"
                return self._letter(Syntax("letter", (), s.span, f"{s.args[0].text}_{subscript}"))
            raise Refusal(Diagnostic("DRV235", s.span, {"indices": s.text, "shape": self._words(base)}))
        ends = []
        for place, dim in zip(places, base.shape, strict=False):
            over = self._range(place)
            if not self.unify.same(over, dim):
                facts = {"sign": f"_{place}", "left": str(self.unify.resolved(over)), "right": str(self.unify.resolved(dim))}
                raise Refusal(Diagnostic("DRV301", s.span, facts))
            ends.append(leaf("unit", Shape(dim, ONE), place))
        row = Expr("transpose", (ends[0],), ends[0].shape.transposed)
        return self.multiplied((row, base, *ends[1:]))

    def _over_index(self, s: Syntax) -> Expr:
        op, _, rest = s.text.partition(":")
        names, _, last = rest.partition("|")
        indices = names.split(",")
        if op:
            return self._extreme_over(op, indices, s)
        outside = {i: self.indices.pop(i) for i in indices if i in self.indices}
        body = self.build(s.args[0])
        for i in reversed(indices):
            if i not in self.indices and not last:
                raise Refusal(Diagnostic("DRV234", s.span, {"construct": rf"\\sum_{i}"}))
            over = self._range(i)
            if last and not self.unify.same(over, size(int(last) if last.isdigit() else last)):
                facts = {"sign": rf"\\sum_{i}", "left": str(self.unify.resolved(over)), "right": last}
                raise Refusal(Diagnostic("DRV301", s.span, facts))
            body = make("sum", leaf("unit", Shape(self.indices.pop(i), ONE), i), body)
        self.indices |= outside
        return body

    def _extreme_over(self, op: str, indices: list[str], s: Syntax) -> Expr:
        """Return the largest or smallest entry, or absolute value of one: `\\max_i x_i`, `\\max_i |x_i|`."""
        inner = s.args[0]
        absolute = inner.kind == "bars"
        entry = inner.args[0] if absolute else inner
        if entry.kind != "entry" or sorted(entry.text.split(",")) != sorted(indices):
            raise Refusal(Diagnostic("DRV234", s.span, {"construct": rf"\\{op}_{','.join(indices)}"}))
        base = self.build(entry.args[0])
        self._entry(entry)
        for i in indices:
            del self.indices[i]
        return make("largest" if op == "max" else "smallest", make("fn", base, name="abs") if absolute else base)
