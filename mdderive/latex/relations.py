r"""A formula to its statements: chains of sides joined by relations, each side with its place.

Rows, commas, wide spaces, words and punctuation of any language separate statements at the top level; a row that begins with a
relation goes on with the one above, and a formula that does goes on with the formula above. Nothing is read here but what
separates: a side that cannot be read costs no other.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from mdderive.latex.notation import EQUALS, IMPLIES, NAMES, PICTURE, RELATIONS, TENSORS
from mdderive.latex.tokens import Token, formula_tokens
from mdderive.model.diagnostics import Finding, Label, Refusal
from mdderive.model.source import Span

# The layouts of LaTeX, and those that a note makes of them: `walign`.
LAYOUT = re.compile(
    r"(?:[a-z]{0,3}align(?:ed|at|edat)?|split|gather(?:ed)?|equation|eqnarray|multline|multlined|displaymath|d(?:math|group|array)"
    r"|IEEEeqnarray|empheq|(?:sub)?numcases|math)\*?"
)
# What lays out statements where it stands alone, and the values of one side where it does not.
SYSTEMS = frozenset("array cases dcases rcases".split())
_MARKS = frozenset({"&", r"\quad", r"\qquad"})
_BREAKS = _MARKS | {r"\\"}
_OF_TWO_SIGNS = {(":", "="): ":=", ("=", ":"): "="}
_PUNCTUATION = frozenset({",", ";", ".", "，", "；", "。", "、", "：", "．", "！", "？", "\\\\"})
_OPERATORS = frozenset({"+", "-", r"\cdot", r"\times", "/", "*", r"\pm", r"\mp", *TENSORS})
_OPENING = frozenset({"(", "[", "{", r"\{", r"\langle", r"\lbrack", r"\lbrace"})
_CLOSING = frozenset({")", "]", "}", r"\}", r"\rangle", r"\rbrack", r"\rbrace"})
_TEXTS = frozenset({r"\text", r"\mbox", r"\textrm", r"\textbf", r"\textit", r"\mathrm", r"\rm", r"\hbox", r"\operatorname"})
_SEPARATING_WORDS = frozenset(
    "where and or if for when with so thus hence then since because subject to is are let as we have by from iff otherwise s.t. "
    "s.t st all define i.e. e.g. on where,".split()
)


@dataclass(frozen=True, slots=True)
class Policy:
    """How a formula is read: a lenient one may hold words and spellings that need a guess; a block refuses them.

    `relations` part the sides of a statement; in a block `A : B` is a product.
    """

    lenient: bool
    relations: frozenset[str]


PROSE = Policy(lenient=True, relations=RELATIONS)
STRICT = Policy(lenient=False, relations=RELATIONS - {":"})


@dataclass(frozen=True, slots=True)
class Side:
    """Where one side stands in the text of the formula; `text` is that text with marks inside the side blanked."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """`side relation side …`; `goes_on` when the first side is that of the statement before; `words` are those before it.

    `implied` is the sign of an implication that stands before it.
    """

    sides: tuple[Side, ...]
    relations: tuple[str, ...]
    goes_on: bool = False
    implied: str = ""
    words: str = ""


@dataclass
class _Split:
    text: str
    stream: tuple[Token, ...]
    policy: Policy
    sentences: list[Sentence] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    first: int = -1
    last: int = -1
    blanks: list[Span] = field(default_factory=list)
    implied: str = ""
    words: str = ""
    environments: int = 0
    marks: int = 0
    row: int = 0
    layouts: list[Token] = field(default_factory=list)

    def side(self) -> None:
        if self.first >= 0:
            kept = list(self.text)
            for blank in self.blanks:
                kept[blank.start : blank.end] = " " * (blank.end - blank.start)
            self.sides.append(Side("".join(kept), Span(self.first, self.last)))
        elif not self.sides and not self.relations:
            self.sides.append(Side("", Span(0, 0)))
        else:
            self.sides.append(Side("", Span(max(self.last, 0), max(self.last, 0))))
        self.first, self.blanks = -1, []

    def relation(self, sign: str, token: Token) -> None:
        if self.relations and self.first < 0 and self.relations[-1] == sign and len(self.sides) == len(self.relations):
            return  # a relation that ends a row is said again at the beginning of the next
        self.side()
        self.relations.append(sign)
        self.last = token.span.end

    def end(self) -> None:
        if self.first >= 0 or self.relations:
            self.side()
            goes_on = bool(self.relations) and not self.sides[0].text
            self.sentences.append(Sentence(tuple(self.sides), tuple(self.relations), goes_on, self.implied, self.words))
            self.implied = self.words = ""
        self.sides, self.relations, self.first, self.blanks = [], [], -1, []

    def extend(self, span: Span) -> None:
        self.first = span.start if self.first < 0 else self.first
        self.last = span.end


def sentences(text: str, policy: Policy = PROSE) -> tuple[Sentence, ...] | Finding:
    """Return the statements of the text of a formula."""
    try:
        stream = formula_tokens(text)
        split = _Split(text, stream, policy)
        at, depth = 0, 0
        while stream[at].kind != "stop":
            at, depth = _step(split, at, depth)
        if split.layouts and not policy.lenient:
            raise Refusal(Finding("DRV202", split.layouts[-1].span, {"opened": rf"\begin{{{split.layouts[-1].text}}}"}))
    except Refusal as refusal:
        return refusal.diagnostic
    split.end()
    return tuple(split.sentences)


def _step(split: _Split, at: int, depth: int) -> tuple[int, int]:
    token = split.stream[at]
    if token.kind == "begin":
        if depth == 0 and (LAYOUT.fullmatch(token.text) or (token.text in SYSTEMS and _is_layout(split, at))):
            split.layouts.append(token)
            split.marks = 0
            return _arguments(split, at + 1, token.text), depth
        split.extend(token.span)
        split.environments += 1
        return at + 1, depth + 1
    if token.kind == "end":
        if depth == 0:
            _close(split, token)
            return at + 1, depth
        split.extend(token.span)
        split.environments -= split.environments > 0
        return at + 1, depth - 1
    if depth == 0:
        taken = _at_top(split, at)
        if taken:
            return taken, depth
    elif token.text in _BREAKS and not split.environments:  # a bracket that is open over the end of a row
        split.blanks.append(token.span)
        return at + 1, depth
    split.extend(token.span)
    opened = (token.text in _OPENING) - (token.text in _CLOSING) if token.kind in ("sign", "command") else 0
    return at + 1, max(0, depth + opened)


def _close(split: _Split, token: Token) -> None:
    """Close a layout; a block refuses one that was opened by another name."""
    opened = split.layouts.pop() if split.layouts else None
    if not split.policy.lenient and (opened is None or opened.text != token.text):
        label = () if opened is None else (Label(opened.span, {"en": "opened here", "zh": "在此打开"}),)
        facts = {"opened": "" if opened is None else opened.text, "found": token.text}
        raise Refusal(Finding("DRV211", token.span, facts, label))


def _end_row(split: _Split, at: int) -> None:
    """End the statement with its row, unless it goes on in the next."""
    split.marks = 0
    if _goes_on(split, at):
        split.blanks += [split.stream[at].span, *_said_again(split, at)]
    else:
        split.end()
        if len(split.sentences) > split.row and split.words and split.words.split()[-1].lower() not in _SEPARATING_WORDS:
            split.words = ""  # they stand beside the statement of their row
        split.row = len(split.sentences)


def _at_top(split: _Split, at: int) -> int:
    """Take a mark, relation or separator that stands at the top level; return where to go on, 0 where there is none."""
    token, stream = split.stream[at], split.stream
    sign = token.text
    if sign in _MARKS:
        if split.first >= 0:
            split.blanks.append(token.span)
        split.marks += sign == "&"  # the first of a row aligns it, the second separates columns, and so on
        if (sign != "&" or split.marks % 2 == 0) and not _beside_joint(split, at):
            split.end()
        return at + 1
    behind = stream[at + 1]
    if (joined := _OF_TWO_SIGNS.get((sign, behind.text))) is not None:
        split.relation(joined, behind)
        return at + 2
    if sign in IMPLIES:
        split.end()
        split.implied = sign
        return at + 1
    if sign in split.policy.relations and not (sign == ":" and _multiplies(split, at)):
        if sign == r"\xrightarrow":
            return 0
        split.relation(sign, token)
        return at + 1
    if sign == r"\\":
        _end_row(split, at)
        return at + 1
    if sign == "." and split.first >= 0 and behind.kind not in ("stop", "end") and behind.text not in _BREAKS:
        split.end()
        return at + 1
    if sign in _PUNCTUATION or (token.kind == "sign" and not token.text.isascii() and not _mathematical(token.text)):
        split.end()
        if not token.text.isascii():
            split.words += token.text
        return at + 1
    if sign in _TEXTS and split.policy.lenient:
        return _words(split, at)
    if sign == PICTURE and at and stream[at - 1].text == "&" and split.first >= 0:  # a column of its own
        split.end()
    return 0


def _multiplies(split: _Split, at: int) -> bool:
    """Tell whether a colon is the inner product of two matrices, `A : B = …`."""
    before, behind = split.stream[at - 1], split.stream[at + 1]
    between = split.first >= 0 and not split.relations and (before.text == "}" or before.text.isupper())
    related = next((t.text for t in split.stream[at + 1 :] if t.text in RELATIONS or t.text in _BREAKS), "")
    return between and behind.kind == "letter" and behind.text.isupper() and related in EQUALS


def _words(split: _Split, at: int) -> int:
    """Take words that separate statements; 0 where they are a name."""
    stream = split.stream
    if stream[at + 1].text != "{":
        return 0
    depth, end = 0, at + 1
    while stream[end].kind != "stop":
        depth += (stream[end].text == "{") - (stream[end].text == "}")
        end += 1
        if depth == 0:
            break
    inner = split.text[stream[at + 1].span.end : stream[end - 1].span.start]
    bare = inner.strip().strip(",.:;()").lower()
    joint = at and stream[at - 1].text in _OPERATORS | {"=", "^", "_", "{"}
    close = inner == inner.strip() or inner.strip() in NAMES  # `\text{tr }` is set with a space behind
    one_word = len(bare.split()) == 1 and bare.isascii() and bare not in _SEPARATING_WORDS and close
    if (one_word and (stream[at].text in (r"\mathrm", r"\operatorname", r"\rm") or bare not in _SEPARATING_WORDS)) or (
        joint and one_word
    ):
        return 0
    if not bare:
        return end
    if not split.relations and split.first < 0 and _named_by(inner, bare, split.stream[end:]):
        return 0
    if split.first >= 0 and stream[end].text in _OPERATORS and _SEPARATING_WORDS.isdisjoint(bare.split()):  # a unit
        split.blanks.append(Span(stream[at].span.start, stream[end - 1].span.end))
        return end
    split.end()
    split.words += " " + inner
    _inside_words(split, at + 2, end - 1)
    return end


def _named_by(inner: str, bare: str, behind: tuple[Token, ...]) -> bool:
    r"""Tell whether words are a left side, `\text{hit rate} = 3/4`: a relation stands behind them, and they do not lead to it."""
    sign = next((t.text for t in behind if t.text not in _MARKS), "")
    return sign in EQUALS and inner.strip()[-1:] not in ")]:,." and bare.split()[-1] not in _SEPARATING_WORDS


def _inside_words(split: _Split, at: int, end: int) -> None:
    r"""Take the formulas between dollars in words: those with a relation are statements, `\text{where $a = b$}`.

    They come before the statement that the words are about, so that a row below goes on with that.
    """
    outer, split.sentences = split.sentences[-1:], split.sentences[:-1]
    dollars = [i for i in range(at, end) if split.stream[i].text == "$"] or [at - 1, end]
    for opened, closed in zip(dollars[::2], dollars[1::2], strict=False):
        if any(t.text in EQUALS for t in split.stream[opened:closed]):
            words, at, depth = split.words, opened + 1, 0
            while at < closed:
                at, depth = _step(split, at, depth)
            split.end()
            split.words = words
    split.sentences += outer


def _is_layout(split: _Split, at: int) -> bool:
    """Tell whether an array lays out statements: one of its rows has a relation of its own."""
    depth = 0
    before = split.stream[at - 1].text if at else ""
    if before in _OPENING or before in ("|", r"\|", "=", "."):
        return False
    if split.stream[at].text != "array" and (split.first >= 0 or split.relations):
        return False
    for token in split.stream[at:]:
        depth += (token.kind == "begin") - (token.kind == "end")
        if depth == 0:
            return False
        if depth == 1 and token.text in EQUALS:
            return True
    return False


def _arguments(split: _Split, at: int, environment: str) -> int:
    """Return where the contents of an environment begin, behind its arguments."""
    wanted = environment.rstrip("*") in ("array", "alignat", "alignedat", "IEEEeqnarray", "empheq", "numcases", "subnumcases")
    optional = split.stream[at].text == "["
    while (wanted and split.stream[at].text == "{") or optional:
        closer = "]" if optional else "}"
        while split.stream[at].kind != "stop" and split.stream[at].text != closer:
            at += 1
        at += split.stream[at].kind != "stop"
        wanted = optional and wanted
        optional = False
    return at


def _beside_joint(split: _Split, at: int) -> bool:
    after = next((t.text for t in split.stream[at + 1 :] if t.text not in _MARKS), "")
    before = next((t.text for t in reversed(split.stream[:at]) if t.text not in _MARKS), "")
    joints = _OPERATORS | RELATIONS
    if after in IMPLIES or before in IMPLIES:
        return True
    return (after in joints and after not in ("-", ":")) or before in joints or before == r"\\"


def _said_again(split: _Split, at: int) -> list[Span]:
    """Return where an operator that ends a row is said again at the beginning of the next."""
    before = next((t for t in reversed(split.stream[:at]) if t.text not in _MARKS and t.text != "\\,"), None)
    after = next((t for t in split.stream[at + 1 :] if t.text not in _MARKS and t.text != "\\,"), None)
    again = before is not None and after is not None and before.text == after.text and before.text in _OPERATORS
    return [after.span] if again and after is not None else []


def _goes_on(split: _Split, at: int) -> bool:
    """Tell whether the row below goes on with this one."""
    stream = split.stream
    ahead = at + 1
    marked = False
    while stream[ahead].text in _MARKS or stream[ahead].text == "\\,":
        marked = marked or stream[ahead].text == "&"
        ahead += 1
    before = next((t.text for t in reversed(stream[:at]) if t.text not in _MARKS and t.text != "\\,"), "")
    first = stream[ahead].text
    if before in _OPERATORS or before in EQUALS or (first in RELATIONS and first != ":"):
        return True
    if first == "+" or (first in _OPERATORS and first not in ("-", "*", r"\circ")):
        return split.first >= 0
    return first == "-" and split.first >= 0 and ((marked and not _begins_marked(stream, at)) or not _has_relation(stream, ahead))


def _begins_marked(stream: tuple[Token, ...], at: int) -> bool:
    """Tell whether the row that ends at a place begins with a mark, so that no mark aligns what goes on with it."""
    start = next((i + 1 for i in range(at - 1, -1, -1) if stream[i].text == r"\\" or stream[i].kind == "begin"), 0)
    return stream[start].text == "&"


def _has_relation(stream: tuple[Token, ...], at: int) -> bool:
    depth = 0
    for token in stream[at:]:
        depth += (token.text in _OPENING or token.kind == "begin") - (token.text in _CLOSING or token.kind == "end")
        if depth < 0 or (depth == 0 and token.text == r"\\"):
            return False
        if depth == 0 and token.text in EQUALS:
            return True
    return False


def _mathematical(sign: str) -> bool:
    """Tell whether a sign that is not ASCII belongs to a formula, and does not part two: no letter and no mark of a script."""
    category = unicodedata.category(sign[0])
    return category in ("Sm", "Sk", "No", "Lm") or "\U0001d400" <= sign[0] <= "\U0001d7ff"
