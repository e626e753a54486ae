r"""What a formula shows of its letters before it is parsed: functions and their arguments, what it numbers, probabilities."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from mdderive.latex.letters import Names, base_letter
from mdderive.latex.notation import ELLIPSES, EQUALS, TENSORS, UNIT_LETTERS
from mdderive.latex.occurrences import Application, Occurrence, Occurrences, occurrences_in, occurrences_of, plain
from mdderive.latex.relations import Sentence, Side
from mdderive.latex.symbols import MARKED

_FUNCTION_LIKE = frozenset("f g h F G H L J E Q l".split()) | {
    r"\ell",
    r"\mathcal{L}",
    r"\mathcal{J}",
    r"\mathcal{E}",
    r"\mathcal{F}",
}
_ENTRY = frozenset("ijkl")  # what numbers the entries of a matrix, and no sizes
# A differential is no function of a letter, and elementwise functions keep their arguments.
NO_NAMES = frozenset({"d", r"\mathrm{d}", r"\mathbf{d}", "e", r"\sigma", r"\phi", r"\varphi", r"\psi"})
_BOLD = (r"\mathbf{", r"\mathrm{", r"\mathsf{", r"\boldsymbol{", r"\bm{")  # one note writes a letter with and without
_FUNCTIONS = frozenset("fgh")  # where nothing else shows that they are columns
_BARS = frozenset({"|", r"\vert", r"\mid"})
_SUMS = frozenset({r"\sum", r"\prod"})
_ENTRYWISE = frozenset(sign for sign, op in TENSORS.items() if op == "had")
_MOVING = frozenset({r"\partial", r"\nabla", "d"})
_TRANSPOSING = frozenset({"T", r"\top", r"\intercal", "-"})
# What a `d` that is a letter stands before, and what it does not stand in: `\frac{d}{dx}` begins a derivative.
_BEHIND_COUNT = frozenset({"-", "+", "=", ")", "]", "}", "/", "^", r"\le", r"\ge", r"\cdot", r"\times", ""})
_OPENING_D = frozenset({"^", "_", r"\frac", r"\dfrac", r"\tfrac", r"\mathrm", r"\text", r"\rm"})


def probabilities(texts: Iterable[str]) -> frozenset[str]:
    """Return the names that some texts apply to something under a condition: where p(x | y) is a probability, p(x) is one too."""
    found = (letter.name for f in map(occurrences_of, texts) for letter in f.letters if _is_conditioned(f, letter))
    return frozenset(found) - NO_NAMES


def _is_conditioned(f: Occurrences, letter: Occurrence) -> bool:
    opens, close = letter.behind, f.partner.get(letter.behind, 0)
    inside = [token.text for token in f.stream[opens + 1 : close]] if f.stream[opens].text == "(" else []
    return "(" not in inside and sum(text in _BARS for text in inside) == 1 and f.stands_free(letter.first)


def applied(
    formulas: Sequence[tuple[str, tuple[Sentence, ...]]], densities: frozenset[str], shaped: frozenset[str]
) -> frozenset[str]:
    """Return the letters that are the names of functions.

    `formulas` are texts with their statements; `densities` are names of probabilities, which keep what they are applied to;
    `shaped` are letters that are said to be vectors or matrices, which are functions only where they are applied as such.
    """
    names: set[str] = set(_FUNCTION_LIKE - shaped)
    for text, sentences in formulas:
        f = occurrences_of(text)
        names |= {whole.name for whole in _defining(sentences)}
        names |= {letter.name for letter in f.letters if f.stream[letter.behind].text == "(" and _moved_by(f, letter)}
        inner = occurrences_of(undressed(text, frozenset(names)))
        counts = _exponents(f)
        for found in (*f.applications, *inner.applications):
            factor = text[found.kept].isspace() and _is_raised_factor(f, found)
            if found.name not in counts and not (found.power or found.moved or factor or found.arguments[-1][-1].isupper()):
                names.add(found.name)
    return frozenset(names - NO_NAMES - densities)


def acting_by_entries(texts: Iterable[str]) -> frozenset[str]:
    r"""Return the functions whose derivative is a factor entry by entry, `\delta \odot f'(z)`, or on a diagonal."""
    found: set[str] = set()
    for f in map(occurrences_of, texts):
        for letter in f.letters:
            opens = letter.behind + 1
            if (f.stream[opens - 1].text, f.stream[opens].text) == ("'", "(") and opens in f.partner:
                around = {f.stream[letter.first - 1].text, f.stream[f.partner[opens] + 1].text}
                ahead = f.text[: f.stream[letter.first].span.start].rstrip(" (").rstrip("}")
                found |= {letter.name} if around & _ENTRYWISE or ahead.endswith("diag") else set()
    return frozenset(found) - NO_NAMES


def _moved_by(f: Occurrences, letter: Occurrence) -> str:
    r"""Return the operator that a letter stands behind, `\partial`, `\nabla_x` or `d`; nothing where it is none of these."""
    at = letter.first - 1 - (f.stream[letter.first - 1].text == "{")
    script = f.opening.get(at, at) - 1
    at = script - 1 if f.stream[script].text == "_" else at
    known = f.stream[at].text in _MOVING and not (f.touches(at) and f.stream[at - 1].kind == "letter")
    return f.stream[at].text if known else ""


def _exponents(f: Occurrences) -> frozenset[str]:
    """Return the small letters, applied to nothing, in what something else than e is raised to: `q (g(x))^{q - 1}`."""
    raised = [f.group(i + 1) for i, t in enumerate(f.stream) if t.text == "^" and f.stream[i - 1].text != "e"]
    return frozenset(t.text for inner in raised for t in inner if t.kind == "letter" and t.text.islower())


def _is_raised_factor(f: Occurrences, found: Application) -> bool:
    """Tell whether what is applied is transposed or inverted: behind a space, `c (u)^T u` is a product, unlike `f(x)^T`."""
    return f.stream[found.behind].text == "^" and any(t.text in _TRANSPOSING for t in f.group(found.behind + 1)[:4])


def named_units(formulas: Iterable[tuple[str, tuple[Sentence, ...]]]) -> frozenset[str]:
    """Return the letters that are spelled as unit vectors, and that a note says to be something else: an error, a matrix."""
    found: set[str] = set()
    for _, sentences in formulas:
        for first, second, *_ in (s.sides for s in sentences if s.relations and s.relations[0] in EQUALS):
            name, value = (occurrences_in(side.text, side.span) for side in (first, second))
            letter = _alone(name)
            numbered_unit = letter is not None and name.name(letter.first, letter.base) in UNIT_LETTERS
            if letter is not None and numbered_unit and len(letter.name.rpartition("_")[2]) == 1 and not _lists_entries(value):
                found.add(letter.name)
    return frozenset(found)


def _alone(f: Occurrences) -> Occurrence | None:
    """Return the letter that a formula is nothing but."""
    first = next(iter(f.letters), None)
    return first if first is not None and (first.first, first.behind) == (0, f.count) else None


def _lists_entries(f: Occurrences) -> bool:
    """Tell whether a formula has a matrix, a list, dots, or a bracket that begins with 0 or 1; a row in a table has not."""
    listing = {",", ":", *ELLIPSES}
    if any(t.text == "&" for t in f.stream):
        return False
    for i, t in enumerate(f.stream):
        below = t.text == "_" and r"\cdot" in (inner.text for inner in f.group(i + 1)[:1])
        unit = t.text in ("(", "[") and any(behind.text[:1] in ("0", "1") for behind in f.stream[i + 1 : i + 2])
        if t.kind == "begin" or t.text in listing or below or unit:
            return True
    return False


def applied_to(texts: Iterable[str], names: AbstractSet[str]) -> frozenset[tuple[str, str]]:
    """Return the names of functions in some texts, among some names, each with a letter that it is applied to."""
    found = (whole for text in texts for whole in occurrences_of(text).applications if whole.name in names)
    return frozenset((whole.name, letter) for whole in found for letter in whole.arguments)


def arguments(formulas: Sequence[tuple[str, tuple[Sentence, ...]]]) -> dict[str, tuple[str, ...]]:
    """Return the functions that are defined of letters, `f(x, y) = x y`, with these; none that is so of others too."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for _, sentences in formulas:
        for whole in _defining(sentences):
            if not whole.apart:
                found.setdefault(whole.name, set()).add(whole.arguments)
    return {name: some.pop() for name, some in found.items() if len(some) == 1}


