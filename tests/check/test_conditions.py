"""What is said of the zeros of a gradient: values that solve it, equations that follow, and mistakes in both."""

import pytest

import mdderive
from mdderive.model.results import Settings


def outcomes(text, path="note.md"):
    return [row.outcome for row in mdderive.check(text, path=path, settings=Settings(equations=True)).equations]


BERNOULLI = (
    r"$$\ell(p) = k\log p + (n-k)\log(1-p)$$" + "\n"
    r"$$\frac{\partial \ell}{\partial p} = \frac{k}{p} - \frac{n-k}{1-p} = 0$$" + "\n$$%s$$\n"
)
SHARES = r"$H = \sum_{k=1}^K (c_k^2 - 2 c_k p_k)$." + "\n" + r"$$\frac{\partial H}{\partial c_k} = 2 c_k - 2 p_k = 0 %s$$" + "\n"
MULTIPLIER = (
    r"$L(c) = \sum_{k=1}^K c_k^2 p_k + \lambda (\sum_{k=1}^K c_k - 1)$" + "\n"
    r"\[\begin{cases} \frac{\partial L}{\partial c_k} = 2 p_k c_k + \lambda = 0 \\ \sum_{k=1}^K c_k = 1 \end{cases}\]" + "\n%s\n"
)
SQUARES = r"$$L(w) = \frac12\|Xw - y\|^2$$" + "\n" + r"$$\nabla L(w) = X^TXw - X^Ty$$" + "\n$$%s$$\n"
LOSS = r"$$F(b) = p e^{-b} + (1-p) e^b$$" + "\n" + r"$$\frac{dF}{db} = - p e^{-b} + (1-p) e^b = 0$$" + "\n$$%s$$\n"
LAGRANGIAN = (
    r"$L(x, y, \mu) = x y + \mu (x^2 + y^2 - 1)$" + "\n"
    r"$$\nabla L = 0 \Rightarrow \begin{cases} \frac{\partial L}{\partial x} = y + %s = 0 \\ "
    r"\frac{\partial L}{\partial y} = x + 2 \mu y = 0 \end{cases}$$" + "\n"
)


@pytest.mark.parametrize(
    ("note", "right", "wrong"),
    [
        (BERNOULLI, "k(1-p) = (n-k)p", "k(1-p) = (n-k)(1+p)"),
        (BERNOULLI, r"p = \frac{k}{n}", r"p = \frac{n}{k}"),
        (SHARES, r"\Rightarrow c_k = p_k", r"\Rightarrow c_k = 2 p_k"),
        (MULTIPLIER, r"Hence $c_k = -\frac{\lambda}{2 p_k}$.", r"Hence $c_k = \frac{\lambda}{2 p_k}$."),
        (SQUARES, "w^* = (X^TX)^{-1} X^T y", "w^* = X^T (X^TX)^{-1} y"),
        (SQUARES, r"\hat{w} = (X^TX)^{-1} X^T y", r"\hat{w} = 2 (X^TX)^{-1} X^T y"),
        (LOSS, "(1-p) e^{2b} = p", "(1-p) e^b = p"),
        (LOSS, r"b = \frac12 \log\frac{p}{1-p}", r"b = 2 \log\frac{p}{1-p}"),
        (LAGRANGIAN, r"2 \mu x", r"\mu x"),
    ],
)
def test_what_is_said_of_a_zero_of_a_gradient_is_judged_by_it(note, right, wrong):
    assert "wrong" not in outcomes(note % right)
    assert outcomes(note % wrong).count("wrong") == 1


@pytest.mark.parametrize(
    "text",
    [
        # one of several conditions, from which together it follows
        "$L(x, \\lambda) = a x^2 - \\lambda (x - a)$\n\n$$\\frac{\\partial L}{\\partial x} = 2 a x - \\lambda = 0$$\n"
        "$$\\frac{\\partial L}{\\partial \\lambda} = -(x - a) = 0$$\nHence $x = a$ and $\\lambda = 2 a^2$.",
        # a zero of the gradient, though not each
        "$f(x) = x^4 - 2 a x^2$. Then $$f'(x) = 4x^3 - 4 a x = 0$$ so $$x^2 = a$$",
        # a definition that a gradient above it has nothing to do with
        "$J(w) = \\frac12\\|Xw - y\\|^2$\n\n$$\\nabla J(w) = X^T(Xw - y)$$\n\n$$v = \\beta v + X^T(Xw - y)$$",
        # a multiple by a number that is the other side's
        "$$J(w) = \\frac{w^T S w}{w^T w}$$ where $S$ is symmetric.\n"
        "$$\\frac{\\partial J}{\\partial w} = \\frac{2 S w}{w^T w} - \\frac{2 (w^T S w) w}{(w^T w)^2} = 0$$\n"
        "$$(w^T w) S w = (w^T S w) w$$",
    ],
)
def test_what_may_be_meant_of_a_zero_of_a_gradient_is_not_wrong(text):
    assert "wrong" not in outcomes(text)
