"""Findings for people: the source line with the place underlined, or one line each.

Columns of the picture are terminal cells (wide East Asian characters take two, combining ones none); the numbers are those of
the file. Control characters of the file never reach the terminal.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Literal, NamedTuple

from mdderive.model.diagnostics import Finding, Language, Witness
from mdderive.model.results import Document, Outcome
from mdderive.model.source import STEERING, Source, Span, printable
from mdderive.output.headings import advice, closing, counted, hinted, passed_over, word
from mdderive.output.tally import Report, edit, summarize

TAB = 4
WINDOW = 110
MOST_LINES = 6
GRADIENT = "DRV401"
GROUPED = ("DRV134", "DRV410")  # told by their reasons, not one by one
OUTCOMES: tuple[Outcome, ...] = ("holds", "wrong", "undecided", "not_an_assertion", "unread")
Role = Literal["text", "error", "warning", "info", "clean", "path", "frame", "label", "key"]


class Mark(NamedTuple):
    """A span to underline with `sign`, and what to write beside it."""

    span: Span
    sign: str
    text: str
    role: Role


class Part(NamedTuple):
    """A part of a line and what it is, for a terminal with colours."""

    text: str
    role: Role = "text"


Line = tuple[Part, ...]  # where it is longer than a terminal is wide it goes on below its last piece


def full(report: Report, width: int) -> Iterator[Line]:
    """Yield the findings with the lines they are about, of which `width` cells are shown, and a summary."""
    for document, finding in report.findings():
        if finding.code in GROUPED:
            continue
        if finding.severity == "info":
            yield _line(document, finding, report.lang)
        else:
            yield from _picture(document.source, finding, report.lang, width)
    yield from _reasons(report)
    yield from _summary(report)


def concise(report: Report, width: int) -> Iterator[Line]:
    """Yield one line a finding, `path:line:column: CODE message` and what to write instead, and a summary."""
    del width  # a line is a line, however wide
    for document, finding in report.findings():
        yield _line(document, finding, report.lang)
    yield from _summary(report)


def plainly(lines: Iterator[Line]) -> str:
    """Return lines as text without colours."""
    return "".join("".join(piece.text for piece in line) + "\n" for line in lines)


def _reasons(report: Report) -> Iterator[Line]:
    """Yield for each file why formulas could not be read or judged, the most frequent reasons first, each with its lines.

    What asserts nothing is one line unless the report is verbose.
    """
    for document in report.documents:
        missed: dict[tuple[str, str], list[int]] = {}
        for f in document.findings:
            if f.code in GROUPED:
                why = f.reason.message(report.lang) if f.reason else ""
                missed.setdefault((f.code, why), []).append(document.source.place(f.span.start).line)
        for e in document.equations:
            if e.outcome == "not_an_assertion" and not any(b.span.start <= e.span.start < b.span.end for b in document.blocks):
                why = e.reason.message(report.lang) or e.reason.code if report.verbose else word("no assertion", report.lang)
                missed.setdefault(("", why), []).append(document.source.place(e.span.start).line)
        if not missed:
            continue
        outcomes = Counter(e.outcome for e in document.equations)
        counts = ", ".join(counted(o, report.lang, outcomes[o]) for o in OUTCOMES if outcomes[o])
        yield Part(document.source.name, "path"), Part(f": {counts}" if counts else "")
        for (code, why), lines in sorted(missed.items(), key=lambda item: (-len(item[1]), item[0])):
            told = f"{code} {one_line(why)}".strip()
            places = [*map(str, dict.fromkeys(lines))]
            said = word("at line" if len(places) == 1 else "at lines", report.lang, what=told, lines=", ".join(places))
            yield Part(f"  {len(lines):4} "), Part(said)


def suggestions(report: Report) -> str:
    """Return the declarations that would let more equations be judged, as comments for the note, with their places."""
    lines = []
    for document in report.documents:
        for span, text in document.suggestions:
            comment = f"% mdderive: {text}" if document.source.latex else f"<!-- mdderive: {text} -->"
            lines.append(f"{document.source.name}:{document.source.place(span.start).line}: {comment}\n")
    return "".join(lines)


def statistics(report: Report) -> str:
    """Return how often each code was found, the most frequent first."""
    found = Counter(finding.code for _, finding in report.findings())
    return "".join(f"{n:5}  {code}\n" for code, n in sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _line(document: Document, finding: Finding, lang: Language) -> Line:
    change = edit(document, finding) if finding.severity != "info" else None
    write = "; " + word("write", lang, what=one_line(change.text)) if change and change.text else ""
    return (
        Part(document.source.at(finding.span.start), "path"),
        Part(": "),
        Part(finding.code, finding.severity),
        Part(f" {one_line(finding.message(lang))}{write}"),
    )


def _summary(report: Report) -> Iterator[Line]:
    summary = summarize(report.documents)
    head, told = closing(asdict(summary), report.lang)
    yield Part(head, "error" if summary.errors else "clean"), Part(told)
    yield from ((Part(line),) for line in set_aside(report))


def set_aside(report: Report) -> list[str]:
    """Return a line each for the files that a folder holds and which are not read, and for what is not told, if there are any."""
    passed = passed_over({printable(suffix): n for suffix, n in report.passed_over.items()}, report.lang)
    return [*([passed] if passed else []), *(counted(key, report.lang, n) for key, n in report.aside.items() if n)]


def pictured(source: Source, finding: Finding, lang: Language) -> str:
    """Return the lines that a finding is about, the place underlined, and what there is to say of it: help, hints, witness."""
    return plainly(_below(finding, lang, _shown(source, finding, lang, WINDOW))).rstrip("\n")


def _shown(source: Source, finding: Finding, lang: Language, width: int) -> list[tuple[int, Part]]:
    labels = (Mark(label.span, "-", label.text[lang], "label") for label in finding.labels)
    return [*_rows(source, [Mark(finding.span, "^", "", finding.severity), *labels], width)]


def _picture(source: Source, finding: Finding, lang: Language, width: int) -> Iterator[Line]:
    rows = _shown(source, finding, lang, width)
    gutter = len(str(max(number for number, _ in rows)))
    yield (
        Part(f"{word(finding.severity, lang)}[{finding.code}]", finding.severity),
        Part(": "),
        Part(one_line(finding.message(lang)), "key"),
    )
    yield Part(f"{'':{gutter}}--> ", "frame"), Part(source.at(finding.span.start), "path")
    yield from _below(finding, lang, rows)


def _below(finding: Finding, lang: Language, rows: list[tuple[int, Part]]) -> Iterator[Line]:
    """Yield what stands below the place of a finding: its lines and its notes."""
    gutter = len(str(max(number for number, _ in rows)))
    yield (Part(f"{'':{gutter}} |", "frame"),)
    before = 0
    for number, piece in rows:
        if before and number > before + 1:
            yield (Part(f"{'...':{gutter}}", "frame"),)
        frame = f"{number if number != before else '':>{gutter}} |"
        yield Part(f"{frame} " if piece.text else frame, "frame"), piece
        before = number
    for key, text in _notes(finding, lang):
        yield Part(f"{'':{gutter}} = ", "frame"), Part(f"{key}: ", "key"), Part(text)
    yield (Part(""),)


def _notes(finding: Finding, lang: Language) -> Iterator[tuple[str, str]]:
    write, others = advice(finding, lang)
    yield from ((word("note", lang), one_line(hinted(hint, lang))) for hint in others)
    if write:
        yield word("help", lang), one_line(write)
    if finding.witness:
        yield word("witness", lang), _witness(finding.witness, "stated" if finding.code == GRADIENT else "sides", lang)


def _witness(witness: Witness, key: str, lang: Language) -> str:
    values = ", ".join(f"{name} = {value}" for name, value in witness.values.items())
    sides = word(key, lang, left=witness.left, right=witness.right)
    return one_line(f"{values}: {sides}" if values else sides)


def _rows(source: Source, marks: list[Mark], window: int) -> Iterator[tuple[int, Part]]:
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
        left = max(0, min(p.start for p in places) - window // 3) if cells(line) > window else 0
        cropped = line[left : left + window]
        while cells(cropped) > max(window, TAB):
            cropped = cropped[: -max(1, (cells(cropped) - window) // 2)]
        head = "… " if left else ""
        shown_as = source.shown(number)
        yield shown_as, Part((head + shown(cropped) + (" …" if left + len(cropped) < len(line) else "")).rstrip())
        for mark, place in zip(wanted[number], places, strict=True):
            begin, end = (min(max(p - left, 0), len(cropped)) for p in place)
            width = max(1, cells(cropped[begin:end], cells(cropped[:begin])))
            under = f"{'':{len(head) + cells(cropped[:begin])}}{mark.sign * width} {mark.text}".rstrip()
            yield shown_as, Part(under, mark.role)


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


def _told(lines: Callable[[Report, int], Iterator[Line]]) -> Callable[[Report], str]:
    return lambda report: plainly(lines(report, WINDOW))


PICTURES: Mapping[str, Callable[[Report, int], Iterator[Line]]] = {"full": full, "concise": concise}
FOR_PEOPLE: Mapping[str, Callable[[Report], str]] = {name: _told(lines) for name, lines in PICTURES.items()}
