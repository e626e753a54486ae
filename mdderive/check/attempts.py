"""Trying the readings of a chain: which of its steps hold in a plausible one, and what became of the others.

The work is bounded by the number of readings; a step whose readings were not all tried is never called wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Literal

from mdderive.check.assumptions import ASSUMPTIONS, SYMMETRIC, Assumption, assumed, borrowed, foreign, square, told
from mdderive.check.constants import moves_constants, never_constant, still, taken_for_constant
from mdderive.document.blocks import Section
from mdderive.latex.syntax import Syntax
from mdderive.model.context import Context, closure
from mdderive.model.diagnostics import Finding, Witness
from mdderive.model.expr import Expr, make, num
from mdderive.model.reasons import Reason
from mdderive.model.results import Outcome, Verdict
from mdderive.reading.candidates import Untried, candidates
from mdderive.reading.chains import Chain
from mdderive.reading.changes import MIXED
from mdderive.reading.claims import untold
from mdderive.reading.conventions import Statement
from mdderive.reading.known import Grounds, Known
from mdderive.reading.readings import NATURAL, Read, Reading, Unfit, read
from mdderive.reading.shown_by_form import Uses, letters, renamed
from mdderive.reading.summation import indices
from mdderive.reading.surroundings import Surroundings
from mdderive.reading.writings import writings
from mdderive.verify.holds import holds, verdicts

MAX_JUDGED = 20
ILL_SHAPED = frozenset({"DRV301", "DRV302", "DRV303"})  # what says that sides, terms, factors or squares do not fit
SHAPES = "DRV3"  # how the codes begin that say which shapes do not fit
ASTRAY = 4  # readings kept in which shapes do not fit
FEW = 20  # readings tried of an equation that is only a guess


@dataclass
class ChainStep:
    """One relation of a chain; `held` is the reading in which it holds, `exhausted` whether all readings that
    are not far-fetched were tried.

    `misshapen` are the readings in which each side has a shape, and not the same; in front of them no costlier guess of what
    letters are is natural. `astray` are the likeliest in which the shapes of its sides do not fit. `turned` is a reading in which
    it holds in another layout than the text states.
    `likeliest` is the likeliest reading in which shapes fit: however much its letters cost, it is no far-fetched one.
    `guessed` tells whether it holds only where something is taken for granted that no note would say.
    `idle` is one in which it holds as 0 = 0, as definitions make of sides that are not written as zero: nobody would state that.
    """

    index: int
    outcome: Literal["", "holds", "far"] = ""
    reason: Reason | None = None
    refuted: list[tuple[Read, Verdict]] = field(default_factory=list)
    misfits: list[tuple[Finding, Known]] = field(default_factory=list)
    undecided: Reason | None = None
    held: Read | None = None
    turned: Read | None = None
    misshapen: list[Read] = field(default_factory=list)
    astray: list[Read] = field(default_factory=list)
    exhausted: bool = True
    likeliest: Reading | None = None
    idle: tuple[Read, Verdict] | None = None
    guessed: bool = False

    def natural(self, reading: Reading) -> bool:
        """Tell whether a reading is no far-fetched one."""
        guessed = 0 if reading.numbers else reading.worst
        if guessed > 1 and any(m.reading.cost < reading.cost and m.reading.kinds != reading.kinds for m in self.misshapen):
            return False
        if reading.cost <= NATURAL or self.likeliest is None:
            return reading.cost <= NATURAL
        if guessed > NATURAL and any(misfit.code.startswith(SHAPES) for misfit, _ in self.misfits[:1]):
            return False
        return reading.kinds == self.likeliest.kinds and reading.cost <= self.likeliest.cost + 1

    @property
    def late(self) -> bool:
        """Tell whether it holds only in a reading less likely than one in which it fails."""
        return self.held is not None and any(found.reading.cost < self.held.reading.cost for found, _ in self.refuted)

    @property
    def ill_shaped(self) -> bool:
        """Tell whether shapes do not fit in any reading."""
        only = not self.outcome and not self.refuted and not self.undecided and bool(self.misfits)
        return only and all(misfit.code in ILL_SHAPED and not known.unsure for misfit, known in self.misfits)

    def leave(self, *, far: bool) -> None:
        """Note that readings are left untried: those that are far-fetched leave nothing open where others fit."""
        if not far or self.likeliest is None or self.likeliest.cost > NATURAL:
            self.exhausted = False

    def settle(self) -> None:
        """Let a step hold as 0 = 0 where no other reading tells anything."""
        if self.idle is not None and not self.outcome and not self.refuted:
            self.hold(*self.idle)

    @property
    def settled(self) -> bool:
        """Tell whether every reading was tried and the step holds in none, as far as all of them were decided."""
        return self.exhausted and not self.outcome and not self.undecided

    def _gives_up(self, found: Read, fails: Read) -> bool:
        """Tell whether a reading leaves out what a letter is that the step differentiates, with which a likely one fails."""
        left_out = fails.known.definitions.keys() - found.known.definitions.keys()
        moving = {_letter(n.args[0]) for side in found.pair(self.index) for n in side.walk() if n.op == "deriv"}
        return bool(left_out & moving) and self.natural(fails.reading) and not fails.known.unsure and not found.known.past

    def hold(self, found: Read, verdict: Verdict) -> None:
        """Note a reading in which the step holds; where it takes something for granted, that makes it a far-fetched one."""
        taken = taken_for_constant(found, self.index)
        if (taken and never_constant(found, taken)) or moves_constants(found, self.index):
            return
        if any(self._gives_up(found, fails) for fails, _ in self.refuted):
            self.undecided = self.undecided or Reason("doubtful-definition")
            return
        mixes = MIXED in found.reading.changes
        spoken_of = _spoken_of(found, self.index)
        if found.reading.turned and not spoken_of and found.reading.layout == found.known.usual:
            found = replace(found, reading=replace(found.reading, turned=False))
        if found.reading.turned and spoken_of and (not mixes or spoken_of.named):
            guessed = taken or found.reading.unsized or found.reading.cost > 1 or mixes or borrowed(found)
            self.turned = self.turned or (None if guessed else found)
            return
        if self.natural(found.reading) and not taken and not foreign(found) and not borrowed(found):
            self.outcome, self.reason, self.held = "holds", verdict.reason, found
        elif not self.outcome:
            usual = self.misshapen[0].reading if self.misshapen else self.likeliest
            usual = None if usual is found.reading else usual
            taken_for_granted = assumed(found, taken, usual)
            self.guessed = not (borrowed(found) or told(taken_for_granted, found, usual))
            self.outcome, self.held, self.reason = "far", found, Reason("holds-only-if", {"assumed": taken_for_granted})


@dataclass(frozen=True, slots=True)
class Attempts:
    """Tries chains in the surroundings of a note."""

    around: Surroundings
    seed: int
    judged: dict[tuple[object, ...], tuple[Verdict, ...]] = field(default_factory=dict)

    def verdicts(
        self, pairs: Sequence[tuple[Expr, Expr]], context: Context, varying: frozenset[str] | None
    ) -> tuple[Verdict, ...]:
        """Return the verdicts on some equations, without witnesses; readings that do not differ in what decides share them."""
        key = (*pairs, context.key, None if varying is None else frozenset(varying))
        if key not in self.judged:
            self.judged[key] = verdicts(pairs, context, varying=varying, seed=self.seed, text="note")
        return self.judged[key]

    def witness(self, found: Read, index: int) -> Witness | None:
        """Return values at which a step fails in a reading in which it was refuted."""
        return holds(*found.pair(index), found.context, varying=found.varying, seed=self.seed, text="note").witness

    def steps(self, sides: Sequence[Syntax | None], wanted: Sequence[int], grounds: Grounds) -> dict[int, ChainStep]:
        """Return what became of the relations `wanted` of a chain, each named by its right side."""
        steps = {k: ChainStep(k) for k in wanted}
        self._try(steps, sides, grounds)
        for step in steps.values():
            step.settle()
        return steps

    def _try(self, steps: Mapping[int, ChainStep], sides: Sequence[Syntax | None], grounds: Grounds) -> None:
        """Try the readings of some relations until all of them hold, or enough was tried."""
        trees = [s if s is not None and (i in steps or i + 1 in steps) else None for i, s in enumerate(sides)]
        numbers = len(indices(*(s for s in trees if s is not None)))
        most = max(MAX_JUDGED >> 2 * max(0, numbers - 2), 3)
        judged = 0
        for found in candidates(self.around, trees, grounds):
            full = judged >= most and isinstance(found, Read)
            if full and isinstance(found, Read) and found.known.past:  # it may show that they are equal, never that they are not
                continue
            if full or isinstance(found, Untried):
                far = found.far if isinstance(found, Untried) else found.reading.cost > NATURAL
                for step in steps.values():
                    step.leave(far=far)
                if full:
                    return
            elif isinstance(found, Unfit):
                for step in steps.values():
                    step.misfits.append((found.why, found.known))
            else:
                judged += self._judge(found, steps, together=not numbers)  # sums share no work
                if all(step.outcome == "holds" for step in steps.values()):
                    return

    def tried(self, chain: Chain, sides: Sequence[Syntax | None], wanted: Sequence[int]) -> dict[int, ChainStep]:
        """Return what became of some steps in the likeliest writing of their sides in which they hold, if there is one."""
        at = chain.sides[-1].span.start
        grounds = Grounds(chain.section, at)
        steps = self.steps(sides, wanted, grounds)
        for k in wanted:
            if k == 1 or not steps[k].astray or steps[k].outcome == "holds":
                continue  # else what misfits may be another side
            alone = self.steps([s if i in (k - 1, k) else None for i, s in enumerate(sides)], [k], grounds)[k]
            own = steps[k].ill_shaped and _apart(sides, k)
            steps[k] = alone if own or alone.outcome == "holds" else steps[k]
        unshown = any(step.outcome != "holds" for step in steps.values())
        inner = self.definitions(sides, grounds).values() if unshown else ()
        for writing in writings(sides, self.around.tables(at), inner, self.around.rows) if unshown else ():
            failing = [k for k in wanted if steps[k].outcome != "holds"]
            implied = writing.sides(sides) if failing else None
            if implied is not None:
                beside = tuple(s for s in sides if s is not None)
                for k, other in self.steps(implied, failing, replace(grounds, beside=beside, change=writing.change)).items():
                    unknown = not writing.guess and not steps[k].outcome and (other.outcome or not steps[k].refuted)
                    steps[k] = other if other.outcome == "holds" or unknown else steps[k]
        if any(side.lower is not None for side in chain.sides):
            lower = [
                renamed(s.lower, self.around.name) if s.lower is not None else side
                for s, side in zip(chain.sides, sides, strict=True)
            ]
            for k, other in self.steps(lower, wanted, grounds).items():
                steps[k] = steps[k] if other.outcome == "holds" else other
        for k in (k for k in sorted(steps) if k - 1 in steps):
            steps[k] = self._as_before(steps[k - 1].held, steps[k])
        return steps

    def definitions(self, sides: Sequence[Syntax | None], grounds: Grounds) -> Mapping[str, Syntax]:
        """Return the letters that some sides rest on and that are defined, with their values."""
        present = [s for s in sides if s is not None]
        names = [n for s in present for n in letters(s)]
        return self.around.known(names, Uses.of(present), grounds).definitions

    def _as_before(self, before: Read | None, step: ChainStep) -> ChainStep:
        """Return a step that holds as one that fails where its left side would have to mean something else than just before.

        What differs is how far an operator reaches, `d A B`, or a notation; what letters are may be guessed anew.
        """
        after, k = step.held, step.index
        if before is None or after is None or step.outcome != "holds" or len(before.sides) != len(after.sides):
            return step
        left, right, meant = before.sides[k - 1], before.sides[k], after.sides[k - 1]
        alike = (before.reading.kinds, before.reading.layout) == (after.reading.kinds, after.reading.layout)
        if left is None or right is None or left == meant or not alike or before.reading.wide == after.reading.wide:
            return step
        verdict = self.verdicts([(left, right)], before.context, before.varying)[0]
        return ChainStep(k, refuted=[(before, verdict)], likeliest=before.reading) if verdict.outcome == "wrong" else step

    def holds(self, pair: Sequence[Syntax], section: Section, at: int, premises: tuple[tuple[Syntax, Syntax], ...] = ()) -> bool:
        """Tell whether two sides that are only a guess are equal in one of the likeliest readings."""
        return self.steps(pair, [1], Grounds(section, at, FEW, premises=premises))[1].outcome == "holds"

    def solves(self, pair: Sequence[Syntax], section: Section, at: int, premises: tuple[tuple[Syntax, Syntax], ...] = ()) -> bool:
        """Tell whether two sides are equal in a likely reading, and neither differ nor misfit in a likelier one."""
        step = self.steps(pair, [1], Grounds(section, at, FEW, premises=premises))[1]
        return step.outcome == "holds" and not step.late and not step.astray

    def assumption(
        self, sides: tuple[Syntax, Syntax], index: int, section: Section, at: int, refuted: Sequence[Read]
    ) -> tuple[Assumption, frozenset[str]] | None:
        """Return what would have to be assumed of which letters for a step to hold that fails in some readings without it."""
        left, right = (self.around.resting_on([*letters(side)], section, at) for side in sides)
        both = {*left} & {*right}
        likely = [found for found in refuted if found.reading.cost <= refuted[0].reading.cost]
        told = {f.says for f in self.around.facts(section, at) if both & {*f.names}}
        for assumption in (a for a in ASSUMPTIONS if a.denied not in told):
            pair = assumption.changed(*sides)
            if pair and self.steps(pair, [1], Grounds(section, at, assumption.readings))[1].outcome == "holds":
                return assumption, frozenset()
            for found in likely[: assumption.readings]:
                for names in assumption.about(found.context, both):
                    if self._holds_granted(found, index, assumption.grant(found.context, names)):
                        return assumption, names
        return None

    def granting(self, step: ChainStep, prop: str, named: frozenset[str]) -> frozenset[str]:
        """Return those of some letters that have to have a property for a step that fails to hold; none if that is not enough."""
        for found, _ in step.refuted[: SYMMETRIC.readings]:
            names = named & square(found.context)
            if names and self._holds_granted(found, step.index, found.context.declaring(names, prop)):
                return names
        return frozenset()

    def forced(self, left: Syntax, step: ChainStep, names: frozenset[str]) -> bool:
        """Tell whether some letters are square in the likeliest reading of a step only so that its right side fits.

        Its left side leaves them two sizes by itself: that they are square is one more assumption.
        """
        for found in (r for r, _ in step.refuted[:1] if r.reading.cost <= NATURAL):
            alone = read([left], found.known, found.reading)
            if isinstance(alone, Read) and not alone.misfits:
                return bool(names & square(found.context) & alone.context.symbols.keys() - square(alone.context))
        return False

    def refuted(self, found: Read, index: int, granted: Iterable[Context]) -> bool:
        """Tell whether a step that fails in a reading fails wherever more is granted too."""
        return all(self._granted(found, index, context) == "wrong" for context in granted)

    def _holds_granted(self, found: Read, index: int, context: Context) -> bool:
        """Tell whether a step holds in a reading where more is known."""
        return self._granted(found, index, context) == "holds"

    def _granted(self, found: Read, index: int, context: Context) -> Outcome | None:
        left, right = found.sides[index - 1], found.sides[index]
        if left is None or right is None:
            return None
        return self.verdicts([(left, right)], context, found.varying)[0].outcome

    def _judge(self, found: Read, steps: Mapping[int, ChainStep], *, together: bool) -> int:
        """Judge the steps that are open in one reading; return 1 where something was judged."""
        pairs: list[tuple[Expr, Expr]] = []
        owners: list[ChainStep] = []
        for k, step in steps.items():
            left, right = found.sides[k - 1], found.sides[k]
            if step.outcome == "holds":
                continue
            if found.known.past and (left is None or right is None):
                continue
            if left is None or right is None:
                own = [i for i in (k - 1, k) if i in found.misfits]
                step.misfits += [(found.misfits[i], found.known) for i in own]
                step.misshapen += [found] if len(own) == 1 and own[0] in found.apart else []
                step.astray += [found] if own and found.reading.cost <= NATURAL and len(step.astray) < ASTRAY else []
                continue
            step.likeliest = step.likeliest or found.reading
            if not still(found, left, right):
                pairs.append((left, right))
                owners.append(step)
        if not pairs:
            return 0
        some = [pairs] if together else [[pair] for pair in pairs]
        judged = [verdict for part in some for verdict in self.verdicts(part, found.context, found.varying)]
        for step, verdict in zip(owners, judged, strict=True):
            if verdict.outcome == "holds" and _idle(found, step.index, self.around.note.named):
                step.undecided = step.undecided or (None if step.refuted else Reason("not-in-variable"))
            elif verdict.outcome == "holds" and self._vanishes(found, step.index):
                step.idle = step.idle or (found, verdict)
            elif verdict.outcome == "holds":
                step.hold(found, verdict)
            elif verdict.outcome == "wrong" and not found.known.past:
                step.refuted.append((found, verdict))
            elif verdict.outcome != "wrong":
                step.undecided = step.undecided or verdict.reason or Reason("undecided")
        return 1

    def _vanishes(self, found: Read, index: int) -> bool:
        """Tell whether definitions make zero of two sides that are equal, neither of which is written as zero."""
        pair = found.pair(index)
        defined = closure(pair[0], found.context) & closure(pair[1], found.context) & found.context.definitions.keys()
        if not defined or any(side.op == "num" for side in pair):
            return False
        zero = make("mul", num(0), pair[0])
        return self.verdicts([(pair[0], zero)], found.context, found.varying)[0].outcome == "holds"


def _spoken_of(found: Read, index: int) -> Statement | None:
    """Return what the words say of the layout of a derivative that a step is about, or rests on; None where they say nothing."""
    stated, pair = found.known.stated, found.pair(index)
    names = closure(pair[0], found.context) | closure(pair[1], found.context)
    values = [found.context.definitions[n] for n in sorted(names & found.context.definitions.keys())]
    slopes = [n for side in (*pair, *values) for n in side.walk() if n.op in ("deriv", "hess")]
    spoken = stated is not None and any(stated.speaks_of(n.args[0].shape, n.args[1].shape) for n in slopes)
    return stated if spoken or not slopes else None


def _apart(sides: Sequence[Syntax | None], k: int) -> bool:
    """Tell whether a step is about no letter of another side of its chain."""
    own = {*(n for s in sides[k - 1 : k + 1] if s is not None for n in letters(s))}
    others = [s for i, s in enumerate(sides) if s is not None and i not in (k - 1, k)]
    return bool(others) and not any(own & {*letters(s)} for s in others)


def _idle(found: Read, index: int, functions: AbstractSet[str]) -> bool:
    """Tell whether a step differentiates a letter, or something on both sides, by what it is not known to depend on: 0 = 0.

    A letter that is defined is known not to depend on what others beside it depend on, and it does not.
    Nobody differentiates the number e: it is an error, or an energy, that is not given. The arguments of `functions` may be left
    out.
    """
    sides = [e for e in found.sides[index - 1 : index + 1] if e is not None]
    nodes = [[n for n in e.walk() if n.op in ("deriv", "hess")] for e in sides]
    every = frozenset().union(*(closure(n.args[0], found.context) for some in nodes for n in some if _letter(n.args[0])))
    idle = [[n for n in some if n.args[1].name not in closure(n.args[0], found.context)] for some in nodes]
    untold_of = functions - found.known.symbols.keys() - found.known.definitions.keys()
    alone = idle == nodes and any(closure(n.args[0], found.context) & untold_of for some in idle for n in some)
    undetermined = (
        all(idle)
        or alone
        or any(
            n.args[1].name not in (every if name in found.known.definitions else frozenset())
            for some in idle
            for n in some
            if (name := _letter(n.args[0]))
        )
    )
    moving = [n for e in sides for n in e.walk() if n.op in ("deriv", "hess", "d")]
    undetermined = undetermined or any(n.args[0].op == "const" and n.args[0].name == "e" for n in moving)
    moved = {letter.name for n in moving for letter in n.args[-1].walk() if letter.op == "sym"}
    return undetermined or (bool(moving) and untold(found.context.symbols, moved))


def _letter(e: Expr) -> str:
    """Return the letter that an expression is, or is one entry of; an empty text for another."""
    others = [a for a in e.args if not any(n.op == "unit" for n in a.walk())] if e.op == "mul" else []
    return _letter(others[0]) if len(others) == 1 < len(e.args) else e.name if e.op == "sym" else ""
