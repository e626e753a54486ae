"""From the text of a file to everything there is to say about it: the one way through all the rooms below.

`check` is a pure function of text, path, settings and version. It never raises on input; a broken invariant of mdderive
becomes a finding DRV901 that says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from time import perf_counter

from mdderive.cache.memory import Memory
from mdderive.check.answers import Given
from mdderive.check.asked import asked
from mdderive.check.outcome import follows, row
from mdderive.check.remembered import BlocksOfNote, Inherited
from mdderive.document import markdown, tex
from mdderive.document.blocks import Block, Section, inherited
from mdderive.document.extent import exceeded
from mdderive.latex.typesetting import unprintable
from mdderive.model.context import Context, Symbol
from mdderive.model.diagnostics import Finding, Language
from mdderive.model.functions import FUNCTIONS
from mdderive.model.properties import PROPERTIES
from mdderive.model.reasons import Reason
from mdderive.model.results import BlockResult, Document, Equation, Judged, LetterSaid, Settings
from mdderive.model.shapes import ONE, SCALAR, Shape
from mdderive.model.source import Source, Span
from mdderive.reading.statements import GIVEN, without_comments
from mdderive.reading.tasks import Meaning

_CLAIMS_NOTHING: Mapping[str, str] = {"define": "defines", "suppose": "supposed", "ask": "question", "solve": "to-solve"}
_ELEMENTWISE: Mapping[Language, str] = {"en": "elementwise", "zh": "逐元素"}
_RELATIONS = {">=": r"\ge"}
_REMARKS: Mapping[str, Mapping[Language, str]] = {
    "inferred": {"en": "Not declared, inferred from use: {what}.", "zh": "未声明，由用法推断：{what}。"},
    "functions": {"en": "Read as elementwise functions: {what}.", "zh": "读作逐元素函数：{what}。"},
    "redefined": {"en": "Defined anew: {what}.", "zh": "重新定义：{what}。"},
    "whole": {
        "en": "Taken for an integer, as the exponent of a matrix: {what}.",
        "zh": "作为矩阵的指数，视为整数：{what}。",
    },
    "entrywise": {
        "en": 'Of a square matrix entry by entry: {what} (functions="matrix" makes them functions of the matrix).',
        "zh": '对方阵逐元素作用：{what}（functions="matrix" 则为矩阵函数）。',
    },
    "expected": {"en": "Meant to be wrong ({code}): {what}.", "zh": "此处有意写错（{code}）：{what}。"},
}


def check(text: str, path: str = "-", *, settings: Settings | None = None, line_offset: int = 0) -> Document:
    """Return the document of a Markdown text (LaTeX where `path` ends in `.tex`)."""
    return document_of(Source(text, path, line_offset), settings or Settings())


def document_of(source: Source, settings: Settings, memory: Memory | None = None) -> Document:
    """Return the document of what was read of a file; blocks that are known again are not judged again."""
    start = perf_counter()
    if bound := exceeded(source.text):
        return Document(source, findings=(Finding("DRV150", Span(0, 0), {"bound": bound}),))
    found = (tex if source.latex else markdown).find_blocks(source)
    results: list[BlockResult] = []
    equations: list[Equation] = []
    kept: dict[Section, Inherited] = {}
    last: dict[Section, int] = {}
    blocks = BlocksOfNote(memory, settings, _checked)
    for block in found.blocks:
        above = Inherited() if block.options.new else inherited(block.section, kept, Inherited())
        number = -1 if block.options.new else inherited(block.section, last, -1)
        result, rows, kept[block.section] = blocks.outcome(block, above)
        last[block.section] = len(results)
        results.append(replace(result, above=number))
        equations += (replace(e, reason=follows(source.place(e.root.start).line)) if e.root else e for e in rows)
    findings = [*found.findings, *(f for r in results for f in r.findings)]
    formulas = _formulas(source, settings) if settings.equations else Judged()
    equations += formulas.equations
    findings += formulas.findings
    ordered = tuple(sorted(findings, key=lambda f: f.span))
    in_order = tuple(sorted(equations, key=lambda e: e.span))
    return Document(source, tuple(results), in_order, ordered, 1000 * (perf_counter() - start), formulas.suggestions)


def _formulas(source: Source, settings: Settings) -> Judged:
    """Return the judged formulas outside the blocks, and what there is to say about them."""
    try:
        from mdderive.check.judge import judged  # lazily: a quarter of all there is to import, for whole notes alone

        return judged(source, settings)
    except Exception as bug:  # a fault of mdderive must not take the blocks of the file with it
        return Judged(findings=(Finding("DRV901", Span(0, 0), {"what": f"{type(bug).__name__}: {bug}"}),))


def _checked(block: Block, context: Context, settings: Settings) -> tuple[BlockResult, tuple[Equation, ...], Context]:
    """Return what a block comes to, its judged relations, and the context it leaves to its section."""
    o = block.options
    lang: Language = "zh" if (o.lang or settings.lang) == "zh" else "en"
    layout = o.layout or settings.layout
    context = replace(context, layout=layout, functions=o.functions or settings.functions)
    empty = BlockResult(block.span, block.prefix, o.title, lang, o.steps or settings.steps, layout, (), (), (), block.findings)
    empty = replace(empty, result=o.result or settings.result)
    if o.skip:
        return replace(empty, skipped=o.skip), (), context
    found = asked(block.excerpt.text, context, replace(settings, steps=empty.steps))
    if isinstance(found, Finding):
        return replace(empty, findings=(*block.findings, replace(found, span=block.span))), (), context
    meaning, given = found
    result = replace(
        empty,
        premise=tuple(_premise(meaning, block, lang)),
        remarks=tuple(_remarks(meaning, lang)),
        answers=tuple(answer.moved(block.excerpt) for answer in given.answers),
        findings=(*block.findings, *(f.moved(block.excerpt) for f in (*meaning.findings, *given.findings))),
        letters=tuple(_letters(meaning, context, block, lang)),
    )
    if o.expect:
        result = _meant_wrong(result, o.expect)
    result = _fit_to_print(result, block)
    return result, tuple(_equations(meaning, given, block, whole=settings.equations)), meaning.context


def _fit_to_print(result: BlockResult, block: Block) -> BlockResult:
    """Return a block with a finding more, which keeps it from being printed, where its formulas hold what is not printed."""
    formulas = (*result.premise, *(latex for answer in result.answers for latex in answer.formulas()))
    found = unprintable(formulas)
    if not found:
        return result
    at = block.excerpt.text.find(found)
    span = block.excerpt.span(Span(at, at + len(found))) if at >= 0 else block.span
    return replace(result, findings=(*result.findings, Finding("DRV250", span, {"text": _visible(found)})))


def _visible(text: str) -> str:
    return text if text.isprintable() else ascii(text)[1:-1]


def _meant_wrong(result: BlockResult, code: str) -> BlockResult:
    """Return a block that is meant to be wrong without the findings of its code, or with one more where it is not wrong."""
    expected = [f for f in result.findings if f.code == code]
    if not expected:
        missing = Finding("DRV130", result.span, {"code": code})
        return replace(result, findings=(*result.findings, missing))
    said = expected[0].message(result.lang).replace("$", r"\$")  # a dollar of the note is no formula of the remark
    remark = _REMARKS["expected"][result.lang].format(code=code, what=said)
    others = tuple(f for f in result.findings if f.code != code)
    return replace(result, findings=others, remarks=(*result.remarks, remark))


def _equations(meaning: Meaning, given: Given, block: Block, *, whole: bool) -> Iterator[Equation]:
    """Yield the rows of a block; where whole notes are judged, also those of the relations that claim nothing."""

    def moved(e: Equation) -> Equation:
        return replace(e, span=block.excerpt.span(e.span), root=e.root and block.excerpt.span(e.root))

    rows = [moved(e) for e in given.equations]
    rows += [row(block.excerpt.span(u.span), u.latex, "assert", "unread", u.reason) for u in meaning.unread]
    for said in meaning.stated if whole else ():
        reason = Reason(_CLAIMS_NOTHING[said.act], {"name": said.name})
        rows.append(row(block.excerpt.span(said.span), said.latex, said.act, "nothing", reason))
    yield from sorted(rows, key=lambda e: e.span)


# ---------------------------------------------------------------- what is printed above a derivation


def _premise(meaning: Meaning, block: Block, lang: Language) -> Iterator[str]:
    """Yield what is given as LaTeX: the declared letters together, then the definitions as their author wrote them."""
    letters = [declared(s, lang) for s in meaning.declared]
    if letters:
        yield r",\; ".join(letters)
    for c in meaning.context.constraints:
        yield f"{c.left} {_RELATIONS.get(c.relation, c.relation)} {c.right}"
    for span in meaning.definitions:
        premise = " ".join(without_comments(block.excerpt.text[span.start : span.end]).split())
        given = GIVEN.match(premise)
        yield premise[given.end() :] if given else premise


def _letters(meaning: Meaning, before: Context, block: Block, lang: Language) -> Iterator[LetterSaid]:
    """Yield the letters of which a block says what they are."""
    defined = {said.name for said in meaning.stated}
    for said in meaning.stated:
        if said.name:
            symbol = meaning.context.symbols.get(said.name)
            space = rf" \in {_space(symbol.shape)}" if symbol else ""
            yield LetterSaid(said.name, f"{said.latex}{space}", block.excerpt.span(said.span))
    for symbol in (*meaning.declared, *meaning.inferred):
        if symbol.name not in defined:
            span = block.excerpt.span(symbol.span) if symbol.span else block.span
            yield LetterSaid(symbol.name, declared(symbol, lang), span)
    for name in meaning.context.elementwise:
        if name not in defined and name not in before.elementwise:
            yield LetterSaid(name, rf"{name}: \text{{{_ELEMENTWISE[lang]}}}", block.span)


def declared(symbol: Symbol, lang: Language) -> str:
    r"""Return a symbol as LaTeX: `X \in \mathbb{R}^{m \times n} \text{ symmetric}`."""
    words = sorted(symbol.properties)
    listed = ", ".join(words) if lang == "en" else "、".join(PROPERTIES[w].zh for w in words)
    name = f"{symbol.name}({symbol.along})" if symbol.along else symbol.name
    family = symbol.family
    runs = zip(family.indices, family.counts, strict=True) if family is not None and None not in family.counts else ()
    places = ",\\ ".join(rf"{index} = 1, \dots, {count}" for index, count in runs)
    places = rf"\ ({places})" if places else ""
    return rf"{name} \in {_space(symbol.shape)}" + (rf" \text{{ {listed}}}" if words else "") + places


def _space(shape: Shape) -> str:
    if shape == SCALAR:
        return r"\mathbb{R}"
    sides = [str(shape.rows)] if shape.cols == ONE else [str(shape.rows), str(shape.cols)]
    times = r" \times ".join(sides)
    return rf"\mathbb{{R}}^{{{times}}}"


def _remarks(meaning: Meaning, lang: Language) -> Iterator[str]:
    if meaning.inferred:
        what = ", ".join(f"${declared(s, lang)}$" for s in meaning.inferred)
        yield _REMARKS["inferred"][lang].format(what=what)
    if meaning.functions:
        yield _REMARKS["functions"][lang].format(what=", ".join(f"${n}$" for n in meaning.functions))
    if meaning.whole:
        yield _REMARKS["whole"][lang].format(what=", ".join(f"${n}$" for n in meaning.whole))
    if meaning.entrywise:
        yield _REMARKS["entrywise"][lang].format(what=", ".join(f"${FUNCTIONS[n].latex}$" for n in meaning.entrywise))
    if meaning.redefined:
        yield _REMARKS["redefined"][lang].format(what=", ".join(f"${n}$" for n in meaning.redefined))
