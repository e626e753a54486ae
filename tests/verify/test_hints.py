"""Explanations of false equations, each verified; witnesses that anyone can recompute."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mdderive.latex.elaborate import read_equation
from mdderive.model.diagnostics import Finding
from mdderive.verify.hints import explain
from mdderive.verify.holds import holds
from mdderive.verify.moduli import PRIMES, reconstructed
from tests.verify.declared import context, equation, expression, judged

SHARED = Path(__file__).parents[3] / "shared" / "problems"
EXPLAINED = [
    ("transpose", r"\frac{\partial f}{\partial X} = b a^T", ("X: n x n", "a: n", "b: n"), {"f": "a^T X b"}),
    ("factor", r"\frac{\partial f}{\partial x} = x", ("x: n",), {"f": "x^T x"}),
    ("sign", r"d(X^{-1}) = X^{-1} (dX) X^{-1}", ("X: n x n",), None),
    ("order", "d(X Y) = X dY + Y dX", ("X: n x n", "Y: n x n"), None),
    ("product", r"d\sigma(X) = \sigma'(X) dX", ("X: n x n", r"\sigma: elementwise"), None),
    ("missing-d", r"d(X \odot Y) = dX \odot Y + X \odot Y", ("X: m x n", "Y: m x n"), None),
    ("determinant", r"d \| X \| = \| X \| \operatorname{tr}(X^{-1} dX)", ("X: n x n",), None),
    ("symmetric", r"\frac{\partial f}{\partial W} = 2 A W", ("W: m x n", "A: m x m"), {"f": r"\operatorname{tr}(W^T A W)"}),
    ("size", r"X^{\#} = \operatorname{tr}(X) I - X", ("X: n x n",), None),
    ("domain", r"\operatorname{relu}(x) = x", ("x: n",), None),
    ("function", r"d\sin(X) = \sin(X) \odot dX", ("X: m x n",), None),
    ("edit", r"d(\det(X)) = \det(X) \operatorname{tr}(X dX)", ("X: n x n",), None),
]


@pytest.mark.parametrize(("code", "text", "lines", "where"), EXPLAINED, ids=[row[0] for row in EXPLAINED])
def test_the_likeliest_mistake_is_named(code, text, lines, where):
    ground = context(*lines, where=where)
    left, right = equation(text, ground)
    hint = explain(left, right, ground)[0]
    assert hint.code == code
    if hint.latex:
        assert holds(left, expression(hint.latex, ground), ground).outcome == "holds", "the hint itself must hold"


def test_matrix_functions_are_suggested():
    ground = context("A: n x n, constant", "t: scalar", where={"F": r"\cos(t A)"})
    left, right = equation(r"\frac{\partial F}{\partial t} = -A \sin(t A)", ground)
    assert holds(left, right, ground).outcome == "wrong"
    assert explain(left, right, ground)[0].code == "function"


def test_nothing_is_said_where_nothing_helps():
    ground = context("X: m x n", "Y: m x n")
    assert explain(*equation("X = Y", ground), ground) == ()


@pytest.mark.parametrize("value", [Fraction(-1), Fraction(1, 2), Fraction(1000, 1001), Fraction(10**13, 10**13 + 1)])
def test_fractions_are_reconstructed(value):
    residues = [value.numerator * pow(value.denominator, -1, p) % p for p in PRIMES]
    assert reconstructed(residues) == value


def test_random_residues_are_no_fraction():
    assert reconstructed([123456789123456789, 987654321987654321]) is None


def test_a_witness_is_small_and_recomputes():
    verdict = judged(r"\frac{\partial f}{\partial W} = 2 A W", "W: m x n", "A: m x m", where={"f": r"\operatorname{tr}(W^T A W)"})
    witness = verdict.witness
    assert witness is not None
    assert max(witness.sizes.values()) <= 3
    A, W = (np.array(json.loads(witness.values[name])) for name in "AW")
    assert json.loads(witness.left) == ((A + A.T) @ W).tolist()
    assert json.loads(witness.right) == (2 * A @ W).tolist()
    scope: dict[str, object] = {}
    exec(witness.numpy, scope)
    assert not np.array_equal(scope["left"], scope["right"])


def test_a_witness_names_differentials_and_unknown_functions():
    witness = judged(r"d\sigma(X) = \sigma'(X) dX", "X: n x n", r"\sigma: elementwise").witness
    assert witness is not None
    assert {"X", "d X", r"\sigma(t)"} <= witness.values.keys()
    X, dX = (np.array(json.loads(witness.values[name])) for name in ("X", "d X"))
    assert json.loads(witness.left) == ((3 * X**2 + 1) * dX).tolist()


def test_a_witness_keeps_what_is_declared():
    witness = judged("S = I", "S: n x n, positive definite").witness
    assert witness is not None
    S = np.array(json.loads(witness.values["S"]), dtype=float).reshape(witness.sizes["n"], -1)
    assert np.allclose(S, S.T)
    assert np.linalg.eigvalsh(S).min() > 0


# ---------------------------------------------------------------------- the shared claims


def claims():
    file = SHARED / "claims.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


@pytest.mark.skipif(not claims(), reason="the shared problems are not here")
def test_claims():
    misjudged, unexplained = [], []
    for row in claims():
        ground = context(*row["let"], where=row["where"])
        sides = read_equation(row["claim"], ground)
        if isinstance(sides, Finding):
            assert not row["holds"]
            continue
        verdict = holds(*sides, ground, text=row["claim"])
        if verdict.outcome != ("holds" if row["holds"] else "wrong"):
            misjudged.append(row["id"])
        elif not row["holds"] and not {hint.code for hint in explain(*sides, ground)} & set(row["cause"]):
            unexplained.append(row["id"])
    assert not misjudged
    assert not unexplained
