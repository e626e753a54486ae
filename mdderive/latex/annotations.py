r"""What stands beside a formula and is no part of it: tags, footnotes, words between rows, notes at braces and above relations.

Such notes go before the formula is read. One that holds a relation is a formula of its own: under `\underbrace{x + x}_{= 3x}`
it says that x + x is 3x.
"""

import re
from collections.abc import Mapping

from mdderive.latex.groups import relates
from mdderive.latex.notation import EQUALS, RELATIONS
from mdderive.latex.relations import PROSE, Policy
from mdderive.latex.tokens import tokens
from mdderive.latex.typesetting import TYPESETTING
from mdderive.model.diagnostics import Refusal
from mdderive.model.traced import Traced, closing

# Commands that take arguments of which nothing is shown, or which only say how the group behind them looks.
_DROPPED: Mapping[str, int] = {
    **dict.fromkeys("label eqref ref cite index hspace vspace hskip vskip linespread phantom hphantom vphantom".split(), 1),
    **dict.fromkeys("color textcolor colorbox class cssId style href htmlClass htmlId htmlStyle htmlData raisebox".split(), 1),
    **dict.fromkeys("fcolorbox setcounter addtocounter".split(), 2),
    **dict.fromkeys(("require", "bbox"), 0),
    "definecolor": 3,
}
_SAID = ("tag", "footnote", "marginpar", "eqno", "leqno")
_BETWEEN = ("intertext", "shortintertext")
_BRACES = ("underbrace", "overbrace", "underbracket", "overbracket")
_STACKED = ("stackrel", "overset", "underset")
_LONG = ("xlongequal", "xequal")
_NAMES = "|".join((*_DROPPED, *_SAID, *_BETWEEN, *_BRACES, *_STACKED, *_LONG))
_COMMAND = re.compile(rf"\\(?P<name>{_NAMES})(?![A-Za-z])\*?\s*(?:\[[^\[\]]*\])?\s*(?=[{{(])")
_OPTIMISED = re.compile(r"\\(?:arg|max|min|lim|sup|inf|sum|prod|operatorname|text|mathrm|mathop)")
_BARE_SIGN = re.compile(r"(\\(?:stackrel|overset|underset)\s*\{(?:[^{}]|\{[^{}]*\})*\})\s*=")
_NUMBERED = re.compile(
    r"(?P<before>(?:^|\\\\|\\begin\s*\{[a-z]+\*?\}(?:\{[^{}]*\})?)[\s&]*)(?:\\left)?\(\s*(?P<number>\d)\s*(?:\\right)?\)(?=\s*[^\s=+^_])"
)
_CELLS = re.compile(
    r"(?P<brace>\{\s*)?\\begin\{(?P<name>[a-zA-Z]*matrix|array|tabular|aligned|gathered)\}(?:\s*\{[lcr| ]*\})?(?=\s*\\text)"
)
_SPACE = re.compile(r"(?:\s|&|\\\\(?:\[[^\]]*\])?)*")
_REQUIRED = re.compile(r"\\require\s*\{[^{}]*\}")


def apart(text: Traced, policy: Policy = PROSE) -> tuple[Traced, tuple[Traced, ...]]:
    """Return a formula without what stands beside it, and those notes that are formulas, in order.

    A block, which is printed as it was written, keeps the commands that are not printed, to be refused by name.
    """
    text = _unnumbered(text) if policy.lenient else text
    text = text.replaced(_REQUIRED, lambda _: (" ",)).replaced(_BARE_SIGN, lambda found: (found.span(1), "{=}"))
    notes: list[Traced] = []
    at = 0
    while found := _COMMAND.search(text.text, at):
        if not policy.lenient and "\\" + found["name"] not in TYPESETTING:
            at = found.end()
            continue
        text, note, at = _taken(text, found)
        notes += [note] if note is not None and relates(note.text) else []
    return text, tuple(notes)


def _unnumbered(text: Traced) -> Traced:
    r"""Return a formula without numbers in brackets before its rows, `(1)\ A = B \\ (2)\ C = D`, where they count the rows."""
    found = [int(number["number"]) for number in _NUMBERED.finditer(text.text)]
    counts = len(found) > 1 and found == list(range(found[0], found[0] + len(found)))
    return text.replaced(_NUMBERED, lambda number: (number.span("before"), " ")) if counts else text


