r"""The text of a derive block to its statements, one a line.

Declarations, relations between sizes and premises are recognised here by their form; every other line is a formula, whose
meaning depends on what is declared. Spans are offsets into the text. A line that cannot be read is a diagnostic and leaves the
other lines as they are; no line is passed over.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile

from mdderive.latex.letters import NO_NAMES, Names, numbering, square_of
from mdderive.latex.normalise import ANGLES
from mdderive.latex.notation import ACCENTS, FONTS, LETTERED, NAMES
from mdderive.latex.parse import parse
from mdderive.latex.syntax import Letter, Power, Unit
from mdderive.latex.tokens import OLD_FONTS
from mdderive.latex.unicode_signs import as_commands
from mdderive.model.conjugation import REAL, TIED
from mdderive.model.diagnostics import Finding
from mdderive.model.properties import DECLARED, SQUARE
from mdderive.model.shapes import Dim, Shape
from mdderive.model.source import Span
from mdderive.reading.declaring import SIZE, SaidShape, dim, grammatical, member
from mdderive.reading.foreign import GREEK, remarked, translated

MAX_LINES = 500
MAX_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class Declaration:
    """`name: shape, property, …`; `along` is t where the name stands as `name(t)`; `counts` says how far its
    indices run, where `i = 1..N` follows."""

    span: Span
    name: str
    shape: Shape
    properties: frozenset[str] = frozenset()
    along: str = ""
    counts: tuple[Dim | None, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionDeclaration:
    """`name: elementwise`, or `name: scalar function of argument`."""

    span: Span
    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class SizeRelation:
    """`left relation right` between two sizes; with `=` it may also be a formula, if these are no sizes."""

    span: Span
    left: str
    relation: str
    right: str
    formula: "Formula"


@dataclass(frozen=True, slots=True)
class PremiseLine:
    """`given: …`; `formula` is where the premise itself stands."""

    span: Span
    formula: Span


@dataclass(frozen=True, slots=True)
class Formula:
    """A definition, goal, claim or chain.

    `defines` is the name a left side `name` or `name(parameter)` spells; `arguments` are those of `name(x, y)`.
    """

    span: Span
    defines: str = ""
    parameter: str = ""
    arguments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that states nothing readable; `names` are those it would have given a meaning, as far as that can be told."""

    span: Span
    finding: Finding
    names: tuple[str, ...] = ()


Statement = Declaration | FunctionDeclaration | SizeRelation | PremiseLine | Formula | Unreadable

_STYLES = rf"(?:{'|'.join(map(re.escape, sorted(FONTS | ACCENTS | OLD_FONTS.keys())))})(?![A-Za-z])"
_NAME = (
    rf"(?:{_STYLES}\s*(?:\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}}|\\[A-Za-z]+|[A-Za-z0-9])|\\[A-Za-z]+|[A-Za-z])"
    r"(?:\s*_\s*(?:\w|\\[A-Za-z]+|\{(?:[^{}]|\{[^{}]*\})*\}))?"
)
NAME_OR_SQUARE = rf"{_NAME}(?:\s*\^\s*(?:2|\{{\s*2\s*\}}))?"
_IS_NAME = re.compile(NAME_OR_SQUARE)
_COMMENT = re.compile(r"((?:^|[^\\])(?:\\\\)*)(%[^\r\n]*)")
_LINE = re.compile(r"[^\r\n]+")
_MARK = re.compile(r"(?P<environment>\\(?:begin|end))\s*\{[^{}]*\}|\\[A-Za-z]+|\\.|[(){}\[\],;，；:：=]")
_DISPLAYED = re.compile(r"\\\[(?P<inside>.*)\\\]|\\\((?P<within>.*)\\\)", re.DOTALL)
_OPENERS = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", r"\[": r"\]", r"\(": r"\)", r"\langle": r"\rangle", r"\begin": r"\end"}
_CLOSERS = frozenset(_OPENERS.values())
GIVEN = re.compile(r"given\s*[:：]\s*")
_SIZES = re.compile(rf"(?P<left>{SIZE})\s*(?P<relation>>=|<=|[<>=]|\\[gl](?:eq(?:slant)?|e)?(?![A-Za-z]))\s*(?P<right>{SIZE})")
_RELATIONS = {">=": ">=", ">": ">", "=": "=", r"\ge": ">=", r"\geq": ">=", r"\geqslant": ">="}
_MIRRORED = {"<=": ">=", "<": ">", r"\le": ">=", r"\leq": ">=", r"\leqslant": ">="}
_FUNCTION = re.compile(rf"scalar\s+function\s+of\s+(?P<argument>{_NAME})")
# A known function that is spelled as a letter: where one is applied on the right, the left side defines none. Operators, such
# as \lambda_{\max}, are never defined.
_APPLIED = re.compile(rf"(?:{'|'.join(map(re.escape, LETTERED))})\s*\(")
_DEFINES = re.compile(
    rf"(?P<name>{NAME_OR_SQUARE})\s*(?:\(\s*(?P<parameter>{_NAME})(?P<more>(?:\s*[,;]\s*{_NAME})*)\s*\)\s*)?:?=(?!=)"
)
_MOVING = re.compile(rf"(?P<name>{_NAME})\s*\(\s*(?P<along>{_NAME})\s*\)")
_SPACING = re.compile(r"(?:\s|\\[,;:! ]|\\q?quad(?![A-Za-z]))+")
_RUNS = re.compile(
    rf"(?P<index>[A-Za-z])\s*(?:=|\\in(?![A-Za-z])\s*\\\{{)\s*1\s*,?\s*(?:\.\.\.?|…|\\[lc]?dots(?![A-Za-z]))\s*,?\s*"
    rf"(?P<last>(?!0){SIZE})(?:\s*\\\}})?"
)
_RESERVED = Names(frozenset({"I", "K", "d"}))


