"""What a block states beside its claims and takes for granted, and its tasks once every size has a name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mdderive.latex.elaborate import Resolution
from mdderive.latex.syntax import Ask
from mdderive.model.context import Context, closure
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr, sym
from mdderive.model.shapes import ONE
from mdderive.model.source import Span
from mdderive.reading.formulas import Definition, FunctionDefinition, Goal, Item, PremiseFormula
from mdderive.reading.tasks import ChainTask, GoalTask, Stated, Task, Unread, ValueTask

# Functions that are as common of a square matrix as of its entries.
OF_BOTH = frozenset({"exp", "log", "sqrt"})


def stated_by(items: Iterable[Item], unread: Sequence[Unread], text: str) -> Iterator[Stated]:
    """Yield the relations that claim nothing, those that could not be read excepted."""
    for item in items:
        if any(item.span.start <= u.span.start < item.span.end for u in unread):
            continue
        latex = _latex(text, item.span)
        match item:
            case Definition(name=name, value=value, sides=()):
                yield Stated(value.span, f"{name} = {_latex(text, value.span)}", "define", name)
            case FunctionDefinition(name=name, body=body):
                yield Stated(body.span, latex, "define", name)
            case PremiseFormula(right=right):
                yield Stated(right.span, latex, "suppose")
            case Goal(stated=None) if latex.endswith("?"):
                yield Stated(Span(item.span.end - 1, item.span.end), latex, "ask")
            case Goal(node=node, stated=zero, solutions=[_, *_] as said) if zero is not None:
                yield Stated(zero.span, _latex(text, node.span.join(zero.span)), "solve")
                asked = [(left, right) for left, right in said if isinstance(right, Ask)]
                yield from (Stated(right.span, f"{_latex(text, left.span)} = ?", "ask") for left, right in asked)


def _latex(text: str, span: Span) -> str:
    return " ".join(text[span.start : span.end].split())


def resolved(task: Task, resolution: Resolution) -> Task:
    """Return a task with every size named."""
    if isinstance(task, ValueTask):
        return replace(task, node=resolution.expr(task.node))
    if isinstance(task, ChainTask):
        pairs = tuple(replace(p, left=resolution.expr(p.left), right=resolution.expr(p.right)) for p in task.pairs)
        return replace(task, pairs=pairs)
    stated = None if task.stated is None else resolution.expr(task.stated)
    turned = None if task.turned is None else resolution.expr(task.turned)
    solutions = tuple(
        replace(s, left=resolution.expr(s.left), right=s.right and resolution.expr(s.right)) for s in task.solutions
    )
    return replace(task, node=resolution.expr(task.node), stated=stated, solutions=solutions, turned=turned)


def goals_letters(tasks: Iterable[Task], context: Context) -> frozenset[str]:
    """Return the letters that the goals vary: their variables, and what a variable is made of that is itself defined."""
    variables = {task.wrt.name: task.wrt for task in tasks if isinstance(task, GoalTask)}
    free = frozenset(variables.keys() - context.definitions.keys())
    made = frozenset(name for x in variables.values() for name in closure(x, context)) - context.definitions.keys()
    moving = free or made
    pairs = ((name, s.conjugate) for name, s in context.symbols.items() if s.conjugate)
    return moving.union(*({x, bar} for bar, x in pairs if moving & {x, bar}))  # a differential moves conjugates together


def with_varying(task: Task, goals: frozenset[str], context: Context) -> Task:
    """Return a chain with the letters that vary in it; where it speaks of the differential of another one, all do."""
    if not isinstance(task, ChainTask) or not goals:
        return task
    nodes = (node for pair in task.pairs for side in (pair.left, pair.right) for node in side.walk())
    moved = {node.args[0].name for node in nodes if node.op == "d" and node.args[0].op == "sym"}
    return replace(task, varying=goals if moved - context.definitions.keys() <= goals else None)


def stated_trees(tasks: Iterable[Task], context: Context) -> tuple[Expr, ...]:
    """Return all expressions that a block states."""
    found = list(context.definitions.values())
    for task in tasks:
        if isinstance(task, GoalTask):
            said = (side for s in task.solutions for side in (s.left, s.right))
            found += [e for e in (task.node, task.stated, *said) if e is not None]
        elif isinstance(task, ValueTask):
            found.append(task.node)
        else:
            found += [side for pair in task.pairs for side in (pair.left, pair.right)]
    return (*found, *(side for p in context.premises for side in (p.left, p.right)))


def absent_letters(tasks: Iterable[Task], context: Context) -> Iterator[Finding]:
    """Yield a warning for each derivative by a letter that what is differentiated does not contain."""
    told: set[tuple[Expr, str]] = set()
    for task in tasks:
        for e in stated_trees([task], Context()):
            for node in e.walk():
                if node.op in ("deriv", "hess") and (node.args[0], node.args[1].name) not in told:
                    told.add((node.args[0], node.args[1].name))
                    f, x = node.args
                    if not _contains(f, x.name, context):
                        yield Finding("DRV413", node.span or task.span, {"name": x.name})


def stands_still(task: GoalTask, context: Context) -> bool:
    """Tell whether a goal differentiates a letter that is declared and not defined, and it is known or said that this is zero."""
    zero = task.stated is not None and task.stated.op in ("num", "zero") and task.stated.value == 0
    return context.has(task.f.name, "constant") or (zero and not context.symbols[task.f.name].inferred)


def _contains(f: Expr, name: str, context: Context) -> bool:
    """Tell whether an expression contains a letter, through definitions, functions of it and premises that tie it to others."""
    sought = {name, *context.moving(name)}
    reached = closure(f, context)
    for _ in context.premises:
        for p in context.premises:
            tied = closure(p.left, context) | closure(p.right, context)
            reached |= tied if tied & reached else set()
    if name in context.definitions:
        sought |= closure(sym(name, context.symbols[name].shape), context)
    return bool(sought & reached)


def whole_exponents(stated: Iterable[Expr], context: Context) -> tuple[str, ...]:
    """Return the letters that are taken for integers because they stand in the exponent of a matrix."""
    powers = (node for e in stated for node in e.walk() if node.op == "pow" and not node.args[0].scalar)
    names = {leaf.name for power in powers for leaf in power.args[1].walk() if leaf.op == "sym"}
    free = (name for name in names - context.definitions.keys() if not context.has(name, "integer"))
    return tuple(sorted(free))


def taken_entrywise(stated: Iterable[Expr], context: Context) -> tuple[str, ...]:
    """Return the functions of a square matrix that are read entry by entry and that might have been meant of the matrix."""
    if context.functions != "elementwise":
        return ()
    nodes = (node for e in stated for node in e.walk() if node.op == "fn" and node.name in OF_BOTH)
    return tuple(sorted({node.name for node in nodes if node.shape.rows == node.shape.cols != ONE}))
