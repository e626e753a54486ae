"""Whether an equation of a note claims something that may be refuted, or rather defines, demands or assumes it."""

import re
from collections.abc import Sequence, Set

from mdderive.latex.notation import NAMES
from mdderive.latex.syntax import Syntax
from mdderive.model.context import Context
from mdderive.model.diagnostics import Diagnostic
from mdderive.model.expr import Expr
from mdderive.model.operators import OPERATORS
from mdderive.reading.arbitrary import UNKNOWN
from mdderive.reading.known import Known
from mdderive.reading.readings import Read
from mdderive.reading.shown_by_form import has, letters, walk
from mdderive.reading.varying import closure

FUNCTIONS_NOT_GIVEN = frozenset("f g h F G H u v y".split())
_NAME = re.compile(
    r"(?P<name>\\(?:math\w+|boldsymbol|bm|hat|tilde|bar|vec|text|operatorname|textrm)\s*\{[^{}]*\}|\\[A-Za-z]+|[A-Za-z]+)"
    r"(?:\s*[_^]\s*(?:\{[^{}]*\}|\\?\w+|\*))*\s*(?:(?:\\left\s*)?\((?:[^()]|\([^()]*\))*\))?"
)
_LOGISTIC = re.compile(r"sigmoid|logistic|logit|S型|сигмоид|логистическ|シグモイド|시그모이드", re.IGNORECASE)
_OTHER_ACTIVATION = re.compile(r"tanh|hyperbolic|re-?lu|softplus|arctan|Gaussian error|双曲|гиперболич", re.IGNORECASE)
_ITERATE = re.compile(r"_\s*\{[^{}]*\+\s*1\s*\}|\^\s*\{[^{}]*\+\s*1\s*\}")
_REMAINDER = re.compile(
    r"[+-]\s*(?:\\(?:mathcal|mathrm|text)\s*\{?\s*[Oo]\s*\}?|[Oo])\s*(?:\\left|\\[bB]igg?l?)?\s*(?:\(|\\?\{|\[)[^=]*[)}\]]\s*[.,;]?\s*$"
)
_MOMENT = re.compile(r"(?<![A-Za-z\\])(?:var|cov|corr|E|\\mathbb\s*\{?E\}?)\s*(?:\\left|\\[bB]igg?l?)?\s*\[", re.IGNORECASE)
_BY_ENTRIES = re.compile(
    r"\s*(?:\\left\s*)?\[[^=\[\]]*_\s*\{?\s*[a-t]\s*,?\s*[a-t]?\s*\}?(?![A-Za-z])[^=\[\]]*\]\s*(?:_\s*\{[^{}]*\})?\s*"
)
DEMANDED = "a condition, or a property that is assumed"
UNGIVEN = "a property, which nothing gives"
NAMED = "a condition, or a name for the left side"
CLAIMING = ("d", "derivative", "second", "kron", "had", "hdiv", "over-index")


def speaks_of_the_logistic(words: str) -> bool:
    """Tell whether a note speaks of the logistic function, and of no other activation that may go by its letter."""
    return bool(_LOGISTIC.search(words)) and not _OTHER_ACTIVATION.search(words)


def definable(side: Syntax) -> bool:
    """Tell whether a side is a bare name (`w^N` and `x^*` are), or a function of a bare name."""
    if side.kind in ("power", "star") and side.args[0].kind == "letter":
        return side.kind == "star" or side.args[1].kind == "letter"
    return side.kind == "letter" or (side.kind == "call" and side.text.startswith("letter:") and side.args[0].kind == "letter")


def misshapen(misfit: Diagnostic, known: Known) -> bool:
    """Tell whether a reading fails by its form: a column and a row of one length are added or multiplied entrywise."""
    return (
        not known.unsure
        and misfit.code == "DRV301"
        and misfit.facts["sign"] in ("+", r"\odot")
        and any(h.code == "shape" for h in misfit.hints)
    )


def names_only(sides: Sequence[Syntax | None]) -> bool:
    """Tell whether sides are nothing but names."""
    return all(side is not None and definable(side) for side in sides)


