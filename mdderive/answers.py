"""The tasks of a block to answers: derivations told and judged, stated results and equations judged, mistakes explained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from mdderive.context import Context
from mdderive.diagnostics import Diagnostic
from mdderive.engine.definitions import inlined
from mdderive.engine.fold import likeness
from mdderive.engine.normal import normal
from mdderive.engine.transposing import transposed
from mdderive.goals import Told, tell, tell_together
from mdderive.latex.write import write
from mdderive.notes.tasks import ChainTask, GoalTask, Meaning, Task
from mdderive.primes import primes
from mdderive.results import Answer, Equation, Judgement
from mdderive.solutions import Zeros
from mdderive.source import Span
from mdderive.tree import Expr
from mdderive.verify.hints import explain
from mdderive.verify.holds import Verdict, holds


@dataclass(frozen=True, slots=True)
class Given:
    """What a block's tasks came to; spans are offsets into the block's text."""

    answers: tuple[Answer, ...] = ()
    equations: tuple[Equation, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


def answered(meaning: Meaning, *, steps: str, seed: int, thorough: bool) -> Given:
    """Return the answers to all tasks, in order."""
    judge = _Judge(meaning.context, steps, seed, thorough)
    parts: list[Given] = []
    for _, run in groupby(meaning.tasks, key=lambda t: _shares(t, meaning.context)):
        tasks = tuple(run)
        known = judge.together([t for t in tasks if isinstance(t, GoalTask)]) if _shares(tasks[0], meaning.context) else {}
        parts += [judge.goal(t, known.get(t.wrt)) if isinstance(t, GoalTask) else judge.chain(t) for t in tasks]
    return Given(
        tuple(a for p in parts for a in p.answers),
        tuple(e for p in parts for e in p.equations),
        tuple(f for p in parts for f in p.findings),
    )


def _shares(task: Task, context: Context) -> str:
    """Return the name of the scalar whose differential a goal may share with others; empty where it is told by itself."""
    if not isinstance(task, GoalTask) or task.order != 1 or not task.f.scalar or context.layout != "denominator":
        return ""
    told_apart = task.f.op != "sym" or task.wrt.name in context.definitions or context.moving(task.wrt.name)
    return "" if told_apart else task.f.name


def judgement(verdict: Verdict) -> Judgement:
    """Return a verdict as the facts that are reported."""
    v = verdict
    return Judgement(v.outcome, v.method, v.sizes, v.points, v.error_probability, v.why, v.threshold, v.branches)


@dataclass(frozen=True, slots=True)
class _Judge:
    context: Context
    steps: str
    seed: int
    thorough: bool

    def holds(self, left: Expr, right: Expr, text: str, varying: frozenset[str] | None = None) -> Verdict:
        return holds(left, right, self.context, varying=varying, seed=self.seed, thorough=self.thorough, text=text)

    # ------------------------------------------------------------ claims and chains

    def chain(self, task: ChainTask) -> Given:
        verdicts = [self.holds(p.left, p.right, p.latex, task.varying) for p in task.pairs]
        code = "DRV402" if len(task.pairs) == 1 else "DRV403"
        equations: list[Equation] = []
        findings: list[Diagnostic] = []
        for pair, verdict in zip(task.pairs, verdicts, strict=True):
            equations.append(Equation(pair.span, pair.latex, verdict.outcome, verdict.why))
            findings += self._findings(code, {}, pair.span, pair.left, pair.right, verdict, task.varying)
        worst = next((v for o in ("wrong", "undecided") for v in verdicts if v.outcome == o), verdicts[-1])
        kind = "claim" if len(task.pairs) == 1 else "chain"
        answer = Answer("claim" if kind == "claim" else "chain", task.latex, (), task.latex, judgement(worst))
        return Given((answer,), tuple(equations), tuple(findings))

    def _findings(
        self,
        code: str,
        facts: dict[str, str],
        span: Span,
        left: Expr,
        right: Expr,
        verdict: Verdict,
        varying: frozenset[str] | None,
    ) -> Iterator[Diagnostic]:
        if verdict.outcome == "wrong":
            hints = explain(left, right, self.context, varying=varying, seed=self.seed)
            yield Diagnostic(code, span, facts, hints=hints, witness=verdict.witness)
        elif verdict.outcome == "undecided":
            yield _undecided(verdict.why, span)

    # ------------------------------------------------------------ goals

    def together(self, tasks: Sequence[GoalTask]) -> dict[Expr, Told]:
        """Return the gradients of one scalar by several variables, told from one differential; none where there is only one."""
        variables = tuple(dict.fromkeys(t.wrt for t in tasks))
        if len(variables) < 2:
            return {}
        told = tell_together(tasks[0].f, variables, self.context, steps=self.steps, seed=self.seed, thorough=self.thorough)
        return {} if isinstance(told, Diagnostic) else dict(zip(variables, told, strict=True))

    def goal(self, task: GoalTask, known: Told | None = None) -> Given:
        """Answer a goal; `known` is its derivation where it was told with others."""
        told: Told | Diagnostic = known or tell(
            task.f, task.wrt, self.context, order=task.order, steps=self.steps, seed=self.seed, thorough=self.thorough
        )
        if isinstance(told, Diagnostic):
            return self._underived(task, told)
        result = f"{told.lines[-1].left} = {told.lines[-1].right}"
        if task.node.op == "transpose":
            result = f"{write(task.node, told.context)} = {write(transposed(told.gradient), told.context)}"
        meant = primes([told.gradient], told.context, seed=self.seed, thorough=self.thorough)
        answer = Answer("goal", task.latex, told.lines, result, judgement(told.verdict), primes=tuple(p.equation for p in meant))
        if task.stated is None:
            open_ = told.verdict.outcome != "holds"
            return Given((answer,), (), (_undecided(told.verdict.why, task.span),) if open_ else ())
        if task.zero:
            return self._solved(task, told, answer)
        verdict = self.holds(task.node, task.stated, task.latex, frozenset({task.wrt.name}))
        span = _wrong_part(task.stated, told.gradient, task.stated_span or task.span)
        facts = {**_GRADIENT[task.order], "right": result}
        findings = tuple(self._findings("DRV401", facts, span, task.node, task.stated, verdict, frozenset({task.wrt.name})))
        equation = Equation(task.stated_span or task.span, task.latex, verdict.outcome, verdict.why)
        right = told.gradient if task.node.op == "deriv" else transposed(told.gradient)
        same = likeness(normal(task.stated)) == likeness(right)
        stated = replace(answer, result=result if same else task.latex, judgement=judgement(verdict))
        return Given((stated,), (equation,), findings)

    def _underived(self, task: GoalTask, why: Diagnostic) -> Given:
        """Answer a goal that no derivation was found for: a stated result is judged all the same."""
        if task.stated is None or task.zero:
            nothing = Judgement("undecided", "", why=why.message())
            return Given((Answer("goal", task.latex, (), task.latex, nothing),), (), (replace(why, span=task.span),))
        verdict = self.holds(task.node, task.stated, task.latex, frozenset({task.wrt.name}))
        span = task.stated_span or task.span
        facts = {**_GRADIENT[task.order], "right": why.message()}
        findings = tuple(self._findings("DRV401", facts, span, task.node, task.stated, verdict, frozenset({task.wrt.name})))
        equation = Equation(span, task.latex, verdict.outcome, verdict.why)
        return Given((Answer("goal", task.latex, (), task.latex, judgement(verdict)),), (equation,), findings)

    # ------------------------------------------------------------ zero of the gradient

    def _solved(self, task: GoalTask, told: Told, answer: Answer) -> Given:
        """Tell how the gradient set to zero is solved, and judge what is said to follow."""
        zeros = Zeros(inlined(told.gradient, self.context), task.wrt, self.context, self.seed, self.thorough)
        lines = zeros.solution()
        right = f"{lines[-1].left} = {lines[-1].right}" if lines else zeros.equation()
        equations: list[Equation] = []
        findings: list[Diagnostic] = []
        verdicts = [told.verdict]
        for said in task.solutions:
            if said.right is None:
                findings += [] if lines else [Diagnostic("DRV420", said.span, {"name": said.latex, "equation": right})]
                continue
            verdict, (left, zero) = zeros.judged(said)
            verdicts.append(verdict)
            findings += self._findings("DRV407", {"right": right}, said.span, left, zero, verdict, None)
            equations.append(Equation(said.span, said.latex, verdict.outcome, verdict.why))
        worst = next((v for o in ("wrong", "undecided") for v in verdicts if v.outcome == o), verdicts[-1])
        last = task.solutions[-1]
        solution = right if last.right is None else last.latex
        if last.right is not None and not lines and verdicts[-1].outcome == "holds":
            lines = zeros.put_in(last)
        done = replace(answer, judgement=judgement(worst), solution=solution, solution_lines=lines)
        if findings and findings[0].code == "DRV420":
            done = replace(done, judgement=Judgement("undecided", "", why=findings[0].message()))
        return Given((done,), tuple(equations), tuple(findings))


def _undecided(why: str, span: Span) -> Diagnostic:
    """Return the finding for an equation that could not be decided, by the reason the judge gave."""
    premise = "premise cannot be sampled: "
    if why.startswith(premise):
        return Diagnostic("DRV408", span, {"why": why.removeprefix(premise)})
    if why == "bound on work met":
        return Diagnostic("DRV409", span, {"bound": "evaluation"})
    return Diagnostic("DRV404", span, {"why": why})


_GRADIENT = {1: {"what": "gradient", "what_zh": "导数"}, 2: {"what": "Hessian", "what_zh": "Hessian 矩阵"}}


def _wrong_part(stated: Expr, right: Expr, whole: Span) -> Span:
    """Return the span of the terms of a stated sum that the right result does not have; the whole where that tells nothing."""
    terms = stated.args if stated.op == "add" else ()
    known = {likeness(normal(t)) for t in _terms(normal(right))}
    wrong = [t.span for t in terms if likeness(normal(t)) not in known and t.span is not None]
    if not wrong or len(wrong) == len(terms):
        return whole
    span = wrong[0]
    for other in wrong[1:]:
        span = span.join(other)
    return span


def _terms(e: Expr) -> Sequence[Expr]:
    return e.args if e.op == "add" else (e,)
