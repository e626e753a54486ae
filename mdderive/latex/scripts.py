"""What stands at an operand: superscripts, and subscripts behind them."""

import re
from collections.abc import Mapping
from dataclasses import replace

from mdderive.latex import syntax
from mdderive.latex.letters import square_of
from mdderive.latex.notation import TRANSPOSES, norm_degree
from mdderive.latex.parser import Parser
from mdderive.latex.symbols import mentions_bound, places_of, read_primes, read_sized, read_subscript
from mdderive.latex.syntax import MOVING, Syntax, has
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.source import Span

_FIXED: Mapping[str, type[syntax.Branch]] = {
    "-1": syntax.Inverse,
    r"\#": syntax.Adjugate,
    "#": syntax.Adjugate,
    "*": syntax.Star,
    r"\ast": syntax.Star,
    **dict.fromkeys(TRANSPOSES, syntax.Transpose),
    **{f"{sign}{t}": syntax.InverseTranspose for t in TRANSPOSES for sign in ("-", "-1")},
    **dict.fromkeys(("adjoint", r"\text{adjoint}", r"\mathrm{adj}", r"\text{adj}"), syntax.Adjugate),
}
# What a mark below brackets makes of what stands in them: an operator, and the name of its function.
_BELOW_BRACKETS: Mapping[str, tuple[str, str]] = {"+": ("fn", "relu"), r"\times": ("crossmatrix", "")}
_VARIABLES = ("x", "t", "z", "s")  # what a formula with a prime is differentiated by, where it has several letters
SCRIPTS = frozenset({"^", "'", "_"})
# A power that is turned: `X^{-2T}` is the transpose of `X^{-2}`.
_TURNED_POWER = re.compile(rf"(?P<power>-?\d+) ?(?:{'|'.join(map(re.escape, sorted(TRANSPOSES, key=len, reverse=True)))})")


def with_scripts(p: Parser, base: Syntax) -> Syntax:
    """Read the superscripts at an operand; a second one directly behind the first is an error, as in TeX."""
    scripts = 0
    while (mark := p.token.text) in SCRIPTS:
        if mark == "_":
            base = _lowered(p, base)
            continue
        behind = p.stream[p.at + 1 : p.at + 3]
        if mark == "'" or behind[behind[0].text == "{"].text in ("'", r"\prime"):
            place, primes, by = p.token.span, read_primes(p), _variable(base)
            if by is None or p.names.strict or not p.ends_product(operand_before=True):  # `(x - y)'(x - y)`
                raise Refusal(Finding("DRV213", base.span.join(place), {"name": p.written(base)}))
            for _ in range(primes):
                base = syntax.Derivative((base, by), p.since(base.span.start), "primed")
            continue
        at = p.token.span
        _refuse_numbered_above(p, base)
        kind, exponent = read_script(p)
        scripts += 1
        if scripts > 1:
            raise Refusal(Finding("DRV216", at))
        span = p.since(base.span.start)
        if issubclass(kind, syntax.Turned):
            written = p.source[at.start : p.last().end].strip("^{}-0123456789 ")
            base = base if exponent is None else syntax.Power((base, exponent), span)
            base = kind((base,), span, written == "T" and "T" in p.names.symbols)
        else:
            base = scripted(p, base, kind, exponent, span)
    return base


def _variable(base: Syntax) -> syntax.Letter | None:
    """Return the letter that `(x^2)'` is differentiated by: the first that people let vary, or the only one; else None."""
    if not isinstance(base, syntax.Group):
        return None
    found = {n.name: n for n in syntax.walk(base) if isinstance(n, syntax.Letter)}
    if any("'" in name or not name.islower() for name in found) or has(base, *MOVING):
        return None
    usual = next((found[name] for name in _VARIABLES if name in found), None)
    return usual or (found.popitem()[1] if len(found) == 1 else None)


def scripted(p: Parser, base: Syntax, kind: type[syntax.Branch], exponent: Syntax | None, span: Span) -> Syntax:
    """Return what a superscript, as `read_script` returns it, makes of a base."""
    if kind is syntax.Power and (square := _square(p, base, exponent, span)) is not None:
        return square
    if exponent is not None and issubclass(kind, syntax.Turned):
        return kind((syntax.Power((base, exponent), span),), span)
    return kind((base,) if exponent is None else (base, exponent), span)


def _square(p: Parser, base: Syntax, exponent: Syntax | None, span: Span) -> Syntax | None:
    r"""Return an even power of a letter whose square is a letter of its own, `\sigma^2`, in that letter; else None."""
    match base, exponent:
        case syntax.Letter(name=name), syntax.Number(digits=digits) if (square := square_of(name)) in p.names.symbols:
            letter, (half, odd) = syntax.Letter(span, square), divmod(int(digits) if digits.isdigit() else 1, 2)
            power = syntax.Power((letter, replace(exponent, digits=str(half))), span)
            return None if odd or not half else letter if half == 1 else power
    return None


