"""The silent laws keep every value and leave nothing to do a second time."""

from dataclasses import replace

from hypothesis import example, given, settings

from mdderive.engine.fold import fold
from mdderive.engine.normal import normal
from mdderive.engine.transposing import tidy_transposes, transposed
from mdderive.model.context import ElementwiseFunction
from mdderive.model.expr import Expr, make, sym
from mdderive.model.shapes import ONE, Shape, size
from mdderive.verify.holds import holds
from tests.trees import CONTEXT, trees

CONTEXT_WITH_FUNCTION = replace(CONTEXT, elementwise={r"\sigma": ElementwiseFunction(r"\sigma")})


def equal(a: Expr, b: Expr) -> bool:
    return holds(a, b, CONTEXT_WITH_FUNCTION).outcome != "wrong"


@given(trees())
@example(make("inv", make("inv", make("diag", sym("a", Shape(size("m"), ONE))))))
@settings(max_examples=150, deadline=None)
def test_normal_is_idempotent(tree: Expr) -> None:
    once = normal(tree)
    assert normal(once) == once


@given(trees())
@settings(max_examples=60, deadline=None)
def test_normal_keeps_the_value(tree: Expr) -> None:
    assert equal(tree, normal(tree))


@given(trees())
@settings(max_examples=60, deadline=None)
def test_fold_keeps_the_value(tree: Expr) -> None:
    once = normal(tree)
    assert equal(once, fold(once))


@given(trees())
@settings(max_examples=60, deadline=None)
def test_transposed_is_the_transpose(tree: Expr) -> None:
    once = normal(tree)
    assert equal(make("transpose", once), transposed(once))


def test_a_sum_is_its_own_transpose_only_with_as_many_of_each_term() -> None:
    a = sym("A", CONTEXT.symbols["A"].shape)
    thrice = make("add", a, a, make("transpose", a))
    assert equal(make("transpose", thrice), transposed(thrice))
    assert transposed(make("add", a, make("transpose", a))) == make("add", a, make("transpose", a))


@given(trees())
@settings(max_examples=60, deadline=None)
def test_declared_symmetry_keeps_the_value(tree: Expr) -> None:
    once = normal(tree)
    assert equal(once, tidy_transposes(once, frozenset({"S"})))
