"""What commands share: the options of settings, notes read and checked, texts written, the exit code."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from mdderive.cache.memory import Memory, opened
from mdderive.check.many import every
from mdderive.cli.config import ConfigError, Project, chosen, configured
from mdderive.cli.help import LANG, Option, spoken
from mdderive.document import files
from mdderive.document.walk import STDIN
from mdderive.model.results import CHOICES, Document, Settings
from mdderive.model.source import Source, printable
from mdderive.output.reports import Report, summarize

if TYPE_CHECKING:
    from mdderive.output.saving import Text

INTERNAL = "DRV901"
MISUSE = (INTERNAL, "DRV192", "DRV193")
LANGUAGE = "Language of the words."
SETTINGS_HELP = {
    "layout": "Layout of derivatives.",
    "steps": "How much of a derivation is shown.",
    "lang": LANGUAGE,
    "functions": r"What \exp(X) means for square X.",
    "result": "Where the result of a derivation stands.",
}
Function = Callable[..., Any]

option = partial(click.option, cls=Option)
language = option("--lang", type=click.Choice(CHOICES["lang"]), expose_value=False, help=LANGUAGE)


class Failure(click.ClickException):
    """Something outside of the notes that stops a command."""

    exit_code = 2


def settings_options(command: Function) -> Function:
    """Add to a command an option for every setting that has choices."""
    for name, text in reversed(SETTINGS_HELP.items()):
        command = option(f"--{name}", type=click.Choice(CHOICES[name]), help=text)(command)
    return command


def put(texts: "Sequence[Text]") -> "Sequence[Text]":
    """Write texts to their files, and return those whose file had changed."""
    from mdderive.output.saving import Unwritable, save

    try:
        return save(texts) if texts else ()
    except Unwritable as error:
        raise Failure(str(error)) from error


def project() -> Project:
    """Return what the pyproject.toml of the folder where we are says; what it cannot mean is misuse."""
    try:
        found = configured()
    except ConfigError as error:
        raise click.UsageError(str(error)) from error
    click.get_current_context().meta.setdefault(LANG, found.settings.lang)
    return found


def settings_of(options: dict[str, Any]) -> Settings:
    """Return the settings of the project with the options that are given put in."""
    settings = project().settings
    return chosen(settings, {**options, "lang": options.get("lang") or spoken()})


def notes_of(paths: Sequence[str]) -> files.Notes:
    """Return the files that paths stand for; one that is missing is misuse."""
    try:
        return files.notes(paths)
    except FileNotFoundError as error:
        raise click.UsageError(f"no such file or folder: {printable(str(error))}") from error


@dataclass(frozen=True, slots=True)
class Work:
    """How notes are checked: what is remembered, by how many processes, under which name standard input, by which cluster."""

    settings: Settings
    memory: Memory | None = None
    jobs: int = 1
    stdin_name: str = ""
    cluster: str = ""

    def documents(self, paths: Sequence[str]) -> list[Document]:
        """Return what is to be said of each file; who waits long in front of a terminal sees how far it is."""
        read = (files.read(path, self.stdin_name if path == STDIN else "") for path in paths)
        told = self._told(read)
        hidden = not _watched(paths, self.settings)
        with click.progressbar(told, length=len(paths), file=sys.stderr, label="mdderive", hidden=hidden) as shown:
            return [*shown]

    def _told(self, read: Iterable[Source | Document]) -> Iterator[Document]:
        if not self.cluster:
            yield from every(read, self.settings, self.memory, self.jobs)
            return
        from mdderive.check import cluster

        try:
            yield from cluster.every(read, self.settings, self.memory, self.cluster)
        except cluster.Unusable as error:
            raise Failure(str(error)) from error


def work_options(command: Function) -> Function:
    """Add to a command the options that say how its work is done."""
    command = option("--no-cache", is_flag=True, help="Judge everything, and keep nothing for later runs.")(command)
    return option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Judge in so many processes.")(command)


def work_of(settings: Settings, jobs: int, no_cache: bool) -> Work:
    """Return how notes are checked by the options that say so."""
    return Work(settings, None if no_cache else opened(), jobs)


def _watched(paths: Sequence[str], settings: Settings) -> bool:
    """Tell whether somebody waits in front of a terminal for work that takes its time."""
    return len(paths) > (1 if settings.equations else 20) and sys.stderr.isatty()


def exit_code(made: Report, *, strict: bool = False) -> int:
    """Return 2 for a fault or a file that cannot be opened, 1 where something is wrong (or, if strict, not decided), else 0."""
    summary = summarize(made.documents)
    if any(finding.code in MISUSE for _, finding in made.findings()):
        return 2
    undecided = any(a.verdict.outcome == "undecided" for d in made.documents for b in d.blocks for a in b.answers)
    return int(bool(summary.errors or (strict and (undecided or summary.undecided))))
