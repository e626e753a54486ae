"""Statements to typed tasks: what is asked, in which context, and what is said about what cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdderive.latex.elaborate import read
from mdderive.latex.write import write
from mdderive.model.context import Constraint, Context
from mdderive.reading.meaning import interpret
from mdderive.reading.tasks import ChainTask, GoalTask

SIZES = "A: m x n, B: n x m, S: m x m, x: n, y: m, t: scalar\n"


def meant(text, context=None):
    """Return the meaning of a text without findings."""
    meaning = interpret(text, context or Context())
    assert meaning.findings == ()
    assert meaning.unread == ()
    return meaning


def found(text, context=None):
    """Return the findings as (code, marked text, texts of the labels)."""
    findings = interpret(text, context or Context()).findings
    assert all(f.message() and f.message("zh") and f.help() and f.help("zh") for f in findings)
    return [(f.code, shown(text, f.span), [shown(text, label.span) for label in f.labels]) for f in findings]


def shown(text, span):
    return text[span.start : span.end]


# ---------------------------------------------------------------- tasks


def test_a_goal_with_a_stated_result():
    text = "a: m,  X: m x n,  b: n\nf = a^T X b\n\\frac{\\partial f}{\\partial X} = a b^T  % claim"
    meaning = meant(text)
    (goal,) = meaning.tasks
    assert isinstance(goal, GoalTask)
    assert (goal.f.name, goal.wrt.name, goal.order, goal.zero) == ("f", "X", 1, False)
    assert goal.stated == read("a b^T", meaning.context)
    assert shown(text, goal.stated_span) == "a b^T"
    assert goal.latex == shown(text, goal.span) == "\\frac{\\partial f}{\\partial X} = a b^T"
    assert [s.name for s in meaning.declared] == ["a", "X", "b"]
    assert [shown(text, span) for span in meaning.definitions] == ["f = a^T X b"]
    assert meaning.context.definitions["f"] == read("a^T X b", meaning.context)


@pytest.mark.parametrize(
    ("goal", "f", "order", "node"),
    [
        (r"\frac{\partial f}{\partial x} = ?", "f", 1, "deriv"),
        (r"\frac{\partial f}{\partial x}", "f", 1, "deriv"),
        (r"\frac{df}{dx} = ?", "f", 1, "deriv"),
        (r"\frac{\partial f}{\partial x^T} = ?", "f", 1, "transpose"),
        (r"\frac{\partial f}{\partial x}^T = ?", "f", 1, "transpose"),
        (r"\nabla_x f = ?", "f", 1, "deriv"),
        (r"\frac{\partial^2 f}{\partial x \partial x^T} = ?", "f", 2, "hess"),
        (r"\nabla^2_x f = ?", "f", 2, "hess"),
        (r"\frac{\partial (x^T x)}{\partial x} = ?", "x^T x", 1, "deriv"),
    ],
)
def test_every_form_of_a_goal(goal, f, order, node):
    meaning = meant(f"{SIZES}f = x^T S_1 x\nS_1: n x n\n{goal}")
    (task,) = meaning.tasks
    assert (task.wrt.name, task.order, task.node.op, task.stated) == ("x", order, node, None)
    assert task.f == read(f, meaning.context)


def test_an_operator_goal():
    meaning = meant("A: n x n, constant, t: scalar\n\\frac{d}{dt} e^{At} = A e^{At}")
    (task,) = meaning.tasks
    assert task.f == read("e^{At}", meaning.context)
    assert task.stated == read("A e^{At}", meaning.context)


def test_a_goal_set_to_zero_with_its_solution():
    text = "X: m x n, w: n, y: m\nl = \\|Xw - y\\|^2\n\\nabla_w l = 0 \\Rightarrow w = (X^T X)^{-1} X^T y"
    meaning = meant(text)
    (task,) = meaning.tasks
    (said,) = task.solutions
    unknown, value, span = said.left, said.right, said.span
    assert task.zero
    assert task.stated.op == "zero"
    assert (unknown.name, shown(text, span)) == ("w", "(X^T X)^{-1} X^T y")
    assert value == read("(X^T X)^{-1} X^T y", meaning.context)


def test_without_an_arrow_zero_is_a_stated_result():
    meaning = interpret(f"{SIZES}f = t^2\n\\nabla_x f = 0", Context())
    assert [f.code for f in meaning.findings] == ["DRV413"]
    (task,) = meaning.tasks
    assert not task.zero
    assert (task.stated.op, str(task.stated.shape)) == ("zero", "n")


def test_an_arrow_joins_statements():
    text = f"{SIZES}f = y^T A x\ndf = y^T A dx \\Rightarrow \\nabla_x f = A^T y"
    chain, goal = meant(text).tasks
    assert isinstance(chain, ChainTask)
    assert isinstance(goal, GoalTask)
    assert shown(text, goal.stated_span) == "A^T y"


def test_a_chain_has_a_pair_for_each_relation_at_its_right_side():
    text = f"{SIZES}d(Ax) = (dA) x + A dx = A dx + (dA) x"
    meaning = meant(text)
    (chain,) = meaning.tasks
    assert [shown(text, pair.span) for pair in chain.pairs] == ["(dA) x + A dx", "A dx + (dA) x"]
    assert chain.pairs[0].latex == "d(Ax) = (dA) x + A dx"
    assert chain.pairs[1].left == chain.pairs[0].right
    assert chain.varying is None


def test_an_aligned_environment_is_one_task():
    rows = "d(Ax) &= (dA) x + A dx \\\\ % product\n&= A dx + (dA) x \\\\\nd(t x) &= x dt + t dx\n"
    text = f"{SIZES}\\begin{{aligned}}\n{rows}\\end{{aligned}}"
    (chain,) = meant(text).tasks
    assert [shown(text, pair.span) for pair in chain.pairs] == ["(dA) x + A dx", "A dx + (dA) x", "x dt + t dx"]
    assert "%" not in chain.latex


def test_definitions_may_stand_in_an_environment_and_before_more_equations():
    meaning = meant(f"{SIZES}\\begin{{aligned}}\nf &= y^T A x \\\\ g &= f + t = t + f\n\\end{{aligned}}")
    assert list(meaning.context.definitions) == ["f", "g"]
    (chain,) = meaning.tasks
    assert [pair.latex for pair in chain.pairs] == ["g = f + t", "f + t = t + f"]


def test_the_second_equation_for_a_name_is_a_claim():
    meaning = meant(f"{SIZES}f = y^T A x\nf = x^T A^T y")
    (claim,) = meaning.tasks
    assert claim.pairs[0].left.name == "f"
    assert meaning.context.definitions["f"] == read("y^T A x", meaning.context)


def test_a_declared_name_in_its_own_equation_is_claimed_something_of():
    (claim,) = meant("S: n x n, symmetric\nS = S^T").tasks
    assert claim.pairs[0].right.op == "transpose"


def test_a_size_is_a_scalar_in_formulas():
    (claim,) = meant("X: m x n\nn = \\operatorname{tr}(I_n)").tasks
    assert claim.pairs[0].left.op == "size"


def test_definitions_hold_for_the_whole_block():
    meaning = meant("\\nabla_X f = ?\nf = \\operatorname{tr}(Y^T M Y)\nY = W X\nW: l x m, X: m x n, M: l x l")
    assert list(meaning.context.definitions) == ["Y", "f"]
    assert str(meaning.context.symbols["Y"].shape) == "l x n"


def test_constraints_and_premises():
    meaning = meant("X: m x n, y: n\nm >= n, n > 2\ngiven: \\mathbf{1}^T y = 1\nX^T X = X^T X")
    assert meaning.context.constraints == (Constraint("m", ">=", "n"), Constraint("n", ">", "2"))
    (premise,) = meaning.context.premises
    assert premise.right == read("1", meaning.context)


def test_equal_sizes_are_a_constraint():
    meaning = meant("X: m x n\nm = n\nX X = X^2")
    assert meaning.context.constraints == (Constraint("m", "=", "n"),)


def test_elementwise_functions():
    text = "x: n\n\\sigma: elementwise\ns(x) = \\frac{1}{1 + e^{-x}}\ny = s(x) + \\sigma(x) + \\phi(x)"
    meaning = meant(text)
    assert meaning.context.elementwise["s"].parameter == "x"
    assert meaning.context.elementwise["s"].body.scalar
    assert meaning.context.symbols["x"].shape.rows.names == ("n",)
    assert meaning.functions == (r"\phi",)


def test_an_unknown_scalar_function():
    goal = "\\frac{\\partial f}{\\partial X} = A^T \\frac{\\partial f}{\\partial Y}"
    meaning = meant(f"X: n x p, A: m x n, f: scalar function of Y\nY = A X\n{goal}")
    (goal,) = meaning.tasks
    assert (goal.f.op, goal.f.name, goal.f.args[0].name) == ("apply", "f", "Y")


# ---------------------------------------------------------------- inference


def test_undeclared_letters_are_inferred():
    meaning = meant("f = a^T X b + \\lambda\n\\nabla_X f = a b^T")
    shapes = {s.name: str(s.shape) for s in meaning.inferred}
    assert shapes == {"a": "n", "X": "n x m", "b": "m", r"\lambda": "scalar"}
    assert all(s.inferred for s in meaning.inferred)


def test_a_lower_case_letter_is_a_scalar_where_a_column_does_not_fit():
    meaning = meant("f = c y^T y + b\n\\nabla_y f = 2 c y")
    assert {s.name: str(s.shape) for s in meaning.inferred} == {"c": "scalar", "y": "n", "b": "scalar"}


def test_a_misfit_of_declared_shapes_is_not_explained_away():
    ((code, marked, _),) = found("x: n, y: m\nf = x^T y + z")
    assert (code, marked) == ("DRV302", "y")


@pytest.mark.parametrize(
    ("lines", "varying"),
    [
        ("d(Ax) = (dA) x + A dx", None),
        ("f = y^T A x\n\\nabla_x f = ?\ndf = y^T A dx", {"x"}),
        ("f = y^T A x\ndf = y^T A dx\n\\nabla_x f = ?", {"x"}),
        ("f = y^T A x\n\\nabla_x f = ?\n\\nabla_y f = ?\ndf = y^T A dx + (dy)^T A x", {"x", "y"}),
        ("f = y^T A x\n\\nabla_x f = ?\nd(AB) = (dA) B + A dB", None),
        ("z = A x\nf = z^T z\n\\nabla_z f = ?\ndf = 2 z^T dz", {"A", "x"}),
        ("z = A x\nf = z^T z\n\\nabla_z f = ?\n\\nabla_x f = ?\ndf = 2 z^T dz", {"x"}),
    ],
)
def test_what_varies_in_a_chain(lines, varying):
    (chain,) = [task for task in meant(SIZES + lines).tasks if isinstance(task, ChainTask)]
    assert chain.varying == varying


# ---------------------------------------------------------------- sections


def test_a_later_block_goes_on_where_the_first_ended():
    first = meant("a: m, X: m x n, b: n\nf = a^T X b\ns(\\tau) = \\tau^2\ngiven: a^T a = 1")
    second = meant("\\nabla_X f = a b^T\ny = s(b)", first.context)
    assert [s.name for s in second.declared] == []
    assert second.context.definitions["f"] == first.context.definitions["f"]
    assert second.context.premises == first.context.premises
    assert second.redefined == ()


def test_a_redefinition_is_said_and_replaces():
    first = meant(f"{SIZES}f = y^T y")
    second = meant("f = x^T x\n\\nabla_x f = 2 x", first.context)
    assert second.redefined == ("f",)
    assert second.context.definitions["f"] == read("x^T x", second.context)


def test_the_same_definition_again_is_none():
    first = meant(f"{SIZES}Y = A B\nf = \\operatorname{{tr}}(Y)")
    second = meant("Y = A B\n\\nabla_A f = ?", first.context)
    assert second.redefined == ()


def test_what_was_defined_through_a_redefined_name_is_not_used_any_more():
    first = meant(f"{SIZES}Y = A B\nf = \\operatorname{{tr}}(Y)")
    text = "Y = S\n\\nabla_S f = ?\nf = t"
    assert meant("Y = S\nf = \\operatorname{tr}(Y)\n\\nabla_S f = ?", first.context).redefined == ("Y",)
    assert found("Y = S\n\\nabla_S f = ?\nS = f S", first.context) == [("DRV118", "f", [])]
    assert found(text, first.context) == [("DRV413", "\\nabla_S f", [])]


def test_a_letter_declared_anew_takes_what_rests_on_it_along():
    first = meant(f"{SIZES}f = x^T x")
    second = interpret("x: m\n\\nabla_x f = ?", first.context)
    assert [f.code for f in second.findings] == ["DRV118"]
    assert second.redefined == ("x",)
    assert [u.latex for u in second.unread] == [r"\nabla_x f = ?"]


def test_an_inferred_size_gives_way_to_a_declared_one():
    first = meant("f = a^T X b")
    second = meant("C: n x n\ng = f", first.context)
    dims = {n for name in "aXb" for dim in second.context.symbols[name].shape for n in dim.names}
    assert "n" not in dims
    assert str(second.context.symbols["C"].shape) == "n x n"
    assert write(second.context.definitions["f"], second.context) == write(first.context.definitions["f"], first.context)


def test_places_of_another_block_are_not_mixed_up_with_this_one():
    first = meant(SIZES)
    ((code, marked, labels),) = found("f = x^T y", first.context)
    assert (code, marked) == ("DRV302", "y")
    assert all(label in "f = x^T y" for label in labels)


# ---------------------------------------------------------------- findings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x: n\nx: m\nx^T x = x^T x", [("DRV115", "x", ["x"])]),
        ("x: n, x: elementwise", [("DRV115", "x", ["x"])]),
        ("X: m x n\nn: scalar", [("DRV116", "n", ["X"])]),
        ("n: scalar\nX: m x n", [("DRV116", "X", ["n"])]),
        ("f = g + 1\ng = f", [("DRV117", "f = g + 1", ["g = f"])]),
        ("h = h + 1", [("DRV117", "h = h + 1", [])]),
        ("f = g\ng = h\nh = g\nk = k", [("DRV117", "g = h", ["h = g"]), ("DRV117", "k = k", [])]),
        ("x: n\n\\nabla_x f = ?", [("DRV119", "f", [])]),
        ("x: n, f: scalar\n\\nabla_x f = x", [("DRV119", "f", [])]),
        ("X: n x n\nW > 0\nX + X = 2 X", [("DRV136", "W > 0", [])]),
        ("W: n x n\nW > 0\nW + W = 2 W", [("DRV136", "W > 0", [])]),
        ("x: n\nf = x.T @ x", [("DRV135", "f = x.T @ x", [])]),
        ("lambda: scalar", [("DRV135", "lambda", [])]),
        ("w: n\nf = lambda w^T w", [("DRV135", "f = lambda w^T w", [])]),
        ("x: n\nf = sum_i x_i^2", [("DRV135", "f = sum_i x_i^2", [])]),
        ("A = [1 2; 3 4]", [("DRV135", "A = [1 2; 3 4]", [])]),
        ("s(\\tau) = \\tau B", [("DRV120", "s(\\tau) = \\tau B", [])]),
        ("s(\\tau) = \\tau + \\mu", [("DRV120", "s(\\tau) = \\tau + \\mu", [])]),
        ("X: m x n\nk >= n", [("DRV122", "k >= n", [])]),
        ("X: m x n\nX^T X", [("DRV123", "X^T X", [])]),
        ("X: m x n\nX^T X \\approx I", [("DRV124", r"\approx", [])]),
        ("x: n\nf = x^T x\n\\nabla_x f = 0 \\Rightarrow y = x", [("DRV125", "y = x", [])]),
        ("B: n x n\nS: n x n, symmetric\nS = B + B^T", [("DRV126", "S", [])]),
        ("x: n\nf = x^T x\n\\nabla_z f = ?", [("DRV128", "z", [])]),
        ("x: n\ngiven: x^T x", [("DRV218", "x^T x", [])]),
        ("x: n\nf = (x^T x", [("DRV202", "(", [])]),
        ("x: n\nf = x^T \\foo", [("DRV201", r"\foo", [])]),
        ("X: m x n, y: n\nx^T y = 1", [("DRV221", "x", ["X"])]),
    ],
)
def test_findings_stand_at_the_smallest_place(text, expected):
    assert found(text) == expected


def test_properties_of_a_defined_name_are_not_assumed():
    meaning = interpret("B: n x n\nS: n x n, symmetric\nS = B", Context())
    assert not meaning.context.has("S", "symmetric")
    assert meaning.findings[0].severity == "warning"


def test_a_declared_shape_is_checked_against_the_definition():
    text = "A: m x n, B: n x m\nY: m x n\nY = A B"
    ((code, marked, labels),) = found(text)
    assert code == "DRV301"
    assert marked == "A B"
    assert "Y" in labels


def test_one_mistake_is_one_finding_and_the_rest_goes_on():
    text = f"{SIZES}f = x^T y\ng = f + 1\n\\nabla_x g = ?\nh = y^T A x\n\\nabla_x h = A^T y\nq = x^T x = f"
    meaning = interpret(text, Context())
    assert [f.code for f in meaning.findings] == ["DRV302"]
    assert [task.latex for task in meaning.tasks] == [r"\nabla_x h = A^T y"]
    assert [u.latex for u in meaning.unread] == ["f = x^T y", "g = f + 1", r"\nabla_x g = ?", "q = x^T x = f"]
    assert meaning.unread[1].reason.message() == "rests on f, which could not be read"


def test_what_rests_on_an_unreadable_line_is_not_judged():
    for line in ("f = x^T (x", "f: vector", "f: n x m, symmetric", "f = \\foo"):
        meaning = interpret(f"x: n\n{line}\nx^T x = f", Context())
        assert len(meaning.findings) == 1
        assert meaning.tasks == ()
        assert meaning.unread[-1].latex == "x^T x = f"


def test_a_refused_statement_leaves_no_trace():
    text = "x: n\nB x + q = x^T\nB x = B x"
    meaning = interpret(text, Context())
    assert [f.code for f in meaning.findings] == ["DRV301"]
    assert [s.name for s in meaning.inferred] == ["B"]
    assert str(meaning.context.symbols["B"].shape) == "m x n"


def test_every_relation_of_a_refused_chain_is_unread():
    text = "x: n, y: m\nd(x) = y = x"
    assert [(u.latex, shown(text, u.span)) for u in interpret(text, Context()).unread] == [("d(x) = y", "y"), ("y = x", "x")]


LINES = st.sampled_from(
    r"""
