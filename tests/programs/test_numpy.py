"""The NumPy text: every operator has one, and it is written in what `jax.numpy` has too, with nothing written in place."""

import ast
import json
import subprocess
import sys

import numpy as np
import pytest

from mdderive.model.expr import make, sym
from mdderive.model.functions import FUNCTIONS
from mdderive.model.operators import OPERATORS
from mdderive.model.shapes import SCALAR
from mdderive.programs.numpy import MATRIX_FUNCTIONS, program
from tests.contracts.test_operators import CONTEXT, SHAPES, example
from tests.programs.running import within

NO_VALUE = {"d", "hess", "along", "at"}
# What NumPy and jax.numpy share of what is used; the array methods are those that JAX arrays have.
SHARED = {
    *("argmax", "argsort", "sort"),
    *("abs", "arange", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "block", "cos", "cosh", "cross", "diag"),
    *(
        "diagflat",
        "e",
        "exp",
        "eye",
        "heaviside",
        "kron",
        "log",
        "log1p",
        "max",
        "maximum",
        "mean",
        "min",
        "minimum",
        "ones",
        "pi",
    ),
    *("prod", "reshape", "stack", "sign", "sin", "sinh", "sqrt", "std", "sum", "tan", "tanh", "trace", "tril", "triu", "zeros"),
    *("linalg.cholesky", "linalg.det", "linalg.eigh", "linalg.eigvalsh", "linalg.inv", "linalg.matrix_power", "linalg.norm"),
    *("linalg.pinv", "linalg.svd"),
}
SHARED_SCIPY = {
    *("linalg.expm", "linalg.expm_frechet", "linalg.sqrtm"),
    *(f"special.{name}" for name in ("digamma", "erf", "erfc", "erfinv", "gamma", "gammaln", "i0", "i1", "polygamma")),
}
# What SciPy alone has, and why it is written all the same; the guide to the programs says so.
SCIPY_ALONE = {
    "special.jv": "jax.scipy.special has the modified Bessel functions only",
    **dict.fromkeys(
        (f"linalg.{name}" for name in ("coshm", "fractional_matrix_power", "logm", "sinhm", "tanhm", "tanm")),
        "of the functions of a matrix jax.scipy.linalg has the exponential and the square root only",
    ),
}
METHODS = {"T", "imag", "ravel", "real", "reshape", "sum"}
UNKNOWN = "sigma = lambda t: t**3 + t\ng = lambda y: np.sum(y)\n"


def texts():
    """Yield a name, the text and its letters for every operator and every function."""
    for op in sorted(OPERATORS.keys() - NO_VALUE):
        yield op, program(example(op), CONTEXT)
    for name in FUNCTIONS:
        yield name, program(make("fn", within(name, sym("x", SHAPES["x"])), name=name), CONTEXT)
        yield f"{name} of a number", program(make("fn", within(name, sym("t", SCALAR)), name=name), CONTEXT)
    for name in MATRIX_FUNCTIONS:
        yield f"matrix {name}", program(make("mfn", sym("X", SHAPES["X"]), name=name), CONTEXT)


TEXTS = dict(texts())


def dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, ".".join(reversed(parts))) if isinstance(node, ast.Name) else (None, parts[-1])


@pytest.mark.parametrize("name", TEXTS)
def test_only_what_numpy_and_jax_share_is_used(name):
    inner = set()
    for node in ast.walk(ast.parse(TEXTS[name].code, mode="eval")):
        assert not isinstance(node, ast.NamedExpr | ast.ListComp | ast.Await)
        if isinstance(node, ast.Attribute) and node not in inner:
            inner |= set(ast.walk(node)) - {node}
            root, path = dotted(node)
            allowed = {"np": SHARED, "scipy": SHARED_SCIPY | SCIPY_ALONE.keys()}.get(root, METHODS)
            assert path in allowed or path.split(".")[-1] in METHODS, f"{root}.{path}"


def test_a_product_is_one_of_matrices_and_numbers():
    x, y, t = (sym(name, SHAPES[name]) for name in ("X", "Y", "t"))
    code = program(make("mul", t, x, make("transpose", y)), CONTEXT).code
    drawn = values()
    product = np.einsum("ik,jk->ij", drawn["X"], drawn["Y"]) * drawn["t"]
    assert np.allclose(eval(code, {"np": np, **drawn}), product)


def values():
    rng = np.random.default_rng(0)
    sizes = {"m": 2, "n": 3, "p": 4}
    drawn = {"t": 0.7, r"\frac{\partial g}{\partial Y}": rng.uniform(0.2, 1.0, (2, 3)), **sizes}
    for letter, shape in SHAPES.items():
        if shape != SCALAR:
            sides = [dim.factor * int(np.prod([sizes[n] for n in dim.names])) for dim in shape]
            drawn[letter] = rng.uniform(0.2, 1.0, sides) + (np.eye(3) if sides == [3, 3] else 0)
    drawn["c_i"] = rng.uniform(0.2, 1.0, (3, 3, 1))
    return drawn


JAX = r"""
import json, sys
import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as np, jax.scipy as scipy
import jax.scipy.linalg
out = []
for code, given in json.load(sys.stdin):
    scope = {"np": np, "scipy": scipy}
    exec("sigma = lambda t: t**3 + t\ng = lambda y: np.sum(y)", scope)
    scope |= {k: np.array(v) if isinstance(v, list) else v for k, v in given.items()}
    out.append(np.asarray(eval(code, scope), float).tolist())
print(json.dumps(out))
"""


def test_jax_computes_the_same():
    pytest.importorskip("jax", reason="JAX is not installed: the text is only compared with the list of shared functions")
    import scipy.linalg

    drawn = values()
    rows = []
    wanted = []
    for written in TEXTS.values():
        if any(f"scipy.{name}" in written.code for name in SCIPY_ALONE):
            continue
        given = {python: drawn[letter] for letter, python in written.names.items() if letter in drawn}
        scope = {"np": np, "scipy": scipy, **given}
        exec(UNKNOWN, scope)
        wanted.append(np.asarray(eval(written.code, scope), float))  # the text is our own
        rows.append((written.code, {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in given.items()}))
    done = subprocess.run([sys.executable, "-c", JAX], input=json.dumps(rows), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    for (code, _), value, mine in zip(rows, json.loads(done.stdout), wanted, strict=True):
        assert np.shape(value) == mine.shape, code
        assert np.allclose(value, mine, rtol=1e-9), code
