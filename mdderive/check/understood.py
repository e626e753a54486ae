"""What was understood at a line of a note: every relation there, with the facts it was read by and the ways it was read in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from mdderive.check.attempts import ChainStep
from mdderive.check.judge import judged
from mdderive.check.pipeline import document_of
from mdderive.model.reasons import Reason, Worded
from mdderive.model.results import BlockResult, Document, Equation, Settings
from mdderive.model.source import Source, Span
from mdderive.model.understanding import FactUsed, TriedReading, Understanding
from mdderive.reading.chains import Chain
from mdderive.reading.conventions import in_force
from mdderive.reading.known import Grounds
from mdderive.reading.membership import clue_words
from mdderive.reading.readings import Read
from mdderive.reading.shown_by_form import Uses, letters
from mdderive.reading.surroundings import Surroundings
from mdderive.reading.writings import written

MOST = 12  # readings that are told
_KINDS = ("scalar", "column", "matrix")


def understood(source: Source, settings: Settings, line: int) -> tuple[Understanding, ...]:
    """Return what was understood at a line, in order; nothing where no relation stands there."""
    settings = replace(settings, equations=True)
    found = [told for result in _blocks(source, settings) for told in result if _stands(source, told.equation.span, line)]

    def see(chain: Chain, around: Surroundings, steps: Mapping[int, ChainStep], rows: Sequence[Equation]) -> None:
        place = Span(chain.sides[0].span.start, chain.sides[-1].span.end)
        if not rows or not _stands(source, place, line):
            return
        facts = tuple(dict.fromkeys(_facts(chain, around, source)))
        defined = [fact.name for fact in facts if fact.kind == "definition"]
        for row in rows:
            k = next((k for k in steps if chain.sides[k].span == row.span), 0)
            left = chain.sides[k - 1].span.start if k else row.span.start
            if _stands(source, Span(left, row.span.end), line):
                tried = tuple(dict.fromkeys(_tried(steps[k], defined))) if k else ()
                found.append(Understanding(row, facts, tried[:MOST], not k or steps[k].exhausted))

    judged(source, settings, see)
    return tuple(sorted(found, key=lambda told: told.equation.span))


def _stands(source: Source, span: Span, line: int) -> bool:
    return source.place(span.start).line <= line <= source.place(max(span.start, span.end - 1)).line


def _blocks(source: Source, settings: Settings) -> Iterator[list[Understanding]]:
    """Yield the relations of each derive block, with what is given there."""
    document: Document = document_of(source, settings)
    for block in document.blocks:
        rows = (e for e in document.equations if block.span.start <= e.span.start < block.span.end)
        facts = tuple(_given(block, source))
        yield [Understanding(row, facts, tuple(_as_declared(row, block.layout))) for row in rows]


def _as_declared(row: Equation, layout: str) -> Iterator[TriedReading]:
    """Yield the one way in which a relation of a block is read, where it was judged."""
    if row.outcome in ("holds", "wrong"):
        yield TriedReading((), layout, (), "holds" if row.outcome == "holds" else "fails")


def _given(block: BlockResult, source: Source) -> Iterator[FactUsed]:
    line = source.place(block.span.start).line
    yield from (FactUsed("given", "", latex, line) for latex in block.premise)
    yield from (FactUsed("given", "", said) for said in block.remarks)
    yield FactUsed("layout", "", block.layout)


# ---------------------------------------------------------------- what is known


def _facts(chain: Chain, around: Surroundings, source: Source) -> Iterator[FactUsed]:
    """Yield what is known of the letters of a chain, each with its place."""
    section, at = chain.section, chain.sides[-1].span.start
    present = [side for side in written(chain, around) if side is not None]
    names = [name for side in present for name in letters(side)]
    known = around.known(names, Uses.of(present), Grounds(section, at))
    every = sorted({*names, *known.depends}.union(*(letters(v) for v in known.definitions.values()), *known.depends.values()))

    def line(place: int) -> int:
        return source.place(place).line

    for name in every:
        for placed in around.said(name, section, at):
            yield from (FactUsed("property", name, p, line(placed.clue.span.start)) for p in sorted(placed.clue.properties))
        shaped = [p for p in around.said(name, section, at) if p.clue.shape is not None or p.clue.kind]
        if shaped and name not in known.definitions:
            clue = shaped[-1].clue
            yield FactUsed("kind" if clue.shape is None else "shape", name, clue_words(clue), line(clue.span.start))
        defined = around.defined(name, section, at)
        if name in known.definitions and defined:
            yield FactUsed("definition", name, _latex(around, defined[-1].at), line(defined[-1].at))
        said = around.dependences.of(name, section, at)
        if said is not None and name in known.given:
            yield FactUsed("depends", name, ", ".join(said.arguments), line(said.at))
        elif name in known.depends:
            yield FactUsed("inferred", name, ", ".join(known.depends[name]))
    for fact in around.facts(section, at):
        if {*fact.names} & {*every}:
            yield FactUsed("property", ", ".join(fact.names), fact.says, line(fact.at))
    if Uses.of(present).variables:
        statement = in_force(around.note.layouts, section, at)
        yield FactUsed("layout", "", known.layout, line(statement.at) if statement is not None else 0)


def _latex(around: Surroundings, at: int) -> str:
    """Return the value that a definition gives, as it is written."""
    sides = (chain.sides for chain in around.note.chains if chain.sides[0].span.start == at and chain.relations)
    return next((found[1].latex for found in sides), "")


# ---------------------------------------------------------------- how it was read


def _tried(step: ChainStep, defined: Sequence[str]) -> Iterator[TriedReading]:
    """Yield the readings of a step: the one in which it holds, those in which it fails, those that do not fit."""

    def tried(found: Read, outcome: Literal["holds", "far", "fails", "misfit"], why: Worded | None = None) -> TriedReading:
        kinds = tuple((name, kind) for name, kind in sorted(found.reading.kinds.items()) if kind in _KINDS)
        without = tuple(name for name in defined if name not in found.known.definitions)
        notation = tuple(map(Reason, found.reading.changes))
        return TriedReading(kinds, found.reading.layout, without, outcome, why, notation)

    if step.held is not None:
        yield tried(step.held, "far" if step.outcome == "far" else "holds", step.reason)
    if step.turned is not None:
        yield tried(step.turned, "far")
    for found, verdict in step.refuted:
        yield tried(found, "fails", verdict.reason)
    for found in step.misshapen:
        yield tried(found, "misfit", next((misfit for i, misfit in sorted(found.misfits.items()) if i in found.apart), None))
    if step.held is None and not step.refuted and not step.misshapen and step.misfits:
        yield TriedReading((), step.misfits[0][1].layout, (), "misfit", step.misfits[0][0])
