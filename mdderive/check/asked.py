"""What the statements of a block come to: read, answered, their slips of spelling looked through; and one claim by itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from mdderive.check.answers import Given, answered
from mdderive.check.respelling import respelled
from mdderive.document.extent import exceeded
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding
from mdderive.model.reasons import Reason
from mdderive.model.results import Settings, Verdict
from mdderive.model.source import Span
from mdderive.reading.meaning import interpret
from mdderive.reading.obstacles import refused
from mdderive.reading.problems import lifted
from mdderive.reading.tasks import GoalTask, Meaning, Task


def asked(
    text: str, context: Context, settings: Settings, wanted: Callable[[Task], bool] = lambda _: True
) -> tuple[Meaning, Given] | Finding:
    """Return what the statements of a block mean and what its tasks that are `wanted` come to; a finding where that fails."""
    try:
        meaning = interpret(text, context)
        meaning = replace(meaning, tasks=tuple(filter(wanted, meaning.tasks)))
        given = answered(meaning, steps=settings.steps, seed=settings.seed, thorough=settings.thorough)
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
