"""What stands at an operand: superscripts, subscripts, primes and the sizes of I, 1, 0 and K."""

import re
from collections.abc import Mapping
from dataclasses import replace

from mdderive.latex import syntax
from mdderive.latex.grammar import within
from mdderive.latex.notation import FONTS, INDICES, PAIRED_INDICES, TEXTS, TRANSPOSES
from mdderive.latex.parser import Parser
from mdderive.latex.syntax import Syntax
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
# Sizes that notes give in words.
_COUNTED = {"rows": "m", "cols": "n", "columns": "n", "dim": "n", "len": "n"}
_COUNTS = re.compile(
    rf"\\(?:text|mathrm|textrm|operatorname)\{{(?:(?P<count>{'|'.join(_COUNTED)})\}}\((?:\\\w+\{{)?(?P<of>[A-Za-z])\}}?\)|(?P<word>\w|\d+)\}})"
)
# A word below a letter, which numbers nothing: `x_{\text{new}}`, `x_{new}`.
_LABEL = re.compile(r"\\(?:text|textrm|mathrm|mbox|operatorname)\{.{2,}\}|[A-Za-z]{3,}")
_SCRIPTS = frozenset({"^", "'", "_"})


def with_scripts(p: Parser, base: Syntax) -> Syntax:
    """Read the superscripts at an operand; a second one directly behind the first is an error, as in TeX."""
    scripts = 0
    while (mark := p.peek().text) in _SCRIPTS:
        if mark == "_":
            base = _lowered(p, base)
            continue
        if mark == "'" or p.braced(1) in ("'", r"\prime"):
            raise Refusal(Finding("DRV213", base.span.join(p.peek().span), {"name": p.written(base)}))
        at = p.peek().span
        _refuse_numbered_above(p, base)
        kind, exponent = read_script(p)
        scripts += 1
        if scripts > 1:
            raise Refusal(Finding("DRV216", at))
        span = p.since(base.span.start)
        if issubclass(kind, syntax.Turned):
            written = p.source[at.start : p.last().end].strip("^{}-1 ")
            base = kind((base,), span, written == "T" and "T" in p.names.symbols)
        else:
            base = kind((base,) if exponent is None else (base, exponent), span)
    return base


def _refuse_numbered_above(p: Parser, base: Syntax) -> None:
    """Refuse an index in brackets above a letter: which one of many it is, and no power."""
    marks = [p.peek(i).text for i in range(5)]
    if marks[:3] == ["^", "{", "("] and marks[4] == ")" and mentions_bound(p, marks[3]):
        end = p.peek(5).span.end
        facts = {"name": p.source[base.span.start : end], "letter": p.written(base)}
        raise Refusal(Finding("DRV252", Span(base.span.start, end), facts))


def _lowered(p: Parser, base: Syntax) -> Syntax:
    """Read a subscript that stands behind the superscript: `\\|x\\|^2_2`, `W^T_1`."""
    mark = p.peek().span
    match base:
        case syntax.Transpose((syntax.Ones(sizes=()) | syntax.Zero(sizes=()) as inner,)):
            return syntax.Transpose((read_sized(p, inner.span.start, type(inner)),), p.since(base.span.start))
    below = read_subscript(p)
    places, span = places_of(p, below), p.since(base.span.start)
    match base:
        case syntax.Power((syntax.Norm(degree="") as norm, exponent)):
            return syntax.Power((replace(norm, degree=below), exponent), span)
        case syntax.Transpose((syntax.Letter(name=name) as letter,)) if name in p.names.families and len(places) == 1:
            return replace(base, args=(syntax.Member((letter,), letter.span, places[0]),), span=span)
        case syntax.Transpose((syntax.Letter() as letter,)) if "_" not in letter.name and (
            len(places) < 2 or mentions_bound(p, below)
        ):
            return replace(base, args=(_subscripted(p, letter, below, places, span),), span=span)
        case syntax.Transpose() | syntax.Inverse() | syntax.InverseTranspose() if len(places) == 2:
            return syntax.Indexed((base,), span, places)
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
    if word in (r"\mathsf", r"\mathrm", r"\mathbf") and (p.peek(1).kind == "letter" or p.peek(1).text == "{"):
        p.take()
        word = p.word_ahead()
    if word in (r"\dagger", "+", r"\star", "H", r"\mathsf H", r"\mathrm H") and word not in p.names.symbols:
        raise Refusal(Finding("DRV231", p.peek().span, {"construct": f"^{{{word}}}"}))
    if word == "t" and "t" not in p.names.symbols and p.names.strict:
        raise Refusal(Finding("DRV223", p.peek().span, {"script": "^t"}))
    if word in _FIXED:
        p.raw()
        return _FIXED[word], None
    if p.peek().text == "{":
        opened = p.take()
        if p.peek().text in (r"\odot", r"\circ"):
            p.take()
            return syntax.HadamardPower, within(p, opened, "}")
        exponent = within(p, opened, "}")
        if isinstance(exponent, syntax.Group) and p.source[exponent.span.start] == "(":
            raise Refusal(Finding("DRV223", exponent.span, {"script": p.written(exponent)}))
        return syntax.Power, exponent
    token = p.peek()
    if token.kind == "number" and len(token.text) > 1:
        raise Refusal(Finding("DRV217", token.span, {"digits": token.text}))
    if token.kind == "letter" and p.peek(1).text == "_":  # a script is one letter: its subscript is that of the base
        return syntax.Power, syntax.Letter(p.take().span, token.text)
    return syntax.Power, p.atom()


def read_primes(p: Parser) -> int:
    """Read the primes behind a letter, and return how many there are."""
    primes = 0
    while True:
        mark = p.peek().text
        if mark == "'":
            p.take()
            primes += 1
        elif mark == "^" and p.braced(1) in ("'", r"\prime"):
            p.take()
            above = p.raw()
            primes += above.count("'") + above.count("prime")
        else:
            return primes


def subscript_ahead(p: Parser) -> str:
    """Return the subscript that comes next, without taking it."""
    here = p.at
    found = read_subscript(p)
    p.at = here
    return found


def read_subscript(p: Parser) -> str:
    """Read a subscript as text; an empty text where there is none."""
    if p.peek().text != "_":
        return ""
    p.take()
    word = p.raw()
    if word in FONTS | TEXTS and p.peek().text == "{":
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
    subscript = read_subscript(p) if p.peek().text == "_" else ""
    subscript = subscript if p.names.strict else _COUNTS.sub(_counted, subscript)
    sides = subscript.replace(r"\times", ",").split(",") if subscript else []
    if kind is syntax.Identity and len(sides) == 2 and sides[0].strip() == sides[1].strip():
        sides = sides[:1]
    wanted = (0, 1) if kind is syntax.Identity else (2,) if kind is syntax.Commutation else (0, 1, 2)
    if len(sides) not in wanted or any("".join(_sizes(s)) != s.replace(" ", "") or not s.strip() for s in sides):
        raise Refusal(Finding("DRV224", p.since(start), {"name": p.source[start : p.last().end]}))
    return kind(p.since(start), tuple(tuple(_sizes(s)) for s in sides))


def _sizes(side: str) -> list[str]:
    """Split `mn` into its factors; digits and subscripts stay together."""
    return re.findall(r"\\[A-Za-z]+|[A-Za-z](?:_\w)?|\d+", side)


def _counted(found: re.Match[str]) -> str:
    r"""Return a size in words as a name: `\text{rows}(X)` is `m_X`, `\text{C}` is `C`."""
    return f"{_COUNTED[found['count']]}_{found['of'][-1]}" if found["count"] else found["word"]
