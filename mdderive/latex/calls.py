"""Letters and the names of functions, with their subscripts, primes and arguments."""

from itertools import pairwise

from mdderive.latex import syntax
from mdderive.latex.brackets import read_density
from mdderive.latex.grammar import ends_product
from mdderive.latex.letters import base_letter
from mdderive.latex.notation import BARS, BRACKETS, DOUBLE_BARS, FONTS, GREEK, LETTERED, NAMES, PLAIN_NAMES, TEXTS, UNIT_LETTERS
from mdderive.latex.parser import Parser
from mdderive.latex.scripts import (
    mentions_bound,
    places_of,
    read_primes,
    read_script,
    read_sized,
    read_subscript,
    subscript_ahead,
    with_scripts,
)
from mdderive.latex.sums import read_extreme
from mdderive.latex.syntax import Syntax
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Finding, Refusal

# Letters that are applied, not multiplied, when `(` follows and nothing declares them.
APPLIED = frozenset({r"\sigma", r"\phi", r"\varphi", r"\psi", "f", "g", "h"})
GLUED = frozenset({"exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "det"})


def at_differential(p: Parser) -> bool:
    """Tell whether a `d` that comes next begins a differential."""
    if p.peek().text != "d" or "d" in p.names.symbols or plain_word(p):
        return False
    after = p.peek(1)
    if after.kind == "letter" or (after.kind == "number" and p.names.strict):
        return True
    if after.text in BARS or after.text in DOUBLE_BARS or after.text in ("(", "[", r"\,"):
        return True
    return after.kind == "command" and not _ends_operand(p, after)


def _ends_operand(p: Parser, token: Token) -> bool:
    here, p.at = p.at, p.at + 1
    ends = ends_product(p, True) or token.text in (r"\,", r"\cdot", r"\times")
    p.at = here
    return ends


def read_word(p: Parser) -> Syntax | None:
    """Read plain letters that spell a function followed by its argument: `tr(…)`, `t r(…)`, `exp(…)`."""
    start = p.peek().span.start
    word = plain_word(p)
    for _ in word:
        p.take()
    return read_call(p, NAMES[word], start) if word else None


def plain_word(p: Parser) -> str:
    """Return the function that plain letters spell from here; a trace may stand before its argument without brackets."""
    words = PLAIN_NAMES.get(p.peek().text)
    for word in words or ():
        if _spells(p, word) and not set(word) <= p.names.symbols:
            after = p.peek(len(word))
            if after.text in ("(", "[", "{", r"\{") or (after.kind == "letter" and _glued(p, word)):
                return word
    return ""


def _glued(p: Parser, word: str) -> bool:
    """Tell whether letters are a function before a letter: `tr A` in any spacing, `cosX` where none stands between."""
    spans = [p.peek(i).span for i in range(len(word))]
    return word == "tr" or (word in GLUED and all(a.end == b.start for a, b in pairwise(spans)))


def _spells(p: Parser, word: str) -> bool:
    return all(p.peek(i).text == letter for i, letter in enumerate(word))


def read_letter(p: Parser, name: str, start: int) -> Syntax:
    """Read a letter's subscript and primes, and its argument where it is a function."""
    if name == "I" and "I" not in p.names.symbols and not _lettered(p, f"I_{subscript_ahead(p)}", 2):
        return read_sized(p, start, syntax.Identity)
    if name == "K" and p.peek().text == "_" and "K" not in p.names.symbols and "," in subscript_ahead(p):
        return read_sized(p, start, syntax.Commutation)
    subscript = read_subscript(p)
    if name in p.bound and not subscript:
        raise Refusal(Finding("DRV234", p.since(start), {"construct": name}))
    numbered = _numbered(p, name, subscript, start) if subscript else None
    if numbered is not None:
        return numbered
    name += below_name(subscript)
    if _lettered(p, name, 0) and (not subscript or p.names.strict):
        return read_call(p, NAMES[name], start)
    primes = read_primes(p)
    if name in p.names.moving:
        return read_moving(p, name, primes, start)
    density = read_density(p, name, start) if not primes else None
    if density is not None:
        return density
    known = name in p.names.functions
    applied = known or (name in APPLIED and name not in p.names.symbols)
    if applied and p.peek().text in ("(", "["):
        argument = p.atom()
        return syntax.Applied((argument.args[0],), p.since(start), name, primes)
    spelled = name + "'" * primes
    if primes and spelled not in p.names.symbols:
        raise Refusal(Finding("DRV213", p.since(start), {"name": name}))
    if name in ("D", r"\mathrm{D}") and name not in p.names.symbols and p.peek().text in p.names.functions:
        raise Refusal(Finding("DRV214", p.since(start)))
    if p.names.strict and p.peek().text == "(" and name not in p.names.symbols and not _is_matrix(name):
        raise Refusal(Finding("DRV219", p.since(start), {"name": name}))
    return syntax.Letter(p.since(start), spelled)


def _lettered(p: Parser, name: str, ahead: int) -> bool:
    """Tell whether a name that is spelled as a letter is that of a known function: nothing declares it, and it is applied."""
    free = name not in p.names.symbols and name not in p.names.functions
    return name in LETTERED and free and p.peek(ahead).text == "("


def _numbered(p: Parser, base: str, subscript: str, start: int) -> Syntax | None:
    """Return the member, entry or unit vector that a subscript makes of a letter; None where it belongs to the name."""
    if base in p.names.families:
        return _member(p, base, subscript, start)
    name, places = base + below_name(subscript), places_of(p, subscript)
    if places and name not in p.names.symbols and name not in p.names.functions:
        small = base_letter(base)[-1:].islower()
        if base in p.names.symbols and (len(places) == 2 or places[0] in p.bound or small):
            return syntax.Indexed((syntax.Letter(p.since(start), base),), p.since(start), places)
        if base in UNIT_LETTERS and len(places) == 1 and base not in p.names.symbols:
            return syntax.Unit(p.since(start), places[0])
    if mentions_bound(p, subscript):
        code = "DRV252" if name in p.names.symbols else "DRV251" if places else "DRV224"
        raise Refusal(Finding(code, p.since(start), {"name": name, "letter": base}))
    return None


def _member(p: Parser, base: str, subscript: str, start: int) -> Syntax:
    """Read a member of a family: its letter with one index."""
    places = places_of(p, subscript)
    letter = syntax.Letter(p.since(start), base)
    if len(places) != 1:
        raise Refusal(Finding("DRV252", letter.span, {"name": p.written(letter), "letter": base}))
    return syntax.Member((letter,), letter.span, places[0])


def read_moving(p: Parser, name: str, primes: int, start: int) -> Syntax:
    r"""Read a function of a scalar: `x`, `x(t)`, `x'(t)` and `\dot x`."""
    parameter = p.names.moving[name]
    if [p.peek(i).text for i in range(3)] == ["(", parameter, ")"]:
        p.at += 3
    letter, along = (syntax.Letter(p.since(start), text) for text in (name, parameter))
    if primes > 1:
        raise Refusal(Finding("DRV214", letter.span))
    return syntax.Derivative((letter, along), letter.span) if primes else letter


def read_call(p: Parser, name: tuple[str, str], start: int) -> Syntax:
    """Read the scripts and the argument of a named function; scripts before it apply to the whole."""
    match name[0]:
        case "max" | "min" as how:
            return read_extreme(p, how, start)
    primes = read_primes(p)
    before: list[tuple[type[syntax.Branch], Syntax | None]] = []
    while p.peek().text == "^":
        mark = p.peek().span
        before.append(read_script(p))
        if before[-1][0] is syntax.Inverse:
            raise Refusal(Finding("DRV223", mark.join(p.last()), {"script": "^{-1}"}))
    argument = _argument(p)
    call: Syntax = syntax.Call((argument,), p.since(start), *name, primes)
    for kind, exponent in before:
        call = kind((call,) if exponent is None else (call, exponent), p.since(start))
    return call


def _argument(p: Parser) -> Syntax:
    """Read an argument: in brackets exactly that, else a run of symbols that stops at d, a function or a bracket."""
    token = p.peek()
    if token.text in BRACKETS or token.text == "{":
        return p.atom().args[0]
    if token.text == r"\sum" or token.text in NAMES or token.text in BARS or token.text in TEXTS or plain_word(p):
        p.deeper(token.span)
        inner = with_scripts(p, p.atom())
        p.depth -= 1
        return inner
    start = token.span.start
    run = [with_scripts(p, p.atom())]
    while _plain(p, p.peek()) and not at_differential(p):
        run.append(with_scripts(p, p.atom()))
    return run[0] if len(run) == 1 else syntax.Product(tuple(run), p.since(start))


def _plain(p: Parser, token: Token) -> bool:
    if token.kind == "letter":
        words = PLAIN_NAMES.get(token.text, ())
        return not any(_spells(p, w) and p.peek(len(w)).text in BRACKETS for w in words)
    return token.kind == "number" or token.text in GREEK or token.text in FONTS


def _is_matrix(name: str) -> bool:
    """Tell whether a letter stands for a matrix by convention: a capital may be multiplied with a bracket."""
    return base_letter(name)[-1:].isupper() and "_" not in name


def below_name(subscript: str) -> str:
    """Return a subscript as it stands in a name."""
    return f"_{subscript}" if len(subscript) == 1 or subscript in GREEK else f"_{{{subscript}}}" if subscript else ""