x: n|x: m|A: m x n|n: scalar|f: scalar function of A|m = n|n >= 2|given: x^T x = 1
f = x^T x|f = g|g = f + A|A = A^T|s(x) = x^2|y = s(x)
\nabla_x f = 2x|df = 2 x^T dx|\nabla_x f = 0 \Rightarrow x = 0|\frac{\partial^2 f}{\partial x \partial x^T}|X x = x X|a = b = ?
(|x =|= x|?|\begin{aligned}|\end{aligned}|\left(|x, A
""".strip()
    .replace("\n", "|")
    .split("|")
)


@given(st.one_of(st.text(max_size=60), st.lists(LINES, max_size=8).map("\n".join)), st.lists(LINES, max_size=5).map("\n".join))
def test_any_text_has_a_meaning(first, second):
    context = Context()
    for text in (first, second):
        meaning = interpret(text, context)
        context = meaning.context
        for place in [*meaning.findings, *meaning.unread, *meaning.tasks]:
            assert 0 <= place.span.start <= place.span.end <= len(text)
        for task in meaning.tasks:
            sides = [e for p in task.pairs for e in (p.left, p.right)] if isinstance(task, ChainTask) else [task.node]
            assert not [d for e in sides for node in e.walk() for d in node.shape for n in d.names if n.startswith("?")]
        unnamed = [d for s in context.symbols.values() for d in s.shape for n in d.names if n.startswith("?")]
        assert not unnamed
