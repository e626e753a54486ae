"""Letters that only look like a declared one: the block is read again with the declared letter, and what then holds is said."""

from collections.abc import Iterable
from dataclasses import replace

from mdderive.check.answers import answered
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding, Hint
from mdderive.reading.meaning import interpret

LOOKALIKE = "DRV221"
MOST_ROUNDS = 6


def respelled(text: str, context: Context, findings: tuple[Finding, ...], *, seed: int) -> tuple[Finding, ...]:
    """Return the findings of a block with a hint at every look-alike letter, where with the declared ones nothing is wrong.

    The hint proposes a change where those of all findings together make the block right.
    """
    slips = [f for f in findings if f.code == LOOKALIKE]
    if not slips or any(f.severity == "error" and f not in slips for f in findings):
        return findings
    found, rounds = slips, 0
    while found and rounds < MOST_ROUNDS:
        text = _spelled(text, found)
        rounds += 1
        meaning = interpret(text, context)
        found = [f for f in meaning.findings if f.code == LOOKALIKE]
    given = answered(meaning, steps="result", seed=seed, thorough=False)
    wrong = any(f.severity == "error" for f in (*meaning.findings, *given.findings))
    if wrong or not given.answers or any(a.verdict.outcome != "holds" for a in given.answers):
        return findings
    return tuple(replace(f, hints=(_hint(f, rounds == 1),)) if f in slips else f for f in findings)


def _spelled(text: str, slips: Iterable[Finding]) -> str:
    for slip in sorted(slips, key=lambda f: f.span, reverse=True):
        start, end = slip.span
        text = text[:start] + slip.facts["declared"] + _blank(slip.facts["declared"], text[end : end + 1]) + text[end:]
    return text


def _blank(name: str, after: str) -> str:
    """Return the blank that a command needs before a letter."""
    return " " if name.startswith("\\") and name[-1].isalpha() and after.isalpha() else ""


def _hint(slip: Finding, at_once: bool) -> Hint:
    name = slip.facts["declared"]
    words = {"en": f"with {name} the block holds", "zh": f"写成 {name} 则整个块成立"}
    return Hint("lookalike", {**words, **({"name": name} if at_once else {})})
