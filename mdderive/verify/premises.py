"""Premises as values: which letter gives way so that an assumed equation holds at every point.

`b = A x` makes b a definition. `1^T y = 1` is solved for y at each point, which works wherever the letter enters the equation
to the first degree; a symmetric matrix stays one. Nothing else can be assumed: an assumption that no point obeys would prove
anything.

Where A moves, so does the x of `A x = b`: if one letter of a premise is left to move it gives way, and its derivative is that of
the premise. If there are several, the premise does not say how each of them moves, and the derivative is refused by name.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from mdderive.latex.write import write
from mdderive.model.conjugation import is_complex
from mdderive.model.context import Context, Premise
from mdderive.model.expr import Expr, make, num
from mdderive.model.operators import OPERATORS
from mdderive.model.reasons import Reason
from mdderive.model.shapes import SCALAR
from mdderive.verify.field import Unsupported
from mdderive.verify.stated import stating

Residuals = Mapping[str, tuple[Expr, ...]]
KEPT_PROPERTIES = frozenset({"constant", "positive"})
# Symmetric matrices are solved for too. Diagonal ones are not: where a factor has a zero, an entry is free that no point shows.
SOLVED_FOR = KEPT_PROPERTIES | {"symmetric"}
_NOTHING: Mapping[Premise, str] = MappingProxyType({})


def settled(context: Context, tied: Mapping[Premise, str] = _NOTHING) -> tuple[Context, Residuals]:
    """Return the context with some premises as definitions, and what must vanish for each letter that is solved for.

    `tied` says which letter of a premise gives way where that matters. Raises `Unsupported` for a premise that cannot be sampled.
    """
    residuals: dict[str, tuple[Expr, ...]] = {}
    for premise in context.premises:
        if gives_rate(premise, context):
            continue
        if is_complex(premise.left, context) or is_complex(premise.right, context):  # it ties the conjugates too
            raise _unsampled(premise, context)
        if (property_of := stating(premise, context)) is not None and property_of[0] not in tied.values():
            name, prop, sizes = property_of
            constraints = (*context.constraints, *sizes)
            context = replace(context.declaring({name}, prop), constraints=constraints)
            continue
        defined = _as_definition(premise, context)
        if defined is not None and tied.get(premise, defined[0]) == defined[0]:
            name, value = defined
            context = replace(context, definitions={**context.definitions, name: value})
            continue
        residual = make("add", premise.left, make("mul", num(-1), premise.right))
        letters = sorted(dict.fromkeys(_affine_letters(residual, context)), key=lambda n: _reluctance(n, residual, context))
        name = tied.get(premise, next(iter(letters), ""))
        if name not in letters or (premise in tied and context.has(name, "symmetric")):  # the premise leaves its derivative open
            raise _unsampled(premise, context)
        residuals[name] = (*residuals.get(name, ()), residual)
    return context, residuals


def _unsampled(premise: Premise, context: Context) -> Unsupported:
    return Unsupported("premise", premise=f"{write(premise.left, context)} = {write(premise.right, context)}")


def gives_rate(premise: Premise, context: Context) -> bool:
    """Tell whether a premise says what the derivative of a letter x(t) is; it is used where t moves."""
    for side, other in ((premise.left, premise.right), (premise.right, premise.left)):
        if side.op == "deriv" and side.args[0].op == "sym" and side.args[0].name in context.moving(side.args[1].name):
            if context.symbols[side.args[0].name].properties - {"invertible"}:
                return False
            own = [p for p in context.premises if side in (p.left, p.right)]
            return len(own) == 1 and all(node.op not in ("deriv", "hess", "d") for node in other.walk())
    return False


def factors(context: Context, residuals: Residuals, settled: Collection[str]) -> Iterator[tuple[Expr, str]]:
    """Yield the formulas that a settled letter is multiplied by, each with a letter by which it can be given a value.

    Where such a formula is singular, the premise may leave the settled letter more freedom than elsewhere.
    """
    for name, some in residuals.items():
        for node in (node for residual in some for node in residual.walk() if node.op in ("mul", "had", "kron", "inner")):
            others = [a for a in node.args if name not in letters_in(a, context)]
            for factor in others if len(others) < len(node.args) else ():
                plain = factor.args[0] if factor.op == "transpose" else factor
                if plain.op == "sym" and plain.name not in context.definitions:
                    continue
                free = (n for n in sorted(letters_in(plain, context)) if n not in settled and _free(n, context))
                found = next((n for n in free if not context.has(n, "positive") and _affine(plain, n, context)), "")
                if found:
                    yield plain, found


def _reluctance(name: str, residual: Expr, context: Context) -> tuple[bool, ...]:
    """Order letters by how well they can give way.

    Variables come first, those that the equation does not force to be zero, those that can obey so many equations, those whose
    entries are not tied, those of its shape, and those of many entries.
    """
    symbol = context.symbols.get(name)
    shape, properties = (symbol.shape, symbol.properties) if symbol is not None else (SCALAR, frozenset[str]())
    few, bound = shape == SCALAR != residual.shape, "symmetric" in properties
    forced = context.has(name, "constant"), _vanishes(residual, name, context)
    return *forced, few, bound, shape != residual.shape, shape == SCALAR


def _vanishes(e: Expr, name: str, context: Context) -> bool:
    """Whether a tree of degree 1 in a letter is zero where the letter is."""
    if e.op == "sym":
        definition = context.definitions.get(e.name)
        return e.name == name or (definition is not None and _vanishes(definition, name, context))
    found = [_vanishes(a, name, context) for a in e.args]
    return any(found) if e.op != "add" else all(found)


def defines(premise: Premise, context: Context) -> bool:
    """Whether a premise says what a letter is: it stands alone on the left."""
    name = premise.left.name if premise.left.op == "sym" else ""
    free = bool(name) and _free(name, context) and not context.has(name, "constant")
    return free and name not in letters_in(premise.right, context)


def _as_definition(premise: Premise, context: Context) -> tuple[str, Expr] | None:
    for side, other in ((premise.left, premise.right), (premise.right, premise.left)):
        bound = side.op != "sym" or context.has(side.name, "positive") or not _free(side.name, context)
        if bound or side.name in letters_in(other, context):
            continue
        if not (context.has(side.name, "constant") and _varies(other, context)):
            return side.name, other
    return None


def _varies(e: Expr, context: Context) -> bool:
    """Whether a letter that may give way is not constant."""
    return any(not context.has(name, "constant") for name in _affine_letters(e, context))


def _affine_letters(residual: Expr, context: Context) -> Iterator[str]:
    for node in residual.walk():
        if node.op == "sym" and _free(node.name, context, SOLVED_FOR) and _affine(residual, node.name, context):
            yield node.name


def _free(name: str, context: Context, kept: frozenset[str] = KEPT_PROPERTIES) -> bool:
    """Whether a letter may give way: neither defined nor bound by another property than these."""
    symbol = context.symbols.get(name)
    properties = symbol.properties if symbol else frozenset[str]()
    return name not in context.definitions and name not in context.unknown and properties <= kept


def letters_in(e: Expr, context: Context) -> frozenset[str]:
    """Return the letters of a tree, those of definitions included."""
    if e.op == "sym" and e.name in context.definitions:
        return letters_in(context.definitions[e.name], context) | {e.name}
    return frozenset({e.name} if e.op == "sym" else ()).union(*(letters_in(a, context) for a in e.args))


def _affine(e: Expr, name: str, context: Context) -> bool:
    """Whether a tree has degree at most 1 in a letter."""
    if e.op == "sym":
        return e.name == name or name not in letters_in(e, context) or _affine(context.definitions[e.name], name, context)
    touched = [a for a in e.args if name in letters_in(a, context)]
    if not touched:
        return True
    return OPERATORS[e.op].linear and (e.op == "add" or len(touched) == 1) and all(_affine(a, name, context) for a in touched)


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
            if node.op in ("deriv", "hess", "along", "at") and node.args[1].op == "sym":
                yield node.args[0], node.args[1]
