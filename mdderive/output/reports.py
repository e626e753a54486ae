"""Findings to text for people, CI and editors.

`FORMATS` is the whole table: every format is a function of the same `Report`, which stands with its row in the module of its
readers, and every one of them lists the findings in the same order (file, line, column).
"""

from collections.abc import Callable, Mapping

from mdderive.output.machine import FOR_PROGRAMS
from mdderive.output.people import FOR_PEOPLE, statistics, suggestions
from mdderive.output.tally import Report, Summary, found, report, summarize

__all__ = ["FORMATS", "Report", "Summary", "found", "report", "statistics", "suggestions", "summarize"]


def _corpus(report: Report) -> str:
    from mdderive.output.corpus import corpus  # lazily: one form among those of every run

    return corpus(report)


FORMATS: Mapping[str, Callable[[Report], str]] = {**FOR_PEOPLE, **FOR_PROGRAMS, "html": _corpus}
