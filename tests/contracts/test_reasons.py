"""The closed list of reasons: both languages, the same facts; nothing steers by the words of one."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from mdderive.check.outcome import BY_SIGN, BY_WORDS, OUTCOMES
from mdderive.check.pipeline import check
from mdderive.model.causes import REASONS
from mdderive.model.diagnostics import Finding
from mdderive.model.reasons import Reason, Several
from mdderive.model.results import Settings
from mdderive.model.source import Span
from tests.test_cases import NOTE, SECTION

PACKAGE = Path(__file__).parents[2] / "mdderive"
RAISED = {"Undefined", "Unsupported", "Inexact", "NotASquare"}


def facts(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", REASONS)
def test_a_reason_has_words_in_both_languages_with_the_same_facts(code):
    cause = REASONS[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert facts(cause.words["en"]) == facts(cause.words["zh"])
    assert bool(cause.words["en"]) == bool(cause.words["zh"])
    assert cause.words["en"] != cause.words["zh"] or code in ("equal", "differ", "notation", "misshapen", "not-derived")
    assert cause.advice["en"].endswith(".")
    assert cause.advice["zh"].endswith("。")


def test_the_words_of_reasons_are_told_apart():
    words = [cause.words["en"] for code, cause in REASONS.items() if code not in ("equal", "notation", "misshapen")]
    assert len(words) == len(set(words))


def named_in_the_package():
    """Yield the words of reasons that the package names, with the facts it gives them, as far as that is told by the form."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            codes = [n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            if node.func.id == "Reason" and not isinstance(node.args[0], ast.Subscript | ast.Call):
                given = node.args[1].keys if len(node.args) > 1 and isinstance(node.args[1], ast.Dict) else []
                yield from ((code, {key.value for key in given}) for code in codes)
            elif node.func.id in RAISED:
                yield from (
                    (code, {k.arg for k in node.keywords}) for code in codes if not isinstance(node.args[0], ast.Attribute)
                )


def test_a_reason_is_given_the_facts_that_its_words_name():
    found = list(named_in_the_package())
    assert len(found) > 80
    for code, given in found:
        assert code in REASONS, code
        assert facts(REASONS[code].words["en"]) <= given, code


def test_every_reason_is_given_somewhere():
    texts = "".join(p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py") if p.name != "causes.py")
    assert [code for code in REASONS if f'"{code}"' not in texts] == []


def test_every_act_has_an_outcome_for_whatever_was_shown():
    acts, shown = {act for act, _ in OUTCOMES}, {shown for _, shown in OUTCOMES}
    assert len(OUTCOMES) == len(acts) * len(shown) == 7 * 6
    assert {OUTCOMES["assert", s] for s in shown} >= {"holds", "wrong", "undecided", "unread"}
    assert [key for key, outcome in OUTCOMES.items() if outcome == "wrong"] == [("assert", "fails")]
    assert {*BY_WORDS.values(), *BY_SIGN.values(), *(c.act for c in REASONS.values() if c.act)} <= acts


def test_a_fact_is_worded_in_the_language_of_its_reason():
    parts = Several((Reason("scalar", {"name": "x"}), Reason("matrix", {"name": "A"})))
    reason = Reason("holds-only-if", {"assumed": parts})
    assert reason.message() == "holds only if x is a number and A is a matrix"
    assert reason.message("zh") == "仅在如下假设下成立：x 是标量，A 是矩阵"
    finding = Finding("DRV411", Span(0, 1), reason=reason)
    assert finding.message() == "this holds only if x is a number and A is a matrix, which nothing says"
    assert finding.message("zh") == "仅在文中没有说明的假设下成立：x 是标量，A 是矩阵"


def test_no_part_of_the_package_compares_the_words_of_a_reason():
    """An English sentence, three words or more, is compared with nothing."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            compared = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                compared = node.args if node.func.attr in ("startswith", "endswith", "removeprefix", "partition") else []
            texts = [c.value for c in compared if isinstance(c, ast.Constant) and isinstance(c.value, str)]
            assert [t for t in texts if re.fullmatch(r"[A-Za-z]+( [a-z]+){2,}[: ]*", t)] == [], path


SHOWN = Path(__file__).parents[1] / "cases" / "reasons.md"
# What no case shows and no test tells in words: guards of the judge, and what rare notes are answered with. It may only shrink.
GUARDS = frozenset(
    """
    beyond-domain bound-derivative by-no-letter contradiction division-by-residue exponent given-derivative high-degree
    index-value internal-error long-coefficients many-digits many-signs many-terms no-exact-value no-place no-root
    no-sign no-square not-drawn of-large of-large-matrix of-lower-rank of-small of-zero operator operator-inside
    patterns power shapes sign-of-zero singular singular-matrix some-digits too-deep too-long zero not-derived adjugate
    block blocks-apart called-symmetric column column-gradient constant-letters denominator dot doubtful-definition
    frobenius logistic no-reading not-in-terms not-in-variable picture rows-of-jacobian sign some-readings
    star-transpose unfit-definition unusual
    """.split()
)


def codes(reason):
    """Yield the word of a reason and those of the reasons that are facts of it."""
    for part in reason.parts if isinstance(reason, Several) else [reason] if isinstance(reason, Reason) else []:
        if isinstance(part, Reason):
            yield part.code
            for fact in part.facts.values():
                yield from codes(fact)


def shown():
    """Yield the title of each case of reasons, and the words of the reasons of its rows and findings."""
    for section in SECTION.finditer(SHOWN.read_text(encoding="utf-8")):
        found = check(NOTE.search(section["body"])["text"], settings=Settings(equations=True))
        reasons = [row.reason for row in found.equations] + [finding.reason for finding in found.findings]
        yield section["title"], {code for reason in reasons for code in codes(reason)}


def test_every_reason_is_shown_by_a_note_or_told_by_a_test():
    cases = dict(shown())
    assert [title for title, found in cases.items() if title not in found] == []
    files = [p for p in SHOWN.parents[1].rglob("*") if p.suffix in (".md", ".py") and p != Path(__file__)]
    told = "".join(p.read_text(encoding="utf-8") for p in files)
    reached = set().union(*cases.values())
    for code, cause in REASONS.items():
        parts = re.split(r"\{\w+\}", cause.words["en"].replace("{{", "{").replace("}}", "}"))
        long = sum(len(part.split()) for part in parts) > 2
        reached |= {code} if long and re.search(".+".join(map(re.escape, parts)), told) else set()
    assert REASONS.keys() - reached <= GUARDS
