"""The shape-free syntax tree, and what the parser must know about names.

Kinds, with what `text` holds: `number` (digits), `letter` (its name), `ask`, `sum`, `neg`, `product` (positions before which a
thin space stands, a dot: `2.`, or a star: `2*`), `group`, `had` `hdiv` `kron`, `over` (`/` where written so), `transpose` (`T`
for a declared letter), `inverse`, `inverse-transpose`, `adjugate`, `star`, `power`, `hpower`, `call` (operator and name, as in
`fn:exp'`, `tr:`, `letter:\\sigma'`), `bars`, `norm` (subscript), `inner`, `matrix` (its number of rows), `root`, `entry`,
`unit` and `member` (places: `i,j`), `over-index` (`max` or `min` or nothing, indices and last value: `:i,j|n`), `d`,
`derivative` (`transposed` for ∂x^T, `partial` for ∂f/∂x, `entry` by an entry of the variable, `before` where ∇f^T stands before
a factor), `second`, and `identity` `ones` `zero` `commutation` (sizes, as in `m*n,p`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mdderive.model.context import Context
from mdderive.model.source import Span


@dataclass(frozen=True, slots=True)
class Syntax:
    """One node; the span covers its text."""

    kind: str
    args: tuple["Syntax", ...]
    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """`side relation side relation side …`; one side and no relation is an expression.

    `beside` says that it stands under or over a brace of another one.
    """

    sides: tuple[Syntax, ...]
    relations: tuple[str, ...]
    beside: bool = False


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
