"""Where a block of a page that was put together stands: in the page's own file, or in one that was brought in.

Other plugins hand over text without its places. So the lines of a block that is wrong are looked for in the files of the site,
and what is found there is told as it is found there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

import mdderive
from mdderive import Document, Settings, Span

MOST_FILES = 5_000
LONGEST = 1_000_000  # bytes
SUFFIXES = frozenset({".md", ".markdown", ".txt", ".inc", ".j2", ".jinja", ".py", ".ipynb"})


@dataclass
class Places:
    """The files of a site, looked through once something is wrong."""

    config: MkDocsConfig
    settings: Settings

    def told(self, document: Document, own: str) -> tuple[Document, ...]:
        """Return what the blocks of a document come to in the files that they stand in, `own` first, and what is left of it."""
        left, found = document, []
        for block in document.blocks:
            if block.sound:
                continue
            at = self._found(_lines(document.source.text[block.span.start : block.span.end]), own, _codes(document, block.span))
            if at is not None:
                found.append(at)
                left = _within(left, block.span, inside=False)
        return (*found, *([left] if left.blocks or left.findings else []))

    def _found(self, lines: list[str], own: str, wanted: frozenset[str]) -> Document | None:
        """Return what is said of some lines in a file that has them, where that is all that is `wanted` and maybe more."""
        for path, text in self._texts(own):
            whole = _lines(text)
            for at in (i for i, line in enumerate(whole) if line == lines[0] and whole[i : i + len(lines)] == lines):
                document = mdderive.check(text, path=path, settings=self.settings)
                starts = [0, *(i + 1 for i, char in enumerate(text) if char == "\n")]
                place = Span(starts[at], [*starts, len(text)][at + len(lines)])
                if wanted and wanted <= _codes(document, place):
                    return _within(document, place, inside=True)
        return None

    def _texts(self, own: str) -> Iterator[tuple[str, str]]:
        yield from ((path, text) for path, text in self._files if path == own)
        yield from ((path, text) for path, text in self._files if path != own)

    @cached_property
    def _files(self) -> list[tuple[str, str]]:
        return [(path, text) for path in dict.fromkeys(self._paths()) if (text := _read(Path(path))) is not None]

    def _paths(self) -> Iterator[str]:
        here = Path.cwd()
        folders = [Path(self.config.docs_dir), Path(self.config.config_file_path or ".").resolve().parent, *_bases(self.config)]
        paths = (path for i, folder in enumerate(folders) for path in sorted(folder.glob("**/*" if i != 1 else "*")))
        for _, path in zip(range(MOST_FILES), (p for p in paths if p.suffix in SUFFIXES), strict=False):
            yield str(path.relative_to(here) if path.is_relative_to(here) else path)


def _bases(config: MkDocsConfig) -> Iterator[Path]:
    """Yield the folders that snippets are taken from."""
    bases = config.mdx_configs.get("pymdownx.snippets", {}).get("base_path", [])
    for base in [bases] if isinstance(bases, str) else bases:
        path = Path(str(base))
        if path.is_dir() and path.resolve() != Path.cwd():  # the folder of the site is looked at above
            yield path.resolve()


def _codes(document: Document, span: Span) -> frozenset[str]:
    return frozenset(finding.code for finding in _within(document, span, inside=True).findings)


def _read(path: Path) -> str | None:
    try:
        small = path.is_file() and path.stat().st_size <= LONGEST
        return path.read_text(encoding="utf-8-sig") if small else None
    except (OSError, UnicodeDecodeError):
        return None


def _lines(text: str) -> list[str]:
    """Return the lines of a text without what lists, quotes and indentation put before them."""
    return [line.strip("> \t\r") for line in text.rstrip().split("\n")]


def _within(document: Document, span: Span, *, inside: bool) -> Document:
    """Return what a document says inside a place, or outside of it."""

    def kept(other: Span) -> bool:
        return (span.start <= other.start < max(span.end, span.start + 1)) is inside

    return replace(
        document,
        blocks=tuple(block for block in document.blocks if kept(block.span)),
        findings=tuple(finding for finding in document.findings if kept(finding.span)),
        equations=tuple(row for row in document.equations if kept(row.span)),
    )


def merged(documents: Iterable[Document]) -> list[Document]:
    """Return documents by path, each finding once."""
    known: dict[tuple[str, str], Document] = {}
    for document in documents:
        key = (document.source.path, document.source.text)
        old = known.get(key, replace(document, blocks=(), findings=(), equations=()))
        known[key] = replace(
            old,
            blocks=tuple(dict.fromkeys((*old.blocks, *document.blocks))),
            findings=tuple(dict.fromkeys((*old.findings, *document.findings))),
            equations=tuple(dict.fromkeys((*old.equations, *document.equations))),
        )
    return sorted(known.values(), key=lambda document: document.source.path)
