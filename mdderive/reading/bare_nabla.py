r"""The letter that `\nabla` without a subscript differentiates by: the one of its formula that the note lets vary."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from mdderive.latex.letters import base_letter
from mdderive.latex.syntax import Ask, Derivative, Letter, SecondDerivative, Syntax, rewritten
from mdderive.reading.shown_by_form import letters

# Letters that people let vary, where nothing else is said; those of one group do not stand beside each other by chance.
_USUAL = ("xX", "wW", r"\theta\Theta\beta")


def with_its_letter(side: Syntax, made_of: Callable[[str], Iterable[str]], moved: Sequence[Collection[str]]) -> Syntax:
    r"""Return a side in which every `\nabla` of a formula that has one likely letter to differentiate by is that by the letter.

    `made_of` gives the letters that a name stands for; `moved` are groups of letters that the note differentiates by, the
    nearest first. Where there is one group alone, nothing else is likely.
    """

    def change(node: Syntax) -> Syntax:
        match node:
            case Derivative((of, Ask() as asked)) | SecondDerivative((of, Ask() as asked)):
                inner = {name: {*made_of(name)} for name in letters(of)}
                own = set().union(*(some or {name} for name, some in inner.items() if some or not isinstance(of, Letter)))
                by = _only(own, moved)
                return replace(node, args=(of, Letter(asked.span, by))) if by else node
        return node

    return rewritten(side, change)


def _only(own: Collection[str], moved: Sequence[Collection[str]]) -> str:
    """Return the letter of some that the first group with any of them has alone; an empty text where there is no such letter."""
    usual = [[n for n in own if base_letter(n) in group and n] for group in _USUAL] if len(moved) > 1 else []
    for found in (*([n for n in own if n in group] for group in moved), *usual):
        if found:
            return found[0] if len(found) == 1 else ""
    return ""
