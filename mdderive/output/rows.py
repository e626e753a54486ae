"""One problem in, one answer out: the rows of `derive --batch`."""

from collections.abc import Mapping
from time import perf_counter

from mdderive.check.goals import Told, tell
from mdderive.check.primed import known_primes
from mdderive.engine.derive import TOO_DEEP
from mdderive.engine.seen_through import inlined
from mdderive.latex.typesetting import unprintable
from mdderive.model.context import Context
from mdderive.model.diagnostics import Diagnostic, MdderiveBug, Refusal
from mdderive.model.expr import Expr
from mdderive.model.source import Span
from mdderive.programs import numpy, sympy
from mdderive.reading.problems import Problem, problem

Row = dict[str, object]


def derive_row(row: Mapping[str, object]) -> Row:
    """Return the row out for a row in, as CONTRACT 5 states both; never raises."""
    start = perf_counter()
    answer: Row = {"id": row.get("id"), "status": "error"}
    try:
        answer |= _answer(row)
    except RecursionError:
        answer["error"] = {"code": "DRV409", "message": Diagnostic("DRV409", Span(0, 0), {"bound": TOO_DEEP}).message()}
    except MdderiveBug as bug:
        answer["error"] = {"code": "DRV901", "message": str(bug)}
    answer["ms"] = round(1000 * (perf_counter() - start), 3)
    return answer


def sympy_row(row: Mapping[str, object]) -> str | Diagnostic:
    """Return the answer to a row in as a SymPy text, or why there is none."""
    told = derived(row)
    if isinstance(told, Diagnostic):
        return told
    if told.verdict.outcome != "holds":
        return Diagnostic("DRV404", Span(0, 0), reason=told.verdict.reason)
    try:
        gradient, context = written_out(told)
        return sympy.program(gradient, context).code
    except Refusal as refusal:
        return refusal.diagnostic
    except ValueError as error:
        return Diagnostic("DRV430", Span(0, 0), {"operator": str(error), "form": "SymPy"})


def _answer(row: Mapping[str, object]) -> Row:
    meant = problem(row)
    if isinstance(meant, Diagnostic):
        return _error(meant)
    warnings = [{"code": w.code, "message": w.message()} for w in meant.warnings]
    told = _derived(meant)
    try:
        return (_error(told) if isinstance(told, Diagnostic) else _told(told)) | {"warnings": warnings}
    except Refusal as refusal:
        return _error(refusal.diagnostic)


def derived(row: Mapping[str, object]) -> Told | Diagnostic:
    """Return what a row in comes to, or why it comes to nothing."""
    meant = problem(row)
    return meant if isinstance(meant, Diagnostic) else _derived(meant)


def _derived(meant: Problem) -> Told | Diagnostic:
    told = tell(meant.f, meant.wrt, meant.context, order=meant.order)
    if isinstance(told, Diagnostic):
        return told
    found = unprintable(side for line in told.lines for side in (line.left, line.right))
    return Diagnostic("DRV250", Span(0, 0), {"text": found}) if found else told


def written_out(told: Told) -> tuple[Expr, Context]:
    """Return the gradient without defined letters, and a context that knows what its primes mean."""
    gradient = inlined(told.gradient, told.context)
    return gradient, known_primes(gradient, told.context)


def _error(diagnostic: Diagnostic) -> Row:
    return {"status": "error", "error": {"code": diagnostic.code, "message": diagnostic.message()}}


def _told(told: Told) -> Row:
    written = numpy.program(*written_out(told))
    verdict = told.verdict
    return {
        "status": "ok" if verdict.outcome == "holds" else "undecided",
        "latex": told.lines[-1].right,
        "numpy": written.code,
        "names": dict(written.names),
        "shape": str(told.gradient.shape),
        "layout": told.context.layout,
        "steps": [{"latex": f"{s.left} = {s.right}", "rule": ", ".join(s.rules) or s.caption["en"]} for s in told.lines],
        "verdict": {
            "outcome": verdict.outcome,
            "method": verdict.method,
            "sizes": [dict(s) for s in verdict.sizes],
            "points": verdict.points,
            "error_probability": verdict.error_probability,
            "threshold": verdict.threshold,
            "branches": list(verdict.branches) if verdict.branches else None,
        },
        "ms_derive": round(told.ms_derive, 3),
        "ms_verify": round(told.ms_verify, 3),
        "error": None,
    }
