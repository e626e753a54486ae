r"""A note to a LaTeX document: all of its Markdown, with derivations whose captions stay within the margin; XeLaTeX compiles it.

What LaTeX has no counterpart for (raw HTML, pictures of other servers) is left out.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from markdown_it.token import Token

from mdderive.model.results import Document
from mdderive.output.markup import DISPLAYED, INLINE, language, parser
from mdderive.output.pages import expand
from mdderive.output.tex import escaped

_PREAMBLE = r"""\documentclass{article}
\usepackage[margin=2.5cm]{geometry}
\usepackage{amsmath,amssymb,bm,graphicx}
%(packages)s%(known)s\renewcommand{\part}{\partial}
\setcounter{MaxMatrixCols}{30}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.5em plus 0.2em}
\setlength{\emergencystretch}{3em}
\begin{document}
"""
# What notes write, for what draws them in a browser knows it, and LaTeX does not.
NAMES = ("tr", "Tr", "diag", "rank", "sgn", "sign")
BOARDS = ("R", "N", "Z", "Q", "C")
CHINESE = "\\usepackage[UTF8,scheme=plain]{ctex}\n"
UNICODE = "\\usepackage{unicode-math}\n"  # signs such as α and ∂ inside formulas
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_SIGNS = re.compile(r"[\u0370-\u03ff\u2070-\u209f\u2100-\u22ff\u27c0-\u2aff]")
_OWN = re.compile(r"\s*\\begin\{(?:align|gather|multline|equation|eqnarray|flalign|alignat)\*?\}")
_COMMENT = re.compile(r"(?<!\\)%.*")
LINE = 80  # characters
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")  # where LaTeX allows none
_BEHIND = re.compile(r"(?<=\})\s*\\tag\*?\s*\{[^{}]*\}\Z")
# What browsers take for less than LaTeX does: more cells than columns, and a command of plain TeX.
_SPELLED = (
    (re.compile(r"(\\begin\{array\}(?:\[[tcb]\])?\{[^{}]*)\}"), r"\1*{20}{c}}"),
    (re.compile(r"\\cases\s*\{([^{}]*)\}"), r"\\begin{cases}\1\\end{cases}"),
)
_SECTIONS = ("section*", "subsection*", "subsubsection*", "paragraph*", "subparagraph*", "subparagraph*")
_AROUND: Mapping[str, tuple[str, str]] = {
    "bullet_list": ("\\begin{itemize}\n", "\\end{itemize}\n\n"),
    "ordered_list": ("\\begin{enumerate}\n", "\\end{enumerate}\n\n"),
    "list_item": ("\\item ", "\n"),
    "blockquote": ("\\begin{quote}\n", "\\end{quote}\n\n"),
    "admonition": ("\\begin{quote}\n", "\\end{quote}\n\n"),
    "admonition_title": ("\\textbf{", "}\\par\n"),
    "dl": ("\\begin{description}\n", "\\end{description}\n\n"),
    "dt": ("\\item[{", "}] "),
    "dd": ("", "\n"),
    "paragraph": ("", "\n\n"),
    "strong": ("\\textbf{", "}"),
    "em": ("\\emph{", "}"),
    "table": ("\n\\par\\medskip\n", "\\par\\medskip\n\n"),
    "thead": ("", "\\hline\n"),
    "tr": ("", "\\\\\n"),
}


def article(document: Document) -> str:
    """Return the whole document."""
    inside = body(document)
    packages = UNICODE * bool(_SIGNS.search(inside))
    packages += CHINESE * (language(document) == "zh" or bool(_CJK.search(inside)))
    known = [rf"\providecommand{{\{name}}}{{\operatorname{{{name}}}}}" for name in NAMES]
    known += [rf"\providecommand{{\{name}}}{{\mathbb{{{name}}}}}" for name in BOARDS]
    return _PREAMBLE % {"packages": packages, "known": "".join(f"{line}\n" for line in known)} + inside + "\\end{document}\n"


def body(document: Document) -> str:
    """Return what stands between the beginning and the end of the document."""
    if document.source.latex:
        return expand(document, "tex")
    placed: list[str] = []
    mark = "mdderive"
    while mark in document.source.text:
        mark += "x"

    def place(story: str) -> str:
        placed.append(story)
        return f"{mark}{len(placed) - 1}z"

    text = expand(document, "tex", place=place)
    written = "".join(_Writer(parser().parse(text)).all())
    return re.sub(rf"{mark}(\d+)z", lambda at: placed[int(at[1])], re.sub(r"\n{3,}", "\n\n", written))


class _Writer:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.notes = _footnotes(tokens)
        self.tables = _tables(tokens)
        self.columns = 0
        self.address = ""

    def all(self) -> Iterator[str]:
        """Yield the text of every token outside of footnotes, which stand where they are called."""
        skipped = False
        for token in self.tokens:
            if token.type in ("footnote_block_open", "footnote_block_close"):
                skipped = token.type.endswith("open")
            elif not skipped:
                yield self.one(token)

    def one(self, token: Token) -> str:
        """Return the text of a token."""
        if token.type in INLINE:
            return f"${_math(token)}$"
        if token.type in DISPLAYED:
            return _displayed(token)
        if token.type in _CONTENT:
            return _CONTENT[token.type](token)
        if token.type == "inline":
            return "".join(map(self.one, token.children or ()))
        if token.type == "footnote_ref":
            return f"\\footnote{{{self.notes.get(token.meta['id'], '')}}}"
        kind, _, end = token.type.rpartition("_")
        if kind in ("th", "td"):
            return self.cell(kind, end)
        if kind == "heading":
            level = int(token.tag[1:]) - 1
            return f"\\{_SECTIONS[level]}{{" if end == "open" else "}\n\n"
        if kind == "table" and end == "open":
            return f"{_AROUND[kind][0]}\\begin{{tabular}}{{{next(self.tables)}}}\n"
        if kind == "table":
            return f"\\end{{tabular}}{_AROUND[kind][1]}"
        if kind == "tr":
            self.columns = 0
        if token.type == "link_open":
            self.address = _address(token)
        if token.type == "link_close":
            return self.address
        if kind == "paragraph" and token.hidden:
            return ""
        return _AROUND.get(kind, ("", ""))[end == "close"]

    def cell(self, kind: str, end: str) -> str:
        """Return what begins or ends a cell of a table."""
        bold = kind == "th"
        if end == "close":
            return "}" * bold
        self.columns += 1
        return " & " * (self.columns > 1) + "\\textbf{" * bold


def _tables(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the columns of every table: as wide as their cells, or of one width and broken where a row is longer than a line."""
    rows: list[list[int]] = []
    for before, token in pairwise(tokens):
        if before.type == "table_open":
            rows = []
        if before.type == "tr_open":
            rows.append([])
        if before.type in ("th_open", "td_open"):
            rows[-1].append(len(token.content))
        if token.type == "table_close":
            count = max(map(len, rows), default=1)
            wide = max(map(sum, rows), default=0) > LINE
            yield f"*{{{count}}}{{p{{{0.9 / count:.2f}\\linewidth}}}}" if wide else "l" * count


