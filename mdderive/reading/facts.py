r"""What sentences say of letters, and how far that reaches: that A is symmetric, that A and B commute, that nothing is said of A.

A property that is denied, asked, expressly not supposed, or supposed elsewhere gives no fact. Of letters that are said to be
arbitrary, and where an assumption is dropped, nothing that was said before is in force any longer.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from mdderive.document.blocks import Section
from mdderive.latex.letters import base_letter
from mdderive.model.properties import SAID
from mdderive.reading.acts import Act
from mdderive.reading.discourse import SUPPOSING, Reach, Saying
from mdderive.reading.lexicon import pattern, spellings
from mdderive.reading.phrases import ASKS, COLON, COMMA, END, FORMULA, PhraseToken

MOST = 6  # words between a letter and its property
_PASSED = frozenset(
    {
        "",
        "be",
        "let",
        "suppose",
        "and",
        "any",
        "not",
        "without",
        "matrix",
        "vector",
        "that",
        "particle",
        "hold",
        "claim",
        "throughout",
        "deny",
        "waive",
        "waive-behind",
        *SAID,
    }
)
_DENYING = frozenset({"not", "without", "deny", "waive", "waive-behind", "deny-next", "false", "whether", "instead"})
_DENIES_BEHIND = frozenset({"not", "deny", "waive", "instead"})
_ENTERING = frozenset({"matrix", "vector", "and", *SAID})
_JOINING = frozenset({"", "where", "and", "matrix", "vector", "particle", "for", "be", "suppose", "that"})
_BOUND = ("deny", "ask", "waive")
_CLAUSES = (COMMA, COLON, FORMULA, "if", "let", "since", "where")  # where one begins
_PLAIN = ("neutral", "article", "verb", "function-word", "determiner", "row", "column", "scalar", "square", "size", "shape")
MOST_BEHIND = 10  # words without spaces behind a property in which it may be denied
MOST_WORDS = 3  # words of a predicate
MOST_UNSPACED = 6
_GENERALLY = re.compile(rf"[\s*_>-]*(?:{'|'.join(map(re.escape, sorted(spellings('generally'))))})(?![a-zà-ÿа-я])")
_ENDS = frozenset({END, COMMA, "and", "matrix", "vector", "then", *SAID})
_ENDS_UNSPACED = frozenset({"matrix", "vector"})


@dataclass(frozen=True, slots=True)
class Fact:
    """A property of a letter, or of two, in the section and as far as it reaches; `at` is where that is said.

    A `condition` is no longer in force where something is said in general. What is `doubtful` stands among words that are not
    known, hardly ever or supposedly: it grants nothing, and leaves open what would be wrong without it.
    """

    names: tuple[str, ...]
    says: str
    section: Section
    reach: Reach
    at: int
    condition: bool = False
    doubtful: bool = False

    @property
    def lasts(self) -> bool:
        """Tell whether it is said for more than a condition or an item of a list."""
        return not self.condition and self.reach.end == sys.maxsize


@dataclass(frozen=True, slots=True)
class Released:
    """From where on in a section nothing is in force that was said of some letters before; of all of them where none is named."""

    at: int
    section: Section
    names: frozenset[str]

    def ends(self, start: int, names: frozenset[str], section: Section, at: int) -> bool:
        """Tell whether what was said of some letters from `start` on is no longer in force at a place."""
        about = not self.names or bool(self.names & names)
        return about and start < self.at <= at and self.section == section[: len(self.section)]


@dataclass(frozen=True, slots=True)
class Named:
    r"""The letters that a formula does nothing but name or declare, and what it `says`: pairs of a letter and a property.

    It says so by a relation, `A = A^T`, `A \in \mathbb{S}^n` or `A \succ 0`. `claims` tells whether it does so as a claim,
    `A^T = A`: where that is not supposed it is judged, and does not grant itself.
    """

    names: tuple[str, ...] = ()
    says: tuple[tuple[str, str], ...] = ()
    claims: bool = False


ORTHOGONAL = ("orthogonal", "semi-orthogonal")
NEGATIVE = "negative"
SIGNS = ("positive", NEGATIVE)
Names = Callable[[int], Named]  # of the passage with a number


def facts(
    sayings: Sequence[Saying], names: Names, section: Callable[[int], Section], text: str
) -> tuple[tuple[Fact, ...], tuple[Released, ...]]:
    """Return what some sentences of a text say of letters, and where they take that back."""
    found: list[Fact] = []
    released: list[Released] = []
    of = 0  # from where on the formulas stand of which sentences in a row say more
    for number, saying in enumerate(sayings):
        where = section(saying.start)
        before = sayings[number - 1].start if number else saying.start
        if _general(text[saying.start : saying.end]):
            found = [
                replace(fact, reach=replace(fact.reach, end=min(fact.reach.end, saying.start))) if fact.condition else fact
                for fact in found
            ]
        own = list(_said(saying, names, where, before, text))
        if _says_more(sayings[max(number - 1, 0)]) and section(of) == where:  # where A is ... . We treat A as constant.
            own = [_back(fact, of) if fact.says == "constant" else fact for fact in own]
        else:
            of = before if saying.means("here") or saying.signals[0] == "where" else saying.start
        found += own
        released += _released(saying, names, where)
    return tuple(found), tuple(released)


def _general(sentence: str) -> bool:
    """Tell whether a sentence begins by saying that it is about the general case."""
    return _GENERALLY.match(sentence.lower()) is not None


def _says_more(saying: Saying) -> bool:
    return saying.means("where", "here")


def _back(fact: Fact, of: int) -> Fact:
    return replace(fact, reach=replace(fact.reach, start=min(fact.reach.start, of)))


def _said(saying: Saying, names: Names, section: Section, before: int, text: str) -> Iterator[Fact]:
    if saying.means("later", "drop", "free"):
        return
    signals = saying.signals
    asked = signals[-1] == ASKS and signals[0] == "be"  # is A assumed to be symmetric?
    for i, signal in enumerate(signals):
        act = saying.acts.of.get(i, "")
        if act in _BOUND or asked:
            continue
        stated = act == "for" and saying.tokens[i].display  # for this function, which a display states, a proof goes on
        asserted, claims = act == "assert", act not in SUPPOSING
        if act == "assert":  # what follows under a condition goes as far as it does
            act = next((under for under in saying.acts.of.values() if under in ("if", "for")), act)
        if act == "for" and _announces(saying, names):
            act = "if"
        reach = _reach(saying, "" if stated else act, before)
        named = names(saying.tokens[i].formula) if signal == FORMULA else Named()
        if named.says:
            claimed = (named.claims or asserted) and claims and not saying.means("since", "since-behind")
            behind = replace(reach, start=max(reach.start, saying.tokens[i].end)) if claimed else reach
            brief = replace(behind, end=saying.end) if act == "if" else behind  # the next sentence may be of the other sign
            for name, said in named.says:
                yield Fact((name,), said, section, brief if said in SIGNS else behind, saying.start, act == "if")
        said_of = signal in SAID and not _denied(saying.tokens, signals, i)
        about, first = _about(saying.tokens, signals, i, names) if said_of else ((), i)
        if not about:
            continue
        doubtful = signal != "constant" and not _plainly(saying.tokens, first, i, text)
        if signal in ("commute", *ORTHOGONAL) and len(about) == 1:
            about = _with(saying.tokens, signals, i, names) or about
        apart = signal in ORTHOGONAL and len(about) == 2 and ("vector" in signals or _vectors(about))
        if signal == "commute" or apart:
            pairs = [about] if len(about) == 2 else []
            yield from (
                Fact(pair, "perpendicular" if apart else signal, section, reach, saying.start, act == "if", doubtful)
                for pair in pairs
            )
        else:
            yield from (Fact((name,), signal, section, reach, saying.start, act == "if", doubtful) for name in about)


def _announces(saying: Saying, names: Names) -> bool:
    """Tell whether a sentence claims no formula of its own: for symmetric A, the following holds."""
    claimed = (t.formula for i, t in enumerate(saying.tokens) if t.meaning == FORMULA and saying.acts.of.get(i) in ("", "assert"))
    return all(names(formula).names for formula in claimed)


def _with(tokens: Sequence[PhraseToken], signals: Sequence[str], i: int, names: Names) -> tuple[str, ...]:
    """Return the letters of the formulas around a word for two, each alone: A commutes with B, dass A mit B vertauscht."""
    near = [j for j in range(max(i - MOST, 0), min(i + MOST_WORDS + 1, len(tokens))) if signals[j] == FORMULA]
    for first, second in pairwise(near):
        between = signals[first + 1 : second]
        found = names(tokens[first].formula).names + names(tokens[second].formula).names
        if len(set(found)) == 2 and _JOINING.issuperset(s for s in between if s != signals[i]):
            return found
    return ()


def _vectors(about: Sequence[str]) -> bool:
    """Tell whether letters are written as vectors are."""
    return all(base_letter(name).lstrip("\\").islower() for name in about)


def _reach(saying: Saying, act: Act, before: int) -> Reach:
    """Return how far a property reaches: a condition to the end of its paragraph, what is said through its section."""
    if act in ("if", "for"):
        return Reach(saying.start, saying.end if act == "for" else saying.until)
    start = 0 if saying.means("throughout") else before if saying.means("here") else saying.start
    return Reach(start, saying.until if saying.item else sys.maxsize)


def _denied(tokens: Sequence[PhraseToken], signals: Sequence[str], i: int) -> bool:
    """Tell whether a property is denied by the words right before it, or right behind it."""
    for j in range(i - 1, max(i - 5, -1), -1):
        if signals[j] in _DENYING:
            return True
        if signals[j] not in ("", "be", "let", "matrix", "any", "that", FORMULA):
            break
    unspaced = tokens[i].unspaced
    behind = signals[i + 1 : i + (MOST_BEHIND if unspaced else 4)]
    denies = _DENIES_BEHIND | {"whether"} if unspaced else _DENIES_BEHIND
    return next((s in denies for s in behind if s not in ("", "be", "matrix", "particle")), False)


def _plainly(tokens: Sequence[PhraseToken], first: int, last: int, text: str) -> bool:
    """Tell whether nothing unknown stands between a letter and its property, nor in their clause before them.

    Hardly ever is A symmetric, A could be, some say that A is. What a letter is may be unknown: the kernel A is symmetric.
    """
    while first and tokens[first - 1].meaning in (FORMULA, COMMA, "and"):
        first -= 1
    marks = (j for j in range(first) if tokens[j].meaning in _CLAUSES and tokens[j + 1].meaning != "that")
    opens = max(marks, default=-1) + 1
    named = first
    while named > opens and not _known(tokens[named - 1], text) and not tokens[named - 1].unspaced:
        named -= 1
    called = named > opens and text[tokens[named - 1].start : tokens[named - 1].end].lower() in spellings("article", "determiner")
    before = [t for t in tokens[opens : named if called else first] if not t.unspaced]
    return all(_known(token, text) for token in (*before, *tokens[first:last]))


def _known(token: PhraseToken, text: str) -> bool:
    """Tell whether a word is known, or one that leaves what is said of a letter at that: also, a real, n x n."""
    word = text[token.start : token.end]
    letter = len(word) == 1 and not token.unspaced
    return token.meaning != "" or letter or word.isdigit() or pattern(*_PLAIN).fullmatch(word) is not None


def _about(tokens: Sequence[PhraseToken], signals: Sequence[str], i: int, names: Names) -> tuple[tuple[str, ...], int]:
    """Return the letters that a word speaks of, those right behind it or those before it in its clause, and from where on."""
    j = i + 1
    while j + 1 < len(tokens) and (_enters(signals, j) or (signals[j] == "" and tokens[j].unspaced and j == i + 1)):
        j += 1
    behind = _run(tokens, j, 1, names) if j < len(tokens) and signals[j] == FORMULA else ()
    k = i - 1
    while k >= 0 and i - k <= MOST + 4 and (signals[k] in _PASSED or _passes(tokens, signals, k, names)):
        k -= 1
    before = _run(tokens, k, -1, names) if k >= 0 and signals[k] == FORMULA else ()
    joined = bool(before) and ("be" in signals[k:i] or "let" in signals[k:i])
    return (before, k) if joined or not behind else (behind, i)


def _enters(signals: Sequence[str], j: int) -> bool:
    """Tell whether a word may stand between a property and the letter that it is before."""
    return signals[j] in _ENTERING and (signals[j] != "and" or signals[j + 1] in SAID)


def _passes(tokens: Sequence[PhraseToken], signals: Sequence[str], k: int, names: Names) -> bool:
    """Tell whether a mark or a formula before a property keeps it from no letter: a comma in a list, a shape."""
    if signals[k] == COMMA:
        return k > 0 and (signals[k - 1] in SAID or signals[k + 1] in (*SAID, "not", "without"))
    return signals[k] == FORMULA and not names(tokens[k].formula).names and signals[k - 1] in ("", "be", "any") and k > 1


def _run(tokens: Sequence[PhraseToken], start: int, step: int, names: Names) -> tuple[str, ...]:
    """Return the letters of a formula and of those that are joined to it in a list."""
    found: list[tuple[str, ...]] = []
    j = start
    while 0 <= j < len(tokens):
        if tokens[j].meaning == FORMULA:
            own = names(tokens[j].formula).names
            if not own:
                break
            found.append(own)
        elif tokens[j].meaning not in (COMMA, "and"):
            break
        j += step
    return tuple(name for own in found[::step] for name in own)


def _released(saying: Saying, names: Names, section: Section) -> Iterator[Released]:
    signals = saying.signals
    if saying.means("free") or (saying.means("drop") and saying.means("suppose", "waive", "waive-behind", "case", "if", *SAID)):
        about = {name for t in saying.tokens if t.meaning == FORMULA for name in names(t.formula).names}
        yield Released(saying.start, section, frozenset(about))
        return
    for i, signal in enumerate(signals):
        if signal == "any" and saying.acts.of.get(i, "") not in _BOUND:
            about = {*_about(saying.tokens, signals, i, names)[0]}
            if about:
                yield Released(saying.start, section, frozenset(about))


def unsettled(sayings: Sequence[Saying], section: Callable[[int], Section], text: str) -> tuple[Released, ...]:
    """Return where sentences without formulas speak of what was supposed: in whatever words, they may keep it or end it."""
    told = (s for s in sayings if FORMULA not in s.signals and pattern("retold").search(text, s.start, s.end))
    return tuple(Released(saying.start, section(saying.start), frozenset()) for saying in told)


def predicates(sayings: Sequence[Saying], names: Names, section: Callable[[int], Section], text: str) -> tuple[Fact, ...]:
    """Return the unknown words that some sentences of a text say of letters, each with how far that reaches."""
    found: list[Fact] = []
    for saying in sayings:
        if saying.tokens[-1].meaning == ASKS:
            continue
        for about, word in _unknown(saying.tokens, names, text):
            reach = Reach(saying.start, saying.until if saying.item else sys.maxsize)
            found.append(Fact(about, word, section(saying.start), reach, saying.start))
    return tuple(found)


def _unknown(tokens: Sequence[PhraseToken], names: Names, text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    for i, (token, behind) in enumerate(pairwise(tokens)):
        about = names(token.formula).names if token.meaning == FORMULA else ()
        if about and behind.meaning in ("be", "let"):
            word = _predicate(tokens[i + 2 :], text)
            if word:
                yield about, word


def _predicate(tokens: Sequence[PhraseToken], text: str) -> str:
    """Return the unknown words that some tokens begin with, if they are all that is said; else an empty text."""
    found: list[PhraseToken] = []
    for token in tokens:
        written = text[token.start : token.end].lower()
        if token.meaning == "" and written in spellings("neutral", "row", "scalar", "function", "square"):
            continue
        unspaced = bool(found) and found[-1].unspaced
        if token.meaning != "":
            ends = token.meaning in (_ENDS_UNSPACED if unspaced else _ENDS)
            return text[found[0].start : found[-1].end] if found and ends else ""
        if written in spellings("function-word") or len(found) >= (MOST_UNSPACED if token.unspaced else MOST_WORDS):
            return ""
        found.append(token)
    return text[found[0].start : found[-1].end] if found and not found[-1].unspaced else ""
