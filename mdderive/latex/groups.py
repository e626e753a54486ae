r"""Groups of a formula that hold relations: `\boxed{a = b}`, `{a = b}`, `\color{red}{a = b}`, `(a = b)` beside another formula.

Whatever command stands before a group with a relation in it, it is for the typesetter: the group is opened, and what stood in it
is read as if nothing stood around it. Scripts (`\sum_{i=1}`), arguments of functions and sets are no such groups.
"""

from collections.abc import Iterator

from mdderive.latex.notation import EQUALS, FONTS, IMPLIES, RELATIONS, TEXTS
from mdderive.latex.relations import LAYOUT, SYSTEMS
from mdderive.latex.tokens import Token, tokens
from mdderive.model.diagnostics import Refusal
from mdderive.model.traced import Traced

_STATED = RELATIONS - {":"}
_SCRIPTS = frozenset({"_", "^"})
_PARTNERS = {"(": ")", "[": "]", r"\{": r"\}", "{": "}"}
_CLOSERS = frozenset({*_PARTNERS.values()})
# Commands whose argument stands above or below something, lists values, or is a program.
_BESIDE = frozenset(
    "\\" + name for name in "overset underset stackrel substack sideset xrightarrow xleftarrow cases mathtt texttt".split()
)
_WORDS = TEXTS - {r"\mathrm", r"\rm"} | {r"\textbf", r"\textit", r"\hbox"}
_BOUNDARIES = frozenset({"", r"\\", "&", r"\quad", r"\qquad", r"\,", ",", ";", ".", "，", "。", "；"}) | IMPLIES
MOST_NESTED = 200  # groups in groups that are looked into
_Edit = tuple[int, int, str]


def relates(text: str) -> bool:
    """Tell whether a relation stands at the top of a formula, or between dollars in its words."""
    try:
        groups = _Groups(tokens(text))
    except Refusal:
        return False
    return groups.relates(0, len(groups.stream) - 1, _STATED)


def opened(text: Traced) -> Traced:
    """Return a formula with its groups open that hold a relation."""
    if not any(sign in text.text for sign in "{(["):
        return text
    try:
        edits = sorted(_Groups(tokens(text.text)).edits())
    except Refusal:
        return text
    out, at = Traced("", ()), 0
    for start, end, new in edits:
        out = out + text.cut(at, start) + Traced(new, (text.origins[start],) * len(new))
        at = end
    return out + text.cut(at, len(text.text)) if edits else text


