"""Proofs of rules: every line is judged, the last one is the rule, every reason has a name, and no proof goes in a circle."""

from collections.abc import Iterator
from dataclasses import replace
from graphlib import TopologicalSorter

import pytest

from mdderive.check import proving
from mdderive.check.proving import proved, uses
from mdderive.model.diagnostics import MdderiveBug
from mdderive.rules import book
from mdderive.rules.book import BOOK, DEFINED, MOVES, PROOFS, PROVED, Given, Proof, Rule

WITH_LINES = [rule for rule in PROVED if isinstance(PROOFS.get(rule.name), Proof)]


def falsified(right: str, rule: Rule) -> str:
    """Return another value than `right`: the double, or more by a letter of the rule where it may be zero."""
    letter = next(name for name in ("X", "A", r"\tau") if name in rule.lhs) if "0" in (right, rule.rhs) else ""
    return f"{right} + {letter}" if letter else f"2 ({right})"


def test_every_rule_has_a_proof_or_says_what_it_is() -> None:
    assert {rule.name for rule in PROVED} - PROOFS.keys() == set(), "add an entry to mdderive/rules/proofs.py"
    assert PROOFS.keys() - {rule.name for rule in PROVED} == set()
    assert all(entry.en and entry.zh for entry in PROOFS.values() if isinstance(entry, Given))


def test_every_reason_has_a_name_and_every_name_is_used() -> None:
    known = {rule.name for rule in BOOK} | MOVES.keys()
    named = {
        name for entry in PROOFS.values() if isinstance(entry, Proof) for step in entry.steps for name in step.by.split(", ")
    }
    assert named <= known
    assert {rule.name for rule in DEFINED} <= named
    assert MOVES.keys() <= named


def test_no_proof_goes_in_a_circle() -> None:
    order = list(TopologicalSorter({rule.name: uses(rule.name) for rule in BOOK}).static_order())
    place = {name: i for i, name in enumerate(order)}
    assert all(place[used] < place[rule.name] for rule in BOOK for used in uses(rule.name))


def test_a_circle_is_noticed() -> None:
    graph = {rule.name: uses(rule.name) for rule in BOOK} | {"d-product": ("d-inverse",)}
    with pytest.raises(ValueError, match="nodes are in a cycle"):
        list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("rule", BOOK, ids=lambda r: r.name)
def test_every_line_holds(rule: Rule) -> None:
    found = proved(rule)
    assert found.verdicts
    assert {verdict.outcome for verdict in found.verdicts} == {"holds"}
    assert len(found.lines) in (0, len(found.verdicts))


@pytest.mark.parametrize("rule", BOOK, ids=lambda r: r.name)
def test_a_wrong_rule_is_not_shown(rule: Rule) -> None:
    with pytest.raises(MdderiveBug, match=f"proof of {rule.name}"):
        proved(replace(rule, rhs=falsified(rule.rhs, rule)))


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Proof | Given]]:
    """Let a test change proofs."""
    changed = dict(PROOFS)
    monkeypatch.setattr(book, "PROOFS", changed)
    proving.proved.cache_clear()
    yield changed
    proving.proved.cache_clear()


@pytest.mark.parametrize("rule", WITH_LINES, ids=lambda r: r.name)
def test_a_proof_with_a_false_line_is_refused(rule: Rule, entries: dict[str, Proof | Given]) -> None:
    entry = entries[rule.name]
    assert isinstance(entry, Proof)
    for i, step in enumerate(entry.steps):
        false = replace(step, right=falsified(step.right, rule))
        entries[rule.name] = replace(entry, steps=(*entry.steps[:i], false, *entry.steps[i + 1 :]))
        proving.proved.cache_clear()
        with pytest.raises(MdderiveBug, match=f"proof of {rule.name}"):
            proved(rule)


def test_a_line_that_does_not_read_is_refused(entries: dict[str, Proof | Given]) -> None:
    [rule] = [rule for rule in PROVED if rule.name == "d-inverse"]
    entries["d-inverse"] = Proof((book.ProofLine("X +", "X", "inverse"),))
    with pytest.raises(MdderiveBug, match="does not read"):
        proved(rule)
