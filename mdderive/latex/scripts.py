"""What stands at an operand: superscripts, subscripts, primes and the sizes of I, 1, 0 and K."""

import re
from collections.abc import Mapping
from dataclasses import replace

from mdderive.latex import syntax
from mdderive.latex.grammar import Grammar
from mdderive.latex.notation import FONTS, INDICES, PAIRED_INDICES, TEXTS, TRANSPOSES
from mdderive.latex.syntax import Syntax
from mdderive.model.diagnostics import Diagnostic, Refusal
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


class Scripts(Grammar):
    """Reads scripts; what an atom is, a subclass knows."""

    def _atom(self) -> Syntax:
        raise NotImplementedError

    def _scripts(self, base: Syntax) -> Syntax:
        """Read the superscripts at an operand; a second one directly behind the first is an error, as in TeX."""
        scripts = 0
        while (mark := self.peek().text) in _SCRIPTS:
            if mark == "_":
                base = self._lowered(base)
                continue
            if mark == "'" or self._braced(1) in ("'", r"\prime"):
                raise Refusal(Diagnostic("DRV213", base.span.join(self.peek().span), {"name": self._text(base)}))
            at = self.peek().span
            self._refuse_numbered_above(base)
            kind, exponent = self._script()
            scripts += 1
            if scripts > 1:
                raise Refusal(Diagnostic("DRV216", at))
            span = self.since(base.span.start)
            if issubclass(kind, syntax.Turned):
                written = self.source[at.start : self.last().end].strip("^{}-1 ")
                base = kind((base,), span, written == "T" and "T" in self.names.symbols)
            else:
                base = kind((base,) if exponent is None else (base, exponent), span)
        return base

    def _refuse_numbered_above(self, base: Syntax) -> None:
        """Refuse an index in brackets above a letter: which one of many it is, and no power."""
        marks = [self.peek(i).text for i in range(5)]
        if marks[:3] == ["^", "{", "("] and marks[4] == ")" and self._bound_in(marks[3]):
            end = self.peek(5).span.end
            facts = {"name": self.source[base.span.start : end], "letter": self._text(base)}
            raise Refusal(Diagnostic("DRV252", Span(base.span.start, end), facts))

    def _lowered(self, base: Syntax) -> Syntax:
        """Read a subscript that stands behind the superscript: `\\|x\\|^2_2`, `W^T_1`."""
        mark = self.peek().span
        match base:
            case syntax.Transpose((syntax.Ones(sizes=()) | syntax.Zero(sizes=()) as inner,)):
                return syntax.Transpose((self._sized(inner.span.start, type(inner)),), self.since(base.span.start))
        below = self._subscript()
        places, span = self._places(below), self.since(base.span.start)
        match base:
            case syntax.Power((syntax.Norm(degree="") as norm, exponent)):
                return syntax.Power((replace(norm, degree=below), exponent), span)
            case syntax.Transpose((syntax.Letter(name=name) as letter,)) if name in self.names.families and len(places) == 1:
                return replace(base, args=(syntax.Member((letter,), letter.span, places[0]),), span=span)
            case syntax.Transpose((syntax.Letter() as letter,)) if "_" not in letter.name and (
                len(places) < 2 or self._bound_in(below)
            ):
                return replace(base, args=(self._subscripted(letter, below, places, span),), span=span)
            case syntax.Transpose() | syntax.Inverse() | syntax.InverseTranspose() if len(places) == 2:
                return syntax.Indexed((base,), span, places)
            case syntax.Group() | syntax.Call() | syntax.Applied() if places:
                return syntax.Indexed((base,), span, places)
        raise Refusal(Diagnostic("DRV203", mark, {"found": "_"}))

    def _subscripted(self, letter: syntax.Letter, below: str, places: tuple[str, ...], whole: Span) -> syntax.Letter:
        """Return a letter with the subscript that stands behind its superscript, where it is one letter of its own."""
        if self._bound_in(below):
            raise Refusal(Diagnostic("DRV251", whole, {"name": f"{letter.name}_{below}", "letter": letter.name}))
        name = letter.name + (f"_{below}" if len(below) == 1 else f"_{{{below}}}")
        known = self.names.symbols
        if places and name not in known and letter.name in known and letter.name[-1].islower():
            raise Refusal(Diagnostic("DRV224", whole, {"name": self._text(letter)}))
        return syntax.Letter(letter.span, name)

    def _script(self) -> tuple[type[syntax.Branch], Syntax | None]:
        self.expect("^")
        word = self._word_ahead()
        if word in (r"\mathsf", r"\mathrm", r"\mathbf") and (self.peek(1).kind == "letter" or self.peek(1).text == "{"):
            self.next()
            word = self._word_ahead()
        if word in (r"\dagger", "+", r"\star", "H", r"\mathsf H", r"\mathrm H") and word not in self.names.symbols:
            raise Refusal(Diagnostic("DRV231", self.peek().span, {"construct": f"^{{{word}}}"}))
        if word == "t" and "t" not in self.names.symbols and self.names.strict:
            raise Refusal(Diagnostic("DRV223", self.peek().span, {"script": "^t"}))
        if word in _FIXED:
            self.raw()
            return _FIXED[word], None
        if self.peek().text == "{":
            opened = self.next()
            if self.peek().text in (r"\odot", r"\circ"):
                self.next()
                return syntax.HadamardPower, self.within(opened, "}")
            exponent = self.within(opened, "}")
            if isinstance(exponent, syntax.Group) and self.source[exponent.span.start] == "(":
                raise Refusal(Diagnostic("DRV223", exponent.span, {"script": self._text(exponent)}))
            return syntax.Power, exponent
        token = self.peek()
        if token.kind == "number" and len(token.text) > 1:
            raise Refusal(Diagnostic("DRV217", token.span, {"digits": token.text}))
        if token.kind == "letter" and self.peek(1).text == "_":  # a script is one letter: its subscript is that of the base
            return syntax.Power, syntax.Letter(self.next().span, token.text)
        return syntax.Power, self._atom()

    def _primes(self) -> int:
        primes = 0
        while True:
            mark = self.peek().text
            if mark == "'":
                self.next()
                primes += 1
            elif mark == "^" and self._braced(1) in ("'", r"\prime"):
                self.next()
                above = self.raw()
                primes += above.count("'") + above.count("prime")
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
        word = self.raw()
        if word in FONTS | TEXTS and self.peek().text == "{":
            word += f"{{{self.raw()}}}"
        return word

    def _places(self, subscript: str) -> tuple[str, ...]:
        """Return the indices of an entry that a subscript spells (`ij`, `i,j`, `11`), or none."""
        text = subscript.replace(" ", "")
        places = tuple(text.split(",") if "," in text else text)
        letters = INDICES if self.names.strict or len(places) == 1 else PAIRED_INDICES
        letters = letters | self.names.indices
        known = all(p in self.bound or p in letters or (p.isdigit() and p != "0" and p.isascii()) for p in places)
        return places if known and len(places) in (1, 2) else ()

    def _bound_in(self, subscript: str) -> bool:
        """Tell whether a subscript mentions an index that a sum binds, around it or elsewhere."""
        bound = {*self.bound, *self.names.indices} if self.names.strict else {*self.bound}
        label = _LABEL.fullmatch(subscript)
        return not label and not bound.isdisjoint(re.findall(r"\\[A-Za-z]+|[A-Za-z]", subscript))

    def _sized(self, start: int, kind: type[syntax.Sized]) -> syntax.Sized:
        """Read the sizes of I, 1, 0 or K: `n`, `mn` (a product) or `m \\times n`."""
        subscript = self._subscript() if self.peek().text == "_" else ""
        subscript = subscript if self.names.strict else _COUNTS.sub(_counted, subscript)
        sides = subscript.replace(r"\times", ",").split(",") if subscript else []
        if kind is syntax.Identity and len(sides) == 2 and sides[0].strip() == sides[1].strip():
            sides = sides[:1]
        wanted = (0, 1) if kind is syntax.Identity else (2,) if kind is syntax.Commutation else (0, 1, 2)
        if len(sides) not in wanted or any("".join(_sizes(s)) != s.replace(" ", "") or not s.strip() for s in sides):
            raise Refusal(Diagnostic("DRV224", self.since(start), {"name": self.source[start : self.last().end]}))
        return kind(self.since(start), tuple(tuple(_sizes(s)) for s in sides))

    def _braced(self, ahead: int) -> str:
        return self.peek(ahead + 1).text if self.peek(ahead).text == "{" else self.peek(ahead).text

    def _word_ahead(self) -> str:
        here = self.at
        word = self.raw().strip()
        self.at = here
        return word

    def _skip_space(self) -> None:
        while self.peek().text == r"\,":
            self.next()

    def _text(self, node: Syntax) -> str:
        return self.source[node.span.start : node.span.end]


def _sizes(side: str) -> list[str]:
    """Split `mn` into its factors; digits and subscripts stay together."""
    return re.findall(r"\\[A-Za-z]+|[A-Za-z](?:_\w)?|\d+", side)


def _counted(found: re.Match[str]) -> str:
    r"""Return a size in words as a name: `\text{rows}(X)` is `m_X`, `\text{C}` is `C`."""
    return f"{_COUNTED[found['count']]}_{found['of'][-1]}" if found["count"] else found["word"]
