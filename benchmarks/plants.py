"""Single slips planted in what holds in notes: which are called wrong, which are only warned of, which pass.

`python benchmarks/plants.py FOLDER [--seed N] [--each N] [--verbose]` judges the notes of a folder, plants a slip in the right
side of relations that hold, at most so many in a note, and judges each note again with its slips, which stand forty lines apart
in copies of it. A slip of sign, factor or term makes a relation false whatever its letters are, unless its side is zero; the
others make most relations false: whoever reads the figures reads those that pass.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MDDERIVE = [sys.executable, "-m", "mdderive"]
NOTES = frozenset({".md", ".markdown", ".tex", ".ipynb", ".txt", ".qmd", ".Rmd"})
APART = 40
SURE = frozenset({"sign", "factor", "term"})
HAT = r"\^\s*(?:\{\s*(?:\\+(?:top|intercal|rm|mathsf|mathrm|text)\s*)?\{?T?\}?\s*\}|\\+top\b|T\b)"
FACTOR = rf"(?:\\+(?:mathbf|boldsymbol|bm|mathrm)\s*\{{\s*[A-Za-z]\s*\}}|(?<![\\A-Za-z])[A-Z](?![a-z]))(?:{HAT})?"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Plant:
    """A slip: what is put for the right side of a relation that held."""

    file: str
    row: Row
    kind: str
    start: int
    end: int
    text: str


# ---------------------------------------------------------------- slips


def top(side: str) -> Iterator[int]:
    """Yield where the signs of the terms of a side stand: outside of all brackets."""
    depth = 0
    for place, sign in enumerate(side):
        depth += (sign in "([{") - (sign in ")]}")
        if sign in "+-" and not depth and place and side[:place].strip(" &\\{}") and side[place - 1] not in "^_":
            yield place


def sign(side: str, rng: random.Random) -> str | None:
    places = [*top(side)]
    if not places:
        return "-" + side if not side.lstrip().startswith("-") else side.replace("-", "", 1)
    at = rng.choice(places)
    return side[:at] + ("-" if side[at] == "+" else "+") + side[at + 1 :]


def factor(side: str, rng: random.Random) -> str | None:
    halved = re.sub(r"^([\s&]*-?\s*)(?:2(?![\d.])|\\+frac\s*\{?1\}?\s*\{?2\}?(?!\d))", r"\1", side, count=1)
    if halved != side:
        return halved if halved.strip(" &-\n") else None
    return None if [*top(side)] or side.lstrip(" &")[:1] in "-+" or not re.match(r"[\s&]*[\\A-Za-z(|]", side) else "3 " + side


def term(side: str, rng: random.Random) -> str | None:
    places = [*top(side)]
    return side[: places[-1]] + " " if places and side.count("\\begin") == 0 else None


def dropped(pattern: str, put: str = "") -> Callable[[str, random.Random], str | None]:
    """Return the slip that puts something else for one of the places that match a pattern."""

    def slip(side: str, rng: random.Random) -> str | None:
        found = [*re.finditer(pattern, side)]
        if not found:
            return None
        one = rng.choice(found)
        return side[: one.start()] + one.expand(put) + side[one.end() :]

    return slip


SLIPS: Mapping[str, Callable[[str, random.Random], str | None]] = {
    "sign": sign,
    "factor": factor,
    "term": term,
    "transpose": dropped(r"\^\s*(?:\{\s*(?:T|\\+top|\\+intercal|\\+mathsf\s*\{?T\}?)\s*\}|\\+top\b|T\b|\\+mathsf\{T\})"),
    "transposed": dropped(r"(?<![\\A-Za-z_^{])([A-Z])(?![A-Za-z^_'(])", r"\1^T "),
    "inverse": dropped(r"\^\s*\{\s*-\s*1\s*\}"),
    "exponent": dropped(r"\^\s*(?:2(?!\d)|\{\s*2\s*\})", "^3"),
    "order": dropped(rf"({FACTOR})(\s*)({FACTOR})", r"\3\2\1"),
    "index": dropped(r"_\s*(?:\{\s*([a-z])\s*,?\s*([a-z])\s*\})", r"_{\2\1}"),
    "d": dropped(r"(?<![\\A-Za-z{])(?:d|\\+mathrm\s*\{d\})\s*(?=[A-Z])"),
}


# ---------------------------------------------------------------- planting


def offsets(text: str, row: Row) -> tuple[int, int]:
    """Return where the right side of a row stands in its note."""
    starts = [0, *(at.end() for at in re.finditer("\n", text))]
    return starts[row["line"] - 1] + row["column"] - 1, starts[row["end_line"] - 1] + row["end_column"] - 1


def planted(file: str, text: str, rows: Sequence[Row], each: int, rng: random.Random) -> Iterator[Plant]:
    """Yield slips in some rows of a note that hold."""
    held = [row for row in rows if row["outcome"] == "holds"]
    for row in rng.sample(held, min(each, len(held))):
        start, end = offsets(text, row)
        side = text[start:end]
        slips = [(kind, new) for kind, slip in SLIPS.items() if (new := slip(side, rng)) not in (None, side)]
        if slips and not re.fullmatch(r"[\s&$\\.,0}{]*", side):
            kind, new = rng.choice(slips)
            yield Plant(file, row, kind, start, end, str(new))


def copies(plants: Sequence[Plant]) -> list[list[Plant]]:
    """Return the slips of a note in groups whose members stand apart."""
    groups: list[list[Plant]] = []
    for plant in plants:
        for group in groups:
            if all(abs(plant.row["line"] - other.row["line"]) >= APART for other in group):
                group.append(plant)
                break
        else:
            groups.append([plant])
    return groups


def put(text: str, group: Sequence[Plant]) -> str:
    for plant in sorted(group, key=lambda plant: -plant.start):
        text = text[: plant.start] + plant.text + text[plant.end :]
    return text


# ---------------------------------------------------------------- judging


def judged(texts: Mapping[str, str]) -> Mapping[str, tuple[list[Row], list[Row]]]:
    """Return rows and findings of notes by name."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            Path(folder, name).write_text(text, encoding="utf-8", errors="surrogateescape")
        run = subprocess.run(
            [*MDDERIVE, "check", "--equations", "--format", "json", "--no-cache", *texts],
            capture_output=True,
            text=True,
            cwd=folder,
        )
        if run.returncode not in (0, 1):
            sys.exit(f"check ended with {run.returncode}: {run.stderr[-800:]}")
        report = json.loads(run.stdout)
    found: dict[str, tuple[list[Row], list[Row]]] = {name: ([], []) for name in texts}
    for at, key in enumerate(("equations", "findings")):
        for row in report[key]:
            found[row["file"]][at].append(row)
    return found


