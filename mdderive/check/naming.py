"""What the chains of a note give a name to: letters, functions of one letter, the entries of a table."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from mdderive.check.attempts import Attempts
from mdderive.check.conditions import FACTORS, times
from mdderive.latex.notation import EQUALS
from mdderive.latex.syntax import (
    Applied,
    Derivative,
    Indexed,
    Inverse,
    Letter,
    Matrix,
    Number,
    Power,
    Syntax,
    Transpose,
    Turned,
    walk,
)
from mdderive.model.diagnostics import Finding
from mdderive.model.reasons import Reason
from mdderive.reading.candidates import contradicted
from mdderive.reading.chains import Chain
from mdderive.reading.claims import definable, names_only, speaks_of_the_logistic
from mdderive.reading.defined import Defined
from mdderive.reading.dependence import steps_between
from mdderive.reading.membership import clue_words
from mdderive.reading.prose import goes_on_a_list
from mdderive.reading.shown_by_form import is_number, is_zero, letter_name, letters, renamed
from mdderive.reading.summation import by_entry
from mdderive.reading.surroundings import Surroundings
from mdderive.reading.tables import entry_name, entrywise, table_of_names

Sides = Sequence[Syntax | None]
CLOSE = 200  # characters up to which words still speak of a definition


@dataclass
class Naming:
    """Takes definitions as a note is judged; `findings` are the words that they contradict."""

    attempts: Attempts
    findings: list[Finding] = field(default_factory=list)

    @property
    def around(self) -> Surroundings:
        """Return the surroundings in which a definition is in force."""
        return self.attempts.around

    def define(self, chain: Chain, left: Syntax, right: Syntax) -> None:
        """Take an equation for a definition, if its left side is a letter or a function of one that the right side lacks."""
        at, unsure = chain.sides[0].span.start, bool(chain.ambiguous) or chain.implied  # what solves an equation, if that holds
        last = chain.sides[-1].syntax
        put_in = chain.act in ("if", "for") and last is not None and is_number(last)
        until = chain.reach.end if put_in else sys.maxsize
        name = letter_name(left)
        if not name or name in set(letters(right)) or self._of_unknown(chain, name, right):
            return
        if name in self.around.note.named and is_number(right):  # what a function comes to, at some value
            return
        if isinstance(left, Letter):
            doubtful = contradicted(self.around, right, chain.section, at)
            if doubtful is not None:
                facts = {"name": doubtful.clue.name, "said": clue_words(doubtful.clue)}
                self.findings.append(Finding("DRV412", doubtful.clue.span, facts))
                self.around.doubt(doubtful)
            if self._at_another(chain, name, right):
                return
            self.around.definitions.append(Defined(name, right, chain.section, at, unsure, until=until))
            whole = by_entry(left, right)
            if whole is not None:
                numbered = [n for n in walk(right) if isinstance(n, Indexed)]
                samples = not any(len(n.places) > 1 for n in numbered)  # perhaps, not entries
                vectors = {letter for n in numbered for letter in letters(n.args[0])}
                samples = samples and not all(self.around.introduced(n, chain.section, at) for n in vectors)
                self.around.definitions.append(Defined(*whole, chain.section, at, unsure or samples))
            return
        match left:
            case Applied((Letter(name=parameter),), primes=0):
                self.around.definitions.append(Defined(name, right, chain.section, at, unsure, parameter))

    def _at_another(self, chain: Chain, name: str, right: Syntax) -> bool:
        """Tell whether a function is said to have at another argument the value that defines it, `f(y)` behind `f(x)`."""
        at = chain.sides[0].span.start
        earlier = [d for d in self.around.defined(name, chain.section, at, before=True) if d.section == chain.section][-1:]
        there, here = (self.around.dependences.at(name, place) for place in (earlier[-1].at if earlier else at, at))
        other = dict(zip(there, here, strict=False)) if there != here else {}
        return bool(other) and renamed(earlier[-1].value, lambda n: other.get(n, n)) == right

    def _of_unknown(self, chain: Chain, name: str, right: Syntax) -> bool:
        """Tell whether a name is the value of a function of which nothing is known, `y = f(u)`: that is what f names then."""
        at, function = chain.sides[0].span.start, letter_name(right)
        said = self.around.dependences.says(name, function, at)
        given = [*self.around.defined(function, chain.section, at), self.around.body(function, chain.section, at)]
        return said and not any(d is not None and d.section == chain.section[: len(d.section)] for d in given)

    def unread(self, chain: Chain, sides: Sides, k: int) -> None:
        """Leave what a relation names without a definition, where its other side was not read."""
        left = sides[k - 1]
        table = table_of_names(left) if left is not None else None
        for name in table.args if table is not None else ():
            self.around.forget(entry_name(name))
        if k == 1 and left is not None and definable(left):
            self.around.forget(letter_name(left))
            self.define_last(chain, sides)

    def define_last(self, chain: Chain, sides: Sides) -> None:
        """Define the name that a chain begins with by the side it ends with, where those between were not read."""
        first, last = sides[0], sides[-1]
        if len(sides) < 3 or first is None or last is None or is_zero(last) or chain.conditional:
            return
        if all(relation in EQUALS for relation in chain.relations):
            self.define(chain, first, last)

    def define_named(self, chain: Chain, sides: Sides) -> None:
        """Define the letter that a chain gives to a derivative which its words name."""
        if chain.named is not None and sides[1] is not None:
            self.define(chain, chain.named, sides[1])

    def undefined(self, chain: Chain, names: frozenset[str]) -> bool:
        """Tell whether the note does not define some of these letters before a chain."""
        at = chain.sides[-1].span.start
        return any(not self.around.defined(name, chain.section, at, before=True) for name in names)

    def tabulates(self, chain: Chain, before: Sides, right: Syntax) -> bool:
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

    def claims_again(self, chain: Chain, left: Syntax, right: Syntax) -> bool:
        """Tell whether a name is said to equal what it is defined as, or what it stands in itself, and does."""
        at = chain.sides[-1].span.start
        if isinstance(left, Applied) and left.primes:
            given = self.around.body(left.name, chain.section, at) is not None
            given = given or (left.name == r"\sigma" and speaks_of_the_logistic(self.around.note.words))
            return given or self._holds(chain, left, right)
        if not isinstance(left, Letter):
            return False
        if left.name in set(letters(right)):  # a claim where its words or its form say so or it holds, else the next iterate
            if chain.act == "assert" and _beyond_an_update(left, right):
                return True
            return left != right and not isinstance(right, Transpose | Matrix) and self._holds(chain, left, right)
        earlier = self.around.defined(left.name, chain.section, at, before=True)
        if not earlier:
            return False
        several = any(side.lower is not None for side in chain.sides)  # x = \pm 1
        if several or (isinstance(right, Letter) and right.name in self.around.note.named):
            return False  # of other arguments, perhaps: they are left out
        if earlier[-1].value != right:
            recursion = any(steps_between(n, left.name) is not None for n in letters(right))
            if not self._holds(chain, left, right):
                derived = recursion and chain.act in ("", "assert") and isinstance(earlier[-1].value, Derivative)
                return derived or self._contradicts(chain, earlier[-1], right)
            if not recursion:  # which says less than the definition
                self.define(chain, left, right)
        return not isinstance(right, Number)  # i = 1, once more

    def _contradicts(self, chain: Chain, earlier: Defined, right: Syntax) -> bool:
        """Tell whether words draw a value of a letter, right behind its definition, from the same letters: no new definition.

        A factor that is a number may have been dropped, another letter be what it is in another case, and a list give several,
        as numbers without letters and values with a range for one of their letters do.
        """
        at = chain.sides[-1].span.start
        near = earlier.section == chain.section and at - earlier.at <= CLOSE
        if chain.act != "assert" or earlier.unsure or not near or goes_on_a_list(chain.words) or isinstance(right, Letter):
            return False
        rests = [self.around.resting_on([*letters(value)], chain.section, at) for value in (earlier.value, right)]
        ranges = (c.sides[0].syntax for c in self.around.note.chains if c.formula == chain.formula and r"\in" in c.relations)
        if not any(rests) or any(letter_name(over) in rests[1] for over in ranges if over is not None):
            return False
        pairs = [(earlier.value, right), (right, earlier.value)]
        scaled = ((one, times(factor, other)) for factor in FACTORS[1:] for one, other in pairs)
        return rests[0] == rests[1] and not any(self.attempts.holds(pair, chain.section, at) for pair in scaled)

    def said(self, chain: Chain, left: Syntax) -> Reason:
        """Return why an equation that gives a name is not judged: the words may draw it from what the name meant before."""
        name = left.spelled if isinstance(left, Applied) else letter_name(left)
        if chain.implied:
            return Reason("implied")
        again = chain.act == "assert" and self.around.defined(name, chain.section, chain.sides[0].span.start, before=True)
        return Reason("redefinition" if again else "defines", {"name": name})

    def _holds(self, chain: Chain, left: Syntax, right: Syntax) -> bool:
        return self.attempts.holds([left, right], chain.section, chain.sides[-1].span.start)


def _beyond_an_update(left: Letter, right: Syntax) -> bool:
    """Tell whether a right side has the letter on the left transposed, inverted or to a power: that says what the letter is."""
    return any(isinstance(n, Turned | Inverse | Power) and n.args[0] == left for n in walk(right))
