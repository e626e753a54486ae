"""What a whole note understands, a block understands, and the other way round: each formula in both places."""

import pytest

from mdderive.check.pipeline import check
from mdderive.model.results import Settings

LETTERS = {"x": "n", "y": "n", "a": "n", "b": "n", "A": "n x n", "B": "n x n", "X": "m x n"}
SETTINGS = Settings(equations=True)

# As notes write them, with the outcome of each relation.
FROM_NOTES = [
    (r"\boxed{\nabla_x (x^T A x) = (A + A^T) x}", "holds"),
    (r"\boxed{\nabla_x (x^T A x) = (A - A^T) x}", "wrong"),
    (r"\color{red}{\nabla_x (a^T x) = a}", "holds"),
    (r"x^T A x \overset{(1)}{=} \operatorname{tr}(x^T A x) \stackrel{\text{cyc}}{=} \operatorname{tr}(A x x^T)", "holds holds"),
    (r"\because x^T y = y^T x \therefore \nabla_x (x^T y) = 2 y", "holds wrong"),
    (r"\Rightarrow \nabla_x (x^T x) = 2 x", "holds"),
    (r"\underbrace{x^T x + x^T x}_{= 2 x^T x} + b^T b = 2 x^T x + b^T b", "holds holds"),
    (r"\underbrace{x^T x + x^T x}_{= 3 x^T x} + b^T b = 2 x^T x + b^T b", "holds wrong"),
    (
        r"\begin{align*} (A B)^{\mathsf T} &= B^{\mathsf T} A^{\mathsf T}, & \det A &= 2 \det A^{\top} \end{align*}",
        "holds wrong",
    ),
    (r"\frac{\partial\, x^T A x}{\partial x} = (A + A^T) x \tag{7}", "holds"),
    (r"\det(A B) = \det(A) \det(B), \quad \operatorname{tr}(A + B) = \operatorname{tr} A - \operatorname{tr} B", "holds wrong"),
    (r"\partial (x^T x)/\partial x = 2 x", "holds"),
    (r"\left\lVert x - y \right\rVert_2^2 = \lVert x \rVert_2^2 + \lVert y \rVert_2^2", "wrong"),
]

# As blocks write them.
FROM_BLOCKS = [
    (r"\frac{\partial}{\partial X} \operatorname{tr}(X^T X) = 2 X", "holds"),
    (r"\nabla_x \frac12 \|A x - b\|^2 = A^T (A x - b)", "holds"),
    (r"\nabla_x \frac12 \|A x - b\|^2 = A (A x - b)", "wrong"),
    (r"\frac{\partial^2}{\partial x \partial x^T} (x^T A x) = A + A^T", "holds"),
    (r"A : B = \operatorname{tr}(A^T B)", "holds"),
    (r"A : B = \operatorname{tr}(A B)", "wrong"),
    (r"\sum_{i=1}^n x_i y_i = x^T y", "holds"),
    (r"\operatorname{vec}(A B) = (I \otimes A) \operatorname{vec}(B)", "holds"),
    (r"\operatorname{vec}(A B) = (B \otimes I) \operatorname{vec}(A)", "wrong"),
    (r"\frac{\partial}{\partial A} \log \det A = A^{-T}", "holds"),
    (r"x \odot y = \operatorname{diag}(x) y", "holds"),
    (r"\begin{aligned} x^T (A + B) x &= x^T A x + x^T B x \\ &= x^T A^T x + x^T B^T x \end{aligned}", "holds holds"),
]


def outcomes(text):
    document = check(text, settings=SETTINGS)
    return " ".join(row.outcome for row in sorted(document.equations, key=lambda row: row.span)), document


@pytest.mark.parametrize(("formula", "expected"), [*FROM_NOTES, *FROM_BLOCKS])
def test_a_formula_means_the_same_in_a_note_and_in_a_block(formula, expected):
    declared = "; ".join(f"{name}: {shape}" for name, shape in LETTERS.items())
    note, _ = outcomes(f"<!-- mdderive: {declared} -->\n\nWe have\n\n$$\n{formula}\n$$\n")
    block, _ = outcomes("```derive\n" + "\n".join(declared.split("; ")) + f"\n{formula}\n```\n")
    assert sorted(note.split()) == sorted(block.split()) == sorted(expected.split())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (r"\nabla f(x) = 2x \text{ where } f(x) = x^T x", "DRV208"),
        (r"\nabla_x (x^T x) = 2x \footnote{$x = 3x$}", "DRV208"),
        (r"\href{https://example.org}{x + x = 2x}", "DRV250"),
        (r"\begin{aligned} x + x = 2x \end{align}", "DRV211"),
        (r"\begin{aligned} x + x = 2x", "DRV202"),
        (r"\underbrace{x + x = 2x", "DRV202"),
        (r"x^T x + 1 \ge 1", "DRV124"),
        (r"\underbrace{x^T x}_{\ge 0} + a^T x = a^T x + x^T x", "DRV124"),
    ],
)
def test_a_block_refuses_what_it_would_have_to_guess(line, code):
    document = check(f"```derive\nx: n\na: n\n{line}\n```\n")
    assert code in {f.code for f in document.findings}
