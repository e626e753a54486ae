"""LaTeX to a line of Unicode text for terminals: superscripts, Greek letters and signs where Unicode has them.

For reading only: nothing reads it back, and what it does not know stays LaTeX.
"""

import re
from collections.abc import Iterator, Mapping

_OPERATOR = re.compile(r"(\\(?:partial|nabla)(?:\s*\^\{?\w\}?)?)\s+(?=\S)")
_RAISED_FRACTION = re.compile(r"(\\frac\{[^{}]*\}\{[^{}]*\})(?=\s*\^)")
_LOOSE = re.compile(r"(?<=[(\[]) | (?=[)\],;])")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)

# Command and sign in turn.
_WORDS = (
    "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ rho ρ "
    "sigma σ tau τ upsilon υ phi φ varphi ϕ chi χ psi ψ omega ω pi π Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ "
    "Psi Ψ Omega Ω partial ∂ nabla ∇ odot ⊙ otimes ⊗ oslash ⊘ cdot · times × in ∈ top T dagger † prime ′ ell ℓ Rightarrow ⇒ "
    "Leftrightarrow ⇔ iff ⇔ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ sum ∑ prod ∏ infty ∞ langle ⟨ rangle ⟩ lvert | rvert | vert | "
    "lVert ‖ rVert ‖ Vert ‖ pm ± to → equiv ≡ approx ≈ circ ∘ dots … cdots ⋯ ldots … | ‖ { { } } % %"
)
_BLANK = ("quad", "qquad", ",", ";", ":", " ")
_NOTHING = ("left", "right", "big", "Big", "bigl", "bigr", "displaystyle", "limits", "bf", "!")
_FONTS = ("operatorname", "mathrm", "mathbf", "mathit", "mathsf", "mathcal", "boldsymbol", "bm", "text", "textbf", "mathop")
_ACCENTS = {r"\hat": "\u0302", r"\tilde": "\u0303", r"\bar": "\u0304", r"\dot": "\u0307", r"\vec": "\u20d7"}


def _signs() -> Iterator[tuple[str, str]]:
    words = _WORDS.split(" ")
    yield from zip(words[::2], words[1::2], strict=True)
    yield from ((name, " ") for name in _BLANK)
    yield from ((name, "") for name in _NOTHING)


SIGNS: Mapping[str, str] = {f"\\{name}": sign for name, sign in _signs()}
_BOARDS = {"R": "ℝ", "C": "ℂ", "N": "ℕ", "Z": "ℤ", "E": "𝔼"}
_SUPER = dict(zip("0123456789+-=()Tnijkmx⊙′†∘ ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀⁿⁱʲᵏᵐˣ⊙′†∘ ", strict=True))
_SUB = dict(zip("0123456789+-=()ijkmnpxt ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₖₘₙₚₓₜ ", strict=True))


def plain(latex: str) -> str:
    """Return a formula as one line of Unicode text."""
    latex = _OPERATOR.sub(r"\1{}", _RAISED_FRACTION.sub(r"(\1)", latex))
    return _LOOSE.sub("", " ".join(_Reader(latex).group(closing=None).split()))


class _Reader:
    def __init__(self, latex: str) -> None:
        self.tokens: Iterator[str] = iter(_TOKEN.findall(latex))

    def group(self, closing: str | None) -> str:
        """Return the text up to `closing`, or to the end."""
        out: list[str] = []
        for token in self.tokens:
            if token == closing:
                break
            out.append(self.one(token))
        return "".join(out)

    def argument(self) -> str:
        """Return the next argument: a group in braces, or one token."""
        token = next((t for t in self.tokens if not t.isspace()), "")
        return self.group("}") if token == "{" else self.one(token)

    def one(self, token: str) -> str:
        """Return the text of a token and of the arguments that belong to it."""
        match token:
            case "{":
                return self.group("}")
            case "^":
                return _raised(self.argument(), _SUPER, "^")
            case "_":
                return _raised(self.argument(), _SUB, "_")
            case r"\frac" | r"\dfrac" | r"\tfrac":
                return f"{_wrapped(self.argument())}/{_wrapped(self.argument())}"
            case r"\sqrt":
                return f"√{_wrapped(self.argument())}"
            case r"\mathbb":
                letter = self.argument()
                return _BOARDS.get(letter, letter)
            case r"\begin" | r"\end":
                name = self.argument()
                return "" if not name.endswith("matrix") else "[" if token == r"\begin" else "]"
            case "&":
                return ", "
            case r"\\":
                return "; "
        if token[1:] in _FONTS:
            return self.argument()
        if token in _ACCENTS:
            return self.argument() + _ACCENTS[token]
        return SIGNS.get(token, token.removeprefix("\\"))


def _wrapped(text: str) -> str:
    """Return a part of a fraction, in parentheses where it holds an operation."""
    text = text.strip()
    return f"({text})" if re.search(r"[\s+\-/]", text) else text


def _raised(text: str, table: Mapping[str, str], sign: str) -> str:
    text = text.strip()
    if text and all(c in table for c in text):
        return "".join(table[c] for c in text if c != " ")
    return f"{sign}{text}" if len(text) < 2 else f"{sign}({text})"