def _defining(sentences: Iterable[Sentence]) -> Iterator[Application]:
    """Yield the functions of letters with which statements begin that say something equals them."""
    for sentence in sentences:
        if sentence.relations and sentence.relations[0] in EQUALS:
            first = sentence.sides[0]
            whole = _whole(occurrences_in(first.text, first.span))
            if whole is not None and not whole.moved:
                yield whole


def whole_application(text: str) -> Application | None:
    """Return the function with its arguments that a text is nothing but."""
    return _whole(occurrences_of(text))


def _whole(f: Occurrences) -> Application | None:
    found = next(iter(f.applications), None)
    whole = found is not None and not found.power and found.behind == f.count and f.stream[0].span.start == found.span.start
    return found if whole else None


def undressed_sides(sides: Sequence[Side], dropped: frozenset[str]) -> list[str]:
    """Return the texts in which some sides stand, with `f(x)` written as `f` for functions f."""
    return [undressed(side.text, dropped) for side in sides]


def undressed(text: str, dropped: frozenset[str]) -> str:
    """Return a text with `f(x)` written as `f` for functions f, inner ones first, every place kept."""
    for _ in range(3):
        found = [one for one in occurrences_of(text).applications if one.name in dropped]
        if not found:
            break
        for one in found:
            text = text[: one.kept] + " " * (one.span.end - one.kept) + text[one.span.end :]
    return text


