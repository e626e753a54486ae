"""What the name of a factorisation says of its factors: the SVD `X = U S V^T`, an eigendecomposition, a QR decomposition."""

from collections.abc import Iterable, Iterator, Mapping

from mdderive.latex.notation import EQUALS
from mdderive.latex.syntax import Letter, Product, Syntax, Transpose
from mdderive.reading.chains import Chain
from mdderive.reading.discourse import Reach
from mdderive.reading.facts import Fact
from mdderive.reading.lexicon import pattern

END = 10**9
# The properties of the factors, in their order.
FACTORS: Mapping[str, tuple[str, ...]] = {
    "singular-decomposition": ("semi-orthogonal", "diagonal", "semi-orthogonal"),
    "eigendecomposition": ("orthogonal", "diagonal", "orthogonal"),
    "qr-decomposition": ("semi-orthogonal", ""),
}


def factors(chains: Iterable[Chain]) -> Iterator[Fact]:
    """Yield what the words around the formulas of a note say of letters as the factors of a matrix."""
    for chain in chains:
        words = f"{chain.words} {chain.after}"
        named = [said for meaning, said in FACTORS.items() if pattern(meaning).search(words)]
        if not named or not chain.speaks:
            continue
        at = chain.sides[0].span.start
        for relation, side in zip(chain.relations, chain.sides[1:], strict=True):
            found = _letters(side.syntax) if relation in EQUALS and side.syntax is not None else ()
            said = next((said for said in named if len(said) == len(found)), ())
            symmetric = len(found) == 3 and found[0] == found[2]
            if not said or (symmetric != (said[0] == "orthogonal") and len(said) == 3):
                continue
            for name, says in dict(zip(found, said, strict=True)).items():
                if says:
                    yield Fact((name,), says, chain.section, Reach(at, END), at)


def _letters(side: Syntax) -> tuple[str, ...]:
    """Return the letters of a product that may be a factorisation: two, or three of which the last is transposed."""
    match side:
        case Product((Letter(name=first), Letter(name=second))):
            return first, second
        case Product((Letter(name=first), Letter(name=second), Transpose((Letter(name=third),)))):
            return first, second, third
    return ()
