"""Letters that a premise ties to what is differentiated by: where A moves, so does the x of `A x = b`.

If one letter of the premise is left to move it gives way, and its derivative is that of the premise. If there are several, the
premise does not say how each of them moves, and the derivative is refused by name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mdderive.latex.write import write
from mdderive.model.context import Context, Premise
from mdderive.model.expr import Expr
from mdderive.model.reasons import Reason
from mdderive.verify.field import Unsupported
from mdderive.verify.premises import defines, gives_rate, letters_in


def tied(trees: Sequence[Expr], context: Context) -> Mapping[Premise, str]:
    """Return the letter of each premise that moves with a letter by which the trees are differentiated.

    Raises `Unsupported` where several may.
    """
    found: dict[Premise, str] = {}
    for f, x in _derivatives(trees, context) if context.premises else ():
        reached = letters_in(f, context)
        for premise in context.premises:
            names = letters_in(premise.left, context) | letters_in(premise.right, context)
            free = {n for n in names - context.definitions.keys() if not context.has(n, "constant")} - {x.name}
            if defines(premise, context):
                free &= {premise.left.name}
            if x.name not in names or free.isdisjoint(reached) or gives_rate(premise, context):
                continue
            if len(free) > 1:
                raise Unsupported("ties", ties=tie(premise, free, x.name, context))
            found[premise] = min(free)
    return found


def tie(premise: Premise, names: Iterable[str], variable: str, context: Context) -> Reason:
    """Return what a premise does to the letters that move with a variable."""
    stated = f"{write(premise.left, context)} = {write(premise.right, context)}"
    return Reason("tie", {"premise": stated, "names": ", ".join(sorted(names)), "variable": variable})


def _derivatives(trees: Sequence[Expr], context: Context) -> Iterator[tuple[Expr, Expr]]:
    for tree in (*trees, *context.definitions.values()):
        for node in tree.walk():
            if node.op in ("deriv", "hess") and node.args[1].op == "sym":
                yield node.args[0], node.args[1]
