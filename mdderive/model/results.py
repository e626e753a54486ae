"""What the pipeline says about a file: the result types that rendering and reporting work on."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from mdderive.model.causes import RowAct
from mdderive.model.diagnostics import Finding, Language, Witness
from mdderive.model.reasons import Reason, Worded
from mdderive.model.source import Excerpt, Source, Span

Outcome = Literal["holds", "wrong", "undecided", "not_an_assertion", "unread"]


CHOICES: Mapping[str, tuple[str, ...]] = {
    "layout": ("denominator", "numerator", "block"),
    "steps": ("result", "brief", "normal", "full"),
    "lang": ("en", "zh"),
    "functions": ("elementwise", "matrix"),
    "result": ("last", "first"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a caller may choose; a block's own options come before these.

    `layout` of derivatives: denominator, numerator or block; `steps` of a derivation: result, brief, normal or full; `lang` of
    the words: en or zh; `functions`, what `\\exp(X)` of a square matrix means: elementwise or matrix; `result`, where it stands:
    last, behind its steps, or first. `equations` judges formulas outside blocks too, in which the declarations `declare` hold.
    `thorough` judges at more points and sizes, `seed` draws others.
    Raises `TypeError` or `ValueError` for a value that cannot be meant.
    """

    layout: str = "denominator"
    steps: str = "normal"
    lang: Language = "en"
    functions: str = "elementwise"
    seed: int = 0
    thorough: bool = False
    equations: bool = False
    declare: tuple[str, ...] = ()
    result: str = "last"

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name}={getattr(self, name)!r}: write one of {', '.join(choices)}")
        for name in ("thorough", "equations"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"{name}={getattr(self, name)!r}: write True or False")
        if not isinstance(self.seed, int) or isinstance(self.seed, bool):
            raise TypeError(f"seed={self.seed!r}: write a whole number")
        if not isinstance(self.declare, tuple) or not all(isinstance(line, str) for line in self.declare):
            raise TypeError(f'declare={self.declare!r}: write a tuple of texts, declare=("X: m x n",)')


@dataclass(frozen=True, slots=True)
class Step:
    """One printed line of a derivation: `left = right` as LaTeX, what was done in words, and the names of the rules applied."""

    left: str
    right: str
    caption: Mapping[Language, str] = field(hash=False)
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided on an equation and how: `why` is the reason, or a reservation.

    `method` is exact arithmetic or a number of digits, `sizes` and `points` are what was tried. `error_probability` bounds the
    chance that the equation is false at one of these sizes, None where no bound is known; `threshold` is the relative difference
    up to which digits were taken for equal, None for exact arithmetic; `branches` are the patterns of signs met, of all there
    are. A wrong equation has a `witness` where both sides have one shape. `findings` is what there is to say of an
    equation that was asked about by itself: why it could not be read, what would be right.
    """

    outcome: Literal["holds", "wrong", "undecided"]
    method: str = ""
    sizes: tuple[Mapping[str, int], ...] = field(default=(), hash=False)
    points: int = 0
    reason: Reason | None = None
    error_probability: float | None = None
    threshold: float | None = None
    branches: tuple[int, int] | None = None
    witness: Witness | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def why(self) -> str:
        """The reason in English; `reason.message(lang)` has other words."""
        return self.reason.message() if self.reason else ""


@dataclass(frozen=True, slots=True)
class Derivation:
    """What one goal came to: ∂f/∂X step by step, judged as it is written.

    `statement` is the goal as its author wrote it, `result` the final equation (for a goal
    `\\frac{\\partial f}{\\partial X} = …`, also when the author stated it), `latex` its right side as derived; without `steps`
    nothing was derived. `numpy` is the same as one expression over `np` (and `scipy.linalg`), all arrays two-dimensional, with
    the Python name of every letter and size in `names`; `sympy` a text that declares the letters and binds `result`. `shape` and
    `layout` are those of the derivative. `solution` is the equation solved, if asked; `primes` are the equations
    `\\sigma'(x) = …` for the derivatives in the result of functions that a block defines. `findings` say why nothing was derived,
    or why a program is empty; `span` is the place of the goal.
    """

    span: Span
    statement: str
    steps: tuple[Step, ...]
    result: str
    verdict: Verdict
    latex: str = ""
    numpy: str = ""
    sympy: str = ""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    shape: str = ""
    layout: str = "denominator"
    solution: str = ""
    solution_steps: tuple[Step, ...] = ()
    primes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    ms_derive: float = field(default=0.0, compare=False)
    ms_verify: float = field(default=0.0, compare=False)

    def moved(self, excerpt: Excerpt) -> "Derivation":
        """Return the same derivation with the spans of the file."""
        findings = tuple(finding.moved(excerpt) for finding in self.findings)
        return replace(self, span=excerpt.span(self.span), findings=findings)

    def formulas(self) -> Iterator[str]:
        """Yield all the LaTeX that is printed of it."""
        yield from (self.statement, self.result, self.solution, *self.primes)
        for step in (*self.steps, *self.solution_steps):
            yield from (step.left, step.right)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one claim, or chain of claims, of a block came to; `statement` is its author's LaTeX."""

    kind: Literal["claim", "chain"]
    statement: str
    verdict: Verdict

    def moved(self, _: Excerpt) -> "Claim":
        """Return the same claim: it has no place."""
        return self

    def formulas(self) -> Iterator[str]:
        """Yield all the LaTeX that is printed of it."""
        yield self.statement


