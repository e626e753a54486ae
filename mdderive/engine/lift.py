"""Derivatives of elementwise functions, lifted from one number to every entry.

The table of functions states a derivative in the scalar letter tau. On an array a product of terms in tau becomes a Hadamard
product, a power an elementwise power, and a bare number a multiple of the all-ones array.
"""

from functools import cache

from mdderive.context import Context, Symbol
from mdderive.diagnostics import Diagnostic, MdderiveBug
from mdderive.engine.normal import normal
from mdderive.functions import FUNCTIONS
from mdderive.latex.elaborate import read
from mdderive.shapes import SCALAR
from mdderive.tree import Expr, leaf, make, rebuilt, sym

TAU = sym(r"\tau", SCALAR)


@cache
def _statement(name: str) -> Expr:
    context = Context(symbols={TAU.name: Symbol(TAU.name, SCALAR)})
    read_back = read(FUNCTIONS[name].derivative, context)
    if isinstance(read_back, Diagnostic):
        raise MdderiveBug(f"derivative of {name}: {read_back.message()}")
    return normal(read_back)


def function_derivative(name: str, argument: Expr) -> Expr:
    """Return the derivative of the function `name` at `argument`, entry by entry; an unknown function gets a prime."""
    if name not in FUNCTIONS:
        return make("fn", argument, name=name + "'")
    return normal(lift(_statement(name), argument))


def lift(e: Expr, argument: Expr) -> Expr:
    """Return the scalar tree `e` in tau at every entry of `argument`."""
    if e == TAU:
        return argument
    if argument.scalar:
        return rebuilt(e, tuple(lift(a, argument) for a in e.args)) if e.args else e
    if TAU not in e.walk():
        return make("mul", e, leaf("ones", argument.shape))
    if e.op == "mul":
        free = [a for a in e.args if TAU not in a.walk()]
        bound = [lift(a, argument) for a in e.args if TAU in a.walk()]
        entries = bound[0] if len(bound) == 1 else make("had", *bound)
        return make("mul", *free, entries) if free else entries
    if e.op == "pow":
        return make("hpow", lift(e.args[0], argument), e.args[1])
    return rebuilt(e, tuple(lift(a, argument) for a in e.args))
