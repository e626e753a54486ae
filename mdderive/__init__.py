r"""Matrix calculus in notes, derived step by step and verified: an equation that mdderive prints, or lets pass, holds.

    import mdderive

    done = mdderive.derive(r"\operatorname{tr}(W^T A W)", "W", let=["A: m x m", "W: m x n"])
    done.latex          # (A + A^{\top}) W
    done.numpy          # one expression over `np`, with the names of its letters in `done.names`
    mdderive.holds("A B = B A", let=["A: n x n", "B: n x n"]).outcome          # wrong, with a witness

    document = mdderive.check(text, path="note.md")
    print(mdderive.report([document]))
    print(mdderive.convert(document, "html"))

Values are frozen, compare by content, and survive `pickle`; `json.dumps(dataclasses.asdict(value))` writes any of them.
Input never raises: what is wrong with a text is a `Finding`. Misuse raises `TypeError` or `ValueError` with what to write.
"""

import sys
import time
from types import ModuleType

__began__ = time.time_ns()  # code that was changed later is not what runs

TYPE_CHECKING = False  # checkers of types take it for true; the module that has it takes longer to import than unchanged notes
if TYPE_CHECKING:
    from mdderive.api import (
        Gate,
        check,
        check_files,
        convert,
        derive,
        explain,
        fixes,
        holds,
        notation,
        plain,
        recent,
        remembered,
        report,
        rules,
    )
    from mdderive.model.diagnostics import Finding, MdderiveBug
    from mdderive.model.results import Derivation, Described, Document, Equation, LetterSaid, Settings, Step, Verdict
    from mdderive.model.source import Edit, Span
    from mdderive.rules.statement import Rule

__version__ = "0.1.0"
__all__ = [
    "Derivation",
    "Described",
    "Document",
    "Edit",
    "Equation",
    "Finding",
    "Gate",
    "LetterSaid",
    "MdderiveBug",
    "Rule",
    "Settings",
    "Span",
    "Step",
    "Verdict",
    "check",
    "check_files",
    "convert",
    "derive",
    "explain",
    "fixes",
    "holds",
    "notation",
    "plain",
    "recent",
    "remembered",
    "report",
    "rules",
]


class _Package(ModuleType):
    """The package: a room does not take the place of what the package offers under the same name."""

    def __setattr__(self, name: str, value: object) -> None:
        if name not in __all__ or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    """Return what the package offers, which is imported when it is asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mdderive import api

    return globals().setdefault(name, getattr(api, name))