def call(plant: Plant, before: Sequence[Sequence[Row]], after: Sequence[Sequence[Row]]) -> tuple[str, str]:
    """Return what becomes of a slip: found, warned, or how the relations that it touches are called; and why."""
    line = plant.row["line"]
    near = [row for row in after[0] if row["line"] <= line + 3 and row["end_line"] >= line - 3]
    known = {(row["latex"], row["outcome"]) for row in before[0]}
    new = [row for row in near if (row["latex"], row["outcome"]) not in known]
    here = [row for row in near if row["line"] == line and row["column"] == plant.row["column"]]
    if any(row["outcome"] == "wrong" for row in new):
        return "found", ""
    told = {(f["code"], f["latex"], f["message"]) for f in before[1]}
    warned = [f for f in after[1] if f["severity"] == "warning" and abs(f["line"] - line) <= 3]
    warned = [f for f in warned if (f["code"], f["latex"], f["message"]) not in told]
    if warned:
        return "warned", warned[0]["message"]
    row = (here or new or [{"outcome": "unseen", "why": "", "reason": ""}])[0]
    return row["outcome"], f"{row.get('reason')}: {row['why']}"


def main() -> int:
    parser = argparse.ArgumentParser(description="slips planted in what holds")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=6)
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    table: dict[str, Counter[str]] = {kind: Counter() for kind in SLIPS}
    for path in sorted(p for p in given.folder.iterdir() if p.suffix in NOTES):
        rng = random.Random(f"{given.seed} {path.name}")
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        before = judged({path.name: text})[path.name]
        groups = copies([*planted(path.name, text, before[0], given.each, rng)])
        after = judged({f"{n}{path.suffix}": put(text, group) for n, group in enumerate(groups)}) if groups else {}
        for n, group in enumerate(groups):
            for plant in group:
                what, why = call(plant, before, after[f"{n}{path.suffix}"])
                table[plant.kind][what] += 1
                if given.verbose and what != "found":
                    place, latex = f"{path.name}:{plant.row['line']}", plant.row["latex"][:200]
                    print(f"{what} {place} {plant.kind} | {latex} | {plant.text[:120]} | {why[:160]}")
    for kind, counts in table.items():
        print(f"{kind:12}{sum(counts.values()):4}  {', '.join(f'{n} {what}' for what, n in counts.most_common())}")
    for name, kinds in (("sure", SURE), ("all", SLIPS.keys())):
        whole = sum((table[kind] for kind in kinds), Counter[str]())
        print(f"{name}: {whole['found']} of {sum(whole.values())} found, {whole['warned']} warned, {whole['holds']} hold")
    return 0


if __name__ == "__main__":
    sys.exit(main())
