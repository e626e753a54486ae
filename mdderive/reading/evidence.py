"""What the notation of a formula shows of its letters: which are no scalars, which are sizes, whether it acts entry by entry."""

from collections.abc import Iterator
from itertools import pairwise

from mdderive.latex import syntax
from mdderive.latex.letters import base_letter
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


def no_scalars(node: Syntax) -> Iterator[str]:
    r"""Yield the letters that stand alone, or as a term, under a transpose or a norm: `x^T`, `(x - \mu)^T`, `\|x - \mu\|`."""
    for n in walk(node):
        if isinstance(n, syntax.Transpose | syntax.Norm):
            yield from _terms(n.args[0])


def _terms(node: Syntax) -> Iterator[str]:
    match node:
        case syntax.Letter(name=name):
            yield name
        case syntax.Group() | syntax.Sum() | syntax.Neg():
            for inner in node.args:
                yield from _terms(inner)


def vanishing(node: Syntax, name: str) -> frozenset[str]:
    """Return the letters that only terms have which differentiating by a letter takes away: `c` of `x^T A x + c`."""
    return _letters(node) - _left(node, name)


def _left(node: Syntax, name: str) -> frozenset[str]:
    """Return the letters that may be left of a formula where it is differentiated by one of them."""
    match node:
        case syntax.Sum() | syntax.Neg() | syntax.Group():
            return frozenset().union(*(_left(inner, name) for inner in node.args if name in _letters(inner)))
        case syntax.Product() if sum(name in _letters(factor) for factor in node.args) == 1:
            return frozenset().union(*((_left if name in _letters(f) else lambda f, _: _letters(f))(f, name) for f in node.args))
    return _letters(node)


def _letters(node: Syntax) -> frozenset[str]:
    return frozenset(n.name for n in walk(node) if isinstance(n, syntax.Letter))


def columns_of(node: Syntax) -> Iterator[str]:
    """Yield the small letters that a column is made of, alone, as a term, behind factors or over a number."""
    match node:
        case syntax.Letter(name=name) if base_letter(name)[-1:].islower():
            yield name
        case syntax.Group() | syntax.Sum() | syntax.Neg():
            for inner in node.args:
                yield from columns_of(inner)
        case syntax.Product(args=(*_, last)) | syntax.Over((last, _)):
            yield from columns_of(last)


def of_a_column(call: syntax.Call) -> bool:
    """Tell whether a function is one of a column: nobody writes the softmax of a number."""
    row = OPERATORS.get(call.op)
    return row is not None and row.shape.startswith("(n,1)")


def stands_before_a_letter(name: str, node: Syntax) -> bool:
    """Tell whether a letter stands as a factor before another, or before a bracket."""
    pairs = ((a, b) for n in walk(node) if isinstance(n, syntax.Product) for a, b in pairwise(n.args))
    return any(isinstance(a, syntax.Letter) and a.name == name and _begins_with_letter(b) for a, b in pairs)


def _begins_with_letter(node: Syntax) -> bool:
    if isinstance(node, syntax.Turned | syntax.Inverse | syntax.Power | syntax.HadamardPower | syntax.Indexed):
        return _begins_with_letter(node.args[0])
    return isinstance(node, syntax.Letter | syntax.Group | syntax.Bars | syntax.Norm)