def _footnotes(tokens: Sequence[Token]) -> Mapping[int, str]:
    """Return the text of every footnote."""
    notes: dict[int, str] = {}
    for i, token in enumerate(tokens):
        if token.type == "footnote_open":
            end = next(j for j in range(i, len(tokens)) if tokens[j].type == "footnote_close")
            inside = [t for t in tokens[i + 1 : end] if t.type == "inline"]
            writer = _Writer([])
            notes[token.meta["id"]] = " ".join("".join(map(writer.one, t.children or ())) for t in inside)
    return notes


def _text(words: str) -> str:
    """Return words, with the mathematical signs between them as formulas, for a font of words has none."""
    return _SIGNS.sub(r"\\ensuremath{\g<0>}", escaped(words))


def _math(token: Token) -> str:
    """Return a formula without comments and blank lines, which would end it."""
    lines = (_COMMENT.sub("", line).rstrip() for line in token.content.strip().splitlines())
    text = "\n".join(filter(None, lines))
    for found, instead in _SPELLED:
        text = found.sub(instead, text)
    if _OWN.match(text):
        return _BEHIND.sub("", text)
    return _TAG.sub(r"\\qquad(\\text{\1})", text) if token.type in INLINE or r"\begin{" in text else text


def _displayed(token: Token) -> str:
    inside = _math(token)
    return f"{inside}\n\n" if _OWN.match(inside) else f"\\[\n{inside}\n\\]\n" + "\n" * token.block


def _address(token: Token) -> str:
    """Return the address behind the words of a link, where a reader on paper can follow it."""
    target = str(token.attrs.get("href", ""))
    if not re.match(r"https?:|mailto:", target):
        return ""
    return " (\\texttt{" + re.sub(r"([/.?=-])", r"\1\\allowbreak{}", escaped(target)) + "})"


def _picture(token: Token) -> str:
    name = str(token.attrs.get("src", ""))
    words = escaped(token.content)
    if not re.fullmatch(r"[\w./ -]+\.(?:png|jpe?g|pdf)", name):
        return words
    return f"\\IfFileExists{{{name}}}{{\\includegraphics[width=\\linewidth]{{{name}}}}}{{{words}}}"


def _code(token: Token) -> str:
    text = token.content.replace("\\end{verbatim}", "\\end{ verbatim}")
    return f"\\begin{{verbatim}}\n{text.rstrip()}\n\\end{{verbatim}}\n\n"


_CONTENT: Mapping[str, Callable[[Token], str]] = {
    "text": lambda token: _text(token.content),
    "softbreak": lambda _: "\n",
    "hardbreak": lambda _: "\\newline ",
    "code_inline": lambda token: f"\\texttt{{{escaped(token.content)}}}",
    "fence": _code,
    "code_block": _code,
    "hr": lambda _: "\\par\\hrulefill\\par\n\n",
    "image": _picture,
    "html_block": lambda _: "",
    "html_inline": lambda _: "",
    "front_matter": lambda _: "",
}
