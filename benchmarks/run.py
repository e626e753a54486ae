"""The whole table in one run: costs beside floors and peers, a stroke in an editor, and how time grows, as a page in Markdown.

`python benchmarks/run.py > FILE` makes the page on what was measured, `site/docs/guide/measured.md`. Peers that are not installed
are left out. All times are CPU times of one run; the load of the machine is said above them.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir
from pathlib import Path

import built
import growth
import stroke
from unchanged import BLOCK, FLOOR, RUN, cpu, fill, installed

import mdderive

TIMES = 7
PEERS: Mapping[str, list[str]] = {
    "mdformat --check": ["mdformat", "--check"],
    "codespell": ["codespell"],
    "ruff format --check": ["ruff", "format", "--check"],
}
SYMPY = "import sympy; x = sympy.Symbol('x'); sympy.diff(sympy.sin(x)**2, x)"
MADE = """# Measured

Made by `benchmarks/run.py` with mdderive {version} and Python {python} on {cores} cores, while the load of the machine was
{load:.1f}. All figures are CPU times of one run; under a load they are larger than on a quiet machine, their ratios less so."""


def costs() -> Iterator[str]:
    """Yield the lines of a table: runs of the command and of peers as multiples of `python` with argparse."""
    with tempfile.TemporaryDirectory() as name, chdir(name):  # where no project says how notes are checked
        home = Path(name)
        installed(home)
        floor = cpu(FLOOR, TIMES)
        yield "| run | CPU, ms | of `python` with argparse |"
        yield "|---|---|---|"
        yield f"| `python` with argparse | {floor:.0f} | 1 |"
        yield f"| SymPy, one derivative | {(spent := cpu([sys.executable, '-c', SYMPY], TIMES)):.0f} | {spent / floor:.1f} |"
        plain, blocks = fill(home / "plain", "# {n}\n\nText.\n", 50), fill(home / "blocks", BLOCK, 20)
        runs = {
            "50 notes without a block": [*RUN, str(plain)],
            "20 notes with a block, unchanged": [*RUN, str(blocks)],
            "20 notes with a block, without a cache": [*RUN, "--no-cache", str(blocks)],
            **{f"`{peer}`, 50 notes": [*command, str(plain)] for peer, command in PEERS.items() if shutil.which(command[0])},
        }
        for what, command in runs.items():
            subprocess.run(command, capture_output=True, check=False)
            yield f"| {what} | {(spent := cpu(command, TIMES)):.0f} | {spent / floor:.1f} |"


def page() -> Iterator[str]:
    """Yield the lines of the page."""
    load = os.getloadavg()[0]
    yield MADE.format(version=mdderive.__version__, python=platform.python_version(), cores=os.cpu_count(), load=load)
    yield "\n## Beside floors and peers\n"
    yield from costs()
    yield "\n## A site that did not change\n"
    yield from built.table()
    yield "\n## While somebody writes\n"
    yield "Of a program that asks `check` with the cache of its process, as [the language server](editor.md) does.\n"
    yield from stroke.table()
    yield "\n## Growth\n"
    yield "What a [bound](bounds.md) refuses is named by its code; what costs hardly more than a start has no exponent.\n"
    yield from growth.table([])


if __name__ == "__main__":
    for line in page():
        print(line, flush=True)
