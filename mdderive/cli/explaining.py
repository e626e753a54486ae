"""`mdderive check --explain FILE:LINE`: what was understood at a line of a note."""

import sys

import click

from mdderive.check.understood import understood
from mdderive.cli.running import Work, notes_of
from mdderive.document import files
from mdderive.document.walk import STDIN
from mdderive.model.results import Document
from mdderive.model.source import printable
from mdderive.output.insight import understanding_json, understanding_text
from mdderive.output.reports import FORMATS, report


def explain(place: str, work: Work, form: str) -> None:
    """Print what was understood at `FILE:LINE`, as rows where the form of the report is json."""
    path, _, line = place.rpartition(":")
    if not path or not (line.isascii() and line.isdigit()):
        raise click.UsageError(f"--explain needs FILE:LINE, as in notes.md:12: {printable(place)}")
    paths = notes_of([path]).paths
    if len(paths) != 1:
        raise click.UsageError(f"--explain needs one file: {printable(path)}")
    source = files.read(paths[0], work.stdin_name if paths[0] == STDIN else "")
    if isinstance(source, Document):
        click.echo(FORMATS["concise"](report([source], work.settings.lang)), nl=False, err=True)
        sys.exit(2)
    told = understood(source, work.settings, int(line))
    lang = work.settings.lang
    said = understanding_json(source, told, lang) if form == "json" else understanding_text(source, int(line), told, lang)
    click.echo(said, nl=False)
