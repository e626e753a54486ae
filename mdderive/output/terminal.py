"""Findings on a terminal: coloured, and what is longer than it is wide goes on below its own beginning."""

from collections.abc import Iterator, Mapping
from typing import TextIO

from rich.console import Console
from rich.text import Text

from mdderive.output.people import PICTURES, Line, Role
from mdderive.output.tally import Report

STYLES: Mapping[Role, str] = {
    "text": "",
    "error": "bold red",
    "warning": "bold yellow",
    "info": "bold cyan",
    "clean": "bold green",
    "path": "bold",
    "frame": "blue",
    "label": "blue",
    "key": "bold",
}
FRAME = 12  # cells of a picture that are not the line of the file
NARROWEST = 20


def put(report: Report, form: str, stream: TextIO, *, coloured: bool | None = None) -> None:
    """Write a report for people to a terminal; without `coloured` it has colours where the terminal shows them."""
    console = Console(file=stream, force_terminal=coloured)
    window = max(console.width - FRAME, NARROWEST)
    for line in PICTURES[form](report, window):
        for row in _wrapped(line, console) if console.width > NARROWEST else (_text(line),):
            console.print(row, soft_wrap=True, highlight=False, markup=False, emoji=False)


def _wrapped(line: Line, console: Console) -> Iterator[Text]:
    """Yield the rows of a line; its last piece hangs below itself, beside what stands before it."""
    head, last = _text(line[:-1]), _text(line[-1:])
    room = console.width - head.cell_len
    if last.cell_len <= room or room < NARROWEST:
        yield head + last
        return
    for number, row in enumerate(last.wrap(console, room)):
        row.rstrip()
        yield (Text(" " * head.cell_len) if number else head) + row


def _text(line: Line) -> Text:
    return Text.assemble(*((piece.text, STYLES[piece.role]) for piece in line))
