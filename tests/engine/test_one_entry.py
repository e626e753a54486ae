"""Adding a rule is adding one entry: its check, its caption and its use in a derivation follow."""

from collections.abc import Iterator

import pytest

from mdderive.check import goals
from mdderive.check.goals import tell
from mdderive.engine import match
from mdderive.engine.match import read_law
from mdderive.latex.elaborate import read
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr, sym
from mdderive.model.shapes import ONE, Shape, size
from mdderive.rules import laws
from mdderive.rules.book import Rule
from tests.rules.mutants import mutants
from tests.rules.test_rules import judged

ENTRY = Rule(
    "d-weighted-square",
    r"d(x^T \operatorname{diag}(b) x)",
    r"2 (b \odot x)^T d x",
    "weighted square",
    "加权平方",
    when="b constant",
)
WRONG = Rule(
    "d-weighted-wrong", r"d(x^T \operatorname{diag}(b) x)", r"(b \odot x)^T d x", "weighted square", "加权平方", when="b constant"
)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Let a test put an entry at the head of the table; every cache of the table is emptied before and after."""
    _forget()
    yield monkeypatch
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for cached in (match.law, match.differential_laws, match._differentials, match.read_law, goals.captions):
        cached.cache_clear()


def _with(entry: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws, "RULES", (entry, *laws.RULES))


def _problem() -> tuple[Expr, Expr, Context]:
    n = Shape(size("n"), ONE)
    context = Context(symbols={"x": Symbol("x", n), "w": Symbol("w", n)})
    f = read(r"x^T \operatorname{diag}(w) x", context)
    assert not isinstance(f, Finding)
    return f, sym("x", n), context


def test_check_and_mutants_follow_from_the_entry() -> None:
    law = read_law(ENTRY)
    assert judged(law, law.rhs).outcome == "holds"
    assert {judged(law, mutant).outcome for _, mutant in mutants(law.rhs)} == {"wrong"}


def test_derivation_and_caption_follow_from_the_entry(table: pytest.MonkeyPatch) -> None:
    before = tell(*_problem())
    assert not isinstance(before, Finding)
    assert before.lines[1].rules == ("d-product",)
    _forget()
    _with(ENTRY, table)
    told = tell(*_problem())
    assert not isinstance(told, Finding)
    assert told.lines[1].rules == ("d-weighted-square",)
    assert told.lines[1].caption["en"].startswith("weighted square")
    assert told.lines[1].caption["zh"].startswith("加权平方")
    assert told.verdict.outcome == "holds"


def test_a_wrong_entry_cannot_print_a_line(table: pytest.MonkeyPatch) -> None:
    _with(WRONG, table)
    with pytest.raises(goals.MdderiveBug, match="does not hold"):
        tell(*_problem())
