r"""Means of what is random, in notes: `\mathbb{E}[X]`, `\mathbb{E}_q(X Y)`, and of what is given, `\mathbb{E}[X \mid y]`."""

from mdderive.latex.notation import BRACKETS
from mdderive.latex.parser import Parser
from mdderive.latex.stand_ins import Density, MeanGiven
from mdderive.latex.symbols import MEAN, read_density
from mdderive.latex.syntax import Mean, Syntax
from mdderive.latex.tokens import Token

_UPRIGHT = frozenset({r"\mathbb", r"\mathrm", r"\mathsf", r"\operatorname", r"\text"})


def read_mean(p: Parser, command: Token) -> Syntax | None:
    """Read a mean, of which the command is taken that its sign begins with; under a condition it is a number of its own."""
    here, below = p.at, ""
    p.raw()
    if p.token.text == "_":
        p.take()
        below = p.raw()
    if command.text not in _UPRIGHT or p.token.text not in BRACKETS:
        p.go(here)
        return None
    given = read_density(p, f"{MEAN}_{{{below}}}" if below else MEAN, command.span.start)
    if isinstance(given, Density):
        return MeanGiven(given.span, given.name, given.of)
    opened = p.take()
    return Mean((p.within(opened, BRACKETS[opened.text]),), p.since(command.span.start), below)
