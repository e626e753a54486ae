"""Products with two readings: where they stand, what they are read as, and what else might be meant."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mdderive.latex import syntax
from mdderive.latex.syntax import Syntax
from mdderive.model.expr import Expr
from mdderive.model.shapes import SCALAR, Shape
from mdderive.model.source import Span

Doubt = tuple[Span, str, str, str]
_WHOLE = syntax.Call | syntax.Applied | syntax.Norm | syntax.Bars | syntax.SquareRoot | syntax.Group


def slashes(product: syntax.Product, factors: Sequence[Expr]) -> Iterator[Doubt]:
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


def stars(product: syntax.Product, shapes: Sequence[Shape]) -> Iterator[Doubt]:
    """Yield the stars between matrices of one shape, which in many programs are products of their entries."""
    for i in (gap.place for gap in product.gaps if gap.sign == "star"):
        if 0 < i < len(shapes) and SCALAR != shapes[i] == shapes[i - 1]:
            yield product.args[i - 1].span.join(product.args[i].span), "A * B", "A B", r"A \odot B"


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