def at_odds(sides: Iterable[Side], names: frozenset[str], own: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return those of some functions that sides apply to different arguments, or to others than their own: `f(x) - f(y)`."""
    taken = {name: {tuple(map(_unbold, letters))} for name, letters in own.items() if len(letters) > 1}
    for side in sides:
        inner = occurrences_in(undressed(side.text, names), side.span)
        for found in (*occurrences_in(side.text, side.span).applications, *inner.applications):
            if found.name in names:
                taken.setdefault(found.name, set()).add(tuple(map(_unbold, found.arguments)))
    samples = (name for name, some in taken.items() if any(_of_a_sample(a, own.get(name, ())) for a in some))
    return frozenset(name for name, some in taken.items() if len(some) > 1) | {*samples}


def _unbold(name: str) -> str:
    """Return a name without the font around its letter."""
    font = next((font for font in _BOLD if name.startswith(font)), "")
    letter, _, below = name.removeprefix(font).partition("}")
    return letter + below if font else name


def factors(sides: Sequence[Side], functions: frozenset[str]) -> frozenset[str]:
    """Return the capital letters among some functions that are factors in some sides: `B^T P B` beside `(B z)^T P (B z)`."""
    bare: set[str] = set()
    bracketed: set[str] = set()
    taken: set[str] = set()
    for f in (occurrences_in(side.text, side.span) for side in sides):
        taken |= {found.name for found in f.applications if not found.power}
        for letter in f.letters:
            if f.stream[letter.behind].text == "(":
                bracketed.add(letter.name)
            elif not _moved_by(f, letter):
                bare.add(letter.name)
    return frozenset(n for n in (bare & bracketed & functions) - taken - _FUNCTION_LIKE if base_letter(n)[-1:].isupper())


def _of_a_sample(arguments: Sequence[str], own: Sequence[str]) -> bool:
    """Tell whether the argument is the one that a function is defined of, with an index: `x_i` or `x_{(i)}`."""
    if len(own) != 1 or len(arguments) != 1:
        return False
    letter, _, index = arguments[0].partition("_")
    marked = index[:2] == "{(" and index[2:-2].islower() and len(index) == 5
    return letter == _unbold(own[0]) and (index in ("i", "j", "k", "n") or marked)


def summed_over(text: str) -> frozenset[str]:
    """Return the letters that sums and products of a formula may run over."""
    f = occurrences_of(text)
    found: set[str] = set()
    for i, token in enumerate(f.stream):
        if token.text in _SUMS and f.stream[i + 1].text == "_":
            at, end = i + 2, f.past(i + 2)
            while at < end:
                if f.stream[at].kind == "letter" and f.stream[at].text.islower():
                    found.add(f.stream[at].text)
                at = f.past(at + 1) if f.stream[at].kind == "command" and f.stream[at + 1].text == "{" else at + 1
    return frozenset(found)


def layer_indices(texts: Iterable[str]) -> frozenset[str]:
    """Return the indices of layers: a matrix has them, `W_l`, and some letter one of the next or the last, `a_{l-1}`."""
    steps: set[str] = set()
    matrices: set[str] = set()
    for f in map(occurrences_of, texts):
        for letter in f.letters:
            inner = [t for t in f.group(letter.base + 1) if t.text not in "()[]"] if letter.core > letter.base else []
            step = [t.kind for t in inner] == ["letter", "sign", "number"]
            steps |= {inner[0].text} if step else set()
            capital = base_letter(f.name(letter.first, letter.base))[-1:].isupper()
            matrices |= {inner[0].text} if capital and (step or [t.kind for t in inner] == ["letter"]) else set()
    return frozenset(steps & matrices)


def numbered(text: str, layers: AbstractSet[str]) -> frozenset[str]:
    """Return the letters that a formula numbers: `A_{ij}`, and `x_i` where i is summed over or the derivative is by it.

    What has one of some indices of `layers` is a letter of its own.
    """
    f, summed = occurrences_of(text), summed_over(text)
    out: set[str] = set()
    next_to: set[str] = set()
    for letter in f.letters:
        inner = f.group(letter.base + 1) if letter.core > letter.base else ()
        name, by = f.name(letter.first, letter.base), _differentiates(f, letter)
        mark = MARKED.fullmatch(text[inner[0].span.start : inner[-1].span.end]) if len(inner) > 2 else None
        places = _places(mark["below"]) if mark is not None else "".join(t.text for t in inner if t.text != ",")
        if by and [t.kind for t in inner] == ["letter", "sign", "number"]:
            next_to.add(name)  # the next layer or step
        elif places in layers - summed:
            continue
        elif mark is not None and mark["index"] not in summed:
            if len(places) == 2 or places in summed or (places and by):
                out.add(f"{name}_{{{plain(mark['mark'])}}}")
        elif mark is not None or (places.isalpha() and places.islower() and len(places) <= 2):
            function = name in _FUNCTIONS and (by or f.stream[letter.core].text == "(")
            sized = base_letter(name) in ("I", "K") and not _ENTRY.issuperset(places)  # K commutes by its sizes
            entry = mark is not None or (len(places) == 2 and name not in _FUNCTIONS) or places in summed or by
            if entry and not function and not sized:
                out.add(name)
    return frozenset(out - next_to) - NO_NAMES - {"d", "e", "I"}


def _places(below: str) -> str:
    return "".join(below.replace(",", "").split())


def _differentiates(f: Occurrences, letter: Occurrence) -> bool:
    r"""Tell whether a letter stands behind `\partial` or `d`."""
    return _moved_by(f, letter) in (r"\partial", "d")


def row_and_column(text: str) -> frozenset[str]:
    """Return the letters that number an entry of what is in brackets, or of what a derivative is by, in pairs."""
    f = occurrences_of(text)
    found: set[str] = set()
    for i, token in enumerate(f.stream):
        inner = [t for t in f.group(i + 1) if t.text != ","] if token.text == "_" else []
        if len(inner) == 2 and all(t.kind == "letter" and t.text.islower() for t in inner) and _takes_an_entry(f, i):
            found |= {t.text for t in inner}
    return frozenset(found)


def _takes_an_entry(f: Occurrences, at: int) -> bool:
    """Tell whether what ends at a place is in brackets, or what a derivative is by."""
    by = next((letter for letter in f.letters if letter.base in (at, at - 1) and _differentiates(f, letter)), None)
    opens = by.first - 2 - (f.stream[by.first - 1].text == "{") if by is not None else 0
    return f.stream[at - 1].text in (")", "]") or (f.stream[opens].text, f.stream[opens - 1].text) == ("{", "}")


def numbered_functions(text: str) -> frozenset[str]:
    """Return the usual names of functions that have an index: `f_i`."""
    f = occurrences_of(text)
    names = (letter.name.partition("_") for letter in f.letters)
    return frozenset(letter for letter, _, index in names if letter in _FUNCTIONS and index in _ENTRY)


def primed(text: str, names: Names) -> frozenset[str]:
    """Return the letters with a prime that are no function: `y'` is a letter of its own."""
    f = occurrences_of(text)
    found: set[str] = set()
    for letter in f.letters:
        end = letter.core
        while f.stream[end].text == "'":
            end += 1
        below = f.group(letter.base + 1) if letter.core > letter.base else ()
        name = f.name(letter.first, letter.base)
        if (
            end > letter.core
            and f.stream[end].text not in ("(", "_", "[", "^")
            and len(below) < 2
            and name not in names.functions
        ):
            found.add(f.name(letter.first, letter.core) + "'" * (end - letter.core))
    return frozenset(found)


def counts_by_d(text: str) -> bool:
    """Tell whether d is a letter in a formula: somewhere nothing stands behind it that it could be the differential of."""
    f = occurrences_of(text)
    for i, token in enumerate(f.stream):
        before = f.stream[i - 1]
        opens = f.stream[i - 2].text if before.text == "{" else before.text
        close = f.touches(i) and before.kind == "letter"
        if token.text == "d" and opens not in _OPENING_D and not close and f.stream[i + 1].text in _BEHIND_COUNT:
            return True
    return False


def unsure(sides: Sequence[str], dropped: frozenset[str], functions: frozenset[str]) -> bool:
    """Tell whether a letter stands before a bracket that may be its factor or its argument, and nowhere else in a chain.

    The arguments of functions that are `dropped` are not looked at.
    """
    found: set[str] = set()
    bare: set[str] = set()
    for f in (occurrences_of(undressed(side, dropped)) for side in sides):
        applied_to_letters = {one.name for one in f.applications if not one.power and len(one.arguments) == 1}
        for letter in f.letters:
            if f.stream[letter.behind].text != "(":
                bare |= set() if _differentiates(f, letter) else {letter.name}
            elif f.stands_free(letter.first) and (letter.name[0].islower() or letter.name in applied_to_letters):
                found.add(letter.name)
    return bool(found - bare - functions - NO_NAMES)
