"""A fault of mdderive in one formula costs that formula: the others of its block and of its file are judged all the same."""

import pytest

from mdderive.check import answers, attempts
from mdderive.check.pipeline import check
from mdderive.latex.syntax import Sum, has
from mdderive.model.results import Settings
from mdderive.reading import meaning
from mdderive.reading.shown_by_form import letters

BLOCK = """```derive
x, y: n
x + x = 2x
y + y = 2y
x - x = y
f = y^T y
\\frac{\\partial f}{\\partial y} = 2y
```
"""
NOTE = "Let $x, y \\in \\mathbb{R}^n$.\n\n$$x + x = 2x$$\n\n$$y + y = 3y$$\n\n$$x^T y = y^T x$$\n"
CIRCLE = """Let $\\mathbf{K} \\in \\mathbb{R}^{r \\times k}$ and $\\mathbf{z} := \\mathbf{K} \\mathbf{x} + \\mathbf{v}$.

Here $\\sigma$ acts elementwise, $\\mathbf{v} := \\sigma(\\mathbf{z})$ and L is a scalar function of $\\mathbf{v}$.

$$\\frac{\\partial}{\\partial \\mathbf{z}} L = (\\frac{\\partial}{\\partial \\mathbf{v}} L) \\odot \\sigma(\\mathbf{z})$$
"""


def _broken(function, marked):
    def replacement(*args, **more):
        if marked(*args, **more):
            raise ZeroDivisionError("by nothing")
        return function(*args, **more)

    return replacement


def _told(document):
    return [e.outcome for e in document.equations if e.outcome != "not_an_assertion"], [
        f.code for f in document.findings if f.code == "DRV901"
    ]


def test_one_claim_of_a_block(monkeypatch):
    monkeypatch.setattr(answers, "holds", _broken(answers.holds, lambda left, *_, **more: more["text"] == "y + y = 2y"))
    document = check(BLOCK)
    assert _told(document) == (["holds", "undecided", "wrong", "holds"], ["DRV901"])
    (finding,) = (f for f in document.findings if f.code == "DRV901")
    assert document.source.text[finding.span.start : finding.span.end] == "y + y = 2y"


def test_one_goal_of_a_block(monkeypatch):
    monkeypatch.setattr(answers, "tell", _broken(answers.tell, lambda *_, **__: True))
    assert _told(check(BLOCK)) == (["holds", "holds", "wrong", "undecided"], ["DRV901"])


def test_one_statement_that_is_read(monkeypatch):
    reading = meaning._Reading
    monkeypatch.setattr(reading, "_item", _broken(reading._item, lambda self, item: "y + y" in self._latex(item.span)))
    assert _told(check(BLOCK)) == (["holds", "unread", "wrong", "holds"], ["DRV901"])


def test_one_formula_of_a_note(monkeypatch):
    broken = _broken(attempts.Attempts.steps, lambda self, sides, *_, **__: "y" in letters(sides[0]) and has(sides[0], Sum))
    monkeypatch.setattr(attempts.Attempts, "steps", broken)
    document = check(NOTE, settings=Settings(equations=True))
    judged = [e.outcome for e in document.equations if e.outcome != "not_an_assertion"]
    assert judged == ["holds", "undecided", "holds"]
    assert [f.code for f in document.findings if f.severity == "error"] == ["DRV901"]


@pytest.mark.parametrize("text", [CIRCLE, CIRCLE.replace("sigma", "phi").replace("v", "w")])
def test_definitions_in_a_circle_are_no_fault(text):
    document = check(text, settings=Settings(equations=True))
    assert "DRV901" not in {f.code for f in document.findings}
    assert document.equations
