"""What a far-fetched reading takes for granted, in words: a layout that nothing states, a constant, other sizes or kinds."""

from collections.abc import Iterable, Mapping

from mdderive.model.diagnostics import Hint
from mdderive.model.reasons import Reason, Several, Worded
from mdderive.reading.readings import Read, Reading

LAYOUTS: Mapping[str, str] = {"numerator": "分子", "denominator": "分母", "block": "分块"}
FUNCTIONS: Mapping[str, str] = {"matrix": "functions-matrix", "elementwise": "functions-elementwise"}
_KINDS = ("scalar", "column", "matrix")


def foreign(found: Read) -> bool:
    """Tell whether a reading differentiates in a layout that nothing states, or against the sizes that are said."""
    return found.reading.turned or bool(found.reading.unsized - found.known.loose)


def assumed(found: Read, constant: Iterable[str], likeliest: Reading | None) -> Worded:
    """Return what a reading takes for granted beside the likeliest one: what weighs most."""
    reading, names = found.reading, sorted(constant)
    if names:
        return Reason("constant-letter" if len(names) == 1 else "constant-letters", {"names": ", ".join(names)})
    if reading.turned:
        return Reason(reading.layout)
    if foreign(found):
        return Reason("other-sizes")
    if reading.changes:
        return Reason(reading.changes[0])
    likely = likeliest.kinds if likeliest is not None else {}
    kinds = sorted((n, k) for n, k in reading.kinds.items() if k in _KINDS and likely.get(n) != k)
    return Several(tuple(Reason(k, {"name": n}) for n, k in kinds)) if kinds else Reason("unusual")


def otherwise(found: Read, likeliest: Reading | None) -> Worded | None:
    """Return how a reading takes something else than the likeliest; None where it takes all alike."""
    if likeliest in (None, found.reading) or found.reading.key == likeliest.key:
        return None
    mode = found.reading.functions
    return Reason(FUNCTIONS[mode]) if mode != likeliest.functions else assumed(found, (), likeliest)


def turned(found: Read) -> Hint:
    """Return what is wrong with a step that holds in another layout than the text states."""
    layout, own = found.reading.layout, found.known.layout
    return Hint(
        "layout",
        {
            "en": f"this is written in {layout} layout, and the text states {own} layout",
            "zh": f"此式采用{LAYOUTS[layout]}布局，而文中采用{LAYOUTS[own]}布局",
        },
    )
