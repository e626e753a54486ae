"""The formulas of a whole note, without a single derive block: which hold, which are wrong, which could not be judged and why.

An equation is called wrong only when every plausible reading of it fails; one that defines, demands or assumes is no assertion.
What is wrong only because an earlier step is, follows from that step and is no finding of its own.
"""

from collections.abc import Callable, Mapping, Sequence

from mdderive.check.assumptions import otherwise, turned
from mdderive.check.attempts import Attempts, ChainStep
from mdderive.check.conditions import Conditions, Under
from mdderive.check.correcting import corrected
from mdderive.check.excuses import ACTS, TO_FIND, Excuses
from mdderive.check.layouts import Layouts
from mdderive.check.mistakes import Mistakes
from mdderive.check.naming import Naming
from mdderive.check.outcome import BY_SIGN, Outcomes, Shown, follows, row
from mdderive.check.unread import Ends, broken, ends_of, said_of, word_taken, written_out
from mdderive.check.values import Values
from mdderive.check.vanishing import heed, set_to_zero
from mdderive.check.wrong import also_under, misshapen, no_solution, suggestion, wrong
from mdderive.latex.notation import ARROWS, EQUALS
from mdderive.latex.stand_ins import Density, MeanGiven
from mdderive.latex.syntax import Applied, Call, Differential, Directional, Syntax, has
from mdderive.model.diagnostics import Finding
from mdderive.model.reasons import Reason
from mdderive.model.results import Equation, Judged, Settings
from mdderive.model.source import Source, Span
from mdderive.reading.chains import Chain
from mdderive.reading.claims import claiming, names_only, ordered, primed, probable, worked_out_at
from mdderive.reading.elsewhere import LABEL
from mdderive.reading.lexicon import pattern
from mdderive.reading.obstacles import refused
from mdderive.reading.purposes import at_a_point, moments
from mdderive.reading.shown_by_form import is_zero, letter_name, letters
from mdderive.reading.slips import SWAPPED
from mdderive.reading.summation import cases, few_indices, summed
from mdderive.reading.suppositions import Prepared, prepared
from mdderive.reading.surroundings import Surroundings
from mdderive.reading.writings import taken

Sides = Sequence[Syntax | None]
# Why nothing is claimed of letters that a condition may tie to each other.
_UNTIED = frozenset({"one-sided", "not-on-left", "not-on-right", "ungiven-property", "condition"})
Seen = Callable[[Chain, Surroundings, Mapping[int, ChainStep], Sequence[Equation]], None]


def judged(source: Source, settings: Settings, seen: Seen = lambda chain, around, steps, rows: None) -> Judged:
    """Return what there is to say about the formulas of a text that stand outside derive blocks.

    `seen` is called for each chain as soon as it is judged: with what was known then, what was tried, and the rows of it.
    """
    prepared_note = prepared(source, settings)
    note = prepared_note.around.note
    judge = _Judge(source, settings, prepared_note)
    for chain in note.chains:
        before = len(judge.outcomes.rows)
        judge.guarded(chain)
        seen(chain, judge.around, judge.steps, judge.outcomes.rows[before:])
        judge.layouts.block(chain)
    for span, latex, refusal in note.unread:
        judge.outcomes.take(row(span, " ".join(latex.split()), "assert", "unread", refused(refusal)))
    laid_out = judge.layouts.against(note.layouts, source)
    findings = sorted((*note.findings, *judge.findings, *judge.naming.findings, *laid_out), key=lambda f: f.span)
    return Judged(tuple(sorted(judge.outcomes.rows, key=lambda judged: judged.span)), tuple(findings), tuple(judge.suggestions))


