"""The SymPy text runs, is made of matrix expressions, and has the values of the NumPy text and of our own evaluator."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg
from click.testing import CliRunner

from mdderive.check.goals import tell
from mdderive.check.primed import known_primes
from mdderive.cli.main import cli
from mdderive.engine.seen_through import inlined
from mdderive.latex.elaborate import read
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import make, num, sym
from mdderive.model.functions import FUNCTIONS
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import SCALAR
from mdderive.programs import numpy as numpy_code
from mdderive.programs import sympy as sympy_code
from mdderive.reading.meaning import interpret
from mdderive.reading.problems import problem
from mdderive.verify.case import Sampling, case_of
from tests.contracts.test_operators import CONTEXT, SHAPES, WITHOUT_SYMPY, example
from tests.programs.running import within

pytest.importorskip("sympy", reason="SymPy is not installed: what is written for it cannot be run")

PROBLEMS = Path(__file__).parents[3] / "shared/problems/dev.jsonl"
ODD = {name for name, row in FUNCTIONS.items() if row.domain == (None, None)}
UNKNOWN = {
    "sigma": lambda t: t**3 + t,
    "sigma_prime": lambda t: 3 * t**2 + 1,
    "sigma_prime_prime": lambda t: 6 * t,
}

# A reader of matrix expressions, class by class: what people's own programs would make of the result.
READER = r"""
import contextlib, io, json, math, sys
import numpy as np, sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

def scalar(e, values):
    return np.squeeze(value(e, values))

def value(e, values):
    args = lambda: [value(a, values) for a in e.args]
    if isinstance(e, sp.MatrixSymbol):
        return values[e.name]
    if isinstance(e, sp.Symbol):
        return values[e.name]
    if isinstance(e, sp.Identity):
        return np.eye(int(value(e.args[0], values)))
    if isinstance(e, (sp.OneMatrix, sp.ZeroMatrix)):
        shape = [int(value(a, values)) for a in e.shape]
        return np.ones(shape) if isinstance(e, sp.OneMatrix) else np.zeros(shape)
    if isinstance(e, sp.FunctionMatrix):
        rows, cols = (int(value(a, values)) for a in e.shape)
        i, j = e.lamda.variables
        at = lambda a, b: float(np.squeeze(value(e.lamda.expr, {**values, i.name: a, j.name: b})))
        return np.array([[at(a, b) for b in range(cols)] for a in range(rows)])
    if type(e).__name__ == "MatrixElement":
        return value(e.parent, values)[int(value(e.i, values)), int(value(e.j, values))]
    if isinstance(e, (sp.Sum, sp.Product)):
        *outer, (k, low, high) = e.limits
        inner = e.func(e.function, *outer) if outer else e.function
        span = range(int(scalar(low, values)), int(scalar(high, values)) + 1)
        every = [scalar(inner, {**values, k.name: n}) for n in span]
        return sum(every) if isinstance(e, sp.Sum) else math.prod(every)
    if isinstance(e, sp.KroneckerDelta):
        return float(scalar(e.args[0], values) == scalar(e.args[1], values))
    if isinstance(e, sp.Mod):
        a, b = args()
        return a % b
    if isinstance(e, sp.floor):
        return math.floor(args()[0])
    if isinstance(e, ElementwiseApplyFunction):
        x = e.function.variables[0]
        at = lambda entry: float(scalar(e.function.expr, {**values, x.name: entry}))
        return np.vectorize(at, otypes=[float])(value(e.expr, values))
    if isinstance(e, sp.Trace):
        return np.trace(np.atleast_2d(args()[0]))
    if isinstance(e, sp.Determinant):
        return np.linalg.det(args()[0])
    if isinstance(e, sp.Inverse):
        return np.linalg.inv(value(e.arg, values))
    if isinstance(e, sp.Transpose):
        return args()[0].T
    if isinstance(e, sp.DiagMatrix):
        return np.diagflat(args()[0])
    if isinstance(e, sp.DiagonalOf):
        return np.diag(args()[0]).reshape(-1, 1)
    if isinstance(e, sp.KroneckerProduct):
        out = np.eye(1)
        for a in args():
            out = np.kron(out, a)
        return out
    if isinstance(e, sp.HadamardPower):
        return value(e.base, values) ** float(value(e.exp, values))
    if isinstance(e, sp.MatPow):
        return np.linalg.matrix_power(value(e.base, values), int(value(e.exp, values)))
    if isinstance(e, sp.HadamardProduct):
        out = 1.0
        for a in args():
            out = out * a
        return out
    if isinstance(e, (sp.MatAdd, sp.Add)):
        return sum(args())
    if isinstance(e, sp.Mul) and not isinstance(e, sp.MatMul):
        return math.prod(scalar(a, values) for a in e.args)
    if isinstance(e, sp.MatMul):
        out = np.eye(1)
        for a in e.args:
            v = np.asarray(value(a, values), float)
            out = out @ v if getattr(a, "is_MatrixExpr", False) and out.shape[1] == v.shape[0] and v.ndim == 2 else out * v
        return out
    if isinstance(e, sp.Pow):
        return scalar(e.base, values) ** scalar(e.exp, values)
    return float(e.func(*[sp.Float(float(np.squeeze(v))) for v in args()]) if e.args else e)

