r"""Letters with a mark where a power would stand: `W^{l}` in a note that differentiates by it is the W of layer l, no power.

A mark in brackets that a sum binds tells samples apart: `x^{(i)}` is x_i there.
"""

import re
from collections.abc import Iterable, Sequence

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
# As marks are spelled once a formula is cleaned: `x_{(i)}`, and `x_{j(i)}` for the entry j of it.
_BARE_NAME = rf"(?:(?<![A-Za-z\\]){_NAME})"
_MEMBER = re.compile(rf"(?P<name>{_BARE_NAME})\s*_\{{(?P<below>[A-Za-z\d]*)\((?P<mark>[A-Za-z\d])\)\}}")
_BELOW = re.compile(rf"(?P<name>{_BARE_NAME})\s*_\s*(?:[A-Za-z\d]|\{{\s*[A-Za-z\d](?:\s*,?\s*[A-Za-z\d])?\s*\}})")
_BOUND = re.compile(r"\\(?:sum|prod)\s*(?:\\limits\s*)?_\s*\{?\s*([A-Za-z])(?![A-Za-z])")
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


def numbered(texts: Sequence[str]) -> frozenset[str]:
    """Return the letters whose marks in brackets number samples: a sum binds one, and no index below numbers their entries."""
    below = {_letter(found["name"]) for text in texts for found in _BELOW.finditer(text)}
    names = {
        found["name"]
        for text in texts
        if (bound := frozenset(_BOUND.findall(text)))
        for found in _MEMBER.finditer(text)
        if found["mark"] in bound
    }
    return frozenset(name for name in names if _letter(name) not in below)


def _letter(name: str) -> str:
    """Return a letter without its font and accent."""
    return name.rpartition("{")[2].rstrip("}")


def as_samples(text: Traced, names: frozenset[str]) -> Traced:
    """Return a formula with `x_i` for the `x_{(i)}` of some letters, and `(x_i)_j` for `x_{j(i)}`."""

    def parts(found: re.Match[str]) -> Iterable[Part] | None:
        if found["name"] not in names:
            return None
        member: tuple[Part, ...] = (found.span("name"), "_{", found.span("mark"), "}")
        return ("(", *member, ")_{", found.span("below"), "}") if found["below"] else member

    return text.replaced(_MEMBER, parts) if names else text
