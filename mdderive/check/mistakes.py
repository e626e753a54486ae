"""Slips of the pen in the chains of a note: a step that fails as it stands, and holds as it was meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mdderive.check.attempts import Attempts
from mdderive.latex.syntax import Differential, Letter, OverIndex, Syntax, has, rewritten, walk
from mdderive.model.diagnostics import Hint
from mdderive.reading.chains import Chain
from mdderive.reading.shown_by_form import is_zero, letters, renamed
from mdderive.reading.slips import MISSING, SLIPS, lacks_d, recased
from mdderive.reading.summation import misindexed


@dataclass
class Mistakes:
    """Finds slips; a product of logarithms that was found once is known where it is repeated."""

    attempts: Attempts
    swaps: list[tuple[Syntax, int]] = field(default_factory=list)  # the product, and the line of the first

    def swapped(self, chain: Chain, sides: Sequence[Syntax | None], lines: Sequence[int]) -> dict[int, int]:
        """Return the sides that are a product of logarithms where the logarithm of the product fits a neighbour.

        The value is the line of the same slip before; 0 for the first.
        """
        out: dict[int, int] = {}
        for i, side in enumerate(chain.sides):
            if i == 0 or side.meant is None or chain.conditional:
                continue
            meant = renamed(side.meant, self.attempts.around.name)
            slip = next(n for n in walk(meant) if isinstance(n, OverIndex))
            earlier = next((line for known, line in self.swaps if known == slip), 0)
            pairs = [[sides[i - 1], meant], *([[meant, sides[i + 1]]] if i + 1 < len(sides) else [])]
            if earlier:
                out[i] = earlier
            elif any(a is not None and b is not None and self._would_hold(chain, [a, b]) for a, b in pairs):
                out[i] = 0
                self.swaps.append((slip, lines[i]))
        return out

    def slip(self, chain: Chain, sides: Sequence[Syntax | None], k: int, excused: bool) -> Hint | None:
        """Return the slip that makes a step fail: a differential left out, a letter in the wrong case, a loose index."""
        left, right = sides[k - 1], sides[k]
        if left is None or right is None or chain.conditional or chain.ambiguous:
            return None
        if is_zero(right):
            return MISSING if lacks_d(sides, k) else None
        if excused and self._states_value(chain, left, right):
            return MISSING
        loose = misindexed(right, left) or misindexed(left, right)
        if loose:
            return Hint("edit", {"en": f"nothing binds the index {loose}", "zh": f"指标 {loose} 没有被约束"})
        for slip, hint in SLIPS:
            pair = [rewritten(left, slip), rewritten(right, slip)]
            if pair != [left, right] and self._would_hold(chain, pair):
                return hint
        return self._case(chain, left, right, k, excused) or (MISSING if lacks_d(sides, k) else None)

    def _case(self, chain: Chain, left: Syntax, right: Syntax, k: int, excused: bool) -> Hint | None:
        if any(side.stacked for side in chain.sides[k - 1 : k + 1]):  # a letter, and the small ones that are its entries
            return None
        names = {*letters(left), *letters(right)} & chain.written(k)
        for name in sorted(n for n in names if n.swapcase() in names and not (excused and self._two_letters(chain, n))):
            for pair in ([left, recased(right, name)], [recased(left, name), right]):
                if pair != [left, right] and self._would_hold(chain, pair):
                    other = name.swapcase()
                    words = {"en": f"it holds with {other} in place of {name}", "zh": f"把 {name} 换成 {other} 则成立"}
                    return Hint("lookalike", words)
        return None

    def _two_letters(self, chain: Chain, name: str) -> bool:
        """Tell whether another formula of the note writes a letter beside that of the other case, neither as an entry of one."""
        both = [re.compile(rf"(?<![A-Za-z\\]){re.escape(n)}(?![A-Za-z]|\s*\}}?\s*_)") for n in (name, name.swapcase())]
        others = (" ".join(side.latex for side in c.sides) for c in self.attempts.around.note.chains if c is not chain)
        return any(all(letter.search(text) for letter in both) for text in others)

    def _states_value(self, chain: Chain, left: Syntax, right: Syntax) -> bool:
        """Tell whether `df = …` states the value of f itself."""
        match left:
            case Differential((Letter(name=name) as letter,)) if not has(right, Differential):
                known = self.attempts.around.defined(name, chain.section, chain.sides[0].span.start)
                return bool(known) and self._would_hold(chain, [letter, right])
        return False

    def _would_hold(self, chain: Chain, pair: Sequence[Syntax]) -> bool:
        return self.attempts.holds(pair, chain.section, chain.sides[-1].span.start)
