r"""A story to an HTML fragment: given, steps that fold, result, how it was verified, and what can be copied.

Every formula stands in an element of the class `arithmatex`, as TeX between `\(` and `\)`, for KaTeX or MathJax. A caption links
to `#rule-NAME`. Whatever Markdown or a template could read is written as an entity, and no line is blank, so that a fragment
means the same in any text.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mdderive.model.diagnostics import Language
from mdderive.model.source import STEERING
from mdderive.output.alike import alike, turned
from mdderive.output.markdown import formula, tight
from mdderive.output.story import Copies, Displayed, Math, Piece, Prose, Remark, Row, Steps, Title, Words
from mdderive.output.words import word
from mdderive.rules.book import BOOK
from mdderive.rules.statement import Rule

_MARKS = frozenset("&<>{}[]`*_~^|!=+#\\$")
_OPENING = frozenset({"&#36;", "&#92;"})
_PLAIN = frozenset(" .,()-;/")
_SHORT = 30  # characters of LaTeX that a line of a phone has room for
_STOPS = frozenset(".,;:)。，；：、）")
_HIDDEN = "data-search-exclude"  # what a search of the site does not find
_RULES = {rule.name: rule for rule in BOOK}


def html(pieces: Sequence[Piece]) -> list[str]:
    """Return the lines of a story as HTML."""
    pieces = alike(pieces)
    foot = [line for piece in pieces if isinstance(piece, Remark | Copies) for line in _foot(piece)]
    body = [line for piece in _with_results(pieces) for line in _piece(piece)]
    closing = [f'<div class="mdderive-foot" {_HIDDEN}>', *foot, "</div>"] if foot else []
    return ['<div class="mdderive">', *body, *closing, "</div>"]


def _with_results(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces, with a result wherever it is only told by the last of the steps, which fold."""
    results = {i for i, piece in enumerate(pieces) if isinstance(piece, Displayed) and piece.result}
    for i, piece in enumerate(pieces):
        yield piece
        if not isinstance(piece, Steps):
            continue
        told = next((j for j in (i - 1, i + 1) if j in results), None)
        results -= {told}  # the result of these steps is not that of the next
        if told is None:
            left = next((row.left for row in reversed(piece.rows) if row.left), "")
            yield Displayed(f"{left} = {piece.rows[-1].right}", result=True)


def _piece(piece: Piece) -> list[str]:
    match piece:
        case Title(text):
            return [f'<p class="mdderive-title">{escaped(text)}</p>']
        case Prose(words):
            return [f'<p class="mdderive-said" {_HIDDEN}>{_sentence(words)}</p>']
        case Steps(rows, lang):
            return _steps(rows, lang)
        case Displayed(latex, result):
            kind = "mdderive-result" if result else "mdderive-claim"
            return [f'<div class="{kind} mdderive-formula">{_set(latex)}</div>']
        case Remark() | Copies():
            return []


def _steps(rows: Sequence[Row], lang: Language) -> list[str]:
    count = word("step" if len(rows) == 1 else "steps", lang, n=len(rows))
    head = [f'<details class="mdderive-steps" {_HIDDEN}>', f"<summary>{count}</summary>", '<ol class="mdderive-rows">']
    return [*head, *(line for row in rows for line in _row(row, lang)), "</ol>", "</details>"]


def _row(row: Row, lang: Language) -> Iterator[str]:
    yield "<li>"
    yield f'<span class="mdderive-left">{_set(row.left) if row.left else ""}</span>'
    yield f'<span class="mdderive-right mdderive-formula">{_set(f"{{}} = {row.right}")}</span>'
    if row.caption:
        yield f'<span class="mdderive-why">{_caption(row, lang)}</span>'
    yield "</li>"


def _caption(row: Row, lang: Language) -> str:
    """Return a caption that links to the first of its rules and shows what all of them state."""
    rules = [_RULES[name] for name in row.rules if name in _RULES]
    if not rules:
        return _sentence(row.caption)
    shown = "".join(f"<span>{_statement(rule, lang)}</span>" for rule in rules)
    link = f'<a class="mdderive-rule" href="#rule-{rules[0].name}">{_sentence(row.caption)}</a>'
    return f'{link}<span class="mdderive-tip" role="note">{shown}</span>'


def entry(rule: Rule, lang: Language) -> str:
    """Return the entry of a rule in a list of them, which captions link to."""
    return f'<dt id="rule-{rule.name}">{escaped(rule.zh if lang == "zh" else rule.en)}</dt><dd>{_statement(rule, lang)}</dd>'


def _statement(rule: Rule, lang: Language) -> str:
    said = _set(turned(tight(f"{rule.lhs} = {rule.rhs}")))
    return f"{said} {word('where', lang)}{escaped(rule.when)}" if rule.when else said


def _foot(piece: Remark | Copies) -> list[str]:
    match piece:
        case Remark(_, outcome, brief, rest) if brief and rest:
            summary = f"<summary>{_sentence(brief)}</summary>"
            return [f'<details class="mdderive-note mdderive-{outcome}">{summary}<p>{_sentence(rest)}</p></details>']
        case Remark(words, outcome):
            return [f'<p class="mdderive-note mdderive-{outcome}">{_sentence(words)}</p>']
        case Copies(forms, lang):
            buttons = [_button(name, text, lang) for name, text in forms]
            copied = word("copied", lang)
            return [f'<div class="mdderive-copies" data-copied="{copied}"><span>{word("copy", lang)}</span>', *buttons, "</div>"]


def _button(name: str, text: str, lang: Language) -> str:
    name = word("source of the block", lang) if name == "source" else name
    label = word("copy as", lang, what=name)
    return f'<button type="button" aria-label="{label}" data-copy="{attribute(text)}">{name}</button>'


def _set(latex: str) -> str:
    """Return a formula in its element, as large as a displayed one and broken into lines where it can be."""
    return _inline(rf"\displaystyle {latex}")


def _sentence(words: Words) -> str:
    """Return a sentence in which a stop does not begin a line behind a short formula."""
    out = ""
    for before, this in pairwise(("", *words)):
        if isinstance(this, Math):
            out += _inline(this.latex)
        elif isinstance(before, Math) and len(before.latex) <= _SHORT and this[:1] in _STOPS:
            shown = _inline(before.latex)
            out = f'{out.removesuffix(shown)}<span class="mdderive-kept">{shown}{this[0]}</span>{escaped(this[1:])}'
        else:
            out += escaped(this)
    return out


def _inline(latex: str) -> str:
    return f'<span class="arithmatex">&#92;({_entities(formula(latex))}&#92;)</span>'


def _entities(text: str) -> str:
    return "".join(f"&#{ord(c)};" if c in _MARKS else c for c in text)


def attribute(text: str) -> str:
    """Return a text as the value of an attribute between double quotes; lines and tabs stay, nothing else that steers does."""
    kept = (c if c in "\n\t" else STEERING.sub("\ufffd", c) for c in text)
    return "".join(c if c.isalnum() or c in _PLAIN else f"&#{ord(c)};" for c in kept)


def escaped(words: str) -> str:
    """Return words that a page prints as they are, wherever in it they stand.

    An element stands around the signs that open formulas, so that what searches the finished page finds them in pieces; entities
    stand for what a template, or Markdown around the fragment, would read.
    """
    marked = (f"&#{ord(c)};" if c in _MARKS else c for c in words)
    return "".join(f"<span>{c}</span>" if c in _OPENING else c for c in marked)
