"""A row of `derive --batch` to a typed problem, by the way of a block that says the same."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mdderive.latex.letters import names_of, numbering
from mdderive.model.context import Context, closure
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr
from mdderive.model.results import CHOICES
from mdderive.model.source import NOWHERE, Excerpt, Piece
from mdderive.reading.meaning import interpret
from mdderive.reading.statements import canonical
from mdderive.reading.tasks import GoalTask, Meaning

KEYS = frozenset({"id", "let", "where", "given", "f", "wrt", "order", "functions", "layout"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Differentiate `f` by `wrt` in `context`; `excerpt` is the block that asks for it."""

    f: Expr
    wrt: Expr
    context: Context
    order: int
    excerpt: Excerpt
    entry: Expr | None = None  # where one entry of the derivative is asked for
    warnings: tuple[Finding, ...] = ()


def problem(row: Mapping[str, object]) -> Problem | Finding:
    """Return the problem that a row states, or why it states none."""
    wrong = _wrong_key(row)
    if wrong:
        return Finding("DRV131", NOWHERE, {"key": wrong})
    context = Context(layout=str(row.get("layout") or "denominator"), functions=str(row.get("functions") or "elementwise"))
    excerpt = _block(row)
    meaning = interpret(excerpt.text, context)
    letter = meaning.context.symbols.get(canonical(str(row.get("f"))) or "")
    codes = [finding.code for finding in meaning.findings]
    if letter in meaning.declared and codes == ["DRV119"]:  # the formula is a letter alone, which stands still
        let = [*_lines(row, "let"), f"{letter.name}: {letter.shape}, constant"]
        excerpt = _block({**row, "let": let})
        meaning = interpret(excerpt.text, context)
    names = {name: canonical(name.partition("(")[0].strip(), names_of(meaning.context)) for name in _definitions(row)}
    for name, read in names.items():
        if read is None and not numbering(name)[0]:
            return Finding("DRV141", NOWHERE, {"name": name})
    for finding in meaning.findings:
        if finding.severity == "error":
            return finding.moved(excerpt)
    goals = [task for task in meaning.tasks if isinstance(task, GoalTask)]
    if len(goals) != 1:
        return Finding("DRV131", NOWHERE, {"key": "f"})
    defined = [read or name for name, read in names.items()]
    goal, warnings = goals[0], tuple(finding.moved(excerpt) for finding in meaning.findings)
    return _unused(defined, goal, meaning) or Problem(
        goal.f, goal.wrt, meaning.context, goal.order, excerpt, goal.node if goal.entry else None, warnings
    )


def misgiven(row: Mapping[str, object]) -> Finding | None:
    """Return why a name that the row gives would be ignored, if there is one."""
    found = problem(row)
    return found if isinstance(found, Finding) and found.code in ("DRV141", "DRV142") else None


def _unused(names: Iterable[str], goal: GoalTask, meaning: Meaning) -> Finding | None:
    """Return why a name that the row defines or declares is not what the formula speaks of, if there is one."""
    context = meaning.context
    defined = context.definitions.keys() | context.elementwise.keys()
    used = closure(goal.f, context) | {goal.wrt.name} | context.indices
    for side in (side for p in context.premises for side in (p.left, p.right)):
        used |= closure(side, context)
    used |= {symbol.along for symbol in context.symbols.values()} | set(context.unknown.values())
    of_members = {symbol.name for symbol in context.families().values()}
    families = {name for name in names if numbering(name)[0] in used - {""} or name in of_members}
    ignored = [name for name in names if name not in (used & defined) | families]
    stated = (goal.f, *(value for name, value in context.definitions.items() if name in used))
    sizes = {node.name for f in stated for node in f.walk() if node.op == "size"}
    idle = (s for s in meaning.declared if s.name not in used)
    ignored += [s.name for s in idle if sizes.isdisjoint(letter for side in s.shape for letter in side.letters)]
    return Finding("DRV142", NOWHERE, {"name": ignored[0]}) if ignored else None


def _definitions(row: Mapping[str, object]) -> dict[str, str]:
    where = row.get("where") or {}
    assert isinstance(where, dict)
    return where


def _lines(row: Mapping[str, object], key: str) -> list[str]:
    lines = row.get(key) or []
    assert isinstance(lines, list)
    return lines


def _wrong_key(row: Mapping[str, object]) -> str:
    """Return the key whose value cannot be used, or an empty text."""
    for key in ("let", "given"):
        value = row.get(key) or []
        if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
            return key
    where = row.get("where") or {}
    if not isinstance(where, dict) or not all(isinstance(value, str) for value in where.values()):
        return "where"
    for key in ("f", "wrt"):
        if not isinstance(row.get(key), str):
            return key
    if row.get("order", 1) not in (1, 2):
        return "order"
    for key, choices in CHOICES.items():
        if row.get(key) and row[key] not in choices:
            return key
    return min(row.keys() - KEYS, default="")


def _block(row: Mapping[str, object]) -> Excerpt:
    """Return the text of the block that asks for what the row asks for."""
    let, given = _lines(row, "let"), _lines(row, "given")
    defined = (("", name, " = ", value) for name, value in _definitions(row).items())
    return lifted([*(("", line) for line in let), *defined, *(("given: ", premise) for premise in given), _goal(row)])


def _goal(row: Mapping[str, object]) -> tuple[str, ...]:
    f, x = str(row["f"]), str(row["wrt"])
    if row.get("order") == 2:
        return r"\frac{\partial^2 (", f, r")}{\partial ", x, r" \partial ", x, "^T} = ?"
    return r"\frac{\mathrm{d} (", f, r")}{\mathrm{d} ", x, "} = ?"


def lifted(lines: Iterable[Sequence[str]]) -> Excerpt:
    """Return lines as one text in which every part knows its own offsets; the even parts of a line are words put around."""
    text, pieces = "", [Piece(0, 0)]
    for line in lines:
        for i, part in enumerate(line):
            within = part if i % 2 == 0 else re.sub(r"\s", " ", part.strip())
            pieces.append(Piece(len(text), 0 if i % 2 == 0 else len(part) - len(part.lstrip())))
            text += within
        text += "\n"
    return Excerpt(text, tuple(pieces))
