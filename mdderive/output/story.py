"""A block's result as a story: the pieces every output writes, in order, with all words chosen.

An equation that could not be decided is told in the author's own words and marked so; nothing derived is shown for it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from mdderive.model.diagnostics import Language
from mdderive.model.results import Answer, BlockResult, Line
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
    """How something was verified, or why it was not."""

    words: Words
    outcome: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a derivation; `left` is empty where it repeats the line above."""

    left: str
    right: str
    caption: Words


@dataclass(frozen=True, slots=True)
class Steps:
    """Lines aligned at their equality sign."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Displayed:
    """A displayed formula; `result` marks what a derivation arrived at."""

    latex: str
    result: bool = False


Piece = Title | Prose | Remark | Steps | Displayed


def story(block: BlockResult, *, name_layout: bool = False) -> tuple[Piece, ...]:
    """Return the pieces of a block; `name_layout` says the layout of its derivatives (else only one that is not usual)."""
    pieces = list(_opening(block))
    told: tuple[Line, ...] = ()
    primes: list[str] = []
    for answer in block.answers:
        pieces += _answer(answer, block, told)
        told = answer.lines if answer.lines and answer.judgement.outcome == "holds" else told
        new = [p for p in answer.primes if p not in primes and answer.judgement.outcome == "holds"]
        primes += new
        if new:
            pieces.append(Prose((word("with", block.lang), *_listed(new, block.lang), word("stop", block.lang))))
    held = [a for a in block.answers if a.judgement.outcome == "holds"]
    if held:
        text = how_verified([a.judgement for a in held], block.lang)
        goal = any(a.kind == "goal" for a in held)
        if goal and (name_layout or block.layout != "denominator"):
            text += _space(block.lang) + _layout(block)
        pieces.append(Remark(worded(text), "holds"))
    if block.skipped:
        pieces.append(Remark((word("skipped", block.lang, why=seen(block.skipped)),), "skipped"))
    return tuple(pieces)


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


def _answer(answer: Answer, block: BlockResult, told: tuple[Line, ...]) -> Iterator[Piece]:
    """Yield the pieces of one answer; the lines that it begins with and that were just `told` are not told again."""
    outcome = answer.judgement.outcome
    if outcome != "holds":
        yield Displayed(answer.statement)
        why = answer.judgement.reason.message(block.lang) if answer.judgement.reason else ""
        yield Remark(worded(word(outcome, block.lang, why=why)), outcome)
        return
    if answer.kind != "goal":
        yield Displayed(answer.statement)
        return
    if not (answer.solution and answer.lines == told):
        shared = len([*takewhile(lambda pair: pair[0] == pair[1], zip(answer.lines, told, strict=False))])
        yield from _derivation(answer.lines[shared:] or answer.lines[-1:], answer.result, block)
    if answer.solution:
        yield from _derivation(answer.solution_lines, answer.solution, block)


def _derivation(lines: Sequence[Line], result: str, block: BlockResult) -> Iterator[Piece]:
    """Yield the lines of a derivation and its result, which stands apart and only once."""
    last = lines[-1] if lines else None
    if last and not last.caption.get(block.lang):
        lines = lines[:-1]
        result = _joined(last, result)
    rows = []
    above = ""
    for line in lines if block.steps != "result" else ():
        rows.append(Row("" if line.left == above else line.left, line.right, worded(line.caption.get(block.lang, ""))))
        above = line.left
    if rows:
        yield Steps(tuple(rows))
    if not (rows and last and last in lines and _spelled(f"{last.left} = {last.right}") == _spelled(result)):
        yield Displayed(result, result=True)


def _joined(last: Line, result: str) -> str:
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


def _layout(block: BlockResult) -> str:
    text = word("layout", block.lang, layout=word(block.layout, block.lang))
    return text[0].upper() + text[1:] + word("stop", block.lang)


def _space(lang: Language) -> str:
    return "" if lang == "zh" else " "


def seen(text: str) -> str:
    """Return words on one line without characters that steer a terminal or turn the direction of what follows."""
    return STEERING.sub("\ufffd", re.sub(r"\s", " ", text))


def worded(text: str) -> Words:
    """Return a text whose formulas stand between dollars as words and formulas; a dollar behind a backslash is a word."""
    parts = (part.replace(r"\$", "$") for part in re.split(r"(?<!\\)\$", seen(text)))
    return tuple(Math(part) if i % 2 else part for i, part in enumerate(parts) if part)
