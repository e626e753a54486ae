"""What there is to say about a note, as an editor shows it: diagnostics, hover, definitions, marks of verdicts, changes."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from textwrap import dedent
from typing import Any, Literal

from lsprotocol import types

import mdderive
from mdderive import Derivation, Described, Document, Edit, Equation, Finding, LetterSaid, Span
from mdderive.adapters.lsp.positions import OpenNote

SOURCE = "mdderive"
SEVERITY: Mapping[str, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Hint,
}
SIGNS: Mapping[str, str] = {"holds": "✓", "wrong": "✗", "undecided": "?"}
WORDS: Mapping[str, Mapping[str, str]] = {
    "fix": {"en": "Write {latex}", "zh": "改为 {latex}"},
    "all": {"en": "Set right whatever mdderive can", "zh": "改正 mdderive 能改正的全部错误"},
    "result": {"en": "Write the result: {latex}", "zh": "写入结果：{latex}"},
    "line": {"en": "line {line}", "zh": "第 {line} 行"},
    "values": {"en": "At {values} the sides are {left} and {right}.", "zh": "当 {values} 时，两边为 {left} 与 {right}。"},
    "holds": {"en": "holds", "zh": "成立"},
    "wrong": {"en": "wrong", "zh": "错误"},
    "undecided": {"en": "undecided", "zh": "未判定"},
    "not_an_assertion": {"en": "asserts nothing", "zh": "不作断言"},
    "unread": {"en": "not read", "zh": "未读"},
}
LONGEST = 80  # characters of a formula in a mark or a title
_ASKED = re.compile(r"[?？]\s*$")
_COMMAND = re.compile(r"\\operatorname\s*\{\w+\}|\\[A-Za-z]+")
_WORD = re.compile(r"[A-Za-z]{5,}")  # of a declaration; letters of a product stand beside each other too
MOST = 2
NAMELESS = ("num", "sym", "size", "fn", "member", "at")


def diagnostics(note: OpenNote, lang: str) -> Mapping[str, list[types.Diagnostic]]:
    """Return what is found in each text of a note."""
    told: dict[str, list[types.Diagnostic]] = {text.uri: [] for text in note.texts}
    for finding in dict.fromkeys(note.document.findings):
        text, places = note.place(finding.span)
        told[text.uri].append(
            types.Diagnostic(
                places,
                _message(finding, lang),
                severity=SEVERITY[finding.severity],
                code=finding.code,
                source=SOURCE,
                related_information=[*_related(note, finding, lang)],
            )
        )
    return told


def _message(finding: Finding, lang: str) -> str:
    language = _language(lang)
    lines = [finding.message(language), finding.help(language)]
    if finding.witness:
        values = ", ".join(f"{name} = {value}" for name, value in finding.witness.values.items())
        lines.append(_word("values", lang, values=values, left=finding.witness.left, right=finding.witness.right))
    return "\n".join(line for line in lines if line)


def _related(note: OpenNote, finding: Finding, lang: str) -> Iterator[types.DiagnosticRelatedInformation]:
    for label in finding.labels:
        text, places = note.place(label.span)
        yield types.DiagnosticRelatedInformation(types.Location(text.uri, places), label.text[_language(lang)])


# ---------------------------------------------------------------- hover and definition


def hover(note: OpenNote, offset: int, lang: str) -> types.Hover | None:
    """Return what a letter or an operator is, and what became of the goal or the equation at a place."""
    told = (_letter_told(note, offset, lang), _operator_told(note, offset, lang), _outcome_told(note, offset, lang))
    parts = [part for part in told if part]
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(parts))) if parts else None


def definition(note: OpenNote, offset: int) -> types.Location | None:
    """Return where it is said what the letter at a place is."""
    letter = letter_at(note.document, offset)
    if letter is None:
        return None
    text, places = note.place(letter.span)
    return types.Location(text.uri, places)


def letter_at(document: Document, offset: int) -> LetterSaid | None:
    """Return the letter that stands at a place of a block or a formula, as far as blocks say what it is; the longest name."""
    text = document.source.text
    if not (_in_block(document, offset) or in_formula(text, offset)):
        return None
    inside = _around(_COMMAND, text, offset) or _around(_WORD, text, offset)
    found = [letter for letter in document.letters(offset) if _stands(letter.name, text, offset, inside)]
    return max(found, key=lambda letter: len(letter.name), default=None)


def _stands(name: str, text: str, offset: int, inside: Span | None) -> bool:
    """Tell whether a name stands at a place; it is no part of the command or the word that it lies `inside` of."""
    spelled = re.sub(r"\\([_^])(\w)", r"\\\1\\{?\2\\}?", re.escape(name)).replace(r"\ ", r"\s*")
    span = _around(re.compile(spelled), text, offset)
    return span is not None and (inside is None or (span.start <= inside.start and inside.end <= span.end))


def _around(pattern: re.Pattern[str], text: str, offset: int) -> Span | None:
    """Return the match of a pattern on the line of a place that covers it."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    end = text.find("\n", offset)
    for found in pattern.finditer(text, start, end if end >= 0 else len(text)):
        if found.start() <= offset < found.end():
            return Span(*found.span())
    return None