def split(text: str) -> tuple[Statement, ...]:
    """Return the statements of a block's text, in order."""
    clean = without_comments(text)
    statements: list[Statement] = []
    for count, span in enumerate(_logical_lines(clean), 1):
        if count > MAX_LINES:
            statements.append(Unreadable(span, Finding("DRV110", span, {"limit": str(MAX_LINES)})))
            break
        statements += _read(clean, span)
    return tuple(statements)


def without_comments(text: str) -> str:
    """Return `text` with spaces in place of its comments, so that offsets stay."""
    return _COMMENT.sub(lambda found: found[1] + " " * len(found[2]), text)


def canonical(name: str, declared: Names = NO_NAMES) -> str | None:
    """Return a name as formulas are read: `W_{1}` is `W_1`; None where it is none, or reserved and not among `declared`."""
    if len(name) == 1 and name.isalpha() and name.isascii() and name != "I":
        return name
    read = parse(name, names=declared)
    if isinstance(read, Unit):  # a letter where it is declared or defined
        return f"{name.partition('_')[0].strip()}_{read.place}"
    if isinstance(read, Power) and isinstance(read.args[0], Letter):  # the square of a letter may be one of its own
        return square_of(read.args[0].name) or None
    return read.name if isinstance(read, Letter) else None


# ------------------------------------------------------------ lines


def _logical_lines(text: str) -> Iterator[Span]:
    r"""Yield the statements' places; a line with something open, or that ends in `\\`, goes on in the next.

    Where something is never closed, only its line is a statement: the lines below it are read on their own.
    """
    lines = [_trimmed(text, Span(*found.span())) for found in _LINE.finditer(text)]
    lines = [line for line in lines if line.end > line.start]
    at = 0
    while at < len(lines):
        end, waiting = at, _waiting(text, lines[at], ())
        while (waiting or text.endswith("\\\\", lines[at].start, lines[end].end)) and end + 1 < len(lines):
            end += 1
            waiting = _waiting(text, lines[end], waiting)
        end = at if waiting and r"\end" not in waiting else end
        yield Span(lines[at].start, lines[end].end)
        at = end + 1


def _waiting(text: str, span: Span, waiting: tuple[str, ...]) -> tuple[str, ...]:
    """Return the closers that are waited for after a stretch, for those waited for before it."""
    if span.end - span.start > MAX_LENGTH:
        return ()  # refused as it is
    for found in _MARK.finditer(text, *span):
        waiting = _after(found, waiting)
    return waiting


def _after(found: re.Match[str], waiting: tuple[str, ...]) -> tuple[str, ...]:
    """Return the closers that are waited for after a mark; a closer also ends what was left open inside."""
    mark = found["environment"] or found[0]
    if mark in _OPENERS:
        return (*waiting, _OPENERS[mark])
    if mark in _CLOSERS and mark in waiting:
        return waiting[: len(waiting) - 1 - waiting[::-1].index(mark)]
    return waiting


def _top(text: str, span: Span, marks: str) -> Iterator[int]:
    """Yield the offsets of the characters `marks` that stand inside no bracket and no environment."""
    waiting: tuple[str, ...] = ()
    for found in _MARK.finditer(text, *span):
        waiting = _after(found, waiting)
        if not waiting and found[0] in marks:
            yield found.start()


