"""What a block takes for granted without saying so: zero derivatives, whole exponents, entrywise functions."""

from collections.abc import Iterable, Iterator

from mdderive.model.context import Context, closure
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr, sym
from mdderive.model.shapes import ONE
from mdderive.reading.tasks import GoalTask, Task

# Functions that are as common of a square matrix as of its entries.
OF_BOTH = frozenset({"exp", "log", "sqrt"})


def trees(tasks: Iterable[Task], context: Context) -> tuple[Expr, ...]:
    """Return all expressions that a block states."""
    found = list(context.definitions.values())
    for task in tasks:
        if isinstance(task, GoalTask):
            said = (side for s in task.solutions for side in (s.left, s.right))
            found += [e for e in (task.node, task.stated, *said) if e is not None]
        else:
            found += [side for pair in task.pairs for side in (pair.left, pair.right)]
    return (*found, *(side for p in context.premises for side in (p.left, p.right)))


def absent(tasks: Iterable[Task], context: Context) -> Iterator[Finding]:
    """Yield a warning for each derivative by a letter that what is differentiated does not contain."""
    told: set[tuple[Expr, str]] = set()
    for task in tasks:
        for e in trees([task], Context()):
            for node in e.walk():
                if node.op in ("deriv", "hess") and (node.args[0], node.args[1].name) not in told:
                    told.add((node.args[0], node.args[1].name))
                    f, x = node.args
                    if not _contains(f, x.name, context):
                        yield Finding("DRV413", node.span or task.span, {"name": x.name})


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


def entrywise(stated: Iterable[Expr], context: Context) -> tuple[str, ...]:
    """Return the functions of a square matrix that are read entry by entry and that might have been meant of the matrix."""
    if context.functions != "elementwise":
        return ()
    nodes = (node for e in stated for node in e.walk() if node.op == "fn" and node.name in OF_BOTH)
    return tuple(sorted({node.name for node in nodes if node.shape.rows == node.shape.cols != ONE}))
