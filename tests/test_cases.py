"""Cases are notes: under each heading a derive block, and what must come of it in an `expect` fence.

Where a `note` fence stands instead, its text is a whole note that is judged without a block (`note tex` is LaTeX): the expected
rows are `line: outcome`, one for each relation, with the codes of the errors and warnings found there. In `golden/` the rows
say all that a report does: `line:column-end outcome act reason codes | the reason in words`, and what is found outside of any.

`MDDERIVE_UPDATE=1 pytest tests/test_cases.py` rewrites the `expect` fences; read the difference before it is committed.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from mdderive.check.pipeline import check
from mdderive.model.diagnostics import Finding
from mdderive.model.results import Claim, Derivation, Document, Equation, Settings
from mdderive.model.source import Span

FOLDER = Path(__file__).parent / "cases"
GOLDEN = FOLDER / "golden"
MIRRORED = frozenset({"DRV134", "DRV410"})  # say again of a row that it is unread or undecided
SECTION = re.compile(r"^## (?P<title>[^\n]+)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
NOTE = re.compile(r"^~~~note(?P<tex> tex)?\n(?P<text>.*?)^~~~$", re.MULTILINE | re.DOTALL)
EXPECT = re.compile(r"^```expect\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def cases() -> Iterator[tuple[Path, str, str]]:
    for path in sorted(FOLDER.glob("**/*.md")):
        for found in SECTION.finditer(path.read_text(encoding="utf-8")):
            yield path, found["title"], found["body"]


def told(document: Document) -> str:
    """Return what a person would want to see of a document, a line each."""
    out: list[str] = []
    for block in document.blocks:
        out += block.remarks
        for answer in block.answers:
            out += _answer(answer)
    for finding in document.findings:
        line, column = document.source.place(finding.span.start)
        part = document.source.text[finding.span.start : finding.span.end]
        out.append(f"{finding.severity} {finding.code} {line}:{column} `{part}` {finding.message()}")
        out += [f"  help: {finding.help()}"] if finding.help() else []
        for label in finding.labels:
            at = document.source.place(label.span.start)
            out.append(f"  see {at.line}:{at.column} {label.text['en']}")
        out += [f"  {hint.code} {hint.latex}".rstrip() for hint in finding.hints]
        out += ["  witness"] if finding.witness else []
    return "\n".join(out) + "\n"


def told_of_note(document: Document) -> str:
    """Return the line and outcome of every relation of a whole note, with the codes of what is wrong or doubtful there."""
    loud = [f for f in document.findings if f.severity != "info"]
    out: list[str] = []
    for row in sorted(document.equations, key=lambda row: row.span):
        codes = [f.code for f in loud if _meet(f.span, row.span)]
        out.append(" ".join([f"{document.source.place(row.span.start).line}: {row.outcome}", *codes]))
    return "\n".join(out) + "\n"


def told_in_full(document: Document) -> str:
    """Return the place of every relation of a whole note with all that is said of it, and what is found outside of them."""
    rows = sorted(document.equations, key=lambda row: row.span)
    findings = [f for f in document.findings if f.code not in MIRRORED]
    out = [f"{_place(document, row.span)} {_columns(row, findings)}" for row in rows]
    outside = [f for f in findings if not any(_meet(f.span, row.span) for row in rows)]
    return "\n".join([*out, *(f"{_place(document, f.span)} {f.severity} {f.code}" for f in outside)]) + "\n"


def _columns(row: Equation, findings: Iterable[Finding]) -> str:
    codes = [f.code for f in findings if _meet(f.span, row.span)]
    return " ".join([row.outcome, row.act, row.reason.code, *codes, *([f"| {row.why}"] if row.why else [])])


def _place(document: Document, span: Span) -> str:
    start, end = document.source.place(span.start), document.source.place(span.end)
    return f"{start.line}:{start.column}-{end.column}" + (f" to line {end.line}" if end.line > start.line else "")


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _answer(answer: Derivation | Claim) -> Iterator[str]:
    kind = answer.kind if isinstance(answer, Claim) else "goal"
    if isinstance(answer, Derivation):
        for step in (*answer.steps, *answer.solution_steps):
            caption = step.caption["en"]
            yield f"{step.left} = {step.right}" + (f"    ({caption})" if caption else "")
        yield from (f"with {equation}" for equation in answer.primes)
    yield f"{kind}: {answer.verdict.outcome}" + (f", {answer.verdict.why}" if answer.verdict.why else "")


def _got(path: Path, body: str) -> str:
    note = NOTE.search(body)
    if note is None:
        return told(check(body, "case.md"))
    document = check(note["text"], "case.tex" if note["tex"] else "case.md", settings=Settings(equations=True))
    return told_in_full(document) if GOLDEN in path.parents else told_of_note(document)


@pytest.mark.parametrize(("path", "title", "body"), [pytest.param(*c, id=f"{c[0].stem}: {c[1]}") for c in cases()])
def test_case(path: Path, title: str, body: str) -> None:
    found = EXPECT.search(body)
    assert found is not None, f"{title} has no expect fence"
    got = _got(path, body)
    if os.environ.get("MDDERIVE_UPDATE") and got != found["text"]:
        text = path.read_text(encoding="utf-8")
        new = body[: found.start("text")] + got + body[found.end("text") :]
        path.write_text(text.replace(f"## {title}\n{body}", f"## {title}\n{new}"), encoding="utf-8")
        return
    assert got == found["text"]


def test_there_are_cases() -> None:
    assert len(list(cases())) > 40


def test_enough_relations_stand_in_the_golden_notes() -> None:
    golden = [EXPECT.search(body) for path, _, body in cases() if GOLDEN in path.parents]
    assert sum(found["text"].count("\n") for found in golden if found) >= 300
