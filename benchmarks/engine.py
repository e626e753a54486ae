"""Deriving and verifying beside SymPy's `diff` of the same expressions, in one process, caches cleared before each.

    python benchmarks/engine.py [PROBLEMS.jsonl] [--most N]

Prints median and worst time to derive (all steps), to verify (every line read back and judged) and both together, over the
problems that both engines take, SymPy's time to differentiate the same expression built from the same tree, and the ratios; how
both times grow with the depth of a network and with the exponent of a power; then the wall time of a first `mdderive check` on a
note with eight blocks as a multiple of importing SymPy. Each time is the least of three; ratios travel.
"""

import argparse
import gc
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from sympy.core.cache import clear_cache
from to_sympy import Converter, Unsupported

from mdderive.check.goals import Told, tell
from mdderive.engine import arrange, derive, differentiate, fold, isolate, match, named_forms, normal, sums, transposing
from mdderive.latex import tokens
from mdderive.model import expr, shapes
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr
from mdderive.reading.problems import problem

PROBLEMS = Path(__file__).resolve().parents[2] / "shared" / "problems" / "dev.jsonl"
PROPERTIES = {"symmetric": "symmetric", "posdef": "positive definite", "invertible": "invertible", "positive": "positive"}
RUNS = 3
EIGHT_BLOCKS = """```derive new
a: m, X: m x n, b: n
f = a^T X b
\\frac{\\partial f}{\\partial X} = a b^T
```

"""


def rows(path: Path) -> Iterator[dict[str, object]]:
    """Yield the problems as rows of `derive --batch`."""
    for line in path.read_text(encoding="utf-8").splitlines():
        p = json.loads(line)
        let = [
            f"{p['tex_names'][name]}: "
            + ", ".join(["scalar" if (r, c) == ("1", "1") else f"{r} x {c}", *(PROPERTIES[w] for w in words if w in PROPERTIES)])
            for name, (r, c, *words) in p["decl"].items()
            if name != p.get("upstream")
        ]
        if any(r"\sigma" in str(p[key]) for key in ("f", "expected", "let") if key in p) and r"\sigma" in p.get("functions", {}):
            let.append(r"\sigma: elementwise")
        let += ["m >= n"] if p.get("tall") else []
        let += ["f: scalar function of Y"] if p["f"] == "f(Y)" else []
        functions = "matrix" if "MATRIX" in json.dumps(p.get("functions", {})) else "elementwise"
        order = 2 if p["kind"] == "hessian" else 1
        yield {
            "id": p["id"],
            "let": let,
            "where": p.get("let", {}),
            "f": p["f"],
            "wrt": p["tex_names"][p["wrt"]],
            "order": order,
            "functions": functions,
        }


def forget() -> None:
    """Clear every cache of both engines that holds results of expressions: the bounded ones.

    A cache without a bound holds the tables of rules and functions, which are read once a process.
    """
    clear_cache()
    rooms = (arrange, derive, differentiate, fold, named_forms, isolate, match, normal, shapes, sums, tokens, transposing, expr)
    for room in rooms:
        for value in vars(room).values():
            if hasattr(value, "cache_clear") and value.cache_parameters()["maxsize"] is not None:
                value.cache_clear()


def network(depth: int) -> dict[str, object]:
    """Return the row of a scalar network of so many layers, differentiated by the weights of the first."""
    value = "x"
    for i in range(1, depth + 1):
        value = rf"\tanh(W_{{{i}}} {value} + b_{{{i}}})"
    sizes = "mnpqrstuvkljh"[: depth + 1]
    let = [f"W_{{{i}}}: {sizes[i]} x {sizes[i - 1]}, b_{{{i}}}: {sizes[i]}" for i in range(1, depth + 1)]
    return {"let": [*let, f"x: {sizes[0]}", f"c: {sizes[-1]}"], "f": f"c^T {value}", "wrt": "W_{1}"}


def power(exponent: int) -> dict[str, object]:
    """Return the row of tr(A X^k) for an exponent of at least 2."""
    return {"let": ["A: n x n", "X: n x n"], "f": rf"\operatorname{{tr}}(A X^{{{exponent}}})", "wrt": "X"}


