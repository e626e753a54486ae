"""Letters, with the subscripts, primes and arguments that belong to them; the sizes of I, 1, 0 and K."""

import re
from string import ascii_letters

from mdderive.latex import stand_ins, syntax
from mdderive.latex.arguments import at_arguments
from mdderive.latex.letters import base_letter
from mdderive.latex.notation import (
    BRACKETS,
    FONTS,
    GREEK,
    INDICES,
    LETTERED,
    LOWER_GREEK,
    NAMES,
    PAIRED_INDICES,
    TEXTS,
    UNIT_LETTERS,
)
from mdderive.latex.parser import Parser
from mdderive.latex.syntax import Syntax
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.functions import FUNCTIONS
from mdderive.model.source import Span

# Letters that are applied, not multiplied, when `(` follows and nothing declares them.
APPLIED = frozenset({r"\sigma", r"\phi", r"\varphi", r"\psi", "f", "g", "h"})
# What stands below L for the derivative of a function of a matrix.
_POWER = re.compile(r"x\^\{?(-?\d+/\d+)\}?")
_BELOW = {row.latex.replace(" ", ""): row.name for row in FUNCTIONS.values()}
MEAN = r"\mathbb{E}"
SHORTEST_WORD = 3  # of letters in a row that are no product
CONDITIONS = frozenset({"|", r"\vert", r"\mid"})
# Sizes that notes give in words.
_COUNTED = {"rows": "m", "cols": "n", "columns": "n", "dim": "n", "len": "n"}
_COUNTS = re.compile(
    rf"\\(?:text|mathrm|textrm|operatorname)\{{(?:(?P<count>{'|'.join(_COUNTED)})\}}\((?:\\\w+\{{)?(?P<of>[A-Za-z])\}}?\)|(?P<word>\w|\d+)\}})"
)
# A word below a letter, which numbers nothing: `x_{\text{new}}`, `x_{new}`.
_LABEL = re.compile(r"\\(?:text|textrm|mathrm|mbox|operatorname)\{.{2,}\}|[A-Za-z]{3,}")
# A mark in brackets, with what stands before it: `(i)`, `j(i)`, `jk[l-1]`.
MARKED = re.compile(r"(?P<below>[a-z]?\s*,?\s*[a-z]?)(?P<mark>[(\[]\s*(?P<index>[A-Za-z][^()\[\]]*?)\s*[)\]])")
# A column or a row of a matrix: `X_{:,j}`, `X_{i,:}`.
_SLICE = re.compile(r"\s*(?::\s*(?:,[^:,]*)?|[^:,]*,\s*:)\s*")


def read_letter(p: Parser, name: str, start: int) -> Syntax:
    """Read a letter's subscript and primes, and its argument where it is a function."""
    if (constant := _as_constant(p, name, start)) is not None:
        return constant
    subscript = read_subscript(p)
    if name in p.bound and not subscript:
        raise Refusal(Finding("DRV234", p.since(start), {"construct": name}))
    numbered = _numbered(p, name, subscript, start) if subscript else None
    if numbered is not None:
        return numbered
    name += below_name(subscript)
    if _lettered(p, name, p.token) and (not subscript or p.names.strict or len(subscript) > 1):
        return p.readers.call(p, NAMES[name], start)
    primes = read_primes(p)
    if name in p.names.moving:
        return read_moving(p, name, primes, start)
    if name in p.names.valued and not primes and p.token.text == "(" and (value := _valued(p, name, start)) is not None:
        return value
    if name in p.names.arguments and not primes and p.token.text == "(":
        here, found = p.at, at_arguments(p, syntax.Letter(p.since(start), name), name)
        if p.at != here:
            return found
    density = read_density(p, name, start) if not primes else None
    if density is not None:
        return density
    known = name in p.names.functions
    applied = known or (name in APPLIED and name not in p.names.symbols)
    if applied and p.token.text in ("(", "["):
        argument = p.atom()
        return syntax.Applied((argument.args[0],), p.since(start), name, primes)
    spelled = name + "'" * primes
    if primes and spelled not in p.names.symbols:
        raise Refusal(Finding("DRV213", p.since(start), {"name": name}))
    if name in ("D", r"\mathrm{D}") and name not in p.names.symbols and p.token.text in p.names.functions:
        raise Refusal(Finding("DRV214", p.since(start)))
    multiplied = name in p.names.symbols or is_matrix(name) or _is_multiplier(p, name)
    if p.names.strict and p.token.text == "(" and not multiplied:
        word = _word_at_end(p.source[: p.end])
        if len(word) >= SHORTEST_WORD and word.islower():
            raise Refusal(Finding("DRV208", Span(p.end - len(word), p.end), {"word": word}))
        raise Refusal(Finding("DRV219", p.since(start), {"name": name}))
    return syntax.Letter(Span(start, p.end), spelled)


