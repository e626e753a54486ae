"""What is worked out for a note is worked out once, and only where it is told."""

import importlib

from mdderive.check.pipeline import check
from mdderive.model.results import Settings

attempts = importlib.import_module("mdderive.check.attempts")
witness = importlib.import_module("mdderive.verify.witness")
NOTE = r"""Let $A$ be an $n \times n$ matrix and $x$ a vector of length $n$.

$$\frac{\partial x^T A x}{\partial x} = 2 A x + x - x = A x + A x$$

$$d(x^T A x) = x^T (A + A^T) dx = dx^T (A + A^T) x$$

Here $\|A x\|^2 = x^T A^T A x = x^T A A^T x$. First $x^T A x = x^T A^T x$, and later $x^T A x = x^T A^T x$.
"""


def test_no_verdict_is_asked_for_twice(monkeypatch):
    asked = []
    verdicts = attempts.verdicts

    def seen(pairs, context, **how):
        asked.append((*pairs, context.key, how["varying"] and frozenset(how["varying"])))
        return verdicts(pairs, context, **how)

    monkeypatch.setattr(attempts, "verdicts", seen)
    check(NOTE, settings=Settings(equations=True))
    assert len(asked) > 4
    assert len(asked) == len(set(asked))


def test_values_are_looked_for_only_where_they_are_told(monkeypatch):
    sought = []
    found = witness.witness
    monkeypatch.setattr(witness, "witness", lambda case, both: sought.append(both) or found(case, both))
    document = check(NOTE, settings=Settings(equations=True))
    told = [finding for finding in document.findings if finding.witness]
    assert len(told) == len(sought) == 2
