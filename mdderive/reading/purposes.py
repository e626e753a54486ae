"""What the LaTeX of a relation shows of its purpose by itself, before its sides are read."""

import re

_NAME = re.compile(
    r"(?P<name>\\(?:math\w+|boldsymbol|bm|hat|tilde|bar|vec|text\w*|mbox|hbox|operatorname)\s*\{[^{}]*\}|\\[A-Za-z]+|[A-Za-z]+)"
    r"(?:\s*[_^]\s*(?:\{[^{}]*\}|\\?\w+|\*))*\s*(?:(?:\\left\s*)?\((?:[^()]|\([^()]*\))*\))?"
)
_ITERATE = re.compile(r"_\s*\{[^{}]*\+\s*1\s*\}|\^\s*\{[^{}]*\+\s*1\s*\}")
_REMAINDER = re.compile(
    r"[+-]\s*(?:\\(?:mathcal|mathrm|text)\s*\{?\s*[Oo]\s*\}?|[Oo])\s*(?:\\left|\\[bB]igg?l?)?\s*(?:\(|\\?\{|\[)[^=]*[)}\]]\s*[.,;]?\s*$"
)
_MOMENT = re.compile(
    r"(?<![A-Za-z\\])(?:var|cov|corr|E|\\mathbb\s*\{?E\}?)\s*(?:_\s*(?:\{[^{}]*\}|\w)\s*)?(?:\\left|\\[bB]igg?l?)?\s*\[",
    re.IGNORECASE,
)
_BY_ENTRIES = re.compile(
    r"\s*(?:\\left\s*)?\[[^=\[\]]*_\s*\{?\s*[a-t]\s*,?\s*[a-t]?\s*\}?(?![A-Za-z])[^=\[\]]*\]\s*(?:_\s*\{[^{}]*\})?\s*"
)
_PRIMED_BRACKETS = re.compile(r"\)\s*(?:'|\^\s*\{?\s*(?:'|\\prime))")
_AT_A_POINT = re.compile(r"\s*[dD]_\s*(?:\{\s*[xyz]\s*\}|[xyz])\s*(?:\\left\s*)?(?=[(<fgh])")


def defines_unread(left: str, right: str) -> bool:
    """Tell whether a relation whose right side is not read defines the name, the next iterate or the limit on its left."""
    left, right = left.strip(), right.strip()
    if right.startswith(r"\lim") and ("'" in left or left.startswith((r"\frac{\partial", r"\frac{d"))):
        return True
    right = re.sub(r"_\s*\{?\s*\\(?:text\w*|mathrm|rm)\s*\{[^{}]*\}\s*\}?", "", right)  # a word below a letter is no letter
    found = _NAME.fullmatch(re.sub(r"^\\(?:min|max)(?![A-Za-z])(?:\s|\\,)*", "", left))
    if found is None:
        return False
    name = found["name"]
    if iterates(left, right):
        return True
    return not re.search(rf"(?<![A-Za-z\\]){re.escape(name)}(?![A-Za-z])", right)


def iterates(left: str, right: str) -> bool:
    """Tell whether a relation says what the next of several numbered letters is: `w^{t+1} = w^t - ...`, `h_t = ... h_{t-1}`."""
    left = left.strip()
    found = _NAME.fullmatch(left)
    if found is None or "(" in left or left == found["name"] or "".join(left.split()) in "".join(right.split()):
        return False
    earlier = rf"{re.escape(found['name'])}\s*[_^]\s*\{{[^{{}}]*\w\s*-\s*1\s*\}}"
    return bool(_ITERATE.search(left) or re.search(earlier, right))


def moments(*sides: str) -> bool:
    r"""Tell whether sides speak of random variables, `\operatorname{var}[x]`: they claim what their distribution decides."""
    return any(_MOMENT.search(side) for side in sides)


def at_a_point(*sides: str) -> bool:
    """Tell whether a side begins with the differential at a point, `d_x f` or `D_x(f g)`, which is no letter with a subscript."""
    return any(_AT_A_POINT.match(side) for side in sides)


def by_entries(*sides: str) -> bool:
    r"""Tell whether a side is a table that is given by its entries or blocks in brackets: `[a_{ij} B]`."""
    return any(_BY_ENTRIES.fullmatch(side) for side in sides)


def primed_brackets(*sides: str) -> bool:
    """Tell whether a side has brackets with a prime, `(b x)'`: a transpose, or the derivative of what is no matrix."""
    return any(_PRIMED_BRACKETS.search(side) for side in sides)


def expands(*sides: str) -> bool:
    r"""Tell whether a side ends in a remainder, `+ O(h^2)` or `+ o(\|h\|)`: it is equal up to that, as with `\approx`."""
    return any(_REMAINDER.search(side) for side in sides)
