"""The formulas of a whole note, without a single derive block: which hold, which are wrong, which could not be judged and why.

An equation is called wrong only when every plausible reading of it fails; one that defines, demands or assumes is no assertion.
What is wrong only because an earlier step is, follows from that step and is no finding of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mdderive.diagnostics import Diagnostic
from mdderive.equations.attempts import FEW, Attempts, Step
from mdderive.equations.cases import cases
from mdderive.equations.conditions import Conditions
from mdderive.equations.excuses import MOMENTS, NO_CLAIM, Excuses
from mdderive.equations.layouts import Layouts
from mdderive.equations.mistakes import Mistakes
from mdderive.equations.spelling import suggestion
from mdderive.equations.unread import beyond, said_of, written_out
from mdderive.equations.words import put_in
from mdderive.equations.writings import announced, writings, written
from mdderive.equations.wrong import wrong
from mdderive.latex.syntax import Syntax
from mdderive.notes.chains import MOST_WORDS, Chain, note_of
from mdderive.notes.claims import (
    NAMED,
    concludes,
    conditional,
    definable,
    moments,
    names_only,
    primed,
    probable,
    speaks_of_the_logistic,
    states,
    symmetric,
)
from mdderive.notes.forms import is_zero, letter_name, letters, renamed, same
from mdderive.notes.premises import premises
from mdderive.notes.readings import Read
from mdderive.notes.relations import EQUALS
from mdderive.notes.slips import SWAPPED, bound_twice
from mdderive.notes.summation import by_entry, summed, too_many
from mdderive.notes.surroundings import Defined, Surroundings, clue_words
from mdderive.notes.tables import entrywise, table_of_names
from mdderive.results import Equation, Outcome, Settings
from mdderive.source import Source, Span

_STEP = {"end": "later steps are judged on their own", "end_zh": "之后的各步分别判断"}
_INFO = {"unread": "DRV134", "undecided": "DRV410"}


@dataclass(frozen=True, slots=True)
class Judged:
    """What was decided on the formulas of a note, and declarations with which more could be."""

    equations: tuple[Equation, ...]
    findings: tuple[Diagnostic, ...]
    suggestions: tuple[tuple[Span, str], ...] = ()


def judged(source: Source, settings: Settings) -> Judged:
    """Return what there is to say about the formulas of a text that stand outside derive blocks."""
    note = note_of(source, tex=source.path.endswith(".tex"), declared=settings.declare)
    judge = _Judge(source, settings, Surroundings(note, settings.layout, settings.functions))
    for chain in note.chains:
        judge.around.announce(announced(chain, judge.around))
    for chain in note.chains:
        judge.chain(chain)
        judge.layouts.block(chain)
    for span, latex, refusal in note.unread:
        judge.row(span, " ".join(latex.split()), "unread", refusal.message())
    turned, slips = judge.layouts.findings(source)
    astray = {f.span: f for f in turned if slips}
    rows = [
        replace(r, outcome="undecided", why=f"holds if {astray[r.span].facts['assumed']}") if r.span in astray else r
        for r in judge.rows
    ]
    findings = sorted((*note.findings, *judge.findings, *turned, *judge.layouts.in_blocks(source)), key=lambda f: f.span)
    return Judged(tuple(sorted(rows, key=lambda row: row.span)), tuple(findings), tuple(judge.suggestions))


class _Judge:
    """Judges the chains of a note in order; what one defines, the next may use."""

    def __init__(self, source: Source, settings: Settings, around: Surroundings) -> None:
        self.source, self.settings, self.around = source, settings, around
        self.attempts = Attempts(around, settings.seed)
        self.conditions = Conditions(self.attempts)
        self.rows: list[Equation] = []
        self.findings: list[Diagnostic] = []
        self.noticed: set[str] = set()
        self.layouts = Layouts()
        self.mistakes = Mistakes(self.attempts)
        self.excuses = Excuses(self.attempts, premises(source.text, around.note.chains, around.name))
        self.suggestions: list[tuple[Span, str]] = []

    def row(self, span: Span, latex: str, outcome: Outcome, why: str) -> None:
        """Note the outcome of a relation; what could not be judged is also a finding, for information."""
        self.rows.append(Equation(span, latex, outcome, why))
        if outcome in _INFO:
            self.findings.append(Diagnostic(_INFO[outcome], span, {"why": why}))

    def _row(self, chain: Chain, k: int, outcome: Outcome, why: str = "") -> None:
        left, right = chain.sides[k - 1], chain.sides[k]
        self.row(right.span, f"{left.latex} {chain.relations[k - 1]} {right.latex}", outcome, why)

    def chain(self, chain: Chain) -> None:
        """Judge one chain."""
        if not chain.relations:
            return
        if chain.skipped:
            for k in range(1, len(chain.sides)):
                self._row(chain, k, "not_an_assertion", f"skipped: {chain.skipped}")
            return
        sides = written(chain, self.around)
        self.sum_slips(chain)
        self.around.write(chain)
        swapped = self.swapped(chain, sides)
        sides = [chain.sides[i].meant if i in swapped else s for i, s in enumerate(sides)]
        wanted = []
        for k, relation in enumerate(chain.relations, 1):
            left, right = sides[k - 1], sides[k]
            if k in swapped:
                self._row(chain, k, "wrong", f"follows from {swapped[k]}" if swapped[k] else "")
            elif relation not in EQUALS:
                self._row(chain, k, "not_an_assertion", f"no equation: {relation}")
            elif "?" in (chain.sides[k].latex.removeprefix(r"\,"), chain.sides[k - 1].latex):
                self._row(chain, k, "not_an_assertion", "a question")
            elif said := written_out(chain, k):
                self._row(chain, k, "not_an_assertion", said)
            elif (left is None or right is None) and self._worded(chain, k):
                continue
            elif (j := beyond(self.attempts, chain, sides, k)) >= 0:
                latex = f"{chain.sides[j].latex} = {chain.sides[k].latex}"
                self.row(chain.sides[k].span, latex, "holds", "what stands between was not read")
            elif left is None or right is None:
                self._row(chain, k, *said_of(chain, sides, k))
                table = table_of_names(left) if left is not None else None
                for name in table.args if table is not None else ():
                    self.around.forget(name.text)
                if k == 1 and left is not None and definable(left):
                    self.around.forget(left.text)
                    self._define_last(chain, sides)
            elif names_only(sides[:k]) and probable(left):
                if probable(right, left.text) or k > 1:
                    wanted.append(k)
                else:
                    self._row(chain, k, "not_an_assertion", f"defines {left.text}")
            elif k == 1 and left.kind == "call" and moments(chain.sides[0].latex, ""):
                self._row(chain, k, "undecided", MOMENTS)
            elif names_only(sides[:k]) and self._follows(chain, k, left, right):
                self._define(chain, left, right)
            elif names_only(sides[:k]) and not self._claims_again(chain, left, right):
                self._row(chain, k, *self.excuses.naming(chain, left))
                if not is_zero(right):
                    self._define(chain, left, right)
                    if chain.sides[k].stacked:  # what a list of entries equals tells more
                        self._define_last(chain, sides)
            elif self._tabulates(chain, sides[:k], right):
                self._row(chain, k, "not_an_assertion", f"defines the entries {min(letters(left))}, …")
            elif left.kind == "d" and is_zero(right):
                self._row(chain, k, "not_an_assertion", "says that something is constant")
            elif self._primed(chain, left, right):
                self._row(chain, k, "undecided", "a prime: another letter, a derivative, or a transpose?")
            else:
                wanted.append(k)
        if wanted:
            self._judge(chain, sides, wanted)

    def _primed(self, chain: Chain, left: Syntax, right: Syntax) -> bool:
        """Tell whether a letter with a prime, which the note does not define as one of its own, stands on some side."""
        at = chain.sides[-1].span.start
        return any(not self.around.defined(name, chain.section, at, before=True) for name in primed(left, right))

    def sum_slips(self, chain: Chain) -> None:
        """Find sums that bind one index twice."""
        found = next(((side, hint) for side in chain.sides if (hint := bound_twice(side.latex))), None)
        if found is not None and not conditional(chain.words):
            self.findings.append(Diagnostic("DRV402", found[0].span, hints=(found[1],)))

    def swapped(self, chain: Chain, sides: Sequence[Syntax | None]) -> dict[int, int]:
        """Find products of logarithms that were meant as the logarithm of a product; return them as `Mistakes` does."""
        found = self.mistakes.swapped(chain, sides, [self._line(side.span) for side in chain.sides])
        for i, earlier in found.items():
            if not earlier:
                self.findings.append(Diagnostic("DRV402" if i == 1 else "DRV403", chain.sides[i].span, hints=(SWAPPED,)))
        return found

    def _line(self, span: Span) -> int:
        return self.source.place(span.start).line

    def _define(self, chain: Chain, left: Syntax, right: Syntax) -> None:
        if left.kind == "call" and left.args[0].kind == "letter" and not left.text.endswith("'"):
            name, parameter = letter_name(left), left.args[0].text
            if name not in set(letters(right)):
                at = chain.sides[0].span.start
                self.around.definitions.append(Defined(name, right, chain.section, at, bool(chain.ambiguous), parameter))
            return
        if left.kind == "letter" and left.text not in set(letters(right)):
            at = chain.sides[0].span.start
            doubtful = self.attempts.contradicted(right, chain.section, at)
            if doubtful is not None:
                facts = {"name": doubtful.clue.name, "said": clue_words(doubtful.clue)}
                self.findings.append(Diagnostic("DRV412", doubtful.clue.span, facts))
                self.around.doubt(doubtful)
            self.around.definitions.append(Defined(left.text, right, chain.section, at, bool(chain.ambiguous)))
            whole = by_entry(left, right)
            if whole is not None:
                self.around.definitions.append(Defined(*whole, chain.section, at, unsure=True))

    def _tabulates(self, chain: Chain, before: Sequence[Syntax | None], right: Syntax) -> bool:
        """Tell whether a table of names, behind nothing but names, says for the first time what they are; define them."""
        at = chain.sides[0].span.start
        said = entrywise(before[-1], right) if names_only(before[:-1]) else []
        if not said or any(d.section == chain.section for name, _ in said for d in self.around.defined(name, chain.section, at)):
            return False
        for name, value in said:
            self.around.forget(name)
            if not {*letters(value)} & self.around.note.named:  # a function whose argument was left out says too little
                self.around.definitions.append(Defined(name, value, chain.section, at, bool(chain.ambiguous)))
        return True

    def _define_last(self, chain: Chain, sides: Sequence[Syntax | None]) -> None:
        """Define the name that a chain begins with by the side it ends with, where those between were not read."""
        first, last = sides[0], sides[-1]
        if len(sides) < 3 or first is None or last is None or is_zero(last) or conditional(chain.words):
            return
        if all(relation in EQUALS for relation in chain.relations):
            self._define(chain, first, last)

    def _follows(self, chain: Chain, k: int, left: Syntax, right: Syntax) -> bool:
        """Tell whether an equation follows from a condition before it, or solves it; a condition is noted for those behind."""
        at = chain.sides[k].span.start
        demands = is_zero(right) or is_zero(left) or chain.implied
        if k == 1 and states(chain.words):
            return False
        line = self.conditions.implies(left, right, chain.section, at)
        if line:
            self._row(chain, k, "holds", f"follows from the condition of line {line}")
        elif not names_only([left]) and (granted := self.conditions.granted(left, right, chain.section, at)):
            self._row(chain, k, "holds", f"holds under the condition of line {granted}")
            return True
        if line or demands:
            self.conditions.demand(left, right, chain.section, at, self._line(chain.sides[k].span))
        return bool(line)

    def _claims_again(self, chain: Chain, left: Syntax, right: Syntax) -> bool:
        """Tell whether a name is said to equal what it is defined as, or what it stands in itself, and does."""
        at = chain.sides[-1].span.start
        if left.kind == "call" and left.text.endswith("'"):
            given = self.around.body(letter_name(left), chain.section, at) is not None
            given = given or (letter_name(left) == r"\sigma" and speaks_of_the_logistic(self.around.note.words))
            return given or self.attempts.steps([left, right], [1], chain.section, at, FEW)[1].outcome == "holds"
        if left.kind == "letter" and left.text in set(letters(right)):  # a claim where it holds, the next iterate otherwise
            plain = same(left, right) or right.kind in ("transpose", "matrix")
            return not plain and self.attempts.steps([left, right], [1], chain.section, at, FEW)[1].outcome == "holds"
        earlier = self.around.defined(left.text, chain.section, at, before=True)
        if not earlier or left.kind != "letter":
            return False
        if right.kind == "letter" and right.text in self.around.note.named:
            return False  # of other arguments, perhaps: they are left out
        if not same(earlier[-1].value, right):
            if self.attempts.steps([left, right], [1], chain.section, at, FEW)[1].outcome != "holds":
                return False
            self._define(chain, left, right)
        return True

    # ------------------------------------------------------------ judging

    def _judge(self, chain: Chain, sides: Sequence[Syntax | None], wanted: Sequence[int]) -> None:
        at = chain.sides[-1].span.start
        implied = summed(sides)
        many = [k for k in wanted if too_many(sides, k)]
        if implied is not None and many:  # sums taken as products of matrices leave few
            sides = implied
            many = [k for k in wanted if too_many(sides, k)]
        for k in many:
            self._row(chain, k, "undecided", "more indices than are tried")
        wanted = [k for k in wanted if k not in many]
        steps = self.attempts.steps(sides, wanted, chain.section, at)
        for other_writing, guess in writings(sides, self.around.tables(at)):
            failing = [k for k in wanted if steps[k].outcome != "holds"]
            implied = other_writing(sides) if failing else None
            if implied is not None:
                beside = [s for s in sides if s is not None]
                for k, other in self.attempts.steps(implied, failing, chain.section, at, beside=beside).items():
                    unknown = not guess and not steps[k].outcome and (other.outcome or not steps[k].refuted)
                    better = other.outcome == "holds" or unknown
                    steps[k] = other if better else steps[k]
        if any(side.lower is not None for side in chain.sides):
            lower = [
                renamed(s.lower, self.around.name) if s.lower is not None else side
                for s, side in zip(chain.sides, sides, strict=True)
            ]
            for k, other in self.attempts.steps(lower, wanted, chain.section, at).items():
                steps[k] = steps[k] if other.outcome == "holds" else other
        wrong_before = 0
        for k, step in sorted(steps.items()):
            left, right = sides[k - 1], sides[k]
            assert left is not None
            assert right is not None
            if step.outcome == "holds":
                self._row(chain, k, "holds", step.why)
                self._notice(chain, k, step)
                if sides[0] is not None and all(j in steps and steps[j].outcome == "holds" for j in range(1, k)):
                    self.conditions.gradient(sides[0], right, chain.section)
                if not self._called_symmetric(chain, left, right):  # with symmetric matrices both layouts agree
                    self.layouts.note(self.attempts.layout(sides, step), chain.sides[k].span)
                continue
            if self._follows(chain, k, left, right) or self._in_case(chain, k, left, right):
                continue
            if self._assumed(chain, sides, k, step):
                continue
            if step.held is not None:
                self._suggest(chain, k, step.held, "")
            reason = step.why or self.excuses.excuse(chain, left, right, step)
            hint = self.mistakes.slip(chain, sides, k, excused=bool(reason))
            if hint is not None:
                wrong_before = wrong_before or self._line(chain.sides[k].span)
                self._row(chain, k, "wrong")
                self.findings.append(wrong(chain, step, self.around, self.settings.seed, hint))
            elif reason:
                if reason == NAMED:
                    self._define(chain, right, left)
                named = reason == NAMED and concludes(chain.words)  # "so we obtain" what it is
                condition = is_zero(right) or (reason.startswith(NO_CLAIM) and not named)
                if reason.startswith("a condition"):
                    self.conditions.state(left, right, chain.section, chain.sides[k].span.start, self._line(chain.sides[k].span))
                self._row(chain, k, "not_an_assertion" if condition else "undecided", reason)
            elif wrong_before:
                self._row(chain, k, "wrong", f"follows from {wrong_before}")
            else:
                wrong_before = self._line(chain.sides[k].span)
                self._row(chain, k, "wrong")
                self.findings.append(wrong(chain, step, self.around, self.settings.seed))

    def _in_case(self, chain: Chain, k: int, left: Syntax, right: Syntax) -> bool:
        """Tell whether a step holds where two of its indices are equal, or where they are not, and the text says so."""
        span = chain.sides[k].span
        before, behind = self.source.text[: chain.sides[0].span.start], self.source.text[span.end :]
        for case in (c for c in cases(left, right) if c.said(before, behind)):
            if self.attempts.steps(case.sides, [1], chain.section, span.start, FEW)[1].outcome == "holds":
                self._row(chain, k, "holds", f"where {case}")
                return True
        return False

    def _assumed(self, chain: Chain, sides: Sequence[Syntax | None], k: int, step: Step) -> bool:
        """Tell whether a step holds under an assumption that nothing makes; that is a finding."""
        if chain.ambiguous or conditional(chain.words):
            return False
        refuted = [read for read, _ in step.refuted]
        called = self._called_symmetric(chain, *(s for s in sides[k - 1 : k + 1] if s is not None))
        called = self.attempts.symmetric(step, called)
        if called:
            self._row(chain, k, "holds", f"holds for symmetric {', '.join(sorted(called))}, as the words say")
            return True
        found = self.attempts.assumption(sides, k, chain.section, chain.sides[-1].span.start, refuted)
        if found is None:
            return False
        left, right = chain.sides[k - 1], chain.sides[k]
        outcome: Outcome = "undecided" if found.symmetric else "holds"
        self.rows.append(Equation(right.span, f"{left.latex} = {right.latex}", outcome, f"holds if {found.en}"))
        if found.symmetric and refuted:
            self._suggest(chain, k, refuted[0], "symmetric")
        self.findings.append(Diagnostic("DRV411", chain.sides[k].span, {"assumed": found.en, "assumed_zh": found.zh}))
        return True

    def _called_symmetric(self, chain: Chain, *sides: Syntax) -> frozenset[str]:
        """Return the letters of some sides that the words in the row and the sentence around them call symmetric."""
        text, names = self.source.text, {n for side in sides for n in letters(side)}
        start, end = chain.sides[0].span.start, chain.sides[-1].span.end
        return symmetric(
            text[max(0, start - MOST_WORDS) : start], text[end : end + MOST_WORDS], names
        ) | self.excuses.premises.covariances(names)

    def _worded(self, chain: Chain, k: int) -> bool:
        """Tell whether a step holds when a word in it is read as the letter that it seems to stand for; that is a finding."""
        left, right = chain.sides[k - 1], chain.sides[k]
        unread, other = (left, right) if left.syntax is None else (right, left)
        found = put_in(unread, other)
        if found is None:
            return False
        pair = [renamed(s, self.around.name) for s in found.sides]
        if self.attempts.steps(pair, [1], chain.section, right.span.start, FEW)[1].outcome != "holds":
            return False
        self._row(chain, k, "holds", f"holds if {found.en}")
        self.findings.append(Diagnostic("DRV411", unread.span, {"assumed": found.en, "assumed_zh": found.zh}))
        return True

    def _suggest(self, chain: Chain, k: int, found: Read, prop: str) -> None:
        said = suggestion(found, prop)
        if said:
            self.suggestions.append((chain.sides[k].span, said))

    def _notice(self, chain: Chain, k: int, step: Step) -> None:
        """Say once a page which convention a step was read by."""
        for notice in step.held.notices if step.held is not None else ():
            if notice.code not in self.noticed:
                self.noticed.add(notice.code)
                self.findings.append(Diagnostic(notice.code, chain.sides[k].span, notice.facts))
