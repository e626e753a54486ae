"""Nothing of a note is dropped silently: every token of a formula is accounted for, and every relation has its row.

A token stands in a side, is a relation or a separator, or belongs to words; what typesetting alone needs goes before tokens are
counted, and is listed here by name.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdderive.check.pipeline import check
from mdderive.document.passages import passages
from mdderive.latex.macros import expanded, macros_of
from mdderive.latex.normalise import cleaned
from mdderive.latex.notation import IMPLIES, RELATIONS
from mdderive.latex.relations import LAYOUT, SYSTEMS, sentences
from mdderive.latex.tokens import Token, tokens
from mdderive.model.diagnostics import Finding
from mdderive.model.results import Settings
from mdderive.model.source import Source
from mdderive.model.traced import Traced
from mdderive.reading.chains import note_of

SHARED = Path(__file__).resolve().parents[3] / "shared"
NOTES = [
    p
    for p in sorted([*SHARED.glob("notes/*.*"), *SHARED.glob("seeds/*.*")])
    if p.suffix in (".md", ".tex") and p.stem != "README"
]

SEPARATORS = {"&", r"\\", r"\quad", r"\qquad", ",", ";", ".", ":", r"\,"}
WORDS = {r"\text", r"\mbox", r"\textrm", r"\textbf", r"\textit", r"\mathrm", r"\rm", r"\hbox", r"\operatorname"}
ARRANGED = re.compile(rf"(?:{LAYOUT.pattern})|{'|'.join(SYSTEMS)}")
# What may be gone before tokens are counted: commands of typesetting, with what they take.
TYPESETTING = re.compile(
    r"\\(?:tag|label|hspace|vspace|eqref|ref|cite|phantom|[hv]phantom|color|textcolor|colorbox|footnote|(?:short)?intertext"
    r"|index|[vh]skip|linespread|setcounter|addtocounter)\*?\s*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\s*){1,2}"
    r"|\\(?:und|ov)erbrace|\\(?:stackrel|overset|underset)\s*\{(?:[^{}]|\{[^{}]*\})*\}|[_^]\s*\{(?:[^{}]|\{[^{}]*\})*\}"
    r"|\\[A-Za-z]+\*?|\\.|~|\s|\\kern[-\d.]+[a-z]+|[{}\[\]()|&$]"
)

NOTE = r"""
# What stands where

Words, $a = b \tag{1}$ and $$\begin{aligned} y &= A x + b, \quad \text{where $b$ is fixed} \\ &= c \label{e} \end{aligned}$$

\begin{align*}
f(x) &= x^T x \nonumber \\[2pt]
\Rightarrow \quad \nabla f &= 2 x \\
\end{align*}

- in a list $p \to q$, and `$code = x$`
- $\int_0^1 t dt = \frac12$, $g : \mathbb{R} \to \mathbb{R}$, $u < v \leq w$

$$= z$$

## A relation without a left side

$= w = v$
"""


def formulas(text: str, path: str) -> Iterator[tuple[Traced, Traced]]:
    """Yield the formulas of a note as they are written, macros expanded, and as they are read."""
    source = Source(text, path)
    macros = macros_of(text)
    for passage in passages(source, tex=path.endswith(".tex")).passages:
        if passage.kind in ("inline", "display"):
            whole = expanded(passage.text, macros)
            yield whole, cleaned(whole)[0]


def in_words(stream: tuple[Token, ...]) -> set[int]:
    """Return the numbers of the tokens that belong to `\text{…}` and to what stands in no formula font."""
    out: set[int] = set()
    for i, token in enumerate(stream):
        if token.text in WORDS and stream[i + 1].text == "{":
            depth, at = 0, i + 1
            while stream[at].kind != "stop":
                depth += (stream[at].text == "{") - (stream[at].text == "}")
                at += 1
                if depth == 0:
                    break
            out |= set(range(i, at))
        if not token.text.isascii():
            out.add(i)
    return out


def arguments(stream: tuple[Token, ...]) -> set[int]:
    """Return the numbers of the tokens that say how an environment arranges its columns, or how far a row end skips."""
    out: set[int] = set()
    for i, token in enumerate(stream):
        opener = stream[i + 1].text if token.kind != "stop" else ""
        closer = {"{": "}", "[": "]"}.get(opener)
        if closer and token.kind == "begin" and ARRANGED.fullmatch(token.text):
            end = next(j for j in range(i + 1, len(stream)) if stream[j].text == closer or stream[j].kind == "stop")
            out |= set(range(i + 1, end + 1))
    return out


def unaccounted(text: Traced) -> list[str]:
    """Return the tokens of a formula that are in no side, no relation, no separator and no words."""
    split = sentences(text.text)
    if isinstance(split, Finding) or "tikzpicture" in text.text:
        return []  # the formula is a row of its own, unread
    stream = tokens(text.text)
    taken = [(side.span.start, side.span.end) for sentence in split for side in sentence.sides]
    said, arranging = in_words(stream), arguments(stream)
    return [
        token.text
        for i, token in enumerate(stream)
        if token.kind != "stop"
        and not any(start <= token.span.start and token.span.end <= end for start, end in taken)
        and i not in said
        and i not in arranging
        and token.text not in RELATIONS | IMPLIES | SEPARATORS
        and not (token.kind in ("begin", "end") and ARRANGED.fullmatch(token.text))
    ]


def cut_out(whole: Traced, text: Traced) -> str:
    """Return what is gone from a formula before it is read, without what typesetting alone needs."""
    kept = {o for c, o in zip(text.text, text.origins, strict=True) if not c.isspace()}
    gone = "".join(c if o not in kept else "\0" for c, o in zip(whole.text, whole.origins, strict=True))
    return "".join(TYPESETTING.sub("", gone).split("\0"))


@pytest.mark.parametrize("path", NOTES or [None], ids=[p.name for p in NOTES] or ["none"])
def test_every_token_of_the_notes_is_accounted_for(path):
    if path is None:
        pytest.skip("../shared is absent: there are no notes to account for")
    assert [lost for _, text in formulas(path.read_text(encoding="utf-8"), path.name) for lost in unaccounted(text)] == []


def test_every_token_of_a_note_is_accounted_for():
    found = list(formulas(NOTE, "note.md"))
    assert len(found) == 9
    assert [lost for _, text in found for lost in unaccounted(text)] == []
    assert [cut_out(*pair) for pair in found] == [""] * len(found)


def test_every_relation_has_its_row():
    rows = check(NOTE, "note.md", settings=Settings(equations=True)).equations
    note = note_of(Source(NOTE, "note.md"))
    assert len(rows) == sum(len(chain.relations) for chain in note.chains) + len(note.unread)
    assert [row.latex for row in rows if row.outcome == "unread" and not row.why] == []
