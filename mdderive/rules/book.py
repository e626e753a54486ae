"""Everything that has a name: rules, the derivatives of functions, lemmas, and the definitions that `PROOFS` rest on."""

from collections.abc import Mapping

from mdderive.rules import proofs, tidy
from mdderive.rules.definitions import DEFINITIONS, LEMMAS
from mdderive.rules.laws import RULES
from mdderive.rules.proofs import MOVES, Given, Proof, ProofLine
from mdderive.rules.slopes import BY_DEFINITION, MEANINGS, SLOPES
from mdderive.rules.statement import Rule

__all__ = [
    "BOOK",
    "DEFINED",
    "LEMMAS",
    "MOVES",
    "PROOFS",
    "PROVED",
    "RULES",
    "SECTIONS",
    "SLOPES",
    "Given",
    "Proof",
    "ProofLine",
    "Rule",
]

PROVED: tuple[Rule, ...] = (*RULES, *SLOPES, *LEMMAS)
DEFINED: tuple[Rule, ...] = (*DEFINITIONS, *MEANINGS)
BOOK: tuple[Rule, ...] = (*PROVED, *DEFINED)
PROOFS: Mapping[str, Proof | Given] = {
    **{rule.name: BY_DEFINITION for rule in SLOPES},
    **{rule.name: proofs.BY_PARTS for rule in tidy.DIRECTIONS},
    **proofs.PROOFS,
}
SECTIONS: Mapping[str, tuple[Rule, ...]] = {"rules": RULES, "slopes": SLOPES, "lemmas": LEMMAS, "definitions": DEFINED}
