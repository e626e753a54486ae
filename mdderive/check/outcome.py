"""What becomes of a relation: a table of what it does in its text by what was shown of it. Every row of a report passes here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from mdderive.model.causes import RowAct
from mdderive.model.diagnostics import Finding
from mdderive.model.reasons import Reason, Worded
from mdderive.model.results import Equation, Outcome
from mdderive.model.source import Span

if TYPE_CHECKING:  # of whole notes, which a block has no use for
    from mdderive.reading.acts import Act
    from mdderive.reading.chains import Chain

# It holds; nothing shows it to hold, and nothing excuses that; it holds in a far-fetched reading only; it may be meant otherwise;
# a side was not read; there is nothing to judge.
Shown = Literal["holds", "fails", "far", "doubtful", "unread", "nothing"]
_SHOWN: tuple[Shown, ...] = ("holds", "fails", "far", "doubtful", "unread", "nothing")
_NO: Final = "not_an_assertion"
_TABLE: Mapping[RowAct, tuple[Outcome, ...]] = {
    "assert": ("holds", "wrong", "undecided", "undecided", "unread", _NO),
    "ask": ("holds", _NO, "undecided", "undecided", "unread", _NO),
    "deny": ("undecided", _NO, "undecided", "undecided", "unread", _NO),
    "suppose": ("holds", _NO, "undecided", "undecided", "unread", _NO),
    "solve": ("holds", _NO, "undecided", "undecided", "unread", _NO),
    "define": ("holds", _NO, "undecided", "undecided", _NO, _NO),
    "declare": ("holds", _NO, "undecided", "undecided", "unread", _NO),
}
OUTCOMES: Mapping[tuple[RowAct, Shown], Outcome] = {
    (act, shown): outcome for act, outcomes in _TABLE.items() for shown, outcome in zip(_SHOWN, outcomes, strict=True)
}
# What a relation does by its words, and one that is no equation by its sign.
BY_WORDS: Mapping["Act", RowAct] = {
    "deny": "deny",
    "ask": "ask",
    "waive": "suppose",
    "suppose": "suppose",
    "let": "suppose",
    "where": "suppose",
    "if": "suppose",
    "for": "suppose",
    "solve": "solve",
}
BY_SIGN: Mapping[str, RowAct] = {
    **dict.fromkeys((":", r"\colon", r"\in", r"\subset", r"\subseteq", r"\to", r"\rightarrow", r"\mapsto", r"\sim"), "declare"),
    **dict.fromkeys((r"\leftarrow", r"\gets"), "define"),
}
# What the judge says of a relation, as what was shown of it.
VERDICTS: Mapping[Literal["holds", "wrong", "undecided"], Shown] = {"holds": "holds", "wrong": "fails", "undecided": "doubtful"}
_INFO: Mapping[Outcome, str] = {"unread": "DRV134", "undecided": "DRV410"}
_PLAIN: Mapping[Shown, str] = {"holds": "equal", "fails": "differ"}


def row(span: Span, latex: str, act: RowAct, shown: Shown, reason: Reason | None = None) -> Equation:
    """Return the row of a relation; where nothing else is to be said, its reason is that it was judged."""
    return Equation(span, latex, OUTCOMES[act, shown], act, reason or Reason(_PLAIN.get(shown, "undecided")))


def follows(line: int) -> Reason:
    """Return the reason of what is wrong only because an earlier line is."""
    return Reason("follows", {"line": str(line)})


@dataclass
class Outcomes:
    """The rows of a note as they are judged, and the findings; what could not be judged is one by itself, for information."""

    rows: list[Equation] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def take(self, judged: Equation, found: Finding | None = None) -> None:
        """Note what becomes of a relation."""
        self.rows.append(judged)
        code = _INFO.get(judged.outcome, "")
        self.findings += [found] if found else [Finding(code, judged.span, reason=judged.reason)] if code else []

    def read(self, how: Worded | None) -> None:
        """Note of the last relation how it was read, where that is not the likeliest way."""
        self.rows[-1] = replace(self.rows[-1], reading=how)

    def step(self, chain: "Chain", k: int, shown: Shown, reason: Reason | None = None, act: RowAct | None = None) -> None:
        """Note what becomes of a step of a chain; what it does, its words tell where neither its form nor its reason does."""
        left, right = chain.sides[k - 1], chain.sides[k]
        act = act or (reason and reason.act) or BY_WORDS.get(chain.act, "assert")
        self.take(row(right.span, f"{left.latex} {chain.relations[k - 1]} {right.latex}", act, shown, reason))
