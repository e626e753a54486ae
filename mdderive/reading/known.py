"""What is known of the letters of a chain where it stands, and what a letter may be of which nothing is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from mdderive.document.blocks import Section
from mdderive.latex.letters import base_letter
from mdderive.latex.notation import LOWER_GREEK
from mdderive.latex.syntax import Letter, Neg, Syntax
from mdderive.model.context import Symbol
from mdderive.model.shapes import ONE, Shape
from mdderive.model.source import NOWHERE
from mdderive.reading.conventions import Statement
from mdderive.reading.facts import NEGATIVE, SIGNS
from mdderive.reading.shown_by_form import Uses

MAX_READ = 80
VARIABLES = frozenset("uvwxyzUVWXYZ")  # letters that people let vary, where nothing else is said
COUNTS = frozenset("NMKTLnmkpqlijrst")
_CAPITAL_SCALARS = frozenset("CDEFGJKLNT")


@dataclass(frozen=True, slots=True)
class Grounds:
    """On what sides are read: where they stand, and how many readings are tried.

    `beside` are other writings of the sides, whose letters are used alike; `premises` are equations that are granted; `change`
    is what the writing of the sides changes in the definitions that they rest on too.
    """

    section: Section
    at: int
    limit: int = MAX_READ
    beside: tuple[Syntax, ...] = ()
    premises: tuple[tuple[Syntax, Syntax], ...] = ()
    change: Callable[[Syntax], Syntax] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the letters of a chain where it stands.

    `symbols` have declared shapes, `kinds` are known without sizes; `definitions` stand behind those they mention, `shapes` are
    what the words say of the letters defined, and `arguments` the one letter that some are a function of; `functions` are
    elementwise, `bodies` are the formulas of some at a parameter; `depends` maps an undefined letter to what it is a
    function of, which is stated of those in `given`, `values` are all of which that is stated, and `partial` letters with an
    argument that others of theirs depend on; `entries` are letters whose entries have definitions;
    `unsure` where a definition may be another's, `past` where it is one of a section that is closed, though the one around
    introduces its letter anew; `stated` where the words state the layout, `usual` is the one where they do not; `varied` is
    what the section around differentiates by, `near` what the formulas nearby do; `loose` are letters whose shape another
    section says, `square` the matrices that are said to be so.
    """

    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, frozenset[str]] = field(default_factory=dict)
    definitions: Mapping[str, Syntax] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    bodies: Mapping[str, tuple[str, Syntax]] = field(default_factory=dict)
    depends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    entries: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    partial: frozenset[tuple[str, str]] = frozenset()
    premises: tuple[tuple[Syntax, Syntax], ...] = ()
    bold: frozenset[str] = frozenset()
    usual: str = "denominator"
    stated: Statement | None = None
    varied: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    square: frozenset[str] = frozenset()
    functions_mode: str = "elementwise"
    unsure: bool = False
    past: bool = False
    apart: bool = False

    @property
    def layout(self) -> str:
        """Return the layout of derivatives that is stated, or else the usual one."""
        return self.stated.layout if self.stated is not None else self.usual

    def rows(self) -> frozenset[str]:
        """Return the letters that are rows by what is said of them."""
        shapes = {**{n: symbol.shape for n, symbol in self.symbols.items()}, **self.shapes}
        return frozenset(n for n, shape in shapes.items() if shape.rows == ONE != shape.cols)


def with_signs(known: Known) -> Known:
    """Return what is known with every letter that is said to be negative as minus a positive one, `|c|`, unless it is defined."""
    given = known.definitions.keys() | known.functions
    said = {n: some.difference(SIGNS) if n in given else some for n, some in known.properties.items()}
    sizes = {n: f"|{n}|" for n, some in said.items() if NEGATIVE in some}
    return replace(
        known,
        symbols={**known.symbols, **{s: replace(known.symbols[n], name=s) for n, s in sizes.items() if n in known.symbols}},
        kinds={**known.kinds, **{s: known.kinds.get(n, "scalar") for n, s in sizes.items()}},
        properties={**said, **{s: frozenset({"positive"}) for s in sizes.values()}},
        definitions={**known.definitions, **{n: Neg((Letter(NOWHERE, s),), NOWHERE) for n, s in sizes.items()}},
    )


