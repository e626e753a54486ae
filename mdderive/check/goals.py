"""From a goal to a derivation that was judged line by line.

Every line is written as LaTeX, read back from that text, and only then judged: what is printed is what was checked. A line that
fails is a fault of mdderive (a rule, the writer or the engine), never shown as true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from time import perf_counter

from mdderive.engine.derive import derive, derive_together
from mdderive.engine.differentiate import replaced
from mdderive.engine.entries import entry
from mdderive.engine.lecture import Rewrite
from mdderive.engine.lettered import arguments_named, derivatives_worked_out, named, spoken_of
from mdderive.engine.normal import normal
from mdderive.latex.elaborate import Printed
from mdderive.latex.write import Writer
from mdderive.model.conjugation import moving_with
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding, Language, MdderiveBug, Refusal
from mdderive.model.expr import Expr, derivative
from mdderive.model.properties import PROPERTIES
from mdderive.model.reasons import Reason
from mdderive.model.results import Settings, Step, Verdict
from mdderive.model.source import Span
from mdderive.rules import laws
from mdderive.verify.field import Unsupported
from mdderive.verify.holds import holds, holds_pairs
from mdderive.verify.premises import tie, tied

DEFAULTS = Settings()
_CAPTIONS: Mapping[str, Mapping[Language, str]] = {
    "substitution": {"en": "substitution", "zh": "代入"},
    "indices": {"en": "sum over indices in matrix form", "zh": "对指标的求和写成矩阵形式"},
    "sum-linearity": {"en": "linearity of the sum", "zh": "求和的线性"},
    "entry": {"en": "entry of the gradient", "zh": "取梯度的元素"},
    "direction": {"en": "the direction in place of the differential", "zh": "以方向代替微分"},
    "value": {"en": "the letter at its value", "zh": "代入字母的值"},
    "wirtinger": {"en": "Wirtinger derivative: conjugate letters stand still", "zh": "Wirtinger 导数：共轭字母视为不动"},
    "member": {"en": "coefficient of one differential", "zh": "取一个微分的系数"},
    "premise": {"en": "premise", "zh": "前提"},
    "moving": {"en": "function of one variable", "zh": "一元函数"},
}
_CONSTANT: Mapping[Language, str] = {"en": "{letters} constant", "zh": "{letters} 为常量"}
_DECLARED: Mapping[str, Mapping[Language, str]] = {
    row.name: {"en": f"{{letters}} {row.name}", "zh": f"{{letters}} {row.zh}"} for row in PROPERTIES.values()
}


@cache
def captions() -> Mapping[str, Mapping[Language, str]]:
    """Return the caption of every rule, and of the steps that are no rule."""
    return {**_CAPTIONS, **{rule.name: {"en": rule.en, "zh": rule.zh} for rule in laws.RULES}}


@dataclass(frozen=True, slots=True)
class Told:
    """A derivation as text, the verdict on it, and the milliseconds that deriving and verifying took.

    `derivative`, `gradient` and `context` are what was read back: the sides of the last line and where they were judged.
    """

    lines: tuple[Step, ...]
    derivative: Expr
    gradient: Expr
    context: Context
    verdict: Verdict
    ms_derive: float
    ms_verify: float


def tell(f: Expr, wrt: Expr, context: Context, *, order: int = 1, settings: Settings = DEFAULTS) -> Told | Finding:
    """Return the judged derivation of ∂f/∂wrt (`order` 2: of the Hessian), as deep as settings say, or why none is found.

    Raises `MdderiveBug` where a line of the derivation does not read back or does not hold.
    """
    start = perf_counter()
    context = replace(context, sizes=context.sizes | context.undetermined)  # what 1^T 1 comes to
    for node in (node for tree in (f, *context.definitions.values()) for node in tree.walk()):
        if node.op in ("d", "along", "at"):
            return Finding("DRV405", f.span or Span(0, 0), {"operator": node.op})
    if (bound := bound_by_premises(f, wrt, context)) is not None:
        return bound
    asked = f
    try:
        f, context, worked_out = derivatives_worked_out(f, wrt, context)
    except Refusal as refusal:
        return refusal.diagnostic
    f, context, arguments = arguments_named(f, wrt, context)
    letter, context = named(f, context)
    derivation = derive(letter, wrt, context, order=order, full=settings.steps == "full")
    if isinstance(derivation, Finding):
        return derivation
    told = (*worked_out, *arguments, *(() if letter == f else (Rewrite(letter, f, ()),)), *derivation.steps)
    if asked.op == "deriv" and worked_out and asked.args[0].op == "sym":
        told = spoken_of(asked, letter, told)
    writer = Writer(context)
    lines = tuple(line_told(step, writer) for step in (_brief(told) if settings.steps == "brief" else told))
    middle = perf_counter()
    together = context.layout == "denominator" and order == 1 and letter.scalar
    judged = lines_judged(lines, moving_with(wrt, context) if together else (wrt,), context, settings)
    if isinstance(judged, Finding):
        return judged
    sides, verdict = judged
    return Told(lines, *sides, context, verdict, 1000 * (middle - start), 1000 * (perf_counter() - middle))


def told_entry(told: Told, node: Expr, settings: Settings) -> Told:
    """Return a derivation that goes on to one entry of the gradient."""
    derivative = next(part for part in node.walk() if part.op == "deriv")
    units = tuple(part for part in node.walk() if part.op == "unit" and part not in derivative.walk())
    line = line_told(Rewrite(node, entry(normal(told.gradient), units), ("entry",)), Writer(told.context))
    sides = Printed(told.context).equation(line.left, line.right)
    if isinstance(sides, Finding):
        raise MdderiveBug(f"{line.left} = {line.right} does not read back: {sides.code} {sides.message()}")
    known = replaced(sides[0], {derivative: told.gradient})  # which was judged in the line before
    verdict = holds(known, sides[1], told.context, seed=settings.seed, thorough=settings.thorough, text=line.left)
    if verdict.outcome == "wrong":
        raise MdderiveBug(f"{line.left} = {line.right} does not hold")
    verdict = verdict if told.verdict.outcome == "holds" else told.verdict
    return replace(told, lines=(*told.lines, line), derivative=sides[0], gradient=sides[1], verdict=verdict)


def bound_by_premises(f: Expr, wrt: Expr, context: Context) -> Finding | None:
    """Return what is to be said where a premise makes letters of f move with the variable: derivations take them for constant."""
    try:
        ties = tied((derivative("deriv", f, wrt, layout=context.layout),), context)
    except Unsupported as unsupported:
        return Finding("DRV416", f.span or Span(0, 0), reason=unsupported.reason)
    for premise, name in ties.items():
        reason = Reason("ties", {"ties": tie(premise, [name], wrt.name, context)})
        return Finding("DRV416", f.span or Span(0, 0), reason=reason)
    return None


def tell_together(
    f: Expr, variables: Sequence[Expr], context: Context, *, settings: Settings = DEFAULTS
) -> tuple[Told, ...] | Finding:
    """Return the judged derivations of the gradients of a named scalar, which share all lines but the last."""
    start = perf_counter()
    bound = next(filter(None, (bound_by_premises(f, x, context) for x in variables)), None)
    if bound is not None:
        return bound
    derivations = derive_together(f, variables, context, full=settings.steps == "full")
    if isinstance(derivations, Finding):
        return derivations
    found: list[Told] = []
    for derivation in derivations:
        told = _brief(derivation.steps) if settings.steps == "brief" else derivation.steps
        writer = Writer(context)
        lines = tuple(line_told(step, writer) for step in told)
        middle = perf_counter()
        judged = lines_judged(lines, variables, context, settings)
        if isinstance(judged, Finding):
            return judged
        found.append(Told(lines, *judged[0], context, judged[1], 1000 * (middle - start), 1000 * (perf_counter() - middle)))
        start = perf_counter()
    return tuple(found)


def _brief(steps: Sequence[Rewrite]) -> Sequence[Rewrite]:
    """Return the first and the last step of each run with one left side."""
    runs = [list(group) for _, group in groupby(steps, key=lambda s: s.left)]
    return [step for run in runs for step in (run if len(run) < 3 else (run[0], run[-1]))]


def line_told(step: Rewrite, writer: Writer) -> Step:
    """Return a step as text, with its caption."""
    captioned = tuple(name for name in step.laws if name in captions())
    parts: list[Mapping[Language, str]] = [captions()[name] for name in captioned if name not in _DECLARED]
    parts += [_about(_DECLARED[name], step.letters) for name in captioned if name in _DECLARED and step.letters]
    parts += [_about(_CONSTANT, step.constants)] if step.constants else []
    caption: dict[Language, str] = {
        "en": "; ".join(p["en"] for p in parts),
        "zh": "；".join(p["zh"] for p in parts),
    }
    return Step(writer.whole(step.left), writer.whole(step.right), caption, captioned)


def _about(caption: Mapping[Language, str], letters: Sequence[str]) -> Mapping[Language, str]:
    """Return a caption about letters, set as math inside the text."""
    listed = ", ".join(f"${name}$" for name in letters)
    return {lang: words.format(letters=listed) for lang, words in caption.items()}


def lines_judged(
    lines: Sequence[Step], variables: Sequence[Expr], context: Context, settings: Settings
) -> tuple[tuple[Expr, Expr], Verdict] | Finding:
    """Read every line back and judge it, the variables alone moving; return the last line read back and the verdict."""
    pairs: list[tuple[Expr, Expr]] = []
    printed = Printed(context)
    for line in lines:
        sides = printed.equation(line.left, line.right)
        if isinstance(sides, Finding) and sides.code == "DRV215":  # too long to be read, so too long to be told
            return Finding("DRV409", variables[0].span or Span(0, 0), {"bound": sides.facts["bound"]})
        # The formula itself divides by what is always zero, or has a form that is not read of complex letters.
        if isinstance(sides, Finding) and sides.code in ("DRV225", "DRV231"):
            return replace(sides, span=variables[0].span or Span(0, 0))
        if isinstance(sides, Finding):
            raise MdderiveBug(f"{line.left} = {line.right} does not read back: {sides.code} {sides.message()}")
        pairs.append(sides)
    varying = frozenset(x.name for x in variables)
    verdicts = holds_pairs(pairs, context, varying=varying, seed=settings.seed, thorough=settings.thorough, text=lines[-1].left)
    for verdict, line in zip(verdicts, lines, strict=True):
        if verdict.outcome == "wrong":
            raise MdderiveBug(f"{line.left} = {line.right} does not hold ({', '.join(line.rules)})")
    undecided = [v for v in verdicts if v.outcome == "undecided"]
    return pairs[-1], undecided[0] if undecided else verdicts[-1]
