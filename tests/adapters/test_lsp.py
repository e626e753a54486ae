r"""`mdderive lsp` as editors start it: a client of its own sends what people type, and reads what is said with its places."""

import asyncio
import json
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE = 60
WRONG = (
    "What ends a line\x0cfor Python\u2028alone: # 迹 𝔸\n"
    + r"""
```derive
W: m x n,  A: m x m
f = \operatorname{tr}(W^T A W)
\frac{\partial f}{\partial W} = 2 A W % 𝔸
```

A claim, and a goal:

```derive
% 𝔸𝔸
A = \,A \\ \operatorname{tr}(A W W^T) = \operatorname{tr}(W^T A W)
\frac{\partial f}{\partial A} = ?
```

Text with $A$, and a word.
"""
)
LATEX = "\\section{One}\n\\begin{derive}\nx: n\nf = x^T x\n\\frac{\\partial f}{\\partial x} = x\n\\end{derive}\n"
SNIPPETS = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        completion=types.CompletionClientCapabilities(completion_item=types.ClientCompletionItemOptions(snippet_support=True))
    )
)


class Editor(LanguageClient):
    """An editor with texts open; `said` are the diagnostics of each, in the order in which they came."""

    def __init__(self):
        super().__init__("editor", "1")
        self.said = {}
        self.news = asyncio.Event()
        self.shown = []

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params):
            self.said.setdefault(params.uri, []).append(params)
            self.news.set()

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        def _(params):
            self.shown.append(params.message)

    async def begin(self, folder, **options):
        await self.start_io(sys.executable, "-m", "mdderive", "lsp", cwd=folder)
        asked = types.InitializeParams(capabilities=SNIPPETS, initialization_options=options or None)
        answer = await asyncio.wait_for(self.initialize_async(asked), PATIENCE)
        self.initialized(types.InitializedParams())
        return answer.capabilities

    def open(self, uri, text, language="markdown"):
        self.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, language, 1, text)))

    def type(self, uri, text, version):
        changed = types.VersionedTextDocumentIdentifier(version, uri)
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(types.DidChangeTextDocumentParams(changed, [whole]))

    async def told(self, uri, version):
        """Return what is said of a version of a text."""
        async with asyncio.timeout(PATIENCE):
            while not (found := [params for params in self.said.get(uri, ()) if params.version == version]):
                self.news.clear()
                await self.news.wait()
        return [*found[-1].diagnostics]

    async def hover(self, uri, line, character):
        place = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        found = await self.text_document_hover_async(place)
        return found.contents.value if found else ""

    async def actions(self, uri, line, character, only=None):
        place = types.Range(types.Position(line, character), types.Position(line, character))
        asked = types.CodeActionParams(types.TextDocumentIdentifier(uri), place, types.CodeActionContext([], only))
        return [*await self.text_document_code_action_async(asked)]

    async def hints(self, uri):
        whole = types.Range(types.Position(0, 0), types.Position(999, 0))
        return await self.text_document_inlay_hint_async(types.InlayHintParams(types.TextDocumentIdentifier(uri), whole))

    async def completions(self, uri, text):
        r"""Return what may be written where `|` stands in a text."""
        above = text.partition("|")[0].split("\n")
        self.type(uri, text.replace("|", ""), 2)
        place = types.CompletionParams(types.TextDocumentIdentifier(uri), types.Position(len(above) - 1, len(above[-1])))
        return {item.label: item for item in (await self.text_document_completion_async(place)).items}

    async def end(self):
        await asyncio.wait_for(self.shutdown_async(None), PATIENCE)
        self.exit(None)
        await self.stop()


def session(folder, use, **options):
    """Use an editor that is ended behind it."""

    async def whole():
        editor = Editor()
        capabilities = await editor.begin(folder, **options)
        try:
            await use(editor, capabilities)
        finally:
            await editor.end()

    asyncio.run(whole())


def address(path: Path) -> str:
    return f"file://{quote(str(path))}"


def text_in(text, places):
    """Return what a range of UTF-16 units covers; it lies on one line."""
    line = text.split("\n")[places.start.line].encode("utf-16-le")
    return line[2 * places.start.character : 2 * places.end.character].decode("utf-16-le")


def applied(text, edits):
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        line = lines[edit.range.start.line].encode("utf-16-le")
        before, behind = line[: 2 * edit.range.start.character], line[2 * edit.range.end.character :]
        lines[edit.range.start.line] = before.decode("utf-16-le") + edit.new_text + behind.decode("utf-16-le")
    return "\n".join(lines)


