"""What derivatives of a section have been shown to be: two values of one derivative do not both hold, each in its own reading.

One that holds in another layout than is usual counts as well: what stands below it in the usual one is in a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mdderive.check.assumptions import assumed
from mdderive.check.attempts import Attempts, ChainStep
from mdderive.document.blocks import Section
from mdderive.latex.syntax import MOVING, Syntax, has
from mdderive.model.reasons import Reason
from mdderive.reading.chains import Chain
from mdderive.reading.readings import Read
from mdderive.reading.shown_by_form import letters


@dataclass(frozen=True, slots=True)
class DerivativeValue:
    """A value that a derivative has in a reading."""

    section: Section
    of: Syntax
    value: Syntax
    found: Read


@dataclass(slots=True)
class Values:
    """The values that were shown, in the order of the text."""

    attempts: Attempts
    shown: list[DerivativeValue] = field(default_factory=list)

    def weigh(self, chain: Chain, sides: Sequence[Syntax | None], step: ChainStep) -> None:
        """Make a step far-fetched that gives a derivative another value, in another reading, than one before it."""
        of, value, found = sides[step.index - 1], sides[step.index], step.held
        if chain.act == "deny" or of is None or value is None or found is None or not has(of, *MOVING):
            return
        if step.outcome == "far" and not found.reading.turned:
            return
        for other in self.shown if step.outcome == "holds" else ():
            if other.section != chain.section or other.of != of or not _apart(other.found, found, of):
                continue
            if not self.attempts.holds((other.value, value), chain.section, chain.sides[-1].span.start):
                laid_out = replace(found.reading, turned=found.reading.layout != other.found.reading.layout)
                step.outcome = "far"
                taken = assumed(replace(found, reading=laid_out), (), other.found.reading)
                step.reason = Reason("holds-only-if", {"assumed": taken})
                return
        self.shown.append(DerivativeValue(chain.section, of, value, found))


def _apart(first: Read, second: Read, of: Syntax) -> bool:
    """Tell whether two readings take the same words and the same formula for different things."""
    a, b = first.reading, second.reading
    own = {*letters(of)}
    if first.known.layout != second.known.layout or any(
        first.known.definitions.get(n) != second.known.definitions.get(n)
        or first.known.symbols.get(n) != second.known.symbols.get(n)
        for n in own
    ):
        return False
    return (a.layout, a.functions) != (b.layout, b.functions) or any(a.kinds.get(n) != b.kinds.get(n) for n in own)
