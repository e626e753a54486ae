"""A glance at a text before it is read: a page without a derive block costs nothing but the glance.

Reading Markdown costs more than everything else on such a page, so the rooms that read are imported for a text that needs them.
The glance may take a page for one with a block (a fence quoted inside another), never the other way round.
"""

from typing import TYPE_CHECKING

from mdderive.document.openings import suspected
from mdderive.model.results import Document, Settings
from mdderive.model.source import Source

if TYPE_CHECKING:
    from mdderive.cache.memory import Memory


def checked(source: Source, settings: Settings, memory: "Memory | None" = None) -> Document:
    """Return the document of a text."""
    return known(source, settings, memory) or computed(source, settings, memory)


def known(source: Source, settings: Settings, memory: "Memory | None") -> Document | None:
    """Return the document of a text in which there is nothing to judge, or which is remembered."""
    if not settings.equations and not suspected(source.text, source.latex):
        return Document(source)
    if memory is None:
        return None
    from mdderive.check.remembered import recalled

    return recalled(memory, source, settings)


def computed(source: Source, settings: Settings, memory: "Memory | None") -> Document:
    """Return the document of a text, as `pipeline.document_of` makes it, and remember it."""
    from mdderive.check.pipeline import document_of

    document = document_of(source, settings, memory)
    if memory is not None:
        from mdderive.check.remembered import keep

        keep(memory, document, settings)
    return document
