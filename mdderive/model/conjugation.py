r"""Complex letters: each has its conjugate as a letter of its own, `\bar{X}`, from which every conjugate is made.

Conjugation is carried down to the letters: what is made of them by rational operations, and by functions that are real on the
real line, has the conjugates of its parts. So Wirtinger's derivatives by X and by `\bar{X}` are those by two letters, of which
one stands still while the other moves. An equation between such formulas that holds for all values of both letters holds for
conjugate ones; and one that holds for conjugate ones holds for all, since both sides are analytic in both letters.

A Hermitian letter has its transpose as its conjugate, a unitary one its transposed inverse.
"""

import re
from dataclasses import replace

from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding, Refusal
from mdderive.model.expr import LETTERS, Expr, make, rebuilt, sym
from mdderive.model.properties import IMPLIED_BY
from mdderive.model.source import Span

# Properties that say of complex matrices something else than of real ones, or nothing.
REAL = frozenset({"positive", "positive definite", "integer", "orthogonal"})
_COMPLEX = IMPLIED_BY["complex"]
TIED = frozenset({"hermitian", "unitary"})
# What is made of complex letters and still analytic in them and in their conjugates.
_ANALYTIC = frozenset(
    "num size const sym identity ones zero commutation unit add mul had hdiv transpose inv tr det adj kron vec diag diagonal"
    " below beside matrix sum tril triu d deriv hess".split()
)
_FUNCTIONS = frozenset({"exp", "sin", "cos", "sinh", "cosh"})
_OF_REAL = frozenset({"log", "sqrt"})  # of a number that is its own conjugate


def conjugate_name(name: str) -> str:
    r"""Return the name of the conjugate of a letter, `\bar{x}_1` for `x_1`."""
    letter, mark, below = name.partition("_")
    return rf"\bar{{{letter}}}{mark}{below}"


def conjugated_name(name: str) -> str:
    r"""Return the letter of whose conjugate this is the name; nothing for another name."""
    found = re.fullmatch(r"\\bar\{(.*)\}(_.*)?", name) if name.startswith("\\bar{") else None
    return found[1] + (found[2] or "") if found else ""


def conjugates(symbol: Symbol) -> Symbol | None:
    """Return the letter that is the conjugate of another one; None where that needs none."""
    if "complex" not in symbol.properties or symbol.conjugate or symbol.properties & TIED:
        return None
    name = conjugate_name(symbol.name)
    return Symbol(name, symbol.shape, symbol.properties, conjugate=symbol.name)


def over_complex(context: Context) -> bool:
    """Tell whether a context has complex letters."""
    return any(s.properties and not _COMPLEX.isdisjoint(s.properties) for s in context.symbols.values())


def is_complex(e: Expr, context: Context) -> bool:
    """Tell whether complex letters stand in a formula, through definitions."""
    return any(
        context.has(node.name, "complex")
        or (node.name in context.definitions and is_complex(context.definitions[node.name], context))
        for node in e.walk()
        if node.op in LETTERS
    )


def conjugate(e: Expr, context: Context) -> Expr:
    """Return the conjugate of a formula; raises `Refusal` for what has none here."""
    if e.op == "sym":
        return _of_letter(e, context)
    if not is_complex(e, context):
        return e
    return rebuilt(e, tuple(conjugate(a, context) for a in e.args))


def _of_letter(e: Expr, context: Context) -> Expr:
    symbol = context.symbols[e.name]
    if e.name in context.definitions:
        return conjugate(context.definitions[e.name], context) if is_complex(e, context) else e
    if symbol.inferred:
        raise Refusal(Finding("DRV231", e.span or Span(0, 0), {"construct": rf"\bar{{{e.name}}}"}))
    if "hermitian" in symbol.properties:
        return make("transpose", e)
    if "unitary" in symbol.properties:
        return make("transpose", make("inv", e))
    if "complex" not in symbol.properties:
        return e
    return sym(symbol.conjugate or conjugate_name(e.name), e.shape, e.span)


def complex_by_use(context: Context) -> Context:
    """Return a context in which the letters are complex, of which nothing says something that real ones alone are."""
    real = {name for name, s in context.symbols.items() if s.properties & REAL or s.family is not None}
    context = context.declaring(context.symbols.keys() - real - context.definitions.keys(), "complex")
    return with_conjugates(context)


