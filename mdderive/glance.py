"""A glance at a text before it is read: a page without a derive block costs nothing but the glance.

Reading Markdown costs more than everything else on such a page, so the rooms that read are imported for a text that needs them.
The glance may take a page for one with a block (a fence quoted inside another), never the other way round.
"""

import re

from mdderive.results import Document, Settings
from mdderive.source import Source

_OPENING = re.compile(r"(?:(?<!`)`{3,}+|(?<!~)~{3,}+)[ \t]*+\{?[ \t]*+\.?derive|\\begin\s*+\{\s*+derive")


def checked(source: Source, settings: Settings) -> Document:
    """Return the document of a text, as `pipeline.check` makes it."""
    if not _OPENING.search(source.text) and not settings.equations:
        return Document(source)
    from mdderive.pipeline import check

    return check(source.text, source.path, settings=settings)
