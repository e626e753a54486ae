"""The trees of a claim are one straight line: equal sub-trees stand in it once, and points run it without making more of it."""

from mdderive.model.expr import Expr, shared
from mdderive.verify.case import Sampling, case_of
from mdderive.verify.contents import Contents
from mdderive.verify.evaluate import _OPERATORS, Evaluation, StraightLine
from mdderive.verify.moduli import PRIMES
from tests.verify.declared import context, equation

GROUND = context("A: n x n", "x: n")
LEFT, RIGHT = equation(r"\operatorname{tr}(A x x^T) + d(x^T A x) = x^T A x + d(\operatorname{tr}(A x x^T))", GROUND)


def test_equal_trees_of_both_sides_are_one_instruction() -> None:
    line = StraightLine(Contents(GROUND))
    for side in (LEFT, RIGHT, LEFT):
        line.order(line.place(side), None)
    nodes = [instruction.e for instruction in line.instructions]
    assert len(nodes) == len(set(nodes))
    for instruction in line.instructions:
        assert all(arg < instruction.place for arg in instruction.args)


def test_what_stands_still_in_a_frame_is_taken_from_outside() -> None:
    line = StraightLine(Contents(GROUND))
    place = line.place(RIGHT)
    moved = {i.e.name for i in line.order(place, frozenset("x")) if i.e.op == "sym" and i.node != Evaluation.outside}
    assert moved == {"x"}


def test_a_second_point_takes_no_tree_in() -> None:
    table: dict[Expr, Expr] = {}
    left, right = shared(LEFT, table), shared(RIGHT, table)
    case = case_of((left, right), GROUND)
    both = case.contents.comparison(left, right)
    case.point(Sampling(PRIMES[0], (("n", 3),), 0)).sides(both)
    size, orders = len(case.program.instructions), len(case.program.orders)
    for prime, n in ((PRIMES[1], 3), (PRIMES[0], 4), (PRIMES[0] * PRIMES[1], 1)):
        a, b = case.point(Sampling(prime, (("n", n),), 1)).sides(both)
        assert a.plain == b.plain
    assert (len(case.program.instructions), len(case.program.orders)) == (size, orders)
    assert size > orders > 0


def test_what_has_no_free_index_is_worked_out_once_for_all_places(monkeypatch) -> None:
    asked = []
    gradient = _OPERATORS["deriv"]
    monkeypatch.setitem(_OPERATORS, "deriv", lambda at, e: asked.append(at.draw.places) or gradient(at, e))
    ground = context("A: n x n", "x: n")
    read = r"\mathbf{e}_i^T x + \mathbf{1}^T \frac{\partial x^T A x}{\partial x} = \mathbf{1}^T (A + A^T) x + \mathbf{e}_i^T x"
    left, right = equation(read, ground)
    case = case_of((left, right), ground)
    both = case.contents.comparison(left, right)
    assert set(both.indices) == {"i"}
    a, b = case.point(Sampling(PRIMES[0], (("n", 4),), 0)).sides(both)
    assert a.plain == b.plain
    assert len(a.plain) == 4
    assert asked == [{}]
