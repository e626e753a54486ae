"""The tasks of a block to answers: derivations told and judged, stated results and equations judged, mistakes explained."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from mdderive.check.consequences import Root, granted_gradient, root_of
from mdderive.check.derivations import derivation, underived
from mdderive.check.goals import Told, tell, tell_together, told_entry
from mdderive.check.outcome import VERDICTS, row
from mdderive.engine.derive import TOO_DEEP
from mdderive.engine.likeness import likeness
from mdderive.engine.normal import normal
from mdderive.engine.seen_through import inlined
from mdderive.engine.transposing import transposed
from mdderive.latex.write import write
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding, Hint, Label, Language, MdderiveBug
from mdderive.model.expr import Expr, sym
from mdderive.model.reasons import Reason
from mdderive.model.results import HELD_BACK, Claim, Derivation, Equation, Settings, Verdict
from mdderive.model.source import Span
from mdderive.model.terms import terms_of
from mdderive.reading.obstacles import refused
from mdderive.reading.tasks import ChainTask, GoalTask, Meaning, Pair, Solved, Task, ValueTask
from mdderive.verify.edits import flipped
from mdderive.verify.hints import LAYOUT, explain, guessed_functions
from mdderive.verify.holds import holds

if TYPE_CHECKING:
    from mdderive.check.solutions import Zeros


@dataclass(frozen=True, slots=True)
class Given:
    """What a block's tasks came to; spans are offsets into the block's text."""

    answers: tuple[Derivation | Claim, ...] = ()
    equations: tuple[Equation, ...] = ()
    findings: tuple[Finding, ...] = ()


def answered(meaning: Meaning, settings: Settings) -> Given:
    """Return the answers to all tasks, in order."""
    judge = _Judge(meaning.context, settings)
    parts: list[Given] = []
    for _, run in groupby(meaning.tasks, key=lambda t: _shares(t, meaning.context)):
        tasks = tuple(run)
        goals = [t for t in tasks if isinstance(t, GoalTask)]
        known = judge.together(goals) if _shares(tasks[0], meaning.context) else {}
        parts += [judge.guarded(t, known.get(t.wrt) if isinstance(t, GoalTask) else None) for t in tasks]
    equations = tuple(e for p in parts for e in p.equations)
    findings = (_with_followers(f, equations) for p in parts for f in p.findings)
    return Given(tuple(a for p in parts for a in p.answers), equations, tuple(findings))


def _with_followers(finding: Finding, equations: Sequence[Equation]) -> Finding:
    """Return a finding with the places that are wrong only because of it."""
    followers = [e.span for e in equations if e.root and e.root.start <= finding.span.start and finding.span.end <= e.root.end]
    return replace(finding, labels=(*finding.labels, *(Label(span, _FOLLOWER) for span in followers)))


def _shares(task: Task, context: Context) -> str:
    """Return the name of the scalar whose differential a goal may share with others; empty where it is told by itself."""
    if not isinstance(task, GoalTask) or task.order != 1 or not task.f.scalar or context.layout != "denominator":
        return ""
    letters = task.f.op == task.wrt.op == "sym" and not task.entry
    told_apart = task.wrt.name in context.definitions or context.moving(task.wrt.name)
    return task.f.name if letters and not told_apart else ""


@dataclass(frozen=True, slots=True)
class _Stated:
    """A relation with its verdict; what is found wrong with it has a code and facts, and stands at `span`, else at its place."""

    place: Span
    latex: str
    sides: tuple[Expr, Expr]
    verdict: Verdict
    varying: frozenset[str] | None
    code: str
    facts: Mapping[str, str]
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class _Judge:
    context: Context
    settings: Settings
    roots: list[Root] = field(default_factory=list)

    def holds(self, left: Expr, right: Expr, text: str, varying: frozenset[str] | None = None) -> Verdict:
        seed, thorough = self.settings.seed, self.settings.thorough
        return holds(left, right, self.context, varying=varying, seed=seed, thorough=thorough, text=text)

    def guarded(self, task: Task, known: Told | None) -> Given:
        """Answer a task; a fault of mdderive costs that task only."""
        try:
            match task:
                case GoalTask():
                    return self.goal(task, known)
                case ValueTask():
                    return self.value(task)
            return self.chain(task)
        except RecursionError:
            finding, code = Finding("DRV409", task.span, {"bound": TOO_DEEP}), "too-deep"
            if isinstance(task, ValueTask) or (isinstance(task, GoalTask) and task.stated is None):
                return self._unanswered(task, finding)
        except Exception as bug:
            finding, code = Finding("DRV901", task.span, {"what": f"{type(bug).__name__}: {bug}"}), "internal-error"
        return self._lost(task, finding, Reason(code))

    def _lost(self, task: Task, finding: Finding, reason: Reason) -> Given:
        """Return what is left of a task that broke off: its relations, undecided."""
        stated = [(p.span, p.latex) for p in task.pairs] if isinstance(task, ChainTask) else []
        if isinstance(task, GoalTask) and task.stated is not None:
            stated = [(task.stated_span or task.span, task.latex)]
        return Given((), tuple(row(span, latex, "assert", "doubtful", reason) for span, latex in stated), (finding,))

    # ------------------------------------------------------------ claims and chains

    def chain(self, task: ChainTask) -> Given:
        verdicts: list[Verdict] = []
        equations: list[Equation] = []
        findings: list[Finding] = []
        for pairs in _chains(task.pairs):
            judged = [self.holds(p.left, p.right, p.latex, task.varying) for p in pairs]
            verdicts += judged
            for given in self._judged(pairs, judged, task):
                equations += given.equations
                findings += given.findings
        worst = next((v for o in ("wrong", "undecided") for v in verdicts if v.outcome == o), verdicts[-1])
        answer = Claim("claim" if len(task.pairs) == 1 else "chain", task.latex, worst)
        return Given((answer,), tuple(equations), tuple(findings))

    def _judged(self, pairs: Sequence[Pair], verdicts: Sequence[Verdict], task: ChainTask) -> Iterator[Given]:
        """Yield what each pair of one chain comes to; a false step back to what the chain began with is no new mistake."""
        head, slip = pairs[0].left, None
        for i, (pair, verdict) in enumerate(zip(pairs, verdicts, strict=True)):
            wrong = verdict.outcome == "wrong"
            back = slip if wrong and i and self._true(head, pair.right, task.varying) else None
            facts = self._step(pairs, i, task.varying) if wrong else None
            if facts and slip and not self._true(head, pair.left, task.varying):
                facts = {**facts, HELD_BACK: pair.latex}
            given = self._relation(pair, verdict, task.varying, facts, back)
            if wrong and not back:
                slip = given.equations[0].root or pair.span
            if slip and not back and i:
                self.roots.append(Root(slip, (head, pair.right)))
            yield given
        if len(pairs) > 1 and {v.outcome for v in verdicts} <= {"holds", "undecided"} != {"holds"}:
            whole = self.holds(head, pairs[-1].right, f"{task.latex} from end to end", task.varying)
            if whole.outcome == "wrong":
                labels = (Label(head.span, _HEAD),) if head.span else ()
                yield Given((), (), (Finding("DRV402", pairs[-1].span, {}, labels, witness=whole.witness),))

    def _step(self, pairs: Sequence[Pair], i: int, varying: frozenset[str] | None) -> dict[str, str]:
        """Return what a false step means for the end of its chain."""
        if len(pairs) == 1:
            return {}
        words = _END_RIGHT if i < len(pairs) - 1 and self._true(pairs[0].left, pairs[-1].right, varying) else _END_WRONG
        return {"end": words["en"], "end_zh": words["zh"]}

    def _relation(
        self, pair: Pair, verdict: Verdict, varying: frozenset[str] | None, facts: dict[str, str] | None, back: Span | None
    ) -> Given:
        """Return the row for one relation with its findings: none where it only follows from a mistake before."""
        code = "DRV403" if facts else "DRV402"
        return self._row(_Stated(pair.span, pair.latex, (pair.left, pair.right), verdict, varying, code, facts or {}), back)

    def _row(self, stated: "_Stated", root: Span | None = None) -> Given:
        verdict = stated.verdict
        if verdict.outcome == "wrong":
            found = None if root else root_of(*stated.sides, self.roots, lambda a, b: self._true(a, b, stated.varying))
            root = root or (found.span if found else None)
            self.roots.append(Root(root or stated.place, stated.sides))
        equation = row(stated.place, stated.latex, "assert", VERDICTS[verdict.outcome], verdict.reason)
        return Given((), (replace(equation, root=root),), () if root else tuple(self._findings(stated)))

    def _true(self, left: Expr, right: Expr, varying: frozenset[str] | None) -> bool:
        return left == right or self.holds(left, right, "chain", varying).outcome == "holds"

    def _findings(self, stated: "_Stated") -> Iterator[Finding]:
        verdict, span = stated.verdict, stated.span or stated.place
        if verdict.outcome == "wrong":
            hints = explain(*stated.sides, self.context, varying=stated.varying, seed=self.settings.seed)
            guessed = guessed_functions(*stated.sides, self.context)
            facts = {**stated.facts, **({HELD_BACK: ", ".join(guessed)} if guessed else {})}
            yield Finding(stated.code, span, facts, hints=hints, witness=verdict.witness)
        elif verdict.outcome == "undecided":
            yield _undecided(verdict.reason, span)

    # ------------------------------------------------------------ goals

    def together(self, tasks: Sequence[GoalTask]) -> dict[Expr, Told]:
        """Return the gradients of one scalar by several variables, told from one differential; none where there is only one."""
        variables = tuple(dict.fromkeys(t.wrt for t in tasks))
        if len(variables) < 2:
            return {}
        try:
            told = tell_together(tasks[0].f, variables, self.context, settings=self.settings)
        except MdderiveBug:  # each is told by itself then, so that the fault costs one of them only
            return {}
        return {} if isinstance(told, Finding) else dict(zip(variables, told, strict=True))

    def goal(self, task: GoalTask, known: Told | None = None) -> Given:
        """Answer a goal; `known` is its derivation where it was told with others."""
        told: Told | Finding = known or tell(task.f, task.wrt, self.context, order=task.order, settings=self.settings)
        if task.entry and isinstance(told, Told):
            told = told_entry(told, task.node, self.settings)
        if task.misfit:
            return Given((), (), (replace(task.misfit, hints=(*self._fitting(task, told), *task.misfit.hints)),))
        if isinstance(told, Finding):
            return self._underived(task, told)
        answer = derivation(told, task.latex, task.span, settings=self.settings, node=task.node)
        if task.stated is None:
            open_ = told.verdict.outcome != "holds"
            return Given((answer,), (), (_undecided(told.verdict.reason, task.span),) if open_ else ())
        if task.zero:
            return self._solved(task, told, answer)
        derived = told.verdict.outcome == "holds" and (told.derivative, told.gradient) == (task.node, task.stated)
        same_letters = told.context.definitions == self.context.definitions
        verdict = (
            told.verdict
            if derived and same_letters
            else self.holds(task.node, task.stated, task.latex, frozenset({task.wrt.name}))
        )
        span = _wrong_part(task.stated, told.gradient, task.stated_span or task.span)
        facts = {**GRADIENT[task.order], "right": answer.result}
        given = self._stated(task, facts, span, task.stated, verdict)
        right = told.gradient if task.node.op == "deriv" else transposed(told.gradient)
        same = likeness(normal(task.stated)) == likeness(right)
        stated = replace(answer, result=answer.result if same else task.latex, verdict=verdict)
        return replace(given, answers=(stated,))

    def _stated(self, task: GoalTask, facts: dict[str, str], span: Span, stated: Expr, verdict: Verdict) -> Given:
        place, varying = task.stated_span or task.span, frozenset({task.wrt.name})
        return self._row(_Stated(place, task.latex, (task.node, stated), verdict, varying, "DRV401", facts, span))

    def _fitting(self, task: GoalTask, told: Told | Finding) -> Iterator[Hint]:
        """Yield what would be right in place of a result whose shapes do not fit: its transpose, or what was derived."""
        if task.turned is not None and self._true(task.node, task.turned, frozenset({task.wrt.name})):
            words = LAYOUT if self.context.layout == "denominator" else {}
            yield Hint("layout", words, write(flipped(task.turned.args[0]), self.context))
        elif isinstance(told, Told) and told.verdict.outcome == "holds":
            right = transposed(told.gradient) if task.node.op == "transpose" else told.gradient
            yield Hint("shape", _DERIVED, write(right, told.context))

    def value(self, task: ValueTask) -> Given:
        """Work out the derivatives in an expression, and what it comes to."""
        from mdderive.check.values_told import value_told  # lazily: for what asks for no derivative by itself

        told = value_told(task.node, self.context, settings=self.settings)
        if isinstance(told, Finding):
            return self._unanswered(task, told)
        answer = derivation(told, task.latex, task.span, settings=self.settings)
        open_ = told.verdict.outcome != "holds"
        return Given((answer,), (), (_undecided(told.verdict.reason, task.span),) if open_ else ())

    def _unanswered(self, task: GoalTask | ValueTask, why: Finding) -> Given:
        """Answer what was asked for and not found."""
        why = replace(why, span=task.span)
        return Given((underived(task.latex, task.span, why, self.context.layout),), (), (why,))

    def _underived(self, task: GoalTask, why: Finding) -> Given:
        """Answer a goal that no derivation was found for: a stated result is judged all the same."""
        if task.stated is None or task.zero:
            return self._unanswered(task, why)
        verdict = self.holds(task.node, task.stated, task.latex, frozenset({task.wrt.name}))
        span = task.stated_span or task.span
        facts = {**GRADIENT[task.order], "right": why.message()}
        answer = replace(underived(task.latex, task.span, replace(why, span=task.span), self.context.layout), verdict=verdict)
        return replace(self._stated(task, facts, span, task.stated, verdict), answers=(answer,))

    # ------------------------------------------------------------ zero of the gradient

    def _solved(self, task: GoalTask, told: Told, answer: Derivation) -> Given:
        """Tell how the gradient set to zero is solved, and judge what is said to follow."""
        zeros = self._zeros(told.gradient, task)
        if zeros.unknown != task.wrt and task.wrt in (node for node in zeros.gradient.walk()):  # not solved for both at once
            return self._unanswered(task, Finding("DRV405", task.span, {"operator": task.wrt.name}))
        lines = zeros.solution()
        right = f"{lines[-1].left} = {lines[-1].right}" if lines else zeros.equation()
        equations: list[Equation] = []
        findings: list[Finding] = []
        verdicts = [told.verdict]
        for said in task.solutions:
            if said.right is None:
                findings += [] if lines else [Finding("DRV420", said.span, {"name": said.latex, "equation": right})]
                continue
            verdict, (left, zero) = zeros.judged(said)
            verdicts.append(verdict)
            root = self._solved_before(task, said) if verdict.outcome == "wrong" else None
            judged = row(said.span, said.latex, "assert", VERDICTS[verdict.outcome], verdict.reason)
            equations.append(replace(judged, root=root))
            stated = _Stated(said.span, said.latex, (left, zero), verdict, None, "DRV407", {"right": right})
            findings += () if root else self._findings(stated)
        worst = next((v for o in ("wrong", "undecided") for v in verdicts if v.outcome == o), verdicts[-1])
        last = task.solutions[-1]
        solution = right if last.right is None else last.latex
        if last.right is not None and verdicts[-1].outcome == "holds" and not zeros.agrees(lines, last):
            lines = zeros.put_in(last)
        done = replace(answer, verdict=worst, solution=solution, solution_steps=lines)
        if findings and findings[0].code == "DRV420":
            done = replace(done, verdict=Verdict("undecided", reason=refused(findings[0])))
        return Given((done,), tuple(equations), tuple(findings))

    def _zeros(self, gradient: Expr, task: GoalTask) -> "Zeros":
        from mdderive.check.solutions import Zeros  # lazily: for what is solved alone

        return Zeros(inlined(gradient, self.context), self._unknown(task.wrt), self.context, self.settings)

    def _unknown(self, x: Expr) -> Expr:
        """Return what is to be found where the derivative by x is zero: of a conjugate letter the letter itself."""
        symbol = self.context.symbols.get(x.name)
        return sym(symbol.conjugate, x.shape) if symbol is not None and symbol.conjugate else x

    def _solved_before(self, task: GoalTask, said: Solved) -> Span | None:
        """Return the place of a wrong gradient whose zero has the stated solution."""
        for root, gradient in granted_gradient(task.node, self.roots):
            zeros = self._zeros(gradient, task)
            if zeros.judged(said)[0].outcome == "holds":
                return root.span
        return None


def _chains(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, ...]]:
    """Yield the runs of pairs in which each begins with what the one before ends with."""
    run: list[Pair] = []
    for pair in pairs:
        if run and pair.left != run[-1].right:
            yield tuple(run)
            run = []
        run.append(pair)
    yield tuple(run)


# The findings on equations that could not be decided, by the reasons that the judge gave; DRV404 for all others.
_UNDECIDED: Mapping[str, str] = {"premise": "DRV408", "ties": "DRV416", "bound-on-work": "DRV409"}


def _undecided(reason: Reason | None, span: Span) -> Finding:
    """Return the finding for an equation that could not be decided."""
    reason = reason or Reason("undecided")
    facts = {"bound": "evaluation"} if reason.code == "bound-on-work" else {}
    return Finding(_UNDECIDED.get(reason.code, "DRV404"), span, facts, reason=reason)


Words = Mapping[Language, str]
_FOLLOWER: Words = {"en": "wrong only because of this mistake", "zh": "仅因此错误而错"}
_HEAD: Words = {"en": "the chain begins here", "zh": "链从这里开始"}
_DERIVED: Mapping[str, str] = {"en": "what was derived, of the right shape, is", "zh": "推导得到的形状正确的结果是"}
_END_RIGHT: Words = {
    "en": "the end of the chain equals its beginning all the same, so the slip is on the way",
    "zh": "链的末端仍与开头相等，可见笔误在中途",
}
_END_WRONG: Words = {"en": "the end of the chain differs from its beginning", "zh": "链的末端与开头不相等"}
GRADIENT = {1: {"what": "gradient", "what_zh": "导数"}, 2: {"what": "Hessian", "what_zh": "Hessian 矩阵"}}


def _wrong_part(stated: Expr, right: Expr, whole: Span) -> Span:
    """Return the span of the terms of a stated sum that the right result does not have; the whole where that tells nothing."""
    terms = stated.args if stated.op == "add" else ()
    known = {likeness(normal(t)) for t in terms_of(normal(right))}
    wrong = [t.span for t in terms if likeness(normal(t)) not in known and t.span is not None]
    if not wrong or len(wrong) == len(terms):
        return whole
    span = wrong[0]
    for other in wrong[1:]:
        span = span.join(other)
    return span
