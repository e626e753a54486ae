r"""Macros that a note defines (`\newcommand`, `\def`, `\DeclareMathOperator`), expanded in its formulas.

Expansion is bounded, so that a macro that calls itself comes to an end.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mdderive.model.traced import Traced, closing

MAX_ROUNDS = 8
MAX_LENGTH = 20_000
_DEFINITION = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand)\*?\s*\{?\s*\\(?P<name>[A-Za-z]+)\s*\}?\s*(?:\[(?P<count>\d)\])?\s*(?:\[(?P<default>[^\]]*)\])?\s*(?=\{)"
    r"|\\def\s*\\(?P<plain>[A-Za-z]+)\s*(?P<marks>(?:#\d)*)\s*(?=\{)"
    r"|\\DeclareMathOperator\*?\s*\{?\s*\\(?P<operator>[A-Za-z]+)\s*\}?\s*(?=\{)"
)
_TOKEN = re.compile(r"\\[A-Za-z]+|\\?.", re.DOTALL)  # what an argument without braces is


@dataclass(frozen=True, slots=True)
class Macro:
    """What a command stands for; `#1` to `#9` are its arguments."""

    count: int
    body: str
    optional: str | None = None


# What packages define, and notes take without saying so.
_OF_PACKAGES = {"norm": Macro(1, r"\left\|#1\right\|"), "abs": Macro(1, r"\left|#1\right|")}
_TAKEN = re.compile(r"\\(?P<name>norm|abs)\s*(?=\{)")


def macros_of(text: str) -> Mapping[str, Macro]:
    """Return the macros that a text defines, by name."""
    found = {taken["name"]: _OF_PACKAGES[taken["name"]] for taken in _TAKEN.finditer(text)}
    if "\\newcommand" not in text and "\\def" not in text and "\\DeclareMathOperator" not in text and "\\renew" not in text:
        return found
    for definition in _DEFINITION.finditer(text):
        end = closing(text, definition.end())
        if end < 0:
            continue
        body = text[definition.end() + 1 : end - 1]
        if definition["operator"]:
            found[definition["operator"]] = Macro(0, rf"\operatorname{{{body}}}")
        elif definition["plain"]:
            found[definition["plain"]] = Macro(definition["marks"].count("#"), body)
        elif definition["name"]:
            found[definition["name"]] = Macro(int(definition["count"] or 0), body, definition["default"])
    return found


def expanded(text: Traced, macros: Mapping[str, Macro]) -> Traced:
    """Return the text with its macros expanded, without their definitions."""
    if not macros:
        return text
    at = 0
    while (found := _DEFINITION.search(text.text, at)) and (end := closing(text.text, found.end())) > 0:
        at = found.start()
        text = text.cut(0, at) + text.cut(end, len(text.text))
    names = "|".join(sorted(map(re.escape, macros), key=len, reverse=True))
    pattern = re.compile(rf"\\({names})(?![A-Za-z])")
    for _ in range(MAX_ROUNDS):
        found = pattern.search(text.text)
        at = 0
        changed = False
        while found and len(text.text) < MAX_LENGTH:
            new, end = _call(text.text, found, macros[found[1]])
            here = text.origins[found.start()]
            text = Traced(
                text.text[: found.start()] + new + text.text[end:],
                text.origins[: found.start()] + (here,) * len(new) + text.origins[end:],
            )
            at, changed = found.start() + len(new), True
            found = pattern.search(text.text, at)
        if not changed:
            break
    return text


def _call(text: str, found: re.Match[str], macro: Macro) -> tuple[str, int]:
    """Return what a call stands for, and where it ends."""
    end = found.end()
    arguments: list[str] = []
    if macro.optional is not None:
        stop = closing(text, end, "[", "]") if text[end : end + 1] == "[" else -1
        arguments.append(text[end + 1 : stop - 1] if stop > 0 else macro.optional)
        end = max(end, stop)
    while len(arguments) < macro.count:
        while text[end : end + 1].isspace():
            end += 1
        token = _TOKEN.match(text, end)
        stop = closing(text, end) if text[end : end + 1] == "{" else token.end() if token else -1
        if stop < 0:
            break
        arguments.append(text[end + 1 : stop - 1] if text[end] == "{" else text[end:stop])
        end = stop
    body = macro.body
    for number, argument in enumerate(arguments, 1):
        body = body.replace(f"#{number}", argument)
    return (body if not macro.count or not body[:1].isalpha() else f" {body}") + " " * (body[-1:].isalpha()), end
