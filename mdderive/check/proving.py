"""From a rule to its proof, judged line by line: what is printed under a rule was read from its LaTeX and holds.

The letters of a proof are those of its rule, with the rule's shapes and premises; other letters are taken by the conventions of
notes. A line that does not read or does not hold is a fault of the table, never shown as true.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from mdderive.engine.carry import A_FUNCTION
from mdderive.engine.match import Law, declared, read_law
from mdderive.engine.normal import normal
from mdderive.latex.elaborate import read_equation
from mdderive.model.context import Context, ElementwiseFunction, Symbol
from mdderive.model.diagnostics import Finding, Language, MdderiveBug
from mdderive.model.expr import Expr, make
from mdderive.model.results import Step, Verdict
from mdderive.model.shapes import SCALAR
from mdderive.rules import book
from mdderive.rules.book import MOVES, Proof, Rule
from mdderive.verify.holds import holds_pairs

WHOLE = ("k", "n")


@dataclass(frozen=True, slots=True)
class Proved:
    """A rule with the lines of its proof (none for a rule that is given) and how they were verified."""

    rule: Rule
    lines: tuple[Step, ...]
    verdicts: tuple[Verdict, ...]


def ground(law: Law, proof: Proof | None = None) -> Context:
    """Return the context that declares the letters of a law with its premises, and those that its proof adds."""
    properties: dict[str, set[str]] = {}
    functions_of = {letter: word.removeprefix(A_FUNCTION) for letter, word in law.premises if word.startswith(A_FUNCTION)}
    for letter, prop in law.premises:
        if letter not in functions_of:
            properties.setdefault(letter, set()).add(prop)
    letters = {e.name: e for side in (law.lhs, law.rhs) for e in side.walk() if e.op == "sym"}
    symbols = {name: s for name, s in declared(law.rule.shapes).items() if s.family is not None}
    symbols |= {} if proof is None else declared(proof.shapes)
    if proof is not None:
        symbols |= {name: Symbol(name, SCALAR, frozenset({"integer", "constant"})) for name in proof.integers}
    for name, e in letters.items():
        words = properties.get(name, set()) | ({"integer", "constant"} if name in WHOLE and e.shape == SCALAR else set())
        symbols[name] = Symbol(name, e.shape, frozenset(words))
    functions = {e.name.rstrip("'") for side in (law.lhs, law.rhs) for e in side.walk() if e.op == "fn" and e.name[0] == "\\"}
    unknown = {e.name: e.args[0].name for side in (law.lhs, law.rhs) for e in side.walk() if e.op == "apply"}
    matrix = ("functions", "matrix") in law.premises
    return Context(
        symbols=symbols,
        definitions={name: make("mfn", letters[of], name=r"\phi") for name, of in functions_of.items()},
        elementwise={f: ElementwiseFunction(f) for f in functions},
        unknown=unknown,
        functions="matrix" if matrix else "elementwise",
        layout="block" if ("layout", "block") in law.premises else "denominator",
    )


@cache
def proved(rule: Rule) -> Proved:
    """Return a rule with its judged proof; raises `MdderiveBug` where it does not read, hold and end in the rule."""
    law = read_law(rule)
    statement = (law.lhs, law.rhs)
    found = book.PROOFS.get(rule.name)
    if not isinstance(found, Proof):
        return Proved(rule, (), _verdicts([statement], ground(law), rule))
    lines = tuple(_lines(found))
    context = ground(law, found)
    pairs = [read_line(line, context, rule) for line in lines]
    if tuple(map(normal, pairs[-1])) != statement:
        raise MdderiveBug(f"the proof of {rule.name} ends in {lines[-1].left} = {lines[-1].right}")
    return Proved(rule, lines, _verdicts(pairs, context, rule))


def read_line(line: Step, context: Context, rule: Rule) -> tuple[Expr, Expr]:
    """Return both sides of a line of the proof of a rule as they read."""
    sides = read_equation(f"{line.left} = {line.right}", context)
    if isinstance(sides, Finding):
        raise MdderiveBug(f"{line.left} = {line.right} in the proof of {rule.name} does not read: {sides.code} {sides.message()}")
    return sides


def _lines(proof: Proof) -> Iterator[Step]:
    left = ""
    for step in proof.steps:
        left = step.left or left
        names = tuple(step.by.split(", "))
        yield Step(left, step.right, caption(names), tuple(n for n in names if n not in MOVES))


@cache
def captions() -> Mapping[str, Mapping[Language, str]]:
    """Return the words for every name that a line of a proof may give as its reason."""
    moves: dict[str, Mapping[Language, str]] = {name: {"en": en, "zh": zh} for name, (en, zh) in MOVES.items()}
    return moves | {rule.name: {"en": rule.en, "zh": rule.zh} for rule in book.BOOK}


def caption(names: Iterable[str]) -> Mapping[Language, str]:
    """Return the words for the reasons of a line, each once."""
    parts = [captions()[name] for name in names]
    return {"en": "; ".join(dict.fromkeys(p["en"] for p in parts)), "zh": "；".join(dict.fromkeys(p["zh"] for p in parts))}


def _verdicts(pairs: list[tuple[Expr, Expr]], context: Context, rule: Rule) -> tuple[Verdict, ...]:
    verdicts = holds_pairs(pairs, context, text=rule.name)
    for i, verdict in enumerate(verdicts, 1):
        if verdict.outcome != "holds":
            raise MdderiveBug(f"line {i} of the proof of {rule.name} is {verdict.outcome}: {verdict.why or verdict.method}")
    return verdicts


def uses(name: str) -> tuple[str, ...]:
    """Return the names of the rules, lemmas and definitions that the proof of a rule uses."""
    found = book.PROOFS.get(name)
    if not isinstance(found, Proof):
        return ()
    return tuple(dict.fromkeys(n for step in found.steps for n in step.by.split(", ") if n not in MOVES))