class _Judge:
    """Judges the chains of a note in order; what one defines, the next may use."""

    def __init__(self, source: Source, settings: Settings, note: Prepared) -> None:
        self.source, self.settings, self.around = source, settings, note.around
        self.attempts = Attempts(note.around, settings.seed)
        self.conditions = Conditions(self.attempts, note.supposed, note.bound)
        self.outcomes = Outcomes()
        self.findings = self.outcomes.findings
        self.noticed: set[str] = set()
        self.layouts = Layouts()
        self.mistakes = Mistakes(self.attempts)
        self.naming = Naming(self.attempts)
        self.values = Values(self.attempts)
        self.excuses = Excuses(self.attempts, note.premises, self.conditions)
        self.suggestions: list[tuple[Span, str]] = []
        self.steps: Mapping[int, ChainStep] = {}  # what was tried of the last chain

    def guarded(self, chain: Chain) -> None:
        """Judge one chain; a fault of mdderive costs that chain only."""
        before, self.steps = len(self.outcomes.rows), {}
        try:
            self.chain(chain)
        except Exception as bug:
            self.findings.append(Finding("DRV901", chain.sides[0].span, {"what": f"{type(bug).__name__}: {bug}"}))
            told = {judged.span for judged in self.outcomes.rows[before:]}
            for k in range(1, len(chain.sides)):
                if chain.sides[k].span not in told:
                    self.outcomes.step(chain, k, "doubtful", Reason("internal-error"), "assert")

    def chain(self, chain: Chain) -> None:
        """Judge one chain."""
        if not chain.relations:
            if obstacle := broken(chain.sides[0]):
                self.outcomes.take(row(chain.sides[0].span, chain.sides[0].latex, "assert", "unread", obstacle))
            return
        if chain.skipped:
            for k in range(1, len(chain.sides)):
                self.outcomes.step(chain, k, "nothing", Reason("skipped", {"said": chain.skipped}))
            return
        if chain.twice is not None and not chain.conditional:
            self.findings.append(Finding("DRV402", chain.twice[0], hints=(chain.twice[1],)))
        sides: list[Syntax | None] = [None for _ in chain.sides]
        swapped: Mapping[int, int] = {}
        if not EQUALS.isdisjoint(chain.relations) or any(side.meant is not None for side in chain.sides):
            sides = taken(chain, self.around)
            swapped = self.swapped(chain, sides)
            sides = [chain.sides[i].meant if i in swapped else s for i, s in enumerate(sides)]
        self.naming.define_named(chain, sides)
        heed(self.conditions, chain, self.line(chain.sides[0].span))
        wanted = []
        for k in range(1, len(sides)):
            if k in swapped:
                self.outcomes.step(chain, k, "fails", follows(swapped[k]) if swapped[k] else None, "assert")
            elif not self._unequal(chain, sides, k) and not (chain.speaks and self._named(chain, sides, k)):
                wanted.append(k)
        if wanted:
            self._judge(chain, sides, wanted)

    def _unequal(self, chain: Chain, sides: Sides, k: int) -> bool:
        """Note what becomes of a relation that is no equation between two sides that were read; tell whether it is one."""
        left, right, relation = sides[k - 1], sides[k], chain.relations[k - 1]
        if relation not in EQUALS:
            self.outcomes.step(chain, k, "nothing", Reason("no-equation", {"relation": relation}), BY_SIGN.get(relation))
        elif k > 1 and chain.relations[k - 2] in ARROWS:  # where something goes to
            self.outcomes.step(chain, k, "nothing", Reason("no-equation", {"relation": chain.relations[k - 2]}), "declare")
        elif "?" in (chain.sides[k].latex.removeprefix(r"\,"), chain.sides[k - 1].latex):
            self.outcomes.step(chain, k, "nothing", Reason("question"))
        elif said := written_out(chain, k):
            self.outcomes.step(chain, k, "nothing", said)
        elif (left is None or right is None) and (taken_for := word_taken(self.attempts, chain, k)) is not None:
            self.outcomes.step(chain, k, "holds", taken_for)
            unread = chain.sides[k - 1 if chain.sides[k - 1].syntax is None else k]
            self.findings.append(Finding("DRV411", unread.span, reason=taken_for))
        elif (ends := ends_of(self.excuses, chain, sides, k)) is not None:
            self._ends(ends)
        elif left is None or right is None:
            self.outcomes.step(chain, k, "unread", said_of(chain, sides, k))
            self.naming.unread(chain, sides, k)
        else:
            return False
        return True

    def _ends(self, ends: Ends) -> None:
        """Note what became of two sides between which others were not read."""
        if ends.step.outcome == "holds":
            self.outcomes.step(ends.chain, 1, "holds", Reason("between"))
        else:
            self.outcomes.step(ends.chain, 1, "fails", None, "assert")
            self.findings.append(wrong(ends.chain, ends.step, self.attempts))

    def _named(self, chain: Chain, sides: Sides, k: int) -> bool:
        """Note what becomes of an equation that names, defines or demands; tell whether it is one."""
        left, right = _pair(sides, k)
        names = names_only(sides[:k])
        if names and probable(left):
            if probable(right, left.of if isinstance(left, Density) else letter_name(left)) or k > 1:
                return False
            self.outcomes.step(chain, k, "nothing", Reason("defines", {"name": letter_name(left)}))
            if isinstance(left, MeanGiven):
                self.naming.define(chain, left, right)
        elif k == 1 and isinstance(left, Call | Applied) and moments(chain.sides[0].latex, ""):
            self.outcomes.step(chain, k, "doubtful", Reason("moments"))
        elif at_a_point(chain.sides[k - 1].latex, chain.sides[k].latex) and not has(left, Directional):
            self.outcomes.step(chain, k, "doubtful", Reason("factor"))
        elif names and (self._unsolved(chain, k, left, right) or self._follows(chain, k, left, right)):
            self.naming.define(chain, left, right)
        elif names and not self.naming.claims_again(chain, left, right):
            said = self.naming.said(chain, left)
            self.outcomes.step(chain, k, "nothing" if said.act else "doubtful", said)
            if not is_zero(right):
                self.naming.define(chain, left, right)
                if chain.sides[k].stacked:  # what a list of entries equals tells more
                    self.naming.define_last(chain, sides)
        elif (own := ordered(chain, left, right)) and self.naming.undefined(chain, frozenset({own})):
            self.outcomes.step(chain, k, "nothing", Reason("property"))
        elif self.naming.tabulates(chain, sides[:k], right):
            self.outcomes.step(chain, k, "nothing", Reason("defines-entries", {"name": min(letters(left))}))
        elif isinstance(left, Differential) and is_zero(right):
            self.outcomes.step(chain, k, "nothing", Reason("constant"))
        elif (marked := primed(left, right)) and self.naming.undefined(chain, marked):
            self.outcomes.step(chain, k, "doubtful", Reason("prime"))
        else:
            return False
        return True

    def _unsolved(self, chain: Chain, k: int, left: Syntax, right: Syntax) -> bool:
        """Tell whether a value stands behind a condition that it does not solve; that is noted as wrong."""
        span = chain.sides[k].span
        claims = chain.act in ("", "assert", "solve") or (chain.act == "let" and set_to_zero(chain.words))
        claims = claims and k == 1 and not self.excuses.spoken(chain, left, right)
        said = chain.act == "assert" or chain.alone or chain.implied
        said = said and not self.around.defined(letter_name(left), chain.section, span.start, before=True)
        line = self.conditions.refuting(left, right, chain.section, span.start, said=said) if claims else 0
        if line:
            self.outcomes.step(chain, k, "fails", None, "assert")
            self.findings.append(Finding("DRV402", span, hints=(no_solution(line),)))
        return bool(line)

    def swapped(self, chain: Chain, sides: Sides) -> dict[int, int]:
        """Find products of logarithms that were meant as the logarithm of a product; return them as `Mistakes` does."""
        found = self.mistakes.swapped(chain, sides, [self.line(side.span) for side in chain.sides])
        for i, earlier in found.items():
            if not earlier:
                self.findings.append(Finding("DRV402" if i == 1 else "DRV403", chain.sides[i].span, hints=(SWAPPED,)))
        return found

    def line(self, span: Span) -> int:
        """Return the line in which a place stands."""
        return self.source.place(span.start).line

    def _follows(self, chain: Chain, k: int, left: Syntax, right: Syntax) -> bool:
        """Tell whether an equation follows from a condition before it, or solves it; a condition is noted for those behind."""
        at = chain.sides[k].span.start
        demands = is_zero(right) or is_zero(left) or chain.implied
        if not chain.speaks or worked_out_at(left, right):
            return False
        if chain.supposes and not (chain.act == "where" and claiming(left, right)):
            if demands:
                self.conditions.demand(left, right, chain.section, at, self.line(chain.sides[k].span))
            return False
        line = self.conditions.implies(left, right, chain.section, at)
        if line:
            self.outcomes.step(chain, k, "holds", Reason("solves", {"line": str(line)}))
        elif self._compared(chain, left) and (granted := self.conditions.granted(left, right, chain, at)):
            self.outcomes.step(chain, k, "holds", Reason("granted", {"line": granted}))
            return True
        if line or demands:
            self.conditions.demand(left, right, chain.section, at, self.line(chain.sides[k].span))
        return bool(line)

    def _compared(self, chain: Chain, left: Syntax) -> bool:
        """Tell whether a left side has a value already, so that an equation gives it none."""
        at = chain.sides[-1].span.start
        return not names_only([left]) or bool(self.around.defined(letter_name(left), chain.section, at, before=True))

    def _judge(self, chain: Chain, sides: Sides, wanted: Sequence[int]) -> None:
        implied, few = summed(sides), few_indices(sides, wanted)
        if implied is not None and len(few) < len(wanted):  # sums taken as products of matrices leave few
            sides, few = implied, few_indices(implied, wanted)
        for k in wanted:
            if k not in few:
                self.outcomes.step(chain, k, "doubtful", Reason("many-indices"))
        self.steps = steps = self.attempts.tried(chain, sides, few)
        wrong_before = 0
        for k in sorted(steps):
            self.values.weigh(chain, sides, steps[k])
            if steps[k].outcome == "holds":
                self._held(chain, sides, k, steps)
            elif not self._granted(chain, sides, steps[k]) and self._refused(chain, sides, steps[k], wrong_before):
                wrong_before = wrong_before or self.line(chain.sides[k].span)

    def _held(self, chain: Chain, sides: Sides, k: int, steps: Mapping[int, ChainStep]) -> None:
        """Note a step that holds, and what it tells of those behind it: the value of a gradient, the layout of gradients."""
        left, right = _pair(sides, k)
        if chain.act == "deny":
            latex, span = chain.equation(k), chain.sides[k].span
            self.outcomes.take(row(span, latex, "deny", "holds", Reason("denied-holds")), Finding("DRV414", span))
            return
        self.outcomes.step(chain, k, "holds", steps[k].reason, self.excuses.act(chain, left, right, k, steps[k].held))
        if (found := steps[k].held) is not None:
            self.outcomes.read(otherwise(found, steps[k].likeliest))
        self._notice(chain, steps[k])
        if sides[0] is not None and all(j in steps and steps[j].outcome == "holds" for j in range(1, k)):
            span = chain.sides[k].span
            self.conditions.gradient(sides[0], right, chain.section, span.start, self.line(span))

    def _granted(self, chain: Chain, sides: Sides, step: ChainStep) -> bool:
        """Tell whether a step holds by a condition or in a case that the text states, or under an assumption; that is noted."""
        left, right = _pair(sides, step.index)
        return chain.act != "deny" and (
            self._follows(chain, step.index, left, right)
            or self._in_case(chain, step.index, left, right)
            or self._assumed(chain, sides, step)
        )

    def _refused(self, chain: Chain, sides: Sides, step: ChainStep, wrong_before: int) -> bool:
        """Note a step that does not hold: as wrong, or with the reason why it is not called so; tell whether it is wrong."""
        k, span = step.index, chain.sides[step.index].span
        left, right = _pair(sides, k)
        if step.held is not None:
            self.suggestions += suggestion(step.held, span)
        reason = step.reason or self.excuses.excuse(chain, left, right, step)
        under = Under()
        if not reason or (reason.code in _UNTIED and chain.act == "assert" and step.reason is None):
            under = self.conditions.under(left, right, chain.section, span.start, step)
            reason = None if under.tied else reason
        if not reason and under.lines and under.step is None:
            reason = Reason("rests-on-line", {"line": under.lines})
        slip = self.mistakes.slip(chain, sides, k, excused=bool(reason))
        if slip is None and reason and reason.code == "misfit":
            slip = corrected(self.attempts, chain, left, right, step)
        if step.turned is not None and not chain.conditional and chain.act not in ACTS:
            slip = turned(step.turned)
        if reason and slip is None:
            if reason.code not in TO_FIND | {"implied"} or not self._unsolved(chain, k, left, right):
                self._excused(chain, left, right, step, reason)
            return False
        self.conditions.doubted.append(right)
        rooted = slip is None and wrong_before
        self.outcomes.step(chain, k, "fails", follows(wrong_before) if rooted else None, "assert")
        if not rooted:
            self.findings.append(also_under(wrong(chain, step, self.attempts, slip), under, self.attempts))
        return True

    def _excused(self, chain: Chain, left: Syntax, right: Syntax, step: ChainStep, reason: Reason) -> None:
        """Note a step that does not hold and is not called wrong, and what its equation gives those behind it."""
        k, span = step.index, chain.sides[step.index].span
        if reason.code == "or-name":
            self.naming.define(chain, right, left)
        if reason.code in ("property", "ungiven-property"):
            self.conditions.demand_of(left, right, chain.section, span.start, self.line(span))
        if reason.code in TO_FIND:
            self.conditions.to_find(left, right, chain.section, span.start, self.line(span))
        obtained = reason.code == "or-name" and chain.act == "assert"  # "so we obtain" what it is
        act = "assert" if obtained else reason.act or self.excuses.act(chain, left, right, k, step.held)
        shown: Shown = "far" if step.reason else "nothing" if reason.code == "expansion" else "doubtful"
        shown = "fails" if reason.act and not obtained else shown
        latex = chain.equation(k)
        claims = (
            shown != "fails"
            and reason.code not in ("expansion", "by-entries", "value", "prime")
            and self.excuses.said(chain, left, right)
        )
        lone = {*letters(left)} ^ {*letters(right)}
        doubt = misshapen(step, span, lone) if claims else self.excuses.contradicts(chain, left, right, step)
        if doubt is not None:
            self.outcomes.take(row(span, latex, act, shown, reason), doubt)
        else:
            self.outcomes.step(chain, k, shown, reason, act)

    def _in_case(self, chain: Chain, k: int, left: Syntax, right: Syntax) -> bool:
        """Tell whether a step holds where two of its indices are equal, or where they are not, and the text says so."""
        span = chain.sides[k].span
        before, behind = self.source.text[: chain.sides[0].span.start], self.source.text[span.end :]
        for case in (c for c in cases(left, right) if c.said(before, behind)):
            if self.attempts.holds(case.sides, chain.section, span.start):
                self.outcomes.step(chain, k, "holds", Reason("case", {"case": str(case)}))
                return True
        return False

    def _assumed(self, chain: Chain, sides: Sides, step: ChainStep) -> bool:
        """Tell whether a step holds under an assumption that nothing makes; that is a finding."""
        if chain.ambiguous or chain.conditional:
            return False
        k, refuted = step.index, [read for read, _ in step.refuted]
        left, right = _pair(sides, k)
        if (rests := self.excuses.on_property(chain, left, right, step)) is not None:
            self.outcomes.step(chain, k, "holds" if rests.code == "called-symmetric" else "doubtful", rests)
            return True
        far, at = step.outcome == "far", chain.sides[-1].span.start
        nearer = step.held is not None and step.late and not step.held.reading.turned  # of letters as they are meant
        names = self.excuses.only_names(chain, left, right, k)
        said = names or pattern("jacobian").search(chain.words[-LABEL:])  # which is laid out in no other way
        open_to = step.turned is None and (nearer or not (far or step.undecided or names))
        found = self.attempts.assumption((left, right), k, chain.section, at, refuted) if open_to else None
        if far and found is None and step.turned is None:
            self.conditions.doubted.append(right)
            self.outcomes.step(chain, k, "far", step.reason, self.excuses.act(chain, left, right, k, step.held))
            self.findings += [] if step.guessed or said else [Finding("DRV411", chain.sides[k].span, reason=step.reason)]
            if names:
                self.conditions.demand_of(left, right, chain.section, at, self.line(chain.sides[k].span))
            return True
        if found is None or (not far and self.excuses.refutes(chain, left, right, step, found[1])):
            return False
        assumption, about = found
        if self.excuses.moments_told(chain, left, right):
            self.outcomes.step(chain, k, "doubtful", Reason("rests-on-condition"), "assert")
            return True
        self.conditions.doubted.append(right)
        warned = Finding("DRV411", chain.sides[k].span, reason=Reason("holds-if", {"assumed": assumption.named(about)}))
        self.outcomes.take(row(warned.span, chain.equation(k), "assert", assumption.shown, warned.reason), warned)
        if assumption.declares and refuted:
            self.suggestions += suggestion(refuted[0], warned.span, assumption.declares)
        return True

    def _notice(self, chain: Chain, step: ChainStep) -> None:
        """Say once a page which convention a step was read by."""
        for notice in step.held.notices if step.held is not None else ():
            if notice.code not in self.noticed:
                self.noticed.add(notice.code)
                self.findings.append(Finding(notice.code, chain.sides[step.index].span, notice.facts))


def _pair(sides: Sides, k: int) -> tuple[Syntax, Syntax]:
    """Return both sides of a relation that was read."""
    left, right = sides[k - 1], sides[k]
    assert left is not None
    assert right is not None
    return left, right
