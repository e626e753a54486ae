"""A document to its text with mistakes set right, and to the difference that makes.

Only changes that were verified are made: the repair a hint proposes, or the result that was derived.
"""

from difflib import unified_diff

from mdderive.model.results import Document
from mdderive.model.source import Edit, edited
from mdderive.output.tally import MISSPELT, edit, found


def repaired(document: Document) -> str:
    """Return the text with every change made; as it is where it cannot be written back."""
    return edited(document.source.text, changes(document) if document.source.editable else ())


def difference(document: Document) -> str:
    """Return the changes of a document as a unified diff, empty where there are none."""
    path = document.source.name
    old, new = (text.splitlines(keepends=True) for text in (document.source.text, repaired(document)))
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in unified_diff(old, new, path, path))


def changes(document: Document) -> tuple[Edit, ...]:
    """Return the change for every finding that has one, in order; of changes that overlap the first is taken."""
    wanted = [edit(document, finding) for finding in found(document) if finding.severity == "error" or finding.code in MISSPELT]
    taken: list[Edit] = []
    for change in sorted((change for change in wanted if change), key=lambda change: change.span):
        if not taken or change.span.start >= taken[-1].span.end:
            taken.append(change)
    return tuple(taken)
