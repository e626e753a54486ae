"""Findings for programs: JSON (the fields people's scripts depend on), GitHub annotations, GitLab code quality, SARIF 2.1.0.

Lines and columns count from 1, columns in Unicode characters; an end is the place just behind the last character.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

from mdderive import __version__
from mdderive.model.diagnostics import CATALOG, Finding, Hint, Language, Witness
from mdderive.model.results import Document, Equation
from mdderive.model.source import STEERING, Edit, Source, Span, printable
from mdderive.output.headings import advice, hint_text, word
from mdderive.output.people import set_aside
from mdderive.output.tally import Report, edit, hint_edit, key, summarize

Row = dict[str, object]

GITHUB = {"error": "error", "warning": "warning", "info": "notice"}
GITLAB = {"error": "major", "warning": "minor", "info": "info"}
SARIF = {"error": "error", "warning": "warning", "info": "note"}
FINGERPRINT = "mdderive/v1"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def json_report(report: Report) -> str:
    """Return version, files, summary, equations and findings as one JSON object."""
    summary = summarize(report.documents)
    counts = ("equations", "holds", "wrong", "undecided", "not_an_assertion", "unread", "blocks", "skipped")
    body = {
        "version": 1,
        "files": [{"file": _name(d.source), "ms": round(d.ms, 3)} for d in report.documents],
        "summary": {**{key: getattr(summary, key) for key in counts}, "files_skipped": _skipped(report)},
        "equations": [
            equation_row(d.source, e, report.lang) for d in report.documents for e in sorted(d.equations, key=lambda e: e.span)
        ],
        "findings": [_finding(document, finding, report.lang) for document, finding in report.findings()],
    }
    return _dumped(body)


def _dumped(body: Row | list[Row]) -> str:
    """Return JSON in which what has no glyph, or would be a command to a build server, is written by its number."""
    text = json.dumps(body, ensure_ascii=False, indent=1).replace("##[", r"\u0023#[")
    return "".join(f"{line if line.isprintable() else _numbered(line)}\n" for line in text.split("\n"))


def _numbered(line: str) -> str:
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def equation_row(source: Source, equation: Equation, lang: Language) -> Row:
    """Return the row of a relation."""
    return {
        **_range(source, equation.span),
        "latex": equation.latex,
        "outcome": equation.outcome,
        "why": equation.reason.message(lang),
        "act": equation.act,
        "reason": equation.reason.code,
        **({"reading": equation.reading.message(lang)} if equation.reading else {}),
    }


def _finding(document: Document, finding: Finding, lang: Language) -> Row:
    source = document.source
    return {
        **_range(source, finding.span),
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message(lang),
        "latex": source.text[finding.span.start : finding.span.end],
        "hints": [_hint(document, finding, hint, lang) for hint in finding.hints],
        "witness": _witness(finding.witness) if finding.witness else None,
        "edit": _edit(source, edit(document, finding)),
    }


def _hint(document: Document, finding: Finding, hint: Hint, lang: Language) -> Row:
    change = _edit(document.source, hint_edit(document, finding, hint))
    return {"code": hint.code, "message": hint_text(hint, lang), "latex": hint.latex, "edit": change}


def _edit(source: Source, change: Edit | None) -> Row | None:
    return {**_place(source, change.span), "text": source.written(change.text)} if change else None


def _witness(witness: Witness) -> Row:
    return {
        "sizes": dict(witness.sizes),
        "values": dict(witness.values),
        "left": witness.left,
        "right": witness.right,
        "numpy": witness.numpy,
    }


def _range(source: Source, span: Span) -> Row:
    return {"file": _name(source), **_place(source, span)}


def _place(source: Source, span: Span) -> Row:
    start, end = source.place(span.start), source.place(span.end)
    return {"line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column}


def _name(source: Source) -> str:
    r"""Return the path of a file: exactly, but for bytes that are no UTF-8, which stand as `\xff`."""
    return "".join(printable(c) if "\udc80" <= c <= "\udcff" else c for c in source.path)


def _skipped(report: Report) -> dict[str, int]:
    return {printable(suffix): n for suffix, n in sorted(report.passed_over.items())}


def github(report: Report) -> str:
    """Return one workflow command a finding."""
    lines = []
    for document, finding in report.findings():
        source = document.source
        start, end = source.place(finding.span.start), source.place(finding.span.end)
        properties: Mapping[str, object] = {
            "title": f"mdderive {finding.code}",
            "file": printable(source.path, kept="\r\n"),
            "line": start.line,
            "endLine": end.line,
            "col": start.column,
            "endColumn": end.column,
        }
        listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
        message = _data(_told(finding, report.lang))
        lines.append(f"::{GITHUB[finding.severity]} {listed}::{message}\n")
    return "".join([*lines, *(f"::notice title=mdderive::{_data(line)}\n" for line in set_aside(report))])


def _data(text: str) -> str:
    lines = (STEERING.sub("\ufffd", line) for line in text.replace("%", "%25").replace("\r", "%0D").split("\n"))
    return "%0A".join(lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _fingerprints(report: Report) -> Iterator[tuple[Document, Finding, str]]:
    """Yield every finding with a name that it keeps while lines are added around it: its file, code and text, and which it is."""
    from hashlib import blake2b

    seen: Counter[tuple[str, ...]] = Counter()
    for document, finding in report.findings():
        name = (document.source.path, *key(document, finding))
        seen[name] += 1
        yield document, finding, blake2b(json.dumps([*name, seen[name]]).encode(), digest_size=16).hexdigest()


def _told(finding: Finding, lang: Language) -> str:
    """Return what is the case and, in a line of its own, what to write."""
    write, _ = advice(finding, lang)
    return finding.message(lang) + (f"\n{write}" if write else "")


def gitlab(report: Report) -> str:
    """Return a code quality report of GitLab, which shows findings beside the changed lines."""
    rows: list[Row] = []
    for document, finding, fingerprint in _fingerprints(report):
        start, end = document.source.place(finding.span.start), document.source.place(finding.span.end)
        place = {"path": _name(document.source), "lines": {"begin": start.line, "end": end.line}}
        told = {"description": _told(finding, report.lang), "check_name": finding.code, "fingerprint": fingerprint}
        rows.append({**told, "severity": GITLAB[finding.severity], "location": place})
    return _dumped(rows)


def sarif(report: Report) -> str:
    """Return a SARIF 2.1.0 log with one run."""
    codes = sorted({finding.code for _, finding in report.findings()})
    driver = {
        "name": "mdderive",
        "version": __version__,
        "rules": [{"id": code, "shortDescription": {"text": general(CATALOG[code].words[report.lang])}} for code in codes],
    }
    results = [_result(*told, report.lang) for told in _fingerprints(report)]
    notes = [{"level": "note", "message": {"text": line}} for line in set_aside(report)]
    invocation = {"executionSuccessful": True, "toolExecutionNotifications": notes}
    run = {"tool": {"driver": driver}, "invocations": [invocation], "columnKind": "unicodeCodePoints", "results": results}
    return _dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _no_links(text: str) -> str:
    """Return a text in which no viewer of SARIF, where `[words](target)` is a link, finds one."""
    return text.replace("](", "] (")


def _uri(path: str) -> str:
    """Return a path as a relative reference, byte for byte."""
    return quote(os.fsencode(path.replace(os.sep, "/")))


class _Ellipses(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def general(words: str) -> str:
    """Return the words of a code without the facts of one case."""
    return words.format_map(_Ellipses())


def _result(document: Document, finding: Finding, fingerprint: str, lang: Language) -> Row:
    source, change = document.source, edit(document, finding)
    artifact = {"uri": _uri(source.path)}
    result: Row = {
        "ruleId": finding.code,
        "level": SARIF[finding.severity],
        "message": {"text": _no_links(_told(finding, lang))},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": _region(source, finding.span)}}],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if change:
        replaced = {"deletedRegion": _region(source, change.span), "insertedContent": {"text": source.written(change.text)}}
        told = {"text": word("write", lang, what=change.text)}
        result["fixes"] = [{"description": told, "artifactChanges": [{"artifactLocation": artifact, "replacements": [replaced]}]}]
    return result


def _region(source: Source, span: Span) -> Row:
    start, end = source.place(span.start), source.place(span.end)
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


FOR_PROGRAMS: Mapping[str, Callable[[Report], str]] = {
    "json": json_report,
    "github": github,
    "gitlab": gitlab,
    "sarif": sarif,
}
