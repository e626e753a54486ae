"""Every note of some folders with and without a cache, in several processes and under several seeds of hashing: what differs.

Each note is checked without a cache, with an empty one, again, and with a line before it: then its blocks are known, but not the
note. The reports of the command line, as JSON without times, are compared too: of `--no-cache`, `--jobs 2` and PYTHONHASHSEED 0
to 5. Run `python benchmarks/remembered.py [--equations] FOLDER…`; the exit code is 1 where anything differs.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import process_time

from mdderive.cache.memory import Memory
from mdderive.cache.store import Store
from mdderive.check.glance import checked
from mdderive.document import files
from mdderive.model.results import Document, Settings


def differing(paths: list[str], settings: Settings, memory: Memory) -> Iterator[str]:
    """Yield the notes that come to something else with a cache."""
    spent = [0.0, 0.0, 0.0]
    for path in paths:
        source = files.read(path)
        if isinstance(source, Document):
            continue
        found = []
        for turn, known in enumerate((None, memory, memory)):
            begin = process_time()
            found.append(checked(source, settings, known))
            spent[turn] += process_time() - begin
        moved = replace(source, text="\n" + source.text)
        if not found[0] == found[1] == found[2] or checked(moved, settings, memory) != checked(moved, settings):
            yield path
    print(f"{len(paths)} notes: {spent[0]:.2f} s without a cache, {spent[1]:.2f} s with an empty one, {spent[2]:.2f} s unchanged")


def reported(folders: list[str], options: list[str], seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-m", "mdderive", "check", "--format", "json", *options, *folders]
    report = json.loads(subprocess.run(command, env=environment, capture_output=True, check=False).stdout)
    for file in report["files"]:
        del file["ms"]
    return json.dumps(report)


def main() -> int:
    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    folders = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    paths = [*files.notes(folders).paths]
    with tempfile.TemporaryDirectory() as home:
        memory = Memory(Store(str(Path(home) / "own")), b"benchmark")
        different = [*differing(paths, Settings(equations="--equations" in options), memory)]
        os.environ["MDDERIVE_CACHE"] = home
        first = reported(folders, [*options, "--no-cache"], "0")
        runs = [(["--jobs", "2"], "0"), ([], "0"), *((["--no-cache", "--jobs", "2"], str(seed)) for seed in range(1, 6))]
        for more, seed in runs:
            same = reported(folders, [*options, *more], seed) == first
            print(f"{' '.join(more) or 'cached':24} PYTHONHASHSEED={seed}: {'the same' if same else 'OTHERWISE'}")
            different += [] if same else [" ".join(more)]
    print("\n".join(["differ:", *different]) if different else "nothing differs")
    return int(bool(different))


if __name__ == "__main__":
    sys.exit(main())
