r"""What a formula of a note says only to the typesetter, or spells in its own way, taken out before it is read.

Signs of Unicode are spelled as commands: `∇`, `‖x‖²`, `Aᵀ`, `ℝ`, `x₁`. Tags, labels, colours and spaces go; `\\\\` of Markdown
that is escaped twice is one row end; `a^{(i)}` and `a^{[l]}` are letters with a mark, as `a_{(i)}` is.
"""

import re
from collections.abc import Iterable

from mdderive.latex.annotations import apart, worded
from mdderive.latex.ellipses import summed_dots
from mdderive.latex.groups import opened
from mdderive.latex.relations import PROSE, Policy
from mdderive.latex.spellings import COMMAND, COMMANDS, DROPPED, ESCAPED_STAR, SPELLED, WRAPPERS
from mdderive.latex.unicode_signs import in_commands
from mdderive.model.traced import Part, Sought, Traced, closing

_TWO_BARS = re.compile(r"(?<!\\)\|\|")
# A mark of what is known before a measurement, `P_k^-`.
_RAISED_MINUS = Sought(r"\^\s*(?:\{\s*-\s*\}|-(?=\s*(?:[)\]_=+,&}]|$)|\s+[^\d\s]))", "^")
_MARKED = Sought(
    r"(?P<under>_(?:\{(?P<sub>[^{}]*)\}|(?P<one>[A-Za-z0-9])))?\s*\^\{?\s*"
    r"(?P<mark>(?:\((?:\\ell(?![A-Za-z])|[A-Za-z0-9+\- *]){1,6}\)|\[(?:\\ell(?![A-Za-z])|[A-Za-z0-9+\- ]){1,6}\]))\s*"
    r"(?P<rest>\^?\s*\{?\s*(?:T|\\top|\\mathsf\{?T\}?|\\intercal)\s*\}?)?\s*(?(rest)\}|\}?)"
    r"(?P<after>_(?:\{(?P<behind>[^{}]*)\}|(?P<single>[A-Za-z0-9])))?",
    "^",
)


_GRADIENT = Sought(
    r"\\nabla(?P<order>\s*\^\s*\{?2\}?)?\s*(?P<name>[A-Za-z]|\\(?:mathcal|mathbf|boldsymbol)\{[A-Za-z]\}|\\ell)\s*"
    r"(?:\\left)?\(\s*(?P<of>[A-Za-z]|\\[a-z]+|\\(?:mathbf|boldsymbol|bm|vec)\s*\{\\?[A-Za-z]+\})\s*(?:\\right)?\)",
    r"\nabla",
)


