"""Deriving and verifying beside SymPy's `diff` of the same expressions, in one process, caches cleared before each.

    python benchmarks/engine.py [PROBLEMS.jsonl] [--most N]

Prints median and worst time to derive (all steps) and to verify (every line read back and judged) over the problems that both
engines take, SymPy's time to differentiate the same expression built from the same tree, and the ratios; then the wall time of a
first `mdderive check` on a note with eight blocks as a multiple of importing SymPy. Times are of this machine; ratios travel.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sympy.core.cache import clear_cache
from to_sympy import Converter, Unsupported

from mdderive.diagnostics import Diagnostic
from mdderive.engine import arrange, derive, differentiate, fold, isolate, normal, transposing
from mdderive.goals import tell
from mdderive.notes.rows import problem
from mdderive.tree import Expr

PROBLEMS = Path(__file__).resolve().parents[2] / "shared" / "problems" / "dev.jsonl"
PROPERTIES = {"symmetric": "symmetric", "posdef": "positive definite", "invertible": "invertible", "positive": "positive"}
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
    """Clear every cache of both engines that holds results of expressions."""
    clear_cache()
    for room in (arrange, derive, differentiate, fold, isolate, normal, transposing):
        for value in vars(room).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def sympy_time(f: Expr, wrt: Expr, definitions: dict[str, Expr]) -> float | None:
    """Return the milliseconds of SymPy's `diff`, None where it has no such expression or raises."""
    try:
        convert = Converter(definitions)
        expression, variable = convert(f), convert(wrt)
        start = time.perf_counter()
        expression.diff(variable)
        return 1000 * (time.perf_counter() - start)
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
    times: list[tuple[float, float, float]] = []
    right = skipped = 0
    for row in list(rows(chosen.problems))[: chosen.most]:
        meant = problem(row)
        assert not isinstance(meant, Diagnostic), row["id"]
        tell(meant.f, meant.wrt, meant.context, order=meant.order)  # warm: the rule table is read once a process
        forget()
        told = tell(meant.f, meant.wrt, meant.context, order=meant.order)
        if isinstance(told, Diagnostic) or told.verdict.outcome != "holds":
            continue
        right += 1
        forget()
        other = sympy_time(meant.f, meant.wrt, dict(meant.context.definitions)) if meant.order == 1 else None
        if other is None:
            skipped += 1
            continue
        times.append((told.ms_derive, told.ms_verify, other))
    names = ("derive", "verify", "SymPy diff")
    print(f"derived and verified: {right}; SymPy takes {len(times)} of them, {skipped} not")
    for name, column in zip(names, zip(*times, strict=True), strict=True):
        print(f"{name:10s}  median {statistics.median(column):7.2f} ms   worst {max(column):8.2f} ms")
    for i, name in enumerate(names[:2]):
        print(
            f"{name} / SymPy diff: median of ratios {statistics.median(t[i] / t[2] for t in times):.3f}, "
            f"ratio of medians {statistics.median(t[i] for t in times) / statistics.median(t[2] for t in times):.3f}"
        )
    print(f"first check of eight blocks: {first_check():.2f} x import sympy")


if __name__ == "__main__":
    main()
