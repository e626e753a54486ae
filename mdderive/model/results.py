"""What the pipeline says about a file: the result types that rendering and reporting work on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from mdderive.model.causes import RowAct
from mdderive.model.diagnostics import Diagnostic, Language
from mdderive.model.reasons import Reason
from mdderive.model.source import Source, Span

Outcome = Literal["holds", "wrong", "undecided", "not_an_assertion", "unread"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a caller may choose; a block's own options come before these. `equations` judges formulas outside blocks too,
    in which the declarations `declare` hold."""

    layout: str = "denominator"
    steps: str = "normal"
    lang: Language = "en"
    functions: str = "elementwise"
    seed: int = 0
    thorough: bool = False
    equations: bool = False
    declare: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of a derivation: `left = right`, and what was done."""

    left: str
    right: str
    caption: Mapping[Language, str]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How an answer was verified, in facts.

    Exact arithmetic has an `error_probability` where one is known; digits have a `threshold`; `branches` are the patterns of
    signs met, of all there are.
    """

    outcome: Literal["holds", "wrong", "undecided"]
    method: str
    sizes: tuple[Mapping[str, int], ...] = ()
    points: int = 0
    error_probability: float | None = None
    reason: Reason | None = None
    threshold: float | None = None
    branches: tuple[int, int] | None = None

    @property
    def why(self) -> str:
        """The reason in words."""
        return self.reason.message() if self.reason else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one goal, claim or chain of a block.

    `statement` is the author's LaTeX; `lines` the derivation (empty for a claim); `result` the final equation as LaTeX
    (for a goal `\\frac{\\partial f}{\\partial X} = …`, also when the author stated it); `solution` the equation solved, if asked;
    `primes` the equations `\\sigma'(x) = …` for the derivatives in the result of functions that the block defines.
    """

    kind: Literal["goal", "claim", "chain"]
    statement: str
    lines: tuple[Line, ...]
    result: str
    judgement: Judgement
    solution: str = ""
    solution_lines: tuple[Line, ...] = ()
    primes: tuple[str, ...] = ()

    def formulas(self) -> Iterator[str]:
        """Yield all the LaTeX of the answer."""
        yield from (self.statement, self.result, self.solution, *self.primes)
        for line in (*self.lines, *self.solution_lines):
            yield from (line.left, line.right)


@dataclass(frozen=True, slots=True)
class BlockResult:
    """One derive block of a file.

    `span` covers the whole fence in the file, from the first fence character to the last; `prefix` is what stands before
    each of its lines (indentation, quote marks); `premise` are the definitions and declarations as LaTeX lines to print;
    `remarks` what was inferred or redefined. A block with an error in `findings` is not expanded.
    """

    span: Span
    prefix: str
    title: str
    lang: Language
    steps: str
    layout: str
    premise: tuple[str, ...]
    remarks: tuple[str, ...]
    answers: tuple[Answer, ...]
    findings: tuple[Diagnostic, ...]
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Equation:
    """One relation, for reports: what it does in its text, what became of it, and why.

    `root` is the place of the mistake that a wrong relation only follows from.
    """

    span: Span
    latex: str
    outcome: Outcome
    act: RowAct
    reason: Reason
    root: Span | None = None

    @property
    def why(self) -> str:
        """The reason in words; empty for what needs none."""
        return self.reason.message()


# The fact of a finding for which no change of the text is offered: it would rest on a guess (functions that nobody declared),
# or on a side of a chain that is wrong itself.
HELD_BACK = "held back"


@dataclass(frozen=True, slots=True)
class Judged:
    """What was decided on the formulas of a note outside its blocks, and declarations with which more could be."""

    equations: tuple[Equation, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    suggestions: tuple[tuple[Span, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Everything about one file; all spans are offsets into `source.text`.

    `suggestions` are declarations with which equations could be judged that were not, each with the place of its equation.
    """

    source: Source
    blocks: tuple[BlockResult, ...] = ()
    equations: tuple[Equation, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    ms: float = field(default=0.0, compare=False)
    suggestions: tuple[tuple[Span, str], ...] = ()
