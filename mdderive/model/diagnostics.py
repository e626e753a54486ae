"""Findings as facts; words come from the catalogue.

A `Finding` says what was seen (`code`, `span`, `facts`); `catalogue.CATALOG` holds the words for each code.
Spans refer to the text that was being read; whoever knows where that text stood in the file moves them (`Excerpt.span`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mdderive.model.catalogue import CATALOG
from mdderive.model.catalogue.wording import Entry, Language, Severity
from mdderive.model.reasons import Reason
from mdderive.model.source import Excerpt, Span

__all__ = [
    "CATALOG",
    "Entry",
    "Finding",
    "Hint",
    "Label",
    "Language",
    "MdderiveBug",
    "Refusal",
    "Severity",
    "Witness",
]


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains the first, such as the declaration a use contradicts."""

    span: Span
    text: Mapping[Language, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Hint:
    """Something verified that would be right; `code` is one of CONTRACT 4's hint codes, `edit` applies to the file."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)
    latex: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """Values at which two sides differ; `left` and `right` are their values, `numpy` recomputes them."""

    sizes: Mapping[str, int] = field(hash=False)
    values: Mapping[str, str] = field(hash=False)
    left: str
    right: str
    numpy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about one place; `reason` is why, where that is one of the closed list."""

    code: str
    span: Span
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)
    labels: tuple[Label, ...] = ()
    hints: tuple[Hint, ...] = ()
    witness: Witness | None = None
    reason: Reason | None = None

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return CATALOG[self.code].severity

    def message(self, lang: Language = "en") -> str:
        """Return what is the case: general, lower case, without advice."""
        return CATALOG[self.code].words[lang].format_map(self._told(lang))

    def help(self, lang: Language = "en") -> str:
        """Return what to do, or an empty text."""
        return CATALOG[self.code].help[lang].format_map(self._told(lang))

    def _told(self, lang: Language) -> Mapping[str, str]:
        """Return the facts in words; `why` is the reason, whose own facts may stand beside it."""
        return {**self.reason.told(lang), "why": self.reason.message(lang), **self.facts} if self.reason else self.facts

    def moved(self, excerpt: Excerpt) -> "Finding":
        """Return the same diagnostic with the spans of the file."""
        labels = tuple(replace(label, span=excerpt.span(label.span)) for label in self.labels)
        return replace(self, span=excerpt.span(self.span), labels=labels)


class Refusal(Exception):
    """Carries a diagnostic out of the depths of one layer; the layer's public functions return it."""

    def __init__(self, diagnostic: Finding) -> None:
        super().__init__(diagnostic.code)
        self.diagnostic = diagnostic


class MdderiveBug(Exception):
    """A broken invariant of mdderive itself: never the author's fault."""