ANGLES = Sought(r"(?<![^\s=+\-(\[{*])<(?P<left>[^<>=&,\s][^<>=&,]*),(?P<right>[^<>=&,]*[^<>=&,\s])>", "<")  # no x<1, y>2
# `\\left. … \\right|_{t = 0}`, with nothing of the kind inside.
_AT_A_VALUE = Sought(
    r"\\left\s*\.(?P<inside>(?:(?!\\left\s*\.).)*?)\\right\s*(?:\||\\[rl]?vert)\s*_\s*(?P<value>\{[^{}=]*(?:\{[^{}=]*\}[^{}=]*)*=)",
    r"\left",
    flags=re.DOTALL,
)
_RAISED_T = r"\^\s*(?:T|\{T\}|\\top|\{\\top\})"
_OF_A_LETTER = r"\s*(?P<of>[a-z](?![A-Za-z_^'])(?:\s*\([^()]*\))?)"
_GRADIENT_T = Sought(rf"\\nabla\s*{_RAISED_T}\s*_\s*(?P<by>\{{[^{{}}]*\}}|\\[A-Za-z]+|[A-Za-z]){_OF_A_LETTER}", r"\nabla")
_GRADIENT_BY_T = Sought(rf"\\nabla\s*_\s*(?P<by>\{{[^{{}}]*\}}|[A-Za-z])\s*{_RAISED_T}{_OF_A_LETTER}", r"\nabla")
_SIZED = Sought(r"\\mathbf\s*\{\s*(?P<digit>[01])\s*_\s*(?P<size>\{[^{}]*\}|[A-Za-z])\s*\}", r"\mathbf")
_PRIME_FIRST = Sought(
    r"(?P<name>\\(?:mathbf|boldsymbol|bm)\s*\{\\?[A-Za-z]+\}|\\[A-Z][a-z]+(?![A-Za-z])|[A-Z])(?P<primes>'+)\s*(?P<below>_\s*(?:\{[^{}]*\}|\w))",
    "'",
)
_OLD_FONT = Sought(r"\{\s*\\(?P<font>rm|bf|sf|it)(?![A-Za-z])\s*(?P<inner>[A-Za-z]+)\s*\}", "rm", "bf", "sf", "it")
_DIFFERENTIAL_BY = Sought(r"\\mathrm\{d\}\s*_\s*(?P<by>\{[^{}]*\}|\\?[A-Za-z]+)\s*(?=[\[(A-Za-z\\{])", r"\mathrm{d}")
# One where a letter is positive, nothing elsewhere.
_INDICATOR = Sought(
    r"\\(?:mathbf|mathbb|mathbbm|mathds|boldsymbol|bm)\s*\{[1I]\}\s*(?:_\s*\{|\(|\[|\\\{)(?P<of>[^<>=&{}()]*(?:\{[^{}]*\}[^<>=&{}()]*)*)"
    r"(?:>|\\geq?(?![A-Za-z]))\s*0\s*(?:\}|\)|\]|\\\})",
    "0",
)
_MATHOP = Sought(r"\\mathop\s*\{\s*(?:\\(?:mathrm|mathsf|text|rm)\s*)?\{?\s*(?P<name>[A-Za-z]{2,})\s*\}?\s*\}", r"\mathop")
# What is optimised over, or in the limit, below its name.
_UNDER = Sought(
    r"(?:\\mathop\s*)?\\underset\s*\{(?P<under>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}\s*"
    r"\{\s*(?P<what>(?:\\arg\s*(?:\\,|~)?\s*)?\\(?:max|min|sup|inf|lim)|\\arg(?:max|min)|\\operatorname\*?\s*\{[^{}]*\})\s*\}",
    r"\underset",
)
# What is spelled with its parts in another order; @ stands before the name of a part.
_REARRANGED: tuple[tuple[Sought, tuple[str, ...]], ...] = (
    (_UNDER, ("@what", "_{", "@under", "} ")),
    (ANGLES, (r"\langle ", "@left", ",", "@right", r"\rangle ")),
    *((gradient, (r"(\nabla_{", "@by", "} ", "@of", ")^T ")) for gradient in (_GRADIENT_T, _GRADIENT_BY_T)),
    (_INDICATOR, (r"\operatorname{step}(", "@of", ") ")),
    (_SIZED, (r"\mathbf{", "@digit", "}_", "@size", " ")),
    (_PRIME_FIRST, ("@name", "@below", "@primes")),
    (_OLD_FONT, (r"{\math", "@font", "{", "@inner", "}}")),
)
_FONTED_TWICE = Sought(
    r"\\(?:mathbf|boldsymbol|bm|mathrm)\s*(?=\{\s*\\(?:mathbf|boldsymbol|bm|mathrm|vert|Vert)(?![A-Za-z]))",
    "math",
    "boldsymbol",
    "bm",
)

_RAISED_PRIME = Sought(r"\^\s*(?:\{\s*\\prime\s*\}|\\prime(?![A-Za-z]))", r"\prime")
# Who inverts a sum sign means the letter Sigma by each that has no index.
_INVERTED_SUM = Sought(r"\\sum\s*(?:_\s*(?:\{[^{}=]*\}|\w))?\s*\^\s*\{\s*-\s*(?:1|\\[dt]?frac)", r"\sum")
_SUM_FOR_SIGMA = Sought(
    r"\\sum(?![A-Za-z])(?!\s*(?:\\limits)?\s*_\s*\{[^{}]*(?:=|\\in))(?!\s*_\s*\w\s*\^\s*\{?\s*[A-Za-z])", r"\sum"
)
_WORDS_IN_BOLD = Sought(
    r"(?P<font>\\(?:mathbf|boldsymbol|bm))\s*\{(?P<letters>[A-Z]{2,4}|[A-Za-z]{2,3})\}", "mathbf", "boldsymbol", "bm"
)
_BOLD_FORMULA = Sought(
    r"\\(?:mathbf|boldsymbol|bm|mathrm)\s*\{(?P<inner>[A-Za-z][^{}]*[\^+\- ][^{}]*[A-Za-z0-9])\}", "math", "boldsymbol", "bm"
)
# A letter in braces of its own, `{\mathbf{X}}_0` or `{\rm d}X`, and a word below what is raised before.
_LETTER_APART = Sought(
    r"(?<![_^])\{\s*(?P<letter>\\(?:mathbf|mathbb|boldsymbol|bm|mathrm|mathsf|hat|bar|tilde|widehat|vec)\s*\{\\?[A-Za-z]+\s*\})\s*\}",
    "math",
    "boldsymbol",
    "bm",
    "hat",
    "bar",
    "tilde",
    "vec",
)
_INNER = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
_TAKES_BRACES = re.compile(
    r"(?:[_^]|\\(?!(?:top|cdot|times|in|odot|otimes|circ|quad|qquad|partial)(?![A-Za-z]))[A-Za-z]+"
    rf"|\\(?:[cdt]?frac|[dt]?binom|overset|underset|stackrel)\s*{_INNER}|\\sqrt\s*\[[^\]]*\])\s*$"
)
_RAISED_FIRST = Sought(
    r"(?P<raised>\^\s*(?:\{\s*[\d*]\s*\}|[\d*]))\s*(?P<word>_\s*\{\s*\\(?:text|mathrm|textrm|mbox)\s*\{[^{}]*\}\s*\})", "_"
)
_ARRAY = Sought(
    r"(?P<open>[\[(|]\s*)\\begin\{(?:array|smallmatrix)\}(?:\s*\{[^{}]*\})?|\\end\{(?:array|smallmatrix)\}(?P<close>\s*(?:\\right)?\s*[\])|])",
    "array",
    "smallmatrix",
)

