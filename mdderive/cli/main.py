"""The command line: options in, text and an exit code out (0 nothing wrong, 1 something stated is wrong, 2 misuse or a fault).

The rooms that read, derive and judge are imported when a text needs them: a run over notes without a block stays light.
"""

import io
import os
import platform
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

import mdderive
from mdderive import __version__
from mdderive.cli.config import ConfigError, chosen, configured
from mdderive.document import files
from mdderive.model.diagnostics import Finding, Language
from mdderive.model.results import CHOICES, Document, Settings
from mdderive.model.source import Span, printable
from mdderive.output.fixes import difference, repaired
from mdderive.output.people import FOR_PEOPLE
from mdderive.output.reports import FORMATS, Report, report, statistics, suggestions, summarize
from mdderive.output.saving import Text, Unwritable, save

if TYPE_CHECKING:
    from mdderive.cli.derive import Question

INTERNAL = "DRV901"
MISUSE = (INTERNAL, "DRV192", "DRV193")
ANSWERS = ("json", "numpy", "sympy")  # what a derivation comes to, without its story

SETTINGS_HELP = {
    "layout": "Layout of derivatives.",
    "steps": "How much of a derivation is shown.",
    "lang": "Language of the words.",
    "functions": r"What \exp(X) means for square X.",
}
Command = Callable[..., Any]


class Failure(click.ClickException):
    """Something outside of the notes that stops a command."""

    exit_code = 2


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


