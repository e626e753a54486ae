"""One entry of a matrix or column, carried as far in as what it is made of allows: `e_i^T (A + B) e_j` is `A_{ij} + B_{ij}`."""

from mdderive.engine.arrange import plus, product
from mdderive.engine.normal import normal
from mdderive.engine.transposing import transposed
from mdderive.model.expr import Expr, Number, make, num, rebuilt
from mdderive.model.shapes import ONE, SCALAR
from mdderive.model.terms import split


def entry(e: Expr, units: tuple[Expr, ...]) -> Expr:
    """Return the entry of a normal tree at the places of one unit vector, or of two."""
    match e.op:
        case "add":
            return plus((entry(a, units) for a in e.args), SCALAR)
        case "had":
            return product((entry(a, units) for a in e.args), SCALAR)
        case "hdiv" | "hpow":
            base, other = entry(e.args[0], units), e.args[1] if e.op == "hpow" else entry(e.args[1], units)
            power = make("pow", base, other) if e.op == "hpow" else make("mul", base, make("pow", other, num(-1)))
            return normal(power)
        case "powers":
            return normal(make("pow", *(entry(a, units) for a in e.args)))
        case "fn":
            return normal(rebuilt(e, (entry(e.args[0], units),)))
        case "ones":
            return num(1)
        case "zero":
            return num(0)
        case "transpose" if len(units) == 2:
            return entry(e.args[0], units[::-1])
    number, scalars, chain = split(e)
    if e.op == "mul" and len(chain) == 1 and (scalars or number != 1):
        return product((num(number), *scalars, entry(chain[0], units)), SCALAR)
    return _run(number, scalars, chain, units)


def _run(number: Number, scalars: tuple[Expr, ...], chain: tuple[Expr, ...], units: tuple[Expr, ...]) -> Expr:
    """Return the entry of a product; a column beside a row gives two factors."""
    row, ends = make("transpose", units[0]), units[1:]
    for k in range(1, len(chain)):
        if ends and chain[k].shape.rows == ONE:
            left = product((row, *chain[:k]), SCALAR)
            right = product((*chain[k:], *ends), SCALAR)
            return product((num(number), *scalars, _turned(left), _turned(right)), SCALAR)
    return product((num(number), *scalars, product((row, *chain, *ends), SCALAR)), SCALAR)


def _turned(e: Expr) -> Expr:
    """Return a run of a row and a unit vector as the entry of the column."""
    if e.op == "mul" and len(e.args) == 2 and e.args[1].op == "unit":
        return product((make("transpose", e.args[1]), transposed(e.args[0])), SCALAR)
    return e
