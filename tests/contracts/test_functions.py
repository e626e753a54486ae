"""One row of the table of functions is all there is to add: every row goes through every room, and so does a row that is new."""

import json
import subprocess
import sys
from fractions import Fraction
from html import unescape

import numpy as np
import pytest
import scipy.special

from mdderive.check.derivations import derivation_of
from mdderive.check.pipeline import check
from mdderive.model.functions import FUNCTIONS
from mdderive.model.results import Settings
from mdderive.output.pages import OUTPUTS, expand
from mdderive.output.rows import answer, derive_row
from mdderive.rules.book import PROOFS, Proof
from mdderive.verify.entrywise import meaning
from mdderive.verify.field import Undefined
from mdderive.verify.real import Real
from tests.programs.running import run

PLACES = (Fraction(7, 10), Fraction(-6, 10), Fraction(13, 10), Fraction(-19, 10), Fraction(1, 100))
PRIMITIVES = [name for name in FUNCTIONS if meaning(name) is None]


def outcomes(*lines, options=""):
    document = check("\n".join([f"```derive {options}".rstrip(), *lines, "```", ""]))
    assert "DRV901" not in {f.code for f in document.findings}
    assert not [f for f in document.findings if f.code < "DRV400"], lines
    return [e.outcome for e in document.equations]


def value(name, x):
    return float(eval(FUNCTIONS[name].python.format("x"), {"np": np, "scipy": scipy, "x": float(x)}))


def defined(name, x):
    low, high = FUNCTIONS[name].domain
    return (low is None or x > low) and (high is None or x < high)


def inside(name, x):
    """Return points of the domain for numbers between 0 and 2."""
    low, high = FUNCTIONS[name].domain
    if low is None or high is None:
        return (low or 0) + x
    return low + (high - low) * (0.3 + x / 4)


POINTS = {"scalar": 0.7, "n": np.array([[0.7], [1.3]]), "m x n": np.array([[0.7, 1.3], [0.2, 0.9]])}
# The last of a series has a value and no derivative; of twelve random numbers hardly all are beyond one.
LAST = {("tetragamma", 2), ("pentagamma", 1), ("pentagamma", 2)}
ASKED = [
    (name, shape, order)
    for name in FUNCTIONS
    for shape in POINTS
    for order in (1, 2)
    if (name, order) not in LAST and (name, shape) != ("arcosh", "m x n")
]


def asked(name, shape, order=1):
    total = rf"\operatorname{{sum}}({FUNCTIONS[name].latex}(x))"
    return {"let": [f"x: {shape}"], "f": total, "wrt": "x", "order": order}


def slopes(name, x, order):
    """Return the derivative at every entry, by differences."""
    step = 1e-5 if order == 1 else 1e-3
    ahead, here, behind = (np.array([value(name, t + s) for t in np.ravel(x, order="F")]) for s in (step, 0, -step))
    return (ahead - behind) / (2 * step) if order == 1 else (ahead - 2 * here + behind) / step**2


