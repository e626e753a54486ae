"""Findings to text for people, CI and editors.

`FORMATS` is the whole table: every format is a function of the same `Report`, and every one of them lists the findings in the
same order (file, line, column).
"""

from collections.abc import Callable, Mapping

from mdderive.output.machine import github, json_report, sarif
from mdderive.output.people import concise, full, statistics, suggestions
from mdderive.output.tally import Edit, Report, Summary, edit, found, report, summarize

__all__ = ["FORMATS", "Edit", "Report", "Summary", "edit", "found", "report", "statistics", "suggestions", "summarize"]

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "full": full,
    "concise": concise,
    "json": json_report,
    "github": github,
    "sarif": sarif,
}