def test_a_markdown_note_while_it_is_written(tmp_path):
    uri = address(tmp_path / "一 note.md")

    async def use(editor, capabilities):
        assert capabilities.position_encoding in (None, "utf-16")
        editor.open(uri, WRONG)
        [wrong] = await editor.told(uri, 1)
        assert (wrong.code, wrong.severity, text_in(WRONG, wrong.range)) == ("DRV401", 1, "2 A W")
        assert r"(A + A^{\top}) W" in wrong.message
        assert "At A = " in wrong.message

        assert await editor.hover(uri, 3, 0) == "`W ∈ ℝ^(m × n)` — line 4"
        assert "f = tr(Wᵀ A W) ∈ ℝ" in await editor.hover(uri, 4, 0)
        assert await editor.hover(uri, 4, 6) == r"trace: `\operatorname{tr}(X)`"
        assert await editor.hover(uri, 4, 3) == ""
        assert "**wrong**" in await editor.hover(uri, 5, 32)
        goal = await editor.hover(uri, 13, 8)
        assert "df = " in goal
        assert "∂f/∂A = W Wᵀ" in goal
        assert "ℝ^(m × m)" in await editor.hover(uri, 16, 11)
        assert await editor.hover(uri, 16, 15) == ""  # the a of `and`

        told = {(hint.position.line, hint.label) for hint in await editor.hints(uri)}
        assert told == {(5, "✗"), (12, "✓"), (13, "✓ W Wᵀ")}

        fix, every = await editor.actions(uri, 5, 34)
        assert (fix.kind, fix.is_preferred, fix.diagnostics[0].code) == ("quickfix", True, "DRV401")
        assert every.kind == "source.fixAll"
        right = applied(WRONG, fix.edit.changes[uri])
        assert applied(WRONG, every.edit.changes[uri]) == right
        [answer] = await editor.actions(uri, 13, 3, ["refactor"])
        assert applied(WRONG, answer.edit.changes[uri]).split("\n")[13] == r"\frac{\partial f}{\partial A} = W W^{\top}"
        found = await editor.text_document_definition_async(
            types.DefinitionParams(types.TextDocumentIdentifier(uri), types.Position(12, 29))
        )
        assert (found.range.start.line, text_in(WRONG, found.range)) == (3, "A")

        editor.type(uri, right, 2)
        assert await editor.told(uri, 2) == []
        assert {hint.label for hint in await editor.hints(uri)} == {"✓", "✓ W Wᵀ"}
        editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
        assert await editor.told(uri, None) == []

    session(tmp_path, use)


def test_what_may_be_written(tmp_path):
    uri = address(tmp_path / "note.md")
    head = "```derive\nX: m x n, y: m\nr = X y\n"

    async def use(editor, _):
        editor.open(uri, f"{head}```\n")
        await editor.told(uri, 1)
        found = await editor.completions(uri, f"{head}f = \\t|\n```\n")
        assert found["X"].detail == "X ∈ ℝ^(m × n)"
        trace = found[r"\operatorname{tr}(X)"]
        assert (trace.filter_text, trace.text_edit.new_text) == (r"\tr", r"\\operatorname{tr\}(${1:X})")
        assert text_in("f = \\t", types.Range(types.Position(0, 4), types.Position(0, 6))) == r"\t"
        assert (trace.text_edit.range.start.character, trace.text_edit.range.end.character) == (4, 6)
        assert found[r"X \odot Y"].text_edit.new_text == r"\odot"
        assert found[r"\det(X)"].filter_text == r"\det"
        assert "positive definite" in await editor.completions(uri, f"{head}A: n x n, po|\n```\n")
        assert await editor.completions(uri, f"{head}A: n|\n```\n") == {}
        assert 'steps="brief"' in await editor.completions(uri, "```derive |\n```\n")
        assert await editor.completions(uri, "Words and \\|\n") == {}
        assert r"\det(X)" in await editor.completions(uri, "A formula, $\\|\n")
        assert await editor.completions(uri, "```python\nf = \\|\n```\n") == {}

    session(tmp_path, use)


def test_latex_in_the_words_of_its_project(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[tool.mdderive]\nlang = "zh"\n[tool.mdderive.per-file-ignores]\n"old*" = ["DRV401"]\n'
    )
    tex, old, untitled = address(tmp_path / "note.tex"), address(tmp_path / "old.tex"), "untitled:Untitled-1"

    async def use(editor, _):
        editor.open(tex, LATEX, "latex")
        [wrong] = await editor.told(tex, 1)
        assert (wrong.code, text_in(LATEX, wrong.range)) == ("DRV401", "x")
        assert wrong.message.startswith("所给的导数有误")
        editor.open(old, LATEX, "latex")
        assert await editor.told(old, 1) == []
        editor.open(untitled, LATEX.replace("= x\n", "= 3 x\n"), "latex")
        assert [d.code for d in await editor.told(untitled, 1)] == ["DRV401"]

    session(tmp_path, use)


