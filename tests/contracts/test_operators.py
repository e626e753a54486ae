"""A row of the table of operators goes through every room; what an operator lacks is said here, with the place to write it."""

from fractions import Fraction
from itertools import islice

import numpy as np
import pytest
import scipy.linalg

from mdderive.check.goals import tell
from mdderive.latex.elaborate import read
from mdderive.latex.write import write
from mdderive.model.context import Context, ElementwiseFunction, Family, Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr, make, num, of_numbers, sym
from mdderive.model.operators import LEAVES, OPERATORS
from mdderive.model.shapes import ONE, SCALAR, Shape, size
from mdderive.output.rulebook import operators
from mdderive.programs import numpy as numpy_code
from mdderive.programs import sympy as sympy_code
from mdderive.verify.algebra import Algebra
from mdderive.verify.case import Sampling, case_of
from mdderive.verify.contents import Contents
from mdderive.verify.degree import degree
from mdderive.verify.evaluate import Evaluation, StraightLine
from mdderive.verify.field import Rational
from mdderive.verify.holds import holds
from mdderive.verify.operators import MEANING
from mdderive.verify.sample import Draw

M, N = size("m"), size("n")
THREE = Shape(size(3), ONE)
SHAPES = {
    "u": THREE,
    "v": THREE,
    "t": SCALAR,
    "x": Shape(N, ONE),
    "a": Shape(M, ONE),
    "X": Shape(N, N),
    "Z": Shape(N, N),
    "Y": Shape(M, N),
}
CONTEXT = Context(
    symbols={
        **{name: Symbol(name, shape) for name, shape in SHAPES.items()},
        "c_i": Symbol("c_i", Shape(N, ONE), family=Family("c", ("i",), (N,))),
    },
    elementwise={r"\sigma": ElementwiseFunction(r"\sigma")},
    unknown={"g": "Y"},
)
# The letters of the spellings in the table.
LISTED = Context(
    symbols={
        **{name: Symbol(name, Shape(N, N if name.isupper() else ONE)) for name in "xyXY"},
        **{name: Symbol(name, THREE) for name in "uv"},
        "k": Symbol("k", SCALAR, frozenset({"integer"})),
        "A_i": Symbol("A_i", Shape(N, N), family=Family("A", ("i",), (N,))),
    },
    elementwise={r"\sigma": ElementwiseFunction(r"\sigma")},
    unknown={"f": "Y"},
)
# Formulas that ask more than the first spelling of the operator, or that it cannot be written in with the letters here.
EXAMPLES = {
    "const": r"\pi",
    "identity": "I_n",
    "ones": r"\mathbf{1}_{m \times n}",
    "zero": r"0_{m \times n}",
    "add": "X + Z",
    "mul": "X Z",
    "had": r"X \odot Z",
    "pow": "X^3",
    "hpow": r"X^{\odot 2}",
    "hdiv": r"Z \oslash X",
    "powers": r"(X \odot X)^{\odot Z}",
    "transpose": "Y^T",
    "kron": r"X \otimes Z",
    "vec": r"\operatorname{vec}(Y)",
    "fn": r"\sigma(X)",
    "frechet": r"L_{\exp}(X, Z)",
    "frechetmatrix": r"K_{\exp}(X)",
    "cross": r"u \times v",
    "crossmatrix": r"\operatorname{cross}(u)",
    "cholesky": r"\operatorname{cholesky}(X X^T)",
    "atlargest": r"e_{\max}(Y)",
    "atsmallest": r"e_{\min}(Y)",
    "pinv": "Y^{+}",
    "eigmax": r"\lambda_{\max}(X X^T)",
    "eigmin": r"\lambda_{\min}(X X^T)",
    "eigvecmax": r"q_{\max}(X X^T)",
    "eigvecmin": r"q_{\min}(X X^T)",
    "sigmamax": r"\sigma_{\max}(Y)",
    "leftvector": r"u_{\max}(Y)",
    "rightvector": r"v_{\max}(Y)",
    "nuclear": r"\|Y\|_*",
    "polar": r"\operatorname{polar}(Y)",
    "norm": r"\|Y\|_F",
    "norm1": r"\|Y\|_1",
    "inner": r"\langle X, Z \rangle",
    "indicator": "[1 < 2]",
    "unit": r"\mathbf{e}_2",
    "sum": r"\sum_{i=1}^n x_i^2",
    "product": r"\prod_{i=1}^n (x_i + 1)",
    "member": "c_2",
    "rowsoftmax": r"\operatorname{softmax}(Y)",
    "powersummatrix": r"\sum_{r=0}^{2} (X^T)^{2-r} \otimes X^r",
    "powersum": r"\sum_{r=0}^{2} X^r Z X^{2-r}",
    "sort": r"\operatorname{sort}(x)",
    "sorting": r"\operatorname{sorting}(x)",
    "max": r"\max(X, Z)",
    "min": r"\min(X, Z)",
    "matrix": r"\begin{bmatrix} t & 2 \\ 1 & t^2 \end{bmatrix}",
    "apply": "g(Y)",
    "deriv": r"\frac{\partial g}{\partial Y}",
    "hess": r"\frac{\partial^2 (x^T X x)}{\partial x \partial x^T}",
}
# Operators without a law for their differential: a derivation that meets one ends with DRV405.
VECTORS = {"eigvecmax", "eigvecmin", "leftvector", "rightvector", "polar"}
HOT = {"atlargest", "atsmallest"}
WITHOUT_LAW = {"polar", *HOT, "crossmatrix", "frechet", "frechetmatrix", "powersum", "powersummatrix", "sorting"}
UP_TO_SIGN = VECTORS - {"polar"}
# Operators that have no value in NumPy, and those that SymPy has no form for.
WITHOUT_NUMPY = {"d", "hess", "along", "at"}
SPECTRAL = {*VECTORS, "eigmax", "eigmin", "sigmamax", "nuclear"}
WITHOUT_SYMPY = {
    *SPECTRAL,
    *HOT,
    "powersum",
    "powersummatrix",
    "cholesky",
    "sort",
    "sorting",
    "crossmatrix",
    "below",
    "beside",
    "mfn",
    "frechet",
    "frechetmatrix",
    "d",
    "hess",
    "along",
    "at",
    "largest",
    "smallest",
    "matrix",
}
# Operators of letters and unknown functions: what they stand for is drawn, not computed.
MOVED = {"d", "deriv", "hess", "along", "at"}
DRAWN = {"sym", "member", "fn", "apply", *MOVED}
# Operators of any number of arguments, or of more than arguments: their programs are code.
CODED = {
    "num",
    "size",
    "const",
    "commutation",
    "unit",
    "add",
    "mul",
    "had",
    "hpow",
    "pow",
    "mfn",
    "frechet",
    "frechetmatrix",
    "sum",
    "product",
    "indicator",
    "matrix",
}
ROW = "mdderive/model/operators.py"


