"""Rows of a batch: the same problem as a block would state, or what is wrong with the row."""

import json
from pathlib import Path

import pytest

from mdderive.latex.elaborate import read
from mdderive.model.context import Constraint
from mdderive.model.diagnostics import Finding
from mdderive.reading.problems import Problem, problem

PROBLEMS = Path(__file__).resolve().parents[3] / "shared" / "problems"
ROW = {"id": "1", "let": ["X: m x n", "a: m", "b: n"], "f": "a^T X b", "wrt": "X"}


def test_a_row_states_a_problem():
    found = problem(ROW)
    assert isinstance(found, Problem)
    assert found.f == read("a^T X b", found.context)
    assert (found.wrt.name, found.order, found.context.layout, found.context.functions) == ("X", 1, "denominator", "elementwise")


def test_a_letter_alone_stands_still():
    found = problem({"let": ["A: k x k", "t: scalar"], "f": "A", "wrt": "t"})
    assert isinstance(found, Problem)
    assert found.context.has("A", "constant")
    undeclared = problem({"let": ["t: scalar"], "f": "A", "wrt": "t"})
    assert isinstance(undeclared, Finding)


def test_a_declaration_may_name_a_size_alone():
    row = {"let": ["X: n x n", "Q: k x k"], "f": r"k \operatorname{tr}(X)", "wrt": "X"}
    assert isinstance(problem(row), Problem)
    found = problem({**row, "f": r"\operatorname{tr}(X)"})
    assert isinstance(found, Finding)
    assert found.code == "DRV142"


def test_every_key_counts():
    row = {
        "let": ["X: m x n", "S: m x m, positive definite", r"\sigma: elementwise", "f: scalar function of Z", "m >= n", "y: n"],
        "where": {"Y": "S X", "Z": r"\sigma(Y)"},
        "given": [r"\mathbf{1}^T y = 1"],
        "f": "f(Z)",
        "wrt": "X",
        "order": 2,
        "functions": "matrix",
        "layout": "numerator",
    }
    found = problem(row)
    assert isinstance(found, Problem)
    assert (found.f.op, found.order, found.context.layout, found.context.functions) == ("apply", 2, "numerator", "matrix")
    assert list(found.context.definitions) == ["Y", "Z"]
    assert found.context.has("S", "positive definite")
    assert found.context.constraints == (Constraint("m", ">=", "n"),)
    assert len(found.context.premises) == 1


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"let": "X: m x n"}, "let"),
        ({"let": [1]}, "let"),
        ({"given": {}}, None),
        ({"given": [None]}, "given"),
        ({"where": ["Y = X"]}, "where"),
        ({"where": {"Y": 1}}, "where"),
        ({"f": None}, "f"),
        ({"wrt": 3}, "wrt"),
        ({"order": 3}, "order"),
        ({"layout": "row"}, "layout"),
        ({"functions": "array"}, "functions"),
        ({"lets": []}, "lets"),
    ],
)
def test_a_wrong_key_is_named(change, key):
    found = problem(ROW | change)
    if key is None:
        assert isinstance(found, Problem)
        return
    assert isinstance(found, Finding)
    assert (found.code, found.facts["key"]) == ("DRV131", key)
    assert key in found.message()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"let": ["X: m times n"]}, "DRV113"),
        ({"f": "a^T X a"}, "DRV302"),
        ({"f": "a^T X (b"}, "DRV212"),
        ({"f": "f"}, "DRV119"),
        ({"where": {"Y": "Y X"}}, "DRV117"),
        ({"wrt": "Q"}, "DRV128"),
        ({"f": "a^T X b)} = 0, \\nabla_X (b"}, None),
    ],
)
def test_a_formula_that_cannot_be_read_is_a_diagnostic(change, code):
    found = problem(ROW | change)
    assert isinstance(found, Finding)
    assert code is None or found.code == code


@pytest.mark.skipif(not (PROBLEMS / "dev.jsonl").exists(), reason="the problem set is not beside the repository")
def test_every_problem_of_the_set_is_read():
    lines = (PROBLEMS / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    refused = [r.code for r in map(problem, map(_row, map(json.loads, lines))) if isinstance(r, Finding)]
    assert refused == []


def _row(p):
    """State a problem of the set as a row."""
    words = {"posdef": "positive definite", "symmetric": "symmetric", "invertible": "invertible", "positive": "positive"}
    let = []
    for name, (rows, cols, *properties) in p["decl"].items():
        shape = "scalar" if (rows, cols) == ("1", "1") else f"{rows} x {cols}"
        if name != p.get("upstream"):
            let.append(", ".join([f"{p['tex_names'][name]}: {shape}", *(words[q] for q in properties if q in words)]))
    let += [r"\sigma: elementwise"] if r"\sigma" in p.get("functions", {}) else []
    let += ["f: scalar function of Y"] if p["f"] == "f(Y)" else []
    return {"let": let, "where": p.get("let") or {}, "f": p["f"], "wrt": p["tex_names"][p["wrt"]]}
