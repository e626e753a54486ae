"""Formulas in one number, lifted to every entry of an array.

The table of functions states a derivative in the scalar letter tau, and an author defines a function by a formula in a letter of
their own. On an array a product of terms in that letter becomes a Hadamard product, a power an elementwise power, and a bare
number a multiple of the all-ones array.
"""

from functools import cache

from mdderive.engine.normal import normal
from mdderive.latex.elaborate import read
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding, MdderiveBug, Refusal
from mdderive.model.expr import Expr, leaf, make, num, power_named, rebuilt, sym
from mdderive.model.functions import FUNCTIONS
from mdderive.model.shapes import SCALAR
from mdderive.model.source import Span
from mdderive.model.terms import heavier

TAU = sym(r"\tau", SCALAR)
ENTRYWISE = frozenset({"add", "fn"})
MAX_WEIGHT = 20_000


@cache
def _statement(name: str) -> Expr:
    context = Context(symbols={TAU.name: Symbol(TAU.name, SCALAR)})
    read_back = read(FUNCTIONS[name].derivative, context)
    if isinstance(read_back, Finding):
        raise MdderiveBug(f"derivative of {name}: {read_back.message()}")
    return normal(read_back)


def function_derivative(name: str, argument: Expr) -> Expr:
    """Return the derivative of the function `name` at `argument`, entry by entry; an unknown function gets a prime."""
    if name not in FUNCTIONS:
        return make("fn", argument, name=name + "'")
    if not FUNCTIONS[name].derivative:
        raise Refusal(Finding("DRV405", argument.span or Span(0, 0), {"operator": f"fn {name}"}))
    return normal(lift(_statement(name), argument))


def derivative_of_matrix(name: str, x: Expr) -> Expr:
    """Return the derivative of the function `name`, or of a power, as a function of a square matrix."""
    exponent = power_named(name)
    if exponent is not None:
        return make("mul", num(exponent), make("mfn", x, name=str(exponent - 1)))
    if name not in FUNCTIONS:
        return make("mfn", x, name=name + "'")
    if not FUNCTIONS[name].derivative:
        raise Refusal(Finding("DRV405", x.span or Span(0, 0), {"operator": f"mfn {name}"}))
    return normal(of_matrix(_statement(name), x))


def of_matrix(e: Expr, x: Expr) -> Expr:
    """Return the scalar tree `e` in tau as a function of a square matrix: a number is a multiple of the identity."""
    if e == TAU:
        return x
    if TAU not in e.walk():
        return make("mul", e, leaf("identity", x.shape))
    if e.op == "mul":
        return make("mul", *(of_matrix(a, x) if TAU in a.walk() else a for a in e.args))
    if e.op == "fn":
        inner = of_matrix(e.args[0], x)
        return make("mfn", inner, name="1/2" if e.name == "sqrt" else e.name)
    if e.op == "pow" and TAU not in e.args[1].walk():
        return make("pow", of_matrix(e.args[0], x), e.args[1])
    if e.op != "add":
        raise Refusal(Finding("DRV405", x.span or Span(0, 0), {"operator": e.op}))
    return rebuilt(e, tuple(of_matrix(a, x) for a in e.args))


def lift(e: Expr, argument: Expr, letter: Expr = TAU) -> Expr:
    """Return the scalar tree `e` in `letter` at every entry of `argument`."""
    if e == letter:
        return argument
    if argument.scalar:
        return rebuilt(e, tuple(lift(a, argument, letter) for a in e.args))
    if letter not in e.walk():
        return make("mul", e, leaf("ones", argument.shape))
    if e.op == "mul":
        free = [a for a in e.args if letter not in a.walk()]
        bound = [lift(a, argument, letter) for a in e.args if letter in a.walk()]
        entries = bound[0] if len(bound) == 1 else make("had", *bound)
        return make("mul", *free, entries) if free else entries
    if e.op == "pow" and letter not in e.args[1].walk():
        return make("hpow", lift(e.args[0], argument, letter), e.args[1])
    if e.op not in ENTRYWISE:
        raise Refusal(Finding("DRV405", argument.span or Span(0, 0), {"operator": e.op}))
    return rebuilt(e, tuple(lift(a, argument, letter) for a in e.args))


def opened(e: Expr, wrt: str, context: Context) -> Expr:
    """Return `e` with every defined function whose formula depends on the letter `wrt` written out.

    Its derivative by its argument says nothing of how the function itself changes. Raises `Refusal` where a formula cannot be
    written for all entries at once.
    """
    args = tuple(opened(a, wrt, context) for a in e.args)
    e = e if args == e.args or e.op in ("deriv", "hess") else normal(rebuilt(e, args))
    own = context.elementwise.get(e.name.rstrip("'")) if e.op == "fn" else None
    if own is None or own.body is None or not moves(own.body, own.parameter, wrt, context):
        return e
    if own.name != e.name:
        raise Refusal(Finding("DRV405", e.span or Span(0, 0), {"operator": f"fn {e.name}"}))
    body = normal(own.body)
    written = normal(lift(body, e.args[0], sym(own.parameter, SCALAR)))
    if heavier(written, MAX_WEIGHT):
        raise Refusal(Finding("DRV409", e.span or Span(0, 0), {"bound": f"{MAX_WEIGHT} nodes"}))
    return opened(written, wrt, context)


def moves(e: Expr, parameter: str, wrt: str, context: Context) -> bool:
    """Tell whether the formula of a function depends on the letter `wrt` in another way than by its parameter."""
    still: set[str] = set()  # the names that were looked into

    def first(name: str) -> bool:
        known = name in still
        still.add(name)
        return not known

    def inside(e: Expr, parameter: str) -> bool:
        if e.op == "sym":
            defined = context.definitions.get(e.name)
            known = e.name in ("", parameter) or (e.name != wrt and (defined is None or not first(e.name)))
            return not known and (e.name == wrt or (defined is not None and inside(defined, "")))
        own = context.elementwise.get(e.name.rstrip("'")) if e.op == "fn" else None
        if own is not None and own.body is not None and first(own.name) and inside(own.body, own.parameter):
            return True
        return any(inside(a, parameter) for a in e.args)

    return inside(e, parameter)
