"""Every line of a proof follows by the laws it names, and would not without them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from mdderive.check.proving import ground, proved, read_line
from mdderive.engine.match import Law, read_law
from mdderive.latex.elaborate import read
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr, make
from mdderive.rules.book import BOOK, PROOFS, PROVED, RULES, Proof
from tests.rules.following import follows, same_arithmetic

LAWS = {rule.name: rule for rule in BOOK}
# What is done to both sides of an equation, or with a line further above: such a line is judged, and its laws are not traced.
ON_EQUATIONS = {"rearranged", "from the left", "divided", "root", "substituted", "induction", "sums of products"}
# The derivative of a function is put in with the chain rule, which reads it from the table.
LOOKED_UP = {"d-function"}


@dataclass(frozen=True)
class Line:
    """A line of a proof with the one above it."""

    names: tuple[str, ...]
    sides: tuple[Expr, Expr]
    above: tuple[Expr, Expr] | None
    goes_on: bool
    context: Context

    def follows_by(self, names: tuple[str, ...]) -> bool:
        """Tell whether the line follows by these laws: as an equation of its own, or side by side from the one above."""
        laws: list[Law] = [read_law(LAWS[name]) for name in names if name in LAWS]
        left, right = self.sides
        if self.goes_on:
            assert self.above is not None
            return follows(self.above[1], right, laws, self.context)
        if self.above is None:
            return follows(left, right, laws, self.context)
        before = [make("d", e) if "both sides" in self.names else e for e in self.above]
        return (all(follows(b, e, laws, self.context) for b, e in zip(before, self.sides, strict=True))) or (
            "both sides" not in self.names and follows(left, right, laws, self.context)
        )


def lines() -> Iterator[object]:
    for rule in PROVED:
        entry = PROOFS[rule.name]
        if not isinstance(entry, Proof):
            continue
        context = ground(read_law(rule), entry)
        above = None
        for i, (line, step) in enumerate(zip(proved(rule).lines, entry.steps, strict=True), 1):
            sides = read_line(line, context, rule)
            names = tuple(step.by.split(", "))
            if not ON_EQUATIONS & set(names):
                yield pytest.param(Line(names, sides, above, not step.left, context), id=f"{rule.name} {i}")
            above = sides


@pytest.mark.parametrize("line", list(lines()))
def test_a_line_follows_by_the_laws_it_names(line: Line) -> None:
    assert line.follows_by(line.names)


@pytest.mark.parametrize("line", list(lines()))
def test_a_line_needs_the_rules_of_differentials_it_names(line: Line) -> None:
    for name in line.names:
        if name.startswith("d-") and name in {rule.name for rule in RULES} - LOOKED_UP:
            assert not line.follows_by(tuple(other for other in line.names if other != name)), name


def tree(latex: str, context: Context) -> Expr:
    found = read(latex, context)
    assert not isinstance(found, Finding)
    return found


@pytest.mark.parametrize(
    ("before", "after", "law"),
    [
        (r"d(X X)", "2 X dX", "d-product"),
        (r"d(X^{-1})", "-X^{-1} (dX) X^{-1}", "d-product"),
        (r"\operatorname{tr}(X (dX) X^T)", r"\operatorname{tr}(X X^T dX)", "tr-cycle"),
        (r"d(X \odot X)", r"(dX) X + X dX", "d-hadamard"),
    ],
)
def test_what_does_not_follow_is_not_followed(before: str, after: str, law: str) -> None:
    context = ground(read_law(LAWS["d-inverse"]))
    assert not follows(tree(before, context), tree(after, context), [read_law(LAWS[law])], context)


def test_arithmetic_knows_no_operator() -> None:
    context = ground(read_law(LAWS["d-inverse"]))
    assert same_arithmetic(tree(r"\det(X X + X X)", context), tree(r"\det(2 X X)", context), context)
    assert not same_arithmetic(tree(r"\det(X X)", context), tree(r"\det(X)^2", context), context)
