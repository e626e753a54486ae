"""Reports for programs: the fields of JSON, GitHub's commands, SARIF."""

import json
from dataclasses import replace

import pytest

from mdderive.check.pipeline import check
from mdderive.model.diagnostics import CATALOG, Finding, Hint
from mdderive.model.results import Settings
from mdderive.model.source import Span
from mdderive.output.headings import HINTS
from mdderive.output.reports import FORMATS, report
from tests.documents import WRONG_TEXT, document, equation, fence, wrong

CHAIN = "a = b\n= c\n= d\nq = r\n"


def chain():
    rows = (
        equation(CHAIN, "q = r", "holds", "equal"),
        equation(CHAIN, "= c", "wrong", "differ"),
        equation(CHAIN, "= d", "wrong", "follows", line="2"),
        equation(CHAIN, "b", "undecided", "not-given", name="a"),
    )
    return document(CHAIN, equations=rows)


def as_json(*documents):
    return json.loads(FORMATS["json"](report(documents)))


def test_json_has_the_fields_of_the_contract():
    block = fence(WRONG_TEXT, answers=(), findings=(wrong(),))
    body = as_json(document(WRONG_TEXT, block, equations=(equation(WRONG_TEXT, "2 A W", "wrong", "differ"),)))
    assert list(body) == ["version", "files", "summary", "equations", "findings"]
    assert body["version"] == 1
    assert body["files"] == [{"file": "note.md", "ms": 1.5}]
    place = {"file": "note.md", "line": 6, "column": 33, "end_line": 6, "end_column": 38}
    assert body["equations"] == [{**place, "latex": "2 A W", "outcome": "wrong", "why": "", "act": "assert", "reason": "differ"}]
    [finding] = body["findings"]
    assert {key: finding[key] for key in place} == place
    assert finding["code"] == "DRV401"
    assert finding["severity"] == "error"
    assert finding["latex"] == "2 A W"
    assert finding["hints"][0]["code"] == "symmetric"
    assert set(finding["hints"][0]) == {"code", "message", "latex", "edit"}
    assert set(finding["witness"]) == {"sizes", "values", "left", "right", "numpy"}
    assert set(finding) == {*place, "code", "severity", "message", "latex", "hints", "witness", "edit"}


def test_an_edit_replaces_the_whole_stated_side_by_the_first_repair():
    finding = replace(wrong(), span=Span(wrong().span.start, wrong().span.start + 1))
    repairs = (Hint("symmetric", {"en": "if A were symmetric", "zh": "若 A 对称"}), Hint("factor", {}, "A W + A^T W"))
    rows = (equation(WRONG_TEXT, "2 A W", "wrong", "differ"),)
    [row] = as_json(document(WRONG_TEXT, findings=(replace(finding, hints=repairs),), equations=rows))["findings"]
    expected = {"line": 6, "column": 33, "end_line": 6, "end_column": 38, "text": "A W + A^T W"}
    assert row["edit"] == row["hints"][1]["edit"] == expected
    assert row["hints"][0]["edit"] is None


def test_without_a_repair_the_edit_is_what_was_derived():
    rows = (equation(WRONG_TEXT, "2 A W", "wrong", "differ"),)
    [row] = as_json(document(WRONG_TEXT, findings=(replace(wrong(), hints=()),), equations=rows))["findings"]
    assert row["edit"]["text"] == "(A + A^T) W"


def test_summary_counts_roots_only():
    body = as_json(chain())
    counts = {"equations": 4, "holds": 1, "wrong": 1, "undecided": 1, "not_an_assertion": 0, "unread": 0}
    assert counts.items() <= body["summary"].items()
    assert [e["outcome"] for e in body["equations"]] == ["undecided", "wrong", "wrong", "holds"]
    assert body["equations"][2]["why"] == "follows from 2"
    assert body["equations"][2]["reason"] == "follows"


def test_summary_counts_blocks_and_what_was_skipped():
    text = "```derive skip='later'\nx\n```\n"
    body = as_json(document(text, fence(text, answers=(), skipped="later")))
    assert (body["summary"]["blocks"], body["summary"]["skipped"]) == (1, 1)


def test_columns_count_characters():
    text = "设 𝔸 = x"
    body = as_json(document(text, findings=(Finding("DRV402", Span(6, 7)),)))
    assert (body["findings"][0]["column"], body["findings"][0]["end_column"]) == (7, 8)


def test_github_escapes_what_its_format_reserves():
    text = "100%"
    found = document(text, path="a,b:c.md", findings=(Finding("DRV404", Span(0, 4), {"why": "50% of\nit"}),))
    line = FORMATS["github"](report([found]))
    assert line.startswith("::warning title=mdderive DRV404,file=a%2Cb%3Ac.md,line=1,endLine=1,col=1,endColumn=5::")
    assert "50%25 of%0Ait" in line
    assert line.count("\n") == 1


def test_sarif_is_what_its_schema_asks_for():
    model = pytest.importorskip("pydantic_sarif.model")  # made from the schema of the standard, and takes nothing else
    marked = "# A\n\n" + "```derive\nA: n x n, x: n\nf = x^T A x\n\\nabla_x f = 2 A x\nx.T @ x\nX: matrix\n```\n\n$$A B = B A$$\n"
    documents = [check(marked, path="notes/第一 a.md", settings=Settings(equations=True)), check("no formula", path="b.md")]
    log = json.loads(FORMATS["sarif"](report(documents)))
    assert len(log["runs"][0]["results"]) >= 3
    whole = model.StaticAnalysisResultsFormatSarifVersion210JsonSchema
    whole.model_validate(log)
    log["runs"][0]["results"][0]["unknown"] = 1
    with pytest.raises(ValueError, match="unknown"):
        whole.model_validate(log)


def test_sarif_names_version_rule_level_and_region():
    block = fence(WRONG_TEXT, answers=(), findings=(wrong(),))
    log = json.loads(FORMATS["sarif"](report([document(WRONG_TEXT, block, path="notes/第一.md")])))
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    [result] = run["results"]
    assert result["ruleId"] == run["tool"]["driver"]["rules"][0]["id"] == "DRV401"
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "notes/%E7%AC%AC%E4%B8%80.md"
    assert place["region"] == {"startLine": 6, "startColumn": 33, "endLine": 6, "endColumn": 38}


def test_every_format_takes_a_report_without_findings():
    for form in FORMATS.values():
        assert "DRV" not in form(report([document("nothing")]))


def test_words_are_complete():
    for words in HINTS.values():
        assert set(words) == {"en", "zh"}
    for code, entry in CATALOG.items():
        assert set(entry.words) == set(entry.help) == {"en", "zh"}, code
        assert all(entry.words.values()), code
