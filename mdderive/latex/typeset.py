"""The formulas of a note as the reader expects them: macros expanded, marks of layers told from powers, split into statements."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mdderive.latex.bare_sums import with_indices
from mdderive.latex.commutations import commute, with_sizes_apart
from mdderive.latex.layers import layered, marked
from mdderive.latex.long_names import long_names, upright
from mdderive.latex.macros import expanded, macros_of
from mdderive.latex.normalise import cleaned
from mdderive.latex.relations import Sentence, sentences
from mdderive.latex.size_marks import SizeMark, several, size_marks, without_sizes
from mdderive.model.diagnostics import Finding
from mdderive.model.traced import Traced

_BOLD = r"\\(?:mathbf|boldsymbol|bm|pmb)"
_OPERAND = (
    r"\s*(?:[A-Za-z(\[|]|\\(?:left|\||langle|lVert|lvert|operatorname|log|ln|exp|det|tr|ell|sigma|theta|phi|psi|mu|math\w+|boldsymbol|bm"
    r"|vec|hat|bar|tilde)(?![A-Za-z]))"
)
_BOLD_D = re.compile(rf"{_BOLD}\s*\{{\s*d\s*\}}(?P<operand>(?={_OPERAND}))?")
_BOLD_DX = re.compile(rf"(?P<font>{_BOLD}\s*)\{{\s*d(?P<of>\s*[A-Za-z])\s*\}}")


@dataclass(frozen=True, slots=True)
class TypesetFormula:
    """A formula with its statements, or why it has none; `notes` are the formulas that are annotated in it."""

    text: Traced
    split: tuple[Sentence, ...] | Finding
    notes: tuple["TypesetFormula", ...] = ()
    sized: tuple[SizeMark, ...] = ()


def typeset(formulas: Iterable[Traced], whole: str) -> list[TypesetFormula]:
    """Return the formulas of a whole text."""
    formulas, macros = tuple(formulas), macros_of(whole)
    layers = layered(formula.text for formula in formulas)
    bold = [d for formula in formulas for d in _BOLD_D.finditer(formula.text)]
    differential = bool(bold) and all(d["operand"] is not None for d in bold)
    marked_formulas = (marked(expanded(formula, macros), layers) for formula in formulas)
    clean = [cleaned(_upright(formula) if differential else formula) for formula in marked_formulas]
    if commute(text.text for text, _ in clean):
        clean = [(with_sizes_apart(text), notes) for text, notes in clean]
    sized = [size_marks(text) for text, _ in clean]
    apart = several(sized)
    found: list[TypesetFormula] = []
    for (text, notes), marks in zip(clean, sized, strict=True):
        own = tuple(_read(without_sizes(note, apart)) for note in notes)
        shown = tuple(mark for mark in marks if mark.name not in apart)
        found.append(_read(with_indices(without_sizes(text, apart)), own, shown))
    names = long_names((f.text.text, f.split) for f in found if not isinstance(f.split, Finding))
    return [_named(f, names) for f in found] if names else found


def _read(text: Traced, notes: tuple[TypesetFormula, ...] = (), sized: tuple[SizeMark, ...] = ()) -> TypesetFormula:
    return TypesetFormula(text, sentences(text.text), notes, sized)


def _named(formula: TypesetFormula, names: frozenset[str]) -> TypesetFormula:
    """Return a formula with the names of several letters as such."""
    text, notes = upright(formula.text, names), tuple(_named(note, names) for note in formula.notes)
    return formula if (text, notes) == (formula.text, formula.notes) else _read(text, notes, formula.sized)


def _upright(text: Traced) -> Traced:
    r"""Return a formula with the d of `\mathbf{d} \mathbf{x}` upright: a note in which it never stands alone has no vector d."""
    apart = text.replaced(_BOLD_DX, lambda found: (r"\mathrm{d}", found.span("font"), "{", found.span("of"), "}"))
    return apart.replaced(_BOLD_D, lambda _: (r"\mathrm{d}",))
