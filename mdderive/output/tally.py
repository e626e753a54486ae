"""What there is to report: the findings of all files in reading order, and the counts over them.

A finding is listed once even where a block and its file both hold it. A wrong relation that only follows from an earlier one is
no root and does not count as a mistake of its own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mdderive.model.diagnostics import Finding, Hint, Language
from mdderive.model.results import HELD_BACK, Derivation, Document
from mdderive.model.source import Edit, Span

MISSPELT = ("DRV108", "DRV135", "DRV139")  # their facts have what to write instead
REPAIRABLE = ("DRV301", "DRV302", "DRV303", "DRV307", "DRV308", "DRV401", "DRV402", "DRV403")
UNREAD = ("DRV190", "DRV192", "DRV193", "DRV194")  # what stands for a file that was not read


@dataclass(frozen=True, slots=True)
class Report:
    """Documents in the order of their paths, the language of the words, and what else is to be said of the run.

    `passed_over` counts the files that were met and are no notes, by suffix; `aside` what a project asked not to hear of, by the
    word for it. A `verbose` report says of every relation that was not judged why.
    """

    documents: tuple[Document, ...]
    lang: Language = "en"
    passed_over: Mapping[str, int] = field(default_factory=dict)
    aside: Mapping[str, int] = field(default_factory=dict)
    verbose: bool = False

    def findings(self) -> list[tuple[Document, Finding]]:
        """Return every finding with its document, by file, line and column."""
        return [(document, finding) for document in self.documents for finding in found(document)]


@dataclass(frozen=True, slots=True)
class Summary:
    """How many relations were met and what became of them.

    `blocks` and `skipped` count derive blocks, `derived` the derivatives that were asked for and found.
    """

    files: int
    blocks: int
    skipped: int
    derived: int
    equations: int
    holds: int
    wrong: int
    undecided: int
    not_an_assertion: int
    unread: int
    errors: int


def report(documents: Iterable[Document], lang: Language = "en", passed_over: Mapping[str, int] | None = None) -> Report:
    """Return the report on some documents, sorted by path."""
    return Report(tuple(sorted(documents, key=lambda d: d.source.path)), lang, passed_over or {})


def _derived(answer: Derivation) -> bool:
    """Tell whether a derivative was asked for, not stated, and found."""
    asked = answer.statement.rstrip().endswith(("?", "？")) or "=" not in answer.statement
    return asked and answer.verdict.outcome == "holds"


def found(document: Document) -> list[Finding]:
    """Return the findings of a document in reading order, each once."""
    unique: list[Finding] = []
    for finding in (*document.findings, *(f for block in document.blocks for f in block.findings)):
        if finding not in unique:
            unique.append(finding)
    return sorted(unique, key=lambda f: (f.span.start, f.span.end, f.code))


def without(documents: Iterable[Document], spared: Callable[[Document, Finding], bool]) -> tuple[list[Document], int]:
    """Return documents without the findings that are spared, and how many those were."""
    left, count = [], 0
    for document in documents:
        gone = [finding for finding in found(document) if spared(document, finding)]
        count += len(gone)
        blocks = (replace(b, findings=tuple(f for f in b.findings if f not in gone)) for b in document.blocks)
        kept = tuple(f for f in document.findings if f not in gone)
        left.append(replace(document, findings=kept, blocks=tuple(blocks)) if gone else document)
    return left, count


def key(document: Document, finding: Finding) -> tuple[str, str]:
    """Return by what a finding is known again."""
    return finding.code, " ".join(document.source.text[finding.span.start : finding.span.end].split())


def hint_edit(document: Document, finding: Finding, hint: Hint) -> Edit | None:
    """Return the change that a hint proposes, or nothing where it proposes none; a hint was verified as it stands here."""
    if hint.code == "lookalike" and "name" in hint.facts:
        return _letter(document.source.text, finding.span, hint.facts["name"])
    return _stated(document, finding, hint.latex) if hint.latex else None


def _letter(text: str, span: Span, name: str) -> Edit:
    """Return the change of one letter; a command is kept apart from a letter behind it."""
    command = name.startswith("\\") and name[-1].isalpha()
    return Edit(span, name + (" " if command and text[span.end : span.end + 1].isalpha() else ""))


def edit(document: Document, finding: Finding) -> Edit | None:
    """Return the change that sets a finding right: by its first hint, else by what was derived."""
    for hint in finding.hints:
        change = hint_edit(document, finding, hint)
        if change:
            return change
    if finding.code in MISSPELT:
        return _respelt(document.source.text, finding)
    return _stated(document, finding, finding.facts.get("right", "").partition(" = ")[2])


def _respelt(text: str, finding: Finding) -> Edit | None:
    """Return the change of a misspelt line; of one that was to open a block where the marks, which also close it, are right."""
    write = finding.facts["write"]
    if finding.code != "DRV108":
        return Edit(finding.span, write)
    marks = write[: len(write) - len(write.lstrip("`~"))]
    return Edit(finding.span, write) if marks and text.startswith(marks, finding.span.start) else None


def _stated(document: Document, finding: Finding, latex: str) -> Edit | None:
    """Return the change of the side that a finding calls wrong, if it stands on one line of the file."""
    if not latex or finding.code not in REPAIRABLE or HELD_BACK in finding.facts:
        return None
    for equation in document.equations:
        start, end = equation.span
        if _bare(latex) == _bare(equation.latex.partition("=")[0]):
            continue  # the same on both sides would be true and say nothing
        if start <= finding.span.start and finding.span.end <= end and "\n" not in document.source.text[start:end]:
            return Edit(equation.span, latex)
    return None


def _bare(latex: str) -> str:
    return "".join(latex.split())


def summarize(documents: Sequence[Document]) -> Summary:
    """Return the counts over all documents."""
    equations = [e for d in documents for e in d.equations]
    outcomes = [e.outcome for e in equations if e.reason.code != "follows"]
    return Summary(
        files=sum(not any(f.code in UNREAD for f in d.findings) for d in documents),
        blocks=sum(len(d.blocks) for d in documents),
        skipped=sum(bool(b.skipped) for d in documents for b in d.blocks),
        derived=sum(_derived(answer) for d in documents for answer in d.derivations),
        equations=len(equations),
        holds=outcomes.count("holds"),
        wrong=outcomes.count("wrong"),
        undecided=outcomes.count("undecided"),
        not_an_assertion=outcomes.count("not_an_assertion"),
        unread=outcomes.count("unread"),
        errors=sum(f.severity == "error" for d in documents for f in found(d)),
    )