def _word_at_end(text: str) -> str:
    """Return the letters that a text ends with, where they are no command."""
    before = text.rstrip(ascii_letters)
    return "" if before.endswith("\\") else text[len(before) :]


def _as_constant(p: Parser, name: str, start: int) -> Syntax | None:
    """Read I, K, L and D as the constants and derivatives that these letters stand for; None where they are letters."""
    free = name not in p.names.symbols
    if name == "I" and free and not _lettered(p, f"I_{subscript_ahead(p)}", p.peek(2)):
        return read_sized(p, start, syntax.Identity)
    if name == "K" and free and p.token.text == "_" and "," in subscript_ahead(p):
        return read_sized(p, start, syntax.Commutation)
    if name in ("L", "K"):
        return _of_a_function(p, start, name)
    return _in_a_direction(p, start) if name in ("D", r"\mathrm{D}") and free else None


def _valued(p: Parser, name: str, start: int) -> Syntax | None:
    """Read a value that is defined as a function with its arguments; None where what is in the brackets is a factor."""
    letter, made_of = syntax.Letter(p.since(start), name), p.names.valued[name]
    if _takes(p, made_of):
        return letter
    if name in p.names.called and (value := _elsewhere(p)) is not None:
        return syntax.Standing((letter, syntax.Ask(letter.span), value), p.since(start))
    if name in p.names.called or (p.names.strict and p.peek(1).text in p.names.symbols and p.peek(2).text == ")"):
        raise Refusal(Finding("DRV226", letter.span, {"name": name, "letters": ", ".join(sorted(made_of))}))
    return None


def _lettered(p: Parser, name: str, behind: Token) -> bool:
    """Tell whether a name that is spelled as a letter is that of a known function: nothing declares it, and it is applied."""
    return name in LETTERED and behind.text == "(" and name not in p.names.symbols and name not in p.names.functions


def _elsewhere(p: Parser) -> Syntax | None:
    """Read the one argument of a value that is defined as `f(X)`; None where there are several."""
    for token, depth in p.nested():
        if depth == 0:
            return p.atom().args[0]
        if depth == 1 and token.text in (",", ";"):
            return None
    return None


def _in_a_direction(p: Parser, start: int) -> Syntax | None:
    r"""Read `D f(x)[h]`, where f is a function or a value with its argument, or `D_x f[h]`; None where something else stands."""
    here, below = p.at, p.token.text == "_"
    if below:
        p.take()
    elif p.token.text not in p.names.functions | p.names.valued.keys() or p.peek(1).text != "(":
        return None
    at = p.at
    p.go(at if below else at + 2)
    letter = p.brace() if p.token.text == "{" else p.atom()
    p.go(p.at if below else at)
    if not isinstance(letter, syntax.Letter) or p.ends_product(False):
        p.go(here)
        return None
    bare = p.token if p.token.kind == "letter" and p.peek(1).text == "[" else None  # a function whose argument is left out
    f = p.atom() if bare is None else syntax.Letter(p.take().span, bare.text)
    if p.token.text != "[" or (below and p.names.strict and letter.name not in p.names.symbols):
        p.go(here)
        return None
    return syntax.Directional((f, letter, p.within(p.take(), "]")), p.since(start))


