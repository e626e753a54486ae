"""The operands of matrix calculus: letters, numbers, brackets, bars, functions with their arguments, differentials."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NoReturn

from mdderive.latex import syntax
from mdderive.latex.brackets import read_brackets, read_inner_product, read_matrix
from mdderive.latex.expectations import read_mean
from mdderive.latex.fractions import (
    DIFFERENTIALS,
    UPRIGHT,
    differential_sign,
    read_chain_product,
    read_fraction,
    read_nabla,
)
from mdderive.latex.iverson import read_indicator
from mdderive.latex.notation import (
    ACCENTS,
    BARS,
    BOLD,
    BRACKETS,
    CASES,
    CHAIN_PRODUCTS,
    DOTS,
    DOUBLE_BARS,
    FONTS,
    GREEK,
    MATRICES,
    NAMES,
    PLAIN_NAMES,
    QUOTIENTS,
    TEXTS,
    norm_degree,
)
from mdderive.latex.parser import Parser
from mdderive.latex.pieces import read_pieces
from mdderive.latex.scripts import SCRIPTS, read_script, scripted, with_scripts
from mdderive.latex.sums import counted_set, read_extreme, read_over_index
from mdderive.latex.symbols import (
    below_name,
    is_matrix,
    read_letter,
    read_moving,
    read_primes,
    read_sized,
    read_subscript,
    subscript_ahead,
)
from mdderive.latex.syntax import Syntax
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Finding, Refusal

# Constructions that are known and mean nothing that can be derived or judged.
UNSUPPORTED = frozenset({r"\int", r"\lim", r"\sup", r"\inf", r"\Pr"})
UNSUPPORTED_WORDS = frozenset({"vech", "rank", "argmax", "argmin", "cov", "Cov", "var", "Var"})
_OF_MEANING = frozenset("EPVRC")  # in blackboard bold: means, probabilities, variances, and two fields
INDICATORS = frozenset({r"\mathbf", r"\mathbb", r"\mathbbm", r"\mathds"})
WORDS = frozenset({r"\text", r"\operatorname", r"\mathrm", r"\textrm", r"\mbox", r"\mathbf", r"\mathsf", r"\mathit"})
GLUED = frozenset({"exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "det"})


def read_factor(p: Parser) -> Syntax:
    """Read a differential, a function with its argument, or an atom with scripts."""
    token = p.token
    if token.text == "d" and at_differential(p):
        p.take()
        return syntax.Differential((_differentiated(p),), p.since(token.span.start))
    signs = differential_sign(p, p.at) if token.text in DIFFERENTIALS else 0
    if signs and p.peek(signs).text == "^" and p.braced(signs + 1) == "2":
        return _second_differential(p, signs)
    atom = read_atom(p)
    return with_scripts(p, atom) if p.token.text in SCRIPTS else atom


def _second_differential(p: Parser, signs: int) -> Syntax:
    """Read `d^2 f`, the differential of the differential, in which `dX` stands still."""
    start, partial = p.token.span.start, p.token.text == r"\partial"
    p.go(p.at + signs + 1)
    p.raw()
    p.spaces()
    if partial or p.ends_product(True) or p.token.text in ("_", "^", "/"):
        raise Refusal(Finding("DRV214", p.since(start)))
    inner = _differentiated(p)
    return syntax.Differential((syntax.Differential((inner,), p.since(start)),), p.since(start))


def _differentiated(p: Parser) -> Syntax:
    """Read what a `d` binds: one operand with ^T, ^{-1} or ^#, or the product that begins with a number, norm or fraction.

    Any other power is ambiguous.
    """
    p.spaces()
    p.deeper(p.token.span)
    start = p.token.span.start
    product = p.opens_product()
    plain = not product and not at_differential(p)
    inner = p.tensor() if product else with_scripts(p, read_atom(p)) if plain else read_factor(p)
    p.depth -= 1
    if plain and isinstance(inner, syntax.Power | syntax.HadamardPower) and not _is_whole(p, inner):
        raise Refusal(Finding("DRV205", p.since(start), {"base": p.written(inner.args[0])}))
    return inner


def _is_whole(p: Parser, power: syntax.Power | syntax.HadamardPower) -> bool:
    """Tell whether a `d` before a power is that of the power: of a bracket, or of a matrix in a block, `dX^3`, `dX^k`."""
    base, exponent = power.args
    if isinstance(base, syntax.Group):
        return True
    squared = isinstance(exponent, syntax.Number) and exponent.digits == "2"
    of_matrix = isinstance(power, syntax.Power) and isinstance(base, syntax.Letter) and is_matrix(base.name)
    return p.names.strict and of_matrix and not squared


def read_atom(p: Parser) -> Syntax:
    """Read a letter, a number, brackets, or a command with what belongs to it, without scripts."""
    token = p.token
    match token.kind:
        case "letter":
            word = plain_word(p)
            if word:
                p.go(p.at + len(word))
                return read_call(p, NAMES[word], token.span.start)
            return read_letter(p, p.take().text, token.span.start)
        case "number":
            p.take()
            if token.text == "1" and p.token.text == "[" and (condition := read_indicator(p, token.span.start)) is not None:
                return condition
            sized = token.text == "0" and p.token.text == "_"
            return read_sized(p, token.span.start, syntax.Zero) if sized else syntax.Number(token.span, token.text)
        case "begin" if token.text in MATRICES:
            return read_matrix(p, p.take())
        case "begin" if p.names.strict and token.text in CASES:
            return read_pieces(p, p.take())
        case "sign" | "command" if token.text in _OPENED:
            return _OPENED[token.text](p, p.take())
        case "command":
            raise Refusal(Finding("DRV201", token.span, {"command": token.text}))
    p.refuse()


def _bars(p: Parser, opened: Token) -> Syntax:
    if p.token.text in BARS:
        raise Refusal(Finding("DRV207", opened.span.join(p.token.span)))
    body = p.within(opened, BARS[opened.text])
    count = "" if p.names.strict else counted_set(p.source, p.written(body))
    return syntax.Letter(p.since(opened.span.start), count) if count else syntax.Bars((body,), p.since(opened.span.start))


def _norm(p: Parser, opened: Token) -> Syntax:
    inner = p.within(opened, DOUBLE_BARS[opened.text])
    subscript = norm_degree(read_subscript(p))
    return syntax.Norm((inner,), p.since(opened.span.start), subscript)


def _partial(p: Parser, opened: Token) -> Syntax:
    if p.token.text == "_":
        return read_nabla(p, opened)
    if not p.names.strict:
        raise Refusal(Finding("DRV201", opened.span, {"command": opened.text}))
    return syntax.Differential((_differentiated(p),), p.since(opened.span.start))  # as the Matrix Cookbook writes d


def _unsupported(_: Parser, command: Token) -> NoReturn:
    raise Refusal(Finding("DRV231", command.span, {"construct": command.text}))


def _root(p: Parser, command: Token) -> Syntax:
    """Read a square root, or a root of another degree as a power."""
    degree = read_atom(p).args[0] if p.token.text == "[" else None
    inner = p.brace() if p.token.text == "{" else read_atom(p)
    span = p.since(command.span.start)
    if degree is None:
        return syntax.SquareRoot((inner,), span)
    return syntax.Power((inner, syntax.Over((syntax.Number(degree.span, "1"), degree), degree.span)), span)


def _is_compound(p: Parser) -> bool:
    """Tell whether a group with more than a letter comes next."""
    return p.token.text == "{" and p.peek(2).text != "}" and p.peek(1).text not in FONTS


def _styled(p: Parser, command: Token) -> Syntax:
    """Read a font, accent or text: a function's name, a differential, or a letter whose style belongs to its name."""
    start = command.span.start
    if not p.names.strict and p.braced(0) == "E" and (mean := read_mean(p, command)) is not None:
        return mean
    if command.text == r"\mathbb" and p.braced(0) in _OF_MEANING:
        raise Refusal(Finding("DRV231", command.span, {"construct": f"{command.text}{{{p.braced(0)}}}"}))
    if command.text in WORDS:
        word = p.word_ahead()
        if word in NAMES:
            p.raw()
            return read_call(p, NAMES[word], start)
        if command.text in UPRIGHT and word.startswith("d") and len(word) <= 2:
            return _upright_d(p, word, start)
    if p.names.conjugates and command.text in (r"\overline", r"\bar") and _is_compound(p):
        return syntax.Conjugate((p.brace(),), p.since(start))
    body = p.raw()
    if p.names.conjugates and command.text == r"\overline" and f"{command.text}{{{body}}}" not in p.names.symbols:
        return read_letter(p, rf"\bar{{{body}}}", start)
    if command.text in INDICATORS and body in ("1", "I") and (condition := read_indicator(p, start)) is not None:
        return condition
    if command.text in BOLD and body == "1":
        return read_sized(p, start, syntax.Ones)
    if command.text in BOLD and body == "0":
        return read_sized(p, start, syntax.Zero)
    if command.text in BOLD | {r"\mathrm"} and body == "I" and f"{command.text}{{I}}" not in p.names.symbols:
        return read_letter(p, "I", start)
    if body == "e" and command.text in (r"\mathrm", r"\text") and f"{command.text}{{e}}" not in p.names.symbols:
        return read_letter(p, "e", start)
    if body in UNSUPPORTED_WORDS and command.text in WORDS:
        raise Refusal(Finding("DRV231", p.since(start), {"construct": body}))
    if body in CHAIN_PRODUCTS and command.text in WORDS | TEXTS and (product := read_chain_product(p, start)) is not None:
        return product
    if not body or command.text in (r"\text", r"\operatorname", r"\mbox", r"\textrm"):
        raise Refusal(Finding("DRV208", p.since(start), {"word": body}))
    if command.text in DOTS and f"{command.text}{{{body}}}" not in p.names.symbols:
        lowered = body + below_name(subscript_ahead(p))
        if lowered in p.names.moving:
            read_subscript(p)
            return read_moving(p, lowered, read_primes(p) + DOTS[command.text], start)
    return read_letter(p, f"{command.text}{{{body}}}", start)


