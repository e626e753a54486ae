"""Every operator of the trees is evaluated; what a verdict depends on; who is imported."""

import ast
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import mdderive.verify
from mdderive.model.context import ElementwiseFunction
from mdderive.model.diagnostics import MdderiveBug
from mdderive.model.expr import Expr, leaf, make, num, sym
from mdderive.model.shapes import SCALAR
from mdderive.verify.algebra import Algebra
from mdderive.verify.contents import Contents
from mdderive.verify.evaluate import Evaluation, StraightLine
from mdderive.verify.field import Inexact
from mdderive.verify.holds import holds
from mdderive.verify.sample import Draw
from tests.verify.declared import context, equation

REPOSITORY = Path(__file__).parents[2]
GROUND = context("A: m x m", "x: m", "y: m", "X: m x n", "t: scalar", "f: scalar function of X")
A, x, y, X, t = (sym(name, GROUND.symbols[name].shape) for name in ("A", "x", "y", "X", "t"))
square = make("mul", make("transpose", x), x)


def test_an_unknown_operator_is_an_error_where_it_is_made():
    with pytest.raises(MdderiveBug, match="hull"):
        Expr("hull", (A,), A.shape)
    with pytest.raises(KeyError, match="hull"):
        make("hull", A)


def test_a_matrix_function_that_is_unknown_is_undecided():
    verdict = holds(make("mfn", A, name="abs"), A, GROUND)
    assert (verdict.outcome, verdict.why) == ("undecided", "matrix function abs cannot be evaluated")


def test_the_logarithm_of_a_matrix_is_judged():
    log = make("mfn", A, name="log")
    assert holds(log, A, GROUND).outcome == "wrong"
    assert holds(make("mfn", log, name="exp"), A, GROUND).outcome == "holds"


def test_a_power_that_is_too_large_is_undecided():
    verdict = holds(make("pow", t, num(10**9)), t, GROUND)
    assert verdict.outcome == "undecided"


def test_deep_trees_are_undecided_not_an_error():
    deep = A
    for _ in range(400):
        deep = make("inv", make("add", deep, A))
    assert holds(deep, A, GROUND).outcome in ("undecided", "wrong")


def test_different_shapes_are_wrong():
    assert holds(X, make("transpose", X), GROUND).outcome == "wrong"


def test_exact_fields_have_no_matrix_exponential():
    from mdderive.verify.field import Rational

    draw = Draw(Algebra(Rational()), {"m": 2, "n": 2}, GROUND, frozenset(), 1)
    with pytest.raises(Inexact):
        Evaluation(draw, StraightLine(Contents(GROUND))).value(make("mfn", A, name="cos"))


def test_a_function_with_a_body():
    tau = sym("z", SCALAR)
    body = make("add", make("pow", tau, num(3)), make("mul", t, tau))
    ground = replace(GROUND, elementwise={"g": ElementwiseFunction("g", "z", body)})
    g, g1, g2 = (make("fn", x, name="g" + "'" * k) for k in range(3))
    ones = leaf("ones", x.shape)
    assert holds(g, make("add", make("had", x, x, x), make("mul", t, x)), ground).outcome == "holds"
    assert holds(g1, make("add", make("mul", num(3), make("had", x, x)), make("mul", t, ones)), ground).outcome == "holds"
    assert holds(g2, make("mul", num(6), x), ground).outcome == "holds"
    moved = make("add", make("had", g1, make("d", x)), make("mul", make("d", t), x))
    assert holds(make("d", g), moved, ground).outcome == "holds"
    assert holds(make("d", g), make("had", g1, make("d", x)), ground).outcome == "wrong"


# ---------------------------------------------------------------------- what a verdict depends on

PROGRAM = """
import json, sys
from tests.verify.declared import judged
v = judged(r"\\operatorname{relu}(X) = X", "X: m x n", "\\\\sigma: elementwise")
w = judged(r"d\\sigma(X) = \\sigma'(X) \\odot dX", "X: m x n", "\\\\sigma: elementwise")
print(json.dumps([v.outcome, dict(v.witness.values), v.witness.left, v.points, w.outcome, w.error_probability]))
"""


def test_the_same_verdict_in_every_process():
    found = []
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(REPOSITORY)}
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env=environment, cwd=REPOSITORY
        )
        found.append(json.loads(run.stdout))
    assert found[0] == found[1]


def test_the_seed_changes_the_points_not_the_verdict():
    ground = context("A: n x n", "B: n x n")
    sides = equation(r"\operatorname{tr}(A B) = \operatorname{tr}(A) \operatorname{tr}(B)", ground)
    verdicts = [holds(*sides, ground, seed=seed) for seed in range(5)]
    assert {v.outcome for v in verdicts} == {"wrong"}
    assert len({str(v.witness) for v in verdicts}) > 1


def test_the_judge_knows_no_rule_and_no_engine():
    """It may read statements of functions, nothing that says how to differentiate."""
    allowed = {"model", "programs", "latex", "verify"}
    for file in Path(mdderive.verify.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("mdderive."):
                assert node.module.split(".")[1] in allowed, f"{file.name} imports {node.module}"


def test_the_judge_writes_no_float():
    """One float would leave sixteen digits of fifty; words for a reader are the exception, and rough values that are refined.

    In `matrix_functions` a root and a logarithm start from floats, and are given back when their equation holds with all digits.
    """
    for file in Path(mdderive.verify.__file__).parent.glob("*.py"):
        if file.name in ("witness.py", "holds.py", "degree.py", "matrix_functions.py"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), file.name
            assert not (isinstance(node, ast.Name) and node.id == "float"), file.name
