"""Definitions seen through: which depend on a variable, what names stand for, and functions of one's own written out."""

from dataclasses import replace

from mdderive.engine.lift import MAX_WEIGHT, opened
from mdderive.engine.normal import normal
from mdderive.model.context import Context
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import Expr, make, rebuilt, units, unshadowed
from mdderive.model.source import Span
from mdderive.model.terms import factors_of, heavier, letters_of


def opened_for(f: Expr, wrt: Expr, context: Context) -> Context:
    """Return the context with the functions that change with `wrt` written out in what `f` is made of."""
    if all(function.body is None for function in context.elementwise.values()):
        return context
    definitions = dict(context.definitions)
    waiting = [f.name, *letters_of(f)]
    while waiting:
        name = waiting.pop()
        if name in definitions and definitions[name] is context.definitions[name]:
            definitions[name] = opened(definitions[name], wrt.name, context)
            waiting += [n for n in letters_of(definitions[name]) if n != name]
    return replace(context, definitions=definitions)


def inner_definitions(e: Expr, wrt: str, context: Context) -> tuple[str, ...]:
    """Return the definitions below `e` that depend on `wrt`, each after those it is made of."""
    found: dict[str, bool] = {}
    moving = context.moving(wrt)

    def depends(name: str) -> bool:
        if name == wrt or name in moving:
            return True
        if name not in found:
            found[name] = False
            if name in context.definitions:
                found[name] = any(list(map(depends, dict.fromkeys(letters_of(context.definitions[name])))))
        return found[name]

    for name in dict.fromkeys(letters_of(e)):
        depends(name)
    return tuple(n for n in context.definitions if found.get(n))


def product_inlined(e: Expr, context: Context) -> Expr:
    """Return `e` with the product over an index that a name stands for written in the logarithm of that name."""
    if e.op == "fn" and e.name == "log" and e.args[0].op == "sym" and e.args[0].name in context.definitions:
        value = normal(context.definitions[e.args[0].name])
        return make("fn", value, name="log") if any(f.op == "product" for f in factors_of(value)) else e
    args = tuple(product_inlined(a, context) for a in e.args)
    return e if args == e.args else normal(rebuilt(e, args))


def inlined(e: Expr, context: Context) -> Expr:
    """Return `e` with every defined name replaced by what it stands for; raises `Refusal` where that grows past its bound."""
    known: dict[str, Expr] = {}

    def inner(e: Expr) -> Expr:
        if e.op == "sym" and e.name in context.definitions:
            if e.name not in known:
                known[e.name] = inner(context.definitions[e.name])
                if heavier(known[e.name], MAX_WEIGHT):
                    raise Refusal(Finding("DRV409", e.span or Span(0, 0), {"bound": f"{MAX_WEIGHT} nodes"}))
            return known[e.name]
        if not e.args or e.op in ("deriv", "hess") or (e.op == "apply" and e.args[0].op == "sym"):
            return e  # an unknown function is told by the letter that it is a function of
        return rebuilt(e, tuple(map(inner, e.args)))

    return unshadowed(inner(e), frozenset(units(e)))
