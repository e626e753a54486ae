r"""What words say that a letter is: "where $a$ is a vector of length $m$", "матрица $A$ размера $m \times n$".

The words are rows of the lexicon, by meaning, in the languages that a note is written in. What is found is a clue with its
place; whether it fits its use is seen later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from mdderive.latex.letters import base_letter
from mdderive.model.shapes import SCALAR, Shape
from mdderive.model.source import Span
from mdderive.model.traced import Traced
from mdderive.reading.lexicon import any_of, spellings
from mdderive.reading.membership import Clue, LetterKind, bare_names, declared, kind_of, shape_of_text

HOLE = "\ue000(\\d+)\ue001"  # what stands for a formula, with its number
_HOLE = re.compile(HOLE)
_KINDS: tuple[tuple[str, LetterKind], ...] = (("row", ""), ("vector", "column"), ("matrix", "matrix"), ("scalar", "scalar"))
_PLURAL = re.compile("(?:s|en|i|ы|[\u3000-\ud7a3])$")
WITHIN = "[^\ue000.;。；\n,，]"  # characters of one clause without formulas
_NEAR = 40  # characters before a name in which a word that supposes something stands
_SOON = 30  # characters in which "entrywise" stands where no function is spoken of


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How some languages describe letters; formulas stand as marks with their numbers."""

    said: re.Pattern[str]  # names, a verb, and what is said
    before: re.Pattern[str]  # a kind before its names
    behind: re.Pattern[str]  # a kind right behind them
    kinds: re.Pattern[str]
    length: re.Pattern[str]  # a formula that a word calls a size
    cut: re.Pattern[str]
    entrywise: re.Pattern[str]
    function: re.Pattern[str]
    square: re.Pattern[str]
    apart: re.Pattern[str]
    here_alone: re.Pattern[str]


def goes_on_a_list(words: str) -> bool:
    """Tell whether nothing but a comma, or a word like "and", parts the words in front of a formula from the formula before."""
    _, mark, between = words.rpartition("\ue000")
    return bool(mark and between.strip()) and between.strip(" \n,，、").lower() in {"", *spellings("and")}


@lru_cache
def _patterns(spoken: tuple[str, ...]) -> _Patterns:
    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)

    kind = "|".join(f"(?P<{meaning}>{any_of(spoken, meaning)})" for meaning, _ in _KINDS)
    joins = rf"(?:[,，、]\s*)?{any_of(spoken, 'and')}|[,，、]"
    listed = f"(?P<names>\ue000\\d+\ue001(?:\\s*(?:{joins})\\s*\ue000\\d+\ue001){{0,40}})"
    verb = rf"(?:\s*(?:{any_of(spoken, 'be', 'verb', 'article')}|—|--|-|:|：|=)\s*)"
    wise = f"(?:[,，]{WITHIN}{{0,20}}{any_of(spoken, 'entrywise')})?"
    what = f"{WITHIN}{{0,60}}(?:\ue000\\d+\ue001{WITHIN}{{0,40}})?{wise}"
    size = any_of(spoken, "size")
    return _Patterns(
        said=compiled(rf"{listed}(?:\s*{any_of(spoken, 'any', 'and')})?(?P<be>{verb})(?P<what>{what})"),
        before=compiled(f"(?P<what>{WITHIN}{{0,40}}){listed}(?=(?P<tail>{WITHIN}{{0,40}}\ue000\\d+\ue001{WITHIN}{{0,20}})?)"),
        behind=compiled(f"(?P<names>\ue000\\d+\ue001)\\s?(?P<what>{kind})"),
        kinds=compiled(kind),
        length=compiled(f"{size}{WITHIN}{{0,12}}\ue000(\\d+)\ue001|\ue000(\\d+)\ue001(?:{WITHIN}{{0,4}}{size}|-(?:{kind}))"),
        cut=compiled(any_of(spoken, "cut")),
        entrywise=compiled(any_of(spoken, "entrywise")),
        function=compiled(any_of(spoken, "function")),
        square=compiled(any_of(spoken, "square")),
        apart=compiled(any_of(spoken, "respectively")),
        here_alone=compiled(any_of(spoken, "if") + f"{WITHIN}{{0,12}}$"),
    )


