"""What the words before a formula call it: the gradient, the Hessian or the Jacobian of a function, by a letter.

The words are read back from the formula as far as all of them belong to such a phrase: the noun, what it is of and by, a verb.
Another word right before the noun makes it something else: a negative gradient, the norm of one. What words call a formula
they claim of it: the function that they name, or the one that their section defined last, has that derivative.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from mdderive.latex.letters import numbering
from mdderive.latex.notation import EQUALS, RESERVED
from mdderive.latex.occurrences import occurrences_of
from mdderive.latex.syntax import Applied, Ask, Derivative, Differential, Letter, Product, SecondDerivative, Syntax, has
from mdderive.model.reasons import Reason
from mdderive.reading.chains import Chain
from mdderive.reading.collecting import MARK
from mdderive.reading.lexicon import LANGUAGES, any_of, pattern
from mdderive.reading.shown_by_form import is_zero, letters
from mdderive.reading.sides import ChainSide

# Letters that people give to functions, where a definition does not write the arguments out.
_USUAL = re.compile(r"[fghFJLEQ]|\\ell|\\(?:mathcal|mathscr)\s*\{?[A-Z]\}?")
_LATEX: Mapping[str, str] = {"gradient": r"\nabla", "hessian": r"\nabla^2", "jacobian": r"\partial"}
Noun = Literal["gradient", "hessian", "jacobian"]
_KINDS = {
    "gradient": ("gradient", "differentiating"),
    "hessian": ("hessian",),
    "jacobian": ("jacobian",),
    "by_behind": ("by-letter-behind",),
    "by": ("by-letter",),
    "of_behind": ("of-function-behind",),
    "of": ("of-function",),
    "function": ("objective", "variable"),
    "be": ("be", "has-value", "then", "claim", "verb"),
    "beside": ("determiner", "and", "where", "article", "this"),
}


@dataclass(frozen=True, slots=True)
class Called:
    """A noun, and how many formulas before the one it names those of the function and of the letter stand; 0 for none."""

    noun: Noun
    of: int = 0
    by: int = 0

    def derivative(self, of: Syntax, by: Syntax | None) -> Syntax:
        """Return the derivative of a function by a letter, or by the one that it is of."""
        args = (of, by or Ask(of.span))
        match self.noun:
            case "gradient":
                return Derivative(args, of.span)
            case "hessian":
                return SecondDerivative(args, of.span)
            case "jacobian":
                return Derivative(args, of.span, how="transposed")


def with_what_words_call(chains: Iterable[Chain]) -> Iterator[Chain]:
    """Yield the chains of a note, each that words call a derivative as an equation with that derivative."""
    before: dict[int, Chain] = {}  # the first statement of each formula, by its number
    for chain in chains:
        found = (_claimed(chain, before) if chain.formula not in before else None) or chain
        before.setdefault(chain.formula, found)
        yield found


def _claimed(chain: Chain, before: Mapping[int, Chain]) -> Chain | None:
    """Return a chain with the derivative that its words speak of as its first side; None where they speak of none."""
    said = called(chain.words) if not chain.conditional and not chain.skipped else None
    if said is None or not (chain.relations or _ends(chain.after)):
        return None
    of, unsure = _function(chain, said, before)
    by = before.get(chain.formula - said.by) if said.by else None
    letter = by.sides[0].syntax if by is not None and not by.relations else None
    name = _name(of.sides[0], said.noun) if of is not None else None
    if of is None or name is None or (said.by and not isinstance(letter, Letter)) or not _speaks(chain, of):
        return None
    ambiguous = chain.ambiguous or (Reason("doubtful-definition") if unsure else None)
    first, reach = chain.sides[0], replace(chain.reach, granted=False)
    claimed = replace(chain, act="assert", ambiguous=ambiguous, reach=reach)
    derivative = said.derivative(name, letter or _only_letter(of))
    if chain.relations:
        return replace(claimed, sides=(replace(first, syntax=derivative), *chain.sides[1:]), named=first.syntax)
    latex = of.sides[0].latex if isinstance(of.sides[0].syntax, Letter) else f"({of.sides[0].latex})"
    side = ChainSide(f"{_LATEX[said.noun]} {latex}", first.span, derivative)
    return replace(claimed, sides=(side, *chain.sides), relations=("=",))


def _ends(after: str) -> bool:
    """Tell whether words behind a formula do not go on with it, as "times the norm of" does."""
    return after.strip() == "" or _ending().match(after.lstrip()) is not None


@cache
def _ending() -> re.Pattern[str]:
    words = any_of(LANGUAGES, "and", "where", "for", "if", "since", "but", "then", "this", "be", "particle")
    return re.compile(rf"\W|{words}", re.IGNORECASE)


def _speaks(chain: Chain, of: Chain) -> bool:
    """Tell whether a chain is a formula alone, or gives it a name, that may be a derivative of what another one says."""
    value = chain.sides[min(1, len(chain.sides) - 1)].syntax
    if value is None or is_zero(value) or isinstance(value, Derivative | SecondDerivative) or has(value, Differential):
        return False
    if isinstance(value, Product) and any(gap.sign == "cross" for gap in value.gaps):
        return False  # its size
    if chain.relations:
        return isinstance(chain.sides[0].syntax, Letter) and chain.relations[0] in EQUALS
    known = {name for side in of.sides[-1:] if side.syntax is not None for name in letters(side.syntax)}
    return not known.isdisjoint(letters(value))


def _function(chain: Chain, said: Called, before: Mapping[int, Chain]) -> tuple[Chain | None, bool]:
    """Return the statement about the function that is meant, and whether another one may be."""
    known = [c for c in before.values() if _defines(c, said.noun)]
    if said.of:
        found = before.get(chain.formula - said.of)
        if found is not None and not found.relations and isinstance(found.sides[0].syntax, Letter):  # the gradient of f
            named = [c for c in known if c.sides[0].syntax == found.sides[0].syntax]
            return (named[-1] if named else None), False
        return (found if found is not None and (not found.relations or _defines(found, said.noun)) else None), False
    near = [c for c in known if c.section == chain.section]
    return (near[-1] if near else None), len({c.sides[0].latex for c in near}) > 1


def _defines(chain: Chain, noun: Noun) -> bool:
    """Tell whether a chain says what a function is."""
    first = chain.sides[0]
    if (chain.conditional and chain.act != "suppose") or not chain.relations or chain.relations[0] not in EQUALS:
        return False
    usual = noun == "jacobian" or "(" in first.latex or _USUAL.fullmatch(first.latex) is not None
    return usual and chain.named is None and isinstance(_name(first, noun), Letter | Applied)


def _only_letter(of: Chain) -> Syntax | None:
    """Return the letter that an optimum is over, that a function is applied to, or a column is made of, where it is one alone."""
    first, last = of.sides[0].syntax, of.sides[-1].syntax
    over = occurrences_of(of.sides[-1].optimum.partition("_")[2]).letters
    if len(over) == 1 and first is not None:  # \min_w
        return Letter(first.span, over[0].name)
    if isinstance(first, Applied) and isinstance(first.args[0], Letter):
        return first.args[0]
    if not isinstance(first, Letter) or last is None or not numbering(first.name)[0]:
        return None
    names = {*letters(last)} - RESERVED
    return Letter(first.span, names.pop()) if len(names) == 1 else None


def _name(side: ChainSide, noun: Noun) -> Syntax | None:
    """Return what is differentiated: a formula, or a letter, of which a Jacobian may know the entries alone."""
    match side.syntax:
        case Letter(name=name) as entry if noun == "jacobian" and numbering(name)[0]:
            return replace(entry, name=numbering(name)[0])
    return side.syntax


def called(words: str) -> Called | None:
    """Return what the words right before a formula call it, if they do."""
    if not pattern("gradient", "differentiating", "hessian", "jacobian").search(words):
        return None
    phrase: list[str] = []
    for kind in reversed(_without_names([*_kinds(words)])):
        if kind in ("mark", "other"):
            return _phrase(phrase[::-1], begins=kind == "mark")
        phrase.append(kind)
    return _phrase(phrase[::-1], begins=True)


def _phrase(phrase: Sequence[str], *, begins: bool) -> Called | None:
    """Return what a phrase calls the formula behind it; `begins` tells that no other word stands right before it."""
    nouns = [i for i, kind in enumerate(phrase) if kind in _LATEX]
    if len(nouns) > 1:  # the gradient is ... and the Hessian is
        last = max((i for i in range(*nouns[-2:]) if phrase[i] == "formula"), default=len(phrase))
        return _phrase(phrase[last + 1 :], begins=True)
    if not nouns or phrase[-1] in ("of", "by", "function") or (not begins and phrase[0] in ("of", "by", *_LATEX)):
        return None
    if phrase[nouns[0] - 1 : nouns[0]] == ["formula"]:
        return None  # nothing joins them
    found = {"of": 0, "by": 0}
    behind = phrase[max(i for i, kind in enumerate(phrase) if kind == "formula" or i == nouns[0]) + 1 :]
    if behind and not {"be", "by_behind", "of_behind"} & {*behind}:
        return None  # the gradients of f and g
    places = [i for i, kind in enumerate(phrase) if kind == "formula"]
    for back, i in enumerate(reversed(places), 1):
        role = "by" if "by" in phrase[max(0, i - 1) : i] or "by_behind" in phrase[i + 1 : i + 2] else "of"
        if found[role]:
            return None
        found[role] = back
    noun: Noun = phrase[nouns[0]]  # type: ignore[assignment]
    return Called(noun, **found)


def _without_names(kinds: Sequence[str]) -> list[str]:
    """Return the kinds of words without those between "of" and a formula that say what it is called: of the sigmoid $f$."""
    out: list[str] = []
    for kind in kinds:
        if kind == "formula":
            names = next((i for i, before in enumerate(reversed(out)) if before not in ("other", "be", "beside")), len(out))
            out = out[: len(out) - names] if out[-names - 1 : len(out) - names] == ["of"] else out
        out.append(kind)
    return out


def _kinds(words: str) -> Iterator[str]:
    """Yield the kinds of the words and marks; a colon that ends them stands for a verb."""
    for found in _pattern().finditer(words.rstrip().removesuffix(":").removesuffix("：")):
        yield found.lastgroup or "other"


@cache
def _pattern() -> re.Pattern[str]:
    known = "".join(f"(?P<{kind}>{any_of(LANGUAGES, *meanings)})|" for kind, meanings in _KINDS.items())
    sentence = rf"(?P<mark>[.,;:!?。，；：？！|]|{MARK}\s*\n(?=(?-i:[A-Z]))|\n[ \t>]*(?:\n|[-*+] |\d+[.)]))"
    return re.compile(rf"{known}{sentence}|(?P<formula>{MARK})|(?P<other>[^\W\d_]|\d)", re.IGNORECASE)
