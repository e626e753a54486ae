"""Every word of every language that decides what a note's formulas do, by meaning: a language is a file of rows.

A row is `meaning: spelling, spelling, …`, and goes on in lines that are indented. A spelling is one word or several; a last
word that ends in `*` stands for every word that begins so. Scripts without spaces are matched as they stand, the longest
spelling first.
"""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from importlib.resources import files

from mdderive.model.properties import SAID

SIGNS = "signs"  # a file of its own, for every language
BASE = "en"
_FOUND = sorted(file.name.removesuffix(".txt") for file in files(__package__).iterdir() if file.name.endswith(".txt"))
LANGUAGES = (BASE, *(language for language in _FOUND if language not in (BASE, SIGNS)))
MEANINGS: Mapping[str, str] = {
    "-": "none: a longer spelling that keeps a shorter one from being found in it",
    "if": "opens a condition of its clause",
    "if-behind": "closes one",
    "should": "opens a condition where a sentence begins with it: should A be symmetric",
    "contrary": "opens what is not so where a sentence begins with it: had A been symmetric",
    "since": "before a reason, which is taken for true",
    "since-behind": "behind one",
    "suppose": "opens a supposition that lasts",
    "suppose-behind": "closes one",
    "let": "gives a name, or supposes",
    "where": "says more of what stands before it",
    "inverted": "a verb that begins a question, or a condition where a conclusion follows; looked up there",
    "that": "goes on with what a comma parts from its verb",
    "here": "speaks of the sentence before",
    "case": "a special one, which may end",
    "solve": "asks for what fulfils the equation behind it",
    "solve-behind": "for what fulfils the one before it",
    "for": "before a value, or letters that are bound",
    "waive": "opens what is expressly not supposed: unless, whether or not",
    "waive-behind": "closes it",
    "roughly": "equal up to something",
    "iff": "makes two statements equivalent, and claims neither",
    "only-if": "makes a statement conditional",
    "then": "draws a conclusion",
    "claim": "presents what follows as true",
    "but": "turns from what was said before",
    "instead": "before what is not meant",
    "not": "denies what follows at once",
    "without": "denies what is supposed",
    "hold": "is true",
    "false": "is not true",
    "error": "a mistake, beside common alone",
    "common": "happens often",
    "mistake": "introduces what is false",
    "warn": "warns of saying what follows",
    "doubt": "affirms what follows where it is denied: forget, doubt, prevent",
    "quoted": "between a formula and what is said of it",
    "whether": "asks",
    "ask-behind": "closes a question",
    "why": "asks for a reason, and takes what it asks of for true",
    "this": "what was said last",
    "later": "another place of the text",
    "drop": "takes back what was supposed",
    "free": "says that nothing is supposed any longer",
    "retold": "speaks of what was supposed, or of other cases; looked up in sentences without formulas, with which that may end",
    "generally": "ends a condition where a sentence begins with it; looked up there",
    "throughout": "everywhere in the section",
    "any": "binds the letters behind it, of which nothing is supposed",
    "be": "is",
    "and": "joins names",
    "abbreviation": "ends in a full stop that ends no sentence",
    "particle": "goes on with what stands before a display",
    "function-word": "tells the language alone",
    "seek": "asks for a value in front of a formula of a block; looked up there",
    "script": "ranges of letters that tell the language alone, before those of languages that share them",
    "neutral": "says nothing of a letter that its algebra could rest on; looked up where a letter is said to be something",
    "verb": "stands between a letter and what it is said to be, beside `be` and an article",
    "article": "likewise",
    "row": "a kind",
    "scalar": "a kind",
    "function": "what a letter is that is no kind",
    "entrywise": "how a function acts on a matrix",
    "square": "as many rows as columns",
    "size": "beside a size, that of a vector",
    "cut": "ends what is said of a letter",
    "respectively": "one to each",
    "notation": "titles a list of symbols",
    "shape": "heads the column of their shapes",
    "proof": "titles what belongs to the section before it, the proof of it or its solution; looked up there",
    "depend": "is a function of; where it stands last, of what stands before it",
    "through": "before what a dependence goes through",
    "through-behind": "behind it",
    "numerator": "names the layout of derivatives in which a gradient is a row",
    "denominator": "names the one in which it is a column",
    "gradient": "what a layout gives its shape",
    "hessian": "names the second derivative",
    "jacobian": "names the derivative of a column",
    "differentiating": "says that the derivative follows",
    "zero": "what a derivative is set to; looked up there",
    "of-function": "before the formula of what is differentiated",
    "of-function-behind": "behind it",
    "by-letter": "before the letter by which something is differentiated",
    "by-letter-behind": "behind it",
    "objective": "the function that a note is about",
    "determiner": "stands, beside an article, before such a name",
    "has-value": "stands, beside `be`, between the name of a derivative and its formula",
    "column": "a column, which a gradient may be said to be",
    "as-row": "a row, as a gradient alone may be said to be",
    "takes-shape": "before the letter whose shape a gradient has",
    "variable": "that letter",
    "same": "likewise, behind both",
    "by-vector": "says by what is differentiated, not what comes of it",
    "by-matrix": "likewise",
    "adopt": "says that a note writes so",
    "unadopted": "before a layout that is not adopted",
    "unadopted-behind": "behind one",
    "disowned": "turns from a layout that was named",
    "singular-decomposition": "names X = U S V^T",
    "eigendecomposition": "names A = Q L Q^T",
    "qr-decomposition": "names A = Q R",
    "orthonormal": "speaks of orthonormal columns",
    "adds-up": "before the sum of entries; one tells labels",
    "one-entry": "of labels: before the one",
    "other-entries": "of labels: before zero",
    "gaussian": "speaks of Gaussians and covariances",
    "spectral": "speaks of eigenvalues and singular values",
    "logistic": "the logistic function",
    "activation": "another function that may go by its letter",
    "vector": "a kind",
    "matrix": "a kind",
    **dict.fromkeys(SAID, "a property"),
}