def told(row: dict[str, object]) -> Told | None:
    """Return a derivation made with empty caches, None where none is found or its verdict is not that it holds."""
    meant = problem(row)
    assert not isinstance(meant, Finding), meant.message()
    tell(meant.f, meant.wrt, meant.context, order=meant.order)  # warm: the rule table is read once a process
    runs: list[Told] = []
    for _ in range(RUNS):
        forget()
        found = tell(meant.f, meant.wrt, meant.context, order=meant.order)
        if isinstance(found, Finding) or found.verdict.outcome != "holds":
            return None
        runs.append(found)
    return replace(runs[0], ms_derive=min(r.ms_derive for r in runs), ms_verify=min(r.ms_verify for r in runs))


def growth(name: str, row: Callable[[int], dict[str, object]], depths: tuple[int, ...]) -> None:
    """Print the times at each depth, and the exponent of growth over the second half of the depths."""
    times: list[tuple[float, float]] = []
    print(f"{name:22s} {'derive ms':>10s} {'verify ms':>10s}")
    for depth in depths:
        found = told(row(depth))
        assert found is not None, f"{name} {depth}"
        times.append((found.ms_derive, found.ms_verify))
        print(f"{depth:22d} {times[-1][0]:10.2f} {times[-1][1]:10.2f}")
    middle = len(depths) // 2
    exponents = [math.log(b / a) / math.log(depths[-1] / depths[middle]) for a, b in zip(times[middle], times[-1], strict=True)]
    print(f"{'grows with exponent':22s} {exponents[0]:10.2f} {exponents[1]:10.2f}")


def sympy_time(f: Expr, wrt: Expr, definitions: dict[str, Expr]) -> float | None:
    """Return the milliseconds of SymPy's `diff`, None where it has no such expression or raises."""
    try:
        convert = Converter(definitions)
        expression, variable = convert(f), convert(wrt)
        runs = []
        for _ in range(RUNS):
            forget()
            start = time.perf_counter()
            expression.diff(variable)
            runs.append(1000 * (time.perf_counter() - start))
        return min(runs)
    except (Unsupported, Exception):
        return None


def first_check() -> float:
    """Return the wall time of a first check of eight blocks as a multiple of `python -c "import sympy"`."""

    def wall(command: list[str]) -> float:
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - start

    with tempfile.TemporaryDirectory() as folder:
        note = Path(folder) / "note.md"
        note.write_text("".join(EIGHT_BLOCKS.replace("X", letter) for letter in "XYZWUVQP"), encoding="utf-8")
        ours = [wall([sys.executable, "-m", "mdderive", "check", str(note)]) for _ in range(5)]
        theirs = [wall([sys.executable, "-c", "import sympy"]) for _ in range(5)]
    return statistics.median(ours) / statistics.median(theirs)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("problems", nargs="?", type=Path, default=PROBLEMS)
    options.add_argument("--most", type=int, default=10_000)
    chosen = options.parse_args()
    if not chosen.problems.exists():
        sys.exit(f"{chosen.problems} is not here: nothing to measure")
    gc.freeze()  # the collector need not look at both libraries again and again while it is timed
    times: list[tuple[float, float, float, float]] = []
    right = skipped = 0
    for row in list(rows(chosen.problems))[: chosen.most]:
        found = told(row)
        if found is None:
            continue
        right += 1
        meant = problem(row)
        assert not isinstance(meant, Finding), row["id"]
        other = sympy_time(meant.f, meant.wrt, dict(meant.context.definitions)) if meant.order == 1 else None
        if other is None:
            skipped += 1
            continue
        times.append((found.ms_derive, found.ms_verify, found.ms_derive + found.ms_verify, other))
    names = ("derive", "verify", "both", "SymPy diff")
    print(f"derived and verified: {right}; SymPy takes {len(times)} of them, {skipped} not")
    for name, column in zip(names, zip(*times, strict=True), strict=True):
        median = statistics.median(column)
        print(f"{name:10s}  median {median:7.2f} ms   worst {max(column):8.2f} ms, {max(column) / median:.1f} x the median")
    for i, name in enumerate(names[:3]):
        print(
            f"{name} / SymPy diff: median of ratios {statistics.median(t[i] / t[3] for t in times):.3f}, "
            f"ratio of medians {statistics.median(t[i] for t in times) / statistics.median(t[3] for t in times):.3f}"
        )
    growth("layers of a network", network, tuple(range(1, 13)))
    growth("tr(A X^k), k", power, (2, 5, 10, 15, 20, 25, 30))
    print(f"first check of eight blocks: {first_check():.2f} x import sympy")


if __name__ == "__main__":
    main()
