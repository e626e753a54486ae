"""A campaign against the judge: every single edit of every right result, stated as an author would state it.

    python benchmarks/mutants.py [PROBLEMS.jsonl | FOLDER | NOTE.md]… [--most N] [--seed N] [--seeds N]

Each mutant of a stated result is written as LaTeX in place of it, and its block is checked. Whether the mutant is right is
decided apart from mdderive's judge, at eighty digits (`independent.py`); so is whether the original is right. A false accept is a
wrong mutant that mdderive lets pass, a false reject a right one that it calls wrong. With `--seeds N` the originals are also
judged under N seeds. Exit 1 where anything was judged falsely.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

import independent
from edits import mutants
from engine import PROBLEMS, rows
from independent import Misshapen, Point, Undefined, Unknown

from mdderive.check.answers import answered
from mdderive.document import markdown, tex
from mdderive.document.blocks import inherited
from mdderive.latex.write import write
from mdderive.model.context import Context
from mdderive.model.expr import Expr
from mdderive.model.results import Settings
from mdderive.model.source import Source, Span
from mdderive.reading.meaning import interpret
from mdderive.reading.tasks import GoalTask
from mdderive.verify.holds import holds

SHAPES = ("DRV209",)  # division by a column
POINTS, MORE_POINTS, LEAST_POINTS = 5, 40, 3
SHOWN = 40


@dataclass(frozen=True)
class Subject:
    """A stated result in its block: `text[span]` is `right`."""

    name: str
    text: str
    before: Context
    context: Context
    span: Span
    left: Expr
    right: Expr
    latex: str
    varying: frozenset[str] | None

    @property
    def tied(self) -> bool:
        """Whether the result is a gradient by a symmetric matrix."""
        node = self.left.args[0] if self.left.op == "transpose" else self.left
        return node.op == "deriv" and node.args[0].scalar and self.context.has(node.args[1].name, "symmetric")

    @cached_property
    def points(self) -> list[Point]:
        """Points at which the original is defined."""
        return list(self._defined(POINTS, 1))

    def _defined(self, most: int, seed: int) -> Iterator[Point]:
        found = 0
        for point in independent.points(self.context, (self.left, self.right), self.varying, seed):
            try:
                point.value(self.right)
            except Undefined:
                continue
            yield point
            found += 1
            if found == most:
                return

    def truth(self, right: Expr, *, more: bool = False, left: Expr | None = None) -> str:
        """Return whether the original (or `left`) equals `right`: right, wrong, undefined or unknown."""
        compared = 0
        points = [p for seed in range(8) for p in self._defined(MORE_POINTS // 8, 2 + seed)] if more else self.points
        try:
            for point in points:
                try:
                    a, b = point.value(left or (self.left if self.tied else self.right)), point.value(right)
                except Undefined:
                    continue
                compared += 1
                if not self._same(a, b):
                    return "wrong"
        except Misshapen:
            return "wrong"
        except Unknown:
            return "unknown"
        return "right" if compared >= LEAST_POINTS else "undefined"

    def _same(self, a: independent.Matrix, b: independent.Matrix) -> bool:
        if independent.near(a, b):
            return True
        if not self.tied or (a.rows, a.cols) != (b.rows, b.cols):
            return False
        return independent.near(a, independent.symmetric_part(b)) or independent.near(independent.tied(a), b)

    def verdict(self, right: str, seed: int) -> tuple[str, str]:
        """Return what mdderive says when `right` is stated, and why."""
        text = f"{self.text[: self.span.start]} {right} {self.text[self.span.end :]}"
        meaning = interpret(text, self.before)
        given = answered(meaning, Settings(steps="result", seed=seed))
        errors = [f for f in (*meaning.findings, *given.findings) if f.severity == "error"]
        found = [e for e in given.equations if 0 < e.span.start - self.span.start <= len(right)]
        if found:
            return found[0].outcome, found[0].why
        shape = [f for f in errors if f.code.startswith("DRV3") or f.code in SHAPES]
        if shape or errors:
            finding = (shape or errors)[0]
            return "misshapen" if shape else "unread", f"{finding.code} {finding.message()}"
        return "lost", ""


# ---------------------------------------------------------------- where results come from


def problems(path: Path) -> Iterator[Subject]:
    """Yield the expected answers of a file of problems, each as a block."""
    for line, row in zip(path.read_text(encoding="utf-8").splitlines(), rows(path), strict=True):
        p = json.loads(line)
        expected, f = p["expected"], row["f"]
        scalar = p["kind"].startswith("scalar") or p["kind"] in ("hessian", "composition")
        lines = [*row["let"], *(f"{k} = {v}" for k, v in row["where"].items())]
        name = "f"
        if p.get("upstream"):
            expected = re.sub(rf"(?<![\\A-Za-z]){p['upstream']}(?![A-Za-z])", r"\\frac{\\partial f}{\\partial Y}", expected)
        else:
            taken = set(p["tex_names"].values()) | set(row["where"])
            name = next(n for n in ("fghl" if scalar else "FGH") if n not in taken)
            lines.append(f"{name} = {f}")
        x = row["wrt"]
        top, bottom = (r"\partial^2", rf"\partial {x} \partial {x}^T") if row["order"] == 2 else (r"\partial", rf"\partial {x}")
        lines.append(rf"\frac{{{top} {name}}}{{{bottom}}} = {expected}")
        yield from of_block("\n".join(" ".join(t.split()) for t in lines), Context(functions=row["functions"]), p["id"])


def notes(path: Path) -> Iterator[Subject]:
    """Yield the stated results of the derive blocks of notes."""
    files = sorted(f for s in (".md", ".tex") for f in path.rglob(f"*{s}")) if path.is_dir() else [path]
    for file in files:
        source = Source(file.read_text(encoding="utf-8"), str(file))
        kept: dict[object, Context] = {}
        for block in (tex if file.suffix == ".tex" else markdown).find_blocks(source).blocks:
            o = block.options
            context = Context() if o.new else inherited(block.section, kept, Context())
            context = replace(context, functions=o.functions or "elementwise", layout=o.layout or "denominator")
            text = block.excerpt.text
            kept[block.section] = interpret(text, context).context
            if not o.skip and not o.expect:
                yield from of_block(text, context, f"{file.name}:{source.place(block.span.start).line}")


def of_block(text: str, before: Context, name: str) -> Iterator[Subject]:
    """Yield what a block states: results of goals, and the right sides of claims and chains."""
    meaning = interpret(text, before)
    wrong = [f for f in meaning.findings if f.severity == "error"]
    if wrong:
        print(f"not read: {name}: {wrong[0].code} {wrong[0].message()}")
    for task in meaning.tasks:
        if isinstance(task, GoalTask):
            if task.stated is not None and task.stated_span is not None and not task.zero:
                by, span = frozenset({task.wrt.name}), right_side(text, task.stated_span, task.span.end)
                yield Subject(name, text, before, meaning.context, span, task.node, task.stated, task.latex, by)
        else:
            for pair in task.pairs:
                span = right_side(text, pair.span, pair.span.end)
                yield Subject(name, text, before, meaning.context, span, pair.left, pair.right, pair.latex, task.varying)


def right_side(text: str, span: Span, end: int) -> Span:
    """Return all that stands between the equality sign before `span` and `end`."""
    return Span(text.rindex("=", 0, span.start) + 1, end)


# ---------------------------------------------------------------- the campaign


class Campaign:
    """Counts what became of the mutants."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.counts: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.shown: list[str] = []

    def originals(self, subject: Subject) -> bool:
        """Judge an original apart from mdderive; return whether its mutants can be labelled."""
        try:
            truth = subject.truth(subject.right, left=subject.left)
        except Unknown as reason:
            truth = f"unknown ({reason})"
        self.counts[f"originals {truth.partition(' ')[0]}"] += 1
        if truth != "right":
            self.note(f"original {truth}", subject, write(subject.right, subject.context), "")
            return False
        said, why = subject.verdict(subject.text[subject.span.start : subject.span.end], self.seed)
        self.counts[f"originals judged {said}"] += 1
        if said != "holds":
            self.note(f"original judged {said}", subject, write(subject.right, subject.context), why)
        return True

    def attack(self, subject: Subject, most: int) -> None:
        """Judge the mutants of a result."""
        for kind, mutant in islice(mutants(subject.right, subject.context), most):
            try:
                latex = write(mutant, subject.context)
            except Exception:  # a tree whose shapes do not fit need not be writable
                self.counts["not written"] += 1
                continue
            self.kinds[kind] += 1
            said, why = subject.verdict(latex, self.seed)
            truth = subject.truth(mutant)
            if truth == "right" and said == "wrong":
                truth = subject.truth(mutant, more=True)
            self.counts[f"{truth} {said}"] += 1
            if (truth, said) in (("wrong", "holds"), ("right", "wrong")) or said in ("undecided", "unread", "lost"):
                self.note({"holds": "FALSE ACCEPT", "wrong": "FALSE REJECT"}.get(said, f"{said} ({truth})"), subject, latex, why)

    def note(self, what: str, subject: Subject, latex: str, why: str) -> None:
        self.shown.append(f"{what}: {subject.name}: {subject.latex}  |  {latex}  {why}")

    def table(self) -> str:
        c = self.counts
        mutants = sum(self.kinds.values())
        judged = sum(c[f"{t} {s}"] for t in ("right", "wrong") for s in ("holds", "wrong"))
        unlabelled = sum(n for key, n in c.items() if key.startswith(("undefined ", "unknown ")))
        rows = {
            "mutants": mutants,
            "judged": judged,
            "wrong, judged wrong": c["wrong wrong"],
            "right, judged right (equal to the original)": c["right holds"],
            "FALSE ACCEPTS": c["wrong holds"],
            "FALSE REJECTS": c["right wrong"],
            "undecided": c["wrong undecided"] + c["right undecided"],
            "refused by shape": c["wrong misshapen"],
            "right, refused by shape": c["right misshapen"],
            "not read": c["wrong unread"] + c["right unread"],
            "without a label (undefined or unknown)": unlabelled,
            "originals right / judged to hold": f"{c['originals right']} / {c['originals judged holds']}",
        }
        return "\n".join(f"{value!s:>10}  {name}" for name, value in rows.items())


