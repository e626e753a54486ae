"""A language server over standard input and output: notes are checked while somebody writes them.

A text is checked in a thread, so that questions are answered meanwhile; what was asked about a text that changed waits for its
check. Blocks that did not change are not judged again.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import process_time
from typing import NamedTuple

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

import mdderive
from mdderive import Settings, __version__
from mdderive.adapters.lsp import completing, telling
from mdderive.adapters.lsp.positions import OpenNote, OpenText, changed, joined

PAUSE = 0.03  # seconds from a change to its check, in which others may follow
LONGEST_PAUSE = 1.0
PATIENCE = 10.0  # seconds for which a question waits for a check
NOTEBOOK = ".ipynb"
LATEX = ("latex", "tex", "LaTeX")
CELLS = types.NotebookDocumentFilterWithCells(cells=[types.NotebookCellLanguage("markdown")], notebook="*")
CHANGES = [types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite, types.CodeActionKind.SourceFixAll]


class Terms(NamedTuple):
    """How a file is checked: its settings, whether its project does not want to hear of a code, why the project is not read."""

    settings: Settings
    ignored: Callable[[str], bool]
    trouble: str


TermsOf = Callable[[str], tuple[Settings, Callable[[str], bool], str]]


class Server(LanguageServer):
    """The notes that are open, by the address of their file, as they were checked last."""

    def __init__(self, terms: TermsOf) -> None:
        super().__init__(
            "mdderive", __version__, types.TextDocumentSyncKind.Incremental, types.NotebookDocumentSyncOptions([CELLS])
        )
        self.notes: dict[str, OpenNote] = {}
        self._terms = terms
        self._cache = mdderive.recent()
        self._chosen: dict[str, object] = {}
        self._open: dict[str, OpenText] = {}
        self._changed: set[str] = set()
        self._checks: dict[str, asyncio.Task[None]] = {}
        self._pause = PAUSE
        self._said = ""
        self._worker = ThreadPoolExecutor(1)

    # ------------------------------------------------------------ checking

    def check_soon(self, key: str) -> None:
        """Check a note when nothing has changed in it for a moment."""
        self._changed.add(key)
        if key not in self._checks:
            self._checks[key] = asyncio.get_running_loop().create_task(self._check(key))

    async def _check(self, key: str) -> None:
        try:
            while key in self._changed:
                await asyncio.sleep(self._pause)
                self._changed.discard(key)
                texts = self._texts(key)
                if not texts:
                    break
                terms = self.terms(key)
                self.say(terms.trouble)
                note = await asyncio.get_running_loop().run_in_executor(self._worker, self._judged, key, texts, terms)
                if self._texts(key):
                    self.notes[key] = note
                    self._publish(note, terms.settings)
        except Exception as error:
            logging.getLogger(__name__).exception("mdderive could not check %s", key)
            self.say(f"{key} could not be checked, a fault of mdderive: {error!r}")
        finally:
            del self._checks[key]

    def _judged(self, key: str, texts: tuple[OpenText, ...], terms: Terms) -> OpenNote:
        """Return a note with what there is to say about it; runs in the thread."""
        start, path = process_time(), self._path(key)
        if path.lower().endswith(NOTEBOOK) and [text.uri for text in texts] == [key]:  # its file, as it was saved
            [document] = mdderive.check_files([path], settings=terms.settings)
        else:
            document = mdderive.check(joined(texts), path=path, settings=terms.settings, cache=self._cache)
        told = tuple(finding for finding in document.findings if not terms.ignored(finding.code))
        note = OpenNote(texts, replace(document, findings=told))
        self._pause = min(LONGEST_PAUSE, max(PAUSE, process_time() - start))
        return note

    def _publish(self, note: OpenNote, settings: Settings) -> None:
        told = telling.diagnostics(note, settings.lang)
        for text in note.texts:
            params = types.PublishDiagnosticsParams(text.uri, told[text.uri], text.version)
            self.text_document_publish_diagnostics(params)

    # ------------------------------------------------------------ what is open

    def take(self, items: Iterable[types.TextDocumentItem]) -> None:
        """Keep texts that were opened; they are kept here, for the library takes other characters for line ends too."""
        codec = self.workspace.position_codec
        self._open |= {item.uri: OpenText(item.uri, item.text, codec, item.version, item.language_id) for item in items}

    def change(
        self, what: types.VersionedTextDocumentIdentifier, changes: Iterable[types.TextDocumentContentChangeEvent]
    ) -> None:
        """Change a text."""
        for change in changes:
            self._open[what.uri] = changed(self._open[what.uri], change, what.version)

    def close(self, key: str, uris_of_texts: Sequence[str]) -> None:
        """Forget a note, and what was said of it."""
        self.notes.pop(key, None)
        for uri in uris_of_texts:
            self._open.pop(uri, None)
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def key(self, uri: str) -> str:
        """Return the address of the note that a text belongs to."""
        book = self.workspace.get_notebook_document(cell_uri=uri)
        return book.uri if book else uri

    def _texts(self, key: str) -> tuple[OpenText, ...]:
        """Return the texts of a note as they are now."""
        book = self.workspace.get_notebook_document(notebook_uri=key)
        cells = [cell.document for cell in book.cells if cell.kind == types.NotebookCellKind.Markup] if book else [key]
        return tuple(self._open[uri] for uri in cells if uri in self._open)

    def text(self, uri: str) -> OpenText:
        """Return an open text as it is now."""
        return self._open[uri]

    def _path(self, key: str) -> str:
        """Return the name of a note for `check`, which tells LaTeX from Markdown."""
        path = uris.to_fs_path(key) or key
        latex = key in self._open and self._open[key].language in LATEX
        return f"{path}.tex" if latex and not path.lower().endswith(".tex") else path

    def terms(self, key: str) -> Terms:
        """Return how a note is checked: as its project says, and where the editor chose something, so."""
        terms = Terms(*self._terms(uris.to_fs_path(key) or ""))
        return terms._replace(settings=replace(terms.settings, **self._chosen))  # type: ignore[arg-type]

    def choose(self, options: object) -> None:
        """Take settings that the editor gives; what cannot be meant is said and left out."""
        for name, value in options.items() if isinstance(options, dict) else ():
            try:
                replace(Settings(), **{name: value})
            except (TypeError, ValueError) as error:
                message = types.ShowMessageParams(types.MessageType.Warning, f"mdderive: {error}")
                self.window_show_message(message)
            else:
                self._chosen[name] = value

    def say(self, trouble: str) -> None:
        """Show what keeps notes from being checked as they should be, once until it is another."""
        if trouble and trouble != self._said:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"mdderive: {trouble}"))
        self._said = trouble

    async def settled(self, uri: str) -> OpenNote | None:
        """Return the note of a text as it is now."""
        key = self.key(uri)
        if check := self._checks.get(key):
            await asyncio.wait([check], timeout=PATIENCE)
        return self.notes.get(key)

    def language(self, uri: str) -> str:
        """Return the language of the words for a text."""
        return self.terms(self.key(uri)).settings.lang

    @property
    def snippets(self) -> bool:
        """Whether the editor fills in arguments."""
        asked = self.client_capabilities.text_document
        item = asked.completion.completion_item if asked and asked.completion else None
        return bool(item and item.snippet_support)


def follow(server: Server) -> None:
    """Have a server keep the files that are open as an editor tells it, and check them."""

    @server.feature(types.INITIALIZE)
    def begun(params: types.InitializeParams) -> None:
        server.choose(params.initialization_options)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.take([params.text_document])
        server.check_soon(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def typed(params: types.DidChangeTextDocumentParams) -> None:
        server.change(params.text_document, params.content_changes)
        server.check_soon(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.check_soon(server.key(params.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.close(params.text_document.uri, [params.text_document.uri])


def follow_notebooks(server: Server) -> None:
    """Have a server keep the cells of notebooks, which are one note."""

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    async def book_opened(params: types.DidOpenNotebookDocumentParams) -> None:
        server.take(params.cell_text_documents)
        server.check_soon(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    async def book_changed(params: types.DidChangeNotebookDocumentParams) -> None:
        cells = params.change.cells or types.NotebookDocumentCellChanges()
        server.take((cells.structure and cells.structure.did_open) or ())
        for text in cells.text_content or ():
            server.change(text.document, text.changes)
        gone = [cell.uri for cell in (cells.structure and cells.structure.did_close) or ()]
        server.close("", gone)
        server.check_soon(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    async def book_closed(params: types.DidCloseNotebookDocumentParams) -> None:
        server.close(params.notebook_document.uri, [cell.uri for cell in params.cell_text_documents])


def answer(server: Server) -> None:
    """Have a server answer what an editor asks."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        uri = params.text_document.uri
        note = await server.settled(uri)
        return telling.hover(note, note.offset(uri, params.position), server.language(uri)) if note else None

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> types.Location | None:
        note = await server.settled(params.text_document.uri)
        return telling.definition(note, note.offset(params.text_document.uri, params.position)) if note else None

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(CHANGES))
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        note = await server.settled(uri)
        found = telling.actions(note, note.span(uri, params.range), server.language(uri)) if note else []
        only = params.context.only
        return [action for action in found if only is None or any((action.kind or "").startswith(kind) for kind in only)]

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def hints(params: types.InlayHintParams) -> list[types.InlayHint]:
        uri = params.text_document.uri
        note = await server.settled(uri)
        return telling.hints(note, uri, note.span(uri, params.range), server.language(uri)) if note else []

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=["\\", ","]))
    async def completions(params: types.CompletionParams) -> types.CompletionList:
        uri = params.text_document.uri
        text, note = server.text(uri), server.notes.get(server.key(uri))
        known = [*note.document.letters(note.offset(uri, params.position))] if note else []
        return completing.completions(text, text.offset(params.position), known, server.language(uri), server.snippets)


def serve(terms: TermsOf) -> None:
    """Answer an editor over standard input and output until it ends."""
    server = Server(terms)
    follow(server)
    follow_notebooks(server)
    answer(server)
    server.start_io()
