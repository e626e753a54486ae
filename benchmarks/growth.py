"""How CPU time grows with what a note holds: each kind of input at several sizes, in a process of its own, and its exponent.

Every run ends with an answer, or is refused by a bound with its code. The exponent is that of the last two sizes that were
answered, without what a run of one block costs. `python benchmarks/growth.py [KIND…]`.
"""

import math
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

RUN = [sys.executable, "-m", "mdderive", "check", "--no-cache", "--format", "concise"]
LIMIT = 300
BLOCK = "\n\n```derive\nx: n\nx + x = 2 x\n```\n"


class Kind(NamedTuple):
    """A kind of input: what makes it at a size, the sizes, and the options of the run."""

    made: Callable[[int], str]
    sizes: tuple[int, ...]
    options: tuple[str, ...] = ()


class Measured(NamedTuple):
    """CPU seconds at a size, and the code of a bound that refused it."""

    size: int
    seconds: float
    refused: str


def block(*lines: str) -> str:
    return "\n".join(("```derive", *lines, "```", ""))


def chain(n: int) -> str:
    steps = [f"x_{{{i}}} = A x_{{{i - 1}}} + x_{{{i - 1}}}" for i in range(1, n + 1)]
    return block("x_{0}: n, A: n x n", *steps, f"f = x_{{{n}}}^T x_{{{n}}}", r"\frac{\partial f}{\partial x_{0}} = ?")


def network(n: int) -> str:
    letters = ", ".join([*(f"W_{{{i}}}: n x n" for i in range(1, n + 1)), "x: n", "y: n"])
    steps = [rf"h_{{{i}}} = \sigma(W_{{{i}}} h_{{{i - 1}}})" for i in range(1, n + 1)]
    goal = (rf"f = \|h_{{{n}}} - y\|^2", r"\frac{\partial f}{\partial W_{1}} = ?")
    return block(letters, r"\sigma: elementwise", "h_{0} = x", *steps, *goal)


def doubling(n: int) -> str:
    steps = [f"a_{{{i}}} = a_{{{i - 1}}} + a_{{{i - 1}}} a_{{{i - 1}}}" for i in range(1, n + 1)]
    return block("x: scalar", "a_{0} = x", *steps, rf"\frac{{\partial a_{{{n}}}}}{{\partial x}} = ?")


def handed_down(n: int) -> str:
    return "# A\n\n" + block("A: n x n, x_{0}: n") + "".join(block(f"x_{{{i}}} = A x_{{{i - 1}}}") for i in range(1, n + 1))


def terms(n: int) -> str:
    return block("x: n", "f = " + " + ".join(f"{i + 2} x^T x" for i in range(n)), r"\frac{\partial f}{\partial x} = ?")


KINDS: Mapping[str, Kind] = {
    "definitions in a chain": Kind(chain, (10, 20, 40, 160)),
    "definitions, one a block": Kind(handed_down, (80, 160)),
    "layers of a network": Kind(network, (8, 16, 32)),
    "definitions that double": Kind(doubling, (4, 8, 16, 32)),
    "terms": Kind(terms, (16, 64, 256)),
    "blocks": Kind(lambda n: "".join(f"# {i}{BLOCK}" for i in range(n)), (500, 2000)),
    "characters without a block": Kind(lambda n: ("Words, and $x$.\n" * n)[:n], (5_000_000, 50_000_000)),
    "backticks": Kind(lambda n: "`" * n + BLOCK, (1000, 10_000, 100_000)),
    "runs of backticks": Kind(lambda n: "".join("`" * (i % 7 + 1) + " a " for i in range(n)) + BLOCK, (1000, 10_000)),
    "comments that stay open": Kind(lambda n: "<!-- " * n + BLOCK, (1000, 10_000, 100_000)),
    "the same with --equations": Kind(lambda n: "<!-- " * n + BLOCK, (1000, 10_000), ("--equations",)),
    "formulas on one line": Kind(
        lambda n: "Let $A$ be an $n \\times n$ matrix. " + "Then $A + A = 2 A$ and so on, " * n, (200, 800), ("--equations",)
    ),
}


def measured(kind: Kind) -> Iterator[Measured]:
    for size in kind.sizes:
        with tempfile.TemporaryDirectory() as folder:
            note = Path(folder) / "note.md"
            note.write_text(kind.made(size), encoding="utf-8")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run([*RUN, *kind.options, str(note)], capture_output=True, text=True, check=False, timeout=LIMIT)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode > 1:
            raise RuntimeError(done.stdout + done.stderr)
        refused = next((code for code in ("DRV409", "DRV150") if code in done.stdout), "")
        yield Measured(size, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, refused)


def exponent(runs: list[Measured], floor: float) -> str:
    """Return how time grows between the last two sizes that were answered; of what costs hardly more than a start, nothing."""
    answered = [run for run in runs if not run.refused][-2:]
    if len(answered) < 2 or answered[-1].seconds < 1.5 * floor:
        return "-"
    (small, less, _), (large, more, _) = answered
    return f"{math.log((more - floor) / max(less - floor, 0.02)) / math.log(large / small):.1f}"


def table(names: list[str]) -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    floor = min(run.seconds for run in measured(Kind(lambda n: BLOCK * n, (1, 1, 1))))
    yield "| what grows | CPU seconds at each size | exponent |"
    yield "|---|---|---|"
    for name in names or KINDS:
        runs = [*measured(KINDS[name])]
        told = ", ".join(
            f"{run.size:,}: {run.seconds:.1f}" + (f" (refused, {run.refused})" if run.refused else "") for run in runs
        )
        yield f"| {name} | {told} | {exponent(runs, floor)} |"
    yield f"\nOne block: {floor:.2f} s."


if __name__ == "__main__":
    for line in table(sys.argv[1:]):
        print(line, flush=True)
