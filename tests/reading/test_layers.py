"""Marks where powers stand: a note that differentiates by W^{l} does not mean a power."""

from mdderive.latex.layers import layered, marked
from mdderive.model.traced import traced


def spelled(text):
    return marked(traced(text, 0, len(text)), layered([text])).text


def test_what_a_note_differentiates_by_has_a_mark():
    text = r"\frac{\partial J}{\partial V^{l}} + V^{l-1} + c^l"
    assert spelled(text) == r"\frac{\partial J}{\partial V^{(l)}} + V^{(l-1)} + c^l"


def test_a_mark_of_several_letters_is_one_at_every_letter():
    text = r"\frac{\partial J}{\partial V^{out}} = u^{out} v_k^{out}"
    assert spelled(text) == r"\frac{\partial J}{\partial V^{(out)}} = u^{(out)} v_k^{(out)}"


def test_transposes_and_second_derivatives_are_no_marks():
    for text in (r"\frac{\partial f}{\partial z^T} = z^T", r"\frac{\partial^2 f}{\partial z^2} = z^2", "z^n"):
        assert spelled(text) == text
