"""IPython: `%%derive` shows a derivation or raises, what cells define carries over, answers of the API are shown as formulas."""

import pytest

import mdderive
from tests.adapters.notes import BLOCK

pytest.importorskip("IPython")
from IPython.core.interactiveshell import InteractiveShell

BODY = "\n".join(BLOCK.splitlines()[1:-1])
DEFINED, _, GOAL = BODY.rpartition("\n")


@pytest.fixture
def shell():
    made = InteractiveShell()
    made.run_line_magic("load_ext", "mdderive.adapters.jupyter")
    yield made
    made.history_manager.end_session()


def test_a_right_block_is_shown(shell):
    shown = shell.run_cell_magic("derive", "", BODY)
    data, _ = shell.display_formatter.format(shown)
    assert r"\begin{aligned}" in data["text/markdown"]
    assert "Verified" in data["text/plain"]
    assert r"\begin{aligned}" not in shell.run_cell_magic("derive", 'steps="result"', BODY).markdown


def test_a_wrong_block_raises_with_the_report_alone(shell, capsys):
    result = shell.run_cell("%%derive\n" + BODY.replace("= a b^T", "= 2 a b^T"))
    assert type(result.error_in_exec).__name__ == "Refuted"
    told = capsys.readouterr().out
    assert "cell:4:33" in told
    assert "DRV401" in told
    assert "Traceback" not in told


def test_definitions_carry_over_until_a_block_is_new(shell):
    shell.run_cell_magic("derive", "", DEFINED)
    for _ in range(2):
        told = shell.run_cell_magic("derive", "", GOAL).markdown
        assert r"\begin{aligned}" in told
    assert "Defined anew" not in shell.run_cell_magic("derive", "", DEFINED).markdown
    assert not shell.run_cell("%%derive new\n" + GOAL).success


def test_answers_of_the_api_are_shown(shell):
    done = mdderive.derive("x^T A x", "x", let=["x: n", "A: n x n"])
    data, _ = shell.display_formatter.format(done)
    assert data["text/latex"].startswith(r"$$\begin{aligned}")
    assert done.latex in data["text/latex"]
    wrong = mdderive.holds("A B = B A", let=["A: n x n", "B: n x n"])
    data, _ = shell.display_formatter.format(wrong)
    assert data["text/markdown"].startswith("**wrong**")
    assert wrong.witness.left in data["text/markdown"]
    lost = mdderive.derive("x^", "x")
    assert "text/latex" in shell.display_formatter.format(lost)[0]