_STYLES = "mathbf|boldsymbol|bm|pmb|vec|mathsf|mathcal|mathscr|mathbb|mathit|mathfrak|hat|tilde|bar|widehat|widetilde|overline"
_UNBRACED = Sought(
    rf"\\(?P<style>{_STYLES})(?:\s+(?P<letter>[A-Za-z])|\s*(?P<greek>\\(?!(?:{_STYLES}|math\w+|text\w*|left|begin|frac|rm)(?![A-Za-z]))[A-Za-z]+))",
    "math",
    "boldsymbol",
    "bm",
    "pmb",
    "vec",
    "hat",
    "tilde",
    "bar",
    "overline",
)
_MOVED = (
    rf"\\partial\s*(?:\\[A-Za-z]+(?![A-Za-z])(?:\s*{_INNER})?|[A-Za-z])(?:\s*_\s*(?:\{{[^{{}}]*\}}|\w))?"
    r"(?:\s*\^\s*\{[(\[][^{}]*[)\]]\})?(?:\s*\([^()]*\))?"
)
_BRACKET = r"(?:\\left\s*)?\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_BAR = r"(?:\\[|]|\\[lr]?[Vv]ert|\|\|?)"
_BARS = rf"(?:\\left\s*)?{_BAR}[^=]{{1,80}}?(?:\\right\s*)?{_BAR}"
_CALLED = r"(?:\\(?:operatorname|mathrm|text)\s*\{[A-Za-z]+\}|\\[a-z]+(?![A-Za-z]))"
_MOVED_VALUE = (  # \partial \log \det(X), \partial \|x\|_2^2, \partial (f + g)
    rf"\\partial\s*(?:{_CALLED}\s*){{0,2}}(?:{_BRACKET}|{_BARS}|e(?=\s*\^))(?:\s*[_^]\s*(?:{_INNER}|\w))*"
)
_INLINE = Sought(rf"(?P<top>{_MOVED}|{_MOVED_VALUE})\s*/\s*(?P<below>{_MOVED})(?!\s*[_^({{])", "/")

_PARTIAL = Sought(rf"(?P<fraction>\\[dtc]?frac\s*{_INNER}\s*{_INNER})|\\partial(?![A-Za-z])\s*(?![_^\s])", "frac", "partial")


def cleaned(text: Traced, policy: Policy = PROSE) -> tuple[Traced, tuple[Traced, ...]]:
    """Return the text of a formula as the reader expects it, and those of the formulas that are annotated in it."""
    text = in_commands(text)
    if policy.lenient or "|" not in _TWO_BARS.sub("", text.text):  # beside a single bar, two may be a bar inside a bar
        text = text.replaced(_TWO_BARS, lambda _: (r"\|",))
    text = text.replaced(ESCAPED_STAR, lambda found: ("\\", found.span("side"), "{", found.span("name"), "*}"))
    text, notes = apart(text, policy)
    text = text.replaced(_AT_A_VALUE, lambda found: (r"\left(", found.span("inside"), r"\right)|_", found.span("value")))
    text = text.replaced(_MATHOP, lambda found: (r"\operatorname{", found.span("name"), "}"))
    text = opened(text.replaced(DROPPED, _spaced)).replaced(WRAPPERS, lambda found: (" ",))
    text = text.replaced(COMMAND, lambda found: (COMMANDS[found["name"]],))
    for pattern, spelling in SPELLED:
        text = text.replaced(pattern, lambda found, spelling=spelling: (spelling,))  # type: ignore[misc]
    text = _differentials(_fonts(text))
    for pattern, parts in _REARRANGED:
        text = text.replaced(pattern, lambda found, parts=parts: [found.span(p[1:]) if p[0] == "@" else p for p in parts])  # type: ignore[misc]
    text = worded(text).replaced(_UNBRACED, _braced).replaced(_INLINE, _derivative)
    text = text.replaced(_LETTER_APART, _joined).replaced(_RAISED_FIRST, lambda found: (found.span("word"), found.span("raised")))
    text = text.replaced(_ARRAY, _matrix).replaced(_BOLD_FORMULA, _unbold)
    if policy.lenient:
        text = text.replaced(_RAISED_PRIME, lambda _: ("'",))
        text = text.replaced(_SUM_FOR_SIGMA, lambda _: (r"\Sigma ",)) if _INVERTED_SUM.search(text.text) else text
        text = _as_differentials(text)
        text = text.replaced(_RAISED_MINUS, lambda _: ("^{(-)}",))
        text = text.replaced(_WORDS_IN_BOLD, _each_bold).replaced(_MARKED, _marked).replaced(_GRADIENT, _gradient)
    return summed_dots(text), tuple(cleaned(note, policy)[0] for note in notes)


