r"""Partial derivatives where the arguments of a letter depend on each other: ∂L/∂t of L(x, t) holds x fixed, though x = x(t).

Beside the letter there is one in which an argument of another name moves alone: ∂L/∂t is ∂L(x, t°)/∂t° at t° = t.
"""

from collections.abc import Mapping
from dataclasses import replace

from mdderive.latex.syntax import Derivative, Letter, Standing, Syntax, rewritten
from mdderive.model.context import MOVED
from mdderive.reading.known import Known
from mdderive.reading.shown_by_form import renamed


def partials(side: Syntax, known: Known, *, total: bool) -> Syntax:
    r"""Return a side with its partial derivatives written so; with `total`, those of what is no name of a function stay."""

    def change(node: Syntax) -> Syntax:
        match node:
            case Derivative((Letter() as of, Letter() as by), how="partial"):
                name = _value(of, known)
                if (name, by.name) not in known.partial or (total and name == of.name):
                    return node
                moved = replace(by, name=by.name + MOVED)
                inner = replace(node, args=(replace(of, name=name + MOVED + by.name), moved), how="")
                return Standing((inner, moved, by), node.span)
        return node

    return rewritten(side, change) if known.partial else side


def _value(of: Letter, known: Known) -> str:
    """Return the letter that a letter is, or of whose function it is the name."""
    value = known.definitions.get(of.name)
    return value.name if isinstance(value, Letter) else of.name


def beside(known: Known, kinds: Mapping[str, str]) -> tuple[Known, dict[str, str]]:
    """Return what is known, and the kinds of letters, with those in which an argument moves alone."""
    symbols, definitions, depends, more = dict(known.symbols), dict(known.definitions), dict(known.depends), dict(kinds)
    for name, by in sorted(known.partial):
        new, moved = name + MOVED + by, by + MOVED
        if name in definitions:
            definitions[new] = renamed(definitions[name], lambda n, by=by: by + MOVED if n == by else n)  # type: ignore[misc]
        else:
            depends[new] = tuple(moved if a == by else a for a in known.depends[name])
        for letter, old in ((new, name), (moved, by)):
            symbols |= {letter: replace(symbols[old], name=letter)} if old in symbols else {}
            more |= {letter: more[old]} if old in more else {}
    return replace(known, symbols=symbols, definitions=definitions, depends=depends), more
