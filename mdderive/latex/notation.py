"""Notation: how each operator is spelled, for reading and for writing alike.

Adding a notation is adding a row or a spelling here, or in the row of its operator; the parser and the writer look nowhere else.
"""

import re
from collections.abc import Mapping
from typing import Literal

from mdderive.model.functions import FUNCTIONS
from mdderive.model.operators import OPERATORS

# How tightly a construction binds, loosest first.
SUM, TENSOR, PRODUCT, PREFIX, ATOM = range(1, 6)


# Names that are short for an expression: read as what they stand for, never written.
SHORT: Mapping[str, tuple[str, ...]] = {
    "logsumexp": (r"\operatorname{logsumexp}", "logsumexp", "lse", "LSE"),
    "etr": (r"\operatorname{etr}", "etr"),
    "dg": (r"\operatorname{dg}", "dg"),
    "total": (r"\operatorname{sum}", "sum"),
    "mean": (r"\operatorname{mean}", "mean"),
    "sympart": (r"\operatorname{sym}", "sym", "Sym"),
    "skewpart": (r"\operatorname{skew}", "skew", "Skew"),
    "inverse": (r"\operatorname{inv}", "inv"),
    "logsoftmax": (r"\operatorname{logsoftmax}", r"\operatorname{log\_softmax}", r"\operatorname{log-softmax}", "logsoftmax"),
    "clip": (r"\operatorname{clip}", "clip", "clamp"),
    "cumsum": (r"\operatorname{cumsum}", "cumsum"),
    "realpart": (r"\Re", r"\operatorname{Re}", "Re"),
    "attention": (r"\operatorname{Attention}", "Attention", "attention", "Attn", "attn"),
    "crossentropy": (r"\operatorname{CE}", "CE", "CrossEntropy", "crossentropy", "CrossEntropyLoss"),
    "divergence": (r"\operatorname{KL}", "KL"),
}

# Infix operators between products; `\circ` is read as Hadamard.
TENSORS: Mapping[str, str] = {r"\oplus": "kronsum", **{sign: row.op for row in OPERATORS.values() for sign in row.signs}}

