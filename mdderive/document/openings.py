r"""Lines that open a derive block, and lines that look so and open none, each with the line to write.

What a line looks like is decided on its glyphs: the case and accents of letters, full-width forms, blanks of every width and
characters without a glyph make no difference. A word is near `derive` that has one letter more, less, changed or moved.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

NAMES = ("derive", "mdderive")
FENCES = "`~"
# Marks that are taken for those of a fence, and letters of other scripts that are taken for those of the word.
_GLYPHS: Mapping[str, str] = {
    **dict.fromkeys("´ˋ‘’‛′‵", "'"),
    **dict.fromkeys("“”‟″«»", '"'),
    **dict.fromkeys("˜∼", "~"),
    **dict(zip("еіѵԁг", "eivdr", strict=True)),
}
_LEAD = r"(?:[ \t>*+.)\d-]|:(?=[ \t])|\[[ xX^][^\]\s]*+\]:?)*+"
_LINE = re.compile(
    rf"""(?P<lead>{_LEAD})
    (?: (?P<mark>(?P<char>[`~:/'"])(?P=char)++) [ \t]*+ (?P<open>\{{[ \t]*+)? [.\#]*+ (?P<word>[^\W\d_]{{4,12}}+\d?) (?![\w-])
      | \\begin[ \t]*+\{{[ \t]*+(?P<name>[^\W\d_]{{4,12}}+)\*?[ \t]*+\}}
    ) (?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)
_PROPER = re.compile(r"(?:`{3,}+(?P<rest>[^`]*)|~{3,}+(?P<more>.*))", re.DOTALL)
INFO = re.compile(r"[ \t]*(?:derive(?![\w-])(?P<plain>.*)|\{[ \t]*\.?derive(?![\w-])(?P<braces>.*)\}\s*\Z)", re.DOTALL)
_OPTIONS = re.compile(r"[ \t]*(?:\{.*|\}.*|new\b.*|[\w-]+[ \t]*=.*)?", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_SHORT = ("``", "~~")  # marks that are too few for a fence: taken for one only where they are closed like one
# A line whose first letter stands behind two characters at least, or behind a backslash.
_CANDIDATE = re.compile(r"(?<![^\r\n])(?:(?:\[[ xX^][^\]\s\r\n]*+\]|(?![^\W\d_])[^\r\n]){2,}+[^\W\d_]|[ \t>]*+\\begin)")
_LATEX = re.compile(r"\\begin\s*+\{|`{3}|~{3}")
_MARKS = re.compile(r"[`~:/'\"´ˋ‘’‛′‵“”‟″«»˜∼｀～：／＇＂\\]")


class Opening:
    """A line that opens a derive block, or looks so.

    `column`, from 0, is that of its marks. `write` is the line to write in its place, from the marks on; empty where the line is
    as it should be. What makes a class of fields alone takes longer to import than a run over unchanged notes may.
    """

    __slots__ = ("column", "line", "mark", "write")

    def __init__(self, line: int, column: int, mark: str, write: str = "") -> None:
        self.line = line
        self.column = column
        self.mark = mark
        self.write = write


def suspected(text: str, latex: bool) -> bool:
    """Tell whether a text may hold a derive block: a fence quoted inside another is none, but no other text holds one."""
    return bool(_LATEX.search(text)) if latex else any(True for _ in openings(text))


def openings(text: str) -> Iterator[Opening]:
    """Yield the lines of a Markdown text that open a derive block wherever lists and quotes allow one, or look so."""
    number, at = 1, 0
    closings: dict[str, int] = {}
    for found in _CANDIDATE.finditer(text):
        start = found.start()
        if not _MARKS.search(text, start, found.end()):
            continue
        end = _LINE_END.search(text, found.end())
        mark = int(not start and text.startswith("\ufeff"))
        opening = _opening(text[start + mark : end.start() if end else len(text)])
        if opening:
            number += sum(1 for _ in _LINE_END.finditer(text, at, start))
            at = start
            if opening.mark in _SHORT and opening.mark not in closings:
                closings[opening.mark] = _last_closing(text, opening.mark)
            if start < closings.get(opening.mark, len(text)):
                yield Opening(number, opening.column + mark, opening.mark, opening.write)


def _last_closing(text: str, mark: str) -> int:
    return max((found.start() for found in re.finditer(rf"(?<![^\r\n])[ \t>]*+{mark}[ \t]*+(?![^\r\n])", text)), default=-1)


def _opening(raw: str) -> Opening | None:
    """Return what a line opens; its number is not known yet."""
    seen, places = _glyphs(raw)
    found = _LINE.match(seen)
    if found is None or not _meant(found):
        return None
    column = places[found.end("lead")]
    rest = raw[places[found.start("rest")] :]
    if found["name"]:
        return Opening(0, column, "\\", "```derive")
    char, mark = found["char"], found["mark"]
    proper = _PROPER.match(raw, column)
    if raw[:column] == found["lead"] and proper and INFO.fullmatch(proper["rest"] or proper["more"] or ""):
        return Opening(0, column, mark)
    if char in rest if char == "`" else char not in FENCES and (len(mark) < 3 or (char != ":" and not _OPTIONS.fullmatch(rest))):
        return None
    marks = char * max(len(mark), 3) if char in FENCES else "```"
    braced = bool(found["open"]) and rest.strip() != "}"
    told = "".join(c for c in (rest if braced or not found["open"] else "") if unicodedata.category(c) != "Cf")
    return Opening(0, column, mark, f"{marks}{'{.' if braced else ''}derive{told.rstrip()}")


def _glyphs(raw: str) -> tuple[str, list[int]]:
    """Return a line as it looks, and for each character of that, and its end, the place in the line that it comes from."""
    seen: list[str] = []
    places: list[int] = []
    for at, char in enumerate(raw):
        glyph = char if char.isascii() and char.isprintable() else _glyph(char)
        seen.append(glyph)
        places += [at] * len(glyph)
    return "".join(seen), [*places, len(raw)]


@cache
def _glyph(char: str) -> str:
    if char == "\t":
        return char
    if char in _GLYPHS:
        return _GLYPHS[char]
    plain = unicodedata.normalize("NFKD", char)
    kept = "".join(_GLYPHS.get(c, c) for c in plain if unicodedata.category(c) not in ("Cf", "Mn", "Me"))
    return "".join(" " if unicodedata.category(c) in ("Zs", "Cc", "Zl", "Zp") else c for c in kept)


def _meant(found: re.Match[str]) -> bool:
    """Tell whether the word is meant for `derive`: nearly so behind a fence, exactly behind marks that open other things too."""
    word = found["word"] or found["name"]
    return near(word) if found["char"] in {*FENCES} else word.casefold() in NAMES


def near(word: str) -> bool:
    """Tell whether a word is `derive`, or that with one letter more, less, changed or moved; case makes no difference."""
    word = word.casefold()
    return any(word == name or _one_edit(word, name) for name in NAMES)


def _one_edit(word: str, name: str) -> bool:
    if abs(len(word) - len(name)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    w, n = word[start:], name[start:]
    return n in (w[1:], w[1::-1] + w[2:]) or w[1:] in (n, n[1:]) or w == n[1:]
