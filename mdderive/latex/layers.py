r"""Letters with a mark where a power would stand: `W^{l}` in a note that differentiates by it is the W of layer l, no power."""

import re
from collections.abc import Iterable

from mdderive.model.traced import Part, Traced

_NAME = (
    r"(?:\\(?:mathbf|boldsymbol|bm|mathrm|mathcal|hat|tilde|bar|vec)\s*\{\\?[A-Za-z]+\}|\\(?!partial)[a-z]+(?![A-Za-z])|[A-Za-z])"
)
_BY = re.compile(
    rf"\}}\s*\{{\s*(?:\\partial|d)\s*\{{?\s*(?P<name>{_NAME})\s*\^\s*(?:\{{\s*(?P<mark>[A-Za-z]+)\s*(?:[-+]\s*\d\s*)?\}}|(?P<one>[a-z]))\s*\}}"
)
_RAISED = re.compile(
    rf"(?P<name>{_NAME})(?P<below>\s*_\s*(?:\{{[^{{}}]*\}}|[A-Za-z0-9]))?\s*\^\s*(?:\{{\s*(?P<mark>[A-Za-z]+)(?P<step>\s*[-+]\s*\d)?\s*\}}|(?P<one>[a-z]))(?!\s*[_^'])"
)
_TRANSPOSES = frozenset({"T", "t", "H", "top", "tr"})


def layered(texts: Iterable[str]) -> frozenset[tuple[str, str]]:
    r"""Return the letters with the marks that some formulas differentiate by; a mark of several letters is one at any letter."""
    found = {("".join(m["name"].split()), m["mark"] or m["one"]) for text in texts for m in _BY.finditer(text)}
    marks = {(name, mark) for name, mark in found if mark not in _TRANSPOSES}
    return frozenset(marks | {("", mark) for _, mark in marks if len(mark) > 1})


def marked(text: Traced, layers: frozenset[tuple[str, str]]) -> Traced:
    """Return a formula with those marks in brackets, as marks are written elsewhere."""

    def parts(found: re.Match[str]) -> Iterable[Part] | None:
        mark = found["mark"] or found["one"]
        if not {("".join(found["name"].split()), mark), ("", mark)} & layers:
            return None
        step = (found.span("step"),) if found["step"] else ()
        below = (found.span("below"),) if found["below"] else ()
        return (found.span("name"), *below, "^{(", found.span("mark" if found["mark"] else "one"), *step, ")}")

    return text.replaced(_RAISED, parts) if layers else text
