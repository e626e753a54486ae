"""Findings that are known: a file of them to what is new.

A finding is known by its code and by the text that it is about, runs of blanks as one: it stays known where lines are added above
it or a file gets another name, and it is new once its formula changes.
"""

import json
from collections import Counter
from collections.abc import Iterable

from mdderive.model.diagnostics import Finding
from mdderive.model.results import Document
from mdderive.output.tally import found, key, without

VERSION = 1
Known = Counter[tuple[str, str]]


def written(documents: Iterable[Document]) -> str:
    """Return the baseline of documents, as JSON with a line for every kind of finding."""
    known = Counter(key(document, finding) for document in documents for finding in found(document))
    rows = [{"code": code, "text": text, "count": count} for (code, text), count in sorted(known.items())]
    listed = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)
    return f'{{"version": {VERSION}, "findings": [\n{listed}\n]}}\n'


def read(text: str) -> Known:
    """Return what a baseline knows; raises `ValueError` for a text that is none."""
    match json.loads(text):
        case {"version": 1, "findings": [*rows]}:
            known: Known = Counter()
            for row in rows:
                match row:
                    case {"code": str(code), "text": str(about), "count": int(count)}:
                        known[code, about] += count
                    case _:
                        raise ValueError(f"{row!r} is no finding")
            return known
    raise ValueError("this is no baseline of mdderive")


def fresh(documents: Iterable[Document], known: Known) -> tuple[list[Document], int]:
    """Return documents without the findings that are known, as often as they are, and how many those were."""
    left = known.copy()

    def is_known(document: Document, finding: Finding) -> bool:
        left[key(document, finding)] -= 1
        return left[key(document, finding)] >= 0

    return without(documents, is_known)