FONTS = frozenset(
    "\\" + name
    for name in ("mathbf boldsymbol bm mathrm mathsf mathcal mathbb mathbbm mathds mathit mathfrak mathscr mathtt pmb").split()
)
LONG = r"\mathit"  # of a name of several letters
BOLD = frozenset({r"\mathbf", r"\mathbb", r"\mathbbm", r"\mathds", r"\boldsymbol", r"\bm"})
RESERVED = frozenset({"e", r"\pi"})  # letters with a meaning of their own, until they are declared
CHAIN_PRODUCTS = frozenset({"prod", "Prod", "product"})  # words for the product of the factors of the chain rule
QUOTIENTS = frozenset({r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"})
ACCENTS = frozenset(
    "\\" + name
    for name in (
        "hat tilde bar vec check widehat widetilde overline dot ddot breve acute grave mathring underline overrightarrow"
    ).split()
)
DOTS = {r"\dot": 1, r"\ddot": 2}
ELLIPSES = frozenset(r"\cdots \ldots \dots \dotsb \dotsc \vdots \ddots \hdots \iddots".split())
TEXTS = frozenset({r"\text", r"\operatorname", r"\mathrm", r"\textrm", r"\operatorname*", r"\mbox", r"\rm"})
_RAISED_FONTS = (r"\mathsf", r"\mathrm", r"\mathbf", r"\rm")
TRANSPOSES = frozenset({"T", r"\top", r"\intercal", r"\text{T}", *(f + t for f in _RAISED_FONTS for t in (" T", "{T}"))})
LOWER_GREEK = frozenset(
    "\\" + name
    for name in (
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho varrho "
        "sigma tau upsilon phi varphi chi psi omega"
    ).split()
)
UPPER_GREEK = frozenset("\\" + name for name in "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split())
GREEK = LOWER_GREEK | UPPER_GREEK | {r"\ell"}

BRACKETS: Mapping[str, str] = {"(": ")", "[": "]", r"\{": r"\}", r"\lbrack": r"\rbrack"}
BARS: Mapping[str, str] = {"|": "|", r"\vert": r"\vert", r"\lvert": r"\rvert"}
DOUBLE_BARS: Mapping[str, str] = {r"\|": r"\|", r"\Vert": r"\Vert", r"\lVert": r"\rVert"}

Order = Literal["=", "<", r"\leq", r"\neq"]  # of two places
PICTURE = r"\picture"  # what stands in a formula for a picture
EQUALS = frozenset({"=", ":=", r"\equiv", r"\triangleq"})
IMPLIES = frozenset(
    "\\" + name
    for name in (
        "Rightarrow implies Longrightarrow iff Leftrightarrow Longleftrightarrow therefore because Leftarrow leadsto "
        "longrightarrow rightsquigarrow"
    ).split()
)
CONDITIONAL = IMPLIES - {r"\therefore", r"\because"}  # what stands behind one of these may hold under what stands before it alone
ARROWS = frozenset({r"\to", r"\rightarrow", r"\longrightarrow"})
LESS = frozenset({"<", r"\lt", r"\le", r"\leq", r"\leqslant"})
GREATER = frozenset({">", r"\gt", r"\ge", r"\geq", r"\geqslant"})
RELATIONS = EQUALS | LESS | GREATER | {":"}
RELATIONS |= {
    "\\" + name
    for name in (
        "in notin to rightarrow leftarrow mapsto approx neq ne sim simeq cong propto gg ll "
        "subset subseteq supset succ prec succeq preceq perp parallel gets ni models vdash mid hookrightarrow "
        "xrightarrow longmapsto approxeq asymp xleftarrow Leftarrow gtrsim lesssim"
    ).split()
}


def _functions() -> dict[str, str]:
    spellings: dict[str, str] = {}
    for row in FUNCTIONS.values():
        for spelling in (row.name, row.latex, *row.spellings):
            spellings[spelling] = row.name
            spellings[spelling.removeprefix(r"\operatorname{").removesuffix("}")] = row.name
    return spellings


# Letters that number entries where no sum says which ones do.
INDICES = frozenset("ijkl")
PAIRED_INDICES = frozenset("ijklmnpqrst")  # those of an entry with two places, in notes that declare nothing
UNIT_LETTERS = frozenset({"e", r"\mathbf{e}", r"\boldsymbol{e}", r"\bm{e}"})

# Environments that are matrices; the fenced ones are between bars.
FENCED = frozenset({"vmatrix", "Vmatrix"})
CASES = frozenset({"cases", "dcases"})
MATRICES = frozenset({"matrix", "bmatrix", "pmatrix", "Bmatrix", "smallmatrix"}) | FENCED

# Every spelling of a named operator or known elementwise function -> (operator, name); operators that share names are told
# apart by their arguments, and stand here as the first of them.
_FIRST = {row.names: row for row in reversed([*OPERATORS.values()]) if row.names}.values()
NAMES: Mapping[str, tuple[str, str]] = {
    **{spelling: ("fn", name) for spelling, name in _functions().items()},
    **{
        (s.removeprefix(r"\operatorname{").removesuffix("}") if s.startswith(r"\operatorname") else s): (op, "")
        for op, spellings in (*((row.op, row.names) for row in _FIRST), *SHORT.items())
        for s in (*spellings, op)
    },
    **{f"{name}m": ("mfn", name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
}
# Functions that are written as a letter, which stand for themselves where nothing declares the letter.
_CALLED = (*(row.latex for row in FUNCTIONS.values()), *(name for row in OPERATORS.values() for name in row.names))
LETTERED = frozenset(name for name in _CALLED if name in GREEK or "_" in name)
# Runs of plain letters that are read as a name where `(` or an argument follows.
_PLAIN = sorted((n for n in NAMES if n.isalpha() and len(n) > 1 and n != "dg"), key=len, reverse=True)  # dg(x) is d(g(x))
PLAIN_NAMES: Mapping[str, tuple[str, ...]] = {c: tuple(n for n in _PLAIN if n[0] == c) for c in {n[0] for n in _PLAIN}}

# The subscript of a norm that names Frobenius.
_FROBENIUS = re.compile(
    r"(?:\\(?:math(?:rm|cal|sf|bf|it)|text(?:rm|it|sf)?|operatorname|rm)\s*)?\{?\s*(?:F|[Ff]ro|Frob|[Ff]robenius)\s*\}?"
)


def norm_degree(subscript: str) -> str:
    """Return the subscript of a norm, in one spelling for that of Frobenius."""
    return "F" if _FROBENIUS.fullmatch(subscript) else subscript