def _trimmed(text: str, span: Span, spacing: re.Pattern[str] = re.compile(r"\s+")) -> Span:
    """Return the span without the spacing at its ends."""
    before = spacing.match(text, *span)
    start = before.end() if before else span.start
    end = span.end
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


# ------------------------------------------------------------ one line


def _read(text: str, line: Span) -> list[Statement]:
    """Return the statements of one line."""
    if line.end - line.start > MAX_LENGTH:
        return [Unreadable(line, Finding("DRV111", line, {"limit": f"{MAX_LENGTH:,}"}))]
    displayed = _DISPLAYED.fullmatch(text, *line)
    if displayed:
        return _read(text, _trimmed(text, Span(*displayed.span("inside" if displayed["inside"] is not None else "within"))))
    remark = remarked(text[line.start : line.end])
    if remark:
        stated = _read(text, Span(line.start, line.start + remark[0])) if remark[0] else []
        names = (s.name if isinstance(s, Declaration | FunctionDeclaration) else getattr(s, "defines", "") for s in stated)
        return [Unreadable(line, Finding("DRV135", line, {"write": remark[1]}), tuple(name for name in names if name))]
    given = GIVEN.match(text, *line)
    if given:
        return [PremiseLine(line, Span(given.end(), line.end))]
    parts = list(_parts(text, line))
    sizes = list(takewhile(lambda part: _SIZES.fullmatch(text, *part), (part for part, _ in reversed(parts))))[::-1]
    said = _said(text, Span(line.start, parts[-len(sizes) - 1][0].end)) if len(sizes) < len(parts) else []
    if said:
        return [*said, *(_formula(text, part) for part in sizes)]
    if any(_declares(text, part) for part, _ in parts):
        return list(_declarations(text, parts))
    return [_formula(text, part) for part, _ in parts]


def _parts(text: str, line: Span) -> Iterator[tuple[Span, str]]:
    """Yield what commas and semicolons separate, with the separator before it; empty parts are closing punctuation."""
    start, separator = line.start, ""
    runs = [found.span() for found in _RUNS.finditer(text, *line)]
    runs += [found.span() for found in ANGLES.finditer(text, *line)]
    marks = (at for at in _top(text, line, ",;，；") if not any(first < at < last for first, last in runs))
    for at in [*marks, line.end]:
        part = _trimmed(text, Span(start, at), _SPACING)
        if part.end > part.start:
            yield part, separator
        start, separator = at + 1, text[at : at + 1]


def _formula(text: str, part: Span) -> Statement:
    if write := translated(text[part.start : part.end]):
        meant = _DEFINES.match(write)
        name = canonical(meant["name"]) if meant else None
        return Unreadable(part, Finding("DRV135", part, {"write": write}), (name,) if name else ())
    found = _DEFINES.match(text, *part)
    defines = canonical(found["name"]) if found else None
    parameter = canonical(found["parameter"]) if found and found["parameter"] else ""
    if found and defines and found["more"]:
        spelled = [canonical(name.strip()) for name in re.split("[,;]", found["parameter"] + found["more"])]
        return Formula(part, defines, arguments=frozenset(name for name in spelled if name))
    known = False
    if found and parameter and defines in LETTERED:
        known = NAMES[defines][0] != "fn" or _APPLIED.search(text, found.end(), part.end) is not None
    formula = Formula(part) if defines is None or parameter is None or known else Formula(part, defines, parameter)
    sizes = _SIZES.fullmatch(text, *part)
    if sizes is None:
        return formula
    left, relation, right = sizes["left"], sizes["relation"], sizes["right"]
    if relation in _MIRRORED:
        left, relation, right = right, _MIRRORED[relation], left
    return SizeRelation(part, left, _RELATIONS[relation], right, formula)


# ------------------------------------------------------------ declarations


def _declares(text: str, part: Span) -> bool:
    return _colon(text, part) is not None or member(text, part) is not None


def _colon(text: str, part: Span) -> int | None:
    """Return where the colon of a declaration stands; in an equation, such as `A : B = …`, it is an inner product."""
    marks = list(_top(text, part, ":：="))
    return marks[0] if marks and not any(text[at] == "=" for at in marks) else None


