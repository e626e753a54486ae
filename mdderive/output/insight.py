"""What was understood of the relations at a line, as text of at most `WIDTH` columns and as rows of JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from mdderive.model.diagnostics import Language
from mdderive.model.properties import PROPERTIES
from mdderive.model.source import Source
from mdderive.model.understanding import FactUsed, TriedReading, Understanding
from mdderive.output.machine import equation_row
from mdderive.output.text import WIDTH, columns, wrapped
from mdderive.output.words import word

_MARGIN = 12
_COLON: Mapping[Language, str] = {"en": ": ", "zh": "："}
_WORDS: Mapping[str, Mapping[Language, str]] = {
    "none": {"en": "no relation stands in this line", "zh": "这一行没有关系式"},
    "act": {"en": "act", "zh": "作用"},
    "facts": {"en": "facts", "zh": "已知"},
    "readings": {"en": "readings", "zh": "读法"},
    "verdict": {"en": "verdict", "zh": "结论"},
    "line": {"en": " (line {line})", "zh": "（第 {line} 行）"},
    "unsaid": {"en": " (nothing says so)", "zh": "（文中未说明）"},
    "some": {"en": "more readings than were tried", "zh": "还有未试的读法"},
    "no facts": {"en": "nothing is said of its letters", "zh": "文中未说明其中的字母"},
    "no readings": {"en": "not judged", "zh": "未作判定"},
    "given alone": {"en": "as it is declared", "zh": "按声明"},
    # facts
    "shape": {"en": "{name}: {says}", "zh": "{name}：{says}"},
    "kind": {"en": "{name}: {says}", "zh": "{name}：{says}"},
    "property": {"en": "{name}: {says}", "zh": "{name}：{says}"},
    "definition": {"en": "{name} = {says}", "zh": "{name} = {says}"},
    "depends": {"en": "{name} is a function of {says}", "zh": "{name} 是 {says} 的函数"},
    "inferred": {"en": "{name} is taken for a function of {says}", "zh": "{name} 视为 {says} 的函数"},
    "layout": {"en": "derivatives in {says} layout", "zh": "导数采用{says}布局"},
    "given": {"en": "{says}", "zh": "{says}"},
    # what letters are
    "scalar": {"en": "a number", "zh": "数"},
    "column": {"en": "a column", "zh": "列向量"},
    "matrix": {"en": "a matrix", "zh": "矩阵"},
    "without": {"en": "without the definition of {name}", "zh": "不用 {name} 的定义"},
    # what became of a reading, and of a relation
    "holds": {"en": "holds", "zh": "成立"},
    "far": {"en": "holds, but is far-fetched", "zh": "成立，但牵强"},
    "fails": {"en": "does not hold", "zh": "不成立"},
    "misfit": {"en": "shapes do not fit", "zh": "形状不符"},
    "wrong": {"en": "wrong", "zh": "错误"},
    "undecided": {"en": "undecided", "zh": "未能判定"},
    "unread": {"en": "not read", "zh": "未读懂"},
    "not_an_assertion": {"en": "asserts nothing", "zh": "不作断言"},
    # acts
    "assert": {"en": "asserts", "zh": "断言"},
    "define": {"en": "defines", "zh": "定义"},
    "declare": {"en": "declares", "zh": "声明"},
    "suppose": {"en": "supposes", "zh": "假设"},
    "deny": {"en": "denies", "zh": "否认"},
    "ask": {"en": "asks", "zh": "提问"},
    "solve": {"en": "is to be solved", "zh": "待求解"},
}


def _word(key: str, lang: Language, **facts: object) -> str:
    return _WORDS[key][lang].format(**facts)


def understanding_text(source: Source, line: int, told: Sequence[Understanding], lang: Language) -> str:
    """Return what was understood at a line, as text."""
    if not told:
        return f"{source.name}:{line}: {_word('none', lang)}\n"
    lines: list[str] = []
    for one in told:
        place = f"{source.at(one.equation.span.start)}: "
        lines += ["", *_hung(place, "    ", one.equation.latex)] if lines else _hung(place, "    ", one.equation.latex)
        lines += _part("act", [_word(one.equation.act, lang)], lang)
        lines += _part("facts", [_fact(f, lang) for f in one.facts] or [_word("no facts", lang)], lang)
        lines += _part("readings", [*_readings(one, lang)], lang)
        lines += _part("verdict", [_verdict(one, lang)], lang)
    return "\n".join(lines) + "\n"


def understanding_json(source: Source, told: Sequence[Understanding], lang: Language) -> str:
    """Return what was understood at a line, as a list of rows."""
    rows = [
        {
            **equation_row(source, one.equation, lang),
            "facts": [asdict(fact) for fact in one.facts],
            "readings": [
                {
                    "letters": dict(t.kinds),
                    "layout": t.layout,
                    "without": t.without,
                    "notation": [reason.message(lang) for reason in t.notation],
                    "outcome": t.outcome,
                    "why": t.why.message(lang) if t.why else "",
                }
                for t in one.tried
            ],
            "complete": one.complete,
        }
        for one in told
    ]
    return json.dumps({"version": 1, "relations": rows}, ensure_ascii=False, indent=1) + "\n"


def _part(name: str, said: Sequence[str], lang: Language) -> list[str]:
    """Return the lines of one part, its name in front of the first."""
    title = f"  {_word(name, lang)}"
    title += " " * max(1, _MARGIN - columns(title))
    return [line for i, one in enumerate(said) for line in _hung(title if not i else " " * _MARGIN, " " * _MARGIN, one)]


def _hung(first: str, others: str, words: str) -> list[str]:
    """Return words in lines of at most `WIDTH` columns behind what each line begins with."""
    found = wrapped(words, WIDTH - max(columns(first), columns(others))) or [""]
    return [(others if i else first) + line for i, line in enumerate(found)]


def _fact(fact: FactUsed, lang: Language) -> str:
    says = word(fact.says, lang) if fact.kind == "layout" else _word(fact.says, lang) if fact.says in _WORDS else fact.says
    if lang == "zh" and fact.kind == "property" and fact.says in PROPERTIES:
        says = PROPERTIES[fact.says].zh
    place = _word("line", lang, line=fact.line) if fact.line else _word("unsaid", lang) if fact.kind != "given" else ""
    return _word(fact.kind, lang, name=fact.name, says=says) + place


def _readings(one: Understanding, lang: Language) -> Iterator[str]:
    if not one.tried:
        yield _word("no readings", lang)
    yield from (_reading(tried, lang) for tried in one.tried)
    if not one.complete:
        yield _word("some", lang)


def _reading(tried: TriedReading, lang: Language) -> str:
    kinds: dict[str, list[str]] = {}
    for name, kind in tried.kinds:
        kinds.setdefault(kind, []).append(name)
    colon, comma = _COLON[lang], ", " if lang == "en" else "，"
    taken = [f"{', '.join(names)}{colon}{_word(kind, lang)}" for kind, names in kinds.items()] or [_word("given alone", lang)]
    taken.append(word("layout", lang, layout=word(tried.layout, lang)))
    taken += [_word("without", lang, name=name) for name in tried.without]
    taken += [reason.message(lang) for reason in tried.notation]
    why = tried.why.message(lang) if tried.why else ""
    return comma.join(taken) + colon + _word(tried.outcome, lang) + (f" ({why})" if why else "")


def _verdict(one: Understanding, lang: Language) -> str:
    why = one.equation.reason.message(lang)
    said = _word(one.equation.outcome, lang) + (_COLON[lang] + why if why else "")
    how = one.equation.reading.message(lang) if one.equation.reading else ""
    return f"{said} [{one.equation.reason.code}]" + (f"; {how}" if how else "")
