"""A document with its blocks replaced by their stories; everything outside the blocks stays byte for byte.

A block that was not understood or is wrong stays as it is. Each line of a story takes over what stands before the lines of its
fence (indentation, quote marks), and the line ends of the file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from mdderive.model.results import BlockResult, Document
from mdderive.model.source import Source, Span
from mdderive.output.html import html
from mdderive.output.markdown import markdown
from mdderive.output.story import Piece, story
from mdderive.output.tex import tex
from mdderive.output.text import text

OUTPUTS: Mapping[str, Callable[[Sequence[Piece]], list[str]]] = {
    "md": markdown,
    "html": html,
    "tex": tex,
    "text": text,
}

Edit = tuple[Span, str]


def expand(document: Document, to: str = "md") -> str:
    """Return the text of a document with every sound block replaced by its story, written as `OUTPUTS[to]`."""
    return apply(document.source.text, edits(document, to))


def edits(document: Document, to: str = "md") -> Iterator[Edit]:
    """Yield the replacement of every sound block; the first derivative of a page names its layout."""
    layouts: set[str] = set()
    for block in document.blocks:
        if failed(block):
            continue
        pieces = story(block, name_layout=block.layout not in layouts)
        if any(answer.kind == "goal" for answer in block.answers):
            layouts.add(block.layout)
        yield block.span, placed(document.source, block, OUTPUTS[to](pieces))


def failed(block: BlockResult) -> bool:
    """Tell whether something about a block is wrong or could not be read."""
    return any(finding.severity == "error" for finding in block.findings)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with each span replaced; spans do not overlap."""
    out: list[str] = []
    done = 0
    for span, new in sorted(edits):
        out += [text[done : span.start], new]
        done = span.end
    return "".join([*out, text[done:]])


def placed(source: Source, block: BlockResult, lines: Sequence[str]) -> str:
    """Return lines as they stand in place of a block: its prefix, the file's line ends, blank lines around."""
    first, last = source.place(block.span.start).line, source.place(block.span.end).line
    above = source.line(first - 1) if first > 1 else ""
    below = source.line(last + 1) if last < len(source.starts) else ""
    empty = ("", block.prefix.strip())
    alone = source.text[source.starts[first - 1] : block.span.start] == block.prefix
    lines = [*([] if above.strip() in empty or not alone else [""]), *lines, *([] if below.strip() in empty else [""])]
    rest = (block.prefix + line if line else block.prefix.rstrip() for line in lines[1:])
    return _newline(source.text).join([lines[0], *rest])


def _newline(text: str) -> str:
    end = text.find("\n")
    if end < 0:
        return "\r" if "\r" in text else "\n"
    return "\r\n" if text[end - 1 : end] == "\r" else "\n"
