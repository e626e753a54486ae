"""Notations with another meaning than the usual one: a reading may change them, at a cost."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from mdderive.latex.syntax import Syntax
from mdderive.model.context import ElementwiseFunction
from mdderive.model.expr import make, sym
from mdderive.model.shapes import SCALAR
from mdderive.reading.shown_by_form import is_nabla

LOGISTIC = ElementwiseFunction("logistic", "z", make("fn", sym("z", SCALAR), name="sigmoid"))


def _adjugate(node: Syntax) -> Syntax:
    return replace(node, kind="adjugate") if node.kind == "star" else node


def _conjugate(node: Syntax) -> Syntax:
    return replace(node, kind="transpose") if node.kind == "star" else node


def _logistic(node: Syntax) -> Syntax:
    own = node.kind == "call" and node.text.rstrip("'") == r"letter:\sigma"
    return replace(node, text=node.text.replace(r"\sigma", LOGISTIC.name)) if own else node


def _frobenius(node: Syntax) -> Syntax:
    square = node.kind == "power" and node.args[0].kind == "norm" and node.args[0].text == "2" and node.args[1].text == "2"
    return replace(node, args=(replace(node.args[0], text="F"), node.args[1])) if square else node


def _column(node: Syntax) -> Syntax:
    return Syntax("transpose", (node,), node.span) if is_nabla(node) else node


COLUMN = "column-gradient"
# Notations with another reading, each named by a reason: what it costs, and the change of a node.
CHANGES: Mapping[str, tuple[int, Callable[[Syntax], Syntax]]] = {
    "adjugate": (0, _adjugate),
    "star-transpose": (1, _conjugate),
    "logistic": (1, _logistic),
    "frobenius": (1, _frobenius),
    COLUMN: (0, _column),  # beside derivatives in numerator layout
}