def _fonts(text: Traced) -> Traced:
    r"""Return a text without fonts around letters that have one: `\mathbf{\mathbf{y}}`; such braces may stand anywhere."""
    at = 0
    while found := _FONTED_TWICE.search(text.text, at):
        at = found.end()
        end = closing(text.text, found.end())
        if end > 0:
            text = text.cut(0, found.start()) + text.cut(found.end() + 1, end - 1) + text.cut(end, len(text.text))
            at = found.start()
    return text


def _differentials(text: Traced) -> Traced:
    r"""Return `\mathrm{d}[…]` for `\mathrm{d}_x[…]` where the formula takes all its differentials by one letter."""
    by = {"".join(found["by"].strip("{}").split()) for found in _DIFFERENTIAL_BY.finditer(text.text)}
    return text.replaced(_DIFFERENTIAL_BY, lambda _: (r"\mathrm{d} ",)) if len(by) == 1 else text


def _as_differentials(text: Traced) -> Traced:
    r"""Return `\mathrm{d} X` for `\partial X` where every side of a formula has one that stands in no fraction.

    On one side alone it may be a set of subgradients, a boundary or an operator.
    """
    if r"\partial" not in text.text:
        return text
    sides = text.text.split("=")
    loose = [any(found["fraction"] is None for found in _PARTIAL.finditer(side)) for side in sides]
    if len(sides) < 2 or not all(loose):
        return text
    return text.replaced(_PARTIAL, lambda found: None if found["fraction"] else (r"\mathrm{d} ",))


def _spaced(found: re.Match[str]) -> Iterable[Part]:
    return (r"\,",) if found[0] in (r"\,", r"\;", "~", r"\ ", r"\:") else (" ",)


def _gradient(found: re.Match[str]) -> Iterable[Part]:
    r"""Return `\nabla_x f` for `\nabla f(x)`."""
    order = (found.span("order"),) if found["order"] else ()
    return (r"\nabla", *order, "_{", found.span("of"), "} ", found.span("name"), " ")


def _unbold(found: re.Match[str]) -> Iterable[Part]:
    r"""Return `X^T t` for `\\mathbf{X^T t}`: the font is that of every letter, and what follows belongs to the last."""
    return (" ", found.span("inner"), " ")


def _each_bold(found: re.Match[str]) -> Iterable[Part] | None:
    r"""Return `\mathbf{A}\mathbf{B}` for `\mathbf{AB}`; so with `\mathbf{Ax}`, and `\mathbf{ab}` where each stands alone too."""
    letters = found["letters"]
    alone = all(f"{{{letter}}}" in found.string for letter in letters)
    if not (letters.isupper() or alone or re.fullmatch("[A-Z][u-z]", letters)):
        return None
    start, end = found.span("letters")
    return [part for i in range(start, end) for part in (f"{found['font']}{{", (i, i + 1), "}")]


def _matrix(found: re.Match[str]) -> Iterable[Part]:
    """Return an array in brackets as a matrix in brackets."""
    return (found.span("open"), r"\begin{matrix}") if found["open"] else (r"\end{matrix}", found.span("close"))


def _marked(found: re.Match[str]) -> Iterable[Part] | None:
    """Return `_{…}` for a mark in brackets that stands where a power would."""
    below = found["sub"] or found["one"] or found["behind"] or found["single"] or ""
    mark = found["mark"].replace(r"\ell", "l").replace(" ", "")
    return (f"_{{{below}{mark}}}" + (r"^T" if found["rest"] else "") + " ",)


def _joined(found: re.Match[str]) -> Iterable[Part] | None:
    """Return a letter without the braces around it, where they are no argument."""
    return None if _TAKES_BRACES.search(found.string[: found.start()]) else (found.span("letter"),)


def _braced(found: re.Match[str]) -> Iterable[Part]:
    r"""Return `\mathbf{x}` for `\mathbf x`."""
    return (f"\\{found['style']}{{", found.span("letter" if found["letter"] else "greek"), "}")


def _derivative(found: re.Match[str]) -> Iterable[Part]:
    r"""Return `\frac{\partial f}{\partial x}` for `\partial f/\partial x`."""
    return (r"\frac{", found.span("top"), "}{", found.span("below"), "}")
