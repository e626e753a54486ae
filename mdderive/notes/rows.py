"""A row of `derive --batch` to a typed problem, by the way of a block that says the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from mdderive.context import Context
from mdderive.diagnostics import Diagnostic
from mdderive.notes.blocks import CHOICES
from mdderive.notes.meaning import interpret
from mdderive.notes.tasks import GoalTask
from mdderive.source import Span
from mdderive.tree import Expr

KEYS = frozenset({"id", "let", "where", "given", "f", "wrt", "order", "functions", "layout"})
_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Problem:
    """Differentiate `f` by `wrt` in `context`."""

    f: Expr
    wrt: Expr
    context: Context
    order: int = 1


def problem(row: Mapping[str, object]) -> Problem | Diagnostic:
    """Return the problem that a row states, or why it states none."""
    wrong = _wrong_key(row)
    if wrong:
        return Diagnostic("DRV131", _NOWHERE, {"key": wrong})
    context = Context(layout=str(row.get("layout") or "denominator"), functions=str(row.get("functions") or "elementwise"))
    meaning = interpret(_block(row), context)
    for finding in meaning.findings:
        if finding.severity == "error":
            return finding
    goals = [task for task in meaning.tasks if isinstance(task, GoalTask)]
    if len(goals) != 1:
        return Diagnostic("DRV131", _NOWHERE, {"key": "f"})
    return Problem(goals[0].f, goals[0].wrt, meaning.context, goals[0].order)


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


def _block(row: Mapping[str, object]) -> str:
    """Return the text of the block that asks for what the row asks for."""
    let, where, given = row.get("let") or [], row.get("where") or {}, row.get("given") or []
    assert isinstance(let, list)
    assert isinstance(where, dict)
    assert isinstance(given, list)
    f, x = row["f"], row["wrt"]
    second = row.get("order") == 2
    top, bottom = (r"\partial^2", rf"\partial {x} \partial {x}^T") if second else (r"\mathrm{d}", rf"\mathrm{{d}} {x}")
    goal = rf"\frac{{{top} ({f})}}{{{bottom}}} = ?"
    lines = [*let, *(f"{name} = {value}" for name, value in where.items()), *(f"given: {premise}" for premise in given), goal]
    return "\n".join(" ".join(line.split()) for line in lines)