def test_what_the_editor_chooses(tmp_path):
    uri = address(tmp_path / "note.md")

    async def use(editor, _):
        editor.open(uri, "Let $A$ be an $n \\times n$ matrix. Then $A^T A = A A^T$.\n")
        assert [d.code for d in await editor.told(uri, 1)] == ["DRV402"]
        assert ["layout='sideways'" in message for message in editor.shown] == [True]

    session(tmp_path, use, equations=True, layout="sideways")


def test_a_project_that_cannot_be_read_is_shown_once_and_the_note_is_checked(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.mdderive]\nlayuot = 'numerator'\n", encoding="utf-8")
    uri = address(tmp_path / "note.md")

    async def use(editor, _):
        editor.open(uri, WRONG)
        assert [d.code for d in await editor.told(uri, 1)] == ["DRV401"]
        editor.type(uri, f"{WRONG}\n", 2)
        await editor.told(uri, 2)
        assert ["layuot" in message for message in editor.shown] == [True]

    session(tmp_path, use)


def test_a_notebook(tmp_path):
    book = "vscode-notebook:/work/book.ipynb"
    cells = [f"vscode-notebook-cell:/work/book.ipynb#{number}" for number in range(3)]
    texts = [
        "# 𝔸\n\n```derive\nx: n\nf = x^T x\n```",
        "An open fence:\n\n```derive\ng = 2 f",
        "```derive\n\\frac{\\partial f}{\\partial x} = 3 x\n```",
    ]

    def opened(number, text):
        return types.TextDocumentItem(cells[number], "markdown", 1, text)

    async def use(editor, _):
        markup = types.NotebookCellKind.Markup
        editor.notebook_document_did_open(
            types.DidOpenNotebookDocumentParams(
                types.NotebookDocument(book, "jupyter-notebook", 1, [types.NotebookCell(markup, cell) for cell in cells]),
                [opened(number, text) for number, text in enumerate(texts)],
            )
        )
        [wrong] = await editor.told(cells[2], 1)
        assert (wrong.code, text_in(texts[2], wrong.range)) == ("DRV401", "3 x")
        assert await editor.told(cells[0], 1) == []
        assert "ℝⁿ" in await editor.hover(cells[2], 1, 27)
        [fix, _] = await editor.actions(cells[2], 1, 34)
        assert applied(texts[2], fix.edit.changes[cells[2]]).split("\n")[1].endswith("= 2 x")
        change = types.NotebookDocumentCellContentChanges(
            types.VersionedTextDocumentIdentifier(2, cells[2]),
            [types.TextDocumentContentChangePartial(types.Range(types.Position(1, 32), types.Position(1, 33)), "2")],
        )
        editor.notebook_document_did_change(
            types.DidChangeNotebookDocumentParams(
                types.VersionedNotebookDocumentIdentifier(2, book),
                types.NotebookDocumentChangeEvent(cells=types.NotebookDocumentCellChanges(text_content=[change])),
            )
        )
        assert await editor.told(cells[2], 2) == []
        assert [hint.label for hint in await editor.hints(cells[2])] == ["✓"]

    session(tmp_path, use)


def test_a_notebook_that_is_open_as_text(tmp_path):
    pytest.importorskip("nbformat")
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["```derive\n", "x: n\n", "f = x^T x\n"]}
    cell["source"] += ["\\frac{\\partial f}{\\partial x} = x\n", "```"]
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    file = tmp_path / "book.ipynb"
    file.write_text(text)

    async def use(editor, _):
        editor.open(address(file), text, "json")
        [wrong] = await editor.told(address(file), 1)
        assert (wrong.code, text_in(text, wrong.range)) == ("DRV401", "x")
        assert await editor.hover(address(file), 1, 1) == ""
        assert await editor.actions(address(file), wrong.range.start.line, wrong.range.start.character) == []

    session(tmp_path, use)


def test_what_is_missing_is_named(monkeypatch):
    from click.testing import CliRunner

    from mdderive.cli.main import cli

    monkeypatch.setitem(sys.modules, "pygls.lsp.server", None)
    monkeypatch.delitem(sys.modules, "mdderive.adapters.lsp.server", raising=False)
    result = CliRunner().invoke(cli, ["lsp"])
    assert result.exit_code == 2
    assert "pip install 'mdderive[lsp]'" in result.stderr
