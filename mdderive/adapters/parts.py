"""The derive blocks of a page that another program has read: judged together, each told in pieces for that program's own tree.

Headings and blocks come in the order of the page, so that definitions hold to the end of their section as in a note.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from itertools import takewhile
from typing import Literal, NamedTuple

import mdderive
from mdderive import Document, Finding, Gate, Span

Style = Literal["plain", "strong", "emphasis"]
_TICKS = re.compile("`+")
_STYLES: tuple[tuple[str, Style], ...] = (("**", "strong"), ("*", "emphasis"), ("", "plain"))
_JOINER = "\u2060"  # stands behind a backslash in Markdown, so that nothing on a page takes what follows for a command


class Heading(NamedTuple):
    """A heading of the page; those of a lower level end its section."""

    level: int


class Written(NamedTuple):
    """A derive block as it is written: what stands behind its name, its lines, its file and the line there that opens it."""

    options: str
    body: str
    path: str
    line: int = 1


class Inline(NamedTuple):
    """A formula in a sentence."""

    latex: str


class Wording(NamedTuple):
    """Words and formulas."""

    words: tuple[str | Inline, ...]
    style: Style


class Centred(NamedTuple):
    """A displayed formula."""

    latex: str


class Answer(NamedTuple):
    """What a block comes to: what is found, with the places of its file, and Markdown to print, nothing where it is wrong."""

    document: Document
    markdown: str

    @property
    def pieces(self) -> tuple[Wording | Centred, ...]:
        """What to print, piece by piece."""
        return tuple(pieces(self.markdown))


def meant(info: str) -> bool:
    """Tell whether a fence with these words behind its marks is a derive block, or was to be one."""
    document = mdderive.check(f"```{info}\n```\n")
    return bool(document.blocks or document.findings)


def answered(parts: Sequence[Heading | Written], gate: Gate) -> list[Answer]:
    """Return what each block of a page comes to, in order."""
    texts = [_text(part) for part in parts]
    document = mdderive.check("".join(texts), settings=replace(gate.settings, equations=False))
    printed = dict(_printed(document))
    found: list[Answer] = []
    start = 0
    for part, text in zip(parts, texts, strict=True):
        if isinstance(part, Written):
            found.append(Answer(_cut(document, Span(start, start + len(text)), part), printed.get(start, "")))
        start += len(text)
    return found


def _text(part: Heading | Written) -> str:
    """Return a part as Markdown; the marks of a fence are longer than any in it."""
    if isinstance(part, Heading):
        return f"{'#' * min(part.level, 6)} -\n\n"
    marks = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall(part.body)), 3)
    return f"{marks}derive {part.options}".rstrip() + f"\n{part.body}\n{marks}\n\n"


def _printed(document: Document) -> Iterator[tuple[int, str]]:
    """Yield for each sound block where it begins and its derivation as Markdown."""
    text, before = document.source.text, document.source.text
    for number, block in enumerate(document.blocks, 1):
        made = mdderive.convert(replace(document, blocks=document.blocks[:number]))
        if block.sound:
            first = len(before) - len(text) + block.span.start
            yield block.span.start, made[first : len(made) - len(text) + block.span.end]
        before = made


def _cut(document: Document, place: Span, written: Written) -> Document:
    """Return the part of a document that is one block, as a text of its own with the places of the file."""

    def moved(span: Span) -> Span:
        return Span(span.start - place.start, min(span.end, place.end) - place.start)

    def of_file(finding: Finding) -> Finding:
        labels = tuple(replace(label, span=moved(label.span)) for label in finding.labels if label.span.start >= place.start)
        return replace(finding, span=moved(finding.span), labels=labels)

    def inside(span: Span) -> bool:
        return place.start <= span.start < place.end

    source = replace(
        document.source, text=document.source.text[place.start : place.end], path=written.path, line_offset=written.line - 1
    )
    return Document(
        source,
        equations=tuple(replace(e, span=moved(e.span), root=None) for e in document.equations if inside(e.span)),
        findings=tuple(of_file(f) for f in document.findings if inside(f.span)),
    )


def pieces(markdown: str) -> Iterator[Wording | Centred]:
    """Yield the pieces of a derivation that was written as Markdown: displayed formulas between `$$`, and sentences."""
    lines = iter(markdown.splitlines())
    for line in lines:
        if line == "$$":
            yield Centred("\n".join(takewhile(lambda inner: inner != "$$", lines)))
        elif line.strip():
            mark, style = next((mark, style) for mark, style in _STYLES if line.startswith(mark) and line.endswith(mark))
            yield Wording(tuple(_words(line[len(mark) : len(line) - len(mark)])), style)


def _words(text: str) -> Iterator[str | Inline]:
    """Yield what stands between dollars as formulas; every dollar that is a word is an entity."""
    for number, part in enumerate(text.split("$")):
        if number % 2:
            yield Inline(part)
        elif part:
            yield unescape(re.sub(r"\\([`*_#])", r"\1", part)).replace(f"\\{_JOINER}", "\\")