def under_seeds(subjects: Sequence[Subject], seeds: int) -> int:
    """Judge the originals under many seeds; return how often one was not found to hold."""
    failures = 0
    for s in subjects:
        refused = [
            seed
            for seed in range(seeds)
            if holds(s.left, s.right, s.context, varying=s.varying, seed=seed, text=s.latex).outcome != "holds"
        ]
        if refused:
            print(f"refused under {len(refused)} of {seeds} seeds: {s.name}: {s.latex}  {refused[:5]}")
        failures += len(refused)
    return failures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("sources", nargs="*", type=Path, default=[PROBLEMS])
    options.add_argument("--most", type=int, default=10_000, help="mutants of a result at most")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--seeds", type=int, default=0, help="judge the originals under so many seeds, too")
    options.add_argument("--verbose", action="store_true", help="list every mutant that was not decided")
    chosen = options.parse_args()
    start = time.perf_counter()
    campaign = Campaign(chosen.seed)
    right: list[Subject] = []
    for path in chosen.sources:
        if not path.exists():
            sys.exit(f"{path} is not here: nothing to attack")
        for subject in problems(path) if path.suffix == ".jsonl" else notes(path):
            if campaign.originals(subject):
                right.append(subject)
                campaign.attack(subject, chosen.most)
                subject.__dict__.pop("points", None)
    serious = [t for t in campaign.shown if t.startswith(("FALSE", "original"))]
    for text in campaign.shown if chosen.verbose else serious[:SHOWN]:
        print(text)
    print(campaign.table())
    print(", ".join(f"{kind} {n}" for kind, n in campaign.kinds.most_common()))
    failures = under_seeds(right, chosen.seeds) if chosen.seeds else 0
    if chosen.seeds:
        print(f"{len(right)} originals under {chosen.seeds} seeds: {failures} not found to hold")
    print(f"{time.perf_counter() - start:.0f} s")
    sys.exit(1 if campaign.counts["wrong holds"] or campaign.counts["right wrong"] or failures else 0)


if __name__ == "__main__":
    main()
