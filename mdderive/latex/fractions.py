"""Fractions, and the fractions that are derivatives: `\\frac{\\partial f}{\\partial X}`, `\\frac{d}{dt} …`, `\\nabla_X f`."""

from dataclasses import replace

from mdderive.latex.notation import DOUBLE_BARS
from mdderive.latex.scripts import Scripts
from mdderive.latex.syntax import Syntax
from mdderive.latex.tokens import Token
from mdderive.model.diagnostics import Diagnostic, Refusal
from mdderive.model.source import Span

QUOTIENTS = frozenset({r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"})
UPRIGHT = frozenset({r"\mathrm", r"\text", r"\rm", r"\operatorname", r"\mathsf"})


class Fractions(Scripts):
    """Reads quotients and derivatives."""

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
        if token.text in UPRIGHT and self.peek(ahead + 1).text == "{" and self.peek(ahead + 2).text == "d":
            return 4 if self.peek(ahead + 3).text == "}" else 0
        return 2 if token.text in UPRIGHT and self.peek(ahead + 1).text == "d" else 0

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
        partial = self.peek().text == r"\partial"
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
            function = self.tensor()
        found = self._differentiated_by(function, variables, order, start)
        return replace(found, text="partial") if partial and not found.text else found

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
        entries = (
            all(v.kind == "entry" and v.args[0].kind == "letter" for v in variables)
            and len({v.args[0].text for v in variables}) == 1
        )
        if entries and order == len(variables) == 1:
            inner = Syntax("derivative", (function, variables[0].args[0]), span, "entry")
            return Syntax("entry", (inner,), span, variables[0].text)
        if entries and order == len(variables) == 2 and not any("," in v.text for v in variables):
            inner = Syntax("second", (function, variables[0].args[0]), span)
            return Syntax("entry", (inner,), span, ",".join(v.text for v in variables))
        square = len(variables) == 1 and variables[0].kind == "power"
        pair = len(variables) == 2 and letters[0].text == letters[1].text and variables[0].kind == "letter"
        if order == 2 and (square or pair):
            return Syntax("second", (function, letters[0]), span)
        if any(v.kind == "member" for v in letters):
            raise Refusal(Diagnostic("DRV254", span, {"name": self.source[letters[0].span.start : letters[0].span.end]}))
        raise Refusal(Diagnostic("DRV214", span))

    def _opens_product(self) -> bool:
        """Tell whether a number, a norm or a fraction comes next: nobody differentiates it alone, but the product it begins."""
        token = self.peek()
        return token.kind == "number" or token.text in DOUBLE_BARS or token.text in QUOTIENTS

    def _nabla(self) -> Syntax:
        """Read `\\nabla_X f` or `\\partial_X f`; without a subscript the variable is asked for."""
        start = self.next().span.start
        variable: Syntax | None = None
        order = 1
        while self.peek().text in ("_", "^"):
            if self.next().text == "^":
                order = 2 if self.raw() == "2" else 3
            else:
                variable = self.brace() if self.peek().text == "{" else self._atom()
        if order > 2:
            raise Refusal(Diagnostic("DRV214", self.since(start)))
        variable = variable or Syntax("ask", (), self.since(start))
        self._skip_space()
        function = self.tensor() if self._opens_product() else self.item()
        before = "before" if self.names.strict and function.kind == "transpose" and not self._ends(True) else ""
        if before and order > 1:
            raise Refusal(Diagnostic("DRV214", self.since(start)))
        return Syntax("derivative" if order == 1 else "second", (function, variable), self.since(start), before)
