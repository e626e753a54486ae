"""Fractions, and the fractions that are derivatives: `\\frac{\\partial f}{\\partial X}`, `\\frac{d}{dt} …`, `\\nabla_X f`."""

from dataclasses import replace
from itertools import pairwise

from mdderive.latex import syntax
from mdderive.latex.arguments import at_arguments
from mdderive.latex.notation import QUOTIENTS
from mdderive.latex.parser import Parser
from mdderive.latex.scripts import with_scripts
from mdderive.latex.syntax import Syntax
from mdderive.latex.tokens import Token
from mdderive.model.conjugation import conjugate_name
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.source import Span

MOST_VARIABLES = 16
MOST_FACTORS = 6
UPRIGHT = frozenset({r"\mathrm", r"\text", r"\rm", r"\operatorname", r"\mathsf"})
DIFFERENTIALS = UPRIGHT | {"d", r"\partial"}  # what a differential sign begins with


def read_fraction(p: Parser, command: Token) -> Syntax:
    """Read the parts of a fraction, which may be a derivative."""
    start = command.span.start
    if p.token.text == "{" and _at_derivative(p):
        found = _derivative(p, start)
        of = found.args[0].args[0] if isinstance(found, syntax.Indexed) else found.args[0]
        return at_arguments(p, found, of.name) if isinstance(of, syntax.Letter) else found
    top = _part(p)
    return syntax.Over((top, _part(p)), p.since(start))


def read_chain_product(p: Parser, start: int) -> Syntax | None:
    """Read derivatives in brackets that chain, in either order, behind a word for their product; None where there are none."""
    if p.token.text != "(" or p.peek(1).text not in QUOTIENTS:
        return None
    factors = p.listed(p.take(), ")", MOST_FACTORS)
    for chained in (factors, factors[::-1]):
        slopes = len(chained) > 1 and all(isinstance(f, syntax.Derivative) for f in chained)
        if slopes and all(first.args[1] == then.args[0] for first, then in pairwise(chained)):
            return syntax.ChainProduct(chained, p.since(start))
    return None


def _part(p: Parser) -> Syntax:
    """Read `{…}`, or one token, as TeX does."""
    if p.token.text == "{":
        return p.brace()
    token = p.token
    if token.kind == "number" and len(token.text) > 1:
        start = token.span.start
        digits = (Token("number", d, Span(start + i, start + i + 1)) for i, d in enumerate(token.text))
        p.stream = (*p.stream[: p.at], *digits, *p.stream[p.at + 1 :])
        p.go(p.at)
    return p.atom()


def differential_sign(p: Parser, at: int) -> int:
    """Return how many tokens a differential sign takes at a place, 0 where there is none."""
    texts = [token.text for token in p.stream[at : at + 4]]
    if texts[0] == r"\partial" or (texts[0] == "d" and "d" not in p.names.symbols):
        return 1
    if texts[0] not in UPRIGHT:
        return 0
    return 4 if texts[1:] == ["{", "d", "}"] else 2 if texts[1] == "d" else 0


def _at_derivative(p: Parser) -> bool:
    """Tell whether a fraction is a derivative: a differential sign begins the top and the bottom."""
    if not differential_sign(p, p.at + 1):
        return False
    depth = 0
    for at, token in enumerate(p.stream[p.at :], p.at + 1):
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return p.stream[at].text == "{" and bool(differential_sign(p, at + 1))
    return False


def _derivative(p: Parser, start: int) -> Syntax:
    opened = p.take()
    partial = p.token.text == r"\partial"
    p.go(p.at + differential_sign(p, p.at))
    order = _order(p)
    function = None if p.token.text == "}" else p.within(opened, "}")
    if function is None:
        p.take()
    p.expect("{")
    variables: list[Syntax] = []
    while sign := differential_sign(p, p.at):
        p.go(p.at + sign)
        variables.append(_variable(p))
        p.spaces()
    if p.token.text != "}" or not variables:
        p.refuse()
    p.take()
    if function is None:
        function = _all_that_follows(p)
    found = _differentiated_by(p, function, variables, order, start)
    return replace(found, how="partial") if partial and isinstance(found, syntax.Derivative) and not found.how else found


def _all_that_follows(p: Parser) -> Syntax:
    """Read the product that a derivative takes; a value of the variable behind it is for the derivative."""
    before, p.stands = p.stands, False
    function = p.tensor()
    p.stands = before
    return function


def _order(p: Parser) -> int:
    if p.token.text != "^":
        return 1
    p.take()
    return {"2": 2, "3": 3}.get(p.raw(), 4)


def _variable(p: Parser) -> Syntax:
    x = with_scripts(p, p.brace() if p.token.text == "{" else p.atom())
    return x.args[0] if isinstance(x, syntax.Group) and isinstance(x.args[0], syntax.Letter) else x


