"""What the words of a sentence do with its formulas, in ten languages."""

import pytest

from mdderive.document.passages import passages
from mdderive.model.source import Source
from mdderive.reading.discourse import sayings, spoken
from mdderive.reading.lexicon import LANGUAGES, LOOKED_UP, MEANINGS, SIGNS, rows
from mdderive.reading.phrases import languages


def acts(text):
    """Return the acts of the formulas of a text in order."""
    found = passages(Source(text, "-")).passages
    said = {n: act for saying in sayings(found, spoken(found)) for n, act in saying.formulas.items()}
    return [said[n] for n in sorted(said)]


DENIED = [
    "A very common error is $a = b$.",
    "Students often make the mistake of writing $a = b$.",
    "It does not follow that $a = b$.",
    "We cannot conclude $a = b$.",
    "The equation $a = b$ is not true in general.",
    "Note that $a = b$ does not hold.",
    "Some write $a = b$. It is wrong.",
    "$$a = b$$\n\nThis is false.",
    "有人误以为 $a = b$。",
    "等式 $a = b$ 并不成立。",
    "Es stimmt nicht, dass $a = b$.",
    "Die Gleichung $a = b$ ist im Allgemeinen falsch.",
    "Il n'est pas vrai que $a = b$.",
    "L'égalité $a = b$ est fausse.",
    "No es cierto que $a = b$.",
    "La igualdad $a = b$ no se cumple.",
    "Un errore molto comune è scrivere $a = b$.",
    "Non è vero che $a = b$.",
    "Um erro comum é escrever $a = b$.",
    "A igualdade $a = b$ não vale.",
    "Распространённая ошибка — писать $a = b$.",
    "Равенство $a = b$ не выполняется.",
    "等式 $a = b$ は正しくない。",
    "$a = b$ とするのはよくある誤りである。",
    "- ❌ $a = b$\n- ✗ $a = b$",
    "The equation $a = b$, in general, is false.",
    "Равенство $a = b$, вообще говоря, неверно.",
    "不能认为 $a = b$。",
    "请看\n\n$$a = b$$\n\n并不总是成立。",
    "$a = b$ と考えてはならない。",
    "$a = b$ (틀림!)",
    "흔한 실수는 $a = b$ 라고 쓰는 것이다.",
    "등식 $a = b$ 는 성립하지 않는다.",
    "It would be rash to conclude that $a = b$.",
    "Vermeiden Sie den Fehler, $a = b$ zu schreiben.",
    "On évitera d'écrire $a = b$.",
    "Nunca escriba $a = b$.",
    "Нет оснований полагать, что $a = b$.",
    "似乎\n\n$$a = b$$\n\n，其实不对。",
    "$$a = b$$\n\nとは言えない。",
    "$$a = b$$\n\n는 항상 성립하는 것은 아니다.",
]
ASKED = [
    "Does $a = b$ hold?",
    "Let us check whether $a = b$.",
    "试问 $a = b$ 是否成立？",
    "Ist $a = b$ richtig?",
    "Est-ce que $a = b$ ?",
    "¿Es verdad que $a = b$?",
    "È vero che $a = b$?",
    "Será que $a = b$?",
    "Верно ли равенство $a = b$?",
    "$a = b$ は正しいだろうか。",
    "$a = b$ 가 성립하는가?",
]
CONDITIONS = [
    "If $a = b$, then $c = d$.",
    "Provided $a = b$ we have $c = d$.",
    "当 $a = b$ 时，有 $c = d$。",
    "Falls $a = b$, so folgt $c = d$.",
    "Lorsque $a = b$, on obtient $c = d$.",
    "Ist $a = b$, so ist $c = d$ und das ist alles.",
    "Im Fall $a = b$ gilt $c = d$, und das ist alles.",
    "만약 $a = b$ 이면 $c = d$ 이다.",
    "在 $a = b$ 的条件下，有 $c = d$。",
    "Cuando $a = b$, se tiene $c = d$.",
    "Quando $a = b$, allora $c = d$.",
    "Caso $a = b$, então $c = d$.",
    "Когда $a = b$, получаем $c = d$.",
    "$a = b$ のとき、よって $c = d$ となる。",
    "$a = b$ 이면, 따라서 $c = d$.",
]
NOT_SUPPOSED = [
    "We do not assume $a = b$.",
    "Whether or not $a = b$, the result is the same.",
    "Unless $a = b$, we are done.",
    "Without assuming $a = b$ we go on.",
    "不假设 $a = b$。",
    "无论 $a = b$ 与否。",
    "Wir setzen nicht voraus, dass $a = b$.",
    "Auch wenn $a = b$ ist.",
    "Même si $a = b$.",
    "Aunque $a = b$.",
    "Anche se $a = b$.",
    "Mesmo que $a = b$.",
    "Даже если $a = b$.",
    "$a = b$ は仮定しない。",
    "$a = b$ 여부와 관계없이 그렇다.",
]
CLAIMED = [
    "Hence $a = b$.",
    "Rule: $a = b$.",
    "It is not hard to see that $a = b$.",
    "The squared error gives $a = b$.",
    "Show that $a = b$.",
    "Mit anderen Worten: $a = b$, und das ist alles.",
    "Ou seja, $a = b$, que é uma igualdade.",
    "Why is $a = b$?",
    "A mistake. But $a = b$.",
    "由此推出 $a = b$。",
    "Daher gilt $a = b$.",
    "On a donc $a = b$.",
    "Por lo tanto $a = b$.",
    "Quindi $a = b$.",
    "Portanto, $a = b$.",
    "Следовательно, $a = b$.",
    "したがって $a = b$ が成り立つ。",
    "그러므로 $a = b$ 가 성립한다.",
    "Nothing prevents us from concluding that $a = b$.",
    "We avoid long sums and obtain $a = b$.",
    "They do not commute, so $a = b$.",
    "Wir benutzen die Kettenregel nicht und erhalten $a = b$.",
    "On n'utilise pas la règle de la chaîne et on obtient $a = b$.",
    "Nada impide concluir que $a = b$.",
    "Non resta che scrivere $a = b$.",
    "Não há dúvida de que $a = b$.",
    "Ничто не мешает заключить, что $a = b$.",
    "$a = b$ に他ならない。",
    "逆行列の存在は保証されないが、$a = b$ である。",
    "$a = b$ 라고 해도 문제가 없다.",
    "毫无疑问，$a = b$。",
]


