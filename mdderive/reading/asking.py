"""What a chain of relations asks for by its form: its parts, a goal for each letter, and what a side is that asks."""

from collections.abc import Sequence
from dataclasses import replace

from mdderive.latex import syntax
from mdderive.latex.notation import IMPLIES
from mdderive.latex.syntax import Relations, Syntax


def for_each_letter(chain: Relations) -> tuple[Relations, ...]:
    r"""Return a chain for each letter of `\nabla_{W, b} f = ?`; the chain itself where it asks for no several gradients."""
    match chain.sides:
        case [syntax.Derivative((f, syntax.Listed(letters)), how="") as asked, *rest] if all(
            isinstance(side, syntax.Ask) for side in rest
        ):
            firsts = (replace(asked, args=(f, letter)) for letter in letters)
            return tuple(replace(chain, sides=(first, *rest)) for first in firsts)
    return (chain,)


def between_implications(chain: Relations) -> list[Relations]:
    """Return the parts of a chain between its implications."""
    bounds = [i for i, relation in enumerate(chain.relations) if relation in IMPLIES]
    starts, ends = [0, *(i + 1 for i in bounds)], [*bounds, len(chain.relations)]
    return [Relations(chain.sides[a : b + 1], chain.relations[a:b], chain.beside) for a, b in zip(starts, ends, strict=True)]


def derivative_that_is(side: Syntax) -> Syntax | None:
    """Return the derivative that a side is, perhaps in brackets or transposed."""
    if isinstance(side, syntax.Derivative | syntax.SecondDerivative):
        return side
    return derivative_that_is(side.args[0]) if isinstance(side, syntax.Transpose | syntax.Group) else None


def asks_for_entry(side: Syntax) -> bool:
    """Tell whether a side is the derivative by an entry, `\\partial f / \\partial X_{ij}`."""
    return isinstance(side, syntax.Indexed) and isinstance(side.args[0], syntax.Derivative) and side.args[0].how == "entry"


def asks_for_value(sides: Sequence[Syntax]) -> bool:
    r"""Tell whether a derivative is asked for, or the value of a formula with derivatives in it, `\nabla^2 f \, v = ?`."""
    if len(sides) == 1:
        return derivative_that_is(sides[0]) is not None or asks_for_entry(sides[0])
    asks = len(sides) == 2 and isinstance(sides[1], syntax.Ask) and not syntax.has(sides[0], syntax.Differential)
    return asks and syntax.has(sides[0], *syntax.MOVING, syntax.Standing)


def says_zero(side: Syntax | None) -> bool:
    """Tell whether a side is written as zero."""
    return isinstance(side, syntax.Zero) or (isinstance(side, syntax.Number) and side.digits == "0")
