"""A glance at a text before it is read: a page without a derive block costs nothing but the glance.

Reading Markdown costs more than everything else on such a page, so the rooms that read are imported for a text that needs them.
The glance may take a page for one with a block (a fence quoted inside another), never the other way round.
"""

import re

from mdderive.document.openings import openings
from mdderive.model.results import Document, Settings
from mdderive.model.source import Source

_LATEX = re.compile(r"\\begin\s*+\{|`{3}|~{3}")


def checked(source: Source, settings: Settings) -> Document:
    """Return the document of a text, as `pipeline.document_of` makes it."""
    if not settings.equations and not _glanced(source):
        return Document(source)
    from mdderive.check.pipeline import document_of

    return document_of(source, settings)


def _glanced(source: Source) -> bool:
    return bool(_LATEX.search(source.text)) if source.latex else any(True for _ in openings(source.text))
