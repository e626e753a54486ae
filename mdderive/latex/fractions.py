"""Fractions, and the fractions that are derivatives: `\\frac{\\partial f}{\\partial X}`, `\\frac{d}{dt} …`, `\\nabla_X f`."""

from dataclasses import replace

from mdderive.latex import syntax
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
        return syntax.Over((top, self._part()), self.since(start))

    def _part(self) -> Syntax:
        """Read `{…}`, or one token, as TeX does."""
        if self.peek().text == "{":
            return self.brace()
        token = self.peek()
        if token.kind == "number" and len(token.text) > 1:
            start = token.span.start
            digits = (Token("number", d, Span(start + i, start + i + 1)) for i, d in enumerate(token.text))
            self.stream = (*self.stream[: self.at], *digits, *self.stream[self.at + 1 :])
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
        return replace(found, how="partial") if partial and isinstance(found, syntax.Derivative) and not found.how else found

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
        match order, variables:
            case 1, [syntax.Letter() as x]:
                return syntax.Derivative((function, x), span)
            case 1, [syntax.Transpose((x,))]:
                return syntax.Derivative((function, x), span, "transposed")
            case 1, [syntax.Indexed((syntax.Letter() as x,), places=places)]:
                return syntax.Indexed((syntax.Derivative((function, x), span, "entry"),), span, places)
            case 2, [
                syntax.Indexed((syntax.Letter() as x,), places=(i,)),
                syntax.Indexed((syntax.Letter() as y,), places=(j,)),
            ] if x == y:
                return syntax.Indexed((syntax.SecondDerivative((function, x), span),), span, (i, j))
            case 2, [syntax.Power((x, _))]:
                return syntax.SecondDerivative((function, x), span)
            case 2, [syntax.Letter() as x, second] if x == (
                second.args[0] if isinstance(second, syntax.Transpose | syntax.Power) else second
            ):
                return syntax.SecondDerivative((function, x), span)
        letters = [v.args[0] if isinstance(v, syntax.Transpose | syntax.Power) else v for v in variables]
        if any(isinstance(v, syntax.Member) for v in letters):
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
        variable = variable or syntax.Ask(self.since(start))
        self._skip_space()
        function = self.tensor() if self._opens_product() else self.item()
        before = self.names.strict and isinstance(function, syntax.Transpose) and not self._ends(True)
        if order == 1:
            return syntax.Derivative((function, variable), self.since(start), "before" if before else "")
        if before:
            raise Refusal(Diagnostic("DRV214", self.since(start)))
        return syntax.SecondDerivative((function, variable), self.since(start))
