"""From df to the gradient: each term is carried into `tr(M dX)`, `g^T dx` or `g dt`.

A term is linear in one differential, so one path leads from it up to the root, and every operator on that path has one law that
carries the surroundings past it. A binder folds what stands left and right of the path into L and R. Each move takes one operator
off the path or turns a run into a trace once, so a term is isolated after at most twice its depth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mdderive.engine.arrange import plus, product
from mdderive.engine.carry import applied, carried, carriers, cut
from mdderive.engine.differentiate import expanded, no_law
from mdderive.engine.fold import fold
from mdderive.engine.match import Binding, instantiate, law
from mdderive.engine.normal import normal
from mdderive.engine.transposing import tidy_transposes
from mdderive.model.diagnostics import Finding, MdderiveBug, Refusal
from mdderive.model.expr import Expr, make, num, renamed, units, unshadowed
from mdderive.model.shapes import ONE, SCALAR, Shape
from mdderive.model.source import Span
from mdderive.model.terms import chain_shape, factors_of, has_d, split, terms_of

MAX_MOVES = 200
FORMS = {"tr": "tr", "mul": "row"}


@dataclass(frozen=True, slots=True)
class Move:
    """Laws carried out on one term, or on a whole line: their names, what they give, and what the first of two gives."""

    laws: tuple[str, ...]
    result: Expr
    between: Expr | None = None


@dataclass(frozen=True, slots=True)
class Isolated:
    """A term `M` beside the differential of `letter`: tr(M dX), M dx or M dt.

    It is summed `over` units of a member of a family, the outermost first.
    """

    letter: Expr
    factor: Expr
    over: tuple[Expr, ...] = ()


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
    raise Refusal(Finding("DRV409", line.span or Span(0, 0), {"bound": f"{MAX_MOVES} moves"}))


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
    end = ends.pop()
    return product((fold(_together(rows, end)), end), SCALAR)


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
    """Return the move for tr(L N R), for a scalar run L N R, or for a sum over an index of one."""
    if core.op == "d":
        return None
    if core.op == "sum":
        return _in_sum(core)
    if core.op not in ("tr", "mul"):
        raise Refusal(no_law(core))
    left, node, right = cut(factors_of(core.args[0] if core.op == "tr" else core))
    if node.op == "sum":
        out = _out_of_sum(left, node, right)
        if core.op == "tr":
            out = normal(make("sum", out.args[0], _trace(out.args[1])))
        return Move(("sum-linearity",), out)
    if node.op == "d" and not right and (core.op == "tr" or node.shape.cols == ONE):
        return None
    if core.op == "tr" and node.op == "diag":
        return _diagonal((*right, *left), node)
    return _carried(core, node) or _cycled(core, node)


def _diagonal(around: tuple[Expr, ...], node: Expr) -> Move:
    """Return the move for tr(M diag(z)), transposes in M pushed in to show a diagonal matrix there, and the result folded."""
    core = _trace(_product(*map(tidy_transposes, around), node))
    move = _carried(core, node) or _cycled(core, node)
    return Move(move.laws, fold(move.result))


def _carried(core: Expr, node: Expr) -> Move | None:
    """Return the move by the first law for the operator around the differential that fits, None where none does."""
    turned = core.op == "mul" and node.op == "kron" and node.shape.rows == ONE
    operator = "transpose" if turned else node.op
    for found in carriers().get((FORMS[core.op], operator), ()):
        result = applied(found, core) if operator == "transpose" else carried(found, core)
        if result is not None:
            return Move((found.rule.name,), result)
    for found in carriers().get(("", "kron"), ()) if core.op == "mul" and node.op == "kron" else ():
        result = carried(found, node)
        if result is not None:
            chain = [result if f is node else f for f in core.args]
            return Move((found.rule.name,), product(chain, core.shape))
    return None


def _cycled(core: Expr, node: Expr) -> Move:
    """Return the move that brings the differential to the end of a trace, or of a run that becomes one."""
    column = core.op == "tr" and node.shape.cols == ONE  # a trace with a column in it is turned to a run that ends in it
    if node.op != "d" and not column and (core.op == "tr" or ("tr", node.op) not in carriers()):
        raise Refusal(no_law(node))
    run, cycle = law("tr-scalar"), law("tr-cycle")
    between = core if core.op == "tr" else instantiate(run.written, Binding({run.carries.name: core}))
    result = carried(cycle, between)
    if result is None:
        raise MdderiveBug(f"{cycle.rule.name} does not fit a trace")
    return Move(("tr-cycle",), result) if core.op == "tr" else Move(("tr-scalar", "tr-cycle"), result, between)


def _in_sum(core: Expr) -> Move | None:
    """Return the move for a sum over an index: what is due for its summand, or what stands beside the differential summed."""
    unit, body = core.args
    inner = _move(body)
    if inner is None:
        found = beside(body)
        if unit in found.letter.args:
            return None
        factor = normal(make("sum", unit, found.factor))
        return Move(("sum-linearity",), assembled(replace(found, factor=factor)))

    def summed(result: Expr) -> Expr:
        return normal(make("sum", unit, result))

    return Move(inner.laws, summed(inner.result), None if inner.between is None else summed(inner.between))


def _out_of_sum(left: tuple[Expr, ...], node: Expr, right: tuple[Expr, ...]) -> Expr:
    """Return `L (sum of Z) R` as the sum of `L Z R`."""
    unit, body = renamed(node, {index for other in (*left, *right) for index in units(other)}).args
    return normal(make("sum", unit, _product(*left, body, *right)))


def _product(*factors: Expr) -> Expr:
    return product(factors, chain_shape(factors))


def _trace(inner: Expr) -> Expr:
    """Return tr(inner) with scalars pulled out; the trace of a scalar is the scalar."""
    number, scalars, chain = split(inner)
    if inner.scalar or not chain:
        return inner
    return product((num(number), *scalars, make("tr", _product(*chain))), SCALAR)


def kron(a: Expr, b: Expr) -> Expr:
    """Return the normal a ⊗ b."""
    return normal(make("kron", a, b))


def vec(a: Expr) -> Expr:
    """Return the normal vec(a)."""
    return normal(make("vec", a))


def square(e: Expr) -> Shape:
    """Return the shape of the identity that leaves `e` as it is."""
    return Shape(e.shape.rows, e.shape.rows)


# ---------------------------------------------------------------- reading off


def isolated(line: Expr) -> tuple[Isolated, ...]:
    """Return, term by term, what stands beside the differential; `line` is isolated or linear in scalar differentials."""
    return tuple(beside(t) for t in terms_of(line) if has_d(t))


def beside(term: Expr) -> Isolated:
    """Return what stands beside the differential in one term."""
    number, scalars, chain = split(term)
    core = next((s for s in scalars if has_d(s)), None)
    if core is None:
        raise Refusal(no_law(term))
    others = (num(number), *(s for s in scalars if s is not core))
    if core.op == "d":
        return Isolated(core.args[0], product((*others, *chain), term.shape))
    if core.op == "sum":
        unit, body = renamed(core, {index for other in (*others, *chain) for index in units(other)}).args
        found = beside(body)
        return Isolated(found.letter, product((*others, *chain, found.factor), found.factor.shape), (unit, *found.over))
    inner = split(core.args[0])[2] if core.op == "tr" else core.args
    letter = inner[-1].args[0]
    shape = letter.shape.transposed
    return Isolated(letter, product((*others, *inner[:-1]), shape if shape != SCALAR else Shape(ONE, ONE)))


def collected(terms: Sequence[Isolated]) -> Expr:
    """Return what stands beside one differential in all terms, by linearity."""
    return _together([t.factor for t in terms], make("d", terms[0].letter))


def _together(factors: Sequence[Expr], end: Expr) -> Expr:
    """Return the one factor beside `end` for several, by the law for two."""
    whole = factors[0]
    if end.scalar:
        return plus(factors, whole.shape)
    column = end.shape.cols == ONE
    found = law("row-linearity" if column else "linearity")
    for factor in factors[1:]:
        runs = [make("mul", m, end) for m in (whole, factor)]
        line = applied(found, make("add", *(runs if column else (make("tr", run) for run in runs))))
        if line is None:
            raise MdderiveBug(f"{found.rule.name} does not fit two terms")
        whole = beside(line).factor
    return whole


def assembled(term: Isolated) -> Expr:
    """Return the term that stands beside a differential: tr(M dX), M dx, or M dt, or a sum of such."""
    whole = _alone(term.letter, term.factor)
    for unit in reversed(term.over):
        whole = normal(make("sum", unit, whole))
    return unshadowed(whole) if term.over else whole


def _alone(letter: Expr, factor: Expr) -> Expr:
    d = make("d", letter)
    if letter.scalar:
        return product((factor, d), factor.shape)
    number, scalars, chain = split(factor)
    if not chain:
        raise AssertionError("a factor beside a matrix differential is a matrix")
    run = product((*chain, d), Shape(chain[0].shape.rows, letter.shape.cols))
    inner = run if letter.shape.cols == ONE else _trace(run)
    return product((num(number), *scalars, inner), SCALAR)
