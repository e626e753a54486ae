r"""What a formula may hold when it is printed: the commands that only typeset, and no sign that ends a formula or hides in it.

A formula of a note is printed as its author wrote it, and then read by programs that know more commands than we do: `\href`,
`\input`, `\write18`, `\htmlClass`. So what is printed is held against a list of what is allowed, not of what is not.
"""

import re
from collections.abc import Iterable

from mdderive.latex.notation import (
    ACCENTS,
    BARS,
    BRACKETS,
    DOUBLE_BARS,
    EQUALS,
    FONTS,
    GREEK,
    IMPLIES,
    NAMES,
    TENSORS,
    TEXTS,
)

_MARKS = (
    r"\ , \; \: \! \/ \\ \{ \} \| \_ \& \# \% \, \quad \qquad \enspace \thinspace \negthinspace \hspace \phantom \mathstrut "
    r"\left \right \middle \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr \Biggl \Biggr "
    r"\limits \nolimits \displaystyle \textstyle \scriptstyle \scriptscriptstyle \begin \end \nonumber \notag \tag \label "
    r"\color \textcolor \boxed \fbox \underbrace \overbrace \underset \overset \stackrel \substack \cancel \rm \bf \sf \it"
)
_SIGNS = (
    r"\frac \dfrac \tfrac \cfrac \binom \sqrt \over \sum \prod \int \lim \sup \inf \Pr \max \min \arg \partial \nabla \mathrm "
    r"\cdot \times \bullet \div \pm \mp \circ \ast \star "
    r"\geq \leq \in \to \approx \neq \sim \oplus \ominus \top \bot \intercal \dagger \prime \sharp \perp \parallel "
    r"\mid \vert \Vert \langle \rangle \lbrace \rbrace \lfloor \rfloor \lceil \rceil "
    r"\infty \pi \hbar \imath \jmath \Re \Im \emptyset "
    r"\dots \ldots \cdots \vdots \ddots \dotsc \dotsb \colon \setminus \subset \subseteq "
    r"\cup \cap \notin \forall \exists \neg \land "
    r"\lor \propto \succ \succeq \prec \preceq \gg \ll \mapsto \rightarrow \leftarrow \leftrightarrow \Longrightarrow \triangleq "
    r"\backslash \lt \gt \le \ge \ne \mathop \mathbin \mathrel \R \C \N \Z \E"
)
_TABLES = (ACCENTS, BARS, BRACKETS, DOUBLE_BARS, FONTS, GREEK, NAMES, EQUALS, IMPLIES, TENSORS, TEXTS)
TYPESETTING = frozenset(
    {*_MARKS.split(), *_SIGNS.split()}
    | {"\\ "}
    | {
        name.rstrip("*")
        for table in (*_TABLES, BARS.values(), BRACKETS.values(), DOUBLE_BARS.values())
        for name in table
        if name.startswith("\\") and "{" not in name
    }
)
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.|$)", re.DOTALL)
# What ends a formula, begins a comment, spells a character by its number, or is not seen.
_SIGN = re.compile(
    r"""[`$] | (?<!\\)[%\#] | \^\^ | \{\s*_ | _\s*\w\s*_
    | [\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]""",
    re.VERBOSE,
)


def unprintable(formulas: Iterable[str]) -> str:
    """Return the first command or sign of some formulas that is not printed; an empty text where there is none."""
    for latex in formulas:
        for found in _COMMAND.finditer(latex):
            if found[0] not in TYPESETTING:
                return found[0]
        sign = _SIGN.search(latex)
        if sign:
            return sign[0]
    return ""
