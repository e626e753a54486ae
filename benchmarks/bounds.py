"""Texts that are small to write and large to work on: what each costs, and what is said about it.

    python benchmarks/bounds.py [NAME…] [--slowest N]

Every case runs in a process of its own. Prints CPU seconds (the start of Python and the imports are in them), the peak of
memory in MB, and the codes that were found; what took more than `SECONDS` or `MEGABYTES` is marked. Exit 1 where any did.
"""

import argparse
import os
import resource
import sys
from collections import Counter
from collections.abc import Mapping

from mdderive.check.glance import checked
from mdderive.model.results import Settings
from mdderive.model.source import Source
from mdderive.output.rows import derive_row

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tests.contracts.hostile import CASES, Case

SECONDS, MEGABYTES = 2.0, 512
LIMIT = 60


def said(case: Case) -> str:
    """Return what is said about a case: outcomes and codes with how often."""
    if case.row:
        answer = derive_row(case.row)
        error = answer.get("error")
        return f"{answer['status']} {error['code'] if isinstance(error, Mapping) else ''}"
    document = checked(Source(case.text(), case.path), Settings(equations=case.equations))
    outcomes = Counter(e.outcome for e in document.equations)
    codes = Counter(f.code for f in document.findings)
    return " ".join(f"{what}:{n}" for what, n in [*outcomes.items(), *codes.items()]) or "nothing"


def run(case: Case) -> tuple[float, float, str]:
    """Return CPU seconds, megabytes and what is said, of a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        try:
            words = said(case)
        except BaseException as error:
            words = f"{type(error).__name__}: {error}"
        os.write(writing, words.encode()[:60_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        words = pipe.read().decode(errors="replace")
    _, status, usage = os.wait4(child, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, words or f"died of signal {status}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("names", nargs="*", metavar="NAME", help="cases whose name contains this")
    chosen = options.parse_args()
    above = 0
    print(f"{'case':44} {'CPU s':>7} {'MB':>6}")
    for name, case in CASES.items():
        if chosen.names and not any(part in name for part in chosen.names):
            continue
        seconds, megabytes, words = run(case)
        over = seconds > SECONDS or megabytes > MEGABYTES
        above += over
        print(f"{name:44} {seconds:7.2f} {megabytes:6.0f} {'!' if over else ' '} {words[:150]}", flush=True)
    print(f"{above} above {SECONDS} s or {MEGABYTES} MB")
    sys.exit(bool(above))


if __name__ == "__main__":
    main()