def alike(one: str, other: str) -> bool:
    """Tell whether two letters are one letter with different numbers: a_1 and a_2."""
    numbers = [n.removeprefix(base_letter(n)) for n in (one, other)]
    return base_letter(one) == base_letter(other) and all(re.fullmatch(r"_\{?\d\}?", n) for n in numbers)


def kinds_of(name: str, known: Known, uses: Uses) -> tuple[tuple[str, int], ...]:
    """Return what an undeclared letter may be, with costs."""
    if name in known.kinds:
        kind = known.kinds[name]
        return ((kind, 0),) if kind in ("scalar", "matrix", "column") else (("matrix", 0),)
    core = base_letter(name)
    last = core[1:2] if core.startswith("\\") else core[-1:]
    if name in uses.powered and last.islower() and name not in uses.transposed | uses.normed:
        return (("scalar", 0), ("matrix", 4 if core in LOWER_GREEK else 2))
    if name in known.depends or name in known.values:
        if name in uses.square and not core.islower():
            return (("matrix", 0),)
        if name in known.bold and last.islower():
            return (("column", 0), ("scalar", 3), ("matrix", 3))
        if core in VARIABLES and core.isupper():
            return (("matrix", 0), ("scalar", 3), ("column", 3))
        return (("scalar", 0), ("column", 2), ("matrix", 3 if last.islower() else 1))
    if name in uses.square and not core.islower():
        return (("matrix", 0),)
    if name in uses.square and name not in uses.transposed and last.islower():
        return (("scalar", 0), ("matrix", 2))
    if name in uses.matrices:
        return (("matrix", 0),)
    if name in uses.columns:
        return (("column", 0),)
    vectors = known.bold | uses.transposed | uses.normed | uses.tensored | uses.columns
    if re.search(r"_\{?\d", name) and core.islower() and not any(n == name or alike(n, name) for n in vectors):
        return (("scalar", 0), ("column", 1 if len(name.partition("_")[2].strip("{}")) == 1 else 4))
    if name in known.bold:
        return (("matrix", 0), ("column", 3)) if last.isupper() else (("column", 0), ("matrix", 3), ("scalar", 3))
    return _kinds_by_letter(name, core, known, uses)


def _kinds_by_letter(name: str, core: str, known: Known, uses: Uses) -> tuple[tuple[str, int], ...]:
    """Return what a letter may be of which only its alphabet and where it stands say anything."""
    last = core[-1:]
    if core.startswith("\\") and core[1:2].isupper():
        return (("matrix", 0), ("column", 3)) if name in uses.transposed else (("matrix", 0), ("scalar", 2), ("column", 3))
    if core in LOWER_GREEK or core == r"\ell":
        if name in uses.transposed or name in uses.normed:
            return (("column", 0), ("matrix", 4))
        return (("scalar", 0), ("column", 1))
    if last.islower():
        if known.apart and name not in uses.transposed | uses.normed:
            return (("scalar", 0), ("column", 3))
        if name in uses.transposed:
            return (("column", 0), ("matrix", 4))
        if name in uses.scalar:
            return (("scalar", 0), ("column", 3))
        if name in uses.square:
            return (("scalar", 0), ("matrix", 2))
        if core not in COUNTS and uses.turned(name):
            return (("column", 0), ("matrix", 2), ("scalar", 4))
        factor = 3 if name in uses.multiplied | uses.normed | uses.tensored else 1  # nobody writes a number behind a matrix, or ⊗
        count = core in COUNTS and name not in uses.tensored
        first = (("scalar", 0), ("column", 1)) if count else (("column", 0), ("scalar", factor))
        return (*first, ("matrix", 4))
    if name in uses.exponents - uses.scalar:
        return (("matrix", 0), ("scalar", 3))
    if name in uses.scalar:
        return (("scalar", 0), ("matrix", 2))
    if name in uses.transposed:
        return (("matrix", 0), ("column", 2))
    return (("matrix", 0), ("column", 2), *((("scalar", 3),) if core in _CAPITAL_SCALARS else ()))
