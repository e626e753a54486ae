"""Unification of dimensions.

Unknown sizes are names that begin with `?`. A declared size is never merged with another one unless a constraint says so, and an
unknown never becomes 1: whether a dimension is 1 is known from the start.
"""

from mdderive.model.expr import Expr
from mdderive.model.shapes import ONE, Dim, Shape, times


class Unifier:
    """Collects equations between dimensions."""

    def __init__(self, equal: dict[str, str] | None = None) -> None:
        self.known: dict[str, Dim] = {a: Dim(int(b)) if b.isdigit() else Dim(1, (b,)) for a, b in (equal or {}).items()}
        self.count = 0

    def fresh(self) -> Dim:
        """Return a new unknown size."""
        self.count += 1
        return Dim(1, (f"?{self.count}",))

    def resolved(self, dim: Dim) -> Dim:
        """Return `dim` with everything known put in."""
        if self.known.keys().isdisjoint(dim.names):
            return dim
        total = Dim(dim.factor)
        for name in dim.names:
            total = times(total, self.resolved(self.known[name]) if name in self.known else Dim(1, (name,)))
        return total

    def same(self, a: Dim, b: Dim) -> bool:
        """Make two dimensions equal; False where they cannot be."""
        if a == b:
            return True
        a, b = self.resolved(a), self.resolved(b)
        if a == b:
            return True
        for x, y in ((a, b), (b, a)):
            if x.factor == 1 and len(x.names) == 1 and x.names[0].startswith("?") and x.names[0] not in y.names and y != ONE:
                self.known[x.names[0]] = y
                return True
        return self._cancelled(a, b)

    def _cancelled(self, a: Dim, b: Dim) -> bool:
        """Cancel common factors of two products and try again."""
        left, right = list(a.names), list(b.names)
        for name in a.names:
            if name in right:
                left.remove(name)
                right.remove(name)
        shorter = (Dim(a.factor, tuple(left)), Dim(b.factor, tuple(right)))
        return shorter != (a, b) and ONE not in shorter and self.same(*shorter)

    def same_shape(self, a: Shape, b: Shape) -> bool:
        """Make two shapes equal; False where they cannot be."""
        return self.same(a.rows, b.rows) and self.same(a.cols, b.cols)

    def shape(self, shape: Shape) -> Shape:
        """Return `shape` with everything known put in."""
        return shape if not self.known else Shape(self.resolved(shape.rows), self.resolved(shape.cols))

    def tree(self, e: Expr) -> Expr:
        """Return `e` with everything known put into its shapes."""
        if not self.known:
            return e
        args = tuple(self.tree(a) for a in e.args)
        shape = self.shape(e.shape)
        if shape == e.shape and args == e.args:
            return e
        return Expr(e.op, args, shape, e.name, e.value, e.span)