def _settings_options(command: Command) -> Command:
    for name, text in reversed(SETTINGS_HELP.items()):
        command = click.option(f"--{name}", type=click.Choice(CHOICES[name]), help=text)(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Derive and verify matrix calculus in Markdown and LaTeX notes."""


@cli.command()
@click.argument("sources", metavar="SRC…", nargs=-1, required=True)
@click.option("-o", "--output", metavar="OUT", help="File to write, or folder when there are several sources.")
@click.option("--to", type=OutputChoice(), help="Form of the derivations [default: tex for .tex, else md].")
@_settings_options
def convert(sources: tuple[str, ...], output: str | None, to: str | None, **options: str | None) -> None:
    """Write notes with every derive block replaced by its derivation.

    Text outside the blocks stays byte for byte. With anything wrong nothing is written.
    """
    from mdderive.output.pages import expand

    settings = _settings(options)
    notes = _notes(sources)
    documents = _documents(notes.paths, settings)
    made = report([*documents, *notes.passed], settings.lang, notes.skipped)
    code = _exit_code(made)
    if code:
        click.echo(FORMATS["full"](made), err=True, nl=False)
        sys.exit(code)
    try:
        targets = files.targets(sources, notes.paths, output)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    texts = [expand(d, to or ("tex" if d.source.latex else "md")) for d in documents]
    _put([Text(target, text) for target, text in zip(targets, texts, strict=True) if target])
    if targets == [None]:
        if sys.stdout is None:
            raise Failure("standard output is closed")
        sys.stdout.buffer.write(texts[0].encode("utf-8"))
        sys.stdout.flush()
    if made.findings() or made.passed_over:
        click.echo(FORMATS["concise"](made), err=True, nl=False)


@cli.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@click.option("--equations", is_flag=True, default=None, help="Judge the formulas outside derive blocks too.")
@click.option("--suggest", is_flag=True, help="With --equations, print declarations that would let more be judged.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="full", show_default=True, help="Form of the report.")
@click.option(
    "--fix", is_flag=True, help="Write what would be right in place of what is wrong, where that is known, and check again."
)
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--statistics", "counts", is_flag=True, help="Count the findings by code.")
@click.option("--strict", is_flag=True, help="Exit 1 also where something could not be decided.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 also where something is wrong.")
@click.option("--thorough", is_flag=True, help="Judge at more points and sizes.")
@click.option("--seed", type=int, help="Seed of the random points [default: 0].")
@click.option("--stdin-filename", metavar="F", help="Name of standard input in the report.")
@_settings_options
def check(
    paths: tuple[str, ...],
    form: str,
    fix: bool,
    diff: bool,
    counts: bool,
    suggest: bool,
    strict: bool,
    exit_zero: bool,
    stdin_filename: str | None,
    **options: Any,
) -> None:
    """Verify the derive blocks of files and folders, with --equations all formulas; `-` is standard input."""
    if fix and files.STDIN in paths:
        raise click.UsageError("--fix needs files; --diff reads standard input too")
    settings = _settings(options)
    notes = _notes(paths)
    documents = _documents(notes.paths, settings, stdin_filename or "")
    if fix and not diff:
        documents = _fixed(documents, settings)
    made = report([*documents, *notes.passed], settings.lang, notes.skipped)
    if diff:
        click.echo("".join(difference(document) for document in made.documents), nl=False)
        sys.exit(_exit_code(made, strict=strict))
    click.echo(FORMATS[form](made), nl=False)
    if counts and form in FOR_PEOPLE:
        click.echo(statistics(made), nl=False)
    if suggest and form in FOR_PEOPLE:
        click.echo(suggestions(made), nl=False)
    code = _exit_code(made, strict=strict)
    sys.exit(0 if exit_zero and code == 1 else code)


def _fixed(documents: Sequence[Document], settings: Settings) -> list[Document]:
    """Write the files with their mistakes set right, and return what is to be said about all files then."""
    repairs = ((d, repaired(d)) for d in documents)
    changes = {d.source.path: Text(Path(d.source.path), text, d.source.text) for d, text in repairs if text != d.source.text}
    one_each: dict[str, Text] = {}
    for path, change in changes.items():
        one_each.setdefault(os.path.realpath(path), change)
    left = _put([*one_each.values()])
    for change in one_each.values():
        said = "{} changed since it was read: left as it is" if change in left else "fixed {}"
        click.echo(said.format(printable(str(change.path))), err=True)
    return [_document(d.source.path, settings) if d.source.path in changes else d for d in documents]


def _put(texts: Sequence[Text]) -> Sequence[Text]:
    """Write texts to their files, and return those whose file had changed."""
    try:
        return save(texts) if texts else ()
    except Unwritable as error:
        raise Failure(str(error)) from error


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("expr", metavar="EXPR", required=False)
@click.option("--wrt", metavar="X", help="The variable.")
@click.option("--let", metavar="DECLARATION", multiple=True, help='A declaration, such as "X: m x n, symmetric".')
@click.option("--where", metavar="DEFINITION", multiple=True, help='A definition, such as "Y = A X B".')
@click.option("--given", metavar="EQUATION", multiple=True, help=r'A premise, such as "\mathbf{1}^T y = 1".')
@click.option("--order", type=click.IntRange(1, 2), default=1, show_default=True, help="First or second derivative.")
@click.option("--to", type=OutputChoice(*ANSWERS), default="text", show_default=True)
@click.option(
    "--batch",
    metavar="FILE",
    type=click.File("rb"),
    help="Answer JSON lines, one row out for each row in; `-` is standard input.",
)
@_settings_options
def derive(expr: str | None, wrt: str | None, batch: Any, to: str, order: int, **options: Any) -> None:
    """Derive ∂EXPR/∂X, every step named and verified."""
    from mdderive.cli.derive import Question, block_text, row_of, rows

    if batch is not None:
        if expr is not None or wrt is not None:
            raise click.UsageError("--batch takes the formulas from the file")
        for line in rows(batch):
            click.echo(line)
        return
    if expr is None or wrt is None:
        raise click.UsageError("EXPR and --wrt X are needed (or --batch FILE)")
    question = Question(expr, wrt, order, **{key: options.pop(key) for key in ("let", "where", "given")})
    settings = _settings(options)
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
    code = _exit_code(made, strict=True)
    if made.findings():
        click.echo(FORMATS["full"](made), err=True, nl=False)
    if code == 0:
        from mdderive.output.pages import OUTPUTS

        for block in document.blocks:
            click.echo("\n".join(OUTPUTS[to](story(block))))
    sys.exit(code)


@cli.command()
@click.argument("code", metavar="CODE")
@click.option("--lang", type=click.Choice(CHOICES["lang"]), help="Language of the words.")
def explain(code: str, lang: Language | None) -> None:
    """Say what a code of a finding means, or the reason of a row."""
    try:
        click.echo(mdderive.explain(code, lang or _settings({}).lang))
    except ValueError as unknown:
        raise click.UsageError(f"{unknown}; every report names the codes it is about") from unknown


@cli.command()
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--functions", "written", is_flag=True, help="List the operators and functions that can be written in notes.")
@click.option("--lang", type=click.Choice(CHOICES["lang"]), help="Language of the words.")
def rules(name: str | None, written: bool, lang: Language | None) -> None:
    """List the rules, or show one with its proof."""
    from mdderive.output.explain import function_list, rule_list, rule_text

    words = lang or _settings({}).lang
    if name is None:
        click.echo(function_list(words) if written else rule_list(words))
        return
    try:
        click.echo(rule_text(name, words))
    except LookupError as unknown:
        near = f"; did you mean {unknown}?" if str(unknown) else ";"
        raise click.UsageError(f"unknown rule '{name}'{near} `mdderive rules` lists all") from unknown


def _settings(options: dict[str, Any]) -> Settings:
    try:
        settings = configured(Path.cwd())
    except ConfigError as error:
        raise click.UsageError(str(error)) from error
    return chosen(settings, options)


def _notes(paths: Sequence[str]) -> files.Notes:
    try:
        return files.notes(paths)
    except FileNotFoundError as error:
        raise click.UsageError(f"no such file or folder: {printable(str(error))}") from error


def _documents(paths: Sequence[str], settings: Settings, stdin_name: str = "") -> list[Document]:
    with click.progressbar(paths, file=sys.stderr, label="mdderive", hidden=not _watched(paths, settings)) as shown:
        return [_document(path, settings, stdin_name if path == files.STDIN else "") for path in shown]


def _document(path: str, settings: Settings, name: str = "") -> Document:
    read = files.read(path, name)
    return read if isinstance(read, Document) else mdderive.check(read.text, path=read.path, settings=settings)


def _watched(paths: Sequence[str], settings: Settings) -> bool:
    """Tell whether somebody waits in front of a terminal for work that takes its time."""
    return settings.equations and len(paths) > 1 and sys.stderr.isatty()


def _exit_code(made: Report, *, strict: bool = False) -> int:
    """Return 2 for a fault or a file that cannot be opened, 1 where something is wrong (or, if strict, not decided), else 0."""
    summary = summarize(made.documents)
    if any(finding.code in MISUSE for _, finding in made.findings()):
        return 2
    undecided = any(a.verdict.outcome == "undecided" for d in made.documents for b in d.blocks for a in b.answers)
    return int(bool(summary.errors or (strict and (undecided or summary.undecided))))


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
        finding = Finding(INTERNAL, Span(0, 0), {"what": f"{type(error).__name__}: {error}"})
        traceback.print_exc()
        click.echo(f"\nerror[{INTERNAL}]: {finding.message()}\n  = help: {finding.help()}", err=True)
        click.echo(f"  = note: mdderive {__version__}, Python {platform.python_version()}: {sys.argv!r}", err=True)
        sys.exit(2)
    sys.exit(0)