def example(op: str) -> Expr:
    found = read(EXAMPLES.get(op) or OPERATORS[op].spellings[0], CONTEXT)
    assert not isinstance(found, Finding), f"{op} is not read: {found.message()}; give it names, signs or forms in {ROW}"
    return found


def of_letters(op: str, letters: str) -> Expr:
    """Return an operator of letters of one shape, numbers or columns where it takes them."""
    row, rest = OPERATORS[op], iter(letters)
    parts = row.shape.partition("->")[0].replace("),(", ")|(").split("|") if row.arguments else ["(n,n)", "(n,n)"]
    shapes = {"()": SCALAR, "(n,1)": SHAPES["x"], "(3,1)": THREE}
    return make(op, *(sym(next(rest) if p != "()" else "t", shapes.get(p, SHAPES["X"])) for p in parts))


def test_nothing_stands_without_a_row() -> None:
    assert MEANING.keys() - OPERATORS.keys() == set(), f"an operator has a meaning and no row: add it in {ROW}"


def test_examples_are_of_operators() -> None:
    assert EXAMPLES.keys() | WITHOUT_LAW | WITHOUT_NUMPY | WITHOUT_SYMPY | DRAWN <= OPERATORS.keys()


@pytest.mark.parametrize("op", sorted(OPERATORS))
def test_it_is_listed_by_its_words_and_its_spellings_in_both_languages(op: str) -> None:
    for lang in ("en", "zh"):
        entry = next(entry for entry in operators(lang) if entry.name == op)
        assert entry.title, f"{op} lacks its words in {ROW}"
        assert entry.spellings, f"{op} lacks names, signs or forms in {ROW}"


