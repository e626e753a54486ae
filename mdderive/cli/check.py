"""`mdderive check`: the blocks of notes, or all their formulas, judged and told, and mended where that is asked for."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click

from mdderive.cli import quick
from mdderive.cli.config import Project, chosen
from mdderive.cli.help import SpokenCommand, spoken
from mdderive.cli.running import Work, exit_code, notes_of, option, project, put, settings_options, work_of, work_options
from mdderive.document.openings import suspected
from mdderive.document.walk import STDIN
from mdderive.model.results import Document, Settings
from mdderive.model.source import printable
from mdderive.output.headings import closing, text_too
from mdderive.output.people import FOR_PEOPLE
from mdderive.output.reports import FORMATS, Report, report, statistics, suggestions, summarize
from mdderive.output.tally import without

COLOURS: Mapping[str, bool | None] = {"auto": None, "always": True, "never": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of `check` that are no settings."""

    form: str | None
    color: str
    fix: bool
    diff: bool
    counts: bool
    suggest: bool
    explain: str | None
    verbose: bool
    strict: bool
    exit_zero: bool
    baseline: str | None
    write_baseline: bool
    stdin_filename: str | None
    jobs: int
    no_cache: bool
    cluster: str | None
    watch: bool


@click.command(cls=SpokenCommand)
@click.argument("paths", metavar="[PATH…]", nargs=-1)
@option("--equations/--no-equations", default=None, help="Judge the formulas outside derive blocks too.")
@option("--suggest", is_flag=True, help="With --equations, print declarations that would let more be judged.")
@option("--explain", metavar="FILE:LINE", help="Tell what was understood at a line, and check nothing else.")
@option("-v", "--verbose", is_flag=True, help="Say of every formula that was not judged why.")
@option("--format", "form", type=click.Choice(list(FORMATS)), help="Form of the report [default: full].")
@option("--color", type=click.Choice(list(COLOURS)), default="auto", show_default=True, help="Colour the report.")
@option("--baseline", metavar="F", help="Tell only what the file F, written earlier, does not know.")
@option("--write-baseline", is_flag=True, help="Write what is found now to the file of --baseline.")
@option("--fix", is_flag=True, help="Write what would be right in place of what is wrong, where that is known, and check again.")
@option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@option("--watch", is_flag=True, help="Check again whatever changes, until Ctrl-C.")
@option("--statistics", "counts", is_flag=True, help="Count the findings by code.")
@option("--strict", is_flag=True, help="Exit 1 also where something could not be decided.")
@option("--exit-zero", is_flag=True, help="Exit 0 also where something is wrong.")
@option("--thorough", is_flag=True, help="Judge at more points and sizes.")
@option("--seed", type=int, help="Seed of the random points [default: 0].")
@option("--stdin-filename", metavar="F", help="Name of standard input in the report.")
@option("--cluster", metavar="ADDRESS", help="Judge by the workers of the dask cluster at ADDRESS.")
@work_options
@settings_options
def check(paths: tuple[str, ...], **options: Any) -> None:
    """Verify the derive blocks of files and folders, with --equations all formulas.

    Without a PATH the folder where you are is checked; `-` is standard input.
    """
    asked = Asked(**{name: options.pop(name) for name in Asked.__annotations__})
    _possible(asked, paths)
    here = project()
    settings = chosen(here.settings, {**options, "lang": spoken()})
    work = replace(
        work_of(settings, asked.jobs, asked.no_cache), stdin_name=asked.stdin_filename or "", cluster=asked.cluster or ""
    )
    if asked.explain is not None:
        from mdderive.cli.explaining import explain

        explain(asked.explain, work, asked.form or here.form)
        return
    if asked.watch:
        from mdderive.cli.watch import Watched, watch

        seen = Watched(work.settings, work.memory, work.jobs)
        watch(paths or (".",), seen, lambda: _tell(_checked(paths, asked, here, seen), asked, asked.form or here.form))
        return
    made = _checked(paths, asked, here, work)
    code = exit_code(made, strict=asked.strict)
    if asked.diff:
        from mdderive.output.fixes import difference

        click.echo("".join(map(difference, made.documents)), nl=False)
        sys.exit(code)
    _tell(made, asked, asked.form or here.form)
    further = text_too(asdict(summarize(made.documents)), made.lang) if not work.settings.equations else ""
    if further and (asked.form or here.form) in FOR_PEOPLE:
        click.echo(further)
    sys.exit(0 if asked.exit_zero and code == 1 else code)


