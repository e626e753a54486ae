r"""What formulas of a note declare of its letters: `A \in \mathbb{R}^{m \times n}`, `X: (m, n)`.

What is found is a clue with its place; whether it fits its use is seen later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from mdderive.latex.letters import base_letter
from mdderive.latex.notation import GREATER, LESS
from mdderive.latex.relations import sentences
from mdderive.latex.size_marks import SizeMark
from mdderive.model.diagnostics import Finding
from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, size
from mdderive.model.source import Span
from mdderive.model.traced import Traced
from mdderive.reading.facts import NEGATIVE, Named
from mdderive.reading.lexicon import LANGUAGES, any_of
from mdderive.reading.statements import canonical

LetterKind = Literal["", "scalar", "column", "matrix", "function"]


@dataclass(frozen=True, slots=True)
class Clue:
    """What is said of a letter, of whose shape only the kind may be known, or that it is square.

    It is `supposed` when only for what follows at once, and a `member` where a formula says of which space: nobody mistakes that;
    a `row` is one by its words.
    """

    name: str
    span: Span
    kind: LetterKind = ""
    shape: Shape | None = None
    properties: frozenset[str] = frozenset()
    supposed: bool = False
    square: bool = False
    member: bool = False
    row: bool = False


_SIZE = r"(?:\d+|(?:[A-Za-z]|\\ell)(?:_(?:\w|\{\w+\}))?)"
_TIMES = r"\s*(?:x|\\times|×|\*|,)\s*"
_SHAPE = re.compile(rf"\\?[({{]?\s*({_SIZE}){_TIMES}({_SIZE})\s*[)}}]?")
_MEMBER = re.compile(
    r"(?P<names>.+?)\s*\\in\s*(?:\\(?:math(?:bb|bf|cal|rm|ds|sf)|Bbb|boldsymbol)\s*\{?\s*[RCFK]\s*\}?"
    r"|[RC]|\\R|\\C|\\Re|\\reals|\\Real)(?![A-Za-z])"
    r"\s*(?:\^\s*(?:\{(?P<shape>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|(?P<one>\w)))?\s*[,.，。;]?\s*"
)
_MATRICES = re.compile(
    r"(?P<names>.+?)\s*\\in\s*(?:\\(?:math\w+|operatorname)\s*\{\s*M(?:at)?\s*\}|M)\s*_\s*"
    r"(?:\{\s*(?P<shape>[^{}]*?)\s*\}|(?P<one>\w))\s*(?:\([^()]*\))?\s*"
)
_SYMMETRIC = re.compile(
    r"(?P<names>.+?)\s*\\in\s*\\(?:mathbb|mathbf|mathcal|mathrm)\s*\{?\s*S\s*\}?(?P<scripts>(?:\s*[_^]\s*(?:\{[^{}]*\}|\w|\+))*)"
    r"\s*[,.，。;]?\s*"
)
_DEFINITE = re.compile(r"(?P<names>.+?)\s*\\in\s*S\s*(?:_\s*\{\+\+\}\s*\^\s*\w|\^\s*\w\s*_\s*\{\+\+\})")  # without a font
_CAPITAL = (
    r"(?:[A-Z]|\\(?:Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega)|\\(?:mathbf|boldsymbol|bm)\s*\{\s*\\?[A-Z][a-z]*\s*\})"
    r"(?:\s*_\s*(?:\w|\{[\w,]+\}))?"
)
_ZERO = r"(?:0|O|\\(?:mathbf|boldsymbol|bm)\s*\{?\s*0\s*\}?)"
_ORDERED = re.compile(  # of a matrix: for a column these signs compare the entries
    rf"{_ZERO}\s*\\prec(?P<no>(?:curly)?eq)?\s*(?P<above>{_CAPITAL})|(?P<below>{_CAPITAL})\s*\\succ(?P<not>(?:curly)?eq)?\s*{_ZERO}"
)
_SIZED = re.compile(
    rf"(?P<names>[^=]+?)\s*(?:[:：]\s*\(?\s*(?P<a>{_SIZE})\s*(?:\\times|×|,)\s*(?P<b>{_SIZE})\s*\)?|\(\s*(?P<c>{_SIZE})\s*(?:\\times|×)\s*(?P<d>{_SIZE})\s*\))"
)
_T = r"\s*\^\s*\{?\s*(?:T|\\top|\\intercal|\\mathsf\s*\{?T\}?|\\mathrm\s*\{?T\}?)\s*\}?"
_WORDS = rf"\\(?:text|mbox|textrm)\s*\{{\s*(?:{any_of(LANGUAGES, 'where', 'and')})\s*\}}"
_WIDE = re.compile(  # sets apart what else is said
    rf"(?:[,;]|\\[,;: ]|\s)*(?:\\q?quad(?![a-z])|{_WORDS})(?:\\[,;: ]|\s)*", re.IGNORECASE
)
_OWN = re.compile(rf"(?P<name>{_CAPITAL})\s*=\s*(?P=name){_T}|(?P<turned>{_CAPITAL}){_T}\s*=\s*(?P=turned)")
_ITSELF = re.compile(rf"(?P<a>[^\s=^]+)\s*=\s*\{{?(?P=a)\}}?{_T}|\{{?(?P<b>[^\s=^]+?)\}}?{_T}\s*=\s*(?P=b)")
_MARK = re.compile(r"_\s*\{\s*\(\w+\)\s*\}")  # of a layer or a sample
MAX_SIZES = 12
SYMMETRIC, DEFINITE = "symmetric", "positive definite"


def named(formula: Traced) -> Named:
    """Return the letters that a formula names or declares, and what it says of letters by a relation."""
    found, signs = [*_declarations(formula)], tuple(_signs(formula.text))
    names = tuple(clue.name for clue, _ in found) or tuple(bare_names(formula.text)) or tuple(name for name, _ in signs)
    if (itself := _ITSELF.fullmatch(formula.text.strip())) is not None:
        return Named(names, ((_name(itself["a"] or itself["b"]), SYMMETRIC),), claims=itself["a"] is None)
    return Named(names, (*((clue.name, said) for clue, properties in found for said in properties), *signs))


def _signs(text: str) -> Iterator[tuple[str, str]]:
    r"""Yield the small letters whose sign a formula states, `c > 0`, `0 < \eta < 1`, each with that sign."""
    found = sentences(text) if any(sign in text for sign in ("<", ">", r"\g", r"\l")) else ()
    for said in found if not isinstance(found, Finding) else ():
        sides = [side.text[side.span.start : side.span.end].strip() for side in said.sides]
        for left, relation, right in zip(sides, said.relations, sides[1:], strict=False):
            for names, number, above in ((left, right, relation in GREATER), (right, left, relation in LESS)):
                bound = number.replace(".", "", 1).isdigit() and relation in GREATER | LESS and (above or number == "0")
                small = (n for n in bare_names(names) if base_letter(n).lstrip("\\").islower()) if bound else ()
                yield from ((name, "positive" if above else NEGATIVE) for name in small)


def declared(formula: Traced) -> Iterator[Clue]:
    """Yield what a formula declares."""
    return (clue for clue, _ in _declarations(formula))


def _declarations(formula: Traced) -> Iterator[tuple[Clue, tuple[str, ...]]]:
    """Yield what a formula declares, each with the properties that it says besides: how far they reach is told by its words."""
    waiting: list[str] = []
    span = formula.span(Span(0, len(formula.text)))
    for part in _parts(formula.text.strip()):
        found = _declaration(part, span)
        if found is not None:
            written, clue, properties = found
            names = (_name(w) for w in (*waiting, *re.split(r"[,，、]", written)))
            yield from ((replace(clue, name=name), properties) for name in names if name)
        elif (sized := _SIZED.fullmatch(part)) is not None:
            rows, cols = (_dim(s) for s in sized.group("a", "b", "c", "d") if s)
            if name := _name(sized["names"]):
                yield Clue(name, span, kind_of(Shape(rows, cols)), Shape(rows, cols)), ()
        else:
            waiting.append(part)
            continue
        waiting = []


def by_its_sizes(mark: SizeMark, span: Span) -> Clue:
    """Return what the sizes below a letter say of it."""
    shape = Shape(_dim(mark.rows), _dim(mark.cols))
    return Clue(_name(mark.name), span, kind_of(shape), shape)


def _declaration(part: str, span: Span) -> tuple[str, Clue, tuple[str, ...]] | None:
    """Return what a part of a formula declares: its names as they are written, a clue for each, properties; None for nothing."""
    whole = _OWN.sub(lambda own: own["name"] or own["turned"], part)
    if (ordered := _ORDERED.fullmatch(whole)) is not None:
        said = (SYMMETRIC,) if ordered["no"] or ordered["not"] else (SYMMETRIC, DEFINITE)
        return ordered["above"] or ordered["below"], Clue("", span, "matrix"), said
    definite = _DEFINITE.fullmatch(part)
    if (among := definite or _SYMMETRIC.fullmatch(part)) is not None:  # the cone of symmetric matrices, of definite ones with ++
        said = (SYMMETRIC, DEFINITE) if definite or "++" in among["scripts"] else (SYMMETRIC,)
        return among["names"], Clue("", span, "matrix"), said
    if (among := _MATRICES.fullmatch(part)) is not None:  # M_n, M_{nn}, M_{m \times n}
        inner = among["shape"] or among["one"]
        pair = re.fullmatch(r"([a-z])([a-z])|([a-z])", inner)
        shape = Shape(_dim(pair[1] or pair[3]), _dim(pair[2] or pair[3])) if pair else shape_of_text(inner)
        return among["names"], Clue("", span, "matrix", shape, member=True), ()
    if (member := _MEMBER.fullmatch(part)) is not None:
        inner = (member["shape"] or member["one"] or "").strip()
        shape = SCALAR if not inner else shape_of_text(inner, single=True)
        kind = kind_of(shape) if shape is not None else "matrix" if re.search(r"\\times|×", inner) else "column"
        return member["names"], Clue("", span, kind, shape, member=True), ()
    return None


def _parts(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    text = _WIDE.sub(",", text)
    for i, char in enumerate(text):
        depth += (char in "{(") - (char in "})")
        if depth == 0 and char in ",;，；":
            parts.append(text[start:i].strip())
            start = i + 1
    return [p for p in (*parts, text[start:].strip()) if p]


def bare_names(text: str) -> Iterator[str]:
    """Yield the names of a formula that is nothing but names."""
    words = [w for w in re.split(r"[,，、]|\\,|\\text\{\s*and\s*\}|\\quad", text) if w.strip()]
    found = [_name(w) for w in words]
    if all(found) and len(found) <= MAX_SIZES:
        yield from (n for n in found if n)


def _name(text: str) -> str:
    text = text.strip()
    if not text or len(text) > 40 or not re.fullmatch(r"[A-Za-z0-9\\{}_ '*\[\]()-]+", text) or "(" in _MARK.sub("", text):
        return ""
    return canonical(text) or ""


def shape_of_text(text: str, *, single: bool = False, inside: bool = False) -> Shape | None:
    r"""Return the shape that `m \times n`, `(m, 1)` or, if `single`, `n` states."""
    found = _SHAPE.search(text) if inside else _SHAPE.fullmatch(text.strip())
    if inside and found and not re.search(r"\\times|×|\d\s*x|x\s*\d", found[0]):
        return None
    if found:
        return Shape(_dim(found[1]), _dim(found[2]))
    if single and re.fullmatch(_SIZE, text.strip()):
        return Shape(_dim(text.strip()), ONE)
    return None


def _dim(text: str) -> Dim:
    return size(int(text)) if text.isdigit() and int(text) else size(re.sub(r"\{(\w)\}", r"\1", text))


def kind_of(shape: Shape | None) -> LetterKind:
    """Return what a letter of a shape is."""
    if shape is None:
        return ""
    if shape == SCALAR:
        return "scalar"
    return "column" if shape.cols == ONE else "matrix"


def clue_words(clue: Clue) -> str:
    """Return a declared shape in words."""
    return str(clue.shape) if clue.shape is not None else clue.kind
