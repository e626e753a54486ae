r"""Sums whose index is not written, `\sum e^{x_j}`: they run over the only index of their summand."""

from collections.abc import Iterator, Sequence

from mdderive.latex.notation import INDICES
from mdderive.latex.tokens import Token, tokens
from mdderive.model.diagnostics import Refusal
from mdderive.model.traced import Traced

_OPENING, _CLOSING = frozenset({"(", "[", "{", r"\{"}), frozenset({")", "]", "}", r"\}"})
_ENDS = frozenset({"+", "-", "=", "&", r"\\", ",", ""})


def with_indices(text: Traced) -> Traced:
    """Return a formula in which every sum has an index, if its summand tells which."""
    try:
        stream = tokens(text.text) if r"\sum" in text.text else ()
    except Refusal:
        return text
    for at in reversed([at for at, token in enumerate(stream) if token.text == r"\sum"]):
        bare = stream[at + 1].text not in ("_", "^") and not _behind_a_raised(stream, at)
        found = {*_indices(stream[at + 1 :])} if bare else set()
        if len(found) == 1:
            end = stream[at].span.end
            index = f"_{{{found.pop()}}} "
            text = text.cut(0, end) + Traced(index, text.origins[end - 1 : end] * len(index)) + text.cut(end, len(text.text))
    return text


def _behind_a_raised(stream: Sequence[Token], at: int) -> bool:
    r"""Tell whether a sign stands behind a transpose: there it is a covariance, `x^T \sum x`."""
    depth = 0
    for k in range(at - 1, -1, -1):
        depth += (stream[k].text == "}") - (stream[k].text == "{")
        if depth == 0:
            return k > 0 and stream[k - 1].text == "^"
    return False


def _indices(stream: Sequence[Token]) -> Iterator[str]:
    """Yield the letters that number something in the summand that a text begins with."""
    depth = 0
    for k, token in enumerate(stream):
        if depth < 0 or (depth == 0 and k > 0 and token.text in _ENDS):
            return
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if token.text == "_":
            yield from (t.text for t in _group(stream[k + 1 :]) if t.text in INDICES)


def _group(stream: Sequence[Token]) -> Iterator[Token]:
    """Yield what a subscript is made of."""
    if stream[0].text != "{":
        yield stream[0]
        return
    for token in stream[1:]:
        if token.text == "}":
            return
        yield token
