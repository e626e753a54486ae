"""Elementwise functions as a table: one row makes a function readable, differentiable, evaluable and printable.

`derivative` and `meaning` are LaTeX statements in the scalar letter `\\tau`. `meaning` is what the judge evaluates: it is
written in the primitives (rows without a meaning), so that the derivative the engine uses and the value the judge computes
come from different statements. `python` is the NumPy expression for an argument `{0}`, `sympy` the SymPy one where it is another
than the name applied to it, `digits` the name of a primitive in mpmath where it is another, with its order behind a colon. A row
without a derivative is the last of a series: its value is known, and no law is told for it.

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


def _bessel(kind: str, order: int) -> Function:
    """Return the row of a Bessel function of the first kind, J, or of a modified one, I."""
    letter, sign = f"{kind}_{order}", "-" if kind == "J" else ""
    below = rf"{kind}_{order - 1}(\tau) - {order if order > 1 else ''} \tau^{{-1}} {letter}(\tau)"
    program = f"jv({order}, {{0}})" if kind == "J" else f"i{order}({{0}})"
    sympy = f"bessel{kind.lower()}"
    return Function(
        f"bessel{kind}{order}",
        letter,
        below if order else rf"{sign}{kind}_1(\tau)",
        f"scipy.special.{program}",
        parity="odd" if order % 2 else "even",
        at_zero=int(order == 0),
        sympy=f"{sympy}({order}, {{0}})",
        digits=f"{sympy}:{order}",
        entire=True,
        largest=100,
    )


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
    Function("cot", r"\cot", r"-1 - \cot(\tau)^2", "(1 / np.tan({0}))", r"\cos(\tau) \sin(\tau)^{-1}", at_zero=None),
    Function("sec", r"\sec", r"\sec(\tau) \tan(\tau)", "(1 / np.cos({0}))", r"\cos(\tau)^{-1}", at_zero=1),
    Function("csc", r"\csc", r"-\csc(\tau) \cot(\tau)", "(1 / np.sin({0}))", r"\sin(\tau)^{-1}", at_zero=None),
    Function(
        "arcsin",
        r"\arcsin",
        r"\sqrt{1 - \tau^2}^{-1}",
        "np.arcsin({0})",
        domain=(-1, 1),
        parity="odd",
        sympy="asin({0})",
        digits="asin",
        rising=True,
        spellings=(r"\operatorname{asin}",),
    ),
    Function(
        "arccos",
        r"\arccos",
        r"-\sqrt{1 - \tau^2}^{-1}",
        "np.arccos({0})",
        r"\frac{1}{2} \pi - \arcsin(\tau)",
        domain=(-1, 1),
        at_zero=None,
        sympy="acos({0})",
        spellings=(r"\operatorname{acos}",),
    ),
    Function(
        "arsinh",
        r"\operatorname{arsinh}",
        r"\sqrt{1 + \tau^2}^{-1}",
        "np.arcsinh({0})",
        parity="odd",
        sympy="asinh({0})",
        digits="asinh",
        rising=True,
        spellings=(r"\operatorname{arcsinh}", r"\operatorname{asinh}"),
    ),
    Function(
        "arcosh",
        r"\operatorname{arcosh}",
        r"\sqrt{\tau^2 - 1}^{-1}",
        "np.arccosh({0})",
        domain=(1, None),
        at_zero=None,
        sympy="acosh({0})",
        digits="acosh",
        rising=True,
        spellings=(r"\operatorname{arccosh}", r"\operatorname{acosh}"),
    ),
    Function(
        "artanh",
        r"\operatorname{artanh}",
        r"(1 - \tau^2)^{-1}",
        "np.arctanh({0})",
        domain=(-1, 1),
        parity="odd",
        sympy="atanh({0})",
        digits="atanh",
        rising=True,
        spellings=(r"\operatorname{arctanh}", r"\operatorname{atanh}"),
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
        "erfc",
        r"\operatorname{erfc}",
        r"-2 \sqrt{\pi}^{-1} \exp(-\tau^2)",
        "scipy.special.erfc({0})",
        r"1 - \operatorname{erf}(\tau)",
        at_zero=1,
        largest=6,
    ),
    Function(
        "erfinv",
        r"\operatorname{erfinv}",
        r"\frac{1}{2} \sqrt{\pi} \exp(\operatorname{erfinv}(\tau)^2)",
        "scipy.special.erfinv({0})",
        domain=(-1, 1),
        parity="odd",
        rising=True,
    ),
    Function(
        "lgamma",
        r"\operatorname{lgamma}",
        r"\operatorname{digamma}(\tau)",
        "scipy.special.gammaln({0})",
        domain=(0, None),
        at_zero=None,
        sympy="loggamma({0})",
        digits="loggamma",
        spellings=(r"\operatorname{loggamma}", r"\operatorname{gammaln}"),
    ),
    Function(
        "gamma",
        r"\Gamma",
        r"\Gamma(\tau) \operatorname{digamma}(\tau)",
        "scipy.special.gamma({0})",
        at_zero=None,
        largest=1_000,
    ),
    Function(
        "digamma",
        r"\operatorname{digamma}",
        r"\operatorname{trigamma}(\tau)",
        "scipy.special.digamma({0})",
        at_zero=None,
        digits="psi:0",
        sympy="digamma({0})",
    ),
    Function(
        "trigamma",
        r"\operatorname{trigamma}",
        r"\operatorname{tetragamma}(\tau)",
        "scipy.special.polygamma(1, {0})",
        at_zero=None,
        sympy="polygamma(1, {0})",
        digits="psi:1",
    ),
    Function(
        "tetragamma",
        r"\operatorname{tetragamma}",
        r"\operatorname{pentagamma}(\tau)",
        "scipy.special.polygamma(2, {0})",
        at_zero=None,
        sympy="polygamma(2, {0})",
        digits="psi:2",
    ),
    Function(
        "pentagamma",
        r"\operatorname{pentagamma}",
        "",
        "scipy.special.polygamma(3, {0})",
        at_zero=None,
        sympy="polygamma(3, {0})",
        digits="psi:3",
    ),
    *map(_bessel, "JJJJII", (0, 1, 2, 3, 0, 1)),
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
    Function(
        "silu",
        r"\operatorname{silu}",
        r"\operatorname{sigmoid}(\tau) (1 + \tau (1 - \operatorname{sigmoid}(\tau)))",
        "(({0}) / (1 + np.exp(-({0}))))",
        r"\tau (1 + \exp(-\tau))^{-1}",
        sympy="({0})/(1 + exp(-({0})))",
        spellings=(r"\operatorname{SiLU}", r"\operatorname{swish}", r"\operatorname{Swish}"),
    ),
    Function(
        "gelu",
        r"\operatorname{gelu}",
        r"\frac{1}{2} (1 + \operatorname{erf}(\sqrt{2}^{-1} \tau))"
        r" + \sqrt{2}^{-1} \sqrt{\pi}^{-1} \tau \exp(-\frac{1}{2} \tau^2)",
        "(0.5 * ({0}) * (1 + scipy.special.erf(({0}) / np.sqrt(2))))",
        r"\frac{1}{2} \tau (1 + \operatorname{erf}(\sqrt{2}^{-1} \tau))",
        sympy="({0})*(1 + erf(({0})/sqrt(2)))/2",
        spellings=(r"\operatorname{GELU}", r"\operatorname{GeLU}"),
    ),
    Function(
        "logit",
        r"\operatorname{logit}",
        r"(\tau (1 - \tau))^{-1}",
        "np.log(({0}) / (1 - ({0})))",
        r"\log(\tau) - \log(1 - \tau)",
        domain=(0, 1),
        at_zero=None,
        sympy="log(({0})/(1 - ({0})))",
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
