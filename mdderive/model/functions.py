"""Elementwise functions as a table: one row makes a function readable, differentiable, evaluable and printable.

`derivative` and `meaning` are LaTeX statements in the scalar letter `\\tau`. `meaning` is what the judge evaluates: it is
written in the primitives (rows without a meaning), so that the derivative the engine uses and the value the judge computes
come from different statements. `python` is the NumPy expression for an argument `{0}`, `sympy` the SymPy one where it is another
than the name applied to it, `digits` the name of a primitive in mpmath where it is another.

`domain` is the open interval on which a function is defined, None where it has no end. `parity` says how f(-x) follows from f(x),
`at_zero` is the value there, None where there is none, `rising` tells that the values rise with the argument, and `entire` that a
power series gives them everywhere. Beyond arguments of the size `largest` digits are lost: the values come too near to a limit.
Nothing else is needed: a test takes every row through every room.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Function:
    """A known elementwise function."""

    name: str
    latex: str
    derivative: str
    python: str
    meaning: str = ""
    domain: tuple[int | None, int | None] = (None, None)
    parity: Literal["", "odd", "even", "inverse"] = ""
    at_zero: int | None = 0
    spellings: tuple[str, ...] = ()
    sympy: str = ""
    digits: str = ""
    rising: bool = False
    entire: bool = False
    largest: int | None = 10_000


_ROWS = (
    Function("exp", r"\exp", r"\exp(\tau)", "np.exp({0})", parity="inverse", at_zero=1, entire=True),
    Function("log", r"\log", r"\tau^{-1}", "np.log({0})", domain=(0, None), at_zero=None, spellings=(r"\ln", "ln"), largest=None),
    Function("sin", r"\sin", r"\cos(\tau)", "np.sin({0})", parity="odd", entire=True),
    Function("cos", r"\cos", r"-\sin(\tau)", "np.cos({0})", parity="even", at_zero=1, entire=True),
    Function("tan", r"\tan", r"1 + \tan(\tau)^2", "np.tan({0})", r"\sin(\tau) \cos(\tau)^{-1}"),
    Function(
        "tanh",
        r"\tanh",
        r"1 - \tanh(\tau)^2",
        "np.tanh({0})",
        r"(\exp(\tau) - \exp(-\tau)) (\exp(\tau) + \exp(-\tau))^{-1}",
    ),
    Function("sinh", r"\sinh", r"\cosh(\tau)", "np.sinh({0})", r"\frac{1}{2} (\exp(\tau) - \exp(-\tau))"),
    Function("cosh", r"\cosh", r"\sinh(\tau)", "np.cosh({0})", r"\frac{1}{2} (\exp(\tau) + \exp(-\tau))"),
    Function(
        "arctan",
        r"\arctan",
        r"(1 + \tau^2)^{-1}",
        "np.arctan({0})",
        parity="odd",
        sympy="atan({0})",
        digits="atan",
        rising=True,
        largest=None,
    ),
    Function(
        "erf",
        r"\operatorname{erf}",
        r"2 \sqrt{\pi}^{-1} \exp(-\tau^2)",
        "scipy.special.erf({0})",
        parity="odd",
        rising=True,
        entire=True,
        largest=6,
    ),
    Function(
        "sigmoid",
        r"\operatorname{sigmoid}",
        r"\operatorname{sigmoid}(\tau) (1 - \operatorname{sigmoid}(\tau))",
        "1 / (1 + np.exp(-({0})))",
        r"(1 + \exp(-\tau))^{-1}",
        sympy="1/(1 + exp(-({0})))",
    ),
    Function(
        "softplus",
        r"\operatorname{softplus}",
        r"\operatorname{sigmoid}(\tau)",
        "np.log1p(np.exp({0}))",
        r"\log(1 + \exp(\tau))",
        sympy="log(1 + exp({0}))",
    ),
    Function("sqrt", r"\sqrt", r"\frac{1}{2} \sqrt{\tau}^{-1}", "np.sqrt({0})", domain=(0, None), largest=None),
    Function("abs", r"\operatorname{abs}", r"\operatorname{sign}(\tau)", "np.abs({0})", largest=None, sympy="Abs({0})"),
    Function(
        "sign",
        r"\operatorname{sign}",
        "0",
        "np.sign({0})",
        at_zero=None,
        largest=None,
        spellings=(r"\operatorname{sgn}", r"\sgn"),
    ),
    Function(
        "relu",
        r"\operatorname{relu}",
        r"\operatorname{step}(\tau)",
        "np.maximum({0}, 0)",
        r"\frac{1}{2} (\tau + \operatorname{abs}(\tau))",
        spellings=(r"\operatorname{ReLU}", r"\operatorname{Relu}"),
        sympy="Max({0}, 0)",
    ),
    Function(
        "step",
        r"\operatorname{step}",
        "0",
        "np.heaviside({0}, 0.5)",
        r"\frac{1}{2} (1 + \operatorname{sign}(\tau))",
        sympy="Heaviside({0})",
    ),
)

FUNCTIONS: Mapping[str, Function] = {row.name: row for row in _ROWS}
