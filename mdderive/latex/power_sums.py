r"""The sum `\sum_{r=0}^{k-1} X^r Y X^{k-1-r}`, which the differential of a power is: what of a summand each factor is.

In vec form it is `\sum_{r=0}^{k-1} (X^T)^{k-1-r} \otimes X^r` beside vec(Y).
"""

from collections import Counter
from collections.abc import Container, Mapping

from mdderive.model.expr import Expr, make, num, sym
from mdderive.model.shapes import SCALAR


def power_sum(body: Expr, index: str, last: Expr) -> Expr | None:
    """Return the sum of a summand over an index from 0 to a last value; None where the summand has another form."""
    if body.op == "transpose":
        found = power_sum(body.args[0], index, last)
        return None if found is None else make("transpose", found)
    kron = body.op == "kron"
    factors = body.args[::-1] if kron else body.args if body.op == "mul" else (body,)
    ends = [_power(factors[0]), _power(factors[-1])]
    if len(factors) < 3 - kron or ends[0] is None or ends[1] is None:
        return None
    (base, first), (other, second) = ends[0], ends[1]
    if kron:
        other = other.args[0] if other.op == "transpose" else make("transpose", other)
    exponents = [_terms(first), _terms(second)]
    steps = [exponent.get(index, 0) for exponent in exponents]
    total = {name: sum(e.get(name, 0) for e in exponents) for name in {*exponents[0], *exponents[1]}}
    counted = {n: t for n, t in total.items() if t} == {n: t for n, t in _terms(last).items() if t}
    alone = any({n: t for n, t in e.items() if t} == {index: 1} for e in exponents)
    inner = factors[1:-1]
    if base != other or sorted(steps) != [-1, 1] or not (counted and alone) or any(index in _letters(f) for f in inner):
        return None
    if kron:
        return make("powersummatrix", base, more(last, 1))
    middle = inner[0] if len(inner) == 1 else make("mul", *inner)
    return make("powersum", base, middle, more(last, 1))


def summand_of(e: Expr, known: Container[str]) -> tuple[str, Expr, tuple[Expr, ...]]:
    """Return an index that is no known letter, its last value, and the factors of the summand."""
    base, middle, last = e.args[0], e.args[1:-1], more(e.args[-1], -1)
    taken = {node.name for node in e.walk()}
    index = next((i for i in "rsjlpq" if i not in taken and i not in known), "r")
    counter = sym(index, SCALAR)
    rest = (*(last.args if last.op == "add" else (last,)), Expr("mul", (num(-1), counter), SCALAR))
    first, second = (Expr("pow", (base, exponent), base.shape) for exponent in (counter, Expr("add", rest, SCALAR)))
    if not middle:
        turned = base.args[0] if base.op == "transpose" else make("transpose", base)
        return index, last, (make("pow", turned, second.args[1]), first)
    return index, last, (first, *(middle[0].args if middle[0].op == "mul" else middle), second)


def more(e: Expr, by: int) -> Expr:
    """Return a number increased by a whole one, in the shortest form."""
    if e.op == "num":
        return num(e.value + by)
    terms = e.args if e.op == "add" else (e,)
    rest = [t for t in terms if t.op != "num"]
    constant = sum(t.value for t in terms if t.op == "num") + by
    parts = (*rest, num(constant)) if constant else tuple(rest)
    return parts[0] if len(parts) == 1 else Expr("add", tuple(parts), SCALAR)


def _power(e: Expr) -> tuple[Expr, Expr] | None:
    """Return the base and the exponent of a power, of the transpose of one as well."""
    if e.op == "transpose" and (found := _power(e.args[0])) is not None:
        return make("transpose", found[0]), found[1]
    return (e.args[0], e.args[1]) if e.op == "pow" and not e.args[0].scalar else None


def _terms(e: Expr, sign: int = 1) -> Mapping[str, int]:
    """Return how often each letter stands in a sum, and its number by an empty name; what is no sum counts by its text."""
    match e.op:
        case "num":
            return {"": sign * int(e.value)}
        case "sym" | "size":
            return {e.name: sign}
        case "add":
            found = Counter[str]()
            for a in e.args:
                for name, times in _terms(a, sign).items():
                    found[name] += times
            return found
        case "mul" if len(e.args) == 2 and e.args[0].op == "num":
            return _terms(e.args[1], sign * int(e.args[0].value))
    return {repr(e): sign}


def _letters(e: Expr) -> set[str]:
    return {node.name for node in e.walk() if node.op == "sym"}
