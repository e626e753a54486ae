"""What stands in brackets: groups, lists, matrices, inner products, and the arguments of a probability."""

from mdderive.latex.notation import BRACKETS, TRANSPOSES
from mdderive.latex.sums import MOST_PARTS, Sums
from mdderive.latex.syntax import Bars, Density, Group, Inner, Matrix, Norm, Syntax
from mdderive.model.diagnostics import Diagnostic, Refusal

# What stands before a list in brackets; behind anything else the brackets hold arguments.
_APART = frozenset({"+", "-", r"\cdot", r"\times", "(", "[", "{", ",", "&", r"\\", r"\odot", r"\circ", r"\otimes"})
# Matrices between bars.
_FENCES = {"vmatrix": Bars, "Vmatrix": Norm}
CONDITIONS = frozenset({"|", r"\vert", r"\mid"})


class Brackets(Sums):
    """Reads brackets of every kind."""

    def _bracketed(self) -> Syntax:
        """Read what stands in brackets; in notes a list in square ones, and one that is transposed, is a row."""
        opened = self.next()
        start = opened.span.start
        if self.names.strict or opened.text not in ("(", "["):
            return Group((self.within(opened, BRACKETS.get(opened.text, "}")),), self.since(start))
        apart = self.at < 2 or self.stream[self.at - 2].text in _APART
        parts = self.listed(opened, BRACKETS[opened.text], MOST_PARTS)
        if len(parts) == 1:
            return Group(parts, self.since(start))
        row = opened.text == "[" or (self.peek().text == "^" and self._braced(1) in TRANSPOSES)
        if not apart or not row:
            construct = "a list in brackets" if apart else "a function of several arguments"
            raise Refusal(Diagnostic("DRV231", self.since(start), {"construct": construct}))
        return Matrix(parts, self.since(start), 1)

    def _density(self, name: str, start: int) -> Syntax | None:
        r"""Read `p(x \mid y)`, in notes, as one letter: nothing but its name says what it is."""
        if self.peek().text != "(" or self.names.strict:
            return None
        depth, bars, ahead = 0, 0, 0
        while True:
            token = self.peek(ahead)
            if token.kind == "stop":
                return None
            depth += (token.text in BRACKETS or token.text == "{") - (token.text in BRACKETS.values() or token.text == "}")
            bars += depth == 1 and token.text in CONDITIONS
            ahead += 1
            if depth == 0:
                break
        if bars != 1 and (bars or name not in self.names.densities):
            return None
        if any(t.text in self.bound for t in self.stream[self.at : self.at + ahead]):
            raise Refusal(Diagnostic("DRV224", self.since(start), {"name": name}))
        said = "".join("|" if t.text in CONDITIONS else t.text for t in self.stream[self.at : self.at + ahead])
        self.at += ahead
        return Density(self.since(start), name + said, name)

    def _matrix(self) -> Syntax:
        """Read a matrix with its entries."""
        opened = self.next()
        self.deeper(opened.span)
        rows: list[list[Syntax]] = [[]]
        while True:
            rows[-1].append(self.sum())
            sign = self.peek()
            if sign.text == r"\\":
                self.next()
                if self.peek().kind != "end":
                    rows.append([])
                    continue
            elif sign.text == "&":
                self.next()
                continue
            break
        closed = self.peek()
        if closed.kind != "end" or len({len(row) for row in rows}) != 1:
            if closed.kind == "stop":
                raise Refusal(Diagnostic("DRV202", opened.span, {"opened": rf"\begin{{{opened.text}}}"}))
            if closed.kind != "end":
                self.unexpected()
            raise Refusal(Diagnostic("DRV232", opened.span.join(closed.span)))
        self.next()
        if closed.text != opened.text:
            raise Refusal(Diagnostic("DRV211", closed.span, {"opened": opened.text, "found": closed.text}))
        self.depth -= 1
        span = self.since(opened.span.start)
        inner = Matrix(tuple(entry for row in rows for entry in row), span, len(rows))
        around = _FENCES.get(opened.text)
        return around((inner,), span) if around else inner

    def _inner(self) -> Syntax:
        opened = self.next()
        left = self.within(opened, ",")
        right = self.within(opened, r"\rangle")
        if self.peek().text == "_" and self._subscript_ahead() in ("F", "2", r"\mathrmF", r"\mathrm F"):
            self._subscript()
        return Inner((left, right), self.since(opened.span.start))
