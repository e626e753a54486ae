"""Every language of notes has a row of every kind that English has, but for those that its grammar or its notes do without."""

import pytest

from mdderive.reading.lexicon import BASE, LANGUAGES, rows

BEHIND = "the word stands behind what it speaks of: the row that ends in `-behind` has it"
GRAMMAR = "the language has no such word"
ENGLISH = "such sentences are read in English notes alone"
WITHOUT: dict[str, tuple[str, set[str]]] = {
    "article": (GRAMMAR, {"ja", "ko", "ru", "zh"}),
    "function-word": ("letters of its own tell the language", {"ja", "ko", "zh"}),
    "abbreviation": ("its full stop is another sign, or ends sentences alone", {"ja", "ko", "zh"}),
    "inverted": ("a verb in front opens no condition", {"es", "fr", "it", "ja", "ko", "pt", "ru", "zh"}),
    "should": ("a verb in front opens no condition", {"es", "fr", "it", "ja", "ko", "pt", "ru", "zh"}),
    "contrary": ("a verb in front opens no condition", {"es", "fr", "it", "ja", "ko", "pt", "ru", "zh"}),
    "that": ("no comma parts a verb from what it says", {"es", "fr", "it", "ja", "ko", "pt", "zh"}),
    "suppose-behind": ("the verb stands in front", {"de", "es", "fr", "it", "pt", "ru", "zh"}),
    "since": (BEHIND, {"ja", "ko"}),
    "solve": (BEHIND, {"ja", "ko"}),
    "waive": (BEHIND, {"ja", "ko"}),
    "through": (BEHIND, {"ja", "ko"}),
    "unadopted": (BEHIND, {"ko"}),
    "of-function": (BEHIND, {"ja", "ko", "zh"}),
    "by-letter": (BEHIND, {"ja", "ko"}),
    "let": ("`suppose-behind` has its verbs", {"ja", "ko"}),
    "warn": ("`false` has what forbids, behind the formula", {"ja", "ko"}),
    "error": ("`false` has its words", {"ja"}),
    "seek": (ENGLISH, {*LANGUAGES} - {BASE}),
    "disowned": (ENGLISH, {*LANGUAGES} - {BASE}),
    "takes-shape": (ENGLISH, {*LANGUAGES} - {BASE}),
    "variable": (ENGLISH, {*LANGUAGES} - {BASE, "zh"}),
    "adds-up": (ENGLISH, {*LANGUAGES} - {BASE}),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_kind_of_row(language: str) -> None:
    absent = rows(BASE).keys() - rows(language).keys()
    excused = {row for row, (_, without) in WITHOUT.items() if language in without}
    assert absent - excused == set(), f"add a row to mdderive/reading/lexicon/{language}.txt, or say here why it has none"
    assert excused - absent == set(), f"{language} has such a row now: take it out here"
