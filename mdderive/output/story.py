"""A block's result as a story: the pieces every output writes, in order, with all words chosen.

An equation that could not be decided is told in the author's own words and marked so; nothing derived is shown for it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from mdderive.model.diagnostics import Language
from mdderive.model.results import BlockResult, Claim, Derivation, Step, Verdict
from mdderive.model.source import STEERING
from mdderive.output.words import how_verified, word


@dataclass(frozen=True, slots=True)
class Math:
    """A formula inside a sentence."""

    latex: str


Words = tuple[str | Math, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """The title of the block."""

    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A sentence with formulas."""

    words: Words


@dataclass(frozen=True, slots=True)
class Remark:
    """How something was verified, or why it was not; `brief` is what of it can be said first, the `rest` when somebody asks."""

    words: Words
    outcome: str
    brief: Words = ()
    rest: Words = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a derivation, and the rules it rests on; `left` is empty where it repeats the line above."""

    left: str
    right: str
    caption: Words
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """Lines aligned at their equality sign."""

    rows: tuple[Row, ...]
    lang: Language = "en"


@dataclass(frozen=True, slots=True)
class Displayed:
    """A displayed formula; `result` marks what a derivation arrived at."""

    latex: str
    result: bool = False


@dataclass(frozen=True, slots=True)
class Copies:
    """What a reader may take along, by the name of its form: LaTeX, programs, the `source` of the block."""

    forms: tuple[tuple[str, str], ...]
    lang: Language


Piece = Title | Prose | Remark | Steps | Displayed | Copies


def spaced(pieces: Iterable[list[str]]) -> list[str]:
    """Return the lines of pieces with an empty one between two of them."""
    out: list[str] = []
    for lines in filter(None, pieces):
        out += ["", *lines] if out else lines
    return out


def story(block: BlockResult, *, name_layout: bool = False, source: str = "") -> tuple[Piece, ...]:
    """Return the pieces of a block, and of its `source`.

    `name_layout` says the layout of its derivatives (else only one that is not usual).
    """
    pieces = list(_opening(block))
    told: tuple[Step, ...] = ()
    primes: list[str] = []
    for answer in block.answers:
        pieces += _answer(answer, block, told)
        if isinstance(answer, Claim) or answer.verdict.outcome != "holds":
            continue
        told = answer.steps or told
        new = [p for p in answer.primes if p not in primes]
        primes += new
        if new:
            pieces.append(Prose((word("with", block.lang), *_listed(new, block.lang), word("stop", block.lang))))
    held = [a for a in block.answers if a.verdict.outcome == "holds"]
    if held:
        goal = any(isinstance(a, Derivation) for a in held)
        layout = block.layout if goal and (name_layout or block.layout != "denominator") else ""
        pieces.append(verified([a.verdict for a in held], block.lang, layout))
    if block.skipped:
        pieces.append(Remark((word("skipped", block.lang, why=seen(block.skipped)),), "skipped"))
    return (*pieces, Copies(tuple(_copies(block, source)), block.lang))


def verified(verdicts: Sequence[Verdict], lang: Language, layout: str = "") -> Remark:
    """Return how statements that hold were verified, and in which `layout` their derivatives are."""
    head, how = word("verified", lang), how_verified(verdicts, lang)
    stated = word("layout", lang, layout=word(layout, lang)) if layout else ""
    text = head + (word("colon", lang) + how if how else word("stop", lang))
    if stated:
        text += ("" if lang == "zh" else " ") + stated[0].upper() + stated[1:] + word("stop", lang)
    brief = head + (word("comma", lang) + stated if stated else "")
    return Remark(worded(text), "holds", (brief,), worded(how[:1].upper() + how[1:]))


def _copies(block: BlockResult, source: str) -> Iterator[tuple[str, str]]:
    """Yield what of a block can be taken along; of a derivation that was not verified nothing."""
    held = [a for a in block.answers if isinstance(a, Derivation) and a.verdict.outcome == "holds"]
    stated = [text for answer in held for text in (answer.result, answer.solution)]
    forms = {
        "LaTeX": stated,
        "NumPy": [answer.numpy for answer in held],
        "SymPy": [answer.sympy for answer in held],
        "source": [source],
    }
    yield from ((name, "\n".join(filter(None, texts))) for name, texts in forms.items() if any(texts))


def _opening(block: BlockResult) -> Iterator[Piece]:
    if block.title:
        yield Title(seen(block.title))
    if block.premise and block.steps != "result":
        yield Prose((word("given", block.lang), *_listed(block.premise, block.lang), word("stop", block.lang)))
    for remark in block.remarks:
        yield Prose(worded(remark))


def _listed(formulas: Sequence[str], lang: Language) -> Iterator[str | Math]:
    """Yield formulas with commas between them."""
    for i, latex in enumerate(formulas):
        if i:
            yield word("comma", lang)
        yield Math(latex)


def _answer(answer: Derivation | Claim, block: BlockResult, told: tuple[Step, ...]) -> Iterator[Piece]:
    """Yield the pieces of one answer; the steps that it begins with and that were just `told` are not told again."""
    outcome = answer.verdict.outcome
    if outcome != "holds":
        yield Displayed(answer.statement)
        why = answer.verdict.reason.message(block.lang) if answer.verdict.reason else ""
        yield Remark(worded(word(outcome, block.lang, why=why)), outcome)
        return
    if isinstance(answer, Claim):
        yield Displayed(answer.statement)
        return
    if not (answer.solution and answer.steps == told):
        shared = len([*takewhile(lambda pair: pair[0] == pair[1], zip(answer.steps, told, strict=False))])
        yield from _derivation(answer.steps[shared:] or answer.steps[-1:], answer.result, block)
    if answer.solution:
        yield from _derivation(answer.solution_steps, answer.solution, block)


def _derivation(steps: Sequence[Step], result: str, block: BlockResult) -> Iterator[Piece]:
    """Yield the steps of a derivation and its result, which stands apart and only once."""
    last = steps[-1] if steps else None
    if last and not last.caption.get(block.lang):
        steps = steps[:-1]
        result = _joined(last, result)
    rows = []
    above = ""
    for step in steps if block.steps != "result" else ():
        caption = worded(step.caption.get(block.lang, ""))
        rows.append(Row("" if step.left == above else step.left, step.right, caption, step.rules))
        above = step.left
    told = rows and last and last in steps and _spelled(f"{last.left} = {last.right}") == _spelled(result)
    if block.result == "first":
        yield Displayed(result, result=True)
    if rows:
        yield Steps(tuple(rows), block.lang)
    if block.result != "first" and not told:
        yield Displayed(result, result=True)


def _joined(last: Step, result: str) -> str:
    """Return the result as it was derived, followed by the form its author gave it where that differs."""
    left, right = _sides(result)
    if _spelled(left) != _spelled(last.left) or _spelled(right) == _spelled(last.right):
        return result
    return f"{last.left} = {last.right} = {right}"


def _sides(equation: str) -> tuple[str, str]:
    """Return both sides of an equation, cut at its first equality sign outside of braces."""
    depth = 0
    for i, char in enumerate(equation):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if char == "=" and not depth:
            return equation[:i].strip(), equation[i + 1 :].strip()
    return equation, ""


def _spelled(latex: str) -> str:
    """Return a formula without what only concerns its looks."""
    return re.sub(r"\^\{?(?:\\top|T)(?![A-Za-z])\}?", "^T", re.sub(r"\s+|\\[,;!]", "", latex))


def seen(text: str) -> str:
    """Return words on one line without characters that steer a terminal or turn the direction of what follows."""
    return STEERING.sub("\ufffd", re.sub(r"\s", " ", text))


def worded(text: str) -> Words:
    """Return a text whose formulas stand between dollars as words and formulas; a dollar behind a backslash is a word."""
    parts = (part.replace(r"\$", "$") for part in re.split(r"(?<!\\)\$", seen(text)))
    return tuple(Math(part) if i % 2 else part for i, part in enumerate(parts) if part)
