"""The cache under kills and damage, and what an unchanged run costs beside `python` with argparse.

A run of `check` over notes is killed at random moments, each time with the cache that the killed runs left; afterwards the
report must be that of `--no-cache`. Then bytes of that cache are flipped, and the report must be the same again. CPU times are
medians of children, in one run. `python benchmarks/unchanged.py [KILLS] [DAMAGES]`; the exit code is 1 where a report differs.
"""

import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUN = [sys.executable, "-m", "mdderive", "check"]
PARSE = "import argparse; p = argparse.ArgumentParser(); p.add_argument('paths', nargs='*'); p.parse_args()"
FLOOR = [sys.executable, "-c", PARSE]
BLOCK = (
    "# {n}\n\n```derive\nX: m x n, w: n, y: m\nf = \\|X w - y\\|^2 + {n} w^T w\n\\frac{{\\partial f}}{{\\partial w}} = ?\n```\n"
)
WRONG = BLOCK + "\n```derive\nx: n\nx + x = {n} x\n```\n"
FILE = "results-1.sqlite"


def installed(home: Path) -> None:
    """Have children run from bytecode that is kept, as an installed package does, and keep what they find in a folder."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.update(PYTHONPYCACHEPREFIX=str(home / "bytecode"), MDDERIVE_CACHE=str(home / "cache"))


def fill(folder: Path, text: str, count: int) -> Path:
    folder.mkdir()
    for n in range(3, count + 3):
        (folder / f"{n}.md").write_text(text.format(n=n), encoding="utf-8")
    return folder


def report(notes: Path, cache: Path, *options: str) -> str:
    environment = {**os.environ, "MDDERIVE_CACHE": str(cache)}
    run = subprocess.run([*RUN, str(notes), "--format", "json", *options], env=environment, capture_output=True, check=False)
    told = json.loads(run.stdout)
    for file in told["files"]:
        del file["ms"]
    return json.dumps(told)


def killed(notes: Path, cache: Path, kills: int, rng: random.Random) -> bool:
    whole = report(notes, cache, "--no-cache")
    environment = {**os.environ, "MDDERIVE_CACHE": str(cache)}
    for _ in range(kills):
        running = subprocess.Popen([*RUN, str(notes)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.1, 1.5))
        running.kill()
        running.wait()
    return report(notes, cache) == whole


def damaged(notes: Path, cache: Path, rng: random.Random, home: Path, whole: str) -> bool:
    other = home / "damaged"
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(cache, other)
    data = bytearray((other / FILE).read_bytes())
    for _ in range(rng.choice((1, 10, 1000))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    (other / FILE).write_bytes(data)
    return report(notes, other) == whole


def cpu(command: list[str], times: int = 15) -> float:
    spent = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return 1000 * statistics.median(spent)


def main() -> int:
    numbers = [int(argument) for argument in sys.argv[1:]]
    kills, damages = [*numbers, *(200, 1000)[len(numbers) :]]
    rng = random.Random(0)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        installed(home)
        notes, cache = fill(home / "wrong", WRONG, 20), home / "cache"
        sound = killed(notes, cache, kills, rng)
        print(f"{kills} kills: {'the same report' if sound else 'ANOTHER REPORT'}")
        whole = report(notes, cache)
        other = sum(not damaged(notes, cache, rng, home, whole) for _ in range(damages))
        print(f"{damages} damaged caches: {other} other reports")
        os.chdir(home)  # where no project says how notes are checked
        floor = cpu(FLOOR)
        print(f"python with argparse: {floor:.1f} ms CPU; load {os.getloadavg()[0]:.1f}")
        for what, text, count in (("50 notes without a block", "# {n}\n\nText.\n", 50), ("20 unchanged blocks", BLOCK, 20)):
            folder = fill(home / what, text, count)
            subprocess.run([*RUN, str(folder)], stdout=subprocess.DEVNULL, check=False)
            print(f"{what}: {cpu([*RUN, str(folder)]) / floor:.2f} of that")
    return int(not sound or other > 0)


if __name__ == "__main__":
    sys.exit(main())
