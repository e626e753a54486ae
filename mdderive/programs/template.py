"""Programs of operators: the templates of the table of operators, filled with the code of their arguments."""

import re
from functools import cache
from typing import Protocol

from mdderive.model.expr import Expr
from mdderive.model.shapes import Dim, Shape

ADD, MUL, ATOM = 1, 2, 3
Code = tuple[str, int]


class Coder(Protocol):
    """What writes expressions and sizes as code."""

    def write(self, e: Expr) -> Code: ...  # noqa: D102
    def dim(self, dim: Dim) -> str: ...  # noqa: D102


class Argument:
    """An argument in a template: its code, its code as one factor, and its sizes, which are named when they are asked for."""

    def __init__(self, e: Expr, coder: Coder) -> None:
        self.code, binds = coder.write(e)
        self.tight = self.code if binds == ATOM else f"({self.code})"
        self.shape: Shape = e.shape
        self.coder = coder

    def __str__(self) -> str:
        return self.code

    @property
    def rows(self) -> str:
        """The number of rows."""
        return self.coder.dim(self.shape.rows)

    @property
    def cols(self) -> str:
        """The number of columns."""
        return self.coder.dim(self.shape.cols)


def filled(template: str, e: Expr, coder: Coder) -> Code:
    """Return the program of `e` and how tightly it binds; raises `ValueError` with the operator where there is no template."""
    if not template:
        raise ValueError(e.op)
    sides = {side: coder.dim(dim) for side, dim in zip(("rows", "cols"), e.shape, strict=True) if f"{{{side}}}" in template}
    return template.format(*(Argument(a, coder) for a in e.args), **sides), binding(template)


@cache
def binding(template: str) -> int:
    """Return how tightly code binds: an operator that stands in no brackets makes it a product."""
    bare = re.sub(r"\{.*?\}", "", template)
    while (inner := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", bare)) != bare:
        bare = inner
    return MUL if re.search(r"[*/@+-]", bare) else ATOM