def probable(side: Syntax, name: str = "") -> bool:
    """Tell whether a side has a probability, `p(x | y)`, one of the same name p as another if given.

    Between two of one name an equation is a claim; `p(x) = \\mathcal{N}(x | 0, 1)` says what p is.
    """
    found = (node.text for node in walk(side) if node.kind == "letter" and node.text.endswith(")"))
    return any(not name or text.partition("(")[0] == name.partition("(")[0] for text in found)


def names(right: Syntax, unknown: Set[str]) -> bool:
    """Tell whether a right side is a bare letter that nothing tells yet: it names what stands on the left."""
    bare = right.args[0] if right.kind == "transpose" else right
    return bare.kind == "letter" and bare.text in unknown


def refutable(left: Syntax, right: Syntax, read: Read, index: int, relations: int, *, said: bool) -> str:
    """Return why an equation that fails is still not called wrong; an empty text where it claims what it says.

    `said` tells whether the words present it as true. A bare one claims when both sides are compound and speak of the same
    letters, or when what it speaks of is given; it demands when letters on one side alone would have to be found.
    """
    a, b = read.pair(index)
    context = read.context
    free = [closure(e, context) - context.definitions.keys() - NAMES.keys() for e in (a, b)]
    own = _own(a, b, context)
    given = (
        said
        and bool(own)
        and not read.known.unsure
        and all(n in context.definitions or context.symbols[n].properties for n in own)
    )
    if given and not (free[0] ^ free[1] and free[0] and free[1]) and not _decimal(left) and not _decimal(right):
        return ""
    derivative = any(has(side, "derivative", "second", "d") or _slope(side) for side in (left, right))
    both = free[0] and free[1] and claiming(left, right)
    if not derivative and index == 1 and free[0] ^ free[1] and not both:
        return "letters on one side alone would have to be found" if said else "a condition, or a definition"
    if names(right, free[1] - free[0]):
        return NAMED
    if _lookalikes(free[1] - free[0], free[0]) or _lookalikes(free[0] - free[1], free[1]):
        return ""
    if free[1] - free[0]:
        return f"{min(free[1] - free[0])} is not known from the left side"
    if (free[0] - free[1]) & _plainly(a):
        return f"{min((free[0] - free[1]) & _plainly(a))} is not known from the right side"
    if free[0] - free[1] and not derivative:
        return f"{min(free[0] - free[1])} is not known from the right side"
    if _layouts(left, right):
        return "says which index counts the rows of a Jacobian"
    if _totals(left, right):
        return "total and partial derivatives stand side by side"
    if has(left, "d") != has(right, "d"):
        return "a differential stands on one side only"
    for node in (*a.walk(), *b.walk()):
        if node.op in ("deriv", "hess") and node.args[1].name not in closure(node.args[0], context):
            return f"what is differentiated is not given in terms of {node.args[1].name}"
    if read.known.unsure:
        return "rests on a definition that may be meant otherwise"
    tests = [{n for n in names if n.startswith(UNKNOWN)} for names in free]
    if tests[0] ^ tests[1]:
        return f"{min(tests[0] ^ tests[1]).removeprefix(UNKNOWN).partition('}')[0]} is not given"
    if any(len(arguments) > 1 for arguments in read.known.depends.values()):
        return f"{min(read.known.depends)} is not given"
    if any(node.op == "fn" and node.name.rstrip("'") in FUNCTIONS_NOT_GIVEN for e in (a, b) for node in e.walk()):
        return "the function is not given"
    if ((_numeric(left) or _numeric(right)) and (free[0] or free[1])) or _decimal(left) or _decimal(right):
        return "a value at a point, or a rounded number"
    entries = [n for side in (left, right) for n in walk(side) if n.kind == "entry"]
    if any(any(c.isdigit() for c in n.text) for n in entries):
        return "subscripts may be indices"
    if any(_indexed(n) for n in (*letters(left), *letters(right))):
        return "subscripts may be indices"
    if not derivative and relations == 1 and not claiming(left, right) and not (_compound(left) and _compound(right)):
        if not free[0] | free[1]:
            return ""
        return UNGIVEN if said else DEMANDED
    return ""


