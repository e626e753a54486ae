"""What a stroke costs in a note of 50 blocks that is open in an editor: CPU of `check` with a cache of its process.

`python benchmarks/stroke.py`: medians, in one process, beside a check of the whole note without a cache.
"""

import statistics
import time
from collections.abc import Callable, Iterator

import mdderive

GOALS = (
    ("X: m x n, w: n, y: m", r"f = \|X w - y\|^2", r"\frac{\partial f}{\partial w} = 2 X^T (X w - y)"),
    ("W: m x n, A: m x m", r"f = \operatorname{tr}(W^T A W)", r"\frac{\partial f}{\partial W} = (A + A^T) W"),
    ("a: m, X: m x n, b: n", "f = a^T X b", r"\frac{\partial f}{\partial X} = ?"),
    ("X: n x n, invertible", r"f = \log\det(X)", r"\frac{\partial f}{\partial X} = X^{-T}"),
    ("x: n, z: n", r"f = \log(\mathbf{1}^T \exp(x \odot z))", r"\frac{\partial f}{\partial x} = ?"),
)
COUNT, TIMES = 50, 30


def note(changed: int = 0) -> str:
    """Return the note; in its middle the result that is stated is wrong by a factor, if one is given."""
    parts = []
    for number in range(COUNT):
        letters, function, goal = GOALS[number % len(GOALS)]
        if changed and number == COUNT // 2:
            goal = rf"\frac{{\partial f}}{{\partial w}} = {changed} X^T (X w - y)"
        parts.append(f"## Section {number}\n\nSome words.\n\n```derive new\n{letters}\n{function}\n{goal}\n```\n")
    return "\n".join(parts)


def cpu(work: Callable[[int], object]) -> float:
    """Return the median of some runs in milliseconds."""
    spent = []
    for number in range(TIMES):
        begin = time.process_time()
        work(number)
        spent.append(time.process_time() - begin)
    return 1000 * statistics.median(spent)


def table() -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    mdderive.check(note())
    cold = cpu(lambda number: mdderive.check(note()))
    cache = mdderive.recent()
    mdderive.check(note(), cache=cache)
    yield "| a stroke in a note of 50 blocks | CPU, ms | of a check without a cache |"
    yield "|---|---|---|"
    for what, changed in (
        ("in the words", lambda number: f"{'W' * (number + 1)}ords {note()}"),
        ("in a result, which becomes wrong", lambda number: note(number + 3)),
    ):
        spent = cpu(lambda number, changed=changed: mdderive.check(changed(number), cache=cache))
        yield f"| {what} | {spent:.1f} | 1/{cold / spent:.0f} |"
    yield f"| all of it, without a cache | {cold:.0f} | 1 |"


if __name__ == "__main__":
    print("\n".join(table()))
