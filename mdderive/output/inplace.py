"""A note with each derivation below its block, between two comments, for readers that know no derive blocks.

What stands between the comments is renewed by the next run, and left out where the block itself is shown as its derivation.
"""

from collections.abc import Iterator

from mdderive.model.results import Document
from mdderive.model.source import Edit, edited
from mdderive.output.markdown import markdown
from mdderive.output.pages import BEGIN, END, below, newline, stories


def beside(document: Document) -> str:
    """Return the text of a note with the derivation of each sound block below it; what was written there goes."""
    return edited(document.source.text, _edits(document))


def _edits(document: Document) -> Iterator[Edit]:
    for block, pieces in stories(document):
        lines = ["", BEGIN, "", *markdown(pieces), "", END]
        prefixed = (block.prefix + line if line else block.prefix.rstrip() for line in lines)
        end = newline(document.source.text)
        yield Edit(below(document.source, block), end + end.join(prefixed))
