"""Documents made by hand: results that need neither reading nor judging."""

from mdderive.model.diagnostics import Finding, Hint, Label, Witness
from mdderive.model.reasons import Reason
from mdderive.model.results import BlockResult, Derivation, Document, Equation, Step, Verdict
from mdderive.model.source import Source, Span

HOLDS = Verdict("holds", "exact", ({"m": 2, "n": 3}, {"m": 3, "n": 2}), 4, error_probability=1e-30)
UNDECIDED = Verdict("undecided", "exact", reason=Reason("not-given", {"name": "z"}))
LINES = (
    Step("df", r"a^T (dX) b", {"en": "product rule; $a$, $b$ constant", "zh": "乘法法则；$a$、$b$ 为常量"}, ("d-product",)),
    Step("df", r"\operatorname{tr}(b a^T dX)", {"en": "cyclic property", "zh": "迹的循环性质"}, ("tr-cycle",)),
    Step("df", r"\operatorname{tr}((a b^T)^T dX)", {"en": "", "zh": ""}, ()),
    Step(r"\frac{\partial f}{\partial X}", "a b^T", {"en": "", "zh": ""}, ("read-off",)),
)
GOAL = Derivation(Span(0, 0), r"\frac{\partial f}{\partial X} = ?", LINES, r"\frac{\partial f}{\partial X} = a b^T", HOLDS)


def fence(text, *, prefix="", answers=(GOAL,), findings=(), lang="en", steps="normal", **more):
    """Return the block for the first derive fence of a text, with results given."""
    mark = text[text.index("derive") - 1] * 3
    start = text.index(f"{mark}derive")
    end = text.index(mark, start + 3) + 3
    more = {"title": "", "layout": "denominator", "premise": ("f = a^T X b",), "remarks": ()} | more
    return BlockResult(Span(start, end), prefix, lang=lang, steps=steps, answers=answers, findings=findings, **more)


def document(text, *blocks, path="note.md", findings=(), equations=()):
    """Return a document of a text."""
    return Document(Source(text, path), blocks, equations, findings, 1.5)


WRONG_TEXT = """# Trace

```derive
W: m x n,  A: m x m
f = \\operatorname{tr}(W^T A W)
\\frac{\\partial f}{\\partial W} = 2 A W
```
"""


def wrong(text=WRONG_TEXT, stated="2 A W", declared="A: m x m"):
    """Return the finding on a wrong gradient that stands in a text."""
    at, there = text.rindex(stated), text.index(declared)
    return Finding(
        "DRV401",
        Span(at, at + len(stated)),
        {"what": "gradient", "what_zh": "导数", "right": r"\frac{\partial f}{\partial W} = (A + A^T) W"},
        labels=(Label(Span(there, there + len(declared)), {"en": "declared here", "zh": "声明于此"}),),
        hints=(Hint("symmetric", {"en": "it would hold if A were symmetric", "zh": "若 A 对称则成立"}),),
        witness=Witness({"m": 2, "n": 1}, {"A": "[[0, 1], [0, 0]]", "W": "[[1], [1]]"}, "[[1], [1]]", "[[2], [0]]", "2 * A @ W"),
    )


def equation(text, latex, outcome, code, **facts):
    """Return a judged relation at the first place of its LaTeX, with its reason."""
    at = text.index(latex)
    return Equation(Span(at, at + len(latex)), latex, outcome, "assert", Reason(code, facts))