def _refuse_numbered_above(p: Parser, base: Syntax) -> None:
    """Refuse an index in brackets above a letter: which one of many it is, and no power."""
    marks = [token.text for token in p.stream[p.at : p.at + 5]]
    if marks[:3] == ["^", "{", "("] and marks[4:] == [")"] and mentions_bound(p, marks[3]):
        end = p.peek(5).span.end
        facts = {"name": p.source[base.span.start : end], "letter": p.written(base)}
        raise Refusal(Finding("DRV252", Span(base.span.start, end), facts))


def _lowered(p: Parser, base: Syntax) -> Syntax:
    """Read a subscript that stands behind the superscript: `\\|x\\|^2_2`, `W^T_1`."""
    mark = p.token.span
    match base:
        case syntax.Transpose((syntax.Ones(sizes=()) | syntax.Zero(sizes=()) as inner,)):
            return syntax.Transpose((read_sized(p, inner.span.start, type(inner)),), p.since(base.span.start))
    below = read_subscript(p)
    places, span = places_of(p, below), p.since(base.span.start)
    match base:
        case syntax.Power((syntax.Norm(degree="") as norm, exponent)):
            return syntax.Power((replace(norm, degree=norm_degree(below)), exponent), span)
        case syntax.Transpose((syntax.Letter(name=name) as letter,)) if p.names.families.get(name) == len(places):
            return replace(base, args=(syntax.Member((letter,), letter.span, places),), span=span)
        case syntax.Transpose((syntax.Letter() as letter,)) if "_" not in letter.name and (
            len(places) < 2 or mentions_bound(p, below)
        ):
            return replace(base, args=(_subscripted(p, letter, below, places, span),), span=span)
        case syntax.Transpose() | syntax.Inverse() | syntax.InverseTranspose() if len(places) == 2:
            return syntax.Indexed((base,), span, places)
        case syntax.Call() if p.names.strict and re.fullmatch("[a-z]", below) and below not in p.names.symbols:
            return syntax.Indexed((base,), span, (below,))
        case syntax.Group((within,)) if below in _BELOW_BRACKETS and p.names.strict:
            return syntax.Call((within,), span, *_BELOW_BRACKETS[below])
        case syntax.Group() | syntax.Call() | syntax.Applied() if places:
            return syntax.Indexed((base,), span, places)
    raise Refusal(Finding("DRV203", mark, {"found": "_"}))


def _subscripted(p: Parser, letter: syntax.Letter, below: str, places: tuple[str, ...], whole: Span) -> syntax.Letter:
    """Return a letter with the subscript that stands behind its superscript, where it is one letter of its own."""
    if mentions_bound(p, below):
        raise Refusal(Finding("DRV251", whole, {"name": f"{letter.name}_{below}", "letter": letter.name}))
    name = letter.name + (f"_{below}" if len(below) == 1 else f"_{{{below}}}")
    known = p.names.symbols
    if places and name not in known and letter.name in known and letter.name[-1].islower():
        raise Refusal(Finding("DRV224", whole, {"name": p.written(letter)}))
    return syntax.Letter(letter.span, name)


def read_script(p: Parser) -> tuple[type[syntax.Branch], Syntax | None]:
    """Read a superscript: the node that it makes, and the exponent of a power."""
    p.expect("^")
    word = p.word_ahead()
    if word in (r"\mathsf", r"\mathrm", r"\mathbf", r"\text") and (p.peek(1).kind == "letter" or p.peek(1).text == "{"):
        p.take()
        word = p.word_ahead()
    if word in ("+", r"\dagger") and p.names.strict:
        p.raw()
        return syntax.Daggered if word == r"\dagger" else syntax.Pseudoinverse, None
    if word in ("H", r"\mathsf H", r"\mathrm H") and p.names.conjugates and word not in p.names.symbols:
        p.raw()
        return syntax.Adjoint, None
    power_of_e = word == "H" and p.at > 1 and p.stream[p.at - 2].text == "e"
    if word in (r"\dagger", "+", r"\star", "H", r"\mathsf H", r"\mathrm H") and word not in p.names.symbols and not power_of_e:
        raise Refusal(Finding("DRV231", p.token.span, {"construct": f"^{{{word}}}"}))
    if word == "t" and "t" not in p.names.symbols and p.names.strict:
        raise Refusal(Finding("DRV223", p.token.span, {"script": "^t"}))
    if word in _FIXED:
        p.raw()
        return _FIXED[word], None
    if turned := _TURNED_POWER.fullmatch(word):
        start = p.token.span.start
        p.raw()
        return syntax.Transpose, syntax.Number(p.since(start), turned["power"])
    if p.token.text == "{":
        opened = p.take()
        if p.token.text in (r"\odot", r"\circ"):
            p.take()
            return syntax.HadamardPower, p.within(opened, "}")
        exponent = p.within(opened, "}")
        if isinstance(exponent, syntax.Group) and p.source[exponent.span.start] == "(":
            raise Refusal(Finding("DRV223", exponent.span, {"script": p.written(exponent)}))
        return syntax.Power, exponent
    token = p.token
    if token.kind == "number" and len(token.text) > 1:
        raise Refusal(Finding("DRV217", token.span, {"digits": token.text}))
    if token.kind == "letter" and p.peek(1).text == "_":  # a script is one letter: its subscript is that of the base
        return syntax.Power, syntax.Letter(p.take().span, token.text)
    return syntax.Power, p.atom()
