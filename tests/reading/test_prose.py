"""What the words of a note say about its letters."""

import pytest

from mdderive.model.source import Source
from mdderive.reading.chains import note_of


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


def facts(text):
    return {(*fact.names, fact.says) for fact in note_of(Source(text)).facts}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$M$ is symmetric.", {("M", "symmetric")}),
        ("the symmetric matrix $M$", {("M", "symmetric")}),
        ("$a, b$ are constants", {("a", "constant"), ("b", "constant")}),
        ("注意这里的 $a,b$ 是常量", {("a", "constant"), ("b", "constant")}),
        ("Let $A$ and $B$ be invertible, symmetric matrices.", {(n, p) for n in "AB" for p in ("invertible", "symmetric")}),
        ("für symmetrisches $A$", {("A", "symmetric")}),
        ("Sei $A$ positiv definit und $x$ ein Vektor.", {("A", "positive definite")}),
        ("où $A$ est une matrice symétrique", {("A", "symmetric")}),
        ("Sea $Q$ una matriz ortogonal.", {("Q", "orthogonal")}),
        ("Sia $D$ una matrice diagonale.", {("D", "diagonal")}),
        ("Seja $A$ uma matriz invertível.", {("A", "invertible")}),
        ("Пусть матрицы $A$ и $B$ симметричны.", {("A", "symmetric"), ("B", "symmetric")}),
        ("行列 $A$ は対称であるとする。", {("A", "symmetric")}),
        ("행렬 $A$ 가 대칭이라고 하자.", {("A", "symmetric")}),
        ("设 $A$ 与 $B$ 可交换。", {("A", "B", "commute")}),
        ("The matrices $A$ and $B$ commute.", {("A", "B", "commute")}),
        ("Let $u$ and $v$ be orthogonal vectors.", {("u", "v", "perpendicular")}),
        ("where $A = A^T$", {("A", "symmetric")}),
        (r"Then $$2 A x \text{ for symmetric } A$$", {("A", "symmetric")}),
        ("$M$ is not symmetric.", set()),
        ("$M$ need not be symmetric.", set()),
        ("Let $M$ be asymmetric.", set()),
        ("Is $M$ symmetric?", set()),
        ("Even if $M$ is not symmetric, fine.", set()),
        ("Whether or not $M$ is symmetric, fine.", set()),
        ("In the next section we assume that $M$ is symmetric.", set()),
        ("We no longer assume that $M$ is symmetric.", set()),
        ("$M^T M$ is symmetric.", set()),
        ("The symmetric part of $M$.", set()),
        ("Unless $M = M^T$, fine.", set()),
        ("$M$ ist nicht symmetrisch.", set()),
        ("Soit $M$ une matrice non symétrique.", set()),
        ("$M$ no es simétrica.", set()),
        ("$M$ non è simmetrica.", set()),
        ("$M$ não é simétrica.", set()),
        ("Матрица $M$ не симметрична.", set()),
        ("$M$ は対称でない。", set()),
        ("$M$ 는 대칭이 아니다.", set()),
        ("$M$ 不是对称矩阵。", set()),
        ("无论 $M$ 是否对称。", set()),
    ],
)
def test_words_give_properties_to_letters(text, found):
    assert facts(text) == found
