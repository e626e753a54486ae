"""What the words of a note say about its letters."""

import pytest

from mdderive.notes.chains import note_of
from mdderive.source import Source


def said(text, **options):
    return {
        (p.clue.name, p.clue.kind, str(p.clue.shape or ""), *sorted(p.clue.properties))
        for p in note_of(Source(text), **options).clues
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"where $a$ is an $m \times 1$ column vector", {("a", "column", "m")}),
        (r"其中 $a$ 是 $m \times 1$ 列向量，$X$ 是 $m \times n$ 矩阵", {("a", "column", "m"), ("X", "matrix", "m x n")}),
        (r"$M$ is symmetric", {("M", "", "", "symmetric")}),
        (r"$M$ is not symmetric", set()),
        (r"the symmetric matrix $M$", {("M", "matrix", "", "symmetric")}),
        (r"$a, b$ are constants", {("a", "", "", "constant"), ("b", "", "", "constant")}),
        (r"注意这里的 $a,b$ 是常量", {("a", "", "", "constant"), ("b", "", "", "constant")}),
        (r"для матрицы $A$ и вектора $x$", {("A", "matrix", ""), ("x", "column", "")}),
        (r"$\sigma$ is an element-wise function", {(r"\sigma", "function", "")}),
        (
            r"$A \in \mathbb{R}^{m \times n}$, $x, y \in \mathbb{R}^n$",
            {("A", "matrix", "m x n"), ("x", "column", "n"), ("y", "column", "n")},
        ),
        (r"$X_{m \times n}$ and $b : (n, 1)$", {("X", "matrix", "m x n"), ("b", "column", "n")}),
        (r"$f$ 是矩阵 $X$ 的函数", {("X", "matrix", "")}),
    ],
)
def test_words_declare(text, found):
    assert said(text) == found


def test_directives_and_front_matter_declare():
    text = "---\nmdderive:\n  - A: n x n, symmetric\n---\n<!-- mdderive: x: n; constant a, b -->"
    assert said(text) == {
        ("A", "matrix", "n x n", "symmetric"),
        ("x", "column", "n"),
        ("a", "", "", "constant"),
        ("b", "", "", "constant"),
    }
    assert said("% mdderive: x: n\n", tex=True) == {("x", "column", "n")}
    assert said("", declared=("x: n",)) == {("x", "column", "n")}


def test_a_directive_that_cannot_be_read_is_a_finding():
    assert [f.code for f in note_of(Source("<!-- mdderive: x: what -->")).findings] == ["DRV113"]
