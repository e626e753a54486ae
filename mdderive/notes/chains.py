r"""A note to its chains of sides, each with its syntax or the reason why it has none, and to what its words say, by section.

Nothing is judged here. A chain knows the words in front of it and the headings above it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mdderive.diagnostics import Diagnostic
from mdderive.latex.notation import NAMES
from mdderive.latex.parse import parse
from mdderive.latex.syntax import Names, Syntax
from mdderive.notes.blocks import Section, below
from mdderive.notes.directives import declarations, front_matter, skipped
from mdderive.notes.macros import expanded, macros_of
from mdderive.notes.passages import Passage, passages
from mdderive.notes.prose import Clue, clues
from mdderive.notes.relations import IMPLIES, Sentence, sentences
from mdderive.notes.slips import PRODUCT_OF_LOGARITHMS
from mdderive.notes.traced import Traced
from mdderive.notes.typeset import cleaned
from mdderive.source import Source, Span

MOST_WORDS = 90
_LETTER = (
    r"(?:\\(?:math(?:bf|cal|rm|sf|scr|bb)|boldsymbol|bm|hat|tilde|bar|vec)\s*\{(?:\\[A-Za-z]+|[A-Za-z])\}"
    r"|\\(?:alpha|beta|gamma|theta|lambda|mu|nu|xi|omega|phi|psi|eta|Theta|ell|pi|rho|tau|zeta|sigma|epsilon|varepsilon|Lambda)(?![A-Za-z])|[A-Za-z])"
    r"(?:\s*_\s*(?:\{[^{}]*\}|[A-Za-z0-9]))?(?:\s*\^\s*(?:\{\(?[A-Za-z0-9]\)?\}|\*))?"
)
_APPLIED = re.compile(
    rf"(?<![A-Za-z\\{{])(?P<d>d?)(?P<name>{_LETTER})\s*(?:\\left)?\s*\((?P<args>\s*{_LETTER}(?:\s*[,;]\s*{_LETTER})*\s*)(?:\\right\s*)?\)"
)
_LETTERS = re.compile(_LETTER)
_FUNCTION_LIKE = frozenset("f g h F G H L J E Q l".split()) | {
    r"\ell",
    r"\mathcal{L}",
    r"\mathcal{J}",
    r"\mathcal{E}",
    r"\mathcal{F}",
}
# A lower-case letter before a bracket, or any letter before a bracket around one letter: a product, or a function?
_UNSURE = re.compile(
    rf"(?<![A-Za-z\\{{])(?P<low>[a-z](?:\s*_\s*(?:\{{[^{{}}]*\}}|[A-Za-z0-9]))?)\s*(?:\\left)?\s*\("
    rf"|(?<![A-Za-z\\{{])(?P<any>{_LETTER})\s*(?:\\left\s*)?\(\s*{_LETTER}\s*(?:\\right\s*)?\)"
)
_PLACES = re.compile(
    r"(?P<by>\\partial\s*\{?\s*)?(?P<name>\\math(?:bf|rm)\s*\{[A-Za-z]\}|\\boldsymbol\s*\{\\?[A-Za-z]+\}|\\[a-z]+(?![A-Za-z])|[A-Za-z])"
    r"\s*_\s*(?P<places>\{\s*[a-z]\s*,?\s*[a-z]?\s*\}|[a-z])"
)
_PRIMED = re.compile(
    r"(?P<name>\\(?:mathbf|boldsymbol|bm|hat|tilde|bar|vec)\s*\{\\?[A-Za-z]+\}|\\[a-z]+(?![A-Za-z])|[A-Za-z])(?:\s*_\s*(?:\{\s*)?(?P<below>\w)(?:\s*\})?)?"
    r"(?P<primes>'+|\s*\^\s*\{?\s*\\prime\s*\}?)(?!\s*(?:\\left)?\s*[(_\[^'])"
)
_PICTURE = re.compile(r"\\begin\{(tikzpicture|tikzcd|picture|CD)\}")
_SUMS = re.compile(r"\\(?:sum|prod)(?:\\limits)?\s*_\s*(\{[^{}]*\}|[a-z])")
# Letters that are a word rather than factors: four small ones in a row, or three before a bracket.
_WORD = re.compile(r"(?<![A-Za-z\\{])(?:[a-z]{4,}|[A-Za-z]{3,}(?=\s*(?:\\left\s*)?\())")
# Words that make a formula the other side of the one before.
_BOTH = re.compile(
    r"(?:两侧|两边|二者|两者|左右两边|both(?: sides)?)\s*(?:都|均|皆|are|is)?\s*(?:等于|为|equal(?:s| to)?)\s*(?:to)?\s*$",
    re.IGNORECASE,
)
# A differential is no function of a letter, and elementwise functions keep their arguments.
_NO_NAMES = frozenset({"d", r"\mathrm{d}", r"\mathbf{d}", "e", r"\sigma", r"\phi", r"\varphi", r"\psi"})
_DIFFERENTIATED = re.compile(
    rf"(?:\\partial|\\nabla(?:_\s*(?:\{{[^{{}}]*\}}|\\?[A-Za-z]+))?|\bd)\s*\{{?\s*(?P<name>{_LETTER})\s*(?:\\left)?\s*\("
)


@dataclass(frozen=True, slots=True)
class ChainSide:
    """One side: its LaTeX, its place in the file, its syntax or why there is none; `lower` reads the lower signs of ±.

    `meant` is its syntax with the logarithm outside the product, where it is written inside.
    """

    latex: str
    span: Span
    syntax: Syntax | None
    refusal: Diagnostic | None = None
    lower: Syntax | None = None
    meant: Syntax | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """Sides joined by relations, where they stand and what the words before them say."""

    sides: tuple[ChainSide, ...]
    relations: tuple[str, ...]
    section: Section
    words: str = ""
    implied: bool = False
    inline: bool = False
    formula: int = 0
    after: str = ""
    ambiguous: bool = False
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A clue and the section it stands in."""

    clue: Clue
    section: Section
    at: int


