"""Programs of expressions: names of letters, what is written alike everywhere, and the templates of the table of operators."""

import keyword
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from mdderive.model.expr import Expr, num
from mdderive.model.shapes import Dim, Shape

ADD, MUL, ATOM = 1, 2, 3
Code = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Program:
    """Python code and the Python name of each letter in it, keyed by the letter as it was declared."""

    code: str
    names: Mapping[str, str]


def identifier(latex: str) -> str:
    """Return a Python name for a letter: `\\Sigma` is `Sigma`, `\\hat{y}` is `hat_y`, `\\lambda` is `lambda_`."""
    words = re.findall(r"[A-Za-z0-9]+|'", latex)
    name = "_".join("prime" if w == "'" else w for w in words) or "x"
    return f"{name}_" if keyword.iskeyword(name) or name[0].isdigit() else name


class PythonNames:
    """Gives each letter a name of its own, none of them among those the program needs for itself.

    `letters` maps the letters met so far, as they were declared, to their names. The parameter of a function is no letter,
    and has one name wherever that function is written.
    """

    def __init__(self, reserved: Iterable[str]) -> None:
        self.letters: dict[str, str] = {}
        self._taken = set(reserved)
        self._parameters: dict[tuple[str, str], str] = {}

    def of(self, latex: str, wish: str = "") -> str:
        """Return the name of a letter; a new one gets `wish`, or its spelling."""
        if latex not in self.letters:
            self.letters[latex] = self._fresh(wish or identifier(latex))
        return self.letters[latex]

    def parameter(self, latex: str, function: str = "") -> str:
        """Return the name of a function's parameter."""
        key = (function, latex)
        if key not in self._parameters:
            self._parameters[key] = self._fresh(identifier(latex))
        return self._parameters[key]

    def _fresh(self, name: str) -> str:
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name


class Coder(ABC):
    """Writes expressions and sizes as code."""

    @abstractmethod
    def operator(self, e: Expr) -> Code:
        """Return the code of an expression that is no sum or product, and how tightly it binds."""

    @abstractmethod
    def factors(self, args: Sequence[Expr], e: Expr) -> str:
        """Return the code of factors of a product, of which the first is not negative."""

    @abstractmethod
    def size(self, name: str) -> str:
        """Return the code of a size."""

    times = " * "

    def write(self, e: Expr) -> Code:
        """Return the code of `e` and how tightly it binds."""
        if e.op == "add":
            return " + ".join(self.inside(a, MUL) for a in e.args).replace(" + -", " - "), ADD
        if e.op != "mul":
            return self.operator(e)
        first, *rest = e.args
        if first.op != "num" or first.value >= 0:
            return self.factors(e.args, e), MUL
        return f"-{self.factors([*([num(-first.value)] if first.value != -1 else []), *rest], e)}", MUL

    def inside(self, e: Expr, least: int) -> str:
        """Return the code of `e`, in parentheses where it binds looser than `least`."""
        code, binds = self.write(e)
        return code if binds >= least else f"({code})"

    def whole(self, e: Expr) -> str:
        """Return the code of `e`."""
        return self.write(e)[0]

    def dim(self, dim: Dim) -> str:
        """Return a dimension as an expression."""
        terms = ([str(t.factor)] * (t.factor != 1 or not t.names) + [self.size(n) for n in t.names] for t in dim.terms)
        return " + ".join(map(self.times.join, terms))


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
