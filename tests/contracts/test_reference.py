"""The pages on rules and on operators are made from the tables when the site is built, and say all that the tables say."""

import importlib.util
import io
import re
import zipfile
from pathlib import Path

import pytest
from markdown.extensions.toc import slugify

import mdderive
import playground
from mdderive.model.causes import REASONS
from mdderive.model.functions import FUNCTIONS
from mdderive.output.markdown import escaped
from mdderive.output.rulebook import functions, operators
from mdderive.rules.book import BOOK, DEFINED, PROOFS, RULES, Proof

pytest.importorskip("mkdocs")

SITE = Path(__file__).parents[2] / "site"
GENERATED = (
    "rules.md",
    "functions.md",
    "reasons.md",
    "zh/rules.md",
    "zh/functions.md",
    "zh/reasons.md",
    "newcomers.md",
    "zh/newcomers.md",
    "interface.md",
    "zh/guide/measured.md",
)


reference = importlib.import_module("reference")  # the site is on the path, see pyproject.toml
newcomers = importlib.import_module("newcomers")
measured = importlib.import_module("measured")
for_zensical = importlib.import_module("for_zensical")


def test_generated_pages_have_no_file_and_a_place_in_the_navigation():
    listed = (SITE / "mkdocs.yml").read_text(encoding="utf-8")
    for name in GENERATED:
        assert not (SITE / "docs" / name).exists()
        assert f": {name}\n" in listed


def test_what_was_measured_is_in_chinese_with_the_same_figures():
    english, chinese = measured.PAGE.read_text(encoding="utf-8"), measured.measured_page()
    assert re.findall(r"\d[\d.,]*\b", chinese) == re.findall(r"\d[\d.,]*\b", english)
    assert re.findall(r"[A-Za-z]+ [a-z]+", re.sub(r"`.*?`", "", chinese)) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_reasons_has_every_reason_and_what_it_means(lang):
    page = reference.reasons_page(lang)
    assert sorted(re.findall(r"^\| `(.+?)` \|", page, re.MULTILINE)) == sorted(REASONS)
    assert all(escaped(cause.advice[lang]) in page for cause in REASONS.values())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_rules_has_every_rule_and_proof(lang):
    page = reference.rules_page(lang)
    assert re.findall(r"^### (.+)$", page, re.MULTILINE) == [rule.name for rule in BOOK]
    proofs = sum(isinstance(entry, Proof) for entry in PROOFS.values())
    assert len(re.findall(r"^\?\?\? note", page, re.MULTILINE)) == proofs
    counts = page.split("\n\n")[2]
    for count in (len(RULES), sum(bool(rule.when) for rule in RULES), proofs, len(PROOFS) - proofs, len(DEFINED)):
        assert re.search(rf"\b{count}\b", counts)
    names = {rule.name for rule in BOOK}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= {slugify(name, "-") for name in names}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_operators_has_every_operator_and_function(lang):
    page = reference.functions_page(lang)
    rows = [line for line in page.splitlines() if line.startswith("| ") and "<code>" in line]
    entries = (*operators(lang), *functions(lang))
    assert len(rows) == len(entries)
    for row, entry in zip(rows, entries, strict=True):
        assert row.count("<code>") == len(entry.spellings)
        assert len(re.findall(r"(?<!\\)\|", row)) == 5
    assert len(functions(lang)) == len(FUNCTIONS)
    assert set(re.findall(r"rules\.md#([^)]+)", page)) <= {slugify(rule.name, "-") for rule in BOOK}


def test_the_playground_takes_the_package_and_what_it_requires_along():
    with zipfile.ZipFile(io.BytesIO(playground.bundle())) as archive:
        names = set(archive.namelist())
    assert {
        "mdderive/api.py",
        "mdderive/reading/lexicon/zh.txt",
        "pylatexenc/__init__.py",
        "markdown_it/__init__.py",
        "mpmath/__init__.py",
    } <= names
    assert not [name for name in names if name.endswith((".pyc", ".so")) or "/tests/" in name]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_line_of_the_page_for_newcomers_is_read_or_answered_with_what_to_write(lang):
    for lines in newcomers.GROUPS.values():
        for line in lines:
            said, happens = newcomers.told(line, lang)
            findings = newcomers.tried(line, lang).findings
            assert said != "—" or not findings, line
            assert not {"DRV123", "DRV203", "DRV219", "DRV901"} & {finding.code for finding in findings}, line
            assert happens


def test_the_settings_for_zensical_name_the_extension_in_place_of_the_plugin():
    lines = for_zensical.settings().splitlines()
    assert lines.index("  - mdderive") > lines.index("markdown_extensions:") > lines.index("extra_javascript:")
    assert "hooks:" not in lines


@pytest.mark.parametrize(("lang", "folder"), [("en", "docs/diagnostics"), ("zh", "docs/zh/diagnostics")])
def test_a_page_on_a_code_shows_what_is_said_of_its_example(lang, folder):
    shown = 0
    for file in sorted((SITE / folder).glob("DRV*.md")):
        text = file.read_text(encoding="utf-8")
        said = reference.filled(text, lang)
        if "````md" in text:
            assert file.stem in said.partition("````text\n")[2].partition("````")[0], file.name
            shown += 1
    assert shown > 90


def test_a_chinese_page_leads_to_chinese_pages():
    for page in sorted((SITE / "docs/zh").rglob("*.md")):
        own = SITE / "docs" / page.relative_to(SITE / "docs/zh")
        for link in re.findall(r"\]\(([^)#\s:]+\.md)", page.read_text(encoding="utf-8")):
            target = (page.parent / link).resolve()
            if target.is_relative_to(SITE / "docs/zh") or target == own:  # the page itself in English is named as such
                continue
            assert not (SITE / "docs/zh" / target.relative_to(SITE / "docs")).exists(), (page.name, link)


def test_the_page_on_python_has_every_name_with_its_signature_and_says_what_it_is():
    page = reference.made()["interface.md"]
    parts = dict(part.split("\n\n", 1) for part in page.split("\n## ")[1:])
    assert sorted(parts) == sorted(mdderive.__all__)
    assert "settings: Settings = Settings()" in parts["check"]
    assert "mdderive." not in "".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    assert all(getattr(mdderive, name).__doc__.split("\n")[0] in part for name, part in parts.items())
