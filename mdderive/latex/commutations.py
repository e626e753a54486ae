r"""Commutation matrices with their sizes side by side: `K_{mn} \operatorname{vec}(A) = \operatorname{vec}(A^T)` has `K_{m,n}`."""

import re
from collections.abc import Iterable

from mdderive.model.traced import Sought, Traced

_SIZED = Sought(
    r"(?:\\(?:mathbf|boldsymbol|bm)\s*\{\s*K\s*\}|(?<![A-Za-z])K)\s*_\s*\{\s*(?P<rows>[a-z])\s*(?P<cols>[a-z])\s*\}", "K"
)
_BEFORE_VEC = re.compile(
    r"(?:\s|\\cdot|\\,)*(?:d\b|\\mathrm\{d\})?\s*(?:\\(?:operatorname|mathrm|text|rm)\s*\{\s*)?\\?[vV]ec(?![A-Za-z])"
)


def commute(texts: Iterable[str]) -> bool:
    """Tell whether the formulas of a note have such a matrix: it stands before what is stacked."""
    return any(_BEFORE_VEC.match(text, found.end()) for text in texts for found in _SIZED.finditer(text))


def with_sizes_apart(text: Traced) -> Traced:
    """Return a formula with a comma between the sizes of its commutation matrices."""
    return text.replaced(_SIZED, lambda found: ("K_{", found.span("rows"), ",", found.span("cols"), "}"))