def in_formula(text: str, offset: int) -> bool:
    """Tell whether a place lies between dollars or brackets of a formula."""
    before = text[:offset]
    paragraph = re.split(r"\n[ \t>]*\n", before)[-1]
    bracketed = any(before.rfind(opened) > before.rfind(closed) for opened, closed in ((r"\[", r"\]"), (r"\(", r"\)")))
    return bracketed or before.count("$$") % 2 == 1 or paragraph.replace("$$", "").replace(r"\$", "").count("$") % 2 == 1


def _in_block(document: Document, offset: int) -> bool:
    return any(block.span.start <= offset < block.span.end for block in document.blocks)


def _letter_told(note: OpenNote, offset: int, lang: str) -> str:
    letter = letter_at(note.document, offset)
    if letter is None:
        return ""
    _, places = note.place(letter.span)
    return f"`{mdderive.plain(letter.latex)}` — {_word('line', lang, line=places.start.line + 1)}"


def _operator_told(note: OpenNote, offset: int, lang: str) -> str:
    text = note.document.source.text
    command = _around(_COMMAND, text, offset)
    if command is None:
        return ""
    token = "".join(text[command.start : command.end].split())
    rows = [row for row in vocabulary(lang) if any(command_of(spelling) == token for spelling in row.spellings)]
    told = [f"{in_words(row.title)}: `{row.spellings[0]}`" for row in rows]
    return "\n\n".join(told) if len(told) <= MOST else ""  # such as \frac, of which nothing more is to be said


def _outcome_told(note: OpenNote, offset: int, lang: str) -> str:
    told = note.document.at(offset)
    goal = next((one for one in told if isinstance(one, Derivation) and one.verdict.outcome == "holds"), None)
    if goal is not None:
        return f"```text\n{derivation(note.document, goal)}\n```"
    equation = next((one for one in told if isinstance(one, Equation)), None)
    if equation is None:
        return ""
    why = equation.reason.message(_language(lang))
    return f"**{_word(equation.outcome, lang)}**" + (f" ({why})" if why else "")


def derivation(document: Document, goal: Derivation) -> str:
    """Return a derivation as text."""
    block = next(block for block in document.blocks if goal in block.answers)
    alone = replace(block, answers=(goal,), premise=(), remarks=(), findings=(), title="")
    told: list[str] = []

    def taken(text: str) -> str:
        told.append(text)
        return ""

    mdderive.convert(replace(document, blocks=(alone,)), "text", place=taken)
    return dedent("".join(told)).strip("\n")


@cache
def vocabulary(lang: str) -> tuple[Described, ...]:
    """Return everything that has a name in notes, but for letters and numbers."""
    return tuple(row for row in mdderive.notation(_language(lang)) if row.name not in NAMELESS)


def command_of(spelling: str) -> str:
    """Return the command that an operator is written with, before its arguments or between them; empty where it has none."""
    found = re.match(rf"(?:[A-Za-z] |[A-Za-z]\^)?({_COMMAND.pattern})", spelling)
    return found[1] if found else ""


def in_words(title: str) -> str:
    """Return a title with its formulas as text."""
    return re.sub(r"\$([^$]*)\$", lambda found: mdderive.plain(found[1]), title)


# ---------------------------------------------------------------- marks and changes


