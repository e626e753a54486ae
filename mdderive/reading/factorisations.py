"""What the name of a factorisation says of its factors: the SVD `X = U S V^T`, an eigendecomposition, a QR decomposition."""

from collections.abc import Iterable, Iterator, Mapping

from mdderive.latex.notation import EQUALS
from mdderive.latex.syntax import Letter, Product, Syntax, Transpose
from mdderive.reading.chains import Chain
from mdderive.reading.discourse import Reach
from mdderive.reading.facts import Fact
from mdderive.reading.lexicon import pattern

# The properties of the factors, in their order.
FACTORS: Mapping[str, tuple[str, ...]] = {
    "singular-decomposition": ("semi-orthogonal", "diagonal", "semi-orthogonal"),
    "eigendecomposition": ("orthogonal", "diagonal", "orthogonal"),
    "qr-decomposition": ("semi-orthogonal", ""),
}


def factors(chains: Iterable[Chain]) -> Iterator[Fact]:
    """Yield what the words around the formulas of a note say of letters as the factors of a matrix."""
    for chain in chains:
        at = chain.sides[0].span.start
        for relation, side in zip(chain.relations, chain.sides[1:], strict=True):
            meaning, letters = _form(side.syntax) if relation in EQUALS and chain.speaks else ("", ())
            if letters and pattern(meaning).search(f"{chain.words} {chain.after}"):
                said = dict(zip(letters, FACTORS[meaning], strict=True))
                yield from (Fact((name,), says, chain.section, Reach(at), at) for name, says in said.items() if says)


def _form(side: Syntax | None) -> tuple[str, tuple[str, ...]]:
    """Return which factorisation a side has the form of, and its factors."""
    match side:
        case Product((Letter(name=first), Letter(name=second))):
            return "qr-decomposition", (first, second)
        case Product((Letter(name=first), Letter(name=second), Transpose((Letter(name=third),)))):
            return "eigendecomposition" if first == third else "singular-decomposition", (first, second, third)
    return "", ()
