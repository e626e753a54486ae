"""Expressions to NumPy: one expression over `np` (and `scipy.linalg` for matrix functions), all values two-dimensional.

Every definition is substituted, sizes are integers, and the names of a `Program` say which Python name stands for which letter.
The same text runs where `np` is `jax.numpy`.
"""

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from mdderive.context import Context
from mdderive.functions import FUNCTIONS
from mdderive.shapes import Dim
from mdderive.tree import Expr, Number

ADD, MUL, ATOM = 1, 2, 3
RESERVED = frozenset({"np", "scipy", *keyword.kwlist})
MATRIX_FUNCTIONS = {"exp": "expm", "sin": "sinm", "cos": "cosm"}


@dataclass(frozen=True, slots=True)
class Program:
    """A Python expression and the Python name of each letter of it, keyed by the letter as it was declared."""

    code: str
    names: Mapping[str, str]


def program(e: Expr, context: Context) -> Program:
    """Return `e` as NumPy; raises `ValueError` for an operator that has no meaning there (differentials)."""
    writer = _Writer(context)
    code, _ = writer.write(e)
    return Program(code, dict(writer.names))


def identifier(latex: str) -> str:
    """Return a Python name for a letter: `\\Sigma` is `Sigma`, `\\hat{y}` is `hat_y`, `\\lambda` is `lambda_`."""
    words = re.findall(r"[A-Za-z0-9]+|'", latex)
    name = "_".join("prime" if w == "'" else w for w in words) or "x"
    return f"{name}_" if name in RESERVED or name[0].isdigit() else name


class _Writer:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.names: dict[str, str] = {}

    def name(self, latex: str, wish: str = "") -> str:
        if latex not in self.names:
            name = wish or identifier(latex)
            while name in self.names.values():
                name += "_"
            self.names[latex] = name
        return self.names[latex]

    def dim(self, dim: Dim) -> str:
        parts = [str(dim.factor)] if dim.factor != 1 or not dim.names else []
        return " * ".join(parts + [self.name(n) for n in dim.names])

    def write(self, e: Expr) -> tuple[str, int]:
        """Return the code of `e` and how tightly it binds."""
        if e.op == "sym" and e.name in self.context.definitions:
            return self.write(self.context.definitions[e.name])
        match e.op:
            case "num":
                return _number(e.value)
            case "sym" | "size":
                return self.name(e.name), ATOM
            case "add":
                return self._sum(e), ADD
            case "mul":
                return self._product(e), MUL
            case "had":
                return " * ".join(self.inside(a, ATOM) for a in e.args), MUL
            case "hdiv":
                return f"{self.inside(e.args[0], ATOM)} / {self.inside(e.args[1], ATOM)}", MUL
            case "pow" | "hpow":
                return self._power(e)
            case "deriv" | "hess" | "apply" | "fn":
                return self._function(e)
        return self._call(e), ATOM

    def inside(self, e: Expr, least: int) -> str:
        """Return the code of `e`, in parentheses where it binds looser than `least`."""
        code, binds = self.write(e)
        return code if binds >= least else f"({code})"

    def whole(self, e: Expr) -> str:
        return self.write(e)[0]

    def _sum(self, e: Expr) -> str:
        return " + ".join(self.inside(a, MUL) for a in e.args).replace(" + -", " - ")

    def _product(self, e: Expr) -> str:
        scalars = [self.inside(a, ATOM) for a in e.args if a.scalar]
        chain = [self.inside(a, ATOM) for a in e.args if not a.scalar]
        run = " @ ".join(chain)
        if scalars and len(chain) > 1:
            run = f"({run})"
        return " * ".join([*scalars, *([run] if run else [])])

    def _power(self, e: Expr) -> tuple[str, int]:
        base, exponent = e.args
        if e.op == "pow" and not base.scalar:
            return f"np.linalg.matrix_power({self.whole(base)}, {self.whole(exponent)})", ATOM
        if exponent.op == "num" and exponent.value == -1:
            return f"1 / {self.inside(base, ATOM)}", MUL
        return f"({self.inside(base, ATOM)} ** {self.inside(exponent, ATOM)})", ATOM

    def _function(self, e: Expr) -> tuple[str, int]:
        if e.op == "deriv":
            f, x = e.args
            return self.name(
                rf"\frac{{\partial {f.name}}}{{\partial {x.name}}}", f"d{identifier(f.name)}_d{identifier(x.name)}"
            ), ATOM
        if e.op == "hess":
            f, x = e.args
            return self.name(
                rf"\frac{{\partial^2 {f.name}}}{{\partial {x.name} \partial {x.name}^{{\top}}}}",
                f"d2{identifier(f.name)}_d{identifier(x.name)}2",
            ), ATOM
        if e.op == "fn" and e.name in FUNCTIONS:
            code = FUNCTIONS[e.name].python.format(self.whole(e.args[0]))
            return code, ATOM if code.startswith("np.") else MUL
        return f"{self.name(e.name)}({self.whole(e.args[0])})", ATOM

    def _side(self, text: str) -> str:
        """Return the code of one side of the subscript of a commutation matrix."""
        words = [part if part.isdigit() else self.name(part) for part in text.split("*")]
        return words[0] if len(words) == 1 else f"({' * '.join(words)})"

    def _call(self, e: Expr) -> str:
        rows, cols = (self.dim(d) for d in e.shape)
        match e.op:
            case "identity":
                return f"np.eye({rows})"
            case "ones" | "zero":
                return f"np.{'ones' if e.op == 'ones' else 'zeros'}(({rows}, {cols}))"
            case "const":
                return "np.pi" if e.name == r"\pi" else "np.e"
            case "commutation":
                m, n = (self._side(part) for part in e.name.split(","))
                return f"np.eye({m} * {n})[np.arange({m} * {n}).reshape(({m}, {n}), order='F').ravel()]"
        x = self.whole(e.args[0]) if e.args else ""
        tight = self.inside(e.args[0], ATOM) if e.args else ""
        match e.op:
            case "transpose":
                return f"{tight}.T"
            case "inv":
                return f"np.linalg.inv({x})"
            case "tr":
                return f"np.trace({x})"
            case "det":
                return f"np.linalg.det({x})"
            case "adj":
                return f"(np.linalg.det({x}) * np.linalg.inv({x}))"
            case "norm":
                return f"np.linalg.norm({x})"
            case "norm1":
                return f"np.abs({x}).sum()"
            case "diag":
                return f"np.diagflat({x})"
            case "diagonal":
                return f"np.diag({x}).reshape((-1, 1))"
            case "vec":
                return f"{tight}.reshape((-1, 1), order='F')"
            case "softmax":
                return f"(np.exp({x} - np.max({x})) / np.sum(np.exp({x} - np.max({x}))))"
            case "kron":
                return f"np.kron({x}, {self.whole(e.args[1])})"
            case "inner":
                return f"np.sum({tight} * {self.inside(e.args[1], ATOM)})"
            case "mfn" if e.name in MATRIX_FUNCTIONS:
                return f"scipy.linalg.{MATRIX_FUNCTIONS[e.name]}({x})"
        raise ValueError(f"{e.op} has no NumPy form")


def _number(value: Number) -> tuple[str, int]:
    if isinstance(value, Fraction):
        return f"({value.numerator} / {value.denominator})", ATOM
    return (str(value), ATOM) if value >= 0 else (f"({value})", ATOM)
