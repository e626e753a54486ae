"""What a formula shows of its letters: those it numbers, those with a prime, those that may be a factor or a function."""

import re
from collections.abc import Sequence

from mdderive.latex.declared import Names
from mdderive.reading.applications import LETTER, NO_NAMES, plain

# A lower-case letter before a bracket, or any letter before a bracket around one letter: a product, or a function?
_UNSURE = re.compile(
    rf"(?<![A-Za-z\\{{])(?P<low>[a-z](?:\s*_\s*(?:\{{[^{{}}]*\}}|[A-Za-z0-9]))?)\s*(?:\\left)?\s*\("
    rf"|(?<![A-Za-z\\{{])(?P<any>{LETTER})\s*(?:\\left\s*)?\(\s*{LETTER}\s*(?:\\right\s*)?\)"
)
_PLACES = re.compile(
    r"(?P<by>(?:\\partial|(?<![A-Za-z\\])d)\s*\{?\s*)?(?P<name>\\math(?:bf|rm)\s*\{[A-Za-z]\}|\\boldsymbol\s*\{\\?[A-Za-z]+\}|\\[a-z]+(?![A-Za-z])|[A-Za-z])"
    r"\s*_\s*(?P<places>\{\s*[a-z]\s*,?\s*[a-z]?\s*\}|[a-z])"
)
# Two letters that number an entry, of what is in brackets or of what a derivative is by.
NUMBERING = re.compile(
    r"(?:[\])]|\}\s*\{\s*(?:\\partial|d)\s*\{?\s*(?:\\[a-z]+\s*\{)?\\?[A-Za-z]+\}?)\s*_\s*\{\s*(?P<row>[a-z])\s*,?\s*(?P<col>[a-z])\s*\}"
)
NUMBERED_FUNCTION = re.compile(r"(?<![A-Za-z\\])(?P<name>[fgh])_\{[ijkl]\}")
_PRIMED = re.compile(
    r"(?P<name>\\(?:mathbf|boldsymbol|bm|hat|tilde|bar|vec)\s*\{\\?[A-Za-z]+\}|\\[a-z]+(?![A-Za-z])|[A-Za-z])(?:\s*_\s*(?:\{\s*)?(?P<below>\w)(?:\s*\})?)?"
    r"(?P<primes>'+|\s*\^\s*\{?\s*\\prime\s*\}?)(?!\s*(?:\\left)?\s*[(_\[^'])"
)
_SUMS = re.compile(r"\\(?:sum|prod)(?:\\limits)?\s*_\s*(\{[^{}]*\}|[a-z])")


def numbered(text: str) -> frozenset[str]:
    """Return the letters that a formula numbers: `A_{ij}`, and `x_i` where i is summed over or the derivative is by it."""
    summed = {letter for found in _SUMS.findall(text) for letter in re.findall("[a-z]", found)}
    out: set[str] = set()
    for found in _PLACES.finditer(text):
        places = re.sub(r"[\s,{}]", "", found["places"])
        if len(places) == 2 or places in summed or found["by"]:
            name = plain(found["name"])
            out |= {name, re.sub(r"(\\boldsymbol|\\mathbf|\\bm)(\\[a-zA-Z]+)", r"\1{\2}", name)}
    return frozenset(out) - NO_NAMES - {"d", "e", "I", "K", "f", "g", "h"}


def primed(text: str, names: Names) -> frozenset[str]:
    """Return the letters with a prime that are no function: `y'` is a letter of its own."""
    found = [
        (plain(m["name"]), f"_{m['below']}" if m["below"] else "", m["primes"].count("'") or 1) for m in _PRIMED.finditer(text)
    ]
    return frozenset(f"{name}{below}{count * chr(39)}" for name, below, count in found if name not in names.functions)


def unsure(sides: Sequence[str], functions: frozenset[str]) -> bool:
    """Tell whether a letter stands before a bracket that may be its factor or its argument, and nowhere else in a chain."""
    found = {plain(m["low"] or m["any"]) for latex in sides for m in _UNSURE.finditer(latex)} - functions - NO_NAMES
    bare = [
        re.sub(r"(?:\\partial|\\mathrm\{d\}|d)\s*\{?\s*(?:\\math\w+\{)?[A-Za-z]|\\[A-Za-z]+|\s", " ", latex) for latex in sides
    ]
    return any(not any(re.search(rf"{re.escape(name)}(?!\s*\()", latex) for latex in bare) for name in found)
