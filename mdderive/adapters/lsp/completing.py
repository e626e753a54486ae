"""What may be written at a place: letters and operators in formulas, properties behind a declaration, options of a block."""

import re
from collections.abc import Iterator, Sequence

from lsprotocol import types

import mdderive
from mdderive import Described, LetterSaid
from mdderive.adapters.lsp.positions import OpenText
from mdderive.adapters.lsp.telling import command_of, in_formula, in_words, vocabulary

_FENCE = re.compile(r"^[ \t>]*(?P<mark>`{3,}|~{3,})[ \t]*\{?(?P<name>\w*)(?P<rest>[^\n]*)", re.MULTILINE)
_OPENED = re.compile(r"\\begin\{derive\}")
_CLOSED = re.compile(r"\\end\{derive\}")
_TOKEN = re.compile(r"\\[A-Za-z]*\Z|[A-Za-z][A-Za-z_0-9]*\Z")
_DECLARED = re.compile(r"[^=]*[:：∈][^=]*[,，]\s*(?:[A-Za-z]+ )?[A-Za-z]*\Z")
_DECLARING = re.compile(r"[^=]*[:：∈]")
_ARGUMENT = re.compile(r"(?<![A-Za-z\\{_^])[A-Za-z](?![A-Za-z])")
BLOCK = "derive"


def completions(text: OpenText, offset: int, known: Sequence[LetterSaid], lang: str, snippets: bool) -> types.CompletionList:
    """Return what may be written at an offset of a text in which letters are `known`."""
    before = text.text[:offset]
    line = re.split(r"[\r\n]", before)[-1]
    token = _TOKEN.search(line)
    typed = token[0] if token else ""
    where = text.range(mdderive.Span(offset - len(typed), offset))
    opening = _FENCE.fullmatch(line)
    if opening is not None and opening["name"] == BLOCK and opening["rest"][:1].isspace():
        items = _named("option", types.CompletionItemKind.Property, lang)
    elif not (_in_block(before) or in_formula(before, offset)):
        items = iter(())
    elif _in_block(before) and _DECLARING.match(line):
        items = _named("property", types.CompletionItemKind.EnumMember, lang) if _DECLARED.match(line) else iter(())
    else:
        items = _formulas(known, typed, lang, snippets)
    return types.CompletionList(True, [_placed(item, where) for item in items])


def _placed(item: types.CompletionItem, where: types.Range) -> types.CompletionItem:
    item.text_edit = types.TextEdit(where, item.insert_text or item.label)
    item.insert_text = None
    return item


def _in_block(before: str) -> bool:
    """Tell whether a derive block is open behind a text."""
    mark, name = "", ""
    for fence in _FENCE.finditer(before):
        if not mark:
            mark, name = fence["mark"], fence["name"]
        elif fence["mark"].startswith(mark) and not fence["name"]:
            mark = ""
    return bool(mark and name == BLOCK) or len(_OPENED.findall(before)) > len(_CLOSED.findall(before))


def _named(kind: str, shown: types.CompletionItemKind, lang: str) -> Iterator[types.CompletionItem]:
    for row in vocabulary(lang):
        for spelling in row.spellings if row.kind == kind else ():
            yield types.CompletionItem(spelling, kind=shown, detail=row.title)


def _formulas(known: Sequence[LetterSaid], typed: str, lang: str, snippets: bool) -> Iterator[types.CompletionItem]:
    for letter in known:
        if letter.name == typed:  # else a new line behind it would take it once more
            continue
        detail = mdderive.plain(letter.latex)
        yield types.CompletionItem(
            letter.name, kind=types.CompletionItemKind.Variable, detail=detail, sort_text=f"0{letter.name}"
        )
    for row in vocabulary(lang):
        if row.kind in ("operator", "function") and (len(typed) != 1 or typed == "\\"):  # one letter is a letter
            yield from _operator(row, typed, snippets)


def _operator(row: Described, typed: str, snippets: bool) -> Iterator[types.CompletionItem]:
    """Yield the first spelling with a command, known by its name too; of a sign between operands the sign alone is written."""
    spelling = next((spelling for spelling in row.spellings if command_of(spelling)), "")
    if not spelling:
        return
    command = command_of(spelling)
    item = types.CompletionItem(spelling, kind=types.CompletionItemKind.Operator, detail=in_words(row.title))
    item.sort_text = f"1{row.name}"
    item.filter_text = command
    if command.startswith(r"\operatorname") or not typed.startswith("\\"):
        item.filter_text = f"\\{row.name}" if typed.startswith("\\") else row.name
    item.insert_text = command
    if spelling.startswith("\\") and snippets:
        item.insert_text = _snippet(spelling)
        item.insert_text_format = types.InsertTextFormat.Snippet
    elif spelling.startswith("\\"):
        item.insert_text = f"{command}(" if spelling.startswith(f"{command}(") else spelling
    yield item


def _snippet(spelling: str) -> str:
    """Return a spelling with its arguments as places to fill in."""
    escaped = spelling.replace("\\", "\\\\").replace("$", r"\$").replace("}", r"\}")
    count = 0

    def numbered(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"${{{count}:{found[0]}}}"

    return _ARGUMENT.sub(numbered, escaped)