def test_every_row_is_derived_and_programmed():
    made = [derivation_of(asked(*row), Settings()) for row in ASKED]
    answers = [answer(derivation) for derivation in made]
    assert [(row, a["error"]) for row, a in zip(ASKED, answers, strict=True) if a["status"] != "ok"] == []
    assert [row for row, derivation in zip(ASKED, made, strict=True) if not derivation.sympy] == []
    head = "import numpy as np\nimport scipy.special\nm = n = 2\n"
    texts = [
        f"{head}x = np.array({np.array(inside(row[0], POINTS[row[1]])).tolist()})\nout = {a['numpy']}"
        for row, a in zip(ASKED, answers, strict=True)
    ]
    for (name, shape, order), got in zip(ASKED, run((text, ["out"]) for text in texts), strict=True):
        assert isinstance(got, list), (name, got)
        found = np.array(got[0])
        entries = np.diag(found) if order == 2 and shape != "scalar" else np.ravel(found, order="F")
        assert np.allclose(entries, slopes(name, np.array(inside(name, POINTS[shape])), order), rtol=1e-4, atol=1e-5), (
            name,
            shape,
            order,
        )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_is_judged(name):
    row, f = FUNCTIONS[name], rf"{FUNCTIONS[name].latex}"
    assert outcomes("x: scalar", f"{f}(x) + {f}(x) = 2 {f}(x)", f"{f}(x) = {f}(x) + 1") == ["holds", "wrong"]
    if row.derivative not in ("", "0"):
        slope = row.derivative.replace(r"\tau", "x")
        claims = (rf"\frac{{d}}{{dx}} {f}(x) = {slope}", rf"\frac{{d}}{{dx}} {f}(x) = 2 ({slope})")
        assert outcomes("x: scalar", *claims) == ["holds", "wrong"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_tier_judges_it(name):
    f = FUNCTIONS[name].latex
    near = rf"{f}(x) = {f}(x) + \frac{{1}}{{10^{{30}}}}"
    parts = rf"\max(y, 0) {f}(x) + \min(y, 0) {f}(x)"  # as each region of signs says
    claims = (rf"y {f}(x) = {f}(x) y", near, rf"{parts} = y {f}(x)", rf"|y| {f}(x) = y {f}(x)")
    assert outcomes("x, y: scalar", *claims) == ["holds", "wrong", "holds", "wrong"]


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if row.derivative])
def test_every_output_writes_it(name):
    row = FUNCTIONS[name]
    document = check(
        f"```derive\nx: n\nf = \\operatorname{{sum}}({row.latex}(x))\n\\frac{{\\partial f}}{{\\partial x}} = ?\n```\n"
    )
    for to in OUTPUTS:
        written = expand(document, to)
        assert "```derive" not in written, to
        written = unescape(written)
        plain = {"sqrt": "√", "gamma": "Γ"}.get(name, f"{name[-2]}{chr(ord('₀') + int(name[-1]))}" if "bessel" in name else name)
        assert (plain if to == "text" else row.latex) in written, to


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if row.meaning])
def test_the_derivative_of_what_is_made_of_others_is_proved(name):
    assert isinstance(PROOFS[f"d-{name}"], Proof), "add the proof to mdderive/rules/proofs.py"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_symmetry_is_that_of_its_values(name):
    f = FUNCTIONS[name].latex
    places = [x for x in PLACES if defined(name, x) and defined(name, -x)]
    for claim, other in ((f"{f}(-x) = {f}(x)", value), (f"{f}(-x) = -{f}(x)", lambda n, x: -value(n, x))):
        (outcome,) = outcomes("x: scalar", claim)
        true = bool(places) and all(np.isclose(value(name, -x), other(name, x)) for x in places)
        assert (outcome == "holds") == true or outcome == "undecided", claim
        assert outcome != "wrong" or not true


@pytest.mark.parametrize("name", PRIMITIVES)
def test_the_value_with_many_digits_is_that_of_the_program(name):
    field = Real(50)
    for x in PLACES:
        if defined(name, x):
            assert np.isclose(float(field.known(name, field.number(x))), value(name, x))
        else:
            with pytest.raises(Undefined):
                field.known(name, field.number(x))


@pytest.mark.parametrize("name", [name for name in PRIMITIVES if FUNCTIONS[name].rising])
def test_a_rising_function_rises(name):
    values = [value(name, x) for x in sorted(PLACES) if defined(name, x)]
    assert values == sorted(values)


@pytest.mark.parametrize("name", PRIMITIVES)
def test_the_value_at_zero_is_that_of_the_program(name):
    at_zero = FUNCTIONS[name].at_zero
    if at_zero is None:
        with pytest.raises(Undefined):
            Real(50).known(name, 0)
    else:
        assert float(Real(50).known(name, 0)) == at_zero == value(name, 0.0)


