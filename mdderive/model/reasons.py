"""Why a relation has its outcome: a row of the closed list with the facts of one case.

The word of a reason is stable: reports name it, and `mdderive explain` knows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from mdderive.model.catalogue.wording import Language

if TYPE_CHECKING:
    from mdderive.model.causes import Cause, RowAct


class Worded(Protocol):
    """What can be said in either language."""

    def message(self, lang: Language = "en") -> str:
        """Return it in words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A row of `REASONS` with the facts of one case."""

    code: str
    facts: Mapping[str, "str | Worded"] = field(default_factory=dict, hash=False)

    @property
    def act(self) -> "RowAct | None":
        """What a relation does that has its outcome for this reason; None where the reason does not tell."""
        return _row(self.code).act

    def told(self, lang: Language) -> dict[str, str]:
        """Return the facts in words."""
        return {name: fact if isinstance(fact, str) else fact.message(lang) for name, fact in self.facts.items()}

    def message(self, lang: Language = "en") -> str:
        """Return the reason in words; empty for what needs none."""
        return _row(self.code).words[lang].format_map(self.told(lang))

    def __str__(self) -> str:
        return self.message()


def _row(code: str) -> "Cause":
    from mdderive.model.causes import REASONS  # lazily: a note about which nothing is said needs no words

    return REASONS[code]


@dataclass(frozen=True, slots=True)
class Several:
    """Several things at once."""

    parts: tuple[Worded, ...]

    def message(self, lang: Language = "en") -> str:
        """Return them in one sentence."""
        return (" and " if lang == "en" else "，").join(part.message(lang) for part in self.parts)
