"""What was understood of a relation: what it does, the facts it was read by, the ways it was read in, and what became of it."""

from dataclasses import dataclass
from typing import Literal

from mdderive.model.reasons import Reason, Worded
from mdderive.model.results import Equation

FactKind = Literal["shape", "kind", "property", "definition", "depends", "inferred", "layout", "given"]


@dataclass(frozen=True, slots=True)
class FactUsed:
    """What is known of a letter, or of all, and in which line that is said; 0 where nothing says it."""

    kind: FactKind
    name: str
    says: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class TriedReading:
    """One way to read a relation: what its letters are, in which layout, without which definitions; what came of it and why.

    `notation` says what of its notation is meant otherwise than as it stands.
    """

    kinds: tuple[tuple[str, str], ...]
    layout: str
    without: tuple[str, ...]
    outcome: Literal["holds", "far", "fails", "misfit"]
    why: Worded | None = None
    notation: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """All that there is to say of one relation; `complete` where every likely reading was tried."""

    equation: Equation
    facts: tuple[FactUsed, ...] = ()
    tried: tuple[TriedReading, ...] = ()
    complete: bool = True
