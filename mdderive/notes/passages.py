r"""The text of a note to its passages in order: headings, words, formulas, directives.

Formulas stand in `$`, `$$`, `\( \)`, `\[ \]`, in display environments without dollars, in math fences and in dollars with
backticks; code, comments and derive blocks hold none. A dollar sign without a partner is a finding, and no formula is guessed in
its paragraph.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mdderive.diagnostics import Diagnostic
from mdderive.notes.traced import Traced
from mdderive.source import Source, Span

Kind = Literal["heading", "words", "inline", "display", "directive"]

MAX_FORMULA = 20_000
_DISPLAYS = r"(?:[a-z]{0,3}align(?:ed|at|edat)?|equation|gather(?:ed)?|multline|eqnarray|split|displaymath|flalign|math)\*?"
_MARKS = re.compile(
    rf"""
    (?P<matter>\A\ufeff?---[ \t]*\r?\n.*?\n(?:---|\.\.\.)[ \t]*(?=\r?\n|\Z))
  | (?P<comment><!--(?P<said>.*?)-->)
  | (?P<remark>%[ \t]*(?P<meant>mdderive:[^\n]*))
  | (?P<fence>^(?P<lead>[ \t>]*(?:(?:[*+-]|\d+[.)])[ \t]+)?)(?P<mark>`{{3,}}|~{{3,}})(?P<info>[^\n`]*)\n
        (?P<body>.*?)(?:^[ \t>]*(?P=mark)[`~]*[ \t]*$|\Z))
  | (?P<ticked>\$`(?P<formula>[^`\n]+)`\$)
  | (?P<code>(?<!`)(?P<ticks>`+)(?!`)[^\n]*?(?:\n[^\n]+?)??(?<!`)(?P=ticks)(?!`))
  | (?P<heading>^[ \t>]{{0,6}}(?P<level>\#{{1,6}})[ \t]+(?P<title>[^\n]*))
  | (?P<section>\\(?P<depth>part|chapter|(?:sub){{0,2}}section|(?:sub)?paragraph)\*?[ \t]*(?=[\[{{]))
  | (?P<verbatim>\\begin\{{(?P<kind>(?:verbatim|Verbatim|lstlisting|minted|comment|derive|tikzpicture)\*?)\}}
        .*?(?:\\end\{{(?P=kind)\}}|\Z))
  | (?P<environment>\\begin\{{(?P<name>{_DISPLAYS})\}}.*?\\end\{{(?P=name)\}})
  | (?P<brackets>\\{{1,2}}\[(?!-?[0-9.]+[a-z]{{2}}\])(?P<shown>(?:(?!\n[ \t]*\n[ \t]*\n).)*?)\\{{1,2}}\])
  | (?P<parens>\\{{1,2}}\((?P<inside>(?:(?!\n[ \t]*\n).)*?)\\{{1,2}}\))
  | (?P<escaped>\\\$)
  | (?P<double>\$\$)
  | (?P<dollar>\$)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
_QUOTE = re.compile(r"(?<=\n)[ \t]*(?:>[ \t]?)+")
_BREAK = re.compile(r"\n[ \t>]*\n")
_HEADING = re.compile(r"^#{1,6}[ \t]|^```", re.MULTILINE)
_CJK = "[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7a3]"
_PLAIN_WORDS = re.compile(rf"{_CJK}{{2}}|\A\d[^\\]*{_CJK}|[A-Za-z]{{3,}}[ ,]+[A-Za-z]{{2,}}[ ,]+[A-Za-z]{{2,}}")
_PICTURES = re.compile(r"\\begin\{(?P<kind>tikzpicture|tikzcd|picture|CD)\*?\}.*?\\end\{(?P=kind)\*?\}", re.DOTALL)
PICTURE = r"\picture"  # what the reader sees of one
_TEX_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%(?![ \t]*mdderive:)[^\n]*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a note; `text` is that of a formula without its delimiters, or the words; `level` that of a heading."""

    kind: Kind
    text: Traced
    span: Span
    level: int = 0


@dataclass(frozen=True, slots=True)
class Passages:
    """The passages of a note in order, and what is wrong with its delimiters."""

    passages: tuple[Passage, ...]
    findings: tuple[Diagnostic, ...] = ()


def passages(source: Source, *, tex: bool = False) -> Passages:
    """Return the passages of a Markdown text, or of a LaTeX text."""
    text = source.text
    if tex:
        text = _TEX_COMMENT.sub(lambda found: found[1] + " " * (len(found[0]) - len(found[1])), text)
    reader = _Reader(_PICTURES.sub(lambda found: PICTURE.ljust(len(found[0])), text), tex)
    reader.read()
    return Passages(tuple(reader.found), tuple(reader.findings))


class _Reader:
    """Walks over the marks of a text; `at` is where the words not yet taken begin."""

    def __init__(self, text: str, tex: bool) -> None:
        self.text = text
        self.tex = tex
        self.at = 0
        self.found: list[Passage] = []
        self.findings: list[Diagnostic] = []
        self.unpaired: int = -1

    def read(self) -> None:
        position = 0
        while found := _MARKS.search(self.text, position):
            position = self._mark(found)
        self._words(len(self.text))

    def _words(self, end: int) -> None:
        if end > self.at:
            self.found.append(Passage("words", self._traced(self.at, end), Span(self.at, end)))
        self.at = max(self.at, end)

    def _traced(self, start: int, end: int) -> Traced:
        return Traced(self.text[start:end], tuple(range(start, end)))

    def _take(self, kind: Kind, outer: tuple[int, int], inner: tuple[int, int], level: int = 0) -> int:
        self._words(outer[0])
        text = self._traced(*inner)
        if kind == "display":
            text = text.replaced(_QUOTE, lambda found: (" ",))
        self.found.append(Passage(kind, text, Span(*outer), level))
        self.at = outer[1]
        return outer[1]

    def _mark(self, found: re.Match[str]) -> int:
        whole = found.span()
        kind = found.lastgroup or ""
        if found["fence"] is not None:
            if self.tex:
                return found.start("mark") + 1
            info = found["info"].strip().strip("{}. ")
            if info.split(" ")[0] == "math":
                return self._take("display", whole, found.span("body"))
            return self._skip(whole)
        if found["comment"] is not None:
            said = found["said"].strip()
            return self._take("directive", whole, found.span("said")) if said.startswith("mdderive:") else self._skip(whole)
        if found["remark"] is not None:
            return self._take("directive", whole, found.span("meant")) if self.tex else found.end()
        if found["heading"] is not None:
            if self.tex:
                return found.end("level")
            self._take("heading", (found.start("level"), found.end("level")), found.span("level"), len(found["level"]))
            return found.end("level")
        if found["section"] is not None:
            self._take("heading", whole, whole, _LEVELS.index(found["depth"]) + 1)
            return whole[1]
        if found["environment"] is not None:
            return self._take("display", whole, whole)
        for name, inner, shown in (("ticked", "formula", 0), ("brackets", "shown", 1), ("parens", "inside", 0)):
            if found[name] is not None:
                return self._take("display" if shown else "inline", whole, found.span(inner))
        if found["double"] is not None:
            return self._display(found)
        if found["dollar"] is not None:
            return self._inline(found)
        if kind == "matter" or found["code"] is not None or found["verbatim"] is not None or found["matter"] is not None:
            return self._skip(whole) if not (self.tex and found["code"] is not None) else found.start() + 1
        return whole[1]

    def _skip(self, whole: tuple[int, int]) -> int:
        self._words(whole[0])
        self.at = whole[1]
        return whole[1]

    def _display(self, opened: re.Match[str]) -> int:
        start = opened.end()
        end = _unescaped(self.text, "$$", start)
        body = self.text[start : end if end >= 0 else start]
        if end < 0 or len(body) > MAX_FORMULA or _HEADING.search(body):
            self.findings.append(Diagnostic("DRV133", Span(*opened.span()), {"mark": "$$"}))
            return opened.end()
        return self._take("display", (opened.start(), end + 2), (start, end))

    def _inline(self, opened: re.Match[str]) -> int:
        """Take `$…$` within a paragraph, if every dollar sign of the paragraph has its partner."""
        start = opened.start()
        if start < self.unpaired:
            return opened.end()
        stop = _BREAK.search(self.text, start)
        limit = stop.start() if stop else len(self.text)
        end = _unescaped(self.text, "$", start + 1, limit)
        body = self.text[start + 1 : end if end >= 0 else start + 1]
        prose = bool(_PLAIN_WORDS.search(body)) and "\\" not in body
        if end < 0 or prose or len(body) > MAX_FORMULA:
            self.findings.append(Diagnostic("DRV133", Span(*opened.span()), {"mark": "$"}))
            self.unpaired = limit
            return opened.end()
        if not body.strip():
            return end + 1
        return self._take("inline", (start, end + 1), (start + 1, end))


def _unescaped(text: str, mark: str, start: int, limit: int | None = None) -> int:
    """Return where the next mark stands that no backslash escapes; -1 where there is none."""
    at = text.find(mark, start, limit)
    while at > 0 and text[at - 1] == "\\" and text[at - 2 : at] != "\\\\":
        at = text.find(mark, at + 1, limit)
    return at


def sentences(words: str) -> Iterator[str]:
    """Yield the sentences of some words."""
    yield from re.split(r"[.;!?。；！？]\s|\n[ \t>]*\n|[。；！？]", words)