def _upright_d(p: Parser, word: str, start: int) -> Syntax:
    p.raw()
    if len(word) == 2:
        inner = with_scripts(p, read_letter(p, word[1], p.last().start))
    else:
        inner = _differentiated(p)
    return syntax.Differential((inner,), p.since(start))


def at_differential(p: Parser) -> bool:
    """Tell whether a `d` that comes next begins a differential."""
    if p.token.text != "d" or "d" in p.names.symbols or plain_word(p):
        return False
    after = p.peek(1)
    if after.kind == "letter" or (after.kind == "number" and p.names.strict):
        return True
    if after.text in BARS or after.text in DOUBLE_BARS or after.text in ("(", "[", r"\,"):
        return True
    ends = after.text in (r"\,", r"\cdot", r"\times") or p.ends_product(True, 1)
    return after.kind == "command" and not ends


def plain_word(p: Parser) -> str:
    """Return the function that plain letters spell from here; a trace may stand before its argument without brackets."""
    for word in PLAIN_NAMES.get(p.token.text, ()):
        if _spells(p, word) and not set(word) <= p.names.symbols:
            after = p.peek(len(word))
            if after.text in ("(", "[", "{", r"\{") or (after.kind == "letter" and _glued(p, word)):
                return word
    return ""


def _spells(p: Parser, word: str) -> bool:
    return [token.text for token in p.stream[p.at : p.at + len(word)]] == [*word]


