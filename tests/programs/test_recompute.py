"""The program printed with a witness computes both sides of the wrong equation, and finds the values that the witness states."""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from mdderive.check.pipeline import check
from mdderive.latex.elaborate import read_equation
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import make, num
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import ONE, Shape, size
from mdderive.output.reports import found
from mdderive.verify.holds import holds
from tests.contracts.test_operators import CONTEXT, example
from tests.programs.running import run

ROOT = Path(__file__).parents[2]
CLAIMS = ROOT.parent / "shared/problems/claims.jsonl"
VARYING = frozenset({"t", "x", "a", "X", "Y", "Z"})


def numbers(text):
    """Return the value that a witness states as an array."""
    plain = json.dumps(text).strip('"')
    for mark in "[],":
        plain = plain.replace(mark, f" {mark} ")
    words = [str(float(Fraction(w))) if any(c.isdigit() for c in w) else w for w in plain.split()]
    return np.array(json.loads(" ".join(words)), float)


def assert_recomputed(witnesses):
    witnesses = list(witnesses)
    for witness, got in zip(witnesses, run((w.numpy, ["left", "right"]) for w in witnesses), strict=True):
        assert isinstance(got, list), f"{got}\n{witness.numpy}"
        for side, stated in zip(got, (witness.left, witness.right), strict=True):
            stated = numbers(stated)
            # six digits are stated, differences give about eight
            assert np.allclose(np.ravel(side), np.ravel(stated), rtol=1e-5, atol=1e-6 * max(1, np.abs(stated).max())), (
                witness.numpy
            )


def doubled(tree):
    """Return a wrong equation about a tree, which shows the tree on its left side."""
    if tree.op == "zero":
        return tree, replace(tree, op="ones")
    return tree, make("mul", num(2), tree)


def test_every_operator_is_recomputed():
    witnesses = {op: holds(*doubled(example(op)), CONTEXT, varying=VARYING).witness for op in sorted(OPERATORS)}
    assert [op for op, witness in witnesses.items() if witness is None] == []
    assert_recomputed(witnesses.values())


EQUATIONS = [
    r"d\sigma(X) = \sigma'(X) dX",
    r"d\sigma'(X) = \sigma''(X) dX",
    r"d(dX) = X",
    r"d(Y^T Y) = 2 Y^T dY",
    r"\frac{\partial (g(Y)^2)}{\partial Y} = \frac{\partial g}{\partial Y}",
    r"\frac{\partial (Y x)}{\partial x} = 2 Y^T",
    r"\frac{\partial (Y x)}{\partial Y} = 2 x \otimes I",
    r"\frac{\partial (t Y)}{\partial t} = t Y",
    r"\frac{\partial^2 t^3}{\partial t \partial t^T} = 3 t",
    r"\frac{\partial \operatorname{tr}(S^2)}{\partial S} = S",
    r"\frac{\partial \operatorname{tr}(D S)}{\partial D} = 2 S",
    r"\frac{\partial \log\det(P)}{\partial P} = P",
    r"\frac{\partial (x^T Q x)}{\partial x} = Q x",
    r"\frac{\partial X^k}{\partial t} = X^k",
    r"\frac{\partial (\|Y\|_1 + \operatorname{tr}(Y^T Y))}{\partial Y} = Y",
    r"d(e^{t X}) = X dt",
    r"p(x) = q(x)",
    r"q(X) = 3 X",
    r"p'(X) = X",
    r"\frac{\partial (\mathbf{1}^T q(r))}{\partial x} = x",
    r"\frac{\partial (r^T r)}{\partial r} = r",
    r"\det(\pi X) = n e",
    r"\operatorname{tr}(\alpha) + \|\alpha\| + \operatorname{vec}(\alpha) + \alpha^T = \alpha^{-1}",
]


def context(layout):
    extra = {"S": "symmetric", "D": "diagonal", "P": "positive definite", "Q": "orthogonal"}
    symbols = {name: Symbol(name, Shape(size("n"), size("n")), frozenset({word})) for name, word in extra.items()}
    symbols |= {r"\alpha": Symbol(r"\alpha", Shape(ONE, ONE)), "k": Symbol("k", Shape(ONE, ONE), frozenset({"integer"}))}
    base = replace(CONTEXT, symbols={**CONTEXT.symbols, **symbols}, layout=layout)
    meant = interpreted("p(s) = s^2 \\sin s + \\alpha\nq(u) = p(u) + 3\nr = Y x", base)
    return replace(meant, layout=layout)


def interpreted(text, base):
    from mdderive.reading.meaning import interpret

    meaning = interpret(text, base)
    assert not meaning.findings
    return meaning.context


@pytest.mark.parametrize("layout", ["denominator", "numerator", "block"])
def test_derivatives_and_functions_are_recomputed(layout):
    here = context(layout)
    witnesses = []
    for text in EQUATIONS:
        sides = read_equation(text, here)
        if isinstance(sides, Finding):
            assert layout != "denominator", (text, sides.message())
            continue
        left, right = sides if sides[0].shape == sides[1].shape else doubled(sides[0])
        verdict = holds(left, right, here, varying=VARYING | {"S", "D", "P", "Q", r"\alpha"})
        assert verdict.outcome == "wrong", text
        assert verdict.witness is not None, text
        witnesses.append(verdict.witness)
    assert_recomputed(witnesses)


def notes():
    for path in sorted((ROOT / "tests/cases").glob("*.md")):
        yield path.read_text(encoding="utf-8")
    if CLAIMS.exists():
        for line in CLAIMS.read_text(encoding="utf-8").splitlines():
            c = json.loads(line)
            lines = [*c["let"], *(f"{k} = {v}" for k, v in c["where"].items()), c["claim"]]
            yield "\n".join(["```derive", *lines, "```", ""])


def test_the_witnesses_of_the_notes_are_recomputed():
    every = (finding.witness for note in islice(notes(), 0, None, 3) for finding in found(check(note)))
    witnesses = [witness for witness in every if witness and witness.numpy]
    assert len(witnesses) > 20
    assert_recomputed(witnesses)


def test_a_parameter_is_no_letter_of_the_witness():
    [finding] = found(
        check("```derive\nw: n\n\\sigma(x) = x^2\nf = \\mathbf{1}^T \\sigma(w)\n\\frac{\\partial f}{\\partial w} = w\n```\n")
    )
    assert finding.witness is not None
    assert finding.witness.values.keys() == {"w"}


def test_only_what_is_needed_is_printed():
    witness = holds(*doubled(example("tr")), Context()).witness
    assert witness is not None
    assert "def " not in witness.numpy