def _taken(text: Traced, found: re.Match[str]) -> tuple[Traced, Traced | None, int]:
    """Return a formula without the note that a command makes, the note, and where to go on."""
    name, start, at = found["name"], found.start(), found.end()
    blank = Traced(" ", (text.origins[start],))
    head = text.cut(0, start) + blank
    if name in _DROPPED:
        end = _behind(text.text, at, _DROPPED[name])
        return (head + text.cut(end, len(text.text)), None, start) if end >= 0 else (text, None, at)
    if text.text[at] == "(":
        end = text.text.find(")", at) + 1 or at
        return head + text.cut(end, len(text.text)), None, start
    end = closing(text.text, at)
    if end < 0:
        return text, None, at
    inner = text.cut(at + 1, end - 1)
    rest = text.cut(end, len(text.text))
    if name in _SAID:
        return head + rest, _worded(inner, text.cut(start, start + 1)), start
    if name in _BETWEEN:
        mark = text.cut(start, start + 1)
        return head + _literal(r"\\ ", mark) + _worded(inner, mark, always=True) + _literal(r"\\ ", mark) + rest, None, start
    if name in _LONG:
        return head + _literal("=", text.cut(start, start + 1)) + rest, inner, start
    if name in _BRACES:
        return _at_brace(text, found, end)
    return _stacked(text, found, end)


def _at_brace(text: Traced, found: re.Match[str], end: int) -> tuple[Traced, Traced | None, int]:
    r"""Return a formula without `\underbrace` and what stands at it."""
    start, at = found.start(), found.end()
    head = text.cut(0, start) + Traced(" ", (text.origins[start],))
    group = text.cut(at, end)
    behind = re.compile(r"\s*[_^]\s*(?=\{)").match(text.text, end)
    stop = closing(text.text, behind.end()) if behind else -1
    if behind is None or stop < 0:
        return head + text.cut(at, len(text.text)), None, start
    note = text.cut(behind.end() + 1, stop - 1)
    return head + group + text.cut(stop, len(text.text)), _about(group, note), start


def _stacked(text: Traced, found: re.Match[str], first: int) -> tuple[Traced, Traced | None, int]:
    """Return a formula with a relation, or a term, without what is set above or below it."""
    start, at = found.start(), found.end()
    opened = re.compile(r"\s*(?=\{)").match(text.text, first)
    second = closing(text.text, opened.end()) if opened else -1
    if opened is None or second < 0:
        return text, None, at
    body = text.cut(opened.end() + 1, second - 1)
    if not body.text.strip() or _OPTIMISED.match(body.text.strip()):
        return text, None, at
    head, rest = text.cut(0, start) + Traced(" ", (text.origins[start],)), text.cut(second, len(text.text))
    sign = body.text.strip() in EQUALS
    group = body if sign else text.cut(opened.end(), second)
    note = text.cut(at + 1, first - 1)
    return head + group + head.cut(start, start + 1) + rest, note if sign else _about(group, note), start


def _about(group: Traced, note: Traced) -> Traced | None:
    """Return what a note says; one that begins with a relation is about what it stands at."""
    try:
        first = tokens(note.text)[0].text
    except Refusal:
        return None
    return group + note if first in RELATIONS else note


def _worded(inner: Traced, mark: Traced, *, always: bool = False) -> Traced:
    """Return words, in which formulas stand between dollars, as words of a formula; a text without dollars is a formula."""
    if "$" not in inner.text and not always:
        return inner
    return _literal(r"\text{", mark) + inner + _literal("}", mark)


def _literal(text: str, mark: Traced) -> Traced:
    return Traced(text, mark.origins * len(text))


def _behind(text: str, at: int, count: int) -> int:
    """Return where so many arguments end; -1 where they do not."""
    for _ in range(count):
        at += len(text[at:]) - len(text[at:].lstrip())
        at = closing(text, at) if text[at : at + 1] == "{" else -1
        if at < 0:
            return -1
    return at


def worded(text: Traced) -> Traced:
    """Return a text in which environments that hold nothing but words are words: those are remarks beside a formula."""
    at = 0
    while found := _CELLS.search(text.text, at):
        at, words = found.end(), ""
        while True:
            at = _SPACE.match(text.text, at).end()  # type: ignore[union-attr]
            said = at + len(r"\text{")
            end = closing(text.text, said - 1) if text.text.startswith(r"\text{", at) else -1
            if end < 0:
                break
            words, at = f"{words} {text.text[said : end - 1]}", end
        last = rf"\end{{{found['name']}}}"
        if not text.text.startswith(last, at):
            continue
        closed = re.compile(r"\s*\}").match(text.text, at + len(last)) if found["brace"] else None
        start = found.start() if closed or not found["brace"] else found.end("brace")
        end = closed.end() if closed else at + len(last)
        new = rf"\text{{{words} }}"
        text = Traced(
            text.text[:start] + new + text.text[end:],
            (*text.origins[:start], *[text.origins[start]] * len(new), *text.origins[end:]),
        )
        at = start + len(new)
    return text
