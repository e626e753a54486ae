"""Slips of the pen: how a side would read without them, and what to say.

A slip is only a suspicion. It is one when the side holds without it, or when its own chain shows it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from mdderive.latex.letters import base_letter
from mdderive.latex.syntax import Bars, Call, Derivative, Differential, Letter, Over, Product, Syntax, has, rewritten
from mdderive.model.diagnostics import Hint
from mdderive.reading.shown_by_form import renamed

_TWICE = re.compile(
    r"\\sum(?:\\limits)?\s*_\s*\{?\s*([a-z])\s*(?:=[^{}]*)?\}?\s*(?:\^\s*(?:\{[^{}]*\}|\w))?"
    r"\s*\\sum(?:\\limits)?\s*_\s*\{?\s*\1\b"
)
PRODUCT_OF_LOGARITHMS = re.compile(
    r"\\prod(?P<range>(?:\\limits)?\s*_\s*(?:\{[^{}]*\}|\w)\s*(?:\^\s*(?:\{[^{}]*\}|\w))?\s*)(?=\\(?:ln|log)(?![A-Za-z]))"
)
SWAPPED = Hint(
    "edit",
    {
        "en": r"the product and the logarithm have changed places: \ln \prod, a sum of logarithms, is meant",
        "zh": r"连乘与对数的次序颠倒：应为 \ln \prod，即对数之和",
    },
)
MISSING = Hint(
    "missing-d",
    {"en": "this is the value itself: the differential is missing on the right", "zh": "这是函数值本身：右边缺少微分"},
)


def _quotient_of_differentials(node: Syntax) -> Syntax:
    r"""Return `\frac{dY}{x}` as the derivative it was meant to be."""
    match node:
        case Over((Differential((of,)), Letter() as by)):
            return Derivative((of, by), node.span)
    return node


def _logarithm_of_determinant(node: Syntax) -> Syntax:
    r"""Return `\ln(A)` as the logarithm of the determinant; small letters stand for no matrix."""
    match node:
        case Call((Letter(name=name),), function="log", primes=0) if base_letter(name).lstrip("\\")[:1].isupper():
            return replace(node, args=(Bars(node.args, node.span),))
    return node


SLIPS: tuple[tuple[Callable[[Syntax], Syntax], Hint], ...] = (
    (
        _quotient_of_differentials,
        Hint("missing-d", {"en": "a d is missing in the denominator", "zh": "分母中缺少 d"}),
    ),
    (
        _logarithm_of_determinant,
        Hint("determinant", {"en": "the logarithm of the determinant is meant", "zh": "应为行列式的对数"}),
    ),
)


def bound_twice(latex: str) -> Hint | None:
    """Return what to say of a sum that binds one index twice."""
    twice = _TWICE.search(latex)
    if twice is None:
        return None
    return Hint("edit", {"en": f"the index {twice[1]} is summed over twice", "zh": f"指标 {twice[1]} 被求和两次"})


def recased(side: Syntax, name: str) -> Syntax:
    """Return a side with a letter in the other case."""
    return renamed(side, lambda n: n.swapcase() if n == name else n)


def lacks_d(sides: Sequence[Syntax | None], k: int) -> bool:
    """Tell whether a side ends with `X` or `vec(X)`, in a chain whose other sides, two at least, all have a differential.

    One of them must end with `dX` or `vec(dX)`: only then does nothing else explain the lack.
    """
    side = sides[k]
    others = [s for i, s in enumerate(sides) if i != k]
    if side is None or len(others) < 2 or has(side, Differential, Derivative) or not isinstance(side, Product):
        return False
    if any(s is None or not has(s, Differential) for s in others):
        return False
    last = side.args[-1]
    return any(s is not None and has(_last(s), Differential) and _constant(_last(s)) == last for s in others)


def _last(side: Syntax) -> Syntax:
    return side.args[-1] if isinstance(side, Product) else side


def _constant(node: Syntax) -> Syntax:
    """Return a tree without its differentials: X for dX."""
    return rewritten(node, lambda n: n.args[0] if isinstance(n, Differential) else n)
