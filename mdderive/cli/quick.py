"""The answer to `check PATH…` where there is nothing to say but counts: notes without a block, or known ones without a finding.

Then nothing is imported that reads arguments, settings or notes: Python itself takes longer than the answer. Everything else is
left to the command line, which gives the same answer and keeps the counts of each note for the next time.
"""

import os
import sys
from collections import Counter
from collections.abc import Sequence

from mdderive.document.openings import suspected
from mdderive.document.walk import NOTEBOOK, STDIN, kind_is_file, walked
from mdderive.output.headings import DONE, closing, passed_over, text_too

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mdderive.cache.memory import Memory

PROJECT = "pyproject.toml"
COUNTED = ("blocks", *DONE)


def answer(arguments: Sequence[str]) -> str | None:
    """Return the report, where it is short and nothing is wrong; None where the command line has to answer."""
    command, *paths = [*arguments] or [""]
    if (
        command != "check"
        or any(path.startswith("-") for path in paths)
        or sys.stdout is None
        or sys.stdout.isatty()
        or _configured()
    ):
        return None
    try:
        found, passed, skipped = walked(paths or (os.curdir,))
        counts = None if passed or not all(map(str.isascii, skipped)) else _counts(found)
    except (OSError, ValueError):
        return None
    if counts is None:
        return None
    lines = ["".join(closing(counts, "en")), passed_over(skipped, "en"), text_too(counts, "en")]
    return "".join(f"{line}\n" for line in lines if line)


def tally_key(memory: "Memory", text: str, latex: bool) -> bytes:
    """Return what the counts of a note are known by, in the settings that hold where none are given."""
    return memory.key("tally", str(latex), text)


def _configured() -> bool:
    """Tell whether a project may say how notes are checked."""
    folder = os.getcwd()
    while not os.path.isfile(os.path.join(folder, PROJECT)):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return False
    with open(os.path.join(folder, PROJECT), "rb") as file:
        text = file.read()
    return b"mdderive" in text or b"\\" in text  # which may write any letter


def _counts(paths: Sequence[str]) -> Counter[str] | None:
    """Return how many there are of what is counted; nothing where a note is not known, or more is to be said of it."""
    counts: Counter[str] = Counter(files=len(paths))
    memory: Memory | None = None
    for path in paths:
        if path == STDIN or path.lower().endswith(NOTEBOOK) or not kind_is_file(path):
            return None
        with open(path, "rb") as file:
            text = file.read().decode("utf-8")
        latex = path.lower().endswith(".tex")
        if not suspected(text, latex):
            continue
        memory = memory or _memory()
        told = memory and memory.known(tally_key(memory, text, latex))
        if not told:
            return None
        counts.update(dict(zip(COUNTED, map(int, told.split()), strict=True)))
    return counts


def _memory() -> "Memory | None":
    from mdderive.cache.memory import opened

    return opened()
