"""A document to its text with mistakes set right, and to the difference that makes.

Only changes that were verified are made: the repair a hint proposes, or the result that was derived.
"""

from difflib import unified_diff

from mdderive.model.results import Document
from mdderive.output.tally import MISSPELT, Edit, edit, found


def repaired(document: Document) -> str:
    """Return the text with the change for every finding that has one; of changes that overlap the first is made."""
    out: list[str] = []
    done = 0
    for change in _changes(document):
        if change.span.start >= done:
            out += [document.source.text[done : change.span.start], change.text]
            done = change.span.end
    return "".join([*out, document.source.text[done:]])


def difference(document: Document) -> str:
    """Return the changes of a document as a unified diff, empty where there are none."""
    path = document.source.name
    old, new = (text.splitlines(keepends=True) for text in (document.source.text, repaired(document)))
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in unified_diff(old, new, path, path))


def _changes(document: Document) -> list[Edit]:
    changes = [edit(document, finding) for finding in found(document) if finding.severity == "error" or finding.code == MISSPELT]
    return sorted((change for change in changes if change), key=lambda change: change.span)
