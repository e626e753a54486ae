"""What an undeclared letter is taken for: by the conventions of notes, or by those of the rule table."""

import re
from dataclasses import dataclass
from typing import Literal

from mdderive.latex.notation import INDICES, LOWER_GREEK

Letter = Literal["scalar", "column", "matrix"]


@dataclass(frozen=True, slots=True)
class Letters:
    """How letters without a declaration are read; `lookalikes` refuses one that differs from a declared one in case or font.

    `spread` also reads a bare number beside a column, or beside elementwise functions of a matrix, as that number in every entry.
    """

    lookalikes: bool = True
    scalars: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    spread: bool = False

    def kind(self, name: str) -> Letter:
        """Return what `name` is taken for: lower Greek a scalar, lower Latin a column, a capital a matrix."""
        core = base_letter(name)
        if name in self.scalars or core in LOWER_GREEK:
            return "scalar"
        return "column" if core.islower() else "matrix"


BY_CONVENTION = Letters()
FOR_RULES = Letters(False, frozenset({"k", "n"}), frozenset({r"\sigma"}), frozenset({"f"}))


def numbers_entries(name: str, declared: frozenset[str]) -> bool:
    """Tell whether a name is spelled as the entries of a declared letter: `x_i`, `C_{ij}`."""
    base, _, subscript = name.partition("_")
    places = subscript.strip("{}").replace(",", "")
    return base in declared and bool(places) and set(places) <= INDICES and len(places) <= 2


def base_letter(name: str) -> str:
    """Return the letter without font, accent and subscript."""
    core = name.split("_", 1)[0]
    styled = re.fullmatch(r"\\[A-Za-z]+\{(.*)\}", core)
    return base_letter(styled.group(1)) if styled else core
