r"""Accents that LaTeX spells by commands or as babel's German does, `\'etant`, `f"ur`, as the letters that they are."""

import re
from unicodedata import normalize

_MARKS = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "c": "\u0327"}
_SIGN = r"""\\(?:["'`^~]\s*(?:\{\\?[A-Za-z]\}|\\?[A-Za-z])|c\s*\{[A-Za-z]\}|ss(?:\{\}|\s+|(?![A-Za-z])))"""
_WORD = re.compile(rf"""(?<![A-Za-z\\])(?:[A-Za-z]|{_SIGN}|"(?:[AOUaou](?=[A-Za-z])|s))++(?!")""")
_PART = re.compile(rf"""(?P<sign>{_SIGN})|"(?P<german>[AOUaous])|(?P<plain>[A-Za-z])""")


def accented(text: str) -> str:
    """Return a text with its letters with accents for how they are spelled; every word keeps its place."""
    if '"' not in text and "\\" not in text:
        return text
    return _WORD.sub(_letters, text)


def _letters(word: re.Match[str]) -> str:
    if not set('"\\') & set(word[0]):
        return word[0]
    return "".join(_letter(part) for part in _PART.finditer(word[0])).ljust(len(word[0]))


def _letter(part: re.Match[str]) -> str:
    """Return one letter of a word."""
    if part["plain"]:
        return part["plain"]
    mark, base = ('"', part["german"]) if part["german"] else (part["sign"][1], re.sub(r"[\s{}\\]", "", part["sign"][2:]))
    return "ß" if base == "s" or mark == "s" else normalize("NFC", base + _MARKS[mark])
