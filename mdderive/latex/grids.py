"""Matrices in brackets, row by row: small ones that are written out, and those of blocks."""

from mdderive.model.expr import Expr


def rows_written_out(e: Expr) -> list[list[Expr]]:
    """Return what stands in the rows of a matrix of entries, or of blocks; blocks that stand in no grid stay together."""
    if e.op == "matrix":
        wide = e.shape.cols.factor
        return [[*e.args[i : i + wide]] for i in range(0, len(e.args), wide)]
    if e.op == "beside":
        return [[e.args[0], *rows_written_out(e.args[1])[0]] if e.args[1].op == "beside" else [*e.args]]
    if e.op != "below":
        return [[e]]
    rows = [*_of_blocks(e.args[0]), *_of_blocks(e.args[1])]
    grid = e.args[0].op != "below" and all(
        len(row) == len(rows[0]) and all(a.shape.cols == b.shape.cols for a, b in zip(row, rows[0], strict=True)) for row in rows
    )
    return rows if grid else [[a] for a in e.args]


def _of_blocks(e: Expr) -> list[list[Expr]]:
    """Return the rows that a block has in the grid around it: a matrix of entries is one block."""
    return rows_written_out(e) if e.op in ("below", "beside") else [[e]]
