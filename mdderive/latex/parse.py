"""LaTeX to a shape-free syntax tree, by precedence climbing.

Loosest to tightest: relation, sum, Hadamard and Kronecker products, juxtaposition, `d` and function words, scripts. Whatever
needs
shapes or declarations is left to elaboration. Nothing is skipped: a token that fits nowhere is a diagnostic at its place.
"""

from mdderive.diagnostics import Diagnostic, Label, Refusal
from mdderive.latex.atoms import Atoms
from mdderive.latex.notation import COMPARISONS, RELATIONS
from mdderive.latex.syntax import NO_NAMES, Chain, Names, Syntax
from mdderive.latex.tokens import tokens

ENVIRONMENTS = frozenset(
    {"aligned", "align", "align*", "split", "gathered", "gather", "gather*", "equation", "equation*", "alignedat"}
)


def parse(text: str, start: int = 0, end: int | None = None, names: Names = NO_NAMES) -> Syntax | Diagnostic:
    """Return the syntax of one expression standing alone in `text[start:end]`."""
    try:
        reader = Parser(tokens(text, start, end), names, text)
        found = reader.sum()
        reader.finish()
    except Refusal as refusal:
        return refusal.diagnostic
    return found


def parse_statement(text: str, start: int = 0, end: int | None = None, names: Names = NO_NAMES) -> tuple[Chain, ...] | Diagnostic:
    """Return the chains of relations in `text[start:end]`: one, or one for each new left side of an aligned environment."""
    try:
        reader = Parser(tokens(text, start, end), names, text)
        chains = reader.rows()
        reader.finish()
    except Refusal as refusal:
        return refusal.diagnostic
    return chains


class Parser(Atoms):
    """Statements over the expressions of `Atoms`."""

    def finish(self) -> None:
        """Accept closing punctuation, then the end."""
        if self.peek().text in (".", ",", ";", "，", "。", "；"):
            self.next()
        if self.peek().kind != "stop":
            self.unexpected()

    def rows(self) -> tuple[Chain, ...]:
        """Return the chains of a statement, through alignment environments."""
        if self.peek().kind != "begin":
            return tuple(self._chains())
        opened = self.next()
        if opened.text not in ENVIRONMENTS:
            raise Refusal(Diagnostic("DRV210", opened.span, {"environment": opened.text}))
        chains = self.rows() if self.peek().kind == "begin" else tuple(self._chains())
        if self.peek().text in (",", ".", ";"):
            self.next()
        closed = self.next()
        if closed.kind != "end" or closed.text != opened.text:
            label = Label(opened.span, {"en": "opened here", "zh": "在此打开"})
            raise Refusal(Diagnostic("DRV211", closed.span, {"opened": opened.text, "found": closed.text or "end"}, (label,)))
        return chains

    def _chains(self) -> list[Chain]:
        chains: list[tuple[list[Syntax], list[str]]] = []
        while self.peek().kind not in ("stop", "end"):
            self._skip("&", r"\\")
            if self.peek().kind in ("stop", "end"):
                break
            if self._relation() is None:
                chains.append(([self._side()], []))
            elif not chains:
                self.unexpected()
            self._continue(chains[-1])
            if self.peek().text not in (r"\\", "&"):
                break
        return [Chain(tuple(sides), tuple(relations)) for sides, relations in chains]

    def _continue(self, chain: tuple[list[Syntax], list[str]]) -> None:
        sides, relations = chain
        self._skip("&")
        while (relation := self._relation()) is not None:
            self._take_relation(relation)
            self._skip("&")
            relations.append(relation)
            sides.append(self._side())
            self._skip("&")

    def _side(self) -> Syntax:
        if self.peek().text == "?":
            token = self.next()
            return Syntax("ask", (), token.span)
        return self.sum()

    def _relation(self) -> str | None:
        token = self.peek()
        if token.text == ":" and self.peek(1).text == "=":
            return ":="
        return token.text if token.text in RELATIONS or token.text in COMPARISONS else None

    def _take_relation(self, relation: str) -> None:
        self.next()
        if relation == ":=":
            self.next()

    def _skip(self, *texts: str) -> None:
        while self.peek().text in texts:
            self.next()
