r"""LaTeX text to its derive blocks: `\begin{derive}[key="v", new] … \end{derive}`, with exact places in the file.

Comments and verbatim text hold no blocks; one environment that was opened and not closed is one finding.
"""

import re
from collections.abc import Iterator, Mapping

from mdderive.diagnostics import Diagnostic, Label, Language
from mdderive.notes.blocks import Block, Found, Section, below, prefix_of, read_options
from mdderive.source import Excerpt, Piece, Source, Span

_MARKS = re.compile(
    r"""
    %[^\r\n]*                                                                                  # a comment
  | \\begin\{(?P<verbatim>(?:verbatim|Verbatim|lstlisting|minted|comment)\*?)\} .*? (?: \\end\{(?P=verbatim)\} | \Z )
  | \\verb\*?(?P<bar>[^\w\s]) [^\r\n]*? (?P=bar)
  | \\(?P<heading>part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?[ \t]*(?=[\[{])
  | (?P<begin>\\begin\{derive\})
  | (?P<end>\\end\{derive\})
  | \\.                                                                                        # any other command
    """,
    re.VERBOSE | re.DOTALL,
)
_OPTIONS = re.compile(r"""[ \t]*\[((?:"[^"]*"|\{[^{}]*\}|[^\]"{}])*)\]""")
MAX_OPTIONS = 2_000
_LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
_NEXT: Mapping[Language, str] = {"en": "the next block starts here", "zh": "下一个块从这里开始"}


def find_blocks(source: Source) -> Found:
    """Return the derive blocks of a LaTeX text and findings about environments that are not closed."""
    if r"\begin{derive}" not in source.text:
        return Found()
    blocks: list[Block] = []
    findings: list[Diagnostic] = []
    section: Section = ()
    opened: re.Match[str] | None = None
    for found in _MARKS.finditer(source.text):
        if found["heading"]:
            section = below(section, _LEVELS.index(found["heading"]), source.place(found.start()).line)
        elif found["begin"]:
            findings += _unclosed(opened, found)
            opened = found
        elif found["end"] and opened:
            blocks.append(_block(source, opened, found, section))
            opened = None
    return Found(tuple(blocks), (*findings, *_unclosed(opened, None)))


def _unclosed(opened: re.Match[str] | None, following: re.Match[str] | None) -> Iterator[Diagnostic]:
    if opened:
        labels = (Label(Span(*following.span("begin")), _NEXT),) if following else ()
        yield Diagnostic("DRV101", Span(*opened.span("begin")), labels=labels)


def _block(source: Source, opened: re.Match[str], closed: re.Match[str], section: Section) -> Block:
    line = source.place(opened.start()).line
    given = _OPTIONS.match(source.text, opened.end(), opened.end() + MAX_OPTIONS)
    start = given.end() if given else opened.end()
    excerpt = Excerpt(source.text[start : closed.start()], (Piece(0, start),))
    span = Span(opened.start(), closed.end())
    prefix = prefix_of(source.text[source.starts[line - 1] : opened.start()])
    options, findings = read_options(given[1] if given else "", given.start(1) if given else start, bare=True, commas=True)
    return Block(excerpt, span, prefix, options, section, findings)
