"""The atoms of matrix calculus and what stands directly at them: letters, functions, brackets, bars, scripts, differentials."""

import re

from mdderive.diagnostics import Diagnostic, Refusal
from mdderive.latex.grammar import Grammar
from mdderive.latex.notation import (
    ACCENTS,
    BARS,
    BRACKETS,
    DOUBLE_BARS,
    FONTS,
    GREEK,
    NAMES,
    PLAIN_NAMES,
    TEXTS,
    TRANSPOSES,
)
from mdderive.latex.syntax import Syntax
from mdderive.latex.tokens import Token
from mdderive.source import Span

# Letters that are applied, not multiplied, when `(` follows and nothing declares them.
APPLIED = frozenset({r"\sigma", r"\phi", r"\varphi", r"\psi", "f", "g", "h"})
FRACTIONS = frozenset({r"\frac", r"\dfrac", r"\tfrac"})


class Atoms(Grammar):
    """Reads one factor with its scripts."""

    def item(self) -> Syntax:
        """Read a differential, a function with its argument, or an atom with scripts."""
        start = self.peek().span.start
        if self._at_differential():
            self.next()
            return Syntax("d", (self._differentiated(),), self.since(start))
        return self._scripts(self._atom())

    # ------------------------------------------------------------ differentials

    def _at_differential(self) -> bool:
        token = self.peek()
        if token.text != "d" or "d" in self.names.symbols:
            return False
        after = self.peek(1)
        if after.kind == "letter" or after.text in BARS or after.text in DOUBLE_BARS or after.text in ("(", "["):
            return True
        return after.kind == "command" and not self._ends_operand(after)

    def _ends_operand(self, token: Token) -> bool:
        here, self.at = self.at, self.at + 1
        ends = self._ends(True) or token.text in (r"\,", r"\cdot", r"\times")
        self.at = here
        return ends

    def _differentiated(self) -> Syntax:
        """Read what a `d` binds: one operand with ^T, ^{-1} or ^#; any other power is ambiguous."""
        if self._at_differential():
            return self.item()
        start = self.peek().span.start
        inner = self._scripts(self._atom())
        if inner.kind in ("power", "hpower") and inner.args[0].kind != "group":
            raise Refusal(Diagnostic("DRV205", self.since(start), {"base": self._text(inner.args[0])}))
        return inner

    def _text(self, node: Syntax) -> str:
        return self.source[node.span.start : node.span.end]

    # ------------------------------------------------------------ atoms

    def _atom(self) -> Syntax:
        token = self.peek()
        start = token.span.start
        if token.kind == "number":
            self.next()
            return self._sized(start, "zero") if token.text == "0" and self.peek().text == "_" else _leaf("number", token)
        if token.kind == "letter":
            return self._word() or self._letter(self.next().text, start)
        if token.text in BRACKETS or token.text == "{":
            self.next()
            return Syntax("group", (self.within(token, BRACKETS.get(token.text, "}")),), self.since(start))
        if token.text in BARS:
            if self.peek(1).text in BARS:
                raise Refusal(Diagnostic("DRV207", token.span.join(self.peek(1).span)))
            self.next()
            return Syntax("bars", (self.within(token, BARS[token.text]),), self.since(start))
        if token.text in DOUBLE_BARS:
            self.next()
            inner = self.within(token, DOUBLE_BARS[token.text])
            return Syntax("norm", (inner,), self.since(start), self._subscript())
        if token.kind == "command":
            return self._command()
        self.unexpected()

    def _command(self) -> Syntax:
        token = self.peek()
        start = token.span.start
        text = token.text
        if text in GREEK:
            self.next()
            return self._letter(text, start)
        if text in NAMES:
            self.next()
            return self._call(NAMES[text], start)
        if text in FRACTIONS:
            self.next()
            return self._fraction(start)
        if text == r"\sqrt":
            self.next()
            inner = self.brace() if self.peek().text == "{" else self._atom()
            return Syntax("root", (inner,), self.since(start))
        if text == r"\langle":
            return self._inner()
        if text == r"\nabla":
            return self._nabla()
        if text == r"\mathbb" and self._braced(1) in ("1", "E", "P", "R", "C") and self._braced(1) != "1":
            raise Refusal(Diagnostic("DRV201", token.span, {"command": text}))
        if text in FONTS or text in ACCENTS or text in TEXTS:
            return self._styled()
        if text in (r"\pi", r"\mathbbm"):
            self.next()
            return self._letter(text, start)
        raise Refusal(Diagnostic("DRV201", token.span, {"command": text}))

    def _braced(self, ahead: int) -> str:
        return self.peek(ahead + 1).text if self.peek(ahead).text == "{" else self.peek(ahead).text

    def _styled(self) -> Syntax:
        """Read a font, accent or text: a function's name, a differential, or a letter whose style belongs to its name."""
        command = self.next()
        start = command.span.start
        if command.text in (r"\text", r"\operatorname", r"\mathrm", r"\textrm", r"\mbox") or command.text == r"\mathbf":
            word = self._word_ahead()
            if word in NAMES:
                self.raw()
                return self._call(NAMES[word], start)
            if command.text in (r"\mathrm", r"\text") and word.startswith("d") and len(word) <= 2:
                return self._upright_d(word, start)
        body = self.raw()
        if command.text in (r"\mathbf", r"\mathbb", r"\boldsymbol", r"\bm") and body == "1":
            return self._sized(start, "ones")
        if command.text == r"\mathbf" and body == "0":
            return self._sized(start, "zero")
        if command.text in (r"\mathbf", r"\mathrm") and body == "I" and f"{command.text}{{I}}" not in self.names.symbols:
            return self._letter("I", start)
        if not body or command.text in (r"\text", r"\operatorname", r"\mbox", r"\textrm"):
            raise Refusal(Diagnostic("DRV208", self.since(start), {"word": body}))
        return self._letter(f"{command.text}{{{body}}}", start)

    def _word_ahead(self) -> str:
        here = self.at
        word = self.raw().strip()
        self.at = here
        return word

    def _upright_d(self, word: str, start: int) -> Syntax:
        self.raw()
        if len(word) == 2:
            inner = self._scripts(self._letter(word[1], self.last().start))
        else:
            inner = self._differentiated()
        return Syntax("d", (inner,), self.since(start))

    def _word(self) -> Syntax | None:
        """Read plain letters that spell a function followed by its argument: `tr(…)`, `t r(…)`, `exp(…)`."""
        start = self.peek().span.start
        for word in PLAIN_NAMES:
            letters = [self.peek(i).text for i in range(len(word))]
            if "".join(letters) == word and self.peek(len(word)).text in ("(", "[", "{") and not set(word) <= self.names.symbols:
                for _ in word:
                    self.next()
                return self._call(NAMES[word], start)
        return None

    def _letter(self, name: str, start: int) -> Syntax:
        """Read a letter's subscript and primes, and its argument where it is a function."""
        if name == "I" and "I" not in self.names.symbols:
            return self._sized(start, "identity")
        if name == "K" and self.peek().text == "_" and "K" not in self.names.symbols and "," in self._subscript_ahead():
            return self._sized(start, "commutation")
        subscript = self._subscript()
        if subscript:
            name += f"_{subscript}" if len(subscript) == 1 or _is_command(subscript) else f"_{{{subscript}}}"
        primes = self._primes()
        known = name in self.names.functions
        applied = known or (name in APPLIED and name not in self.names.symbols)
        if applied and self.peek().text in ("(", "["):
            argument = self._atom()
            return Syntax("call", (argument.args[0],), self.since(start), f"letter:{name}{primes}")
        if primes:
            raise Refusal(Diagnostic("DRV213", self.since(start), {"name": name}))
        return Syntax("letter", (), self.since(start), name)

    def _primes(self) -> str:
        primes = ""
        while True:
            if self.peek().text == "'":
                self.next()
                primes += "'"
            elif self.peek().text == "^" and self._braced(1) in ("'", r"\prime"):
                self.next()
                primes += "'" * (
                    self.raw().count("'") or self.source[self.last().start - 14 : self.last().end].count("prime") or 1
                )
            else:
                return primes

    def _subscript_ahead(self) -> str:
        here = self.at
        found = self._subscript()
        self.at = here
        return found

    def _subscript(self) -> str:
        if self.peek().text != "_":
            return ""
        self.next()
        return self.raw()

    def _sized(self, start: int, kind: str) -> Syntax:
        """Read the sizes of I, 1, 0 or K: `n`, `mn` (a product) or `m \\times n`."""
        subscript = self._subscript() if self.peek().text == "_" else ""
        sides = [s for s in subscript.replace(r"\times", ",").split(",") if s.strip()]
        return Syntax(kind, (), self.since(start), ",".join("*".join(_sizes(s)) for s in sides))

    # ------------------------------------------------------------ functions and brackets

    def _call(self, name: tuple[str, str], start: int) -> Syntax:
        """Read the scripts and the argument of a named function; scripts before it apply to the whole."""
        primes = self._primes()
        before: list[tuple[str, Syntax | None]] = []
        while self.peek().text == "^":
            before.append(self._script())
        argument = self._argument()
        call = Syntax("call", (argument,), self.since(start), f"{name[0]}:{name[1]}{primes}")
        for kind, exponent in before:
            call = Syntax(kind, (call,) if exponent is None else (call, exponent), self.since(start))
        return call

    def _argument(self) -> Syntax:
        """Read an argument: in brackets exactly that, else a run of symbols that stops at d, a function or a bracket."""
        token = self.peek()
        if token.text in BRACKETS or token.text == "{":
            return self._atom().args[0]
        if token.text in NAMES or token.text in BARS or token.text in TEXTS or self.peek().kind == "stop":
            return self._atom()
        start = token.span.start
        run = [self._scripts(self._atom())]
        while self._plain(self.peek()) and not self._at_differential():
            run.append(self._scripts(self._atom()))
        return run[0] if len(run) == 1 else Syntax("product", tuple(run), self.since(start))

    def _plain(self, token: Token) -> bool:
        if token.kind == "letter":
            return not any(
                "".join(self.peek(i).text for i in range(len(w))) == w and self.peek(len(w)).text in BRACKETS for w in PLAIN_NAMES
            )
        return token.kind == "number" or token.text in GREEK or token.text in FONTS

    def _inner(self) -> Syntax:
        opened = self.next()
        left = self.within(opened, ",")
        right = self.within(opened, r"\rangle")
        return Syntax("inner", (left, right), self.since(opened.span.start))

    # ------------------------------------------------------------ fractions and derivatives

    def _fraction(self, start: int) -> Syntax:
        if self.peek().text == "{" and self._at_derivative(1):
            return self._derivative(start)
        top = self._part()
        return Syntax("over", (top, self._part()), self.since(start))

    def _part(self) -> Syntax:
        """Read `{…}`, or one token, as TeX does."""
        if self.peek().text == "{":
            return self.brace()
        token = self.peek()
        if token.kind == "number" and len(token.text) > 1:
            digits = [
                Syntax("number", (), Span(token.span.start + i, token.span.start + i + 1), d) for i, d in enumerate(token.text)
            ]
            self.stream = (
                *self.stream[: self.at],
                *(Token("number", d.text, d.span) for d in digits),
                *self.stream[self.at + 1 :],
            )
        return self._atom()

    def _d_at(self, ahead: int) -> int:
        """Return how many tokens a differential sign takes `ahead` of here, 0 where there is none."""
        token = self.peek(ahead)
        if token.text == r"\partial" or (token.text == "d" and "d" not in self.names.symbols):
            return 1
        if token.text in (r"\mathrm", r"\text", r"\rm") and self.peek(ahead + 1).text == "{" and self.peek(ahead + 2).text == "d":
            return 4 if self.peek(ahead + 3).text == "}" else 0
        return 2 if token.text in (r"\mathrm", r"\rm") and self.peek(ahead + 1).text == "d" else 0

    def _at_derivative(self, ahead: int) -> bool:
        """Tell whether a fraction is a derivative: a differential sign begins the top and the bottom."""
        if not self._d_at(ahead):
            return False
        depth = 1
        while depth:
            token = self.peek(ahead)
            depth += (token.text == "{") - (token.text == "}")
            ahead += 1
            if token.kind == "stop":
                return False
        return self.peek(ahead).text == "{" and bool(self._d_at(ahead + 1))

    def _derivative(self, start: int) -> Syntax:
        opened = self.next()
        self._take_d()
        order = self._order()
        function = None if self.peek().text == "}" else self.within(opened, "}")
        if function is None:
            self.next()
        opened = self.peek()
        self.expect("{")
        variables: list[Syntax] = []
        while self._d_at(0):
            self._take_d()
            variables.append(self._variable())
        if self.peek().text != "}" or not variables:
            self.unexpected()
        self.next()
        if function is None:
            function = self.product()
        return self._differentiated_by(function, variables, order, start)

    def _take_d(self) -> None:
        for _ in range(self._d_at(0)):
            self.next()

    def _order(self) -> int:
        if self.peek().text != "^":
            return 1
        self.next()
        return 2 if self.raw() == "2" else 3

    def _variable(self) -> Syntax:
        braced = self.peek().text == "{"
        return self._scripts(self.brace() if braced else self._atom())

    def _differentiated_by(self, function: Syntax, variables: list[Syntax], order: int, start: int) -> Syntax:
        span = self.since(start)
        letters = [v.args[0] if v.kind in ("transpose", "power") else v for v in variables]
        if order == 1 and len(variables) == 1 and variables[0].kind in ("letter", "transpose"):
            return Syntax("derivative", (function, letters[0]), span, "transposed" if variables[0].kind == "transpose" else "")
        square = len(variables) == 1 and variables[0].kind == "power"
        pair = len(variables) == 2 and letters[0].text == letters[1].text and variables[0].kind == "letter"
        if order == 2 and (square or pair):
            return Syntax("second", (function, letters[0]), span)
        raise Refusal(Diagnostic("DRV214", span))

    def _nabla(self) -> Syntax:
        start = self.next().span.start
        variable: Syntax | None = None
        order = 1
        while self.peek().text in ("_", "^"):
            if self.next().text == "^":
                order = 2 if self.raw() == "2" else 3
            else:
                variable = self.brace() if self.peek().text == "{" else self._atom()
        if variable is None or order > 2:
            raise Refusal(Diagnostic("DRV214", self.since(start)))
        function = self.item()
        return Syntax("derivative" if order == 1 else "second", (function, variable), self.since(start))

    # ------------------------------------------------------------ scripts

    def _scripts(self, base: Syntax) -> Syntax:
        """Read the superscripts at an operand; a second one directly behind the first is an error, as in TeX."""
        scripts = 0
        while self.peek().text in ("^", "'"):
            if self.peek().text == "'" or self._braced(1) in ("'", r"\prime"):
                raise Refusal(Diagnostic("DRV213", base.span.join(self.peek().span), {"name": self._text(base)}))
            at = self.peek().span
            kind, exponent = self._script()
            scripts += 1
            if scripts > 1:
                raise Refusal(Diagnostic("DRV216", at))
            args = (base,) if exponent is None else (base, exponent)
            base = Syntax(kind, args, self.since(base.span.start))
        return base

    def _script(self) -> tuple[str, Syntax | None]:
        self.expect("^")
        word = self._word_ahead()
        fixed = {"-1": "inverse", r"\#": "adjugate", "#": "adjugate", "*": "star", r"\ast": "star"}
        fixed |= dict.fromkeys(TRANSPOSES, "transpose") | {f"-{t}": "inverse-transpose" for t in TRANSPOSES}
        fixed |= dict.fromkeys(("adjoint", r"\text{adjoint}", r"\mathrm{adj}", r"\text{adj}"), "adjugate")
        if word in fixed:
            self.raw()
            return fixed[word], None
        if self.peek().text == "{":
            opened = self.next()
            if self.peek().text in (r"\odot", r"\circ"):
                self.next()
                return "hpower", self.within(opened, "}")
            return "power", self.within(opened, "}")
        token = self.peek()
        if token.kind == "number" and len(token.text) > 1:
            raise Refusal(Diagnostic("DRV217", token.span, {"digits": token.text}))
        return "power", self._atom()


def _leaf(kind: str, token: Token) -> Syntax:
    return Syntax(kind, (), token.span, token.text)


def _is_command(text: str) -> bool:
    return text.startswith("\\") and text[1:].isalpha()


def _sizes(side: str) -> list[str]:
    """Split `mn` into its factors; digits and subscripts stay together."""
    return re.findall(r"\\[A-Za-z]+|[A-Za-z](?:_\w)?|\d+", side)
