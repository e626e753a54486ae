"""Every operator, in every argument in which it is linear, is carried out of every form a differential stands in."""

from collections.abc import Iterator
from itertools import product

import pytest

from mdderive.check.goals import tell
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr, make, sym
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import ONE, SCALAR, Shape, ShapeError, size

M, N = size("m"), size("n")
SHAPES = {"Y": Shape(M, N), "X": Shape(N, N), "x": Shape(N, ONE)}
# Of a quotient the numerator alone is linear; a sum over an index is no rule of letters, an inner product is written out first.
NUMERATOR = {"hdiv"}
NO_RULE = {"sum", "add", "inner", "tr"}
LINEAR = sorted({row.op for row in OPERATORS.values() if row.linear} - NO_RULE | NUMERATOR)
# Where the laws of a form are stated.
STATED = {"trace": "trace.py", "row": "trace.py", "run": "trace.py", "vec": "vec.py", "column": "vec.py"}


def cases() -> Iterator[object]:
    for op in LINEAR:
        count = OPERATORS[op].arguments or 2
        for shapes in product(SHAPES, repeat=count):
            letters = [sym(f"{name}_{i}", SHAPES[name]) for i, name in enumerate(shapes, 1)]
            try:
                value = make(op, *letters)
            except ShapeError:
                continue
            for i, letter in enumerate(letters[:1] if op in NUMERATOR else letters, 1):
                for form, f in forms(value, letter):
                    where = f"{op}({', '.join(n.name for n in letters)}), argument {i}, {form} form"
                    yield pytest.param(f, letter, STATED[form], id=where)


def forms(value: Expr, letter: Expr) -> Iterator[tuple[str, Expr]]:
    """Yield what is differentiated by a letter so that `value` comes to stand in each form that its shape allows."""
    rows, cols = value.shape
    if value.shape == SCALAR:
        return
    yield ("column" if ONE == cols == letter.shape.cols else "vec"), value
    left, right = (sym(name, Shape(size_, ONE)) for name, size_ in (("u", rows), ("v", cols)))
    if cols == ONE:
        yield "row", make("mul", make("transpose", left), value)
        return
    yield "trace", make("tr", make("mul", sym("M", Shape(cols, rows)), value))
    yield "run", make("mul", make("transpose", left), value, right)


@pytest.mark.parametrize(("f", "letter", "file"), list(cases()))
def test_a_linear_operator_has_its_law_in_every_form(f: Expr, letter: Expr, file: str) -> None:
    context = Context(symbols={n.name: Symbol(n.name, n.shape) for n in f.walk() if n.op == "sym"})
    told = tell(f, letter, context)
    assert not isinstance(told, Finding), f"{told.message()}; state its law in mdderive/rules/{file}"
    assert told.verdict.outcome == "holds"
