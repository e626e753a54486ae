r"""LaTeX text to its derive blocks: `\begin{derive}[key="v", new] … \end{derive}`, with exact places in the file.

Comments and verbatim text hold no blocks; one environment that was opened and not closed is one finding.
"""

import re
from collections.abc import Iterator, Mapping

from mdderive.document.blocks import Block, Found, Section, below, prefix_of, read_options
from mdderive.document.openings import near
from mdderive.model.diagnostics import Finding, Label, Language
from mdderive.model.source import Excerpt, Piece, Source, Span

_MARKS = re.compile(
    r"""
    %[^\r\n]*                                                                                  # a comment
  | \\begin\{(?P<verbatim>(?:verbatim|Verbatim|lstlisting|minted|comment)\*?)\} .*? (?: \\end\{(?P=verbatim)\} | \Z )
  | \\verb\*?(?P<bar>[^\w\s]) [^\r\n]*? (?P=bar)
  | \\(?P<heading>part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?[ \t]*(?=[\[{])
  | (?P<begin>\\begin\{derive\})
  | (?P<end>\\end\{derive\})
  | (?P<other>\\begin[ \t]*\{[ \t]*(?P<name>[^\W\d_]{4,12})\*?[ \t]*\})
  | (?P<fence>(?:`{3,}+|~{3,}+)[ \t]*\{?[ \t]*\.?(?P<word>[^\W\d_]{4,12})(?![\w-])[^\r\n`]*)
  | \\.                                                                                        # any other command
    """,
    re.VERBOSE | re.DOTALL,
)
_OPTIONS = re.compile(r"""[ \t]*\[((?:"[^"]*"|\{[^{}]*\}|[^\]"{}])*)\]""")
MAX_OPTIONS = 2_000
_LOOK = re.compile(r"\\begin|`{3}|~{3}")
_LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
_NEXT: Mapping[Language, str] = {"en": "the next block starts here", "zh": "下一个块从这里开始"}


def find_blocks(source: Source) -> Found:
    """Return the derive blocks of a LaTeX text and findings about environments that are not closed."""
    if not _LOOK.search(source.text):
        return Found()
    blocks: list[Block] = []
    findings: list[Finding] = []
    section: Section = ()
    opened: re.Match[str] | None = None
    for found in _MARKS.finditer(source.text):
        if found["heading"]:
            section = below(section, _LEVELS.index(found["heading"]), source.row(found.start()))
        elif found["begin"]:
            findings += _unclosed(opened, found)
            opened = found
        elif found["end"] and opened:
            blocks.append(_block(source, opened, found, section))
            opened = None
        elif _misspelt(source.text, found):
            facts = {"seen": found[0].strip(), "write": r"\begin{derive}"}
            findings.append(Finding("DRV108", Span(*found.span()), facts))
    return Found(tuple(blocks), (*findings, *_unclosed(opened, None)))


def _misspelt(text: str, found: re.Match[str]) -> bool:
    """Tell whether an environment that the text does not define, or a fence, was meant for a derive block."""
    name = found["name"]
    if name and near(name):
        return not re.search(rf"\\(?:re|provide)?new\w*\*?\s*\{{{name}\}}", text, re.IGNORECASE)
    return bool(found["word"] and near(found["word"]))


def _unclosed(opened: re.Match[str] | None, following: re.Match[str] | None) -> Iterator[Finding]:
    if opened:
        labels = (Label(Span(*following.span("begin")), _NEXT),) if following else ()
        yield Finding("DRV101", Span(*opened.span("begin")), labels=labels)


def _block(source: Source, opened: re.Match[str], closed: re.Match[str], section: Section) -> Block:
    line = source.row(opened.start())
    given = _OPTIONS.match(source.text, opened.end(), opened.end() + MAX_OPTIONS)
    start = given.end() if given else opened.end()
    excerpt = Excerpt(source.text[start : closed.start()], (Piece(0, start),))
    span = Span(opened.start(), closed.end())
    prefix = prefix_of(source.text[source.starts[line - 1] : opened.start()])
    options, findings = read_options(given[1] if given else "", given.start(1) if given else start, bare=True, commas=True)
    return Block(excerpt, span, prefix, options, section, findings)
