"""What stands at an operand: superscripts, subscripts, primes and the sizes of I, 1, 0 and K."""

import re

from mdderive.latex.grammar import Grammar
from mdderive.latex.notation import FONTS, INDICES, PAIRED_INDICES, TEXTS, TRANSPOSES
from mdderive.latex.syntax import Syntax
from mdderive.model.diagnostics import Diagnostic, Refusal
from mdderive.model.source import Span

# What may have a subscript behind it that numbers its entries.
ENTERED = frozenset({"group", "call", "transpose", "inverse", "inverse-transpose"})
_FIXED = {
    "-1": "inverse",
    r"\#": "adjugate",
    "#": "adjugate",
    "*": "star",
    r"\ast": "star",
    **dict.fromkeys(TRANSPOSES, "transpose"),
    **{f"{sign}{t}": "inverse-transpose" for t in TRANSPOSES for sign in ("-", "-1")},
    **dict.fromkeys(("adjoint", r"\text{adjoint}", r"\mathrm{adj}", r"\text{adj}"), "adjugate"),
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
            args = (base,) if exponent is None else (base, exponent)
            written = self.source[at.start : self.last().end].strip("^{}-1 ")
            mark = "T" if exponent is None and written == "T" and "T" in self.names.symbols else ""
            base = Syntax(kind, args, self.since(base.span.start), mark)
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
        inner = base.args[0] if base.args and base.kind not in ("group", "call") else base
        mark = self.peek().span
        if inner.kind in ("ones", "zero") and not inner.text and base.kind == "transpose":
            return Syntax(base.kind, (self._sized(inner.span.start, inner.kind),), self.since(base.span.start))
        below = self._subscript()
        places = self._places(below)
        if inner.kind == "norm" and not inner.text and base.kind == "power":
            inner = Syntax("norm", inner.args, inner.span, below)
        elif inner.kind == "letter" and inner.text in self.names.families and base.kind == "transpose" and len(places) == 1:
            inner = Syntax("member", (inner,), inner.span, places[0])
        elif inner.kind == "letter" and "_" not in inner.text and base.kind == "transpose" and self._bound_in(below):
            raise Refusal(
                Diagnostic("DRV251", base.span.join(self.last()), {"name": f"{inner.text}_{below}", "letter": inner.text})
            )
        elif inner.kind == "letter" and "_" not in inner.text and base.kind == "transpose" and len(places) < 2:
            name = inner.text + (f"_{below}" if len(below) == 1 else f"_{{{below}}}")
            if places and name not in self.names.symbols and inner.text in self.names.symbols and inner.text[-1].islower():
                raise Refusal(Diagnostic("DRV224", base.span.join(self.last()), {"name": self._text(inner)}))
            inner = Syntax("letter", (), inner.span, name)
        elif places and (inner is base or len(places) == 2) and base.kind in ENTERED:
            return Syntax("entry", (base,), self.since(base.span.start), ",".join(places))
        else:
            raise Refusal(Diagnostic("DRV203", mark, {"found": "_"}))
        return Syntax(base.kind, (inner, *base.args[1:]), self.since(base.span.start), base.text)

    def _script(self) -> tuple[str, Syntax | None]:
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
                return "hpower", self.within(opened, "}")
            exponent = self.within(opened, "}")
            if exponent.kind == "group" and exponent.text == "" and self.source[exponent.span.start] == "(":
                raise Refusal(Diagnostic("DRV223", exponent.span, {"script": self._text(exponent)}))
            return "power", exponent
        token = self.peek()
        if token.kind == "number" and len(token.text) > 1:
            raise Refusal(Diagnostic("DRV217", token.span, {"digits": token.text}))
        if token.kind == "letter" and self.peek(1).text == "_":  # a script is one letter: its subscript is that of the base
            return "power", Syntax("letter", (), self.next().span, token.text)
        return "power", self._atom()

    def _primes(self) -> str:
        primes = ""
        while True:
            mark = self.peek().text
            if mark == "'":
                self.next()
                primes += "'"
            elif mark == "^" and self._braced(1) in ("'", r"\prime"):
                self.next()
                above = self.raw()
                primes += "'" * (above.count("'") + above.count("prime"))
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

    def _sized(self, start: int, kind: str) -> Syntax:
        """Read the sizes of I, 1, 0 or K: `n`, `mn` (a product) or `m \\times n`."""
        subscript = self._subscript() if self.peek().text == "_" else ""
        subscript = subscript if self.names.strict else _COUNTS.sub(_counted, subscript)
        sides = subscript.replace(r"\times", ",").split(",") if subscript else []
        if kind == "identity" and len(sides) == 2 and sides[0].strip() == sides[1].strip():
            sides = sides[:1]
        wanted = {"identity": (0, 1), "commutation": (2,)}.get(kind, (0, 1, 2))
        if len(sides) not in wanted or any("".join(_sizes(s)) != s.replace(" ", "") or not s.strip() for s in sides):
            raise Refusal(Diagnostic("DRV224", self.since(start), {"name": self.source[start : self.last().end]}))
        return Syntax(kind, (), self.since(start), ",".join("*".join(_sizes(s)) for s in sides))

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
