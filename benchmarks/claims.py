"""What a claim costs: judging a stated gradient beside SymPy's `diff` and JAX's `check_grads` of the same expression.

    python benchmarks/claims.py [PROBLEMS.jsonl] [--most N]

One process; every cache of expressions is cleared before each measurement. `judge` is the judge alone, `read and judge` also
reads the stated LaTeX. SymPy differentiates the expression built from the same tree and compares nothing; where it
leaves the derivative undone it is not counted. `check_grads` (order 1,
reverse mode, its own default tolerance) compares JAX's gradient with finite differences at one point of double precision, where
it can express the function; it is timed the first and the second time. Times are of this machine; ratios travel.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from engine import PROBLEMS, forget
from mutants import Subject, problems
from sympy import Derivative
from to_sympy import Converter

from mdderive.latex.elaborate import read_equation
from mdderive.model.expr import Expr
from mdderive.verify.holds import holds


def judged(subject: Subject) -> tuple[float, float]:
    """Return the milliseconds of judging the claim, and of reading and judging it."""
    forget()
    start = time.perf_counter()
    read_equation(subject.latex, subject.context)
    middle = time.perf_counter()
    verdict = holds(subject.left, subject.right, subject.context, varying=subject.varying, text=subject.latex)
    end = time.perf_counter()
    assert verdict.outcome == "holds", subject.name
    return 1000 * (end - middle), 1000 * (end - start)


def sympy_time(subject: Subject) -> float | None:
    """Return the milliseconds of SymPy's `diff`; None where it has no such expression, raises or leaves the derivative undone."""
    node = subject.left
    if node.op != "deriv":
        return None
    forget()
    try:
        convert = Converter(subject.context.definitions)
        expression, variable = convert(node.args[0]), convert(node.args[1])
        start = time.perf_counter()
        found = expression.diff(variable)
        end = time.perf_counter()
    except Exception:  # whatever SymPy raises: it has no answer
        return None
    return None if found.has(Derivative) or found == 0 else 1000 * (end - start)


# ---------------------------------------------------------------- JAX


class NoJax(Exception):
    """The expression has no counterpart here."""


def in_jax(e: Expr, values: dict[str, object], subject: Subject, sizes: dict[str, int]) -> object:
    """Return the value of a tree as a JAX array; scalars are arrays without axes."""
    import jax
    import jax.numpy as jnp

    def go(e: Expr) -> object:
        if e.op == "sym":
            if e.name in subject.context.definitions and e.name not in values:
                return go(subject.context.definitions[e.name])
            if e.name not in values:
                raise NoJax(e.name)
            return values[e.name]
        if e.op in ("num", "size"):
            return float(e.value) if e.op == "num" else float(sizes[e.name])
        rows, cols = (d.factor * prod_of(d.names) for d in e.shape)
        if e.op in ("identity", "ones", "zero"):
            return {"identity": jnp.eye(rows), "ones": jnp.ones((rows, cols)), "zero": jnp.zeros((rows, cols))}[e.op]
        if e.op == "mul":
            scale, chain = 1.0, None
            for a in e.args:
                v = go(a)
                if a.scalar:
                    scale = scale * v
                else:
                    chain = v if chain is None else chain @ v
            whole = scale if chain is None else scale * chain
            return whole[0, 0] if e.scalar and chain is not None else whole
        args = [go(a) for a in e.args]
        names = {
            "abs": jnp.abs,
            "sigmoid": jax.nn.sigmoid,
            "softplus": jax.nn.softplus,
            "relu": jax.nn.relu,
            "arctan": jnp.arctan,
        }
        elementwise = {n: getattr(jnp, n) for n in ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "sqrt")} | names
        simple: dict[str, Callable[..., object]] = {
            "add": lambda *a: sum(a[1:], a[0]),
            "had": lambda a, *rest: [a := a * b for b in rest][-1],
            "hdiv": lambda a, b: a / b,
            "hpow": lambda a, b: a**b,
            "transpose": lambda a: a.T,
            "inv": jnp.linalg.inv,
            "tr": jnp.trace,
            "det": jnp.linalg.det,
            "kron": jnp.kron,
            "vec": lambda a: a.T.reshape(-1, 1),
            "diag": lambda a: jnp.diag(a[:, 0]),
            "diagonal": lambda a: jnp.diag(a).reshape(-1, 1),
            "softmax": lambda a: jax.nn.softmax(a, axis=0),
            "norm": lambda a: jnp.sqrt(jnp.sum(a * a)),
            "norm1": lambda a: jnp.sum(jnp.abs(a)),
            "inner": lambda a, b: jnp.sum(a * b),
        }
        if e.op == "fn" and e.name in elementwise:
            return elementwise[e.name](args[0])
        if e.op == "pow" and e.args[0].scalar:
            return args[0] ** args[1]
        if e.op == "pow" and e.args[1].op == "num":
            return jnp.linalg.matrix_power(args[0], int(e.args[1].value))
        if e.op == "mfn" and e.name == "exp":
            return jax.scipy.linalg.expm(args[0])
        if e.op not in simple:
            raise NoJax(e.op)
        return simple[e.op](*args)

    def prod_of(names: tuple[str, ...]) -> int:
        result = 1
        for name in names:
            result *= sizes[name]
        return result

    return go(e)


