"""`mdderive derive` for one formula and for streams of rows."""

import json

import pytest
from click.testing import CliRunner

from mdderive.cli import cli
from mdderive.derive_command import FENCE, Question, block_text

LET = ["--let", "a: m", "--let", "X: m x n", "--let", "b: n"]


def run(*args, text=None):
    return CliRunner().invoke(cli, ["derive", *args], input=text)


def test_text_shows_the_steps_and_the_result():
    result = run("a^T X b", "--wrt", "X", *LET)
    assert result.exit_code == 0, result.output
    assert "cyclic property" in result.stdout
    assert "∂f/∂X = a bᵀ" in result.stdout


@pytest.mark.parametrize(("to", "part"), [("md", "$$"), ("html", "<div"), ("tex", "\\["), ("json", '"status": "ok"')])
def test_other_forms(to, part):
    result = run("a^T X b", "--wrt", "X", *LET, "--to", to)
    assert result.exit_code == 0, result.output
    assert part in result.stdout


def test_numpy_is_one_expression():
    assert run("a^T X b", "--wrt", "X", *LET, "--to", "numpy").stdout == "a @ b.T\n"


def test_chinese():
    assert "迹的循环性质" in run("a^T X b", "--wrt", "X", *LET, "--lang", "zh").stdout


def test_a_formula_that_cannot_be_read_ends_with_one_and_says_where():
    result = run("a^T X b +", "--wrt", "X", *LET)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "error[DRV" in result.stderr


@pytest.mark.parametrize(
    "args", [[], ["a^T x"], ["--wrt", "x"], ["x", "--wrt", "x", "--where", "nothing"], ["x", "--wrt", "x", "--order", "3"]]
)
def test_misuse_ends_with_two(args):
    assert run(*args).exit_code == 2


def test_the_question_of_a_block_is_one_line_each():
    text = block_text(Question("a\n~~~~~~~~\nb", "x", 2, ("x: n",), ("Y = A x",), ("a = b",)))
    lines = text.splitlines()
    assert lines[0] == f"{FENCE}derive"
    assert lines[1:4] == ["x: n", "Y = A x", "given: a = b"]
    assert lines[4] == r"\frac{\partial^2 (a ~~~~~~~~ b)}{\partial x \partial x^T} = ?"
    assert lines[5:] == [FENCE]


def test_batch_answers_every_row_in_order():
    rows = [
        json.dumps({"id": 1, "let": ["a: m", "X: m x n", "b: n"], "f": "a^T X b", "wrt": "X"}),
        "not json",
        "",
        "[1, 2]",
        json.dumps({"id": "four"}),
        json.dumps({"id": 5, "let": ["X: n x n, invertible"], "f": r"\log |X|", "wrt": "X"}),
    ]
    result = run("--batch", "-", text="\n".join(rows) + "\n")
    assert result.exit_code == 0, result.output
    out = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in out] == [1, None, None, "four", 5]
    assert [row["status"] for row in out] == ["ok", "error", "error", "error", "ok"]
    assert out[1]["error"]["code"] == out[2]["error"]["code"] == "DRV191"
    assert out[0]["numpy"] == "a @ b.T"


def test_batch_takes_no_formula():
    assert run("x", "--wrt", "x", "--batch", "-", text="").exit_code == 2
