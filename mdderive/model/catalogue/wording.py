"""What a diagnostic says: its severity, and its words in English and Chinese; `{name}` in them stands for a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Entry:
    """The words for one code."""

    severity: Severity
    words: Mapping[Language, str]
    help: Mapping[Language, str]


def entry(en: str, zh: str, help_en: str = "", help_zh: str = "", severity: Severity = "error") -> Entry:
    """Return an entry, by default of an error that nothing is advised about."""
    return Entry(severity, {"en": en, "zh": zh}, {"en": help_en, "zh": help_zh})
