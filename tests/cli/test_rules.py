"""`mdderive rules`: the list, one rule with its proof, operators and functions with their spellings, and unknown names."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from mdderive.cli.main import cli
from mdderive.latex.elaborate import read
from mdderive.latex.notation import TENSORS
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import CATALOG, Finding
from mdderive.model.functions import FUNCTIONS
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import Shape, size
from mdderive.output.rulebook import functions, operators
from mdderive.output.text import WIDTH, columns
from mdderive.rules.book import BOOK, RULES

BLOCKS = Path(__file__).parents[2] / "site/docs/guide/blocks.md"
X = Symbol("X", Shape(size("n"), size("n")))


def run(*args):
    return CliRunner().invoke(cli, ["rules", *args])


def test_every_rule_is_listed_once():
    listed = [line.split()[0] for line in run().stdout.splitlines() if line.startswith("  ")]
    assert listed == [rule.name for rule in BOOK]
    assert f"({len(RULES)})" in run().stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", [rule.name for rule in BOOK])
def test_a_rule_is_shown_within_the_width_of_a_terminal(name, lang):
    result = run(name, "--lang", lang)
    assert result.exit_code == 0, result.output
    assert max(map(columns, result.stdout.splitlines())) <= WIDTH


def test_a_rule_is_shown_with_premise_proof_and_verdict():
    shown = run("d-inverse").stdout
    for part in (
        "d(X⁻¹) = -X⁻¹ (dX) X⁻¹",
        "X ∈ ℝ^(n × n) invertible",
        "Proof:",
        "d(X X⁻¹) = 0",
        "product rule",
        "Verified: exact",
    ):
        assert part in shown
    assert "证明：" in run("d-inverse", "--lang", "zh").stdout


def test_a_rule_without_a_simpler_one_says_what_it_is():
    assert "An axiom: the definition of the Frobenius norm" in run("norm-squared").stdout
    assert "公理：Frobenius 范数的定义" in run("norm-squared", "--lang", "zh").stdout


@pytest.mark.parametrize(
    ("name", "near"), [("d-invers", "d-inverse"), ("determinant", "d-determinant"), ("D-Softmax", "d-softmax")]
)
def test_an_unknown_name_is_answered_with_the_nearest(name, near):
    result = run(name)
    assert result.exit_code == 2
    assert re.search(rf"did you mean [^?]*\b{near}\b", result.output)
    assert len(result.output.splitlines()) < 6


def test_a_name_like_no_other_is_answered_with_the_command_that_lists_all():
    result = run("xyzzy")
    assert result.exit_code == 2
    assert "did you mean" not in result.output
    assert "`mdderive rules` lists all" in result.output


def test_functions_lists_every_operator_and_function_with_its_spellings():
    listed = run("--functions").stdout
    names = {line.split()[0] for line in listed.splitlines() if re.match(r"  \S", line)}
    assert names == OPERATORS.keys() | FUNCTIONS.keys()
    assert all(spelling in listed for entry in (*operators("en"), *functions("en")) for spelling in entry.spellings)
    assert all(columns(line) <= WIDTH for lang in ("en", "zh") for line in run("--functions", "--lang", lang).stdout.splitlines())


def test_every_name_and_sign_of_the_tables_of_notation_is_listed():
    listed = " ".join(spelling for entry in (*operators("en"), *functions("en")) for spelling in entry.spellings)
    for sign in (
        *(sign for sign, op in TENSORS.items() if op in OPERATORS),
        *(s for row in OPERATORS.values() for s in row.names),
        *(s for row in FUNCTIONS.values() for s in row.spellings),
    ):
        assert sign in listed
    short = [sign for sign, op in TENSORS.items() if op not in OPERATORS]
    assert short == ["\\oplus"]  # read as the sum it is short for: no operator, and told on the page on blocks
    assert all(f"A {sign} B" in BLOCKS.read_text(encoding="utf-8") for sign in short)


@pytest.mark.parametrize(("latex", "name"), [(s, entry.name) for entry in functions("en") for s in entry.spellings])
def test_a_spelling_reads_as_the_function_it_is_listed_for(latex, name):
    tree = read(latex, Context(symbols={X.name: X}))
    assert not isinstance(tree, Finding), tree
    assert (tree.op, tree.name) == ("fn", name)


@pytest.mark.parametrize("name", ["kron", "tr", "tanh", "softmax"])
def test_an_operator_or_function_is_shown_by_its_name(name):
    assert run(name).stdout.startswith(f"  {name} ")


@pytest.mark.parametrize("code", ["DRV208", "DRV405"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_help_of_a_diagnostic_names_the_command_that_lists_what_it_says(code, lang):
    assert "`mdderive rules --functions`" in CATALOG[code].help[lang]
