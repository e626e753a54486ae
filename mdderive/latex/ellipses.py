r"""What is written out with dots, or as a list: sums over an index, the entries of a derivative, the entries of a letter.

`a_1 x_1 + \dots + a_n x_n` is read as the sum it is where its last term is its first with another index. A list of partial
derivatives says what the derivative on the other side means, and a list of numbered letters how entries are named.
"""

import re

from mdderive.latex.notation import ELLIPSES
from mdderive.model.reasons import Reason
from mdderive.model.traced import Traced

DOTS = re.compile(f"(?:{'|'.join(map(re.escape, sorted(ELLIPSES)))})(?![A-Za-z])")
_BETWEEN = re.compile(rf"\+\s*{DOTS.pattern}\s*\+")
_THIN = (r"\,", r"\;")
_STOPS = frozenset("+-=&,;<>")
_COMMANDS = re.compile(
    r"\\(?:\\|q?quad\b|Rightarrow|approx|le|ge|in\b|to\b|[lr]angle|big|Big|left|right|end(?![A-Za-z])|text(?![a-z]*frac))"
)
_ORDINAL = re.compile(r"_\s*(?:\{\s*([A-Za-z0-9])\s*\}|([A-Za-z0-9]))")
_FONT = re.compile(r"\\(?:mathbf|boldsymbol|bm|mathrm|mathsf|vec|mathcal)\s*\{\s*(\\?[A-Za-z]+)\s*\}")
_SPACES = re.compile(r"\\(?:left|right|[bB]igg?[lr]?)(?![A-Za-z])|\\[,;:!]|\\\\\[[^\]]*\]|&")
_ARGUMENT = re.compile(r"(?<=[A-Za-z}])\([^()]*\)")
_LIST = re.compile(r"(?P<open>[\[({]|\\\{)(?P<inner>.*)(?P<close>[\])}])")
_MATRIX = re.compile(r"[\[({]?\\begin\{[a-zA-Z]*(?:matrix|array)\}(?P<inner>.*)\\end\{[a-zA-Z]*(?:matrix|array)\}[\])}]?")
# What stands for all entries: `(a_{ij})_{i,j=1}^{n,m}`.
_FAMILY = re.compile(r"[\[(](?P<cell>.+)[\])]_\{?[a-z](?:,?[a-z])?(?:=1)?\}?(?:\^\{[^{}]*\})?")
# A derivative written in one of the usual ways: f'(x), y', dy/dx, d/dx f(x), Df(x), D_x f(x).
_SPELLING = re.compile(
    r"[a-zA-Z](?:'|\^\{\\prime\})(?:\([a-z]\))?|D(?:_\{?[a-z]\}?)?[a-zA-Z](?:\([a-z]\))?"
    r"|\\[dt]?frac\{d[a-zA-Z]?\}\{d[a-z]\}(?:[a-zA-Z](?:\([a-z]\))?)?"
)
_APPLIED = re.compile(r"(?P<name>\\?[A-Za-z]+)\((?P<of>(?:[A-Za-z](?:_(?:\w|\{\w\}))?|\\[cl]?dots|,)+)\)")
_SIGNS = r"(?:\\partial|\\delta|d)"
_OPERAND = r"[^{}]+(?:\{[^{}]*\})?"
_PARTIAL = re.compile(rf"\\[dt]?frac\{{{_SIGNS}(?P<of>{_OPERAND})\}}\{{{_SIGNS}(?P<by>{_OPERAND})\}}")
_AHEAD = re.compile(
    r"(?:\\nabla|\\partial)_(?:\{(?P<by>[^{}]+(?:\{[^{}]*\})?)\}|(?P<one>\w))(?P<of>\\?[A-Za-z]+(?:_(?:\w|\{[^{}]*\}))?)"
)
_TRANSPOSED = re.compile(r"\^(?:T|\{T\}|\\top|\{\\top\}|\\intercal|\{\\mathsf\{?T\}?\})$")
_NUMBERED = re.compile(r"(?P<name>\\?[A-Za-z]+)_(?:\w|\{[^{}]*\})")


def summed_dots(text: Traced) -> Traced:
    r"""Return a text in which `a_1 + a_2 + \dots + a_n` is `\sum_{i=1}^n a_i`, i being a letter that it does not use."""
    at = 0
    while found := _BETWEEN.search(text.text, at):
        at = found.end()
        body = text.text
        end = _ahead(body, found.end())
        end = len(body[:end].rstrip().removesuffix("."))
        last = body[found.end() : end]
        before: list[tuple[int, int]] = []
        stop = found.start()
        while len(before) < 3:
            start = _behind(body, stop)
            before.insert(0, (start, stop))
            if start == 0 or body[start - 1] != "+":
                break
            stop = start - 1
        pattern = _pattern([body[a:b] for a, b in before], last)
        free = next(iter(unused_indices(body)), "")
        if pattern is None or not free:
            continue
        term, size = pattern
        new = rf"\sum_{{{free}=1}}^{{{size}}} {term.replace('@', free)} "
        first = before[0][0]
        origin = (text.origins[first],) * len(new)
        text = Traced(body[:first] + new + body[end:], (*text.origins[:first], *origin, *text.origins[end:]))
        at = first + len(new)
    return text