@dataclass(frozen=True, slots=True)
class Note:
    """Everything a note says, not yet judged."""

    chains: tuple[Chain, ...]
    clues: tuple[Placed, ...]
    depends: tuple[tuple[str, tuple[str, ...]], ...]
    functions: frozenset[str]
    named: frozenset[str]
    formulas: int
    words: str
    findings: tuple[Diagnostic, ...]
    unread: tuple[tuple[Span, str, Diagnostic], ...] = ()


@dataclass
class _Formula:
    text: Traced
    place: Passage
    section: Section
    words: str
    sentences: tuple[Sentence, ...] = ()
    after: str = ""
    skipped: str = ""


@dataclass
class _Collecting:
    source: Source
    formulas: list[_Formula] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    skip: str = ""
    clues: list[Placed] = field(default_factory=list)
    unread: list[tuple[Span, str, Diagnostic]] = field(default_factory=list)


def note_of(source: Source, *, tex: bool = False, declared: Sequence[str] = ()) -> Note:
    """Return what a note says; `declared` are declarations that hold everywhere."""
    found = passages(source, tex=tex)
    macros = macros_of(source.text)
    collecting = _Collecting(source)
    for line, place in (*((line, Span(0, 0)) for line in declared), *front_matter(source.text)):
        _directive(line, place, (), collecting)
    section: Section = ()
    paragraph: list[tuple[str, Traced | None, Span]] = []
    said = ""
    for passage in found.passages:
        match passage.kind:
            case "heading":
                _paragraph(paragraph, section, collecting)
                paragraph, said = [], ""
                section = below(section, passage.level, source.place(passage.span.start).line)
            case "words":
                if collecting.formulas and collecting.formulas[-1].place.span.end >= passage.span.start - 1:
                    collecting.formulas[-1].after = passage.text.text[:MOST_WORDS]
                said = (said + passage.text.text)[-4 * MOST_WORDS :]
                for i, piece in enumerate(re.split(r"\n[ \t>]*\n", passage.text.text)):
                    if i:
                        _paragraph(paragraph, section, collecting)
                        paragraph = []
                    paragraph.append((piece, None, passage.span))
            case "inline" | "display":
                text = cleaned(expanded(passage.text, macros))
                drawn = _PICTURE.search(text.text)
                split = Diagnostic("DRV210", Span(*drawn.span()), {"environment": drawn[1]}) if drawn else sentences(text.text)
                words = re.split(r"\n[ \t>]*\n(?=[^\n]*\n[ \t>]*\n)", said)[-1][-MOST_WORDS:]
                if isinstance(split, Diagnostic):
                    collecting.unread.append(
                        (passage.span, passage.text.text, replace(split, span=text.span(split.span), labels=()))
                    )
                else:
                    collecting.formulas.append(_Formula(text, passage, section, words, split, skipped=collecting.skip))
                collecting.skip = ""
                paragraph.append(("", text, passage.span))
                said = (said + "\ue000")[-4 * MOST_WORDS :]
            case "directive":
                _directive(passage.text.text.strip().removeprefix("mdderive:"), passage.span, section, collecting)
    _paragraph(paragraph, section, collecting)
    depends, dropped = _applied(collecting.formulas)
    functions = frozenset(p.clue.name for p in collecting.clues if p.clue.kind == "function")
    known = Names(frozenset(), functions | {r"\sigma"} | dropped)
    chains = tuple(_chains(collecting.formulas, known, dropped - functions))
    words = "".join(p.text.text for p in found.passages if p.kind == "words")
    return Note(
        chains,
        tuple(collecting.clues),
        tuple(depends),
        functions,
        dropped,
        len(collecting.formulas) + len(collecting.unread),
        words,
        (*found.findings, *collecting.findings),
        tuple(collecting.unread),
    )


