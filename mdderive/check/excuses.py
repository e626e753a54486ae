"""Why an equation of a note that no reading shows to hold is still not called wrong."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import partial

from mdderive.check.assumptions import GRANTS
from mdderive.check.attempts import ILL_SHAPED, Attempts, ChainStep
from mdderive.check.conditions import Conditions
from mdderive.check.demands import solvable
from mdderive.document.blocks import Section
from mdderive.latex.letters import base_letter
from mdderive.latex.syntax import (
    MOVING,
    Bars,
    Call,
    Derivative,
    Letter,
    Matrix,
    Mean,
    SecondDerivative,
    SquareRoot,
    Syntax,
    Turned,
    has,
    rewritten,
    walk,
)
from mdderive.model.causes import RowAct
from mdderive.model.diagnostics import Finding
from mdderive.model.reasons import Reason
from mdderive.model.shapes import ONE, SCALAR
from mdderive.reading.chains import Chain
from mdderive.reading.changes import as_row
from mdderive.reading.claims import (
    bounded,
    claiming,
    commute,
    loses_differential,
    misshapen,
    own_transpose,
    partners,
    refutable,
    settled,
    untold,
    vanish,
    worked_out_at,
)
from mdderive.reading.discourse import SUPPOSING
from mdderive.reading.elsewhere import NAMED, perhaps
from mdderive.reading.facts import SIGNS
from mdderive.reading.known import COUNTS, Grounds
from mdderive.reading.means import averages, in_doubt
from mdderive.reading.mirrored import NORMAL
from mdderive.reading.purposes import by_entries, expands, iterates, moments, primed_brackets
from mdderive.reading.ranges import unbounded
from mdderive.reading.readings import Read
from mdderive.reading.shown_by_form import Uses, is_zero, letter_name, letters, merged
from mdderive.reading.suppositions import Premises, Spoken
from mdderive.reading.tables import lays_out, table_of_names
from mdderive.verify.entrywise import BRANCHING, primitives

# What a step is that does not hold, by what its words do with it.
ACTS: Mapping[str, str] = {
    "deny": "denied",
    "ask": "question",
    "waive": "waived",
    **dict.fromkeys(SUPPOSING, "stated-condition"),
    "solve": "to-solve",
}

# Why an equation may hold of some value of a letter only.
TO_FIND = frozenset(
    {"or-name", "or-condition", "or-definition", "one-sided", "not-on-left", "not-on-right", "stated-condition", "to-solve"}
)


@dataclass(frozen=True, slots=True)
class Excuses:
    """Looks for what may justify a step, or make it no claim at all."""

    attempts: Attempts
    premises: Premises
    conditions: Conditions

    def purpose(self, chain: Chain, left: Syntax, right: Syntax, k: int) -> Reason | None:
        """Return what an equation is by its words and its form, if that is no plain claim."""
        pair = (chain.sides[k - 1].latex, chain.sides[k].latex)
        if chain.act in ACTS and not (chain.act == "where" and claiming(left, right)):
            return Reason(ACTS[chain.act])
        if chain.relations[k - 1] == ":=" and not has(left, *MOVING):
            return Reason("or-definition")
        if (is_zero(right) or is_zero(left)) and worked_out_at(left, right):
            return chain.ambiguous
        if is_zero(right) or is_zero(left) or (vanish(chain) and partners(left, right)):
            return Reason("condition")
        if moments(*pair) and in_doubt(left, right):
            return Reason("moments")
        if k == 1 and table_of_names(left) is not None:
            return Reason("or-definition")
        if expands(*pair):
            return Reason("expansion")
        if lays_out(left, right):
            return Reason("order-of-entries")
        if k == 1 and iterates(*pair):
            return Reason("next-iterate")
        worked_out = k == 1 and vanish(chain) and isinstance(left, Derivative)  # set to zero, by what it is
        return chain.ambiguous or (Reason("implied") if chain.implied and not worked_out else None)

    def act(self, chain: Chain, left: Syntax, right: Syntax, k: int, read: Read | None) -> RowAct:
        """Return what an equation does, by its words, its form, and a reading of it; whether it holds is not asked."""
        found = self.purpose(chain, left, right, k)
        if found is None and read is not None:
            found = refutable(chain, left, right, read, k)
        return (found and found.act) or "assert"

    def excuse(self, chain: Chain, left: Syntax, right: Syntax, step: ChainStep) -> Reason | None:
        """Return the reason not to call a step wrong; None where there is none."""
        found = self.purpose(chain, left, right, step.index)
        if found is not None:
            return found
        spoken, start = {*letters(left), *letters(right)}, chain.sides[0].span.start
        if self.moments_told(chain, left, right, higher=True):
            return Reason("rests-on-condition")
        if any(self.attempts.around.at_several(n, chain.section, start, spoken) for n in letters(left)):
            return Reason("function-not-given")
        if not step.refuted and by_entries(chain.sides[step.index - 1].latex, chain.sides[step.index].latex):
            return Reason("by-entries")
        natural = [found for found, _ in step.refuted if step.natural(found.reading)]
        past = self.attempts.around.past({*letters(left), *letters(right)}, chain.section, chain.sides[0].span.start)
        if step.misfits and not natural and not past and misshapen(*step.misfits[0]):
            return None
        if not natural and (not step.refuted or step.astray):
            own = {*letters(left), *letters(right)}
            turned = has(left, Turned) or has(right, Turned)  # nobody transposes a number
            plain: Set[str] = frozenset() if turned else own & self.attempts.around.plain
            if doubt := self._which_letters(chain, left, right, step, plain):
                return doubt
            if any(isinstance(side, Matrix) and not any(letters(side)) for side in (left, right)):
                return Reason("value")  # data in a list, which is no row and no column
            if primed_brackets(*(s.latex for s in chain.sides[step.index - 1 : step.index + 1])):
                return Reason("prime")
            if _of_rows(step, left, right):
                return Reason("rows-of-jacobian")
            if self.said(chain, left, right) and (
                misshapen_throughout(step, own) or self._fits_nowhere(chain, left, right, step)
            ):
                return None
            misfit = Reason("misfit", {"misfit": step.misfits[0][0]}) if step.misfits else Reason("no-reading")
            return step.undecided or misfit
        first = step.refuted[0][0]
        by = (d.args[-1] for side in (left, right) for d in walk(side) if isinstance(d, MOVING))
        if untold(first.context.symbols, {name for node in by for name in letters(node)}):
            return Reason("probability")
        own = {*letters(left), *letters(right)}
        if any("'" in name for name in self.attempts.around.mentioned(own, chain.section, chain.sides[-1].span.start) - own):
            return Reason("prime")
        weighed = settled(natural or [first], step.index, self.attempts.around.note.words)
        reason = refutable(chain, left, right, weighed, step.index)
        return reason or self._doubt(chain, left, right, step)

    def _doubt(self, chain: Chain, left: Syntax, right: Syntax, step: ChainStep) -> Reason | None:
        """Return what in the note may yet justify a step that claims what it says."""
        if doubt := self._which_letters(chain, left, right, step):
            return doubt
        if self._parametrised(left, right, step):
            return Reason("function-not-given")
        if name := self._unfit(chain, left, right, step):
            return Reason("unfit-definition", {"name": name})
        if name := self._uncounted(left, right, step):
            return Reason("not-given", {"name": name})
        if not step.exhausted and not loses_differential(left, right):
            return Reason("many-readings")
        if self._rests(chain, left, right, step) or self._in_a_branch(chain, step, left, right):
            return Reason("rests-on-condition")
        if len(chain.relations) == 1 and not claiming(left, right) and self._to_solve(step):
            return Reason("or-condition")
        return self._called(chain, left, right) or (Reason("some-readings") if step.undecided else None)

    def _parametrised(self, left: Syntax, right: Syntax, step: ChainStep) -> bool:
        """Tell whether what a step differentiates by stands below the name of a function, `h_w(x)`, which is one of that too."""
        around, values = self.attempts.around, step.refuted[0][0].known.definitions.values()
        parts = (n.rpartition("_") for side in (left, right, *values) for n in letters(side))
        by = {n for side in (left, right) for d in walk(side) if isinstance(d, MOVING) for n in letters(d.args[-1])}
        return any(
            name in around.note.named and around.name(below.removeprefix("{").removesuffix("}")) in by for name, _, below in parts
        )

    def _uncounted(self, left: Syntax, right: Syntax, step: ChainStep) -> str:
        """Return a number that may be how many samples there are, where a sum over them does not say; else an empty text."""
        found = step.refuted[0][0]
        sides = (left, right, *found.known.definitions.values())
        if not any(unbounded(side) for side in sides):
            return ""
        symbols = found.context.symbols
        counts = {n for side in sides for n in letters(side) if n in COUNTS and n in symbols and symbols[n].shape == SCALAR}
        return min(counts - found.known.symbols.keys(), default="")

    def _to_solve(self, step: ChainStep) -> bool:
        """Tell whether a step may be an equation to solve in a reading that heeds what is defined."""
        given = step.refuted[0][0].known.definitions.keys()
        likely = [found for found, _ in step.refuted if found.known.definitions.keys() == given]
        return any(solvable(*found.pair(step.index), found.context) for found in likely)

    def refutes(self, chain: Chain, left: Syntax, right: Syntax, step: ChainStep, about: frozenset[str]) -> bool:
        """Tell whether a step is wrong though it holds under an assumption about some letters, and nothing else excuses it.

        The note states what they are and does not assume it; or they would have to be square besides, which only the step asks.
        """
        at, names = chain.sides[0].span.start, {*letters(left), *letters(right)} & about
        stated = bool(names) and all(self.attempts.around.introduced(n, chain.section, at) for n in names)
        forced = self.said(chain, left, right) and self.attempts.forced(left, step, about)
        return (stated or forced) and not self.excuse(chain, left, right, step)

    def contradicts(self, chain: Chain, left: Syntax, right: Syntax, step: ChainStep) -> Finding | None:
        """Return what is to be said of a derivative that words suppose, of its own letters alone, against the definition."""
        if chain.act not in ("suppose", "let") or chain.ambiguous or not isinstance(left, Derivative | SecondDerivative):
            return None
        around, at, name = self.attempts.around, chain.sides[0].span.start, letter_name(left.args[0])
        own = {*letters(right)} <= around.resting_on([*letters(left)], chain.section, at) and not is_zero(right)
        given = around.defined(name, chain.section, at, before=True)
        rests = around.resting_on([*letters(given[-1].value)], chain.section, at) if given else set()
        if not own or not given or not {*letters(left.args[1])} <= rests:
            return None
        refuted = step.settled and any(step.natural(found.reading) for found, _ in step.refuted)
        return Finding("DRV417", chain.sides[step.index].span, {"name": name}) if refuted else None

    def only_names(self, chain: Chain, left: Syntax, right: Syntax, k: int) -> bool:
        """Tell whether a step claims nothing: it names its left side, or a property of letters of which nothing is said."""
        own = own_transpose(left, right)
        about = {own} - {""} or ({*letters(left)} if commute(left, right) and chain.reasons else set())
        if about:
            return not any(self.attempts.around.introduced(n, chain.section, chain.sides[-1].span.start) for n in about)
        return chain.relations[k - 1] == ":=" and not has(left, *MOVING)

    def on_property(self, chain: Chain, left: Syntax, right: Syntax, step: ChainStep) -> Reason | None:
        """Return on what a step rests that fails without it, if the words say it of letters, surely or perhaps."""
        names = {*letters(left), *letters(right)}
        said = {f.names[0] for f in self.attempts.around.facts(chain.section, chain.sides[0].span.start) if f.says == "symmetric"}
        covariances = self.premises.covariances(names)
        if called := self.attempts.granting(step, "symmetric", frozenset(names & said) | covariances):
            return Reason("called-symmetric", {"names": ", ".join(sorted(called))})
        over = [f for f in self.attempts.around.predicates(chain.section, chain.sides[-1].span.start) if f.says == "symmetric"]
        if self.attempts.granting(step, "symmetric", frozenset(n for f in over for n in f.names)):
            return Reason("rests-on-condition")  # the symmetry may have ended
        for prop in NAMED if step.refuted else ():
            open_to = {n for n in names if perhaps(self.attempts.around, chain, n, prop)}
            if self.attempts.granting(step, prop, covariances | open_to):
                return Reason("rests-on-condition")
        return None

    def moments_told(self, chain: Chain, left: Syntax, right: Syntax, *, higher: bool = False) -> bool:
        r"""Tell whether a step is about means, and the section says what some are, `\mathbb{E}[y] = 0`: it may rest on them.

        Those are `higher` that are of more than a letter.
        """
        if not averages(left, right):
            return False
        others = [c for c in self.attempts.around.note.chains if c is not chain and c.section == chain.section[: len(c.section)]]
        if not higher and any(NORMAL.match(side.latex) for c in others for side in c.sides):
            return True
        told = ((c, c.sides[0].syntax, c.sides[1].syntax) for c in others if c.speaks and c.relations)
        return any(
            isinstance(mean, Mean)
            and (c.supposes or (value is not None and is_zero(value)))
            and not (higher and isinstance(mean.args[0], Letter))
            for c, mean, value in told
        )

    def said(self, chain: Chain, left: Syntax, right: Syntax) -> bool:
        """Tell whether an equation is claimed: by its words, by a chain of steps, or by what is written in it."""
        if chain.conditional or chain.ambiguous or chain.act in ACTS:
            return False
        return chain.act == "assert" or len(chain.relations) > 1 or claiming(left, right)

    def _fits_nowhere(self, chain: Chain, left: Syntax, right: Syntax, step: ChainStep) -> bool:
        """Tell whether factors of a side fit in no reading, far-fetched ones too, whether small letters are columns or rows."""
        if not _torn(step):
            return False
        known, own = step.misfits[0][1], {*letters(left), *letters(right)}
        columns = {n for n in own & known.symbols.keys() if known.symbols[n].shape.cols == ONE != known.symbols[n].shape.rows}
        small = {n for n in own - known.symbols.keys() - known.definitions.keys() if base_letter(n)[-1:].islower()}
        small = {n for n in small if n[0] != "\\"} - known.functions
        if not small <= known.bold | Uses.of((left, right)).transposed:  # a number, perhaps
            return False
        small |= columns
        rows = [rewritten(side, partial(as_row, names=small)) for side in (left, right)]
        return not small or _torn(self.attempts.steps(rows, [1], Grounds(chain.section, chain.sides[0].span.start))[1])

    def _which_letters(
        self, chain: Chain, left: Syntax, right: Syntax, step: ChainStep, plain: Set[str] = frozenset()
    ) -> Reason | None:
        """Return what leaves open which letters a step speaks of: one that is plain there and bold elsewhere, or subscripts."""
        around = self.attempts.around
        written = [s.syntax for s in chain.sides[step.index - 1 : step.index + 1] if s.syntax is not None]
        own = {name for side in written for name in letters(side, entries=False)}
        mixed = {around.name(n) for n in own if not around.apart and merged(n) != n and merged(n) in own}
        if mixed or plain:
            return Reason("fonts", {"name": min(mixed or plain)})
        return Reason("subscripts") if self._numbered(chain, left, right, step) else None

    def _numbered(self, chain: Chain, left: Syntax, right: Syntax, step: ChainStep) -> bool:
        """Tell whether a letter with a subscript was taken as an entry because others beside it are numbered so.

        Or it is one of a matrix that is written out, and may be a number or a block: nothing says what it is.
        """
        at, around = chain.sides[0].span.start, self.attempts.around
        written_out = [node for side in (left, right) for node in walk(side) if isinstance(node, Matrix)]
        entries = {name for node in written_out for name in letters(node) if "_" in name}
        loose = {name for name in entries if not around.introduced(name, chain.section, at)}
        tried = [*step.astray, *(found for found, _ in step.refuted)]
        blocks = (found.context.symbols[n].shape for found in tried for n in loose & found.context.symbols.keys())
        if any(shape != SCALAR for shape in blocks):
            return True
        written = [s.syntax for s in chain.sides[step.index - 1 : step.index + 1] if s.syntax is not None]
        own = {*letters(left), *letters(right)}
        given = {around.name(name) for side in written for name in letters(side)} - own
        return any("_" in name and name.rpartition("_")[0] in own for name in given)

    def _unfit(self, chain: Chain, left: Syntax, right: Syntax, step: ChainStep) -> str:
        """Return a letter that is defined, while every reading in which a step fails leaves its definition out."""
        at = chain.sides[-1].span.start
        moving = [d for side in (left, right) for d in walk(side) if isinstance(d, MOVING)]
        varied = {n.name for d in moving for n in walk(d) if isinstance(n, Letter)}
        given = {n for n in {*letters(left), *letters(right)} - varied if self._moves(n, varied, chain.section, at)}
        left_out = [given - found.known.definitions.keys() for found, _ in step.refuted]
        fewest = min((len(some) for some in left_out), default=0)
        return min(next(some for some in left_out if len(some) == fewest)) if fewest else ""

    def _moves(self, name: str, varied: Set[str], section: Section, at: int) -> bool:
        """Tell whether a letter is defined through what a step differentiates by, if that differentiates at all."""
        around = self.attempts.around
        found = around.defined(name, section, at, before=True)
        return bool(found) and (not varied or not varied.isdisjoint(around.resting_on([*letters(found[-1].value)], section, at)))

    def _called(self, chain: Chain, left: Syntax, right: Syntax) -> Reason | None:
        """Return what the note calls a letter of a step without derivatives, in a word that nothing here knows."""
        if any(has(side, *MOVING) for side in (left, right)):
            return None
        own = {*letters(left), *letters(right)}
        said = self.attempts.around.predicates(chain.section, chain.sides[-1].span.start)
        found = ((name, f.says) for f in said for name in f.names if name in own)
        return next((Reason("rests-on-property", {"name": name, "said": says}) for name, says in found), None)

    def spoken(self, chain: Chain, left: Syntax, right: Syntax) -> frozenset[Spoken]:
        """Return what a step may rest on that the words of the note speak of."""
        at, around = chain.sides[-1].span.start, self.attempts.around
        values = [d.value for n in {*letters(left), *letters(right)} for d in around.defined(n, chain.section, at)]
        return self.premises.bear_on(left, right, values, self.premises.still_turned(around, chain.section, at))

    def _rests(self, chain: Chain, left: Syntax, right: Syntax, step: ChainStep) -> bool:
        """Tell whether a step may rest on what the words speak of: it is not refuted where that alone is granted."""
        spoken, found = self.spoken(chain, left, right), step.refuted[0][0]
        return any(
            (granted := GRANTS[what](found.context)) is None or not self.attempts.refuted(found, step.index, granted)
            for what in sorted(spoken)
        )

    def _in_a_branch(self, chain: Chain, step: ChainStep, *sides: Syntax) -> bool:
        """Tell whether a step turns on the sign of what is bounded before: if a^T x < 0, then |a^T x| = - a^T x."""
        known, at = step.refuted[0][0].known, chain.sides[0].span.start
        nodes = (node for side in (*sides, *known.definitions.values()) for node in walk(side) if _branches(node))
        signed = {n for n, said in known.properties.items() if not said.isdisjoint(SIGNS)}
        about = {name for node in nodes for name in letters(node)}
        near = (c for c in self.attempts.around.note.chains if c.section == chain.section and c.supposes)
        return bool(about) and any(about & bounded(c, signed) for c in near if c.reach.start <= at <= c.reach.end)


def _branches(node: Syntax) -> bool:
    """Tell whether a node is one thing where something is positive, and another where it is negative."""
    if isinstance(node, Call):
        return node.op in ("max", "min") or (node.op == "fn" and not BRANCHING.isdisjoint(primitives(node.function)))
    return isinstance(node, Bars | SquareRoot)


def misshapen_throughout(step: ChainStep, names: Set[str]) -> bool:
    """Tell whether no reading gives both sides of a step one shape, though the section says what each of its letters is."""
    if not step.misfits or any(misfit.code not in ILL_SHAPED for misfit, _ in step.misfits):
        return False
    known = step.misfits[0][1]
    return not known.unsure and names <= {*known.symbols, *known.definitions} - known.loose


def _of_rows(step: ChainStep, left: Syntax, right: Syntax) -> bool:
    """Tell whether a step differentiates a row by a row: how that is laid out nobody agrees on."""
    rows: Set[str] = step.misfits[0][1].rows() if step.misfits else frozenset()
    slopes = [d for side in (left, right) for d in walk(side) if isinstance(d, Derivative)]
    return any(not rows.isdisjoint(letters(d.args[0])) and not rows.isdisjoint(letters(d.args[-1])) for d in slopes)


def _torn(step: ChainStep) -> bool:
    """Tell whether something stands behind a column that fits there in no reading; all were tried, or the sizes are known."""
    if not step.ill_shaped or step.misshapen:
        return False
    first, facts = step.misfits[0][0], [misfit.facts for misfit, _ in step.misfits if "left" in misfit.facts]
    behind = first.code == "DRV302" and " x " not in first.facts["left"]
    return behind and (step.exhausted or not any("unknown" in told["left"] + told["right"] for told in facts))
