"""What an expression with derivatives in it comes to: each is told, then its result is put in.

So a product of a Hessian and a vector, a Newton step, a derivative in a direction or at a value is answered like a gradient: line
by line, every line read back and judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

from mdderive.check.goals import DEFAULTS, Told, line_told, lines_judged, tell
from mdderive.engine.derive import directional
from mdderive.engine.differentiate import no_law
from mdderive.engine.entries import entry
from mdderive.engine.fold import fold
from mdderive.engine.lecture import Rewrite
from mdderive.engine.lettered import named
from mdderive.engine.normal import normal
from mdderive.engine.seen_through import inlined
from mdderive.engine.transposing import tidy_transposes
from mdderive.latex.write import Writer
from mdderive.model.context import Context, put_in
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import Expr, make, num, rebuilt
from mdderive.model.results import Settings, Step, Verdict

PLACED = frozenset({"along", "at"})
MOVES = PLACED | {"deriv", "hess"}


def value_told(node: Expr, context: Context, *, settings: Settings = DEFAULTS) -> Told | Finding:
    """Return the judged way to what an expression comes to, or why it is not found."""
    start = perf_counter()
    working = _Working(context, settings)
    try:
        value = working.value(node)
        if working.last != (node, value):
            working.say([Rewrite(node, value, ("substitution",))])
    except Refusal as refusal:
        return refusal.diagnostic
    verdict = next((v for v in working.verdicts if v.outcome != "holds"), working.verdicts[-1])
    spent = 1000 * (perf_counter() - start)
    lines = tuple(dict.fromkeys(working.lines))
    return Told(lines, node, working.read, working.context, verdict, spent - working.judging, working.judging)


@dataclass(slots=True)
class _Working:
    """The lines so far with their verdicts, the last right side as it was read back, and the names that lines gave."""

    context: Context
    settings: Settings
    lines: list[Step] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    known: dict[Expr, Expr] = field(default_factory=dict)
    last: tuple[Expr, Expr] | None = None
    read: Expr = field(default_factory=lambda: num(0))
    judging: float = 0.0

    def say(self, steps: Sequence[Rewrite], *variables: Expr) -> Expr:
        """Tell steps in which some letters move, and return what the last comes to."""
        start = perf_counter()
        told = [line_told(step, Writer(self.context)) for step in steps]
        judged = lines_judged(told, variables, self.context, self.settings)
        if isinstance(judged, Finding):
            raise Refusal(judged)
        sides, verdict = judged
        return self.take(told, (steps[-1].left, steps[-1].right), sides[1], verdict, 1000 * (perf_counter() - start))

    def take(self, told: Sequence[Step], last: tuple[Expr, Expr], read: Expr, verdict: Verdict, ms: float) -> Expr:
        """Add judged lines, and return the right side of the last."""
        self.lines += told
        self.read = read
        self.verdicts.append(verdict)
        self.last = last
        self.judging += ms
        return last[1]

    @property
    def symmetric(self) -> frozenset[str]:
        return frozenset(n for n in self.context.symbols if self.context.has(n, "symmetric"))

    def value(self, e: Expr) -> Expr:
        """Return what an expression comes to, in normal form; of an entry, that of what is inside."""
        ends = tuple(a.args[0] if a.op == "transpose" else a for a in (*e.args[:1], *e.args[2:]))
        if e.op == "mul" and all(a.op == "unit" for a in ends) and not e.args[1].scalar:
            return entry(normal(self.inside(e.args[1])), ends)
        return self.tidied(self.inside(e))

    def tidied(self, e: Expr) -> Expr:
        return fold(tidy_transposes(normal(e), self.symmetric))

    def inside(self, e: Expr) -> Expr:
        """Return a tree with what its derivatives come to in their place."""
        if e.op in MOVES:
            if e not in self.known:
                self.known[e] = self.moved(e)
            return self.known[e]
        return rebuilt(e, tuple(map(self.inside, e.args)))

    def moved(self, e: Expr) -> Expr:
        """Return what a derivative comes to, those inside it first where the engine takes none."""
        if any(node.op in (MOVES if e.op == "along" else PLACED) for node in e.args[0].walk()):
            e = rebuilt(e, (self.inside(e.args[0]), *e.args[1:]))
        match e.op:
            case "along":
                return self.along(e)
            case "at":
                value = put_in(inlined(self.inside(e.args[0]), self.context), e.args[1], e.args[2], self.context)
                if value is None:
                    raise Refusal(no_law(e))
                found = self.say([Rewrite(e, self.tidied(value), ("value",))])
                if self.verdicts[-1].outcome != "holds":  # it may have none there
                    raise Refusal(no_law(e))
                return found
        told = tell(e.args[0], e.args[1], self.context, order=1 if e.op == "deriv" else 2, settings=self.settings)
        if isinstance(told, Finding):
            raise Refusal(told)
        self.context = told.context
        return self.take(told.lines, (e, told.gradient), told.gradient, told.verdict, told.ms_verify)

    def along(self, e: Expr) -> Expr:
        f, x, direction = e.args
        direction = self.inside(direction)
        letter, self.context = named(f, self.context)
        steps = directional(letter, x, direction, self.context)
        if isinstance(steps, Finding):
            raise Refusal(steps)
        value = self.say([*([] if letter == f else [Rewrite(letter, f, ())]), *steps], x)
        self.last = (make("along", f, x, direction), value)
        return value