@pytest.mark.parametrize(("op", "spelling"), [(op, s) for op in OPERATORS for s in OPERATORS[op].spellings])
def test_each_spelling_reads_as_what_it_is_listed_for(op: str, spelling: str) -> None:
    tree = read(spelling, LISTED)
    assert not isinstance(tree, Finding), tree
    assert tree.op == op


@pytest.mark.parametrize("op", sorted(OPERATORS))
def test_it_is_read_and_written(op: str) -> None:
    tree = example(op)
    assert tree.op == op
    assert read(write(tree, CONTEXT), CONTEXT) == tree


@pytest.mark.parametrize("op", sorted(OPERATORS))
def test_it_is_judged(op: str) -> None:
    assert op in MEANING or op in DRAWN, f"{op} has no value: add its entry to MEANING in mdderive/verify/operators.py"
    tree = example(op)
    assert holds(tree, tree, CONTEXT).outcome == "holds"
    assert holds(tree, make("mul", num(2), tree), CONTEXT).outcome == ("holds" if op == "zero" else "wrong")


@pytest.mark.parametrize("op", sorted(OPERATORS.keys() - DRAWN))
def test_the_program_has_the_shape_and_the_value_that_the_judge_computes(op: str) -> None:
    tree = example(op)
    point = case_of((tree,), CONTEXT).point(Sampling("50", (("m", 2), ("n", 3), ("p", 4)), 0))
    given: dict[str, object] = {"np": np, "scipy": scipy, "m": 2, "n": 3, "p": 4}
    for node in tree.walk():
        if node.op in ("sym", "unit"):
            value = point.at.value(node) if node.op == "sym" else None
            given[node.name] = np.reshape([float(x) for x in value.plain], (value.rows, value.cols)) if value else 0
    assert op in WITHOUT_NUMPY or OPERATORS[op].numpy or op in CODED, f"{op} has no program: write `numpy` in its row in {ROW}"
    wanted = point.at.value(tree)
    assert (wanted.rows, wanted.cols) == point.at.draw.dims(tree.shape), f"`shape` in the row of {op} in {ROW}"
    got = np.asarray(eval(numpy_code.program(tree, CONTEXT).code, given))
    assert got.size == wanted.rows * wanted.cols
    value = np.array([float(x) for x in wanted.plain])
    sign = np.sign(value[0] * np.ravel(got)[0]) if op in UP_TO_SIGN else 1
    assert np.allclose(np.ravel(got), sign * value), f"`numpy` in the row of {op}, or its meaning, is wrong"


@pytest.mark.parametrize("op", sorted(OPERATORS.keys() - WITHOUT_SYMPY))
def test_it_has_a_form_in_sympy_or_says_so(op: str) -> None:
    try:
        assert sympy_code.program(example(op), CONTEXT).code
    except ValueError:
        pytest.fail(f"{op} has no form in SymPy: write `sympy` in its row in {ROW}, or name it in WITHOUT_SYMPY here")


TAKING = [row.op for row in OPERATORS.values() if row.arguments and row.op not in DRAWN | {"sum", "product", "indicator"}]


def doubled(tree: Expr) -> Expr:
    return make("mul", num(2), tree)


@pytest.mark.parametrize("op", TAKING)
def test_it_is_linear_where_its_row_says_so_and_nowhere_else(op: str) -> None:
    plain, other = of_letters(op, "XZ"), of_letters(op, "YZ")
    first, second = plain.args[0], other.args[0]
    both = make(op, make("add", first, doubled(second)), *plain.args[1:])
    context = Context(symbols={n.name: Symbol(n.name, n.shape) for e in (plain, other) for n in e.walk() if n.op == "sym"})
    found = holds(both, make("add", plain, doubled(other)), context).outcome
    linear = OPERATORS[op].linear or op == "hdiv"  # of a quotient the numerator alone is
    assert (found == "holds") == linear, f"`linear` in the row of {op} in {ROW}"


TURNED = [
    op for op in sorted(OPERATORS.keys() - {"hess", "along", "at"}) if len({*example(op).shape}) == 1 and not example(op).scalar
]


@pytest.mark.parametrize("op", TURNED)
def test_it_is_its_own_transpose_where_its_row_says_so_and_nowhere_else(op: str) -> None:
    tree = example(op)
    found = holds(make("transpose", tree), tree, CONTEXT).outcome
    assert (found == "holds") == OPERATORS[op].symmetric, f"`symmetric` in the row of {op} in {ROW}"


