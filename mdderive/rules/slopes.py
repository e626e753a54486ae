"""What the table of functions states, as rules: the derivative of every function, and the meaning of those made of others."""

from mdderive.latex.parse import parse
from mdderive.latex.syntax import Sum, Syntax
from mdderive.latex.write import write
from mdderive.model.context import Context
from mdderive.model.expr import make, sym
from mdderive.model.functions import FUNCTIONS, Function
from mdderive.model.shapes import SCALAR
from mdderive.rules.proofs import Given
from mdderive.rules.statement import Rule


def _value(row: Function) -> str:
    return write(make("fn", sym(r"\tau", SCALAR), name=row.name), Context())


def _slope(row: Function) -> Rule:
    slope = row.derivative
    if slope != "0":
        syntax = parse(slope)
        bare = isinstance(syntax, Syntax) and not isinstance(syntax, Sum)
        slope = rf"{slope if bare else f'({slope})'} \, d \tau"
    return Rule(f"d-{row.name}", f"d({_value(row)})", slope, f"derivative of {row.name}", f"{row.name} 的导数")


def _meaning(row: Function) -> Rule:
    return Rule(row.name, _value(row), row.meaning, f"meaning of {row.name}", f"{row.name} 的定义")


# What the derivative of a function is that no proof goes back behind.
BY_DEFINITION = Given("the function is defined by its slope and its value at one place", "函数由其导数及一点处的值定义")
SLOPES = tuple(_slope(row) for row in FUNCTIONS.values() if row.derivative)
MEANINGS = tuple(_meaning(row) for row in FUNCTIONS.values() if row.meaning)
