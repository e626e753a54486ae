"""Products with two readings: where they stand, what they are read as, and what else might be meant."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mdderive.latex.grammar import marks_at
from mdderive.latex.syntax import Syntax
from mdderive.model.expr import Expr
from mdderive.model.shapes import SCALAR, Shape
from mdderive.model.source import Span

Doubt = tuple[Span, str, str, str]
_WHOLE = frozenset({"call", "norm", "bars", "root", "group"})


def slashes(product: Syntax, factors: Sequence[Expr]) -> Iterator[Doubt]:
    """Yield the slashes of which nobody can tell where the denominator ends: `1/2n`; `1/2 \\|x\\|` has one reading only."""
    for i, (over, after) in enumerate(pairwise(product.args), 1):
        if over.text != "/" or marks_at(product.text.split(","), i) or not factors[i].scalar:
            continue
        letter = after.args[0] if after.kind == "power" else after
        glued = over.args[1].kind != "number" or over.span.end == after.span.start
        name = _spelled(letter) or ("c" if glued and letter.kind in _WHOLE else "")
        if name:
            top, below = (p.text if p.kind in ("number", "letter") else n for p, n in zip(over.args, "ab", strict=True))
            reading, other = rf"\frac{{{top}}}{{{below}}} {name}", rf"\frac{{{top}}}{{{below} {name}}}"
            yield over.span.join(after.span), f"{top}/{below} {name}", reading, other


def stars(product: Syntax, shapes: Sequence[Shape]) -> Iterator[Doubt]:
    """Yield the stars between matrices of one shape, which in many programs are products of their entries."""
    for i in (int(mark[:-1]) for mark in product.text.split(",") if mark.endswith("*")):
        if 0 < i < len(shapes) and SCALAR != shapes[i] == shapes[i - 1]:
            yield product.args[i - 1].span.join(product.args[i].span), "A * B", "A B", r"A \odot B"


def _spelled(s: Syntax) -> str:
    """Return a letter, or the entry of one, as it is written; nothing for anything else."""
    entry = s.kind == "entry" and s.args[0].kind == "letter"
    return f"{s.args[0].text}_{{{s.text}}}" if entry else s.text if s.kind == "letter" else ""
