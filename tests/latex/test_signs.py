"""What is sought only in texts that hold a sign is in no other text: by the regular expressions themselves."""

import re._constants as code
import re._parser as grammar

import pytest

from mdderive.latex import normalise, spellings
from mdderive.model.traced import Sought


def _all():
    for name, value in (*vars(normalise).items(), *vars(spellings).items()):
        if isinstance(value, Sought):
            yield name, value
        elif isinstance(value, tuple):
            yield from (
                (f"{name}: {row[0].pattern}", row[0]) for row in value if isinstance(row, tuple) and isinstance(row[0], Sought)
            )


def certain(parsed, signs):
    """Tell whether whatever a regular expression matches holds one of the signs."""
    run = ""
    for kind, told in parsed:
        run = run + chr(told) if kind is code.LITERAL else ""
        if any(sign in run for sign in signs) or _item(kind, told, signs):
            return True
    return False


def _item(kind, told, signs):
    if kind is code.BRANCH:
        return all(certain(branch, signs) for branch in told[1])
    if kind is code.SUBPATTERN:
        return certain(told[3], signs)
    if kind in (code.MAX_REPEAT, code.MIN_REPEAT):
        return told[0] > 0 and certain(told[2], signs)
    if kind is code.ASSERT:
        return certain(told[1], signs)
    if kind is code.IN:
        return all(
            (k is code.LITERAL and chr(t) in signs) or (k is code.RANGE and all(chr(c) in signs for c in range(t[0], t[1] + 1)))
            for k, t in told
        )
    return False


@pytest.mark.parametrize(("name", "sought"), [*_all()])
def test_what_is_sought_holds_a_sign(name, sought):
    assert certain(grammar.parse(sought.pattern, sought.flags), sought.signs), name


def test_a_sign_that_may_be_missing_is_noticed():
    assert certain(grammar.parse(r"\\(?:ab|cb)+x?"), ("ab", "cb"))
    assert not certain(grammar.parse(r"\\(?:ab|cb)*x"), ("ab", "cb"))
    assert not certain(grammar.parse(r"(?!ab)c"), ("ab",))


def test_in_other_texts_nothing_is_compiled():
    sought = Sought("(", "(")
    assert not [*sought.finditer("a")]
    assert sought.search("a") is None