def _declarations(text: str, parts: list[tuple[Span, str]]) -> Iterator[Statement]:
    """Yield what the parts of a line declare: names wait for their shape, properties belong to the shape on their left."""
    waiting: list[Span] = []
    groups: list[tuple[list[Span], Span, set[str]]] = []
    counts: dict[str, Dim] = {}
    for part, separator in parts:
        colon = _colon(text, part)
        inside = member(text, part) if colon is None else None
        word = " ".join(text[part.start : part.end].split())
        if colon is not None or inside is not None:
            end = colon if colon is not None else inside.start() if inside else part.end
            shape = _trimmed(text, Span(end + 1, part.end)) if colon is not None else Span(end, part.end)
            groups.append(([*waiting, _trimmed(text, Span(part.start, end))], shape, set()))
            waiting = []
        elif (name := word if word in DECLARED else word.lower()) in DECLARED and groups and not waiting and separator in ",，":
            groups[-1][2].add(name)
        elif groups and (runs := _RUNS.fullmatch(text, *part)):
            counts[runs["index"]] = dim(runs["last"])
        elif groups and _SIZES.fullmatch(text, *part):
            yield _formula(text, part)
        elif groups and re.fullmatch(r"[A-Za-z][a-z -]+", word):
            facts = {"word": word, "known": ", ".join(sorted(DECLARED))}
            yield Unreadable(part, Finding("DRV114", part, facts), _canonical(text, groups[-1][0]))
        else:
            waiting.append(part)
    for names, shape, properties in groups:
        yield from (_counted(_declared(text, name, shape, frozenset(properties)), counts) for name in names)
    for place in waiting:
        yield Unreadable(place, Finding("DRV127", place, {"name": text[place.start : place.end]}), _canonical(text, [place]))


def _counted(statement: Statement, counts: Mapping[str, Dim]) -> Statement:
    """Return a declaration with the number of its members, where its line says how far the index of its name runs."""
    if not isinstance(statement, Declaration):
        return statement
    _, indices = numbering(statement.name)
    told = tuple(counts.get(i) for i in indices)
    return replace(statement, counts=told) if any(told) else statement


def _said(text: str, line: Span) -> list[Statement]:
    """Return the declarations that a line of words makes; nothing for a formula, or a declaration in the form of the grammar."""
    if not {"=", ":"}.isdisjoint(text[line.start : line.end]):
        return []
    from mdderive.reading.worded_shapes import spoken  # lazily: most blocks declare in the form of the grammar

    return [
        _declared(text, name, _trimmed(text, clause.shape), frozenset()) for clause in spoken(text, line) for name in clause.names
    ]


def _worded(words: str) -> SaidShape | None:
    from mdderive.reading.worded_shapes import described  # lazily, as above

    return described(words)


def _unsized(words: str, name: str) -> str | None:
    from mdderive.reading.worded_shapes import unsized  # lazily, as above

    return unsized(words, name)


def _canonical(text: str, places: list[Span]) -> tuple[str, ...]:
    names = (canonical(text[place.start : place.end], _RESERVED) for place in places)
    return tuple(name for name in names if name is not None)


def _declared(text: str, place: Span, shape: Span, properties: frozenset[str]) -> Statement:
    written = as_commands(text[place.start : place.end])
    words = as_commands(text[shape.start : shape.end])
    moving = _MOVING.fullmatch(written)
    along = canonical(moving["along"], _RESERVED) or "" if moving else ""
    written = moving["name"] if moving and along else written
    name = canonical(written, _RESERVED) if _IS_NAME.fullmatch(written) else None
    if name is None and written in GREEK:
        return Unreadable(place, Finding("DRV135", place, {"write": f"\\{written}"}), (f"\\{written}",))
    if name is None:
        return Unreadable(place, Finding("DRV112", place, {"text": written}))
    said = grammatical(words)
    if along and not (said or _worded(words)):
        return Unreadable(place, Finding("DRV112", place, {"text": text[place.start : place.end]}))
    if words == "elementwise":
        return FunctionDeclaration(place, name)
    of = _FUNCTION.fullmatch(words)
    argument = canonical(of["argument"], _RESERVED) if of else None
    if argument is not None:
        return FunctionDeclaration(place, name, argument)
    said = said or _worded(words)
    if said is None and (write := _unsized(words, name)):
        return Unreadable(place.join(shape), Finding("DRV137", place.join(shape), {"text": words, "write": write}), (name,))
    if said is None:
        return Unreadable(shape, Finding("DRV113", shape if words else place, {"text": words}), (name,))
    found, properties = said.shape, properties | said.properties
    if properties & REAL and properties & {"complex", *TIED}:
        facts = {"construct": "complex, " + ", ".join(sorted(properties & REAL))}
        return Unreadable(place, Finding("DRV231", place, facts), (name,))
    if properties & SQUARE and found.rows != found.cols:
        which = ", ".join(sorted(properties & SQUARE))
        return Unreadable(place, Finding("DRV121", place, {"name": name, "property": which, "shape": str(found)}), (name,))
    return Declaration(place, name, found, properties, along)
