"""What many notes come to, as one page of HTML: counts, mistakes by kind, why the rest was not judged, the slowest notes.

The page stands alone: bars are elements of a width, there is no script, and its policy lets it load nothing. All that comes from
notes is escaped.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from html import escape
from typing import NamedTuple

from mdderive.model.causes import REASONS
from mdderive.model.diagnostics import CATALOG, Finding, Language
from mdderive.model.results import Document
from mdderive.output.headings import closing
from mdderive.output.machine import general
from mdderive.output.people import one_line, pictured, set_aside
from mdderive.output.tally import Report, summarize

LONGEST = 20  # notes in a list of the slowest, or of those with most mistakes
WORDS: Mapping[str, Mapping[Language, str]] = {
    "title": {"en": "What the notes come to", "zh": "笔记的结果"},
    "outcomes": {"en": "Equations", "zh": "等式"},
    "holds": {"en": "hold", "zh": "成立"},
    "wrong": {"en": "wrong", "zh": "错误"},
    "undecided": {"en": "undecided", "zh": "未判定"},
    "not_an_assertion": {"en": "assert nothing", "zh": "不作断言"},
    "unread": {"en": "unread", "zh": "未读"},
    "kinds": {"en": "Mistakes and warnings by kind", "zh": "各类错误与警告"},
    "reasons": {"en": "Why equations were not judged", "zh": "等式未判定的原因"},
    "notes": {"en": "Notes with most mistakes", "zh": "错误最多的笔记"},
    "slowest": {"en": "Slowest notes, in milliseconds", "zh": "最慢的笔记（毫秒）"},
    "all": {"en": "Every mistake and warning", "zh": "全部错误与警告"},
}
_OUTCOMES = ("holds", "wrong", "undecided", "not_an_assertion", "unread")
_PAGE = """\
<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mdderive: {title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: start; font-weight: normal; padding: .1rem .5rem; overflow-wrap: anywhere }}
td:nth-child(2) {{ text-align: end; width: 6rem }}
td:nth-child(3) {{ width: 40% }}
.bar {{ background: #3d6fb4; height: .8rem }}
pre {{ overflow-x: auto }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}</body>
</html>
"""


class _Row(NamedTuple):
    """A row of a chart: what is counted, and how much of it there is."""

    label: str
    amount: float


def corpus(report: Report) -> str:
    """Return the page on all documents of a report."""
    return _PAGE.format(lang=report.lang, title=WORDS["title"][report.lang], body="".join(_sections(report)))


def _sections(report: Report) -> Iterator[str]:
    lang, summary = report.lang, asdict(summarize(report.documents))
    yield "".join(f"<p>{_text(line)}</p>\n" for line in ("".join(closing(summary, lang)), *set_aside(report)))
    yield _chart("outcomes", lang, (_Row(WORDS[name][lang], summary[name]) for name in _OUTCOMES))
    told = [(document, finding) for document, finding in report.findings() if finding.severity != "info"]
    yield _chart("kinds", lang, _counted(f"{f.code} {general(CATALOG[f.code].words[lang])}" for _, f in told))
    left = (e.reason.code for d in report.documents for e in d.equations if e.outcome in ("undecided", "unread"))
    yield _chart("reasons", lang, _counted(f"{code}: {general(REASONS[code].words[lang])}" for code in left))
    wrong = Counter(document.source.name for document, finding in told if finding.severity == "error")
    yield _chart("notes", lang, (_Row(*row) for row in wrong.most_common(LONGEST)))
    slowest = sorted(report.documents, key=lambda document: -document.ms)[:LONGEST]
    yield _chart("slowest", lang, (_Row(document.source.name, document.ms) for document in slowest))
    if told:
        yield f"<h2>{WORDS['all'][lang]}</h2>\n"
        yield from (_mistake(document, finding, lang) for document, finding in told)


def _counted(names: Iterable[str]) -> Iterator[_Row]:
    """Yield how often there is each, the most frequent first."""
    yield from (_Row(name, n) for name, n in sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _chart(title: str, lang: Language, rows: Iterable[_Row]) -> str:
    """Return a table whose amounts are drawn as bars; nothing where all of them are nothing."""
    listed = [row for row in rows if row.amount]
    if not listed:
        return ""
    most = max(row.amount for row in listed)
    lines = (
        f'<tr><th scope="row">{_text(row.label)}</th><td>{row.amount:,.0f}</td>'
        f'<td><div class="bar" style="width: {100 * row.amount / most:.1f}%"></div></td></tr>\n'
        for row in listed
    )
    return f"<h2>{WORDS[title][lang]}</h2>\n<table>\n{''.join(lines)}</table>\n"


def _mistake(document: Document, finding: Finding, lang: Language) -> str:
    head = f"{document.source.at(finding.span.start)}: {finding.code} {finding.message(lang)}"
    return f"<h3>{_text(head)}</h3>\n<pre>{escape(pictured(document.source, finding, lang))}</pre>\n"


def _text(words: str) -> str:
    return escape(one_line(words))
