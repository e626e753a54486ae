"""Kills of `check --fix` and `convert` over many notes at random moments: what is lost, and what is left over.

Every file must hold its old or its new text byte for byte, and no file may have come or gone. Half of the kills come while the
files are written. Run `python benchmarks/kills.py [KILLS] [NOTES]`; the exit code is 1 where anything was lost or left over.
"""

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

SEED = 0
RIGHT = (
    "# Note {n}\n\nText before, 前言.\n\n```derive\nX: n x n\nd(X^{{-1}}) = -X^{{-1}} (dX) X^{{-1}}\n```\n\n"
    + "More text.\n" * 400
)
COMMAND = [sys.executable, "-m", "mdderive"]
State = Mapping[Path, bytes]


def fill(folder: Path, state: State) -> None:
    for path, data in state.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def held(folder: Path) -> State:
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def begun(folder: Path, old: State, new: State) -> bool:
    """Tell whether the first file has been written."""
    first = next(path for path in sorted(new) if new[path] != old[path])
    return (folder / first).read_bytes() != old[first]


def killed(folder: Path, args: list[str], old: State, new: State, wait: float, *, late: bool) -> int | None:
    """Kill a run after some time, or that long after the first file was written; return how many are new, None for a fault."""
    running = subprocess.Popen([*COMMAND, *args], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while late and running.poll() is None and not begun(folder, old, new):
        time.sleep(0)
    time.sleep(wait)
    running.send_signal(signal.SIGKILL)
    running.wait()
    found = held(folder)
    extra, missing = found.keys() - old.keys(), old.keys() - found.keys()
    torn = [path for path in found.keys() & old.keys() if found[path] not in (old[path], new[path])]
    for what, paths in (("left over", extra), ("gone", missing), ("torn", torn)):
        if paths:
            print(f"  {what}: {', '.join(map(str, paths))}")
    if extra or missing or torn:
        return None
    return sum(found[path] == new[path] != old[path] for path in old)


def campaign(task: str, args: list[str], old: State, kills: int) -> bool:
    draw = random.Random(SEED)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        fill(folder, old)
        begin = time.monotonic()
        subprocess.run([*COMMAND, *args], cwd=folder, check=True, capture_output=True)
        lasts, new = time.monotonic() - begin, held(folder)
        counts: list[int | None] = []
        for number in range(kills):
            fill(folder, old)
            late = bool(number % 2)
            counts.append(killed(folder, args, old, new, draw.uniform(0, 0.004 if late else lasts), late=late))
    whole = sum(new[path] != old[path] for path in old)
    faults = counts.count(None)
    none, every = counts.count(0), counts.count(whole)
    print(f"{task:8} {kills} kills over {whole} notes ({lasts:.1f} s a run): {faults} with something lost or left over;", end=" ")
    print(f"{none} before the first file, {kills - faults - none - every} between two files, {every} after the last")
    return not faults


def main() -> None:
    kills, notes = (int(word) for word in (*sys.argv[1:], "200", "200")[:2])
    right = {Path(f"notes/{n:03}.md"): RIGHT.format(n=n).encode() for n in range(notes)}
    wrong = {path: data.replace(b"= -X", b"= X") for path, data in right.items()}
    out = {Path(f"out/{path.name}"): b"old\n" for path in right}
    sound = [
        campaign("fix", ["check", "--fix", "notes"], wrong, kills // 2),
        campaign("convert", ["convert", "notes", "-o", "out"], right | out, kills - kills // 2),
    ]
    sys.exit(0 if all(sound) else 1)


if __name__ == "__main__":
    main()