def with_conjugates(context: Context) -> Context:
    """Return a context with the conjugates of its complex letters."""
    symbols = {name: s for name, s in context.symbols.items() if not s.conjugate}
    symbols |= {s.name: s for s in map(conjugates, tuple(symbols.values())) if s is not None and s.name not in symbols}
    return replace(context, symbols=symbols)


def moving_with(x: Expr, context: Context) -> tuple[Expr, ...]:
    """Return a letter, and its conjugate where it has one: a differential moves both."""
    symbol = context.symbols.get(x.name)
    if symbol is None or x.op != "sym" or not context.has(x.name, "complex"):
        return (x,)
    other = symbol.conjugate or conjugate_name(x.name)
    return (x, sym(other, x.shape)) if other in context.symbols else (x,)


def adjoint(e: Expr, context: Context) -> Expr:
    """Return the conjugate transpose."""
    turned = conjugate(e, context)
    return turned if e.scalar else Expr("transpose", (turned,), e.shape.transposed, span=e.span)


def refuse_beyond(e: Expr, context: Context) -> None:
    """Refuse what of complex letters is not analytic, such as an order, or has several values, such as a root."""
    for node in e.walk():
        if node.op in _ANALYTIC or not is_complex(node, context) or _is_whole_power(node):
            continue
        if node.op in ("fn", "mfn", "frechet", "frechetmatrix") and node.name in _FUNCTIONS:
            continue
        if node.op == "fn" and node.name in _OF_REAL and is_real(node.args[0], context):
            continue
        construct = f"{node.op} {node.name}".strip()
        raise Refusal(Finding("DRV231", node.span or e.span or Span(0, 0), {"construct": construct}))


def _is_whole_power(e: Expr) -> bool:
    return e.op in ("pow", "hpow") and e.args[1].op == "num" and e.args[1].value.denominator == 1


def is_real(e: Expr, context: Context) -> bool:
    """Tell whether a number is seen to be its own conjugate."""
    return _canonical(conjugate(e, context)) == _canonical(_written_out(e, context))


def _written_out(e: Expr, context: Context) -> Expr:
    """Return a formula with what its names stand for."""
    if e.op == "sym" and e.name in context.definitions:
        return _written_out(context.definitions[e.name], context)
    return rebuilt(e, tuple(_written_out(a, context) for a in e.args))


def _canonical(e: Expr, *, turned: bool = False) -> Expr:
    """Return a formula, or its transpose, with transposes at the letters and factors that commute in one order."""
    if e.op == "transpose":
        return _canonical(e.args[0], turned=not turned)
    if e.scalar and e.args:
        return min(_carried_in(e, turned=False), _carried_in(e, turned=True), key=lambda x: x.key)
    return _carried_in(e, turned=turned)


def _carried_in(e: Expr, *, turned: bool) -> Expr:
    match e.op:
        case "mul":
            args = [f for a in e.args for f in _factors(_canonical(a, turned=turned), turned=turned)]
            chain = [f for f in args if not f.scalar]
            return make("mul", *sorted((f for f in args if f.scalar), key=_key), *(chain[::-1] if turned else chain))
        case "add" | "had":
            return make(e.op, *sorted((_canonical(a, turned=turned) for a in e.args), key=_key))
        case "inv":
            inner = _canonical(e.args[0], turned=turned)
            return inner.args[0] if inner.op == "inv" else make("inv", inner)
        case "pow":
            return rebuilt(e, (_canonical(e.args[0], turned=turned), *e.args[1:]))
        case "det" | "tr":
            return make(e.op, min(_canonical(e.args[0]), _canonical(e.args[0], turned=True), key=_key))
    inside = rebuilt(e, tuple(_canonical(a) for a in e.args))
    return make("transpose", inside) if turned and not (e.scalar or e.op == "identity") else inside


def _factors(e: Expr, *, turned: bool) -> tuple[Expr, ...]:
    """Return the factors of a product in the order in which they are to be put together."""
    return e.args[:: -1 if turned else 1] if e.op == "mul" else (e,)


def _key(e: Expr) -> int:
    return e.key
