"""The limits of sums, as they are written: over one index or over pairs, all of its places or those in an order."""

from mdderive.model.expr import Expr, ordered

_TURNED = {"<": ">", r"\leq": r"\geq", r"\neq": r"\neq"}


def limits(unit: Expr, body: Expr, last: str) -> tuple[str, Expr]:
    """Return the limits of a sum, together with those of a sum within it where both run over pairs, and the summand."""
    pair, rest = ordered(body.args[1], unit, body.args[0]) if body.op == "sum" else (None, body)
    if pair is not None and pair.name == "<":
        return rf"{{1 \leq {order(pair, pair.args[0])} \leq {last}}}", rest
    if pair is not None:
        return rf"{{{unit.name},{body.args[0].name}=1,\, {order(pair, unit)}}}^{{{last}}}", rest
    pair, rest = ordered(body, unit)
    if pair is not None and pair.name == r"\leq" and pair.args[0].name.isdigit():
        return f"{{{unit.name}={pair.args[0].name}}}^{{{last}}}", rest
    if pair is not None:
        return rf"{{{unit.name}=1,\, {order(pair, unit)}}}^{{{last}}}", rest
    return f"{{{unit.name}=1}}^{{{last}}}", body


def order(pair: Expr, unit: Expr) -> str:
    """Write two places in their order, one of them first."""
    first, second = (u.name for u in pair.args)
    if first == unit.name:
        return f"{first} {pair.name} {second}"
    return f"{second} {_TURNED[pair.name]} {first}"
