"""What is known of letters before a formula is read: what is declared, and what an undeclared one is taken for."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from mdderive.latex.notation import INDICES, LOWER_GREEK
from mdderive.model.conjugation import over_complex
from mdderive.model.context import Context

Letter = Literal["scalar", "column", "matrix"]


@dataclass(frozen=True, slots=True)
class Names:
    """Letters that are declared as symbols, and those that are functions; `strict` refuses other letters before a bracket.

    `moving` are the letters declared as functions of a scalar, `x(t)`, with that scalar; `valued` those that a formula
    defines, with the letters that they are made of, `f(X)` is f, and `called` those of them that are defined as `f(X)`, which
    no bracket multiplies; `indices` are letters that number entries beside the usual ones; `families` are letters of which so
    many indices make one of many; `densities` are names applied to something under a condition, `p(x | y)`; `conjugates` tells
    whether there are complex letters.
    """

    symbols: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    strict: bool = False
    moving: Mapping[str, str] = field(default_factory=dict)
    valued: Mapping[str, frozenset[str]] = field(default_factory=dict)
    called: frozenset[str] = frozenset()
    indices: frozenset[str] = frozenset()
    families: Mapping[str, int] = field(default_factory=dict)
    densities: frozenset[str] = frozenset()
    arguments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    conjugates: bool = False

    def beside(self, letters: frozenset[str], indices: frozenset[str], factors: frozenset[str]) -> "Names":
        """Return these names with more letters, other indices, and without the functions that are factors where they stand."""
        return replace(self, symbols=self.symbols | letters, indices=indices, functions=self.functions - factors)


NO_NAMES = Names()
_MEMBER = re.compile(r"_(?:[ijkl]|\{[ijkl]\})$")
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
        conjugates=over_complex(context),
        families={letter: len(s.family.indices) for letter, s in families.items() if s.family is not None},
    )


@dataclass(frozen=True, slots=True)
class Letters:
    """How letters without a declaration are read; `lookalikes` refuses one that differs from a declared one in case or font.

    A bare 1 beside a column or matrix is read as ones; `spread` reads any bare number beside a column, or beside elementwise
    functions of a matrix, as that number in every entry;
    `members` are names with an index that are letters of their own, for every value of it.
    """

    lookalikes: bool = True
    scalars: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    spread: bool = False
    members: frozenset[str] = frozenset()

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


def numbering(name: str) -> tuple[str, tuple[str, ...]]:
    """Return the letter and the indices of a numbered name, `x_i`, `r_{ik}` or `r_{i,k}`; nothing where it has none."""
    letter, _, below = name.rpartition("_")
    indices = tuple(below.strip("{}").replace(",", ""))
    one_of_many = letter and len(indices) in (1, 2) and len({*indices}) == len(indices) and all(i.isalpha() for i in indices)
    return (letter, indices) if one_of_many else ("", ())


def members(names: Iterable[str]) -> frozenset[str]:
    """Return the names with one index, `x_i`, of which the letter itself is not among the names."""
    names = frozenset(names)
    return frozenset(n for n in names if _MEMBER.search(n) and n.rpartition("_")[0] not in names)


def square_of(name: str) -> str:
    r"""Return the name of the square of a lower-case letter, which may be one of its own, `\sigma^2`; nothing for another."""
    core = base_letter(name)
    return f"{name}^2" if "^" not in name and core not in OWN_MEANING | {"i"} and core.lstrip("\\")[:1].islower() else ""


def root_of(name: str) -> str:
    r"""Return the letter whose square a name spells, the `\sigma` of `\sigma^2`; nothing for another name."""
    root = name.removesuffix("^2")
    return root if root != name else ""


def stem(name: str) -> str:
    """Return the letter without subscript, with its font and accent."""
    return name.partition("_")[0]


def base_letter(name: str) -> str:
    """Return the letter without font, accent and subscript."""
    core = name.split("_", 1)[0]
    styled = re.fullmatch(r"\\[A-Za-z]+\{(.*)\}", core)
    return base_letter(styled.group(1)) if styled else core


def written_with(letters: Container[str], names: Iterable[str]) -> frozenset[str]:
    """Return the names that are some letter, whatever its font, accent and subscript."""
    return frozenset(name for name in names if base_letter(name) in letters)