def hints(note: OpenNote, uri: str, shown: Span, lang: str) -> list[types.InlayHint]:
    """Return the mark of a verdict behind every equation, and the result behind every goal that asks for one."""
    made = []
    for equation in note.document.equations:
        text, places = note.place(equation.span)
        if text.uri == uri and equation.outcome in SIGNS and shown.start <= equation.span.end <= shown.end:
            why = equation.reason.message(_language(lang))
            tip = _word(equation.outcome, lang) + (f": {why}" if why else "")
            made.append(types.InlayHint(places.end, SIGNS[equation.outcome], tooltip=tip, padding_left=True))
    for goal in note.document.derivations:
        text, places = note.place(goal.span)
        change = _answer(note.document, goal)
        if text.uri == uri and change and shown.start <= goal.span.end <= shown.end:
            label = f"{SIGNS['holds']} {_cut(mdderive.plain(goal.latex))}"
            made.append(types.InlayHint(places.end, label, padding_left=True, text_edits=[_text_edit(note, change)]))
    return made


def actions(note: OpenNote, chosen: Span, lang: str) -> list[types.CodeAction]:
    """Return the changes that may be made at a place: what sets a finding right, the result of a goal, and all repairs."""
    if not note.document.source.editable:
        return []
    made = [action for row in _rows(note.document, lang) for action in _repairs(note, row, chosen, lang)]
    for goal in note.document.derivations:
        change = _answer(note.document, goal)
        if change and goal.span.start <= chosen.end and chosen.start <= goal.span.end:
            title = _word("result", lang, latex=_cut(mdderive.plain(goal.latex)))
            made.append(types.CodeAction(title, types.CodeActionKind.RefactorRewrite, edit=_edit(note, [change])))
    if repairs := mdderive.fixes(note.document):
        made.append(types.CodeAction(_word("all", lang), types.CodeActionKind.SourceFixAll, edit=_edit(note, repairs)))
    return made


def _rows(document: Document, lang: str) -> Iterator[Mapping[str, Any]]:
    yield from json.loads(mdderive.report([document], "json", _language(lang)))["findings"]


def _repairs(note: OpenNote, row: Mapping[str, Any], chosen: Span, lang: str) -> Iterator[types.CodeAction]:
    """Yield the changes that set a finding, as the JSON report has it, right; the one that `--fix` makes is preferred."""
    span = _span(note.document, row)
    if span.start > chosen.end or chosen.start > span.end:
        return
    at = note.place(span)[1]
    offered = [(row["edit"], ""), *((hint["edit"], hint["message"]) for hint in row["hints"])]
    words = {edit["text"]: message for edit, message in reversed(offered) if edit and message}
    taken: set[str] = set()
    for edit, _ in offered:
        if edit is None or edit["text"] in taken:
            continue
        why = words.get(edit["text"], "")
        title = _word("fix", lang, latex=_cut(edit["text"])) + (f" ({why})" if why else "")
        change = Edit(_span(note.document, edit), edit["text"])
        told = types.Diagnostic(at, row["message"], code=row["code"], source=SOURCE, severity=SEVERITY[row["severity"]])
        yield types.CodeAction(
            title, types.CodeActionKind.QuickFix, diagnostics=[told], is_preferred=not taken, edit=_edit(note, [change])
        )
        taken.add(edit["text"])


def _span(document: Document, row: Mapping[str, Any]) -> Span:
    starts = document.source.starts
    return Span(starts[row["line"] - 1] + row["column"] - 1, starts[row["end_line"] - 1] + row["end_column"] - 1)


def _answer(document: Document, goal: Derivation) -> Edit | None:
    """Return the change that puts the result in place of the question mark of a goal."""
    asked = _ASKED.search(document.source.text, goal.span.start, goal.span.end)
    if asked is None or goal.verdict.outcome != "holds" or not goal.latex:
        return None
    return Edit(Span(asked.start(), asked.start() + 1), goal.latex)


def _text_edit(note: OpenNote, change: Edit) -> types.TextEdit:
    return types.TextEdit(note.place(change.span)[1], change.text)


def _edit(note: OpenNote, changes: Sequence[Edit]) -> types.WorkspaceEdit:
    grouped: dict[str, list[types.TextEdit]] = {}
    for change in changes:
        grouped.setdefault(note.place(change.span)[0].uri, []).append(_text_edit(note, change))
    return types.WorkspaceEdit(changes=grouped)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _word(key: str, lang: str, **facts: object) -> str:
    return WORDS[key][_language(lang)].format_map(facts)


def _language(lang: str) -> Literal["en", "zh"]:
    return "zh" if lang == "zh" else "en"