def _of_a_function(p: Parser, start: int, name: str) -> Syntax | None:
    r"""Read `L_{\exp}(X, Y)`, the derivative of a function of a matrix in a direction, and `K_{\exp}(X)`, its matrix.

    Returns None where something else stands.
    """
    below = subscript_ahead(p).replace(" ", "")
    power = _POWER.fullmatch(below)
    function = power[1] if power else below if below in APPLIED else _BELOW.get(below, "")
    if not function:
        return None
    here = p.at
    read_subscript(p)
    if p.token.text == "(":
        parts = p.listed(p.take(), ")", 2)
        if len(parts) == (2 if name == "L" else 1):
            return syntax.Call(parts, p.since(start), "frechet" if name == "L" else "frechetmatrix", function)
    p.go(here)
    return None


def _numbered(p: Parser, base: str, subscript: str, start: int) -> Syntax | None:
    """Return the member, entry or unit vector that a subscript makes of a letter; None where it belongs to the name.

    Raises `Refusal` for what is numbered and not read.
    """
    if base in p.names.families:
        return _member(p, base, subscript, start)
    if (mark := MARKED.fullmatch(subscript)) is not None and (found := _of_a_sample(p, base, mark, start)) is not None:
        return found
    name, places = base + below_name(subscript), places_of(p, subscript)
    if places and name not in p.names.symbols and name not in p.names.functions:
        small = base_letter(base)[-1:].islower()
        if base in p.names.symbols and (len(places) == 2 or places[0] in p.bound or small):
            return syntax.Indexed((syntax.Letter(p.since(start), base),), p.since(start), places)
        if base == r"\delta" and len(places) == 2 and base not in p.names.symbols:
            return syntax.Compared(p.since(start), places[0], "=", places[1])
        if base in UNIT_LETTERS and len(places) == 1 and base not in p.names.symbols:
            return syntax.Unit(p.since(start), places[0])
    if _SLICE.fullmatch(subscript) and name not in p.names.symbols:  # a row or a column is no letter of its own
        return _slice(p, base, subscript, start)
    letters = {*p.bound, *p.names.indices}
    one_of_many = places and (letters.issuperset(places) or (len(places) == 2 and base.upper() in p.names.symbols))
    applied = p.token.text == "(" and not _is_multiplier(p, base) and (base in LOWER_GREEK or not _bracket_ahead(p)[0])
    if p.names.strict and one_of_many and not applied and not {name, base} & p.names.symbols:
        return syntax.Member((syntax.Letter(p.since(start), base),), p.since(start), places)
    if mentions_bound(p, subscript):
        code = "DRV252" if name in p.names.symbols else "DRV251" if places else "DRV224"
        raise Refusal(Finding(code, p.since(start), {"name": name, "letter": base}))
    return None


def _of_a_sample(p: Parser, base: str, mark: re.Match[str], start: int) -> Syntax | None:
    r"""Read `x_{(i)}`, what a sum takes of a sample, and `x_{j(i)}`, an entry of that or of what a layer has."""
    below = places_of(p, mark["below"])
    span = p.since(start)
    if mark["index"] in p.bound and base in p.names.symbols and len(below) == len(mark["below"]) < 2:
        sample = syntax.Indexed((syntax.Letter(span, base),), span, (mark["index"],))
        return syntax.Indexed((sample,), span, below) if below else sample
    layer = f"{base}_{{{mark['mark']}}}"
    return syntax.Indexed((syntax.Letter(span, layer),), span, below) if below and layer in p.names.symbols else None


def _slice(p: Parser, base: str, subscript: str, start: int) -> Syntax:
    r"""Read the column `X_{:,j}` of a matrix as `X e_j`, and its row `X_{i,:}` as `e_i^T X`."""
    span = p.since(start)
    row, comma, column = subscript.replace(" ", "").partition(",")
    places = places_of(p, column if row == ":" else row)
    if base not in p.names.symbols or not comma or len(places) != 1:
        raise Refusal(Finding("DRV252", span, {"name": base + below_name(subscript), "letter": base}))
    letter, unit = syntax.Letter(span, base), syntax.Unit(span, places[0])
    factors = (letter, unit) if row == ":" else (syntax.Transpose((unit,), span), letter)
    return syntax.Group((syntax.Product(factors, span),), span)


