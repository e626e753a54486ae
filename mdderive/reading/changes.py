"""Notations with another meaning than the usual one: a reading may change them, at a cost."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from mdderive.latex.letters import base_letter
from mdderive.latex.stand_ins import Columns
from mdderive.latex.syntax import (
    Adjugate,
    Applied,
    Derivative,
    Group,
    Indexed,
    Inverse,
    Letter,
    Neg,
    Norm,
    Number,
    Power,
    Product,
    Star,
    Syntax,
    Transpose,
    Unit,
    has,
    rewritten,
    walk,
)
from mdderive.model.context import ElementwiseFunction
from mdderive.model.expr import make, sym
from mdderive.model.shapes import SCALAR
from mdderive.reading.shown_by_form import is_nabla

LOGISTIC = ElementwiseFunction("logistic", "z", make("fn", sym("z", SCALAR), name="sigmoid"))


def _adjugate(node: Syntax) -> Syntax:
    return Adjugate(node.args, node.span) if isinstance(node, Star) else node


def _conjugate(node: Syntax) -> Syntax:
    return Transpose(node.args, node.span) if isinstance(node, Star) else node


def sought(sides: Sequence[Syntax | None]) -> list[Syntax | None]:
    """Return sides with `x^*`, of a small letter, as a letter of its own: what is sought. Before a factor it is a row."""
    pairs = [p for s in sides if s is not None for n in walk(s) if isinstance(n, Product) for p in pairwise(n.args)]
    rows = {first.args for first, _ in pairs if isinstance(first, Star)}

    def change(node: Syntax) -> Syntax:
        match node:
            case Star((Letter(name=name),)) if base_letter(name).islower() and node.args not in rows:
                return Letter(node.span, f"{name}^*")
        return node

    return [rewritten(s, change) if s is not None and has(s, Star) else s for s in sides]


def _logistic(node: Syntax) -> Syntax:
    return replace(node, name=LOGISTIC.name) if isinstance(node, Applied) and node.name == r"\sigma" else node


def _frobenius(node: Syntax) -> Syntax:
    match node:
        case Power((Norm(degree="2") as norm, Number(digits="2") as two)):
            return replace(node, args=(replace(norm, degree="F"), two))
    return node


def _column(node: Syntax) -> Syntax:
    return Transpose((node,), node.span) if is_nabla(node) else node


def mixed(sides: Sequence[Syntax | None]) -> list[Syntax | None] | None:
    """Return a chain rule with the derivatives of its last function as columns, beside Jacobians; None where sides are none.

    Its last function is differentiated by what lies between, and nothing is differentiated by it.
    """
    slopes = [n for s in sides if s is not None for n in walk(s) if isinstance(n, Derivative)]
    by = {n.args[1] for n in slopes}
    if not any(n.args[0] in by for n in slopes) or all(n.args[0] in by for n in slopes):
        return None

    def column(node: Syntax) -> Syntax:
        return Transpose((node,), node.span) if isinstance(node, Derivative) and node.args[0] not in by else node

    return [s and rewritten(s, column) for s in sides]


def by_inverse(node: Syntax) -> Syntax:
    r"""Return `\frac{\partial f}{\partial S^{-1}}` by the derivative by S: from dS = -S d(S^{-1}) S, it is -S^T (df/dS) S^T."""
    match node:
        case Derivative((of, Inverse((Letter() as letter,)))):
            turned = Transpose((letter,), letter.span)
            return Group((Neg((Product((turned, replace(node, args=(of, letter)), turned), node.span),), node.span),), node.span)
    return node


def as_row(node: Syntax, names: Container[str]) -> Syntax:
    """Return a node, over others that were changed so, in which some letters are rows, but not their entries or as variables."""
    match node:
        case Transpose((Transpose((Letter() | Group() as letter,)),)):
            return letter
        case Derivative((of, Transpose((Letter() | Group() as by,)))):
            return replace(node, args=(of, by))
        case Indexed((Transpose((Letter() as letter,)),)):
            return replace(node, args=(letter,))
        case Letter(name=name) if name in names:
            return Transpose((node,), node.span)
        case Group((Product((Columns(of=of), Unit(place=place))),)) if f"{of}_{place}" in names:  # one of many
            return Transpose((node,), node.span)
    return node


def _closed(node: Syntax) -> Syntax:
    """Return a product in which the runs from a row to a column that something stands behind are closed: `(x^T x) I`."""
    if not isinstance(node, Product) or len(node.args) == 2:
        return node
    out: list[Syntax] = []
    start: int | None = None
    for i, factor in enumerate(node.args):
        out.append(factor)
        if isinstance(factor, Transpose) and _short(factor.args[0]):
            start = len(out) - 1 if start is None else start
        elif start is not None and i + 1 < len(node.args) and _short(factor):
            if not isinstance(node.args[i + 1], Transpose):
                run = tuple(out[start:])
                out[start:] = [Group((Product(run, run[0].span.join(factor.span)),), run[0].span.join(factor.span))]
            start = None
    return node if len(out) == len(node.args) else Product(tuple(out), node.span)


def _short(node: Syntax) -> bool:
    """Tell whether a factor may be a column: a small letter, or what stands in brackets."""
    return isinstance(node, Group) or (isinstance(node, Letter) and base_letter(node.name)[-1:].islower())


COLUMN = "column-gradient"
MIXED = "mixed-layout"
TOTAL = "total-derivative"
# Notations with another reading, each named by a reason: what it costs, and the change of a node.
CHANGES: Mapping[str, tuple[int, Callable[[Syntax], Syntax]]] = {
    "adjugate": (0, _adjugate),
    "star-transpose": (1, _conjugate),
    "logistic": (1, _logistic),
    "frobenius": (1, _frobenius),
    "closed-run": (1, _closed),
    COLUMN: (0, _column),  # beside derivatives in numerator layout
    MIXED: (0, lambda node: node),  # in numerator layout too, of all sides together
    TOTAL: (1, lambda node: node),  # where the arguments of what is differentiated depend on each other
}
