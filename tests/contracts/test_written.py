"""A writer that lies is caught: every line of a derivation is read back from its text and judged before anything is printed."""

import re

import pytest

from mdderive.check import goals
from mdderive.check.pipeline import check
from mdderive.latex.write import Writer

BLOCK = r"""
```derive
A, C: n x n; X: m x n; b: m; v: n
f = \operatorname{tr}(X A X^T) + b^T X A (A + C)^{-1} X^T b - 3 b^T (X \odot (X A)) v
\frac{\partial f}{\partial X} = ?
```
"""


def _once(pattern, replacement):
    return lambda latex: re.sub(pattern, replacement, latex, count=1)


CORRUPTIONS = {
    "drops a transpose": _once(r"\^\{\\top\}", ""),
    "swaps two factors": _once(r"X A", "A X"),
    "swaps factors that fit": _once(r"A \(A \+ C\)", "(A + C) A"),
    "loses parentheses": _once(r"\((A \+ C)\)", r"\1"),
    "loses a sign": _once(r" - ", " + "),
    "loses an inverse": _once(r"\^\{-1\}", ""),
    "loses a factor": _once(r"3", ""),
    "changes a letter": _once(r"C", "A"),
    "loses a term": _once(r"^([^+]*) \+ .*$", r"\1"),
    "writes a product for a Hadamard product": _once(r"\\odot", ""),
    "loses a d": _once(r"dX|d X", "X"),
    "turns a number over": _once(r"3", r"\\frac{1}{3}"),
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corrupted_line_is_never_printed(name, monkeypatch):
    changed = []

    class Lying(Writer):
        nested = False

        def whole(self, e):
            if self.nested:
                return super().whole(e)
            self.nested = True
            text = super().whole(e)
            self.nested = False
            corrupted = CORRUPTIONS[name](text)
            if corrupted != text and not changed:
                changed.append((text, corrupted))
                return corrupted
            return text

    assert not _findings(check(BLOCK))
    monkeypatch.setattr(goals, "Writer", Lying)
    document = check(BLOCK)
    assert changed, f"no line to corrupt: {name}"
    assert {code for code, _ in _findings(document)} == {"DRV901"}
    assert not any(block.answers for block in document.blocks)


def _findings(document):
    return [(f.code, f.message()) for f in document.findings if f.severity == "error"]