def _member(p: Parser, base: str, subscript: str, start: int) -> Syntax:
    """Read a member of a family: its letter with as many indices as it has; what follows them numbers an entry of it."""
    places, own = places_of(p, subscript), p.names.families[base]
    listed = tuple(subscript.replace(",", "").replace(" ", ""))
    places = places or (listed if len(listed) == own and re.fullmatch(r"[a-z](?:[, ]*[a-z])*", subscript) else ())
    letter = syntax.Letter(p.since(start), base)
    if len(places) < own:
        raise Refusal(Finding("DRV252", letter.span, {"name": p.written(letter), "letter": base}))
    member = syntax.Member((letter,), letter.span, places[:own])
    return member if len(places) == own else syntax.Indexed((member,), letter.span, places[own:])


def read_moving(p: Parser, name: str, primes: int, start: int) -> Syntax:
    r"""Read a function of a scalar: `x`, `x(t)`, `x'(t)` and `\dot x`."""
    parameter = p.names.moving[name]
    if [p.peek(i).text for i in range(3)] == ["(", parameter, ")"]:
        p.go(p.at + 3)
    letter, along = (syntax.Letter(p.since(start), text) for text in (name, parameter))
    if primes > 1:
        raise Refusal(Finding("DRV214", letter.span))
    return syntax.Derivative((letter, along), letter.span) if primes else letter


def _takes(p: Parser, made_of: frozenset[str]) -> bool:
    """Go past the arguments of a value that is defined by a formula, `f(X)` or `l(W, b)`: letters that it is made of."""
    ahead = 0
    while p.peek(ahead).text == ("," if ahead else "(") and p.peek(ahead + 1).text in made_of:
        ahead += 2
    if not ahead or p.peek(ahead).text != ")":
        return False
    p.go(p.at + ahead + 1)
    return True


def is_matrix(name: str) -> bool:
    """Tell whether a letter stands for a matrix by convention: a capital may be multiplied with a bracket."""
    return base_letter(name)[-1:].isupper() and "_" not in name


def _is_multiplier(p: Parser, name: str) -> bool:
    r"""Tell whether a Greek letter before a bracket multiplies it: it is no function by convention, and a number stands there.

    `\lambda (x^T x - 1)` is a constraint with its multiplier, while `\lambda(A + B)` may be an eigenvalue.
    """
    signs, number = _bracket_ahead(p)
    exponent = re.search(rf"\^\s*\{{?\s*{re.escape(name)}(?![A-Za-z_])", p.source)  # of a power: a number
    return bool(exponent) or (name in LOWER_GREEK and name not in APPLIED and signs > 0 and number)


def _bracket_ahead(p: Parser) -> tuple[int, bool]:
    """Return how many signs stand in the bracket that comes next, and whether a number or a product that may be one does."""
    depth, signs, number, ahead = 0, 0, False, 0
    while (token := p.peek(ahead)).kind != "stop":
        depth += (token.text in BRACKETS or token.text == "{") - (token.text in BRACKETS.values() or token.text == "}")
        signs += depth == 1 and token.text in ("+", "-")
        number |= depth == 1 and token.kind == "number" and p.peek(ahead - 1).text in ("(", "+", "-")
        number |= depth == 1 and token.text == "^" and p.braced(ahead + 1) in ("T", r"\top")
        ahead += 1
        if depth == 0:
            break
    return signs, number


def below_name(subscript: str) -> str:
    """Return a subscript as it stands in a name."""
    return f"_{subscript}" if len(subscript) == 1 or subscript in GREEK else f"_{{{subscript}}}" if subscript else ""