def _possible(asked: Asked, paths: Sequence[str]) -> None:
    """Raise `UsageError` for options that cannot be meant together."""
    if asked.fix and STDIN in paths:
        raise click.UsageError("--fix needs files; --diff reads standard input too")
    if asked.explain is not None and (paths or asked.fix or asked.diff or asked.watch):
        raise click.UsageError("--explain FILE:LINE names its file itself, and checks nothing")
    if asked.write_baseline and not asked.baseline:
        raise click.UsageError("--write-baseline needs --baseline F, the file to write")
    if asked.cluster and (asked.watch or asked.jobs > 1):
        raise click.UsageError("--cluster judges elsewhere: --watch and --jobs are for runs here")
    if asked.watch and (asked.fix or asked.diff or asked.write_baseline):
        raise click.UsageError("--watch only reads: --fix, --diff and --write-baseline are for a run of their own")


def _checked(paths: Sequence[str], asked: Asked, here: Project, work: Work) -> Report:
    """Return what is to be told of the files that paths stand for, mended if that is asked for."""
    notes = notes_of(paths or (".",))
    named = {*paths}
    read = [path for path in notes.paths if path in named or not here.excludes(path)]
    documents = work.documents(read)
    _keep_counts(documents, work)
    if asked.fix and not asked.diff:
        documents = _fixed(documents, work)
    documents, ignored = without([*documents, *notes.passed], lambda d, f: here.ignores(d.source.path, f.code))
    documents, known = _new(documents, asked) if asked.baseline else (documents, 0)
    aside = {"excluded": len(notes.paths) - len(read), "ignored": ignored, "known": known}
    return replace(report(documents, work.settings.lang, notes.skipped), aside=aside, verbose=asked.verbose)


def _keep_counts(documents: Sequence[Document], work: Work) -> None:
    """Remember the counts of notes of which there is nothing else to say, for runs that then need nothing else."""
    if work.memory is None or work.settings != Settings():
        return
    for document in documents:
        text, latex = document.source.text, document.source.latex
        told = any(finding.severity != "info" for finding in document.findings)
        if told or not document.source.editable or not suspected(text, latex):
            continue
        key = quick.tally_key(work.memory, text, latex)
        if work.memory.known(key) is not None:
            continue
        counts = asdict(summarize([document]))
        if FORMATS["full"](report([document])) == "".join([*closing(counts, "en"), "\n"]):
            work.memory.keep(key, " ".join(str(counts[name]) for name in quick.COUNTED))
    work.memory.flush()


def _tell(made: Report, asked: Asked, form: str) -> None:
    """Print a report: with colours and wrapped on a terminal, if it is for people, else as it is."""
    coloured = COLOURS[asked.color]
    if form in FOR_PEOPLE and (coloured or sys.stdout.isatty()):
        from mdderive.output import terminal

        terminal.put(made, form, sys.stdout, coloured=coloured)
    else:
        click.echo(FORMATS[form](made), nl=False)
    if asked.counts and form in FOR_PEOPLE:
        click.echo(statistics(made), nl=False)
    if asked.suggest and form in FOR_PEOPLE:
        click.echo(suggestions(made), nl=False)


def _new(documents: list[Document], asked: Asked) -> tuple[list[Document], int]:
    """Return documents without the findings that the baseline knows, and how many those were; write it first if that is asked."""
    from mdderive.output import baseline
    from mdderive.output.saving import Text

    file = Path(asked.baseline or "")
    if asked.write_baseline:
        put([Text(file, baseline.written(documents))])
    try:
        return baseline.fresh(documents, baseline.read(file.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise click.UsageError(f"no such baseline: {printable(str(file))}; --write-baseline writes it") from error
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{printable(str(file))} cannot be read as a baseline: {error}") from error


def _fixed(documents: Sequence[Document], work: Work) -> list[Document]:
    """Write the files with their mistakes set right, and return what is to be said about all files then."""
    from mdderive.output.fixes import changes as repairs_of
    from mdderive.output.fixes import repaired
    from mdderive.output.saving import Text

    for document in documents:
        if not document.source.editable and repairs_of(document):
            click.echo(f"{document.source.name} is a notebook: left as it is", err=True)
    repairs = [(d, repaired(d)) for d in documents]
    changes = {d.source.path: Text(Path(d.source.path), text, d.source.text) for d, text in repairs if text != d.source.text}
    one_each: dict[str, Text] = {}
    for path, change in changes.items():
        one_each.setdefault(os.path.realpath(path), change)
    left = put([*one_each.values()])
    for change in one_each.values():
        said = "{} changed since it was read: left as it is" if change in left else "fixed {}"
        click.echo(said.format(printable(str(change.path))), err=True)
    again = iter(work.documents([d.source.path for d in documents if d.source.path in changes]))
    return [next(again) if d.source.path in changes else d for d in documents]
