"""What in a formula was not read, as a reason for whoever wrote it."""

import re
from collections.abc import Mapping

from mdderive.latex.notation import BARS, BRACKETS, ELLIPSES, PICTURE
from mdderive.model.diagnostics import Finding
from mdderive.model.reasons import Reason

# What was met where nothing of its kind is read, and what it shows.
_MET: Mapping[str, str] = {
    ",": "list",
    ";": "semicolon",
    "<": "inequality",
    "_": "subscript",
    "-": "sign",
    ".": "dot",
    "cases": "by-cases",
    r"\partial": "loose-partial",
    **dict.fromkeys(ELLIPSES, "dots"),
}
_FAMILIES: Mapping[str, str] = {"DRV1": "notation", "DRV2": "notation", "DRV3": "misshapen"}
_CONDITION = re.compile(r"[\[(][^()\[\]]*(?:\||\\vert|\\mid)")
_EVALUATED = re.compile(r"(?:\||\\vert)\s*_")


def refused(refusal: Finding) -> Reason:
    """Return a refusal as a reason: a notation that is not read, shapes that do not fit, or what was not derived."""
    return Reason(_FAMILIES.get(refusal.code[:4], "not-derived"), {"refusal": refusal})


def obstacle(latex: str, refusal: Finding) -> Reason:
    """Return why a side has no syntax, by what the reader met."""
    if PICTURE in latex:
        return Reason("picture")
    facts = refusal.facts
    met = str(facts.get("found") or facts.get("command") or facts.get("environment") or "")
    if refusal.code in ("DRV202", "DRV212") and _CONDITION.search(latex):
        return Reason("bar-in-brackets")
    if met == "_" and _EVALUATED.search(latex):
        return Reason("evaluated-at")
    if met in _MET and refusal.code in ("DRV201", "DRV203", "DRV210"):
        return Reason(_MET[met])
    if refusal.code in ("DRV202", "DRV212") and met in {*BRACKETS, *BRACKETS.values(), *BARS}:
        return Reason("brackets", {"refusal": refusal})
    return refused(refusal)
