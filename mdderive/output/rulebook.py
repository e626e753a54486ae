"""The reference: rules as stories, each with its proof or the definition it is, and operators with their spellings."""

from collections.abc import Iterable, Iterator

from mdderive.check.pipeline import declared
from mdderive.check.proving import Proved, ground, proved, uses
from mdderive.document.blocks import FLAG, TEXTS, written
from mdderive.engine.match import read_law
from mdderive.model.diagnostics import Language
from mdderive.model.functions import FUNCTIONS, Function
from mdderive.model.operators import OPERATORS
from mdderive.model.properties import DECLARED, PROPERTIES, SAID
from mdderive.model.results import CHOICES, Described
from mdderive.output.markdown import tight
from mdderive.output.story import Displayed, Math, Piece, Prose, Row, Steps, Title, Words, verified, worded
from mdderive.output.words import word
from mdderive.rules import book
from mdderive.rules.book import Given, Rule


def rule_story(rule: Rule, lang: Language) -> tuple[Piece, ...]:
    """Return what a rule states, its premises, its source, its judged proof, and what uses it."""
    found = proved(rule)
    pieces: list[Piece] = [Title(f"{rule.name}: {rule.zh if lang == 'zh' else rule.en}")]
    pieces += [Displayed(tight(f"{rule.lhs} = {rule.rhs}"), result=True), Prose(premises(rule, lang))]
    if found.lines:
        pieces.append(Prose((word("proof", lang) + word("colon", lang).rstrip(),)))
    pieces += proof_story(found, lang)
    if uses(rule.name):
        pieces.append(Prose((word("uses", lang, names=listed(uses(rule.name), lang)),)))
    used = users(rule.name)
    if used:
        pieces.append(Prose((word("used", lang, names=listed(used, lang)),)))
    return tuple(pieces)


def users(name: str) -> tuple[str, ...]:
    """Return the names of the rules whose proofs use a rule."""
    return tuple(other.name for other in book.BOOK if name in uses(other.name))


def proof_story(found: Proved, lang: Language) -> Iterator[Piece]:
    """Yield the proof of a rule, or why it needs none, and how that was verified."""
    basis = book.PROOFS.get(found.rule.name)
    if found.lines:
        above = ""
        rows = []
        for line in found.lines:
            rows.append(Row("" if line.left == above else line.left, line.right, worded(line.caption[lang])))
            above = line.left
        yield Steps(tuple(rows))
    elif isinstance(basis, Given):
        yield Prose(worded(word("axiom", lang, what=basis.zh if lang == "zh" else basis.en)))
    else:
        yield Prose((word("definition", lang),))
    yield verified(found.verdicts, lang)


def premises(rule: Rule, lang: Language) -> Words:
    """Return the letters of a rule with their shapes and properties, and its source."""
    law = read_law(rule)
    context = ground(law)
    comma = word("comma", lang)
    words: list[str | Math] = [word("given", lang)]
    for i, symbol in enumerate(sorted(context.symbols.values(), key=lambda s: s.name)):
        words += [comma, Math(declared(symbol, lang))] if i else [Math(declared(symbol, lang))]
    words.append(word("stop", lang))
    if rule.ref and lang == "en":
        words.append(word("source", lang, what=rule.ref[0].upper() + rule.ref[1:]))
    if context.functions == "matrix":
        words.append(word("matrix functions", lang))
    return tuple(words)


def listed(names: Iterable[str], lang: Language) -> str:
    """Return names as a list in a sentence."""
    return ("、" if lang == "zh" else ", ").join(names)


def operators(lang: Language) -> tuple[Described, ...]:
    """Return every operator that can be written in a note."""
    laws: dict[str, list[str]] = {}
    for rule in book.RULES:
        inner = read_law(rule).lhs
        if inner.op == "d" and inner.args[0].op != "sym":
            laws.setdefault(inner.args[0].op, []).append(rule.name)
    return tuple(
        Described(row.op, row.zh if lang == "zh" else row.en, row.spellings, tuple(laws.get(row.op, ())))
        for row in OPERATORS.values()
    )


def functions(lang: Language) -> tuple[Described, ...]:
    """Return every elementwise function, with its derivative where one is told."""
    return tuple(_described(row, lang) for row in FUNCTIONS.values())


def properties(lang: Language) -> tuple[Described, ...]:
    """Return every property that may be declared of a letter."""
    rows = (PROPERTIES[name] for name in sorted(DECLARED & SAID))
    return tuple(Described(row.name, row.zh if lang == "zh" else row.name, (row.name, row.zh), (), "property") for row in rows)


def options(lang: Language) -> tuple[Described, ...]:
    """Return every option of a block, with its values."""
    del lang
    return tuple(Described(key, key, written(key), (), "option") for key in (*CHOICES, *TEXTS, FLAG))


def _described(row: Function, lang: Language) -> Described:
    slope = next((rule for rule in book.SLOPES if rule.name == f"d-{row.name}"), None)
    if slope is None:
        return Described(row.name, word("no slope", lang, name=row.name), _calls(row), (), "function")
    title = f"{slope.zh if lang == 'zh' else slope.en}: ${row.derivative}$"
    return Described(row.name, title, _calls(row), (slope.name,), "function")


def _calls(row: Function) -> tuple[str, ...]:
    """Return the ways to write a function of X; a root and an absolute value have signs of their own."""
    own = {"sqrt": (r"\sqrt{X}",), "abs": ("|k|",), "relu": (r"\max(0, X)",)}.get(row.name, ())
    plain = (row.name,) if row.name.isalpha() else ()  # a digit is no part of a name in a formula
    names = dict.fromkeys((row.latex, *plain, *row.spellings))
    return (*(f"{name}(X)" for name in names if name != r"\sqrt"), *own)
