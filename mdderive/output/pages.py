"""A document with its blocks replaced by their stories; everything outside the blocks stays byte for byte.

A block that was not understood or is wrong stays as it is. Each line of a story takes over what stands before the lines of its
fence (indentation, quote marks), and the line ends of the file.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from mdderive.model.diagnostics import Finding, Language
from mdderive.model.results import BlockResult, Derivation, Document
from mdderive.model.source import Edit, Source, Span, edited
from mdderive.output.html import escaped, html
from mdderive.output.markdown import markdown
from mdderive.output.people import pictured
from mdderive.output.story import Piece, seen, story
from mdderive.output.tally import found
from mdderive.output.tex import tex
from mdderive.output.text import text

OUTPUTS: Mapping[str, Callable[[Sequence[Piece]], list[str]]] = {
    "md": markdown,
    "html": html,
    "tex": tex,
    "text": text,
}
BEGIN, END = "<!-- derived by mdderive -->", "<!-- end of what mdderive derived -->"  # around what is written below a block
_BELOW = re.compile(rf"(?:[ \t>]*(?:\r\n?|\n))+[ \t>]*{BEGIN}.*?{END}", re.DOTALL)
UNREAD = ("DRV108", "DRV109")  # what is no error on the command line, and yet a block that its reader would miss
PRE = (
    '<pre style="margin: .5em 0; padding: 0; background: none; color: inherit; overflow-x: auto; line-height: 1.35; '
    'white-space: {}">{}</pre>'
)
_NOTES = re.compile(r"\n(?= *= )")
BOX = (
    '<div class="mdderive-error" style="border: 2px solid #c62828; border-radius: 4px; padding: .5em 1em; margin: 1em 0; '
    'background: #ffebee; color: #7f0000">{}</div>'
)


def expand(
    document: Document, to: str = "md", *, boxes: Language | None = None, place: Callable[[str], str] = lambda text: text
) -> str:
    """Return the text of a document with every sound block replaced by its story, written as `OUTPUTS[to]`.

    What is wrong stands in `boxes` of that language in place of the blocks it is about, else above everything. `place` is given
    each story and box, and what it returns is written.
    """
    edits = [*_stories(document, to, place), *(_boxes(document, boxes, place) if boxes else ())]
    return edited(document.source.text, edits)


def _stories(document: Document, to: str, place: Callable[[str], str]) -> Iterator[Edit]:
    """Yield the replacement of every sound block, and of what was written below it."""
    for block, pieces in stories(document):
        whole = replace(block, span=block.span.join(below(document.source, block)))
        yield Edit(whole.span, placed(document.source, whole, place("\n".join(OUTPUTS[to](pieces))).split("\n")))


def stories(document: Document) -> Iterator[tuple[BlockResult, tuple[Piece, ...]]]:
    """Yield every sound block with its story; the first derivative of a page names its layout."""
    layouts: set[str] = set()
    for block in document.blocks:
        if not block.sound:
            continue
        pieces = story(block, name_layout=block.layout not in layouts, source=_lifted(document.source, block))
        if any(isinstance(answer, Derivation) for answer in block.answers):
            layouts.add(block.layout)
        yield block, pieces


def below(source: Source, block: BlockResult) -> Span:
    """Return where a derivation was written below its block; an empty span behind the block if none was."""
    written = _BELOW.match(source.text, block.span.end)
    return Span(block.span.end, written.end() if written else block.span.end)


def _lifted(source: Source, block: BlockResult) -> str:
    """Return the text of a block without what stands before its lines."""
    lines = source.text[block.span.start : block.span.end].splitlines()
    return "\n".join([lines[0], *(line.removeprefix(block.prefix) for line in lines[1:])])


def _boxes(document: Document, lang: Language, place: Callable[[str], str]) -> Iterator[Edit]:
    """Yield a box in place of every faulty block, and one above the text for what belongs to no block."""
    outside = [finding for finding in found(document) if finding.severity == "error" or finding.code in UNREAD]
    for block in document.blocks:
        inside = [finding for finding in outside if block.span.start <= finding.span.start < block.span.end]
        outside = [finding for finding in outside if finding not in inside]
        if inside:
            box = place(_box(document.source, inside, lang, _lifted(document.source, block)))
            yield Edit(block.span, placed(document.source, block, [box]))
    if outside:
        yield Edit(Span(0, 0), place(_box(document.source, outside, lang)) + "\n\n")


def _box(source: Source, findings: Sequence[Finding], lang: Language, block: str = "") -> str:
    """Return what is wrong, each with its lines, its hints and what would be right; then the `block` as it is written."""
    rows = []
    for finding in findings:
        place, message = (escaped(seen(text)) for text in (source.at(finding.span.start), finding.message(lang)))
        lines, *notes = _NOTES.split(pictured(source, finding, lang), maxsplit=1)
        shown = "".join([_verbatim(lines), *(_verbatim(text, "pre-wrap") for text in notes)])
        rows.append(f"<b>{finding.code}</b> {place}: {message}{shown}")
    return BOX.format("".join([*rows, _verbatim(block) if block else ""]))


def _verbatim(text: str, space: str = "pre") -> str:
    """Return lines as they are, on one line of HTML; as `pre-wrap` they are broken where they are long."""
    return PRE.format(space, "&#10;".join(escaped(seen(line)) for line in text.split("\n")))


def placed(source: Source, block: BlockResult, lines: Sequence[str]) -> str:
    """Return lines as they stand in place of a block: its prefix, the file's line ends, blank lines around."""
    first, last = source.row(block.span.start), source.row(block.span.end)
    above = source.line(first - 1) if first > 1 else ""
    below = source.line(last + 1) if last < len(source.starts) else ""
    empty = ("", block.prefix.strip())
    alone = source.text[source.starts[first - 1] : block.span.start] == block.prefix
    lines = [*([] if above.strip() in empty or not alone else [""]), *lines, *([] if below.strip() in empty else [""])]
    rest = (block.prefix + line if line else block.prefix.rstrip() for line in lines[1:])
    return newline(source.text).join([lines[0], *rest])


def newline(text: str) -> str:
    """Return how the lines of a text end."""
    end = text.find("\n")
    if end < 0:
        return "\r" if "\r" in text else "\n"
    return "\r\n" if text[end - 1 : end] == "\r" else "\n"
