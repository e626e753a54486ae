"""Signs of Unicode as the commands of LaTeX: `∇`, `‖x‖²`, `Aᵀ`, `ℝ`, `x₁`, and letters that have their font in them, `𝐱`."""

import re
import unicodedata
from collections.abc import Mapping

from mdderive.model.traced import Traced, traced

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
    "⊤": r"\top ",
    "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ",
    "≈": r"\approx ",
    "→": r"\to ",
    "⇒": r"\Rightarrow ",
    "⇔": r"\iff ",
    "′": "'",
    "＝": "=",
    "（": "(",
    "）": ")",
    "？": "?",
    **dict.fromkeys("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", " "),
}
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀⁿⁱᵈʰᵏᵐᵖʳˣ", "0123456789+-=()Tnidhkmprx", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₘₙ", "0123456789+-ijkmn", strict=True))
_SIGN = re.compile(f"[{''.join(_SIGNS)}]")
_SCRIPT = re.compile(f"(?P<up>[{''.join(_RAISED)}]+)|(?P<down>[{''.join(_LOWERED)}]+)")
_FONTED = re.compile("[\U0001d400-\U0001d7ff\u210e]")


def as_commands(text: str) -> str:
    """Return a name or a shape with its Unicode signs as commands."""
    return in_commands(traced(text, 0, len(text))).text.strip()


def in_commands(text: Traced) -> Traced:
    """Return a formula with its Unicode signs as commands, and what is raised or lowered as a script."""
    if text.text.isascii():
        return text
    text = text.replaced(_FONTED, lambda found: (_lettered(found[0]),))
    text = text.replaced(_SIGN, lambda found: (_SIGNS[found[0]],))
    return text.replaced(_SCRIPT, lambda found: (_script(found),))


def _script(found: re.Match[str]) -> str:
    sign, letters = ("^", _RAISED) if found["up"] else ("_", _LOWERED)
    return f"{sign}{{{''.join(letters[char] for char in found[0])}}}"


def _lettered(char: str) -> str:
    """Return a letter of mathematics as a letter, in bold where its own font is."""
    letter = unicodedata.normalize("NFKC", char)
    return rf"\mathbf{{{letter}}}" if "BOLD" in unicodedata.name(char, "") and letter.isalpha() else letter
