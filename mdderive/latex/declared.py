"""What the parser must know of letters: which are declared as symbols, as functions, as families, as indices."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mdderive.model.context import Context


@dataclass(frozen=True, slots=True)
class Names:
    """Letters that are declared as symbols, and those that are functions; `strict` refuses other letters before a bracket.

    `moving` are the letters declared as functions of a scalar, `x(t)`, with that scalar; `indices` are letters that number
    entries beside the usual ones; `families` are letters of which an index makes one of many; `densities` are names applied to
    something under a condition, `p(x | y)`.
    """

    symbols: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    strict: bool = False
    moving: Mapping[str, str] = field(default_factory=dict)
    indices: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    densities: frozenset[str] = frozenset()


NO_NAMES = Names()
# Letters whose own meaning no bound of a sum and no size of I takes away: a differential, a number, a transpose.
OWN_MEANING = frozenset("deIKtT")


def names_of(context: Context) -> Names:
    """Return the names a context declares."""
    families = context.families()
    letters = context.symbols.keys() - {s.name for s in families.values()}
    return Names(
        frozenset(letters | context.definitions.keys() | context.lengths() | (context.sizes - OWN_MEANING)),
        frozenset(context.elementwise.keys() | context.unknown.keys()),
        strict=True,
        moving={name: symbol.along for name, symbol in context.symbols.items() if symbol.along},
        indices=context.indices,
        families=frozenset(families),
    )