def read_density(p: Parser, name: str, start: int) -> Syntax | None:
    r"""Read `p(x \mid y)`, in notes, as one letter: nothing but its name says what it is."""
    if p.token.text not in BRACKETS or (p.token.text != "(" and not name.startswith(MEAN)) or p.names.strict:
        return None
    bars = ahead = 0
    for token, depth in p.nested():
        if token.kind == "stop":
            return None
        bars += depth == 1 and token.text in CONDITIONS
        ahead += 1
        if depth == 0:
            break
    if bars != 1 and (bars or name not in p.names.densities):
        return None
    if any(t.text in p.bound for t in p.stream[p.at : p.at + ahead]):
        raise Refusal(Finding("DRV224", p.since(start), {"name": name}))
    said = "".join("|" if t.text in CONDITIONS else t.text for t in p.stream[p.at : p.at + ahead])
    p.go(p.at + ahead)
    return stand_ins.Density(p.since(start), name + said, name)


def read_primes(p: Parser) -> int:
    """Read the primes behind a letter, and return how many there are."""
    primes = 0
    while True:
        mark = p.token.text
        if mark == "'":
            p.take()
            primes += 1
        elif mark == "^" and (behind := p.stream[p.at + 1 : p.at + 3])[behind[0].text == "{"].text in ("'", r"\prime"):
            p.take()
            above = p.raw()
            primes += above.count("'") + above.count("prime")
        else:
            return primes


def subscript_ahead(p: Parser) -> str:
    """Return the subscript that comes next, without taking it."""
    here = p.at
    found = read_subscript(p)
    p.go(here)
    return found


def read_subscript(p: Parser) -> str:
    """Read a subscript as text; an empty text where there is none."""
    if p.token.text != "_":
        return ""
    p.take()
    word = p.raw()
    if word in FONTS | TEXTS and p.token.text == "{":
        word += f"{{{p.raw()}}}"
    return word


def places_of(p: Parser, subscript: str) -> tuple[str, ...]:
    """Return the indices of an entry that a subscript spells (`ij`, `i,j`, `11`), or none."""
    text = subscript.replace(" ", "")
    places = tuple(text.split(",") if "," in text else text)
    letters = INDICES if p.names.strict or len(places) == 1 else PAIRED_INDICES
    letters = letters | p.names.indices
    known = all(i in p.bound or i in letters or (i.isdigit() and i != "0" and i.isascii()) for i in places)
    return places if known and len(places) in (1, 2) else ()


def mentions_bound(p: Parser, subscript: str) -> bool:
    """Tell whether a subscript mentions an index that a sum binds, around it or elsewhere."""
    bound = {*p.bound, *p.names.indices} if p.names.strict else {*p.bound}
    label = _LABEL.fullmatch(subscript)
    return not label and not bound.isdisjoint(re.findall(r"\\[A-Za-z]+|[A-Za-z]", subscript))


def read_sized(p: Parser, start: int, kind: type[syntax.Sized]) -> syntax.Sized:
    """Read the sizes of I, 1, 0 or K: `n`, `mn` (a product) or `m \\times n`."""
    subscript = read_subscript(p) if p.token.text == "_" else ""
    subscript = subscript if p.names.strict else _COUNTS.sub(_counted, subscript)
    sides = subscript.replace(r"\times", ",").split(",") if subscript else []
    if kind is syntax.Identity and len(sides) == 2 and sides[0].strip() == sides[1].strip():
        sides = sides[:1]
    wanted = (0, 1) if kind is syntax.Identity else (2,) if kind is syntax.Commutation else (0, 1, 2)
    terms = [[term.strip() for term in side.split("+")] for side in sides]
    if len(sides) not in wanted or any("".join(_sizes(s)) != s.replace(" ", "") or not s for side in terms for s in side):
        raise Refusal(Finding("DRV224", p.since(start), {"name": p.source[start : p.last().end]}))
    return kind(p.since(start), tuple(tuple(tuple(_sizes(s)) for s in side) for side in terms))


def _sizes(side: str) -> list[str]:
    """Split `mn` into its factors; digits and subscripts stay together."""
    return re.findall(r"\\[A-Za-z]+|[A-Za-z](?:_\w)?'*|[1-9]\d*", side)


def _counted(found: re.Match[str]) -> str:
    r"""Return a size in words as a name: `\text{rows}(X)` is `m_X`, `\text{C}` is `C`."""
    return f"{_COUNTED[found['count']]}_{found['of'][-1]}" if found["count"] else found["word"]
