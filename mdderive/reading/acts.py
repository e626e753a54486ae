"""What each formula of a sentence does there: whether it is claimed, denied, asked, supposed, or expressly not supposed.

The words decide, never whether the formula holds. A word that opens an act gives it to the formulas behind it, one that closes
an act gives it to those of its clause before it; a conclusion ends a condition once there was one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from mdderive.model.properties import SAID
from mdderive.reading.phrases import ASKS, COLON, COMMA, END, FORMULA, PhraseToken

# "" is a bare formula; "let" gives a name or supposes; "if" and "for" suppose here alone, "waive" is a supposition not made.
Act = Literal["", "assert", "deny", "ask", "suppose", "if", "for", "waive", "let", "where", "solve"]
_OPENS: Mapping[str, Act] = {
    "if": "if",
    "since": "assert",
    "suppose": "suppose",
    "let": "let",
    "where": "where",
    "for": "for",
    "waive": "waive",
    "roughly": "waive",
    "iff": "waive",
    "only-if": "waive",
    "whether": "ask",
    "deny": "deny",
    "to-solve": "solve",
    "but": "",
}
_CLOSES: Mapping[str, Act] = {
    "if-behind": "if",
    "suppose-behind": "suppose",
    "ask-behind": "ask",
    "since-behind": "assert",
    "waive-behind": "waive",
    "solve-behind": "solve",
}
_HERE_ALONE = ("if", "waive", "solve")  # a comma ends these
_DENIED: Mapping[Act, Act] = {"": "deny", "assert": "deny", "if": "waive", "suppose": "waive", "where": "waive", "let": "waive"}
_MARKS = (FORMULA, COMMA, COLON, END, ASKS)
# What two words near to each other mean, the first before the second, with so many words between them at most.
_PAIRS: Mapping[tuple[str, str], tuple[str, int]] = {
    ("not", "hold"): ("deny", 3),
    ("hold", "not"): ("deny", 2),
    ("not", "then"): ("deny", 3),
    ("not", "claim"): ("deny", 3),
    ("then", "not"): ("deny", 1),
    ("claim", "not"): ("deny", 1),
    ("not", "whether"): ("deny", 1),
    ("not", "false"): ("claim", 2),
    ("not", "suppose"): ("waive", 3),
    ("not", "suppose-behind"): ("waive", 3),
    ("suppose-behind", "not"): ("waive-behind", 2),
    ("not", "if"): ("waive", 1),
    ("suppose", "not"): ("waive", 1),
    ("let", "not"): ("waive", 0),
    ("without", "suppose"): ("waive", 1),
    ("without", "hold"): ("deny", 2),
    ("not", "drop"): ("claim", 3),
    ("error", "common"): ("deny", 2),
    ("common", "error"): ("deny", 2),
    ("error", "claim"): ("deny", 2),
    ("not", FORMULA): ("deny-next", 0),
    ("solve", FORMULA): ("to-solve", 3),
    ("warn", "claim"): ("deny", 2),
    ("warn", "error"): ("deny", 3),
    ("warn", FORMULA): ("deny-next", 2),
    ("quoted", "not"): ("deny", 8),
    ("quoted", "false"): ("deny", 8),
    # a verb whose denial affirms: nobody doubts that
    ("not", "doubt"): ("claim", 3),
    ("without", "doubt"): ("claim", 1),
    ("doubt", "not"): ("claim", 3),
    ("doubt", "without"): ("claim", 3),
    ("doubt", "false"): ("claim", 2),
}
# What words mean that begin a sentence: Equivalently, A = B; Had A been symmetric.
_BEGINNING: Mapping[str, str] = {"should": "if", "iff": "claim", "contrary": "waive"}
_FARTHEST = max(gap for _, gap in _PAIRS.values())


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts of a sentence's formulas and properties by the place of their token, and the act that it leaves open.

    `signals` are what its tokens mean where they stand, `meant` all that some token means.
    """

    of: Mapping[int, Act]
    open: Act
    signals: tuple[str, ...]
    meant: frozenset[str]


def acts(tokens: Sequence[PhraseToken], begins: Act = "") -> Acts:
    """Return the acts of a sentence; `begins` is the act that is open where it begins."""
    signals = _signals(tokens)
    walk = _Walk(tokens, signals, begins)
    for i, signal in enumerate(signals):
        walk.take(i, signal)
    if signals[-3:].count("not") and _denies_again(signals):
        walk.found.update({i: _DENIED.get(act, act) for i, act in walk.found.items()})
    asked = bool(tokens) and tokens[-1].meaning == ASKS and "why" not in signals
    found = {i: ("ask" if asked and act in ("", "assert", "deny") else act) for i, act in walk.found.items()}
    return Acts(found, walk.mood, tuple(signals), frozenset(signals))


def _denies_again(signals: Sequence[str]) -> bool:
    """Tell whether the last clause of a sentence says nothing but that the one before it is not done: ...; we do not."""
    marks = [i for i, signal in enumerate(signals[:-1]) if signal in (COMMA, COLON)]
    return bool(marks) and signals[-1] == END and {*signals[marks[-1] + 1 : -1]} <= {"", "but", "and", "not"}


