"""What is known at a place of a note: clues of its section and those around it, definitions above it, uses of its letters."""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from mdderive.document.blocks import Section
from mdderive.latex.letters import base_letter, stem
from mdderive.latex.notation import PAIRED_INDICES
from mdderive.latex.stand_ins import Columns
from mdderive.latex.syntax import Call, Hadamard, Indexed, Matrix, Syntax, has, walk
from mdderive.model.context import Symbol
from mdderive.model.properties import DECLARED
from mdderive.model.shapes import SCALAR, Shape
from mdderive.reading.chains import Chain, Note
from mdderive.reading.collecting import Placed
from mdderive.reading.conventions import in_force
from mdderive.reading.defined import Defined, effective, stepped, taken_up
from mdderive.reading.dependence import AHEAD, Dependences
from mdderive.reading.facts import SIGNS, Fact
from mdderive.reading.graph import Graph, between, graph
from mdderive.reading.known import Grounds, Known, with_signs
from mdderive.reading.shown_by_form import BOLD, Uses, is_number, letters, merged, upper_limits
from mdderive.reading.tables import entry_name, rows, table_of_names

NEAR = 150
MOST_MIXED = 2  # formulas with a letter in two fonts, up to which they are one letter
MAX_DEFINITIONS = 12


@dataclass
class Surroundings:
    """Grows as a note is judged; `fonts` tells whether fonts are taken off."""

    note: Note
    layout: str
    functions: str
    definitions: list[Defined] = field(default_factory=list)
    announced: list[Defined] = field(default_factory=list)  # the definitions of the whole note, before it is judged
    varied: frozenset[str] = frozenset()
    constants: list[tuple[str, Section]] = field(default_factory=list)
    bold: frozenset[str] = frozenset()  # where the note stands, and anywhere
    bolds: frozenset[str] = frozenset()
    apart: bool = False
    capitals: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()
    by_name: dict[str, list[Placed]] = field(default_factory=dict)
    dependences: Dependences = field(default_factory=Dependences)
    spellings: dict[str, str] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)  # what is written with its entries beside each other
    moving: list[tuple[Section, int, frozenset[str]]] = field(default_factory=list)  # what each chain differentiates by
    taken_up: dict[Section, frozenset[str]] = field(default_factory=dict)  # what closed sections define for another

    def __post_init__(self) -> None:
        used = [{n for s in c.sides if s.syntax for n in letters(s.syntax)} for c in self.note.chains]
        whole = [{n for s in c.sides if s.syntax for n in letters(s.syntax, entries=False)} for c in self.note.chains]
        self.apart = sum(any(merged(n) != n and merged(n) in own for n in own) for own in whole) > MOST_MIXED
        names = set().union(*used)
        trees = [s.syntax for c in self.note.chains for s in c.sides if s.syntax]
        self.varied = frozenset(map(self.name, Uses.of(trees).moving))
        self.counts = frozenset(self.name(n) for tree in trees for n in upper_limits(tree))
        self.capitals = frozenset(n for n in map(self.name, names) if n.isupper())
        spellings: dict[str, set[str]] = {}
        for n in names:
            spellings.setdefault(self.name(n), set()).add(n)
        self.spellings = {n: min(own) for n, own in spellings.items() if len(own) == 1}
        self.bolds = self.bold = frozenset(self.name(n) for n in names if BOLD.match(n))
        for chain in self.note.chains:
            by = self._moving(chain)
            self.moving += [(chain.section, chain.sides[-1].span.start, by)] if by else []
        written = (n for c in self.note.chains for n in rows(s.syntax for s in c.sides))
        self.rows = {self.name(n) for n in (*written, *(p.clue.name for p in self.note.clues if p.clue.row))}
        for placed in self.note.clues:
            self.by_name.setdefault(self.name(placed.clue.name), []).append(placed)
        entrywise = {n for tree in trees if _by_entries(tree) for n in Uses.of([tree]).primed} | self.note.functions
        self.dependences = Dependences([d.renamed(self.name) for d in self.note.depends if d.function not in entrywise])

    def _moving(self, chain: Chain) -> frozenset[str]:
        """Return what a chain differentiates by, and what its last side has the differential of."""
        trees = [side.syntax for side in chain.sides if side.syntax is not None]
        uses = Uses.of(trees)
        last = Uses.of(trees[-1:] if len(chain.sides) > 1 and chain.sides[-1].syntax is not None else [])
        return frozenset(map(self.name, (uses.variables | last.moved) - {""}))

    def varying(self, section: Section, at: int, reach: int = sys.maxsize) -> frozenset[str]:
        """Return what the other formulas of a section differentiate by that are not farther away than a reach."""
        own = [(place, names) for other, place, names in self.moving if other == section and place != at]
        return frozenset(n for place, names in own if abs(place - at) <= reach for n in names)

    def name(self, name: str) -> str:
        """Return a letter as this note tells letters apart: without its font, unless fonts are used apart."""
        return name if self.apart else merged(name)

    def write(self, chain: Chain) -> None:
        """Heed the fonts of a chain: what it writes plain is not bold there, whatever it is elsewhere."""
        own = {n for s in chain.sides if s.syntax is not None for n in letters(s.syntax)}
        self.bold = self.bolds - ({n for n in own if merged(n) == n} - {self.name(n) for n in own if BOLD.match(n)})

    @property
    def plain(self) -> frozenset[str]:
        """Return the letters that are plain in the chain at hand and bold elsewhere: what is said may be said of others."""
        return self.bolds - self.bold

    def spelling(self, name: str) -> str:
        """Return how this note spells a letter; as it is told apart where it spells it in several ways."""
        return self.spellings.get(name, name)

    def said(self, name: str, section: Section, at: int) -> list[Placed]:
        """Return the clues on a letter that are in force at a place, the one that counts most last."""
        every = self.by_name.get(name, ())
        found = [p for p in every if p.section == section[: len(p.section)]]
        if every and not found and name in self._taken_up(section):
            return [p for p in every if p.at <= at]
        found = [p for p in found if not p.clue.supposed or p.at <= at <= min(p.at + NEAR, p.until)]
        before = [p for p in found if p.at <= at]
        after = [p for p in found if at < p.at <= at + AHEAD and p.section == section and not p.opens]
        of = [p for p in after if p.of <= at and not any(p.of <= b.at for b in before)]
        return [*(p for p in after[::-1] if p not in of), *before, *of[::-1]]

    def _properties(self, name: str, said: Sequence[Placed], section: Section, at: int) -> frozenset[str]:
        """Return the properties of a letter at a place that it is drawn by: by declarations and by what is said of it."""
        told = {f.says in SIGNS or f.says: f.says for f in self.facts(section, at) if f.names == (name,)}  # the last sign
        said_in_words = {says for says in told.values() if says in DECLARED or says in SIGNS}
        return frozenset(p for c in said[-4:] for p in c.clue.properties) | said_in_words

    def facts(self, section: Section, at: int) -> list[Fact]:
        """Return what sentences say of letters that is in force at a place, with the letters as they are told apart."""
        return [f for f in self._told(self.note.facts, section, at) if not self.note.over(f, section, at)]

    def predicates(self, section: Section, at: int) -> list[Fact]:
        """Return what may bear on letters at a place: unknown words that are said of them, and properties that may have ended."""
        over = (f for f in self.note.facts if self.note.over(f, section, at))
        return self._told((*self.note.predicates, *over), section, at)

    def _told(self, facts: Iterable[Fact], section: Section, at: int) -> list[Fact]:
        found = [f for f in facts if f.section == section[: len(f.section)] and f.reach.start <= at <= f.reach.end]
        told = [replace(f, names=tuple(map(self.name, f.names))) for f in found]
        return [f for f in told if not self.released(f.reach.start, frozenset(f.names), section, at)]

    def released(self, start: int, names: frozenset[str], section: Section, at: int) -> bool:
        """Tell whether what was said of some letters from `start` on was taken back before a place."""
        return any(
            replace(r, names=frozenset(map(self.name, r.names))).ends(start, names, section, at) for r in self.note.released
        )

    def arbitrary(self, section: Section, at: int) -> set[str]:
        """Return the letters that are said to be arbitrary in the section of a place before it."""
        return {self.name(n) for r in self.note.released if r.ends(-1, r.names, section, at) for n in r.names}

    def introduced(self, name: str, section: Section, at: int) -> bool:
        """Tell whether the kind or the shape of a letter is stated at a place."""
        return any(p.clue.kind or p.clue.shape is not None for p in self.said(name, section, at))

    def shaped(self, name: str, section: Section, at: int) -> bool:
        """Tell whether the shape of a letter is stated at a place."""
        return any(p.clue.shape is not None for p in self.said(name, section, at))

    def past(self, names: Iterable[str], section: Section, at: int) -> frozenset[str]:
        """Return those of some letters that only a closed section defines, and whose kind or shape this section says itself."""
        defined = {name: found for name in names if (found := self.defined(name, section, at))}
        closed = {n for n, found in defined.items() if not any(d.section == section[: len(d.section)] for d in found)}
        return frozenset(
            name
            for name in closed
            if any(p.section == section and (p.clue.kind or p.clue.shape is not None) for p in self.said(name, section, at))
        )

    def defined(self, name: str, section: Section, at: int, before: bool = False) -> list[Defined]:
        """Return the definitions of a letter in force at a place, the latest last.

        What a section says a letter is a function of, no closed one defines. A number beside a formula is an example.
        """
        found = effective([d for d in self.definitions if d.name == name and not d.parameter], section, at, before)
        found = found if found or before else stepped(name, self.definitions, section, at)
        found = [d for d in found if not is_number(d.value)] or found
        found = [d for d in found if not self.released(d.at, frozenset({name}), section, at)]
        anew = found and self.dependences.of(name, section, at) is not None
        return [d for d in found if d.section == section[: len(d.section)]] if anew else found

    def at_several(self, name: str, section: Section, at: int, spoken: Set[str]) -> bool:
        """Tell whether a function is defined by its values at several arguments, and others than the last are `spoken` of."""
        found = [args for d in self.defined(name, section, at, before=True) if (args := self.dependences.at(name, d.at))]
        return any({*args} & spoken - {*found[-1]} or not {*found[-1]} & spoken for args in {*found} - {*found[-1:]})

    def value(self, name: str, section: Section, at: int, *, ahead: bool = False) -> Syntax | None:
        """Return what a letter is by the latest definition, or as the name of a function; with `ahead` also by those below."""
        found = self.defined(name, section, at)
        named = self.dependences.value(name, section, at)
        if named is not None and not any(d.section == section[: len(d.section)] for d in found):
            return named
        found = found or (self.ahead(name, section, at) if ahead else [])
        return found[-1].value if found else None

    def body(self, name: str, section: Section, at: int) -> Defined | None:
        """Return the formula that defines an elementwise function at a place."""
        found = effective([d for d in self.definitions if d.name == name and d.parameter], section, at, False)
        return found[-1] if found else None

    def vectors(self, names: Iterable[str], section: Section, at: int) -> set[str]:
        """Return the letters whose numbers tell vectors apart: in the definitions of some names, or as their words have it."""
        wanted = {*names}
        values = [found[-1].value for name in wanted if (found := self.defined(name, section, at))]
        told = (name for name in wanted if any(self._column(f"{name}_{i}", section, at) for i in PAIRED_INDICES))
        return {n.of for value in values for n in walk(value) if isinstance(n, Columns)} | {*told}

    def _column(self, name: str, section: Section, at: int) -> bool:
        """Tell whether a letter is said to be a column at a place."""
        return name in self.by_name and any(p.clue.kind == "column" for p in self.said(name, section, at)[-1:])

    def mentioned(self, names: Iterable[str], section: Section, at: int) -> set[str]:
        """Return the letters of the definitions of some names."""
        return {n for name in names if (found := self.defined(name, section, at)) for n in letters(found[-1].value)}

    def tables(self, at: int) -> dict[str, Matrix]:
        """Return the letters whose entries are named above a place, each with its latest table, in their order."""
        found: dict[str, Matrix] = {}
        for d in self.definitions:
            table = table_of_names(d.value) if d.at < at and not d.parameter else None
            if table is not None and not has(table, Indexed) and all(base_letter(entry_name(e)).islower() for e in table.args):
                found.pop(d.name, None)
                found[d.name] = table
        return found

    def ahead(self, name: str, section: Section, at: int) -> list[Defined]:
        """Return the definition of a letter that stands below a place: soon in its section, or the only one of the note.

        What a note differentiates by, or speaks of as given or unknown, it may also solve for: that is no definition.
        """
        if name in self.varied or self.by_name.get(name):
            return []
        found = [d for d in self.announced if d.name == name and d.at > at]
        near = [d for d in found if d.at <= at + AHEAD and d.section == section]
        return near[:1] or (found if len(found) == 1 else [])

    def resting_on(self, names: Collection[str], section: Section, at: int) -> set[str]:
        """Return some letters with all those that their definitions rest on."""
        definitions = self._definitions(names, section, at, frozenset(), ahead=False)
        return {*names, *definitions}.union(*(letters(value) for value in definitions.values()))

    def doubt(self, placed: Placed) -> None:
        """Leave out what the words say and the formulas contradict."""
        name = self.name(placed.clue.name)
        self.by_name[name] = [p for p in self.by_name[name] if p is not placed]

    def forget(self, name: str) -> None:
        """Leave a name without a definition: it has one that could not be read."""
        self.definitions = [d for d in self.definitions if d.name != name]

    def known(
        self, names: Iterable[str], uses: Uses, grounds: Grounds, skip: frozenset[str] = frozenset(), *, ahead: bool = False
    ) -> Known:
        """Return what is known of some letters, with the definitions they rest on; with `ahead` those below too."""
        section, at = grounds.section, grounds.at
        every = self._definitions([*names, *self._between(names, uses, grounds)], section, at, skip, ahead).items()
        definitions = {n: v for n, v in every if n not in uses.moving or any(letters(v))}  # a value at a point moves nowhere
        everything = {*names}.union(*map(letters, definitions.values()))
        depends = self._graph(uses, definitions, everything, grounds)
        everything |= {n for args in depends.arguments.values() for n in args}
        clues = {name: self.said(name, section, at) for name in sorted(everything - definitions.keys())}
        functions = _functions(clues) | {r"\sigma"} & everything | uses.primed - definitions.keys()
        functions |= uses.applied & self.note.functions
        symbols, kinds = self._shapes({name: said for name, said in clues.items() if name not in functions}, at)
        symbols = {n: s for n, s in symbols.items() if s.shape != SCALAR or n not in uses.transposed}  # no number is
        kinds = {n: kind for n, kind in kinds.items() if kind != "scalar" or n not in uses.transposed}
        counts = sorted(everything & uses.counts.keys() - definitions.keys() - _sizes(symbols))
        return with_signs(
            Known(
                symbols=symbols,
                kinds=kinds,
                properties={name: self._properties(name, said, section, at) for name, said in clues.items()},
                definitions={**{n: uses.counts[n] for n in counts}, **definitions},
                shapes={n: s.shape for n, s in self._shapes({n: self.said(n, section, at) for n in definitions}, at)[0].items()},
                arguments={n: args[0] for n in definitions if len(args := self.dependences.arguments(n, section, at)) == 1},
                functions=frozenset(functions),
                bodies={n: (found.parameter, found.value) for n in functions if (found := self.body(n, section, at)) is not None},
                depends=depends.arguments,
                given=depends.given,
                entries=frozenset(stem(d.name) for d in self.definitions if stem(d.name) != d.name),
                partial=depends.partial,
                values=frozenset(n for n in everything if self.dependences.arguments(n, section, at)),
                bold=self.bold,
                usual=self.layout,
                stated=in_force(self.note.layouts, section, at),
                varied=self.varying(section, at),
                near=self.varying(section, at, NEAR),
                loose=frozenset(n for n in symbols if clues[n][-1].section != section and n not in self._taken_up(section)),
                square=frozenset(name for name, said in clues.items() if any(c.clue.square for c in said)),
                functions_mode=self.functions,
                unsure=any(self._guessed(name, section, at) for name in definitions),
                apart=self.apart,
            )
        )

    def _shapes(self, clues: Mapping[str, list[Placed]], at: int) -> tuple[dict[str, Symbol], dict[str, str]]:
        """Return the letters whose shape is said, without those that are sizes, and the kinds of others."""
        entries = {
            entry_name(e) for table in self.tables(at).values() for e in table.args if table.rows > 1 and "," in entry_name(e)
        }
        symbols: dict[str, Symbol] = {}
        kinds = {name: "scalar" for name, said in clues.items() if name in entries or (name in self.counts and not said)}
        for name, said in clues.items():
            shaped = [c.clue for c in said if c.clue.shape is not None and not self._of_matrices(c.clue.shape)]
            kind = next((c.clue.kind for c in reversed(said) if c.clue.kind), "")
            if shaped and shaped[-1].kind == kind and shaped[-1].shape is not None:
                symbols[name] = Symbol(name, shaped[-1].shape, span=shaped[-1].span)
            elif kind:
                kinds[name] = kind
        sizes = _sizes(symbols)
        return {name: symbol for name, symbol in symbols.items() if name not in sizes}, kinds

    def _of_matrices(self, shape: Shape) -> bool:
        r"""Tell whether the sizes of a shape are called vectors or matrices: a product $W \times H$ says no size, nor do two."""
        sizes = {n for size in shape for n in size.letters}
        return any(p.clue.kind in ("matrix", "column") for n in sizes for p in self.by_name.get(n, ()))

    def _guessed(self, name: str, section: Section, at: int) -> bool:
        """Tell whether a definition is read with doubt, or stands in a section that is closed."""
        found = self.defined(name, section, at)
        if self.dependences.value(name, section, at) == self.value(name, section, at) is not None:
            return False
        if not found:
            return True
        latest = found[-1]
        closed = latest.section != section[: len(latest.section)]
        return closed and name not in self._taken_up(section) if closed or not latest.unsure else True

    def _taken_up(self, section: Section) -> frozenset[str]:
        """Return the letters of closed sections that a section goes on with."""
        if section not in self.taken_up:
            here = {n for c in self.note.chains if c.section == section for s in c.sides if s.syntax for n in letters(s.syntax)}
            self.taken_up[section] = taken_up(section, {*map(self.name, here)}, self.announced, self.by_name)
        return self.taken_up[section]

    def _definitions(
        self, names: Iterable[str], section: Section, at: int, skip: frozenset[str], ahead: bool
    ) -> dict[str, Syntax]:
        """Return the definitions that some letters rest on, each behind those it mentions."""
        out: dict[str, Syntax] = {}
        wanted = set(names)
        path: list[str] = []

        def take(name: str) -> None:
            if name in out or name in path or name in skip or len(out) >= MAX_DEFINITIONS:
                return
            value = self.value(name, section, at, ahead=ahead)
            if value is None:
                return
            if has(value, Matrix) and not set(letters(value)) & wanted:
                return  # written out once; what is said of the whole does not need its entries
            path.append(name)
            for inner in dict.fromkeys(letters(value)):
                take(inner)
            path.pop()
            if name not in set(letters(value)) and not set(letters(value)) & set(path):
                out[name] = value

        for name in dict.fromkeys(names):
            take(name)
        return out

    def _between(self, names: Iterable[str], uses: Uses, grounds: Grounds) -> list[str]:
        """Return what lies, by what is said of functions, between some letters and what formulas differentiate by."""
        section, at = grounds.section, grounds.at

        def arguments(name: str) -> Iterable[str]:
            return self.dependences.arguments(name, section, at)

        def inner(name: str) -> Iterable[str]:
            value = self.value(name, section, at)
            return letters(value) if value is not None else arguments(name)

        return between(names, uses.variables - {""}, inner, arguments)

    def _graph(self, uses: Uses, definitions: Mapping[str, Syntax], names: Set[str], grounds: Grounds) -> Graph:
        """Return what the letters of some formulas depend on, where something is differentiated at all."""
        moved = uses.differentiated | Uses.of(definitions.values()).differentiated
        if not moved | uses.moved:
            return Graph()
        applied = {(self.name(n), self.name(a)) for n, a in self.note.applied}
        pairs = moved | {(n, by) for n, by in applied if n in names and by in uses.variables}
        pairs = {(name, by) for name, by in pairs if name not in uses.primed} | {(name, name) for name in uses.moved}
        return graph(pairs, definitions, names, lambda n: self.dependences.arguments(n, grounds.section, grounds.at))


def _by_entries(tree: Syntax) -> bool:
    r"""Tell whether a formula multiplies entry by entry, or has a diagonal: its functions act so."""
    return any(isinstance(n, Hadamard) or (isinstance(n, Call) and n.op == "diag") for n in walk(tree))


def _functions(clues: Mapping[str, Sequence[Placed]]) -> set[str]:
    """Return the letters that the words call functions."""
    return {name for name, said in clues.items() if any(placed.clue.kind == "function" for placed in said)}


def _sizes(symbols: Mapping[str, Symbol]) -> set[str]:
    """Return the letters that the shapes of some letters are made of."""
    return {n for s in symbols.values() for d in s.shape for n in d.letters}