@pytest.mark.parametrize("text", DENIED)
def test_what_is_denied(text):
    assert set(acts(text)) == {"deny"}


@pytest.mark.parametrize("text", ASKED)
def test_what_is_asked(text):
    assert acts(text) == ["ask"]


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_and_what_follows_from_it(text):
    first, second = acts(text)
    assert first == "if"
    assert second in ("", "assert")


@pytest.mark.parametrize("text", NOT_SUPPOSED)
def test_what_is_expressly_not_supposed(text):
    assert acts(text) == ["waive"]


@pytest.mark.parametrize("text", CLAIMED)
def test_what_is_claimed(text):
    assert acts(text)[0] in ("", "assert")


def test_a_verb_behind_a_formula_supposes_it():
    assert acts("From now on, $a = b$ is assumed.") == ["suppose"]
    assert acts("It is assumed that $a = b$.") == ["suppose"]


def test_a_colon_leaves_an_act_open_for_the_items_below():
    assert acts("The following are wrong:\n\n- $a = b$\n- $c = d$\n\nBut $e = f$.") == ["deny", "deny", ""]
    assert acts("Suppose that:\n\n1. $a = b$\n2. $c = d$\n\nThen $e = f$.") == ["suppose", "suppose", "assert"]


def test_a_sentence_runs_through_a_display():
    assert acts("It is false that\n\n$$a = b$$\n\nNow $c = d$.") == ["deny", ""]
    assert acts("The identity\n\n$$a = b$$\n\ndoes not hold.") == ["deny"]
    assert acts("Suppose\n$$a = b.$$\nThen\n$$c = d.$$") == ["suppose", "assert"]


@pytest.mark.parametrize("language", [*LANGUAGES, SIGNS])
def test_rows_have_meanings_and_no_spelling_stands_twice(language):
    found = rows(language)
    assert not found.keys() - MEANINGS.keys()
    every = [s for meaning, spellings in found.items() if meaning not in LOOKED_UP for s in spellings]
    assert not {s for s in every if every.count(s) > 1}


def test_languages_are_told_by_their_words():
    assert languages("Die Matrix ist symmetrisch und wir setzen das ein")[0] == "de"
    assert languages("Si la matrice est symétrique alors on a")[0] == "fr"
    assert languages("この行列は対称である")[0] == "ja"
    assert languages("矩阵的迹")[0] == "zh"
