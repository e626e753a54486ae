"""The command line: options in, text and an exit code out (0 nothing wrong, 1 something stated is wrong, 2 misuse or a fault).

The rooms that read, derive and judge are imported when a text needs them: a run over notes without a block stays light.
"""

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

import mdderive
from mdderive import __version__
from mdderive.cli.cache import cache
from mdderive.cli.check import check
from mdderive.cli.help import Option, SpokenGroup, spoken
from mdderive.cli.running import (
    INTERNAL,
    exit_code,
    language,
    notes_of,
    option,
    put,
    settings_of,
    settings_options,
    work_of,
    work_options,
)
from mdderive.model.diagnostics import Finding
from mdderive.model.results import Settings
from mdderive.model.source import Span, printable
from mdderive.output.reports import FORMATS, report

if TYPE_CHECKING:
    from mdderive.cli.derive import Question

ANSWERS = ("json", "numpy", "sympy")  # what a derivation comes to, without its story


class OutputChoice(click.Choice[str]):
    """The forms of derivations, and some others; their table is imported when a command is given one."""

    def __init__(self, *others: str) -> None:
        self.others = others
        self.case_sensitive = True

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        """The names there are."""
        from mdderive.output.pages import OUTPUTS

        return (*OUTPUTS, *self.others)


@click.group(cls=SpokenGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s", cls=Option)
@language
def cli() -> None:
    """Derive and verify matrix calculus in Markdown and LaTeX notes."""


@cli.command()
@click.argument("sources", metavar="SRC…", nargs=-1, required=True)
@option("-o", "--output", metavar="OUT", help="File to write, or folder when there are several sources.")
@option("--to", type=OutputChoice(), help="Form of what is written [default: as OUT ends, else tex for .tex, md for others].")
@option("--fragment", is_flag=True, help="Write what stands inside of a page or document, not all of it.")
@option("--in-place", is_flag=True, help="Write each derivation below its block, between two comments, and renew it there.")
@work_options
@settings_options
def convert(sources: tuple[str, ...], output: str | None, to: str | None, fragment: bool, in_place: bool, **options: Any) -> None:
    """Write notes with every derive block replaced by its derivation.

    As md the text outside the blocks stays byte for byte; as html or tex all of the note becomes a page or document that stands
    alone. With anything wrong nothing is written.
    """
    from mdderive.cli.convert import Wanted, renew, write

    if in_place and (output or to or fragment):
        raise click.UsageError("--in-place changes the notes themselves: leave out -o, --to and --fragment")
    how = {name: options.pop(name) for name in ("jobs", "no_cache")}
    settings = settings_of(options)
    notes = notes_of(sources)
    documents = work_of(settings, **how).documents(notes.paths)
    made = report([*documents, *notes.passed], settings.lang, notes.skipped)
    code = exit_code(made)
    if code:
        click.echo(FORMATS["full"](made), err=True, nl=False)
        sys.exit(code)
    if in_place:
        renew(documents)
    else:
        write(sources, documents, Wanted(output, to, fragment))
    if made.findings() or made.passed_over:
        click.echo(FORMATS["concise"](made), err=True, nl=False)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("expr", metavar="EXPR", required=False)
@option("--wrt", metavar="X", help="The variable.")
@option("--let", metavar="DECLARATION", multiple=True, help='A declaration, such as "X: m x n, symmetric".')
@option("--where", metavar="DEFINITION", multiple=True, help='A definition, such as "Y = A X B".')
@option("--given", metavar="EQUATION", multiple=True, help=r'A premise, such as "\mathbf{1}^T y = 1".')
@option("--order", type=click.IntRange(1, 2), default=1, show_default=True, help="First or second derivative.")
@option("--to", type=OutputChoice(*ANSWERS), default="text", show_default=True, help="Form of the answer.")
@option(
    "--batch",
    metavar="FILE",
    type=click.File("rb"),
    help="Answer JSON lines, one row out for each row in; `-` is standard input.",
)
@settings_options
def derive(expr: str | None, wrt: str | None, batch: Any, to: str, order: int, **options: Any) -> None:
    """Derive ∂EXPR/∂X, every step named and verified."""
    from mdderive.cli.derive import Question, block_text, meant, row_of, rows

    if batch is not None:
        if expr is not None or wrt is not None:
            raise click.UsageError("--batch takes the formulas from the file")
        for line in rows(batch):
            click.echo(line)
        return
    if expr is None or wrt is None:
        raise click.UsageError("EXPR and --wrt X are needed (or --batch FILE)")
    question = Question(meant(expr), wrt, order, **{key: options.pop(key) for key in ("let", "where", "given")})
    settings = settings_of(options)
    try:
        row = row_of(question, settings)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if to == "sympy":
        _answer_sympy(question, settings)
    elif to in ("json", "numpy"):
        _answer_row(row, to)
    else:
        _answer_story(row, block_text(question), settings, to)


def _answer_row(row: dict[str, object], to: str) -> None:
    from mdderive.cli.derive import dumped, error_text
    from mdderive.output.rows import derive_row

    answer = derive_row(row)
    sound = answer["status"] == "ok"
    if to == "json":
        click.echo(dumped(answer, indent=1))
    elif sound:
        click.echo(answer["numpy"])
    else:
        click.echo(error_text(answer), err=True)
    sys.exit(0 if sound else 1)


def _answer_sympy(question: "Question", settings: Settings) -> None:
    done = mdderive.derive(
        question.expr,
        question.wrt,
        let=question.let,
        where=question.where,
        given=question.given,
        order=question.order,
        settings=settings,
    )
    open_ = done.verdict.outcome != "holds"
    lost = [*done.findings, *([Finding("DRV404", done.span, reason=done.verdict.reason)] if open_ else [])]
    if open_ or not done.sympy:
        missing = next(f for f in lost if f.severity != "info")
        click.echo(f"{missing.code}: {missing.message(settings.lang)}", err=True)
        sys.exit(1)
    click.echo(done.sympy, nl=False)


def _answer_story(row: dict[str, object], text: str, settings: Settings, to: str) -> None:
    from mdderive.output.story import story
    from mdderive.reading.problems import misgiven

    ignored = misgiven(row)
    if ignored is not None:
        click.echo(f"{ignored.code}: {ignored.message(settings.lang)}", err=True)
        sys.exit(1)
    document = mdderive.check(text, path="derive", settings=settings)
    made = report([document], settings.lang)
    code = exit_code(made, strict=True)
    if made.findings():
        click.echo(FORMATS["full"](made), err=True, nl=False)
    if code == 0:
        from mdderive.output.pages import OUTPUTS

        for block in document.blocks:
            click.echo("\n".join(OUTPUTS[to](story(block))))
    sys.exit(code)


@cli.command()
@click.argument("code", metavar="CODE")
@language
def explain(code: str) -> None:
    """Say what a code of a finding means, or the reason of a row."""
    try:
        click.echo(mdderive.explain(code, spoken()))
    except ValueError as unknown:
        raise click.UsageError(f"{unknown}; every report names the codes it is about") from unknown


@cli.command()
@click.argument("name", metavar="[NAME]", required=False)
@option("--functions", "written", is_flag=True, help="List the operators and functions that can be written in notes.")
@language
def rules(name: str | None, written: bool) -> None:
    """List the rules, or show one with its proof."""
    from mdderive.output.explain import function_list, rule_list, rule_text

    words = spoken()
    if name is None:
        click.echo(function_list(words) if written else rule_list(words))
        return
    try:
        click.echo(rule_text(name, words))
    except LookupError as unknown:
        near = f"; did you mean {unknown}?" if str(unknown) else ";"
        raise click.UsageError(f"unknown rule '{name}'{near} `mdderive rules` lists all") from unknown


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@option("--mkdocs", "site", is_flag=True, help="Also write a site for MkDocs around the note.")
@language
def new(folder: Path, *, site: bool) -> None:
    """Write a first note to start from, with --mkdocs a site that builds."""
    from mdderive.cli import start
    from mdderive.output.saving import Text

    wanted = start.files(folder, spoken(), site=site)
    for path in wanted:
        if os.path.lexists(path):
            raise click.UsageError(f"{printable(str(path))} is there already: nothing was written")
    put([Text(path, text) for path, text in wanted.items()])
    for path in wanted:
        click.echo(printable(str(path)))
    click.echo(f"\n{start.next_step(folder, site=site)}")


@cli.command()
@language
def lsp() -> None:
    """Serve an editor: notes are checked while they are written."""
    from mdderive.cli.editor import server, terms

    try:
        serve = server("lsp")
    except ModuleNotFoundError as missing:
        raise click.UsageError("lsp needs a package more: pip install 'mdderive[lsp]'") from missing
    serve(terms)


cli.add_command(check)
cli.add_command(cache)


def _whole(stream: TextIO) -> TextIO:
    """Return an output stream that writes all of a text or raises `OSError`; without a buffer Python drops what did not fit."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if isinstance(stream.buffer, io.RawIOBase):
        stream = io.TextIOWrapper(io.BufferedWriter(stream.buffer), stream.encoding, stream.errors)
    stream.reconfigure(errors="backslashreplace")
    return stream


def main() -> NoReturn:
    """Run the command line; whatever goes wrong inside is told as an internal error."""
    sys.stdout = _whole(sys.stdout)
    try:
        cli(prog_name="mdderive")
    except OSError as error:
        place = f"{printable(str(error.filename))}: " if error.filename else "the output cannot be written: "
        click.echo(f"Error: {place}{error.strerror or error}", err=True)
        sys.stderr.flush()
        os._exit(2)  # on the way of all other exits the output would be tried, and fail, once more
    except Exception as error:
        import platform  # lazily: for what does not happen
        import traceback

        finding = Finding(INTERNAL, Span(0, 0), {"what": f"{type(error).__name__}: {error}"})
        traceback.print_exc()
        click.echo(f"\nerror[{INTERNAL}]: {finding.message()}\n  = help: {finding.help()}", err=True)
        click.echo(f"  = note: mdderive {__version__}, Python {platform.python_version()}: {sys.argv!r}", err=True)
        sys.exit(2)
    sys.exit(0)
