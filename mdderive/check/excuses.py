"""Why an equation of a note that no reading shows to hold is still not called wrong."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from mdderive.check.attempts import MOVING, Attempts, Step
from mdderive.latex.syntax import Syntax
from mdderive.reading.chains import Chain
from mdderive.reading.claims import by_entries, claiming, expands, iterates, misshapen, moments, refutable
from mdderive.reading.discourse import SUPPOSING
from mdderive.reading.shown_by_form import has, is_zero, letters, walk
from mdderive.reading.suppositions import Premises
from mdderive.reading.tables import lays_out, table_of_names

LAID_OUT = "says in which order the entries of a derivative are laid out"
ITERATE = "defines the next iterate"
MOMENTS = "an expectation or a variance"
BY_ENTRIES = "a table that is given by its entries"
EXPANSION = "an expansion, up to a remainder"
# What becomes of an equation that does not hold, by what its words do with it.
ACTS: Mapping[str, str] = {
    "deny": "said to be false",
    "ask": "a question",
    "waive": "a condition that is not made",
    **dict.fromkeys(SUPPOSING, "a condition that is stated"),
}
SHAPES = frozenset({"DRV301", "DRV302"})  # what says that sides, terms or factors do not fit
NO_CLAIM = (*ACTS.values(), "a condition", LAID_OUT, ITERATE, EXPANSION)  # how reasons begin that make an equation no assertion


@dataclass(frozen=True, slots=True)
class Excuses:
    """Looks for what may justify a step, or make it no claim at all."""

    attempts: Attempts
    premises: Premises

    def excuse(self, chain: Chain, left: Syntax, right: Syntax, step: Step) -> str:
        """Return the reason not to call a step wrong; an empty text where there is none."""
        first = step.index == 1
        if chain.act in ACTS and not (chain.act == "where" and claiming(left, right)):
            return ACTS[chain.act]
        if is_zero(right) or is_zero(left):
            return "a condition, or an equation to solve"
        if moments(chain.sides[step.index - 1].latex, chain.sides[step.index].latex):
            return MOMENTS
        if first and table_of_names(left) is not None:
            return "a condition, or a definition"
        if expands(chain.sides[step.index - 1].latex, chain.sides[step.index].latex):
            return EXPANSION
        if lays_out(left, right):
            return LAID_OUT
        if first and iterates(chain.sides[0].latex, chain.sides[1].latex):
            return ITERATE
        if chain.ambiguous:
            return chain.ambiguous
        if chain.implied:
            return "said to follow from what stands before it"
        if not step.refuted and by_entries(chain.sides[step.index - 1].latex, chain.sides[step.index].latex):
            return BY_ENTRIES
        natural = [found for found, _ in step.refuted if step.natural(found.reading)]
        if step.misfits and not natural and misshapen(*step.misfits[0]):
            return ""
        if not step.refuted:
            if self.said(chain, left, right) and misshapen_throughout(step, {*letters(left), *letters(right)}):
                return ""
            misfit = f"no reading fits: {step.misfits[0][0].message()}" if step.misfits else "no reading was found"
            return step.undecided or misfit
        if any(name.endswith(")") for name in step.refuted[0][0].context.symbols):
            return "a probability is not given"
        said = chain.act == "assert"
        reason = refutable(left, right, step.refuted[0][0], step.index, len(chain.relations), said=said)
        if not reason and self._numbered(chain, left, right, step):
            return "subscripts may be indices"
        if not reason and (name := self._unfit(chain, left, right, step)):
            return f"how {name} is defined does not fit its use here"
        if not reason and not step.exhausted:
            return "it has more readings than are tried"
        if not reason and self._rests(chain, left, right):
            return "it may rest on a condition that the note states"
        if not reason and (called := self._called(chain, left, right)):
            return f"it may rest on {called}"
        return reason or ("some readings could not be decided" if step.undecided else "")

    def introduced(self, chain: Chain, left: Syntax | None, right: Syntax | None, step: Step, about: frozenset[str]) -> bool:
        """Tell whether the note states what the letters of an assumption are, and nothing excuses the step: it is wrong."""
        if left is None or right is None:
            return False
        at, names = chain.sides[0].span.start, {*letters(left), *letters(right)} & about
        stated = bool(names) and all(self.attempts.around.introduced(n, chain.section, at) for n in names)
        return stated and not self.excuse(chain, left, right, step)

    def said(self, chain: Chain, left: Syntax, right: Syntax) -> bool:
        """Tell whether an equation is claimed: by its words, by a chain of steps, or by what is written in it."""
        if chain.conditional or chain.ambiguous or chain.act in ACTS:
            return False
        return chain.act == "assert" or len(chain.relations) > 1 or claiming(left, right)

    def _numbered(self, chain: Chain, left: Syntax, right: Syntax, step: Step) -> bool:
        """Tell whether a letter with a subscript was taken as an entry because others beside it are numbered so."""
        written = [s.syntax for s in chain.sides[step.index - 1 : step.index + 1] if s.syntax is not None]
        own = {*letters(left), *letters(right)}
        given = {self.attempts.around.name(name) for side in written for name in letters(side)} - own
        return any("_" in name and name.rpartition("_")[0] in own for name in given)

    def _unfit(self, chain: Chain, left: Syntax, right: Syntax, step: Step) -> str:
        """Return a letter that is defined, while every reading in which a step fails leaves its definition out."""
        at, around = chain.sides[-1].span.start, self.attempts.around
        varied = {n.text for side in (left, right) for d in walk(side) if d.kind in MOVING for n in walk(d) if n.kind == "letter"}
        given = {n for n in {*letters(left), *letters(right)} - varied if around.defined(n, chain.section, at, before=True)}
        left_out = [given - found.known.definitions.keys() for found, _ in step.refuted]
        fewest = min((len(some) for some in left_out), default=0)
        return min(next(some for some in left_out if len(some) == fewest)) if fewest else ""

    def _called(self, chain: Chain, left: Syntax, right: Syntax) -> str:
        """Return what the note calls a letter of a step without derivatives, in a word that nothing here knows."""
        if any(has(side, "derivative", "second", "d") for side in (left, right)):
            return ""
        own = {*letters(left), *letters(right)}
        said = self.attempts.around.predicates(chain.section, chain.sides[-1].span.start)
        return next((f"{name} being {f.says}" for f in said for name in f.names if name in own), "")

    def _rests(self, chain: Chain, left: Syntax, right: Syntax) -> bool:
        """Tell whether a step may rest on what the note demands elsewhere."""
        at, around = chain.sides[-1].span.start, self.attempts.around
        values = [d.value for n in {*letters(left), *letters(right)} for d in around.defined(n, chain.section, at)]
        return self.premises.bear_on(left, right, values, chain.section)


def misshapen_throughout(step: Step, names: Set[str]) -> bool:
    """Tell whether no reading gives both sides of a step one shape, though the section says what each of its letters is."""
    if not step.misfits or any(misfit.code not in SHAPES for misfit, _ in step.misfits):
        return False
    known = step.misfits[0][1]
    return not known.unsure and names <= {*known.symbols} - known.loose
