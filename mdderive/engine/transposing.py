"""Where transposes stand.

Transposes decide most about how long a formula is: they are pushed inward where that is not longer, stay outside a residual
`(A - U V^T)^T`, and vanish on what is its own transpose. Declared symmetry is used only where `symmetric` names the letters,
because that is a step a reader is told about.
"""

from collections import Counter
from functools import lru_cache

from mdderive.engine.arrange import plus, product
from mdderive.engine.normal import normal
from mdderive.model.expr import Expr, make, num, rebuilt
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import Shape
from mdderive.model.terms import split

NOTHING: frozenset[str] = frozenset()


@lru_cache(maxsize=1 << 13)
def transposed(e: Expr, symmetric: frozenset[str] = NOTHING) -> Expr:
    """Return the transpose of a normal tree, in the shorter of its spellings; `symmetric` are letters with A^T = A."""
    if e.scalar or OPERATORS[e.op].symmetric or (e.op in ("sym", "member") and e.name in symmetric):
        return e
    match e.op:
        case "transpose":
            return e.args[0]
        case "mul":
            number, scalars, chain = split(e)
            return product((num(number), *scalars, *(transposed(f, symmetric) for f in reversed(chain))), e.shape.transposed)
        case "add":
            flipped = tuple(transposed(a, symmetric) for a in e.args)
            if Counter(flipped) == Counter(e.args):
                return e
            if any(node.op in ("kron", "diag") for a in e.args for node in (a, *a.args)):  # each term has its own transpose
                return plus(flipped, e.shape.transposed)
            return _shorter(plus(flipped, e.shape.transposed), e)
        case "below" | "beside":
            return make("beside" if e.op == "below" else "below", *(transposed(a, symmetric) for a in e.args))
        case "kron":
            return make("kron", *(transposed(a, symmetric) for a in e.args))
        case "had" | "hdiv" | "fn" | "hpow" | "powers":
            args = tuple(a if a.scalar else transposed(a, symmetric) for a in e.args)
            return _shorter(normal(make(e.op, *args, name=e.name)), e)
        case "mfn" | "frechet" | "powersum" | "powersummatrix":  # a power series of the transpose, a sum of powers
            turned = (a if a.scalar else transposed(a, symmetric) for a in e.args)
            return normal(make(e.op, *turned, name=e.name))
        case "tril" | "triu":
            other = make("triu" if e.op == "tril" else "tril", transposed(e.args[0], symmetric))
            return _shorter(normal(other), e)
        case "sum":
            return normal(make("sum", e.args[0], transposed(e.args[1], symmetric)))
        case "inv" | "pinv" | "pow":
            inner = transposed(e.args[0], symmetric)
            return e if inner == e.args[0] else normal(make("transpose", e))
        case "d":
            return e if e.args[0].op == "sym" and e.args[0].name in symmetric else make("transpose", e)
    return normal(make("transpose", e))


def _shorter(pushed: Expr, e: Expr) -> Expr:
    return pushed if pushed == e or cost(pushed) <= cost(e) else make("transpose", e)


@lru_cache(maxsize=1 << 13)
def tidy_transposes(e: Expr, symmetric: frozenset[str] = NOTHING) -> Expr:
    """Return the normal tree `e` with every transpose in it respelled by `transposed`."""
    if not e.args or e.op in ("deriv", "hess"):
        return e
    args = tuple(tidy_transposes(a, symmetric) for a in e.args)
    if e.op == "transpose":
        return transposed(args[0], symmetric)
    return e if args == e.args else normal(rebuilt(e, args))


def _enclosed(e: Expr) -> int:
    return 2 if e.op in ("add", "had", "hdiv", "mul", "fn", "hpow", "powers", "kron") else 0


@lru_cache(maxsize=1 << 13)
def cost(e: Expr) -> int:
    """Return how many signs a reader of `e` meets, parentheses included."""
    if not e.args:
        return 2 if e.shape != Shape(*e.shape) or e.op in ("identity", "ones", "zero") else 1
    if e.op == "add":
        return sum(map(cost, e.args)) + len(e.args) - 1
    if e.op in ("mul", "had", "hdiv", "kron"):
        inner = sum(cost(a) + (2 if a.op == "add" or (a.op in ("had", "hdiv", "kron") and e.op != "had") else 0) for a in e.args)
        return inner + (0 if e.op == "mul" else len(e.args) - 1)
    if e.op in ("transpose", "inv", "pow", "hpow"):
        return cost(e.args[0]) + _enclosed(e.args[0]) + (2 if e.op == "inv" else 1 if e.op == "transpose" else cost(e.args[1]))
    return sum(map(cost, e.args)) + 3
