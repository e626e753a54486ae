"""Which letters vary in a chain: those that its block differentiates by, unless the chain itself speaks of others."""

from collections.abc import Iterable
from dataclasses import replace

from mdderive.model.context import Context
from mdderive.model.expr import Expr
from mdderive.reading.scope import mentioned
from mdderive.reading.tasks import GoalTask, Task


def closure(e: Expr, context: Context) -> set[str]:
    """Return the letters that an expression depends on, also through definitions and unknown functions."""
    reached: set[str] = set()
    waiting = [e]
    while waiting:
        for name in mentioned(waiting.pop()) - reached:
            reached.add(name)
            own = context.elementwise.get(name)
            waiting += [own.body] if own is not None and own.body is not None else []
            inner = context.unknown.get(name, "")
            waiting += [context.definitions[n] for n in (name, inner) if n in context.definitions]
            reached |= {inner} - {""}
    return reached


def goals_letters(tasks: Iterable[Task], context: Context) -> frozenset[str]:
    """Return the letters that the goals vary: their variables, and what a variable is made of that is itself defined."""
    variables = {task.wrt.name: task.wrt for task in tasks if isinstance(task, GoalTask)}
    free = frozenset(variables.keys() - context.definitions.keys())
    made = frozenset(name for x in variables.values() for name in closure(x, context)) - context.definitions.keys()
    return free or made


def with_varying(task: Task, goals: frozenset[str], context: Context) -> Task:
    """Return a chain with the letters that vary in it; where it speaks of the differential of another one, all do."""
    if isinstance(task, GoalTask) or not goals:
        return task
    nodes = (node for pair in task.pairs for side in (pair.left, pair.right) for node in side.walk())
    moved = {node.args[0].name for node in nodes if node.op == "d" and node.args[0].op == "sym"}
    return replace(task, varying=goals if moved - context.definitions.keys() <= goals else None)