# Nothing that an act or a property is told by: looked up by who asks for them.
LOOKED_UP = frozenset(
    (
        "function-word script seek generally neutral verb article row scalar function entrywise square size cut respectively "
        "notation shape proof depend through through-behind inverted numerator denominator gradient column as-row takes-shape "
        "variable same by-vector by-matrix adopt unadopted unadopted-behind disowned orthonormal adds-up one-entry other-entries "
        "hessian jacobian differentiating zero of-function of-function-behind by-letter by-letter-behind objective determiner "
        "retold has-value gaussian singular-decomposition eigendecomposition qr-decomposition spectral logistic activation"
    ).split()
)
UNSPACED = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"  # letters of scripts in which words stand without spaces
_LETTER = r"[^\W\d_]"
_SPACED_LETTER = r"(?-i:(?![\u3000-\uffff])[^\W\d_])"  # of a script that parts words by spaces; it has no case to fold


@lru_cache
def rows(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the spellings of a language by their meaning."""
    text = files(__package__).joinpath(f"{language}.txt").read_text(encoding="utf-8")
    lines = text.replace("\n    ", " ").splitlines()
    found = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return {meaning: tuple(spelling.strip() for spelling in spellings.split(",")) for meaning, _, spellings in found}


@lru_cache
def spellings(*meanings: str) -> frozenset[str]:
    """Return how some meanings are spelled, in all languages together."""
    return frozenset(word for language in LANGUAGES for meaning in meanings for word in rows(language).get(meaning, ()))


def any_of(spoken: Sequence[str], *meanings: str) -> str:
    """Return a pattern, in which case is to be ignored, for the spellings of some meanings, the longest first."""
    found = {" ".join(s.lower().split()) for language in spoken for m in meanings for s in rows(language).get(m, ())}
    stems = {s.removesuffix("*") for s in found if s.endswith("*")}
    whole = {s for s in found - stems if s[-1].isalpha() and s[-1] < "\u3000"}
    kinds = [(whole, f"(?!{_SPACED_LETTER})"), (stems, f"{_LETTER}*"), ({s for s in found - whole - stems if s[-1] != "*"}, "")]
    begun: dict[bool, list[str]] = {}
    for some, ends in kinds:
        for word in (True, False):
            if every := {s for s in some if word == (s[0].isalpha() and max(s.partition(" ")[0]) < "\u3000")}:
                begun.setdefault(word, []).append(_tree(every) + ends)
    parts = [(rf"(?<!{_SPACED_LETTER})" if word else "") + f"(?:{'|'.join(some)})" for word, some in begun.items()]
    return f"(?:{'|'.join(parts)})" if parts else "(?!)"


def _tree(spellings: AbstractSet[str]) -> str:
    """Return a pattern for some spellings in which each beginning stands once."""
    begun: dict[str, set[str]] = {}
    for spelling in spellings - {""}:
        begun.setdefault(spelling[0], set()).add(spelling[1:])
    found = [(r"\s+" if first == " " else re.escape(first)) + _tree(rest) for first, rest in sorted(begun.items())]
    found += [""] if "" in spellings else []
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"


@lru_cache
def pattern(*meanings: str) -> re.Pattern[str]:
    """Return a pattern for the spellings of some meanings in all languages together."""
    return re.compile(any_of(LANGUAGES, *meanings), re.IGNORECASE)