def check_grads_time(subject: Subject) -> tuple[float, float] | None:
    """Return the milliseconds of the first and the second `check_grads`; None where JAX has no such expression or disagrees."""
    import jax
    import jax.numpy as jnp
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)
    node = subject.left
    if node.op != "deriv" or not subject.points:
        return None
    point = subject.points[0]
    values: dict[str, object] = {}
    for name, value in point.values.items():
        array = jnp.array([[float(value[i, j]) for j in range(value.cols)] for i in range(value.rows)])
        values[name] = array[0, 0] if array.shape == (1, 1) else array
    f, x = node.args

    def function(at: object) -> object:
        return in_jax(f, {**values, x.name: at}, subject, dict(point.sizes))

    try:
        times = []
        for _ in range(2):
            start = time.perf_counter()
            check_grads(function, (values[x.name],), order=1, modes=("rev",))
            times.append(1000 * (time.perf_counter() - start))
        return times[0], times[1]
    except (NoJax, AssertionError, TypeError, KeyError, ValueError):
        return None


# ---------------------------------------------------------------- the table


def line(name: str, times: list[float]) -> str:
    return f"{name:28s} median {statistics.median(times):8.2f} ms   worst {max(times):8.2f} ms   of {len(times)}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("problems", nargs="?", type=Path, default=PROBLEMS)
    options.add_argument("--most", type=int, default=10_000)
    chosen = options.parse_args()
    if not chosen.problems.exists():
        sys.exit(f"{chosen.problems} is not here: nothing to measure")
    subjects = list(islice(problems(chosen.problems), chosen.most))
    try:
        import jax
    except ImportError:
        print("JAX is not installed: no figures for check_grads")
        jax = None
    for s in subjects[:3]:  # warm: tables are read and modules loaded once a process
        judged(s)
        sympy_time(s)
    every: list[tuple[float, float]] = []
    beside_sympy: list[tuple[float, float, float]] = []
    beside_jax: list[tuple[float, float, float]] = []
    for s in subjects:
        ours = judged(s)
        every.append(ours)
        other = sympy_time(s)
        if other is not None:
            beside_sympy.append((*ours, other))
        grads = check_grads_time(s) if jax else None
        if grads is not None:
            beside_jax.append((ours[0], *grads))
    print(line("judge", [t[0] for t in every]))
    print(line("read and judge", [t[1] for t in every]))
    if beside_sympy:
        print(line("SymPy diff", [t[2] for t in beside_sympy]))
        for i, name in enumerate(("judge", "read and judge")):
            ratio = statistics.median(t[i] / t[2] for t in beside_sympy)
            medians = statistics.median(t[i] for t in beside_sympy) / statistics.median(t[2] for t in beside_sympy)
            print(f"{name} / SymPy diff: median of ratios {ratio:.3f}, ratio of medians {medians:.3f}")
    if beside_jax:
        print(line("JAX check_grads, first", [t[1] for t in beside_jax]))
        print(line("JAX check_grads, second", [t[2] for t in beside_jax]))
        print(f"judge / check_grads (second): median of ratios {statistics.median(t[0] / t[2] for t in beside_jax):.3f}")


if __name__ == "__main__":
    main()
