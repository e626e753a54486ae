"""Our trees as SymPy matrix expressions, built node by node, so that both engines differentiate the same problem."""

from collections.abc import Mapping

import sympy
from sympy import MatrixSymbol, Rational, Symbol
from sympy.matrices.expressions import Determinant, HadamardProduct, Identity, Inverse, OneMatrix, Trace, Transpose, ZeroMatrix
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.hadamard import HadamardPower

from mdderive.model.expr import Expr
from mdderive.model.shapes import SCALAR, Dim

FUNCTIONS = {
    **{name: getattr(sympy, name) for name in ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "sqrt", "sign")},
    "abs": sympy.Abs,
    "arctan": sympy.atan,
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)),
    "relu": lambda x: (x + sympy.Abs(x)) / 2,
    "step": lambda x: (1 + sympy.sign(x)) / 2,
}


class Unsupported(Exception):
    """SymPy has no node for this."""


def dimension(dim: Dim) -> object:
    return sympy.Mul(dim.factor, *(Symbol(n, integer=True, positive=True) for n in dim.names))


class Converter:
    """Converts trees in which the names in `definitions` stand for other trees."""

    def __init__(self, definitions: Mapping[str, Expr]) -> None:
        self.definitions = definitions

    def scalar(self, e: Expr) -> object:
        """Return a SymPy scalar; a 1 x 1 product becomes its trace."""
        value = self(e)
        return Trace(value) if getattr(value, "is_Matrix", False) else value

    def function(self, name: str, argument: object, *, scalar: bool) -> object:
        known = FUNCTIONS.get(name) or sympy.Function(name.replace("\\", "").replace("'", "_prime"))
        if scalar:
            return known(argument)
        z = sympy.Dummy("z")
        return ElementwiseApplyFunction(sympy.Lambda(z, known(z)), argument)

    def __call__(self, e: Expr) -> object:
        if e.op == "sym" and e.name in self.definitions:
            return self(self.definitions[e.name])
        shape = tuple(map(dimension, e.shape))
        match e.op:
            case "num":
                return Rational(e.value)
            case "size":
                return Symbol(e.name, integer=True, positive=True)
            case "sym":
                return Symbol(e.name) if e.scalar else MatrixSymbol(e.name, *shape)
            case "identity":
                return Identity(shape[0])
            case "ones" | "zero":
                return (OneMatrix if e.op == "ones" else ZeroMatrix)(*shape)
            case "add":
                parts = [self.scalar(a) if e.scalar else self(a) for a in e.args]
                return sympy.Add(*parts) if e.scalar else sympy.MatAdd(*parts)
            case "mul":
                if e.scalar and not any(a.scalar for a in e.args):
                    return sympy.MatMul(*map(self, e.args))
                scalar = sympy.Mul(*(self.scalar(a) for a in e.args if a.scalar))
                chain = [self(a) for a in e.args if not a.scalar]
                return sympy.MatMul(scalar, *chain) if chain else scalar
            case "pow":
                return self.scalar(e.args[0]) ** self(e.args[1]) if e.scalar else sympy.MatPow(self(e.args[0]), self(e.args[1]))
            case "fn":
                argument = self.scalar(e.args[0]) if e.scalar else self(e.args[0])
                return self.function(e.name, argument, scalar=e.shape == SCALAR)
            case "norm":
                x = self(e.args[0])
                return sympy.sqrt(Trace(Transpose(x) * x))
            case "hpow":
                return HadamardPower(self(e.args[0]), self(e.args[1]))
            case "hdiv":
                return HadamardProduct(self(e.args[0]), HadamardPower(self(e.args[1]), -1))
        simple = {"transpose": Transpose, "inv": Inverse, "tr": Trace, "det": Determinant, "had": HadamardProduct}
        if e.op in simple:
            return simple[e.op](*map(self, e.args))
        raise Unsupported(e.op)
