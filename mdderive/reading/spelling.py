"""What was read as the note may say it: letters spelled as they are there, and the declarations that it lacks."""

from collections.abc import Callable
from dataclasses import replace

from mdderive.model.context import Context, Premise
from mdderive.model.expr import Expr, rebuilt, sym
from mdderive.model.shapes import ONE
from mdderive.reading.arbitrary import UNKNOWN
from mdderive.reading.readings import Read


def spelled(found: Read, name: Callable[[str], str]) -> Read:
    """Return a reading whose letters have the names that `name` gives them."""
    varying = None if found.varying is None else frozenset(map(name, found.varying))
    sides = tuple(side and _tree(side, name) for side in found.sides)
    return replace(found, sides=sides, context=_context(found.context, name), varying=varying)


def _tree(e: Expr, name: Callable[[str], str]) -> Expr:
    if e.op == "sym":
        return sym(name(e.name), e.shape, e.span)
    return rebuilt(e, tuple(_tree(arg, name) for arg in e.args)) if e.args else e


def _context(context: Context, name: Callable[[str], str]) -> Context:
    return replace(
        context,
        symbols={name(n): replace(symbol, name=name(n)) for n, symbol in context.symbols.items()},
        definitions={name(n): _tree(value, name) for n, value in context.definitions.items()},
        premises=tuple(Premise(_tree(p.left, name), _tree(p.right, name)) for p in context.premises),
    )


def suggestion(found: Read, prop: str) -> str:
    """Return the declarations of a reading: of all its letters, or with a property, of those that may have it."""
    said = []
    for name, symbol in found.context.symbols.items():
        square = symbol.shape.rows == symbol.shape.cols != ONE
        if name.startswith(UNKNOWN) or name in found.context.definitions or (prop and not square):
            continue
        said.append(f"{name}: {symbol.shape}" + (f", {prop}" if prop else ""))
    return "; ".join(sorted(said))
