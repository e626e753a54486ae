r"""What a formula shows of its letters by its text: which are functions, of what, which it numbers, which are probabilities."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mdderive.latex.letters import Names, base_letter
from mdderive.latex.notation import ACCENTS, EQUALS, FONTS, GREEK, UNIT_LETTERS
from mdderive.latex.relations import Sentence
from mdderive.latex.symbols import MARKED

_DRESSED = "|".join(sorted(name[1:] for name in FONTS | ACCENTS))
_PLAIN = (
    rf"(?:\\(?:{_DRESSED})\s*\{{(?:\\(?:{_DRESSED})\s*\{{\\?[A-Za-z]+\}}|\\[A-Za-z]+|[A-Za-z])\}}"
    rf"|\\(?:{'|'.join(sorted(name[1:] for name in GREEK))})(?![A-Za-z])|[A-Za-z])"
    r"(?:\s*_\s*(?:\{[^{}]*\}|\\[a-zA-Z]+|[A-Za-z0-9]))?"
)
LETTER = rf"{_PLAIN}(?:\s*\^\s*(?:\{{\(?[A-Za-z0-9]\)?\}}|\*))?"
APPLIED = re.compile(
    rf"(?<![A-Za-z\\{{])(?P<d>d?)(?P<name>{LETTER})\s*(?:\\left)?\s*\((?P<args>\s*{LETTER}(?:\s*[,;]\s*{LETTER})*\s*)(?:\\right\s*)?\)"
)
# The square of a function, `f^2(x)`, is that of its value.
_POWER = re.compile(
    rf"(?<![A-Za-z\\{{])(?P<name>{_PLAIN})(?P<power>\s*\^\s*(?:[2-9]|\{{\s*[2-9]\s*\}}))\s*(?:\\left)?\s*"
    rf"\((?P<args>\s*{LETTER}(?:\s*[,;]\s*{LETTER})*\s*)(?:\\right\s*)?\)"
)
LETTERS = re.compile(LETTER)
# What something else than e is raised to, and the letters in it that are applied to nothing: `q (g(x))^{q - 1}`.
_RAISED = re.compile(r"(?<!e)\s*\^\s*(?:\{(?P<many>[^{}]*)\}|(?P<one>[a-z]))")
_SMALL = re.compile(r"(?<![A-Za-z\\])[a-z](?![A-Za-z]|\s*[(^_'])")
# What is applied to something under a condition, p(x | y), is a probability; then p(x) is one too.
_CONDITIONED = re.compile(
    rf"(?<![A-Za-z\\{{])(?P<name>{LETTER})\s*(?:\\left\s*)?\([^()|]*(?:\||\\(?:vert|mid)(?![A-Za-z]))(?:(?!\\vert)[^()|])*\)"
)
_FUNCTION_LIKE = frozenset("f g h F G H L J E Q l".split()) | {
    r"\ell",
    r"\mathcal{L}",
    r"\mathcal{J}",
    r"\mathcal{E}",
    r"\mathcal{F}",
}
# A differential is no function of a letter, and elementwise functions keep their arguments.
_ENTRY = frozenset("ijkl")  # what numbers the entries of a matrix, and no sizes
NO_NAMES = frozenset({"d", r"\mathrm{d}", r"\mathbf{d}", "e", r"\sigma", r"\phi", r"\varphi", r"\psi"})
_ONE_BELOW = re.compile(rf"_\{{(?P<sign>{'|'.join(map(re.escape, sorted(GREEK, reverse=True)))}|[A-Za-z0-9])\}}")
_BOLD = re.compile(r"\\(?:mathbf|mathrm|mathsf|boldsymbol|bm)\{(?P<letter>[^{}]*)\}")  # one note writes a letter with and without
_DIFFERENTIATED = re.compile(
    rf"(?:\\partial|\\nabla(?:_\s*(?:\{{[^{{}}]*\}}|\\?[A-Za-z]+))?|\bd)\s*\{{?\s*(?P<name>{LETTER})\s*(?:\\left)?\s*\("
)
# A lower-case letter before a bracket, or any letter before a bracket around one letter: a product, or a function?
_UNSURE = re.compile(
    rf"(?<![A-Za-z\\{{^_])(?P<low>[a-z](?:\s*_\s*(?:\{{[^{{}}]*\}}|[A-Za-z0-9]))?)\s*(?:\\left)?\s*\("
    rf"|(?<![A-Za-z\\{{^_])(?P<any>{LETTER}|\\pi)\s*(?:\\left\s*)?\(\s*{LETTER}\s*(?:\\right\s*)?\)"
)
_MOVED_OR_COMMAND = re.compile(r"(?:\\partial|\\mathrm\{d\}|d)\s*\{?\s*(?:\\math\w+\{)?[A-Za-z]|\\[A-Za-z]+|\s")
_PLACES = re.compile(
    r"(?P<by>(?:\\partial|(?<![A-Za-z\\])d)\s*\{?\s*)?(?P<name>\\math(?:bf|rm|sf)\s*\{[A-Za-z]\}|\\(?:boldsymbol|bm|pmb)\s*\{\\?[A-Za-z]+\}"
    r"|\\(?:hat|tilde|bar|vec|widehat|widetilde|overline)\s*\{\s*(?:\\(?:math(?:bf|rm)|boldsymbol|bm)\s*\{\\?[A-Za-z]+\}|\\?[A-Za-z]+)\s*\}"
    rf"|\\[a-z]+(?![A-Za-z])|[A-Za-z])\s*_\s*(?P<places>\{{\s*(?:{MARKED.pattern}|[a-z]\s*,?\s*[a-z]?)\s*\}}|[a-z])"
)
# What a derivative takes of the next layer or step, which numbers no entries.
_STEPPED = re.compile(
    rf"\\partial\s*\{{?\s*(?P<name>\\(?:{_DRESSED})\s*\{{\\?[A-Za-z]+\}}|[A-Za-z])\s*_\s*\{{\s*[a-z]\s*[-+]\s*\d\s*\}}"
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
_SUMS = re.compile(r"\\(?:sum|prod)(?:\\limits)?\s*_\s*(\{(?:[^{}]|\{[^{}]*\})*\}|[a-z])")
_COMMANDS = re.compile(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})?")
_FUNCTIONS = frozenset("fgh")  # where nothing else shows that they are columns
_UNIT = re.compile(rf"\s*(?:{'|'.join(map(re.escape, sorted(UNIT_LETTERS)))})\s*_\s*(?:\w|\{{\s*\w\s*\}})\s*")
# A `d` with no factor behind it is a letter: `2d + 1`, and then `d(d+1)` is a product; `\frac{d}{dx}` begins a derivative.
_COUNT_D = re.compile(
    r"(?<![A-Za-z\\_^])(?<![_^]\{)(?<!frac\{)(?<!mathrm\{)(?<!text\{)(?<!rm\{)d(?=\s*(?:[-+=)\]}/^]|\\(?:le|ge|cdot|times|right)(?![A-Za-z])|$))"
)
_APPLIED_BEHIND = re.compile(r"\s*(?:\\left\s*)?\(")
_ENTRIES = re.compile(r"\\begin|\\[a-z]*dots|,|[\[(]\s*[01]|_\s*\{?\s*\\cdot|:")
_MOVED = re.compile(r"(?:\\nabla|\\partial|(?<![A-Za-z])d)\s*(?:_\s*(?:\{[^{}]*\}|\\?\w+))?\s*\{?\s*$")
# What is raised behind a space is a factor, `c (u)^T u`: the value of a function stands close to its name, `f(x)^T`.
_FACTOR = re.compile(r"(?<=\))\s*\^\s*\{?\s*(?:T|\\top|\\intercal|\\math\w+\s*\{?\s*T|-)")


def probabilities(texts: Iterable[str]) -> frozenset[str]:
    """Return the names that some texts apply to something under a condition."""
    return frozenset(plain(found["name"]) for text in texts for found in _CONDITIONED.finditer(text)) - NO_NAMES


def applied(
    formulas: Sequence[tuple[str, tuple[Sentence, ...]]], densities: frozenset[str], shaped: frozenset[str]
) -> frozenset[str]:
    """Return the letters that are the names of functions.

    `formulas` are texts with their statements; `densities` are names of probabilities, which keep what they are applied to;
    `shaped` are letters that are said to be vectors or matrices, which are functions only where they are applied as such.
    """
    names: set[str] = set(_FUNCTION_LIKE - shaped)
    for text, sentences in formulas:
        names |= {plain(whole["name"]) for whole in _defining(sentences)}
        names |= {plain(found["name"]) for found in _DIFFERENTIATED.finditer(text)}
        inner = undressed(text, frozenset(names))
        counts = {letter for by in _RAISED.finditer(text) for letter in _SMALL.findall(by["many"] or by["one"])}
        for found in (*APPLIED.finditer(text), *APPLIED.finditer(inner)):
            if found["name"] in counts:
                continue  # what something is raised to is a number
            raised = text[found.end("name")].isspace() and _FACTOR.match(text, found.end())
            if not found["args"].strip()[-1:].isupper() and not found["d"] and not raised:
                names.add(plain(found["name"]))
    return frozenset(names - NO_NAMES - densities)


def named_units(formulas: Iterable[tuple[str, tuple[Sentence, ...]]]) -> frozenset[str]:
    """Return the letters that are spelled as unit vectors, and that a note says to be something else: an error, a matrix."""
    found: set[str] = set()
    for _, sentences in formulas:
        for first, second, *_ in (s.sides for s in sentences if s.relations and s.relations[0] in EQUALS):
            name, value = (side.text[side.span.start : side.span.end] for side in (first, second))
            unit = _UNIT.fullmatch(name.strip())
            if unit and ("&" in value or not _ENTRIES.search(value)):
                found.add(plain(name))
    return frozenset(found)


def arguments(formulas: Sequence[tuple[str, tuple[Sentence, ...]]]) -> dict[str, tuple[str, ...]]:
    """Return the functions that are defined of letters, `f(x, y) = x y`, with these; none that is so of others too."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for _, sentences in formulas:
        for whole in _defining(sentences):
            if ";" not in whole["args"]:
                found.setdefault(plain(whole["name"]), set()).add(tuple(map(plain, whole["args"].split(","))))
    return {name: some.pop() for name, some in found.items() if len(some) == 1}


