"""The report on a corpus: a page that stands alone, counts what there is, and holds what notes say as text."""

import re

import pytest

from mdderive.check.pipeline import check
from mdderive.output.reports import FORMATS, report
from tests.output.test_escaped_reports import MORE, NOTES, STEERING
from tests.output.test_escaping import PAYLOADS, Elements, placed

WRONG = "```derive\nx: n\nx + x = 3 x\nx = x\n```\n"
OWN = set("html head meta title style body h1 h2 h3 p table tr th td div pre".split())


def page(*texts, lang="en"):
    return FORMATS["html"](report([check(text, f"{n}.md") for n, text in enumerate(texts)], lang))


def test_it_counts_what_there_is_and_shows_each_mistake():
    shown = page(WRONG, WRONG, "# Nothing\n")
    assert "3 files" in shown
    assert re.search(r"DRV\d{3} [^<]*</th><td>2</td>", shown)
    assert shown.count("<h3>") == len(report([check(WRONG, "0.md"), check(WRONG, "1.md")]).findings())
    assert "0.md:3:9" in shown
    assert "width: 100.0%" in shown


def test_it_speaks_chinese():
    shown = page(WRONG, lang="zh")
    assert '<html lang="zh">' in shown
    assert "各类错误与警告" in shown
    assert "by kind" not in shown


def test_it_loads_nothing():
    shown = page(WRONG)
    assert "default-src 'none'" in shown
    assert not re.search(r"<(script|link|img|iframe|a|base|object|embed)\b|url\(|@import|https?:", shown)


@pytest.mark.parametrize("payload", [*PAYLOADS, *MORE])
def test_what_notes_hold_is_text(payload):
    shown = FORMATS["html"](report([check(placed(note, payload), f"{payload}.md") for note in NOTES]))
    elements = Elements(shown)
    assert {tag[0] for tag in elements.tags if isinstance(tag, tuple)} <= OWN
    assert {key for key, _ in elements.attributes()} <= {
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "style",
        "scope",
    }
    assert not STEERING.search(shown)
