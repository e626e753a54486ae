"""What the statements of a block ask for: typed tasks, with every size named, and what there is to say about the block."""

from dataclasses import dataclass, field
from typing import Literal

from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding
from mdderive.model.expr import Expr
from mdderive.model.reasons import Reason
from mdderive.model.source import Span


@dataclass(frozen=True, slots=True)
class GoalTask:
    """Derive ∂f/∂wrt (`order` 2: the Hessian) and judge what is stated; `node` is the derivative as it was written, perhaps
    transposed, or one `entry` of it.

    `zero` says that it is set to zero, `solutions` what is said to follow. A result whose shapes do not fit is not `stated`:
    `misfit` says why, `turned` is its transpose where that fits.
    """

    span: Span
    latex: str
    node: Expr
    stated: Expr | None = None
    stated_span: Span | None = None
    zero: bool = False
    solutions: tuple["Solved", ...] = ()
    misfit: Finding | None = None
    turned: Expr | None = None
    f: Expr = field(init=False)
    wrt: Expr = field(init=False)
    order: int = field(init=False)
    entry: bool = field(init=False)

    def __post_init__(self) -> None:
        derivative = next(node for node in self.node.walk() if node.op in ("deriv", "hess"))
        object.__setattr__(self, "f", derivative.args[0])
        object.__setattr__(self, "wrt", derivative.args[1])
        object.__setattr__(self, "order", 2 if derivative.op == "hess" else 1)
        object.__setattr__(self, "entry", self.node.op == "mul")


@dataclass(frozen=True, slots=True)
class Solved:
    """An equation said to follow where the gradient is zero; no `right` asks for it. The span is that of the right side."""

    left: Expr
    right: Expr | None
    span: Span
    latex: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbours of a chain; the span is that of the right side."""

    left: Expr
    right: Expr
    span: Span
    latex: str


@dataclass(frozen=True, slots=True)
class ChainTask:
    """Judge each pair; one pair alone is a claim. `varying` are the letters that have a differential, None for all."""

    span: Span
    latex: str
    pairs: tuple[Pair, ...]
    varying: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ValueTask:
    """Work out the derivatives in an expression, and what it comes to."""

    span: Span
    latex: str
    node: Expr


Task = GoalTask | ChainTask | ValueTask


@dataclass(frozen=True, slots=True)
class Unread:
    """A relation that was not read, and why."""

    span: Span
    latex: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Stated:
    """A relation that claims nothing, such as a definition, as `act` says; `name` is what is defined."""

    span: Span
    latex: str
    act: Literal["define", "suppose", "ask", "solve"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a block says; spans are offsets into its text.

    `declared` and `inferred` are its letters, `functions` the letters read as elementwise functions without a declaration,
    `definitions` the places of its definitions and premises, `redefined` the names that meant something else before; `whole`
    the letters taken for integers, `entrywise` the functions of square matrices taken entry by entry; `stated` are the relations
    that claim nothing.
    """

    context: Context
    tasks: tuple[Task, ...] = ()
    declared: tuple[Symbol, ...] = ()
    definitions: tuple[Span, ...] = ()
    inferred: tuple[Symbol, ...] = ()
    functions: tuple[str, ...] = ()
    redefined: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    entrywise: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    unread: tuple[Unread, ...] = ()
    stated: tuple[Stated, ...] = ()
