"""Findings for people: the source line with the place underlined, or one line each.

Columns of the picture are terminal cells (wide East Asian characters take two, combining ones none); the numbers are those of
the file. Control characters of the file never reach the terminal.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from mdderive.model.diagnostics import Finding, Language, Witness
from mdderive.model.results import Outcome
from mdderive.model.source import STEERING, Source, Span, printable
from mdderive.output.headings import hint_text, word
from mdderive.output.tally import Report, summarize

TAB = 4
WINDOW = 110
MOST_LINES = 6
GRADIENT = "DRV401"
GROUPED = ("DRV134", "DRV410")  # told by their reasons, not one by one
OUTCOMES: tuple[Outcome, ...] = ("holds", "wrong", "undecided", "not_an_assertion", "unread")


class Mark(NamedTuple):
    """A span to underline with `sign`, and what to write beside it."""

    span: Span
    sign: str
    text: str


def full(report: Report) -> str:
    """Return the findings with the lines they are about, and a summary."""
    texts = []
    for document, finding in report.findings():
        if finding.code in GROUPED:
            continue
        picture = _line if finding.severity == "info" else _picture
        texts.append(picture(document.source, finding, report.lang))
    return "\n".join([*texts, *_reasons(report), _summary(report)]) + "\n"


def _reasons(report: Report) -> Iterator[str]:
    """Yield for each file why formulas could not be read or judged, the most frequent reasons first, each with its lines."""
    for document in report.documents:
        missed: dict[tuple[str, str], list[int]] = {}
        for f in document.findings:
            if f.code in GROUPED:
                why = f.reason.message(report.lang) if f.reason else ""
                missed.setdefault((f.code, why), []).append(document.source.place(f.span.start).line)
        if not missed:
            continue
        outcomes = Counter(e.outcome for e in document.equations)
        counts = ", ".join(word(o, report.lang, n=outcomes[o]) for o in OUTCOMES if outcomes[o])
        yield f"{document.source.name}: {counts}"
        for (code, why), lines in sorted(missed.items(), key=lambda item: (-len(item[1]), item[0])):
            yield f"  {len(lines):4} {code} {one_line(why)} ({', '.join(map(str, dict.fromkeys(lines)))})"


def suggestions(report: Report) -> str:
    """Return the declarations that would let more equations be judged, as comments for the note, with their places."""
    lines = []
    for document in report.documents:
        for span, text in document.suggestions:
            comment = f"% mdderive: {text}" if document.source.latex else f"<!-- mdderive: {text} -->"
            lines.append(f"{document.source.name}:{document.source.place(span.start).line}: {comment}\n")
    return "".join(lines)


def concise(report: Report) -> str:
    """Return one line a finding, `path:line:column: CODE message`, and a summary."""
    lines = [_line(document.source, finding, report.lang) for document, finding in report.findings()]
    return "\n".join([*lines, _summary(report)]) + "\n"


def statistics(report: Report) -> str:
    """Return how often each code was found, the most frequent first."""
    found = Counter(finding.code for _, finding in report.findings())
    return "".join(f"{n:5}  {code}\n" for code, n in sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _line(source: Source, finding: Finding, lang: Language) -> str:
    line, column = source.place(finding.span.start)
    return f"{source.name}:{line}:{column}: {finding.code} {one_line(finding.message(lang))}"


def _summary(report: Report) -> str:
    summary = summarize(report.documents)
    head = word("errors", report.lang, n=summary.errors) if summary.errors else word("clean", report.lang)
    always = ("files", "blocks", "equations", "holds", "wrong", "undecided")
    present = [key for key in ("skipped", "not_an_assertion", "unread") if getattr(summary, key)]
    counts = [word(key, report.lang, n=getattr(summary, key)) for key in (*always, *present)]
    return "\n".join([f"{head} ({', '.join(counts)})", *passed_over(report)])


def passed_over(report: Report) -> list[str]:
    """Return the line that counts the files which a folder holds and which are not read, if there are any."""
    ordered = sorted(report.passed_over.items(), key=lambda item: (-item[1], item[0]))
    total = sum(report.passed_over.values())
    names = [printable(suffix) or word("no suffix", report.lang) for suffix, _ in ordered]
    listed = [f"{name} ({n})" for name, (_, n) in zip(names, ordered, strict=True)] if len(ordered) > 1 else names
    return (
        [word("passed over" if total > 1 else "one passed over", report.lang, n=total, names=", ".join(listed))] if total else []
    )


def _picture(source: Source, finding: Finding, lang: Language) -> str:
    marks = [Mark(finding.span, "^", ""), *(Mark(label.span, "-", label.text[lang]) for label in finding.labels)]
    rows = list(_rows(source, marks))
    gutter = len(str(max(number for number, _ in rows)))
    line, column = source.place(finding.span.start)
    out = [f"{word(finding.severity, lang)}[{finding.code}]: {one_line(finding.message(lang))}"]
    out += [f"{'':{gutter}}--> {source.name}:{line}:{column}", f"{'':{gutter}} |"]
    before = 0
    for number, text in rows:
        if before and number > before + 1:
            out.append(f"{'...':{gutter}}")
        out.append(f"{number if number != before else '':>{gutter}} | {text}".rstrip())
        before = number
    out += [f"{'':{gutter}} = {key}: {text}" for key, text in _notes(finding, lang)]
    return "\n".join(out) + "\n"


def _notes(finding: Finding, lang: Language) -> Iterator[tuple[str, str]]:
    for hint in finding.hints:
        formula = f": {one_line(hint.latex)}" if hint.latex else ""
        yield word("note", lang), one_line(hint_text(hint, lang)) + formula
    if finding.help(lang):
        yield word("help", lang), one_line(finding.help(lang))
    if finding.witness:
        yield word("witness", lang), _witness(finding.witness, "stated" if finding.code == GRADIENT else "sides", lang)


def _witness(witness: Witness, key: str, lang: Language) -> str:
    values = ", ".join(f"{name} = {value}" for name, value in witness.values.items())
    sides = word(key, lang, left=witness.left, right=witness.right)
    return one_line(f"{values}: {sides}" if values else sides)


def _rows(source: Source, marks: list[Mark]) -> Iterator[tuple[int, str]]:
    """Yield the lines to show and, under each, its underlines; a row of underlines repeats the number of its line."""
    wanted: dict[int, list[Mark]] = {}
    for mark in marks:
        first, last = source.row(mark.span.start), source.row(max(mark.span.start, mark.span.end - 1))
        numbers = [*range(first, last + 1)] if last - first < MOST_LINES else [first, last]
        for number in numbers:
            wanted.setdefault(number, []).append(mark._replace(text=mark.text if number == last else ""))
    for number in sorted(wanted):
        line = source.line(number)
        start = source.starts[number - 1]
        places = [_within(mark.span, start, line) for mark in wanted[number]]
        left = max(0, min(p.start for p in places) - WINDOW // 3) if cells(line) > WINDOW else 0
        cropped = line[left : left + WINDOW]
        head = "… " if left else ""
        shown_as = number + source.line_offset
        yield shown_as, head + shown(cropped) + (" …" if left + WINDOW < len(line) else "")
        for mark, place in zip(wanted[number], places, strict=True):
            begin, end = (min(max(p - left, 0), len(cropped)) for p in place)
            width = max(1, cells(cropped[begin:end], cells(cropped[:begin])))
            yield shown_as, f"{'':{len(head) + cells(cropped[:begin])}}{mark.sign * width} {mark.text}".rstrip()


def _within(span: Span, start: int, line: str) -> Span:
    """Return the part of a span of the file that lies in the line which begins at `start`; leading blanks are left out."""
    begin = max(span.start - start, 0)
    if span.start < start:
        begin = len(line) - len(line.lstrip())
    return Span(min(begin, len(line)), max(min(span.end - start, len(line)), begin))


def cells(text: str, column: int = 0) -> int:
    """Return how many terminal cells a text takes that begins at cell `column`."""
    width = column
    for char in text:
        if char == "\t":
            width += TAB - width % TAB
        elif unicodedata.category(char) not in ("Mn", "Me", "Cf"):
            width += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return width - column


def shown(text: str) -> str:
    """Return a text as a terminal may print it: tabs as blanks, what steers it as a replacement character."""
    out: list[str] = []
    width = 0
    for char in text:
        step = cells(char, width)
        out.append(" " * step if char == "\t" else char if not STEERING.match(char) else "\ufffd")
        width += step
    return "".join(out)


def one_line(text: str) -> str:
    """Return a text with its line ends and runs of blanks as single blanks, fit for a terminal."""
    return shown(" ".join(text.split()))


FOR_PEOPLE: Mapping[str, Callable[[Report], str]] = {"full": full, "concise": concise}
