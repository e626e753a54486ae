"""Everything `check --equations` says of many notes, kept in a file, and what has changed between two such files.

`python benchmarks/rows.py take OUT.jsonl PATH…` writes every relation and every finding of notes, of the notes in folders, and
of files of problems (`.jsonl`: each row is made a note of its own, what it asks for is derived as well);
`python benchmarks/rows.py compare BEFORE AFTER` lists what is not in both, and exits with 1 where anything is not. Whoever moves
code runs the first before and after, and then the second. Notes are judged in batches, one after the other.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

MDDERIVE = [sys.executable, "-m", "mdderive"]
NOTES = frozenset({".md", ".markdown", ".tex", ".ipynb", ".txt", ".qmd", ".Rmd"})
TEXTS = ("text", "note", "formula_true", "formula_false")  # what in a row of problems is a text of its own
FORMULAS = ("latex", "claim", "equation")
PROPERTIES = {"symmetric": "symmetric", "posdef": "positive definite", "invertible": "invertible", "positive": "positive"}
BATCH = 50
SAID = 200  # characters of a message that are kept

Row = Mapping[str, Any]


# ---------------------------------------------------------------- taking


def notes(path: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of every note at a path."""
    if path.is_dir():
        for inner in sorted(p for p in path.rglob("*") if p.is_file() and p.suffix in {*NOTES, ".jsonl"}):
            yield from notes(inner)
    elif path.suffix == ".jsonl":
        rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        for number, row in enumerate(rows, 1):
            for field, text in texts(row):
                yield f"{path}:{row.get('id', number)}:{field}.md", text
    else:
        yield str(path), path.read_text(encoding="utf-8", errors="surrogateescape")


def texts(row: Row) -> Iterator[tuple[str, str]]:
    """Yield what a row of problems holds of notes: texts, a block with its declarations, formulas."""
    for field in TEXTS:
        if isinstance(row.get(field), str):
            yield field, row[field] if field in ("text", "note") else f"$$\n{row[field]}\n$$\n"
    if isinstance(row.get("block"), str):
        yield "block", f"```derive\n{row['block']}\n```\n"
    given = [*row.get("let", ()), *(f"given: {g}" for g in row.get("given") or ())] if isinstance(row.get("let"), list) else None
    for field in FORMULAS:
        if isinstance(row.get(field), str) and given is not None:
            defined = [f"{name} = {value}" for name, value in (row.get("where") or {}).items()]
            yield field, "```derive\n" + "\n".join([*given, *defined, row[field]]) + "\n```\n"
        elif isinstance(row.get(field), str):
            yield field, f"$$\n{row[field]}\n$$\n"


