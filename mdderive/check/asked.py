"""What the statements of a block come to: read, answered, their slips of spelling looked through; and one claim by itself."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from mdderive.check.answers import Given, answered
from mdderive.document.extent import exceeded
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding, Hint
from mdderive.model.reasons import Reason
from mdderive.model.results import Settings, Verdict
from mdderive.model.source import Span
from mdderive.reading.meaning import interpret
from mdderive.reading.obstacles import refused
from mdderive.reading.problems import lifted
from mdderive.reading.tasks import GoalTask, Meaning, Task

LOOKALIKE = "DRV221"
MOST_ROUNDS = 6


def asked(
    text: str, context: Context, settings: Settings, wanted: Callable[[Task], bool] = lambda _: True
) -> tuple[Meaning, Given] | Finding:
    """Return what the statements of a block mean and what its tasks that are `wanted` come to; a finding where that fails."""
    try:
        meaning = interpret(text, context)
        meaning = replace(meaning, tasks=tuple(filter(wanted, meaning.tasks)))
        given = answered(meaning, settings)
        findings = respelled(text, context, meaning.findings, seed=settings.seed)
    except RecursionError:
        return Finding("DRV215", Span(0, len(text)), {"bound": "operators inside each other, through all definitions"})
    except Exception as bug:  # a fault of mdderive must not take anything else with it
        return Finding("DRV901", Span(0, len(text)), {"what": f"{type(bug).__name__}: {bug}"})
    return replace(meaning, findings=findings), given


def claimed(equation: str, let: Sequence[str], given: Sequence[str], settings: Settings) -> Verdict:
    """Return the verdict on one equation, or chain of equations, under declarations and premises.

    What is to be said about it are the findings of the verdict; their spans are offsets into the text that they are about.
    """
    above = lifted([*(("", line) for line in let), *(("given: ", premise) for premise in given)])
    excerpt = lifted([*(("", line) for line in let), *(("given: ", premise) for premise in given), ("", equation)])
    if bound := exceeded(excerpt.text):
        return _unread(equation, [Finding("DRV150", Span(0, 0), {"bound": bound})])

    def stated(task: Task) -> bool:
        return task.span.start >= len(above.text) and not (isinstance(task, GoalTask) and task.stated is None)

    found = asked(excerpt.text, Context(layout=settings.layout, functions=settings.functions), settings, stated)
    if isinstance(found, Finding):
        return _unread(equation, [found.moved(excerpt)])
    meaning, told = found
    findings = [finding.moved(excerpt) for finding in (*meaning.findings, *told.findings)]
    if not told.answers or any(finding.severity == "error" for finding in meaning.findings):
        return _unread(equation, findings)
    return replace(told.answers[-1].verdict, findings=tuple(findings))


def _unread(equation: str, findings: Sequence[Finding]) -> Verdict:
    """Return the verdict on what could not be read, or claims nothing."""
    why = next((finding for finding in findings if finding.severity == "error"), None)
    reason = refused(why) if why else Reason("no-equation", {"relation": equation})
    return Verdict("undecided", reason=reason, findings=tuple(findings))


def respelled(text: str, context: Context, findings: tuple[Finding, ...], *, seed: int) -> tuple[Finding, ...]:
    """Return the findings of a block with a hint at every look-alike letter, where with the declared ones nothing is wrong.

    The hint proposes a change where those of all findings together make the block right.
    """
    slips = [f for f in findings if f.code == LOOKALIKE]
    if not slips or any(f.severity == "error" and f not in slips for f in findings):
        return findings
    found, rounds = slips, 0
    while found and rounds < MOST_ROUNDS:
        text = _spelled(text, found)
        rounds += 1
        meaning = interpret(text, context)
        found = [f for f in meaning.findings if f.code == LOOKALIKE]
    given = answered(meaning, Settings(steps="result", seed=seed))
    wrong = any(f.severity == "error" for f in (*meaning.findings, *given.findings))
    if wrong or not given.answers or any(a.verdict.outcome != "holds" for a in given.answers):
        return findings
    return tuple(replace(f, hints=(_hint(f, rounds == 1),)) if f in slips else f for f in findings)


def _spelled(text: str, slips: Iterable[Finding]) -> str:
    for slip in sorted(slips, key=lambda f: f.span, reverse=True):
        start, end = slip.span
        text = text[:start] + slip.facts["declared"] + _blank(slip.facts["declared"], text[end : end + 1]) + text[end:]
    return text


def _blank(name: str, after: str) -> str:
    """Return the blank that a command needs before a letter."""
    return " " if name.startswith("\\") and name[-1].isalpha() and after.isalpha() else ""


def _hint(slip: Finding, at_once: bool) -> Hint:
    name = slip.facts["declared"]
    words = {"en": f"with {name} the block holds", "zh": f"写成 {name} 则整个块成立"}
    return Hint("lookalike", {**words, **({"name": name} if at_once else {})})
