"""Faults that a maintainer might make, two a room, and whether the quick tests of the room notice them.

Each is a small edit: a sign, an off-by-one, a wrong default, a swapped argument, a missing case, a scope that ends elsewhere. It
is made in a copy of the package, never in the tree, and the named tests must fail there. Run `python benchmarks/faults.py
[WORD…]`, with words to take only the faults that have one in their room or name; the exit code is 1 where a fault survives, or
where the text that it replaces no longer stands once in its file.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("mdderive", "mkdocs_plugin", "tests", "site", "README.md", "pyproject.toml")
PLUGIN = "mkdocs_plugin/mdderive_mkdocs/plugin.py"
OPTIONS = "mkdocs_plugin/mdderive_mkdocs/options.py"
PASSED, FAILED = 0, 1  # how pytest ends; anything else is no verdict on the fault


@dataclass(frozen=True, slots=True)
class Fault:
    """An edit of one file, and the arguments of pytest for the tests that must fail with it."""

    room: str
    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def cases(*words: str) -> tuple[str, ...]:
    """Return the arguments for the case notes whose names have one of some words."""
    return ("tests/test_cases.py", "-k", " or ".join(words))


FAULTS = (
    Fault(
        "model",
        "a product whose factors meet by rows",
        "mdderive/model/shapes.py",
        "elif left.cols != shape.rows:",
        "elif left.rows != shape.rows:",
        cases("shapes"),
    ),
    Fault(
        "model",
        "the sign of the derivative of cosh",
        "mdderive/model/functions.py",
        r'Function("cosh", r"\cosh", r"\sinh(\tau)"',
        r'Function("cosh", r"\cosh", r"-\sinh(\tau)"',
        cases("japanese"),
    ),
    Fault(
        "latex",
        "no parentheses around a sum that is subtracted",
        "mdderive/latex/write.py",
        "out += sign + self.inside(term if positive is None else positive, TENSOR)",
        "out += sign + self.inside(term if positive is None else positive, SUM)",
        ("tests/latex/test_write.py", "-k", "spelling"),
    ),
    Fault(
        "latex",
        "a matrix with rows of two lengths",
        "mdderive/latex/brackets.py",
        'if closed.kind != "end" or len({len(row) for row in rows}) != 1:',
        'if closed.kind != "end" or len({len(row) for row in rows}) > 2:',
        ("tests/latex",),
    ),
    Fault(
        "document",
        "every heading of a note opens a section of the first level",
        "mdderive/document/markdown.py",
        "section = below(section, int(token.tag[1]), _lines(token)[0])",
        "section = below(section, 1, _lines(token)[0])",
        ("tests/document",),
    ),
    Fault(
        "document",
        "sections of LaTeX inside of their subsections",
        "mdderive/document/tex.py",
        '"chapter", "section", "subsection",',
        '"chapter", "subsection", "section",',
        ("tests/document",),
    ),
    Fault(
        "reading",
        "the cone of positive definite matrices for that of symmetric ones",
        "mdderive/reading/membership.py",
        'if definite or "++" in among["scripts"]',
        'if definite or "+++" in among["scripts"]',
        cases("shapes"),
    ),
    Fault(
        "reading",
        "a property that is denied counts as said",
        "mdderive/reading/facts.py",
        "said_of = signal in SAID and not _denied(saying.tokens, signals, i)",
        "said_of = signal in SAID",
        cases("acts", "golden"),
    ),
    Fault(
        "rules",
        "the sign of the differential of an inverse",
        "mdderive/rules/differential.py",
        r'r"-X^{-1} (d X) X^{-1}"',
        r'r"X^{-1} (d X) X^{-1}"',
        ("tests/rules/test_rules.py", "-k", "d-inverse"),
    ),
    Fault(
        "rules",
        "a transpose lost behind a Hadamard product",
        "mdderive/rules/trace.py",
        r'r"\operatorname{tr}((M^T \odot B)^T Z)"',
        r'r"\operatorname{tr}((M \odot B)^T Z)"',
        ("tests/rules/test_rules.py", "-k", "tr-hadamard"),
    ),
    Fault(
        "engine",
        "the longer of two transposes of a Jacobian",
        "mdderive/engine/lecture.py",
        "return apart if cost(apart) <= cost(whole) else whole",
        "return apart if cost(apart) > cost(whole) else whole",
        cases("nested"),
    ),
    Fault(
        "engine",
        "the outer gradient not transposed before the inner differential",
        "mdderive/engine/lecture.py",
        'beside = normal(make("transpose", outer)) if not letter.scalar else outer',
        "beside = outer",
        cases("definitions", "nested"),
    ),
    Fault(
        "verify",
        "agreement on a part of the domain is taken for agreement everywhere",
        "mdderive/verify/contents.py",
        "return not powers and not any(",
        "return not any(",
        cases("lookalikes"),
    ),
    Fault(
        "verify",
        "small sizes that are never one",
        "mdderive/verify/sizes.py",
        "least = dict.fromkeys(names, 1)",
        "least = dict.fromkeys(names, 2)",
        cases("sizes"),
    ),
    Fault(
        "check",
        "a column added to a row is excused",
        "mdderive/check/excuses.py",
        "if step.misfits and not natural and not past and misshapen(*step.misfits[0]):",
        "if step.misfits and natural and not past and misshapen(*step.misfits[0]):",
        cases("shapes"),
    ),
    Fault(
        "check",
        "what is denied and holds passes",
        "mdderive/check/judge.py",
        'if chain.act == "deny":',
        'if chain.act == "denied":',
        cases("acts"),
    ),
    Fault(
        "output",
        "a line more before a block on the line of its item",
        "mdderive/output/pages.py",
        "if above.strip() in empty or not alone else",
        "if above.strip() in empty else",
        ("tests/output/test_pages.py",),
    ),
    Fault(
        "output",
        "columns that end one too late",
        "mdderive/output/machine.py",
        '"end_column": end.column}',
        '"end_column": end.column + 1}',
        ("tests/output/test_machine.py",),
    ),
    Fault(
        "programs and command line",
        "products entry by entry",
        "mdderive/programs/numpy.py",
        'run = " @ ".join(chain)',
        'run = " * ".join(chain)',
        ("tests/programs/test_numpy.py",),
    ),
    Fault(
        "programs and command line",
        "what is undecided passes under --strict",
        "mdderive/cli/running.py",
        "return int(bool(summary.errors or (strict and (undecided or summary.undecided))))",
        "return int(bool(summary.errors or (strict and undecided)))",
        ("tests/cli/test_check.py",),
    ),
    Fault(
        "plugin",
        "undecided fails a build by default",
        OPTIONS,
        'undecided = c.Choice(("warn", "fail"), default="warn")',
        'undecided = c.Choice(("warn", "fail"), default="fail")',
        ("tests/mkdocs/test_builds.py", "-k", "undecided"),
    ),
    Fault(
        "plugin",
        "a finding that stops the server and not the build",
        PLUGIN,
        "if fatal and not self.serving:",
        "if fatal and self.serving:",
        ("tests/mkdocs/test_builds.py",),
    ),
)


def applies(fault: Fault) -> bool:
    """Tell whether the text that a fault replaces stands once in its file."""
    return (ROOT / fault.file).read_text(encoding="utf-8").count(fault.old) == 1


def copied(folder: Path) -> None:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.pyc.*"))
        else:
            shutil.copy(ROOT / name, folder / name)


def outcome(fault: Fault, folder: Path) -> str:
    """Return by which test a fault is killed in a copy of the project, or why it is not."""
    if not applies(fault):
        return "GONE: the text no longer stands once in its file"
    file = folder / fault.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(fault.old, fault.new), encoding="utf-8")
    paths = os.pathsep.join([str(folder), str(folder / "mkdocs_plugin")])
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *fault.tests]
    env = os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    file.write_text(whole, encoding="utf-8")
    if run.returncode not in (PASSED, FAILED):
        return f"NO VERDICT: pytest ended with {run.returncode}: {run.stdout[-200:]!r}"
    killer = next((line for line in run.stdout.splitlines() if line.startswith("FAILED")), "FAILED ?")
    return killer.removeprefix("FAILED ").partition(" - ")[0] if run.returncode == FAILED else "SURVIVED"


def main(words: Sequence[str]) -> int:
    """Print which test kills which fault; return how many live."""
    wanted = [f for f in FAULTS if not words or any(word in f"{f.room} {f.name}" for word in words)]
    alive = 0
    with tempfile.TemporaryDirectory() as folder:
        copied(Path(folder))
        for fault in wanted:
            found = outcome(fault, Path(folder))
            alive += found.startswith(("SURVIVED", "GONE", "NO VERDICT"))
            print(f"{fault.room:26s} {fault.name:70s} {found}", flush=True)
    print(f"\n{len(wanted) - alive} of {len(wanted)} killed")
    return alive


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) > 0)
