"""One problem in, one answer out: the rows of `derive --batch`."""

from collections.abc import Mapping
from time import perf_counter

from mdderive.check.derivations import SYMPY, derivation_of
from mdderive.model.diagnostics import Finding
from mdderive.model.results import Derivation, Settings, Verdict

Row = dict[str, object]


def derive_row(row: Mapping[str, object]) -> Row:
    """Return the row out for a row in, as CONTRACT 5 states both; never raises."""
    start = perf_counter()
    return {"id": row.get("id"), **answer(derivation_of(row, Settings())), "ms": round(1000 * (perf_counter() - start), 3)}


def answer(done: Derivation) -> Row:
    """Return a derivation as the fields of a row; one without a result or a NumPy program is an error."""
    lost = [f for f in done.findings if (f.severity == "error" or not done.latex) and f.facts.get("form") != SYMPY]
    warnings = [{"code": f.code, "message": f.message()} for f in done.findings if f.severity != "error"]
    return (_error(lost[0]) if lost else _told(done)) | {"warnings": warnings}


def _error(diagnostic: Finding) -> Row:
    return {"status": "error", "error": {"code": diagnostic.code, "message": diagnostic.message()}}


def _told(done: Derivation) -> Row:
    return {
        "status": "ok" if done.verdict.outcome == "holds" else "undecided",
        "latex": done.latex,
        "numpy": done.numpy,
        "names": dict(done.names),
        "shape": done.shape,
        "layout": done.layout,
        "steps": [{"latex": f"{s.left} = {s.right}", "rule": ", ".join(s.rules) or s.caption["en"]} for s in done.steps],
        "verdict": _verdict(done.verdict),
        "ms_derive": round(done.ms_derive, 3),
        "ms_verify": round(done.ms_verify, 3),
        "error": None,
    }


def _verdict(verdict: Verdict) -> Row:
    return {
        "outcome": verdict.outcome,
        "method": verdict.method,
        "sizes": [dict(s) for s in verdict.sizes],
        "points": verdict.points,
        "error_probability": verdict.error_probability,
        "threshold": verdict.threshold,
        "branches": list(verdict.branches) if verdict.branches else None,
    }