def _signals(tokens: Sequence[PhraseToken]) -> list[str]:
    """Return what each token means where it stands: a denial is made of two words."""
    out = [_BEGINNING.get(t.meaning, t.meaning) if t.capital else t.meaning for t in tokens]
    for i, token in enumerate(tokens):
        if token.inverted and token.capital and (i == 0 or tokens[i - 1].meaning == COLON) and tokens[-1].meaning != ASKS:
            out[i] = "if" if _concluded(out[i:]) else "whether"
    for doubted in (True, False):
        _pair(out, [t.unspaced for t in tokens], doubted)
    return ["deny" if signal in ("false", "mistake") else signal for signal in out]


def _pair(out: list[str], unspaced: Sequence[bool], doubted: bool) -> None:
    """Put what two words mean together at the first of them: first those one of which is a doubt, then all others."""
    for i, first in enumerate(out):
        if first == "quoted" and FORMULA not in out[max(0, i - 2) : i]:
            continue
        for gap, j in enumerate(range(i + 1, min(len(out), i + 2 + _FARTHEST))):
            pair = _PAIRS.get((first, out[j]))
            if pair is not None and gap <= pair[1] and ("doubt" in (first, out[j])) == doubted:
                out[i + 1 : j + 1] = [""] * (j - i) if doubted else [*out[i + 1 : j], out[j] if out[j] == FORMULA else ""]
                out[i] = pair[0]
                break
            ends = out[j] in _MARKS or (first == "solve" and out[j] in ("claim", "then"))
            joined = out[j] == "and" and not unspaced[j]  # another verb follows: does not use it and obtains
            if ends or (first in ("not", "warn") and joined) or (first == "quoted" and out[j] in _CLOSES):
                break


def _concluded(meant: Sequence[str]) -> bool:
    """Tell whether a conclusion follows behind a mark: ist A symmetrisch, so gilt ..."""
    return any(first == COLON or (first == COMMA and second in ("then", "hold", "be")) for first, second in pairwise(meant))


