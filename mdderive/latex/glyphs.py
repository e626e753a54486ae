"""Signs of Unicode as LaTeX spells them, so that a formula is read as it looks: `∇`, `‖x‖²`, `Aᵀ`, `ℝ`, `α`, `x₁`."""

import re
import unicodedata
from collections.abc import Mapping

from mdderive.model.traced import Traced

_GREEK = zip(
    "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split(),
    strict=True,
)
_SIGNS: Mapping[str, str] = {
    **{letter: f"\\{name} " for letter, name in _GREEK},
    **dict.fromkeys("·⋅∙", r"\cdot "),
    **dict.fromkeys("∎■□", " "),
    "∂": r"\partial ",
    "∇": r"\nabla ",
    "‖": r"\|",
    "∈": r"\in ",
    "ℝ": r"\mathbb{R}",
    "−": "-",
    "×": r"\times ",
    "⊙": r"\odot ",
    "∘": r"\circ ",
    "⊗": r"\otimes ",
    "⊘": r"\oslash ",
    "∑": r"\sum ",
    "∏": r"\prod ",
    "∞": r"\infty ",
    "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ",
    "≈": r"\approx ",
    "→": r"\to ",
    "⇒": r"\Rightarrow ",
    "⇔": r"\iff ",
    "′": "'",
}
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀⁿⁱ", "0123456789+-=()Tni", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₘₙ", "0123456789+-ijkmn", strict=True))
_SIGN = re.compile(f"[{''.join(_SIGNS)}]")
_SCRIPT = re.compile(f"(?P<up>[{''.join(_RAISED)}]+)|(?P<down>[{''.join(_LOWERED)}]+)")


def spelled(text: Traced) -> Traced:
    """Return a formula with its Unicode signs as commands, and what is raised or lowered as a script."""
    if text.text.isascii():
        return text
    text = text.replaced(_SIGN, lambda found: (_SIGNS[found[0]],))
    return text.replaced(_SCRIPT, lambda found: (_script(found),))


def _script(found: re.Match[str]) -> str:
    sign, letters = ("^", _RAISED) if found["up"] else ("_", _LOWERED)
    return f"{sign}{{{''.join(letters[char] for char in found[0])}}}"


def mathematical(sign: str) -> bool:
    """Tell whether a sign that is not ASCII belongs to a formula, and does not part two: no letter and no mark of a script."""
    category = unicodedata.category(sign[0])
    return category in ("Sm", "Sk", "No", "Lm") or "\U0001d400" <= sign[0] <= "\U0001d7ff"
