"""The formulas of a note as the reader expects them: macros expanded, marks of layers told from powers, split into statements."""

from collections.abc import Iterable
from dataclasses import dataclass

from mdderive.latex.layers import layered, marked
from mdderive.latex.macros import expanded, macros_of
from mdderive.latex.normalise import cleaned
from mdderive.latex.relations import Sentence, sentences
from mdderive.model.diagnostics import Finding
from mdderive.model.traced import Traced


@dataclass(frozen=True, slots=True)
class TypesetFormula:
    """A formula with its statements, or why it has none; `notes` are the formulas that are annotated in it."""

    text: Traced
    split: tuple[Sentence, ...] | Finding
    notes: tuple["TypesetFormula", ...] = ()


def typeset(formulas: Iterable[Traced], whole: str) -> list[TypesetFormula]:
    """Return the formulas of a whole text."""
    formulas, macros = tuple(formulas), macros_of(whole)
    layers = layered(formula.text for formula in formulas)
    found: list[TypesetFormula] = []
    for formula in formulas:
        text, notes = cleaned(marked(expanded(formula, macros), layers))
        own = tuple(TypesetFormula(note, sentences(note.text)) for note in notes)
        found.append(TypesetFormula(text, sentences(text.text), own))
    return found
