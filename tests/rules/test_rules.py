"""Every rule holds as stated, every mutant of it dies, and every premise is checked where the rule is used."""

from dataclasses import replace

import pytest

from mdderive.context import Context, ElementwiseFunction, Symbol
from mdderive.diagnostics import Diagnostic
from mdderive.engine.match import Law, read_law
from mdderive.latex.elaborate import read_equation
from mdderive.latex.write import write
from mdderive.rules import RULES, Rule
from mdderive.shapes import SCALAR
from mdderive.tree import Expr
from mdderive.verify.holds import Verdict, holds
from tests.rules.mutants import mutants

# Edits that leave a rule true: a matrix commutes with its functions, a symmetric one is its transpose, and so is a diagonal.
EQUIVALENT = {
    ("symmetric", "transpose"),
    ("symmetric-direction", "transpose"),
    ("symmetric-direction", "transpose dropped"),
    ("diagonal-entries", "transpose"),
    ("diag-diagonal", "transpose"),
    ("d-matrix-exponential", "swapped"),
    ("d-matrix-sine", "swapped"),
    ("d-matrix-cosine", "swapped"),
}


def context_of(law: Law) -> Context:
    """Return a context that declares the letters of a law with its premises."""
    properties: dict[str, set[str]] = {}
    for letter, prop in law.premises:
        properties.setdefault(letter, set()).add(prop)
    letters = {e.name: e for side in (law.lhs, law.rhs) for e in side.walk() if e.op == "sym"}
    symbols = {}
    for name, e in letters.items():
        words = set(properties.get(name, ())) | ({"integer"} if name in ("k", "n") and e.shape == SCALAR else set())
        symbols[name] = Symbol(name, e.shape, frozenset(words | ({"constant"} if "integer" in words else set())))
    functions = {e.name.rstrip("'") for side in (law.lhs, law.rhs) for e in side.walk() if e.op == "fn" and e.name[0] == "\\"}
    unknown = {e.name: e.args[0].name for side in (law.lhs, law.rhs) for e in side.walk() if e.op == "apply"}
    layout = "block" if ("layout", "block") in law.premises else "denominator"
    elementwise = {f: ElementwiseFunction(f) for f in functions}
    return Context(symbols=symbols, elementwise=elementwise, unknown=unknown, layout=layout)


def judged(law: Law, rhs: Expr) -> Verdict:
    return holds(law.lhs, rhs, context_of(law))


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_rule_holds(rule: Rule) -> None:
    law = read_law(rule)
    verdict = judged(law, law.rhs)
    assert verdict.outcome == "holds", verdict


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_every_mutant_dies(rule: Rule) -> None:
    law = read_law(rule)
    survivors = [
        (name, write(mutant, context_of(law)))
        for name, mutant in mutants(law.rhs)
        if (rule.name, name) not in EQUIVALENT and judged(law, mutant).outcome == "holds"
    ]
    assert survivors == []


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_statement_reads_back(rule: Rule) -> None:
    law = read_law(rule)
    context = context_of(law)
    if any(premise == ("functions", "matrix") for premise in law.premises):
        context = replace(context, functions="matrix")
    sides = read_equation(f"{write(law.lhs, context)} = {write(law.rhs, context)}", context)
    assert not isinstance(sides, Diagnostic), sides
    assert sides[0] == law.lhs


def test_names_are_unique_and_captions_complete() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    for rule in RULES:
        assert rule.en, rule.name
        assert rule.zh, rule.name