def _own(a: Expr, b: Expr, context: Context) -> frozenset[str]:
    """Return the letters that stand in two sides themselves."""
    return frozenset(n.name for e in (a, b) for n in e.walk() if n.op == "sym" and n.name in context.symbols)


def _compound(side: Syntax) -> bool:
    """Tell whether a side is more than a name, a number or an identity."""
    bare = side.args[0] if side.kind in ("group", "neg") else side
    return bare.kind not in ("letter", "number", "identity", "ones", "zero", "star")


def claiming(left: Syntax, right: Syntax) -> bool:
    """Tell whether sides have what is written to claim rather than to demand: derivatives, sums, traces, Kronecker products."""
    return has(left, *CLAIMING) or has(right, *CLAIMING) or _named(left) or _named(right)


def _slope(side: Syntax) -> bool:
    """Tell whether a tree has the derivative of a function, written with a prime."""
    return any(node.kind == "call" and node.text.endswith("'") for node in walk(side))


def _layouts(left: Syntax, right: Syntax) -> bool:
    """Tell whether an entry of a derivative is said to be the derivative of an entry: that chooses a layout."""
    bare = [side.args[0] if side.kind == "group" else side for side in (left, right)]
    return all(s.kind == "entry" and has(s, "derivative") for s in bare) and sorted(letters(left)) == sorted(letters(right))


def _totals(left: Syntax, right: Syntax) -> bool:
    r"""Tell whether one letter is differentiated by another both with `d` and with `\partial`."""
    found = [n for side in (left, right) for n in walk(side) if n.kind == "derivative" and len(n.args) > 1]
    pairs = {kind: {(*letters(n.args[0]), "/", *letters(n.args[1])) for n in found if n.text == kind} for kind in ("", "partial")}
    return bool(pairs[""] & pairs["partial"])


def primed(*sides: Syntax) -> frozenset[str]:
    """Return the letters with a prime, each of which may be a letter of its own, a derivative or a transpose."""
    return frozenset(node.text for side in sides for node in walk(side) if node.kind == "letter" and node.text.endswith("'"))


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
    earlier = rf"{re.escape(found['name'])}\s*[_^]\s*\{{[^{{}}]*-\s*1\s*\}}"
    return bool(_ITERATE.search(left) or re.search(earlier, right))


def moments(*sides: str) -> bool:
    r"""Tell whether sides speak of random variables, `\operatorname{var}[x]`: they claim what their distribution decides."""
    return any(_MOMENT.search(side) for side in sides)


def by_entries(*sides: str) -> bool:
    r"""Tell whether a side is a table that is given by its entries or blocks in brackets: `[a_{ij} B]`."""
    return any(_BY_ENTRIES.fullmatch(side) for side in sides)


def expands(*sides: str) -> bool:
    r"""Tell whether a side ends in a remainder, `+ O(h^2)` or `+ o(\|h\|)`: it is equal up to that, as with `\approx`."""
    return any(_REMAINDER.search(side) for side in sides)


def _plainly(e: Expr) -> frozenset[str]:
    """Return the letters that stand in a tree outside everything that is differentiated."""
    own = {e.name} if e.op == "sym" else set()
    return frozenset(own).union(*(_plainly(a) for a in e.args if e.op not in ("deriv", "hess", "d")))


def _lookalikes(own: Set[str], others: Set[str]) -> bool:
    """Tell whether all letters of one side alone differ from one of the other in case only."""
    return bool(own) and all(name.swapcase() in others for name in own)


def _numeric(side: Syntax) -> bool:
    """Tell whether a side has no letters at all."""
    return not any(True for _ in letters(side)) and not has(side, "identity", "ones", "zero")


def _decimal(side: Syntax) -> bool:
    return any(node.kind == "number" and "." in node.text for node in walk(side))


def _indexed(name: str) -> bool:
    """Tell whether a letter may be an entry: its subscript is of lower-case letters alone."""
    below = name.partition("_")[2].strip("{}")
    return bool(re.fullmatch(r"[a-t]{1,3}|.*[,+-].*", below))


def _named(side: Syntax) -> bool:
    row = OPERATORS.get(side.text.partition(":")[0]) if side.kind == "call" else None
    return (row is not None and not row.entrywise) or any(map(_named, side.args))