@dataclass
class _Walk:
    """Walks over a sentence; `mood` is the act that is open, `filled` tells whether something stands in it yet."""

    tokens: Sequence[PhraseToken]
    signals: Sequence[str]
    mood: Act
    filled: bool = False
    words: int = 0
    clause: list[int] = field(default_factory=list)
    found: dict[int, Act] = field(default_factory=dict)
    once: Act | None = None
    last: list[int] = field(default_factory=list)  # the formulas of the clause before, where this one begins by speaking of it

    def take(self, i: int, signal: str) -> None:
        """Take one token."""
        self.words += 1
        if self.once == "for" and signal not in ("any", "", "matrix", "vector", FORMULA, *SAID):
            self.once = None
        if signal == FORMULA or signal in SAID:
            self._slot(i, signal)
        elif signal in (COMMA, COLON):
            self._mark(i, signal)
        elif signal in _CLOSES:
            self._close(
                _CLOSES[signal], ("", "assert", "suppose", "if", "let", "ask") if signal == "waive-behind" else ("", "assert")
            )
        elif signal == "deny-next":
            self.once = "deny"
        elif signal == "instead":
            self.once = "assert" if self.mood == "deny" else "deny"
        elif signal in ("then", "claim", "hold"):
            means = "then" if signal == "hold" and self._inverted(i) else signal
            self._conclude(means, i)
        elif signal == "throughout" and i == 0 and self._alone():
            self._set("let")
        elif signal in _OPENS:
            self._open(i, signal)

    def _alone(self) -> bool:
        """Tell whether a sentence says nothing but a formula behind its first word: From now on A B = B A."""
        return [s for s in self.signals[1:] if s not in (COMMA, COLON, END)] == [FORMULA]

    def _slot(self, i: int, signal: str) -> None:
        if self._concludes(i, signal) or self._claimed(i, signal):
            self._set("")
        if self.once == "for" and self.tokens[i].display and self.signals[i - 1] != "for":
            self.once = None  # the formula for what words name
        self.found[i] = self.mood if self.once is None or (signal != FORMULA and self.once != "for") else self.once
        self.once = None if signal == FORMULA else self.once
        self.clause.append(i)
        self.filled = True

    def _concludes(self, i: int, signal: str) -> bool:
        """Tell whether a formula stands behind a condition that is complete: when A is invertible A B = I."""
        said = self.mood == "if" and self.filled and signal == FORMULA and self.signals[i - 1] in SAID
        return said and self.signals[i + 1 : i + 2] not in (["matrix"], ["vector"])  # if A is a symmetric n x n matrix

    def _claimed(self, i: int, signal: str) -> bool:
        """Tell whether a display or the last formula stands behind what is said of its letters: for U with U^T U = I, …"""
        if self.mood != "where" or not self.filled or signal != FORMULA:
            return False
        if self.tokens[i].display:
            return self.signals[i - 1] in (COMMA, COLON, "be", "claim", "hold", "then", "")
        begins = self.signals[0] == "where" and self.tokens[0].capital  # With U^T U = I, …
        return begins and self.signals[i - 1] == COMMA and FORMULA not in self.signals[i + 1 :]

    def _mark(self, i: int, signal: str) -> None:
        if "that" in self.signals[i + 1 : i + 2]:
            return
        goes_on = self.signals[i + 1 : i + 2] == [FORMULA] and "then" in self.signals[i + 1 :]
        goes_on = goes_on and self.signals[i - 1 : i] != ["for"]  # 当 … 时， ends there
        if self.mood in _HERE_ALONE and (self.filled or self.words > 2) and not (goes_on and signal == COMMA):
            self._set("")
        self.last = (self.clause or self.last) if self._speaks_of_the_last(i) else []
        self.clause = []

    def _speaks_of_the_last(self, i: int) -> bool:
        """Tell whether the words behind a mark say something of what stands before it: and this is, which is."""
        ahead = [signal for signal in self.signals[i + 1 : i + 4] if signal not in ("and", "but")]
        if ahead[:2] == ["hold", COMMA]:  # A = B, in general, is false
            return self._speaks_of_the_last(i + 2)
        denied = ahead[ahead[:1] == ["be"] :][:1] == ["deny"]
        return ahead[:1] == ["this"] or ahead[:2] == ["", "this"] or denied

    def _close(self, act: Act, over: Sequence[Act]) -> None:
        """Give an act to what stands before in the clause."""
        for i in self.clause:
            if self.found[i] in over:
                self.found[i] = act
        self.clause = []
        if act in _HERE_ALONE and self.mood in (act, "ask"):
            self._set("")

    def _inverted(self, i: int) -> bool:
        """Tell whether a verb before a formula ends a condition: im Fall A = B gilt C = D."""
        return self.mood == "if" and self.filled and self.signals[i - 1 : i + 2] == [FORMULA, "hold", FORMULA]

    def _conclude(self, signal: str, i: int) -> None:
        ahead = self.signals[i + 1 : i + 2] == [COLON]
        behind = [j for j in self.clause if self.found[j] == ""]
        if signal == "claim" and self.mood == "if" and not self.filled and ahead:
            self._set("assert")  # A, B of one size satisfy the property:
            return
        if signal == "then" or self.filled or self.mood in ("", "assert"):
            for j in behind if signal != "then" else ():
                self.found[j] = "assert"
            joined = signal == "then" and i > 0 and self.signals[i - 1] in ("and", COMMA)  # uses no rule, and obtains
            waiting = self.mood in ("deny", "ask") and not self.filled and not joined
            if not waiting and (signal != "hold" or self.mood == ""):
                self._set("assert")
        if signal == "then":
            self.clause = []

    def _open(self, i: int, signal: str) -> None:
        act = _OPENS[signal]
        ahead = self._ahead(i)
        said = self.clause or self.last
        ahead = ahead and self.signals[i - 1 : i + 2] != [FORMULA, signal, "for"]  # A = B fails for all A
        plainly = said is self.last and self.tokens[i].meaning == "false" and self.signals[i - 1] in ("be", "this")
        if signal == "deny" and said and (not ahead or plainly or self.tokens[i].unspaced):
            for j in said:
                self.found[j] = _DENIED.get(self.found[j], self.found[j])
            self.clause = self.last = []
            return
        if signal == "deny" and self.tokens[i].unspaced and self.tokens[i].meaning in ("hold", "quoted"):
            return  # its verb ends a clause without a formula
        if signal == "whether" and self.clause and not ahead and self.tokens[i].unspaced:
            self._close(act, ("", "assert", "suppose", "if"))
            return
        if signal in ("iff", "only-if"):
            self._close("waive", ("", "assert", "let", "suppose"))
        if signal == "for" and self.tokens[i].unspaced and self.signals[i - 1 : i] == [FORMULA]:
            return  # it stands behind its letters
        if signal == "for":
            self.once = "for" if self.mood in ("", "assert") else None
            return
        if signal == "suppose" and self.signals[i - 1 : i] == ["be"] and self.clause and not self._ahead(i, *SAID):
            self._close("suppose", ("", "assert", "let", "where"))  # A = B is assumed
            return
        if signal in ("suppose", "let") and self.mood in ("if", "waive", "ask", "deny") and not self.filled:
            return
        if signal in ("suppose", "let") and self.mood in ("waive", "ask", "deny") and self.signals[i - 1] in ("be", FORMULA):
            return  # unless A is assumed to be symmetric: the verb of the clause opens nothing
        if signal == "if" and self.mood in ("ask", "waive", "suppose") and not self.filled:
            return
        self._set(act)
        if signal != "where":
            self.clause = []

    def _ahead(self, i: int, *others: str) -> bool:
        """Tell whether a formula, or something else, stands behind a place in its clause."""
        for signal in self.signals[i + 1 :]:
            if signal in (FORMULA, *others):
                return True
            if signal in (COMMA, END, ASKS, "but", "then", "if", "waive", "only-if", "where", "instead"):
                return False
        return False

    def _set(self, act: Act) -> None:
        self.mood, self.filled, self.words = act, False, 0