def test_wrong_equations_about_them_are_recomputed():
    programs = []
    for row in FUNCTIONS.values():
        shape, one = ("scalar", "1") if row.domain == (1, None) else ("n", r"\mathbf{1}")
        document = check(f"```derive\nx: {shape}\n{row.latex}(x) = 2 {row.latex}(x) + {one}\n```\n")
        (finding,) = (f for f in document.findings if f.severity == "error")
        programs.append((finding.witness.numpy, ["left", "right"]))
    for name, got in zip(FUNCTIONS, run(programs), strict=True):
        assert isinstance(got, list), (name, got)
        assert not np.allclose(got[0], got[1]), name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_of_a_matrix_it_is_answered_or_refused(name):
    f = FUNCTIONS[name].latex
    outcomes("X: n x n", f"{f}(X) X = X {f}(X)", f"{f}(X) = {f}(X) + I", options='functions="matrix"')
    found = derive_row({"let": ["X: n x n"], "f": rf"\operatorname{{tr}}({f}(X))", "wrt": "X", "functions": "matrix"})
    assert found["status"] in ("ok", "undecided") or found["error"]["code"] in ("DRV405", "DRV430")


NEW = r"""
import json
import mdderive.model.functions as table
Row = table.Function
rows = [
    Row("arsinh", r"\operatorname{arsinh}", r"\sqrt{1 + \tau^2}^{-1}", "np.arcsinh({0})", digits="asinh",
        parity="odd", sympy="asinh({0})"),
    Row("expm1", r"\operatorname{expm1}", r"\exp(\tau)", "np.expm1({0})", r"\exp(\tau) - 1", sympy="exp({0}) - 1"),
    Row("cube", r"\operatorname{cube}", r"3 \tau^2", "({0})**3", r"\tau^3", sympy="({0})**3"),
    Row("root", r"\operatorname{root}", r"\frac{1}{3} \operatorname{root}(\tau)^{-2}", "np.cbrt({0})", digits="cbrt",
        domain=(0, None), sympy="cbrt({0})"),
    Row("arcsin", r"\arcsin", r"\sqrt{1 - \tau^2}^{-1}", "np.arcsin({0})", digits="asin", domain=(-1, 1),
        parity="odd", rising=True, sympy="asin({0})"),
    Row("arcosh", r"\operatorname{arcosh}", r"\sqrt{\tau^2 - 1}^{-1}", "np.arccosh({0})", digits="acosh", domain=(1, None),
        rising=True, sympy="acosh({0})"),
]
table.FUNCTIONS = {**table.FUNCTIONS, **{row.name: row for row in rows}}
from mdderive.check.pipeline import check
from mdderive.check.derivations import derivation_of
from mdderive.model.results import Settings
from mdderive.output.rows import answer
out = []
for row in rows:
    for shape in ("scalar", "n", "m x n")[: 2 if row.domain == (1, None) else 3]:  # of twelve numbers hardly all are beyond one
        asked = {"let": [f"x: {shape}"], "f": rf"\operatorname{{sum}}({row.latex}(x))", "wrt": "x"}
        derivation = derivation_of(asked, Settings())
        found = answer(derivation)
        out.append([row.name, found["status"], str(found["error"]), bool(derivation.sympy)])
    f, slope = row.latex + "(x)", row.derivative.replace(r"\tau", "x")
    lines = ["x: scalar, positive", f"{f} = {f}", f"{f} = 2 {f}", rf"\frac{{d}}{{dx}} {f} = {slope}"]
    document = check("\n".join(["```derive", *lines, "```", ""]))
    out.append([row.name, *[e.outcome for e in document.equations], *sorted({f.code for f in document.findings})])
print(json.dumps(out))
"""


def test_a_new_row_just_works():
    done = subprocess.run([sys.executable, "-c", NEW], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    for name, *rest in told:
        assert rest in (["ok", "None", True], ["holds", "wrong", "holds", "DRV402"]), (name, rest)
    assert len(told) == 23


def test_whole_notes_read_it_too():
    text = r"Let $x \in \mathbb{R}$. Then $\frac{d}{dx} \operatorname{erf}(x) = \frac{2}{\sqrt{\pi}} e^{-x^2}$."
    text += (
        "\n\n"
        + r"Then $2 \operatorname{erf}(x) = \operatorname{erf}(2x)$. Then $\operatorname{erf}(-x) = -\operatorname{erf}(x)$."
    )
    rows = [e.outcome for e in check(text, settings=Settings(equations=True)).equations if "erf" in e.latex]
    assert (rows[0], rows[-1]) == ("holds", "holds")
    assert "holds" not in rows[1:-1]
