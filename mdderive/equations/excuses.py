"""Why an equation of a note that no reading shows to hold is still not called wrong."""

from dataclasses import dataclass

from mdderive.equations.attempts import Attempts, Step
from mdderive.latex.syntax import Syntax
from mdderive.notes.chains import Chain
from mdderive.notes.claims import conditional, denied, misshapen, needs_repair, refutable, states, table_of_names
from mdderive.notes.forms import is_zero, letters
from mdderive.notes.premises import Premises
from mdderive.verify.hints import explain


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
        if first and table_of_names(left):
            return "a condition, or a definition"
        if chain.ambiguous:
            return chain.ambiguous
        if conditional(chain.words) or chain.implied or denied(chain.after):
            stated = first and not chain.implied and not denied(chain.after) and states(chain.words)
            return "a condition that is stated" if stated else "stands under a condition"
        natural = [found for found, _ in step.refuted if step.natural(found.reading)]
        if step.misfits and not natural and misshapen(*step.misfits[0]):
            return ""
        if not step.refuted:
            misfit = f"no reading fits: {step.misfits[0][0].message()}" if step.misfits else "no reading was found"
            return step.undecided or misfit
        if any(name.endswith(")") for name in step.refuted[0][0].context.symbols):
            return "a probability is not given"
        reason = refutable(left, right, step.refuted[0][0], step.index, len(chain.relations))
        if not reason and not step.exhausted:
            return "it has more readings than are tried"
        if not reason and needs_repair(left, right) and not self._repairs(step):
            return "it may rest on a condition that is not said"
        if not reason and self._rests(chain, left, right):
            return "it may rest on a condition that the note states"
        return reason or ("some readings could not be decided" if step.undecided else "")

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