NUMBERED = [row.op for row in OPERATORS.values() if row.number and row.arguments and row.op not in ("mfn", "max", "min")]


@pytest.mark.parametrize("op", NUMBERED)
def test_of_numbers_it_is_what_its_row_says(op: str) -> None:
    letters = [sym(name, SCALAR) for name in "st"[: OPERATORS[op].arguments]]
    positive = frozenset({"positive"} if OPERATORS[op].number == "power" else ())
    context = Context(symbols={e.name: Symbol(e.name, SCALAR, positive) for e in letters})
    tree = make(op, *letters)
    assert holds(tree, of_numbers(tree), context).outcome == "holds", f"`number` in the row of {op} in {ROW}"


RATIONAL = [op for op in TAKING if {*MEANING[op].kinds} <= {"products"}] if MEANING.keys() >= {*TAKING} else []


def at_numbers(op: str, a: Fraction, b: Fraction) -> list[Fraction]:
    """Return the entries of an operator of matrices `a A + b B`, computed without rounding."""
    place = iter(range(100))

    def table(shape: Shape) -> Expr:
        wide = 3 if shape.cols == N else 1
        entries = tuple(num(2 * a * (7 * k % 5 + (k % 4 == 0)) + b * (6 * k % 14 - 5)) for k in islice(place, 3 * wide))
        return Expr("matrix", entries, Shape(size(3), size(wide)))

    tree = make(op, *(num(2) if e.scalar else table(e.shape) for e in of_letters(op, "XZ").args))
    context = Context()
    at = Evaluation(Draw(Algebra(Rational()), {}, context, frozenset(), 1), StraightLine(Contents(context)))
    return [Fraction(x) for x in at.value(tree).plain]


@pytest.mark.parametrize("op", RATIONAL)
def test_its_value_is_rational_and_grows_as_its_degree_allows(op: str) -> None:
    tree, where = of_letters(op, "XZ"), f"`kinds` or `degree` of {op} in MEANING of mdderive/verify/operators.py"
    context = Context(symbols={n.name: Symbol(n.name, n.shape) for n in tree.walk() if n.op == "sym"})
    bound = degree((tree,), case_of((tree,), context).contents, ({"m": 3, "n": 3},), {})
    if not bound.under:  # a polynomial: on a line its differences of higher order vanish
        line = np.array([at_numbers(op, Fraction(1), Fraction(k)) for k in range(-bound.over - 2, bound.over + 2)])
        assert not np.any(np.diff(line, n=bound.over + 1, axis=0)), where
        return
    one, large, small = (max(map(abs, at_numbers(op, s, s))) for s in (Fraction(1), Fraction(1000), Fraction(1, 1000)))
    assert large / one <= 1001**bound.over, where
    assert small / one <= 1001**bound.under, where


@pytest.mark.parametrize("op", sorted(OPERATORS.keys() - LEAVES - MOVED - {"member"}))
def test_it_has_a_law_or_says_so(op: str) -> None:
    tree = example(op)
    letter = next(node for node in tree.walk() if node.op == "sym")
    told = tell(tree, sym(letter.name, letter.shape), CONTEXT)
    if op in WITHOUT_LAW:
        assert isinstance(told, Finding)
        assert told.code == "DRV405"
        assert op in told.facts["operator"]
    else:
        assert not isinstance(told, Finding), f"{told.message()}: state its law in mdderive/rules, or name it in WITHOUT_LAW"
        assert told.verdict.outcome == "holds"


@pytest.mark.parametrize("op", [row.op for row in OPERATORS.values() if row.linear and row.keeps_square])
def test_a_linear_operator_is_carried_out_of_a_trace(op: str) -> None:
    told = tell(make("tr", make("mul", sym("Z", SHAPES["Z"]), example(op))), sym("X", SHAPES["X"]), CONTEXT)
    assert not isinstance(told, Finding), f"{op}: {told.message()}; state tr(M {op}(Z)) in mdderive/rules/trace.py"
    assert told.verdict.outcome == "holds"


def test_an_unknown_operator_is_refused_where_it_is_made() -> None:
    with pytest.raises(KeyError, match="hull"):
        make("hull", sym("X", SHAPES["X"]))
