"""The limits of sums, as they are written: over one index or over pairs, all of its places or those in an order."""

from mdderive.model.context import Context
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


def members(context: Context, body: Expr, *units: Expr) -> tuple[str, Expr] | None:
    """Return the set over which units run, as it is written, and the summand; None where they run over all places."""
    if len(units) == 1 and body.op == "sum":
        pairs = members(context, body.args[1], units[0], body.args[0])
        if pairs is not None:
            return pairs
    for factor in body.args if body.op == "mul" else ():
        row, *run = factor.args or (factor,)
        if factor.op != "mul" or row.op != "transpose" or run[0].op != "sym":
            continue
        symbol, ends = context.symbols.get(run[0].name), (*row.args, *run[1:])
        rest = [end.name for end in ends[len(units) :] if end.op == "unit" and end.name.isalpha()]
        if symbol is None or not symbol.inferred or "binary" not in symbol.properties or ends[: len(units)] != units:
            continue
        if len(rest) == len(ends) - len(units):
            others = tuple(f for f in body.args if f is not factor)
            summand = others[0] if len(others) == 1 else Expr("mul", others, body.shape)
            names = ", ".join(unit.name for unit in units)
            below = rf"{f'({names})' if len(units) > 1 else names} \in {symbol.name}" + "".join(f"_{{{place}}}" for place in rest)
            return f"{{{below}}}", summand
    return None


def order(pair: Expr, unit: Expr) -> str:
    """Write two places in their order, one of them first."""
    first, second = (u.name for u in pair.args)
    if first == unit.name:
        return f"{first} {pair.name} {second}"
    return f"{second} {_TURNED[pair.name]} {first}"
