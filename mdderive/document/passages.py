r"""The text of a note to its passages in order: headings, words, formulas, directives.

Formulas stand in `$`, `$$`, `\( \)`, `\[ \]`, in display environments without dollars, in math fences, directives and roles, in
`<script type="math/tex">` and in dollars with backticks; code, comments and derive blocks hold none. A dollar sign without a
partner is a finding, and no formula is guessed in its paragraph.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from mdderive.document.accents import accented
from mdderive.latex.notation import PICTURE
from mdderive.model.diagnostics import Finding
from mdderive.model.reasons import Reason
from mdderive.model.source import Source, Span
from mdderive.model.traced import Traced

Kind = Literal["heading", "begin", "end", "words", "inline", "display", "directive"]

MAX_FORMULA = 10_000
_DISPLAYS = (
    r"(?:[a-z]{0,3}align(?:ed|at|edat)?|equation|gather(?:ed)?|multline|eqnarray|split|displaymath|flalign|math"
    r"|d(?:math|group|array)|IEEEeqnarray|empheq|(?:sub)?numcases)\\?\*?"
)
# How the names of environments begin that hold an example or an exercise.
_EXAMPLES = "ex|eg|beispiel|bsp|aufgabe|ejem|ejer|esem|eserc|prob|prim"
# What opens a passage; where it closes is looked up apart, so that many that stay open cost no more than a few.
_MARKS = re.compile(
    rf"""
    (?P<matter>\A\ufeff?---[ \t]*\r?\n.*?\n(?:---|\.\.\.)[ \t]*(?=\r?\n|\Z))
  | (?P<comment><!--)
  | (?P<remark>%[ \t]*(?P<meant>mdderive:[^\n]*))
  | (?P<fence>^(?P<lead>[ \t>]*(?:(?:[*+-]|\d+[.)])[ \t]+)?)(?P<mark>`{{3,}}|~{{3,}})(?P<info>[^\n`]*)\n)
  | (?P<colons>^[ \t]*(?P<dots>:{{3,}})\{{math\}}[^\n]*\n)
  | (?P<script><script[ ]type=["']math/tex[^>]*>)
  | (?P<element><math>)
  | (?P<ticked>(?:\$|\{{math\}}|:math:)`(?P<formula>[^`\n]+)`\$?)
  | (?P<code>(?<!`)(?P<ticks>`+)(?!`))
  | (?P<heading>^[ \t>]{{0,6}}(?P<level>\#{{1,6}})[ \t]+(?P<title>[^\n]*))
  | (?P<section>\\(?P<depth>part|chapter|(?:sub){{0,2}}section|(?:sub)?paragraph)\*?[ \t]*(?=[\[{{]))
  | (?P<verbatim>\\begin\{{(?P<kind>(?:verbatim|Verbatim|lstlisting|minted|comment|derive|tikzpicture)\*?)\}})
  | (?P<environment>\\begin\{{(?P<name>{_DISPLAYS})\}})
  | (?P<example>\\(?P<edge>begin|end)\{{(?:{_EXAMPLES})[a-zé]*\*?\}})
  | (?P<brackets>\\{{1,2}}\[(?!-?[0-9.]+[a-z]{{2}}\]))
  | (?P<parens>\\{{1,2}}\()
  | (?P<escaped>\\\$)
  | (?P<double>\$\$)
  | (?P<dollar>\$)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
# What holds a formula between two marks: how it is shown, where it ends ({} are its colons), what it does not reach beyond.
_DELIMITED: Mapping[str, tuple[Kind, str, str]] = {
    "colons": ("display", "^[ \t]*{}[ \t]*$", r"\Z"),
    "script": ("display", "</script>", r"\Z"),
    "element": ("inline", "</math>", r"\n[ \t]*\n"),
    "brackets": ("display", r"\\{1,2}\]", r"\n[ \t]*\n[ \t]*\n"),
    "parens": ("inline", r"\\{1,2}\)", r"\n[ \t]*\n"),
}
_OPTIONS = re.compile(r"(?:[ \t>]*:[a-z-]+:[^\n]*\n)+")
_LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
_QUOTE = re.compile(r"(?<=\n)[ \t]*(?:>[ \t]?)+")
_BREAK = r"\n[ \t>]*\n"
_TICKS = re.compile("`+")
_HEADING = re.compile(r"^#{1,6}[ \t]|^```", re.MULTILINE)
_CJK = "[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7a3]"
_PLAIN_WORDS = re.compile(rf"{_CJK}{{2}}|\A\d[^\\]*{_CJK}|[A-Za-z]{{3,}}[ ,]+[A-Za-z]{{2,}}[ ,]+[A-Za-z]{{2,}}")
_PICTURES = re.compile(r"\\begin\{(?P<kind>tikzpicture|tikzcd|picture|CD)\*?\}")
_TEX_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%(?![ \t]*mdderive:)[^\n]*")


class _Ends:
    """Where what is open in a text may close; the text is searched for each pattern only once from front to back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[str, tuple[int, re.Match[str] | None]] = {}

    def after(self, pattern: str, start: int) -> re.Match[str] | None:
        """Return the first match of a pattern from `start` on."""
        since, found = self.known.get(pattern, (len(self.text) + 1, None))
        if start < since or (found is not None and found.start() < start):
            found = re.compile(pattern, re.MULTILINE).search(self.text, start)
            self.known[pattern] = start, found
        return found

    def within(self, pattern: str, start: int, limit: str) -> re.Match[str] | None:
        """Return the first match of a pattern from `start` on that begins before the next match of `limit` ends the search."""
        found, stop = self.after(pattern, start), self.after(limit, start)
        return found if found and (stop is None or found.start() <= stop.start()) else None

    @cached_property
    def ticks(self) -> dict[int, list[int]]:
        """Where runs of backticks begin, by their length."""
        runs: dict[int, list[int]] = {}
        for run in _TICKS.finditer(self.text):
            runs.setdefault(len(run[0]), []).append(run.start())
        return runs

    def code(self, ticks: re.Match[str]) -> int:
        """Return where code in backticks ends, behind as many on its line or (not at the start) on the next; else -1."""
        runs = self.ticks[len(ticks[0])]
        here = bisect_right(runs, ticks.start())
        for closing in runs[here : here + 2]:
            between = self.text[ticks.end() : min(closing, ticks.end() + MAX_FORMULA)]
            _, line_end, below = between.partition("\n")
            if len(between) < MAX_FORMULA and "\n" not in below and (below or not line_end):
                return closing + len(ticks[0])
        return -1


def _without_pictures(text: str) -> str:
    """Return a text in which a mark stands for every picture, in as many characters."""
    ends, out, at = _Ends(text), [], 0
    for found in _PICTURES.finditer(text):
        end = ends.after(rf"\\end\{{{found['kind']}\*?\}}", found.end()) if found.start() >= at else None
        if end:
            out += [text[at : found.start()], PICTURE.ljust(end.end() - found.start())]
            at = end.end()
    return "".join([*out, text[at:]])


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a note; `text` is that of a formula without its delimiters, or the words; `level` that of a heading.

    An example begins and ends where its environment does.
    """

    kind: Kind
    text: Traced
    span: Span
    level: int = 0


@dataclass(frozen=True, slots=True)
class Passages:
    """The passages of a note in order, and what is wrong with its delimiters."""

    passages: tuple[Passage, ...]
    findings: tuple[Finding, ...] = ()


def passages(source: Source, *, tex: bool = False) -> Passages:
    """Return the passages of a Markdown text, or of a LaTeX text."""
    text = source.text
    if tex:
        text = _TEX_COMMENT.sub(lambda found: found[1] + " " * (len(found[0]) - len(found[1])), accented(text))
    reader = _Reader(_without_pictures(text), tex)
    reader.read()
    return Passages(tuple(reader.found), tuple(reader.findings))


class _Reader:
    """Walks over the marks of a text; `at` is where the words not yet taken begin."""

    def __init__(self, text: str, tex: bool) -> None:
        self.text = text
        self.tex = tex
        self.at = 0
        self.found: list[Passage] = []
        self.findings: list[Finding] = []
        self.unpaired: int = -1
        self.ends = _Ends(text)

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
        if inner[1] - inner[0] > MAX_FORMULA:
            self.findings.append(Finding("DRV134", Span(*outer), reason=Reason("too-long", {"most": f"{MAX_FORMULA:,}"})))
            return self._skip(outer)
        text = self._traced(*inner)
        if kind == "display":
            text = text.replaced(_QUOTE, lambda found: (" ",))
        self.found.append(Passage(kind, text, Span(*outer), level))
        self.at = outer[1]
        return outer[1]

    def _mark(self, found: re.Match[str]) -> int:
        """Take what a mark opens, and return where to go on."""
        whole, name = found.span(), found.lastgroup or ""
        if name in _DELIMITED:
            kind, closer, limit = _DELIMITED[name]
            return self._bracketed(kind, found, self.ends.within(closer.replace("{}", found["dots"] or ""), whole[1], limit))
        match name:
            case "fence":
                return found.start("mark") + 1 if self.tex else self._fence(found)
            case "comment":
                return self._comment(found)
            case "remark":
                return self._take("directive", whole, found.span("meant")) if self.tex else whole[1]
            case "heading":
                if not self.tex:
                    self._take("heading", (found.start("level"), found.end("level")), found.span("level"), len(found["level"]))
                return found.end("level")
            case "section":
                return self._take("heading", whole, whole, _LEVELS.index(found["depth"]) + 1)
            case "example":
                return self._take("begin" if found["edge"] == "begin" else "end", whole, whole)
            case "environment":
                end = self.ends.after(rf"\\end\{{{re.escape(found['name'])}\}}", whole[1])
                return self._take("display", (whole[0], end.end()), (whole[0], end.end())) if end else whole[1]
            case "ticked":
                return self._take("inline", whole, found.span("formula"))
            case "double":
                return self._display(found)
            case "dollar":
                return self._inline(found)
            case "code":
                behind = -1 if self.tex else self.ends.code(found)
                return self._skip((whole[0], behind)) if behind >= 0 else whole[1]
            case "verbatim":
                closed = self.ends.after(rf"\\end\{{{re.escape(found['kind'])}\}}", whole[1])
                return self._skip((whole[0], closed.end() if closed else len(self.text)))
        return self._skip(whole) if name == "matter" else whole[1]

    def _fence(self, opened: re.Match[str]) -> int:
        """Take a fence of formulas, or pass over one of code; one that is not closed goes to the end."""
        closed = self.ends.after(rf"^[ \t>]*{opened['mark']}[`~]*[ \t]*$", opened.end())
        stop, end = closed.span() if closed else (len(self.text),) * 2
        info = opened["info"].strip().strip("{}. ")
        if info.split(" ")[0] == "math":
            return self._take("display", (opened.start(), end), (min(self._behind_options(opened.end()), stop), stop))
        return self._skip((opened.start(), end))

    def _comment(self, opened: re.Match[str]) -> int:
        closed = self.ends.after("-->", opened.end())
        if closed is None:
            return opened.end()
        outer, inner = (opened.start(), closed.end()), (opened.end(), closed.start())
        said = self.text[slice(*inner)].lstrip()
        return self._take("directive", outer, inner) if said.startswith("mdderive:") else self._skip(outer)

    def _bracketed(self, kind: Kind, opened: re.Match[str], closed: re.Match[str] | None) -> int:
        if closed is None:
            return opened.end()
        return self._take(kind, (opened.start(), closed.end()), (self._behind_options(opened.end()), closed.start()))

    def _behind_options(self, start: int) -> int:
        """Return where a formula begins behind the options of its directive."""
        options = _OPTIONS.match(self.text, start)
        return options.end() if options else start

    def _skip(self, whole: tuple[int, int]) -> int:
        self._words(whole[0])
        self.at = whole[1]
        return whole[1]

    def _display(self, opened: re.Match[str]) -> int:
        start = opened.end()
        end = _unescaped(self.text, "$$", start)
        body = self.text[start : end if end >= 0 else start]
        if end < 0 or _HEADING.search(body):
            self.findings.append(Finding("DRV133", Span(*opened.span()), {"mark": "$$"}))
            return opened.end()
        return self._take("display", (opened.start(), end + 2), (start, end))

    def _inline(self, opened: re.Match[str]) -> int:
        """Take `$…$` within a paragraph, if every dollar sign of the paragraph has its partner."""
        start = opened.start()
        if start < self.unpaired:
            return opened.end()
        stop = self.ends.after(_BREAK, start)
        limit = stop.start() if stop else len(self.text)
        end = _unescaped(self.text, "$", start + 1, limit)
        body = self.text[start + 1 : end if end >= 0 else start + 1]
        if end < 0 or ("\\" not in body and _PLAIN_WORDS.search(body)):
            self.findings.append(Finding("DRV133", Span(*opened.span()), {"mark": "$"}))
            self.unpaired = limit
            return opened.end()
        return self._take("inline", (start, end + 1), (start + 1, end)) if body.strip() else end + 1


def _unescaped(text: str, mark: str, start: int, limit: int | None = None) -> int:
    """Return where the next mark stands that no backslash escapes; -1 where there is none."""
    at = text.find(mark, start, limit)
    while at > 0 and text[at - 1] == "\\" and text[at - 2 : at] != "\\\\":
        at = text.find(mark, at + 1, limit)
    return at


def sentences(words: str) -> Iterator[str]:
    """Yield the sentences of some words."""
    yield from re.split(r"[.;!?。；！？]\s|\n[ \t>]*\n|[。；！？]", words)
