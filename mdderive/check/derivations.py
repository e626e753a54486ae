"""A told derivation as the value that people get: its LaTeX, and the same as programs."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from mdderive.check.goals import Told, tell, told_entry
from mdderive.check.primed import Prime, knowing, primes
from mdderive.engine.derive import TOO_DEEP
from mdderive.engine.seen_through import inlined
from mdderive.engine.transposing import transposed
from mdderive.latex.typesetting import unprintable
from mdderive.latex.write import write
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding, MdderiveBug, Refusal
from mdderive.model.expr import Expr
from mdderive.model.results import Derivation, Settings, Verdict
from mdderive.model.source import NOWHERE, Span
from mdderive.programs import numpy, sympy
from mdderive.programs.coder import Program
from mdderive.reading.obstacles import refused
from mdderive.reading.problems import Problem, problem

SYMPY = "SymPy"


def derivation(told: Told, statement: str, span: Span, *, settings: Settings, node: Expr | None = None) -> Derivation:
    """Return a told derivation with its programs; where `node` is a transpose, as the transpose that was asked for."""
    result, latex, gradient = f"{told.lines[-1].left} = {told.lines[-1].right}", told.lines[-1].right, told.gradient
    if node is not None and node.op == "transpose":
        gradient = transposed(gradient)
        latex = write(gradient, told.context)
        result = f"{write(node, told.context)} = {latex}"
    meant = primes([told.gradient], told.context, seed=settings.seed, thorough=settings.thorough)
    done = Derivation(
        span,
        statement,
        told.lines,
        result,
        told.verdict,
        latex,
        shape=str(gradient.shape),
        layout=told.context.layout,
        primes=tuple(prime.equation for prime in meant),
        ms_derive=told.ms_derive,
        ms_verify=told.ms_verify,
    )
    return _with_programs(done, gradient, told.context, meant)


def underived(statement: str, span: Span, why: Finding, layout: str) -> Derivation:
    """Return what a goal comes to that no derivation was found for."""
    verdict = Verdict("undecided", reason=refused(why))
    return Derivation(span, statement, (), statement, verdict, layout=layout, findings=(why,))


def derivation_of(row: Mapping[str, object], settings: Settings) -> Derivation:
    """Return the derivation that a row asks for; what keeps it from being found or printed is a finding of it."""
    goal, layout = str(row.get("f", "")), str(row.get("layout") or settings.layout)
    whole = Span(0, len(goal))
    try:
        meant = problem(row)
        if isinstance(meant, Finding):
            return underived(goal, whole, meant, layout)
        told = _told(meant, settings)
        if isinstance(told, Finding):
            told = told.moved(meant.excerpt)
            return replace(underived(goal, whole, told, layout), findings=(*meant.warnings, told))
        done = derivation(told, goal, whole, settings=settings)
    except RecursionError:
        return underived(goal, whole, Finding("DRV409", NOWHERE, {"bound": TOO_DEEP}), layout)
    except Exception as bug:  # a fault of mdderive is the answer to this question, and to no other
        what = str(bug) if isinstance(bug, MdderiveBug) else f"{type(bug).__name__}: {bug}"
        return underived(goal, whole, Finding("DRV901", NOWHERE, {"what": what}), layout)
    return replace(done, findings=(*meant.warnings, *done.findings))


def _told(problem: Problem, settings: Settings) -> Told | Finding:
    told = tell(problem.f, problem.wrt, problem.context, order=problem.order, settings=settings)
    if problem.entry is not None and isinstance(told, Told):
        told = told_entry(told, problem.entry, settings)
    if isinstance(told, Finding):
        return told
    found = unprintable(side for line in told.lines for side in (line.left, line.right))
    return Finding("DRV250", NOWHERE, {"text": found}) if found else told


def _with_programs(done: Derivation, gradient: Expr, context: Context, meant: tuple[Prime, ...]) -> Derivation:
    try:
        written = inlined(gradient, context)
        inside = knowing(meant if written == gradient else primes([written], context), context)
    except Refusal as refusal:
        return replace(done, findings=(refusal.diagnostic,))
    code = _program(numpy.program, "NumPy", written, inside)
    text = _program(sympy.program, SYMPY, written, inside)
    return replace(
        done,
        numpy=code.code if isinstance(code, Program) else "",
        names=code.names if isinstance(code, Program) else {},
        sympy=text.code if isinstance(text, Program) else "",
        findings=tuple(missing for missing in (code, text) if isinstance(missing, Finding)),
    )


def _program(write: Callable[[Expr, Context], Program], form: str, e: Expr, context: Context) -> Program | Finding:
    try:
        return write(e, context)
    except ValueError as operator:
        return Finding("DRV430", NOWHERE, {"operator": str(operator), "form": form})
