"""Functions that a note leaves unknown: an arbitrary one stands for each, free in value and slope."""

from dataclasses import replace

from mdderive.latex.elaborate import Elaborator
from mdderive.latex.syntax import Letter
from mdderive.model.context import MOVED, ElementwiseFunction, Symbol
from mdderive.model.expr import Expr, make, sym
from mdderive.model.shapes import ONE, Shape
from mdderive.model.source import Span

UNKNOWN = r"\phi_{"  # what the names of such functions, and of the constants in them, begin with


def depend(reader: Elaborator, name: str, arguments: tuple[str, ...], kind: str) -> None:
    """Define `name` as an arbitrary function of its arguments: sigma of a general linear form, so that value and slope are free.

    A column has a general matrix for each argument, a scalar the inner product with a general matrix of the argument's shape.
    """
    function = f"{UNKNOWN}{name.partition(MOVED)[0]}}}"
    terms: list[Expr] = []
    rows = reader.unify.fresh() if kind in ("column", "matrix") else ONE
    cols = reader.unify.fresh() if kind == "matrix" else ONE
    known = reader.context.symbols.get(name)
    if known is not None:
        rows, cols = known.shape
    symbols = dict(reader.context.symbols)
    for i, argument in enumerate(arguments):
        x = reader.expression(Letter(Span(0, 0), argument))
        symbols |= reader.context.symbols
        if rows == cols == ONE:
            terms.append(
                x if x.scalar and len(arguments) == 1 else make("inner", _general(symbols, f"{function}_C{i}", x.shape), x)
            )
        elif x.scalar:
            terms.append(Expr("mul", (x, _general(symbols, f"{function}_C{i}", Shape(rows, cols))), Shape(rows, cols)))
        elif cols == ONE:
            slope = _general(symbols, f"{function}_C{i}", Shape(rows, x.shape.entries))
            column = x if x.shape.cols == ONE else make("vec", x)
            terms.append(Expr("mul", (slope, column), Shape(rows, ONE)))
        else:
            left, right = (
                _general(symbols, f"{function}_A{i}", Shape(rows, x.shape.rows)),
                _general(symbols, f"{function}_B{i}", Shape(x.shape.cols, cols)),
            )
            parts = (left, x) if x.shape.cols == ONE == cols else (left, x, right)
            terms.append(Expr("mul", parts, Shape(rows, cols)))
    shape = Shape(rows, cols)
    inner = terms[0] if len(terms) == 1 else Expr("add", tuple(terms), shape)
    elementwise = {**reader.context.elementwise, function: ElementwiseFunction(function)}
    reader.context = replace(reader.context, symbols=symbols, elementwise=elementwise)
    reader.define(name, Expr("fn", (inner,), shape, function))


def _general(symbols: dict[str, Symbol], name: str, shape: Shape) -> Expr:
    """Return the constant of a name, which stands for every one of its shape."""
    known = symbols.setdefault(name, Symbol(name, shape, frozenset({"constant"}), inferred=True))
    return sym(name, known.shape)
