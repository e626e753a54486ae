"""The atoms of matrix calculus and what stands directly at them: letters, functions, brackets, bars, scripts, differentials."""

import re
from itertools import pairwise

from mdderive.latex import syntax
from mdderive.latex.fractions import QUOTIENTS, UPRIGHT
from mdderive.latex.letters import base_letter
from mdderive.latex.listing import Listing
from mdderive.latex.notation import (
    ACCENTS,
    BARS,
    BRACKETS,
    DOTS,
    DOUBLE_BARS,
    FONTS,
    GREEK,
    MATRICES,
    NAMES,
    PLAIN_NAMES,
    TEXTS,
    UNIT_LETTERS,
)
from mdderive.latex.syntax import Syntax
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Diagnostic, Refusal

# Letters that are applied, not multiplied, when `(` follows and nothing declares them.
APPLIED = frozenset({r"\sigma", r"\phi", r"\varphi", r"\psi", "f", "g", "h"})
GLUED = frozenset({"exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "det"})
# Constructions that are known and mean nothing that can be derived or judged.
UNSUPPORTED = frozenset({r"\prod", r"\int", r"\lim", r"\sup", r"\inf", r"\Pr"})
UNSUPPORTED_WORDS = frozenset({"vech", "rank", "argmax", "argmin", "cov", "Cov", "var", "Var", "pinv"})
WORDS = frozenset({r"\text", r"\operatorname", r"\mathrm", r"\textrm", r"\mbox", r"\mathbf", r"\mathsf", r"\mathit"})
BOLD = frozenset({r"\mathbf", r"\mathbb", r"\mathbbm", r"\mathds", r"\boldsymbol", r"\bm"})
BRACED = {r"\underbrace": "_", r"\overbrace": "^"}


class Atoms(Listing):
    """Reads one factor with its scripts."""

    def item(self) -> Syntax:
        """Read a differential, a function with its argument, or an atom with scripts."""
        start = self.peek().span.start
        if self._at_differential():
            self.next()
            self._skip_space()
            return syntax.Differential((self._differentiated(),), self.since(start))
        if self._d_at(0) and self.peek(1).text == "^" and self._braced(2) == "2":
            raise Refusal(Diagnostic("DRV214", self.peek().span))
        return self._scripts(self._atom())

    def _at_differential(self) -> bool:
        if self.peek().text != "d" or "d" in self.names.symbols or self._plain_word():
            return False
        after = self.peek(1)
        if after.kind == "letter" or (after.kind == "number" and self.names.strict):
            return True
        if after.text in BARS or after.text in DOUBLE_BARS or after.text in ("(", "[", r"\,"):
            return True
        return after.kind == "command" and not self._ends_operand(after)

    def _ends_operand(self, token: Token) -> bool:
        here, self.at = self.at, self.at + 1
        ends = self._ends(True) or token.text in (r"\,", r"\cdot", r"\times")
        self.at = here
        return ends

    def _differentiated(self) -> Syntax:
        """Read what a `d` binds: one operand with ^T, ^{-1} or ^#, or the product that begins with a number, norm or fraction.

        Any other power is ambiguous.
        """
        self.deeper(self.peek().span)
        if self._opens_product():
            whole = self.tensor()
            self.depth -= 1
            return whole
        if self._at_differential():
            inner = self.item()
            self.depth -= 1
            return inner
        start = self.peek().span.start
        inner = self._scripts(self._atom())
        self.depth -= 1
        if isinstance(inner, syntax.Power | syntax.HadamardPower) and not isinstance(inner.args[0], syntax.Group):
            raise Refusal(Diagnostic("DRV205", self.since(start), {"base": self._text(inner.args[0])}))
        return inner

    def _atom(self) -> Syntax:
        token = self.peek()
        start = token.span.start
        if token.kind == "number":
            self.next()
            return (
                self._sized(start, syntax.Zero)
                if token.text == "0" and self.peek().text == "_"
                else syntax.Number(token.span, token.text)
            )
        if token.kind == "letter":
            return self._word() or self._letter(self.next().text, start)
        listing = self._listing()
        if listing is not None:
            return listing
        if token.text in BRACKETS or token.text == "{":
            return self._bracketed()
        if token.text in BARS:
            if self.peek(1).text in BARS:
                raise Refusal(Diagnostic("DRV207", token.span.join(self.peek(1).span)))
            self.next()
            return syntax.Bars((self.within(token, BARS[token.text]),), self.since(start))
        if token.text in DOUBLE_BARS:
            self.next()
            inner = self.within(token, DOUBLE_BARS[token.text])
            subscript = re.sub(r"\\(?:mathrm|text) ?\{?F\}?", "F", self._subscript())
            return syntax.Norm((inner,), self.since(start), subscript)
        if token.kind == "command":
            return self._command()
        if token.kind == "begin" and token.text in MATRICES:
            return self._matrix()
        self.unexpected()

    def _command(self) -> Syntax:
        token = self.peek()
        start = token.span.start
        text = token.text
        if text in GREEK:
            self.next()
            return self._letter(text, start)
        if text in NAMES and text != r"\sqrt":
            self.next()
            return self._call(NAMES[text], start)
        if text in QUOTIENTS:
            self.next()
            return self._fraction(start)
        if text == r"\sqrt":
            self.next()
            return self._root(start)
        if text == r"\sum":
            self.next()
            return self._over_index(start, "sum")
        if text == r"\langle":
            return self._inner()
        if text == r"\nabla" or (text == r"\partial" and self.peek(1).text == "_"):
            return self._nabla()
        if text in BRACED:
            self.next()
            inner = self.brace()
            if self.peek().text == BRACED[text]:
                self.next()
                self.annotation(inner)
            return syntax.Group((inner,), self.since(start))
        if text in UNSUPPORTED or (text == r"\mathbb" and self._braced(1) in ("E", "P", "R", "C")):
            construct = text if text in UNSUPPORTED else f"{text}{{{self._braced(1)}}}"
            raise Refusal(Diagnostic("DRV231", token.span, {"construct": construct}))
        if text in FONTS or text in ACCENTS or text in TEXTS:
            return self._styled()
        if text == r"\pi":
            self.next()
            return self._letter(text, start)
        raise Refusal(Diagnostic("DRV201", token.span, {"command": text}))

    def annotation(self, annotated: Syntax) -> None:
        """Read what stands under or over a brace."""
        raise NotImplementedError

    def _root(self, start: int) -> Syntax:
        """Read a square root, or a root of another degree as a power."""
        degree = self._atom().args[0] if self.peek().text == "[" else None
        inner = self.brace() if self.peek().text == "{" else self._atom()
        if degree is None:
            return syntax.SquareRoot((inner,), self.since(start))
        return syntax.Power((inner, syntax.Over((syntax.Number(degree.span, "1"), degree), degree.span)), self.since(start))

    def _styled(self) -> Syntax:
        """Read a font, accent or text: a function's name, a differential, or a letter whose style belongs to its name."""
        command = self.next()
        start = command.span.start
        if command.text in WORDS:
            word = self._word_ahead()
            if word in NAMES:
                self.raw()
                return self._call(NAMES[word], start)
            if command.text in UPRIGHT and word.startswith("d") and len(word) <= 2:
                return self._upright_d(word, start)
        body = self.raw()
        if command.text in BOLD and body == "1":
            return self._sized(start, syntax.Ones)
        if command.text in BOLD and body == "0":
            return self._sized(start, syntax.Zero)
        if command.text in BOLD | {r"\mathrm"} and body == "I" and f"{command.text}{{I}}" not in self.names.symbols:
            return self._letter("I", start)
        if body == "e" and command.text in (r"\mathrm", r"\text") and f"{command.text}{{e}}" not in self.names.symbols:
            return self._letter("e", start)
        if body in UNSUPPORTED_WORDS and command.text in WORDS:
            raise Refusal(Diagnostic("DRV231", self.since(start), {"construct": body}))
        if not body or command.text in (r"\text", r"\operatorname", r"\mbox", r"\textrm"):
            raise Refusal(Diagnostic("DRV208", self.since(start), {"word": body}))
        if command.text in DOTS and f"{command.text}{{{body}}}" not in self.names.symbols:
            lowered = body + _below(self._subscript_ahead())
            if lowered in self.names.moving:
                self._subscript()
                return self._moving(lowered, self._primes() + DOTS[command.text], start)
        return self._letter(f"{command.text}{{{body}}}", start)

    def _upright_d(self, word: str, start: int) -> Syntax:
        self.raw()
        if len(word) == 2:
            inner = self._scripts(self._letter(word[1], self.last().start))
        else:
            inner = self._differentiated()
        return syntax.Differential((inner,), self.since(start))

    def _word(self) -> Syntax | None:
        """Read plain letters that spell a function followed by its argument: `tr(…)`, `t r(…)`, `exp(…)`."""
        start = self.peek().span.start
        word = self._plain_word()
        for _ in word:
            self.next()
        return self._call(NAMES[word], start) if word else None

    def _plain_word(self) -> str:
        """Return the function that plain letters spell from here; a trace may stand before its argument without brackets."""
        words = PLAIN_NAMES.get(self.peek().text)
        for word in words or ():
            if self._spells(word) and not set(word) <= self.names.symbols:
                after = self.peek(len(word))
                if after.text in ("(", "[", "{", r"\{") or (after.kind == "letter" and self._glued(word)):
                    return word
        return ""

    def _glued(self, word: str) -> bool:
        """Tell whether letters are a function before a letter: `tr A` in any spacing, `cosX` where none stands between."""
        spans = [self.peek(i).span for i in range(len(word))]
        return word == "tr" or (word in GLUED and all(a.end == b.start for a, b in pairwise(spans)))

    def _spells(self, word: str) -> bool:
        return all(self.peek(i).text == letter for i, letter in enumerate(word))

    def _letter(self, name: str, start: int) -> Syntax:
        """Read a letter's subscript and primes, and its argument where it is a function."""
        if name == "I" and "I" not in self.names.symbols:
            return self._sized(start, syntax.Identity)
        if name == "K" and self.peek().text == "_" and "K" not in self.names.symbols and "," in self._subscript_ahead():
            return self._sized(start, syntax.Commutation)
        subscript = self._subscript()
        if name in self.bound and not subscript:
            raise Refusal(Diagnostic("DRV234", self.since(start), {"construct": name}))
        base = name
        if base in self.names.families and subscript:
            return self._member(base, subscript, start)
        if subscript:
            name += f"_{subscript}" if len(subscript) == 1 or subscript in GREEK else f"_{{{subscript}}}"
            places = self._places(subscript)
            if places and name not in self.names.symbols and name not in self.names.functions:
                if base in self.names.symbols and (
                    len(places) == 2 or places[0] in self.bound or base_letter(base)[-1:].islower()
                ):
                    return syntax.Indexed((syntax.Letter(self.since(start), base),), self.since(start), places)
                if base in UNIT_LETTERS and len(places) == 1 and base not in self.names.symbols:
                    return syntax.Unit(self.since(start), places[0])
            if self._bound_in(subscript):
                code = "DRV252" if name in self.names.symbols else "DRV251" if self._places(subscript) else "DRV224"
                raise Refusal(Diagnostic(code, self.since(start), {"name": name, "letter": base}))
        primes = self._primes()
        if name in self.names.moving:
            return self._moving(name, primes, start)
        density = self._density(name, start) if not primes else None
        if density is not None:
            return density
        known = name in self.names.functions
        applied = known or (name in APPLIED and name not in self.names.symbols)
        if applied and self.peek().text in ("(", "["):
            argument = self._atom()
            return syntax.Applied((argument.args[0],), self.since(start), name, primes)
        spelled = name + "'" * primes
        if primes and spelled not in self.names.symbols:
            raise Refusal(Diagnostic("DRV213", self.since(start), {"name": name}))
        if name in ("D", r"\mathrm{D}") and name not in self.names.symbols and self.peek().text in self.names.functions:
            raise Refusal(Diagnostic("DRV214", self.since(start)))
        if self.names.strict and self.peek().text == "(" and name not in self.names.symbols and not _is_matrix(name):
            raise Refusal(Diagnostic("DRV219", self.since(start), {"name": name}))
        return syntax.Letter(self.since(start), spelled)

    def _member(self, base: str, subscript: str, start: int) -> Syntax:
        """Read a member of a family: its letter with one index."""
        places = self._places(subscript)
        letter = syntax.Letter(self.since(start), base)
        if len(places) != 1:
            raise Refusal(Diagnostic("DRV252", letter.span, {"name": self._text(letter), "letter": base}))
        return syntax.Member((letter,), letter.span, places[0])

    def _moving(self, name: str, primes: int, start: int) -> Syntax:
        r"""Read a function of a scalar: `x`, `x(t)`, `x'(t)` and `\dot x`."""
        parameter = self.names.moving[name]
        if [self.peek(i).text for i in range(3)] == ["(", parameter, ")"]:
            self.at += 3
        letter, along = (syntax.Letter(self.since(start), text) for text in (name, parameter))
        if primes > 1:
            raise Refusal(Diagnostic("DRV214", letter.span))
        return syntax.Derivative((letter, along), letter.span) if primes else letter

    def _call(self, name: tuple[str, str], start: int) -> Syntax:
        """Read the scripts and the argument of a named function; scripts before it apply to the whole."""
        match name[0]:
            case "max" | "min" as how:
                return self._extreme(how, start)
        primes = self._primes()
        before: list[tuple[type[syntax.Branch], Syntax | None]] = []
        while self.peek().text == "^":
            mark = self.peek().span
            before.append(self._script())
            if before[-1][0] is syntax.Inverse:
                raise Refusal(Diagnostic("DRV223", mark.join(self.last()), {"script": "^{-1}"}))
        argument = self._argument()
        call: Syntax = syntax.Call((argument,), self.since(start), *name, primes)
        for kind, exponent in before:
            call = kind((call,) if exponent is None else (call, exponent), self.since(start))
        return call

    def _argument(self) -> Syntax:
        """Read an argument: in brackets exactly that, else a run of symbols that stops at d, a function or a bracket."""
        token = self.peek()
        if token.text in BRACKETS or token.text == "{":
            return self._atom().args[0]
        if token.text == r"\sum" or token.text in NAMES or token.text in BARS or token.text in TEXTS or self._plain_word():
            self.deeper(token.span)
            inner = self._scripts(self._atom())
            self.depth -= 1
            return inner
        start = token.span.start
        run = [self._scripts(self._atom())]
        while self._plain(self.peek()) and not self._at_differential():
            run.append(self._scripts(self._atom()))
        return run[0] if len(run) == 1 else syntax.Product(tuple(run), self.since(start))

    def _plain(self, token: Token) -> bool:
        if token.kind == "letter":
            words = PLAIN_NAMES.get(token.text, ())
            return not any(self._spells(w) and self.peek(len(w)).text in BRACKETS for w in words)
        return token.kind == "number" or token.text in GREEK or token.text in FONTS


def _is_matrix(name: str) -> bool:
    """Tell whether a letter stands for a matrix by convention: a capital may be multiplied with a bracket."""
    return base_letter(name)[-1:].isupper() and "_" not in name


def _below(subscript: str) -> str:
    """Return a subscript as it stands in a name."""
    return f"_{subscript}" if len(subscript) == 1 or subscript in GREEK else f"_{{{subscript}}}" if subscript else ""