def _glued(p: Parser, word: str) -> bool:
    """Tell whether letters are a function before a letter: `tr A` in any spacing, `cosX` where none stands between."""
    spelled = p.stream[p.at : p.at + len(word)]
    return word == "tr" or (word in GLUED and all(a.span.end == b.span.start for a, b in pairwise(spelled)))


def read_call(p: Parser, name: tuple[str, str], start: int) -> Syntax:
    """Read the scripts and the argument of a named function; scripts before it apply to the whole."""
    match name[0]:
        case "max" | "min" as how:
            return read_extreme(p, how, start)
        case "clip" | "attention" | "crossentropy" | "divergence" as short if p.token.text == "(":
            return syntax.Call(p.listed(p.take(), ")", 3), p.since(start), short)
    base = _base(p) if name == ("fn", "log") else None
    primes = read_primes(p)
    before: list[tuple[type[syntax.Branch], Syntax | None]] = []
    while p.token.text == "^":
        mark = p.token.span
        before.append(read_script(p))
        if before[-1][0] is syntax.Inverse:
            raise Refusal(Finding("DRV223", mark.join(p.last()), {"script": "^{-1}"}))
    argument = _argument(p)
    call: Syntax = syntax.Call((argument,), p.since(start), *name, primes)
    if base is not None:
        call = syntax.Over((call, syntax.Call((base,), base.span, *name)), p.since(start))
    for kind, exponent in before:
        call = scripted(p, call, kind, exponent, p.since(start))
    return call


