"""Every rule holds as stated, every mutant of it dies, and every premise is checked where the rule is used."""

import pytest

from mdderive.check.proving import ground
from mdderive.engine.match import Law, read_law
from mdderive.latex.elaborate import read_equation
from mdderive.latex.write import write
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr
from mdderive.model.results import Verdict
from mdderive.rules.book import BOOK, Rule
from mdderive.verify.holds import holds
from tests.rules.mutants import mutants

# Edits that leave a rule true: a matrix commutes with its functions, a symmetric one and every diagonal is its transpose.
EQUIVALENT = {
    ("symmetric", "transpose"),
    ("symmetric-direction", "transpose"),
    ("symmetric-direction", "transpose dropped"),
    ("diagonal-entries", "transpose"),
    ("diag-diagonal", "transpose"),
    ("d-matrix-exponential", "swapped"),
    ("d-matrix-sine", "swapped"),
    ("d-matrix-cosine", "swapped"),
    ("tr-own-function", "swapped"),
    ("d-cholesky", "transpose"),
    ("d-largest-eigenvalue", "transpose"),
    ("d-smallest-eigenvalue", "transpose"),
    ("d-largest-eigenvector", "transpose"),
    ("d-smallest-eigenvector", "transpose"),
    ("d-left-singular-vector", "transpose"),
    ("d-right-singular-vector", "transpose"),
    ("power", "swapped"),
    ("diagonal", "transpose"),
}


def judged(law: Law, rhs: Expr) -> Verdict:
    return holds(law.lhs, rhs, ground(law))


@pytest.mark.parametrize("rule", BOOK, ids=lambda r: r.name)
def test_rule_holds(rule: Rule) -> None:
    law = read_law(rule)
    verdict = judged(law, law.rhs)
    assert verdict.outcome == "holds", verdict


@pytest.mark.parametrize("rule", BOOK, ids=lambda r: r.name)
def test_every_mutant_dies(rule: Rule) -> None:
    law = read_law(rule)
    survivors = [
        (name, write(mutant, ground(law)))
        for name, mutant in mutants(law.rhs)
        if (rule.name, name) not in EQUIVALENT and judged(law, mutant).outcome == "holds"
    ]
    assert survivors == []


@pytest.mark.parametrize("rule", BOOK, ids=lambda r: r.name)
def test_statement_reads_back(rule: Rule) -> None:
    law = read_law(rule)
    context = ground(law)
    sides = read_equation(f"{write(law.lhs, context)} = {write(law.rhs, context)}", context)
    assert not isinstance(sides, Finding), sides
    assert sides[0] == law.lhs


def test_names_are_unique_and_captions_complete() -> None:
    names = [rule.name for rule in BOOK]
    assert len(names) == len(set(names))
    for rule in BOOK:
        assert rule.en, rule.name
        assert rule.zh, rule.name
