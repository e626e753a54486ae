"""`mdderive convert`: notes to the files and forms that are wanted, or derivations written into the notes themselves."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from mdderive.cli.running import Failure, put
from mdderive.document import files
from mdderive.document.walk import STDIN, SUFFIXES
from mdderive.model.results import Document
from mdderive.model.source import printable
from mdderive.output.saving import Text


class Wanted(NamedTuple):
    """Where the notes go, in which form, and whether only what stands inside of a page is wanted."""

    output: str | None
    to: str | None
    fragment: bool


def write(sources: Sequence[str], documents: Sequence[Document], wanted: Wanted) -> None:
    """Write notes to their files, or the only one to standard output."""
    from mdderive.output.wholes import WHOLES

    form = wanted.to or _form(wanted.output)
    if not form and len(documents) == 1:
        _refuse_unknown(Path(wanted.output or ""), Path(documents[0].source.path))
    suffix = WHOLES[form].suffixes[0] if form in WHOLES else ""
    try:
        targets = files.targets(sources, [d.source.path for d in documents], wanted.output, suffix)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    for document in documents:
        if not document.source.editable:
            raise click.UsageError(
                f"{document.source.name} is a notebook, and only notes are converted: write %%derive in its cells"
            )
    texts = [_text(document, form, fragment=wanted.fragment) for document in documents]
    put([Text(target, text) for target, text in zip(targets, texts, strict=True) if target])
    if targets == [None]:
        if sys.stdout is None:
            raise Failure("standard output is closed")
        sys.stdout.buffer.write(texts[0].encode("utf-8"))
        sys.stdout.flush()


def _form(output: str | None) -> str:
    """Return the form that a file of this name has, if its suffix says."""
    from mdderive.output.wholes import WHOLES

    suffix = Path(output or "").suffix.lower()
    return next((form for form, whole in WHOLES.items() if suffix in whole.suffixes), "")


def _refuse_unknown(output: Path, source: Path) -> None:
    """Raise a misuse where the suffix of a file says a form that there is not: a .docx with Markdown in it opens nowhere."""
    from mdderive.output.wholes import WHOLES

    suffix = output.suffix.lower()
    if suffix and not output.is_dir() and suffix not in (*SUFFIXES, ".txt", source.suffix.lower()):
        known = ", ".join(whole.suffixes[0] for whole in WHOLES.values())
        raise click.UsageError(f"nothing is written as {suffix}: end OUT in .md, {known}, or say --to")


def _text(document: Document, form: str, *, fragment: bool) -> str:
    """Return a note in a form; LaTeX, which has its own preamble or is part of what has one, stays LaTeX byte for byte."""
    from mdderive.output.pages import expand
    from mdderive.output.wholes import WHOLES

    if document.source.latex and form in ("", "tex"):
        return expand(document, "tex")
    if form not in WHOLES:
        return expand(document, form or "md")
    if document.source.latex:
        raise click.UsageError(f"{document.source.name} is LaTeX, and only Markdown becomes a page: write --to tex")
    return (WHOLES[form].fragment if fragment else WHOLES[form].standalone)(document)


def renew(documents: Sequence[Document]) -> None:
    """Write each derivation below its block in the note itself; a note that changed meanwhile is left alone."""
    from mdderive.output.inplace import beside

    for document in documents:
        if document.source.latex or not document.source.editable or document.source.path == STDIN:
            raise click.UsageError(f"--in-place needs Markdown files, and {document.source.name} is none")
    texts = [Text(Path(d.source.path), beside(d), d.source.text) for d in documents]
    for left in put([text for text in texts if text.text != text.before]):
        click.echo(f"{printable(str(left.path))} changed while it was read: left as it is", err=True)
