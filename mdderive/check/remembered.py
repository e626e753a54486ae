"""Notes and blocks that were checked before: by their content, what they inherit and the settings, never by their name or place.

A block is known again wherever it stands and under whatever path: its places are kept from its beginning. What a block leaves to
those below it is part of what they are known by, so a definition that changed is followed through all that rests on it.
"""

import json
from collections.abc import Callable
from dataclasses import astuple
from time import perf_counter

from mdderive.cache import records
from mdderive.cache.memory import Memory
from mdderive.document.blocks import Block
from mdderive.model.context import Context
from mdderive.model.results import BlockResult, Document, Equation, Settings
from mdderive.model.source import Source

FAULT = "DRV901"  # never remembered: it may have been the machine
Outcome = tuple[BlockResult, tuple[Equation, ...], Context]


def document_key(memory: Memory, source: Source, settings: Settings) -> bytes:
    """Return what a note is known by; of a notebook also where its cells lie in the file."""
    kind = [type(source).__name__, source.latex, source.line_offset, repr(getattr(source, "rows", ()))]
    return memory.key("document", json.dumps([kind, astuple(settings)]), source.text)


def recalled(memory: Memory, source: Source, settings: Settings) -> Document | None:
    """Return what a note came to."""
    start = perf_counter()
    text = memory.known(document_key(memory, source, settings))
    if text is None:
        return None
    blocks, equations, findings, suggestions = records.read(text)
    return Document(source, blocks, equations, findings, 1000 * (perf_counter() - start), suggestions)


def keep(memory: Memory, document: Document, settings: Settings) -> None:
    """Remember what a note came to, and its blocks."""
    if not any(finding.code == FAULT for finding in document.findings):
        key = document_key(memory, document.source, settings)
        told = (document.blocks, document.equations, document.findings, document.suggestions)
        memory.keep_document(key, lambda: records.written(told))
    memory.flush()


class BlocksOfNote:
    """The blocks of one note as they were judged before, or are now by `judged`."""

    def __init__(self, memory: Memory | None, settings: Settings, judged: Callable[[Block, Context, Settings], Outcome]) -> None:
        self._memory = memory
        self._settings = settings
        self._written = json.dumps(astuple(settings))
        self._judged = judged

    def outcome(self, block: Block, inherited: "Inherited") -> tuple[BlockResult, tuple[Equation, ...], "Inherited"]:
        """Return what a block comes to, its relations, and what it leaves to its section."""
        if self._memory is None:
            result, rows, left = self._judged(block, inherited.context, self._settings)
            return result, rows, Inherited(left)
        start = block.span.start
        key = self._memory.key("block", _content(block), inherited.text, self._written)
        known = self._memory.recalled(key, start, _read)
        if known is None:
            result, rows, left = self._judged(block, inherited.context, self._settings)
            kept = Inherited(text=records.written(left, None))
            if not any(finding.code == FAULT for finding in result.findings):
                self._memory.keep(key, json.dumps([records.written((result, rows), start), kept.text]))
            return result, rows, kept
        return known


def _read(text: str, start: int) -> tuple[BlockResult, tuple[Equation, ...], "Inherited"]:
    told, left = json.loads(text)
    result, rows = records.read(told, start)
    return result, rows, Inherited(text=left)


class Inherited:
    """What is known above a block: as it is, or as text, which is read when it is needed."""

    def __init__(self, context: Context | None = None, text: str = "") -> None:
        self._context = context
        self.text = text

    @property
    def context(self) -> Context:
        """The declarations and definitions in force."""
        if self._context is None:
            self._context = records.read(self.text) if self.text else Context()
        return self._context


def _content(block: Block) -> str:
    """Return everything that a block says, its places counted from its beginning."""
    start = block.span.start
    pieces = [(piece.at, piece.origin - start) for piece in block.excerpt.pieces]
    told = [block.span.end - start, pieces, block.prefix, repr(block.options), records.written(block.findings, start)]
    return json.dumps([block.excerpt.text, *told])