def taken(batch: Sequence[tuple[str, str]]) -> Iterator[Row]:
    """Yield the rows of some notes, each with the name of its note."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for i, (name, text) in enumerate(batch):
            own = Path(folder, f"{i:04d}{'.tex' if name.endswith('.tex') else '.ipynb' if name.endswith('.ipynb') else '.md'}")
            own.write_text(text, encoding="utf-8", errors="surrogateescape")
            names[str(own)] = name
        run = subprocess.run([*MDDERIVE, "check", "--equations", "--format", "json", *names], capture_output=True, text=True)
        if run.returncode not in (0, 1):
            print(f"check ended with {run.returncode}: {run.stderr[-800:]}", file=sys.stderr)
            yield from ({"file": name, "outcome": "crash", "place": "", "latex": "", "why": ""} for name in names.values())
            return
        report = json.loads(run.stdout)
    for e in report["equations"]:
        kept = {"act": e["act"]} if "act" in e else {}
        yield {"file": names[e["file"]], "place": place(e), "outcome": e["outcome"], "latex": e["latex"], "why": e["why"], **kept}
    for f in report["findings"]:
        hints = " ".join(h["code"] for h in f["hints"])
        said = {"latex": f["latex"][:SAID], "why": f["message"][:SAID], "hints": hints}
        yield {"file": names[f["file"]], "place": place(f), "outcome": f"{f['severity']} {f['code']}", **said}


def question(row: Row) -> Row | None:
    """Return the row of `derive --batch` that asks what a problem does; None where it asks for no derivative."""
    if "f" not in row.get("row", row) or "wrt" not in row.get("row", row):
        return None
    if "decl" not in row or "row" in row:
        own = row.get("row", row)
        return own if isinstance(own.get("let"), list) else None
    where, spelled = row.get("let", {}), row["tex_names"]
    let = [
        f"{spelled[name]}: {rows} x {columns}" + "".join(f", {PROPERTIES[p]}" for p in said if p in PROPERTIES)
        for name, (rows, columns, *said) in row["decl"].items()
        if name != row.get("upstream")
    ]
    let += [f"f: scalar function of {name}" for name in where if row["f"] == f"f({name})"]
    let += [rf"{name}: elementwise" for name in row.get("functions", ()) if name.startswith("\\")]
    order = 2 if row["kind"] == "hessian" else 1
    return {"id": row["id"], "let": let, "where": where, "f": row["f"], "wrt": spelled[row["wrt"]], "order": order}


def derived(path: Path) -> Iterator[Row]:
    """Yield what is derived for a file of problems."""
    asked = [q for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and (q := question(json.loads(line)))]
    run = subprocess.run(
        [*MDDERIVE, "derive", "--batch", "-"], input="\n".join(map(json.dumps, asked)), capture_output=True, text=True
    )
    for number, row in enumerate(map(json.loads, run.stdout.splitlines()), 1):
        why = row["error"]["message"] if row.get("error") else row.get("numpy") or ""
        name = f"{path}:{row.get('id') or number}"
        yield {"file": name, "place": "", "outcome": f"derived {row['status']}", "latex": row.get("latex") or "", "why": why}


def place(row: Row) -> str:
    return f"{row['line']}:{row['column']}-{row['end_line']}:{row['end_column']}"


def take(out: Path, paths: Sequence[Path]) -> None:
    counts: Counter[str] = Counter()
    with out.open("w", encoding="utf-8") as file:
        problems = [path for given in paths for path in (sorted(given.rglob("*.jsonl")) if given.is_dir() else [given])]
        for row in (row for path in problems if path.suffix == ".jsonl" for row in derived(path)):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            counts[row["outcome"]] += 1
        every = (note for path in paths for note in notes(path))
        while batch := list(islice(every, BATCH)):
            for row in sorted(taken(batch), key=lambda row: (row["file"], row["outcome"], row["place"])):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                counts[row["outcome"]] += 1
    print(", ".join(f"{n} {outcome}" for outcome, n in sorted(counts.items())))


# ---------------------------------------------------------------- comparing


def compare(before: Path, after: Path) -> int:
    """Print what has changed, place by place and in numbers; return how many places have."""
    old, new = (by_place(path) for path in (before, after))
    changed = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    counts: Counter[tuple[str, str]] = Counter()
    for key in changed:
        pairs = zip_longest(old.get(key, ()), new.get(key, ()))
        for a, b in (pair for pair in pairs if pair[0] != pair[1]):
            was, is_now = (row["outcome"] if row else "-" for row in (a, b))
            counts[was, is_now] += 1
            print(f"{key[0]} {key[1]} {was} -> {is_now}  {(a or b)['latex'][:120]}")
            for sign, row in (("-", a), ("+", b)):
                print(f"    {sign} {row['why'][:160]}" if row else f"    {sign} nothing")
    print(f"\n{len(changed)} of {len({*old, *new})} places changed")
    for (was, is_now), n in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{n:6d}  {was} -> {is_now}")
    return len(changed)


def by_place(path: Path) -> dict[tuple[str, str, bool], list[Row]]:
    """Return the rows of a file by note and place, relations and findings apart."""
    found: dict[tuple[str, str, bool], list[Row]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["file"], row["place"], " " in row["outcome"]].append(row)
    return dict(found)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["take", out, _, *_]:
            take(Path(out), [Path(path) for path in sys.argv[3:]])
        case ["compare", before, after]:
            sys.exit(compare(Path(before), Path(after)) > 0)
        case _:
            sys.exit(__doc__)
