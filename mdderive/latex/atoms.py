"""The atoms of matrix calculus and what stands directly at them: letters, functions, brackets, bars, scripts, differentials."""

import re

from mdderive.latex import syntax
from mdderive.latex.brackets import read_brackets, read_inner_product, read_matrix
from mdderive.latex.calls import at_differential, below_name, read_call, read_letter, read_moving, read_word
from mdderive.latex.fractions import QUOTIENTS, UPRIGHT, differential_sign, opens_product, read_fraction, read_nabla
from mdderive.latex.grammar import read_brace, read_tensor, within
from mdderive.latex.listing import read_listing
from mdderive.latex.notation import ACCENTS, BARS, BRACKETS, DOTS, DOUBLE_BARS, FONTS, GREEK, MATRICES, NAMES, TEXTS
from mdderive.latex.parser import Parser
from mdderive.latex.scripts import read_primes, read_sized, read_subscript, subscript_ahead, with_scripts
from mdderive.latex.sums import read_over_index
from mdderive.latex.syntax import Syntax
from mdderive.model.diagnostics import Finding, Refusal

# Constructions that are known and mean nothing that can be derived or judged.
UNSUPPORTED = frozenset({r"\prod", r"\int", r"\lim", r"\sup", r"\inf", r"\Pr"})
UNSUPPORTED_WORDS = frozenset({"vech", "rank", "argmax", "argmin", "cov", "Cov", "var", "Var", "pinv"})
WORDS = frozenset({r"\text", r"\operatorname", r"\mathrm", r"\textrm", r"\mbox", r"\mathbf", r"\mathsf", r"\mathit"})
BOLD = frozenset({r"\mathbf", r"\mathbb", r"\mathbbm", r"\mathds", r"\boldsymbol", r"\bm"})


def read_factor(p: Parser) -> Syntax:
    """Read a differential, a function with its argument, or an atom with scripts."""
    start = p.peek().span.start
    if at_differential(p):
        p.take()
        p.skip_space()
        return syntax.Differential((_differentiated(p),), p.since(start))
    if differential_sign(p, 0) and p.peek(1).text == "^" and p.braced(2) == "2":
        raise Refusal(Finding("DRV214", p.peek().span))
    return with_scripts(p, read_atom(p))


def _differentiated(p: Parser) -> Syntax:
    """Read what a `d` binds: one operand with ^T, ^{-1} or ^#, or the product that begins with a number, norm or fraction.

    Any other power is ambiguous.
    """
    p.deeper(p.peek().span)
    if opens_product(p):
        whole = read_tensor(p)
        p.depth -= 1
        return whole
    if at_differential(p):
        inner = read_factor(p)
        p.depth -= 1
        return inner
    start = p.peek().span.start
    inner = with_scripts(p, read_atom(p))
    p.depth -= 1
    if isinstance(inner, syntax.Power | syntax.HadamardPower) and not isinstance(inner.args[0], syntax.Group):
        raise Refusal(Finding("DRV205", p.since(start), {"base": p.written(inner.args[0])}))
    return inner


def read_atom(p: Parser) -> Syntax:
    """Read a letter, a number, brackets, or a command with what belongs to it, without scripts."""
    token = p.peek()
    start = token.span.start
    if token.kind == "number":
        p.take()
        return (
            read_sized(p, start, syntax.Zero)
            if token.text == "0" and p.peek().text == "_"
            else syntax.Number(token.span, token.text)
        )
    if token.kind == "letter":
        return read_word(p) or read_letter(p, p.take().text, start)
    listing = read_listing(p)
    if listing is not None:
        return listing
    if token.text in BRACKETS or token.text == "{":
        return read_brackets(p)
    if token.text in BARS:
        if p.peek(1).text in BARS:
            raise Refusal(Finding("DRV207", token.span.join(p.peek(1).span)))
        p.take()
        return syntax.Bars((within(p, token, BARS[token.text]),), p.since(start))
    if token.text in DOUBLE_BARS:
        p.take()
        inner = within(p, token, DOUBLE_BARS[token.text])
        subscript = re.sub(r"\\(?:mathrm|text) ?\{?F\}?", "F", read_subscript(p))
        return syntax.Norm((inner,), p.since(start), subscript)
    if token.kind == "command":
        return _command(p)
    if token.kind == "begin" and token.text in MATRICES:
        return read_matrix(p)
    p.refuse()


def _command(p: Parser) -> Syntax:
    token = p.peek()
    start = token.span.start
    text = token.text
    if text in GREEK:
        p.take()
        return read_letter(p, text, start)
    if text in NAMES and text != r"\sqrt":
        p.take()
        return read_call(p, NAMES[text], start)
    if text in QUOTIENTS:
        p.take()
        return read_fraction(p, start)
    if text == r"\sqrt":
        p.take()
        return _root(p, start)
    if text == r"\sum":
        p.take()
        return read_over_index(p, start, "sum")
    if text == r"\langle":
        return read_inner_product(p)
    if text == r"\nabla" or (text == r"\partial" and p.peek(1).text == "_"):
        return read_nabla(p)
    if text in UNSUPPORTED or (text == r"\mathbb" and p.braced(1) in ("E", "P", "R", "C")):
        construct = text if text in UNSUPPORTED else f"{text}{{{p.braced(1)}}}"
        raise Refusal(Finding("DRV231", token.span, {"construct": construct}))
    if text in FONTS or text in ACCENTS or text in TEXTS:
        return _styled(p)
    if text == r"\pi":
        p.take()
        return read_letter(p, text, start)
    raise Refusal(Finding("DRV201", token.span, {"command": text}))


def _root(p: Parser, start: int) -> Syntax:
    """Read a square root, or a root of another degree as a power."""
    degree = read_atom(p).args[0] if p.peek().text == "[" else None
    inner = read_brace(p) if p.peek().text == "{" else read_atom(p)
    if degree is None:
        return syntax.SquareRoot((inner,), p.since(start))
    return syntax.Power((inner, syntax.Over((syntax.Number(degree.span, "1"), degree), degree.span)), p.since(start))


def _styled(p: Parser) -> Syntax:
    """Read a font, accent or text: a function's name, a differential, or a letter whose style belongs to its name."""
    command = p.take()
    start = command.span.start
    if command.text in WORDS:
        word = p.word_ahead()
        if word in NAMES:
            p.raw()
            return read_call(p, NAMES[word], start)
        if command.text in UPRIGHT and word.startswith("d") and len(word) <= 2:
            return _upright_d(p, word, start)
    body = p.raw()
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