@dataclass(frozen=True, slots=True)
class LetterSaid:
    """A letter and what a block says of it, as LaTeX: its space and properties, or its definition; `span` is where."""

    name: str
    latex: str
    span: Span


@dataclass(frozen=True, slots=True)
class BlockResult:
    """One derive block of a file.

    `span` covers the whole fence in the file, from the first fence character to the last; `prefix` is what stands before
    each of its lines (indentation, quote marks); `premise` are the definitions and declarations as LaTeX lines to print;
    `remarks` what was inferred or redefined; `result` says whether results stand behind their steps or before. `letters` are
    those of which it says what they are, `above` is the number of the block whose letters are known in it too, -1 for none.
    A block with an error in `findings` is not expanded.
    """

    span: Span
    prefix: str
    title: str
    lang: Language
    steps: str
    layout: str
    premise: tuple[str, ...]
    remarks: tuple[str, ...]
    answers: tuple[Derivation | Claim, ...]
    findings: tuple[Finding, ...]
    skipped: str = ""
    result: str = "last"
    letters: tuple[LetterSaid, ...] = ()
    above: int = -1

    @property
    def sound(self) -> bool:
        """Whether nothing about it is wrong or could not be read, so that its derivations take its place."""
        return not any(finding.severity == "error" for finding in self.findings)

    @property
    def verified(self) -> bool:
        """Whether everything that it states or asks for was judged, and holds."""
        return self.sound and not self.skipped and all(answer.verdict.outcome == "holds" for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Equation:
    """One relation, for reports: what it does in its text, what became of it, and why.

    `root` is the place of the mistake that a wrong relation only follows from; `reading` tells how it was read where it was not
    read in the likeliest way.
    """

    span: Span
    latex: str
    outcome: Outcome
    act: RowAct
    reason: Reason
    root: Span | None = None
    reading: Worded | None = None

    @property
    def why(self) -> str:
        """The reason in words; empty for what needs none."""
        return self.reason.message()


@dataclass(frozen=True, slots=True)
class Described:
    """Something that can be written in a note: what it is, formulas between dollars, and how it is written.

    Its `kind` is operator, function, property (of a letter that is declared) or option (of a block); `rules` are those that
    differentiate it.
    """

    name: str
    title: str
    spellings: tuple[str, ...]
    rules: tuple[str, ...] = ()
    kind: Literal["operator", "function", "property", "option"] = "operator"


# The fact of a finding for which no change of the text is offered: it would rest on a guess (functions that nobody declared),
# or on a side of a chain that is wrong itself.
HELD_BACK = "held back"


@dataclass(frozen=True, slots=True)
class Judged:
    """What was decided on the formulas of a note outside its blocks, and declarations with which more could be."""

    equations: tuple[Equation, ...] = ()
    findings: tuple[Finding, ...] = ()
    suggestions: tuple[tuple[Span, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Everything there is to say about one note; all spans are offsets into `source.text`, in characters.

    `blocks` are its derive blocks, `equations` the judged relations (of the blocks, or of all formulas), in order; `findings`
    what is to be said, in order. `suggestions` are declarations with which equations could be judged that were not, each with
    the place of its equation. `ms` is how long that took, in milliseconds.
    """

    source: Source
    blocks: tuple[BlockResult, ...] = ()
    equations: tuple[Equation, ...] = ()
    findings: tuple[Finding, ...] = ()
    ms: float = field(default=0.0, compare=False)
    suggestions: tuple[tuple[Span, str], ...] = ()

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The derivatives that its blocks ask for or state, in order."""
        return tuple(answer for block in self.blocks for answer in block.answers if isinstance(answer, Derivation))

    def letters(self, offset: int) -> Iterator[LetterSaid]:
        """Yield what is known at a place of letters, the nearest first: in a block there, else in the last one before it."""
        number = bisect_right(self.blocks, offset, key=lambda block: block.span.start) - 1
        known: set[str] = set()
        while number >= 0:
            block = self.blocks[number]
            yield from (letter for letter in block.letters if letter.name not in known)
            known |= {letter.name for letter in block.letters}
            number = block.above

    def at(self, offset: int) -> tuple[Finding | Equation | Derivation, ...]:
        """Return what there is to say about a place of the text, the nearest first; `offset` counts characters from 0."""
        told: list[Finding | Equation | Derivation] = [*self.findings, *self.equations, *self.derivations]
        here = (one for one in told if one.span.start <= offset < one.span.end)
        return tuple(sorted(here, key=lambda one: one.span.end - one.span.start))