def _defining(sentences: Iterable[Sentence]) -> Iterator[re.Match[str]]:
    """Yield the functions of letters with which statements begin that say something equals them."""
    for sentence in sentences:
        first = sentence.sides[0]
        whole = APPLIED.fullmatch(first.text[first.span.start : first.span.end].strip())
        if whole and sentence.relations and sentence.relations[0] in EQUALS and not whole["d"]:
            yield whole


def plain(name: str) -> str:
    """Return a name as it is read: without spaces, and without braces around one sign below it."""
    return _ONE_BELOW.sub(r"_\g<sign>", "".join(name.split()))


def undressed(text: str, dropped: frozenset[str]) -> str:
    """Return a text with `f(x)` written as `f` for functions f, inner ones first, every place kept."""
    for _ in range(3):
        new = APPLIED.sub(lambda found: _without_arguments(found, dropped), text)
        new = _POWER.sub(lambda found: _without_arguments(found, dropped), new)
        if new == text:
            break
        text = new
    return text


def at_odds(texts: Iterable[str], names: frozenset[str], own: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return those of some functions that texts apply to different arguments, or to others than their own: `f(x) - f(y)`."""
    taken = {name: {_BOLD.sub(r"\g<letter>", ",".join(letters))} for name, letters in own.items() if len(letters) > 1}
    for text in texts:
        inner = undressed(text, names)
        for found in (*APPLIED.finditer(text), *APPLIED.finditer(inner), *_POWER.finditer(text), *_POWER.finditer(inner)):
            if plain(found["name"]) in names:
                taken.setdefault(plain(found["name"]), set()).add(_BOLD.sub(r"\g<letter>", plain(found["args"])))
    samples = (name for name, some in taken.items() if any(_of_a_sample(a, own.get(name, ())) for a in some))
    return frozenset(name for name, some in taken.items() if len(some) > 1) | {*samples}


def factors(texts: Sequence[str], functions: frozenset[str]) -> frozenset[str]:
    """Return the capital letters among some functions that are factors in some texts: `B^T P B` beside `(B z)^T P (B z)`."""
    bare: set[str] = set()
    bracketed: set[str] = set()
    taken: set[str] = set()
    for text in texts:
        taken |= {plain(found["name"]) for found in APPLIED.finditer(text)}
        for found in LETTERS.finditer(text):
            opened = _APPLIED_BEHIND.match(text, found.end())
            if opened is not None:
                bracketed.add(plain(found[0]))
            elif not _MOVED.search(text[: found.start()]):
                bare.add(plain(found[0]))
    return frozenset(n for n in (bare & bracketed & functions) - taken - _FUNCTION_LIKE if base_letter(n)[-1:].isupper())


def _of_a_sample(argument: str, own: Sequence[str]) -> bool:
    """Tell whether an argument is the one that a function is defined of, with an index: `x_i` or `x_{(i)}`."""
    letter = _BOLD.sub(r"\g<letter>", own[0]) if len(own) == 1 else ""
    return bool(letter) and re.fullmatch(rf"{re.escape(letter)}_(?:[ijkn]|\{{\(?[a-z]\)?\}})", argument) is not None


def _without_arguments(found: re.Match[str], dropped: frozenset[str]) -> str:
    """Return `f(x)` as `f`, padded to its length, where f names a function."""
    if plain(found["name"]) not in dropped:
        return found[0]
    end = found.end("power" if "power" in found.re.groupindex else "name")
    kept = found[0][: end - found.start()]
    return kept + " " * (len(found[0]) - len(kept))


def summed_over(text: str) -> frozenset[str]:
    """Return the letters that sums and products of a formula may run over."""
    return frozenset(letter for found in _SUMS.findall(text) for letter in re.findall("[a-z]", _COMMANDS.sub(" ", found)))


def numbered(text: str) -> frozenset[str]:
    """Return the letters that a formula numbers: `A_{ij}`, and `x_i` where i is summed over or the derivative is by it."""
    summed = summed_over(text)
    out: set[str] = set()
    for found in _PLACES.finditer(text):
        places = re.sub(r"[\s,{}]", "", found["below"] if found["mark"] else found["places"])
        if found["mark"] and found["index"] not in summed:
            layer = f"{plain(found['name'])}_{{{plain(found['mark'])}}}"
            out |= {layer} if len(places) == 2 or places in summed or (places and found["by"]) else set()
            continue
        if found["name"] == "K" and not _ENTRY.issuperset(places):  # the commutation matrix, by its sizes
            continue
        name = plain(found["name"])
        if name in _FUNCTIONS and (found["by"] or _APPLIED_BEHIND.match(text, found.end())):
            continue
        if found["mark"] or (len(places) == 2 and name not in _FUNCTIONS) or places in summed or found["by"]:
            out |= {name, re.sub(r"(\\boldsymbol|\\mathbf|\\bm)(\\[a-zA-Z]+)", r"\1{\2}", name)}
    layers = {plain(found["name"]) for found in _STEPPED.finditer(text)}
    return frozenset(out - layers) - NO_NAMES - {"d", "e", "I"}


def primed(text: str, names: Names) -> frozenset[str]:
    """Return the letters with a prime that are no function: `y'` is a letter of its own."""
    found = [
        (plain(m["name"]), f"_{m['below']}" if m["below"] else "", m["primes"].count("'") or 1) for m in _PRIMED.finditer(text)
    ]
    return frozenset(f"{name}{below}{count * chr(39)}" for name, below, count in found if name not in names.functions)


def counts_by_d(text: str) -> bool:
    """Tell whether d is a letter in a formula: somewhere nothing stands behind it that it could be the differential of."""
    return _COUNT_D.search(text.strip()) is not None


def unsure(sides: Sequence[str], functions: frozenset[str]) -> bool:
    """Tell whether a letter stands before a bracket that may be its factor or its argument, and nowhere else in a chain."""
    found = {plain(m["low"] or m["any"]) for latex in sides for m in _UNSURE.finditer(latex)} - functions - NO_NAMES
    bare = [_ONE_BELOW.sub(r"_\g<sign>", _MOVED_OR_COMMAND.sub(" ", latex)) for latex in sides]
    return any(not any(re.search(rf"{re.escape(name)}(?!\s*\()", latex) for latex in bare) for name in found)