def _differentiated_by(p: Parser, function: Syntax, variables: list[Syntax], order: int, start: int) -> Syntax:
    span = p.since(start)
    match order, variables:
        case 1, [syntax.Call((x,), op="vec")]:
            return syntax.Derivative((function, x), span, "vec")
        case 1, [syntax.Transpose((syntax.Call((x,), op="vec"),))]:
            return syntax.Derivative((function, x), span, "vec transposed")
        case 1, [syntax.Letter() | syntax.Member() | syntax.Inverse((syntax.Letter(),)) as x]:
            return syntax.Derivative((function, x), span)
        case 1, [syntax.Star((syntax.Letter(name=name),))] if (bar := conjugate_name(name)) in p.names.symbols:
            return syntax.Derivative((function, syntax.Letter(span, bar)), span)
        case 1, [syntax.Transpose((x,))]:
            return syntax.Derivative((function, x), span, "transposed")
        case 1, [syntax.Indexed((syntax.Letter() as x,), places=places)]:
            return syntax.Indexed((syntax.Derivative((function, x), span, "entry"),), span, places)
        case 2, [
            syntax.Indexed((syntax.Letter() as x,), places=(i,)),
            syntax.Indexed((syntax.Letter() as y,), places=(j,)),
        ] if x == y:
            return syntax.Indexed((syntax.SecondDerivative((function, x), span),), span, (i, j))
        case 2, [syntax.Power((x, _))]:
            return syntax.SecondDerivative((function, x), span)
        case 3, [syntax.Power((syntax.Letter() as x, syntax.Number(digits="3")))]:
            return syntax.Derivative((syntax.SecondDerivative((function, x), span), x), span)
        case 2, [syntax.Letter() as x, second] if x == (
            second.args[0] if isinstance(second, syntax.Transpose | syntax.Power) else second
        ):
            return syntax.SecondDerivative((function, x), span)
        case 2, [syntax.Letter() as x, (syntax.Letter() | syntax.Transpose((syntax.Letter(),))) as y]:
            return syntax.SecondDerivative((function, x, y), span)
    letters = [v.args[0] if isinstance(v, syntax.Transpose | syntax.Power) else v for v in variables]
    if any(isinstance(v, syntax.Member) for v in letters):
        raise Refusal(Finding("DRV254", span, {"name": p.source[letters[0].span.start : letters[0].span.end]}))
    raise Refusal(Finding("DRV214", span))


def _variables(p: Parser) -> Syntax:
    """Read the letter below a nabla, turned or not, or several in braces."""
    if p.token.text != "{":
        return p.atom()
    start = p.token.span.start
    letters = p.listed(p.take(), "}", MOST_VARIABLES)
    return letters[0] if len(letters) == 1 else syntax.Listed(letters, p.since(start))


def _with_its_argument(p: Parser) -> tuple[Syntax, Syntax] | None:
    """Read `f(x)` behind a nabla as f and the letter that it is differentiated by; None where something else stands."""
    here, first = p.at, p.token
    ahead = 1 if first.kind == "letter" or first.text == r"\ell" else 4 if p.peek(1).text == "{" else 0
    name = first.text + "".join(p.peek(i).text for i in range(1, ahead))
    if not ahead or p.peek(ahead).text != "(" or name in p.names.functions or name in p.names.moving:
        return None
    f = syntax.Letter(first.span.join(p.peek(ahead - 1).span), name)
    p.go(here + ahead + 1)
    x = None if p.ends_product(False) else p.atom()
    elsewhere = name in p.names.called and isinstance(x, syntax.Letter) and x.name not in p.names.valued[name]
    if isinstance(x, syntax.Letter) and p.token.text == ")" and not elsewhere:
        p.take()
        return f, x
    p.go(here)
    return None


def read_nabla(p: Parser, command: Token) -> Syntax:
    """Read `\\nabla_X f` or `\\partial_X f`; without a subscript the variable is asked for."""
    start = command.span.start
    variable: Syntax | None = None
    order = 1
    while p.token.text in ("_", "^"):
        if p.take().text == "^":
            order = 2 if p.raw() == "2" else 3
        else:
            variable = _variables(p)
    if order > 2:
        raise Refusal(Finding("DRV214", p.since(start)))
    p.spaces()
    called = None if variable else _with_its_argument(p)
    function, variable = called or (p.tensor() if p.opens_product() else p.factor(), variable or syntax.Ask(p.since(start)))
    before = p.names.strict and isinstance(function, syntax.Transpose) and not p.ends_product(True)
    if p.names.conjugates and isinstance(variable, syntax.Letter) and (bar := conjugate_name(variable.name)) in p.names.symbols:
        if order > 1 or before:
            raise Refusal(Finding("DRV214", p.since(start)))
        return syntax.Derivative((function, syntax.Letter(variable.span, bar)), p.since(start), "conjugate")
    if order == 1 and isinstance(variable, syntax.Transpose) and not before:
        return syntax.Derivative((function, variable.args[0]), p.since(start), "transposed")
    if order == 1:
        return syntax.Derivative((function, variable), p.since(start), "before" if before else "")
    if before:
        raise Refusal(Finding("DRV214", p.since(start)))
    match function:  # the root of a Hessian, or its inverse: nobody differentiates 1/f twice
        case syntax.Inverse() | syntax.Power((_, syntax.Neg() | syntax.Over())) if not p.names.strict:
            hessian = syntax.SecondDerivative((function.args[0], variable), p.since(start))
            return syntax.with_args(function, (hessian, *function.args[1:]))
    return syntax.SecondDerivative((function, variable), p.since(start))
