"""What a far-fetched reading takes for granted, in words: a layout that nothing states, a constant, other sizes or kinds."""

from collections.abc import Iterable, Mapping, Set

from mdderive.model.diagnostics import Hint, Language
from mdderive.reading.readings import Read, Reading

LAYOUTS: Mapping[str, str] = {"numerator": "分子", "denominator": "分母", "block": "分块"}
_KINDS: Mapping[str, Mapping[Language, str]] = {
    "scalar": {"en": "a number", "zh": "标量"},
    "column": {"en": "a column", "zh": "列向量"},
    "matrix": {"en": "a matrix", "zh": "矩阵"},
}


def foreign(found: Read) -> bool:
    """Tell whether a reading differentiates in a layout that nothing states, or against the sizes that are said."""
    return found.reading.turned or bool(found.reading.unsized - found.known.loose)


def assumed(found: Read, constant: Iterable[str], likeliest: Reading | None) -> Mapping[str, str]:
    """Return the facts of a finding on what a reading takes for granted beside the likeliest one: what weighs most."""
    kinds = likeliest.kinds if likeliest is not None else {}
    said = _assumed(found, constant, {n for n, k in found.reading.kinds.items() if kinds.get(n) != k})
    return {"assumed": said["en"], "assumed_zh": said["zh"]}


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


def _assumed(found: Read, constant: Iterable[str], unlikely: Set[str]) -> Mapping[Language, str]:
    reading = found.reading
    names = sorted(constant)
    if names:
        be = "is" if len(names) == 1 else "are"
        return {"en": f"{', '.join(names)} {be} constant", "zh": f"{'、'.join(names)} 是常量"}
    if reading.turned:
        return {"en": f"gradients are in {reading.layout} layout", "zh": f"导数采用{LAYOUTS[reading.layout]}布局"}
    if reading.unsized - found.known.loose:
        return {"en": "sizes are other than said", "zh": "尺寸与文中所说不同"}
    if reading.changes:
        return {"en": reading.changes[0], "zh": reading.changes[0]}
    kinds = sorted((n, k) for n, k in reading.kinds.items() if k in _KINDS and n in unlikely)
    if kinds:
        said = [f"{n} is {_KINDS[k]['en']}" for n, k in kinds]
        return {"en": " and ".join(said), "zh": "，".join(f"{n} 是{_KINDS[k]['zh']}" for n, k in kinds)}
    return {"en": "it is read in an unusual way", "zh": "按不寻常的读法"}
