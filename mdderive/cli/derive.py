"""`mdderive derive`: options to a derive block or to a row, and a stream of JSON lines to a stream of answers.

A formula from the command line goes the way every block of a note goes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mdderive.model.diagnostics import Finding
from mdderive.model.results import Settings
from mdderive.model.source import Span
from mdderive.output.rows import derive_row
from mdderive.reading.foreign import translated
from mdderive.reading.statements import canonical

FENCE = "~" * 8
UNANSWERED = ("latex", "numpy", "names", "shape", "layout", "steps", "verdict", "ms", "ms_derive", "ms_verify")


@dataclass(frozen=True, slots=True)
class Question:
    """What the options of the command ask for."""

    expr: str
    wrt: str
    order: int = 1
    let: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


def meant(expr: str) -> str:
    """Return what is differentiated: without dollars and the name in front of it, as LaTeX where a program spells it."""
    text = translated(expr.strip()) or expr
    name, _, value = text.partition("=")
    return value.strip() if value and canonical(name.partition("(")[0].strip()) else text


def block_text(question: Question) -> str:
    """Return a Markdown text with the derive block that asks the question."""
    f, x = f"({question.expr})", question.wrt
    if question.order == 1:
        goal = rf"\frac{{\mathrm{{d}} {f}}}{{\mathrm{{d}} {x}}} = ?"
    else:
        goal = rf"\frac{{\partial^2 {f}}}{{\partial {x} \partial {x}^T}} = ?"
    lines = [*question.let, *question.where, *(f"given: {premise}" for premise in question.given), goal]
    return "\n".join([f"{FENCE}derive", *(" ".join(line.split()) for line in lines), FENCE, ""])


def row_of(question: Question, settings: Settings) -> dict[str, object]:
    """Return the batch row that asks the question; raises `ValueError` for a definition without an equality sign."""
    definitions = {}
    for part in question.where:
        name, sign, value = part.partition("=")
        if not sign:
            raise ValueError(f"'{part}' is no definition: write it as NAME = FORMULA")
        definitions[name.strip()] = value.strip()
    return {
        "id": None,
        "let": list(question.let),
        "where": definitions,
        "given": list(question.given),
        "f": question.expr,
        "wrt": question.wrt,
        "order": question.order,
        "functions": settings.functions,
        "layout": settings.layout,
    }


def rows(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield one JSON line for each JSON line; one that cannot be read is answered with its error. Blank lines are no rows."""
    for line in lines:
        if line.strip():
            yield dumped(_answer(_row(line)))


def _answer(row: Mapping[str, object] | str) -> dict[str, object]:
    """Return the answer to a row; a fault of mdderive is the answer to that row only."""
    if isinstance(row, str):
        return _refused(None, "DRV191", {"why": row})
    try:
        return derive_row(row)
    except Exception as error:
        return _refused(row.get("id"), "DRV901", {"what": f"{type(error).__name__}: {error}"})


def _row(line: bytes) -> Mapping[str, object] | str:
    """Return the row of a line, or why it is none."""
    try:
        row = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return str(error)
    return row if isinstance(row, dict) else f"found {type(row).__name__}"


def _refused(row_id: object, code: str, facts: Mapping[str, str]) -> dict[str, object]:
    error = {"code": code, "message": Finding(code, Span(0, 0), facts).message()}
    return {"id": row_id, "status": "error", **dict.fromkeys(UNANSWERED), "error": error}


def dumped(row: Mapping[str, object], indent: int | None = None) -> str:
    """Return a row as JSON."""
    return json.dumps(row, ensure_ascii=False, indent=indent)


def error_text(answer: Mapping[str, object]) -> str:
    """Return why a row was not answered, in a line."""
    error = answer.get("error")
    if isinstance(error, Mapping):
        return f"{error.get('code')}: {error.get('message')}"
    return str(answer["status"])
