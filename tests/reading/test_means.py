r"""Means, `\mathbb{E}[X]`: what holds of every distribution is shown, what of none is wrong, what rests on one is neither."""

import pytest

import mdderive
from mdderive.model.results import Settings


def outcomes(text):
    return [row.outcome for row in mdderive.check(text, path="note.md", settings=Settings(equations=True)).equations]


def reasons(text):
    return [row.reason.code for row in mdderive.check(text, path="note.md", settings=Settings(equations=True)).equations]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\mathbb{E}[(X - m)^2] = \mathbb{E}[X^2] - 2 m \mathbb{E}[X] + m^2", ("- 2 m", "- m")),
        (r"\mathbb{E}[a X + b] = a \mathbb{E}[X] + b", ("[X] +", "[X] + 2")),
        (r"\frac{\partial}{\partial c} \mathbb{E}\left[(y - c)^2\right] = -2 \mathbb{E}[y] + 2 c", ("+ 2 c", "+ c")),
        (r"\mathbb{E}[x^T A x] = \operatorname{tr}(A\, \mathbb{E}[x x^T])", ("x x^T]", "x^T x]")),
        (r"\operatorname{E}[(X - \operatorname{E}[X])^2] = \operatorname{E}[X^2] - \operatorname{E}[X]^2", ("[X]^2", "[X]")),
        (r"\nabla_w \mathbb{E}[(y - w^T x)^2] = -2\, \mathbb{E}[(y - w^T x) x]", ("-2", "2")),
        (r"\frac{d}{dt} \mathbb{E}[e^{t X}] = \mathbb{E}[X e^{t X}]", ("[X e", "[t e")),
    ],
)
def test_what_holds_of_every_distribution_is_shown_and_what_of_none_is_wrong(right, wrong):
    assert outcomes(f"# Means\n\n$${right}$$") == ["holds"]
    assert right.replace(*wrong) != right
    assert outcomes(f"# Means\n\n$${right.replace(*wrong)}$$") == ["wrong"]


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathbb{E}[X Y] = \mathbb{E}[X] \mathbb{E}[Y]",
        r"\mathbb{E}[(f + \epsilon)^2] = \mathbb{E}[f^2] + \mathbb{E}[\epsilon^2]",
        r"\mathbb{E}[(a + \epsilon)^2] = a^2 + \mathbb{E}[\epsilon^2]",
        r"\mathbb{E}[\epsilon \epsilon^T] = \sigma^2 I",
        r"\mathbb{E}[x x^T] = \Sigma + \mu \mu^T",
        r"\mathbb{E}[\|x - \mu\|^2] = \mathbb{E}[\|x\|^2] - \|\mu\|^2",
        r"\mathbb{E}[\mathbb{E}[y \mid x]] = \mathbb{E}[y]",
        r"\mathbb{E}_{x \sim p}[f(x)] = \mathbb{E}_{x \sim q}[\frac{p(x)}{q(x)} f(x)]",
        r"\nabla_\theta \mathbb{E}_{p_\theta}[x] = \mathbb{E}_{p_\theta}[x \nabla_\theta \log p_\theta(x)]",
        r"\mathbb{E}[Xw + \epsilon] = Xw",
    ],
)
def test_what_rests_on_a_distribution_is_neither(formula):
    assert {"wrong", "holds"}.isdisjoint(outcomes(f"# Means\n\n$${formula}$$"))


def test_what_is_taken_for_granted_of_a_mean_is_named():
    assert reasons(r"$$\mathbb{E}[(a + Z)^2] = a^2 + \mathbb{E}[Z^2]$$") == ["holds-if"]
    assert reasons(r"$$\mathbb{E}[(X - \mu)^2] = \mathbb{E}[X^2] - \mu^2$$") == ["holds-if"]
    assert outcomes("Let $\\mu = \\mathbb{E}[X]$.\n\n$$\\mathbb{E}[(X - \\mu)^2] = \\mathbb{E}[X^2] - \\mu^2$$")[-1] == "holds"


RISK = (
    r"$$\mathbb{E}[L(y, b) \mid x] = p(1 \mid x) e^{-b} + (1 - p(1 \mid x)) e^b$$" + "\n"
    r"$$\frac{\partial \mathbb{E}[L(y, b) \mid x]}{\partial b} = - p(1 \mid x) e^{-b} + (1 - p(1 \mid x)) e^b = 0$$" + "\n"
    r"$$b = \frac12 \log \frac{p(1 \mid x)}{1 - p(1 \mid x)}$$" + "\n"
)


def test_a_mean_under_a_condition_and_one_probability_are_numbers():
    assert outcomes(RISK) == ["not_an_assertion", "holds", "not_an_assertion", "holds"]
    assert outcomes(RISK.replace("= - p", "= p"))[1] == "wrong"
    assert outcomes(RISK.replace(r"\frac12", "2"))[-1] == "wrong"


SPREAD = (
    r"$$H = \frac{1}{|R|} \sum_{(x_i, y_i) \in R} (c - y_i)^2$$" + "\n"
    r"$$\frac{\partial H}{\partial c} = 2 c - \frac{2}{|R|} \sum_{(x_i, y_i) \in R} y_i$$" + "\n"
)


def test_a_sum_over_what_is_numbered_runs_over_the_numbers_in_a_set():
    assert outcomes(SPREAD) == ["not_an_assertion", "holds"]
    assert outcomes(SPREAD.replace("= 2 c", "= c"))[-1] == "wrong"
    split = r"$$\sum_{x_i \in A} y_i + \sum_{x_i \in B} y_i = \sum_{x_i \in S} y_i$$"
    assert outcomes(split) == ["undecided"]
