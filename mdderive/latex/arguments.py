r"""Arguments behind a function that a note defines of letters, or behind its derivative: `f(x_0, y_0)`, `h(x_i)`."""

from collections.abc import Sequence

from mdderive.latex.parser import Parser
from mdderive.latex.syntax import Derivative, Indexed, Letter, SecondDerivative, Standing, Syntax, walk
from mdderive.model.diagnostics import Finding, Refusal

MOST_ARGUMENTS = 8


def at_arguments(p: Parser, of: Syntax, name: str) -> Syntax:
    """Return what stands before arguments, at the values that they give to those that the note defines the function with.

    Of one argument those are samples, `h(x_i)`; behind a derivative it may be a factor, unless it is what the derivative is by.
    """
    own, start, here = p.names.arguments.get(name, ()), of.span.start, p.at
    if p.names.strict or p.token.text != "(" or not (own or _by(of)):
        return of
    try:
        values = p.listed(p.take(), ")", MOST_ARGUMENTS)
    except Refusal:
        if isinstance(of, Letter):
            raise
        values = ()
    given = [v.name if isinstance(v, Letter) else "" for v in values]
    if (own and tuple(given) == own) or (given and all(given) and {*_by(of)} <= {*given} and bool(_by(of))):
        return of
    match values:
        case [Indexed((Letter(name=base),)) as sample] if own == (base,) and isinstance(of, Letter):
            return Standing((of, Letter(of.span, base), sample), p.since(start))
    if len(values) < 2:
        p.go(here)
        return of
    if len(values) != len(own) or _mixed(own, values):
        raise Refusal(Finding("DRV231", p.since(start), {"construct": "a function of several arguments"}))
    for letter, value, said in zip(own, values, given, strict=True):
        of = of if letter == said else Standing((of, Letter(of.span, letter), value), p.since(start))
    return of


def _by(of: Syntax) -> list[str]:
    """Return the letters that a node differentiates by."""
    match of:
        case Derivative((_, Letter(name=name))) | Indexed((Derivative((_, Letter(name=name))),)):
            return [name]
        case SecondDerivative(args=(_, *letters)):
            return [n.name for n in letters if isinstance(n, Letter)]
    return []


def _mixed(own: Sequence[str], values: Sequence[Syntax]) -> bool:
    """Tell whether a value speaks of another argument, which would be replaced in its turn."""
    inner = [{n.name for n in walk(v) if isinstance(n, Letter)} for v in values]
    return any(names & ({*own} - {letter}) for letter, names in zip(own, inner, strict=True))
