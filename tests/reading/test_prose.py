"""What the words of a note say about its letters."""

import pytest

from mdderive.model.source import Source
from mdderive.reading.chains import note_of
from mdderive.reading.purposes import iterates


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


SIZED = [
    "Let $u$ be a vector with $k$ coordinates, and let us go on.",
    "这里 $u$ 是一个 $k$ 维的向量。",
    "Nun sei $u$ ein Vektor mit $k$ Koordinaten, und das ist alles.",
    "On note $u$ un vecteur de longueur $k$ dans la suite.",
    "Se toma $u$ un vector con $k$ coordenadas, es decir, una columna.",
    "Prendiamo $u$ un vettore con $k$ coordinate, che è una colonna.",
    "Tome-se $u$ um vetor com $k$ coordenadas, que é uma coluna.",
    "Возьмём $u$ — вектор длины $k$.",
    "$u$ は $k$ 個の成分をもつベクトルとする。",
    "$u$ 는 크기 $k$ 인 벡터라고 하자.",
]
RECTANGULAR = [
    "The matrix $M$ of size $k \\times l$ is given.",
    "矩阵 $M$ 的大小为 $k \\times l$。",
    "Es sei $M$ eine Matrix der Größe $k \\times l$, die wir nicht kennen.",
    "Prenons $M$ une matrice de taille $k \\times l$ pour la suite.",
    "Se da $M$ una matriz de tamaño $k \\times l$ para la que sigue.",
    "Si prenda $M$ una matrice di dimensione $k \\times l$, che non è data.",
    "Tome-se $M$ uma matriz de tamanho $k \\times l$, que não é dada.",
    "Дана матрица $M$ размера $k \\times l$.",
    "$M$ は大きさ $k \\times l$ の行列とする。",
    "$M$ 는 크기가 $k \\times l$ 인 행렬이다.",
]
ENTRYWISE = [
    "Here $g$ is a nonlinearity applied to each entry.",
    "函数 $g$ 逐元素作用。",
    "Hier ist $g$ eine Funktion, die elementweise wirkt, und das ist alles.",
    "Ici $g$ est une fonction appliquée coordonnée par coordonnée.",
    "Aquí $g$ es una función que se aplica a cada componente.",
    "Qui $g$ è una funzione che agisce termine a termine.",
    "Aqui $g$ é uma função aplicada a cada elemento.",
    "Здесь $g$ — функция, применяемая покомпонентно.",
    "ここで $g$ は各成分に作用する関数である。",
    "여기서 $g$ 는 각 성분에 작용하는 함수이다.",
]


@pytest.mark.parametrize("text", SIZED)
def test_the_length_of_a_vector(text):
    assert ("u", "column", "k") in said(text)


@pytest.mark.parametrize("text", RECTANGULAR)
def test_the_shape_of_a_matrix(text):
    assert ("M", "matrix", "k x l") in said(text)


@pytest.mark.parametrize("text", ENTRYWISE)
def test_functions_that_act_entrywise(text):
    assert ("g", "function", "") in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Usamos la disposición del {} en todo.",
        "Adottiamo la convenzione del {} ovunque.",
        "Usamos o layout do {} sempre.",
        "Используется раскладка по {}.",
    ],
)
def test_a_layout_by_its_name(text):
    for layout, name, russian in (("numerator", "numera", "числителю"), ("denominator", "denomina", "знаменателю")):
        word = russian if "раскладка" in text else name + ("tore" if "convenzione" in text else "dor")
        assert [s.layout for s in note_of(Source(text.format(word))).layouts] == [layout]


@pytest.mark.parametrize(
    "behind",
    [
        "where $M$ is an $m \\times n$ matrix. We treat $M$ as constant.",
        "Here $M$ is an $m \\times n$ matrix. We treat $M$ as constant.",
        "なお、$M$ は $m \\times n$ 行列である。$M$ は固定されている。",
    ],
)
def test_what_is_called_constant_behind_a_formula_is_so_in_it(behind):
    text = f"Hence\n\n$$d(M x) = M dx$$\n\n{behind}"
    (fact,) = note_of(Source(text)).facts
    assert fact.says == "constant"
    assert fact.reach.start <= text.index("$$")


def test_an_inverse_is_no_earlier_iterate():
    assert not iterates(r"A^{-T}", r"-A^{-1}")
    assert iterates("w^{t}", r"w^{t-1} - g")


def test_a_word_that_is_about_an_operation_makes_no_function():
    assert said("即函数$f$对矩阵$X$逐元素求导") == {("X", "matrix", "")}
    assert said("where $x$ is a vector that is orthogonal to $y$") == {("x", "column", "")}


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
        ("Here $M$ does not depend on the variables.", {("M", "constant")}),
        ("Dabei hängt $M$ nicht von den Variablen ab, und das ist alles.", {("M", "constant")}),
        ("Ici $M$ ne dépend pas des variables, et on le dit.", {("M", "constant")}),
        ("We assume that $M$ commutes with $N$.", {("M", "N", "commute")}),
        ("Supponiamo che $M$ commuti con $N$, e che questo sia noto.", {("M", "N", "commute")}),
        ("Wir setzen voraus, dass $M$ mit $N$ vertauscht, und das ist alles.", {("M", "N", "commute")}),
        ("Let $u$ be perpendicular to $v$.", {("u", "v", "perpendicular")}),
        ("设 $u$ 与 $v$ 垂直。", {("u", "v", "perpendicular")}),
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
