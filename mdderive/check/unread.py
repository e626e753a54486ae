"""Relations of a note with a side that was not read: what is said of them, and what can be judged all the same."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mdderive.check.attempts import Attempts, ChainStep
from mdderive.check.excuses import Excuses
from mdderive.latex.ellipses import writes_out
from mdderive.latex.letters import Names
from mdderive.latex.notation import EQUALS, PICTURE
from mdderive.latex.parse import parse
from mdderive.latex.syntax import Syntax
from mdderive.model.reasons import Reason
from mdderive.reading.chains import Chain
from mdderive.reading.claims import names_only, primed, probable
from mdderive.reading.known import Grounds
from mdderive.reading.obstacles import obstacle
from mdderive.reading.purposes import defines_unread
from mdderive.reading.shown_by_form import is_zero, letters, renamed
from mdderive.reading.sides import ChainSide

TOO_LARGE = "DRV215"
UNKNOWN_WORD = "DRV208"
BEYOND = 8  # readings tried where what stands between was not read
_PARTING = frozenset({"list", "semicolon", "inequality", "by-cases", "brackets", "too-long"})
_WORD = re.compile(r"\\(?:text|textrm|textit|mathrm|operatorname)\s*\{\s*(?P<word>[^\W\d_]{3,})\s*\}")


def written_out(chain: Chain, k: int) -> Reason | None:
    """Return what a relation explains that lists the entries of its other side; None where it may assert something."""
    left, right = chain.sides[k - 1], chain.sides[k]
    return writes_out(left.latex, right.latex) if left.stacked or right.stacked else None


def said_of(chain: Chain, sides: Sequence[Syntax | None], k: int) -> Reason:
    """Return why a relation one side of which was not read is not judged."""
    side = chain.sides[k - 1 if sides[k - 1] is None else k]
    met = obstacle(side.latex, side.refusal) if side.refusal else Reason("undecided")
    pair = (chain.sides[k - 1].latex, chain.sides[k].latex)
    defines = k == 1 and PICTURE not in pair[0] and defines_unread(*pair)
    return writes_out(*pair) or (Reason("definition-unread", {"obstacle": met}) if defines else met)


def broken(side: ChainSide) -> Reason | None:
    """Return what is wrong with a formula in which an equals sign stands that cannot be seen; None where nothing is."""
    if side.refusal is None or not any(sign in side.latex for sign in EQUALS):
        return None
    uneven = any(side.latex.count(opened) != side.latex.count(closed) for opened, closed in ("()", "{}"))
    laid_out = r"\begin{" in side.latex or side.refusal.code == TOO_LARGE
    return obstacle(side.latex, side.refusal) if uneven or laid_out else None


@dataclass(frozen=True, slots=True)
class Ends:
    """Two sides between which others were not read, as a chain of their own, and what became of it."""

    chain: Chain
    step: ChainStep


def ends_of(excuses: Excuses, chain: Chain, sides: Sequence[Syntax | None], k: int) -> Ends | None:
    """Return side k and the nearest that was read, where none between was: they are equal, or differ and nothing excuses it."""
    j = _nearest(chain, sides, k)
    left, right = sides[max(j, 0)], sides[k]
    if j < 0 or left is None or right is None:
        return None
    ends = replace(chain, sides=(chain.sides[j], chain.sides[k]), relations=("=",))
    attempts, at = excuses.attempts, chain.sides[k].span.start
    step = attempts.steps([left, right], [1], Grounds(chain.section, at, BEYOND))[1]
    if step.outcome == "holds":
        return Ends(ends, step)
    if not step.refuted or _parted(chain, j, k) or chain.conditional or chain.implied:
        return None
    step = attempts.tried(ends, [left, right], [1])[1]
    excused = (
        not step.settled
        or _introduced(attempts, ends, left, right)
        or excuses.excuse(ends, left, right, step)
        or excuses.conditions.said_of(left, right, chain.section, at)
        or attempts.assumption((left, right), 1, chain.section, at, [read for read, _ in step.refuted])
    )
    return None if excused else Ends(ends, step)


def _introduced(attempts: Attempts, ends: Chain, left: Syntax, right: Syntax) -> bool:
    """Tell whether each of two sides speaks of something that no definition gives and the other does not: what is between may."""
    apart, at = ({*letters(left)} - {*letters(right)}, {*letters(right)} - {*letters(left)}), ends.sides[1].span.start
    return all(any(not attempts.around.defined(name, ends.section, at) for name in some) for some in apart)


def _nearest(chain: Chain, sides: Sequence[Syntax | None], k: int) -> int:
    """Return the nearest side before k that was read, where none between was and both may be compared; -1 for none."""
    right = sides[k]
    j = k - 1
    while j >= 0 and sides[j] is None and chain.relations[j] in EQUALS:
        j -= 1
    left = sides[j] if 0 <= j < k - 1 and chain.relations[j] in EQUALS else None
    if left is None or right is None or names_only([left]) or probable(left) or left == right:
        return -1
    return -1 if is_zero(left) or is_zero(right) or primed(left, right) else j


def _parted(chain: Chain, j: int, k: int) -> bool:
    """Tell whether what was not read between two sides may be more than a side: a list, words, several statements."""
    between = [(s.latex, s.refusal) for s in chain.sides[j + 1 : k] if s.refusal is not None]
    told = any(refusal.code == UNKNOWN_WORD or obstacle(latex, refusal).code in _PARTING for latex, refusal in between)
    return told or any(mark in latex for latex, _ in between for mark in (",", ";", r"\quad", r"\qquad"))


@dataclass(frozen=True, slots=True)
class Meant:
    """The sides of an equation with a letter in the place of a word, and the assumption that this is."""

    sides: tuple[Syntax, Syntax]
    assumed: Reason


def put_in(unread: ChainSide, other: ChainSide) -> Meant | None:
    """Return two sides with the only letter of one in the place of the word that keeps the other from being read.

    None where there is no such word or letter, or where the two sides would then be the same.
    """
    if unread.syntax is not None or other.syntax is None or unread.refusal is None or unread.refusal.code != UNKNOWN_WORD:
        return None
    word = unread.refusal.facts["word"]
    places = {found[0] for found in _WORD.finditer(unread.latex) if found["word"] == word}
    names = set(letters(other.syntax))
    if len(places) != 1 or len(names) != 1:
        return None
    name = names.pop()
    latex = unread.latex.replace(places.pop(), f" {name} ")
    side = parse(latex, 0, len(latex), Names())
    if not isinstance(side, Syntax) or side == other.syntax:
        return None
    pair = (other.syntax, replace(side, span=unread.span))
    return Meant(pair, Reason("word-for-letter", {"word": word, "name": name}))


def word_taken(attempts: Attempts, chain: Chain, k: int) -> Reason | None:
    """Return what is assumed where a step holds with a letter in the place of the word that it seems to stand for."""
    left, right = chain.sides[k - 1], chain.sides[k]
    found = put_in(*((left, right) if left.syntax is None else (right, left)))
    if found is None:
        return None
    pair = [renamed(s, attempts.around.name) for s in found.sides]
    holds = attempts.holds(pair, chain.section, right.span.start)
    return Reason("holds-if", {"assumed": found.assumed}) if holds else None