def _base(p: Parser) -> Syntax | None:
    r"""Read the base of a logarithm, a number or a letter: `\log_2 x` is a quotient of logarithms. None where e is."""
    if p.token.text != "_":
        return None
    start = p.token.span.start
    below = read_subscript(p)
    if below.isdigit() and below not in ("0", "1"):
        return syntax.Number(p.since(start), below)
    if len(below) == 1 and below.isalpha():
        return None if below == "e" else syntax.Letter(p.since(start), below)
    raise Refusal(Finding("DRV203", p.since(start), {"found": "_"}))


def _argument(p: Parser) -> Syntax:
    """Read an argument: in brackets exactly that, else a run of symbols that stops at d, a function or a bracket."""
    p.spaces()
    token = p.token
    if token.text in BRACKETS or token.text == "{":
        return read_atom(p).args[0]
    if token.text in (r"\sum", r"\prod") or token.text in NAMES or token.text in BARS or token.text in TEXTS or plain_word(p):
        p.deeper(token.span)
        inner = with_scripts(p, read_atom(p))
        p.depth -= 1
        return inner
    start = token.span.start
    run = [with_scripts(p, read_atom(p))]
    while _plain(p, p.token) and not at_differential(p):
        run.append(with_scripts(p, read_atom(p)))
    return run[0] if len(run) == 1 else syntax.Product(tuple(run), p.since(start))


def _plain(p: Parser, token: Token) -> bool:
    if token.kind == "letter":
        words = PLAIN_NAMES.get(token.text, ())
        return not any(_spells(p, w) and p.peek(len(w)).text in BRACKETS for w in words)
    return token.kind == "number" or token.text in GREEK or token.text in FONTS


def _product(p: Parser, command: Token) -> Syntax:
    """Read a product over an index, in a block; a note may mean products of matrices, in an order that it does not tell."""
    return read_over_index(p, command.span.start, "product") if p.names.strict else _unsupported(p, command)


# What a sign or a command opens, which is taken before.
_OPENED: Mapping[str, Callable[[Parser, Token], Syntax]] = {
    **dict.fromkeys(FONTS | ACCENTS | TEXTS, _styled),
    **dict.fromkeys(UNSUPPORTED, _unsupported),
    r"\nabla": read_nabla,
    r"\partial": _partial,
    r"\langle": read_inner_product,
    r"\prod": _product,
    r"\sum": lambda p, command: read_over_index(p, command.span.start, "sum"),
    **dict.fromkeys(QUOTIENTS, read_fraction),
    **{name: lambda p, command: read_call(p, NAMES[command.text], command.span.start) for name in NAMES if name[0] == "\\"},
    r"\sqrt": _root,
    **dict.fromkeys(GREEK | {r"\pi"}, lambda p, command: read_letter(p, command.text, command.span.start)),
    **dict.fromkeys(DOUBLE_BARS, _norm),
    **dict.fromkeys(BARS, _bars),
    **dict.fromkeys((*BRACKETS, "{"), read_brackets),
}
