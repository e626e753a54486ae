"""From df to the gradient: each term is carried into `tr(M dX)`, `g^T dx` or `g dt`.

A term is linear in one differential, so one path leads from it up to the root, and every operator on that path has one law that
carries the surroundings past it. A binder folds what stands left and right of the path into L and R. Each move takes one operator
off the path or turns a run into a trace once, so a term is isolated after at most twice its depth.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mdderive.engine.arrange import has_d, plus, product, split
from mdderive.engine.differentiate import chain_shape, expanded, no_law, terms_of
from mdderive.engine.fold import fold
from mdderive.engine.normal import normal
from mdderive.engine.transposing import tidy_transposes, transposed
from mdderive.model.diagnostics import Diagnostic, Refusal
from mdderive.model.expr import Expr, leaf, make, num, renamed, units
from mdderive.model.shapes import ONE, SCALAR, Shape
from mdderive.model.source import Span

MAX_MOVES = 200


@dataclass(frozen=True, slots=True)
class Move:
    """Laws carried out on one term, or on a whole line: their names, what they give, and what the first of two gives."""

    laws: tuple[str, ...]
    result: Expr
    between: Expr | None = None


@dataclass(frozen=True, slots=True)
class Isolated:
    """A term `M` beside the differential of `letter`: tr(M dX), M dx or M dt."""

    letter: Expr
    factor: Expr


def isolate(line: Expr) -> tuple[Move, ...]:
    """Return the lines from df to one in which every term is isolated; empty when it already is.

    Raises `Refusal` with DRV405 for an operator on the path that no law carries past.
    """
    moves: list[Move] = []
    for _ in range(MAX_MOVES):
        terms = terms_of(line)
        due = [_move(t) for t in terms]
        first = next((m for m in due if m is not None), None)
        if first is None:
            return tuple(moves)
        chosen = min((m for m in due if m is not None), key=lambda m: _ORDER.get(m.laws[0], 5))
        together = _rows_together(terms) if chosen.laws[0] == "row-unvec" else None
        if together is not None:
            line = together
            moves.append(Move(("row-linearity",), line))
            continue
        new = [m.result if m and m.laws == chosen.laws else t for t, m in zip(terms, due, strict=True)]
        halfway = [m.between or m.result if m and m.laws == chosen.laws else t for t, m in zip(terms, due, strict=True)]
        between = plus(halfway, line.shape) if chosen.between is not None else None
        line = expanded(plus(new, line.shape))
        moves.append(Move(chosen.laws, line, between))
    raise Refusal(Diagnostic("DRV409", line.span or Span(0, 0), {"bound": f"{MAX_MOVES} moves"}))


# What a lecturer does first when several terms wait: transposes, then Hadamard products, then cycles.
_ORDER = {"tr-transpose": 0, "row-transpose": 1, "row-hadamard": 2, "tr-hadamard": 2, "row-unvec": 9}


def _rows_together(terms: Sequence[Expr]) -> Expr | None:
    """Return several terms y^T vec(Z) with one Z as one term, or None where they are not all of this form."""
    rows = []
    ends = set()
    for term in terms:
        number, scalars, _ = split(term)
        core = next((s for s in scalars if has_d(s)), None)
        if core is None or core.op != "mul" or core.args[-1].op != "vec":
            return None
        ends.add(core.args[-1])
        outer = (num(number), *(s for s in scalars if s is not core))
        rows.append(product((*outer, *core.args[:-1]), core.args[-1].shape.transposed))
    if len(terms) < 2 or len(ends) > 1:
        return None
    return product((fold(plus(rows, rows[0].shape)), ends.pop()), SCALAR)


def _move(term: Expr) -> Move | None:
    """Return the move that is due for a term, or None where it is isolated."""
    number, scalars, chain = split(term)
    if any(has_d(f) for f in chain):
        raise Refusal(no_law(term))
    core = next((s for s in scalars if has_d(s)), None)
    if core is None:
        return None
    move = _core_move(core)
    if move is None:
        return None

    def around(result: Expr) -> Expr:
        return product((num(number), *(result if s is core else s for s in scalars)), SCALAR)

    return Move(move.laws, around(move.result), None if move.between is None else around(move.between))


def _core_move(core: Expr) -> Move | None:
    if core.op == "d":
        return None
    if core.op == "tr":
        return _in_trace(split(core.args[0])[2])
    if core.op == "mul":
        return _in_run(core.args)
    if core.op == "sum":
        return _in_sum(core)
    raise Refusal(no_law(core))


def _in_sum(core: Expr) -> Move:
    """Return the move for a sum over an index: what is due for its summand, or what stands beside the differential summed."""
    unit, body = core.args
    inner = _move(body)
    if inner is None:
        found = _beside(body)
        factor = normal(make("sum", unit, found.factor))
        return Move(("sum-linearity",), assembled(found.letter, factor))

    def summed(result: Expr) -> Expr:
        return normal(make("sum", unit, result))

    return Move(inner.laws, summed(inner.result), None if inner.between is None else summed(inner.between))


def _out_of_sum(left: tuple[Expr, ...], node: Expr, right: tuple[Expr, ...]) -> Expr:
    """Return `L (sum of Z) R` as the sum of `L Z R`."""
    unit, body = renamed(node, {index for other in (*left, *right) for index in units(other)}).args
    return normal(make("sum", unit, _product(*left, body, *right)))


def _cut(chain: tuple[Expr, ...]) -> tuple[tuple[Expr, ...], Expr, tuple[Expr, ...]]:
    at = next(i for i, f in enumerate(chain) if has_d(f))
    return chain[:at], chain[at], chain[at + 1 :]


def _product(*factors: Expr) -> Expr:
    return product(factors, chain_shape(factors))


def _trace(inner: Expr) -> Expr:
    """Return tr(inner) with scalars pulled out; the trace of a scalar is the scalar."""
    number, scalars, chain = split(inner)
    if inner.scalar or not chain:
        return inner
    return product((num(number), *scalars, make("tr", _product(*chain))), SCALAR)


def _flip(factors: tuple[Expr, ...]) -> tuple[Expr, ...]:
    return tuple(transposed(f) for f in reversed(factors))


def _in_run(chain: tuple[Expr, ...]) -> Move | None:
    """Return the move for a scalar run L N R."""
    left, node, right = _cut(chain)
    match node.op:
        case "d" if node.shape.cols == ONE and not right:
            return None
        case "sum":
            return Move(("sum-linearity",), _out_of_sum(left, node, right))
        case "transpose":
            return Move(("row-transpose",), _product(*_flip(right), node.args[0], *_flip(left)))
        case "had" | "hdiv" if node.shape.cols == ONE and not right:
            return _row_hadamard(left, node)
        case "diag":
            factor = make("had", transposed(_product(*left)), _product(*right))
            return Move(("row-diag",), _product(transposed(normal(factor)), node.args[0]))
        case "diagonal" if not right:
            return Move(("row-diagonal",), _trace(_product(normal(make("diag", transposed(_product(*left)))), node.args[0])))
        case "vec" if not right and left:
            return _row_vec(left, node.args[0])
        case "kron" if not left and right and node.shape.rows == ONE:
            return Move(("row-transpose",), _product(*_flip(right), transposed(node)))
        case "kron" if not right and left and node.shape.cols == ONE:
            return _row_kronecker(left, node)
    if node.op not in ("d", "had", "hdiv", "kron"):
        raise Refusal(no_law(node))
    run = Expr("tr", (make("mul", *chain),), SCALAR)
    return Move(("tr-scalar", "tr-cycle"), _trace(_product(*right, *left, node)), run)


def _row_vec(left: tuple[Expr, ...], inner: Expr) -> Move:
    """Return the move for y^T vec(Z): a trace with the matrix whose vec is y."""
    row = left[0]
    if len(left) == 1 and row.op == "transpose" and row.args[0].op == "vec":
        return Move(("row-vec",), _trace(_product(transposed(row.args[0].args[0]), inner)))
    rows, cols = (leaf("identity", Shape(d, d)) for d in inner.shape)
    lifted = kron(cols, _product(*left))
    return Move(("row-unvec",), _trace(_product(lifted, kron(vec(cols), rows), inner)))


def _row_kronecker(left: tuple[Expr, ...], node: Expr) -> Move:
    """Return the move for a row times b ⊗ z or z ⊗ b."""
    first, second = node.args
    if has_d(first):
        return Move(("column-kronecker-left",), _product(*left, kron(leaf("identity", square(first)), second), first))
    return Move(("column-kronecker-right",), _product(*left, kron(first, leaf("identity", square(second))), second))


def _in_trace(chain: tuple[Expr, ...]) -> Move | None:
    """Return the move for tr(L N R)."""
    left, node, right = _cut(chain)
    match node.op:
        case "d":
            return None if not right else Move(("tr-cycle",), _trace(_product(*right, *left, node)))
        case "sum":
            unit, body = _out_of_sum(left, node, right).args
            return Move(("sum-linearity",), normal(make("sum", unit, _trace(body))))
        case "transpose":
            return Move(("tr-transpose",), _trace(_product(*_flip(right), node.args[0], *_flip(left))))
        case "had" | "hdiv":
            return _trace_hadamard((*right, *left), node)
        case "diag":
            chain = tuple(f for part in (*right, *left) for f in split(tidy_transposes(part))[2])
            inside = next((i for i in range(1, len(chain) - 1) if chain[i].op == "diag"), None)
            if inside is not None:
                entries = normal(make("had", _product(*chain[:inside]), transposed(_product(*chain[inside + 1 :]))))
                return Move(("tr-diag-diag",), _product(transposed(_product(entries, chain[inside].args[0])), node.args[0]))
            around = _product(*chain) if chain else leaf("identity", node.shape)
            return Move(("tr-diag",), _product(transposed(fold(normal(make("diagonal", around)))), node.args[0]))
        case "kron":
            return _trace_kronecker(_product(*right, *left) if left or right else leaf("identity", node.shape), node)
    raise Refusal(no_law(node))


def _trace_kronecker(around: Expr, node: Expr) -> Move:
    """Return the move for tr(M (B ⊗ Z)) or tr(M (Z ⊗ B)): the sum over the blocks of M."""
    first, second = node.args
    one, two = (tuple(leaf("identity", Shape(d, d)) for d in a.shape) for a in node.args)  # identities of rows and columns
    if has_d(second):
        row = kron(transposed(vec(one[1])), two[1])
        inner = (row, kron(transposed(first), around), kron(vec(one[0]), two[0]))
        return Move(("tr-kronecker-right",), _trace(_product(*inner, second)))
    row = kron(one[1], transposed(vec(second)))
    return Move(("tr-kronecker-left",), _trace(_product(row, kron(around, two[0]), kron(one[0], vec(two[0])), first)))


def kron(a: Expr, b: Expr) -> Expr:
    """Return the normal a ⊗ b."""
    return normal(make("kron", a, b))


def vec(a: Expr) -> Expr:
    """Return the normal vec(a)."""
    return normal(make("vec", a))


def square(e: Expr) -> Shape:
    """Return the shape of the identity that leaves `e` as it is."""
    return Shape(e.shape.rows, e.shape.rows)


def _surroundings(node: Expr) -> tuple[Expr, Callable[[Expr], Expr]]:
    """Return what carries the differential in a Hadamard product or quotient, and how it joins to the rest."""
    if node.op == "hdiv":
        return node.args[0], lambda m: make("hdiv", m, node.args[1])
    inner = next(a for a in node.args if has_d(a))
    others = [a for a in node.args if a is not inner]
    return inner, lambda m: make("had", m, *others)


def _row_hadamard(left: tuple[Expr, ...], node: Expr) -> Move:
    inner, join = _surroundings(node)
    factor = normal(join(transposed(_product(*left))))
    law = "row-hadamard" if node.op == "had" else "row-hadamard-quotient"
    return Move((law,), _product(transposed(factor), inner))


def _trace_hadamard(around: tuple[Expr, ...], node: Expr) -> Move:
    inner, join = _surroundings(node)
    outer = _product(*around) if around else leaf("identity", node.shape)
    factor = normal(join(transposed(outer)))
    law = "tr-hadamard" if node.op == "had" else "tr-hadamard-quotient"
    return Move((law,), _trace(_product(transposed(factor), inner)))


# ---------------------------------------------------------------- reading off


def isolated(line: Expr) -> tuple[Isolated, ...]:
    """Return, term by term, what stands beside the differential; `line` is isolated or linear in scalar differentials."""
    return tuple(_beside(t) for t in terms_of(line) if has_d(t))


def _beside(term: Expr) -> Isolated:
    number, scalars, chain = split(term)
    core = next((s for s in scalars if has_d(s)), None)
    if core is None:
        raise Refusal(no_law(term))
    others = (num(number), *(s for s in scalars if s is not core))
    if core.op == "d":
        return Isolated(core.args[0], product((*others, *chain), term.shape))
    inner = split(core.args[0])[2] if core.op == "tr" else core.args
    letter = inner[-1].args[0]
    shape = letter.shape.transposed
    return Isolated(letter, product((*others, *inner[:-1]), shape if shape != SCALAR else Shape(ONE, ONE)))


def assembled(letter: Expr, factor: Expr) -> Expr:
    """Return `factor` beside d(letter): tr(M dX), M dx, or M dt."""
    d = make("d", letter)
    if letter.scalar:
        return product((factor, d), factor.shape)
    number, scalars, chain = split(factor)
    if not chain:
        raise AssertionError("a factor beside a matrix differential is a matrix")
    run = product((*chain, d), Shape(chain[0].shape.rows, letter.shape.cols))
    inner = run if letter.shape.cols == ONE else _trace(run)
    return product((num(number), *scalars, inner), SCALAR)