def unused_indices(text: str) -> list[str]:
    """Return the letters for indices that a text does not use."""
    return [i for i in "ijkl" if not re.search(rf"(?<![A-Za-z\\]){i}(?![A-Za-z])", text)]


def _pattern(terms: list[str], last: str) -> tuple[str, str] | None:
    """Return what terms have in common, `@` for their number, and the number of the last; None where they differ otherwise."""
    sizes = {a or b for a, b in _ORDINAL.findall(last)}
    for size in sorted(s for s in sizes if s.isalpha()):
        common = "".join(_numbered(last, size).split())
        if "@" not in common:
            continue
        if all("".join(_numbered(term, str(i)).split()) == common for i, term in enumerate(terms, 1)):
            return _numbered(last, size), size
    return None


def _numbered(term: str, number: str) -> str:
    return _ORDINAL.sub(lambda found: "_{@}" if (found[1] or found[2]) == number else f"_{{{found[1] or found[2]}}}", term)


def _ahead(text: str, at: int) -> int:
    """Return where the term that begins at a place ends."""
    depth = 0
    while at < len(text):
        if depth == 0 and (text[at] in _STOPS or text[at] in "}])" or _COMMANDS.match(text, at)):
            return at
        depth += (text[at] in "{[(") - (text[at] in "}])")
        at += 2 if text.startswith(_THIN, at) else 1
    return at


def _behind(text: str, at: int) -> int:
    """Return where the term that ends at a place begins."""
    depth = 0
    while at > 0:
        char = text[at - 1]
        thin = text.startswith(_THIN, at - 2)
        if depth == 0 and not thin and (char in _STOPS or char in "{[("):
            return at
        depth += (char in "}])") - (char in "{[(")
        if depth == 0 and _COMMANDS.match(text, at - 1):
            return at
        at -= 1
    return at


def writes_out(left: str, right: str) -> Reason | None:
    """Return what a relation with a list on one side explains; None where it may assert something."""
    if _SPELLING.fullmatch(_plain(left)) and _SPELLING.fullmatch(_plain(right)):
        return Reason("two-spellings")
    applied = _arguments(left)
    if applied is not None and applied == _arguments(right):
        return Reason("names-entries")
    plain, listed = _plain(left), _cells(_plain(right))
    if not listed:
        plain, listed = _plain(right), _cells(_plain(left))
    if len(listed) < 2:
        return None
    whole = _derivative(_TRANSPOSED.sub("", plain))
    entries = [_derivative(cell) for cell in listed]
    if whole and all(entry and all(map(_entry_of, entry, whole)) for entry in entries):
        return Reason("written-out")
    numbered = [_NUMBERED.fullmatch(cell) for cell in listed]
    name = _TRANSPOSED.sub("", plain).partition("_")[0]
    if name and all(found and found["name"].lower() == name.lower() for found in numbered):
        return Reason("names-entries")
    return None


def _arguments(side: str) -> tuple[str, str] | None:
    r"""Return the function and the letter that a side is, `f(x)` or `f(x_1, \dots, x_n)`; None where it is neither."""
    found = _APPLIED.fullmatch("".join(_FONT.sub(r"\1", side).split()))
    names = {cell.partition("_")[0] for cell in DOTS.sub("", found["of"]).split(",") if cell} if found else set()
    return (found["name"], names.pop()) if found and len(names) == 1 else None


def _plain(side: str) -> str:
    """Return a side without spaces, fonts, sizes of brackets and arguments."""
    text = _SPACES.sub(lambda found: "&" if found[0][-1] in "&]" else "", side)
    text = _ARGUMENT.sub("", text) if r"\frac" in text or r"\nabla" in text or r"\partial" in text else text
    text = "".join(_FONT.sub(r"\1", _FONT.sub(r"\1", text)).split())
    return re.sub(r"(?<=partial)\{([^{}]*)\}", r"\1", text)


def _cells(side: str) -> list[str]:
    """Return what a matrix or a bracketed list holds, without dots; an empty list where a side is neither."""
    family = _FAMILY.fullmatch(side)
    if family is not None:
        return [family["cell"]] * 2
    side = _TRANSPOSED.sub("", side)
    found = _MATRIX.fullmatch(side) or _LIST.fullmatch(side)
    if found is None:
        return []
    dotted = DOTS.sub("&", found["inner"])
    return [cell for cell in re.split(r"\\\\|&|,(?![^{]*\})", dotted) if cell]


def _derivative(text: str) -> tuple[str, str] | None:
    """Return what is differentiated and by what."""
    found = _PARTIAL.fullmatch(text) or _AHEAD.fullmatch(text)
    if found is None:
        return None
    by = found["by"] or found.groupdict().get("one") or ""
    return found["of"], by


def _entry_of(entry: str, whole: str) -> bool:
    """Tell whether a name is another, or an entry of it."""
    name, _, below = entry.partition("_")
    base = whole.partition("_")[0]
    return name.lower() == base.lower() and (entry == whole or bool(below))
