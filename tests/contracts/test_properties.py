"""One row of the table of properties, its sampler and its words are all there is to add: what is missing fails here by name."""

import pytest

from mdderive.engine.normal import normal
from mdderive.engine.regular import owing_to
from mdderive.latex.elaborate import read, read_equation
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.properties import DECLARED, IMPLIED_BY, PROPERTIES, SAID, Property
from mdderive.model.shapes import SCALAR, Shape, size
from mdderive.reading.lexicon import LANGUAGES, rows
from mdderive.verify.holds import holds
from mdderive.verify.sample import OF_ENTRIES, SAMPLERS

N = size("n")
SHAPES = {"A": Shape(N, N), "B": Shape(N, N), "x": Shape(N, size(1)), "k": SCALAR, r"\alpha": SCALAR}
# What the operators of the rows look like; A and B have the property.
WRITTEN = {
    "transpose": "A^T",
    "inv": "A^{-1}",
    "pow": "A^3",
    "mul": "A B",
    "add": "A + B",
    "had": r"A \odot B",
    "kron": r"A \otimes B",
}
STATED = [row for row in PROPERTIES.values() if row.drawn and row.meaning is not None and row.square]


def ground(*properties: str) -> Context:
    symbols = {name: Symbol(name, shape, frozenset(properties if name in "AB" else ())) for name, shape in SHAPES.items()}
    return Context(symbols=symbols)


def states(row: Property, value: str, context: Context) -> str:
    """Return the outcome of what a property states, of a value written in the letters of a context."""
    assert row.meaning is not None
    rows_of = read(value, context)
    assert not isinstance(rows_of, Finding)
    named = Symbol("Y", rows_of.shape), Symbol("y", Shape(rows_of.shape.rows, size(1)))
    context = Context(symbols={**context.symbols, **{s.name: s for s in named}}, definitions={"Y": rows_of})
    text = " = ".join(row.meaning).replace("A", "Y").replace("x", "y")
    sides = read_equation(text, context)
    assert not isinstance(sides, Finding), text
    return holds(*sides, context, text=text).outcome


def test_every_property_has_its_sampler() -> None:
    assert DECLARED - SAMPLERS.keys() - OF_ENTRIES == set(), "add an entry to SAMPLERS of mdderive/verify/sample.py"
    assert (SAMPLERS.keys() | OF_ENTRIES) - DECLARED == set(), "add a row to mdderive/model/properties.py"
    assert not SAMPLERS.keys() & OF_ENTRIES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_words(language: str) -> None:
    assert SAID - rows(language).keys() == set(), f"add a row to mdderive/reading/lexicon/{language}.txt"


@pytest.mark.parametrize("row", PROPERTIES.values(), ids=lambda row: row.name)
def test_a_row_says_what_is_needed(row: Property) -> None:
    assert row.zh, "the word for pages in Chinese"
    assert row.drawn or row.meaning, "the equation to which a letter is held that is not drawn so"
    assert bool(row.part) == bool(row.numpy), "the part in both languages"
    assert bool(row.part) == (row.name in SAMPLERS and SAMPLERS[row.name].space), "the sampler of a space"
    assert {*row.implies} <= PROPERTIES.keys()


@pytest.mark.parametrize("row", [row for row in STATED if row.name != "positive definite"], ids=lambda row: row.name)
def test_what_is_drawn_has_the_property_with_every_other_one(row: Property) -> None:
    assert states(row, "A", ground(row.name)) == "holds"
    assert states(row, "A", ground()) == "wrong"
    others = {other for other in SAMPLERS if other not in IMPLIED_BY[row.name]}
    assert {other for other in others if states(row, "A", ground(row.name, other)) == "wrong"} == set()


@pytest.mark.parametrize("row", PROPERTIES.values(), ids=lambda row: row.name)
def test_what_is_implied_holds(row: Property) -> None:
    for other in row.implies:
        if PROPERTIES[other].meaning is not None:
            assert states(PROPERTIES[other], "A", ground(row.name)) == "holds", other


def having(operator: str, row: Property) -> bool:
    """Tell whether the value of an operator is known to have a property where its arguments do."""
    value = read(WRITTEN[operator], ground(row.name))
    assert not isinstance(value, Finding)
    return owing_to(normal(value), row.name, ground(row.name)) is not None


@pytest.mark.parametrize("operator", WRITTEN)
@pytest.mark.parametrize("row", STATED, ids=lambda row: row.name)
def test_the_operators_that_keep_it_are_those_that_do(row: Property, operator: str) -> None:
    found = states(row, WRITTEN[operator], ground(row.name))
    known = ("holds", "undecided") if row.name == "positive definite" else ("holds",)
    assert having(operator, row) == (found in known), f"{operator} of {row.name} is {found}: correct `kept` of its row"


@pytest.mark.parametrize("row", [row for row in PROPERTIES.values() if row.part], ids=lambda row: row.name)
def test_a_part_is_a_projection_and_what_the_judge_moves_in(row: Property) -> None:
    part = row.part.replace("M", "A")
    assert states(row, part, ground()) == "holds"
    other = row.part.replace("M", "B")
    sides = rf"\operatorname{{tr}}(({part})^T B) = \operatorname{{tr}}(A^T ({other}))"
    symmetric = read_equation(sides, ground())
    assert not isinstance(symmetric, Finding)
    assert holds(*symmetric, ground()).outcome == "holds", "a part is taken at right angles"
    context = ground(row.name)
    claim = read_equation(
        rf"\frac{{\partial \operatorname{{tr}}(A^T C)}}{{\partial A}} = {row.part.replace('M', 'C')}", with_c(context)
    )
    assert not isinstance(claim, Finding)
    assert holds(*claim, with_c(context)).outcome == "holds"


def with_c(context: Context) -> Context:
    return Context(symbols={**context.symbols, "C": Symbol("C", SHAPES["A"])})
