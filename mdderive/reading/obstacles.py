"""What in a formula of a note was not read, in words for whoever wrote it."""

import re

from mdderive.document.passages import PICTURE
from mdderive.latex.notation import BARS, BRACKETS
from mdderive.model.diagnostics import Diagnostic

_DOTS = frozenset("\\" + name for name in ("cdots ldots dots vdots ddots dotsb dotsc hdots iddots").split())
# What was met where nothing of its kind is read, and what it shows.
_MET = {
    ",": "a comma: a list, a tuple or several arguments",
    ";": "a semicolon inside brackets",
    "<": "an inequality inside brackets",
    "_": "a subscript behind a bracket or a bar",
    "-": "a sign behind an operator",
    ".": "a dot between factors",
    "cases": "a definition by cases",
    r"\partial": r"a \partial that belongs to no derivative",
    **dict.fromkeys(_DOTS, "dots that leave out terms or entries: what is left out is not clear"),
}
_CONDITION = re.compile(r"[\[(][^()\[\]]*(?:\||\\vert|\\mid)")
_EVALUATED = re.compile(r"(?:\||\\vert)\s*_")


def obstacle(latex: str, refusal: Diagnostic) -> str:
    """Return why a side has no syntax, by what the reader met."""
    if PICTURE in latex:
        return "a picture; what it says is not read"
    facts = refusal.facts
    met = str(facts.get("found") or facts.get("command") or facts.get("environment") or "")
    if refusal.code in ("DRV202", "DRV212") and _CONDITION.search(latex):
        return "a bar inside brackets, such as a condition p(x | y), is not read"
    if met == "_" and _EVALUATED.search(latex):
        return "a bar that says where to evaluate is not read"
    if met in _MET and refusal.code in ("DRV201", "DRV203", "DRV210"):
        return f"{_MET[met]}; this is not read"
    if refusal.code in ("DRV202", "DRV212") and met in {*BRACKETS, *BRACKETS.values(), *BARS}:
        return f"{refusal.message()}: the brackets of this side do not match"
    return refusal.message()