for line in sys.stdin:
    text, given = json.loads(line)
    scope = {}
    try:
        exec(text, scope)
        result = scope["result"]
        values = {k: np.array(v, float) if isinstance(v, list) else v for k, v in given.items()}
        kind = "matrix" if getattr(result, "is_MatrixExpr", False) else "number"
        print(json.dumps([kind, np.atleast_2d(np.asarray(value(result, values), float)).tolist()]))
    except Exception as error:
        print(json.dumps(f"{type(error).__name__}: {error}"))
"""
POLYNOMIAL = "__import__('sympy').Lambda(*__import__('sympy').S('u, u**3 + u'))"


def ran(programs):
    """Return what the results of SymPy texts are and their values at given letters, or the error as text."""
    lines = "".join(json.dumps(p) + "\n" for p in programs)
    done = subprocess.run([sys.executable, "-c", READER], input=lines, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def drawn(e, context, seed):
    """Return values by letter: sizes, positive numbers, and square matrices that every declaration allows."""
    rng = np.random.default_rng(seed)
    shapes = {name: symbol.shape for name, symbol in context.symbols.items()}
    shapes |= {rf"\frac{{\partial {n.args[0].name}}}{{\partial {n.args[1].name}}}": n.shape for n in e.walk() if n.op == "deriv"}
    dims = {n for shape in [*shapes.values(), *(n.shape for n in e.walk())] for dim in shape for n in dim.names}
    dims |= {n.name for n in e.walk() if n.op == "size"}
    values = dict(zip(sorted(dims), rng.permutation([2, 3, 4, 5, 6])[: len(dims)].tolist(), strict=True))
    if {"m", "n"} <= values.keys():  # normal equations want tall matrices
        values |= {"m": max(values["m"], values["n"]), "n": min(values["m"], values["n"])}
    for name, shape in shapes.items():
        rows, cols = (dim.factor * int(np.prod([values[n] for n in dim.names])) for dim in shape)
        if shape == SCALAR:
            values[name] = 3 if context.has(name, "integer") or name in ("k", "p") else float(rng.uniform(0.3, 1.5))
            continue
        matrix = rng.uniform(0.2, 1.2, (rows, cols))
        values[name] = matrix @ matrix.T / rows + np.eye(rows) if rows == cols else matrix
    return values


def both(e, context, seed=0):
    """Return the SymPy text, its letters, and the value of the NumPy text at the same letters."""
    here, there = sympy_code.program(e, context), numpy_code.program(e, context)
    values = drawn(e, context, seed)
    scope = {"np": np, "scipy": scipy, **UNKNOWN, **{name: values[n] for n, name in there.names.items() if n in values}}
    given = {name: np.asarray(values[n]).tolist() for n, name in here.names.items() if n in values}
    text = re.sub(r'Function\("\w+"\)', POLYNOMIAL, here.code)
    return text, given, np.atleast_2d(np.asarray(eval(there.code, scope), float))  # the text is our own


def assert_same(cases):
    cases = list(cases)
    for (text, _, wanted), got in zip(cases, ran((text, given) for text, given, _ in cases), strict=True):
        assert isinstance(got, list), f"{got}\n{text}"
        kind, found = got
        assert (kind == "matrix") == (wanted.size > 1), text
        assert np.shape(found) == wanted.shape, text
        assert np.allclose(found, wanted, rtol=1e-8, atol=1e-10), text


def test_every_operator_has_the_value_of_its_numpy_form():
    assert_same(
        both(example(op), CONTEXT, seed)
        for op in sorted(OPERATORS.keys() - WITHOUT_SYMPY - {"apply", "member"})
        for seed in (0, 1)
    )


@pytest.mark.parametrize("op", sorted(WITHOUT_SYMPY))
def test_what_sympy_cannot_express_is_refused_by_name(op):
    with pytest.raises(ValueError, match=op):
        sympy_code.program(example(op), CONTEXT)


def test_an_unknown_function_of_a_matrix_is_a_function():
    assert "result = g(Y)" in sympy_code.program(example("apply"), CONTEXT).code


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_has_the_value_of_its_numpy_form(name):
    x, t = sym("x", SHAPES["x"]), sym("t", SCALAR)
    args = [within(name, x), within(name, t), *([make("mul", num(-1), t)] if name in ODD else [])]
    assert_same(both(make("fn", arg, name=name), CONTEXT) for arg in args)


EXPRESSIONS = [
    r"2 t x^T X x - \frac{1}{2} \operatorname{tr}(X)^2",
    r"\operatorname{tr}(X^T Z) Y^T a (x^T x)^{-1}",
    r"-\sigma'(X) \odot \sigma''(Z)",
    r"t \sigma'(t) + \sigma''(2 t)",
    r"p(X x) + p'(x) + p''(x)",
    r"q(t) + q'(t) + p(2 t)",
    r"t \otimes X + X \otimes t",
    r"(I_m \otimes Z) \operatorname{vec}(X Z Y^T) t",
    r"K_{m,n} \operatorname{vec}(Y)",
    r"\|x\| x + \|X\|_1 x",
    r"\operatorname{diag}(\operatorname{softmax}(x)) - \operatorname{softmax}(x) \operatorname{softmax}(x)^T",
    r"e^{-t} \pi I_n + n X^{-2}",
    r"\langle X, Z \rangle \det(X)^{-1} 0_{n}",
    r"X \oslash (Z \odot X) - X^{\odot \frac{1}{2}}",
    r"\operatorname{tr}(t) + \|t\| + \langle t, t \rangle + \operatorname{vec}(t) + \det(t) + t^{-1}",
]


def test_expressions_have_the_value_of_their_numpy_form():
    functions = "p(s) = s^2 \\sin s + t\nq(u) = p(u) + \\sigma(u)"
    base = interpret(functions, CONTEXT).context
    cases = []
    for text in EXPRESSIONS:
        e = read(text, base)
        assert not isinstance(e, Finding), (text, e.message())
        cases += [both(e, known_primes(e, base), seed) for seed in (0, 1)]
    assert_same(cases)


def test_every_operator_has_the_value_of_our_own_evaluator():
    """The third reader is the judge; a function left unknown is another one there, and a derivative of it too."""
    programs, values = [], []
    sizes = {"m": 4, "n": 3, "p": 2}  # normal equations want tall matrices
    for op in sorted(OPERATORS.keys() - WITHOUT_SYMPY - {"apply", "deriv", "fn", "member"}):
        e = example(op)
        point = case_of((e,), CONTEXT).point(Sampling("50", tuple(sizes.items()), 0))
        given = {**sizes}
        for node in e.walk():
            if node.op == "sym":
                value = point.at.value(node)
                given[node.name] = np.reshape([float(x) for x in value.plain], (value.rows, value.cols)).tolist()
        here = sympy_code.program(e, CONTEXT)
        programs.append((here.code, {name: given[n] for n, name in here.names.items()}))
        values.append([float(x) for x in point.at.value(e).plain])
    for (text, _), got, wanted in zip(programs, ran(programs), values, strict=True):
        assert isinstance(got, list), f"{got}\n{text}"
        assert np.allclose(np.ravel(got[1]), wanted, rtol=1e-9), text


def score_row(p):
    spec = importlib.util.spec_from_file_location("score", PROBLEMS.parent / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    return score.row(p)


@pytest.mark.skipif(not PROBLEMS.exists(), reason="the shared problems are not here")
def test_every_problem_has_the_value_of_its_numpy_form():
    cases = []
    for line in PROBLEMS.read_text(encoding="utf-8").splitlines():
        p = json.loads(line)
        meant = problem(score_row(p))
        assert not isinstance(meant, Finding), p["id"]
        told = tell(meant.f, meant.wrt, meant.context, order=meant.order)
        assert not isinstance(told, Finding), p["id"]
        e = inlined(told.gradient, told.context)
        context = known_primes(e, told.context)
        if any(node.op == "mfn" for node in e.walk()):
            with pytest.raises(ValueError, match="mfn"):
                sympy_code.program(e, context)
        else:
            cases.append(both(e, context))
    assert len(cases) > 150
    assert_same(cases)


def test_the_command_prints_a_text_that_runs(tmp_path):
    run = CliRunner().invoke
    let = ["--let", "A: m x m, symmetric", "--let", "W: m x n", "--let", r"\lambda: scalar, positive"]
    result = run(cli, ["derive", r"\operatorname{tr}(W^T A W) + \lambda \|W\|^2", "--wrt", "W", *let, "--to", "sympy"])
    assert result.exit_code == 0, result.output
    assert "facts = Q.symmetric(A)" in result.stdout
    assert "positive=True" in result.stdout
    done = subprocess.run(
        [sys.executable, "-c", result.stdout + "print(result.shape)"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "(m, n)\n"
    refused = run(cli, ["derive", "e^{t A}", "--wrt", "t", "--let", "A: n x n", "--let", "t: scalar", "--to", "sympy"])
    assert refused.exit_code == 1
    assert refused.stderr.startswith("DRV430: the result has no form in SymPy: 'mfn'")