def clues(words: str, formulas: list[Traced], place: Span, spoken: tuple[str, ...]) -> Iterator[Clue]:
    """Yield what a paragraph says; `words` has a mark in place of each of its formulas, `place` is where the paragraph stands."""
    patterns = _patterns(spoken)
    named = [[(n, f.span(Span(0, len(f.text)))) for n in bare_names(f.text)] for f in formulas]
    for formula in formulas:
        yield from declared(formula)
    for found in patterns.said.finditer(words):
        supposed = bool(patterns.here_alone.search(words, max(0, found.start() - _NEAR), found.start()))
        own = [one for hole in _HOLE.findall(found["names"]) for one in named[int(hole)]]
        for clue in _said(own, found["be"] + found["what"], formulas, patterns):
            yield replace(clue, supposed=supposed)
    for found in patterns.before.finditer(words):
        what = found["what"]
        kinds = list(patterns.kinds.finditer(what))
        if kinds and re.fullmatch(r"[\sa-z]{0,3}", what[kinds[-1].end() :]):
            start = kinds[-2].end() if len(kinds) > 1 else max(0, kinds[-1].start() - 20)
            holes = [int(i) for i in _HOLE.findall(found["names"])]
            listed = [one for hole in holes for one in named[hole]]
            plural = _PLURAL.search(kinds[-1][0]) is not None
            tail = found["tail"] or ""
            tail = tail if patterns.length.search(tail) else ""
            yield from _said(listed if plural else listed[: len(named[holes[0]])], what[start:] + tail, formulas, patterns)
    for found in patterns.behind.finditer(words):
        yield from _said(named[int(_HOLE.findall(found["names"])[0])], found["what"], formulas, patterns)


def _said(listed: list[tuple[str, Span]], what: str, formulas: list[Traced], patterns: _Patterns) -> Iterator[Clue]:
    """Yield what some words say of some names."""
    if len(listed) > 1 and patterns.apart.search(what):
        return  # which word is about which name is not for guessing
    cut = patterns.cut.search(what)
    what = what[: cut.start()] if cut else what
    wise = patterns.entrywise.search(what)
    function = patterns.function.search(what)
    if wise and not _HOLE.search(what[: wise.start()]) and (wise.start() < _SOON or function):
        yield from (Clue(name, span, "function") for name, span in listed)
        return
    said = patterns.kinds.search(what)
    kind: LetterKind = next((kind for meaning, kind in _KINDS if said and said[meaning]), "")
    behind = _HOLE.match(what, said.end() + len(what[said.end() :]) - len(what[said.end() :].lstrip())) if said else None
    if said and behind and shape_of_text(formulas[int(behind[1])].text) is None:
        return  # "f 是矩阵 X 的函数": the word belongs to the next name
    if function and kind != "scalar":
        return
    shape = _shape(what, kind, formulas, patterns)
    kind = kind or kind_of(shape)
    row = bool(said and said["row"])
    if kind or row or shape is not None:
        square = kind == "matrix" and said is not None and patterns.square.search(what, 0, said.end()) is not None
        yield from (
            Clue(name, span, kind, shape, square=square, row=row and base_letter(name)[-1:].islower())
            for name, span in listed
            if "\\times" not in name
        )


def _shape(what: str, kind: LetterKind, formulas: list[Traced], patterns: _Patterns) -> Shape | None:
    """Return the shape that some words state: by a formula, by what they call a size of a vector, or as they stand."""
    holes = [int(i) for i in _HOLE.findall(what)]
    shape = shape_of_text(formulas[holes[0]].text) if holes else shape_of_text(what, inside=True)
    if shape is None and kind == "column" and (length := patterns.length.search(what)) is not None:
        shape = shape_of_text(formulas[int(length[1] or length[2])].text, single=True)
    return None if kind == "scalar" and shape != SCALAR else shape