def _directive(text: str, place: Span, section: Section, collecting: _Collecting) -> None:
    """Take what a directive says: a declaration, or that the next formula is to be left out."""
    reason = skipped(text)
    if reason is not None:
        collecting.skip = reason
        return
    found, findings = declarations(text, place)
    collecting.clues += (Placed(clue, section, place.start) for clue in found)
    collecting.findings += findings


def _paragraph(parts: Sequence[tuple[str, Traced | None, Span]], section: Section, collecting: _Collecting) -> None:
    """Take what a paragraph says of letters."""
    formulas = [f for _, f, _ in parts if f is not None]
    if not formulas and not any("常" in w for w, _, _ in parts):
        return
    words, number = "", 0
    for said, formula, _ in parts:
        words += said if formula is None else f"\ue000{number}\ue001"
        number += formula is not None
    place = parts[0][2]
    for clue in clues(words, formulas, place):
        collecting.clues.append(Placed(clue, section, clue.span.start))


def _applied(formulas: Sequence[_Formula]) -> tuple[list[tuple[str, tuple[str, ...]]], frozenset[str]]:
    """Return what letters are applied to, and the letters that are the names of functions."""
    depends: list[tuple[str, tuple[str, ...]]] = []
    names: set[str] = set(_FUNCTION_LIKE)
    for formula in formulas:
        for sentence in formula.sentences:
            first = sentence.sides[0]
            whole = _APPLIED.fullmatch(first.text[first.span.start : first.span.end].strip())
            if whole and sentence.relations and not whole["d"]:
                names.add(_plain(whole["name"]))
        names |= {_plain(found["name"]) for found in _DIFFERENTIATED.finditer(formula.text.text)}
        inner = _undressed(formula.text.text, frozenset(names))
        for found in (*_APPLIED.finditer(formula.text.text), *_APPLIED.finditer(inner)):
            if not found["args"].strip()[-1:].isupper() and not found["d"]:
                names.add(_plain(found["name"]))
            depends.append((_plain(found["name"]), tuple(_plain(a) for a in _LETTERS.findall(found["args"]))))
    names -= _NO_NAMES
    return depends, frozenset(names)


def _plain(name: str) -> str:
    return "".join(name.split())


def _chains(formulas: Sequence[_Formula], names: Names, dropped: frozenset[str]) -> Iterator[Chain]:
    """Yield the chains; one that begins with a relation goes on with the last side of the one before."""
    last: ChainSide | None = None
    equal: ChainSide | None = None
    last_section: Section = ()
    for number, formula in enumerate(formulas):
        for sentence in formula.sentences:
            own = replace(names, symbols=names.symbols | _numbered(formula.text.text) | _primed(formula.text.text, names))
            sides = [_side(formula, sentence, i, own, dropped) for i in range(len(sentence.sides))]
            if sentence.goes_on and last is not None and last_section == formula.section:
                sides[0] = last
            relations = sentence.relations
            if len(sides) > 1 and not sides[-1].latex:  # the row ends in a relation and goes on in the next formula
                sides, relations = sides[:-1], relations[:-1]
            both = _BOTH.search(formula.words) if not relations and last_section == formula.section else None
            if both and equal is not None:
                sides, relations = [equal, *sides], ("=",)
            equal = sides[-1] if relations and relations[-1] == "=" else equal
            last, last_section = sides[-1], formula.section
            said = formula.words + " " + sentence.words
            inline = formula.place.kind == "inline"
            unsure = _unsure([_undressed(s.latex, dropped) for s in sides], names.functions)
            yield Chain(
                tuple(sides),
                relations,
                formula.section,
                said,
                sentence.implied,
                inline,
                number,
                formula.after,
                unsure,
                formula.skipped,
            )


