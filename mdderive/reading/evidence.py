"""What the notation of a formula shows of its letters: which are no scalars, which are sizes, whether it acts entry by entry."""

from collections.abc import Iterator

from mdderive.latex import syntax
from mdderive.latex.syntax import Syntax, has, walk
from mdderive.model.operators import OPERATORS


def transposed(node: Syntax) -> Iterator[str]:
    """Yield the letters that a syntax tree transposes: whoever writes x^T means no scalar."""
    for n in walk(node):
        match n:
            case syntax.Transpose((syntax.Letter(name=name),)):
                yield name


def sizes_named(node: Syntax) -> Iterator[str]:
    r"""Yield the letters that a syntax tree names as sizes of I, \mathbf{1} or 0."""
    sized = (n for n in walk(node) if isinstance(n, syntax.Identity | syntax.Ones | syntax.Zero))
    yield from (name for n in sized for side in n.sizes for term in side for name in term if not name.isdigit())


def by_entries(s: Syntax) -> bool:
    """Tell whether a formula acts on every entry by itself, as far as its notation shows."""
    rows = (OPERATORS.get(n.op) for n in walk(s) if isinstance(n, syntax.Call))
    turned = (syntax.Norm, syntax.Inner, syntax.Turned, syntax.Adjugate)
    return not has(s, *turned) and all(row is None or row.entrywise for row in rows)