class _Groups:
    """The tokens of a formula, and which closes which."""

    def __init__(self, stream: tuple[Token, ...]) -> None:
        self.stream = stream
        self.partners: dict[int, int] = {}
        self.open: set[int] = set()
        waiting: dict[str, list[int]] = {}
        for i, token in enumerate(stream):
            kind = "end" if token.kind in ("begin", "end") else _PARTNERS.get(token.text, token.text)
            if token.kind == "begin" or token.text in _PARTNERS:
                waiting.setdefault(kind, []).append(i)
            elif (token.kind == "end" or kind in _CLOSERS) and waiting.get(kind):
                self.partners[waiting[kind].pop()] = i

    def edits(self) -> Iterator[_Edit]:
        """Yield what is to be put in place of which stretch of the text; what stands in an opened group is gone through too."""
        at = 0
        while self.stream[at].kind != "stop":
            token = self.stream[at]
            if self._system(at):
                yield from self._bare(at)
            if token.text in _SCRIPTS:
                at = self._behind_script(at)
            elif token.kind == "begin":
                at = at + 1 if _arranges(token) else self._behind(at)
            elif token.text in ("(", "["):
                closed = self.partners.get(at, at)
                alone = closed > at and self._bounded(at - 1) and self._bounded(closed + 1)
                if alone and self.relates(at + 1, closed, EQUALS):
                    yield from ((*token.span, r"\quad "), (*self.stream[closed].span, r"\quad "))
                    closed = at
                at = closed + 1
            elif token.text == "{" or token.kind == "command":
                found = self._arguments(at)
                shown = next((g for g in found if token.text not in _WORDS | _BESIDE and self.relates(*g, _STATED)), None)
                worded = shown is not None and any(t.text == "$" for t in self.stream[slice(*shown)])
                if shown is not None:
                    yield (token.span.start, self.stream[shown[0] - 1].span.end, r"\text{" if worded else " ")
                if shown is not None and not worded:
                    self.open |= {shown[0] - 1, shown[1]}
                    yield (*self.stream[shown[1]].span, " ")
                at = (found[-1][1] + 1 if shown is None or worded else shown[0]) if found else at + 1
            else:
                at += 1

    def relates(self, at: int, end: int, signs: frozenset[str]) -> bool:
        """Tell whether one of some relations stands at the top of a stretch, in a group of its own there, or between dollars."""
        while self.stream[at].text in ("(", "[") and self.partners.get(at) == end - 1:  # all of it stands in brackets
            at, end = at + 1, end - 1
        depth = 0
        while at < end and depth < MOST_NESTED:
            token = self.stream[at]
            if token.text in signs:
                return True
            depth += (token.text == "{") - (token.text == "}")
            if token.text in _SCRIPTS:
                at = self._behind_script(at)
            elif token.text in _WORDS and self.stream[at + 1].text == "{":
                stop = self._behind(at + 1)
                dollars = [i for i in range(at, stop) if self.stream[i].text == "$"]
                if any(t.text in signs for a, b in zip(dollars[::2], dollars[1::2], strict=False) for t in self.stream[a:b]):
                    return True
                at = stop
            elif token.text in ("(", "[", r"\{") or (token.kind == "begin" and not _laid_out(token)):
                at = self._behind(at)
            else:
                at += 1
        return False

    def _system(self, at: int) -> bool:
        """Tell whether an environment is a system of equations behind a brace that stands at its left alone."""
        token = self.stream[at]
        return token.kind == "begin" and _arranges(token) and self.stream[at - 1].text == r"\{" and self._bounded(at - 2)

    def _bare(self, at: int) -> Iterator[_Edit]:
        """Yield the edits that take the braces around a system away."""
        yield (*self.stream[at - 1].span, " ")
        behind = self.stream[self._behind(at)]
        if behind.text == r"\}":
            yield (*behind.span, " ")

    def _bounded(self, at: int) -> bool:
        """Tell whether a place is the beginning or the end of a statement."""
        if at < 0 or self.stream[at].kind == "stop" or at in self.open:
            return True
        return self.stream[at].text in _BOUNDARIES or (self.stream[at].kind in ("begin", "end") and _laid_out(self.stream[at]))

    def _behind(self, at: int) -> int:
        """Return where what opens at a place is over; right behind it where it is never closed."""
        return self.partners.get(at, at) + 1

    def _behind_script(self, at: int) -> int:
        last = len(self.stream) - 1
        return min(self._behind(at + 1) if self.stream[min(at + 1, last)].text == "{" else at + 2, last)

    def _arguments(self, at: int) -> list[tuple[int, int]]:
        """Return what stands in the group at a place, or in those that are the arguments of the command there."""
        command = self.stream[at].kind == "command"
        most = 3 if command and self.stream[at].text not in FONTS else 1
        at += command
        if command and self.stream[at].text == "[" and self.stream[self._behind(at)].text == "{":
            at = self._behind(at)
        found: list[tuple[int, int]] = []
        while self.stream[at].text == "{" and len(found) < most and at in self.partners:
            found.append((at + 1, self.partners[at]))
            at = self._behind(at)
        return found


def _laid_out(token: Token) -> bool:
    return LAYOUT.fullmatch(token.text) is not None


def _arranges(token: Token) -> bool:
    return _laid_out(token) or token.text in SYSTEMS
