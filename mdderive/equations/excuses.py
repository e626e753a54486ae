"""Why an equation of a note that no reading shows to hold is still not called wrong."""

from dataclasses import dataclass

from mdderive.equations.attempts import Attempts, Step
from mdderive.latex.syntax import Syntax
from mdderive.notes.chains import Chain
from mdderive.notes.claims import (
    claiming,
    conditional,
    denied,
    expands,
    iterates,
    misshapen,
    moments,
    needs_repair,
    refutable,
    states,
)
from mdderive.notes.forms import is_zero, letters
from mdderive.notes.premises import Premises
from mdderive.notes.tables import lays_out, table_of_names
from mdderive.verify.hints import explain

LAID_OUT = "says in which order the entries of a derivative are laid out"
ITERATE = "defines the next iterate"
MOMENTS = "an expectation or a variance"
EXPANSION = "an expansion, up to a remainder"
NO_CLAIM = ("a condition", LAID_OUT, ITERATE, EXPANSION)  # how reasons begin that make an equation no assertion


@dataclass(frozen=True, slots=True)
class Excuses:
    """Looks for what may justify a step, or make it no claim at all."""

    attempts: Attempts
    premises: Premises

    def excuse(self, chain: Chain, left: Syntax, right: Syntax, step: Step) -> str:
        """Return the reason not to call a step wrong; an empty text where there is none."""
        first = step.index == 1
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
        if conditional(chain.words) or chain.implied or denied(chain.after, inline=chain.inline):
            stated = first and not chain.implied and not denied(chain.after, inline=chain.inline)
            if stated and states(chain.words):
                return "a condition that is stated"
            demanded = stated and step.refuted and len(chain.relations) == 1 and not claiming(left, right)
            return "a condition, or a property that is assumed" if demanded else "stands under a condition"
        natural = [found for found, _ in step.refuted if step.natural(found.reading)]
        if step.misfits and not natural and misshapen(*step.misfits[0]):
            return ""
        if not step.refuted:
            misfit = f"no reading fits: {step.misfits[0][0].message()}" if step.misfits else "no reading was found"
            return step.undecided or misfit
        if any(name.endswith(")") for name in step.refuted[0][0].context.symbols):
            return "a probability is not given"
        reason = refutable(left, right, step.refuted[0][0], step.index, len(chain.relations))
        if not reason and self._numbered(chain, left, right, step):
            return "subscripts may be indices"
        if not reason and not step.exhausted:
            return "it has more readings than are tried"
        if not reason and needs_repair(left, right) and not self._repairs(step):
            return "it may rest on a condition that is not said"
        if not reason and self._rests(chain, left, right):
            return "it may rest on a condition that the note states"
        return reason or ("some readings could not be decided" if step.undecided else "")

    def _numbered(self, chain: Chain, left: Syntax, right: Syntax, step: Step) -> bool:
        """Tell whether a letter with a subscript was taken as an entry because others beside it are numbered so."""
        written = [s.syntax for s in chain.sides[step.index - 1 : step.index + 1] if s.syntax is not None]
        own = {*letters(left), *letters(right)}
        given = {self.attempts.around.name(name) for side in written for name in letters(side)} - own
        return any("_" in name and name.rpartition("_")[0] in own for name in given)

    def _rests(self, chain: Chain, left: Syntax, right: Syntax) -> bool:
        """Tell whether a step may rest on what the note demands elsewhere."""
        at, around = chain.sides[-1].span.start, self.attempts.around
        values = [d.value for n in {*letters(left), *letters(right)} for d in around.defined(n, chain.section, at)]
        return self.premises.bear_on(left, right, values, chain.section)

    def _repairs(self, step: Step) -> bool:
        """Tell whether some small change of the right side makes a step hold."""
        found = step.refuted[0][0]
        left, right = found.pair(step.index)
        hints = explain(left, right, found.context, varying=found.varying, seed=self.attempts.seed)
        return any(hint.latex for hint in hints)
