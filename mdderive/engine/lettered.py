"""What is differentiated, brought into letters: names for formulas that have none, derivatives within it worked out.

The engine differentiates a defined name; an unknown function is told by the letter that it is a function of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mdderive.engine.derive import derive
from mdderive.engine.lecture import Rewrite
from mdderive.engine.seen_through import inlined
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import Expr, rebuilt, sym
from mdderive.model.shapes import ONE
from mdderive.model.source import Span
from mdderive.model.terms import letters_of

_FREE_NAMES = {True: ("f", "g", "h", "l"), False: ("F", "G", "H")}
_FREE_ARGUMENTS = {"scalar": ("t", "s", "r"), "column": ("y", "z", "u", "v"), "matrix": ("Y", "Z", "U", "V")}


def named(f: Expr, context: Context) -> tuple[Expr, Context]:
    """Return `f` as a letter that `context` defines; an expression gets the first free of f, g, h, l (F, G, H)."""
    if f.op in ("sym", "apply"):
        return f, context
    taken = context.symbols.keys() | context.definitions.keys() | context.unknown.keys() | context.elementwise.keys()
    free = [n for n in _FREE_NAMES[f.scalar] if n not in taken]
    name = free[0] if free else next(n for i in range(99) if (n := f"f_{{{i}}}") not in taken)
    symbols = {**context.symbols, name: Symbol(name, f.shape)}
    return sym(name, f.shape), replace(context, symbols=symbols, definitions={**context.definitions, name: f})


class _Arguments:
    """Letters for the formulas that unknown functions are taken of, each its own."""

    def __init__(self, context: Context, used: set[str]) -> None:
        self.context = context
        self.used = used
        self.names: dict[Expr, Expr] = {}
        self.definitions: dict[str, Expr] = {}

    def named(self, e: Expr) -> Expr:
        """Return an expression with a letter for each of those formulas."""
        if not e.args or e.op in ("deriv", "hess"):
            return e
        args = tuple(map(self.named, e.args))
        if e.op == "apply" and args[0].op != "sym":
            if args[0] not in self.names:
                self.names[args[0]] = self._letter(e.name, args[0])
            args = (self.names[args[0]],)
        return rebuilt(e, args)

    def _letter(self, name: str, argument: Expr) -> Expr:
        """Return the letter that a function is said to be of, or a free one where that stands for something else."""
        context, own = self.context, self.context.unknown[name]
        kind = "scalar" if argument.scalar else "column" if argument.shape.cols == ONE else "matrix"
        taken = self.used | (context.symbols.keys() - {own}) | context.unknown.keys() | context.elementwise.keys()
        free = (own, *_FREE_ARGUMENTS[kind], *(f"y_{{{i}}}" for i in range(99)))
        chosen = next(n for n in free if n not in taken)
        self.used.add(chosen)
        self.definitions[chosen] = argument
        return sym(chosen, argument.shape)


def arguments_named(f: Expr, wrt: Expr, context: Context) -> tuple[Expr, Context, tuple[Rewrite, ...]]:
    """Return `f` and `context` with a letter for every formula that an unknown function is taken of, and the steps that say so.

    The derivative of f(Xw) is told by f's own letter: with y = Xw it is X^T ∂f/∂y. Where that letter stands for something else, a
    free one takes its place.
    """
    trees = (*context.definitions.values(), f)
    used = {node.name for tree in trees for node in tree.walk() if node.op == "sym"}
    arguments = _Arguments(context, used | {wrt.name} | set(context.definitions))
    for name, value in context.definitions.items():
        arguments.definitions[name] = arguments.named(value)
    f = arguments.named(f)
    if not arguments.names:
        return f, context, ()
    symbols = {**context.symbols, **{letter.name: Symbol(letter.name, letter.shape) for letter in arguments.names.values()}}
    steps = tuple(Rewrite(letter, argument, ()) for argument, letter in arguments.names.items())
    return f, replace(context, symbols=symbols, definitions=arguments.definitions), steps


def derivatives_worked_out(f: Expr, wrt: Expr, context: Context) -> tuple[Expr, Context, tuple[Rewrite, ...]]:
    """Return `f` and `context` with the derivatives that change with `wrt` as formulas, and the steps that say so.

    Raises `Refusal` for one that no derivation is found for, such as that of an unknown function.
    """
    definitions = dict(context.definitions)
    steps: dict[Expr, Rewrite] = {}

    def found(e: Expr) -> Expr:
        if e not in steps:
            inner, x = e.args
            letter, around = named(inner, replace(context, definitions=definitions))
            derivation = derive(letter, x, around, order=1 if e.op == "deriv" else 2)
            if isinstance(derivation, Finding):
                raise Refusal(derivation)
            own = {} if letter.name in definitions else {letter.name: inner}
            steps[e] = Rewrite(e, inlined(derivation.gradient, replace(around, definitions=own)), ())
        return steps[e].right

    def inside(e: Expr) -> Expr:
        if e.op in ("deriv", "hess"):
            return found(e) if _known(e.args[0], definitions, context) and _reaches(e, wrt.name, definitions) else e
        return rebuilt(e, tuple(map(inside, e.args)))

    for name, tree in context.definitions.items():
        if _reaches(f, name, context.definitions):
            definitions[name] = inside(tree)
    f = inside(f)
    reached = [tree for name, tree in definitions.items() if _reaches(f, name, definitions)]
    for tree in (*reached, f):
        for e in tree.walk():
            if e.op in ("deriv", "hess") and e != f and _reaches(e, wrt.name, definitions):
                raise Refusal(Finding("DRV405", e.span or Span(0, 0), {"operator": "derivative"}))
    return f, replace(context, definitions=definitions), tuple(steps.values())


def spoken_of(node: Expr, letter: Expr, steps: Iterable[Rewrite]) -> tuple[Rewrite, ...]:
    """Return the steps of a derivation by a letter with the derivative that it names in its place; no line comes twice."""

    def spelled(e: Expr) -> Expr:
        args = tuple(map(spelled, e.args))
        return node if e == letter else rebuilt(e, args)

    told: dict[tuple[Expr, Expr], Rewrite] = {}
    for step in steps:
        left, right = spelled(step.left), spelled(step.right)
        told.setdefault((left, right), replace(step, left=left, right=right))
    return tuple(told.values())


def _known(e: Expr, definitions: Mapping[str, Expr], context: Context) -> bool:
    """Tell whether a derivative of a formula can be worked out: no unknown function stands in it, and no letter x(t) alone."""
    if e.op == "sym" and (context.symbols[e.name].along or e.name not in definitions):
        return False
    nodes = [*e.walk()]
    inner = [definitions[node.name] for node in nodes if node.op == "sym" and node.name in definitions]
    return all(node.op != "apply" for node in nodes) and all(_known(value, definitions, context) for value in inner)


def _reaches(e: Expr, name: str, definitions: Mapping[str, Expr]) -> bool:
    """Tell whether a letter stands in a formula, through definitions."""
    letters = set(letters_of(e))
    return name in letters or any(_reaches(definitions[n], name, definitions) for n in letters & definitions.keys())
