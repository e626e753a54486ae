r"""What the words of a note say about its letters: "where $a$ is an $m \times 1$ vector", "$M$ 是对称矩阵", "$a$ is constant".

The words are a table, so that a language is a row more. Formulas that declare are read too: `A \in \mathbb{R}^{m \times n}`,
`X_{m \times n}`, `X: (m, n)`. What is found is a clue with its place; whether it fits its use is seen later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from mdderive.model.shapes import ONE, SCALAR, Dim, Shape, size
from mdderive.model.source import Span
from mdderive.model.traced import Traced
from mdderive.reading.facts import Named
from mdderive.reading.statements import canonical

LetterKind = Literal["", "scalar", "column", "matrix", "function"]


@dataclass(frozen=True, slots=True)
class Clue:
    """What is said of a letter, of whose shape only the kind may be known, or that it is square.

    It is `supposed` when only for what follows at once.
    """

    name: str
    span: Span
    kind: LetterKind = ""
    shape: Shape | None = None
    properties: frozenset[str] = frozenset()
    supposed: bool = False
    square: bool = False


KINDS: tuple[tuple[str, LetterKind], ...] = (
    (r"row[ -]vectors?|行向量", ""),
    (
        r"(?:column[ -])?vectors?|列向量|向量|ベクトル|벡터|вектор\w*|vecteurs?|Vektor\w*|vettor[ei]|vetor(?:es)?|vectores",
        "column",
    ),
    (r"matri(?:x|ces)|matrices|矩阵|方阵|矩陣|行列|행렬|матриц\w*|Matri(?:x|zen)|matrices?|matriz(?:es)?|matric[ei]", "matrix"),
    (
        r"scal[ae]rs?|real numbers?|标量|純量|实数|スカラー|스칼라|скаляр\w*|scalaires?|Skalar\w*|scalar[ei]|escalar(?:es)?",
        "scalar",
    ),
)
_SQUARE = re.compile(
    r"\bsquare\b|方阵|方陣|正方|정사각|정방|\bquadratisch\w*|\bcarrée?s?\b|\bcuadrad[ao]s?\b|\bquadrad[ao]s?\b|\bquadrat[aei]\b|\bквадратн\w*",
    re.IGNORECASE,
)
_ELEMENTWISE = re.compile(r"element-?\s?wise|component-?wise|逐元素|按元素|逐项|element by element", re.IGNORECASE)
_SIZE = r"(?:\d+|(?:[A-Za-z]|\\ell)(?:_(?:\w|\{\w+\}))?)"
_TIMES = r"\s*(?:x|\\times|×|\*|,)\s*"
_SHAPE = re.compile(rf"\\?[({{]?\s*({_SIZE}){_TIMES}({_SIZE})\s*[)}}]?")
_MEMBER = re.compile(
    r"(?P<names>.+?)\s*\\in\s*(?:\\(?:mathbb|mathbf|mathcal|Bbb|mathrm|boldsymbol)\s*\{?\s*[RCFK]\s*\}?"
    r"|[RC]|\\R|\\C|\\Re|\\reals|\\Real)(?![A-Za-z])"
    r"\s*(?:\^\s*(?:\{(?P<shape>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|(?P<one>\w)))?\s*[,.，。;]?\s*"
)
_MATRICES = re.compile(
    r"(?P<names>.+?)\s*\\in\s*(?:\\(?:math\w+|operatorname)\s*\{\s*M(?:at)?\s*\}|M)\s*_\s*"
    r"(?:\{\s*(?P<shape>[^{}]*?)\s*\}|(?P<one>\w))\s*(?:\([^()]*\))?\s*"
)
_SYMMETRIC = re.compile(
    r"(?P<names>.+?)\s*\\in\s*\\(?:mathbb|mathbf|mathcal|mathrm)\s*\{?\s*S\s*\}?(?P<scripts>(?:\s*[_^]\s*(?:\{[^{}]*\}|\w|\+))*)"
)
_DEFINITE = re.compile(r"(?P<names>.+?)\s*\\in\s*S\s*(?:_\s*\{\+\+\}\s*\^\s*\w|\^\s*\w\s*_\s*\{\+\+\})")  # without a font
_SIZED = re.compile(
    rf"(?P<names>[^=]+?)\s*(?:_\s*\{{\s*(?P<a>{_SIZE})\s*(?:\\times|×)\s*(?P<b>{_SIZE})\s*\}}"
    rf"|[:：]\s*\(?\s*(?P<c>{_SIZE})\s*(?:\\times|×|,)\s*(?P<d>{_SIZE})\s*\)?|\(\s*(?P<e>{_SIZE})\s*(?:\\times|×)\s*(?P<f>{_SIZE})\s*\))"
)
_HOLE = re.compile("\ue000(\\d+)\ue001")
_T = r"\s*\^\s*\{?\s*(?:T|\\top|\\intercal|\\mathsf\s*\{?T\}?|\\mathrm\s*\{?T\}?)\s*\}?"
_ITSELF = re.compile(rf"(?P<a>[^\s=^]+)\s*=\s*\{{?(?P=a)\}}?{_T}|\{{?(?P<b>[^\s=^]+?)\}}?{_T}\s*=\s*(?P=b)")
_BE = (
    r"(?:\s*(?:is|are|be|being|denotes?|represents?|stands? for|est|sont|ist|sind|sei|désigne"
    r"|均为|都是|都为|分别是|分别为|是|为|為|代表|表示"
    r"|an?|une?|um|uma|una|uno|eine?|è|sia|siano|es|sea|sean|é|são|seja|sejam|soit|soient|seien"  # "$x$ un vecteur", "$x$ sea …"
    r"|は|が|는|은|—|--|-|:|：|=)\s*)"
)
_KIND = "|".join(f"(?P<k{i}>{words})" for i, (words, _) in enumerate(KINDS))
_KINDS = re.compile(_KIND, re.IGNORECASE)
_NAMES = "\ue000\\d+\ue001(?:\\s*(?:,|，|、|and|和|与|及|以及|или|и|と|와|,\\s*and)\\s*\ue000\\d+\ue001){0,40}"
_SAID = re.compile(
    f"(?P<names>{_NAMES})(?:\\s*(?:both|all|each|共同|都|均))?(?P<be>{_BE})(?P<what>[^\ue000.;。；\n,，]{{0,60}}(?:\ue000\\d+\ue001[^\ue000.;。；\n,，]{{0,40}})?)",
    re.IGNORECASE,
)
_BEFORE = re.compile(f"(?P<what>[^\ue000.;。；,，\n]{{0,40}})(?P<names>{_NAMES})")
_BEHIND = re.compile(f"(?P<names>\ue000\\d+\ue001)\\s?(?P<what>(?:{_KIND.replace('?P<k', '?P<q')})\\b)", re.IGNORECASE)
_IF = re.compile(r"(?:\b(?:if|when|suppose|assuming)|若|如果|当|假设|если|когда)[^.;。；]{0,12}$", re.IGNORECASE)
_NEAR = 40  # characters before a name in which a word that supposes something stands
MAX_SIZES = 12


def clues(words: str, formulas: list[Traced], place: Span) -> Iterator[Clue]:
    """Yield what a paragraph says; `words` has a mark in place of each of its formulas, `place` is where the paragraph stands."""
    names = [list(_names(f.text)) for f in formulas]
    spans = [f.span(Span(0, len(f.text))) for f in formulas]
    for formula in formulas:
        yield from declared(formula)
    for found in _SAID.finditer(words):
        holes = [int(i) for i in _HOLE.findall(found["names"])]
        supposed = bool(_IF.search(words, max(0, found.start() - _NEAR), found.start()))
        for clue in _said([(n, spans[h]) for h in holes for n in names[h]], found["be"] + found["what"], formulas):
            yield replace(clue, supposed=supposed)
    for found in _BEFORE.finditer(words):
        what = found["what"]
        kinds = list(_KINDS.finditer(what))
        if kinds and re.fullmatch(r"[\sa-z]{0,3}", what[kinds[-1].end() :]):
            start = kinds[-2].end() if len(kinds) > 1 else max(0, kinds[-1].start() - 20)
            holes = [int(i) for i in _HOLE.findall(found["names"])]
            listed = [(n, spans[h]) for h in holes for n in names[h]]
            plural = re.search(r"(?:s|ces|些)$|矩阵|向量|标量", kinds[-1][0]) is not None
            yield from _said(listed if plural else listed[: len(names[holes[0]])], what[start:], formulas)
    for found in _BEHIND.finditer(words):
        hole = int(_HOLE.findall(found["names"])[0])
        yield from _said([(n, spans[hole]) for n in names[hole]], found["what"], formulas)


def _said(names: list[tuple[str, Span]], what: str, formulas: list[Traced]) -> Iterator[Clue]:
    """Yield what some words say of some names."""
    if len(names) > 1 and re.search(r"分别|respectively|соответственно|それぞれ|각각", what):
        return  # which word is about which name is not for guessing
    what = re.split(r"\bexp\b|\bwhere\b|\bwith respect\b|\bsuch that\b|其中|\bof\s+(?:a|an|the)\b", what)[0]
    wise = _ELEMENTWISE.search(what)
    if wise and wise.start() < 30 and not _HOLE.search(what[: wise.start()]):
        yield from (Clue(name, span, "function") for name, span in names)
        return
    kind: LetterKind = ""
    said = _KINDS.search(what)
    behind = _HOLE.match(what, said.end() + len(what[said.end() :]) - len(what[said.end() :].lstrip())) if said else None
    if said and behind and shape_of_text(formulas[int(behind[1])].text) is None:
        return  # "f 是矩阵 X 的函数": the word belongs to the next name
    if said:
        kind = next(kind for i, (_, kind) in enumerate(KINDS) if said[f"k{i}"])
    if re.search(r"function|函数|関数|함수|функци", what) and kind != "scalar":
        kind = ""
        return
    holes = [int(i) for i in _HOLE.findall(what)]
    shape = shape_of_text(formulas[holes[0]].text) if holes else shape_of_text(what, inside=True)
    if shape is not None and kind == "scalar" and shape != SCALAR:
        shape = None
    if shape is not None and not kind:
        kind = kind_of(shape)
    if kind or shape is not None:
        square = kind == "matrix" and said is not None and _SQUARE.search(what, 0, said.end()) is not None
        yield from (Clue(name, span, kind, shape, square=square) for name, span in names if "\\times" not in name)


def named(formula: Traced) -> Named:
    """Return the letters that a formula names or declares, and the one that it says to be its own transpose."""
    itself = _ITSELF.fullmatch(formula.text.strip())
    names = tuple(clue.name for clue in declared(formula)) or tuple(_names(formula.text))
    return Named(names, _name(itself["a"] or itself["b"]), claims=itself["a"] is None) if itself is not None else Named(names)


def declared(formula: Traced) -> Iterator[Clue]:
    """Yield what a formula declares."""
    waiting: list[str] = []
    span = formula.span(Span(0, len(formula.text)))
    for part in _parts(formula.text.strip()):
        found = _declaration(part, span)
        if found is not None:
            written, clue = found
            names = (_name(w) for w in (*waiting, *re.split(r"[,，、]", written)))
            yield from (replace(clue, name=name) for name in names if name)
        elif (sized := _SIZED.fullmatch(part)) is not None:
            rows, cols = (_dim(s) for s in sized.group("a", "b", "c", "d", "e", "f") if s)
            if name := _name(sized["names"]):
                yield Clue(name, span, kind_of(Shape(rows, cols)), Shape(rows, cols))
        else:
            waiting.append(part)
            continue
        waiting = []


def _declaration(part: str, span: Span) -> tuple[str, Clue] | None:
    """Return what a part of a formula declares: its names as they are written, and a clue for each; None for no declaration."""
    definite = _DEFINITE.fullmatch(part)
    if (among := definite or _SYMMETRIC.fullmatch(part)) is not None:  # the cone of symmetric matrices, of definite ones with ++
        said = frozenset({"symmetric"} | ({"positive definite"} if definite or "++" in among["scripts"] else set()))
        return among["names"], Clue("", span, "matrix", properties=said)
    if (among := _MATRICES.fullmatch(part)) is not None:  # M_n, M_{nn}, M_{m \times n}
        inner = among["shape"] or among["one"]
        pair = re.fullmatch(r"([a-z])([a-z])|([a-z])", inner)
        shape = Shape(_dim(pair[1] or pair[3]), _dim(pair[2] or pair[3])) if pair else shape_of_text(inner)
        return among["names"], Clue("", span, "matrix", shape)
    if (member := _MEMBER.fullmatch(part)) is not None:
        inner = (member["shape"] or member["one"] or "").strip()
        shape = SCALAR if not inner else shape_of_text(inner, single=True)
        kind = kind_of(shape) if shape is not None else "matrix" if re.search(r"\\times|×", inner) else "column"
        return member["names"], Clue("", span, kind, shape)
    return None


def _parts(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for i, char in enumerate(text):
        depth += (char in "{(") - (char in "})")
        if depth == 0 and char in ",;，；":
            parts.append(text[start:i].strip())
            start = i + 1
    return [p for p in (*parts, text[start:].strip()) if p]


def _names(text: str) -> Iterator[str]:
    """Yield the names of a formula that is nothing but names."""
    words = [w for w in re.split(r"[,，、]|\\,|\\text\{\s*and\s*\}|\\quad", text) if w.strip()]
    found = [_name(w) for w in words]
    if all(found) and len(found) <= MAX_SIZES:
        yield from (n for n in found if n)


def _name(text: str) -> str:
    text = text.strip()
    if not text or len(text) > 40 or not re.fullmatch(r"[A-Za-z0-9\\{}_ '*\[\]()-]+", text) or "(" in text:
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
