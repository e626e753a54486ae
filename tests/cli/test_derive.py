"""`mdderive derive` for one formula and for streams of rows."""

import json

import pytest
from click.testing import CliRunner

from mdderive.cli.derive import FENCE, Question, block_text
from mdderive.cli.main import cli

LET = ["--let", "a: m", "--let", "X: m x n", "--let", "b: n"]


def run(*args, text=None):
    return CliRunner().invoke(cli, ["derive", *args], input=text)


def test_text_shows_the_steps_and_the_result():
    result = run("a^T X b", "--wrt", "X", *LET)
    assert result.exit_code == 0, result.output
    assert "cyclic property" in result.stdout
    assert "∂f/∂X = a bᵀ" in result.stdout


@pytest.mark.parametrize(("to", "part"), [("md", "$$"), ("html", "<div"), ("tex", "\\noindent"), ("json", '"status": "ok"')])
def test_other_forms(to, part):
    result = run("a^T X b", "--wrt", "X", *LET, "--to", to)
    assert result.exit_code == 0, result.output
    assert part in result.stdout


@pytest.mark.parametrize("expr", ["f = x^T A x", "f(x) = x^⊤ A x", "$x^T A x$", "x'*A*x", "x.T @ A @ x", "x.T A x"])
def test_a_formula_is_taken_as_it_is_typed_or_copied(expr):
    assert run(expr, "--wrt", "x", "--to", "md").stdout == run("x^T A x", "--wrt", "x", "--to", "md").stdout


def test_an_equality_sign_inside_a_formula_names_nothing():
    assert run(r"\sum_{i=1}^{n} a^T x", "--wrt", "x", "--let", "x: n, a: n").exit_code == 0


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


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["I_1 x", "--wrt", "x", "--let", "x: n", "--where", "I_1 = x"], "DRV141"),
        (["x^T x", "--wrt", "x", "--let", "x: n", "--where", r"\mathbf{1} = x"], "DRV141"),
        ([r"\pi x^T x", "--wrt", "x", "--let", "x: n", "--where", r"\pi = 3"], "DRV141"),
        (["x_i", "--wrt", "x", "--let", "x: n", "--where", "j = 2"], "DRV142"),
        (["x^T x", "--wrt", "x", "--let", "x: n", "--where", "r = 2x"], "DRV142"),
        (["x^T x", "--wrt", "x", "--let", "x: n", "--let", "y: n"], "DRV142"),
        (["x^T x", "--wrt", "x", "--let", "x: n", "--where", "g(t) = t^2"], "DRV142"),
        (["x^T x", "--wrt", "x", "--let", "x: n", "--where", "r = 2x", "--where", "s = r"], "DRV142"),
    ],
)
@pytest.mark.parametrize("to", ["text", "json", "numpy", "sympy"])
def test_a_name_that_is_given_and_would_be_ignored_is_an_error(args, code, to):
    result = run(*args, "--to", to)
    assert result.exit_code == 1
    assert code in result.output


@pytest.mark.parametrize(
    "args",
    [
        ["i x^T x", "--wrt", "x", "--let", "x: n", "--where", "i = 2"],
        ["d^T d", "--wrt", "x", "--let", "x, y: n", "--where", "d = x - y"],
        ["r^T r", "--wrt", "x", "--let", "x, y: n", "--where", "r = x - s", "--where", "s = 2y"],
        [r"\mathbf{1}^T g(x)", "--wrt", "x", "--let", "x: n", "--where", "g(t) = t^2"],
        ["e^T e", "--wrt", "x", "--let", "x: n, e: n", "--where", "e = 2x"],
        [r"\operatorname{tr}(X^j)", "--wrt", "X", "--let", "X: n x n", "--where", "j = 3"],
        ["y^T x", "--wrt", "x", "--let", "x, y: n, s: scalar", "--given", "y = s x"],
        ["f", "--wrt", "x", "--let", "X: m x n, x: n, f: scalar function of u", "--where", "u = X x"],
    ],
)
def test_a_name_that_is_given_and_used_is_none(args):
    result = run(*args)
    assert "DRV14" not in result.output


def test_a_row_says_that_its_variable_does_not_occur():
    row = {"let": ["x: n", "y: n"], "f": "y^T y", "wrt": "x"}
    answer = json.loads(run("--batch", "-", text=json.dumps(row)).output)
    assert (answer["status"], [w["code"] for w in answer["warnings"]]) == ("ok", ["DRV413"])


@pytest.mark.parametrize(
    ("declared", "f", "part"),
    [
        (r"\alpha: scalar", r"\operatorname{tr}(X^\alpha)", "scipy.linalg.fractional_matrix_power(X, alpha"),
        ("k: scalar, integer", r"\operatorname{tr}(X^k)", "np.linalg.matrix_power(X, k"),
        ("", r"\operatorname{tr}(X^k)", "np.linalg.matrix_power(X, k"),
        ("", r"\operatorname{tr}(X^n)", "np.linalg.matrix_power(X, n"),
        ("", r"\operatorname{tr}(X^3)", "np.linalg.matrix_power(X, 2)"),
    ],
)
def test_a_power_of_a_matrix_runs_for_every_exponent_that_is_declared(declared, f, part):
    result = run(f, "--wrt", "X", "--let", "X: n x n", *(["--let", declared] if declared else []), "--to", "numpy")
    assert part in result.stdout