def _side(formula: _Formula, sentence: Sentence, index: int, names: Names, dropped: frozenset[str]) -> ChainSide:
    side = sentence.sides[index]
    latex = " ".join(side.text[side.span.start : side.span.end].split())
    span = formula.text.span(side.span)
    if not latex:
        return ChainSide("", span, None, Diagnostic("DRV204", span))
    word = next((m for m in _WORD.finditer(side.text, *side.span) if not _known_word(m[0])), None)
    if word is not None:
        refusal = Diagnostic("DRV208", formula.text.span(Span(*word.span())), {"word": word[0]})
        return ChainSide(latex, span, None, refusal)
    text = _undressed(side.text, dropped)
    sums = PRODUCT_OF_LOGARITHMS.sub(r"\\sum \g<range>", text)
    inside = PRODUCT_OF_LOGARITHMS.search(text, *side.span)
    swapped = parse(sums, side.span.start, side.span.end, names) if inside else None
    meant = swapped if isinstance(swapped, Syntax) else None
    syntax = parse(_signed(text, r"\pm", r"\mp"), side.span.start, side.span.end, names)
    if isinstance(syntax, Diagnostic):
        return ChainSide(latex, span, None, replace(syntax, span=span, labels=()), meant=meant)
    if r"\pm" not in text and r"\mp" not in text:
        return ChainSide(latex, span, syntax, meant=meant)
    other = parse(_signed(text, r"\mp", r"\pm"), side.span.start, side.span.end, names)
    return ChainSide(latex, span, syntax, lower=None if isinstance(other, Diagnostic) else other)


def _known_word(word: str) -> bool:
    """Tell whether letters that look like a word spell functions and differentials."""
    return any(word.endswith(name) or word.startswith(name) for name in NAMES if len(name) > 1) or bool(
        re.fullmatch(r"(?:d[A-Za-z])+", word)
    )


def _numbered(text: str) -> frozenset[str]:
    """Return the letters that a formula numbers: `A_{ij}`, and `x_i` where i is summed over or the derivative is by it."""
    summed = {letter for found in _SUMS.findall(text) for letter in re.findall("[a-z]", found)}
    out: set[str] = set()
    for found in _PLACES.finditer(text):
        places = re.sub(r"[\s,{}]", "", found["places"])
        if len(places) == 2 or places in summed or found["by"]:
            name = _plain(found["name"])
            out |= {name, re.sub(r"(\\boldsymbol|\\mathbf|\\bm)(\\[a-zA-Z]+)", r"\1{\2}", name)}
    return frozenset(out) - _NO_NAMES - {"d", "e", "I", "K", "f", "g", "h"}


def _primed(text: str, names: Names) -> frozenset[str]:
    """Return the letters with a prime that are no function: `y'` is a letter of its own."""
    found = [
        (_plain(m["name"]), f"_{m['below']}" if m["below"] else "", m["primes"].count("'") or 1) for m in _PRIMED.finditer(text)
    ]
    return frozenset(f"{name}{below}{count * chr(39)}" for name, below, count in found if name not in names.functions)


def _signed(text: str, plus: str, minus: str) -> str:
    """Return a text with one choice of its double signs, every place kept."""
    return text.replace(plus, " + ").replace(minus, " - ")


def _unsure(sides: Sequence[str], functions: frozenset[str]) -> bool:
    """Tell whether a letter stands before a bracket that may be its factor or its argument, and nowhere else in a chain."""
    found = {_plain(m["low"] or m["any"]) for latex in sides for m in _UNSURE.finditer(latex)} - functions - _NO_NAMES
    bare = [
        re.sub(r"(?:\\partial|\\mathrm\{d\}|d)\s*\{?\s*(?:\\math\w+\{)?[A-Za-z]|\\[A-Za-z]+|\s", " ", latex) for latex in sides
    ]
    return any(not any(re.search(rf"{re.escape(name)}(?!\s*\()", latex) for latex in bare) for name in found)


def _undressed(text: str, dropped: frozenset[str]) -> str:
    """Return a text with `f(x)` written as `f` for functions f, inner ones first, every place kept."""
    for _ in range(3):
        new = _APPLIED.sub(lambda found: _without_arguments(found, dropped), text)
        if new == text:
            break
        text = new
    return text


def _without_arguments(found: re.Match[str], dropped: frozenset[str]) -> str:
    """Return `f(x)` as `f`, padded to its length, where f names a function."""
    if _plain(found["name"]) not in dropped:
        return found[0]
    kept = found["d"] + found["name"]
    return kept + " " * (len(found[0]) - len(kept))


def implies(relation: str) -> bool:
    """Tell whether a relation joins statements."""
    return relation in IMPLIES
