"""Markdown text to its derive blocks, each with exact places in the file.

CommonMark decides what a fence is; containers whose body is indented by four (MkDocs admonitions and tabs, footnotes,
definitions) are read like list items. Every line that looks like the opening of a derive fence ends up as a block, inside a
longer fence or other quoted code, or in a finding: none is passed over.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from mdderive.document.blocks import Block, Found, Section, below, lift, prefix_of, read_options
from mdderive.document.openings import FENCES, INFO, Opening, openings
from mdderive.model.diagnostics import Finding, Label, Language
from mdderive.model.source import Excerpt, Piece, Source, Span

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*(?:\r?\n|\r)(?:.*?(?:\r?\n|\r))??(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)", re.DOTALL)
_CONTAINER = re.compile(r"""(?:!!!|\?\?\?\+?)[ ]?["'\w-]|===[!+]{0,2}[ ]?["']|\[\^[^\]\s]+\]:|:[ \t]""")
_NESTING = 100
_OPENED: Mapping[Language, str] = {"en": "this fence was not closed before", "zh": "此围栏在此之前没有关闭"}
_NEXT: Mapping[Language, str] = {"en": "the next block starts here", "zh": "下一个块从这里开始"}
_HIDING = re.compile(r"\s*<(?:!--.*-->|(pre|script|style|textarea)\b.*</\1>)", re.DOTALL | re.IGNORECASE)


def find_blocks(source: Source) -> Found:
    """Return the derive blocks of a Markdown text and findings about derive fences that cannot be read as one."""
    unseen = {opening.line: opening for opening in openings(source.text)}
    if not unseen:
        return Found()
    matter = _FRONT_MATTER.match(source.text)
    tokens = _reader().parse(_FRONT_MATTER.sub(_blanked, source.text).removeprefix("\ufeff"))
    blocks: list[Block] = []
    findings: list[Finding] = []
    section: Section = ()
    for token in tokens:
        if token.type == "heading_open" and token.level == 0:
            section = below(section, int(token.tag[1]), _lines(token)[0])
        elif token.type == "fence":
            found = _fence(source, token, section, unseen)
            blocks += found.blocks
            findings += found.findings
        elif token.type == "code_block":
            findings += (_indented(source, opening) for opening in _inside(token, unseen) if _meant(source, token, opening))
        elif token.type == "html_block":
            inside = _inside(token, unseen)
            findings += () if _HIDING.match(token.content) else (_misplaced(source, opening) for opening in inside)
    head = source.row(matter.end()) if matter else 0
    for line, opening in unseen.items():
        deep = line > head and re.fullmatch(r"(?: {4,}| {0,3}\t)[ \t]*", source.line(line)[: opening.column])
        findings.append((_indented if deep and not opening.write else _misplaced)(source, opening))
    return Found(tuple(blocks), tuple(sorted(findings, key=lambda finding: finding.span)))


def _blanked(found: re.Match[str]) -> str:
    return re.sub(r"[^\r\n]", " ", found[0])


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"maxNesting": _NESTING})
    reader.core.ruler.enableOnly(["normalize", "block"])
    reader.block.ruler.disable("reference")  # what a link leads to is a paragraph here
    reader.block.ruler.before("fence", "container", _container, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    return reader


def _container(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """Read a line that opens a container, and as its body the lines below it that are indented by four more."""
    text = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if state.is_code_block(start) or not _CONTAINER.match(text):
        return False
    if silent:
        return True
    indent, stop = state.sCount[start] + 4, start + 1
    while stop < end and (state.isEmpty(stop) or state.sCount[stop] >= indent):
        stop += 1
    outside = state.parentType, state.lineMax, state.blkIndent, state.listIndent
    state.parentType, state.lineMax, state.blkIndent, state.listIndent = "container", stop, indent, -1
    state.push("container_open", "div", 1)
    state.md.block.tokenize(state, start + 1, stop)
    state.push("container_close", "div", -1)
    state.parentType, state.lineMax, state.blkIndent, state.listIndent = outside
    state.line = stop
    return True


def _lines(token: "Token") -> tuple[int, int]:
    """Return the numbers of a token's first and last line, from 1."""
    first, end = token.map or (0, 0)
    return first + 1, end


def _contents(token: "Token") -> list[str]:
    lines = token.content.split("\n")
    return lines if lines[-1] else lines[:-1]


def _closed(token: "Token") -> bool:
    """Tell whether a fence has a closing line: it then takes two lines more than its content."""
    first, last = _lines(token)
    content: str = token.content
    return last - first - 1 == content.count("\n") + bool(content and not content.endswith("\n"))


def _inside(token: "Token", unseen: dict[int, Opening]) -> list[Opening]:
    """Take the openings that a token quotes out of `unseen`."""
    first, last = _lines(token)
    return [unseen.pop(number) for number in range(first, last + 1) if number in unseen]


def _fence(source: Source, token: "Token", section: Section, unseen: dict[int, Opening]) -> Found:
    """Return the block of a fence, or findings where a derive fence is unclosed or stands in one that was left open.

    A fence quotes a derive fence when its own marks are longer or of the other kind; else it was probably never closed.
    """
    first, _ = _lines(token)
    raw = source.line(first)
    here = Opening(first, raw.index(token.markup), token.markup)
    opening = unseen.pop(first, None)
    closed = _closed(token)
    doubtful = [inner for inner in _inside(token, unseen) if not closed or inner.mark.startswith(token.markup)]
    if opening and opening.write:
        return Found(findings=(_misplaced(source, opening),))
    if not INFO.match(token.info):
        label = Label(_span(source, here), _OPENED)
        inside = (_misplaced(source, o) if o.write else Finding("DRV103", _span(source, o), labels=(label,)) for o in doubtful)
        return Found(findings=tuple(inside))
    if doubtful or not closed:
        labels = tuple(Label(_span(source, inner), _NEXT) for inner in doubtful[:1])
        return Found(findings=(Finding("DRV101", _span(source, here), labels=labels),))
    return Found((_block(source, token, here, section),))


def _block(source: Source, token: "Token", here: Opening, section: Section) -> Block:
    last = _lines(token)[1]
    raw, start = source.line(here.line), source.starts[here.line - 1]
    span = Span(start + here.column, source.starts[last - 1] + len(source.line(last).rstrip()))
    contents = _contents(token)
    excerpt = lift(source, here.line + 1, contents) if contents else Excerpt("", (Piece(0, start + len(raw)),))
    at = here.column + len(here.mark)
    info = INFO.match(raw, at)
    form = info.lastgroup if info and info.lastgroup else "plain"
    begin, end = info.span(form) if info else (at, at)
    options, findings = read_options(raw[begin:end], start + begin, bare=form == "braces")
    return Block(excerpt, span, prefix_of(raw[: here.column]), options, section, findings)


def _misplaced(source: Source, opening: Opening) -> Finding:
    """Return the finding on a line that only looks like an opening, or on an opening where none is read."""
    span = _span(source, opening)
    facts = {"seen": source.text[span.start : span.end], "write": opening.write}
    return Finding("DRV108", span, facts) if opening.write else Finding("DRV102", span)


def _indented(source: Source, opening: Opening) -> Finding:
    span = _span(source, opening)
    return Finding("DRV109", span, {"write": opening.write or source.text[span.start : span.end]})


def _meant(source: Source, token: "Token", opening: Opening) -> bool:
    """Tell whether an opening in indented code stands for a block: it has the marks of a fence, and no longer fence quotes it."""
    first, _ = _lines(token)
    above = (source.line(number).lstrip(" \t>") for number in range(first, opening.line))
    return opening.mark[0] in FENCES and not any(line.startswith(opening.mark + opening.mark[0]) for line in above)


def _span(source: Source, opening: Opening) -> Span:
    """Return where the opening stands: its marks and what follows on the line."""
    start = source.starts[opening.line - 1]
    return Span(start + opening.column, start + len(source.line(opening.line).rstrip()))
