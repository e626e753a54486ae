"""Pages of which nothing is to be told: what they came to, kept from one build to the next.

Of an unchanged page neither its blocks are read nor its derivations written again: its text stands as it was expanded.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import mdderive
from mdderive import Document, Settings


@dataclass(frozen=True, slots=True)
class Ready:
    """A page with its blocks expanded: its text, the `parts` that names in it stand for, and what a site says of its blocks.

    `rules` are the names of those that its steps rest on, `langs` the languages of its blocks.
    """

    text: str
    parts: Sequence[str]
    blocks: int
    verified: int
    skipped: int
    rules: Sequence[str]
    langs: Sequence[str]


def ready(document: Document, text: str = "", parts: Sequence[str] = ()) -> Ready:
    """Return what a document came to, which was expanded to a text with parts."""
    blocks = document.blocks
    steps = (step for one in document.derivations for step in (*one.steps, *one.solution_steps))
    return Ready(
        text,
        parts,
        len(blocks),
        sum(block.verified for block in blocks),
        sum(bool(block.skipped) for block in blocks),
        sorted({name for step in steps for name in step.rules}),
        sorted({block.lang for block in blocks}),
    )


def remembered(made: Callable[[], Ready | None], text: str, render: str, settings: Settings, cache: bool | str) -> Ready | None:
    """Return what a page came to as it is remembered, or as it is `made` now: nothing where something is to be told of it."""

    def written() -> str | None:
        page = made()
        return None if page is None else json.dumps(asdict(page))

    known = mdderive.remembered(written, json.dumps(["page", render, asdict(settings), text]), cache=cache)
    return None if known is None else Ready(**json.loads(known))
