"""The words of a note to tokens: each with its meaning in the note's language; formulas and the marks that part them.

A token without a meaning is some other word, and counts as a distance. Which languages a note is written in is told by its
script, and by the words of its rows: a spelling may mean one thing in one language and another in the next.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from mdderive.reading.lexicon import BASE, LANGUAGES, LOOKED_UP, SIGNS, UNSPACED, rows

FORMULA, COMMA, COLON, END, ASKS = "formula", "comma", "colon", "end", "asks"
PARAGRAPH, ITEM, CELL = "paragraph", "item", "cell"
BREAKS = (PARAGRAPH, ITEM, CELL)
_TOKEN = re.compile(
    rf"""(?P<paragraph>\n(?=[ \t>]*\n))
    | (?P<item>\n[ \t>]*(?:[-*+]|\d+[.)])[ \t]+|\\item\b)
    | (?P<cell>\||\n(?=[ \t]*\|))
    | (?P<address>\]\([^()\s]*\)|[A-Za-z][A-Za-z\d+.-]*://[^\s<>()\]]*)
    | (?P<command>\\(?:begin|end)\s*\{{[^{{}}]*\}}|\\[A-Za-z]+\*?)
    | (?P<unspaced>[{UNSPACED}])
    | (?P<word>[^\W\d_{UNSPACED}]+(?:['’.-][^\W\d_{UNSPACED}]+)*|—|-{{2,3}}|\d+|[¿❌✗✘🚫✅✓✔])
    | (?P<asks>[?？])
    | (?P<end>[.!](?=[\s*_"')\]}}]|\Z)|[。！])
    | (?P<comma>[,，、]|[;；])
    | (?P<colon>[:：])
    """,
    re.VERBOSE,
)
_LONGEST = 6  # words of a spelling
_SAMPLE = 20_000  # characters of a note that tell its language
_MARKS = frozenset({"", FORMULA, COMMA, COLON, END, ASKS, *BREAKS})


@dataclass(frozen=True, slots=True)
class PhraseToken:
    """A word, a formula or a mark; `formula` numbers the formula, `display` tells that it stands by itself.

    `capital` tells that a word begins with a capital letter, and `inverted` that it is a verb which, if a sentence begins with
    it, makes that a question or a condition.
    """

    meaning: str
    start: int
    end: int
    formula: int = -1
    capital: bool = False
    inverted: bool = False
    unspaced: bool = False
    display: bool = False


@dataclass(frozen=True)
class Lexicon:
    """The spellings of some languages: by their words, by stems of their last word, and as they stand without spaces."""

    languages: tuple[str, ...]
    spelled: Mapping[tuple[str, ...], str]
    stems: Mapping[tuple[str, ...], str]
    unspaced: Mapping[str, tuple[tuple[str, str], ...]]
    inverted: frozenset[str]

    def words(self, words: tuple[str, ...]) -> str | None:
        """Return the meaning of some words that stand together; None where they have none."""
        found = self.spelled.get(words)
        if found is not None or not self.stems:
            return found
        *before, last = words
        return next((m for n in range(len(last), 2, -1) if (m := self.stems.get((*before, last[:n]))) is not None), None)


def languages(words: str) -> tuple[str, ...]:
    """Return the languages that some words are written in, the likeliest first."""
    found = [language for language in LANGUAGES if _written(words, language)]
    if "ja" in found:
        found = [language for language in found if language != "zh"]
    counts = {language: _count(words[:_SAMPLE], language) for language in LANGUAGES if "script" not in rows(language)}
    most = max(counts.values())
    best = [language for language, count in counts.items() if most and count == most]
    return tuple(dict.fromkeys([*found, *best, *([] if best and not found else [BASE])]))


def _written(words: str, language: str) -> bool:
    """Tell whether some words have letters of the script that is a language's own."""
    script = rows(language).get("script")
    return script is not None and re.search(f"[{''.join(script)}]", words) is not None


def _count(words: str, language: str) -> int:
    """Return how many of some words a language has in its rows."""
    common = frozenset(rows(language)["function-word"])
    known = sum(len(words[t.start : t.end].split()) for t in tokens(words, lexicon((language,))) if t.meaning not in _MARKS)
    return known + sum(word.lower() in common for word in re.findall(r"[^\W\d_]+", words))


@lru_cache
def lexicon(spoken: tuple[str, ...]) -> Lexicon:
    """Return the spellings of some languages; where two languages have one, the first counts."""
    spelled: dict[tuple[str, ...], str] = {}
    stems: dict[tuple[str, ...], str] = {}
    unspaced: dict[str, dict[str, str]] = {}
    for language in (*spoken, SIGNS):
        for meaning, spellings in rows(language).items():
            if meaning in LOOKED_UP:
                continue
            for spelling in spellings:
                said = meaning.removeprefix("-")
                if re.match(f"[{UNSPACED}]", spelling):
                    unspaced.setdefault(spelling[0], {}).setdefault(spelling, said)
                elif spelling.endswith("*"):
                    stems.setdefault(tuple(_plain(spelling[:-1]).split()), said)
                else:
                    spelled.setdefault(tuple(_plain(spelling).split()), said)
    longest = {first: tuple(sorted(rows.items(), key=lambda row: -len(row[0]))) for first, rows in unspaced.items()}
    inverted = frozenset(spelling for language in spoken for spelling in rows(language).get("inverted", ()))
    return Lexicon(spoken, spelled, stems, longest, inverted)


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").rstrip(".").replace(", ", " ")


def tokens(words: str, known: Lexicon, at: int = 0) -> Iterator[PhraseToken]:
    """Yield the tokens of some words; `at` is where they stand."""
    found = list(_TOKEN.finditer(words))
    i = 0
    while i < len(found):
        match = found[i]
        kind = match.lastgroup or ""
        if kind == "unspaced":
            meaning, end = _longest(words, match.start(), known)
            yield PhraseToken(meaning, at + match.start(), at + end, unspaced=True)
            while i < len(found) and found[i].start() < end:
                i += 1
        elif kind == "word":
            meaning, count = _phrase(found, i, known)
            last = found[i + count - 1]
            capital, inverted = match[0][0].isupper(), match[0].lower() in known.inverted
            yield PhraseToken(meaning, at + match.start(), at + last.end(), capital=capital, inverted=inverted)
            i += count
            if meaning == "abbreviation" and i < len(found) and found[i].lastgroup == "end":
                i += 1
        else:
            if kind not in ("command", "address"):
                yield PhraseToken(kind, at + match.start(), at + match.end())
            i += 1


def _longest(words: str, start: int, known: Lexicon) -> tuple[str, int]:
    """Return the meaning of the longest spelling that begins at a place, and where it ends."""
    for spelling, meaning in known.unspaced.get(words[start], ()):
        if words.startswith(spelling, start):
            return meaning, start + len(spelling)
    return "", start + 1


def _phrase(found: list[re.Match[str]], i: int, known: Lexicon) -> tuple[str, int]:
    """Return the meaning of the longest spelling that begins at a word, and of how many words it is."""
    run: list[str] = []
    for match in found[i : i + _LONGEST]:
        if match.lastgroup != "word":
            break
        run.append(_plain(match[0]))
    for count in range(len(run), 0, -1):
        meaning = known.words(tuple(run[:count]))
        if meaning is not None:
            return meaning, count
    if "'" in run[0]:  # l'hypothèse, d'où
        meaning = known.words((run[0].partition("'")[2],))
        if meaning is not None:
            return meaning, 1
    return "", 1
